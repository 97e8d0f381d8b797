//! P11: the binary by itself: how soon it answers, what it needs when nobody comes, how big it is.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Result;
use crate::measure::Row;

/// Built with this benchmark, from the same code.
const SERVER: &str = env!("CARGO_BIN_EXE_wellbeing-courses");

/// Cold start (its median) and idle memory over the demo on SQLite; the size of the release, where there is one.
pub fn rows(starts: usize) -> Result<Vec<Row>> {
    let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let at = free_address()?;
    if !command("demo", at, dir.path()).status()?.success() {
        return Err("`demo` failed".into());
    }
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..starts {
        let begun = Instant::now();
        let server = Running(command("serve", at, dir.path()).spawn()?);
        first_answer(at, begun)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        // The sweeps and the outbox have had their first look.
        thread::sleep(Duration::from_secs(2));
        memory.push(resident(server.0.id())?);
    }
    let middle = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let mut rows = vec![
        Row::at_most(
            "P11",
            "cold start to the first catalogue page",
            (middle(&mut times), 300.0, "ms"),
            starts,
        ),
        Row::at_most(
            "P11",
            "memory, idle after it",
            (middle(&mut memory), 60.0, "MiB"),
            starts,
        ),
    ];
    let release = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/wellbeing-courses");
    if let Ok(file) = fs::metadata(release) {
        #[expect(clippy::cast_precision_loss, reason = "a file's size")]
        let megabytes = file.len() as f64 / 1e6;
        rows.push(Row::at_most(
            "P11",
            "the release (as `make build` left it)",
            (megabytes, 40.0, "MB"),
            1,
        ));
    }
    Ok(rows)
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn command(what: &str, at: SocketAddr, dir: &Path) -> Command {
    let mut command = Command::new(SERVER);
    command
        .arg(what)
        .env_clear()
        .env("WELLBEING_DATA_DIR", dir.join("data"))
        .env("WELLBEING_LISTEN", at.to_string())
        .env("WELLBEING_SITE_URL", format!("http://{at}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Asks until it answers 200.
fn first_answer(at: SocketAddr, begun: Instant) -> Result<()> {
    while begun.elapsed() < Duration::from_secs(20) {
        let Ok(mut stream) = TcpStream::connect(at) else {
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        stream.write_all(
            format!("GET /courses HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").as_bytes(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        if answer.starts_with(b"HTTP/1.1 200 ") {
            return Ok(());
        }
    }
    Err("the server does not answer".into())
}

/// Resident memory in MiB.
fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: f64 = line
        .ok_or("no VmRSS")?
        .trim()
        .trim_end_matches(" kB")
        .parse()?;
    Ok(kibibytes / 1024.0)
}

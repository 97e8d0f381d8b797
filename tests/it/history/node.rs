//! One process of the real server.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;

use reqwest::StatusCode;

/// A server process, or none yet. Whoever is done with it has it killed.
#[derive(Debug)]
pub struct Node {
    pub origin: String,
    settings: Vec<(String, String)>,
    /// What it says goes here.
    log: PathBuf,
    /// What it is started with ("strace …"); usually nothing.
    around: Vec<String>,
    process: Mutex<Option<Child>>,
}

impl Node {
    /// A node with these settings, on a port of its own. It is not started.
    pub fn new(dir: &Path, mut settings: Vec<(String, String)>, around: Vec<String>) -> Self {
        // A port that was free a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        let origin = format!("http://{address}");
        settings.push(("WELLBEING_LISTEN".into(), address.to_string()));
        settings.push(("WELLBEING_SITE_URL".into(), origin.clone()));
        settings.push(("RUST_LOG".into(), "warn".into()));
        Self {
            origin,
            settings,
            log: dir.join(format!("node-{}.log", address.port())),
            around,
            process: Mutex::new(None),
        }
    }

    /// The site that the test itself serves at `origin`.
    pub fn inside(origin: String) -> Self {
        Self {
            origin,
            settings: Vec::new(),
            log: PathBuf::new(),
            around: Vec::new(),
            process: Mutex::new(None),
        }
    }

    pub fn start(&self) {
        let log = || -> File {
            let mut how = OpenOptions::new();
            how.create(true).append(true).open(&self.log).unwrap()
        };
        let program = env!("CARGO_BIN_EXE_wellbeing-courses").to_owned();
        let words: Vec<&String> = self.around.iter().chain([&program]).collect();
        let child = Command::new(words[0])
            .args(&words[1..])
            .arg("serve")
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log())
            .stderr(log())
            .spawn()
            .unwrap();
        *self.process.lock().unwrap() = Some(child);
    }

    /// SIGKILL, which nothing can catch.
    pub fn kill(&self) {
        if let Some(mut child) = self.process.lock().unwrap().take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// SIGTERM, which lets it finish.
    pub fn terminate(&self) {
        let process = self.process.lock().unwrap();
        let id = process.as_ref().unwrap().id();
        // std sends SIGKILL alone.
        let kill = format!("kill -TERM {id}");
        let told = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(told.success(), "{kill}");
    }

    /// Waits for its end.
    pub fn ended(&self) -> ExitStatus {
        let mut process = self.process.lock().unwrap();
        process.as_mut().unwrap().wait().unwrap()
    }

    /// Waits until it answers and its database does.
    pub async fn ready(&self, http: &reqwest::Client) {
        let url = format!("{}/readyz", self.origin);
        loop {
            let answer = http.get(&url).send().await;
            if answer.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return;
            }
            assert!(self.runs(), "it does not start: see {}", self.says());
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Whether it has not ended.
    pub fn runs(&self) -> bool {
        let mut process = self.process.lock().unwrap();
        process
            .as_mut()
            .is_none_or(|child| child.try_wait().unwrap().is_none())
    }

    /// Moves its clock.
    pub async fn forward(&self, http: &reqwest::Client, seconds: i64) {
        let form = [("forward", seconds.to_string())];
        let status = self.rehearse(http, "clock", &form).await;
        assert_eq!(status, StatusCode::OK, "the clock");
    }

    /// Asks for something that only a rehearsal can do.
    pub async fn rehearse(
        &self,
        http: &reqwest::Client,
        what: &str,
        form: &[(&str, String)],
    ) -> StatusCode {
        let request = http
            .post(format!("{}/rehearsal/{what}", self.origin))
            .header("sec-fetch-site", "same-origin")
            .header("origin", &self.origin)
            .form(form);
        request.send().await.unwrap().status()
    }

    /// The end of what it said.
    pub fn says(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

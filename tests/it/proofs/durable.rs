//! R2: before anybody is told that they have a place, it is on the disk. `strace` shows what the server asks of the
//! system: a sync of SQLite's log between a request and its answer. The control commits without a sync, and is seen.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::StatusCode;
use tempfile::TempDir;

use super::proved;
use crate::history::check::RunMade;
use crate::history::scene::{PEOPLE, Scene};

const LOG: &str = "wellbeing.db-wal";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R2"]
async fn every_acknowledged_booking_is_on_the_disk_first_on_sqlite() {
    let dir = TempDir::new().unwrap();
    let (data, trace) = (dir.path().join("data"), dir.path().join("trace"));
    // -D: what is started, and killed, is the server; strace ends with it.
    let words = "strace -D -f -y -s 120 \
                 -e trace=recvfrom,read,sendto,write,writev,pwrite64,fsync,fdatasync -o";
    let mut around: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    around.push(trace.display().to_string());
    let scene = Scene::sqlite_in(dir, &data, around).await;
    let far = TimeDelta::days(60);
    let runs = scene.runs(&[(PEOPLE, far), (PEOPLE, far)]).await;
    everybody_books(&scene, &runs[0]).await;
    let form = [("do", "careless".to_owned())];
    let status = scene.nodes[0].rehearse(&scene.http, "writer", &form).await;
    assert_eq!(status, StatusCode::OK);
    everybody_books(&scene, &runs[1]).await;
    scene.nodes[0].kill();

    let trace = whole(&trace);
    let safe = synced(&trace);
    assert_eq!(safe.len(), 2 * PEOPLE, "each was acknowledged");
    let count = |safe: &[bool]| safe.iter().filter(|safe| **safe).count();
    let (with, without) = (count(&safe[..PEOPLE]), count(&safe[PEOPLE..]));
    proved(
        "R2",
        "a sync of the log between a booking's request and its answer, SQLite",
        &format!("{PEOPLE} acknowledged"),
        &format!("{with} synced before"),
        "every one",
    );
    proved(
        "R2",
        "the same with synchronous=NORMAL, SQLite",
        &format!("{PEOPLE} acknowledged"),
        &format!("{without} synced before"),
        "not every one",
    );
    assert_eq!(with, PEOPLE, "acknowledged, and synced before");
    assert!(without < PEOPLE, "a commit without a sync must be seen");
}

/// What strace wrote, once it has seen the server's end.
fn whole(trace: &Path) -> String {
    loop {
        let words = std::fs::read_to_string(trace).unwrap();
        if words.trim_end().ends_with("+++ killed by SIGKILL +++") {
            return words;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// One after the other.
async fn everybody_books(scene: &Scene, run: &RunMade) {
    let origin = &scene.nodes[0].origin;
    for person in &scene.people {
        let answer = scene
            .http
            .post(format!("{origin}{}", Scene::path(run.id, "book")))
            .header("sec-fetch-site", "same-origin")
            .header("origin", origin)
            .header("cookie", format!("sid={}", person.token))
            .form(&[
                ("form-key", person.token.as_str()),
                ("remind", "email"),
                ("overlap", "yes"),
            ])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
}

/// For each booking that was acknowledged, one after the other: whether the log was written and then synced between the
/// request and its answer.
fn synced(trace: &str) -> Vec<bool> {
    // The server first takes 24 bytes, to see which HTTP it is.
    let asks = "\"POST /courses/history-";
    let (mut asked, mut written, mut synced) = (false, false, false);
    let mut begun: BTreeMap<&str, bool> = BTreeMap::new();
    let mut all = Vec::new();
    for line in trace.lines() {
        let (task, call) = line.split_once(' ').unwrap_or_default();
        let call = call.trim_start();
        let syncs = |how: &str| {
            call.starts_with(&format!("{how}fdatasync")) || call.starts_with(&format!("{how}fsync"))
        };
        if call.contains(asks) {
            (asked, written, synced) = (true, false, false);
        } else if call.starts_with("pwrite64(") && call.contains(LOG) {
            written = true;
        } else if syncs("") {
            let log = call.contains(LOG) && written;
            if call.contains("unfinished") {
                begun.insert(task, log);
            } else {
                synced |= log;
            }
        } else if syncs("<... ") {
            synced |= begun.remove(task).unwrap_or_default();
        } else if asked && call.contains("\"HTTP/1.1 303") {
            all.push(synced);
            asked = false;
        }
    }
    all
}

#[test]
fn a_sync_counts_only_between_the_log_and_the_answer() {
    let ask = "1 recvfrom(9, \"POST /courses/history-01\", 24";
    let write = "2 pwrite64(7</d/wellbeing.db-wal>, \"\", 1) = 1";
    let sync = "2 fdatasync(7</d/wellbeing.db-wal>) = 0";
    let other = "2 fdatasync(7</d/keys.db-wal>) = 0";
    let begins = "2 fdatasync(7</d/wellbeing.db-wal> <unfinished ...>";
    let ends = "2 <... fdatasync resumed>) = 0";
    let told = "1 writev(9, [{iov_base=\"HTTP/1.1 303 See Other";
    for (lines, safe) in [
        (vec![ask, write, sync, told], true),
        (vec![ask, write, begins, ends, told], true),
        (vec![ask, write, begins, told, ends], false),
        (vec![ask, write, told, sync], false),
        (vec![ask, write, other, told], false),
        (vec![ask, sync, write, told], false),
        (vec![write, sync, ask, told], false),
    ] {
        assert_eq!(synced(&lines.join("\n")), [safe], "{lines:?}");
    }
}

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
    let synced: Vec<(usize, usize)> = runs.iter().map(|run| synced(&trace, run)).collect();
    proved(
        "R2",
        "a sync of the log between a booking's request and its answer, SQLite",
        &format!("{PEOPLE} bookings"),
        &format!("{} of {} acknowledged", synced[0].1, synced[0].0),
        "every one",
    );
    proved(
        "R2",
        "the same with synchronous=NORMAL, SQLite",
        &format!("{PEOPLE} bookings"),
        &format!("{} of {} acknowledged", synced[1].1, synced[1].0),
        "not every one",
    );
    assert_eq!(
        synced[0],
        (PEOPLE, PEOPLE),
        "acknowledged, and synced before"
    );
    assert_eq!(synced[1].0, PEOPLE);
    assert!(
        synced[1].1 < PEOPLE,
        "a commit without a sync must be seen: {synced:?}"
    );
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

/// How many bookings of this run were acknowledged, and how many of those after the log was written and synced.
fn synced(trace: &str, run: &RunMade) -> (usize, usize) {
    let asks = format!("\"POST {}", Scene::path(run.id, "book"));
    let (mut asked, mut written, mut synced) = (false, false, false);
    let mut begun: BTreeMap<&str, bool> = BTreeMap::new();
    let (mut acknowledged, mut safe) = (0, 0);
    for line in trace.lines() {
        let (task, call) = line.split_once(' ').unwrap_or_default();
        let call = call.trim_start();
        if call.contains(&asks) {
            (asked, written, synced) = (true, false, false);
        } else if call.starts_with("pwrite64(") && call.contains(LOG) {
            written = true;
        } else if call.starts_with("fdatasync(") || call.starts_with("fsync(") {
            let log = call.contains(LOG) && written;
            if call.contains("unfinished") {
                begun.insert(task, log);
            } else {
                synced |= log;
            }
        } else if call.starts_with("<... fdatasync resumed")
            || call.starts_with("<... fsync resumed")
        {
            synced |= begun.remove(task).unwrap_or_default();
        } else if asked && call.contains("\"HTTP/1.1 303") {
            acknowledged += 1;
            safe += usize::from(synced);
            asked = false;
        }
    }
    (acknowledged, safe)
}

#[test]
fn a_sync_counts_only_between_the_log_and_the_answer() {
    let run = RunMade {
        id: uuid::Uuid::nil(),
        capacity: 1,
        last_call: false,
    };
    let ask = format!("1 recvfrom(9, \"POST {}", Scene::path(run.id, "book"));
    let write = "2 pwrite64(7</d/wellbeing.db-wal>, \"\", 1) = 1";
    let sync = "2 fdatasync(7</d/wellbeing.db-wal>) = 0";
    let other = "2 fdatasync(7</d/keys.db-wal>) = 0";
    let begins = "2 fdatasync(7</d/wellbeing.db-wal> <unfinished ...>";
    let ends = "2 <... fdatasync resumed>) = 0";
    let told = "1 writev(9, [{iov_base=\"HTTP/1.1 303 See Other";
    for (lines, safe) in [
        (vec![&ask, write, sync, told], 1),
        (vec![&ask, write, begins, ends, told], 1),
        (vec![&ask, write, begins, told, ends], 0),
        (vec![&ask, write, told, sync], 0),
        (vec![&ask, write, other, told], 0),
        (vec![&ask, sync, write, told], 0),
        (vec![write, sync, &ask, told], 0),
    ] {
        assert_eq!(synced(&lines.join("\n"), &run), (1, safe), "{lines:?}");
    }
}

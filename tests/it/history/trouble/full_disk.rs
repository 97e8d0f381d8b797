//! Nothing more can be written, until somebody was told to try again and room is made.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::history::record::Recorder;
use crate::history::scene::{Database, Scene};

/// A small disk in memory. Only root can make one.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// A disk of 96 MB; none without the right to it.
    pub fn new() -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=96m", "wellbeing-history"])
            .arg(dir.path())
            .output();
        let mounted = mounted.is_ok_and(|mounted| mounted.status.success());
        mounted.then(|| Self(dir))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(
            Command::new("umount")
                .arg("--lazy")
                .arg(self.0.path())
                .status(),
        );
    }
}

/// SQLite's file may not grow until its writer fails and is opened anew.
pub async fn no_more_pages(scene: &Scene, recorder: &Recorder) {
    let told = recorder.somebody_is_told_to_wait();
    // 503 where somebody else has the writer for too long: then nobody notices.
    let form = [("do", "full".to_owned())];
    scene.nodes[0].rehearse(&scene.http, "writer", &form).await;
    told.await;
}

/// The whole disk is full.
pub async fn strike(scene: &Scene, recorder: &Recorder) {
    let Database::Sqlite(database) = &scene.database else {
        panic!("only SQLite's disk is ours")
    };
    let told = recorder.somebody_is_told_to_wait();
    let ballast = database.with_file_name("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    for size in [1 << 20, 1 << 12, 1 << 9] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    drop(file);
    told.await;
    std::fs::remove_file(&ballast).unwrap();
}

//! What goes wrong while people book.

mod clocks;
mod full_disk;
mod kill;
mod letters;
mod locked;
mod restart;

use super::record::Recorder;
use super::scene::Scene;

pub use full_disk::SmallDisk;

/// See each one's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A server is killed, and started again.
    Kill,
    /// Somebody else has the writer, or the runs, for themselves.
    Locked,
    /// The mail server is slow, away, refuses, or breaks off.
    Letters,
    /// The clocks of all servers jump, on or back.
    Clocks,
    /// PostgreSQL is stopped at once and starts anew.
    Restart,
    /// SQLite's file cannot grow.
    FullFile,
    /// Nothing more can be written on the disk.
    FullDisk,
}

impl Trouble {
    /// Lets it happen, and returns when it is over.
    pub async fn strike(self, scene: &Scene, recorder: &Recorder, dice: &mut fastrand::Rng) {
        scene.calm.send_replace(false);
        match self {
            Self::Kill => kill::strike(scene, dice).await,
            Self::Locked => locked::strike(scene, recorder).await,
            Self::Letters => letters::strike(scene, recorder, dice).await,
            Self::Clocks => clocks::strike(scene, dice).await,
            Self::Restart => restart::strike().await,
            Self::FullFile => full_disk::no_more_pages(scene, recorder).await,
            Self::FullDisk => full_disk::strike(scene, recorder).await,
        }
        scene.calm.send_replace(true);
    }
}

//! The views of the tutor desk.

pub mod message;
mod offline;
mod register;
mod runs;
mod walk_ins;

use super::model::{Run, Session};

pub use offline::{kept, offline};
pub use register::{Register, register};
pub use runs::{closed, runs};

/// The desk's first page.
pub const HERE: &str = "/tutor";
/// What the name of a mark's field begins with; the place's id follows.
pub const FIELD: &str = "mark-";
/// What the name of a field begins with that says how many seconds ago a mark was made.
pub const AGO: &str = "ago-";
/// The field with the session's id: its number can change while a page is open.
pub const SESSION: &str = "session";
/// The field with whose marks they are ([`super::offline::tag`]), which the script sends.
pub const ACCOUNT: &str = "account";
/// What takes a mark away.
pub const NOT_MARKED: &str = "none";

/// The address of a run's pages.
pub fn run_path(run: &Run) -> String {
    format!("{HERE}/runs/{}", run.id)
}

/// The address of a session's register.
pub fn session_path(run: &Run, session: &Session) -> String {
    format!("{}/sessions/{}", run_path(run), session.position)
}
/// "9 people coming".
fn coming(n: i64) -> String {
    match n {
        0 => "Nobody has booked yet".to_owned(),
        1 => "1 person coming".to_owned(),
        n => format!("{n} people coming"),
    }
}

/// "1 more person is coming. Ask the office.": whoever objected to their details being shared.
pub fn more(kept_back: i64) -> Option<String> {
    match kept_back {
        0 => None,
        1 => Some("1 more person is coming. Ask the office.".to_owned()),
        n => Some(format!("{n} more people are coming. Ask the office.")),
    }
}

/// "Room: one hearing loop, two step-free".
pub fn room(run: &Run, elsewhere: bool) -> Option<String> {
    let words = run.room_setup.as_ref().filter(|_| !elsewhere)?;
    Some(format!("Room: {words}"))
}

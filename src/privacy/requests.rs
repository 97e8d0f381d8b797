//! Requests about people's own data (a copy, a correction, a complaint): written down, answered in time, and by whom.

mod act;
mod end;
mod list;
mod model;
mod new;
mod one;
mod rules;
mod sealed;
mod store;
mod words;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::read;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;

pub use model::Kind;
pub use rules::{Step, Timing};
pub use sealed::seal_asked;
pub use store::{LET_GO, Own, owned};

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/requests";

/// What is due within so many days is said on Today.
const SOON: Days = Days::new(7);
/// What waits for an answer for more days than these is said on Today, too: somebody rings, or finishes it.
const LONG: Days = Days::new(30);
/// As many letters as what somebody asked, or why we decided, has at most.
const LONGEST: usize = 3000;

/// The pages.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/requests/list.csv", list::file)
        .get("/desk/requests/list.xlsx", list::file)
        .get("/desk/requests/new", new::show)
        .post("/desk/requests/new", new::send)
        .get("/desk/requests/{id}", one::show)
        .post("/desk/requests/{id}", act::send)
        .get("/desk/requests/{id}/longer", end::show_longer)
        .post("/desk/requests/{id}/longer", end::send_longer)
        .get("/desk/requests/{id}/finish", end::show_finish)
        .post("/desk/requests/{id}/finish", end::send_finish)
}

/// The page of a request.
fn path(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

/// Where a request of somebody on record is written down.
pub fn new_path(person: Uuid) -> String {
    format!("{HERE}/new?person={person}")
}

/// What is due within a week, and with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// How many, with those that are late.
    pub requests_due: i64,
    /// How many of them are late.
    pub requests_late: i64,
    /// How many besides have waited too long for an answer.
    pub requests_waiting: i64,
    /// Who looks after the first.
    pub first_with: Option<String>,
}

/// The columns of [`Due`], for a statement that binds today, [`soon`] and [`long_ago`] to these parameters (`$1`).
pub fn due_columns(today: &str, soon: &str, long_ago: &str) -> String {
    let open = "FROM rights_request WHERE finished_on IS NULL";
    let since = "COALESCE(waiting_since, identity_asked_on)";
    let waits = format!("(due_on IS NULL AND {since} < {long_ago})");
    let name = store::NAME_OF_OWNER;
    format!(
        "(SELECT COUNT(*) {open} AND due_on <= {soon}) AS requests_due, \
         (SELECT COUNT(*) {open} AND due_on < {today}) AS requests_late, \
         (SELECT COUNT(*) {open} AND {waits}) AS requests_waiting, \
         (SELECT {name} {open} AND (due_on <= {soon} OR {waits}) ORDER BY due_on IS NULL, due_on, {since}, id LIMIT 1) AS first_with"
    )
}

/// Until when Today looks, as the database has days.
pub fn soon(today: NaiveDate) -> String {
    (today + SOON).to_string()
}

/// Whoever was asked before this day has not answered for too long.
pub fn long_ago(today: NaiveDate) -> String {
    (today - LONG).to_string()
}

/// What is due now.
///
/// # Errors
/// When the database does not answer.
pub async fn due(app: &App) -> Result<Due> {
    let today = dates::day_of(app.clock.now());
    let sql = format!("SELECT {}", due_columns("$1", "$2", "$3"));
    read!(app.db, |c| {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(today.to_string())
            .bind(soon(today))
            .bind(long_ago(today))
            .fetch_one(&mut *c)
            .await?)
    })
}

impl Due {
    /// In a sentence; of nothing there is none.
    pub fn words(&self) -> Option<String> {
        let all = self.requests_due + self.requests_waiting;
        let with = match (&self.first_with, all) {
            (_, ..=0) => return None,
            (Some(name), 1) => format!("It is with {name}"),
            (None, 1) => "Nobody looks after it yet".to_owned(),
            (Some(name), _) => format!("The first is with {name}"),
            (None, _) => "Nobody looks after the first yet".to_owned(),
        };
        let parts = [self.due_words(), self.waiting_words(), Some(with)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(". "))
    }

    fn due_words(&self) -> Option<String> {
        let late = match (self.requests_late, self.requests_due) {
            (_, ..=0) => return None,
            (0, _) => String::new(),
            (1, 1) => ", and late".to_owned(),
            (n, all) if n == all => ", all of them late".to_owned(),
            (n, _) => format!(", {n} of them late"),
        };
        Some(match self.requests_due {
            1 => format!("1 request about somebody’s data is due within a week{late}"),
            n => format!("{n} requests about people’s data are due within a week{late}"),
        })
    }

    fn waiting_words(&self) -> Option<String> {
        let for_long = "for an answer for over a month";
        match (self.requests_waiting, self.requests_due) {
            (..=0, _) => None,
            (1, ..=0) => Some(format!("1 request about somebody’s data waits {for_long}")),
            (n, ..=0) => Some(format!("{n} requests about people’s data wait {for_long}")),
            (1, _) => Some(format!("1 more waits {for_long}")),
            (n, _) => Some(format!("{n} more wait {for_long}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case([0, 0, 0], None, None)]
    #[case(
        [1, 0, 0],
        Some("Dora"),
        Some("1 request about somebody’s data is due within a week. It is with Dora")
    )]
    #[case(
        [1, 1, 0],
        None,
        Some(
            "1 request about somebody’s data is due within a week, and late. Nobody looks after it yet"
        )
    )]
    #[case(
        [3, 1, 0],
        Some("Dora"),
        Some(
            "3 requests about people’s data are due within a week, 1 of them late. The first is with Dora"
        )
    )]
    #[case(
        [2, 2, 0],
        None,
        Some(
            "2 requests about people’s data are due within a week, all of them late. Nobody looks after the first yet"
        )
    )]
    #[case(
        [0, 0, 1],
        Some("Dora"),
        Some(
            "1 request about somebody’s data waits for an answer for over a month. It is with Dora"
        )
    )]
    #[case(
        [0, 0, 2],
        None,
        Some(
            "2 requests about people’s data wait for an answer for over a month. Nobody looks after the first yet"
        )
    )]
    #[case(
        [1, 0, 1],
        Some("Dora"),
        Some(
            "1 request about somebody’s data is due within a week. 1 more waits for an answer for over a month. The first is with Dora"
        )
    )]
    fn what_is_due_in_a_sentence(
        #[case] counts: [i64; 3],
        #[case] with: Option<&str>,
        #[case] words: Option<&str>,
    ) {
        let [requests_due, requests_late, requests_waiting] = counts;
        let due = Due {
            requests_due,
            requests_late,
            requests_waiting,
            first_with: with.map(str::to_owned),
        };
        assert_eq!(due.words().as_deref(), words);
    }
}

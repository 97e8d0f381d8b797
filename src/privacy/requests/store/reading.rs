//! What is read of requests. Whoever sees whose they are is written down in the same transaction.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::super::model::{Colleague, Request, Whole};
use super::super::sealed::{self, Part as Words};
use super::{NAME_OF_OWNER, Row, name_of_owner};
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::staff::rights::{Requests, Right as _};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many a page shows.
pub const A_PAGE: i64 = 25;
/// More than ever look after requests.
const COLLEAGUES: i64 = 100;

/// Which of them a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are to be answered.
    Open,
    /// Those that are.
    Finished,
    /// Both.
    All,
}

impl Which {
    const fn sql(self) -> &'static str {
        match self {
            Self::Open => "rights_request.finished_on IS NULL",
            Self::Finished => "rights_request.finished_on IS NOT NULL",
            Self::All => "TRUE",
        }
    }
}

const NAME: &str = "lower(COALESCE(person.full_name, rights_request.asker_name))";

/// The orders of the list.
pub const ORDERS: [Order; 5] = [
    Order::rising("due", "Due first", "rights_request.due_on"),
    Order::rising("name", "Name", NAME),
    Order::rising("kind", "What they ask for", "rights_request.kind"),
    Order::falling("received", "Came last", "rights_request.received_on"),
    Order::rising(
        "with",
        "With whom",
        concat!("lower(", name_of_owner!(), ")"),
    ),
];

fn columns() -> String {
    format!(
        "rights_request.id, rights_request.reference, rights_request.kind, rights_request.channel, rights_request.received_on, \
         rights_request.person_id, COALESCE(person.full_name, rights_request.asker_name) AS name, \
         rights_request.asker_contact AS contact, rights_request.identity, rights_request.identity_asked_on, \
         rights_request.identity_shown_on, rights_request.waiting_since, rights_request.days_waited, \
         rights_request.extended_on, rights_request.finished_on, rights_request.outcome, rights_request.due_on, \
         rights_request.owner_id, {NAME_OF_OWNER} AS owner"
    )
}

const FROM: &str = "FROM rights_request LEFT JOIN person ON person.id = rights_request.person_id";

/// A part of those with these words in their number or name, and how many there are.
pub async fn list(
    app: &App,
    by: &By,
    action: Action,
    (which, words): (Which, &str),
    (sort, part): (Sort, Part),
) -> Result<(Vec<Request>, i64)> {
    let pattern = like::anywhere(words);
    let wanted = format!(
        "{} AND ({NAME} LIKE lower($1) ESCAPE '!' OR rights_request.reference LIKE upper($1) ESCAPE '!')",
        which.sql()
    );
    let sql = format!(
        "SELECT {} {FROM} WHERE {wanted} ORDER BY {}, rights_request.id LIMIT $2 OFFSET $3",
        columns(),
        sort.sql()
    );
    let count = format!("SELECT COUNT(*) {FROM} WHERE {wanted}");
    write_tx!(app.db, |c| {
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(&pattern)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(count.as_str()))
            .bind(&pattern)
            .fetch_one(&mut *c)
            .await?;
        let all: Vec<Request> = rows.into_iter().map(Row::request).collect::<Result<_>>()?;
        insert_entries!(c, &looks(app, by, action, &all)?);
        Ok((all, count))
    })
}

/// One line for each person, and one for each request of somebody who is not on record.
fn looks(app: &App, by: &By, action: Action, all: &[Request]) -> Result<Vec<Entry>> {
    let people = all.iter().filter_map(|request| request.person_id);
    let mut entries = audit::looks(app, by, action, None, people)?;
    for request in all.iter().filter(|request| request.person_id.is_none()) {
        entries.push(Entry::by(app, by, action)?.about(request.id));
    }
    Ok(entries)
}

/// One of them, without what is sealed; for what is done with it.
pub async fn one(app: &App, id: Uuid) -> Result<Option<Request>> {
    let sql = format!("SELECT {} {FROM} WHERE rights_request.id = $1", columns());
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })?;
    row.map(Row::request).transpose()
}

type Sealed = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

/// All that a request says, opened; the look is written down first.
pub async fn whole(app: &App, by: &By, request: Request) -> Result<Whole> {
    let id = request.id;
    let entries = looks(app, by, Action::Looked, std::slice::from_ref(&request))?;
    let (asked, longer, outcome): Sealed = write_tx!(app.db, |c| {
        for entry in &entries {
            insert_entry!(c, entry);
        }
        Ok(sqlx::query_as(
            "SELECT asked, extended_why, outcome_why FROM rights_request WHERE id = $1",
        )
        .bind(id)
        .fetch_one(&mut *c)
        .await?)
    })?;
    Ok(Whole {
        request,
        asked: sealed::open(app, id, Words::Asked, &asked).await?,
        longer_why: sealed::open_some(app, id, Words::Longer, longer.as_deref()).await?,
        outcome_why: sealed::open_some(app, id, Words::Outcome, outcome.as_deref()).await?,
    })
}

/// Somebody on record, by the number of their record or of one that went into it; the look is written down.
pub async fn person(app: &App, by: &By, id: Uuid) -> Result<Option<(Uuid, String)>> {
    let entry = Entry::by(app, by, Action::Looked)?;
    write_tx!(app.db, |c| {
        let found: Option<(Uuid, String)> = sqlx::query_as(
            "SELECT person.id, person.full_name FROM person JOIN person asked ON asked.id = $1 \
             WHERE person.id = COALESCE(asked.merged_into, asked.id)",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?;
        if let Some((person, _)) = &found {
            insert_entry!(c, &entry.clone().of(*person));
        }
        Ok(found)
    })
}

/// Who may look after requests, by name.
pub async fn colleagues(app: &App) -> Result<Vec<Colleague>> {
    let now = app.clock.now();
    let roles: Vec<String> = Requests::ROLES
        .iter()
        .map(|role| format!("'{}'", role.name()))
        .collect();
    let sql = format!(
        "SELECT staff.account_id, COALESCE(person.preferred_name, person.full_name) AS name FROM staff \
         JOIN representation ON representation.account_id = staff.account_id AND representation.kind = 'self' \
              AND representation.ends_at IS NULL \
         JOIN person ON person.id = representation.person_id \
         WHERE staff.left_at IS NULL AND EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = staff.account_id \
               AND role_grant.role IN ({}) AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $1)) \
         ORDER BY lower(person.full_name), staff.account_id LIMIT $2",
        roles.join(", ")
    );
    read!(app.db, |c| {
        Ok(sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(COLLEAGUES)
            .fetch_all(&mut *c)
            .await?)
    })
}

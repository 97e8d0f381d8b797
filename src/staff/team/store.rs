//! SQL of staff accounts.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Changed, HandOver, Worker};
use crate::accounts::roles::{Role, Roles};
use crate::privacy::requests;
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::staff::guards::By;
use crate::staff::papers::{Papers, read_days};
use crate::staff::rights::{Requests, Right as _};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many a page shows.
pub const A_PAGE: i64 = 50;

#[derive(sqlx::FromRow)]
struct Row {
    account_id: Uuid,
    person_id: Uuid,
    name: String,
    email: String,
    #[sqlx(try_from = "String")]
    roles: Roles,
    data_training_until: Option<String>,
    confidentiality_until: Option<String>,
    dbs_until: Option<String>,
    two_step: bool,
    by_text: bool,
    seen_at: Option<DateTime<Utc>>,
    tutor_id: Option<Uuid>,
    tutor: Option<String>,
}

impl From<Row> for Worker {
    fn from(row: Row) -> Self {
        Self {
            account_id: row.account_id,
            person_id: row.person_id,
            name: row.name,
            email: row.email,
            roles: row.roles,
            papers: read_days(
                row.data_training_until.as_deref(),
                row.confidentiality_until.as_deref(),
                row.dbs_until.as_deref(),
            ),
            two_step: row.two_step,
            by_text: row.by_text,
            seen_at: row.seen_at,
            tutor_id: row.tutor_id,
            tutor: row.tutor,
        }
    }
}

/// Everybody who works here, with `$1` for now; what follows narrows it.
macro_rules! workers {
    ($rest:literal) => {
        concat!(
            "SELECT staff.account_id, person.id AS person_id, person.full_name AS name, account.email, \
                COALESCE((SELECT string_agg(role, ' ') FROM role_grant WHERE role_grant.account_id = account.id \
                          AND (ends_at IS NULL OR ends_at > $1)), '') AS roles, \
                staff.data_training_until, staff.confidentiality_until, staff.dbs_until, \
                EXISTS (SELECT 1 FROM second_step WHERE second_step.account_id = account.id \
                        AND in_use_since IS NOT NULL) AS two_step, \
                EXISTS (SELECT 1 FROM second_step WHERE second_step.account_id = account.id \
                        AND in_use_since IS NOT NULL AND phone IS NOT NULL) AS by_text, \
                (SELECT MAX(seen_at) FROM device WHERE device.account_id = account.id) AS seen_at, \
                (SELECT id FROM tutor WHERE tutor.account_id = account.id) AS tutor_id, \
                (SELECT full_name FROM tutor WHERE tutor.account_id = account.id) AS tutor \
             FROM staff JOIN account ON account.id = staff.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE staff.left_at IS NULL ",
            $rest
        )
    };
}

/// The orders of the list.
pub const ORDERS: [Order; 5] = [
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("roles", "Roles", "roles"),
    Order::rising(
        "two-step",
        "Two-step sign-in, who has none first",
        "two_step",
    ),
    Order::rising(
        "training",
        "Training that ends first",
        "staff.data_training_until",
    ),
    Order::falling("seen", "Who was here last", "seen_at"),
];

macro_rules! page_of_workers {
    ($c:ident, $app:ident, $sql:expr, $part:expr) => {{
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe($sql.as_str()))
            .bind($app.clock.now())
            .bind($part.take)
            .bind($part.skip)
            .fetch_all(&mut *$c)
            .await?;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM staff WHERE left_at IS NULL")
            .fetch_one(&mut *$c)
            .await?;
        (rows.into_iter().map(Worker::from).collect(), count)
    }};
}

fn in_order(sort: Sort) -> String {
    let end = ", account.id LIMIT $2 OFFSET $3";
    [workers!("ORDER BY "), &sort.sql(), end].concat()
}

/// A part of those who work here, and how many there are; that `by` is shown each, or given them as a file, is written down in
/// the same transaction.
pub async fn everybody(
    app: &App,
    by: &By,
    action: Action,
    sort: Sort,
    part: Part,
) -> Result<(Vec<Worker>, i64)> {
    let sql = in_order(sort);
    write_tx!(app.db, |c| {
        let (workers, count): (Vec<Worker>, i64) = page_of_workers!(c, app, sql, part);
        let people = workers.iter().map(|worker| worker.person_id);
        insert_entries!(c, &audit::looks(app, by, action, None, people)?);
        Ok((workers, count))
    })
}

/// One of them.
pub async fn one(app: &App, account_id: Uuid) -> Result<Option<Worker>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(workers!("AND staff.account_id = $2"))
            .bind(now)
            .bind(account_id)
            .fetch_optional(&mut *c)
            .await?)
    })?;
    Ok(row.map(Worker::from))
}

/// The one who signs in with this address.
pub async fn by_email(app: &App, email: &str) -> Result<Option<Worker>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(
            sqlx::query_as(workers!("AND lower(account.email) = lower($2)"))
                .bind(now)
                .bind(email)
                .fetch_optional(&mut *c)
                .await?,
        )
    })?;
    Ok(row.map(Worker::from))
}

/// Locks what says who is an owner, and tells whether anybody but this account is. Of two owners who remove each other at
/// once, one is told that they are the last.
macro_rules! other_owners {
    ($c:ident, $account_id:expr, $now:expr) => {{
        sqlx::query("UPDATE role_grant SET granted_at = granted_at WHERE role = 'owner' AND ends_at IS NULL")
            .execute(&mut *$c)
            .await?;
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM role_grant JOIN staff ON staff.account_id = role_grant.account_id \
             WHERE role = 'owner' AND (ends_at IS NULL OR ends_at > $2) AND left_at IS NULL AND staff.account_id <> $1",
        )
        .bind($account_id)
        .bind($now)
        .fetch_one(&mut *$c)
        .await?;
        others
    }};
}

/// A role to be granted.
pub struct NewGrant {
    /// Its number.
    pub id: Uuid,
    /// Which.
    pub role: Role,
}

/// Gives them `roles` in place of those they had. Being a volunteer is not a matter of staff, and stays.
pub async fn change_roles(
    app: &App,
    worker: &Worker,
    roles: Roles,
    entry: &Entry,
) -> Result<Changed> {
    let now = entry.at;
    let by = entry.account_id;
    let staff = |own: Roles| own.each().filter(|role| *role != Role::Volunteer);
    let mut new = Vec::new();
    for role in staff(roles).filter(|role| !worker.roles.has(*role)) {
        new.push(NewGrant {
            id: app.id()?,
            role,
        });
    }
    let gone: Vec<Role> = staff(worker.roles)
        .filter(|role| !roles.has(*role))
        .collect();
    write_tx!(app.db, |c| {
        if gone.contains(&Role::Owner) && other_owners!(c, worker.account_id, now) == 0 {
            return Ok(Changed::LastOwner);
        }
        let here = sqlx::query(
            "UPDATE staff SET joined_at = joined_at WHERE account_id = $1 AND left_at IS NULL",
        )
        .bind(worker.account_id)
        .execute(&mut *c)
        .await?;
        if here.rows_affected() == 0 {
            return Ok(Changed::NotHere);
        }
        if gone.contains(&Role::Owner) {
            sqlx::query(
                "UPDATE staff_invitation SET withdrawn_at = $2 \
                 WHERE invited_by = $1 AND used_at IS NULL AND withdrawn_at IS NULL",
            )
            .bind(worker.account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        for role in &gone {
            sqlx::query("UPDATE role_grant SET ends_at = $3 WHERE account_id = $1 AND role = $2 AND ends_at IS NULL")
                .bind(worker.account_id)
                .bind(role.name())
                .bind(now)
                .execute(&mut *c)
                .await?;
        }
        if roles.first_of(Requests::ROLES).is_none() {
            sqlx::query(requests::LET_GO)
                .bind(worker.account_id)
                .execute(&mut *c)
                .await?;
        }
        for grant in &new {
            sqlx::query(
                "INSERT INTO role_grant (id, account_id, role, granted_at, granted_by) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(grant.id)
            .bind(worker.account_id)
            .bind(grant.role.name())
            .bind(now)
            .bind(by)
            .execute(&mut *c)
            .await?;
        }
        insert_entry!(c, entry);
        Ok(Changed::Yes)
    })
}

/// Writes the last days of training and papers.
pub async fn change_papers(
    app: &App,
    worker: &Worker,
    papers: Papers,
    entry: &Entry,
) -> Result<Changed> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE staff SET data_training_until = $2, confidentiality_until = $3, dbs_until = $4 \
             WHERE account_id = $1 AND left_at IS NULL",
        )
        .bind(worker.account_id)
        .bind(day(papers.data_training))
        .bind(day(papers.confidentiality))
        .bind(day(papers.dbs))
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(Changed::NotHere);
        }
        insert_entry!(c, entry);
        Ok(Changed::Yes)
    })
}

/// They leave: every role but the volunteer's ends, every device is signed out, and what they were invited to, or invited
/// others to, is over, in one moment on every node.
pub async fn remove(app: &App, worker: &Worker, entry: &Entry) -> Result<Changed> {
    let now = entry.at;
    write_tx!(app.db, |c| {
        // Asked whoever they are: they may have become an owner a moment ago.
        if other_owners!(c, worker.account_id, now) == 0 {
            return Ok(Changed::LastOwner);
        }
        let done = sqlx::query(
            "UPDATE staff SET left_at = $2, papers_destroyed_at = $2 WHERE account_id = $1 AND left_at IS NULL",
        )
        .bind(worker.account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(Changed::NotHere);
        }
        for sql in [
            "UPDATE role_grant SET ends_at = $2 WHERE account_id = $1 AND role <> 'volunteer' AND ends_at IS NULL",
            "UPDATE device SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL",
        ] {
            sqlx::query(sql)
                .bind(worker.account_id)
                .bind(now)
                .execute(&mut *c)
                .await?;
        }
        sqlx::query(
            "UPDATE staff_invitation SET withdrawn_at = $2 WHERE used_at IS NULL AND withdrawn_at IS NULL \
             AND (lower(email) = $3 OR invited_by = $1)",
        )
        .bind(worker.account_id)
        .bind(now)
        .bind(worker.email.to_ascii_lowercase())
        .execute(&mut *c)
        .await?;
        for sql in [
            "DELETE FROM known_device WHERE account_id = $1",
            "UPDATE tutor SET account_id = NULL WHERE account_id = $1",
            requests::LET_GO,
        ] {
            sqlx::query(sql)
                .bind(worker.account_id)
                .execute(&mut *c)
                .await?;
        }
        insert_entry!(c, entry);
        Ok(Changed::Yes)
    })
}

/// A run that somebody gives and that is not over.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RunToHandOver {
    pub id: Uuid,
    pub title: String,
    pub slug: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// A session to come that somebody leads beside the run's tutor, or instead.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionToHandOver {
    pub run_id: Uuid,
    pub title: String,
    pub slug: String,
    pub starts_at: DateTime<Utc>,
}

/// An organisation that somebody coordinates.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Coordinated {
    pub id: Uuid,
    pub name: String,
    /// Whether nobody else does.
    pub alone: bool,
}

/// What somebody who leaves has to hand over.
pub async fn hand_over(app: &App, account_id: Uuid) -> Result<HandOver> {
    let now = app.clock.now();
    let (runs, sessions) = read!(app.db, |c| {
        let runs = sqlx::query_as(
            "SELECT run.id, course.title, course.slug, run.starts_at, run.ends_at FROM tutor \
             JOIN run ON run.tutor_id = tutor.id JOIN course ON course.id = run.course_id \
             WHERE tutor.account_id = $1 AND run.ends_at > $2 AND run.status IN ('draft', 'open', 'closed') \
             ORDER BY run.starts_at LIMIT 100",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        let sessions = sqlx::query_as(
            "SELECT run.id AS run_id, course.title, course.slug, session.starts_at FROM tutor \
             JOIN session_tutor ON session_tutor.tutor_id = tutor.id JOIN session ON session.id = session_tutor.session_id \
             JOIN run ON run.id = session.run_id JOIN course ON course.id = run.course_id \
             WHERE tutor.account_id = $1 AND session.ends_at > $2 AND run.status IN ('draft', 'open', 'closed') \
             ORDER BY session.starts_at LIMIT 100",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        Ok((runs, sessions))
    })?;
    let mut organisations = coordinated(app, account_id).await?;
    organisations.retain(|one| one.alone);
    Ok(HandOver {
        runs,
        sessions,
        organisations,
        requests: requests::owned(app, account_id).await?,
    })
}

/// The organisations that somebody coordinates, by name.
pub async fn coordinated(app: &App, account_id: Uuid) -> Result<Vec<Coordinated>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT organisation.id, organisation.name, \
                    NOT EXISTS (SELECT 1 FROM role_grant other WHERE other.organisation_id = organisation.id \
                                AND other.role = 'coordinator' AND (other.ends_at IS NULL OR other.ends_at > $2) \
                                AND other.account_id <> $1) AS alone \
             FROM role_grant JOIN organisation ON organisation.id = role_grant.organisation_id \
             WHERE role_grant.account_id = $1 AND role_grant.role = 'coordinator' \
               AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $2) AND organisation.ended_at IS NULL \
             ORDER BY lower(organisation.name), organisation.id",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Somebody whose training and papers are to be looked at today.
#[derive(Clone, Debug, sqlx::FromRow)]
struct DueRow {
    account_id: Uuid,
    person_id: Uuid,
    name: String,
    email: String,
    data_training_until: Option<String>,
    confidentiality_until: Option<String>,
    dbs_until: Option<String>,
}

/// See [`DueRow`].
pub struct Due {
    pub account_id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    pub email: String,
    pub papers: Papers,
}

/// Those at whom nobody has looked on `today`.
pub async fn due(app: &App, today: NaiveDate) -> Result<Vec<Due>> {
    let day = today.to_string();
    let rows: Vec<DueRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT staff.account_id, person.id AS person_id, \
                    COALESCE(person.preferred_name, person.full_name) AS name, account.email, \
                    staff.data_training_until, staff.confidentiality_until, staff.dbs_until \
             FROM staff JOIN account ON account.id = staff.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE staff.left_at IS NULL AND (staff.told_on IS NULL OR staff.told_on < $1) LIMIT 100",
        )
        .bind(&day)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let due = rows.into_iter().map(|row| Due {
        papers: read_days(
            row.data_training_until.as_deref(),
            row.confidentiality_until.as_deref(),
            row.dbs_until.as_deref(),
        ),
        account_id: row.account_id,
        person_id: row.person_id,
        name: row.name,
        email: row.email,
    });
    Ok(due.collect())
}

/// Somebody was told what ends soon: once a day at most, and of each last day once.
pub async fn told(
    app: &App,
    account_id: Uuid,
    today: NaiveDate,
    letters: &[crate::messages::Prepared],
) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("UPDATE staff SET told_on = $2 WHERE account_id = $1")
            .bind(account_id)
            .bind(today.to_string())
            .execute(&mut *c)
            .await?;
        for letter in letters {
            crate::messages::insert!(c, letter);
        }
        Ok(())
    })
}

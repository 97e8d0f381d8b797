//! SQL of volunteers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::server::db::Db;
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::ui::dates;
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// So long before it ends, it is to be renewed.
pub const SOON: TimeDelta = TimeDelta::days(42);
/// No status lasts so long.
const LONGER: TimeDelta = TimeDelta::days(366 * 10);
/// How many a page of the list shows.
pub const A_PAGE: i64 = 25;

/// That somebody volunteers for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Status {
    pub id: Uuid,
    pub person_id: Uuid,
    pub organisation: String,
    pub hours_a_week: i64,
    pub from_at: DateTime<Utc>,
    /// The clock ends it then.
    pub until_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// When the team ended it, or gave another in its place.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Status {
    /// The last day on which it is good.
    pub fn last_day(&self) -> NaiveDate {
        dates::day_of(self.until_at - TimeDelta::seconds(1))
    }

    /// In a line, for the record.
    pub fn line(&self) -> String {
        format!(
            "{}; {} hours a week; from {} to {}",
            self.organisation,
            self.hours_a_week,
            dates::full_day(dates::day_of(self.from_at)),
            dates::full_day(self.last_day())
        )
    }

    /// How it stands at `now`.
    pub fn words(&self, now: DateTime<Utc>) -> String {
        let last = dates::full_day(self.last_day());
        if let Some(ended) = self.ended_at {
            format!("Ended on {}", dates::full_day(dates::day_of(ended)))
        } else if self.until_at <= now {
            format!("Ran out on {last}")
        } else if self.from_at > now {
            format!("Begins on {}", dates::full_day(dates::day_of(self.from_at)))
        } else if self.is_soon(now) {
            format!("Ends soon, on {last}: renew it")
        } else {
            format!("Good until {last}")
        }
    }

    /// Whether it stands, and ends soon.
    pub fn is_soon(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.until_at > now && self.until_at - now <= SOON
    }
}

macro_rules! select_status {
    ($rest:literal) => {
        concat!(
            "SELECT volunteer.id, volunteer.person_id, volunteer.organisation, volunteer.hours_a_week, volunteer.from_at, \
                    volunteer.until_at, volunteer.created_at, volunteer.ended_at FROM volunteer ",
            $rest
        )
    };
}

/// What stands for somebody, or else what they were given last, as it is read beside a person: nothing of who never volunteered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LastStatus {
    status_id: Option<Uuid>,
    organisation: Option<String>,
    hours_a_week: Option<i64>,
    from_at: Option<DateTime<Utc>>,
    until_at: Option<DateTime<Utc>>,
    status_made_at: Option<DateTime<Utc>>,
    status_ended_at: Option<DateTime<Utc>>,
}

impl LastStatus {
    /// The status, if this person was given one.
    pub fn of(self, person_id: Uuid) -> Option<Status> {
        Some(Status {
            id: self.status_id?,
            person_id,
            organisation: self.organisation?,
            hours_a_week: self.hours_a_week?,
            from_at: self.from_at?,
            until_at: self.until_at?,
            created_at: self.status_made_at?,
            ended_at: self.status_ended_at,
        })
    }
}

/// SQL: the columns of [`LastStatus`].
macro_rules! status_columns {
    () => {
        "given.id AS status_id, given.organisation, given.hours_a_week, given.from_at, given.until_at, \
         given.created_at AS status_made_at, given.ended_at AS status_ended_at"
    };
}
pub(in crate::people_desk) use status_columns;

/// SQL: joins the [`LastStatus`] of `person`, for [`status_columns`].
macro_rules! join_latest_status {
    () => {
        "LEFT JOIN volunteer given ON given.id = (SELECT theirs.id FROM volunteer theirs WHERE theirs.person_id = person.id \
         ORDER BY theirs.ended_at IS NOT NULL, theirs.created_at DESC, theirs.id LIMIT 1)"
    };
}
pub(in crate::people_desk) use join_latest_status;

/// What stands for somebody, or else what they were given last.
pub async fn latest(db: &Db, person_id: Uuid) -> Result<Option<Status>> {
    let status: Option<LastStatus> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT ",
            status_columns!(),
            " FROM person ",
            join_latest_status!(),
            " WHERE person.id = $1"
        ))
        .bind(person_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(status.and_then(|status| status.of(person_id)))
}

/// Everything that somebody was given, the latest first.
pub async fn history(db: &Db, person_id: Uuid) -> Result<Vec<Status>> {
    read!(db, |c| {
        Ok(sqlx::query_as(select_status!(
            "WHERE volunteer.person_id = $1 ORDER BY volunteer.created_at DESC, volunteer.id LIMIT 50"
        ))
        .bind(person_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Gives a status in place of the one before. The same form again changes nothing.
pub async fn give(app: &App, status: &Status, by: Uuid, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let known: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM volunteer WHERE id = $1)")
                .bind(status.id)
                .fetch_one(&mut *c)
                .await?;
        if known {
            return Ok(());
        }
        sqlx::query("UPDATE volunteer SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL")
            .bind(status.person_id)
            .bind(status.created_at)
            .execute(&mut *c)
            .await?;
        sqlx::query(
            "INSERT INTO volunteer (id, person_id, organisation, hours_a_week, from_at, until_at, given_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(status.id)
        .bind(status.person_id)
        .bind(&status.organisation)
        .bind(status.hours_a_week)
        .bind(status.from_at)
        .bind(status.until_at)
        .bind(by)
        .bind(status.created_at)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, entry);
        Ok(())
    })
}

/// Ends what stands; the same twice is one effect.
pub async fn end(app: &App, person_id: Uuid, entry: &Entry) -> Result<()> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let ended = sqlx::query(
            "UPDATE volunteer SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL",
        )
        .bind(person_id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if ended > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// A volunteer in the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    #[sqlx(flatten)]
    pub status: Status,
    pub full_name: String,
}

/// Which of them a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Everybody whose status stands.
    Now,
    /// Those whose status ends soon.
    Soon,
    /// Those whose status has run out, and nobody has ended or renewed it.
    Over,
}

/// The orders of the list.
pub const ORDERS: [Order; 4] = [
    Order::rising("renew", "Who is to be renewed first", "volunteer.until_at"),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising(
        "organisation",
        "Organisation",
        "lower(volunteer.organisation)",
    ),
    Order::falling("hours", "Most hours first", "volunteer.hours_a_week"),
];

/// A part of the volunteers, and how many there are; that `by` sees who they are is written down in the same transaction.
pub async fn lines(
    app: &App,
    by: &By,
    action: Action,
    which: Which,
    (sort, part): (Sort, Part),
) -> Result<(Vec<Line>, i64)> {
    let now = app.clock.now();
    let (from, to) = match which {
        Which::Now => (now, now + LONGER),
        Which::Soon => (now, now + SOON),
        Which::Over => (DateTime::UNIX_EPOCH, now),
    };
    let sql = [
        "SELECT volunteer.id, volunteer.person_id, volunteer.organisation, volunteer.hours_a_week, volunteer.from_at, \
                    volunteer.until_at, volunteer.created_at, volunteer.ended_at, person.full_name \
             FROM volunteer JOIN person ON person.id = volunteer.person_id AND person.deceased_at IS NULL \
                  AND person.merged_into IS NULL \
             WHERE volunteer.ended_at IS NULL AND volunteer.until_at > $1 AND volunteer.until_at <= $2 ORDER BY ",
        &sort.sql(),
        ", person.full_name, volunteer.id LIMIT $3 OFFSET $4",
    ]
    .concat();
    write_tx!(app.db, |c| {
        let lines: Vec<Line> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(from)
            .bind(to)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM volunteer JOIN person ON person.id = volunteer.person_id \
                  AND person.deceased_at IS NULL AND person.merged_into IS NULL \
             WHERE volunteer.ended_at IS NULL AND volunteer.until_at > $1 AND volunteer.until_at <= $2",
        )
        .bind(from)
        .bind(to)
        .fetch_one(&mut *c)
        .await?;
        let people = lines.iter().map(|line| line.status.person_id);
        insert_entries!(c, &audit::looks(app, by, action, None, people)?);
        Ok((lines, count))
    })
}

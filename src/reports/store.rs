//! SQL of reports: what is counted, drafts, and what was published.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::figures::{Counted, Figures};
use super::model::{Draft, Published, Sent};
use super::people::Reached;
use super::period::Period;
use crate::privacy::consents::{Consent, record};
use crate::server::paging::Part;
use crate::server::{App, Error, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::ui::dates;
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// Runs that began in the period and were not called off.
macro_rules! in_period {
    () => {
        "run.starts_at >= $1 AND run.starts_at < $2 AND run.status IN ('open', 'closed')"
    };
}

/// Whether a place is booked, with the booking that it belongs to.
macro_rules! is_booked {
    () => {
        "(place.status = 'stopped' OR (place.status = 'active' AND booking.status = 'booked'))"
    };
}

/// The people with a place in the period who did not object to statistics.
macro_rules! reached {
    () => {
        concat!(
            "FROM run JOIN course ON course.id = run.course_id JOIN topic ON topic.id = course.topic_id \
             JOIN booking ON booking.run_id = run.id JOIN place ON place.booking_id = booking.id \
             JOIN person ON person.id = place.person_id AND NOT person.keep_from_statistics ",
            "WHERE ", in_period!(), " AND ", is_booked!()
        )
    };
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: Uuid,
    starts_at: DateTime<Utc>,
    capacity: i64,
    course: String,
    topic: String,
    venue: Option<String>,
    waiting: i64,
}

/// Of one run, by the channel that people booked by.
#[derive(sqlx::FromRow)]
struct PlacesRow {
    run_id: Uuid,
    channel: String,
    booked: i64,
    cancelled: i64,
}

#[derive(sqlx::FromRow)]
struct MarksRow {
    run_id: Uuid,
    channel: String,
    came: i64,
    missed: i64,
    finished: i64,
}

/// Somebody who got a place from the list.
#[derive(sqlx::FromRow)]
struct WaitedRow {
    run_id: Uuid,
    places: i64,
    /// How many of them objected to statistics: their days are nobody's to count.
    objected: i64,
    joined_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
}

/// The words for a channel.
fn channel_words(channel: &str) -> &'static str {
    match channel {
        "website" => "On the website",
        "phone" => "By phone",
        "letter" => "By letter or email",
        "in-person" => "In person",
        _ => "By referral",
    }
}

/// Everything that is counted of a period, each number once: of a run, or of a run and a channel.
pub async fn counted(app: &App, period: Period) -> Result<Vec<Counted>> {
    let (from, to) = period.moments();
    let (runs, places, marks, waited) = read!(app.db, |c| {
        let runs: Vec<RunRow> = sqlx::query_as(concat!(
            "SELECT run.id, run.starts_at, run.capacity, course.title AS course, topic.name AS topic, venue.name AS venue, \
                    CAST((SELECT COALESCE(SUM(waiting_entry.places), 0) FROM waiting_entry \
                          WHERE waiting_entry.run_id = run.id \
                            AND waiting_entry.status IN ('waiting', 'offered', 'lapsed', 'over')) AS BIGINT) AS waiting \
             FROM run JOIN course ON course.id = run.course_id JOIN topic ON topic.id = course.topic_id \
             LEFT JOIN venue ON venue.id = run.venue_id WHERE ",
            in_period!()
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?;
        let places: Vec<PlacesRow> = sqlx::query_as(concat!(
            "SELECT run.id AS run_id, booking.channel, \
                    CAST(SUM(CASE WHEN ",
            is_booked!(),
            " THEN 1 ELSE 0 END) AS BIGINT) AS booked, \
                    CAST(SUM(CASE WHEN place.status = 'cancelled' AND booking.status IN ('booked', 'cancelled', 'stopped') \
                             THEN 1 ELSE 0 END) AS BIGINT) AS cancelled \
             FROM run JOIN booking ON booking.run_id = run.id JOIN place ON place.booking_id = booking.id WHERE ",
            in_period!(),
            " GROUP BY run.id, booking.channel"
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?;
        let marks: Vec<MarksRow> = sqlx::query_as(concat!(
            "SELECT run.id AS run_id, booking.channel, \
                    CAST(SUM(CASE WHEN attendance.mark = 'came' THEN 1 ELSE 0 END) AS BIGINT) AS came, \
                    CAST(SUM(CASE WHEN attendance.mark = 'came' THEN 0 ELSE 1 END) AS BIGINT) AS missed, \
                    CAST(SUM(CASE WHEN attendance.mark = 'came' AND NOT EXISTS \
                                  (SELECT 1 FROM session later WHERE later.run_id = run.id AND later.starts_at > session.starts_at) \
                             THEN 1 ELSE 0 END) AS BIGINT) AS finished \
             FROM run JOIN session ON session.run_id = run.id JOIN attendance ON attendance.session_id = session.id \
             JOIN place ON place.id = attendance.place_id JOIN booking ON booking.id = place.booking_id WHERE ",
            in_period!(),
            " GROUP BY run.id, booking.channel"
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?;
        let waited: Vec<WaitedRow> = sqlx::query_as(concat!(
            "SELECT run.id AS run_id, waiting_entry.places, waiting_entry.joined_at, waiting_entry.ended_at, \
                    (SELECT COUNT(*) FROM waiting_person JOIN person ON person.id = waiting_person.person_id \
                     AND person.keep_from_statistics WHERE waiting_person.entry_id = waiting_entry.id) AS objected \
             FROM run JOIN waiting_entry ON waiting_entry.run_id = run.id \
             WHERE waiting_entry.status = 'booked' AND waiting_entry.ended_at IS NOT NULL AND ",
            in_period!()
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?;
        Ok((runs, places, marks, waited))
    })?;
    Ok(joined(runs, places, marks, waited))
}

fn joined(
    runs: Vec<RunRow>,
    places: Vec<PlacesRow>,
    marks: Vec<MarksRow>,
    waited: Vec<WaitedRow>,
) -> Vec<Counted> {
    let runs: HashMap<Uuid, Counted> = runs.into_iter().map(|run| (run.id, of_run(run))).collect();
    let of_channel = |run_id: Uuid, channel: &str, figures: Figures| {
        runs.get(&run_id).map(|run| Counted {
            channel: Some(channel_words(channel).to_owned()),
            figures,
            ..run.clone()
        })
    };
    let places = places.into_iter().filter_map(|row| {
        let figures = Figures {
            booked: row.booked,
            cancelled: row.cancelled,
            ..Figures::default()
        };
        of_channel(row.run_id, &row.channel, figures)
    });
    let marks = marks.into_iter().filter_map(|row| {
        let figures = Figures {
            came: row.came,
            missed: row.missed,
            finished: row.finished,
            ..Figures::default()
        };
        of_channel(row.run_id, &row.channel, figures)
    });
    let waited = waited.into_iter().filter_map(|row| {
        let days = (dates::day_of(row.ended_at) - dates::day_of(row.joined_at)).num_days() + 1;
        let with_days = (row.places - row.objected).max(0);
        let figures = Figures {
            from_list: Some(row.places),
            days_waited: Some(with_days * days),
            with_days: Some(with_days),
            ..Figures::default()
        };
        runs.get(&row.run_id).map(|run| Counted {
            figures,
            ..run.clone()
        })
    });
    let mut all: Vec<Counted> = places.chain(marks).chain(waited).collect();
    all.extend(runs.into_values());
    all
}

fn of_run(run: RunRow) -> Counted {
    let day = dates::day_of(run.starts_at);
    Counted {
        month: (dates::month_slug(day), dates::month_and_year(day)),
        course: run.course,
        topic: run.topic,
        venue: run.venue.unwrap_or_else(|| "Online".to_owned()),
        channel: None,
        figures: Figures {
            offered: run.capacity,
            waiting: run.waiting,
            from_list: Some(0),
            days_waited: Some(0),
            with_days: Some(0),
            ..Figures::default()
        },
    }
}

/// Who had a place in the period, once for each topic, without those who objected to statistics.
pub async fn reached(app: &App, period: Period) -> Result<Vec<Reached>> {
    let (from, to) = period.moments();
    read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT DISTINCT person.id, person.date_of_birth, person.postcode, person.no_fixed_address, topic.name AS topic ",
            reached!()
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// What those said about their ethnic group, sealed: the entry, whose it is, and what it says.
pub async fn answers(app: &App, period: Period) -> Result<Vec<(Uuid, Uuid, Vec<u8>)>> {
    let (from, to) = period.moments();
    read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT vault_entry.id, vault_entry.person_id, vault_entry.sealed FROM vault_entry \
             WHERE vault_entry.kind = 'ethnicity' AND vault_entry.person_id IN (SELECT person.id ",
            reached!(),
            ")"
        ))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// What the team has written for a report so far.
pub async fn draft(app: &App, period: Period) -> Result<Option<Draft>> {
    let name = period.name();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT narrative, target_places, target_came FROM report_draft WHERE period = $1",
        )
        .bind(&name)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Keeps a draft in place of the one before.
pub async fn save(app: &App, period: Period, draft: &Draft, entry: &Entry) -> Result<()> {
    let name = period.name();
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO report_draft (period, narrative, target_places, target_came, saved_at, saved_by) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (period) DO UPDATE SET narrative = excluded.narrative, target_places = excluded.target_places, \
                 target_came = excluded.target_came, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
        )
        .bind(&name)
        .bind(&draft.narrative)
        .bind(draft.target_places)
        .bind(draft.target_came)
        .bind(entry.at)
        .bind(entry.account_id)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, entry);
        Ok(())
    })
}

/// Publishes a report as the next version of its period. `false` when this very one is published already, or another was
/// in the same moment.
pub async fn publish(
    app: &App,
    id: Uuid,
    period: Period,
    sent: &Sent,
    published: &Entry,
) -> Result<bool> {
    let name = period.name();
    let figures =
        serde_json::to_string(sent).map_err(|e| Error::Other(format!("a report: {e}")))?;
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "INSERT INTO published_report (id, period, version, figures, published_at, published_by) \
             VALUES ($1, $2, (SELECT COALESCE(MAX(version), 0) + 1 FROM published_report WHERE period = $2), $3, $4, $5) \
             ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(&name)
        .bind(&figures)
        .bind(published.at)
        .bind(published.account_id)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert_entry!(c, published);
        Ok(true)
    })
}

macro_rules! published {
    () => {
        "SELECT published_report.id, published_report.period, published_report.version, published_report.figures, \
                published_report.published_at, \
                NOT EXISTS (SELECT 1 FROM published_report newer WHERE newer.period = published_report.period \
                            AND newer.version > published_report.version) AS newest \
         FROM published_report "
    };
}

#[derive(sqlx::FromRow)]
struct PublishedRow {
    id: Uuid,
    period: String,
    version: i64,
    figures: String,
    published_at: DateTime<Utc>,
    newest: bool,
}

fn opened(row: PublishedRow) -> Result<Published> {
    let period = Period::named(&row.period);
    Ok(Published {
        id: row.id,
        period: period.ok_or_else(|| Error::Other("a report of no period".to_owned()))?,
        version: row.version,
        sent: serde_json::from_str(&row.figures)
            .map_err(|e| Error::Other(format!("a published report: {e}")))?,
        at: row.published_at,
        newest: row.newest,
    })
}

/// The orders of what was published.
pub const ORDERS: [Order; 3] = [
    Order::falling(
        "published",
        "Published last",
        "published_report.published_at",
    )
    .always(),
    // Last in the word of a period is its first day.
    Order::falling(
        "time",
        "Time, the latest first",
        "substr(published_report.period, length(published_report.period) - 9)",
    )
    .always(),
    Order::falling("version", "Version", "published_report.version").always(),
];

/// A part of what was published, and how many reports there are.
pub async fn all(app: &App, sort: Sort, part: Part) -> Result<(Vec<Published>, i64)> {
    let sql = [
        published!(),
        "ORDER BY ",
        &sort.sql(),
        ", published_report.version DESC, published_report.id LIMIT $1 OFFSET $2",
    ]
    .concat();
    let (rows, count): (Vec<PublishedRow>, i64) = read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM published_report")
            .fetch_one(&mut *c)
            .await?;
        Ok((rows, count))
    })?;
    let all: Result<Vec<Published>> = rows.into_iter().map(opened).collect();
    Ok((all?, count))
}

/// What was published last of a period.
pub async fn latest(app: &App, period: Period) -> Result<Option<Published>> {
    let period = period.name();
    let row: Option<PublishedRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            published!(),
            "WHERE published_report.period = $1 ORDER BY published_report.version DESC LIMIT 1"
        ))
        .bind(&period)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    row.map(opened).transpose()
}

/// One that was published.
pub async fn one(app: &App, id: Uuid) -> Result<Option<Published>> {
    let row: Option<PublishedRow> = read!(app.db, |c| {
        Ok(
            sqlx::query_as(concat!(published!(), "WHERE published_report.id = $1"))
                .bind(id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })?;
    row.map(opened).transpose()
}

/// Whether somebody objected to being counted.
pub async fn is_kept_out(app: &App, person_id: Uuid) -> Result<bool> {
    read!(app.db, |c| {
        let kept: Option<bool> =
            sqlx::query_scalar("SELECT keep_from_statistics FROM person WHERE id = $1")
                .bind(person_id)
                .fetch_optional(&mut *c)
                .await?;
        Ok(kept.unwrap_or(false))
    })
}

/// Somebody is not to be counted in statistics of people, or may be again. `false` when it was so.
pub async fn keep_out(
    app: &App,
    person_id: Uuid,
    kept: bool,
    entry: &Entry,
    consent: &Consent,
) -> Result<bool> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE person SET keep_from_statistics = $2, updated_at = $3 WHERE id = $1 AND keep_from_statistics <> $2",
        )
        .bind(person_id)
        .bind(kept)
        .bind(entry.at)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        record!(c, consent);
        insert_entry!(c, entry);
        Ok(true)
    })
}

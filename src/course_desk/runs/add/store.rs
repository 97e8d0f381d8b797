//! SQL of adding a run.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{Busy, Led, Plan, Spot};
use crate::bookings::{room_of, tutor_of};
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::dates;
use crate::{read, write_tx};

/// Longer than any session.
const LONGEST_SESSION: TimeDelta = TimeDelta::hours(24);

/// Every venue, and every room after its venue.
pub async fn spots(app: &App) -> Result<Vec<Spot>> {
    #[derive(sqlx::FromRow)]
    struct Access {
        venue_id: Uuid,
        icon: String,
    }
    let (mut spots, access): (Vec<Spot>, Vec<Access>) = read!(app.db, |c| {
        let spots = sqlx::query_as(
            "SELECT venue.id AS venue_id, venue.name AS venue, room.id AS room_id, room.name AS room, room.capacity, \
                    '' AS access \
             FROM venue JOIN room ON room.venue_id = venue.id \
             UNION ALL SELECT venue.id, venue.name, NULL, NULL, NULL, '' FROM venue",
        )
        .fetch_all(&mut *c)
        .await?;
        let access =
            sqlx::query_as("SELECT venue_id, icon FROM venue_fact ORDER BY venue_id, position")
                .fetch_all(&mut *c)
                .await?;
        Ok((spots, access))
    })?;
    for spot in &mut spots {
        let own = access.iter().filter(|fact| fact.venue_id == spot.venue_id);
        let icons: Vec<&str> = own.map(|fact| fact.icon.as_str()).collect();
        spot.access = icons.join(" ");
    }
    spots.sort_by_key(|spot| {
        (
            spot.venue.to_lowercase(),
            spot.venue_id,
            spot.room.as_ref().map(|room| room.to_lowercase()),
        )
    });
    Ok(spots)
}

/// A run as the pattern for another.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Like {
    pub id: Uuid,
    pub course_id: Uuid,
    pub title: String,
    pub venue_id: Option<Uuid>,
    pub room_id: Option<Uuid>,
    pub tutor_id: Option<Uuid>,
    pub tutor: Option<String>,
    pub join_link: Option<String>,
    pub place_note: Option<String>,
    pub capacity: i64,
    pub volunteers_only: bool,
    pub minimum: Option<i64>,
    pub hire: Option<String>,
    /// Whether the website shows its course.
    pub published: bool,
}

/// A session of the pattern. Where one was by way of exception, and who stood in, was about that day: a copy has none of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LikeSession {
    pub run_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub theme: Option<String>,
}

/// Reads [`Like`]s.
macro_rules! likes {
    ($rest:literal) => {
        concat!(
            "SELECT run.id, run.course_id, course.title, run.venue_id, run.room_id, run.tutor_id, \
                    tutor.full_name AS tutor, run.join_link, run.place_note, run.capacity, run.volunteers_only, \
                    run.minimum, run.hire, course.status = 'published' AS published \
             FROM run JOIN course ON course.id = run.course_id LEFT JOIN tutor ON tutor.id = run.tutor_id ",
            $rest
        )
    };
}

/// The run `id` as a pattern, with its sessions in order.
pub async fn pattern(app: &App, id: Uuid) -> Result<Option<(Like, Vec<LikeSession>)>> {
    read!(app.db, |c| {
        let run = sqlx::query_as(likes!("WHERE run.id = $1"))
            .bind(id)
            .fetch_optional(&mut *c)
            .await?;
        let sessions = sqlx::query_as(
            "SELECT run_id, starts_at, ends_at, theme FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&mut *c)
        .await?;
        Ok(run.map(|run| (run, sessions)))
    })
}

/// The runs that began, or begin, from `from` to `to` and were not called off, with their sessions in order.
pub async fn patterns(
    app: &App,
    from: NaiveDate,
    to: NaiveDate,
    at_most: usize,
) -> Result<Vec<(Like, Vec<LikeSession>)>> {
    let (from, to) = (dates::start_of(from), dates::end_of(to));
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    let (runs, sessions): (Vec<Like>, Vec<LikeSession>) = read!(app.db, |c| {
        let runs = sqlx::query_as(likes!(
            "WHERE run.starts_at >= $1 AND run.starts_at < $2 AND run.status <> 'cancelled' \
             ORDER BY run.starts_at, run.id LIMIT $3"
        ))
        .bind(from)
        .bind(to)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?;
        let sessions = sqlx::query_as(
            "SELECT session.run_id, session.starts_at, session.ends_at, session.theme \
             FROM run JOIN session ON session.run_id = run.id \
             WHERE run.starts_at >= $1 AND run.starts_at < $2 ORDER BY session.run_id, session.position",
        )
        .bind(from)
        .bind(to)
        .fetch_all(&mut *c)
        .await?;
        Ok((runs, sessions))
    })?;
    let mut by_run: HashMap<Uuid, Vec<LikeSession>> = HashMap::new();
    for session in sessions {
        by_run.entry(session.run_id).or_default().push(session);
    }
    Ok(runs
        .into_iter()
        .map(|run| {
            let sessions = by_run.remove(&run.id).unwrap_or_default();
            (run, sessions)
        })
        .collect())
}

/// Whether the website shows a course.
pub async fn is_published(app: &App, course_id: Uuid) -> Result<bool> {
    let status: Option<String> = read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT status FROM course WHERE id = $1")
                .bind(course_id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })?;
    Ok(status.as_deref() == Some("published"))
}

/// Sessions of runs that take place between `from` and `to`, in order, with whoever leads them.
pub async fn led(app: &App, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Led>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        session_id: Uuid,
        run_id: Uuid,
        title: String,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        room_id: Option<Uuid>,
        leads: Option<Uuid>,
        beside: Option<Uuid>,
    }
    let rows: Vec<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT session.id AS session_id, run.id AS run_id, course.title, session.starts_at, session.ends_at, \
                    ",
            room_of!("session"),
            " AS room_id, ",
            tutor_of!("session"),
            " AS leads, session_tutor.tutor_id AS beside \
             FROM session JOIN run ON run.id = session.run_id AND run.status <> 'cancelled' \
             JOIN course ON course.id = run.course_id LEFT JOIN session_tutor ON session_tutor.session_id = session.id \
             AND NOT session_tutor.instead WHERE session.starts_at > $1 AND session.starts_at < $2 ORDER BY session.starts_at, session.id",
        ))
        .bind(from - LONGEST_SESSION)
        .bind(to)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let mut led: Vec<Led> = Vec::new();
    let mut last = None;
    for row in rows {
        if last == Some(row.session_id) {
            // One row for each who leads it beside the tutor.
            if let Some(session) = led.last_mut() {
                session.beside.extend(row.beside);
            }
            continue;
        }
        last = Some(row.session_id);
        led.push(Led {
            session_id: row.session_id,
            run_id: row.run_id,
            title: row.title,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            room_id: row.room_id,
            leads: row.leads,
            beside: row.beside.into_iter().collect(),
        });
    }
    Ok(led)
}

/// What is at about the time of a plan.
pub async fn busy(app: &App, plan: &Plan) -> Result<Vec<Busy>> {
    let (Some(first), Some(last)) = (plan.meetings.first(), plan.meetings.last()) else {
        return Ok(Vec::new());
    };
    let led = led(app, first.starts_at, last.ends_at).await?;
    let seen = led.iter().map(|session| session.as_seen_by(plan.tutor_id));
    Ok(seen.collect())
}

/// Adds the runs as drafts with their sessions, all or none. The same ids again change nothing.
///
/// # Errors
/// When the database fails, or a course, a place or a tutor went away meanwhile; nothing is added then.
pub async fn add_all(app: &App, by: &By, plans: &[(Uuid, Plan)]) -> Result<()> {
    let now = app.clock.now();
    let mut rows = Vec::with_capacity(plans.len());
    for (id, plan) in plans {
        let (Some(first), Some(last)) = (plan.meetings.first(), plan.meetings.last()) else {
            continue;
        };
        let mut sessions = Vec::with_capacity(plan.meetings.len());
        for meeting in &plan.meetings {
            sessions.push((app.id()?, meeting));
        }
        let entry = Entry::by(app, by, Action::RunAdded)?.about(*id);
        rows.push((*id, plan, (first.starts_at, last.ends_at), sessions, entry));
    }
    write_tx!(app.db, |c| {
        for (id, plan, (starts_at, ends_at), sessions, entry) in &rows {
            let spot = plan.spot.as_ref();
            let added = sqlx::query(
                "INSERT INTO run (id, course_id, tutor_id, venue_id, room_id, join_link, place_note, status, \
                                  volunteers_only, capacity, starts_at, ends_at, created_at, updated_at, hire, minimum, \
                                  decide_on, provider_id, room_setup) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, $12, $13, $14, $15, \
                         (SELECT provider_id FROM run WHERE id = $16), (SELECT room_setup FROM run WHERE id = $16)) \
                 ON CONFLICT (id) DO NOTHING",
            )
            .bind(id)
            .bind(plan.course_id)
            .bind(plan.tutor_id)
            .bind(spot.map(|spot| spot.venue_id))
            .bind(spot.and_then(|spot| spot.room_id))
            .bind(&plan.join_link)
            .bind(&plan.place_note)
            .bind(plan.volunteers_only)
            .bind(plan.places)
            .bind(starts_at)
            .bind(ends_at)
            .bind(now)
            .bind(plan.hire)
            .bind(plan.minimum.map(|minimum| minimum.people))
            .bind(plan.minimum.map(|minimum| minimum.decide_on.to_string()))
            .bind(plan.like)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if added == 0 {
                continue;
            }
            for (position, (session, meeting)) in (1_i64..).zip(sessions) {
                let at = usize::try_from(position - 1).unwrap_or_default();
                let theme = plan.themes.get(at).filter(|theme| !theme.is_empty());
                sqlx::query(
                    "INSERT INTO session (id, run_id, position, starts_at, ends_at, theme, note) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(session)
                .bind(id)
                .bind(position)
                .bind(meeting.starts_at)
                .bind(meeting.ends_at)
                .bind(theme)
                .bind(meeting.note())
                .execute(&mut *c)
                .await?;
            }
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

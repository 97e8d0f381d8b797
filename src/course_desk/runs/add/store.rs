//! SQL of adding a run.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{Busy, Plan, Spot};
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
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
    pub venue_id: Option<Uuid>,
    pub room_id: Option<Uuid>,
    pub tutor_id: Option<Uuid>,
    pub join_link: Option<String>,
    pub place_note: Option<String>,
    pub capacity: i64,
    pub volunteers_only: bool,
    pub minimum: Option<i64>,
}

/// A session of the pattern.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LikeSession {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub theme: Option<String>,
}

/// The run `id` as a pattern, with its sessions in order.
pub async fn pattern(app: &App, id: Uuid) -> Result<Option<(Like, Vec<LikeSession>)>> {
    read!(app.db, |c| {
        let run = sqlx::query_as(
            "SELECT id, course_id, venue_id, room_id, tutor_id, join_link, place_note, capacity, volunteers_only, minimum \
             FROM run WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?;
        let sessions = sqlx::query_as(
            "SELECT starts_at, ends_at, theme FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&mut *c)
        .await?;
        Ok(run.map(|run| (run, sessions)))
    })
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

/// Sessions of runs that take place between the first and the last that are planned.
pub async fn busy(app: &App, plan: &Plan) -> Result<Vec<Busy>> {
    let (Some(first), Some(last)) = (plan.meetings.first(), plan.meetings.last()) else {
        return Ok(Vec::new());
    };
    let (from, to) = (first.starts_at - LONGEST_SESSION, last.ends_at);
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id AS run_id, course.title, session.starts_at, session.ends_at, run.room_id, \
                    COALESCE(run.tutor_id = $3, FALSE) OR EXISTS (SELECT 1 FROM session_tutor \
                             WHERE session_tutor.session_id = session.id AND session_tutor.tutor_id = $3) AS of_tutor \
             FROM session JOIN run ON run.id = session.run_id AND run.status <> 'cancelled' \
             JOIN course ON course.id = run.course_id \
             WHERE session.starts_at > $1 AND session.starts_at < $2 ORDER BY session.starts_at, run.id",
        )
        .bind(from)
        .bind(to)
        .bind(plan.tutor_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Adds the run as a draft, with its sessions. The same `id` again changes nothing.
///
/// # Errors
/// When the database fails, or the course, the place or the tutor went away meanwhile; nothing is added then.
pub async fn add(app: &App, by: &By, id: Uuid, plan: &Plan) -> Result<()> {
    let now = app.clock.now();
    let (Some(first), Some(last)) = (plan.meetings.first(), plan.meetings.last()) else {
        return Ok(());
    };
    let entry = Entry::by(app, by, Action::RunAdded)?.about(id);
    let mut sessions = Vec::with_capacity(plan.meetings.len());
    for meeting in &plan.meetings {
        sessions.push((app.id()?, meeting));
    }
    let (venue_id, room_id) = plan
        .spot
        .as_ref()
        .map_or((None, None), |spot| (Some(spot.venue_id), spot.room_id));
    write_tx!(app.db, |c| {
        let added = sqlx::query(
            "INSERT INTO run (id, course_id, tutor_id, venue_id, room_id, join_link, place_note, status, volunteers_only, \
                              capacity, starts_at, ends_at, created_at, updated_at, hire, minimum, decide_on, provider_id, \
                              room_setup) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, $12, $13, $14, $15, \
                     (SELECT provider_id FROM run WHERE id = $16), (SELECT room_setup FROM run WHERE id = $16)) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(plan.course_id)
        .bind(plan.tutor_id)
        .bind(venue_id)
        .bind(room_id)
        .bind(&plan.join_link)
        .bind(&plan.place_note)
        .bind(plan.volunteers_only)
        .bind(plan.places)
        .bind(first.starts_at)
        .bind(last.ends_at)
        .bind(now)
        .bind(plan.hire)
        .bind(plan.minimum.map(|minimum| minimum.people))
        .bind(plan.minimum.map(|minimum| minimum.decide_on.to_string()))
        .bind(plan.like)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if added == 0 {
            return Ok(());
        }
        for (position, (session, meeting)) in (1_i64..).zip(&sessions) {
            let at = usize::try_from(position - 1).unwrap_or_default();
            sqlx::query(
                "INSERT INTO session (id, run_id, position, starts_at, ends_at, theme, note) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(session)
            .bind(id)
            .bind(position)
            .bind(meeting.starts_at)
            .bind(meeting.ends_at)
            .bind(plan.themes.get(at))
            .bind(meeting.note())
            .execute(&mut *c)
            .await?;
        }
        insert_entry!(c, &entry);
        Ok(())
    })
}

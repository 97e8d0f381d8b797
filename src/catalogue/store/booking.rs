//! A run as somebody is about to book it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{SessionRow, places};
use crate::catalogue::model::{Audience, RunForBooking, RunStatus, VenueForBooking};
use crate::catalogue::rules;
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

#[derive(sqlx::FromRow)]
struct Row {
    run_id: Uuid,
    course_id: Uuid,
    title: String,
    audience: String,
    topic: String,
    status: String,
    volunteers_only: bool,
    capacity: i64,
    places_taken: i64,
    places_held: i64,
    sequence: i64,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    place_note: Option<String>,
    join_link: Option<String>,
    room: Option<String>,
    tutor_full_name: Option<String>,
    tutor_known_as: Option<String>,
    #[sqlx(flatten)]
    venue: VenueRow,
}

#[derive(sqlx::FromRow)]
struct VenueRow {
    venue_slug: Option<String>,
    venue_name: Option<String>,
    address_1: Option<String>,
    address_2: Option<String>,
    town: Option<String>,
    postcode: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    short_access: Option<String>,
}

impl VenueRow {
    fn known(self) -> Option<VenueForBooking> {
        Some(VenueForBooking {
            slug: self.venue_slug?,
            name: self.venue_name?,
            address_1: self.address_1?,
            address_2: self.address_2,
            town: self.town?,
            postcode: self.postcode?,
            latitude: self.latitude?,
            longitude: self.longitude?,
            short_access: self.short_access?,
        })
    }
}

/// The run `run` (its short word or its id) of the published course `slug`, read now. Drafts are not there.
///
/// # Errors
/// When the database does not answer.
pub async fn run_for_booking(db: &Db, slug: &str, run: &str) -> Result<Option<RunForBooking>> {
    let ids: Vec<Uuid> = read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT run.id FROM course JOIN run ON run.course_id = course.id \
             WHERE course.slug = $1 AND course.status = 'published' AND run.status <> 'draft'",
        )
        .bind(slug)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let wanted = Uuid::try_parse(run).ok();
    let Some(id) = ids
        .into_iter()
        .find(|id| Some(*id) == wanted || rules::run_code(*id) == run)
    else {
        return Ok(None);
    };
    let row: Option<Row> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id AS run_id, run.course_id, course.title, course.audience, topic.name AS topic, \
                    run.status, run.volunteers_only, run.capacity, run.places_taken, run.places_held, \
                    run.sequence, run.starts_at, run.ends_at, run.place_note, run.join_link, \
                    room.name AS room, tutor.full_name AS tutor_full_name, tutor.known_as AS tutor_known_as, \
                    venue.slug AS venue_slug, venue.name AS venue_name, venue.address_1, venue.address_2, \
                    venue.town, venue.postcode, venue.latitude, venue.longitude, venue.short_access \
             FROM run JOIN course ON course.id = run.course_id JOIN topic ON topic.id = course.topic_id \
             LEFT JOIN venue ON venue.id = run.venue_id LEFT JOIN room ON room.id = run.room_id \
             LEFT JOIN tutor ON tutor.id = run.tutor_id WHERE run.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let sessions: Vec<SessionRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT run_id, id, starts_at, ends_at, theme, note FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(row.map(|row| RunForBooking {
        run_id: row.run_id,
        code: rules::run_code(row.run_id),
        course_id: row.course_id,
        course_slug: slug.to_owned(),
        course_title: row.title,
        audience: Audience::of(&row.audience).unwrap_or(Audience::Everyone),
        topic: row.topic,
        status: RunStatus::of(&row.status),
        volunteers_only: row.volunteers_only || row.audience == Audience::Volunteers.slug(),
        capacity: places(row.capacity),
        taken: places(row.places_taken),
        held: places(row.places_held),
        sequence: row.sequence,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        venue: row.venue.known(),
        room: row.room,
        place_note: row.place_note,
        join_link: row.join_link,
        tutor_full_name: row.tutor_full_name,
        tutor_known_as: row.tutor_known_as,
        sessions: sessions.into_iter().map(Into::into).collect(),
    }))
}

//! SQL of the catalogue.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{
    Audience, Catalogue, Course, Elsewhere, Run, RunStatus, Session, Topic, Tutor, Venue,
};
use super::{prose, rules};
use crate::bookings::rules::LAST_CALL;
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

/// Runs are kept in memory for this long after their last session.
const AFTERWARDS: TimeDelta = TimeDelta::days(62);

/// Run inside a transaction that changes what the public pages show, it says that it does. Bookings need not: places are
/// read afresh.
pub const TOUCH: &str = "UPDATE catalogue_version SET version = version + 1 WHERE id = 1";

/// What changes all the time: the version, and the places left of each run that can be booked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// The catalogue's version.
    pub version: i64,
    /// Places left, by run.
    pub left: HashMap<Uuid, u32>,
}

#[derive(sqlx::FromRow)]
struct PulseRow {
    version: i64,
    id: Option<Uuid>,
    places_left: Option<i64>,
}

/// The pulse, in one query on an index.
///
/// # Errors
/// When the database does not answer.
pub async fn pulse(db: &Db, now: DateTime<Utc>) -> Result<Pulse> {
    let rows: Vec<PulseRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT v.version, run.id, CASE WHEN run.waiting > 0 AND run.starts_at > $2 THEN 0 \
                    ELSE run.capacity - run.places_taken - run.places_held END AS places_left \
             FROM catalogue_version v LEFT JOIN run ON COALESCE(run.join_until, run.starts_at) > $1 AND run.status = 'open' \
             WHERE v.id = 1",
        )
        .bind(now)
        .bind(now + LAST_CALL)
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(Pulse {
        version: rows.first().map_or(0, |row| row.version),
        left: rows
            .into_iter()
            .filter_map(|row| Some((row.id?, places(row.places_left?))))
            .collect(),
    })
}

/// A count from the database, which checks that it is not below zero.
pub(super) fn places(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

/// Reads everything that is published, in four queries. `version` is the one seen before: if something changes
/// meanwhile, the next pulse shows a higher one and it is read again.
///
/// # Errors
/// When the database does not answer.
pub async fn catalogue(db: &Db, version: i64, now: DateTime<Utc>) -> Result<Catalogue> {
    let since = now - AFTERWARDS;
    let courses: Vec<CourseRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT course.id, course.slug, course.title, course.audience, course.summary, course.lead, \
                    course.description, course.who_for, course.not_for, course.easy_read, course.updated_at, \
                    topic.slug AS topic_slug, topic.name AS topic_name, topic.art AS topic_art, \
                    topic.position AS topic_position, visit.icon, visit.strong, visit.words \
             FROM course JOIN topic ON topic.id = course.topic_id \
             LEFT JOIN course_first_visit visit ON visit.course_id = course.id \
             WHERE course.status = 'published' ORDER BY course.slug, visit.position",
        )
        .fetch_all(&mut *c)
        .await?)
    })?;
    let runs: Vec<RunRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id, run.course_id, run.venue_id, run.status, run.volunteers_only, run.capacity, \
                    run.starts_at, COALESCE(run.join_until, run.starts_at) AS joins_until, run.ends_at, run.place_note, run.sequence, run.updated_at, \
                    room.name AS room, tutor.known_as, tutor.about \
             FROM run LEFT JOIN room ON room.id = run.room_id LEFT JOIN tutor ON tutor.id = run.tutor_id \
             WHERE run.ends_at > $1 AND run.status <> 'draft' ORDER BY run.starts_at, run.id",
        )
        .bind(since)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let sessions: Vec<SessionRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT session.run_id, session.id, session.starts_at, session.ends_at, session.theme, session.note, \
                    session.elsewhere, session.venue_id, room.name AS room, tutor.known_as \
             FROM run JOIN session ON session.run_id = run.id LEFT JOIN room ON room.id = session.room_id \
             LEFT JOIN session_tutor ON session_tutor.session_id = session.id AND session_tutor.instead \
             LEFT JOIN tutor ON tutor.id = session_tutor.tutor_id \
             WHERE run.ends_at > $1 AND run.status <> 'draft' ORDER BY session.run_id, session.position",
        )
        .bind(since)
        .fetch_all(&mut *c)
        .await?)
    })?;
    // Read last: the venue of a run or session that was read is among them.
    let venues: Vec<VenueRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT venue.id, venue.slug, venue.name, venue.address_1, venue.address_2, venue.town, \
                    venue.postcode, venue.latitude, venue.longitude, venue.short_access, venue.travel, \
                    venue.about, fact.icon, fact.words \
             FROM venue LEFT JOIN venue_fact fact ON fact.venue_id = venue.id \
             ORDER BY venue.slug, fact.position",
        )
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(join(version, courses, venues, runs, sessions))
}

#[derive(sqlx::FromRow)]
struct CourseRow {
    id: Uuid,
    slug: String,
    title: String,
    audience: String,
    summary: String,
    lead: String,
    description: String,
    who_for: String,
    not_for: Option<String>,
    easy_read: Option<String>,
    updated_at: DateTime<Utc>,
    topic_slug: String,
    topic_name: String,
    topic_art: String,
    topic_position: i64,
    icon: Option<String>,
    strong: Option<String>,
    words: Option<String>,
}

#[derive(sqlx::FromRow)]
struct VenueRow {
    id: Uuid,
    slug: String,
    name: String,
    address_1: String,
    address_2: Option<String>,
    town: String,
    postcode: String,
    latitude: f64,
    longitude: f64,
    short_access: String,
    travel: String,
    about: Option<String>,
    icon: Option<String>,
    words: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: Uuid,
    course_id: Uuid,
    venue_id: Option<Uuid>,
    status: String,
    volunteers_only: bool,
    capacity: i64,
    starts_at: DateTime<Utc>,
    joins_until: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    place_note: Option<String>,
    sequence: i64,
    updated_at: DateTime<Utc>,
    room: Option<String>,
    known_as: Option<String>,
    about: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    run_id: Uuid,
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    theme: Option<String>,
    note: Option<String>,
    elsewhere: bool,
    venue_id: Option<Uuid>,
    room: Option<String>,
    known_as: Option<String>,
}

impl SessionRow {
    /// The session; none when its venue was taken away meanwhile.
    fn session(self, venue_at: &HashMap<Uuid, usize>) -> Option<Session> {
        let venue = self.venue_id.and_then(|id| venue_at.get(&id).copied());
        if venue.is_some() != self.venue_id.is_some() {
            return None;
        }
        Some(Session {
            id: self.id,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            theme: self.theme,
            note: self.note,
            at: self.elsewhere.then_some(Elsewhere {
                venue,
                room: self.room,
            }),
            tutor: self.known_as,
        })
    }
}

/// Puts the rows together. A row whose other half was deleted meanwhile is left out.
fn join(
    version: i64,
    courses: Vec<CourseRow>,
    venues: Vec<VenueRow>,
    runs: Vec<RunRow>,
    sessions: Vec<SessionRow>,
) -> Catalogue {
    let venues = join_venues(venues);
    let venue_at: HashMap<Uuid, usize> = venues
        .iter()
        .enumerate()
        .map(|(at, venue)| (venue.id, at))
        .collect();
    let mut topics = topics(&courses);
    topics.sort_by(|a, b| (a.position, &a.slug).cmp(&(b.position, &b.slug)));
    let mut meetings: HashMap<Uuid, Vec<Session>> = HashMap::new();
    for row in sessions {
        let run_id = row.run_id;
        let session = row.session(&venue_at);
        meetings.entry(run_id).or_default().extend(session);
    }
    let mut offered: HashMap<Uuid, Vec<Run>> = HashMap::new();
    for row in runs {
        let venue = row.venue_id.and_then(|id| venue_at.get(&id).copied());
        let sessions = meetings.remove(&row.id).unwrap_or_default();
        if sessions.is_empty() || venue.is_some() != row.venue_id.is_some() {
            continue;
        }
        offered.entry(row.course_id).or_default().push(Run {
            id: row.id,
            code: rules::run_code(row.id),
            status: RunStatus::of(&row.status),
            volunteers_only: row.volunteers_only,
            capacity: places(row.capacity),
            starts_at: row.starts_at,
            joins_until: row.joins_until,
            ends_at: row.ends_at,
            venue,
            room: row.room,
            place_note: row.place_note,
            tutor: row.known_as.map(|known_as| Tutor {
                known_as,
                about: row.about.unwrap_or_default(),
            }),
            sequence: row.sequence,
            updated_at: row.updated_at,
            sessions,
        });
    }
    let mut joined: Vec<Course> = Vec::new();
    for row in courses {
        if joined.last().is_none_or(|last| last.slug != row.slug) {
            let audience = Audience::of(&row.audience).unwrap_or(Audience::Everyone);
            let mut runs = offered.remove(&row.id).unwrap_or_default();
            // Whom a course is for holds for each of its runs.
            for run in &mut runs {
                run.volunteers_only |= audience == Audience::Volunteers;
            }
            joined.push(Course {
                topic: topics
                    .iter()
                    .position(|t| t.slug == row.topic_slug)
                    .unwrap_or_default(),
                audience,
                slug: row.slug,
                title: row.title,
                summary: row.summary,
                lead: row.lead,
                description: prose::html(&row.description),
                who_for: row.who_for,
                not_for: row.not_for,
                easy_read: row.easy_read.map(|words| prose::html(&words)),
                first_visit: Vec::new(),
                updated_at: row.updated_at,
                runs,
            });
        }
        if let (Some(course), Some(icon), Some(strong), Some(words)) =
            (joined.last_mut(), row.icon, row.strong, row.words)
        {
            course.first_visit.push((icon, strong, words));
        }
    }
    Catalogue {
        version,
        topics,
        venues,
        courses: joined,
    }
}

fn topics(courses: &[CourseRow]) -> Vec<Topic> {
    let mut topics = BTreeMap::new();
    for row in courses {
        topics.entry(&row.topic_slug).or_insert_with(|| Topic {
            slug: row.topic_slug.clone(),
            name: row.topic_name.clone(),
            art: row.topic_art.clone(),
            position: row.topic_position,
        });
    }
    topics.into_values().collect()
}

fn join_venues(rows: Vec<VenueRow>) -> Vec<Venue> {
    let mut venues: Vec<Venue> = Vec::new();
    for row in rows {
        if venues.last().is_none_or(|last| last.id != row.id) {
            venues.push(Venue {
                id: row.id,
                slug: row.slug,
                name: row.name,
                address_1: row.address_1,
                address_2: row.address_2,
                town_slug: rules::slug(&row.town),
                town: row.town,
                postcode: row.postcode,
                latitude: row.latitude,
                longitude: row.longitude,
                short_access: row.short_access,
                travel: row.travel,
                about: row.about,
                facts: Vec::new(),
            });
        }
        if let (Some(venue), Some(icon), Some(words)) = (venues.last_mut(), row.icon, row.words) {
            venue.facts.push((icon, words));
        }
    }
    venues.sort_by(|a, b| a.name.cmp(&b.name));
    venues
}

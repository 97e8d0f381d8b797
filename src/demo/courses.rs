//! The catalogue as rows.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::catalogue::{Catalogue, Course, Planned, Venue};
use super::rows::Rows;
use crate::demo_row;
use crate::server::{Error, Result, random};

/// Ids of what others point to, by slug.
#[derive(Default)]
struct Ids {
    topics: HashMap<String, Uuid>,
    venues: HashMap<String, Uuid>,
    rooms: HashMap<(String, String), Uuid>,
    tutors: HashMap<String, Uuid>,
}

fn found<K: std::hash::Hash + Eq + std::fmt::Debug>(
    ids: &HashMap<K, Uuid>,
    key: &K,
) -> Result<Uuid> {
    ids.get(key).copied().ok_or_else(|| {
        Error::Other(format!(
            "demo/catalogue.toml names {key:?}, which is not there"
        ))
    })
}

/// Adds the whole catalogue to `rows` and says which runs there are.
///
/// # Errors
/// When the catalogue names something that is not in it.
pub fn add(
    catalogue: &Catalogue,
    today: NaiveDate,
    now: DateTime<Utc>,
    rows: &mut Rows,
) -> Result<Vec<Planned>> {
    let mut ids = Ids::default();
    for (position, topic) in (1_i64..).zip(&catalogue.topic) {
        let id = random::id(now)?;
        demo_row!(
            rows,
            "INSERT INTO topic (id, slug, name, art, position) VALUES ($1, $2, $3, $4, $5)",
            id,
            &*topic.slug,
            &*topic.name,
            &*topic.art,
            position,
        );
        ids.topics.insert(topic.slug.clone(), id);
    }
    for venue in &catalogue.venue {
        add_venue(venue, now, &mut ids, rows)?;
    }
    for tutor in &catalogue.tutor {
        let id = random::id(now)?;
        demo_row!(
            rows,
            "INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, $2, $3, $4, $5)",
            id,
            &*tutor.slug,
            &*tutor.full_name,
            &*tutor.known_as,
            &*tutor.about,
        );
        ids.tutors.insert(tutor.slug.clone(), id);
    }
    let mut planned = Vec::new();
    for (at, course) in catalogue.course.iter().enumerate() {
        let id = add_course(course, &ids, now, rows)?;
        for run in 0..course.run.len() {
            let plan = Planned {
                id: random::id(now)?,
                course: at,
                run,
                sessions: course.run[run].dates(today)?,
            };
            add_run(course, id, &plan, &ids, now, rows)?;
            planned.push(plan);
        }
    }
    demo_row!(
        rows,
        "UPDATE catalogue_version SET version = version + $1",
        1_i64
    );
    Ok(planned)
}

fn add_venue(venue: &Venue, now: DateTime<Utc>, ids: &mut Ids, rows: &mut Rows) -> Result<()> {
    let id = random::id(now)?;
    demo_row!(
        rows,
        "INSERT INTO venue (id, slug, name, address_1, address_2, town, postcode, latitude, longitude, \
                            short_access, travel, about) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id,
        &*venue.slug,
        &*venue.name,
        &*venue.address_1,
        venue.address_2.clone(),
        &*venue.town,
        &*venue.postcode,
        venue.latitude,
        venue.longitude,
        &*venue.short_access,
        &*venue.travel,
        venue.about.clone(),
    );
    for name in &venue.rooms {
        let room = random::id(now)?;
        demo_row!(
            rows,
            "INSERT INTO room (id, venue_id, name) VALUES ($1, $2, $3)",
            room,
            id,
            &**name,
        );
        ids.rooms.insert((venue.slug.clone(), name.clone()), room);
    }
    for (position, fact) in (1_i64..).zip(&venue.fact) {
        demo_row!(
            rows,
            "INSERT INTO venue_fact (venue_id, position, icon, words) VALUES ($1, $2, $3, $4)",
            id,
            position,
            &*fact.icon,
            &*fact.words,
        );
    }
    ids.venues.insert(venue.slug.clone(), id);
    Ok(())
}

fn add_course(course: &Course, ids: &Ids, now: DateTime<Utc>, rows: &mut Rows) -> Result<Uuid> {
    let id = random::id(now)?;
    demo_row!(
        rows,
        "INSERT INTO course (id, slug, title, topic_id, audience, summary, lead, description, who_for, not_for, \
                             status, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'published', $11, $11)",
        id,
        &*course.slug,
        &*course.title,
        found(&ids.topics, &course.topic)?,
        &*course.audience,
        &*course.summary,
        &*course.lead,
        &*course.description,
        &*course.who_for,
        course.not_for.clone(),
        now,
    );
    for (position, line) in (1_i64..).zip(&course.first_visit) {
        demo_row!(
            rows,
            "INSERT INTO course_first_visit (course_id, position, icon, strong, words) VALUES ($1, $2, $3, $4, $5)",
            id,
            position,
            &*line.icon,
            &*line.strong,
            &*line.words,
        );
    }
    Ok(id)
}

fn add_run(
    course: &Course,
    course_id: Uuid,
    plan: &Planned,
    ids: &Ids,
    now: DateTime<Utc>,
    rows: &mut Rows,
) -> Result<()> {
    let run = &course.run[plan.run];
    let online = run.venue == "online";
    let venue = if online {
        None
    } else {
        Some(found(&ids.venues, &run.venue)?)
    };
    let room = match &run.room {
        Some(name) => Some(found(&ids.rooms, &(run.venue.clone(), name.clone()))?),
        None => None,
    };
    let tutor = match run.tutor.as_ref().or(course.tutor.as_ref()) {
        Some(slug) => Some(found(&ids.tutors, slug)?),
        None => None,
    };
    let join_link =
        online.then(|| format!("https://meet.example.org/{}-{}", course.slug, plan.run + 1));
    // Whoever misses the first of many sessions can still come.
    let second = plan.sessions.get(1).filter(|_| plan.sessions.len() >= 5);
    let by_session = if second.is_some() { 2 } else { 1 };
    let join_until = second.map(|session| session.starts);
    demo_row!(
        rows,
        "INSERT INTO run (id, course_id, tutor_id, venue_id, room_id, join_link, place_note, status, \
                          volunteers_only, capacity, starts_at, ends_at, created_at, updated_at, opened_at, join_by_session, \
                          join_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13, $14, $15)",
        plan.id,
        course_id,
        tutor,
        venue,
        room,
        join_link,
        run.place_note.clone(),
        if run.closed { "closed" } else { "open" },
        run.volunteers_only,
        run.capacity,
        plan.starts_at(),
        plan.ends_at(),
        now,
        i64::from(by_session),
        join_until,
    );
    for (at, session) in plan.sessions.iter().enumerate() {
        demo_row!(
            rows,
            "INSERT INTO session (id, run_id, position, starts_at, ends_at, theme, note) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            random::id(now)?,
            plan.id,
            i64::try_from(at + 1).unwrap_or(i64::MAX),
            session.starts,
            session.ends,
            course.themes.get(at).cloned(),
            session.note.clone(),
        );
    }
    Ok(())
}

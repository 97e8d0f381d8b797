//! The calendar file (RFC 5545) of everything that is public.

use icalendar::{Component as _, Event, EventLike as _, EventStatus};

use super::handlers::Scene;
use super::model::{Course, Run, RunStatus, Session, Venue};
use super::pages::words;
use crate::ui::calendar_file::{self, at};

/// Every session that is not over, of every public run.
pub fn everything(scene: &Scene) -> String {
    let mut calendar = calendar_file::followed(&scene.site.name);
    let courses = &scene.view.catalogue.courses;
    for (course, run) in courses
        .iter()
        .flat_map(|course| course.runs.iter().map(move |run| (course, run)))
    {
        let to_come = run
            .sessions
            .iter()
            .enumerate()
            .filter(|(_, session)| session.ends_at > scene.now);
        for (number, session) in to_come {
            let venue = words::venue_at(&scene.view.catalogue, run, number);
            calendar.push(event(scene, course, run, session, venue));
        }
    }
    calendar_file::text(&calendar)
}

fn event(
    scene: &Scene,
    course: &Course,
    run: &Run,
    session: &Session,
    venue: Option<&Venue>,
) -> Event {
    let url = scene.site.absolute(&words::path_of(course, run));
    let host = scene.site.url.split("://").last().unwrap_or_default();
    let place = venue.map_or_else(
        || "Online".to_owned(),
        |venue| {
            format!(
                "{}, {}, {} {}",
                venue.name, venue.address_1, venue.town, venue.postcode
            )
        },
    );
    let mut about = course.summary.clone();
    if let Some(theme) = &session.theme {
        about = format!("{theme}. {about}");
    }
    let mut event = Event::with_uid(&format!("{}@{host}", session.id.simple()));
    event
        .summary(&course.title)
        .description(&format!("{about} Free. {url}"))
        .location(&place)
        .starts(at(session.starts_at))
        .ends(at(session.ends_at))
        .timestamp(run.updated_at)
        .sequence(u32::try_from(run.sequence).unwrap_or_default())
        .url(&url)
        .status(if run.status == RunStatus::Cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
    event.done()
}

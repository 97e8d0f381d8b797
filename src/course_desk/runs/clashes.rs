//! What a room or a tutor is wanted for by other runs, when a session is moved or added, or place or tutor change. It is said
//! before anything is kept, and stops nobody.

use uuid::Uuid;

use super::add::{self, Busy, Clash, Led};
use super::model::Run;
use crate::bookings::changes::{Change, Elsewhere};
use crate::bookings::store::Session;
use crate::catalogue::series::Meeting;
use crate::registers::planning::StandIn;
use crate::server::{App, Result};

/// What speaks against a change.
pub struct Found {
    pub clashes: Vec<Clash>,
    /// Rooms instead of one that is taken, in words.
    pub rooms: Vec<String>,
}

/// What speaks against these changes of a run.
pub async fn of(app: &App, run: &Run, changes: &[Change]) -> Result<Found> {
    let now = app.clock.now();
    let mut own = add::led(app, run.starts_at, run.ends_at).await?;
    own.retain(|session| session.run_id == run.id && session.starts_at > now);
    let planned = planned(run, own, changes);
    let others = others(app, run.id, &planned).await?;
    let clashes = clashes(&planned, &others);
    let taken = clashes.iter().find(|clash| clash.of_room);
    let rooms = match taken.and_then(|clash| clash.with.room_id) {
        Some(room) => rooms(app, run, room, &planned, &others).await?,
        None => Vec::new(),
    };
    Ok(Found { clashes, rooms })
}

/// What those who stand in lead elsewhere at the same time, in sessions to come: the name, and what it is.
pub async fn of_stand_ins(
    app: &App,
    run: &Run,
    sessions: &[Session],
    stand_ins: &[StandIn],
) -> Result<Vec<(String, Vec<Clash>)>> {
    let now = app.clock.now();
    let to_come = stand_ins.iter().filter_map(|one| {
        let own = |session: &&Session| session.id == one.session_id && session.starts_at > now;
        let session = sessions.iter().find(own)?;
        Some((one.name.clone(), led_by(run, session, one.tutor_id)))
    });
    let (names, planned): (Vec<String>, Vec<Led>) = to_come.unzip();
    let others = others(app, run.id, &planned).await?;
    let found = names.into_iter().zip(&planned).map(|(name, own)| {
        let clashes = clashes(std::slice::from_ref(own), &others);
        (name, clashes)
    });
    Ok(found.filter(|(_, clashes)| !clashes.is_empty()).collect())
}

/// A session of a run as whoever stands in sees it: the room is not theirs to mind.
fn led_by(run: &Run, session: &Session, tutor: Uuid) -> Led {
    Led {
        session_id: session.id,
        run_id: run.id,
        title: run.title.clone(),
        starts_at: session.starts_at,
        ends_at: session.ends_at,
        room_id: None,
        leads: Some(tutor),
        beside: Vec::new(),
    }
}

/// The sessions that the changes concern, as they would be.
fn planned(run: &Run, own: Vec<Led>, changes: &[Change]) -> Vec<Led> {
    let is_concerned = |session: &Led| {
        changes
            .iter()
            .any(|change| concerns(change, session.session_id))
    };
    let mut all: Vec<Led> = own.into_iter().filter(is_concerned).collect();
    for change in changes {
        for session in &mut all {
            put(run, change, session);
        }
        if let Change::Add { starts_at, ends_at } = change {
            all.push(Led {
                session_id: Uuid::nil(),
                run_id: run.id,
                title: run.title.clone(),
                starts_at: *starts_at,
                ends_at: *ends_at,
                room_id: run.room_id,
                leads: run.tutor_id,
                beside: Vec::new(),
            });
        }
    }
    all
}

/// Whether a session is at another time, somewhere else or led by others then.
fn concerns(change: &Change, id: Uuid) -> bool {
    match change {
        Change::Move { session, .. }
        | Change::SessionPlace { session, .. }
        | Change::SessionTutor { session, .. } => *session == id,
        Change::Place(_) | Change::Tutor(_) => true,
        Change::Add { .. } | Change::Drop { .. } => false,
    }
}

/// Puts a session where, when and with whom it would be.
fn put(run: &Run, change: &Change, own: &mut Led) {
    match change {
        Change::Move {
            session,
            starts_at,
            ends_at,
        } if *session == own.session_id => {
            own.starts_at = *starts_at;
            own.ends_at = *ends_at;
        }
        Change::Place(place) => own.room_id = place.and_then(|place| place.room),
        // Whoever leads one session instead of the run's tutor still does.
        Change::Tutor(tutor) if own.leads == run.tutor_id => own.leads = *tutor,
        Change::SessionPlace { session, place } if *session == own.session_id => {
            own.room_id = match place {
                None => run.room_id,
                Some(Elsewhere::Online) => None,
                Some(Elsewhere::There(place)) => place.room,
            };
        }
        Change::SessionTutor { session, tutor } if *session == own.session_id => {
            own.leads = tutor.or(run.tutor_id);
        }
        _ => {}
    }
}

/// The sessions of other runs from the first of these to the last.
async fn others(app: &App, run_id: Uuid, planned: &[Led]) -> Result<Vec<Led>> {
    let first = planned.iter().map(|session| session.starts_at).min();
    let last = planned.iter().map(|session| session.ends_at).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Vec::new());
    };
    let mut others = add::led(app, first, last).await?;
    others.retain(|other| other.run_id != run_id);
    Ok(others)
}

/// What the rooms and tutors of these sessions are wanted for at the same time, in order.
fn clashes(planned: &[Led], others: &[Led]) -> Vec<Clash> {
    let mut all = Vec::new();
    for own in planned {
        let at_once = |other: &&Led| other.starts_at < own.ends_at && own.starts_at < other.ends_at;
        for other in others.iter().filter(at_once) {
            let shared = own
                .tutors()
                .find(|tutor| other.tutors().any(|one| one == *tutor));
            let of_room = own.room_id.is_some() && other.room_id == own.room_id;
            if of_room || shared.is_some() {
                all.push(Clash {
                    with: other.as_seen_by(shared),
                    of_room,
                });
            }
        }
    }
    all
}

/// Rooms instead of one that is taken: free whenever these sessions would be in it.
async fn rooms(
    app: &App,
    run: &Run,
    taken: Uuid,
    planned: &[Led],
    others: &[Led],
) -> Result<Vec<String>> {
    let spots = add::spots(app).await?;
    let Some(chosen) = spots.iter().find(|spot| spot.room_id == Some(taken)) else {
        return Ok(Vec::new());
    };
    let meetings: Vec<Meeting> = planned
        .iter()
        .filter(|session| session.room_id == Some(taken))
        .map(|session| Meeting {
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            missed: Vec::new(),
        })
        .collect();
    let busy: Vec<Busy> = others.iter().map(|other| other.as_seen_by(None)).collect();
    let rooms = add::rooms_instead(chosen, run.capacity, &meetings, &spots, &busy);
    Ok(rooms.into_iter().map(add::Spot::words).collect())
}

//! One session that is somewhere else than its run, or led by somebody else: what is chosen, and what speaks against it.

use leptos::prelude::*;
use uuid::Uuid;

use super::add::{self, Clash, Spot};
use super::choose::{self, ONLINE, place_value};
use super::model::{Named, Run};
use super::store;
use crate::bookings::changes::{Change, Elsewhere, Place};
use crate::bookings::store::Session;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The choice that is the run's own place, or its own tutor.
const AS_THE_RUN: &str = "run";

/// A session with what there is to choose from.
pub struct Known {
    pub session: Session,
    spots: Vec<Spot>,
    tutors: Vec<Named>,
}

/// Reads it.
pub async fn known(app: &App, session: Session) -> Result<Known> {
    Ok(Known {
        session,
        spots: add::spots(app).await?,
        tutors: store::tutors(app).await?,
    })
}

/// The form as it is.
pub async fn as_it_is(app: &App, session: &Session) -> Result<FormState> {
    let own = store::own(app, session.id).await?;
    let place = if own.elsewhere {
        place_value(own.venue_id, own.room_id)
    } else {
        AS_THE_RUN.to_owned()
    };
    let tutor = own.tutor_id.map(|id| id.to_string());
    Ok(FormState::filled([
        ("place", place),
        ("tutor", tutor.unwrap_or_else(|| AS_THE_RUN.to_owned())),
    ]))
}

impl Known {
    /// What was chosen, as changes.
    pub fn changes(&self, check: &mut Check, run: &Run) -> Option<Vec<Change>> {
        let place = self.place(check, run);
        let tutor = self.tutor(check, run);
        let session = self.session.id;
        Some(vec![
            Change::SessionPlace {
                session,
                place: place?,
            },
            Change::SessionTutor {
                session,
                tutor: tutor?,
            },
        ])
    }

    #[expect(
        clippy::option_option,
        reason = "nothing was chosen, the run's own place, or another"
    )]
    fn place(&self, check: &mut Check, run: &Run) -> Option<Option<Elsewhere>> {
        let values: Vec<String> = self.spots.iter().map(Spot::value).collect();
        let mut names: Vec<&str> = values.iter().map(String::as_str).collect();
        names.extend([AS_THE_RUN, ONLINE]);
        let chosen = check.choice("place", "Choose where it is", &names)?;
        if chosen == AS_THE_RUN || chosen == place_value(run.venue_id, run.room_id) {
            return Some(None);
        }
        let Some(spot) = self.spots.iter().find(|spot| spot.value() == chosen) else {
            if run.join_link.is_none() {
                let sentence = "Nobody could join: there is no link yet. Write it under “Hire, numbers and how to find it” first";
                check.error("place", sentence);
            }
            return Some(Some(Elsewhere::Online));
        };
        if let Some(holds) = spot.capacity.filter(|holds| *holds < run.capacity) {
            let sentence = format!(
                "This room holds {holds}, and the run has {} places. Choose another",
                run.capacity
            );
            check.error("place", sentence);
        }
        Some(Some(Elsewhere::There(Place {
            venue: spot.venue_id,
            room: spot.room_id,
        })))
    }

    #[expect(
        clippy::option_option,
        reason = "nothing was chosen, the run's own tutor, or another"
    )]
    fn tutor(&self, check: &mut Check, run: &Run) -> Option<Option<Uuid>> {
        let ids: Vec<String> = self.tutors.iter().map(|one| one.id.to_string()).collect();
        let mut names: Vec<&str> = ids.iter().map(String::as_str).collect();
        names.push(AS_THE_RUN);
        let chosen = check.choice("tutor", "Choose who leads it", &names)?;
        let chosen = Uuid::try_parse(chosen).ok();
        Some(chosen.filter(|_| chosen != run.tutor_id))
    }

    /// The fields.
    pub fn fields(&self, form: &FormState, run: &Run) -> AnyView {
        let mut places = vec![Choice::new(
            AS_THE_RUN,
            format!("Where the run is: {}", run.place()),
        )];
        places.extend(choose::places(&self.spots));
        let tutor = run.tutor.as_deref().unwrap_or("not known yet");
        let mut tutors = vec![Choice::new(AS_THE_RUN, format!("The run’s tutor: {tutor}"))];
        tutors.extend(
            self.tutors
                .iter()
                .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
        );
        view! {
            <Select form=form name="place" label=Label::bold("Where is this session?") choices=places />
            <Select form=form name="tutor" label=Label::bold("Who leads it?") choices=tutors
                hint="Whoever leads it sees the list of this session" />
        }
        .into_any()
    }

    /// What the room or the tutor is wanted for at the same time. None of it stops anybody.
    pub async fn clashes(&self, app: &App, run: &Run, changes: &[Change]) -> Result<Vec<Clash>> {
        let (mut room, mut leads) = (run.room_id, run.tutor_id);
        for change in changes {
            match change {
                Change::SessionPlace {
                    place: Some(elsewhere),
                    ..
                } => room = elsewhere.place().and_then(|place| place.room),
                Change::SessionTutor { tutor, .. } => leads = tutor.or(leads),
                _ => {}
            }
        }
        let Session {
            starts_at, ends_at, ..
        } = self.session;
        let led = add::led(app, starts_at, ends_at).await?;
        Ok(led
            .iter()
            .filter(|other| other.run_id != run.id)
            .filter(|other| other.starts_at < ends_at && starts_at < other.ends_at)
            .map(|other| Clash {
                with: other.as_seen_by(leads),
                of_room: room.is_some() && other.room_id == room,
            })
            .filter(|clash| clash.of_room || clash.with.of_tutor)
            .collect())
    }
}

/// The same, said before anything is changed.
pub fn against(clashes: &[Clash]) -> Option<AnyView> {
    (!clashes.is_empty()).then(|| {
        let lines = add::clash_lines(clashes);
        view! {
            <Notice title="Something else is on at the same time" kind=NoticeKind::Bad>
                <ul>{lines}</ul>
            </Notice>
        }
        .into_any()
    })
}

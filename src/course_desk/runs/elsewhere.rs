//! One session that is somewhere else than its run, or led by somebody else: what is chosen.

use leptos::prelude::*;
use uuid::Uuid;

use super::add::{self, Spot};
use super::choose::{self, ONLINE, place_value};
use super::model::{Named, Run};
use super::store;
use crate::bookings::changes::{Change, Elsewhere, Place};
use crate::bookings::store::Session;
use crate::server::{App, Result};
use crate::ui::form::*;

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
}

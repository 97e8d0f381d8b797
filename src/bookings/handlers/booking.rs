//! The page where a run is booked.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::messages;
use crate::accounts::model::Who;
use crate::accounts::{SignedIn, Visitor};
use crate::bookings::holds::Kept;
use crate::bookings::model::{BookOutcome, Choices, RemindBy, Request};
use crate::bookings::pages::refused::Asking;
use crate::bookings::pages::{check, note, refused};
use crate::bookings::store::{self, Clash, Offer, Person, Run};
use crate::bookings::{engine, rules, waiting};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random::Secret;
use crate::server::{App, Error, Result};
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};

/// Everything that the check page and its form look at.
struct Scene {
    offer: Offer,
    others: Vec<Run>,
    people: Vec<Person>,
    kept: Option<Kept>,
    clashes: Vec<Clash>,
}

impl Scene {
    async fn load(app: &App, offer: Offer, others: Vec<Run>, who: &Who) -> Result<Self> {
        let now = app.clock.now();
        let since = now - rules::LAPSE_TOLD;
        let booker =
            store::booker(&app.db, who.person_id, who.account_id, offer.run.id, since).await?;
        let booker = booker.ok_or_else(|| Error::Other("an account without a person".into()))?;
        let people = vec![booker.person];
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        let clashes = store::clashes(&app.db, &ids, offer.run.id, now).await?;
        let kept = booker.held_until.map(|until| Kept::at(until, now));
        Ok(Self {
            offer,
            others,
            people,
            kept,
            clashes,
        })
    }

    /// Why the form need not even be shown.
    fn refusal(&self, app: &App, who: &Who) -> Option<BookOutcome> {
        if let Some(own) = self
            .clashes
            .iter()
            .find(|clash| clash.run_id == self.offer.run.id)
        {
            return Some(BookOutcome::AlreadyBooked(own.booked.clone()));
        }
        let run = &self.offer.run;
        let state = rules::RunState {
            status: &run.status,
            starts_at: run.starts_at,
            volunteers_only: run.volunteers_only,
            audience: &run.audience,
        };
        let asking = rules::Asking {
            verified: who.verified,
            volunteer: who.volunteer,
            born: self.people.iter().filter_map(Person::born).collect(),
        };
        let alone = self.people.iter().any(|p| p.lacks_guardian(run.starts_at));
        let refusal = rules::refusal(&state, &asking, app.clock.now());
        refusal
            .or(alone.then_some(BookOutcome::NeedsGuardian))
            .or_else(|| {
                let own = i64::from(matches!(self.kept, Some(Kept::Until(_))));
                (self.offer.run.free(app.clock.now()) + own == 0).then_some(BookOutcome::Full)
            })
    }

    fn refused(&self, app: &App, who: &Who, outcome: &BookOutcome) -> (StatusCode, String) {
        let asking = Asking {
            email: Some(&who.email),
            kept: self.kept,
        };
        refused::refused(app, &self.offer, &self.others, outcome, asking)
    }

    fn other_place(&self) -> Option<&Clash> {
        self.clashes
            .iter()
            .find(|clash| clash.run_id != self.offer.run.id)
    }

    fn page(&self, app: &App, form: FormState, key: String) -> String {
        check::check(
            app,
            check::Check {
                offer: &self.offer,
                others: &self.others,
                people: &self.people,
                kept: self.kept,
                clash: self.other_place(),
                form,
                key,
            },
        )
    }
}

/// Shows the check page, or why this run cannot be booked.
pub async fn show(
    visitor: Visitor,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(who) = visitor.who() else {
        return Ok(stranger(&app, &offer, &others));
    };
    if offer.run.has_list
        && let Some(id) =
            waiting::store::of_person(&app.db, offer.run.id, who.person_id, who.account_id).await?
    {
        return Ok(see(&waiting::entry_path(id)));
    }
    let scene = Scene::load(&app, offer, others, who).await?;
    if let Some(outcome) = scene.refusal(&app, who) {
        let (_, html) = scene.refused(&app, who, &outcome);
        return Ok(page(StatusCode::OK, Keep::Journey, html));
    }
    let form = scene
        .people
        .first()
        .map_or_else(FormState::empty, messages::filled);
    let key = Secret::new()?.text().to_owned();
    Ok(page(
        StatusCode::OK,
        Keep::Journey,
        scene.page(&app, form, key),
    ))
}

/// For somebody who is not signed in: what stands in the way for everybody, or else where to sign in or up; the
/// choice is kept either way.
fn stranger(app: &App, offer: &Offer, others: &[Run]) -> Response {
    let state = rules::RunState {
        status: &offer.run.status,
        starts_at: offer.run.starts_at,
        volunteers_only: false,
        audience: "everyone",
    };
    let asking = rules::Asking {
        verified: true,
        volunteer: true,
        born: Vec::new(),
    };
    let outcome = rules::refusal(&state, &asking, app.clock.now())
        .or_else(|| (offer.run.free(app.clock.now()) == 0).then_some(BookOutcome::Full));
    match outcome {
        Some(outcome) => {
            let (_, html) = refused::refused(app, offer, others, &outcome, Asking::default());
            page(StatusCode::OK, Keep::Journey, html)
        }
        None => see(&format!("/sign-up?run={}", offer.run.id)),
    }
}

/// Books. The form of somebody who was signed out by time meanwhile is kept for them.
pub async fn send(
    signed_in: SignedIn,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let who = signed_in.who();
    let scene = Scene::load(&app, offer, others, who).await?;
    let key = submitted.line(FORM_KEY);
    if key.len() < 16 || key.len() > 100 {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    let note = note_of(&app, &mut check);
    let (remind, name_course) = messages::chosen(&mut check);
    if scene.other_place().is_some() {
        check.must_tick(
            "overlap",
            "Tick to show you know these are at the same time, or choose another date",
        );
    }
    let form = check.finish();
    if form.has_errors() {
        return Ok(page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Keep::Journey,
            scene.page(&app, form, key),
        ));
    }
    let form_key = app.vault.mac(
        "booking-form",
        &[
            who.account_id.as_bytes(),
            scene.offer.run.id.as_bytes(),
            key.as_bytes(),
            note.as_deref().unwrap_or_default().as_bytes(),
            remind.map_or("", RemindBy::name).as_bytes(),
            &[u8::from(name_course == Some(true))],
        ],
    );
    let request = Request {
        volunteer: who.volunteer,
        verified: who.verified,
        choices: Choices {
            access_note: note,
            remind_by: remind,
            name_course,
            each_session: None,
        },
        ..Request::website(scene.offer.run.id, who.account_id, who.person_id, form_key)
    };
    match engine::book_with(&app, &request, &scene.offer, &scene.people).await? {
        BookOutcome::Booked(booked) | BookOutcome::AwaitingGuardian(booked) => {
            changed(&app);
            Ok(see(&format!(
                "/account/bookings/{}/booked",
                booked.reference
            )))
        }
        BookOutcome::NoSuchRun => Ok(Refusal::NotFound.into_response()),
        outcome => {
            let (status, html) = scene.refused(&app, who, &outcome);
            Ok(page(status, Keep::Journey, html))
        }
    }
}

/// What would help them, if they wrote something.
pub(super) fn note_of(app: &App, check: &mut Check<'_>) -> Option<String> {
    let note = check.optional_long_text(note::FIELD);
    let too_long = note
        .as_ref()
        .is_some_and(|note| note.chars().count() > check::NOTE_LIMIT);
    if too_long {
        let words = format!(
            "Use 1,000 letters or fewer. You can tell us more on {}",
            app.config.phone()
        );
        check.error(note::FIELD, words);
    }
    note
}

/// Places were taken or given back: the message goes now, and the next page counts anew.
pub(super) fn changed(app: &App) {
    app.messages.wake();
    app.catalogue.places_changed();
}

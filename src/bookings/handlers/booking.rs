//! The page where a run is booked.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::accounts::Visitor;
use crate::accounts::model::Who;
use crate::bookings::holds::{self, Holder, Kept};
use crate::bookings::model::{BookOutcome, Choices, RemindBy, Request};
use crate::bookings::pages::{check, refused};
use crate::bookings::store::{self, Clash, Offer, Person, Run};
use crate::bookings::{engine, pages, rules};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random::Secret;
use crate::server::{App, Error, Result};
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};

/// Everything that the check page and its form look at.
struct Scene {
    offer: Offer,
    others: Vec<Run>,
    person: Person,
    kept: Option<Kept>,
    clashes: Vec<Clash>,
}

impl Scene {
    async fn load(app: &App, offer: Offer, others: Vec<Run>, who: &Who) -> Result<Self> {
        let mut people = store::people(&app.db, &[who.person_id]).await?;
        let person = people
            .pop()
            .ok_or_else(|| Error::Other("an account without a person".into()))?;
        let clashes = store::clashes(&app.db, who.person_id, offer.run.id).await?;
        let kept = if offer.run.live_held > 0 {
            let kept = holds::held_by(app, Holder::Account(who.account_id)).await?;
            kept.filter(|kept| kept.run_id == offer.run.id)
        } else {
            None
        };
        Ok(Self {
            offer,
            others,
            person,
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
            born: self.person.born().into_iter().collect(),
        };
        rules::refusal(&state, &asking, app.clock.now()).or_else(|| {
            (self.offer.free() == 0 && self.kept.is_none()).then_some(BookOutcome::Full)
        })
    }

    fn refused(&self, app: &App, who: &Who, outcome: &BookOutcome) -> (StatusCode, String) {
        refused::refused(app, &self.offer, &self.others, outcome, Some(&who.email))
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
                person: &self.person,
                kept: self.kept.clone(),
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
        return Ok(page(
            StatusCode::OK,
            Keep::Journey,
            stranger(&app, &offer, &others),
        ));
    };
    let scene = Scene::load(&app, offer, others, who).await?;
    if let Some(outcome) = scene.refusal(&app, who) {
        let (_, html) = scene.refused(&app, who, &outcome);
        return Ok(page(StatusCode::OK, Keep::Journey, html));
    }
    let mut form = FormState::filled([("remind", scene.person.remind_by.clone())]);
    if scene.person.name_course_in_messages == Some(true) {
        form = form.with("name-course", "yes");
    }
    let key = Secret::new()?.text().to_owned();
    Ok(page(
        StatusCode::OK,
        Keep::Journey,
        scene.page(&app, form, key),
    ))
}

/// For somebody who is not signed in: first what stands in the way for everybody, then sign in or sign up.
fn stranger(app: &App, offer: &Offer, others: &[Run]) -> String {
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
        .or_else(|| (offer.free() == 0).then_some(BookOutcome::Full));
    match outcome {
        Some(outcome) => refused::refused(app, offer, others, &outcome, None).1,
        None => check::who_are_you(app, offer),
    }
}

/// Books.
pub async fn send(
    visitor: Visitor,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(who) = visitor.who() else {
        let path = pages::book_path(&offer.run.slug, offer.run.id);
        let next = percent_encoding::utf8_percent_encode(&path, percent_encoding::NON_ALPHANUMERIC);
        return Ok(see(&format!("/sign-in?next={next}")));
    };
    let scene = Scene::load(&app, offer, others, who).await?;
    let key = submitted.line(FORM_KEY);
    if key.len() < 16 || key.len() > 100 {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    let note = check.optional_long_text("access-note");
    if note
        .as_ref()
        .is_some_and(|note| note.chars().count() > check::NOTE_LIMIT)
    {
        let words = format!(
            "Use 1,000 letters or fewer. You can tell us more on {}",
            app.config.phone()
        );
        check.error("access-note", words);
    }
    let remind = check.choice("remind", "Choose how we should remind you", &RemindBy::ALL);
    let name_course = check.ticked("name-course");
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
    let remind = RemindBy::named(remind.unwrap_or_default());
    let form_key = app.vault.mac(
        "booking-form",
        &[
            who.account_id.as_bytes(),
            scene.offer.run.id.as_bytes(),
            key.as_bytes(),
            note.as_deref().unwrap_or_default().as_bytes(),
            remind.name().as_bytes(),
            &[u8::from(name_course)],
        ],
    );
    let request = Request {
        volunteer: who.volunteer,
        verified: who.verified,
        choices: Choices {
            access_note: note,
            remind_by: Some(remind),
            name_course: Some(name_course),
        },
        ..Request::website(scene.offer.run.id, who.account_id, who.person_id, form_key)
    };
    let people = std::slice::from_ref(&scene.person);
    match engine::book_with(&app, &request, &scene.offer, people).await? {
        BookOutcome::Booked(booked) | BookOutcome::AwaitingGuardian(booked) => Ok(see(&format!(
            "/account/bookings/{}/booked",
            booked.reference
        ))),
        BookOutcome::NoSuchRun => Ok(Refusal::NotFound.into_response()),
        outcome => {
            let (status, html) = scene.refused(&app, who, &outcome);
            Ok(page(status, Keep::Journey, html))
        }
    }
}

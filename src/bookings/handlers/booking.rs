//! The page where a run is booked.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::messages;
use super::scene::Scene;
use crate::accounts::model::Who;
use crate::accounts::{SignedIn, Visitor, kept_form, people};
use crate::bookings::coming::{self, Asked, Coming};
use crate::bookings::model::{BookOutcome, Choices, RemindBy, Request};
use crate::bookings::pages::refused::Asking;
use crate::bookings::pages::{check, note, refused, seen};
use crate::bookings::store::{self, Offer, Run};
use crate::bookings::{engine, rules, waiting};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random::Secret;
use crate::server::{App, Result};
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};

/// Shows the check page, or why this run cannot be booked.
pub async fn show(
    visitor: Visitor,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(who) = visitor.who() else {
        // Whoever books for somebody has an account; the address knows whom.
        return Ok(match asked.path(&Coming::default().book_path(&offer)) {
            Some(path) => see(&people::with_next("/sign-in", &path)),
            None => stranger(&app, &offer, &others),
        });
    };
    let Some(coming) = asked.find(&app, who).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let mut scene = Scene::load(&app, offer, others, coming, who).await?;
    if let Some(id) = scene.waits_by(&app, who).await? {
        return Ok(see(&waiting::entry_path(id)));
    }
    if let Some(outcome) = scene.refusal(&app, who) {
        let (_, html) = scene.refused(&app, who, &outcome);
        return Ok(page(StatusCode::OK, Keep::Journey, html));
    }
    let path = Coming::default().book_path(&scene.offer);
    let form = match kept_form::typed_before(&app, &headers, who.account_id, &path).await? {
        Some(typed) => about_them(&typed, &scene.coming),
        None => scene
            .people
            .first()
            .map_or_else(FormState::empty, messages::filled),
    };
    let key = Secret::new()?.text().to_owned();
    let html = scene.page(&app, who, form, key);
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

/// For somebody who is not signed in: what stands in the way for everybody, or else where to sign in or up; the
/// choice is kept either way.
fn stranger(app: &App, offer: &Offer, others: &[Run]) -> Response {
    let state = rules::RunState {
        status: &offer.run.status,
        starts_at: offer.run.starts_at,
        joins_until: offer.run.joins_until(),
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
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let who = signed_in.who();
    let Some(coming) = asked.find(&app, who).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let key = submitted.line(FORM_KEY);
    if key.len() < 16 || key.len() > 100 {
        return Ok(Refusal::BadRequest.into_response());
    }
    if submitted.has(coming::FIELD) {
        return choose(&app, who, (&offer, &coming), &headers, &submitted).await;
    }
    let scene = Scene::load(&app, offer, others, coming, who).await?;
    let (choices, form) = chosen(&app, &scene, &submitted);
    if form.has_errors() {
        let html = scene.page(&app, who, form, key);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let request = request(&app, &scene, who, &key, choices);
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
            // It is not as it was when the page was read: what is free, and who has a place.
            let Some((offer, others)) = store::offer_at(&app.db, &slug, &code, now).await? else {
                return Ok(Refusal::NotFound.into_response());
            };
            let scene = Scene::load(&app, offer, others, scene.coming, who).await?;
            let (status, html) = scene.refused(&app, who, &outcome);
            Ok(page(status, Keep::Journey, html))
        }
    }
}

/// With what was typed: whom the second note is about.
const ABOUT: &str = "about";

/// One of the buttons that say who comes: what was typed is kept meanwhile, also about somebody taken off before.
async fn choose(
    app: &App,
    who: &Who,
    (offer, coming): (&Offer, &Coming),
    headers: &HeaderMap,
    submitted: &Submitted,
) -> Result<Response> {
    let path = Coming::default().book_path(offer);
    let Some(to) = coming::leads_to(&path, &submitted.line(coming::FIELD)) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let before = kept_form::typed_before(app, headers, who.account_id, &path).await?;
    let about = coming.other.as_ref().map(|other| other.id.to_string());
    let mut fields: Vec<(String, String)> = submitted
        .pairs()
        .filter(|(name, _)| ![FORM_KEY, coming::FIELD, ABOUT].contains(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .chain(about.map(|id| (ABOUT.to_owned(), id)))
        .collect();
    if let Some(before) = &before {
        let missing: Vec<_> = note::FIELDS
            .into_iter()
            .chain([ABOUT])
            .filter(|name| fields.iter().all(|(own, _)| own != name))
            .map(|name| (name.to_owned(), before.value(name).to_owned()))
            .collect();
        fields.extend(missing);
    }
    let typed: Submitted = fields.into_iter().collect();
    let cookie = kept_form::put_by(app, who.account_id, path, &typed).await?;
    let mut response = see(&to);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// What was typed before, without what was about somebody else than those who come.
fn about_them(typed: &FormState, coming: &Coming) -> FormState {
    let other = coming.other.as_ref().map(|other| other.id.to_string());
    let same = other.is_some_and(|id| id == typed.value(ABOUT));
    let kept = typed
        .values()
        .filter(|(name, _)| same || *name != note::FIELDS[1]);
    FormState::filled(kept)
}

/// What they chose on the page, and the form as it stands. How to be reminded is not asked about somebody else.
fn chosen(app: &App, scene: &Scene, submitted: &Submitted) -> (Choices, FormState) {
    let mut check = Check::new(submitted);
    let called = seen::called(&scene.people, &scene.coming);
    let mut notes = note::names(&called)
        .iter()
        .take(called.len())
        .map(|field| note_of(app, &mut check, field));
    let (access_note, second_note) = (notes.next().flatten(), notes.next().flatten());
    drop(notes);
    let (remind_by, name_course) = if scene.coming.own {
        messages::chosen(&mut check)
    } else {
        (None, None)
    };
    if scene.other_place().is_some() {
        check.must_tick(
            "overlap",
            "Tick to show you know these are at the same time, or choose another date",
        );
    }
    let choices = Choices {
        access_note,
        second_note,
        remind_by,
        name_course,
        each_session: None,
        ask_feedback: None,
        ethnicity: None,
    };
    (choices, check.finish())
}

/// What is asked of the engine. Its key is bound to the account, the run, who comes, and every answer.
fn request(app: &App, scene: &Scene, who: &Who, key: &str, choices: Choices) -> Request {
    let ids = scene.coming.ids(who);
    let text = |note: &Option<String>| note.clone().unwrap_or_default().into_bytes();
    let (first, second) = (text(&choices.access_note), text(&choices.second_note));
    let named = [u8::from(choices.name_course == Some(true))];
    let mut parts: Vec<&[u8]> = vec![
        who.account_id.as_bytes(),
        scene.offer.run.id.as_bytes(),
        key.as_bytes(),
        &first,
        &second,
        choices.remind_by.map_or("", RemindBy::name).as_bytes(),
        &named,
    ];
    parts.extend(ids.iter().map(|id| id.as_bytes().as_slice()));
    let form_key = app.vault.mac("booking-form", &parts);
    Request {
        people: ids,
        volunteer: scene.volunteer(who),
        verified: who.verified,
        choices,
        ..Request::website(scene.offer.run.id, who.account_id, who.person_id, form_key)
    }
}

/// What would help them, if they wrote something.
pub(super) fn note_of(app: &App, check: &mut Check<'_>, field: &str) -> Option<String> {
    let note = check.optional_long_text(field);
    let too_long = note
        .as_ref()
        .is_some_and(|note| note.chars().count() > check::NOTE_LIMIT);
    if too_long {
        let words = format!(
            "Use 1,000 letters or fewer. You can tell us more on {}",
            app.config.phone()
        );
        check.error(field, words);
    }
    note
}

/// Places were taken or given back: the message goes now, and the next page counts anew.
pub(super) fn changed(app: &App) {
    app.messages.wake();
    app.catalogue.places_changed();
}

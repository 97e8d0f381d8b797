//! What the pages of the waiting list answer.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::pages::{self, link};
use super::standing::{Gone, Standing};
use super::store::{self, Seen};
use super::{Own, decline, leave, settle_now};
use crate::accounts::model::Who;
use crate::accounts::said::{Said, said};
use crate::accounts::{Member, Visitor, people};
use crate::bookings::coming::Coming;
use crate::bookings::engine;
use crate::bookings::handlers::instead;
use crate::bookings::model::{BookOutcome, Booked, Channel, Choices, Request};
use crate::bookings::pages::detail::Instead;
use crate::bookings::pages::refused;
use crate::bookings::store::{self as bookings_store, Offer, Person};
use crate::read;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random;
use crate::server::routes::Routes;
use crate::server::{App, Error, Result};
use crate::ui::form::Submitted;

mod joining;

/// Every route of the waiting list.
pub fn routes() -> Routes {
    Routes::default()
        .get("/courses/{slug}/{run}/wait", joining::ask)
        .post("/courses/{slug}/{run}/wait", joining::send)
        .get("/account/waiting/{id}", show)
        .post("/account/waiting/{id}", answer)
        .get("/account/waiting/{id}/leave", ask_leave)
        .post("/account/waiting/{id}/leave", go)
        .get("/offers/{token}", show_offer)
        .post("/offers/{token}", answer_offer)
}

/// An entry with its run and who waits.
struct Opened {
    seen: Seen,
    offer: Offer,
    people: Vec<Person>,
}

impl Opened {
    async fn of(app: &App, seen: Seen) -> Result<Option<Self>> {
        let offer = bookings_store::offer(&app.db, seen.run_id, app.clock.now()).await?;
        let people = store::people(&app.db, seen.id).await?;
        Ok(offer.map(|offer| Self {
            seen,
            offer,
            people,
        }))
    }

    fn standing(&self, app: &App) -> Standing {
        Standing::of(&self.seen, &self.offer, app.clock.now())
    }
}

async fn load(app: &App, member: &Member, id: &str) -> Result<Option<Opened>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    let account_id = member.who().account_id;
    let Some(seen) = store::seen(&app.db, account_id, id).await? else {
        return Ok(None);
    };
    if seen.ended_at.is_none() {
        // What is free, or was not answered in time, is so by the clock: no sweep has to come first.
        settle_now(app, seen.run_id).await;
    }
    match store::seen(&app.db, account_id, id).await? {
        Some(seen) => Opened::of(app, seen).await,
        None => Ok(None),
    }
}

/// Where they are on the list, and what they are offered.
async fn show(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let heard = Said::heard(&app, &headers);
    let standing = opened.standing(&app);
    let alone = alone(&app, member.who(), &opened).await?;
    let instead = match standing {
        Standing::Over { .. } => instead(&app, &member, &opened.offer, &opened.people).await?,
        _ => Instead::default(),
    };
    let html = pages::entry(
        &app,
        &opened.seen,
        &opened.offer,
        &opened.people,
        pages::Shown {
            standing: &standing,
            alone: &alone,
            instead: &instead,
        },
        heard,
    );
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Where one of two who wait can book a place for one of them alone, with the words for it.
async fn alone(app: &App, who: &Who, opened: &Opened) -> Result<Vec<(String, String)>> {
    let Opened {
        seen,
        offer,
        people: waits,
    } = opened;
    if waits.len() < 2 || seen.ended_at.is_some() {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let ids: Vec<Uuid> = waits.iter().map(|person| person.id).collect();
    let own = store::own(&app.db, offer.run.id, &ids, now).await?;
    if Own::room(&own, &offer.run, now) == 0 {
        return Ok(Vec::new());
    }
    let known = people::all(&app.db, who.account_id).await?;
    let link = |person: &Person| {
        if person.id == who.person_id {
            let path = Coming::default().book_path(offer);
            return Some((path, "Book 1 place for me".to_owned()));
        }
        let other = known.iter().find(|known| known.person_id == person.id)?;
        let coming = Coming {
            own: false,
            other: Some(other.clone()),
        };
        let words = format!("Book 1 place for {}", person.known_as());
        Some((coming.book_path(offer), words))
    };
    Ok(waits.iter().filter_map(link).collect())
}

/// Takes what they are offered, or says no.
async fn answer(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let own = pages::entry_path(opened.seen.id);
    match submitted.line("do").as_str() {
        "take" => match take(&app, &opened).await? {
            BookOutcome::Booked(booked)
            | BookOutcome::AwaitingGuardian(booked)
            | BookOutcome::AlreadyBooked(booked) => Ok(see(&booked_path(&booked))),
            BookOutcome::Full => Ok(Said::PlaceGone.and_see(&app, &own)),
            outcome => Ok(refuse(&app, &opened.offer, &outcome, &member.who().email)),
        },
        "no" => {
            decline(&app, opened.seen.run_id, opened.seen.id).await?;
            app.catalogue.places_changed();
            Ok(see(&own))
        }
        _ => Ok(Refusal::BadRequest.into_response()),
    }
}

/// Asks whether they really want to leave.
async fn ask_leave(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if opened.seen.ended_at.is_some() {
        return Ok(see(&pages::entry_path(opened.seen.id)));
    }
    let html = pages::leave(&app, &opened.seen, &opened.offer, &opened.people);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Takes them off the list.
async fn go(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    _submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    leave(&app, opened.seen.run_id, opened.seen.id).await?;
    app.catalogue.places_changed();
    Ok(see(&pages::entry_path(opened.seen.id)))
}

/// What an offer's link leads to.
async fn by_token(app: &App, token: &str) -> Result<Option<(Opened, String)>> {
    let hash = random::hash(token);
    let Some((seen, _)) = store::by_token(&app.db, &hash).await? else {
        return Ok(None);
    };
    if seen.ended_at.is_none() {
        settle_now(app, seen.run_id).await;
    }
    let Some((seen, state)) = store::by_token(&app.db, &hash).await? else {
        return Ok(None);
    };
    let opened = Opened::of(app, seen).await?;
    Ok(opened.map(|opened| (opened, state)))
}

/// The offer, with its two buttons. Nothing happens by looking.
async fn show_offer(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some((opened, state)) = by_token(&app, &token).await? else {
        return Ok(gone(&app, Gone::Nothing));
    };
    let standing = opened.standing(&app);
    Ok(match Gone::of(&state, &standing) {
        None => {
            let html = link::offer(&app, &opened.offer, &opened.people, &standing);
            page(StatusCode::OK, Keep::Nothing, html)
        }
        Some(why) => gone(&app, why),
    })
}

/// Takes the place, or says no.
async fn answer_offer(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some((opened, state)) = by_token(&app, &token).await? else {
        return Ok(gone(&app, Gone::Nothing));
    };
    if let Some(why) = Gone::of(&state, &opened.standing(&app)) {
        return Ok(gone(&app, why));
    }
    match submitted.line("do").as_str() {
        "take" => Ok(match take(&app, &opened).await? {
            BookOutcome::Booked(booked) | BookOutcome::AlreadyBooked(booked) => {
                let html = link::taken(&app, &opened.offer, &opened.people, &booked.reference);
                page(StatusCode::OK, Keep::Nothing, html)
            }
            BookOutcome::AwaitingGuardian(_) => {
                let html = link::waits_for_guardian(&app, &opened.offer, &opened.people);
                page(StatusCode::OK, Keep::Nothing, html)
            }
            BookOutcome::Full => gone(&app, Gone::Taken),
            _ => gone(&app, Gone::Refused),
        }),
        "no" => {
            let said_no = decline(&app, opened.seen.run_id, opened.seen.id).await?;
            app.catalogue.places_changed();
            Ok(gone(&app, if said_no { Gone::SaidNo } else { Gone::Waits }))
        }
        _ => Ok(Refusal::BadRequest.into_response()),
    }
}

/// Why a yes cannot be a booking, in the words of the page that books.
fn refuse(app: &App, offer: &Offer, outcome: &BookOutcome, email: &str) -> Response {
    let asking = refused::Asking {
        email: Some(email),
        ..refused::Asking::default()
    };
    let (status, html) = refused::refused(app, offer, &[], outcome, asking);
    page(status, Keep::Nothing, html)
}

/// Why there is nothing to answer any more.
fn gone(app: &App, why: Gone) -> Response {
    let status = match why {
        Gone::SaidYes | Gone::SaidNo | Gone::Waits => StatusCode::OK,
        _ => StatusCode::GONE,
    };
    page(status, Keep::Nothing, link::gone(app, why))
}

fn booked_path(booked: &Booked) -> String {
    format!("/account/bookings/{}/booked", booked.reference)
}

/// Books for everybody of an entry, as its account: its own offer, or a free place at last call.
async fn take(app: &App, opened: &Opened) -> Result<BookOutcome> {
    let Opened {
        seen,
        offer,
        people,
    } = opened;
    let (verified, volunteer) = match seen.account_id {
        Some(account_id) => standing_of(app, account_id).await?,
        None => (true, false),
    };
    let request = Request {
        run_id: offer.run.id,
        account_id: seen.account_id,
        people: people.iter().map(|person| person.id).collect(),
        channel: Channel::Website,
        form_key: Some(app.vault.mac("waiting", &[seen.id.as_bytes()])),
        volunteer,
        verified,
        choices: Choices::default(),
        noted: None,
    };
    let outcome = engine::book_with(app, &request, offer, people).await?;
    app.messages.wake();
    app.catalogue.places_changed();
    Ok(outcome)
}

/// Whether an account's address is confirmed, and whether it may book what is for volunteers.
async fn standing_of(app: &App, account_id: Uuid) -> Result<(bool, bool)> {
    let found: Option<(bool, bool)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT email_verified_at IS NOT NULL, EXISTS (SELECT 1 FROM role_grant \
                    WHERE role_grant.account_id = account.id AND role = 'volunteer' AND ends_at IS NULL) \
             FROM account WHERE id = $1",
        )
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    found.ok_or_else(|| Error::Other("an entry without its account".into()))
}

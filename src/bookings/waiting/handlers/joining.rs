//! Joining the list: one person, or two who wait together.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::{pages, store};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::accounts::{SignedIn, Visitor, people};
use crate::bookings::coming::{self, Asked, Coming};
use crate::bookings::handlers::Scene;
use crate::bookings::model::{BookOutcome, Request};
use crate::bookings::pages::coming::Others;
use crate::bookings::pages::wait_path;
use crate::bookings::store::{self as bookings_store, Offer, Person};
use crate::bookings::waiting::join::{JoinOutcome, Turn, join_with};
use crate::bookings::waiting::settle_now;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::ui::form::Submitted;

/// Asks whether they want to wait.
pub async fn ask(
    visitor: Visitor,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, _)) = bookings_store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(who) = visitor.who() else {
        let own = wait_path(&offer.run.slug, offer.run.id);
        let next = asked.path(&own).unwrap_or(own);
        return Ok(see(&people::with_next("/sign-in", &next)));
    };
    let Some(coming) = asked.find(&app, who).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    settle_now(&app, offer.run.id).await;
    let ids = coming.ids(who);
    if let Some(entry) = entry_of(&app, &offer, who, &ids).await? {
        return Ok(see(&pages::entry_path(entry)));
    }
    let wanted = i64::try_from(ids.len()).unwrap_or(2);
    // The page that books says what stands in the way, or books.
    if offer.run.status != "open" || offer.run.starts_at <= now || offer.run.free(now) >= wanted {
        return Ok(see(&coming.book_path(&offer)));
    }
    let queue = store::queue(&app.db, offer.run.id).await?;
    let before = queue.iter().map(|entry| entry.places).sum();
    let known = people::all(&app.db, who.account_id).await?;
    let html = pages::joining::ask(&app, &offer, before, &coming, &Others::of(&known, &coming));
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

/// The entry by which exactly these people wait.
async fn entry_of(app: &App, offer: &Offer, who: &Who, ids: &[Uuid]) -> Result<Option<Uuid>> {
    let first = ids.first().copied().unwrap_or_default();
    let entry = store::of_person(&app.db, offer.run.id, first, who.account_id).await?;
    let Some(entry) = entry else { return Ok(None) };
    let waits = store::people(&app.db, entry).await?;
    let same = waits.len() == ids.len() && waits.iter().all(|p| ids.contains(&p.id));
    Ok(same.then_some(entry))
}

/// Puts them on the list.
pub async fn send(
    signed_in: SignedIn,
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let now = app.clock.now();
    let Some((offer, others)) = bookings_store::offer_at(&app.db, &slug, &code, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let who = signed_in.who();
    let Some(coming) = asked.find(&app, who).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if submitted.has(coming::FIELD) {
        let path = Coming::default().wait_path(&offer);
        let to = coming::leads_to(&path, &submitted.line(coming::FIELD));
        return Ok(to.map_or_else(|| Refusal::NotFound.into_response(), |to| see(&to)));
    }
    let people = coming.people(&app, who).await?;
    let request = Request {
        people: coming.ids(who),
        volunteer: who.is_volunteer() && coming.other.is_none(),
        verified: who.verified,
        form_key: None,
        ..Request::website(offer.run.id, who.account_id, who.person_id, [0; 32])
    };
    match join_with(&app, &request, &offer, &people, Turn::Last).await? {
        JoinOutcome::Joined(id) => {
            app.messages.wake();
            app.catalogue.places_changed();
            Ok(Said::OnTheList.and_see(&app, &pages::entry_path(id)))
        }
        JoinOutcome::Already(id) => already(&app, who, &offer, &people, id).await,
        JoinOutcome::PlaceFree => Ok(see(&coming.book_path(&offer))),
        JoinOutcome::Refused(BookOutcome::NoSuchRun) => Ok(Refusal::NotFound.into_response()),
        JoinOutcome::Refused(outcome) => {
            let scene = Scene::load(&app, offer, others, coming, who).await?;
            let (status, html) = scene.refused(&app, who, &outcome);
            Ok(page(status, Keep::Journey, html))
        }
    }
}

/// One of them is on the list: by this very entry, or alone, or with somebody else.
async fn already(
    app: &App,
    who: &Who,
    offer: &Offer,
    people: &[Person],
    entry_id: Uuid,
) -> Result<Response> {
    let waits = store::people(&app.db, entry_id).await?;
    let same =
        waits.len() == people.len() && waits.iter().all(|p| people.iter().any(|q| q.id == p.id));
    let seen = store::seen(&app.db, who.account_id, entry_id).await?;
    if same && let Some(seen) = &seen {
        return Ok(see(&pages::entry_path(seen.id)));
    }
    let waits = waits.iter().filter(|p| people.iter().any(|q| q.id == p.id));
    let names: Vec<String> = waits.map(|p| p.full_name.clone()).collect();
    let html = pages::joining::already(app, offer, &names, seen.map(|seen| seen.id));
    Ok(page(StatusCode::CONFLICT, Keep::Journey, html))
}

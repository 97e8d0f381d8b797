//! The bookings of the account that is signed in. Somebody else's booking looks as if it were not there.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::booking::changed;
use crate::accounts::Member;
use crate::accounts::said::{Said, said};
use crate::bookings::coming::Coming;
use crate::bookings::model::CancelOutcome;
use crate::bookings::pages::{detail, done, mine as pages, together, whose_guardian};
use crate::bookings::rules::{self, Ending};
use crate::bookings::store::{self, Mine, Offer, Person};
use crate::bookings::waiting::{self, Line};
use crate::bookings::{calendar as dates_file, engine};
use crate::feedback;
use crate::messages::IcsMethod;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::ui::form::Submitted;
use crate::ui::{calendar_file, dates};

pub(super) fn not_there() -> Response {
    Refusal::NotFound.into_response()
}

/// "My bookings".
pub async fn list(member: Member, State(app): State<App>) -> Result<Response> {
    let who = member.who();
    let now = app.clock.now();
    let mut all = store::my_bookings(&app.db, who.account_id, who.person_id, now).await?;
    let late = |line: &Line| line.seen.expires_at.is_some_and(|until| until <= now);
    if all.waiting.iter().any(late) {
        // It is over by the clock: no sweep has to come first.
        for line in all.waiting.iter().filter(|line| late(line)) {
            waiting::settle_now(&app, line.seen.run_id).await;
        }
        all.waiting = waiting::store::of_account(&app.db, who.account_id, now).await?;
    }
    let names = if all.waiting.is_empty() {
        Vec::new()
    } else {
        waiting::store::names(&app.db, who.account_id, who.person_id).await?
    };
    let html = pages::mine(&app, &who.name, all, names);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// One booking of the account, with its run and who comes.
pub(super) struct Opened {
    pub mine: Mine,
    pub offer: Offer,
    pub people: Vec<Person>,
}

pub(super) async fn load(app: &App, member: &Member, typed: &str) -> Result<Option<Opened>> {
    let Some(reference) = rules::read_reference(typed) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let account_id = member.who().account_id;
    let Some(mine) = store::mine(&app.db, account_id, &reference, now).await? else {
        return Ok(None);
    };
    let people = store::people_of(&app.db, mine.booked.id).await?;
    let offer = store::offer(&app.db, mine.run_id, now).await?;
    Ok(offer.map(|offer| Opened {
        mine,
        offer,
        people,
    }))
}

/// Who comes, when it is not the account's own person alone.
fn names(member: &Member, people: &[Person]) -> Vec<String> {
    let own = member.who().person_id;
    if people.iter().all(|person| person.id == own) {
        return Vec::new();
    }
    people.iter().map(|p| p.full_name.clone()).collect()
}

fn ending(app: &App, offer: &Offer) -> Ending {
    rules::ending(app.clock.now(), offer.first_ends(), offer.run.ends_at)
}

/// One booking.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    let names = names(&member, &people);
    let heard = Said::heard(&app, &headers);
    let ending = ending(&app, &offer);
    let off = offer.run.status == "cancelled";
    let changed = offer.run.sequence > 0 && ending == Ending::Cancel;
    let instead = if mine.ended_at.is_none() && (off || changed) {
        instead(&app, &member, &offer, &people).await?
    } else {
        detail::Instead::default()
    };
    let guardian = whose_guardian(&people, member.who().person_id, &offer);
    let who = detail::Comes {
        names: &names,
        guardian: &guardian,
        feedback: match ending {
            Ending::Over => feedback::path_for(&app, mine.booked.id).await?,
            Ending::Cancel | Ending::Stop => None,
        },
    };
    let html = detail::detail(&app, &mine, &offer, &instead, who, ending, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// The dates that those who come by a booking, or wait for one, could have instead.
pub(in crate::bookings) async fn instead(
    app: &App,
    member: &Member,
    offer: &Offer,
    people: &[Person],
) -> Result<detail::Instead> {
    let now = app.clock.now();
    let places = i64::try_from(people.len()).unwrap_or(2);
    let mut dates = store::others(&app.db, &offer.run, now).await?;
    dates.retain(|run| run.free(now) >= places);
    let coming = Coming::of(app, member.who(), people).await?;
    Ok(detail::Instead { dates, coming })
}

/// Who waits on for a place on the same run: the other of two who waited together.
async fn still_waits(
    app: &App,
    member: &Member,
    offer: &Offer,
) -> Result<Option<(String, String)>> {
    if !offer.run.has_list {
        return Ok(None);
    }
    let account_id = member.who().account_id;
    let lines = waiting::store::of_account(&app.db, account_id, app.clock.now()).await?;
    let Some(line) = lines.iter().find(|line| line.seen.run_id == offer.run.id) else {
        return Ok(None);
    };
    let people = waiting::store::people(&app.db, line.seen.id).await?;
    let names: Vec<String> = people.iter().map(|p| p.full_name.clone()).collect();
    Ok(Some((together(&names), waiting::entry_path(line.seen.id))))
}

/// "Your place is booked".
pub async fn booked(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    if mine.ended_at.is_some() {
        return Ok(see(&format!("/account/bookings/{}", mine.booked.reference)));
    }
    let names = names(&member, &people);
    let who = member.who();
    let guardian = whose_guardian(&people, who.person_id, &offer);
    let waits = still_waits(&app, &member, &offer).await?;
    let party = done::Party {
        people: &people,
        names: &names,
        guardian: &guardian,
        email: &who.email,
        waits: waits.as_ref(),
    };
    let html = done::booked(&app, &mine, &offer, &party);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The dates of one booking for a calendar.
pub async fn calendar(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(Opened { mine, offer, .. }) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let gone = mine.ended_at.is_some() && mine.status != "stopped";
    let method = if gone || offer.run.status == "cancelled" {
        IcsMethod::Cancel
    } else {
        IcsMethod::Publish
    };
    let entry = dates_file::Entry {
        booking_id: mine.booked.id,
        reference: &mine.booked.reference,
        sequence: offer.run.sequence + mine.sequence,
        at: &offer.run.at,
        own: &offer.own,
        booked_at: mine.booked.created_at,
        all: &offer.sessions,
        sessions: &offer.sessions,
        dropped: &[],
    };
    let file = dates_file::file(&app, &entry, method);
    let headers = [
        (header::CONTENT_TYPE, calendar_file::KIND),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"my-booking.ics\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file.text).into_response())
}

/// Asks whether they really want to cancel.
pub async fn ask_cancel(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    let names = names(&member, &people);
    let html = match (mine.ended_at, ending(&app, &offer)) {
        (Some(at), _) => already(&app, &mine.status, at),
        (None, Ending::Over) => over(&app),
        (None, ending) => detail::cancel(&app, &mine, &offer, &names, ending == Ending::Stop),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn already(app: &App, status: &str, at: chrono::DateTime<chrono::Utc>) -> String {
    let day = dates::day(dates::day_of(at), dates::day_of(app.clock.now()));
    let (title, words) = match status {
        "cancelled" => (
            "This place is cancelled",
            format!("This place was cancelled on {day}. You do not need to do anything."),
        ),
        _ => (
            "This booking has ended",
            format!("It ended on {day}. You do not need to do anything."),
        ),
    };
    detail::ended(app, title, words)
}

fn over(app: &App) -> String {
    let words = "This course has finished, so there is nothing to cancel.".to_owned();
    detail::ended(app, "This course has finished", words)
}

/// Cancels, or notes that they stop coming.
pub async fn cancel(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    _submitted: Submitted,
) -> Result<Response> {
    let Some(Opened { mine, .. }) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let reference = &mine.booked.reference;
    let html = match engine::cancel(&app, member.who().account_id, reference).await? {
        CancelOutcome::NoSuchBooking => return Ok(not_there()),
        CancelOutcome::Cancelled | CancelOutcome::Stopped => {
            changed(&app);
            return Ok(see(&format!("/account/bookings/{reference}")));
        }
        CancelOutcome::Already(at) => already(&app, &mine.status, at),
        CancelOutcome::Over => over(&app),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

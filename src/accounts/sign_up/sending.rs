//! The last check, and the email that finishes a sign-up.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::draft::{self, Draft, KEPT_FOR};
use super::handlers::{beside, onwards};
use super::pages;
use crate::accounts::emails::{self, To};
use crate::accounts::guards::Visitor;
use crate::accounts::limits::{Allowed, Try};
use crate::accounts::links::{NewLink, Purpose, insert_link};
use crate::accounts::said::{Said, said};
use crate::accounts::{limits, sign_in};
use crate::bookings::ChosenPlace;
use crate::bookings::holds::{self, HoldOutcome, Kept};
use crate::messages;
use crate::server::captcha::{self, Passed, Problem};
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::{FormState, Submitted};
use crate::write_tx;

/// The captcha's name for this form.
pub const FORM: &str = "sign-up";

/// Within this time a second press of the button is the first one again.
const TWICE: TimeDelta = TimeDelta::minutes(1);

pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-up/captcha", show_captcha)
        .post("/sign-up/captcha", send_captcha)
        .get("/sign-up/open-email", show_open_email)
        .post("/sign-up/open-email", send_again)
}

async fn show_captcha(_: Visitor, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(see("/sign-up"));
    };
    let beside = beside(&app, draft.content.run).await?;
    let answers = &draft.content.answers;
    if answers.open_question(beside.first_day()).is_some() {
        return Ok(see(&onwards(answers, &beside)));
    }
    let form = draft
        .content
        .rejected
        .get("captcha")
        .cloned()
        .unwrap_or_default();
    let html = pages::captcha(&app, &form);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send_captcha(
    _: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(see("/sign-up"));
    };
    let beside = beside(&app, draft.content.run).await?;
    let answers = &draft.content.answers;
    if answers.open_question(beside.first_day()).is_some() {
        return Ok(see(&onwards(answers, &beside)));
    }
    // The button was pressed twice, or the page was gone back to: one email is enough.
    let just_sent = draft
        .passed_at
        .is_some_and(|at| app.clock.now() - at < TWICE)
        && draft.content.sent_to.as_ref() == Some(&answers.email);
    if just_sent {
        return Ok(see("/sign-up/open-email"));
    }
    let passed = match captcha::check(&app, &submitted, peer, FORM).await? {
        Ok(passed) => passed,
        // Two presses at the same time: the other one sends it.
        Err(Problem::Used) if was_sent(&app, draft.id).await? => {
            return Ok(see("/sign-up/open-email"));
        }
        Err(problem) => return again(&app, &headers, problem.words()).await,
    };
    match send(&app, peer, draft, passed).await? {
        Sent::Yes => Ok(see("/sign-up/open-email")),
        Sent::Wait(minutes) => again(&app, &headers, &wait_words(minutes)).await,
    }
}

/// Shows the captcha page again with what is wrong; the answers stay.
async fn again(app: &App, headers: &HeaderMap, sentence: &str) -> Result<Response> {
    draft::change(app, headers, |content| {
        let form = FormState::empty().with_error("captcha", sentence);
        content.rejected.insert("captcha".to_owned(), form);
    })
    .await?;
    Ok(see("/sign-up/captcha"))
}

fn wait_words(minutes: i64) -> String {
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("We have sent it a few times. Please wait {minutes} {unit}, or call us")
}

async fn show_open_email(
    _: Visitor,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(see("/sign-up"));
    };
    let beside = beside(&app, draft.content.run).await?;
    let Some(email) = draft.content.sent_to.as_deref() else {
        return Ok(see(&onwards(&draft.content.answers, &beside)));
    };
    let place = match draft.content.run {
        Some(run) => ChosenPlace::load(&app, draft.id, run).await?,
        None => None,
    };
    let form = draft
        .content
        .rejected
        .get("open-email")
        .cloned()
        .unwrap_or_default();
    let html = pages::open_email(
        &app,
        &beside,
        email,
        place.as_ref(),
        heard == Some(Said::SentAgain),
        &form,
    );
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Journey, html)))
}

async fn send_again(
    _: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(see("/sign-up"));
    };
    if draft.passed_at.is_none()
        || draft.content.sent_to.as_ref() != Some(&draft.content.answers.email)
    {
        return Ok(see("/sign-up/answers"));
    }
    match send(&app, peer, draft, Passed::ByLink).await? {
        Sent::Yes => Ok(Said::SentAgain.and_see(&app, "/sign-up/open-email")),
        Sent::Wait(minutes) => {
            draft::change(&app, &headers, |content| {
                let form = FormState::empty().with_error("again", wait_words(minutes));
                content.rejected.insert("open-email".to_owned(), form);
            })
            .await?;
            Ok(see("/sign-up/open-email"))
        }
    }
}

/// Whether the email for these answers is on its way.
async fn was_sent(app: &App, draft_id: Uuid) -> Result<bool> {
    let draft = draft::by_id(app, draft_id).await?;
    Ok(draft
        .is_some_and(|draft| draft.content.sent_to.as_ref() == Some(&draft.content.answers.email)))
}

enum Sent {
    Yes,
    Wait(i64),
}

/// Sends the email: with the link, or, to an address that has an account, with how to sign in. Both cost the same.
async fn send(app: &App, peer: std::net::IpAddr, mut draft: Draft, passed: Passed) -> Result<Sent> {
    let email = draft.content.answers.email.clone();
    if !app.accounts.peers.allow(peer) {
        return Ok(Sent::Wait(15));
    }
    if let Allowed::After { minutes } = limits::count(app, Try::SignUp, &email).await? {
        return Ok(Sent::Wait(minutes));
    }
    let account = sign_in::store::by_email(app, &email).await?;
    // Only where a person was seen: the emailed link alone keeps nothing.
    let kept = if let (Passed::Checked, Some(run)) = (passed, draft.content.run) {
        kept_place(app, run, draft.id, &email).await?
    } else {
        held(app, &draft).await?
    };
    let mut link = NewLink::prepare(app, Purpose::Verify, &email)?;
    let letter = if let Some(account) = &account {
        let to = To {
            email: &email,
            known_as: &account.name,
            person_id: Some(account.person_id),
        };
        emails::has_account(app, to, link.id).await?
    } else {
        let to = To {
            email: &email,
            // What a stranger typed is not repeated to an address that may not be theirs.
            known_as: "",
            person_id: None,
        };
        emails::verify(app, to, &link, kept).await?
    };
    // For a known address the link is written, too, and its secret is sent to nobody.
    link.draft_id = Some(draft.id);
    draft.content.sent_to = Some(email);
    draft.content.rejected.remove("captcha");
    draft.content.rejected.remove("open-email");
    if !draft::save(app, &draft).await? {
        // The same button pressed twice: the other press sends it.
        return if was_sent(app, draft.id).await? {
            Ok(Sent::Yes)
        } else {
            Err(crate::server::Error::Busy("a sign-up in several tabs"))
        };
    }
    let now = link.now;
    write_tx!(app.db, |c| {
        sqlx::query("UPDATE email_link SET used_at = $2 WHERE draft_id = $1 AND purpose = 'verify' AND used_at IS NULL")
            .bind(draft.id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_link!(c, link);
        // A day from the first email, however often it is sent.
        sqlx::query(
            "UPDATE sign_up_draft SET expires_at = CASE WHEN captcha_passed_at IS NULL THEN $3 ELSE expires_at END, \
                    captcha_passed_at = $2 WHERE id = $1",
        )
        .bind(draft.id)
        .bind(now)
        .bind(now + KEPT_FOR)
        .execute(&mut *c)
        .await?;
        messages::insert!(c, &letter);
        Ok(())
    })?;
    app.messages.wake();
    Ok(Sent::Yes)
}

/// Keeps the chosen place while the email is on its way; until when, if there was one to keep.
async fn kept_place(
    app: &App,
    run: Uuid,
    draft_id: Uuid,
    email: &str,
) -> Result<Option<DateTime<Utc>>> {
    Ok(match holds::hold(app, run, draft_id, email).await? {
        HoldOutcome::Held { until } => Some(until),
        HoldOutcome::Gone | HoldOutcome::AlreadyHolding => None,
    })
}

/// Until when this sign-up's place is kept.
async fn held(app: &App, draft: &Draft) -> Result<Option<DateTime<Utc>>> {
    let Some(run) = draft.content.run else {
        return Ok(None);
    };
    let kept = holds::kept(app, draft.id, run).await?;
    Ok(kept.and_then(Kept::until))
}

//! Setting the second step up, taking it, and switching it off.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;

use super::store::{self, KnownDevice, SecondStep, Typed};
use super::{CODES, OFF, OWN, SET_UP, STEP, by_text, pages};
use crate::accounts::devices::NewDevice;
use crate::accounts::guards::{Member, PasswordGiven};
use crate::accounts::limits::Try;
use crate::accounts::model::Who;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_in::HOME;
use crate::accounts::sign_in::handlers::{Next, too_many};
use crate::server::http::cookies::Cookie;
use crate::server::http::{Keep, Peer, page, see};
use crate::server::random::Secret;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry};
use crate::ui::form::{Check, FormState, Submitted};

/// "Do not ask on this device for 30 days."
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);
/// How long a secret may take to be set up.
const SET_UP_WITHIN: TimeDelta = TimeDelta::hours(1);
/// How long new recovery codes are shown.
const CODES_SHOWN: TimeDelta = TimeDelta::minutes(15);

const WRONG: &str = "That code is not right. Codes change every half minute: wait for the next one and type it again";
const WRONG_TEXT: &str =
    "That code is not right, or it is too old. Type the newest one, or ask for another";

const fn wrong(step: &SecondStep) -> &'static str {
    if step.phone.is_some() {
        WRONG_TEXT
    } else {
        WRONG
    }
}

/// The pages of the second step.
pub fn routes() -> Routes {
    Routes::default()
        .get(STEP, ask)
        .post(STEP, take)
        .get(OWN, show)
        .post(OWN, begin)
        .get(SET_UP, show_set_up)
        .post(SET_UP, set_up)
        .get(CODES, codes)
        .post(CODES, renew)
        .get(OFF, show_off)
        .post(OFF, switch_off)
}

/// What was ticked before a code was asked for by text.
#[derive(Debug, Deserialize)]
struct Ticked {
    known: Option<String>,
}

async fn ask(
    given: PasswordGiven,
    State(app): State<App>,
    Query(next): Query<Next>,
    Query(ticked): Query<Ticked>,
) -> Result<Response> {
    if !given.is_half() {
        return Ok(see(next.path().unwrap_or(HOME)));
    }
    let step = store::of(&app, given.who().account_id).await?;
    let form = FormState::filled(ticked.known.map(|value| ("known", value)));
    let html = pages::ask(&app, step.as_ref(), form, &next);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn take(
    given: PasswordGiven,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let who = given.who();
    if !given.is_half() {
        return Ok(see(next.path().unwrap_or(HOME)));
    }
    let mut check = Check::new(&submitted);
    let code = typed_code(&mut check);
    let kept = check.ticked("known");
    let step = store::of(&app, who.account_id).await?;
    let again = |form: FormState| {
        let html = pages::ask(&app, step.as_ref(), form, &next);
        page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html)
    };
    let Some(code) = code else {
        return Ok(again(check.finish()));
    };
    if let Some(wait) = too_many(&app, peer, Try::SecondStep, &who.email).await? {
        return Ok(wait);
    }
    let by = By::themselves(who, STEP);
    if let Some(step) = &step {
        let typed = step.read(&app, &code).await?;
        let known = if kept { Some(known(&app)?) } else { None };
        let device = NewDevice::prepare(&app, &headers, false)?.after_second_step();
        let entry = Entry::by(&app, &by, Action::SecondStep)?.of(who.person_id);
        if store::pass(&app, who, typed, &device, known.as_ref(), &entry).await? {
            let mut response = device.hand_over(&app, see(next.path().unwrap_or(HOME)));
            if let Some(known) = known {
                let cookie = Cookie::Known.set(
                    &app.config,
                    known.secret.text(),
                    Some(KNOWN_FOR.num_seconds()),
                );
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
    }
    let entry = Entry::by(&app, &by, Action::SecondStepFailed)?.of(who.person_id);
    audit::note(&app, &entry).await?;
    let sentence = step.as_ref().map_or(WRONG, wrong);
    Ok(again(check.finish().with_error("code", sentence)))
}

fn known(app: &App) -> Result<KnownDevice> {
    Ok(KnownDevice {
        id: app.id()?,
        secret: Secret::new()?,
        expires_at: app.clock.now() + KNOWN_FOR,
    })
}

fn typed_code(check: &mut Check) -> Option<String> {
    let code = check.password("code", "Enter the code", |typed| {
        Ok(typed.chars().take(100).collect::<String>())
    });
    code.filter(|code| !code.trim().is_empty())
}

async fn show(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Response> {
    let who = member.who();
    let step = store::of(&app, who.account_id).await?;
    let in_use = step.filter(|step| step.in_use_since.is_some());
    let heard = Said::heard(&app, &headers);
    let has_password = has_password(&app, who).await?;
    let html = pages::own(&app, who, in_use.as_ref(), has_password, heard, &next);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

pub async fn has_password(app: &App, who: &Who) -> Result<bool> {
    let account = crate::accounts::sign_in::store::by_id(app, who.account_id).await?;
    Ok(account.is_some_and(|account| account.password_hash.is_some()))
}

async fn begin(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    // Without a password the code would be the only step.
    if !has_password(&app, who).await? {
        return Ok(see(&next.kept(OWN)));
    }
    let before = store::of(&app, who.account_id).await?;
    store::begin(&app, who, None, before.as_ref()).await?;
    Ok(see(&next.kept(SET_UP)))
}

/// What is being set up, and not for longer than it may take.
pub async fn being_set_up(app: &App, who: &Who) -> Result<Option<SecondStep>> {
    let step = store::of(app, who.account_id).await?;
    let since = app.clock.now() - SET_UP_WITHIN;
    Ok(step.filter(|step| step.in_use_since.is_none() && step.created_at > since))
}

/// The page that asks for the first code.
fn first_code(
    app: &App,
    who: &Who,
    step: &SecondStep,
    form: FormState,
    next: &Next,
) -> Result<String> {
    if step.phone.is_some() {
        Ok(by_text::set_up(app, who, step, form, next))
    } else {
        pages::set_up(app, who, step, form, next)
    }
}

async fn show_set_up(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    let Some(step) = being_set_up(&app, who).await? else {
        return Ok(see(&next.kept(OWN)));
    };
    let html = first_code(&app, who, &step, FormState::empty(), &next)?;
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn set_up(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let Some(step) = being_set_up(&app, who).await? else {
        let path = if is_set_up(&app, who).await? {
            CODES
        } else {
            OWN
        };
        return Ok(see(&next.kept(path)));
    };
    let mut check = Check::new(&submitted);
    let code = typed_code(&mut check);
    let mut form = check.finish();
    if let Some(code) = code {
        if let Some(wait) = too_many(&app, peer, Try::SecondStep, &who.email).await? {
            return Ok(wait);
        }
        let typed = step.read(&app, &code).await?;
        if typed != Typed::Wrong {
            let by = By::themselves(who, SET_UP);
            let entry = Entry::by(&app, &by, Action::TwoStepOn)?.of(who.person_id);
            store::switch_on(&app, who, step.created_at, typed, &entry).await?;
            return Ok(see(&next.kept(CODES)));
        }
        if is_set_up(&app, who).await? {
            return Ok(see(&next.kept(CODES)));
        }
        form = form.with_error("code", wrong(&step));
    }
    let html = first_code(&app, who, &step, form, &next)?;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
}

/// Whether it is on: whoever presses "Switch it on" twice sees the recovery codes, too.
async fn is_set_up(app: &App, who: &Who) -> Result<bool> {
    let step = store::of(app, who.account_id).await?;
    Ok(step.is_some_and(|step| step.in_use_since.is_some() && step.codes_made_at.is_some()))
}

async fn codes(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    let Some(step) = store::of(&app, who.account_id).await? else {
        return Ok(see(OWN));
    };
    let Some(made_at) = step.codes_made_at else {
        return Ok(see(OWN));
    };
    let html = if app.clock.now() - made_at < CODES_SHOWN {
        pages::codes(&app, who, step.secret.recovery_codes(made_at), &next)
    } else {
        pages::renew(&app, who, &step, FormState::empty(), &next)
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// What a form with a code came to: the code, or the answer that says what is wrong.
async fn proved(
    app: &App,
    who: &Who,
    peer: std::net::IpAddr,
    submitted: &Submitted,
) -> Result<std::result::Result<(SecondStep, Typed), Failed>> {
    let Some(step) = store::of(app, who.account_id)
        .await?
        .filter(|step| step.in_use_since.is_some())
    else {
        return Ok(Err(Failed::Away(see(OWN))));
    };
    let mut check = Check::new(submitted);
    let Some(code) = typed_code(&mut check) else {
        return Ok(Err(Failed::Form(step, check.finish())));
    };
    if let Some(wait) = too_many(app, peer, Try::SecondStep, &who.email).await? {
        return Ok(Err(Failed::Away(wait)));
    }
    let typed = step.read(app, &code).await?;
    Ok(if typed == Typed::Wrong {
        let by = By::themselves(who, OWN);
        let entry = Entry::by(app, &by, Action::SecondStepFailed)?.of(who.person_id);
        audit::note(app, &entry).await?;
        let form = check.finish().with_error("code", wrong(&step));
        Err(Failed::Form(step, form))
    } else {
        Ok((step, typed))
    })
}

enum Failed {
    Form(SecondStep, FormState),
    Away(Response),
}

async fn renew(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let (step, form) = match proved(&app, who, peer, &submitted).await? {
        Err(Failed::Away(answer)) => return Ok(answer),
        Err(Failed::Form(step, form)) => (step, form),
        Ok((step, typed)) => {
            let by = By::themselves(who, CODES);
            let entry = Entry::by(&app, &by, Action::CodesRenewed)?.of(who.person_id);
            if store::renew_codes(&app, who, typed, &entry).await? {
                return Ok(see(&next.kept(CODES)));
            }
            let form = FormState::empty().with_error("code", wrong(&step));
            (step, form)
        }
    };
    let html = pages::renew(&app, who, &step, form, &next);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
}

async fn show_off(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    let step = store::of(&app, who.account_id).await?;
    let Some(step) = step.filter(|step| step.in_use_since.is_some()) else {
        return Ok(see(&next.kept(OWN)));
    };
    let html = pages::off(&app, who, &step, FormState::empty(), &next);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn switch_off(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let (step, form) = match proved(&app, who, peer, &submitted).await? {
        Err(Failed::Away(answer)) => return Ok(answer),
        Err(Failed::Form(step, form)) => (step, form),
        Ok((step, typed)) => {
            let by = By::themselves(who, OFF);
            let entry = Entry::by(&app, &by, Action::TwoStepOff)?.of(who.person_id);
            if store::switch_off(&app, who, typed, &entry).await? {
                return Ok(Said::TwoStepOff.and_see(&app, &next.kept(OWN)));
            }
            let form = FormState::empty().with_error("code", wrong(&step));
            (step, form)
        }
    };
    let html = pages::off(&app, who, &step, form, &next);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
}

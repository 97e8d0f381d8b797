//! Codes by text: for whoever does nothing here but lead courses.

mod shown;

use std::net::IpAddr;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;

use super::handlers::{being_set_up, has_password};
use super::pages;
use super::store::{self, SecondStep};
use super::{CODES, OFF, OWN, SEND, SET_UP, STEP, TEXT};
use crate::accounts::guards::{Member, PasswordGiven};
use crate::accounts::limits::{self, Allowed, Try};
use crate::accounts::model::Who;
use crate::accounts::sign_in::HOME;
use crate::accounts::sign_in::handlers::{Next, must_wait, waiting};
use crate::accounts::sign_up::rules;
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::{Check, FormState, Submitted};

pub use shown::{another, sending, set_up};

pub fn routes() -> Routes {
    Routes::default()
        .post(SEND, send)
        .get(TEXT, show)
        .post(TEXT, begin)
}

/// The pages on which somebody asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    SignIn,
    SetUp,
    Codes,
    Off,
}

impl Place {
    const ALL: [Self; 4] = [Self::SignIn, Self::SetUp, Self::Codes, Self::Off];

    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SetUp => "set-up",
            Self::Codes => "codes",
            Self::Off => "off",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::SignIn => STEP,
            Self::SetUp => SET_UP,
            Self::Codes => CODES,
            Self::Off => OFF,
        }
    }

    fn named(name: Option<&str>) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|place| Some(place.name()) == name)
    }

    /// The page again, with what is wrong.
    fn again(
        self,
        app: &App,
        who: &Who,
        step: &SecondStep,
        form: FormState,
        next: &Next,
    ) -> String {
        match self {
            Self::SignIn => pages::ask(app, Some(step), form, next),
            Self::SetUp => set_up(app, who, step, form, next),
            Self::Codes => pages::renew(app, who, step, form, next),
            Self::Off => pages::off(app, who, step, form, next),
        }
    }
}

/// Sends a code by text, and goes back to the page that asked for it.
async fn send(
    given: PasswordGiven,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = given.who();
    let place = Place::named(submitted.raw("to"));
    // One page is for those who are still to take the step, the others for those who have.
    let Some(place) = place.filter(|place| given.is_half() == (*place == Place::SignIn)) else {
        return Ok(if given.is_half() {
            see(&next.kept(STEP))
        } else {
            see(next.path().unwrap_or(HOME))
        });
    };
    let mut check = Check::new(&submitted);
    let mut back = next.kept(place.path());
    if check.ticked("known") {
        back.push(if back.contains('?') { '&' } else { '?' });
        back.push_str("known=yes");
    }
    let now = app.clock.now();
    let step = step_of(&app, who, place).await?;
    let Some(step) = step.filter(|step| !step.was_just_sent(now)) else {
        return Ok(see(&back));
    };
    if let Some(minutes) = must_wait_for_text(&app, peer, who).await? {
        let long = dates::length(now, now + TimeDelta::minutes(minutes));
        let what = if step.text_until.is_some() {
            format!("Type the newest one, or wait {long}")
        } else {
            format!("Wait {long}, then ask again")
        };
        let form = check
            .finish()
            .with_error("code", format!("{ENOUGH}. {what}"));
        let html = place.again(&app, who, &step, form, &next);
        return Ok(waiting(html, minutes));
    }
    store::send_text(&app, who, &step).await?;
    Ok(see(&back))
}

const ENOUGH: &str = "We have sent enough codes for now";

/// The step whose code that page may ask for; none where no text is sent.
async fn step_of(app: &App, who: &Who, place: Place) -> Result<Option<SecondStep>> {
    let step = if place != Place::SetUp {
        let step = store::of(app, who.account_id).await?;
        step.filter(|step| step.in_use_since.is_some())
    } else if may_begin(app, who).await? {
        being_set_up(app, who).await?
    } else {
        None
    };
    Ok(step.filter(|step| step.phone.is_some() && app.messages.texts.are_sent()))
}

/// For how many minutes no more texts go out, when there were too many.
async fn must_wait_for_text(app: &App, peer: IpAddr, who: &Who) -> Result<Option<i64>> {
    if let Some(minutes) = must_wait(app, peer, Try::Text, &who.email).await? {
        return Ok(Some(minutes));
    }
    Ok(match limits::count(app, Try::TextDay, &who.email).await? {
        Allowed::Yes => None,
        Allowed::After { minutes } => Some(minutes),
    })
}

/// Whether somebody may begin with codes by text.
async fn may_begin(app: &App, who: &Who) -> Result<bool> {
    let offered = !who.two_step && is_offered(app, who);
    Ok(offered && has_password(app, who).await?)
}

async fn show(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    if !may_begin(&app, who).await? {
        return Ok(see(&next.kept(OWN)));
    }
    let before = being_set_up(&app, who).await?;
    let html = shown::ask(&app, who, before.as_ref(), FormState::empty(), &next);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn begin(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    if !may_begin(&app, who).await? {
        return Ok(see(&next.kept(OWN)));
    }
    let before = store::of(&app, who.account_id).await?;
    let mut check = Check::new(&submitted);
    let Some(phone) = check.text("phone", "Enter your mobile number", mobile) else {
        let html = shown::ask(&app, who, before.as_ref(), check.finish(), &next);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    };
    let now = app.clock.now();
    let twice = before.as_ref().is_some_and(|step| {
        step.phone.as_deref() == Some(phone.as_str()) && step.was_just_sent(now)
    });
    if twice {
        return Ok(see(&next.kept(SET_UP)));
    }
    if let Some(minutes) = must_wait_for_text(&app, peer, who).await? {
        let long = dates::length(now, now + TimeDelta::minutes(minutes));
        let words = format!("{ENOUGH}. Wait {long}, then ask again");
        let form = check.finish().with_error("phone", words);
        let html = shown::ask(&app, who, before.as_ref(), form, &next);
        return Ok(waiting(html, minutes));
    }
    store::begin(&app, who, Some(&phone), before.as_ref()).await?;
    Ok(see(&next.kept(SET_UP)))
}

/// A number that texts reach, as `+447700900982`.
fn mobile(typed: &str) -> std::result::Result<String, String> {
    let number = rules::phone(typed)?;
    if rules::is_mobile(&number) {
        Ok(number)
    } else {
        Err("Enter a mobile number that begins with 07, like 07700 900 982".into())
    }
}

/// Whether somebody is offered codes by text: not for the desks where more can be seen than one's own courses.
pub fn is_offered(app: &App, who: &Who) -> bool {
    who.roles.only_tutor() && app.messages.texts.are_sent()
}

//! Is a person there? Our own check (ALTCHA) by default, or one of three providers by setting. Always checked on
//! the server, once, for one form.
//!
//! Without scripts, or when the check does not work, "email me a link instead" is the check: under a field that
//! people do not see, a shortest time and strict limits.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use leptos::prelude::*;
use secrecy::ExposeSecret as _;

use super::config::{CaptchaKind, Settings};
use super::guard::Anyone;
use super::http::{HOUSEHOLD, NETWORK, Refusal, network};
use super::routes::Routes;
use super::{App, Error, Result, assets, random};
use crate::ui::form::Submitted;
use crate::write_tx;

pub mod own;
pub mod providers;
pub mod quiet;

use providers::Provider;

/// How long a provider is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a used answer of a provider is remembered: longer than it could count.
const REMEMBERED: TimeDelta = TimeDelta::hours(1);
/// The field of our own check; the widget gives it this name by itself.
const FIELD: &str = "altcha";
/// The field that says "email me a link instead".
pub const WAY: &str = "captcha-way";
/// Its value.
pub const LINK: &str = "link";
/// How many may take that way from one household in an hour.
const LINKS_A_PEER: u32 = 20;
/// How many from one network in an hour.
const LINKS_A_NETWORK: u32 = 60;

/// What the running site needs for its check.
pub struct Captcha {
    client: Option<reqwest::Client>,
    peers: DefaultKeyedRateLimiter<IpAddr>,
    networks: DefaultKeyedRateLimiter<IpAddr>,
}

impl std::fmt::Debug for Captcha {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Captcha")
    }
}

impl Captcha {
    /// Gets ready for the check that the settings ask for.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(config: &Settings) -> Result<Self> {
        let client = match config.captcha {
            CaptchaKind::Altcha => None,
            _ => Some(client(config)?),
        };
        let hourly = |n| {
            RateLimiter::keyed(Quota::per_hour(
                NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN),
            ))
        };
        Ok(Self {
            client,
            peers: hourly(LINKS_A_PEER),
            networks: hourly(LINKS_A_NETWORK),
        })
    }

    /// Whether one more may go on without the check, from this household and its network. Counts it.
    pub fn may_skip(&self, peer: IpAddr) -> bool {
        if self.peers.len() > 50_000 {
            self.peers.retain_recent();
            self.networks.retain_recent();
        }
        self.peers.check_key(&network(peer, HOUSEHOLD)).is_ok()
            && self.networks.check_key(&network(peer, NETWORK)).is_ok()
    }
}

/// The one HTTP client: short time limits, no redirects.
fn client(config: &Settings) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none());
    if config.is_loopback() {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|e| Error::Setting(format!("captcha: {e}")))
}

/// The check was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// A person is there.
    Checked,
    /// The emailed link will show it: nothing is kept or promised until it has been opened.
    ByLink,
}

/// Why it was not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The box was not ticked.
    Missing,
    /// It took too long.
    Old,
    /// This answer has counted before.
    Used,
    /// The answer is wrong, or for another form or site.
    Refused,
    /// The provider is slow or away.
    Down,
    /// Sent sooner than a person could.
    TooQuick,
    /// The field that people do not see was filled in.
    Trap,
    /// Too many have come from there without the check.
    TooMany,
}

impl Problem {
    /// What to do now, in a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Missing => "Tick “I am a person”, then press the button",
            Self::Old | Self::Used => "The check ran out of time. Please tick it once more",
            Self::Refused => "Please do the check once more, or let us email you a link",
            Self::Down => {
                "Our check is not working just now. Your answers are safe. Let us email you a link instead, or try again in a minute"
            }
            Self::TooQuick => "That was very quick. Please press the button once more",
            Self::Trap => "Please empty the hidden box, then press the button",
            Self::TooMany => {
                "A lot of people have gone on from your network just now. Please wait an hour, tick “I am a person”, or call us"
            }
        }
    }
}

/// Checks what was sent with the form called `form` ("sign-up").
///
/// # Errors
/// When the database does not answer. What the visitor did is the inner result.
pub async fn check(
    app: &App,
    sent: &Submitted,
    peer: IpAddr,
    form: &str,
) -> Result<Result<Passed, Problem>> {
    if let Err(problem) = quiet::check(app, sent, form) {
        return Ok(Err(problem));
    }
    let provider = Provider::of(app.config.captcha);
    let answer = sent.line(provider.map_or(FIELD, |p| p.field));
    // The button "Email me a link instead" counts whatever the widget has put into its field by itself. Without
    // scripts the same word comes from a hidden field, and there is no answer.
    if sent.line(WAY) == LINK {
        return Ok(if app.captcha.may_skip(peer) {
            Ok(Passed::ByLink)
        } else {
            Err(Problem::TooMany)
        });
    }
    if answer.is_empty() {
        return Ok(Err(Problem::Missing));
    }
    let now = app.clock.now();
    let found = match provider {
        None => own::check(&app.vault, &answer, form, now),
        Some(provider) => ask(app, provider, &answer, peer, form, now)
            .await
            .map(|()| (answer.clone(), now + REMEMBERED)),
    };
    let (identity, until) = match found {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    if first_use(app, &identity, until).await? {
        Ok(Ok(Passed::Checked))
    } else {
        Ok(Err(Problem::Used))
    }
}

async fn ask(
    app: &App,
    provider: &Provider,
    answer: &str,
    peer: IpAddr,
    form: &str,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let (Some(client), Some(secret)) = (&app.captcha.client, &app.config.captcha_secret) else {
        return Err(Problem::Down);
    };
    let own = app.config.captcha_url.as_ref().map(url::Url::as_str);
    let host = app.config.site_url.host_str().unwrap_or_default();
    providers::ask(
        client,
        own.unwrap_or(provider.verify),
        secret.expose_secret(),
        answer,
        &peer.to_string(),
    )
    .await?
    .check(provider, host, form, now)
}

/// Notes that an answer was used; false when it was before.
async fn first_use(app: &App, identity: &str, until: DateTime<Utc>) -> Result<bool> {
    let hash = random::hash(identity).to_vec();
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "INSERT INTO captcha_used (answer_hash, expires_at) VALUES ($1, $2) \
             ON CONFLICT (answer_hash) DO NOTHING",
        )
        .bind(&hash)
        .bind(until)
        .execute(&mut *c)
        .await?;
        Ok(done.rows_affected() == 1)
    })
}

/// The check inside a form. `offer_link` shows a button "Email me a link instead" (after a problem with the check).
/// The page needs [`script`] and [`head`] too.
pub fn widget(app: &App, form: &'static str, offer_link: bool) -> impl IntoView + use<> {
    let drawn = match Provider::of(app.config.captcha) {
        None => {
            let url = format!("/captcha/challenge/{form}");
            let settings = serde_json::json!({
                "hideFooter": true,
                "hideLogo": true,
                "humanInteractionSignature": false,
            })
            .to_string();
            view! { <altcha-widget challenge=url language="en" configuration=settings></altcha-widget> }
                .into_any()
        }
        Some(provider) => {
            let key = app.config.captcha_site_key.clone().unwrap_or_default();
            view! { <div class=provider.class data-sitekey=key data-action=form></div> }.into_any()
        }
    };
    let link = offer_link.then(|| {
        view! {
            <button type="submit" class="govuk-button govuk-button--secondary" name=WAY value=LINK>
                "Email me a link instead"
            </button>
        }
    });
    view! {
        {quiet::fields(app, form)}
        <div class="wb-captcha">
            {drawn}
            <noscript>
                <p>"You can go on. We will send you an email, and that is the check."</p>
                <input type="hidden" name=WAY value=LINK />
            </noscript>
        </div>
        {link}
    }
}

/// The script of the page that shows the [`widget`]: for `Page::script`.
pub fn script(config: &Settings) -> String {
    Provider::of(config.captcha).map_or_else(|| assets::href("captcha.js"), |p| p.script.to_owned())
}

/// The stylesheet of our own check, for `Page::head`; empty for the others.
pub fn head(config: &Settings) -> impl IntoView + use<> {
    (config.captcha == CaptchaKind::Altcha)
        .then(|| view! { <link rel="stylesheet" href=assets::href("altcha/altcha.css") /> })
}

/// The content policy with the hosts of the provider in use; `None` for our own check.
pub fn policy(config: &Settings) -> Option<String> {
    let provider = Provider::of(config.captcha)?;
    let Provider {
        scripts,
        frames,
        styles,
        ..
    } = provider;
    Some(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' {styles}; \
         img-src 'self' data:; font-src 'self'; connect-src 'self' {scripts}; frame-src {frames}; \
         worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ))
}

/// Where our own widget fetches its challenge.
pub fn routes() -> Routes {
    Routes::default().get("/captcha/challenge/{form}", challenge)
}

async fn challenge(
    _: Anyone,
    State(app): State<App>,
    Path(form): Path<String>,
) -> Result<Response> {
    let known = form.len() <= 40 && form.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if !known || app.config.captcha != CaptchaKind::Altcha {
        return Ok(Refusal::NotFound.into_response());
    }
    let cost = own::Cost::usual()?;
    let made = own::challenge(&app.vault, &form, app.clock.now(), cost)?;
    Ok(Json(made).into_response())
}

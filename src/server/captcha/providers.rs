//! The three providers that a site may use instead of our own check: one table of what differs, one way to ask.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::Problem;
use crate::server::config::CaptchaKind;

/// What differs between the providers.
#[derive(Debug)]
pub struct Provider {
    /// The script that draws the widget.
    pub script: &'static str,
    /// The class of the element that it draws into.
    pub class: &'static str,
    /// The field that it fills in.
    pub field: &'static str,
    /// Where an answer is checked.
    pub verify: &'static str,
    /// Hosts for `script-src` and `connect-src` (and `style-src` for hCaptcha).
    pub scripts: &'static str,
    /// Hosts for `frame-src`.
    pub frames: &'static str,
    /// Hosts for `style-src`.
    pub styles: &'static str,
    /// Whether its answer names the form, and so must name the right one.
    pub names_action: bool,
}

/// Cloudflare Turnstile.
const TURNSTILE: Provider = Provider {
    script: "https://challenges.cloudflare.com/turnstile/v0/api.js",
    class: "cf-turnstile",
    field: "cf-turnstile-response",
    verify: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    scripts: "https://challenges.cloudflare.com",
    frames: "https://challenges.cloudflare.com",
    styles: "",
    names_action: true,
};

/// hCaptcha.
const HCAPTCHA: Provider = Provider {
    script: "https://js.hcaptcha.com/1/api.js",
    class: "h-captcha",
    field: "h-captcha-response",
    verify: "https://api.hcaptcha.com/siteverify",
    scripts: "https://hcaptcha.com https://*.hcaptcha.com",
    frames: "https://hcaptcha.com https://*.hcaptcha.com",
    styles: "https://hcaptcha.com https://*.hcaptcha.com",
    names_action: false,
};

/// Google reCAPTCHA (version 2, "I'm not a robot").
const RECAPTCHA: Provider = Provider {
    script: "https://www.google.com/recaptcha/api.js",
    class: "g-recaptcha",
    field: "g-recaptcha-response",
    verify: "https://www.google.com/recaptcha/api/siteverify",
    scripts: "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
    frames: "https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
    styles: "",
    names_action: false,
};

impl Provider {
    /// The provider in use; `None` for our own check.
    pub const fn of(kind: CaptchaKind) -> Option<&'static Self> {
        match kind {
            CaptchaKind::Altcha => None,
            CaptchaKind::Turnstile => Some(&TURNSTILE),
            CaptchaKind::Hcaptcha => Some(&HCAPTCHA),
            CaptchaKind::Recaptcha => Some(&RECAPTCHA),
        }
    }
}

/// An answer older than this does not count.
const LONGEST: TimeDelta = TimeDelta::minutes(5);
/// How far the provider's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
/// The most that an answer of theirs may hold.
const MOST: usize = 16 * 1024;

/// What a provider says about an answer.
#[derive(Debug, Deserialize)]
pub struct Verdict {
    success: bool,
    challenge_ts: Option<DateTime<Utc>>,
    hostname: Option<String>,
    action: Option<String>,
    #[serde(default, rename = "error-codes")]
    error_codes: Vec<String>,
}

impl Verdict {
    /// Whether it counts: right, for our host, for this form, and fresh.
    pub fn check(
        &self,
        provider: &Provider,
        host: &str,
        form: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        if !self.success {
            let old = self
                .error_codes
                .iter()
                .any(|code| code.contains("timeout-or-duplicate") || code.contains("expired"));
            return Err(if old { Problem::Old } else { Problem::Refused });
        }
        if self.hostname.as_deref() != Some(host) {
            return Err(Problem::Refused);
        }
        if (provider.names_action || self.action.is_some()) && self.action.as_deref() != Some(form)
        {
            return Err(Problem::Refused);
        }
        match self.challenge_ts {
            Some(at) if now - at <= LONGEST && at - now <= AHEAD => Ok(()),
            Some(_) => Err(Problem::Old),
            None => Err(Problem::Refused),
        }
    }
}

/// Asks the provider about an answer. Slow, broken or redirecting: [`Problem::Down`], never a pass.
pub async fn ask(
    client: &reqwest::Client,
    verify: &str,
    secret: &str,
    answer: &str,
    peer: &str,
) -> Result<Verdict, Problem> {
    let form = [("secret", secret), ("response", answer), ("remoteip", peer)];
    let down = |error: reqwest::Error| {
        tracing::warn!(error = %error.without_url(), "the captcha's provider did not answer");
        Problem::Down
    };
    let mut response = client.post(verify).form(&form).send().await.map_err(down)?;
    if response.status() != reqwest::StatusCode::OK {
        tracing::warn!(
            status = response.status().as_u16(),
            "the captcha's provider"
        );
        return Err(Problem::Down);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(down)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST {
            return Err(Problem::Down);
        }
    }
    serde_json::from_slice(&body).map_err(|_| {
        tracing::warn!("the captcha's provider sent something else than an answer");
        Problem::Down
    })
}

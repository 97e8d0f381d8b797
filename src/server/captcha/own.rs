//! Our own check (ALTCHA): the browser does a few seconds of work that is quick to check. Nobody else learns who
//! comes here.

use std::collections::BTreeMap;

use altcha::{CreateChallengeOptions, Payload, VerifySolutionOptions};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Problem;
use crate::server::vault::Vault;
use crate::server::{Error, Result, random};

/// How long a challenge may be answered.
pub const GOOD_FOR: TimeDelta = TimeDelta::minutes(20);
/// PBKDF2 rounds a try.
const ROUNDS: u32 = 5_000;
/// Tries needed: from this many …
const FEWEST: u32 = 300;
/// … to this many more. About half a second on a good machine, 3 s on one six times slower.
const SPREAD: u32 = 256;

/// How much work a challenge is.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// PBKDF2 rounds a try.
    pub rounds: u32,
    /// Tries needed.
    pub tries: u32,
}

impl Cost {
    /// What a visitor's browser is asked for.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn usual() -> Result<Self> {
        let mut more = [0_u8; 1];
        random::fill(&mut more)?;
        Ok(Self {
            rounds: ROUNDS,
            tries: FEWEST + u32::from(more[0]) % SPREAD,
        })
    }
}

/// A new challenge for one form. When it runs out stands in its signed data: `altcha` itself would ask the
/// machine's clock.
///
/// # Errors
/// When it cannot be made.
pub fn challenge(
    vault: &Vault,
    form: &str,
    now: DateTime<Utc>,
    cost: Cost,
) -> Result<altcha::Challenge> {
    let until = (now + GOOD_FOR).timestamp();
    let data = BTreeMap::from([
        ("form".to_owned(), Value::from(form)),
        ("until".to_owned(), Value::from(until)),
    ]);
    altcha::create_challenge(CreateChallengeOptions {
        cost: cost.rounds,
        counter: Some(cost.tries),
        data: Some(data),
        hmac_signature_secret: Some(secret(vault, "captcha challenge")),
        hmac_key_signature_secret: Some(secret(vault, "captcha answer")),
        ..CreateChallengeOptions::default()
    })
    .map_err(|e| Error::Other(format!("captcha: {e}")))
}

/// Checks an answer; what identifies it, so that it counts once, and when it runs out.
pub fn check(
    vault: &Vault,
    answer: &str,
    form: &str,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), Problem> {
    let json = STANDARD.decode(answer).map_err(|_| Problem::Refused)?;
    let payload: Payload = serde_json::from_slice(&json).map_err(|_| Problem::Refused)?;
    let (signing, answering) = (
        secret(vault, "captcha challenge"),
        secret(vault, "captcha answer"),
    );
    let result = altcha::verify_solution(VerifySolutionOptions {
        hmac_key_signature_secret: Some(answering),
        ..VerifySolutionOptions::new(&payload.challenge, &payload.solution, &signing)
    })
    .map_err(|_| Problem::Refused)?;
    if !result.verified {
        return Err(Problem::Refused);
    }
    // Signed by us, so what it says is what we said.
    let data = payload.challenge.parameters.data.unwrap_or_default();
    if data.get("form").and_then(Value::as_str) != Some(form) {
        return Err(Problem::Refused);
    }
    let until = data
        .get("until")
        .and_then(Value::as_i64)
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or(Problem::Refused)?;
    if now >= until {
        return Err(Problem::Old);
    }
    Ok((payload.challenge.signature.unwrap_or_default(), until))
}

fn secret(vault: &Vault, purpose: &str) -> String {
    URL_SAFE_NO_PAD.encode(vault.mac(purpose, &[]))
}

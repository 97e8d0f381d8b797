//! Where text messages go: GOV.UK Notify, a directory of files, memory in tests, or nowhere.
//!
//! Notify sends a template; ours has one field, `((words))`, so that every word of ours is written, tested and kept
//! here. See <https://docs.notifications.service.gov.uk/rest-api.html>.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use super::model::Text;
use super::transport::Failed;
use crate::server::config::Settings;
use crate::server::{Error, Result, state};

/// How long Notify may take. Shorter than a lease.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long we wait when Notify says "too many" and not how long.
const TOO_MANY: TimeDelta = TimeDelta::minutes(1);
/// Where Notify is.
const NOTIFY: &str = "https://api.notifications.service.gov.uk";
/// An id in a Notify key, with its dashes.
const ID: usize = 36;

/// Sends text messages.
pub struct Texts(Way);

enum Way {
    Notify(Box<Notify>),
    Directory(PathBuf),
    Memory(Mutex<Vec<Text>>),
    Nowhere,
}

struct Notify {
    client: reqwest::Client,
    address: Url,
    key: Key,
    template: String,
}

/// An API key of Notify: a name, the service's id and a secret, with dashes between.
struct Key {
    service: String,
    secret: SecretString,
}

impl Key {
    fn read(key: &str) -> Option<Self> {
        let is_id = |id: &str| Uuid::try_parse(id).is_ok();
        let (rest, secret) = key.split_at_checked(key.len().checked_sub(ID)?)?;
        let rest = rest.strip_suffix('-')?;
        let (name, service) = rest.split_at_checked(rest.len().checked_sub(ID)?)?;
        (name.ends_with('-') && is_id(secret) && is_id(service)).then(|| Self {
            service: service.to_owned(),
            secret: secret.into(),
        })
    }

    /// What shows Notify who asks, for a request made `now`: a JSON Web Token, HS256 (RFC 7515). Three lines of our own
    /// rather than a library that brings four kinds of signature.
    fn token(&self, now: DateTime<Utc>) -> Result<String> {
        let part = |text: String| URL_SAFE_NO_PAD.encode(text);
        let head = part(r#"{"typ":"JWT","alg":"HS256"}"#.to_owned());
        let body = part(format!(
            r#"{{"iss":"{}","iat":{}}}"#,
            self.service,
            now.timestamp()
        ));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.expose_secret().as_bytes())
            .map_err(|e| Error::Other(format!("a key of Notify: {e}")))?;
        mac.update(format!("{head}.{body}").as_bytes());
        let seal = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Ok(format!("{head}.{body}.{seal}"))
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Way::Notify(_) => "Notify",
            Way::Directory(_) => "Directory",
            Way::Memory(_) => "Memory",
            Way::Nowhere => "Nowhere",
        })
    }
}

impl Texts {
    /// The way that the settings ask for: Notify with its key; on this machine's own address, files in the data
    /// directory; else none.
    ///
    /// # Errors
    /// When the key cannot be read.
    pub fn new(config: &Settings) -> Result<Self> {
        let memory = config
            .mail
            .as_ref()
            .is_some_and(|mail| mail.expose_secret() == "memory:");
        let Some(key) = &config.notify_key else {
            return Ok(Self(if memory {
                Way::Memory(Mutex::default())
            } else if config.is_loopback() {
                Way::Directory(config.data_dir.join("texts"))
            } else {
                Way::Nowhere
            }));
        };
        let wrong = |name: &str, what: &str| Error::Setting(format!("{name} {what}"));
        let key = Key::read(key.expose_secret())
            .ok_or_else(|| wrong("WELLBEING_NOTIFY_KEY", "is not an API key of GOV.UK Notify"))?;
        let template = config.notify_template.clone().ok_or_else(|| {
            wrong(
                "WELLBEING_NOTIFY_TEMPLATE",
                "is needed: the id of a text template that holds ((words)) and nothing else",
            )
        })?;
        let address = match &config.notify_url {
            Some(url) => url.clone(),
            None => NOTIFY
                .parse()
                .map_err(|_| wrong("WELLBEING_NOTIFY_URL", "is not an address"))?,
        };
        let mut builder = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none());
        if config.is_loopback() {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|e| Error::Setting(format!("WELLBEING_NOTIFY_KEY: {e}")))?;
        Ok(Self(Way::Notify(Box::new(Notify {
            client,
            address,
            key,
            template,
        }))))
    }

    /// Whether texts can be sent at all: otherwise nobody is asked whether they want any.
    pub const fn are_sent(&self) -> bool {
        !matches!(self.0, Way::Nowhere)
    }

    /// Sends `text`, the row `id` of the outbox.
    ///
    /// # Errors
    /// Says whether trying again may help, and when.
    pub async fn send(&self, id: Uuid, now: DateTime<Utc>, text: Text) -> Result<(), Failed> {
        match &self.0 {
            Way::Notify(notify) => notify.send(id, now, &text).await,
            Way::Directory(directory) => {
                let write = || {
                    state::private_dir(directory)?;
                    let file = directory.join(format!("{}.txt", id.simple()));
                    state::write_private(&file, &format!("To: {}\n\n{}\n", text.to, text.words))
                };
                write().map_err(|_| Failed::passing("the directory of texts cannot be written to"))
            }
            Way::Memory(sent) => {
                let mut sent = sent.lock().map_err(|_| Failed::passing("memory"))?;
                sent.push(text);
                Ok(())
            }
            Way::Nowhere => Err(Failed::permanent("texts are not sent")),
        }
    }

    /// What was sent, in the order it was sent; nothing unless this keeps texts in memory.
    pub fn sent(&self) -> Vec<Text> {
        match &self.0 {
            Way::Memory(sent) => sent.lock().map(|sent| sent.clone()).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

impl Notify {
    async fn send(&self, id: Uuid, now: DateTime<Utc>, text: &Text) -> Result<(), Failed> {
        let address = self
            .address
            .join("v2/notifications/sms")
            .map_err(|_| Failed::passing("Notify's address"))?;
        let token = self
            .key
            .token(now)
            .map_err(|_| Failed::passing("Notify's key"))?;
        let body = serde_json::json!({
            "phone_number": text.to,
            "template_id": self.template,
            "personalisation": { "words": text.words },
            "reference": id.simple().to_string(),
        });
        let answer = self
            .client
            .post(address)
            .bearer_auth(token)
            .json(&body)
            .send()
            .await
            .map_err(|error| {
                Failed::passing(if error.is_timeout() {
                    "Notify: timeout"
                } else {
                    "Notify is away"
                })
            })?;
        outcome(answer.status(), answer.headers())
    }
}

/// What an answer of Notify means. A wrong number or text can never be sent; a wrong key or template is our mistake, and
/// the text waits until that is put right.
fn outcome(status: StatusCode, headers: &reqwest::header::HeaderMap) -> Result<(), Failed> {
    let why = format!("Notify: {}", status.as_u16());
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => Err(Failed::permanent(&why)),
        _ => {
            let named = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.parse().ok())
                .and_then(TimeDelta::try_seconds);
            let usual = (status == StatusCode::TOO_MANY_REQUESTS).then_some(TOO_MANY);
            Err(Failed {
                after: named.or(usual),
                ..Failed::passing(&why)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;

    const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
    const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";

    #[test]
    fn a_key_has_a_name_a_service_and_a_secret() {
        let key = Key::read(&format!("my-live_key-{SERVICE}-{SECRET}")).expect("a key");
        assert_eq!(key.service, SERVICE);
        assert_eq!(key.secret.expose_secret(), SECRET);
        for wrong in [
            String::new(),
            SECRET.to_owned(),
            format!("{SERVICE}-{SECRET}"),
            format!("name-{SERVICE}-{}", &SECRET[1..]),
            format!("näme{SERVICE}-{SECRET}"),
            "é".repeat(60),
        ] {
            assert!(Key::read(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_token_says_who_asks_and_when_and_its_seal_fits() {
        let key = Key::read(&format!("k-{SERVICE}-{SECRET}")).expect("a key");
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let token = key.token(now).expect("a token");
        let parts: Vec<&str> = token.split('.').collect();
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
            serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")
        };
        assert_eq!(
            read(parts[0]),
            serde_json::json!({"typ": "JWT", "alg": "HS256"})
        );
        assert_eq!(
            read(parts[1]),
            serde_json::json!({"iss": SERVICE, "iat": 1_800_000_000})
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
        mac.update(format!("{}.{}", parts[0], parts[1]).as_bytes());
        let seal = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
        assert!(mac.verify_slice(&seal).is_ok());
    }

    #[test]
    fn each_answer_says_whether_and_when_to_try_again() {
        let asked = |status: u16, retry: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = retry {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
            }
            outcome(StatusCode::from_u16(status).expect("a status"), &headers)
        };
        assert_eq!(asked(201, None), Ok(()));
        for (status, retry, permanent, after) in [
            (400, None, true, None),
            (413, None, true, None),
            (403, None, false, None),
            (404, None, false, None),
            (429, None, false, Some(60)),
            (429, Some("120"), false, Some(120)),
            (500, None, false, None),
            (503, Some("30"), false, Some(30)),
            (503, Some("Wed, 21 Oct 2026 07:28:00 GMT"), false, None),
            (302, None, false, None),
        ] {
            let failed = asked(status, retry).expect_err("no success");
            let wait = failed.after.map(|after| after.num_seconds());
            assert_eq!((failed.permanent, wait), (permanent, after), "{status}");
        }
    }
}

//! Where messages go: a mail server, a directory of `.eml` files, or memory in tests.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::model::Mail;
use super::rules;
use crate::server::config::Settings;
use crate::server::{Error, Result, state};

/// How long a mail server may take over one step.
const STEP_TIME: Duration = Duration::from_secs(15);
/// How long it may take over a whole message. Shorter than a lease.
const WHOLE_TIME: Duration = Duration::from_mins(1);

/// Why a message was not sent. Never says what was in it or whom it was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Whether trying again cannot help.
    pub permanent: bool,
    /// For the course team: "550", "timeout".
    pub why: String,
    /// The other side asked not to be tried again before this time has passed.
    pub after: Option<chrono::TimeDelta>,
}

impl Failed {
    /// It may go another time.
    pub(super) fn passing(why: &str) -> Self {
        Self {
            permanent: false,
            why: why.to_owned(),
            after: None,
        }
    }

    /// It will never go.
    pub(super) fn permanent(why: &str) -> Self {
        Self {
            permanent: true,
            ..Self::passing(why)
        }
    }
}

/// A message as it left, in tests.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The outbox row.
    pub id: Uuid,
    /// Whom it went to.
    pub to: String,
    /// The whole message as bytes on the wire.
    pub eml: Vec<u8>,
    /// What it was made from.
    pub mail: Mail,
}

/// Sends messages.
#[derive(Debug)]
pub struct Transport {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    host: String,
    way: Way,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Directory(PathBuf),
    Memory(Mutex<Vec<Sent>>),
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smtp(_) => "Smtp",
            Self::Directory(_) => "Directory",
            Self::Memory(_) => "Memory",
        })
    }
}

impl Transport {
    /// The way that the settings ask for: `smtp://…`, `smtps://…`, `memory:` (tests) or a directory.
    ///
    /// # Errors
    /// When the sender or the mail server's address cannot be read.
    pub fn new(config: &Settings) -> Result<Self> {
        let from: Mailbox = config
            .mail_from
            .parse()
            .map_err(|e| Error::Setting(format!("WELLBEING_MAIL_FROM: {e}")))?;
        let wanted = config.mail.as_ref().map(ExposeSecret::expose_secret);
        let way = match wanted {
            Some(url) if config.mail_is_smtp() => Way::Smtp(Box::new(smtp(url)?)),
            Some("memory:") => Way::Memory(Mutex::default()),
            Some(directory) => Way::Directory(directory.into()),
            None => Way::Directory(config.data_dir.join("mail")),
        };
        Ok(Self {
            from,
            reply_to: config.email.parse().ok(),
            host: config.site_url.host_str().unwrap_or("localhost").to_owned(),
            way,
        })
    }

    /// Sends `mail`, the row `id` of the outbox.
    ///
    /// # Errors
    /// Says whether trying again may help.
    pub async fn send(
        &self,
        id: Uuid,
        written_at: std::time::SystemTime,
        mail: Mail,
    ) -> Result<(), Failed> {
        let message = self
            .message(id, written_at, &mail)
            .map_err(|why| Failed::permanent(&why))?;
        match &self.way {
            Way::Smtp(server) => {
                match tokio::time::timeout(WHOLE_TIME, server.send(message)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(failed(&error)),
                    Err(_) => Err(Failed::passing("timeout")),
                }
            }
            Way::Directory(directory) => {
                let write = || {
                    state::private_dir(directory)?;
                    state::write_private(
                        &directory.join(format!("{}.eml", id.simple())),
                        &String::from_utf8_lossy(&message.formatted()),
                    )
                };
                write().map_err(|_| Failed::passing("the mail directory cannot be written to"))
            }
            Way::Memory(sent) => {
                let mut sent = sent.lock().map_err(|_| Failed::passing("memory"))?;
                sent.push(Sent {
                    id,
                    to: mail.to.email().to_owned(),
                    eml: message.formatted(),
                    mail,
                });
                Ok(())
            }
        }
    }

    /// What was sent, in the order it was sent; nothing unless this keeps messages in memory.
    pub fn sent(&self) -> Vec<Sent> {
        match &self.way {
            Way::Memory(sent) => sent.lock().map(|sent| sent.clone()).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn message(
        &self,
        id: Uuid,
        written_at: std::time::SystemTime,
        mail: &Mail,
    ) -> Result<Message, String> {
        let address = mail
            .to
            .email()
            .parse()
            .map_err(|_| "the address cannot be written to".to_owned())?;
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(mail.to.name().map(str::to_owned), address))
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@{}>", id.simple(), self.host)))
            .date(written_at)
            .raw_header(plain("Auto-Submitted", "auto-generated")?);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        if let Some(url) = &mail.unsubscribe {
            builder = builder.header(Unsubscribe(url.clone())).raw_header(plain(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click",
            )?);
        }
        let words = MultiPart::alternative()
            .singlepart(SinglePart::plain(mail.text.clone()))
            .singlepart(SinglePart::html(mail.html.clone()));
        let built = match &mail.ics {
            None => builder.multipart(words),
            Some(ics) => {
                let kind = format!("text/calendar; charset=utf-8; method={}", ics.method.name());
                let kind = ContentType::parse(&kind).map_err(|e| e.to_string())?;
                let dates = Attachment::new("dates.ics".to_owned()).body(ics.text.clone(), kind);
                builder.multipart(MultiPart::mixed().multipart(words).singlepart(dates))
            }
        };
        built.map_err(|e| e.to_string())
    }
}

/// Where one press stops messages (RFC 2369 §3.2).
#[derive(Clone)]
struct Unsubscribe(String);

impl Header for Unsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        // Unfolded: a URL must not be broken (RFC 8058 §8.1 shows it whole).
        let value = format!("<{}>", self.0);
        HeaderValue::dangerous_new_pre_encoded(Self::name(), value.clone(), value)
    }
}

fn plain(name: &'static str, value: &str) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| e.to_string())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

fn smtp(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    // `smtp://` to another machine asks for encryption unless the URL says otherwise.
    let parsed = url::Url::parse(url)
        .map_err(|e| Error::Setting(format!("WELLBEING_MAIL is not an address: {e}")))?;
    let here = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let says = parsed.query_pairs().any(|(name, _)| name == "tls");
    let mut asked = parsed.clone();
    if parsed.scheme() == "smtp" && !here && !says {
        asked.query_pairs_mut().append_pair("tls", "required");
    }
    Ok(
        AsyncSmtpTransport::<Tokio1Executor>::from_url(asked.as_str())
            .map_err(|e| Error::Setting(format!("WELLBEING_MAIL: {e}")))?
            .timeout(Some(STEP_TIME))
            .pool_config(
                PoolConfig::new()
                    .max_size(4)
                    .idle_timeout(Duration::from_secs(30)),
            )
            .build(),
    )
}

fn failed(error: &lettre::transport::smtp::Error) -> Failed {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        return Failed {
            permanent: rules::is_permanent(code),
            ..Failed::passing(&code.to_string())
        };
    }
    Failed::passing(if error.is_timeout() {
        "timeout"
    } else if error.is_tls() {
        "encryption failed"
    } else {
        "the mail server is away or broke off"
    })
}

//! Messages: what we send to people, kept in an outbox until it is sent.
//!
//! A message is written ([`letters`]), sealed ([`prepare`]) and put into the outbox by the transaction that
//! causes it ([`insert!`](crate::insert_message)): it is sent if that commits, and otherwise never. A worker
//! ([`jobs`]) sends it; what it says is gone from the database once it is sent.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use self::pace::Pace;
use crate::server::config::Settings;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::write_tx;

pub mod jobs;
mod letter;
pub mod letters;
pub mod model;
mod pace;
pub mod returned;
pub mod rules;
pub mod segments;
mod store;
#[cfg_attr(not(feature = "rehearsal"), path = "messages/switches/off.rs")]
pub mod switches;
pub mod texts;
pub mod transport;

pub use crate::insert_message as insert;
pub use model::{Address, Channel, Ics, IcsMethod, Mail, Message, MessageKind, Text};

/// What the running site knows of its messages.
#[derive(Debug)]
pub struct Messages {
    /// Where emails go.
    pub transport: transport::Transport,
    /// Where texts go.
    pub texts: texts::Texts,
    /// Guards that a rehearsal can switch off; a real site has no such switches.
    pub switches: switches::Switches,
    email: Lane,
    text: Lane,
}

/// What the workers of one channel share.
#[derive(Debug)]
struct Lane {
    woken: Notify,
    pace: Pace,
}

impl Lane {
    fn new(most_a_minute: Option<NonZeroU32>) -> Self {
        Self {
            woken: Notify::new(),
            pace: Pace::new(most_a_minute),
        }
    }
}

impl Messages {
    /// Gets ready to send in the way that the settings ask for.
    ///
    /// # Errors
    /// When the sender or the mail server's address cannot be read.
    pub fn new(config: &Settings) -> Result<Self> {
        Ok(Self {
            transport: transport::Transport::new(config)?,
            texts: texts::Texts::new(config)?,
            switches: switches::Switches::default(),
            email: Lane::new(config.mail_a_minute),
            text: Lane::new(Some(config.texts_a_minute)),
        })
    }

    /// Tells the workers that a message was committed: call it after the `write_tx!` that inserted one, so that
    /// nobody waits for the next look into the outbox.
    pub fn wake(&self) {
        for channel in Channel::ALL {
            self.lane(channel).woken.notify_one();
        }
    }

    /// Waits for [`Self::wake`].
    async fn woken(&self, channel: Channel) {
        self.lane(channel).woken.notified().await;
    }

    /// Waits until this process may send another message by this channel.
    async fn turn(&self, channel: Channel) {
        self.lane(channel).pace.turn().await;
    }

    const fn lane(&self, channel: Channel) -> &Lane {
        match channel {
            Channel::Email => &self.email,
            Channel::Text => &self.text,
        }
    }
}

/// How far a message that cannot wait goes ahead of the others.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// A sealed message, ready for the outbox.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Its id: also the `Message-ID` that mail programs know it by, however often it is tried.
    pub id: Uuid,
    /// What brought it about ("booking:…:confirmed"). A second message with the same cause is not kept.
    pub cause: String,
    /// What it is for.
    pub kind: MessageKind,
    /// The way it goes.
    pub channel: Channel,
    /// Whom it is about, if we know them.
    pub person_id: Option<Uuid>,
    /// What it says, sealed.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The first moment to send it.
    pub send_at: DateTime<Utc>,
    /// From this moment on nobody is sent it any more.
    pub useless_after: Option<DateTime<Utc>>,
}

impl Prepared {
    /// Lets it wait for the morning if it is written at night.
    #[must_use]
    pub fn by_day(mut self) -> Self {
        self.send_at = rules::by_day(self.send_at);
        self
    }

    /// For what helps only until `at`: it goes before whatever waits already, and from then on not at all.
    #[must_use]
    pub fn only_until(mut self, at: DateTime<Utc>) -> Self {
        self.send_at = self.created_at - AHEAD;
        self.useless_after = Some(at);
        self
    }
}

/// Seals `message` for the outbox. Call it before the transaction; `cause` names the one thing that brought it
/// about, and a second message with the same cause is not sent.
///
/// # Errors
/// When the vault does not answer.
pub async fn prepare(
    app: &App,
    message: impl Into<Message>,
    person_id: Option<Uuid>,
    cause: &str,
) -> Result<Prepared> {
    let message = message.into();
    let id = app.id()?;
    let now = app.clock.now();
    let words =
        serde_json::to_vec(&message).map_err(|e| Error::Other(format!("a message: {e}")))?;
    let sealed = app
        .vault
        .seal(now, Uuid::nil(), RecordClass::Message, id, &words)
        .await?;
    Ok(Prepared {
        id,
        cause: cause.to_owned(),
        kind: message.kind(),
        channel: message.channel(),
        person_id,
        sealed,
        created_at: now,
        send_at: now,
        useless_after: None,
    })
}

/// Puts a message into the outbox in a transaction of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(app: &App, message: &Prepared) -> Result<()> {
    write_tx!(app.db, |c| {
        insert!(c, message);
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// Puts a prepared message into the outbox: `messages::insert!(c, &prepared);` inside `write_tx!`. A second
/// message with the same cause is left out.
#[macro_export]
macro_rules! insert_message {
    ($c:expr, $message:expr) => {{
        let message: &$crate::messages::Prepared = $message;
        sqlx::query(
            "INSERT INTO outbox (id, cause, kind, channel, person_id, state, sealed, next_try_at, created_at, useless_after) \
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9) ON CONFLICT (cause) DO NOTHING",
        )
        .bind(message.id)
        .bind(&message.cause)
        .bind(message.kind.name())
        .bind(message.channel.name())
        .bind(message.person_id)
        .bind(&message.sealed)
        .bind(message.send_at)
        .bind(message.created_at)
        .bind(message.useless_after)
        .execute(&mut *$c)
        .await?;
    }};
}

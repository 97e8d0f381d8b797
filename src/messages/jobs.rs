//! The workers that empty the outbox.
//!
//! A message is lost by nobody: it stays in the outbox until a mail server has taken it, or until it is of no use to
//! anybody, as a code that has run out. A worker that dies
//! between sending and noting it leaves a lease that runs out, and the message goes once more, with the same
//! `Message-ID`.

use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use super::model::{Channel, Message};
use super::rules::{self, Next};
use super::store::{self, Leased};
use super::transport::Failed;
use crate::server::jobs::kept_going;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result, random};

/// Who sends what in one process: two emails and one text at a time.
const WORKERS: [Channel; 3] = [Channel::Email, Channel::Email, Channel::Text];
/// How often a worker looks without being woken: for what another process wrote, and for what is tried again.
const LOOK: Duration = Duration::from_secs(2);

/// How often it is tried to note that a message was sent, and how long apart: about a minute, as its lease goes on for
/// that long after the longest time that sending may take.
const NOTE_TRIES: u32 = 60;
const NOTE_PAUSE: Duration = Duration::from_millis(500);

/// Sends what is due until `stop` turns true; a message in hand is finished first.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let worker = |channel| {
        let (app, stop) = (&app, &stop);
        kept_going("outbox", stop.clone(), move || {
            work(app.clone(), channel, stop.clone())
        })
    };
    futures::future::join_all(WORKERS.map(worker)).await;
}

async fn work(app: App, channel: Channel, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match send_in_turn(&app, channel, &mut stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "outbox"),
        }
        tokio::select! {
            () = app.messages.woken(channel) => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Sends the next message that is due as soon as the provider wants it; false when there is none, or time to stop.
async fn send_in_turn(
    app: &App,
    channel: Channel,
    stop: &mut watch::Receiver<bool>,
) -> Result<bool> {
    if !is_due(app, channel).await? {
        return Ok(false);
    }
    let goes_on = tokio::select! {
        () = app.messages.turn(channel) => true,
        _ = stop.wait_for(|stop| *stop) => false,
    };
    Ok(goes_on && send(app, channel).await?)
}

/// Sends everything that is due now; says how many messages were tried.
///
/// # Errors
/// When the database does not answer.
pub async fn send_due(app: &App) -> Result<usize> {
    let mut tried = 0;
    for channel in Channel::ALL {
        while send_next(app, channel).await? {
            tried += 1;
        }
    }
    Ok(tried)
}

/// Tries the next message that is due; false when there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn send_next(app: &App, channel: Channel) -> Result<bool> {
    Ok(is_due(app, channel).await? && send(app, channel).await?)
}

/// A read, so that an idle worker never waits for the writer.
async fn is_due(app: &App, channel: Channel) -> Result<bool> {
    let guarded = !app.messages.switches.is_lease_off();
    store::is_due(&app.db, channel, app.clock.now(), guarded).await
}

async fn send(app: &App, channel: Channel) -> Result<bool> {
    let guarded = !app.messages.switches.is_lease_off();
    app.messages.switches.panic_if_asked();
    let owner = app.id()?;
    let now = app.clock.now();
    let Some(leased) = store::lease(&app.db, channel, owner, now, guarded).await? else {
        return Ok(false);
    };
    // Others may be waiting behind this one.
    app.messages.wake();
    if leased.is_too_late(now) {
        tracing::warn!(message = %leased.id, attempts = leased.attempts, "a message came too late to be sent");
        store::too_late(&app.db, leased.id, owner).await?;
        return Ok(true);
    }
    let sent = match open(app, &leased).await {
        Ok(Message::Mail(mail)) => {
            let written_at = leased.created_at.into();
            let transport = &app.messages.transport;
            transport.send(leased.id, written_at, *mail).await
        }
        Ok(Message::Text(text)) => {
            let texts = &app.messages.texts;
            texts.send(leased.id, app.clock.now(), text).await
        }
        // The key store may only be away; sealed words that do not open wait for somebody to look.
        Err(error) => Err(Failed::passing(&error.to_string())),
    };
    if app.messages.switches.crashes_after_sending() {
        return Ok(true);
    }
    note(app, &leased, owner, sent).await?;
    Ok(true)
}

async fn note(app: &App, leased: &Leased, owner: Uuid, sent: Result<(), Failed>) -> Result<()> {
    let now = app.clock.now();
    let failed = match sent {
        Ok(()) => return note_sent(app, leased.id).await,
        Err(failed) => failed,
    };
    let mut chance = [0];
    random::fill(&mut chance)?;
    let next = rules::next(
        now,
        leased.created_at,
        leased.attempts,
        failed.permanent,
        chance[0],
    );
    let next = match next {
        Next::At(at) => Some(failed.after.map_or(at, |after| at.max(now + after))),
        Next::Dead => None,
    };
    if next.is_none() {
        tracing::error!(message = %leased.id, why = failed.why, "a message could not be sent");
    } else {
        tracing::warn!(message = %leased.id, attempts = leased.attempts, why = failed.why, "a message waits");
    }
    store::failed(&app.db, leased.id, owner, now, next, &failed.why).await
}

/// Notes that it was sent. What is not noted is sent again when its lease ends: while the database is locked, full or
/// away, this is tried again for as long as nobody else takes the message.
async fn note_sent(app: &App, id: Uuid) -> Result<()> {
    let mut tries = 0;
    loop {
        match store::sent(&app.db, id, app.clock.now()).await {
            Err(error) if error.is_passing() && tries < NOTE_TRIES => {
                tracing::warn!(message = %id, %error, "sent, and not noted yet");
                tries += 1;
                tokio::time::sleep(NOTE_PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

async fn open(app: &App, leased: &Leased) -> Result<Message> {
    let words = app
        .vault
        .open(Uuid::nil(), RecordClass::Message, leased.id, &leased.sealed)
        .await?;
    serde_json::from_slice(&words).map_err(|_| Error::Vault("a message cannot be read"))
}

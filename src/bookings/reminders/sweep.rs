//! Sending the reminders that are due.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use super::rules::Ahead;
use super::store::{self, Due};
use super::words::{self, Words};
use crate::bookings::calls::{self, Call};
use crate::bookings::emails::{self, Reader};
use crate::bookings::engine::{Locked, lock_run};
use crate::bookings::store::{self as bookings_store, Offer, Person};
use crate::messages::letters::bookings::{Facts, Run};
use crate::messages::letters::{reminders as letters, texts};
use crate::messages::{self, Prepared};
use crate::server::random::Secret;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::write_tx;

/// How many reminders of one kind a sweep deals with; the next sweep goes on.
const AT_ONCE: i64 = 200;

/// What is done about one reminder.
enum Work {
    /// Messages go, with a link of their own.
    Write(Vec<Prepared>, Vec<u8>),
    /// Somebody rings.
    Ring(Call),
    /// They booked after it would have gone, or do not want it.
    Nothing,
}

/// Sends what is due now. What fails is tried again by the next sweep; it keeps nobody else's reminder back.
///
/// # Errors
/// With the last failure.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut failed = None;
    let mut offers: HashMap<Uuid, Option<Offer>> = HashMap::new();
    for ahead in Ahead::ALL {
        let Some(span) = ahead.span(now) else {
            continue;
        };
        for due in store::due(&app.db, ahead, span, AT_ONCE).await? {
            let offer = match offers.entry(due.run_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    new.insert(bookings_store::offer(&app.db, due.run_id, now).await?)
                }
            };
            let Some(offer) = offer else {
                continue;
            };
            if !ahead.is_due(due.session.starts_at, now) {
                continue;
            }
            if let Err(error) = remind(app, ahead, &due, offer).await {
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Does what is due about one booking and one session, once.
async fn remind(app: &App, ahead: Ahead, due: &Due, offer: &Offer) -> Result<()> {
    let now = app.clock.now();
    let words = words::in_force(app).await?;
    let work = work(app, ahead, due, offer, &words).await?;
    let (how, token) = match &work {
        Work::Write(_, token) => ("sent", Some(token)),
        Work::Ring(_) => ("call", None),
        Work::Nothing => ("none", None),
    };
    let id = app.id()?;
    let lock = lock_run(app);
    write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(due.run_id)
            .fetch_optional(&mut *c)
            .await?;
        // Changed since it was read: the next sweep looks again.
        if locked.is_none_or(|run| run.sequence != offer.run.sequence) {
            return Ok(());
        }
        // The team wrote other words meanwhile: the next sweep sends those.
        let in_force: Option<Words> = sqlx::query_as(words::IN_FORCE)
            .fetch_optional(&mut *c)
            .await?;
        if in_force.unwrap_or_default() != words {
            return Ok(());
        }
        // Only while the booking and the session are as they were read, and only once.
        let fresh = sqlx::query(
            "INSERT INTO reminder (id, booking_id, session_id, ahead, how, token_hash, created_at) \
             SELECT $1, booking.id, session.id, $4, $5, $6, $7 \
             FROM booking JOIN session ON session.run_id = booking.run_id \
             WHERE booking.id = $2 AND booking.status = 'booked' AND session.id = $3 AND session.starts_at = $8 \
             ON CONFLICT (booking_id, session_id, ahead) DO NOTHING",
        )
        .bind(id)
        .bind(due.booking_id)
        .bind(due.session.id)
        .bind(ahead.name())
        .bind(how)
        .bind(token)
        .bind(now)
        .bind(due.session.starts_at)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if fresh == 1 {
            match &work {
                Work::Write(letters, _) => {
                    for letter in letters {
                        messages::insert!(c, letter);
                    }
                }
                Work::Ring(call) => calls::insert!(c, call),
                Work::Nothing => {}
            }
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

async fn work(app: &App, ahead: Ahead, due: &Due, offer: &Offer, words: &Words) -> Result<Work> {
    if !ahead.is_for(due.booked_at, due.session.starts_at) {
        return Ok(Work::Nothing);
    }
    let people = bookings_store::people_of(&app.db, due.booking_id).await?;
    let contact = emails::contact(app, &people, due.account_id).await?;
    let rings = contact.as_ref().is_some_and(Person::wants_calls);
    let reader = if rings {
        None
    } else {
        Reader::of(app, &people, due.account_id).await?
    };
    let texted = emails::texted(app, contact.as_ref());
    if reader.is_none() && texted.is_none() {
        return ring(app, ahead, due, offer, contact.as_ref());
    }
    let secret = Secret::new()?;
    let url = format!("{}/cannot-come/{}", app.config.origin(), secret.text());
    let today = dates::day_of(app.clock.now());
    let about = words::About::new(app, due.session.starts_at);
    let cause = format!(
        "reminder:{}:{}:{}:{}",
        ahead.name(),
        due.booking_id,
        due.session.id,
        offer.run.sequence
    );
    let mut all = Vec::new();
    let path = format!("/account/bookings/{}", due.reference);
    if let Some((person_id, number)) = texted {
        let session = of_session(emails::discreet(offer, String::new()), due, offer);
        let text = texts::reminder(
            &app.config,
            number,
            &session,
            &url,
            today,
            &about.fill(&words.text_words),
        );
        let cause = format!("{cause}:text");
        all.push(messages::prepare(app, text, Some(person_id), &cause).await?);
    }
    if let Some(reader) = reader {
        let mut run = reader.told(offer, &people, path);
        if ahead == Ahead::Day {
            // Tomorrow is about tomorrow alone.
            run = of_session(run, due, offer);
        }
        let told = letters::Told {
            facts: Facts {
                reference: due.reference.clone(),
                run,
                by_staff: due.account_id.is_none(),
            },
            session: (
                usize::try_from(due.position).unwrap_or(1),
                offer.sessions.len(),
            ),
            // How to find it is said of where the run is.
            place_note: (offer.at(due.session.id) == &offer.run.at)
                .then(|| offer.run.place_note.clone())
                .flatten(),
            url,
            today,
            cost: about.fill(&words.email_words),
        };
        let mail = letters::reminder(&app.config, reader.to, &told)?;
        all.push(messages::prepare(app, mail, Some(reader.person_id), &cause).await?);
    }
    Ok(Work::Write(all, secret.hash().to_vec()))
}

/// The run as if it were that session alone.
fn of_session(run: Run, due: &Due, offer: &Offer) -> Run {
    Run {
        place: offer.place(due.session.id),
        elsewhere: Vec::new(),
        starts: vec![due.session.starts_at],
        first_ends_at: due.session.ends_at,
        ..run
    }
}

/// One call is enough: on the day before.
fn ring(
    app: &App,
    ahead: Ahead,
    due: &Due,
    offer: &Offer,
    contact: Option<&Person>,
) -> Result<Work> {
    let (Ahead::Day, Some(person)) = (ahead, contact) else {
        return Ok(Work::Nothing);
    };
    Ok(Work::Ring(Call {
        id: app.id()?,
        cause: format!(
            "reminder:{}:{}:{}",
            due.booking_id, due.session.id, offer.run.sequence
        ),
        about: calls::About::Reminder,
        person_id: person.id,
        run_id: Some(due.run_id),
        call_by: due.session.starts_at,
        created_at: app.clock.now(),
    }))
}

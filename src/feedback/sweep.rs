//! Asking how it was, once a course is over.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use super::rules;
use super::store::{self, Due};
use crate::bookings::emails::{self, Reader};
use crate::bookings::store::{self as bookings_store, Offer};
use crate::messages::letters::{feedback as letters, link, texts};
use crate::messages::{self, Prepared};
use crate::server::{App, Result};
use crate::write_tx;

/// How many bookings a sweep deals with; the next sweep goes on.
const AT_ONCE: i64 = 200;

/// Asks everybody whose course is over. What fails is tried again by the next sweep; it keeps nobody else's question back.
///
/// # Errors
/// With the last failure.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let Some(span) = rules::ended(now) else {
        return Ok(());
    };
    let mut failed = None;
    let mut offers: HashMap<Uuid, Option<Offer>> = HashMap::new();
    for due in store::due(app, span, AT_ONCE).await? {
        let offer = match offers.entry(due.run) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(bookings_store::offer(&app.db, due.run, now).await?),
        };
        let Some(offer) = offer else {
            continue;
        };
        if let Err(error) = ask(app, &due, offer).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Asks about one booking, once. Nobody is rung or written a letter for this; their page has the questions, too.
async fn ask(app: &App, due: &Due, offer: &Offer) -> Result<()> {
    let (id, now) = (app.id()?, app.clock.now());
    let people = bookings_store::people_of(&app.db, due.booking).await?;
    let reader = Reader::of(app, &people, due.account).await?;
    let contact = emails::contact(app, &people, due.account).await?;
    let Some(person_id) = reader
        .as_ref()
        .map(|reader| reader.person_id)
        .or(contact.as_ref().map(|person| person.id))
    else {
        return Ok(());
    };
    let (how, message) = if store::may_ask(app, person_id).await? {
        message(app, due, offer, id, reader, contact.as_ref()).await?
    } else {
        ("none", None)
    };
    write_tx!(app.db, |c| {
        // Only while the booking is as it was read, and only once.
        let fresh = sqlx::query(
            "INSERT INTO feedback (id, booking_id, run_id, person_id, how, asked_at) \
             SELECT $1, booking.id, booking.run_id, $3, $4, $5 FROM booking \
             WHERE booking.id = $2 AND booking.status = 'booked' ON CONFLICT (booking_id) DO NOTHING",
        )
        .bind(id)
        .bind(due.booking)
        .bind(person_id)
        .bind(how)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if let (1, Some(message)) = (fresh, &message) {
            messages::insert!(c, message);
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// An email, or a text where they agreed to texts and have no address.
async fn message(
    app: &App,
    due: &Due,
    offer: &Offer,
    id: Uuid,
    reader: Option<Reader>,
    contact: Option<&bookings_store::Person>,
) -> Result<(&'static str, Option<Prepared>)> {
    let path = store::path(app, id);
    let cause = format!("feedback:{}", due.booking);
    if let Some(reader) = reader {
        let people = bookings_store::people_of(&app.db, due.booking).await?;
        let person_id = reader.person_id;
        let run = reader.told(offer, &people, path);
        let mail = letters::how_was_it(&app.config, reader.to, &run)?;
        let message = messages::prepare(app, mail, Some(person_id), &cause).await?;
        return Ok(("email", Some(message)));
    }
    let Some((person_id, number)) = emails::texted(app, contact) else {
        return Ok(("none", None));
    };
    let text = texts::how_was_it(&app.config, number, &link(&app.config, &path));
    let message = messages::prepare(app, text, Some(person_id), &cause).await?;
    Ok(("text", Some(message)))
}

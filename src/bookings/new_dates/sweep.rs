//! Telling whoever waits for new dates.

use crate::bookings::calls::{self, Call};
use crate::bookings::emails::{self, Reader};
use crate::bookings::engine::{Locked, lock_run};
use crate::bookings::store::{self as bookings_store, Offer};
use crate::messages::letters::new_dates as letters;
use crate::messages::rules::is_day;
use crate::messages::{self, Prepared};
use crate::server::{App, Result};
use crate::write_tx;

use super::pages::link_path;
use super::store::{self, Due};

/// How many people a sweep tells; the next sweep goes on.
const AT_ONCE: i64 = 200;

/// How somebody is told.
enum Told {
    Written(Prepared),
    Rung(Call),
}

/// Tells everybody who waits for a date that is there now, by day. What fails is tried again by the next sweep; it keeps
/// nobody else's message back.
///
/// # Errors
/// With the last failure.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    if !is_day(now) {
        return Ok(());
    }
    let mut failed = None;
    let mut known: Option<Offer> = None;
    for due in store::due(&app.db, now, AT_ONCE).await? {
        if known
            .as_ref()
            .is_none_or(|offer| offer.run.id != due.run_id)
        {
            known = bookings_store::offer(&app.db, due.run_id, now).await?;
        }
        let Some(offer) = &known else {
            continue;
        };
        if let Err(error) = tell(app, &due, offer).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Tells one of them, and forgets that they asked: both or neither.
async fn tell(app: &App, due: &Due, offer: &Offer) -> Result<()> {
    let Some(told) = message(app, due, offer).await? else {
        return Ok(());
    };
    let lock = lock_run(app);
    write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(due.run_id)
            .fetch_optional(&mut *c)
            .await?;
        // Changed since it was read, or not open any more: the next sweep looks again.
        let as_read = |run: &Locked| run.status == "open" && run.sequence == offer.run.sequence;
        if !locked.as_ref().is_some_and(as_read) {
            return Ok(());
        }
        let forgotten = sqlx::query("DELETE FROM date_wish WHERE id = $1")
            .bind(due.id)
            .execute(&mut *c)
            .await?
            .rows_affected();
        if forgotten == 1 {
            match &told {
                Told::Written(message) => {
                    messages::insert!(c, message);
                }
                Told::Rung(call) => calls::insert!(c, call),
            }
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// An email, or a call where there is no address.
async fn message(app: &App, due: &Due, offer: &Offer) -> Result<Option<Told>> {
    let people = bookings_store::people(&app.db, &[due.person_id]).await?;
    let cause = format!("new-dates:{}", due.id);
    if let Some(reader) = Reader::of(app, &people, Some(due.account_id)).await? {
        let run = reader.told(offer, &people, link_path(due.run_id));
        let mail = letters::new_date(&app.config, reader.to, &run)?;
        let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
        return Ok(Some(Told::Written(message)));
    }
    let contact = emails::contact(app, &people, None).await?;
    let Some(person) = contact else {
        return Ok(None);
    };
    Ok(Some(Told::Rung(Call {
        id: app.id()?,
        cause,
        about: calls::About::NewDates,
        person_id: person.id,
        run_id: Some(due.run_id),
        call_by: offer.run.starts_at,
        created_at: app.clock.now(),
    })))
}

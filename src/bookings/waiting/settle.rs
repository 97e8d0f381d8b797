//! Bringing a waiting list up to date: what is free is offered, what was not answered in time is let go.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::emails::{self, About, Offered};
use super::end_entry;
use super::rules::{self, Group, Moment, Plan, Unshared, Windows};
use super::store::{self, Entry};
use crate::bookings::engine::{Locked, lock_run, release_expired};
use crate::bookings::{guardians, store as bookings_store};
use crate::messages::Prepared;
use crate::server::random::Secret;
use crate::server::{App, Error, Result};
use crate::write_tx;

/// How often it is tried anew when somebody changes the list meanwhile.
const TRIES: u32 = 5;

/// An offer, ready to be written.
struct New {
    entry_id: Uuid,
    offer_id: Uuid,
    token_hash: Vec<u8>,
    letters: Vec<Prepared>,
}

/// What a plan writes.
#[derive(Default)]
struct Work {
    /// One offered place each: its id, how many places, until when, and the offers.
    kept: Vec<(Uuid, i64, DateTime<Utc>, Vec<New>)>,
    /// Offered places for those who no longer have to share one.
    unshared: Vec<(Uuid, Unshared)>,
    called: Vec<New>,
    late: Vec<Prepared>,
}

/// Ends the offer that an entry has from an earlier call, before it gets another.
macro_rules! close_open {
    ($c:expr, $entry:expr, $now:expr) => {
        sqlx::query(
            "UPDATE place_offer SET state = 'gone', ended_at = $2 WHERE entry_id = $1 AND state = 'open'",
        )
        .bind($entry)
        .bind($now)
        .execute(&mut *$c)
        .await?
    };
}

/// Keeps a place, or two, for whoever is offered it. The run's counter is the caller's.
macro_rules! insert_place {
    ($c:expr, $id:expr, $run:expr, $places:expr, $now:expr, $expires_at:expr) => {
        sqlx::query(
            "INSERT INTO offered_place (id, run_id, places, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind($id)
        .bind($run)
        .bind($places)
        .bind($now)
        .bind($expires_at)
        .execute(&mut *$c)
        .await?
    };
}

/// Writes an offer with its letters.
macro_rules! insert_offer {
    ($c:expr, $new:expr, $run:expr, $place:expr, $now:expr, $expires_at:expr) => {{
        sqlx::query(
            "INSERT INTO place_offer (id, entry_id, run_id, offered_place_id, token_hash, state, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)",
        )
        .bind($new.offer_id)
        .bind($new.entry_id)
        .bind($run)
        .bind($place)
        .bind(&$new.token_hash)
        .bind($now)
        .bind($expires_at)
        .execute(&mut *$c)
        .await?;
        for letter in &$new.letters {
            crate::messages::insert!($c, letter);
        }
    }};
}

/// Brings every waiting list up to date.
///
/// # Errors
/// When the database or the vault fails; the other lists are brought up to date all the same.
pub async fn settle_all(app: &App) -> Result<()> {
    let mut failed = None;
    for run_id in store::runs(&app.db).await? {
        if let Err(error) = settle(app, run_id).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// [`settle`] right after something changed. What fails is tried again by the next sweep.
pub async fn settle_now(app: &App, run_id: Uuid) {
    if let Err(error) = settle(app, run_id).await {
        tracing::error!(%error, "a waiting list was not brought up to date");
    }
}

/// Brings the waiting list of a run up to date.
///
/// # Errors
/// When the database or the vault fails, or others change the list too often meanwhile.
pub async fn settle(app: &App, run_id: Uuid) -> Result<()> {
    for _ in 0..TRIES {
        if attempt(app, run_id).await? {
            return Ok(());
        }
    }
    Err(Error::Other(
        "a waiting list changed again and again".into(),
    ))
}

/// Whether the list is up to date now. If not, somebody changed it between the reading and the writing.
async fn attempt(app: &App, run_id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    let offer = bookings_store::offer(&app.db, run_id, now).await?;
    let Some(offer) = offer.filter(|offer| offer.run.has_list) else {
        return Ok(true);
    };
    if offer.run.lapsed > 0 {
        // What nobody agreed to in time is free, whether or not a sweep has run. It settles the list, too.
        Box::pin(guardians::let_go_lapsed(app, Some(run_id))).await?;
        return Ok(false);
    }
    let moment = Moment {
        now,
        starts_at: offer.run.starts_at,
        open: offer.run.status == "open",
        cancelled: offer.run.status == "cancelled",
        vacant: offer.run.vacant(),
    };
    // A thousand people may wait: they are not looked at one by one each time somebody comes to look.
    if moment.is_full() && !store::has_lapsed(&app.db, run_id, now).await? {
        return Ok(true);
    }
    let queue = store::queue(&app.db, run_id).await?;
    let plan = rules::plan(&queue, &moment);
    if plan.is_nothing() {
        return Ok(true);
    }
    let work = prepare(app, &offer, &queue, &plan, now).await?;
    let lock = lock_run(app);
    let done = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(true);
        };
        let held = locked.places_held - release_expired!(c, run_id, now);
        let fresh: Vec<Entry> = sqlx::query_as(store::QUEUE)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?;
        let moment = Moment {
            now,
            starts_at: locked.starts_at,
            open: locked.status == "open",
            cancelled: locked.status == "cancelled",
            vacant: locked.capacity - locked.places_taken - held,
        };
        if rules::plan(&fresh, &moment) != plan || locked.sequence != offer.run.sequence {
            return Ok(false);
        }
        for entry_id in &plan.over {
            let _ = end_entry!(c, *entry_id, run_id, "over", "lapsed", now);
        }
        for entry_id in &plan.lapsed {
            let _ = end_entry!(c, *entry_id, run_id, "lapsed", "lapsed", now);
        }
        for entry_id in &plan.returned {
            sqlx::query(
                "UPDATE place_offer SET state = 'lapsed', ended_at = $2 WHERE entry_id = $1 AND state = 'open'",
            )
            .bind(entry_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query("UPDATE waiting_entry SET status = 'waiting' WHERE id = $1")
                .bind(entry_id)
                .execute(&mut *c)
                .await?;
        }
        let (mut kept, mut offered) = (0_i64, 0_i64);
        for (place_id, places, expires_at, offers) in &work.kept {
            insert_place!(c, place_id, run_id, places, now, expires_at);
            kept += places;
            for new in offers {
                close_open!(c, new.entry_id, now);
                insert_offer!(c, new, run_id, Some(*place_id), now, expires_at);
                sqlx::query("UPDATE waiting_entry SET status = 'offered' WHERE id = $1")
                    .bind(new.entry_id)
                    .execute(&mut *c)
                    .await?;
                offered += 1;
            }
        }
        for (place_id, one) in &work.unshared {
            insert_place!(c, place_id, run_id, one.places, now, one.until);
            kept += one.places;
            sqlx::query(
                "UPDATE place_offer SET offered_place_id = $2 WHERE entry_id = $1 AND state = 'open'",
            )
            .bind(one.entry)
            .bind(place_id)
            .execute(&mut *c)
            .await?;
        }
        for new in &work.called {
            close_open!(c, new.entry_id, now);
            insert_offer!(c, new, run_id, None::<Uuid>, now, &locked.starts_at);
            sqlx::query("UPDATE waiting_entry SET called_at = $2 WHERE id = $1")
                .bind(new.entry_id)
                .bind(now)
                .execute(&mut *c)
                .await?;
        }
        let returned = i64::try_from(plan.returned.len()).unwrap_or(0);
        sqlx::query(
            "UPDATE run SET places_held = places_held + $2, waiting = waiting + $3 WHERE id = $1",
        )
        .bind(run_id)
        .bind(kept)
        .bind(returned - offered)
        .execute(&mut *c)
        .await?;
        for letter in &work.late {
            crate::messages::insert!(c, letter);
        }
        Ok(true)
    })?;
    if done {
        app.messages.wake();
        app.catalogue.places_changed();
    }
    Ok(done)
}

/// Puts the letters of a plan together, before its transaction.
async fn prepare(
    app: &App,
    offer: &bookings_store::Offer,
    queue: &[Entry],
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Work> {
    let windows = Windows::new(&app.config)?;
    let starts_at = offer.run.starts_at;
    let account_of = |id: Uuid| {
        let entry = queue.iter().find(|entry| entry.id == id);
        entry.and_then(|entry| entry.account_id)
    };
    let mut work = Work::default();
    let until = rules::answer_by(now, starts_at, &windows);
    for Group { places, entries } in &plan.groups {
        let how = Offered::Kept {
            until,
            shared: entries.len() > 1,
        };
        let mut offers = Vec::new();
        for entry_id in entries {
            offers.push(new_offer(app, offer, *entry_id, account_of(*entry_id), how).await?);
        }
        work.kept.push((app.id()?, *places, until, offers));
    }
    for one in &plan.unshared {
        work.unshared.push((app.id()?, *one));
    }
    for entry_id in &plan.called {
        let how = Offered::LastCall;
        let new = new_offer(app, offer, *entry_id, account_of(*entry_id), how).await?;
        work.called.push(new);
    }
    for entry_id in &plan.lapsed {
        let people = store::people(&app.db, *entry_id).await?;
        let about = About {
            offer,
            people: &people,
            account_id: account_of(*entry_id),
        };
        work.late
            .extend(emails::lapsed(app, about, *entry_id).await?);
    }
    Ok(work)
}

/// An offer with its link.
async fn new_offer(
    app: &App,
    offer: &bookings_store::Offer,
    entry_id: Uuid,
    account_id: Option<Uuid>,
    how: Offered,
) -> Result<New> {
    let people = store::people(&app.db, entry_id).await?;
    let secret = Secret::new()?;
    let offer_id = app.id()?;
    let about = About {
        offer,
        people: &people,
        account_id,
    };
    let mut letters = Vec::new();
    letters.extend(emails::offered(app, about, offer_id, &secret, how).await?);
    letters.extend(emails::offered_by_text(app, about, offer_id, &secret, how).await?);
    Ok(New {
        entry_id,
        offer_id,
        token_hash: secret.hash().to_vec(),
        letters,
    })
}

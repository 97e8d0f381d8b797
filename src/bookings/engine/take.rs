//! Taking one or two places.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::moving::Instead;
use super::{Locked, end, lock_run, make_ready, release_expired};
use crate::bookings::model::{BookOutcome, Booked, Request};
use crate::bookings::store::{self, Existing, Offer, Person};
use crate::bookings::waiting::store::Sibling;
use crate::bookings::waiting::{self, Own, call_again, take_own};
use crate::bookings::{choices, emails, rules};
use crate::server::{App, Error, Result, random};
use crate::staff::audit::insert_entry;
use crate::{read, write_tx};

/// A reference is one of 64 million; a collision is tried again with another. So is a booking beside which the run's
/// dates or its list changed.
const TRIES: u32 = 8;

/// Takes one or two places on a run, or says why not.
///
/// One transaction: the run's row is locked, a form sent twice finds its own booking, held places whose time
/// is over are let go, and one conditional update takes the places. A refusal writes nothing else.
///
/// # Errors
/// When the database or the vault fails; nothing is booked then.
pub async fn book(app: &App, request: &Request) -> Result<BookOutcome> {
    let now = app.clock.now();
    let Some(offer) = store::offer(&app.db, request.run_id, now).await? else {
        return Ok(BookOutcome::NoSuchRun);
    };
    let people = store::people(&app.db, &request.people).await?;
    book_with(app, request, &offer, &people).await
}

/// [`book`], where the run and the people have been read already.
///
/// # Errors
/// As [`book`].
pub(in crate::bookings) async fn book_with(
    app: &App,
    request: &Request,
    offer: &Offer,
    people: &[Person],
) -> Result<BookOutcome> {
    let outcome = book_instead(app, request, offer, people, None).await?;
    outcome.ok_or_else(|| Error::Other("a booking in place of no other".into()))
}

/// [`book_with`], in place of another booking of the same people, which ends in the same transaction; none when that one is not
/// as it was read.
pub(super) async fn book_instead(
    app: &App,
    request: &Request,
    offer: &Offer,
    people: &[Person],
    instead: Option<&Instead>,
) -> Result<Option<BookOutcome>> {
    let now = app.clock.now();
    make_ready(app, request, offer, people).await?;
    let listed = offer.run.has_list;
    let mut anew: Option<Offer> = None;
    for again in 0..TRIES {
        if again > 0 {
            anew = store::offer(&app.db, offer.run.id, now).await?;
        }
        let offer = anew.as_ref().unwrap_or(offer);
        // Somebody may have joined its list since the run was read.
        let listed = listed || again > 0;
        match attempt(app, request, offer, people, (now, listed), instead).await {
            Err(Error::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {}
            Ok(Tried::Again) => {}
            Ok(Tried::NotAsItWas) => return Ok(None),
            Ok(Tried::Answered(outcome)) => {
                if listed {
                    waiting::settle_now(app, offer.run.id).await;
                }
                return Ok(Some(outcome));
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::Other("a booking collided again and again".into()))
}

/// What came of one try.
enum Tried {
    /// It is booked, or it is not, for this reason.
    Answered(BookOutcome),
    /// Something came between the reading and the writing.
    Again,
    /// The booking that it was to take the place of is not as it was read, or the dates of its run.
    NotAsItWas,
}

/// One try at the time `now`. `listed` is whether the run may
/// have a waiting list.
async fn attempt(
    app: &App,
    request: &Request,
    offer: &Offer,
    people: &[Person],
    (now, listed): (DateTime<Utc>, bool),
    instead: Option<&Instead>,
) -> Result<Tried> {
    let run_id = offer.run.id;
    let wanted = i64::try_from(people.len()).unwrap_or(2);
    let born: Vec<NaiveDate> = people.iter().filter_map(Person::born).collect();
    let asking = rules::Asking {
        verified: request.verified,
        volunteer: request.volunteer,
        born,
    };
    let starts_at = offer.run.starts_at;
    let waiting = people.iter().any(|p| p.waits_for_guardian(starts_at));
    let agree_by = waiting.then(|| rules::agree_by(now, offer.run.joins_until()));
    let booked = Booked {
        id: app.id()?,
        reference: new_reference()?,
        created_at: now,
    };
    let status = if waiting {
        "awaiting-guardian"
    } else {
        "booked"
    };
    let about = emails::About {
        offer,
        people,
        booked: &booked,
        account_id: request.account_id,
    };
    // They would lose the place that they have if nobody agreed to the other.
    if instead.is_some() && waiting {
        return Ok(Tried::Answered(BookOutcome::NeedsGuardian));
    }
    let letters = match (agree_by, instead) {
        (Some(agree_by), _) => emails::guardian(app, about, agree_by).await?,
        (None, Some(instead)) => {
            emails::moved(app, about, instead.about(people), instead.sequence + 1).await?
        }
        (None, None) => {
            let said = choices::said(request, people);
            emails::confirmation(app, about, &said).await?
        }
    };
    let choices = choices::prepare(app, people, &booked, request, now).await?;
    let mut places = Vec::new();
    for person in people {
        places.push((app.id()?, person.id));
    }
    let second = people.last().map_or(request.people[0], |person| person.id);
    let form_key = request.form_key.map(|key| key.to_vec());
    let sent_back = if listed {
        waiting::sent_back(app, offer, people).await?
    } else {
        Vec::new()
    };
    let lock = lock_run(app);
    let stale = stale_read(app, run_id).await?;
    if app.switches.stale_dates() {
        app.switches.wait().await;
    }

    write_tx!(app.db, |c| {
        // Two runs are locked in the order of their ids, as everywhere.
        let mut runs = vec![run_id];
        runs.extend(instead.map(|instead| instead.offer.run.id));
        runs.sort_unstable();
        let (mut locked, mut left): (Option<Locked>, Option<Locked>) = (None, None);
        for id in runs {
            let row: Option<Locked> = sqlx::query_as(lock)
                .bind(id)
                .fetch_optional(&mut *c)
                .await?;
            if id == run_id {
                locked = row;
            } else {
                left = row;
            }
        }
        let Some(locked) = locked else {
            return Ok(Tried::Answered(BookOutcome::NoSuchRun));
        };
        // Its dates have changed: the letter would say the old ones, and whoever told everybody did not know of this.
        if locked.sequence != offer.run.sequence && !app.switches.stale_dates() {
            return Ok(Tried::Again);
        }
        let existing: Vec<Existing> = sqlx::query_as(store::EXISTING)
            .bind(request.account_id)
            .bind(&form_key)
            .bind(run_id)
            .bind(people[0].id)
            .bind(second)
            .fetch_all(&mut *c)
            .await?;
        if let Some(outcome) = answer_of(existing) {
            return Ok(Tried::Answered(outcome));
        }
        let state = rules::RunState {
            status: &locked.status,
            starts_at: locked.starts_at,
            joins_until: locked.joins_until(),
            volunteers_only: locked.volunteers_only,
            audience: &offer.run.audience,
        };
        if let Some(refusal) = rules::refusal(&state, &asking, now) {
            return Ok(Tried::Answered(refusal));
        }
        if people.iter().any(|p| p.has_died) {
            return Ok(Tried::Answered(BookOutcome::Died));
        }
        // Nobody could ever agree, and the place would be kept for nothing.
        if people.iter().any(|p| p.lacks_guardian(starts_at)) {
            return Ok(Tried::Answered(BookOutcome::NeedsGuardian));
        }
        if let Some(instead) = instead {
            let stands: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM booking WHERE id = $1 AND status = 'booked')",
            )
            .bind(instead.booked.id)
            .fetch_one(&mut *c)
            .await?;
            let same = left
                .as_ref()
                .is_some_and(|left| left.sequence == instead.offer.run.sequence);
            if !stands || !same {
                return Ok(Tried::NotAsItWas);
            }
        }
        let (mut held, mut listed): (i64, Vec<Own>) = (0, Vec::new());
        if locked.places_held > 0 || locked.waiting > 0 {
            release_expired!(c, run_id, now);
            held = sqlx::query_scalar(
                "SELECT COUNT(*) FROM held_place WHERE run_id = $1 AND account_id = $2 AND released_at IS NULL",
            )
            .bind(run_id)
            .bind(request.account_id)
            .fetch_one(&mut *c)
            .await?;
            listed = sqlx::query_as(waiting::OWN)
                .bind(run_id)
                .bind(people[0].id)
                .bind(second)
                .bind(now)
                .fetch_all(&mut *c)
                .await?;
        }
        let kept = Own::kept(&listed);
        if kept > 0 {
            let others: Vec<Sibling> = sqlx::query_as(waiting::store::SIBLINGS)
                .bind(run_id)
                .bind(people[0].id)
                .bind(second)
                .fetch_all(&mut *c)
                .await?;
            if others
                .iter()
                .any(|one| !sent_back.iter().any(|told| told.entry_id == one.entry_id))
            {
                return Ok(Tried::Again);
            }
        }
        let own = held + kept;
        let (own_waiting, staying) = (Own::waiting(&listed), Own::staying(&listed));
        // While others wait for a place, only what is kept for somebody can be booked.
        if own < wanted
            && locked.waiting > own_waiting
            && now < waiting::rules::last_call(locked.starts_at)
        {
            return Ok(Tried::Answered(BookOutcome::Full));
        }
        let taken = match stale {
            None => sqlx::query(
                "UPDATE run SET places_taken = places_taken + $2, places_held = places_held - $3, updated_at = $4 \
                 WHERE id = $1 AND status = 'open' AND COALESCE(join_until, starts_at) > $4 \
                 AND places_taken + places_held - $3 + $2 <= capacity",
            )
            .bind(run_id)
            .bind(wanted)
            .bind(own)
            .bind(now)
            .execute(&mut *c)
            .await?
            .rows_affected(),
            // Rehearsal only: what somebody else booked since the reading is written over.
            Some((seen, room)) if seen + wanted <= room => {
                sqlx::query("UPDATE run SET places_taken = $2, updated_at = $3 WHERE id = $1")
                    .bind(run_id)
                    .bind(seen + wanted)
                    .bind(now)
                    .execute(&mut *c)
                    .await?
                    .rows_affected()
            }
            Some(_) => 0,
        };
        if taken == 0 {
            return Ok(Tried::Answered(BookOutcome::Full));
        }
        if held > 0 {
            sqlx::query(
                "UPDATE held_place SET released_at = $3 \
                 WHERE run_id = $1 AND account_id = $2 AND released_at IS NULL",
            )
            .bind(run_id)
            .bind(request.account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        sqlx::query(
            "INSERT INTO booking (id, reference, run_id, account_id, channel, status, form_key, agree_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(booked.id)
        .bind(&booked.reference)
        .bind(run_id)
        .bind(request.account_id)
        .bind(request.channel.name())
        .bind(status)
        .bind(&form_key)
        .bind(agree_by)
        .bind(now)
        .execute(&mut *c)
        .await?;
        for (place_id, person_id) in &places {
            sqlx::query(
                "INSERT INTO place (id, booking_id, run_id, person_id, status, created_at) \
                 VALUES ($1, $2, $3, $4, 'active', $5)",
            )
            .bind(place_id)
            .bind(booked.id)
            .bind(run_id)
            .bind(person_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        if !listed.is_empty() {
            let others = take_own!(c, &listed, people, now);
            for one in sent_back
                .iter()
                .filter(|one| others.contains(&one.entry_id))
            {
                if let Some(letter) = &one.letter {
                    crate::messages::insert!(c, letter);
                }
            }
            sqlx::query("UPDATE run SET waiting = waiting + $2 WHERE id = $1")
                .bind(run_id)
                .bind(i64::try_from(others.len()).unwrap_or(0) + staying - own_waiting)
                .execute(&mut *c)
                .await?;
        }
        if locked.waiting > own_waiting || staying > 0 {
            call_again!(c, run_id);
        }
        if let (Some(instead), Some(left)) = (instead, &left) {
            let old = instead.offer.run.id;
            let frees = instead.ending == rules::Ending::Cancel || now < left.joins_until();
            end!(c, instead.booked.id, old, instead.status(), frees, now);
            // What would help them on the day goes with them.
            sqlx::query("UPDATE vault_entry SET booking_id = $2 WHERE booking_id = $1")
                .bind(instead.booked.id)
                .bind(booked.id)
                .execute(&mut *c)
                .await?;
        }
        emails::insert!(c, letters);
        choices::insert!(c, &choices);
        if let Some(entry) = &request.noted {
            insert_entry!(c, entry);
        }
        Ok(Tried::Answered(match status {
            "booked" => BookOutcome::Booked(booked.clone()),
            _ => BookOutcome::AwaitingGuardian(booked.clone()),
        }))
    })
}

/// What an earlier booking answers: the same form gets the same answer, another form "you have this place".
pub(in crate::bookings) fn answer_of(existing: Vec<Existing>) -> Option<BookOutcome> {
    let found = existing.into_iter().max_by_key(|one| one.same_form)?;
    Some(match (found.same_form, found.status.as_str()) {
        (true, "awaiting-guardian") => BookOutcome::AwaitingGuardian(found.booked),
        (true, _) => BookOutcome::Booked(found.booked),
        (false, _) => BookOutcome::AlreadyBooked(found.booked),
    })
}

/// Under the rehearsal's switch: how many places are taken of how many, read before everybody else has
/// written. Never anything on a real site.
async fn stale_read(app: &App, run_id: Uuid) -> Result<Option<(i64, i64)>> {
    if !app.switches.oversell() {
        return Ok(None);
    }
    let seen: (i64, i64) = read!(app.db, |c| {
        Ok(
            sqlx::query_as("SELECT places_taken, capacity FROM run WHERE id = $1")
                .bind(run_id)
                .fetch_one(&mut *c)
                .await?,
        )
    })?;
    app.switches.wait().await;
    Ok(Some(seen))
}

fn new_reference() -> Result<String> {
    loop {
        let mut bytes = [0; 24];
        random::fill(&mut bytes)?;
        if let Some(reference) = rules::reference(&bytes) {
            return Ok(reference);
        }
    }
}

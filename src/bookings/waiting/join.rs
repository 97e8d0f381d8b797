//! Joining the list.

use uuid::Uuid;

use super::{emails, settle_now};
use crate::bookings::engine::{Locked, answer_of, lock_run, make_ready, release_expired};
use crate::bookings::model::{BookOutcome, Request};
use crate::bookings::rules;
use crate::bookings::store::{self, Existing, Offer, Person};
use crate::server::{App, Result};
use crate::staff::audit::insert_entry;
use crate::write_tx;

/// More turns than any list has: the others are moved out of the way by it, since no two may have the same one even for a
/// moment.
pub(super) const ASIDE: i64 = 1_000_000;

/// Puts an entry before all others of its run, which keep their order; says whether it was not the first already. The run's
/// row must be locked.
macro_rules! put_first {
    ($c:expr, $run:expr, $entry:expr, $at:expr) => {{
        let behind: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM waiting_entry other WHERE other.run_id = $1 AND other.ended_at IS NULL \
             AND other.turn < (SELECT turn FROM waiting_entry WHERE id = $2))",
        )
        .bind($run)
        .bind($entry)
        .fetch_one(&mut *$c)
        .await?;
        if behind {
            sqlx::query("UPDATE waiting_entry SET turn = turn + $2 WHERE run_id = $1")
                .bind($run)
                .bind(ASIDE)
                .execute(&mut *$c)
                .await?;
            sqlx::query(
                "UPDATE waiting_entry SET turn = 1, put_first_at = $2 WHERE id = $1",
            )
            .bind($entry)
            .bind($at)
            .execute(&mut *$c)
            .await?;
            sqlx::query(
                "UPDATE waiting_entry SET turn = turn - $3 + 1 WHERE run_id = $1 AND id <> $2",
            )
            .bind($run)
            .bind($entry)
            .bind(ASIDE)
            .execute(&mut *$c)
            .await?;
        }
        behind
    }};
}

/// What came of asking to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinOutcome {
    /// They are on the list, with this entry.
    Joined(Uuid),
    /// One of them was on it already, with this entry.
    Already(Uuid),
    /// A place is free, and nobody waits for it: it can be booked.
    PlaceFree,
    /// It could not be booked either, for this reason.
    Refused(BookOutcome),
}

/// Puts one or two people on the waiting list of a run, both or neither.
///
/// # Errors
/// When the database or the vault fails; they are not on it then.
pub async fn join(app: &App, request: &Request) -> Result<JoinOutcome> {
    join_at(app, request, Turn::Last).await
}

/// Where on the list somebody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// After everybody who waits.
    Last,
    /// Before everybody: the course team says so, with a reason in the record.
    First,
}

/// [`join`], at a turn. Whoever waits already is put first, too, if that is asked.
///
/// # Errors
/// As [`join`].
pub async fn join_at(app: &App, request: &Request, turn: Turn) -> Result<JoinOutcome> {
    let now = app.clock.now();
    let Some(offer) = store::offer(&app.db, request.run_id, now).await? else {
        return Ok(JoinOutcome::Refused(BookOutcome::NoSuchRun));
    };
    let people = store::people(&app.db, &request.people).await?;
    join_with(app, request, &offer, &people, turn).await
}

/// [`join`], where the run and the people have been read already.
///
/// # Errors
/// As [`join`].
pub(super) async fn join_with(
    app: &App,
    request: &Request,
    offer: &Offer,
    people: &[Person],
    turn: Turn,
) -> Result<JoinOutcome> {
    let now = app.clock.now();
    make_ready(app, request, offer, people).await?;
    let run_id = offer.run.id;
    let places = i64::try_from(people.len()).unwrap_or(2);
    let asking = rules::Asking {
        verified: request.verified,
        volunteer: request.volunteer,
        born: people.iter().filter_map(Person::born).collect(),
    };
    let entry_id = app.id()?;
    let about = emails::About {
        offer,
        people,
        account_id: request.account_id,
    };
    let letter = emails::joined(app, about, entry_id).await?;
    let second = people.last().map_or(request.people[0], |person| person.id);
    let lock = lock_run(app);
    let outcome = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(Some(JoinOutcome::Refused(BookOutcome::NoSuchRun)));
        };
        // Its dates have changed: the letter would say the old ones, and whoever told everybody did not know of this.
        if locked.sequence != offer.run.sequence {
            return Ok(None);
        }
        let existing: Vec<Existing> = sqlx::query_as(store::EXISTING)
            .bind(request.account_id)
            .bind(None::<Vec<u8>>)
            .bind(run_id)
            .bind(people[0].id)
            .bind(second)
            .fetch_all(&mut *c)
            .await?;
        if let Some(outcome) = answer_of(existing) {
            return Ok(Some(JoinOutcome::Refused(outcome)));
        }
        let state = rules::RunState {
            status: &locked.status,
            starts_at: locked.starts_at,
            // There is a list until it starts, whoever may still join after that.
            joins_until: locked.starts_at,
            volunteers_only: locked.volunteers_only,
            audience: &offer.run.audience,
        };
        if let Some(refusal) = rules::refusal(&state, &asking, now) {
            return Ok(Some(JoinOutcome::Refused(refusal)));
        }
        if people.iter().any(|p| p.has_died) {
            return Ok(Some(JoinOutcome::Refused(BookOutcome::Died)));
        }
        if people.iter().any(|p| p.lacks_guardian(locked.starts_at)) {
            return Ok(Some(JoinOutcome::Refused(BookOutcome::NeedsGuardian)));
        }
        let already: Option<Uuid> = sqlx::query_scalar(
            "SELECT entry_id FROM waiting_person WHERE run_id = $1 AND person_id IN ($2, $3) AND active LIMIT 1",
        )
        .bind(run_id)
        .bind(people[0].id)
        .bind(second)
        .fetch_optional(&mut *c)
        .await?;
        if let Some(already) = already {
            if turn == Turn::First
                && put_first!(c, run_id, already, now)
                && let Some(entry) = &request.noted
            {
                insert_entry!(c, entry);
            }
            return Ok(Some(JoinOutcome::Already(already)));
        }
        let held = locked.places_held - release_expired!(c, run_id, now);
        let nobody_waits = locked.waiting == 0 || now >= super::rules::last_call(locked.starts_at);
        if nobody_waits && locked.places_taken + held + places <= locked.capacity {
            return Ok(Some(JoinOutcome::PlaceFree));
        }
        sqlx::query(
            "INSERT INTO waiting_entry (id, run_id, account_id, channel, places, turn, status, joined_at) \
             VALUES ($1, $2, $3, $4, $5, \
                     (SELECT COALESCE(MAX(turn), 0) + 1 FROM waiting_entry WHERE run_id = $2), 'waiting', $6)",
        )
        .bind(entry_id)
        .bind(run_id)
        .bind(request.account_id)
        .bind(request.channel.name())
        .bind(places)
        .bind(now)
        .execute(&mut *c)
        .await?;
        for person in people {
            sqlx::query(
                "INSERT INTO waiting_person (entry_id, person_id, run_id, active) VALUES ($1, $2, $3, $4)",
            )
            .bind(entry_id)
            .bind(person.id)
            .bind(run_id)
            .bind(true)
            .execute(&mut *c)
            .await?;
        }
        sqlx::query("UPDATE run SET waiting = waiting + 1 WHERE id = $1")
            .bind(run_id)
            .execute(&mut *c)
            .await?;
        if turn == Turn::First {
            let _ = put_first!(c, run_id, entry_id, now);
        }
        if let Some(letter) = &letter {
            crate::messages::insert!(c, letter);
        }
        if let Some(entry) = &request.noted {
            insert_entry!(c, entry);
        }
        Ok(Some(JoinOutcome::Joined(entry_id)))
    })?;
    let Some(outcome) = outcome else {
        return Box::pin(join_at(app, request, turn)).await;
    };
    if matches!(outcome, JoinOutcome::Joined(_)) {
        settle_now(app, run_id).await;
    }
    Ok(outcome)
}

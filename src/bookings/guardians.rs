//! Somebody under 16 has a place that waits for a parent or guardian: until they agree, decline, or the time to
//! answer is over.
//!
//! Whether that time is over is worked out from the clock each time somebody asks for a place or looks at a
//! booking: a late sweeper changes nothing but when the family is told.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::emails::{self, About, Ended};
use super::engine::{Locked, end, lock_run};
use super::model::{Booked, Choices};
use super::store::{self, Offer, Person};
use super::waiting;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// A booking that waits.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Waiting {
    #[sqlx(flatten)]
    booked: Booked,
    run_id: Uuid,
    account_id: Option<Uuid>,
    sequence: i64,
    agree_by: DateTime<Utc>,
}

/// How a booking stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Declined,
    Lapsed,
}

/// A waiting booking with what its letters say.
struct Told {
    waiting: Waiting,
    offer: Offer,
    people: Vec<Person>,
}

impl Told {
    async fn load(app: &App, waiting: Waiting, now: DateTime<Utc>) -> Result<Option<Self>> {
        let Some(offer) = store::offer(&app.db, waiting.run_id, now).await? else {
            return Ok(None);
        };
        let people = store::people_of(&app.db, waiting.booked.id).await?;
        Ok(Some(Self {
            waiting,
            offer,
            people,
        }))
    }

    fn about(&self) -> About<'_> {
        About {
            offer: &self.offer,
            people: &self.people,
            booked: &self.waiting.booked,
            account_id: self.waiting.account_id,
        }
    }
}

/// The bookings of somebody that can still be agreed to.
async fn of_person(app: &App, person_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id, booking.reference, booking.created_at, booking.run_id, booking.account_id, \
                    booking.sequence, booking.agree_by FROM place \
             JOIN booking ON booking.id = place.booking_id AND booking.status = 'awaiting-guardian' \
                  AND booking.agree_by > $2 \
             JOIN run ON run.id = booking.run_id AND run.status <> 'cancelled' \
             WHERE place.person_id = $1 AND place.status = 'active' ORDER BY booking.id",
        )
        .bind(person_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Makes every waiting booking of `person_id` count, and says how many there were. Call it once the
/// guardian's agreement is kept. The same twice is one effect.
///
/// A booking for two people under 16 counts when the guardians of both have agreed.
///
/// # Errors
/// When the database or the vault fails; the bookings wait on then.
pub async fn guardian_agreed(app: &App, person_id: Uuid) -> Result<usize> {
    let now = app.clock.now();
    let lock = lock_run(app);
    let mut counted = 0;
    for waiting in of_person(app, person_id, now).await? {
        let Some(told) = Told::load(app, waiting, now).await? else {
            continue;
        };
        let (id, run_id) = (told.waiting.booked.id, told.waiting.run_id);
        let starts_at = told.offer.run.starts_at;
        if told.people.iter().any(|p| p.waits_for_guardian(starts_at)) {
            continue;
        }
        let letters = emails::confirmation(app, told.about(), &Choices::default()).await?;
        let sequence = told.offer.run.sequence;
        let changed = write_tx!(app.db, |c| {
            let locked: Option<Locked> = sqlx::query_as(lock)
                .bind(run_id)
                .fetch_optional(&mut *c)
                .await?;
            // Called off meanwhile, or its dates have changed and the letter says the old ones: the next sweep looks again.
            if locked.is_none_or(|run| run.sequence != sequence) {
                return Ok(0);
            }
            let changed = sqlx::query(
                "UPDATE booking SET status = 'booked' \
                 WHERE id = $1 AND status = 'awaiting-guardian' AND agree_by > $2",
            )
            .bind(id)
            .bind(now)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if changed > 0 {
                emails::insert!(c, letters);
            }
            Ok(changed)
        })?;
        counted += usize::from(changed > 0);
    }
    if counted > 0 {
        app.messages.wake();
    }
    Ok(counted)
}

/// Makes bookings count whose guardians have all agreed, though the process stopped between the answer and the
/// booking; says how many there were.
///
/// # Errors
/// When the database or the vault fails.
pub async fn count_agreed(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let people: Vec<Uuid> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT place.person_id FROM place \
             JOIN booking ON booking.id = place.booking_id AND booking.status = 'awaiting-guardian' \
                  AND booking.agree_by > $1 \
             JOIN guardian ON guardian.person_id = place.person_id AND guardian.agreed_at IS NOT NULL \
             WHERE place.status = 'active'",
        )
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let mut counted = 0;
    for person_id in people {
        counted += guardian_agreed(app, person_id).await?;
    }
    Ok(counted)
}

/// Asks the parent or guardian of `person_id` about every booking that waits: they named somebody new.
///
/// # Errors
/// When the database or the vault fails.
pub async fn ask_again(app: &App, person_id: Uuid) -> Result<()> {
    let now = app.clock.now();
    for waiting in of_person(app, person_id, now).await? {
        let agree_by = waiting.agree_by;
        let Some(told) = Told::load(app, waiting, now).await? else {
            continue;
        };
        let letters = emails::guardian(app, told.about(), agree_by).await?;
        write_tx!(app.db, |c| {
            emails::insert!(c, letters);
            Ok(())
        })?;
    }
    app.messages.wake();
    Ok(())
}

/// Gives back every place of `person_id` that waits, and says how many bookings there were: their parent or
/// guardian said no. Places that were agreed to before stay. The same twice is one effect.
///
/// # Errors
/// When the database or the vault fails; what is left waits until its time is over.
pub async fn guardian_declined(app: &App, person_id: Uuid) -> Result<usize> {
    let waiting = of_person(app, person_id, app.clock.now()).await?;
    give_back(app, waiting, Answer::Declined).await
}

/// Gives back the places, on one run or on all, of bookings that waited too long, and tells the families; says
/// how many there were. Nothing depends on when it runs.
///
/// # Errors
/// When the database or the vault fails.
pub async fn let_go_lapsed(app: &App, run_id: Option<Uuid>) -> Result<usize> {
    let now = app.clock.now();
    let lapsed: Vec<Waiting> = read!(app.db, |c| {
        Ok(match run_id {
            Some(run_id) => sqlx::query_as(
                "SELECT id, reference, created_at, run_id, account_id, sequence, agree_by FROM booking \
                 WHERE run_id = $2 AND status = 'awaiting-guardian' AND agree_by <= $1 \
                 AND EXISTS (SELECT 1 FROM run WHERE run.id = booking.run_id AND run.status <> 'cancelled')",
            )
            .bind(now)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?,
            None => sqlx::query_as(
                "SELECT id, reference, created_at, run_id, account_id, sequence, agree_by FROM booking \
                 WHERE status = 'awaiting-guardian' AND agree_by <= $1 \
                 AND EXISTS (SELECT 1 FROM run WHERE run.id = booking.run_id AND run.status <> 'cancelled')",
            )
            .bind(now)
            .fetch_all(&mut *c)
            .await?,
        })
    })?;
    give_back(app, lapsed, Answer::Lapsed).await
}

async fn give_back(app: &App, bookings: Vec<Waiting>, answer: Answer) -> Result<usize> {
    let now = app.clock.now();
    let lock = lock_run(app);
    let (status, how) = match answer {
        Answer::Declined => ("declined", Ended::Declined),
        Answer::Lapsed => ("lapsed", Ended::Lapsed),
    };
    let mut ended = 0;
    for booking in bookings {
        let Some(told) = Told::load(app, booking, now).await? else {
            continue;
        };
        let (id, run_id) = (told.waiting.booked.id, told.waiting.run_id);
        let at = match answer {
            Answer::Declined => now,
            Answer::Lapsed => told.waiting.agree_by,
        };
        let letters = emails::ended(app, told.about(), told.waiting.sequence + 1, how).await?;
        ended += write_tx!(app.db, |c| {
            let _locked: Option<Locked> = sqlx::query_as(lock)
                .bind(run_id)
                .fetch_optional(&mut *c)
                .await?;
            let waits: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM booking WHERE id = $1 AND status = 'awaiting-guardian')",
            )
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
            if !waits {
                return Ok(0);
            }
            end!(c, id, run_id, status, true, at);
            emails::insert!(c, letters);
            Ok(1)
        })?;
        if told.offer.run.has_list {
            waiting::settle_now(app, run_id).await;
        }
    }
    if ended > 0 {
        app.messages.wake();
        app.catalogue.places_changed();
    }
    Ok(ended)
}

//! Reads what the database says in the end, in plain SQL.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wellbeing_courses::server::db::Db;
use wellbeing_courses::{read, write_tx};

use super::check::{BookingRow, DeadLetter, EntryRow, Found, OfferRow, RunMade, RunRow};

/// Everything that there is about these runs.
pub async fn read_all(db: &Db, runs: &[RunMade]) -> Found {
    let mut found = Found::default();
    for run in runs {
        read_run(db, run.id, &mut found).await;
    }
    let dead: Vec<(Option<Uuid>, String)> = read!(db, |c| {
        Ok(
            sqlx::query_as("SELECT person_id, kind FROM outbox WHERE state = 'dead'")
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap();
    found.dead = dead
        .into_iter()
        .map(|(person, kind)| DeadLetter {
            person: person.unwrap_or_default(),
            kind,
        })
        .collect();
    found
}

async fn read_run(db: &Db, run: Uuid, found: &mut Found) {
    let row: Option<(i64, i64, i64, i64, i64)> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT capacity, places_taken, places_held, waiting, \
                    (SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM offered_place \
                     WHERE run_id = run.id AND released_at IS NULL) FROM run WHERE id = $1",
        )
        .bind(run)
        .fetch_optional(&mut *c)
        .await?)
    })
    .unwrap();
    found
        .runs
        .extend(row.map(|(capacity, taken, held, waiting, kept)| RunRow {
            id: run,
            capacity,
            taken,
            held,
            waiting,
            kept,
        }));
    let bookings: Vec<(String, Option<Uuid>, String, Option<String>)> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.reference, place.person_id, booking.status, place.status \
             FROM booking LEFT JOIN place ON place.booking_id = booking.id WHERE booking.run_id = $1",
        )
        .bind(run)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap();
    let bookings = bookings.into_iter();
    found.bookings.extend(
        bookings.map(|(reference, person, status, place)| BookingRow {
            reference,
            run,
            person: person.unwrap_or_default(),
            status,
            takes: place.is_some_and(|place| place == "active"),
        }),
    );
    let entries: Vec<(Uuid, Uuid, i64, String)> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT entry.id, waits.person_id, entry.turn, entry.status FROM waiting_entry entry \
             JOIN waiting_person waits ON waits.entry_id = entry.id WHERE entry.run_id = $1",
        )
        .bind(run)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap();
    let entries = entries.into_iter();
    found
        .entries
        .extend(entries.map(|(id, person, turn, status)| EntryRow {
            id,
            run,
            person,
            turn,
            status,
        }));
    let offers: Vec<(Uuid, Vec<u8>, String)> = read!(db, |c| {
        Ok(
            sqlx::query_as("SELECT entry_id, token_hash, state FROM place_offer WHERE run_id = $1")
                .bind(run)
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap();
    let offers = offers.into_iter();
    found
        .offers
        .extend(offers.map(|(entry, link, state)| OfferRow { entry, link, state }));
}

/// A letter that is not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub next_try_at: DateTime<Utc>,
    pub leased_until: Option<DateTime<Utc>>,
}

impl Waiting {
    /// Whether a worker has it, or had it when it was killed.
    pub fn is_in_hand(&self, now: DateTime<Utc>) -> bool {
        self.leased_until.is_some_and(|until| until > now)
    }

    /// When a worker may take it.
    pub fn due(&self) -> DateTime<Utc> {
        self.leased_until
            .map_or(self.next_try_at, |until| until.max(self.next_try_at))
    }
}

/// The letters that are not sent yet.
pub async fn letters_waiting(db: &Db) -> Vec<Waiting> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT next_try_at, leased_until FROM outbox WHERE state = 'waiting' ORDER BY id",
        )
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

/// Ends a round: nothing happens on its runs any more, and what was given up has been seen.
pub async fn put_away(db: &Db, runs: &[RunMade]) {
    write_tx!(db, |c| {
        for run in runs {
            sqlx::query("UPDATE run SET status = 'cancelled' WHERE id = $1")
                .bind(run.id)
                .execute(&mut *c)
                .await?;
        }
        sqlx::query("DELETE FROM outbox WHERE state = 'dead'")
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
}

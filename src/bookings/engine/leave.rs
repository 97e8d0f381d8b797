//! Giving up everything that somebody has booked or waits for: whoever comes with them keeps their own place.

use uuid::Uuid;

use crate::bookings::store::select_person;

/// What somebody gave up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    /// The runs it was on: their waiting lists are to be settled.
    pub runs: Vec<Uuid>,
    /// How many of their places somebody else can have.
    pub places: i64,
    /// On how many waiting lists they were.
    pub waiting: i64,
    /// The bookings, entries and offers that messages may be about.
    pub about: Vec<Uuid>,
}

impl Left {
    /// Who still comes by the booking `$1`.
    pub(crate) const STAY: &'static str = concat!(
        select_person!(),
        "JOIN place ON place.person_id = person.id WHERE place.booking_id = $1 AND place.status = 'active'"
    );
}

/// The runs on which the person `$1` has a place, or waits for one, at `$2`; in the order in which they are locked.
pub(crate) const LEAVES: &str = "SELECT run.id FROM run WHERE run.ends_at > $2 AND run.status <> 'cancelled' \
     AND run.id IN (SELECT place.run_id FROM place WHERE place.person_id = $1 AND place.status = 'active' \
                    UNION SELECT waiting_person.run_id FROM waiting_person \
                    WHERE waiting_person.person_id = $1 AND waiting_person.active) ORDER BY run.id";

/// Gives up what `$person` has on every run that is not over, by the rules of cancelling, inside a transaction; gives
/// [`Left`]. `$lock` is [`super::lock_run`].
macro_rules! leave_all {
    ($c:expr, $lock:expr, $person:expr, $now:expr) => {{
        let (person, now): (uuid::Uuid, chrono::DateTime<chrono::Utc>) = ($person, $now);
        let runs: Vec<uuid::Uuid> = sqlx::query_scalar($crate::bookings::engine::LEAVES)
            .bind(person)
            .bind(now)
            .fetch_all(&mut *$c)
            .await?;
        let mut left = $crate::bookings::engine::Left::default();
        for run in &runs {
            let locked: $crate::bookings::engine::Locked =
                sqlx::query_as($lock).bind(run).fetch_one(&mut *$c).await?;
            let (first_ends, ends): (
                chrono::DateTime<chrono::Utc>,
                chrono::DateTime<chrono::Utc>,
            ) = sqlx::query_as(
                "SELECT MIN(session.ends_at), MAX(session.ends_at) FROM session WHERE session.run_id = $1",
            )
            .bind(run)
            .fetch_one(&mut *$c)
            .await?;
            let ending = $crate::bookings::rules::ending(now, first_ends, ends);
            let frees =
                ending == $crate::bookings::rules::Ending::Cancel || now < locked.joins_until();
            let bookings: Vec<(uuid::Uuid, i64)> = sqlx::query_as(
                "SELECT booking.id, (SELECT COUNT(*) FROM place other WHERE other.booking_id = booking.id \
                        AND other.status = 'active' AND other.person_id <> $2) \
                 FROM place JOIN booking ON booking.id = place.booking_id AND booking.ended_at IS NULL \
                 WHERE place.run_id = $1 AND place.person_id = $2 AND place.status = 'active'",
            )
            .bind(run)
            .bind(person)
            .fetch_all(&mut *$c)
            .await?;
            for (booking, others) in bookings {
                if others == 0 {
                    let status = match ending {
                        $crate::bookings::rules::Ending::Cancel => "cancelled",
                        _ => "stopped",
                    };
                    $crate::bookings::engine::end!($c, booking, run, status, frees, now);
                    left.about.push(booking);
                } else {
                    $crate::bookings::engine::leave_place!($c, booking, run, person, frees, now);
                    let stay: Vec<$crate::bookings::store::Person> =
                        sqlx::query_as($crate::bookings::engine::Left::STAY)
                            .bind(booking)
                            .fetch_all(&mut *$c)
                            .await?;
                    // Nobody is left whose parent or guardian has to agree.
                    if !stay.iter().any(|one| one.waits_for_guardian(locked.starts_at)) {
                        sqlx::query(
                            "UPDATE booking SET status = 'booked', agree_by = NULL \
                             WHERE id = $1 AND status = 'awaiting-guardian'",
                        )
                        .bind(booking)
                        .execute(&mut *$c)
                        .await?;
                    }
                }
                left.places += i64::from(frees);
            }
            let entries: Vec<(uuid::Uuid, i64)> = sqlx::query_as(
                "SELECT mine.entry_id, (SELECT COUNT(*) FROM waiting_person other \
                        WHERE other.entry_id = mine.entry_id AND other.person_id <> $2) \
                 FROM waiting_person mine WHERE mine.run_id = $1 AND mine.person_id = $2 AND mine.active",
            )
            .bind(run)
            .bind(person)
            .fetch_all(&mut *$c)
            .await?;
            for (entry, others) in entries {
                let offers: Vec<uuid::Uuid> = sqlx::query_scalar(
                    "SELECT id FROM place_offer WHERE entry_id = $1 AND state = 'open'",
                )
                .bind(entry)
                .fetch_all(&mut *$c)
                .await?;
                left.about.extend(offers);
                if others == 0 {
                    let _ = $crate::bookings::waiting::end_entry!($c, entry, run, "left", "declined", now);
                    left.about.push(entry);
                } else {
                    $crate::bookings::engine::leave_entry!($c, entry, run, person, now);
                }
                left.waiting += 1;
            }
        }
        left.runs = runs;
        left
    }};
}
pub(crate) use leave_all;

/// Gives up one of two places; the booking goes on for the other. The run's row must be locked.
macro_rules! leave_place {
    ($c:expr, $booking:expr, $run:expr, $person:expr, $frees:expr, $at:expr) => {{
        let frees: bool = $frees;
        sqlx::query(
            "UPDATE place SET status = $3 WHERE booking_id = $1 AND person_id = $2 AND status = 'active'",
        )
        .bind($booking)
        .bind($person)
        .bind(if frees { "cancelled" } else { "stopped" })
        .execute(&mut *$c)
        .await?;
        if frees {
            sqlx::query(
                "UPDATE run SET places_taken = places_taken - 1, updated_at = $2 WHERE id = $1",
            )
            .bind($run)
            .bind($at)
            .execute(&mut *$c)
            .await?;
        }
    }};
}
pub(crate) use leave_place;

/// Takes one of two out of an entry; the other waits on, in the same turn. What the two were offered was for two. The run's row
/// must be locked.
macro_rules! leave_entry {
    ($c:expr, $entry:expr, $run:expr, $person:expr, $at:expr) => {{
        let before: String = sqlx::query_scalar("SELECT status FROM waiting_entry WHERE id = $1")
            .bind($entry)
            .fetch_one(&mut *$c)
            .await?;
        sqlx::query("DELETE FROM waiting_person WHERE entry_id = $1 AND person_id = $2")
            .bind($entry)
            .bind($person)
            .execute(&mut *$c)
            .await?;
        sqlx::query("UPDATE waiting_entry SET status = 'waiting', places = 1 WHERE id = $1")
            .bind($entry)
            .execute(&mut *$c)
            .await?;
        let let_go = $crate::bookings::waiting::end_offer!($c, $entry, $run, "gone", $at);
        sqlx::query(
            "UPDATE run SET waiting = waiting + $2, places_held = places_held - $3 WHERE id = $1",
        )
        .bind($run)
        .bind(i64::from(before == "offered"))
        .bind(let_go)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use leave_entry;

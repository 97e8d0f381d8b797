//! SQL of registers. Every statement that shows or marks people joins what the account sees ([`seen!`]): what others see is
//! not there.

use chrono::TimeDelta;
use uuid::Uuid;

use super::access::seen;
use super::marking;
use super::model::{Attendee, How, Known, List, Mark, Marked, Marks, Run, Session};
use super::rules;
use crate::bookings::venue_of;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::dates;
use crate::{read, write_tx};

/// More runs than a tutor gives in years.
const AT_MOST: i64 = 200;

/// Reads [`Run`]s: `$1` is the account, `$2` is now. A draft is nobody's business yet.
macro_rules! runs {
    ($rest:literal) => {
        seen!(concat!(
            "SELECT run.id, course.title, run.status, run.starts_at, run.ends_at, venue.name AS venue, run.room_setup, \
                    (SELECT COUNT(*) FROM place JOIN booking ON booking.id = place.booking_id \
                            AND booking.status = 'booked' \
                     WHERE place.run_id = run.id AND place.status = 'active') AS coming, \
                    next.starts_at AS next_at, COALESCE(next.elsewhere, FALSE) AS elsewhere, \
                    (SELECT COUNT(*) FROM seen WHERE seen.run_id = run.id) AS own_sessions, \
                    (SELECT COUNT(*) FROM session WHERE session.run_id = run.id) AS all_sessions \
             FROM run JOIN course ON course.id = run.course_id \
             LEFT JOIN session next ON next.id = (SELECT session.id FROM seen JOIN session ON session.id = seen.session_id \
                       WHERE seen.run_id = run.id AND session.ends_at > $2 ORDER BY session.starts_at LIMIT 1) \
             LEFT JOIN venue ON venue.id = ",
            venue_of!("next"),
            " WHERE run.status IN ('open', 'closed', 'cancelled') AND run.id IN (SELECT run_id FROM seen) ",
            $rest
        ))
    };
}

/// Reads [`Session`]s with where they are, in order.
macro_rules! sessions {
    ($from:literal, $whose:literal) => {
        concat!(
            "SELECT session.id, session.position, session.starts_at, session.ends_at, session.elsewhere, \
                    venue.name AS venue FROM ",
            $from,
            " JOIN run ON run.id = session.run_id LEFT JOIN venue ON venue.id = ",
            $crate::bookings::venue_of!("session"),
            " WHERE ",
            $whose,
            " ORDER BY session.position"
        )
    };
}
pub(super) use sessions;

/// The runs of which an account sees a list, latest first.
pub async fn runs(app: &App, account_id: Uuid) -> Result<Vec<Run>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(
            sqlx::query_as(runs!("ORDER BY run.starts_at DESC, run.id LIMIT $3"))
                .bind(account_id)
                .bind(now)
                .bind(AT_MOST)
                .fetch_all(&mut *c)
                .await?,
        )
    })
}

/// One of them, with those of its sessions that the account sees, in order.
pub async fn run(app: &App, account_id: Uuid, id: Uuid) -> Result<Option<(Run, Vec<Session>)>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        let run: Option<Run> = sqlx::query_as(runs!("AND run.id = $3"))
            .bind(account_id)
            .bind(now)
            .bind(id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(run) = run else { return Ok(None) };
        let sessions = sqlx::query_as(seen!(sessions!(
            "seen JOIN session ON session.id = seen.session_id",
            "seen.run_id = $3"
        )))
        .bind(account_id)
        .bind(now)
        .bind(id)
        .fetch_all(&mut *c)
        .await?;
        Ok(Some((run, sessions)))
    })
}

/// Writes down that `by` asked for a run, or a part of one, that they do not see: about the run, if there is one.
pub async fn refused(app: &App, by: &By, run_id: Uuid) -> Result<()> {
    let entry = Entry::by(app, by, Action::Refused)?;
    write_tx!(app.db, |c| {
        let there: Option<Uuid> = sqlx::query_scalar("SELECT id FROM run WHERE id = $1")
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let entry = Entry {
            about: there,
            ..entry.clone()
        };
        insert_entry!(c, &entry);
        Ok(())
    })
}

/// Who comes to the run `$3`, as far as the account sees the list of its session `$4`. A place that still waits for a parent
/// or guardian is not booked, and not here.
macro_rules! coming {
    ($what:literal, $rest:literal) => {
        seen!(concat!(
            "SELECT ",
            $what,
            " FROM seen JOIN run ON run.id = seen.run_id AND run.status IN ('open', 'closed') \
             JOIN place ON place.run_id = run.id AND place.status = 'active' \
             JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
             JOIN person ON person.id = place.person_id ",
            $rest
        ))
    };
}

/// The one statement that reads people for a tutor: `$5` is the day after which whoever is under 16 was born. A birthday is
/// compared and stays in the database. Of somebody under 16 the phone and email are those of the parent or guardian they
/// named last. Whoever comes along with somebody else and has no contact of their own has none here, too: nobody else's
/// stands beside their name. Whoever objected to being shown is not here.
const ATTENDEES: &str = coming!(
    "place.id AS place_id, person.id AS person_id, person.full_name AS name, \
     CASE WHEN person.date_of_birth > $5 THEN guardian.phone ELSE person.phone END AS phone, \
     CASE WHEN person.date_of_birth > $5 THEN guardian.email ELSE person.email END AS email",
    "LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g WHERE g.person_id = person.id \
          ORDER BY g.created_at DESC, g.id DESC LIMIT 1) \
     WHERE seen.run_id = $3 AND seen.session_id = $4 AND NOT person.keep_from_tutors \
     ORDER BY lower(person.full_name), place.id"
);

/// How many of those who come objected to being shown.
const KEPT_BACK: &str = coming!(
    "COUNT(*)",
    "WHERE seen.run_id = $3 AND seen.session_id = $4 AND person.keep_from_tutors"
);

/// Reads who comes to a session of a run, and notes in the same transaction, for each of them, that `by` is shown it: what
/// cannot be noted is not shown.
pub async fn list(app: &App, by: &By, run: &Run, session_id: Uuid, how: How) -> Result<List> {
    let now = app.clock.now();
    let day = dates::day_of(now).to_string();
    let born_after = rules::born_after(run.days().0);
    write_tx!(app.db, |c| {
        let attendees: Vec<Attendee> = sqlx::query_as(app.switches.attendees(ATTENDEES))
            .bind(by.account_id)
            .bind(now)
            .bind(run.id)
            .bind(session_id)
            .bind(&born_after)
            .fetch_all(&mut *c)
            .await?;
        let kept_back = sqlx::query_scalar(KEPT_BACK)
            .bind(by.account_id)
            .bind(now)
            .bind(run.id)
            .bind(session_id)
            .fetch_one(&mut *c)
            .await?;
        for attendee in &attendees {
            let entry = Entry::by(app, by, how.action())?
                .about(run.id)
                .of(attendee.person_id);
            insert_entry!(c, &entry);
            sqlx::query(
                "INSERT INTO disclosure (id, person_id, account_id, run_id, kind, day, times, first_at, last_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) \
                 ON CONFLICT (person_id, account_id, run_id, kind, day) \
                 DO UPDATE SET times = disclosure.times + 1, last_at = excluded.last_at",
            )
            .bind(app.id()?)
            .bind(attendee.person_id)
            .bind(by.account_id)
            .bind(run.id)
            .bind(how.kind(by.role))
            .bind(&day)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        Ok(List {
            attendees,
            kept_back,
        })
    })
}

/// What is marked, and who told us that they cannot come (no mark), at every session of the run `$1`.
pub(super) const MARKS: &str = "SELECT attendance.place_id, attendance.session_id, attendance.mark FROM attendance \
     JOIN session ON session.id = attendance.session_id WHERE session.run_id = $1 \
     UNION ALL \
     SELECT place.id, apology.session_id, '' FROM apology \
     JOIN session ON session.id = apology.session_id \
     JOIN place ON place.booking_id = apology.booking_id AND place.status = 'active' \
     WHERE session.run_id = $1";

/// The rows of [`MARKS`], by place and session.
pub(super) fn gathered(rows: Vec<(Uuid, Uuid, String)>) -> Marks {
    let mut marks = Marks::new();
    for (place, session, mark) in rows {
        let known: &mut Known = marks.entry((place, session)).or_default();
        match Mark::named(&mark) {
            Some(mark) => known.mark = Some(mark),
            None => known.told_us = true,
        }
    }
    marks
}

/// What is marked, and who told us that they cannot come, at every session of a run.
pub async fn marks(app: &App, run_id: Uuid) -> Result<Marks> {
    let rows = read!(app.db, |c| {
        Ok(sqlx::query_as(MARKS)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?)
    })?;
    Ok(gathered(rows))
}

/// How far apart two marks of one account may be made and still be told apart by which arrives last.
const SLOW_LINE: TimeDelta = TimeDelta::minutes(2);

/// Writes what was marked at a session; none takes a mark away. Only places of this run, only of those who are shown, and only
/// while the account sees this session; any other is passed over. The same twice is one effect. Of each mark that is another
/// than before the record has a line.
///
/// A mark may come late, from a phone that was offline. Of two people's marks the one that was made last counts, whichever
/// arrives last; of one account's own marks of about the same time the one that arrives last, so that a slow line cannot undo a
/// correction, and a phone that was away for hours cannot either. Where a
/// mark was taken away nothing is left to compare with: what arrives then counts.
pub async fn save(app: &App, by: &By, run: &Run, session_id: Uuid, marks: &[Marked]) -> Result<()> {
    const MARK: &str = seen!(
        "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
         SELECT place.id, seen.session_id, $8, $1, $6 FROM seen \
         JOIN run ON run.id = seen.run_id AND run.status IN ('open', 'closed') \
         JOIN place ON place.run_id = run.id AND place.status = 'active' \
         JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
         JOIN person ON person.id = place.person_id AND NOT person.keep_from_tutors \
         WHERE seen.run_id = $3 AND seen.session_id = $4 AND place.id = $5 \
         ON CONFLICT (place_id, session_id) DO UPDATE SET mark = excluded.mark, \
            marked_by = excluded.marked_by, marked_at = excluded.marked_at \
         WHERE attendance.marked_at <= excluded.marked_at \
            OR attendance.marked_by = excluded.marked_by AND attendance.marked_at <= $7"
    );
    const TAKE_AWAY: &str = seen!(
        "DELETE FROM attendance WHERE session_id = $4 AND place_id = $5 \
         AND (marked_at <= $6 OR marked_by = $1 AND marked_at <= $7) AND EXISTS ( \
            SELECT 1 FROM seen JOIN place ON place.run_id = seen.run_id AND place.status = 'active' \
            JOIN person ON person.id = place.person_id AND NOT person.keep_from_tutors \
            WHERE seen.run_id = $3 AND seen.session_id = $4 AND place.id = $5)"
    );
    let now = app.clock.now();
    let changes = marking::changes(app, by, (run.id, session_id), marks).await?;
    write_tx!(app.db, |c| {
        sqlx::query(marking::LOCK)
            .bind(session_id)
            .execute(&mut *c)
            .await?;
        let rows = sqlx::query_as(marking::PLACES)
            .bind(run.id)
            .bind(session_id)
            .fetch_all(&mut *c)
            .await?;
        let mut places = marking::gathered(rows);
        for (marked, change) in marks.iter().zip(&changes) {
            let statement = sqlx::query(if marked.mark.is_some() {
                MARK
            } else {
                TAKE_AWAY
            })
            .bind(by.account_id)
            .bind(now)
            .bind(run.id)
            .bind(session_id)
            .bind(marked.place_id)
            .bind(marked.at)
            .bind(marked.at + SLOW_LINE);
            let statement = match marked.mark {
                Some(mark) => statement.bind(mark.name()),
                None => statement,
            };
            if statement.execute(&mut *c).await?.rows_affected() == 0 {
                continue;
            }
            let line = marking::written(app, by, run.id, &mut places, (marked, change.as_ref()))?;
            if let Some(entry) = line {
                insert_entry!(c, &entry);
            }
        }
        Ok(())
    })
}

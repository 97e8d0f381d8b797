//! SQL of registers. Every statement names the account whose runs they are: another tutor's are not there.

use uuid::Uuid;

use super::model::{Attendee, How, Known, Mark, Marks, Run, Session};
use super::rules;
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
        concat!(
            "SELECT run.id, course.title, run.status, run.starts_at, run.ends_at, venue.name AS venue, \
                    (SELECT COUNT(*) FROM place JOIN booking ON booking.id = place.booking_id \
                            AND booking.status = 'booked' \
                     WHERE place.run_id = run.id AND place.status = 'active') AS coming, \
                    (SELECT MIN(session.starts_at) FROM session WHERE session.run_id = run.id \
                            AND session.ends_at > $2) AS next_at \
             FROM tutor JOIN run ON run.tutor_id = tutor.id AND run.status IN ('open', 'closed', 'cancelled') \
             JOIN course ON course.id = run.course_id LEFT JOIN venue ON venue.id = run.venue_id \
             WHERE tutor.account_id = $1 ",
            $rest
        )
    };
}

/// The runs that an account gives, latest first.
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

/// One of them, with its sessions in order.
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
        let sessions = sqlx::query_as(
            "SELECT id, position, starts_at, ends_at FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&mut *c)
        .await?;
        Ok(Some((run, sessions)))
    })
}

/// The one statement that reads people for a tutor: `$1` is the run, `$2` the tutor's account, `$3` the day after which
/// whoever is under 16 was born. A birthday is compared and stays in the database. Of somebody under 16 the phone and email
/// are those of the parent or guardian they named last. Whoever comes along with somebody else and has no contact of their
/// own has none here, too: nobody else's stands beside their name. A place that still waits for a parent or guardian is
/// not booked, and not here.
const ATTENDEES: &str = "SELECT place.id AS place_id, person.id AS person_id, person.full_name AS name, \
        CASE WHEN person.date_of_birth > $3 THEN guardian.phone ELSE person.phone END AS phone, \
        CASE WHEN person.date_of_birth > $3 THEN guardian.email ELSE person.email END AS email \
     FROM place JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
     JOIN run ON run.id = place.run_id AND run.status IN ('open', 'closed') \
     JOIN tutor ON tutor.id = run.tutor_id AND tutor.account_id = $2 \
     JOIN person ON person.id = place.person_id \
     LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g WHERE g.person_id = person.id \
          ORDER BY g.created_at DESC, g.id DESC LIMIT 1) \
     WHERE place.run_id = $1 AND place.status = 'active' ORDER BY lower(person.full_name), place.id";

/// Reads who comes, and notes in the same transaction, for each of them, that `by` is shown it: what cannot be noted is
/// not shown.
pub async fn attendees(app: &App, by: &By, run: &Run, how: How) -> Result<Vec<Attendee>> {
    let now = app.clock.now();
    let day = dates::day_of(now).to_string();
    let born_after = rules::born_after(run.days().0);
    write_tx!(app.db, |c| {
        let attendees: Vec<Attendee> = sqlx::query_as(ATTENDEES)
            .bind(run.id)
            .bind(by.account_id)
            .bind(&born_after)
            .fetch_all(&mut *c)
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
            .bind(how.name())
            .bind(&day)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        Ok(attendees)
    })
}

/// What is marked, and who told us that they cannot come, at every session of a run.
pub async fn marks(app: &App, run_id: Uuid) -> Result<Marks> {
    let rows: Vec<(Uuid, Uuid, String)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT attendance.place_id, attendance.session_id, attendance.mark FROM attendance \
             JOIN session ON session.id = attendance.session_id WHERE session.run_id = $1 \
             UNION ALL \
             SELECT place.id, apology.session_id, '' FROM apology \
             JOIN session ON session.id = apology.session_id \
             JOIN place ON place.booking_id = apology.booking_id AND place.status = 'active' \
             WHERE session.run_id = $1",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let mut marks = Marks::new();
    for (place, session, mark) in rows {
        let known: &mut Known = marks.entry((place, session)).or_default();
        match Mark::named(&mark) {
            Some(mark) => known.mark = Some(mark),
            None => known.told_us = true,
        }
    }
    Ok(marks)
}

/// Writes what was marked at a session; none takes a mark away. Only places of this run, only while it is this account's;
/// any other is passed over. The same twice is one effect.
pub async fn save(
    app: &App,
    by: &By,
    run: &Run,
    session_id: Uuid,
    marks: &[(Uuid, Option<Mark>)],
) -> Result<()> {
    let entry = Entry::by(app, by, Action::AttendanceMarked)?.about(run.id);
    write_tx!(app.db, |c| {
        for (place_id, mark) in marks {
            match mark {
                Some(mark) => {
                    sqlx::query(
                        "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
                         SELECT place.id, session.id, $5, tutor.account_id, $6 FROM place \
                         JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
                         JOIN run ON run.id = place.run_id AND run.status IN ('open', 'closed') \
                         JOIN session ON session.run_id = run.id \
                         JOIN tutor ON tutor.id = run.tutor_id AND tutor.account_id = $4 \
                         WHERE place.id = $1 AND session.id = $2 AND run.id = $3 AND place.status = 'active' \
                         ON CONFLICT (place_id, session_id) DO UPDATE SET mark = excluded.mark, \
                            marked_by = excluded.marked_by, marked_at = excluded.marked_at \
                         WHERE attendance.mark <> excluded.mark",
                    )
                    .bind(place_id)
                    .bind(session_id)
                    .bind(run.id)
                    .bind(by.account_id)
                    .bind(mark.name())
                    .bind(entry.at)
                    .execute(&mut *c)
                    .await?;
                }
                None => {
                    sqlx::query(
                        "DELETE FROM attendance WHERE place_id = $1 AND session_id = $2 AND EXISTS ( \
                            SELECT 1 FROM place JOIN run ON run.id = place.run_id \
                            JOIN tutor ON tutor.id = run.tutor_id AND tutor.account_id = $4 \
                            WHERE place.id = $1 AND run.id = $3 AND place.status = 'active')",
                    )
                    .bind(place_id)
                    .bind(session_id)
                    .bind(run.id)
                    .bind(by.account_id)
                    .execute(&mut *c)
                    .await?;
                }
            }
        }
        insert_entry!(c, &entry);
        Ok(())
    })
}

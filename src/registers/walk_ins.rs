//! Walk-ins: whoever came to a session without a place. The tutor notes a name and a phone number; the course team makes a
//! booking of it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::access::seen;
use super::handlers::{open_at, register};
use super::model::{Mark, Session};
use super::pages;
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules as typed;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::staff::rights::Registers;
use crate::staff::{By, Desk};
use crate::ui::dates;
use crate::ui::form::{Check, Submitted};
use crate::write_tx;

/// The field with their name.
pub(super) const NAME: &str = "full-name";
/// The field with their phone number.
pub(super) const PHONE: &str = "phone";
/// The field with the number of the note.
pub(super) const ID: &str = "walk-in";
/// The field that takes a note back.
pub(super) const UNDO: &str = "undo";
/// The longest name.
const LONGEST_NAME: usize = 100;

/// Where the form goes.
pub(super) fn routes() -> Routes {
    Routes::default().post("/tutor/runs/{id}/sessions/{n}/walk-ins", note)
}

/// Somebody who came without a place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WalkIn {
    /// Its id.
    pub id: Uuid,
    /// To which session they came.
    pub session_id: Uuid,
    /// Their name, as the tutor heard it.
    pub full_name: String,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// When it was noted.
    pub noted_at: DateTime<Utc>,
}

/// The course team has made a booking of it (`place_id`: they came to that session), or there is none to make. `false` when it
/// was so, or this run has no such note. A place of another run is passed over, and what the tutor marked stays. Whoever is
/// marked has a line of their own in the record.
///
/// # Errors
/// When the database does not answer; nothing is changed then.
pub async fn done(
    app: &App,
    by: &By,
    run_id: Uuid,
    id: Uuid,
    place_id: Option<Uuid>,
) -> Result<bool> {
    let entry = Entry::by(app, by, Action::WalkInDone)?.about(id);
    write_tx!(app.db, |c| {
        // As for every mark: of two who mark at once the second waits.
        sqlx::query(
            "UPDATE session SET position = position WHERE id = (SELECT session_id FROM walk_in WHERE id = $1)",
        )
        .bind(id)
        .execute(&mut *c)
        .await?;
        let done = sqlx::query(
            "UPDATE walk_in SET done_at = $2 WHERE id = $1 AND done_at IS NULL \
             AND session_id IN (SELECT session.id FROM session WHERE session.run_id = $3)",
        )
        .bind(id)
        .bind(entry.at)
        .bind(run_id)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if done > 0 {
            let marked = sqlx::query(
                "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
                 SELECT place.id, walk_in.session_id, $3, $4, $5 FROM walk_in JOIN session ON session.id = walk_in.session_id \
                 JOIN place ON place.run_id = session.run_id AND place.status = 'active' \
                 JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
                 WHERE walk_in.id = $1 AND place.id = $2 ON CONFLICT (place_id, session_id) DO NOTHING",
            )
            .bind(id)
            .bind(place_id)
            .bind(Mark::Came.name())
            .bind(by.account_id)
            .bind(entry.at)
            .execute(&mut *c)
            .await?
            .rows_affected();
            insert_entry!(c, &entry);
            if marked > 0 {
                let person_id: Uuid =
                    sqlx::query_scalar("SELECT place.person_id FROM place WHERE place.id = $1")
                        .bind(place_id)
                        .fetch_one(&mut *c)
                        .await?;
                let line = Entry::by(app, by, Action::AttendanceMarked)?
                    .about(run_id)
                    .of(person_id);
                insert_entry!(c, &line);
            }
        }
        Ok(done > 0)
    })
}

/// Those of a session that the account sees. Each that `by` is shown is written down in the same transaction.
pub(super) async fn of_session(app: &App, by: &By, session_id: Uuid) -> Result<Vec<WalkIn>> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let shown: Vec<WalkIn> = sqlx::query_as(seen!(
            "SELECT walk_in.id, walk_in.session_id, walk_in.full_name, walk_in.phone, walk_in.noted_at FROM seen \
             JOIN walk_in ON walk_in.session_id = seen.session_id \
             WHERE seen.session_id = $3 AND walk_in.done_at IS NULL ORDER BY walk_in.noted_at, walk_in.id"
        ))
        .bind(by.account_id)
        .bind(now)
        .bind(session_id)
        .fetch_all(&mut *c)
        .await?;
        for walk_in in &shown {
            let entry = Entry::by(app, by, Action::Looked)?.about(walk_in.id);
            insert_entry!(c, &entry);
        }
        Ok(shown)
    })
}

/// What the form says of them; with an id, so that the same form twice is one note.
struct New {
    id: Uuid,
    full_name: String,
    phone: Option<String>,
}

async fn add(app: &App, by: &By, run_id: Uuid, session: &Session, new: New) -> Result<()> {
    let entry = Entry::by(app, by, Action::WalkInNoted)?.about(run_id);
    write_tx!(app.db, |c| {
        let added = sqlx::query(seen!(
            "INSERT INTO walk_in (id, session_id, full_name, phone, noted_by, noted_at) \
             SELECT $4, seen.session_id, $5, $6, $1, $2 FROM seen WHERE seen.session_id = $3 ON CONFLICT (id) DO NOTHING"
        ))
        .bind(by.account_id)
        .bind(entry.at)
        .bind(session.id)
        .bind(new.id)
        .bind(&new.full_name)
        .bind(&new.phone)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if added > 0 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })
}

/// Takes a note back: only one of this session, and only while the course team has not dealt with it.
async fn take_back(app: &App, by: &By, run_id: Uuid, session: &Session, id: Uuid) -> Result<()> {
    let entry = Entry::by(app, by, Action::WalkInUndone)?.about(run_id);
    write_tx!(app.db, |c| {
        let gone = sqlx::query(seen!(
            "DELETE FROM walk_in WHERE id = $4 AND session_id = $3 AND done_at IS NULL \
             AND EXISTS (SELECT 1 FROM seen WHERE seen.session_id = $3)"
        ))
        .bind(by.account_id)
        .bind(entry.at)
        .bind(session.id)
        .bind(id)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if gone > 0 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })
}

async fn note(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(at): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let (run, sessions, at) = match open_at(&app, &desk, &at).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let Some(session) = sessions.get(at).cloned() else {
        return Ok(Refusal::NotFound.into_response());
    };
    let path = pages::session_path(&run, &session);
    if let Ok(id) = Uuid::try_parse(&submitted.line(UNDO)) {
        take_back(&app, desk.by(), run.id, &session, id).await?;
        return Ok(Said::WalkInUndone.and_see(&app, &path));
    }
    // On another day the page has no form.
    if session.day() != dates::day_of(app.clock.now()) {
        return Ok(see(&path));
    }
    let mut check = Check::new(&submitted);
    let full_name = check.text(NAME, "Enter their name", |name| {
        typed::name(name, LONGEST_NAME, "their name")
    });
    let phone = check.optional(PHONE, typed::phone);
    let form = check.finish();
    let (Some(full_name), false) = (full_name, form.has_errors()) else {
        let html = register(&app, &desk, (run, sessions, at), form, None).await?;
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    };
    let new = New {
        id: Uuid::try_parse(&submitted.line(ID)).or_else(|_| app.id())?,
        full_name,
        phone,
    };
    add(&app, desk.by(), run.id, &session, new).await?;
    Ok(Said::WalkInNoted.and_see(&app, &path))
}

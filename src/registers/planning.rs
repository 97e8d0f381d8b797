//! What the course team decides about a run's lists: who sees them besides its tutor, how its room is set up, and who is kept
//! off them. Each is one transaction with its line in the record; the same twice is one effect.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entries, insert_entry};
use crate::ui::dates;
use crate::{read, write_tx};

/// An organisation that gives courses.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Provider {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// Those that work with us now, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn providers(app: &App) -> Result<Vec<Provider>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, name FROM organisation WHERE kind = 'provider' AND (ended_at IS NULL OR ended_at > $1) \
             ORDER BY lower(name), id",
        )
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Writes inside a transaction, and the entry beside it if something changed; says whether it did.
macro_rules! changing {
    ($app:expr, $entry:expr, $query:expr) => {{
        let entry: Entry = $entry;
        write_tx!($app.db, |c| {
            let done = $query.execute(&mut *c).await?.rows_affected() > 0;
            if done {
                insert_entry!(c, &entry);
            }
            Ok(done)
        })
    }};
}

/// A run with the organisation that gives it, and the one that is chosen now.
#[derive(sqlx::FromRow)]
struct Given {
    title: String,
    starts_at: DateTime<Utc>,
    provider_id: Option<Uuid>,
    provider: Option<String>,
    chosen: Option<String>,
}

/// What became of a change of who gives a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provided {
    /// It is another now.
    Changed,
    /// It was so already.
    AsItWas,
    /// Nothing was saved: there is no such run, no such organisation any more, or others changed it again and again.
    NotSaved,
}

/// Says which organisation gives a run, or that none does. Its coordinators see the list from now on, and those of the one
/// before no longer; the record has a line about each of the two.
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn set_provider(
    app: &App,
    by: &By,
    run_id: Uuid,
    provider: Option<Uuid>,
) -> Result<Provided> {
    match try_provider(app, by, run_id, provider).await? {
        // Somebody else may have changed it in the same moment. The last counts, and its lines say what was just before.
        Provided::NotSaved => try_provider(app, by, run_id, provider).await,
        done => Ok(done),
    }
}

/// Once, if nobody else changes it between the reading and the writing.
async fn try_provider(
    app: &App,
    by: &By,
    run_id: Uuid,
    provider: Option<Uuid>,
) -> Result<Provided> {
    let now = app.clock.now();
    let given: Option<Given> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT course.title, run.starts_at, run.provider_id, provider.name AS provider, chosen.name AS chosen \
             FROM run JOIN course ON course.id = run.course_id \
             LEFT JOIN organisation provider ON provider.id = run.provider_id \
             LEFT JOIN organisation chosen ON chosen.id = $2 AND chosen.kind = 'provider' \
                  AND (chosen.ended_at IS NULL OR chosen.ended_at > $3) \
             WHERE run.id = $1",
        )
        .bind(run_id)
        .bind(provider)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some(given) = given else {
        return Ok(Provided::NotSaved);
    };
    if given.provider_id == provider {
        return Ok(Provided::AsItWas);
    }
    if provider.is_some() && given.chosen.is_none() {
        return Ok(Provided::NotSaved);
    }
    let day = dates::iso_day(dates::day_of(given.starts_at));
    let words = |name: &str| format!("{name} gives {} from {day}", given.title);
    let mut entries = Vec::new();
    if let (Some(id), Some(name)) = (given.provider_id, &given.provider) {
        let entry = Entry::by(app, by, Action::ProviderChanged)?;
        entries.push(entry.changed_there(app, id, &words(name), "").await?);
    }
    if let (Some(id), Some(name)) = (provider, &given.chosen) {
        let entry = Entry::by(app, by, Action::ProviderChanged)?;
        entries.push(entry.changed_there(app, id, "", &words(name)).await?);
    }
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE run SET provider_id = $2, updated_at = $3 WHERE id = $1 \
             AND (provider_id = $4 OR provider_id IS NULL AND $4 IS NULL) \
             AND ($2 IS NULL OR EXISTS (SELECT 1 FROM organisation WHERE id = $2 AND kind = 'provider' \
                                        AND (ended_at IS NULL OR ended_at > $3)))",
        )
        .bind(run_id)
        .bind(provider)
        .bind(now)
        .bind(given.provider_id)
        .execute(&mut *c)
        .await?
        .rows_affected()
            > 0;
        if !done {
            return Ok(Provided::NotSaved);
        }
        insert_entries!(c, &entries);
        Ok(Provided::Changed)
    })
}

/// Somebody who leads a session beside the run's tutor, or instead.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StandIn {
    /// Which session.
    pub session_id: Uuid,
    /// Who.
    pub tutor_id: Uuid,
    /// Their name.
    pub name: String,
    /// Whether they have an account to see the list with.
    pub has_account: bool,
    /// Whether they lead it instead of the run's tutor, which people were told.
    pub instead: bool,
}

/// Who leads which session of a run besides its tutor, in the sessions' order.
///
/// # Errors
/// When the database does not answer.
pub async fn stand_ins(app: &App, run_id: Uuid) -> Result<Vec<StandIn>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT session_tutor.session_id, session_tutor.tutor_id, tutor.full_name AS name, \
                    tutor.account_id IS NOT NULL AS has_account, session_tutor.instead \
             FROM session_tutor JOIN session ON session.id = session_tutor.session_id \
             JOIN tutor ON tutor.id = session_tutor.tutor_id \
             WHERE session.run_id = $1 ORDER BY session.position, lower(tutor.full_name), tutor.id",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Who would lead which session, for the record; none, if there is no such session or tutor.
async fn leading(app: &App, session_id: Uuid, tutor_id: Uuid) -> Result<Option<String>> {
    let found: Option<(String, String, i64, DateTime<Utc>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT tutor.full_name, course.title, session.position, session.starts_at FROM session \
             JOIN run ON run.id = session.run_id JOIN course ON course.id = run.course_id \
             JOIN tutor ON tutor.id = $2 WHERE session.id = $1",
        )
        .bind(session_id)
        .bind(tutor_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(found.map(|(tutor, title, position, starts_at)| {
        let day = dates::iso_day(dates::day_of(starts_at));
        format!("{tutor} leads session {position} of {title} on {day}")
    }))
}

/// Lets a tutor lead one session: they see the list of that session and of no other. `false` when it was so, or there is no
/// such session or tutor. The record's line is about the tutor.
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn add_stand_in(app: &App, by: &By, session_id: Uuid, tutor_id: Uuid) -> Result<bool> {
    let Some(words) = leading(app, session_id, tutor_id).await? else {
        return Ok(false);
    };
    let entry = Entry::by(app, by, Action::StandInChanged)?
        .changed_there(app, tutor_id, "", &words)
        .await?;
    let now = entry.at;
    changing!(
        app,
        entry,
        sqlx::query(
            "INSERT INTO session_tutor (session_id, tutor_id, created_at) \
             SELECT session.id, tutor.id, $3 FROM session JOIN tutor ON tutor.id = $2 WHERE session.id = $1 \
             ON CONFLICT (session_id, tutor_id) DO NOTHING",
        )
        .bind(session_id)
        .bind(tutor_id)
        .bind(now)
    )
}

/// They do not lead it beside the tutor any more, and see nothing of it from their next click on. Whoever leads it instead
/// stays: people know that it is they, and are told of a change ([`crate::bookings::changes::Change::SessionTutor`]).
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn remove_stand_in(app: &App, by: &By, session_id: Uuid, tutor_id: Uuid) -> Result<bool> {
    let Some(words) = leading(app, session_id, tutor_id).await? else {
        return Ok(false);
    };
    let entry = Entry::by(app, by, Action::StandInChanged)?
        .changed_there(app, tutor_id, &words, "")
        .await?;
    changing!(
        app,
        entry,
        sqlx::query(
            "DELETE FROM session_tutor WHERE session_id = $1 AND tutor_id = $2 AND NOT instead"
        )
        .bind(session_id)
        .bind(tutor_id)
    )
}

/// Says how the room of a run is set up ([`super::rules::room_setup`]); none takes it away. `false` when it was so, or there is
/// no such run.
///
/// # Errors
/// When the database does not answer; nothing is changed then.
pub async fn set_room(app: &App, by: &By, run_id: Uuid, words: Option<&str>) -> Result<bool> {
    let entry = Entry::by(app, by, Action::RoomSetUp)?.about(run_id);
    let now = entry.at;
    changing!(
        app,
        entry,
        sqlx::query(
            "UPDATE run SET room_setup = $2, updated_at = $3 WHERE id = $1 \
             AND COALESCE(room_setup, '') <> COALESCE($2, '')",
        )
        .bind(run_id)
        .bind(words)
        .bind(now)
    )
}

/// Whether these words have the full name of somebody who comes to a run in them.
///
/// # Errors
/// When the database does not answer.
pub async fn names_somebody(app: &App, run_id: Uuid, words: &str) -> Result<bool> {
    let names: Vec<String> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT person.full_name FROM place JOIN person ON person.id = place.person_id \
             WHERE place.run_id = $1 AND place.status = 'active'",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let words = words.to_lowercase();
    let is_named = |name: &String| !name.is_empty() && words.contains(&name.to_lowercase());
    Ok(names.iter().any(is_named))
}

/// Somebody objects to tutors being given their details, or does not object any more. `false` when it was so, or there is no
/// such person.
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn keep_from_tutors(app: &App, by: &By, person_id: Uuid, kept: bool) -> Result<bool> {
    let words = |kept| {
        if kept {
            "kept from tutors"
        } else {
            "shared with tutors"
        }
    };
    let entry = Entry::by(app, by, Action::SharingChanged)?
        .changed(app, person_id, words(!kept), words(kept))
        .await?;
    let now = entry.at;
    changing!(
        app,
        entry,
        sqlx::query(
            "UPDATE person SET keep_from_tutors = $2, updated_at = $3 WHERE id = $1 AND keep_from_tutors <> $2",
        )
        .bind(person_id)
        .bind(kept)
        .bind(now)
    )
}

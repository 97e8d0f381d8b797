//! What the record says when a mark is made, changed or taken away: of whom, with before and after.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{Mark, Marked};
use crate::read;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry};

/// Reads [`Place`]s of the run `$1` with what is marked of each at its session `$2`.
pub(super) const PLACES: &str = "SELECT place.id, place.person_id, session.position, attendance.mark \
     FROM place JOIN session ON session.run_id = place.run_id AND session.id = $2 \
     LEFT JOIN attendance ON attendance.place_id = place.id AND attendance.session_id = session.id \
     WHERE place.run_id = $1";

/// Locks the session `$1`, before its [`PLACES`] are read: of two who mark at once the second waits, and its line says what
/// the first marked.
pub(super) const LOCK: &str = "UPDATE session SET position = position WHERE id = $1";

/// Somebody's place, as it is marked at a session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Place {
    id: Uuid,
    person_id: Uuid,
    position: i64,
    mark: Option<String>,
}

impl Place {
    fn mark(&self) -> Option<Mark> {
        self.mark.as_deref().and_then(Mark::named)
    }

    /// Marks it, and says what was marked before.
    fn marked(&mut self, mark: Option<Mark>) -> Option<Mark> {
        let before = self.mark();
        self.mark = mark.map(|mark| mark.name().to_owned());
        before
    }

    fn words(&self, mark: Option<Mark>) -> String {
        let mark = mark.map_or("Not marked", Mark::words);
        format!("Session {}: {mark}", self.position)
    }
}

/// The places of a run by their numbers.
pub(super) type Places = HashMap<Uuid, Place>;

/// The rows of [`PLACES`].
pub(super) fn gathered(rows: Vec<Place>) -> Places {
    rows.into_iter().map(|place| (place.id, place)).collect()
}

/// The line of a change that is about to be made.
pub(super) struct Change {
    before: Option<Mark>,
    entry: Entry,
}

fn line(app: &App, by: &By, run_id: Uuid, person_id: Uuid) -> Result<Entry> {
    let entry = Entry::by(app, by, Action::AttendanceMarked)?.about(run_id);
    Ok(entry.of(person_id))
}

/// The line of each of `marks` that changes something, sealed; in the same order.
pub(super) async fn changes(
    app: &App,
    by: &By,
    (run_id, session_id): (Uuid, Uuid),
    marks: &[Marked],
) -> Result<Vec<Option<Change>>> {
    let rows: Vec<Place> = read!(app.db, |c| {
        Ok(sqlx::query_as(PLACES)
            .bind(run_id)
            .bind(session_id)
            .fetch_all(&mut *c)
            .await?)
    })?;
    let mut places = gathered(rows);
    let mut changes = Vec::with_capacity(marks.len());
    for marked in marks {
        let Some(place) = places.get_mut(&marked.place_id) else {
            changes.push(None);
            continue;
        };
        let before = place.marked(marked.mark);
        if before == marked.mark {
            changes.push(None);
            continue;
        }
        let (was, is) = (place.words(before), place.words(marked.mark));
        let entry = line(app, by, run_id, place.person_id)?
            .changed(app, place.person_id, &was, &is)
            .await?;
        changes.push(Some(Change { before, entry }));
    }
    Ok(changes)
}

/// The line of a mark that was written in this transaction, if it was another before; `places` are as they were read in it.
pub(super) fn written(
    app: &App,
    by: &By,
    run_id: Uuid,
    places: &mut Places,
    (marked, change): (&Marked, Option<&Change>),
) -> Result<Option<Entry>> {
    let Some(place) = places.get_mut(&marked.place_id) else {
        return Ok(None);
    };
    let before = place.marked(marked.mark);
    if before == marked.mark {
        return Ok(None);
    }
    match change {
        Some(change) if change.before == before => Ok(Some(change.entry.clone())),
        // Somebody else marked them in the same moment: the line stands without the words.
        _ => line(app, by, run_id, place.person_id).map(Some),
    }
}

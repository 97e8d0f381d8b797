//! Counting again: what the runs' counters say beside what the place rows say.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::read;
use crate::server::db::Db;
use crate::server::{App, Result};

/// How many runs the last self-check of this process found wrong.
#[derive(Debug, Default)]
pub struct Miscounted(AtomicUsize);

impl Miscounted {
    /// That many; none before the first self-check.
    pub fn runs(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts every run's places anew, and keeps for [`Miscounted`] how many are wrong. Nothing is mended: somebody has to
/// look at what happened.
///
/// # Errors
/// When the database fails.
pub async fn self_check(app: &App) -> Result<usize> {
    let differences = recount(&app.db).await?;
    for difference in &differences {
        tracing::error!(%difference, "places do not add up");
    }
    app.miscounted.0.store(differences.len(), Ordering::Relaxed);
    Ok(differences.len())
}

/// A run whose counters are not what its rows say.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Difference {
    /// The run.
    pub run_id: Uuid,
    /// Its course.
    pub slug: String,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// How many places there are.
    pub capacity: i64,
    /// Places taken, as the counter says.
    pub taken: i64,
    /// Places taken, as the place rows say (who stopped coming freed no place).
    pub places: i64,
    /// Places held, as the counter says.
    pub held: i64,
    /// Places held, as the rows of held and offered places say.
    pub holds: i64,
    /// Entries on the waiting list without an offer, as the counter says.
    pub waiting: i64,
    /// The same, as the entries say.
    pub entries: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} from {} ({}): the counters say {} taken, {} held and {} waiting, the rows say {}, {} and {}, of {} places",
            self.slug,
            crate::ui::dates::iso_day(crate::ui::dates::day_of(self.starts_at)),
            self.run_id,
            self.taken,
            self.held,
            self.waiting,
            self.places,
            self.holds,
            self.entries,
            self.capacity
        )
    }
}

/// Every run whose counters are wrong or that has more places taken than there are.
///
/// # Errors
/// When the database fails.
pub async fn recount(db: &Db) -> Result<Vec<Difference>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT counted.run_id, course.slug, counted.starts_at, counted.capacity, counted.taken, \
                    counted.places, counted.held, counted.holds, counted.waiting, counted.entries \
             FROM (SELECT run.id AS run_id, run.course_id, run.starts_at, run.capacity, \
                          run.places_taken AS taken, run.places_held AS held, run.waiting, \
                          (SELECT COUNT(*) FROM place WHERE place.run_id = run.id \
                                  AND place.status IN ('active', 'stopped')) AS places, \
                          (SELECT COUNT(*) FROM held_place WHERE held_place.run_id = run.id \
                                  AND held_place.released_at IS NULL) + \
                          (SELECT CAST(COALESCE(SUM(offered_place.places), 0) AS BIGINT) FROM offered_place \
                                  WHERE offered_place.run_id = run.id \
                                  AND offered_place.released_at IS NULL) AS holds, \
                          (SELECT COUNT(*) FROM waiting_entry WHERE waiting_entry.run_id = run.id \
                                  AND waiting_entry.status = 'waiting') AS entries \
                   FROM run) AS counted \
             JOIN course ON course.id = counted.course_id \
             WHERE counted.taken <> counted.places OR counted.held <> counted.holds \
                OR counted.places + counted.holds > counted.capacity OR counted.waiting <> counted.entries \
             ORDER BY counted.starts_at",
        )
        .fetch_all(&mut *c)
        .await?)
    })
}

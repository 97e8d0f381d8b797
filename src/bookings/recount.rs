//! Counting again: what the runs' counters say beside what the place rows say.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::read;
use crate::server::Result;
use crate::server::db::Db;

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
    /// Places held, as the rows of held places say.
    pub holds: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} from {} ({}): the counter says {} taken and {} held, the rows say {} and {}, of {}",
            self.slug,
            crate::ui::dates::iso_day(crate::ui::dates::day_of(self.starts_at)),
            self.run_id,
            self.taken,
            self.held,
            self.places,
            self.holds,
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
                    counted.places, counted.held, counted.holds \
             FROM (SELECT run.id AS run_id, run.course_id, run.starts_at, run.capacity, \
                          run.places_taken AS taken, run.places_held AS held, \
                          (SELECT COUNT(*) FROM place WHERE place.run_id = run.id \
                                  AND place.status IN ('active', 'stopped')) AS places, \
                          (SELECT COUNT(*) FROM held_place WHERE held_place.run_id = run.id \
                                  AND held_place.released_at IS NULL) AS holds \
                   FROM run) AS counted \
             JOIN course ON course.id = counted.course_id \
             WHERE counted.taken <> counted.places OR counted.held <> counted.holds \
                OR counted.places + counted.holds > counted.capacity \
             ORDER BY counted.starts_at",
        )
        .fetch_all(&mut *c)
        .await?)
    })
}

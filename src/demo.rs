//! `wellbeing-courses demo`: a catalogue, invented people and their bookings, for a site to look at.

pub mod catalogue;
mod courses;
pub mod dice;
pub mod rows;

use crate::read;
use crate::server::{App, Error, Result};
use crate::ui::dates;

use catalogue::Catalogue;
use rows::Rows;

/// Fills an empty database.
///
/// # Errors
/// When there are people or courses in it already, or it cannot be written to.
pub async fn fill(app: &App) -> Result<()> {
    refuse_a_used_database(app).await?;
    let now = app.clock.now();
    let today = dates::day_of(now);
    let catalogue = Catalogue::read()?;
    let mut rows = Rows::default();
    courses::add(&catalogue, today, now, &mut rows)?;
    rows.write(&app.db).await
}

async fn refuse_a_used_database(app: &App) -> Result<()> {
    let (people, courses): (bool, bool) = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM account), EXISTS (SELECT 1 FROM course)",
        )
        .fetch_one(&mut *c)
        .await?)
    })?;
    if people {
        return Err(Error::Setting(
            "This database has people in it. The demo only fills an empty one, so nothing was changed".into(),
        ));
    }
    if courses {
        return Err(Error::Setting(
            "This database has courses in it. The demo only fills an empty one, so nothing was changed".into(),
        ));
    }
    Ok(())
}

//! `wellbeing-courses demo`: a catalogue, invented people and their bookings, for a site to look at.

pub mod bookings;
pub mod catalogue;
mod courses;
pub mod dice;
pub mod facts;
pub mod people;
mod requests;
pub mod rows;
pub mod sign_in;
mod staff;
mod write;

use crate::read;
use crate::server::{App, Error, Result};
use crate::ui::dates;

use catalogue::Catalogue;
use dice::Dice;
use facts::Facts;
use rows::Rows;
use sign_in::Access;

/// How many people there are.
const PEOPLE: usize = 300;
/// Where the dice start: any number will do, as long as it stays.
pub const SEED: u64 = 20_261_122;

/// Fills an empty database, all or nothing, and keeps how to sign in beside it.
///
/// # Errors
/// When there are people or courses in it already, or it cannot be written to.
pub async fn fill(app: &App) -> Result<Vec<Access>> {
    refuse_a_used_database(app).await?;
    let now = app.clock.now();
    let catalogue = Catalogue::read()?;
    let facts = Facts::read()?;
    let mut dice = Dice::new(SEED);
    let mut rows = Rows::default();
    let planned = courses::add(&catalogue, dates::day_of(now), now, &mut rows)?;
    let people = facts.people(PEOPLE, now, &mut dice)?;
    let filled = bookings::fill(&catalogue, &planned, &people, now, &mut dice)?;
    let bookings = &filled.bookings;
    let mut access = sign_in::passwords(&facts.sign_in)?;
    let mut hashes = Vec::with_capacity(access.len());
    for one in &access {
        hashes.push(app.accounts.passwords.hash(&one.password).await?);
    }
    write::people(app, &people, &hashes, &mut dice, &mut rows).await?;
    write::bookings(app, &people, bookings, &mut rows).await?;
    write::waiting(&people, &filled.waiting, &mut rows)?;
    access.extend(staff::add(app, now, &mut rows).await?);
    rows.write(&app.db).await?;
    sign_in::keep(&app.config, &sign_in::words(&app.config.origin(), &access))?;
    tracing::info!(
        courses = catalogue.course.len(),
        runs = planned.len(),
        people = people.len(),
        bookings = bookings.len(),
        "the demo is in the database"
    );
    Ok(access)
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

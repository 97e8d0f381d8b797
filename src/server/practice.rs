//! A practice site: for training. Its database is marked, so that nobody practises on real people and no real person books on a
//! practice site; it sends nothing, search engines are kept out, and every page says what it is.

use super::clock::Clock;
use super::config::Settings;
use super::db::Db;
use super::{Error, Result};
use crate::{read, write_tx};

/// What every page of a practice site says.
pub const WORDS: &str = "Practice site. Nothing here is real, and nothing is sent.";

/// Refuses a practice site with real people in it, and a real site on a practice site's database. An empty database becomes a
/// practice site's when one is started on it.
///
/// # Errors
/// With a sentence for whoever starts it.
pub async fn check(db: &Db, config: &Settings, clock: &Clock) -> Result<()> {
    let (is_marked, has_people): (bool, bool) = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM practice_site), EXISTS (SELECT 1 FROM person)",
        )
        .fetch_one(&mut *c)
        .await?)
    })?;
    match (config.practice, is_marked, has_people) {
        (true, true, _) | (false, false, _) => Ok(()),
        (false, true, _) => refuse(
            "This is the database of a practice site, where nothing is real. Set WELLBEING_PRACTICE=true, or give another \
             WELLBEING_DATA_DIR or DATABASE_URL",
        ),
        (true, false, true) => refuse(
            "There are people in this database, and it is no practice site’s. Take WELLBEING_PRACTICE out, or give an empty \
             database",
        ),
        (true, false, false) => mark(db, clock).await,
    }
}

fn refuse(words: &str) -> Result<()> {
    Err(Error::Setting(words.to_owned()))
}

async fn mark(db: &Db, clock: &Clock) -> Result<()> {
    let now = clock.now();
    write_tx!(db, |c| {
        sqlx::query(
            "INSERT INTO practice_site (id, since) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
        )
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

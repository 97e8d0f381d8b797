//! The contact log: what was said when the team spoke with somebody, sealed under their key.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::Person;
use crate::server::form_key;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::ui::form::{Check, FormState};
use crate::write_tx;

/// As many letters as a note has at most.
pub const LONGEST: usize = 1000;
/// How many notes the page shows.
pub const MOST: usize = 50;

/// How somebody was in touch: the word in the form and in the database, and the words on the screen.
pub const WAYS: [(&str, &str); 4] = [
    ("phone", "By phone"),
    ("email", "By email"),
    ("letter", "By letter"),
    ("in-person", "In person"),
];

/// A note as it is read.
#[derive(Clone, Debug)]
pub struct Note {
    pub at: DateTime<Utc>,
    pub by: String,
    pub way: &'static str,
    pub words: String,
}

/// A note as it is kept.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// Who wrote it; nobody who has left.
    pub by: Option<String>,
    /// How they were in touch: the word.
    pub way: String,
    pub words: Vec<u8>,
}

impl Sealed {
    fn opened(self, plain: &[u8]) -> Result<Note> {
        let words =
            String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("a note is not text"))?;
        let way = WAYS.iter().find(|(word, _)| *word == self.way);
        Ok(Note {
            at: self.at,
            by: self
                .by
                .unwrap_or_else(|| "Somebody who has left".to_owned()),
            way: way.map_or("", |(_, words)| words),
            words,
        })
    }
}

/// The notes about somebody, to be read.
///
/// # Errors
/// When the vault fails.
pub async fn opened(app: &App, person_id: Uuid, notes: Vec<Sealed>) -> Result<Vec<Note>> {
    let sealed: Vec<(Uuid, &[u8])> = notes
        .iter()
        .map(|note| (note.id, note.words.as_slice()))
        .collect();
    let plain = app
        .vault
        .open_all(person_id, RecordClass::Contact, &sealed)
        .await?;
    let both = notes.into_iter().zip(plain);
    both.map(|(note, plain)| note.opened(&plain)).collect()
}

/// A note about to be kept.
#[derive(Clone, Debug)]
pub struct New {
    pub way: &'static str,
    pub words: String,
}

/// Reads the form of a note.
///
/// # Errors
/// The form with what is wrong.
pub fn read(mut check: Check<'_>) -> std::result::Result<New, FormState> {
    let ways = WAYS.map(|(word, _)| word);
    let way = check.choice("way", "Choose how you were in touch", &ways);
    let words = check.long_text("note", "Write what was said");
    if words
        .as_ref()
        .is_some_and(|words| words.chars().count() > LONGEST)
    {
        check.error("note", "Use 1,000 letters or fewer");
    }
    match (way, words, check.failed()) {
        (Some(way), Some(words), false) => Ok(New { way, words }),
        _ => Err(check.finish()),
    }
}

/// Keeps a note. The same form twice is one note.
///
/// # Errors
/// When the database or the vault fails.
pub async fn keep(
    app: &App,
    person: &Person,
    account_id: Uuid,
    key: &str,
    new: &New,
    entry: &Entry,
) -> Result<()> {
    let (id, now) = (
        form_key::id(app, "contact-note", account_id, key, ""),
        app.clock.now(),
    );
    let plain = new.words.as_bytes();
    let sealed = app
        .vault
        .seal(now, person.id, RecordClass::Contact, id, plain)
        .await?;
    write_tx!(app.db, |c| {
        let kept = sqlx::query(
            "INSERT INTO contact_note (id, person_id, account_id, channel, sealed, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(person.id)
        .bind(account_id)
        .bind(new.way)
        .bind(&sealed)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if kept > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

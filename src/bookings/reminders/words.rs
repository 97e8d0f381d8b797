//! What a reminder says that a missed place costs others: ours, or what the course team wrote instead.

use chrono::{DateTime, Utc};

use crate::messages::letters::bookings::Run;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::dates;
use crate::{read, write_tx};

/// The most letters in an email's, and in a text's.
pub const MOST_IN_EMAIL: usize = 300;
/// See [`MOST_IN_EMAIL`].
pub const MOST_IN_TEXT: usize = 120;

/// What may stand in the words for something else. Neither the course nor a person is among them: a message names those only
/// where the person allowed it.
pub const PLACEHOLDERS: [(&str, &str); 3] = [
    ("{day}", "the day of the session"),
    ("{time}", "when it begins"),
    ("{phone}", "our phone number"),
];

/// The words.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Words {
    /// In an email.
    pub email_words: String,
    /// In a text; nothing leaves it as short as it can be.
    pub text_words: String,
}

impl Default for Words {
    /// Ours.
    fn default() -> Self {
        Self {
            email_words: "Please tell us, even at the last moment. A place that stays empty is one that somebody else could not have."
                .to_owned(),
            text_words: String::new(),
        }
    }
}

/// What the placeholders stand for.
#[derive(Clone, Debug)]
pub struct About {
    day: String,
    time: String,
    phone: String,
}

impl About {
    /// Of a session that begins then.
    pub fn new(app: &App, starts_at: DateTime<Utc>) -> Self {
        let today = dates::day_of(app.clock.now());
        Self {
            day: dates::day(dates::day_of(starts_at), today),
            time: dates::time(starts_at),
            phone: app.config.phone().to_owned(),
        }
    }

    /// The words with what they stand for.
    pub fn fill(&self, words: &str) -> String {
        let [day, time, phone] = PLACEHOLDERS.map(|(name, _)| name);
        words
            .replace(day, &self.day)
            .replace(time, &self.time)
            .replace(phone, &self.phone)
    }
}

/// Words for an email or a text as they are kept, on one line.
///
/// # Errors
/// What to do about it, in words.
pub fn checked(typed: &str, most: usize) -> std::result::Result<String, String> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = words.chars().count();
    if letters > most {
        return Err(format!("This has {letters} letters. Use {most} or fewer"));
    }
    let known = PLACEHOLDERS
        .iter()
        .fold(words.clone(), |words, (name, _)| words.replace(name, ""));
    if known.contains(['{', '}']) {
        let [day, time, phone] = PLACEHOLDERS.map(|(name, _)| name);
        return Err(format!(
            "In curly brackets there can be only {day}, {time} or {phone}"
        ));
    }
    Ok(words)
}

/// A run of one session, as any message may describe it.
pub fn sample(app: &App) -> Run {
    let starts_at = app.clock.now() + chrono::TimeDelta::days(1);
    Run {
        starts: vec![starts_at],
        first_ends_at: starts_at + chrono::TimeDelta::hours(2),
        place: Some("Bath Central Library, BA1 5AN".to_owned()),
        elsewhere: Vec::new(),
        course: None,
        names: Vec::new(),
        path: "/account/bookings".to_owned(),
    }
}

/// Reads the words in force, inside the transaction that writes a reminder, too; no row is ours.
pub const IN_FORCE: &str = "SELECT email_words, text_words FROM reminder_words WHERE id = 1";

/// The words in force.
///
/// # Errors
/// When the database does not answer.
pub async fn in_force(app: &App) -> Result<Words> {
    let found: Option<Words> = read!(app.db, |c| Ok(sqlx::query_as(IN_FORCE)
        .fetch_optional(&mut *c)
        .await?))?;
    Ok(found.unwrap_or_default())
}

/// When the team's words were written, and by whom; none while they are ours.
///
/// # Errors
/// When the database does not answer.
pub async fn changed(app: &App) -> Result<Option<(DateTime<Utc>, Option<String>)>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT reminder_words.changed_at, person.full_name FROM reminder_words \
             LEFT JOIN representation ON representation.account_id = reminder_words.changed_by \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id WHERE reminder_words.id = 1",
        )
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// What the record says these words are about: the wording, which is one for the whole site.
pub const WORDING: uuid::Uuid = uuid::Uuid::from_u128(0x0000_5749_7265_4d49_8e44_6572_576f_7264);

/// Keeps other words from the next reminder on; ours need no row. What they were before is in the record. `false` when it was so.
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn keep(app: &App, by: &By, words: &Words) -> Result<bool> {
    let before = in_force(app).await?;
    if before == *words {
        return Ok(false);
    }
    let said = |words: &Words| format!("Email: {}\nText: {}", words.email_words, words.text_words);
    let entry = Entry::by(app, by, Action::ReminderWorded)?
        .changed_there(app, WORDING, &said(&before), &said(words))
        .await?;
    let is_ours = *words == Words::default();
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM reminder_words WHERE id = 1")
            .execute(&mut *c)
            .await?;
        if !is_ours {
            sqlx::query(
                "INSERT INTO reminder_words (id, email_words, text_words, changed_at, changed_by) VALUES (1, $1, $2, $3, $4) \
                 ON CONFLICT (id) DO UPDATE SET email_words = excluded.email_words, text_words = excluded.text_words, \
                    changed_at = excluded.changed_at, changed_by = excluded.changed_by",
            )
            .bind(&words.email_words)
            .bind(&words.text_words)
            .bind(entry.at)
            .bind(by.account_id)
            .execute(&mut *c)
            .await?;
        }
        insert_entry!(c, &entry);
        Ok(true)
    })
}

/// What the words were until a change.
#[derive(Clone, Debug)]
pub struct Before {
    /// Until when.
    pub until: DateTime<Utc>,
    /// "Email: …" and "Text: …", a line each.
    pub words: String,
}

/// How many changes the page shows.
const CHANGES: i64 = 10;

/// What the words were before each of the last changes, the latest first, from the record.
///
/// # Errors
/// When the database or the vault does not answer.
pub async fn history(app: &App) -> Result<Vec<Before>> {
    let rows: Vec<(uuid::Uuid, DateTime<Utc>, Option<Vec<u8>>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, at, sealed FROM audit_entry WHERE about = $1 AND action = $2 ORDER BY at DESC, id DESC LIMIT $3",
        )
        .bind(WORDING)
        .bind(Action::ReminderWorded.name())
        .bind(CHANGES)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let mut all = Vec::new();
    for (id, until, sealed) in rows {
        let Some(sealed) = sealed else { continue };
        let plain = app
            .vault
            .open(WORDING, RecordClass::Audit, id, &sealed)
            .await?;
        let [words, _]: [String; 2] = serde_json::from_slice(&plain)
            .map_err(|e| Error::Other(format!("an audit entry: {e}")))?;
        all.push(Before { until, words });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "Ring {phone}\n before {day}, {time}",
        Ok("Ring {phone} before {day}, {time}")
    )]
    #[case("", Ok(""))]
    #[case("You miss {course}", Err("only {day}, {time} or {phone}"))]
    #[case("Dear {name}", Err("only {day}, {time} or {phone}"))]
    #[case("{ day }", Err("only {day}, {time} or {phone}"))]
    #[case("{{day}}", Err("only {day}, {time} or {phone}"))]
    #[case("one } alone", Err("only {day}, {time} or {phone}"))]
    fn only_what_names_nobody_stands_in_brackets(
        #[case] typed: &str,
        #[case] want: std::result::Result<&str, &str>,
    ) {
        match (checked(typed, MOST_IN_EMAIL), want) {
            (Ok(words), Ok(want)) => assert_eq!(words, want),
            (Err(sentence), Err(want)) => assert!(sentence.contains(want), "{sentence}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_are_no_longer_than_they_may_be_and_ours_are_right() {
        assert!(checked(&"x".repeat(MOST_IN_TEXT), MOST_IN_TEXT).is_ok());
        assert!(checked(&"x".repeat(MOST_IN_TEXT + 1), MOST_IN_TEXT).is_err());
        let ours = Words::default();
        assert_eq!(
            checked(&ours.email_words, MOST_IN_EMAIL),
            Ok(ours.email_words.clone())
        );
    }

    #[test]
    fn placeholders_are_filled_in_once() {
        let about = About {
            day: "Tuesday 12 January".into(),
            time: "10:30am".into(),
            phone: "{day}".into(),
        };
        assert_eq!(
            about.fill("{day} at {time}, {day}"),
            "Tuesday 12 January at 10:30am, Tuesday 12 January"
        );
    }
}

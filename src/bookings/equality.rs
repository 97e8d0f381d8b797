//! The one equality question: somebody's ethnic group, kept in the vault alone.

use uuid::Uuid;

use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::{read, write_tx};

/// A group of answers: its name, and the answers with what is kept of each.
pub type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// The groups of the Office for National Statistics (Census 2021, England and Wales).
pub const GROUPS: [Group; 5] = [
    (
        "White",
        &[
            (
                "white-british",
                "English, Welsh, Scottish, Northern Irish or British",
            ),
            ("white-irish", "Irish"),
            ("white-traveller", "Gypsy or Irish Traveller"),
            ("white-roma", "Roma"),
            ("white-other", "Any other White background"),
        ],
    ),
    (
        "Mixed or multiple ethnic groups",
        &[
            ("mixed-black-caribbean", "White and Black Caribbean"),
            ("mixed-black-african", "White and Black African"),
            ("mixed-asian", "White and Asian"),
            ("mixed-other", "Any other mixed or multiple background"),
        ],
    ),
    (
        "Asian or Asian British",
        &[
            ("asian-indian", "Indian"),
            ("asian-pakistani", "Pakistani"),
            ("asian-bangladeshi", "Bangladeshi"),
            ("asian-chinese", "Chinese"),
            ("asian-other", "Any other Asian background"),
        ],
    ),
    (
        "Black, Black British, Caribbean or African",
        &[
            ("black-caribbean", "Caribbean"),
            ("black-african", "African"),
            (
                "black-other",
                "Any other Black, Black British or Caribbean background",
            ),
        ],
    ),
    (
        "Other ethnic group",
        &[("arab", "Arab"), ("other", "Any other ethnic group")],
    ),
];

/// They would rather not say.
pub const NOT_SAID: (&str, &str) = ("not-said", "Prefer not to say");

/// Every answer that is taken.
pub fn answers() -> Vec<&'static str> {
    let groups = GROUPS
        .iter()
        .flat_map(|(_, answers)| answers.iter().map(|(value, _)| *value));
    groups.chain([NOT_SAID.0]).collect()
}

/// Keeps an answer in place of an earlier one. It is sealed before the transaction.
///
/// # Errors
/// When the database or the vault fails.
pub async fn keep(app: &App, person_id: Uuid, answer: &str) -> Result<()> {
    let now = app.clock.now();
    let id = app.id()?;
    let sealed = app
        .vault
        .seal(now, person_id, RecordClass::Health, id, answer.as_bytes())
        .await?;
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM vault_entry WHERE person_id = $1 AND kind = 'ethnicity'")
            .bind(person_id)
            .execute(&mut *c)
            .await?;
        sqlx::query(
            "INSERT INTO vault_entry (id, person_id, kind, sealed, created_at) \
             VALUES ($1, $2, 'ethnicity', $3, $4) \
             ON CONFLICT (person_id) WHERE kind = 'ethnicity' DO NOTHING",
        )
        .bind(id)
        .bind(person_id)
        .bind(&sealed)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// Takes an answer away.
///
/// # Errors
/// When the database fails.
pub async fn forget(app: &App, person_id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM vault_entry WHERE person_id = $1 AND kind = 'ethnicity'")
            .bind(person_id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// The person's own answer, for their own page.
///
/// # Errors
/// When the database or the vault fails.
pub async fn answer(app: &App, person_id: Uuid) -> Result<Option<String>> {
    let kept: Option<(Uuid, Vec<u8>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, sealed FROM vault_entry WHERE person_id = $1 AND kind = 'ethnicity'",
        )
        .bind(person_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some((id, sealed)) = kept else {
        return Ok(None);
    };
    let plain = app
        .vault
        .open(person_id, RecordClass::Health, id, &sealed)
        .await?;
    let words =
        String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("an answer is not text"))?;
    Ok(Some(words))
}

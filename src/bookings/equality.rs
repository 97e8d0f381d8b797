//! The one equality question: somebody's ethnic group, kept in the vault alone.

use uuid::Uuid;

use super::sealed::{Ready, Sealed, put};
use crate::privacy::consents::Channel;
use crate::server::{App, Result};
use crate::staff::audit::Entry;
use crate::write_tx;

/// The field's name, on every page that asks.
pub const FIELD: &str = "ethnic-group";

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

fn place(person_id: Uuid) -> Sealed {
    Sealed::Ethnicity { person_id }
}

/// Seals an answer that is written with something else.
///
/// # Errors
/// When the vault fails.
pub async fn ready(app: &App, person_id: Uuid, answer: &str, channel: Channel) -> Result<Ready> {
    let given = answer != NOT_SAID.0;
    place(person_id).ready(app, answer, given, channel).await
}

/// Keeps an answer in place of an earlier one.
///
/// # Errors
/// When the database or the vault fails.
pub async fn keep(app: &App, person_id: Uuid, answer: &str, channel: Channel) -> Result<()> {
    let given = answer != NOT_SAID.0;
    place(person_id).keep(app, answer, given, channel).await
}

/// Keeps an answer as [`keep`] does, once for each `consent_id`: the same form twice is one answer.
///
/// # Errors
/// When the database or the vault fails.
pub async fn keep_once(
    app: &App,
    person_id: Uuid,
    answer: &str,
    channel: Channel,
    consent_id: Uuid,
) -> Result<()> {
    let mut ready = ready(app, person_id, answer, channel).await?;
    ready.consent.id = consent_id;
    write_tx!(app.db, |c| {
        let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM consent WHERE id = $1)")
            .bind(consent_id)
            .fetch_one(&mut *c)
            .await?;
        if !known {
            put!(c, &ready);
        }
        Ok(())
    })
}

/// Takes an answer away; `noted` is the line of the record, where the team does it for somebody.
///
/// # Errors
/// When the database fails.
pub async fn forget(
    app: &App,
    person_id: Uuid,
    channel: Channel,
    noted: Option<&Entry>,
) -> Result<bool> {
    place(person_id).forget(app, channel, noted).await
}

/// The person's own answer, for their own page.
///
/// # Errors
/// When the database or the vault fails.
pub async fn answer(app: &App, person_id: Uuid) -> Result<Option<String>> {
    place(person_id).read(app).await
}

//! The audit: who signed in, was refused, changed something or looked at somebody's data. Entries are only added; a chain of
//! hashes over them shows if one is changed or taken out.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::guards::By;
use crate::server::routes::Routes;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::write_tx;

mod action;
mod chain;
mod pages;
mod search;

pub use action::Action;
pub use chain::{Fault, faults, seal, seal_all};

/// The audit's pages.
pub fn routes() -> Routes {
    pages::routes()
}

/// A row of the audit, about to be written. It holds no names: who and whose are numbers, and what was changed is sealed
/// under the person's own key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// By which account; none, when the address has no account.
    pub account_id: Option<Uuid>,
    /// In which role.
    pub role: &'static str,
    /// Whose data it was.
    pub person_id: Option<Uuid>,
    /// On which page.
    pub page: String,
    /// What it was about: a run, an invitation.
    pub about: Option<Uuid>,
    /// Before and after, sealed.
    pub sealed: Option<Vec<u8>>,
}

/// No page of ours has a longer address.
const LONGEST_PAGE: usize = 200;

impl Entry {
    /// What `by` does.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn by(app: &App, by: &By, action: Action) -> Result<Self> {
        Ok(Self {
            account_id: Some(by.account_id),
            role: by.role.map_or("", |role| role.name()),
            ..Self::on(app, &by.page, action)?
        })
    }

    /// What `by` does about `about`; nothing is written down of what the program does by itself.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn perhaps(
        app: &App,
        by: Option<&By>,
        action: Action,
        about: Uuid,
    ) -> Result<Option<Self>> {
        by.map(|by| Ok(Self::by(app, by, action)?.about(about)))
            .transpose()
    }

    /// What happens on a page without anybody whom we know.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn on(app: &App, page: &str, action: Action) -> Result<Self> {
        Ok(Self {
            id: app.id()?,
            at: app.clock.now(),
            action,
            account_id: None,
            role: "",
            person_id: None,
            page: page.chars().take(LONGEST_PAGE).collect(),
            about: None,
            sealed: None,
        })
    }

    /// By this account.
    #[must_use]
    pub fn account(mut self, account_id: Option<Uuid>) -> Self {
        self.account_id = account_id;
        self
    }

    /// Whose data it was.
    #[must_use]
    pub fn of(mut self, person_id: Uuid) -> Self {
        self.person_id = Some(person_id);
        self
    }

    /// What it was about.
    #[must_use]
    pub fn about(mut self, id: Uuid) -> Self {
        self.about = Some(id);
        self
    }

    /// What somebody's record said before and after, sealed under their key: erasing the person empties it.
    ///
    /// # Errors
    /// When the vault does not answer.
    pub async fn changed(
        mut self,
        app: &App,
        person_id: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        self.person_id = Some(person_id);
        self.sealed_for(app, person_id, before, after).await
    }

    /// As [`Self::changed`], of an organisation, a tutor or a request that it is about: sealed under a key of theirs.
    ///
    /// # Errors
    /// When the vault does not answer.
    pub async fn changed_there(
        self,
        app: &App,
        about: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        self.about(about)
            .sealed_for(app, about, before, after)
            .await
    }

    async fn sealed_for(
        mut self,
        app: &App,
        subject: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        let plain = serde_json::to_vec(&[before, after])
            .map_err(|e| Error::Other(format!("an audit entry: {e}")))?;
        let sealed = app
            .vault
            .seal(self.at, subject, RecordClass::Audit, self.id, &plain)
            .await?;
        self.sealed = Some(sealed);
        Ok(self)
    }
}

/// Writes an [`Entry`] inside a transaction.
macro_rules! insert_entry {
    ($c:ident, $entry:expr) => {{
        let entry: &$crate::staff::audit::Entry = $entry;
        sqlx::query(
            "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page, about, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(entry.id)
        .bind(entry.at)
        .bind(entry.action.name())
        .bind(entry.account_id)
        .bind(entry.role)
        .bind(entry.person_id)
        .bind(&entry.page)
        .bind(entry.about)
        .bind(&entry.sealed)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use insert_entry;

/// Writes several [`Entry`]s inside a transaction, in one statement for each few hundred.
macro_rules! insert_entries {
    ($c:ident, $entries:expr) => {{
        let entries: &[$crate::staff::audit::Entry] = $entries;
        for some in entries.chunks($crate::staff::audit::AT_ONCE) {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page, about, sealed) ",
            );
            query.push_values(some, |mut row, entry| {
                row.push_bind(entry.id)
                    .push_bind(entry.at)
                    .push_bind(entry.action.name())
                    .push_bind(entry.account_id)
                    .push_bind(entry.role)
                    .push_bind(entry.person_id)
                    .push_bind(entry.page.as_str())
                    .push_bind(entry.about)
                    .push_bind(entry.sealed.as_deref());
            });
            query.build().persistent(false).execute(&mut *$c).await?;
        }
    }};
}
pub(crate) use insert_entries;

/// How many entries one statement writes: of nine values each, far from the most that a database takes.
pub(crate) const AT_ONCE: usize = 500;

/// Writes one entry in a transaction of its own: what was seen has changed nothing else.
///
/// # Errors
/// When the database does not answer.
pub async fn note(app: &App, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        insert_entry!(c, entry);
        Ok(())
    })
}

/// Notes that `by` is shown the data of each of `people`; `about` is the run, if it is about one. Nothing is shown before this is written.
///
/// # Errors
/// When the database does not answer.
pub async fn looked(
    app: &App,
    by: &By,
    action: Action,
    about: Option<Uuid>,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<()> {
    let entries = looks(app, by, action, about, people)?;
    write_tx!(app.db, |c| {
        insert_entries!(c, &entries);
        Ok(())
    })
}

/// The entries of [`looked`], one for each of `people`, to be written in the transaction that reads.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn looks(
    app: &App,
    by: &By,
    action: Action,
    about: Option<Uuid>,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Entry>> {
    let mut seen = HashSet::new();
    people
        .into_iter()
        .filter(|person| seen.insert(*person))
        .map(|person| {
            let entry = Entry::by(app, by, action)?.of(person);
            Ok(Entry { about, ..entry })
        })
        .collect()
}

//! What somebody told us about themselves, kept in the vault alone: what would help them on the day of one
//! booking, and their ethnic group. What is kept or taken away leaves a record of the choice.

use uuid::Uuid;

use super::consents;
use crate::privacy::consents::{Channel, Consent, Wording, record};
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{read, write_tx};

/// Where something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// What would help somebody on the days of a booking.
    AccessNote {
        /// Whom.
        person_id: Uuid,
        /// Which booking.
        booking_id: Uuid,
    },
    /// Somebody's ethnic group.
    Ethnicity {
        /// Whose.
        person_id: Uuid,
    },
}

/// Sealed words with the record of the choice, ready to be written.
#[derive(Debug)]
pub struct Ready {
    /// The vault's row.
    pub id: Uuid,
    /// Whose they are.
    pub person_id: Uuid,
    /// The word in the database.
    pub kind: &'static str,
    /// Which booking they belong to, if they do.
    pub booking_id: Option<Uuid>,
    /// What is kept.
    pub sealed: Vec<u8>,
    /// What is agreed to by it.
    pub consent: Consent,
}

/// Writes a [`Ready`] inside a transaction, in place of what was there.
macro_rules! put {
    ($c:expr, $ready:expr) => {{
        let ready: &$crate::bookings::sealed::Ready = $ready;
        sqlx::query($crate::bookings::sealed::DELETE)
            .bind(ready.person_id)
            .bind(ready.kind)
            .bind(ready.booking_id)
            .execute(&mut *$c)
            .await?;
        // Of two forms sent at once, one is first and one is kept.
        let written = sqlx::query(
            "INSERT INTO vault_entry (id, person_id, kind, booking_id, sealed, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(ready.id)
        .bind(ready.person_id)
        .bind(ready.kind)
        .bind(ready.booking_id)
        .bind(&ready.sealed)
        .bind(ready.consent.now)
        .execute(&mut *$c)
        .await?
        .rows_affected();
        if written > 0 {
            $crate::privacy::consents::record!($c, &ready.consent);
        }
    }};
}
pub(super) use put;

impl Sealed {
    fn person_id(self) -> Uuid {
        match self {
            Self::AccessNote { person_id, .. } | Self::Ethnicity { person_id } => person_id,
        }
    }

    fn booking_id(self) -> Option<Uuid> {
        match self {
            Self::AccessNote { booking_id, .. } => Some(booking_id),
            Self::Ethnicity { .. } => None,
        }
    }

    fn wording(self) -> Wording {
        match self {
            Self::AccessNote { .. } => consents::ACCESS_NOTE,
            Self::Ethnicity { .. } => consents::ETHNICITY,
        }
    }

    fn kind(self) -> &'static str {
        self.wording().about
    }

    /// Seals `words` for this place, before any transaction; the id goes with it.
    pub async fn seal(self, app: &App, words: &str) -> Result<(Uuid, Vec<u8>)> {
        let (now, id) = (app.clock.now(), app.id()?);
        let sealed = app
            .vault
            .seal(
                now,
                self.person_id(),
                RecordClass::Health,
                id,
                words.as_bytes(),
            )
            .await?;
        Ok((id, sealed))
    }

    /// Seals `words`, to be written in place of what was there. `given`: whether that is a yes to keeping such things.
    ///
    /// # Errors
    /// When the vault fails.
    pub async fn ready(
        self,
        app: &App,
        words: &str,
        given: bool,
        channel: Channel,
    ) -> Result<Ready> {
        let (id, sealed) = self.seal(app, words).await?;
        Ok(Ready {
            id,
            person_id: self.person_id(),
            kind: self.kind(),
            booking_id: self.booking_id(),
            sealed,
            consent: Consent::new(app, self.person_id(), self.wording(), given, channel)?,
        })
    }

    /// Keeps `words` in place of what was there, in a transaction of its own.
    ///
    /// # Errors
    /// When the database or the vault fails.
    pub async fn keep(self, app: &App, words: &str, given: bool, channel: Channel) -> Result<()> {
        let ready = self.ready(app, words, given, channel).await?;
        write_tx!(app.db, |c| {
            put!(c, &ready);
            Ok(())
        })
    }

    /// Takes away what is there, and says whether there was anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(self, app: &App, channel: Channel, noted: Option<&Entry>) -> Result<bool> {
        let consent = Consent::new(app, self.person_id(), self.wording(), false, channel)?;
        write_tx!(app.db, |c| {
            let gone = sqlx::query(DELETE)
                .bind(self.person_id())
                .bind(self.kind())
                .bind(self.booking_id())
                .execute(&mut *c)
                .await?
                .rows_affected();
            if gone > 0 {
                record!(c, &consent);
                if let Some(entry) = noted {
                    insert_entry!(c, entry);
                }
            }
            Ok(gone > 0)
        })
    }

    /// What is there, for the person's own page.
    ///
    /// # Errors
    /// When the database or the vault fails.
    pub async fn read(self, app: &App) -> Result<Option<String>> {
        let kept: Option<(Uuid, Vec<u8>)> = read!(app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT id, sealed FROM vault_entry WHERE person_id = $1 AND kind = $2 \
                 AND (booking_id = $3 OR (booking_id IS NULL AND $3 IS NULL))",
            )
            .bind(self.person_id())
            .bind(self.kind())
            .bind(self.booking_id())
            .fetch_optional(&mut *c)
            .await?)
        })?;
        let Some((id, sealed)) = kept else {
            return Ok(None);
        };
        let plain = app
            .vault
            .open(self.person_id(), RecordClass::Health, id, &sealed)
            .await?;
        let words =
            String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("a note is not text"))?;
        Ok(Some(words))
    }
}

/// Takes away what is there: of whom (`$1`), of which kind (`$2`), for which booking (`$3`).
pub(super) const DELETE: &str = "DELETE FROM vault_entry WHERE person_id = $1 AND kind = $2 \
                      AND (booking_id = $3 OR (booking_id IS NULL AND $3 IS NULL))";

/// What somebody who comes to a run wrote that would help them, opened for the course team.
pub struct Need {
    /// Whom.
    pub person_id: Uuid,
    /// Their full name.
    pub name: String,
    /// In their words.
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct SealedNeed {
    id: Uuid,
    person_id: Uuid,
    name: String,
    sealed: Vec<u8>,
}

/// The notes of the run `$1` of the kind `$2`: of whoever has a place by the booking that the note belongs to.
macro_rules! needs {
    ($what:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM vault_entry JOIN booking ON booking.id = vault_entry.booking_id AND booking.status = 'booked' \
             JOIN place ON place.booking_id = booking.id AND place.person_id = vault_entry.person_id \
                  AND place.status = 'active' \
             JOIN person ON person.id = vault_entry.person_id \
             WHERE booking.run_id = $1 AND vault_entry.kind = $2"
        )
    };
}

/// How many who come to a run wrote what would help them. Nothing of it is opened.
///
/// # Errors
/// When the database does not answer.
pub async fn count_needs(app: &App, run_id: Uuid) -> Result<i64> {
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(needs!("COUNT(*)"))
            .bind(run_id)
            .bind(consents::ACCESS_NOTE.about)
            .fetch_one(&mut *c)
            .await?)
    })
}

/// Opens what those who come to a run wrote. The record has one line for the opening and one for each of them, written in the
/// transaction that reads: what cannot be written down is not opened.
///
/// # Errors
/// When the database or the vault does not answer.
pub async fn open_needs(app: &App, by: &By, run_id: Uuid) -> Result<Vec<Need>> {
    let opening = Entry::by(app, by, Action::NeedsOpened)?.about(run_id);
    let rows = write_tx!(app.db, |c| {
        let rows: Vec<SealedNeed> = sqlx::query_as(concat!(
            needs!("vault_entry.id, vault_entry.person_id, person.full_name AS name, vault_entry.sealed"),
            " ORDER BY lower(person.full_name), vault_entry.id"
        ))
        .bind(run_id)
        .bind(consents::ACCESS_NOTE.about)
        .fetch_all(&mut *c)
        .await?;
        insert_entry!(c, &opening);
        for row in &rows {
            let entry = Entry::by(app, by, Action::NeedSeen)?
                .about(run_id)
                .of(row.person_id);
            insert_entry!(c, &entry);
        }
        Ok(rows)
    })?;
    let mut all = Vec::new();
    for row in rows {
        let plain = app
            .vault
            .open(row.person_id, RecordClass::Health, row.id, &row.sealed)
            .await?;
        let words =
            String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("a note is not text"))?;
        all.push(Need {
            person_id: row.person_id,
            name: row.name,
            words,
        });
    }
    Ok(all)
}

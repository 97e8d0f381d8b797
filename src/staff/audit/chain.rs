//! The chain over the audit: a job adds a link for each new entry, and a check follows it from the start.
//!
//! A link is a keyed hash (HMAC-SHA256, its key derived from the master key) of the link before and the entry's SHA-256. Two processes that seal at once try the same number, and
//! the second adds nothing.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::server::vault::Vault;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// How many entries one transaction seals, and one query of the check reads.
const AT_ONCE: i64 = 500;
/// An entry's transaction may be committed this much later than the entry says.
const LATE: TimeDelta = TimeDelta::hours(1);
/// An entry that has no link after this long is a fault.
const UNSEALED: TimeDelta = TimeDelta::minutes(2);

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    at: DateTime<Utc>,
    action: String,
    account_id: Option<Uuid>,
    role: String,
    person_id: Option<Uuid>,
    page: String,
    about: Option<Uuid>,
    sealed: Option<Vec<u8>>,
}

impl EntryRow {
    /// SHA-256 over every column, each with its length before it.
    fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        let id = |id: &Option<Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        add(self.id.as_bytes());
        add(&self.at.timestamp_micros().to_be_bytes());
        add(self.action.as_bytes());
        add(&id(&self.account_id));
        add(self.role.as_bytes());
        add(&id(&self.person_id));
        add(self.page.as_bytes());
        add(&id(&self.about));
        add(self.sealed.as_deref().unwrap_or_default());
        hash.finalize().into()
    }
}

/// Keyed, so that whoever can write to the database alone cannot make a chain that holds.
fn link(vault: &Vault, before: &[u8], entry: &[u8]) -> [u8; 32] {
    vault.mac("audit chain", &[before, entry])
}

/// The link before the first.
const START: [u8; 32] = [0; 32];

#[derive(sqlx::FromRow)]
struct Last {
    number: i64,
    hash: Vec<u8>,
}

/// Seals the entries written since the last link was added.
///
/// # Errors
/// When the database does not answer.
pub async fn seal(app: &App) -> Result<()> {
    while seal_some(app, Some(LATE)).await? {}
    Ok(())
}

/// Seals every entry that has no link, however old it is.
///
/// # Errors
/// When the database does not answer.
pub async fn seal_all(app: &App) -> Result<()> {
    while seal_some(app, None).await? {}
    Ok(())
}

/// The first entry without a link; looked for by a reader, so that nobody who writes waits meanwhile.
async fn first_unsealed(app: &App, late: Option<TimeDelta>) -> Result<Option<DateTime<Utc>>> {
    read!(app.db, |c| {
        let last: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT entry_at FROM audit_seal ORDER BY number DESC LIMIT 1")
                .fetch_optional(&mut *c)
                .await?;
        let since = match (last, late) {
            (Some(last), Some(late)) => last - late,
            _ => DateTime::<Utc>::UNIX_EPOCH,
        };
        Ok(sqlx::query_scalar(
            "SELECT at FROM audit_entry WHERE at >= $1 \
             AND NOT EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.entry_id = audit_entry.id) \
             ORDER BY at LIMIT 1",
        )
        .bind(since)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Adds up to [`AT_ONCE`] links; whether there may be more to do.
async fn seal_some(app: &App, late: Option<TimeDelta>) -> Result<bool> {
    let Some(since) = first_unsealed(app, late).await? else {
        return Ok(false);
    };
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let last: Option<Last> =
            sqlx::query_as("SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1")
                .fetch_optional(&mut *c)
                .await?;
        let entries: Vec<EntryRow> = sqlx::query_as(
            "SELECT id, at, action, account_id, role, person_id, page, about, sealed FROM audit_entry \
             WHERE at >= $1 AND NOT EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.entry_id = audit_entry.id) \
             ORDER BY at, id LIMIT $2",
        )
        .bind(since)
        .bind(AT_ONCE)
        .fetch_all(&mut *c)
        .await?;
        let (mut number, mut before) =
            last.map_or((0, START.to_vec()), |last| (last.number, last.hash));
        for entry in &entries {
            number += 1;
            let own = entry.hash();
            let hash = link(&app.vault, &before, &own);
            let added = sqlx::query(
                "INSERT INTO audit_seal (number, entry_id, entry_hash, hash, entry_at, sealed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            )
            .bind(number)
            .bind(entry.id)
            .bind(own.to_vec())
            .bind(hash.to_vec())
            .bind(entry.at)
            .bind(now)
            .execute(&mut *c)
            .await?;
            if added.rows_affected() == 0 {
                // Another process is adding links; it will do the rest.
                return Ok(false);
            }
            before = hash.to_vec();
        }
        Ok(i64::try_from(entries.len()).is_ok_and(|n| n == AT_ONCE))
    })
}

/// What is wrong with the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A link is not the hash of the one before and of its entry.
    Broken {
        /// Which.
        number: i64,
    },
    /// A link is missing.
    Missing {
        /// Which.
        number: i64,
    },
    /// An entry is not what it was when it was sealed.
    Changed {
        /// Which link.
        number: i64,
    },
    /// An entry is not there any more.
    Gone {
        /// Which link.
        number: i64,
    },
    /// Entries that nobody has sealed for minutes.
    Unsealed {
        /// How many.
        count: i64,
    },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken { number } => {
                write!(f, "audit: link {number} does not fit the one before")
            }
            Self::Missing { number } => write!(f, "audit: link {number} is not there"),
            Self::Changed { number } => write!(f, "audit: the entry of link {number} was changed"),
            Self::Gone { number } => write!(f, "audit: the entry of link {number} was taken out"),
            Self::Unsealed { count } => write!(f, "audit: {count} entries are not in the chain"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    number: i64,
    entry_id: Uuid,
    entry_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Follows the chain from its start and compares each entry with its link. It reads everything once.
///
/// # Errors
/// When the database does not answer.
pub async fn faults(app: &App) -> Result<Vec<Fault>> {
    let (db, now) = (&app.db, app.clock.now());
    let mut found = Vec::new();
    let (mut after, mut before) = (0, START.to_vec());
    loop {
        let links: Vec<LinkRow> = read!(db, |c| {
            Ok(sqlx::query_as(
                "SELECT number, entry_id, entry_hash, hash FROM audit_seal WHERE number > $1 ORDER BY number LIMIT $2",
            )
            .bind(after)
            .bind(AT_ONCE)
            .fetch_all(&mut *c)
            .await?)
        })?;
        let Some(last) = links.last().map(|link| link.number) else {
            break;
        };
        let entries: Vec<EntryRow> = read!(db, |c| {
            Ok(sqlx::query_as(
                "SELECT e.id, e.at, e.action, e.account_id, e.role, e.person_id, e.page, e.about, e.sealed \
                 FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id WHERE s.number > $1 AND s.number <= $2",
            )
            .bind(after)
            .bind(last)
            .fetch_all(&mut *c)
            .await?)
        })?;
        let entries: std::collections::HashMap<Uuid, EntryRow> =
            entries.into_iter().map(|entry| (entry.id, entry)).collect();
        for row in links {
            for number in after + 1..row.number {
                found.push(Fault::Missing { number });
            }
            let number = row.number;
            if link(&app.vault, &before, &row.entry_hash)[..] != row.hash[..] {
                found.push(Fault::Broken { number });
            }
            match entries.get(&row.entry_id) {
                None => found.push(Fault::Gone { number }),
                Some(entry) if entry.hash()[..] != row.entry_hash[..] => {
                    found.push(Fault::Changed { number });
                }
                Some(_) => {}
            }
            after = number;
            before = row.hash;
        }
    }
    let count: i64 = read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE at < $1 \
             AND NOT EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.entry_id = audit_entry.id)",
        )
        .bind(now - UNSEALED)
        .fetch_one(&mut *c)
        .await?)
    })?;
    if count > 0 {
        found.push(Fault::Unsealed { count });
    }
    Ok(found)
}

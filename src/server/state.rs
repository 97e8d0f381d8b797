//! What every handler and job is given.

use std::io::Write as _;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::captcha::Captcha;
use super::clock::Clock;
use super::config::Settings;
use super::db::{Db, Schema};
use super::vault::{RecordClass, Vault};
use super::{Error, Result, random};
use crate::messages::Messages;
use crate::registers::rules::ListDays;
use crate::ui::page::Site;
use crate::{read, write_tx};

/// The running site. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of [`App`].
pub struct Parts {
    /// The settings it was started with.
    pub config: Settings,
    /// The one clock.
    pub clock: Clock,
    /// People, courses, bookings.
    pub db: Db,
    /// What is sealed.
    pub vault: Vault,
    /// Guards that a rehearsal can switch off; a real site has no such switches.
    pub switches: super::rehearsal::Switches,
    /// What every page shows: name, phone, links to the assets.
    pub site: Site,
    /// The check that a person is there.
    pub captcha: Captcha,
    /// The outbox's workers.
    pub messages: Messages,
    /// The published catalogue in memory, and the pages kept for visitors.
    pub catalogue: crate::catalogue::Shelf,
    /// The pages that are words only, as visitors get them.
    pub pages: crate::site::Pages,
    /// Password hashing and limits.
    pub accounts: crate::accounts::Accounts,
    /// What the last self-check of places found.
    pub miscounted: crate::bookings::Miscounted,
    /// How long tutors see who is coming.
    pub list_days: ListDays,
    /// The sweeps of this process.
    pub sweeps: super::jobs::Turns,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the databases and the vault. Migrates SQLite; on PostgreSQL an old schema is refused, since
    /// another process may still be serving it.
    ///
    /// # Errors
    /// When a database, a key or a directory cannot be had; the sentence says which.
    pub async fn start(config: Settings, clock: Clock) -> Result<Self> {
        let db = open_site(&config).await?;
        ready(&db, Schema::Site).await?;
        super::practice::check(&db, &config, &clock).await?;
        let keys = open_keys(&config).await?;
        ready(&keys, Schema::Keys).await?;
        Self::with(config, clock, db, keys).await
    }

    /// As [`Self::start`], but refuses where there is no database yet: a mistyped directory is not an empty site.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_existing(config: Settings, clock: Clock) -> Result<Self> {
        let file = sqlite_file(&config);
        if config.database_url.is_none() && !file.exists() {
            return Err(Error::Setting(format!(
                "There is no database at {}: is WELLBEING_DATA_DIR right?",
                file.display()
            )));
        }
        Self::start(config, clock).await
    }

    /// Brings both schemas up to date and stops. Where another role owns the tables, the one that serves is given what it needs
    /// of them and no more.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn migrate(config: &Settings) -> Result<()> {
        match (&config.migrate_url, &config.database_url) {
            (Some(owner), Some(serves)) => {
                let db = Db::open_postgres(owner.expose_secret(), 1).await?;
                db.migrate(Schema::Site).await?;
                if let Db::Postgres(pool) = &db {
                    super::db::roles::grant(pool, serves.expose_secret()).await?;
                }
                db.close().await;
            }
            _ => open_site(config).await?.migrate(Schema::Site).await?,
        }
        open_keys(config).await?.migrate(Schema::Keys).await
    }

    async fn with(config: Settings, clock: Clock, db: Db, keys: Db) -> Result<Self> {
        let vault = Vault::new(keys, &*master_key(&config)?)?;
        keys_belong(&db, &vault, clock.now()).await?;
        let site = super::assets::site(&config);
        let captcha = Captcha::new(&config)?;
        let messages = Messages::new(&config)?;
        let list_days = ListDays::new(&config)?;
        Ok(Self(Arc::new(Parts {
            config,
            clock,
            db,
            vault,
            switches: super::rehearsal::Switches::default(),
            site,
            captcha,
            messages,
            catalogue: crate::catalogue::Shelf::default(),
            pages: crate::site::Pages::default(),
            accounts: crate::accounts::Accounts::default(),
            miscounted: crate::bookings::Miscounted::default(),
            list_days,
            sweeps: super::jobs::Turns::default(),
        })))
    }

    /// A new id, sorted by time.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn id(&self) -> Result<uuid::Uuid> {
        random::id(self.clock.now())
    }
}

/// Migrates SQLite, which this process has to itself. On PostgreSQL another process may still be serving an old schema.
async fn ready(db: &Db, schema: Schema) -> Result<()> {
    match db {
        Db::Sqlite { .. } => db.migrate(schema).await,
        Db::Postgres(_) if db.is_up_to_date(schema).await? => Ok(()),
        Db::Postgres(_) => Err(Error::Setting(
            "The database's schema is older than this program: run `wellbeing-courses migrate` first"
                .into(),
        )),
    }
}

fn sqlite_file(config: &Settings) -> std::path::PathBuf {
    config.data_dir.join("wellbeing.db")
}

async fn open_site(config: &Settings) -> Result<Db> {
    private_dir(&config.data_dir)?;
    match &config.database_url {
        Some(url) => Db::open_postgres(url.expose_secret(), config.connections).await,
        None => Db::open_sqlite(&sqlite_file(config), config.connections).await,
    }
}

async fn open_keys(config: &Settings) -> Result<Db> {
    let keys = match config.keys_url.as_ref().map(ExposeSecret::expose_secret) {
        Some(url) if url.starts_with("postgres") => Db::open_postgres(url, 2).await?,
        Some(url) => {
            let path = url.strip_prefix("sqlite:").unwrap_or(url);
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            if let Some(directory) = path.parent() {
                private_dir(directory)?;
            }
            Db::open_sqlite(path, 2).await?
        }
        None => {
            private_dir(&config.keys_dir())?;
            Db::open_sqlite(&config.keys_dir().join("keys.db"), 2).await?
        }
    };
    // One database may have many names; what is in it has one.
    if holds_people(&keys).await? {
        return Err(Error::Setting(
            "WELLBEING_KEYS_URL leads to the site's own database: whoever copies the data would have its keys"
                .into(),
        ));
    }
    Ok(keys)
}

async fn holds_people(db: &Db) -> Result<bool> {
    let sql = match db {
        Db::Sqlite { .. } => "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'person')",
        Db::Postgres(_) => "SELECT to_regclass('person') IS NOT NULL",
    };
    read!(db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_one(&mut *c)
        .await?))
}

/// What is sealed to show that the keys belong to the data.
const PROOF: &[u8] = b"these keys belong to this data";

/// Refuses keys of another site, or another site's data. Without this, new data would be sealed under keys that nobody
/// looks for, and the keys of people who are not in this database would be swept away.
async fn keys_belong(db: &Db, vault: &Vault, now: DateTime<Utc>) -> Result<()> {
    let refused = || {
        Error::Setting(
            "The keys do not belong to this database. Either WELLBEING_KEYS_URL and WELLBEING_MASTER_KEY are those of \
             another site, or WELLBEING_DATA_DIR and DATABASE_URL are. Nothing has been changed"
                .into(),
        )
    };
    // In this order: another process that starts at the same time writes its proof before it makes any other key.
    let is_used = vault.is_used().await?;
    let mut proof = kept_proof(db).await?;
    if proof.is_none() {
        if is_used {
            return Err(refused());
        }
        let sealed = vault
            .seal(now, Uuid::nil(), RecordClass::Proof, Uuid::nil(), PROOF)
            .await
            .map_err(|error| match error {
                Error::Vault(_) => refused(),
                other => other,
            })?;
        write_tx!(db, |c| {
            sqlx::query(
                "INSERT INTO vault_proof (id, sealed, made_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
            )
            .bind(&sealed)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })?;
        proof = kept_proof(db).await?;
    }
    let opened = vault
        .open(
            Uuid::nil(),
            RecordClass::Proof,
            Uuid::nil(),
            &proof.unwrap_or_default(),
        )
        .await;
    match opened {
        Ok(plain) if plain.as_slice() == PROOF => Ok(()),
        Ok(_) | Err(Error::Vault(_)) => Err(refused()),
        Err(other) => Err(other),
    }
}

async fn kept_proof(db: &Db) -> Result<Option<Vec<u8>>> {
    read!(db, |c| {
        Ok(
            sqlx::query_scalar("SELECT sealed FROM vault_proof WHERE id = 1")
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// The master key from the settings; on this machine's own address one is made and kept beside the keys.
fn master_key(config: &Settings) -> Result<Zeroizing<[u8; 32]>> {
    use base64::Engine as _;
    if let Some(key) = &config.master_key {
        return Vault::master_key(key.expose_secret());
    }
    private_dir(&config.keys_dir())?;
    let path = config.keys_dir().join("master.key");
    if !path.exists() {
        let mut key = Zeroizing::new([0; 32]);
        random::fill(key.as_mut_slice())?;
        let text = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(key.as_slice()));
        write_private_once(&path, &text)?;
    }
    Vault::master_key(&std::fs::read_to_string(&path)?)
}

/// Makes a directory that only this user can look into.
///
/// # Errors
/// When it cannot be made.
pub fn private_dir(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)?;
    Ok(())
}

/// Writes a file that only this user can read, whole or not at all.
///
/// # Errors
/// When the directory cannot be written to.
pub fn write_private(path: &Path, words: &str) -> Result<()> {
    let draft = private_draft(path, words)?;
    std::fs::rename(&draft, path)?;
    Ok(())
}

/// As [`write_private`], but leaves a file that is there already: of two processes the first one's counts.
fn write_private_once(path: &Path, words: &str) -> Result<()> {
    let draft = private_draft(path, words)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// The words in a file of their own beside `path`, on the disk.
fn private_draft(path: &Path, words: &str) -> Result<std::path::PathBuf> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut own = [0; 8];
    random::fill(&mut own)?;
    let draft = path.with_extension(format!("{:016x}.new", u64::from_be_bytes(own)));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(words.as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_that_start_at_once_have_one_master_key() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data").display().to_string();
        let config = Settings::read([("WELLBEING_DATA_DIR".to_owned(), data)]).unwrap();
        for _ in 0..20 {
            let start = std::sync::Barrier::new(8);
            let keys: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .map(|_| {
                        scope.spawn(|| {
                            start.wait();
                            master_key(&config).unwrap()
                        })
                    })
                    .collect();
                threads.into_iter().map(|t| t.join().unwrap()).collect()
            });
            assert!(keys.iter().all(|key| key[..] == keys[0][..]));
            let left = std::fs::read_dir(config.keys_dir()).unwrap().count();
            assert_eq!(left, 1, "no draft is left beside the key");
            std::fs::remove_file(config.keys_dir().join("master.key")).unwrap();
        }
    }
}

//! What every handler and job is given.

use std::ops::Deref;
use std::sync::Arc;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::captcha::Captcha;
use super::clock::Clock;
use super::config::Settings;
use super::db::{Db, Schema};
use super::vault::Vault;
use super::{Error, Result, random};
use crate::messages::Messages;
use crate::ui::page::Site;

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
        match &db {
            Db::Sqlite { .. } => db.migrate(Schema::Site).await?,
            Db::Postgres(_) if db.is_up_to_date(Schema::Site).await? => {}
            Db::Postgres(_) => {
                return Err(Error::Setting(
                    "The database's schema is older than this program: run `wellbeing-courses migrate` first"
                        .into(),
                ));
            }
        }
        Self::with(config, clock, db).await
    }

    /// Brings both schemas up to date and stops.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn migrate(config: &Settings) -> Result<()> {
        open_site(config).await?.migrate(Schema::Site).await?;
        open_keys(config).await?.migrate(Schema::Keys).await
    }

    async fn with(config: Settings, clock: Clock, db: Db) -> Result<Self> {
        let keys = open_keys(&config).await?;
        keys.migrate(Schema::Keys).await?;
        let vault = Vault::new(keys, &*master_key(&config)?)?;
        let site = super::assets::site(&config);
        let captcha = Captcha::new(&config)?;
        let messages = Messages::new(&config)?;
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

async fn open_site(config: &Settings) -> Result<Db> {
    if let Some(url) = &config.database_url {
        return Db::open_postgres(url.expose_secret(), config.connections).await;
    }
    std::fs::create_dir_all(&config.data_dir)?;
    Db::open_sqlite(&config.data_dir.join("wellbeing.db"), config.connections).await
}

async fn open_keys(config: &Settings) -> Result<Db> {
    match config.keys_url.as_ref().map(ExposeSecret::expose_secret) {
        Some(url) if url.starts_with("postgres") => Db::open_postgres(url, 2).await,
        Some(url) => {
            let path = url.strip_prefix("sqlite:").unwrap_or(url);
            Db::open_sqlite(path.trim_start_matches("//").as_ref(), 2).await
        }
        None => {
            private_dir(&config.keys_dir())?;
            Db::open_sqlite(&config.keys_dir().join("keys.db"), 2).await
        }
    }
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
        write_private(
            &path,
            &base64::engine::general_purpose::STANDARD.encode(key.as_slice()),
        )?;
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
pub fn write_private(path: &std::path::Path, words: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let draft = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(words.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    Ok(())
}

//! The vault: health data and free text sealed under a key per subject and record class.
//!
//! XChaCha20-Poly1305 throughout. A data key is wrapped by a key derived from the master key (HKDF-SHA256,
//! RFC 5869) and kept in the key store, apart from the data. Destroying the key is the erasure that also
//! reaches the backups. The key is committed before the row that needs it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use chrono::{DateTime, Utc};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use moka::sync::Cache;
use sha2::Sha256;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::db::Db;
use super::{Error, Result, random};
use crate::{read, write_tx};

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// What a key is for. Each class of a person's records can be erased alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordClass {
    /// Access needs and ethnicity.
    Health,
    /// Answers of a sign-up that is not finished.
    Draft,
    /// Messages that wait to be sent.
    Message,
    /// What was said when the team spoke with somebody.
    Contact,
    /// What changed in somebody's record: before and after.
    Audit,
    /// The secret of an account's second step.
    SignIn,
    /// What somebody asked of us about their data; a key for each request.
    Request,
    /// What shows that the keys belong to the data.
    Proof,
}

impl RecordClass {
    /// The name in the key store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Draft => "draft",
            Self::Message => "message",
            Self::Contact => "contact",
            Self::Audit => "audit",
            Self::SignIn => "sign-in",
            Self::Request => "request",
            Self::Proof => "proof",
        }
    }
}

type DataKey = Arc<Zeroizing<[u8; 32]>>;

/// Seals and opens; see the module.
#[derive(Clone)]
pub struct Vault {
    keys: Db,
    wrap: Arc<Zeroizing<[u8; 32]>>,
    mac: Arc<Zeroizing<[u8; 32]>>,
    /// The keys that belong to nobody (messages), used at every booking.
    ours: Cache<RecordClass, DataKey>,
}

impl Vault {
    /// A vault over the key store `keys`, locked by `master` (32 bytes).
    ///
    /// # Errors
    /// When a key cannot be derived.
    pub fn new(keys: Db, master: &[u8; 32]) -> Result<Self> {
        let derive = |label: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            Hkdf::<Sha256>::new(None, master)
                .expand(label, key.as_mut_slice())
                .map_err(|_| Error::Vault("the master key cannot be used"))?;
            Ok::<_, Error>(Arc::new(key))
        };
        Ok(Self {
            wrap: derive(b"wellbeing-courses wrap 1")?,
            mac: derive(b"wellbeing-courses mac 1")?,
            keys,
            ours: Cache::new(8),
        })
    }

    /// Reads a master key from its base64 text.
    ///
    /// # Errors
    /// When it is not 32 bytes of base64.
    pub fn master_key(text: &str) -> Result<Zeroizing<[u8; 32]>> {
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.trim())
                .map_err(|_| Error::Setting("WELLBEING_MASTER_KEY is not base64".into()))?,
        );
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| Error::Setting("WELLBEING_MASTER_KEY must be 32 bytes".into()))?;
        Ok(Zeroizing::new(key))
    }

    /// Seals `plain` for `subject`. `context` says where it will stand (a row's id): sealed data that is moved
    /// elsewhere does not open. Call it before the transaction that keeps the result.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub async fn seal(
        &self,
        now: DateTime<Utc>,
        subject: Uuid,
        class: RecordClass,
        context: Uuid,
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        let key = self.key_or_new(now, subject, class).await?;
        seal_with(&key, &aad(subject, class, context), plain)
    }

    /// Opens what [`Self::seal`] sealed.
    ///
    /// # Errors
    /// When the key has been destroyed, or the data was changed or moved.
    pub async fn open(
        &self,
        subject: Uuid,
        class: RecordClass,
        context: Uuid,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let key = self.known_key(subject, class).await?;
        open_with(&key, &aad(subject, class, context), sealed)
    }

    /// Opens everything of `subject` that [`Self::seal`] sealed, each with its context, in the same order. Their key is read once.
    ///
    /// # Errors
    /// When the key has been destroyed, or some of the data was changed or moved.
    pub async fn open_all(
        &self,
        subject: Uuid,
        class: RecordClass,
        all: &[(Uuid, &[u8])],
    ) -> Result<Vec<Zeroizing<Vec<u8>>>> {
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.known_key(subject, class).await?;
        all.iter()
            .map(|(context, sealed)| open_with(&key, &aad(subject, class, *context), sealed))
            .collect()
    }

    /// Destroys a key: what it sealed is gone, in every copy.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub async fn destroy(&self, subject: Uuid, class: RecordClass) -> Result<()> {
        self.ours.invalidate(&class);
        write_tx!(self.keys, |c| {
            sqlx::query("DELETE FROM data_key WHERE subject_id = $1 AND record_class = $2")
                .bind(subject)
                .bind(class.name())
                .execute(&mut *c)
                .await?;
            Ok(())
        })
    }

    /// Whether the key store holds keys of any data.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub async fn is_used(&self) -> Result<bool> {
        read!(self.keys, |c| {
            Ok(sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM data_key WHERE record_class <> $1)",
            )
            .bind(RecordClass::Proof.name())
            .fetch_one(&mut *c)
            .await?)
        })
    }

    /// Subjects whose key of one class was made before `before`, and when: the next `limit` after the subject `after`,
    /// in the order of their ids.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub async fn subjects(
        &self,
        class: RecordClass,
        before: DateTime<Utc>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
        read!(self.keys, |c| {
            Ok(sqlx::query_as(
                "SELECT subject_id, created_at FROM data_key \
                 WHERE record_class = $1 AND created_at < $2 AND subject_id > $3 ORDER BY subject_id LIMIT $4",
            )
            .bind(class.name())
            .bind(before)
            .bind(after)
            .bind(limit)
            .fetch_all(&mut *c)
            .await?)
        })
    }

    /// Destroys a key if it is still the one that was made at `made_at`.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub async fn destroy_made(
        &self,
        subject: Uuid,
        class: RecordClass,
        made_at: DateTime<Utc>,
    ) -> Result<()> {
        write_tx!(self.keys, |c| {
            sqlx::query(
                "DELETE FROM data_key WHERE subject_id = $1 AND record_class = $2 AND created_at = $3",
            )
            .bind(subject)
            .bind(class.name())
            .bind(made_at)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
    }

    /// A keyed hash (HMAC-SHA256) of `parts` for one `purpose`: to count or find something without keeping it,
    /// or to sign a link.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.keyed(purpose, parts).finalize().into_bytes().into()
    }

    /// Whether `given` is the [`Self::mac`] of `parts`; takes as long for a wrong one as for a right one.
    pub fn is_mac(&self, purpose: &str, parts: &[&[u8]], given: &[u8]) -> bool {
        self.keyed(purpose, parts).verify_slice(given).is_ok()
    }

    fn keyed(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.mac.as_slice())
            .expect("any length");
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    async fn known_key(&self, subject: Uuid, class: RecordClass) -> Result<DataKey> {
        self.key(subject, class)
            .await?
            .ok_or(Error::Vault("its key has been destroyed"))
    }

    async fn key(&self, subject: Uuid, class: RecordClass) -> Result<Option<DataKey>> {
        if subject.is_nil()
            && let Some(key) = self.ours.get(&class)
        {
            return Ok(Some(key));
        }
        let wrapped: Option<Vec<u8>> = read!(self.keys, |c| {
            Ok(sqlx::query_scalar(
                "SELECT wrapped FROM data_key WHERE subject_id = $1 AND record_class = $2",
            )
            .bind(subject)
            .bind(class.name())
            .fetch_optional(&mut *c)
            .await?)
        })?;
        let Some(wrapped) = wrapped else {
            return Ok(None);
        };
        let plain = open_with(&self.wrap, &aad(subject, class, Uuid::nil()), &wrapped)?;
        let key: [u8; 32] = plain
            .as_slice()
            .try_into()
            .map_err(|_| Error::Vault("a key has the wrong length"))?;
        let key = Arc::new(Zeroizing::new(key));
        if subject.is_nil() {
            self.ours.insert(class, key.clone());
        }
        Ok(Some(key))
    }

    async fn key_or_new(
        &self,
        now: DateTime<Utc>,
        subject: Uuid,
        class: RecordClass,
    ) -> Result<DataKey> {
        if let Some(key) = self.key(subject, class).await? {
            return Ok(key);
        }
        let mut key = Zeroizing::new([0; 32]);
        random::fill(key.as_mut_slice())?;
        let wrapped = seal_with(
            &self.wrap,
            &aad(subject, class, Uuid::nil()),
            key.as_slice(),
        )?;
        write_tx!(self.keys, |c| {
            sqlx::query(
                "INSERT INTO data_key (subject_id, record_class, wrapped, created_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (subject_id, record_class) DO NOTHING",
            )
            .bind(subject)
            .bind(class.name())
            .bind(&wrapped)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })?;
        // Another process may have been first: what is in the store is the key.
        self.key(subject, class)
            .await?
            .ok_or(Error::Vault("a new key was not kept"))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

fn aad(subject: Uuid, class: RecordClass, context: Uuid) -> Vec<u8> {
    let mut aad = vec![VERSION];
    aad.extend_from_slice(subject.as_bytes());
    aad.extend_from_slice(context.as_bytes());
    aad.extend_from_slice(class.name().as_bytes());
    aad
}

fn seal_with(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    random::fill(&mut nonce)?;
    let sealed = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad })
        .map_err(|_| Error::Vault("sealing failed"))?;
    let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

fn open_with(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let refused = || Error::Vault("sealed data does not open");
    let (version, rest) = sealed.split_first().ok_or_else(refused)?;
    let (nonce, body) = rest.split_at_checked(NONCE).ok_or_else(refused)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| refused())?;
    if *version != VERSION {
        return Err(refused());
    }
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(nonce), Payload { msg: body, aad })
        .map(Zeroizing::new)
        .map_err(|_| refused())
}

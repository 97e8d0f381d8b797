//! Passwords: how they are chosen and how they are kept.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP's first choice). Hashing is the scarcest thing on the
//! machine, so only as many run at once as there are cores, and only so many may wait.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::server::{Error, Result, random};

pub(super) mod change;
pub(super) mod forgotten;
mod store;
pub mod strength;

/// What helps to choose one, with three words as an example.
pub fn hint() -> Result<String> {
    Ok(format!(
        "At least 10 letters or numbers. 3 words that do not go together are good, like: {}",
        strength::suggestion()?
    ))
}

/// How many may wait for each that runs.
const WAITING_EACH: usize = 32;
/// Nobody waits longer than this.
const PATIENCE: Duration = Duration::from_secs(8);
/// What a password is compared with when there is no account: it costs the same and fits nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, a few at a time.
#[derive(Clone, Debug)]
pub struct Hashing {
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(cores, cores * WAITING_EACH)
    }
}

impl Hashing {
    /// As many at once as `running`, and as many more as `waiting` in the queue.
    pub fn new(running: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            places: Arc::new(Semaphore::new(running + waiting)),
        }
    }

    /// What is kept of a password.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many are waiting.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = Zeroizing::new(password.to_owned());
        self.run(move || {
            let mut salt = [0; 16];
            random::fill(&mut salt)?;
            argon()?
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
                .map_err(|e| Error::Other(format!("hashing: {e}")))
        })
        .await
    }

    /// Whether `password` is the one that `kept` was made of. Without an account it takes as long and says no.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many are waiting.
    pub async fn fits(&self, password: &str, kept: Option<&str>) -> Result<bool> {
        let password = Zeroizing::new(password.to_owned());
        let known = kept.is_some();
        let kept = kept.unwrap_or(NOBODY).to_owned();
        self.run(move || {
            let hash = PasswordHash::new(&kept)
                .map_err(|e| Error::Other(format!("a kept password: {e}")))?;
            let fits = argon()?.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| Error::Busy("passwords"))?;
        let turn = tokio::time::timeout(PATIENCE, self.running.clone().acquire_owned())
            .await
            .map_err(|_| Error::Busy("passwords"))?
            .map_err(|_| Error::Busy("passwords"))?;
        // The permits go with the work: a visitor who leaves does not make room for another before it is done.
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop((turn, place));
            outcome
        })
        .await
        .map_err(|e| Error::Other(format!("hashing stopped: {e}")))?
    }
}

fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, Some(32))
        .map_err(|e| Error::Other(format!("hashing: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hashing = Hashing::default();
        let kept = hashing.hash("teapot ladder moss").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            hashing
                .fits("teapot ladder moss", Some(&kept))
                .await
                .unwrap()
        );
        assert!(
            !hashing
                .fits("teapot ladder mosS", Some(&kept))
                .await
                .unwrap()
        );
        assert!(!hashing.fits("teapot ladder moss", None).await.unwrap());
    }

    #[tokio::test]
    async fn too_many_at_once_is_busy() {
        let hashing = Hashing::new(1, 0);
        let place = hashing.places.clone().acquire_owned().await.unwrap();
        assert!(matches!(hashing.fits("x", None).await, Err(Error::Busy(_))));
        drop(place);
        assert!(!hashing.fits("x", None).await.unwrap());
    }
}

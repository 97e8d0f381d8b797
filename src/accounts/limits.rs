//! How often somebody may try. Over it there is a wait and a phone number, never a closed door.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::server::http::{HOUSEHOLD, network};
use crate::server::vault::Vault;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// What is being tried, counted apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// A password.
    Password,
    /// An emailed link: to sign in, or to choose a new password.
    Link,
    /// The email of a sign-up.
    SignUp,
    /// A code of the second step.
    SecondStep,
    /// A text with a code of the second step.
    Text,
    /// The same over a day, for each costs money. A right code does not begin this count anew.
    TextDay,
    /// A code that brings a record into an account.
    Claim,
}

impl Try {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::SignUp => "sign-up",
            Self::SecondStep => "second-step",
            Self::Text => "text",
            Self::TextDay => "text-day",
            Self::Claim => "claim",
        }
    }

    /// How many in [`Self::window`] for one address.
    pub const fn most(self) -> i64 {
        match self {
            Self::Password | Self::SecondStep | Self::Claim => 10,
            Self::Link | Self::SignUp | Self::Text => 4,
            Self::TextDay => 12,
        }
    }

    /// Over how long they are counted.
    const fn window(self) -> TimeDelta {
        match self {
            Self::TextDay => TimeDelta::days(1),
            Self::Password
            | Self::Link
            | Self::SignUp
            | Self::SecondStep
            | Self::Text
            | Self::Claim => WINDOW,
        }
    }
}

/// Most tries are counted over this long.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How many tries a peer (a library or a care home is one) has in that time.
const PEER: u32 = 100;

/// Whether one more is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Yes.
    Yes,
    /// Not for so many minutes.
    After {
        /// At least 1.
        minutes: i64,
    },
}

/// The limits that live in memory, by peer.
pub struct Peers {
    tries: DefaultKeyedRateLimiter<IpAddr>,
    sign_ups: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            tries: RateLimiter::keyed(quota()),
            sign_ups: RateLimiter::keyed(quota()),
        }
    }
}

fn quota() -> Quota {
    let most = NonZeroU32::new(PEER).unwrap_or(NonZeroU32::MIN);
    let every = Duration::from_mins(15) / most.get();
    Quota::with_period(every)
        .unwrap_or(Quota::per_minute(most))
        .allow_burst(most)
}

impl Peers {
    /// One more try from this peer.
    pub fn allow(&self, peer: IpAddr) -> bool {
        if self.tries.len() > 50_000 {
            self.tries.retain_recent();
        }
        self.tries.check_key(&network(peer, HOUSEHOLD)).is_ok()
    }

    /// One more sign-up started from this peer: each is a row and a key.
    pub fn may_start(&self, peer: IpAddr) -> bool {
        if self.sign_ups.len() > 50_000 {
            self.sign_ups.retain_recent();
        }
        self.sign_ups.check_key(&network(peer, HOUSEHOLD)).is_ok()
    }
}

/// An address as it is counted: nobody can read it back.
pub fn address_hash(vault: &Vault, email: &str) -> [u8; 32] {
    vault.mac("address", &[email.to_ascii_lowercase().as_bytes()])
}

/// Counts one more try for an address, whether it has an account or not.
///
/// The try is committed before it is counted, so that a hundred at once are still a hundred. One that is over the
/// limit is taken out again: waiting is never made longer by trying.
pub async fn count(app: &App, kind: Try, email: &str) -> Result<Allowed> {
    let now = app.clock.now();
    let hash = address_hash(&app.vault, email).to_vec();
    let id = app.id()?;
    let since = now - kind.window();
    write_tx!(app.db, |c| {
        sqlx::query(
            "DELETE FROM sign_in_try WHERE address_hash = $1 AND kind = $2 AND tried_at <= $3",
        )
        .bind(&hash)
        .bind(kind.name())
        .bind(since)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO sign_in_try (id, address_hash, kind, tried_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(&hash)
        .bind(kind.name())
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })?;
    let (tries, first): (i64, Option<DateTime<Utc>>) = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT COUNT(*), MIN(tried_at) FROM sign_in_try \
             WHERE address_hash = $1 AND kind = $2 AND tried_at > $3",
        )
        .bind(&hash)
        .bind(kind.name())
        .bind(since)
        .fetch_one(&mut *c)
        .await?)
    })?;
    if tries <= kind.most() {
        return Ok(Allowed::Yes);
    }
    take_back(app, id).await?;
    Ok(Allowed::After {
        minutes: minutes_left(first.unwrap_or(now) + kind.window(), now),
    })
}

/// Minutes until the oldest try no longer counts, rounded up.
fn minutes_left(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let left = until - now;
    (left.num_seconds().max(1) + 59) / 60
}

async fn take_back(app: &App, id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM sign_in_try WHERE id = $1")
            .bind(id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_has_a_hundred_and_a_household_is_one_peer() {
        let peers = Peers::default();
        let library: IpAddr = "192.0.2.7".parse().unwrap();
        assert!((0..100).all(|_| peers.allow(library)));
        assert!(!peers.allow(library));
        assert!(peers.allow("192.0.2.8".parse().unwrap()));
        assert!(!peers.allow("::ffff:192.0.2.7".parse().unwrap()));
        let household: IpAddr = "2001:db8:1:2:3::4".parse().unwrap();
        assert!((0..100).all(|_| peers.allow(household)));
        assert!(!peers.allow("2001:db8:1:2:ffff::1".parse().unwrap()));
    }

    #[test]
    fn the_wait_is_whole_minutes_and_never_none() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        assert_eq!(minutes_left(now + WINDOW, now), 15);
        assert_eq!(minutes_left(now + TimeDelta::seconds(1), now), 1);
        assert_eq!(minutes_left(now - TimeDelta::minutes(15), now), 1);
    }
}

//! Rules of signing in, without I/O.

use chrono::{DateTime, TimeDelta, Utc};

/// A signed-in device that nobody uses is signed out after this long.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// However much it is used, it is signed out after this long.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// "Keep me signed in on this device": from the last time it was used, and at the longest.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// How often "last used" is written: a page view need not be a write.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Whether a device is still signed in at `now`.
pub fn is_signed_in(
    now: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    kept: bool,
) -> bool {
    let idle = if kept { KEPT } else { IDLE };
    now < expires_at && now < seen_at + idle
}

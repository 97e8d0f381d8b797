//! SQL of a member's certificates.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Certificate;
use super::rules::Standing;
use crate::read;
use crate::registers::attendance::{self, Line};
use crate::server::{App, Result};

/// The run that a booking is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// The course's title.
    pub title: String,
    /// `open`, `closed` or `cancelled`.
    pub status: String,
    /// When the first session begins.
    pub starts_at: DateTime<Utc>,
    /// When the last session ends.
    pub ends_at: DateTime<Utc>,
    /// Who leads it.
    pub tutor: Option<String>,
}

impl Run {
    /// How somebody on it stands.
    pub fn standing(&self, app: &App, line: &Line) -> Standing {
        super::standing(app, line, &self.status, (self.starts_at, self.ends_at))
    }

    /// The certificate of somebody on it, if they have earned one.
    pub fn certificate(&self, app: &App, line: &Line) -> Option<Certificate> {
        let days = (self.starts_at, self.ends_at);
        let standing = self.standing(app, line);
        super::of(line, standing, &self.title, days, self.tutor.as_deref())
    }
}

/// The booking `reference` of an account: its run, and those who come by it. Whoever has an account of their own is not among
/// them: what they came to is theirs to see. None where it is not the account's, or was given up before the run began.
pub async fn of_booking(
    app: &App,
    account_id: Uuid,
    reference: &str,
) -> Result<Option<(Run, Vec<Line>)>> {
    let found: Option<(Run, Vec<Uuid>)> = read!(app.db, |c| {
        let run: Option<Run> = sqlx::query_as(
            "SELECT run.id, course.title, run.status, run.starts_at, run.ends_at, tutor.full_name AS tutor \
             FROM booking JOIN run ON run.id = booking.run_id JOIN course ON course.id = run.course_id \
             LEFT JOIN tutor ON tutor.id = run.tutor_id \
             WHERE booking.reference = $1 AND booking.account_id = $2 AND booking.status IN ('booked', 'stopped')",
        )
        .bind(reference)
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?;
        let Some(run) = run else {
            return Ok(None);
        };
        let places: Vec<Uuid> = sqlx::query_scalar(
            "SELECT place.id FROM place JOIN booking ON booking.id = place.booking_id \
             WHERE booking.reference = $1 AND booking.account_id = $2 AND NOT EXISTS ( \
                   SELECT 1 FROM representation own WHERE own.person_id = place.person_id AND own.kind = 'self' \
                   AND own.ends_at IS NULL AND own.account_id <> $2)",
        )
        .bind(reference)
        .bind(account_id)
        .fetch_all(&mut *c)
        .await?;
        Ok(Some((run, places)))
    })?;
    let Some((run, places)) = found else {
        return Ok(None);
    };
    let mut lines = attendance::unseen(app, run.id).await?.lines;
    lines.retain(|line| places.contains(&line.person.place_id));
    Ok(Some((run, lines)))
}

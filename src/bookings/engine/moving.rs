//! Moving a booking to another run: a place there is taken and the one here given up in one transaction, or neither.

use uuid::Uuid;

use super::take::book_instead;
use crate::bookings::model::{BookOutcome, Booked, Channel, Choices, Request};
use crate::bookings::rules::{Ending, ending};
use crate::bookings::store::{self, Offer, Person};
use crate::bookings::{emails, waiting};
use crate::read;
use crate::server::{App, Error, Result};
use crate::staff::audit::Entry;

/// How often a move is tried anew when its booking, or the dates of its run, changed meanwhile.
const TRIES: u32 = 5;

/// Where a booking goes, and who says so.
#[derive(Clone, Debug)]
pub struct Moving {
    /// The booking.
    pub booking_id: Uuid,
    /// The run it goes to.
    pub to: Uuid,
    /// How the wish reached us.
    pub channel: Channel,
    /// The same key twice is one move.
    pub form_key: [u8; 32],
    /// Whether all who come are volunteers.
    pub volunteer: bool,
    /// What the record says of it.
    pub noted: Entry,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveOutcome {
    /// They have this booking now.
    Moved(Booked),
    /// The other run is not to be had, for this reason; nothing has changed.
    Refused(BookOutcome),
    /// The booking has ended, or its course is over.
    Ended,
}

/// The booking that another takes the place of.
pub(super) struct Instead {
    pub booked: Booked,
    pub account_id: Option<Uuid>,
    pub sequence: i64,
    pub offer: Offer,
    pub ending: Ending,
}

impl Instead {
    /// How it ends.
    pub const fn status(&self) -> &'static str {
        match self.ending {
            Ending::Cancel => "cancelled",
            Ending::Stop | Ending::Over => "stopped",
        }
    }

    /// What the message says of it.
    pub fn about<'a>(&'a self, people: &'a [Person]) -> emails::About<'a> {
        emails::About {
            offer: &self.offer,
            people,
            booked: &self.booked,
            account_id: self.account_id,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    booked: Booked,
    run_id: Uuid,
    account_id: Option<Uuid>,
    sequence: i64,
    status: String,
}

/// Moves a booking, by the rules of booking and of cancelling. The same twice is one effect.
///
/// # Errors
/// When the database or the vault fails; the booking stands where it was then.
pub async fn move_booking(app: &App, moving: &Moving) -> Result<MoveOutcome> {
    for _ in 0..TRIES {
        if let Some(outcome) = attempt(app, moving).await? {
            return Ok(outcome);
        }
    }
    Err(Error::Busy("a booking that is being moved"))
}

/// One try; none when the booking is not as it was read any more.
async fn attempt(app: &App, moving: &Moving) -> Result<Option<MoveOutcome>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, reference, created_at, run_id, account_id, sequence, status FROM booking WHERE id = $1",
        )
        .bind(moving.booking_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some(row) = row else {
        return Ok(Some(MoveOutcome::Ended));
    };
    if let Some(before) = made_by(app, moving).await? {
        return Ok(Some(MoveOutcome::Moved(before)));
    }
    let here = store::offer(&app.db, row.run_id, now).await?;
    let there = store::offer(&app.db, moving.to, now).await?;
    let (Some(here), Some(there)) = (here, there) else {
        return Ok(Some(MoveOutcome::Refused(BookOutcome::NoSuchRun)));
    };
    let ending = ending(now, here.first_ends(), here.run.ends_at);
    if row.status != "booked" || ending == Ending::Over || here.run.status == "cancelled" {
        return Ok(Some(MoveOutcome::Ended));
    }
    let people = store::people_of(&app.db, row.booked.id).await?;
    let request = Request {
        run_id: there.run.id,
        account_id: row.account_id,
        people: people.iter().map(|person| person.id).collect(),
        channel: moving.channel,
        form_key: Some(moving.form_key),
        volunteer: moving.volunteer,
        verified: true,
        choices: Choices::default(),
        noted: Some(moving.noted.clone()),
    };
    let instead = Instead {
        booked: row.booked,
        account_id: row.account_id,
        sequence: row.sequence,
        offer: here,
        ending,
    };
    let outcome = book_instead(app, &request, &there, &people, Some(&instead)).await?;
    Ok(match outcome {
        Some(BookOutcome::Booked(booked)) => {
            waiting::settle_now(app, row.run_id).await;
            Some(MoveOutcome::Moved(booked))
        }
        // The same form a moment ago: without an account the key alone knows it.
        other => match made_by(app, moving).await? {
            Some(before) => Some(MoveOutcome::Moved(before)),
            None => other.map(MoveOutcome::Refused),
        },
    })
}

/// The booking that this form made before.
async fn made_by(app: &App, moving: &Moving) -> Result<Option<Booked>> {
    let key = moving.form_key.to_vec();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, reference, created_at FROM booking WHERE run_id = $1 AND form_key = $2",
        )
        .bind(moving.to)
        .bind(&key)
        .fetch_optional(&mut *c)
        .await?)
    })
}

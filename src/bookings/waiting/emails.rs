//! What people on a waiting list are told. None is sent where there is nobody to write to.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::pages::entry_path;
use super::store::{self, Sibling};
use crate::bookings::emails::{self, Reader};
use crate::bookings::store::{Offer, Person};
use crate::messages::letters::bookings::Run;
use crate::messages::letters::{texts, waiting as letters};
use crate::messages::{self, Address, Mail, Prepared};
use crate::server::random::Secret;
use crate::server::{App, Result};
use crate::ui::dates;

/// Whom a letter is about: a run, and who waits for it by which account.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub offer: &'a Offer,
    pub people: &'a [Person],
    pub account_id: Option<Uuid>,
}

impl About<'_> {
    /// The letter that `write` makes, sealed; `path` is the page it leads to, `cause` what brought it about.
    async fn letter(
        self,
        app: &App,
        path: String,
        cause: String,
        write: impl FnOnce(Address, &Run) -> Result<Mail>,
    ) -> Result<Option<Prepared>> {
        let Self {
            offer,
            people,
            account_id,
        } = self;
        let Some(reader) = Reader::of(app, people, account_id).await? else {
            return Ok(None);
        };
        let run = reader.told(offer, people, path);
        let mail = write(reader.to, &run)?;
        let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
        Ok(Some(message))
    }
}

/// "You are on the waiting list".
pub(super) async fn joined(
    app: &App,
    about: About<'_>,
    entry_id: Uuid,
) -> Result<Option<Prepared>> {
    let cause = format!("waiting:{entry_id}:joined");
    about
        .letter(app, entry_path(entry_id), cause, |to, run| {
            letters::joined(&app.config, to, run)
        })
        .await
}

/// How a place is offered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offered {
    /// It is kept until then; with `shared`, for others as well.
    Kept { until: DateTime<Utc>, shared: bool },
    /// At last call: whoever is first has it.
    LastCall,
}

/// "A place is free for you", or "A place is free at short notice".
pub(super) async fn offered(
    app: &App,
    about: About<'_>,
    offer_id: Uuid,
    secret: &Secret,
    how: Offered,
) -> Result<Option<Prepared>> {
    let url = format!("{}/offers/{}", app.config.origin(), secret.text());
    let today = dates::day_of(app.clock.now());
    let cause = format!("offer:{offer_id}");
    about
        .letter(app, String::new(), cause, |to, run| match how {
            Offered::Kept { until, shared } => {
                letters::offered(&app.config, to, run, &url, until, shared, today)
            }
            Offered::LastCall => letters::last_call(&app.config, to, run, &url),
        })
        .await
}

/// A text about an offer leaves at least this long to answer it.
const TIME_TO_ANSWER: TimeDelta = TimeDelta::hours(1);

/// The same as [`offered`] in a text, for whoever agreed to texts. At last call it does not wait for the morning.
pub(super) async fn offered_by_text(
    app: &App,
    about: About<'_>,
    offer_id: Uuid,
    secret: &Secret,
    how: Offered,
) -> Result<Option<Prepared>> {
    let contact = emails::contact(app, about.people, about.account_id).await?;
    let Some((person_id, number)) = emails::texted(app, contact.as_ref()) else {
        return Ok(None);
    };
    let url = format!("{}/offers/{}", app.config.origin(), secret.text());
    let today = dates::day_of(app.clock.now());
    let run = emails::discreet(about.offer, String::new());
    let until = match how {
        Offered::Kept { until, .. } => Some(until),
        Offered::LastCall => None,
    };
    let text = texts::offered(&app.config, number, &run, &url, until, today);
    let cause = format!("offer:{offer_id}:text");
    let text = messages::prepare(app, text, Some(person_id), &cause).await?;
    Ok(match how {
        Offered::LastCall => Some(text),
        // What would come when the time to answer is nearly over only worries people: they have the email.
        Offered::Kept { until, .. } => {
            Some(text.by_day()).filter(|text| text.send_at + TIME_TO_ANSWER <= until)
        }
    })
}

/// "The time to answer is over".
pub(super) async fn lapsed(
    app: &App,
    about: About<'_>,
    entry_id: Uuid,
) -> Result<Option<Prepared>> {
    let path = entry_path(entry_id);
    let cause = format!("waiting:{entry_id}:lapsed");
    about
        .letter(app, path, cause, |to, run| {
            letters::lapsed(&app.config, to, run)
        })
        .await
}

/// An entry that waits on because somebody else took the place that both were offered, and what it is told.
#[derive(Debug)]
pub(crate) struct SentBack {
    pub entry_id: Uuid,
    pub letter: Option<Prepared>,
}

/// "You are still on the waiting list", for everybody who was offered what is kept for one of `people`.
///
/// # Errors
/// When a message cannot be written or sealed.
pub(crate) async fn sent_back(
    app: &App,
    offer: &Offer,
    people: &[Person],
) -> Result<Vec<SentBack>> {
    let (Some(first), Some(second)) = (people.first(), people.last()) else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for sibling in store::siblings(&app.db, offer.run.id, first.id, second.id).await? {
        let Sibling {
            entry_id,
            account_id,
            offer_id,
        } = sibling;
        let people = store::people(&app.db, entry_id).await?;
        let about = About {
            offer,
            people: &people,
            account_id,
        };
        let cause = format!("offer:{offer_id}:gone");
        let letter = about
            .letter(app, entry_path(entry_id), cause, |to, run| {
                letters::gone(&app.config, to, run)
            })
            .await?;
        all.push(SentBack { entry_id, letter });
    }
    Ok(all)
}

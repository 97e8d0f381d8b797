//! What people on a waiting list are told. None is sent where there is nobody to write to.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::pages::entry_path;
use super::store::{self, Sibling};
use crate::bookings::emails::Reader;
use crate::bookings::pages::wait_path;
use crate::bookings::store::{Offer, Person};
use crate::messages::letters::waiting as letters;
use crate::messages::{self, Prepared};
use crate::server::random::Secret;
use crate::server::{App, Result};
use crate::ui::dates;

/// How a place is offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offered {
    /// Until when it can be answered.
    pub until: DateTime<Utc>,
    /// Whether others are offered the same place.
    pub shared: bool,
}

fn offer_url(app: &App, secret: &Secret) -> String {
    format!("{}/offers/{}", app.config.origin(), secret.text())
}

/// "You are on the waiting list".
pub(super) async fn joined(
    app: &App,
    offer: &Offer,
    people: &[Person],
    account_id: Option<Uuid>,
    entry_id: Uuid,
) -> Result<Option<Prepared>> {
    let Some(reader) = Reader::of(app, people, account_id).await? else {
        return Ok(None);
    };
    let run = reader.told(offer, people, entry_path(entry_id));
    let mail = letters::joined(&app.config, reader.to, &run)?;
    let cause = format!("waiting:{entry_id}:joined");
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Some(message))
}

/// "A place is free for you".
pub(super) async fn offered(
    app: &App,
    offer: &Offer,
    people: &[Person],
    account_id: Option<Uuid>,
    offer_id: Uuid,
    secret: &Secret,
    what: Offered,
) -> Result<Option<Prepared>> {
    let Some(reader) = Reader::of(app, people, account_id).await? else {
        return Ok(None);
    };
    let url = offer_url(app, secret);
    let today = dates::day_of(app.clock.now());
    let run = reader.told(offer, people, String::new());
    let Offered { until, shared } = what;
    let mail = letters::offered(&app.config, reader.to, &run, &url, until, shared, today)?;
    let cause = format!("offer:{offer_id}");
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Some(message))
}

/// "A place is free at short notice".
pub(super) async fn last_call(
    app: &App,
    offer: &Offer,
    people: &[Person],
    account_id: Option<Uuid>,
    offer_id: Uuid,
    secret: &Secret,
) -> Result<Option<Prepared>> {
    let Some(reader) = Reader::of(app, people, account_id).await? else {
        return Ok(None);
    };
    let url = offer_url(app, secret);
    let run = reader.told(offer, people, String::new());
    let mail = letters::last_call(&app.config, reader.to, &run, &url)?;
    let cause = format!("offer:{offer_id}");
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Some(message))
}

/// "The time to answer is over".
pub(super) async fn lapsed(
    app: &App,
    offer: &Offer,
    people: &[Person],
    account_id: Option<Uuid>,
    entry_id: Uuid,
) -> Result<Option<Prepared>> {
    let Some(reader) = Reader::of(app, people, account_id).await? else {
        return Ok(None);
    };
    let path = wait_path(&offer.run.slug, offer.run.id);
    let run = reader.told(offer, people, path);
    let mail = letters::lapsed(&app.config, reader.to, &run)?;
    let cause = format!("waiting:{entry_id}:lapsed");
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Some(message))
}

/// What another entry is told when somebody takes the place that both were offered.
#[derive(Debug)]
pub(crate) struct Gone {
    pub entry_id: Uuid,
    pub letter: Option<Prepared>,
}

/// "You are still on the waiting list", for everybody who was offered what is kept for one of `people`.
///
/// # Errors
/// When a message cannot be written or sealed.
pub(crate) async fn gone(app: &App, offer: &Offer, people: &[Person]) -> Result<Vec<Gone>> {
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
        let waiting = store::people(&app.db, entry_id).await?;
        let letter = match Reader::of(app, &waiting, account_id).await? {
            Some(reader) => {
                let run = reader.told(offer, &waiting, entry_path(entry_id));
                let mail = letters::gone(&app.config, reader.to, &run)?;
                let cause = format!("offer:{offer_id}:gone");
                Some(messages::prepare(app, mail, Some(reader.person_id), &cause).await?)
            }
            None => None,
        };
        all.push(Gone { entry_id, letter });
    }
    Ok(all)
}

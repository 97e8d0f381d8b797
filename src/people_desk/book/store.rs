//! SQL of booking for somebody.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::SCRIPT;
use super::form::{Newcomer, Sent, Whom};
use crate::accounts::sign_up::rules::in_area;
use crate::bookings::calls::{self, About, Call};
use crate::bookings::consents::TEXTS;
use crate::bookings::venue_of;
use crate::bookings::{Booked, Channel, RemindBy, said_by, written_to};
use crate::people_desk::model::Person;
use crate::people_desk::words::{email_word, name_words, phone_word};
use crate::privacy::consents::{Consent, record};
use crate::server::db::Db;
use crate::server::form_key;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{read, write_tx};

/// A date that can be chosen.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RunChoice {
    pub id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub venue: Option<String>,
    pub free: i64,
    pub waiting: i64,
    pub volunteers_only: bool,
}

/// As many dates as a list can be chosen from.
const MOST_RUNS: i64 = 300;
/// As many people as can be asked about.
const MOST_ALIKE: i64 = 8;
/// As many as the index gives, of whom some are not alike.
pub const MOST_FOUND: i64 = MOST_ALIKE * 4;

/// Every date that can be booked, by course; full ones have a waiting list.
pub async fn open_runs(db: &Db, now: DateTime<Utc>) -> Result<Vec<RunChoice>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT run.id, course.title, run.starts_at, venue.name AS venue, \
                    run.capacity - run.places_taken - run.places_held AS free, run.waiting, run.volunteers_only \
             FROM run JOIN course ON course.id = run.course_id AND course.status = 'published' \
             LEFT JOIN session ON session.run_id = run.id AND session.position = 1 \
             LEFT JOIN venue ON venue.id = ",
            venue_of!("session"),
            " WHERE run.status = 'open' AND run.ends_at > $1 AND COALESCE(run.join_until, run.starts_at) > $1 \
             ORDER BY course.title, run.starts_at LIMIT $2",
        ))
        .bind(now)
        .bind(MOST_RUNS)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Somebody who may be the one who is about to be added.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Alike {
    pub id: Uuid,
    pub full_name: String,
    pub date_of_birth: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// By what somebody may be known.
#[derive(Clone, Copy, Debug)]
pub struct Like<'a> {
    pub full_name: &'a str,
    pub born: Option<NaiveDate>,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
}

impl<'a> Like<'a> {
    /// Somebody new.
    pub fn new(new: &'a Newcomer) -> Self {
        Self {
            full_name: &new.full_name,
            born: Some(new.born),
            phone: new.contact.phone.as_deref(),
            email: new.contact.email.as_deref(),
        }
    }

    /// Somebody who has a record.
    pub fn one(person: &'a Person) -> Self {
        Self {
            full_name: &person.full_name,
            born: person.born(),
            phone: person.phone.as_deref(),
            email: person.email.as_deref(),
        }
    }
}

/// What the index is asked for: `$2` to `$5` of `select_alike!`.
pub struct Sought {
    pub phone: String,
    pub email: String,
    /// As `1952-03-31`.
    pub born: String,
    /// The longest word of the name.
    pub name: String,
}

impl Like<'_> {
    /// What the index is asked for.
    pub fn sought(&self) -> Sought {
        let names = name_words(self.full_name);
        Sought {
            phone: self.phone.map(phone_word).unwrap_or_default(),
            email: self.email.map(email_word).unwrap_or_default(),
            born: self.born.map(|born| born.to_string()).unwrap_or_default(),
            name: names
                .into_iter()
                .max_by_key(String::len)
                .unwrap_or_default(),
        }
    }

    /// Those of whom the index found that are alike.
    pub fn of(&self, found: Vec<Alike>) -> Vec<Alike> {
        let email = self.email.map(email_word);
        let sorted = |name: &str| {
            let mut words = name_words(name);
            words.sort();
            words
        };
        let ours = sorted(self.full_name);
        let same = |one: &Alike| {
            let contact = (one.phone.is_some() && one.phone.as_deref() == self.phone)
                || (one.email.is_some() && one.email.as_deref().map(email_word) == email);
            contact || sorted(&one.full_name) == ours
        };
        let most = usize::try_from(MOST_ALIKE).unwrap_or_default();
        found.into_iter().filter(same).take(most).collect()
    }
}

/// Reads [`Alike`] of whoever the index finds by [`Sought`], `$6` at most: not `$1`, and nobody who has died where `$7` says so.
macro_rules! select_alike {
    () => {
        "SELECT person.id, person.full_name, person.date_of_birth, person.phone, person.email FROM person \
         WHERE person.id <> $1 AND person.merged_into IS NULL AND NOT ($7 AND person.deceased_at IS NOT NULL) \
         AND person.id IN (SELECT person_id FROM person_word WHERE word IN ($2, $3) \
            UNION SELECT has.person_id FROM person_word has JOIN person known ON known.id = has.person_id \
                  AND known.date_of_birth = $4 WHERE has.word = $5) \
         ORDER BY person.full_name, person.id LIMIT $6"
    };
}
pub(in crate::people_desk) use select_alike;

/// Who has the same phone or email, or the same name and birthday; `not` is left out, and whoever has died if only those
/// who are `alive` are asked for.
pub async fn alike(db: &Db, like: &Like<'_>, not: Uuid, alive: bool) -> Result<Vec<Alike>> {
    let sought = like.sought();
    let found: Vec<Alike> = read!(db, |c| {
        Ok(sqlx::query_as(select_alike!())
            .bind(not)
            .bind(&sought.phone)
            .bind(&sought.email)
            .bind(&sought.born)
            .bind(&sought.name)
            .bind(MOST_FOUND)
            .bind(alive)
            .fetch_all(&mut *c)
            .await?)
    })?;
    Ok(like.of(found))
}

/// Keeps who comes, how they may be reached, and that they agreed: one transaction, and the same form once. `form` is its
/// key, and the key of the booking that it makes: once there is that booking, the form changes nothing any more.
pub async fn keep(
    app: &App,
    by: &By,
    sent: &Sent,
    person_id: Uuid,
    form: (&str, &[u8; 32]),
) -> Result<()> {
    let now = app.clock.now();
    let (was, is) = (sent.was_words(), sent.words());
    let entry = Entry::by(app, by, Action::DetailsChanged)?
        .changed(app, person_id, &was, &is)
        .await?;
    let channel = said_by(sent.channel);
    let agreed = Consent {
        id: form_key::id(
            app,
            "agreed-at-desk",
            by.account_id,
            &format!("{}:{}", form.0, sent.run_id),
            "",
        ),
        ..Consent::new(app, person_id, SCRIPT, true, channel)?
    };
    // The engine records texts that begin or end with how they are reminded; this is what it does not see.
    let no_texts = match &sent.whom {
        Whom::Known(person)
            if person.reach_by_text
                && !sent.reaches("text")
                && person.remind_by != RemindBy::EmailAndText.name() =>
        {
            Some(Consent::new(app, person_id, TEXTS, false, channel)?)
        }
        _ => None,
    };
    write_tx!(app.db, |c| {
        let booked: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM booking WHERE form_key = $1)")
                .bind(form.1.as_slice())
                .fetch_one(&mut *c)
                .await?;
        if booked {
            return Ok(());
        }
        if let Whom::New(new) = &sent.whom {
            let postcode = new.contact.postcode.as_deref();
            sqlx::query(
                "INSERT INTO person (id, full_name, date_of_birth, email, phone, address, town, postcode, out_of_area, \
                                     created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) \
                 ON CONFLICT (id) DO UPDATE SET full_name = $2, date_of_birth = $3, email = $4, phone = $5, address = $6, \
                    town = $7, postcode = $8, out_of_area = $9, updated_at = $10 \
                 WHERE NOT EXISTS (SELECT 1 FROM place WHERE place.person_id = person.id)",
            )
            .bind(person_id)
            .bind(&new.full_name)
            .bind(new.born.to_string())
            .bind(&new.contact.email)
            .bind(&new.contact.phone)
            .bind(&new.contact.address)
            .bind(&new.contact.town)
            .bind(postcode)
            .bind(postcode.is_some_and(|own| !in_area(own, &app.config.postcodes)))
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        sqlx::query(
            "UPDATE person SET reach_by_email = $2, reach_by_text = $3, reach_by_call = $4, reach_by_letter = $5, \
                    safe_to_leave_message = $6, updated_at = $7 WHERE id = $1",
        )
        .bind(person_id)
        .bind(sent.reaches("email"))
        .bind(sent.reaches("text"))
        .bind(sent.reaches("call"))
        .bind(sent.reaches("letter"))
        .bind(sent.safe_message)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if was != is {
            insert_entry!(c, &entry);
        }
        // Their row is locked by now: of the same form sent twice the second finds what the first has kept.
        let agreed_before: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM consent WHERE id = $1)")
                .bind(agreed.id)
                .fetch_one(&mut *c)
                .await?;
        if agreed_before {
            return Ok(());
        }
        record!(c, &agreed);
        if let Some(no_texts) = &no_texts {
            record!(c, no_texts);
        }
        Ok(())
    })
}

/// Whoever wrote to us and has no email is on the list of calls, to be told that they are booked, unless a letter or a text goes.
/// Sent again, the form notes it once.
pub async fn note_telling(app: &App, sent: &Sent, person_id: Uuid, booked: &Booked) -> Result<()> {
    if sent.channel != Channel::Letter {
        return Ok(());
    }
    let people = crate::bookings::store::people(&app.db, &[person_id]).await?;
    let account_id = match &sent.whom {
        Whom::Known(person) => person.account_id,
        Whom::New(_) => None,
    };
    let posted = format!("booking:{}:confirmed", booked.id);
    if written_to(app, &people, account_id).await?.is_some()
        || crate::bookings::post::is_written(app, &posted).await?
        || crate::bookings::emails::is_texted(app, booked.id).await?
    {
        return Ok(());
    }
    let now = app.clock.now();
    let Some(offer) = crate::bookings::store::offer(&app.db, sent.run_id, now).await? else {
        return Ok(());
    };
    let call = Call {
        id: app.id()?,
        cause: format!("booking:{}:booked", booked.id),
        about: About::Booked,
        person_id,
        run_id: Some(sent.run_id),
        call_by: offer.to_come(now).run.starts_at,
        created_at: now,
    };
    write_tx!(app.db, |c| {
        calls::insert!(c, &call);
        Ok(())
    })
}

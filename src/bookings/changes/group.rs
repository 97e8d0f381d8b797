//! Writing to the people of a run, in somebody's own words: to everybody who has a place, to some of them, or to whoever waits. Who
//! reads it, and by which channel, is as for any other change; of somebody under 16 their parent or guardian reads it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{store, tell};
use crate::bookings::calls::{About, Call};
use crate::bookings::emails::{self, Reader};
use crate::bookings::post;
use crate::bookings::rules;
use crate::bookings::store::{self as bookings_store, Offer, Person};
use crate::bookings::waiting;
use crate::messages::letters::bookings::Facts;
use crate::messages::letters::{changes as letters, texts};
use crate::messages::{self, Prepared};
use crate::server::{App, Result};

/// After the last session somebody is rung for so long.
const RINGS_FOR: TimeDelta = TimeDelta::days(7);

/// Which of a run's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who has a place.
    Coming,
    /// Those of them who are among these.
    Among(HashSet<Uuid>),
    /// Everybody on the waiting list.
    Waiting,
}

impl Audience {
    /// Whether it may be somebody who stands so: who waits for a parent or guardian to agree has no place yet.
    fn takes(&self, one: &store::Concerned) -> bool {
        match self {
            Self::Coming | Self::Among(_) => one.status == "booked",
            Self::Waiting => one.waits(),
        }
    }

    fn has(&self, person: &Person) -> bool {
        match self {
            Self::Coming | Self::Waiting => true,
            Self::Among(people) => people.contains(&person.id),
        }
    }
}

/// Whom a message goes to.
pub struct Group {
    offer: Offer,
    all: Vec<To>,
}

/// Somebody who reads it for themselves and whoever comes with them, or for a child.
struct To {
    /// The booking, or the child's place on it.
    cause: String,
    names: Vec<Person>,
    reference: String,
    has_page: bool,
    reader: Option<Reader>,
    is_guardian: bool,
    texted: Option<(Uuid, String)>,
    posted: Option<Person>,
    rung: Option<Uuid>,
    /// The entry on the waiting list, of whoever has no place.
    entry: Option<Uuid>,
}

/// How many people a message goes to, and how. Some get it twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub people: i64,
    /// By email.
    pub by_email: i64,
    /// By text.
    pub by_text: i64,
    /// By a call of the course team.
    pub by_call: i64,
    /// By a letter.
    pub by_letter: i64,
}

impl Group {
    /// These people of a run; none where there is no such run.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(app: &App, run_id: Uuid, audience: &Audience) -> Result<Option<Self>> {
        let now = app.clock.now();
        let Some(offer) = bookings_store::offer(&app.db, run_id, now).await? else {
            return Ok(None);
        };
        let mut all = Vec::new();
        for one in store::concerned(&app.db, run_id).await? {
            if !audience.takes(&one) {
                continue;
            }
            let mut people = if one.waits() {
                waiting::store::people(&app.db, one.id).await?
            } else {
                bookings_store::people_of(&app.db, one.id).await?
            };
            people.retain(|person| audience.has(person));
            let (children, grown): (Vec<_>, Vec<_>) = people
                .into_iter()
                .partition(|person| rules::is_under_16(person.born(), offer.run.starts_at));
            if !grown.is_empty() {
                all.push(To::grown(app, &offer, &one, grown).await?);
            }
            for child in children {
                all.push(To::child(app, &one, child).await?);
            }
        }
        Ok(Some(Self { offer, all }))
    }

    /// How many that are.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for to in &self.all {
            let n = i64::try_from(to.names.len()).unwrap_or_default();
            counts.people += n;
            counts.by_email += if to.reader.is_some() { n } else { 0 };
            counts.by_text += if to.texted.is_some() { n } else { 0 };
            counts.by_call += if to.rung.is_some() { n } else { 0 };
            counts.by_letter += if to.posted.is_some() { n } else { 0 };
        }
        counts
    }

    /// The messages and calls with which `words` reach them; `id` is the cause, so that each is written once. `from` is who
    /// writes: "Priya, who leads the sessions".
    ///
    /// # Errors
    /// When a message cannot be written or sealed.
    pub async fn told(self, app: &App, id: Uuid, from: &str, words: &str) -> Result<tell::Told> {
        let now = app.clock.now();
        let Self { offer, all } = self;
        let next = offer
            .sessions
            .iter()
            .map(|s| s.starts_at)
            .filter(|at| *at > now)
            .min();
        let soon = next.is_some_and(|at| at - now < tell::SOON);
        let mut told = tell::Told::default();
        for to in all {
            let cause = format!("group:{id}:{}", to.cause);
            if let Some(person_id) = to.rung {
                told.calls.push(Call {
                    id: app.id()?,
                    cause: cause.clone(),
                    about: About::Change,
                    person_id,
                    run_id: Some(offer.run.id),
                    call_by: next.unwrap_or(now + RINGS_FOR),
                    created_at: now,
                });
            }
            if let Some(person) = &to.posted {
                let run = (&offer, to.reference.as_str());
                let mut said = vec![format!("{from}, writes:")];
                said.extend(words.lines().map(str::to_owned));
                let about = post::About::Message;
                told.posted
                    .extend(post::letter(app, person, about, run, said, &cause, true).await?);
            }
            if let Some((person_id, number)) = &to.texted {
                let text = texts::written(&app.config, number, from, words);
                let text = messages::prepare(app, text, Some(*person_id), &format!("{cause}:text"))
                    .await?;
                told.letters.push(if soon { text } else { text.by_day() });
            }
            if let Some(letter) = to.letter(app, &offer, &cause, (from, words), now).await? {
                told.letters.push(letter);
            }
        }
        Ok(told)
    }
}

impl To {
    /// Somebody of 16 or more, with whoever comes along.
    async fn grown(
        app: &App,
        offer: &Offer,
        one: &store::Concerned,
        people: Vec<Person>,
    ) -> Result<Self> {
        let reader = Reader::of(app, &people, one.account_id).await?;
        let contact = emails::contact(app, &people, one.account_id).await?;
        let by = Self::by(app, one, reader, contact.clone());
        let nobody = by.reader.is_none() && by.texted.is_none() && !one.waits();
        // Nothing is posted about a run that is over: whoever prints would not find it any more.
        let goes_on = offer.run.ends_at > app.clock.now();
        let posted = match contact.filter(|_| nobody && goes_on) {
            Some(contact) if post::reaches(app, &contact, offer, true).await? => Some(contact),
            _ => None,
        };
        Ok(Self {
            cause: one.id.to_string(),
            has_page: one.account_id.is_some(),
            names: people,
            rung: by.rung.filter(|_| posted.is_none()),
            posted,
            ..by
        })
    }

    /// A child: their parent or guardian reads it, or whoever booked for them. Not the child.
    async fn child(app: &App, one: &store::Concerned, child: Person) -> Result<Self> {
        let guardian = Reader::guardian_of(&child);
        let is_guardian = guardian.is_some();
        let by = if let Some(reader) = guardian {
            Self::by(app, one, Some(reader), None)
        } else {
            let reader = Reader::of(app, &[], one.account_id).await?;
            let contact = emails::contact(app, &[], one.account_id).await?;
            Self::by(
                app,
                one,
                reader.filter(|reader| reader.person_id != child.id),
                contact.filter(|contact| contact.id != child.id),
            )
        };
        let nobody = by.reader.is_none() && by.texted.is_none();
        Ok(Self {
            cause: format!("{}:{}", one.id, child.id),
            has_page: one.account_id.is_some() && !is_guardian,
            is_guardian,
            rung: by.rung.or(nobody.then_some(child.id)),
            names: vec![child],
            ..by
        })
    }

    /// The channels: as for any other change. Whoever has no place is not rung or sent a text only because they like it.
    fn by(
        app: &App,
        one: &store::Concerned,
        reader: Option<Reader>,
        contact: Option<Person>,
    ) -> Self {
        let chosen = contact.as_ref().filter(|_| !one.waits());
        let texted = emails::texted(app, chosen).map(|(id, number)| (id, number.to_owned()));
        let wants_call = chosen.is_some_and(Person::wants_calls);
        let nobody = reader.is_none() && texted.is_none();
        let rung = contact.filter(|_| nobody || wants_call);
        Self {
            cause: String::new(),
            names: Vec::new(),
            reference: one.reference.clone(),
            has_page: false,
            is_guardian: false,
            reader,
            texted,
            posted: None,
            rung: rung.map(|contact| contact.id),
            entry: one.waits().then_some(one.id),
        }
    }

    async fn letter(
        self,
        app: &App,
        offer: &Offer,
        cause: &str,
        (from, words): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<Option<Prepared>> {
        let Some(reader) = self.reader else {
            return Ok(None);
        };
        let path = match self.entry {
            Some(entry) => waiting::entry_path(entry),
            None => format!("/account/bookings/{}", self.reference),
        };
        let mut run = reader.told(&offer.to_come(now), &self.names, path);
        if self.is_guardian {
            run.names = self
                .names
                .iter()
                .map(|person| person.full_name.clone())
                .collect();
        }
        let facts = Facts {
            reference: self.reference,
            run,
            by_staff: !self.has_page,
        };
        let written = letters::Written {
            facts: &facts,
            is_guardian: self.is_guardian,
            waits: self.entry.is_some(),
            is_over: offer.run.ends_at <= now,
            from,
            words,
        };
        let person_id = reader.person_id;
        let mail = letters::written(&app.config, reader.to, &written)?;
        Ok(Some(
            messages::prepare(app, mail, Some(person_id), cause).await?,
        ))
    }
}

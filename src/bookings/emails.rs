//! Messages about a booking. Neither subject nor text names the course, unless the person allowed it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::calendar::{self, Entry};
use super::model::{Booked, Choices, RemindBy};
use super::post;
use super::store::{self, Offer, Person};
use crate::messages::letters::bookings::{self as letters, Facts, Run};
use crate::messages::letters::texts;
use crate::messages::{self, Address, IcsMethod, Prepared};
use crate::read;
use crate::server::random::Secret;
use crate::server::{App, Result};
use crate::ui::dates;

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The run.
    pub offer: &'a Offer,
    /// Who comes.
    pub people: &'a [Person],
    /// The booking.
    pub booked: &'a Booked,
    /// The account it was made by.
    pub account_id: Option<Uuid>,
}

/// What a booking sends, written with it or not at all.
#[derive(Debug, Default)]
pub struct Letters {
    /// The messages; none when nobody can be written to.
    pub messages: Vec<Prepared>,
    /// The links in them.
    pub links: Vec<GuardianLink>,
    /// What goes by post instead.
    pub posted: Vec<post::Posted>,
}

/// A link for a parent or guardian to agree by.
#[derive(Debug)]
pub struct GuardianLink {
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub email: String,
    pub guardian_id: Uuid,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// How a booking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// They cancelled.
    Cancelled,
    /// They stop coming.
    Stopped,
    /// Their parent or guardian said no.
    Declined,
    /// Their parent or guardian did not answer in time.
    Lapsed,
}

/// Who reads a message: the first who comes and signs in by themselves, or else whoever made the booking; without an
/// account, the first who has an address.
pub struct Reader {
    pub person_id: Uuid,
    pub to: Address,
    name_course: bool,
}

impl Reader {
    /// Who reads what is about these people; nobody when there is no address.
    pub async fn of(
        app: &App,
        people: &[Person],
        account_id: Option<Uuid>,
    ) -> Result<Option<Self>> {
        let reader = |person: &Person, email: &str| Self {
            person_id: person.id,
            to: Address::new(Some(person.known_as()), email),
            name_course: person.name_course_in_messages.unwrap_or(false),
        };
        let written_to = |may: fn(&Person) -> bool| {
            let mut people = people
                .iter()
                .filter(|person| may(person) && !person.has_died);
            people.find_map(|person| Some(reader(person, person.email.as_deref()?)))
        };
        // Somebody else's own address is for calling them to mind, not for letters that ask them to sign in.
        let own = written_to(|person| person.has_account);
        let (None, Some(account_id)) = (&own, account_id) else {
            return Ok(own.or_else(|| written_to(|_| true)));
        };
        let holder = store::account_holder(&app.db, account_id).await?;
        let holder = holder.map(|(person, email)| reader(&person, &email));
        // Whoever made the booking may have died: then it is about those who come.
        Ok(holder.or_else(|| written_to(|_| true)))
    }

    /// The parent or guardian of somebody, if we can write to them.
    pub fn guardian_of(child: &Person) -> Option<Self> {
        let email = child.guardian_email.as_deref()?;
        Some(Self {
            person_id: child.id,
            to: Address::new(child.guardian_name.as_deref(), email),
            name_course: child.name_course_in_messages.unwrap_or(false),
        })
    }

    /// What a message to them says about a run, with the page it is about.
    pub fn told(&self, offer: &Offer, people: &[Person], path: String) -> Run {
        let others = people.iter().any(|p| p.id != self.person_id);
        Run {
            course: self.name_course.then(|| offer.run.title.clone()),
            names: if others {
                people.iter().map(|p| p.full_name.clone()).collect()
            } else {
                Vec::new()
            },
            ..discreet(offer, path)
        }
    }
}

/// Where what is about a booking of these people is written to; nowhere when nobody has an address.
///
/// # Errors
/// When the database fails.
pub(crate) async fn written_to(
    app: &App,
    people: &[Person],
    account_id: Option<Uuid>,
) -> Result<Option<String>> {
    let reader = Reader::of(app, people, account_id).await?;
    Ok(reader.map(|reader| reader.to.email().to_owned()))
}

/// A run as any message may describe it.
pub fn discreet(offer: &Offer, path: String) -> Run {
    Run {
        starts: offer.starts(),
        first_ends_at: offer.first_ends(),
        place: offer.first_place(),
        elsewhere: offer.elsewhere(),
        course: None,
        names: Vec::new(),
        path,
    }
}

/// Who says how we reach them about these people: the first who signs in by themselves, or else whoever made the
/// booking; the first of them where the team made it.
pub async fn contact(
    app: &App,
    people: &[Person],
    account_id: Option<Uuid>,
) -> Result<Option<Person>> {
    let own = people.iter().find(|person| person.has_account);
    let (None, Some(account_id)) = (own, account_id) else {
        return Ok(own.or(people.first()).cloned());
    };
    let holder = store::account_holder(&app.db, account_id).await?;
    Ok(holder.map_or_else(|| people.first().cloned(), |(person, _)| Some(person)))
}

/// Who gets a text, and at which number, if that is what they chose; nobody when no texts are sent.
pub fn texted<'a>(app: &App, contact: Option<&'a Person>) -> Option<(Uuid, &'a str)> {
    let person = contact.filter(|_| app.messages.texts.are_sent())?;
    Some((person.id, person.text_to()?))
}

impl About<'_> {
    async fn reader(&self, app: &App) -> Result<Option<Reader>> {
        Reader::of(app, self.people, self.account_id).await
    }

    /// A letter to whoever says how we reach them, where nobody has an email address.
    async fn by_post(
        &self,
        app: &App,
        what: post::About,
        news: String,
        (cause, name_course): (&str, Option<bool>),
    ) -> Result<Letters> {
        let mut all = Letters::default();
        if let Some(mut contact) = contact(app, self.people, self.account_id).await? {
            contact.name_course_in_messages = name_course.or(contact.name_course_in_messages);
            let cause = format!("booking:{}:{cause}", self.booked.id);
            let run = (self.offer, self.booked.reference.as_str());
            let letter = post::letter(app, &contact, what, run, vec![news], &cause, false).await?;
            all.posted.extend(letter);
        }
        Ok(all)
    }

    /// "Your booking is confirmed" in a text, for whoever agreed to texts, where nobody has an email address.
    async fn by_text(&self, app: &App, remind_by: Option<RemindBy>) -> Result<Option<Prepared>> {
        let Some(mut contact) = contact(app, self.people, self.account_id).await? else {
            return Ok(None);
        };
        // What the first of them chose with this booking is not in their record yet.
        let first = self.people.first().map(|person| person.id);
        if let Some(chosen) = remind_by.filter(|_| first == Some(contact.id)) {
            chosen.name().clone_into(&mut contact.remind_by);
        }
        let Some((person_id, number)) = texted(app, Some(&contact)) else {
            return Ok(None);
        };
        let now = app.clock.now();
        let run = discreet(&self.offer.to_come(now), String::new());
        let reference = &self.booked.reference;
        let text = texts::confirmed(&app.config, number, reference, &run, dates::day_of(now));
        let cause = text_cause(self.booked.id);
        let text = messages::prepare(app, text, Some(person_id), &cause).await?;
        Ok(Some(text.by_day()))
    }

    /// The dates for a calendar.
    fn calendar_entry(&self) -> Entry<'_> {
        Entry {
            booking_id: self.booked.id,
            reference: &self.booked.reference,
            sequence: self.offer.run.sequence,
            at: &self.offer.run.at,
            own: &self.offer.own,
            booked_at: self.booked.created_at,
            all: &self.offer.sessions,
            sessions: &self.offer.sessions,
            dropped: &[],
        }
    }

    fn facts(&self, reader: &Reader) -> Facts {
        let reference = self.booked.reference.clone();
        let path = format!("/account/bookings/{reference}");
        Facts {
            reference,
            run: reader.told(self.offer, self.people, path),
            by_staff: self.account_id.is_none(),
        }
    }
}

/// The cause of the text that says that a booking is confirmed.
fn text_cause(booking_id: Uuid) -> String {
    format!("booking:{booking_id}:confirmed:text")
}

/// Whether a text says that this booking is confirmed.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_texted(app: &App, booking_id: Uuid) -> Result<bool> {
    let cause = text_cause(booking_id);
    read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox WHERE cause = $1)")
                .bind(&cause)
                .fetch_one(&mut *c)
                .await?,
        )
    })
}

/// "Your booking is confirmed": by email, or else by letter, by text or both. `choices` are those made with the booking.
///
/// # Errors
/// When the message cannot be written or sealed.
pub async fn confirmation(app: &App, about: About<'_>, choices: &Choices) -> Result<Letters> {
    let Some(mut reader) = about.reader(app).await? else {
        let saved = match about.people {
            [_] => "We have saved a place for you.".to_owned(),
            people => format!("We have saved {} places.", people.len()),
        };
        let cause = ("confirmed", choices.name_course);
        let mut all = about
            .by_post(app, post::About::Booked, saved, cause)
            .await?;
        all.messages
            .extend(about.by_text(app, choices.remind_by).await?);
        return Ok(all);
    };
    reader.name_course = choices.name_course.unwrap_or(reader.name_course);
    // Whoever joins late gets what is still to come.
    let to_come = about.offer.to_come(app.clock.now());
    let entry = about.calendar_entry();
    let facts = About {
        offer: &to_come,
        ..about
    }
    .facts(&reader);
    let mail = letters::confirmed(&app.config, reader.to, &facts)?.with_ics(calendar::file(
        app,
        &entry,
        IcsMethod::Publish,
    ));
    let cause = format!("booking:{}:confirmed", about.booked.id);
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Letters {
        messages: vec![message],
        ..Letters::default()
    })
}

/// "Your booking is moved": one message about what they have now (`about`) and what they had `before`, which ends as number
/// `sequence`.
///
/// # Errors
/// When the message cannot be written or sealed.
pub async fn moved(
    app: &App,
    about: About<'_>,
    before: About<'_>,
    sequence: i64,
) -> Result<Letters> {
    let Some(reader) = about.reader(app).await? else {
        let news = format!(
            "We have moved your booking. Please do not come to what you had before, booking number {}.",
            before.booked.reference
        );
        return about
            .by_post(app, post::About::Changed, news, ("confirmed", None))
            .await;
    };
    let now = app.clock.now();
    let to_come = about.offer.to_come(now);
    let had = before.offer.to_come(now);
    let dropped: Vec<_> = before
        .offer
        .sessions
        .iter()
        .filter(|session| session.starts_at > now)
        .copied()
        .collect();
    let mut had_entry = before.calendar_entry();
    had_entry.sequence = before.offer.run.sequence + sequence;
    had_entry.dropped = &dropped;
    let ics = calendar::file_instead(
        app,
        &about.calendar_entry(),
        Some(&had_entry),
        IcsMethod::Publish,
    );
    let facts = About {
        offer: &to_come,
        ..about
    }
    .facts(&reader);
    let had = About {
        offer: &had,
        ..before
    }
    .facts(&reader);
    let mail = letters::moved(&app.config, reader.to.clone(), &facts, &had)?.with_ics(ics);
    let cause = format!("booking:{}:confirmed", about.booked.id);
    let message = messages::prepare(app, mail, Some(reader.person_id), &cause).await?;
    Ok(Letters {
        messages: vec![message],
        ..Letters::default()
    })
}

/// "Please can you agree to a booking?", to the parent or guardian of each who needs one.
///
/// # Errors
/// When a message cannot be written or sealed.
pub async fn guardian(app: &App, about: About<'_>, agree_by: DateTime<Utc>) -> Result<Letters> {
    let now = app.clock.now();
    let starts_at = about.offer.run.starts_at;
    let mut all = Letters::default();
    for child in about.people {
        let (true, Some(guardian_id), Some(email)) = (
            child.waits_for_guardian(starts_at),
            child.guardian_id,
            child.guardian_email.as_deref(),
        ) else {
            continue;
        };
        let secret = Secret::new()?;
        let url = format!("{}/guardian/{}", app.config.origin(), secret.text());
        let to = Address::new(child.guardian_name.as_deref(), email);
        let mail = messages::letters::guardian_request(
            &app.config,
            to,
            child.known_as(),
            &url,
            agree_by,
            now,
        )?;
        let cause = format!("booking:{}:guardian:{guardian_id}", about.booked.id);
        all.messages
            .push(messages::prepare(app, mail, Some(child.id), &cause).await?);
        all.links.push(GuardianLink {
            id: app.id()?,
            hash: secret.hash().to_vec(),
            email: email.to_owned(),
            guardian_id,
            now,
            expires_at: agree_by,
        });
    }
    Ok(all)
}

/// "Your booking is cancelled", that we noted that they stop coming, or that a parent or guardian did not agree.
/// A guardian who did not answer in time is told, too.
///
/// # Errors
/// When a message cannot be written or sealed.
pub async fn ended(app: &App, about: About<'_>, sequence: i64, ended: Ended) -> Result<Letters> {
    let mut all = Letters::default();
    if ended == Ended::Lapsed {
        all.messages = too_late(app, about).await?;
    }
    let Some(reader) = about.reader(app).await? else {
        let noted = match ended {
            Ended::Stopped => "We have noted that you stop coming.",
            _ => "We have cancelled your booking.",
        };
        let posted = about
            .by_post(
                app,
                post::About::Cancelled,
                noted.to_owned(),
                ("cancelled", None),
            )
            .await?;
        all.posted = posted.posted;
        return Ok(all);
    };
    let how = match ended {
        Ended::Cancelled => letters::Ending::Cancelled,
        Ended::Stopped => letters::Ending::Stopped,
        Ended::Declined => letters::Ending::GuardianDeclined,
        Ended::Lapsed => letters::Ending::GuardianSilent,
    };
    let facts = about.facts(&reader);
    let mut mail = letters::cancelled(&app.config, reader.to.clone(), &facts, how)?;
    // A place that waited was in nobody's calendar yet.
    if matches!(ended, Ended::Cancelled | Ended::Stopped) {
        let now = app.clock.now();
        let sessions = &about.offer.sessions;
        let been = sessions.iter().filter(|s| s.starts_at <= now).count();
        let gone = match ended {
            Ended::Stopped => &sessions[been..],
            _ => &sessions[..],
        };
        let entry = Entry {
            booking_id: about.booked.id,
            reference: &about.booked.reference,
            sequence: about.offer.run.sequence + sequence,
            at: &about.offer.run.at,
            own: &about.offer.own,
            booked_at: about.booked.created_at,
            all: sessions,
            sessions: gone,
            dropped: &[],
        };
        mail = mail.with_ics(calendar::file(app, &entry, IcsMethod::Cancel));
    }
    let cause = format!("booking:{}:cancelled", about.booked.id);
    all.messages
        .push(messages::prepare(app, mail, Some(reader.person_id), &cause).await?);
    Ok(all)
}

/// To each parent or guardian who was asked and did not answer.
async fn too_late(app: &App, about: About<'_>) -> Result<Vec<Prepared>> {
    let mut all = Vec::new();
    for child in about.people {
        let (true, Some(email)) = (
            child.waits_for_guardian(about.offer.run.starts_at),
            child.guardian_email.as_deref(),
        ) else {
            continue;
        };
        let to = Address::new(child.guardian_name.as_deref(), email);
        let mail = letters::guardian_too_late(&app.config, to, child.known_as())?;
        let cause = format!("booking:{}:guardian-late:{}", about.booked.id, child.id);
        all.push(messages::prepare(app, mail, Some(child.id), &cause).await?);
    }
    Ok(all)
}

/// Queues messages inside a transaction: they are sent when the booking stands, and not otherwise.
macro_rules! insert {
    ($c:expr, $letters:expr) => {
        for link in &$letters.links {
            sqlx::query(
                "INSERT INTO email_link (id, token_hash, purpose, email, guardian_id, created_at, expires_at) \
                 VALUES ($1, $2, 'guardian', $3, $4, $5, $6)",
            )
            .bind(link.id)
            .bind(&link.hash)
            .bind(&link.email)
            .bind(link.guardian_id)
            .bind(link.now)
            .bind(link.expires_at)
            .execute(&mut *$c)
            .await?;
        }
        for message in &$letters.messages {
            crate::messages::insert!($c, message);
        }
        for letter in &$letters.posted {
            crate::bookings::post::insert!($c, letter);
        }
    };
}
pub(super) use insert;

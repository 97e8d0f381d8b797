//! What somebody chose while booking: a sealed note, how to be reminded, what messages may say. Each choice
//! that is new is kept with the words that were shown.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Booked, Channel as Came, Choices, RemindBy, Request};
use super::sealed::{Ready, Sealed};
use super::store::Person;
use super::{consents, equality};
use crate::privacy::consents::{Channel, Consent};
use crate::server::{App, Result};
use crate::write_tx;

/// What will be written with the booking.
#[derive(Debug)]
pub struct Prepared {
    pub booking_id: Uuid,
    pub now: DateTime<Utc>,
    /// Whose note it is, the id of the vault's row, and what it holds.
    pub notes: Vec<(Uuid, Uuid, Vec<u8>)>,
    /// The answer to the equality question.
    pub ethnicity: Option<Ready>,
    /// What is new about reminders and messages.
    pub settings: Option<Settings>,
    /// What is agreed to by writing a note.
    pub consents: Vec<Consent>,
}

/// Where somebody said what is kept with a booking that came this way.
pub fn said_by(came: Came) -> Channel {
    match came {
        Came::Phone => Channel::Phone,
        Came::Letter => Channel::Letter,
        Came::InPerson => Channel::InPerson,
        Came::Website | Came::Referral => Channel::Booking,
    }
}

/// Whether booking this way asks only the first time whether messages may name the course. The team asks each time.
fn is_asked_once(came: Came) -> bool {
    came == Came::Website
}

/// What this booking says. The website asks once whether messages may name the course: to whoever has answered the box was
/// not shown, and that it is not ticked says nothing.
pub fn said(request: &Request, people: &[Person]) -> Choices {
    let answered = people
        .first()
        .is_none_or(|own| own.name_course_in_messages.is_some());
    let shown = !answered || !is_asked_once(request.channel);
    Choices {
        name_course: request.choices.name_course.filter(|_| shown),
        ..request.choices.clone()
    }
}

/// Seals the notes and works out what is new, before the transaction.
pub async fn prepare(
    app: &App,
    people: &[Person],
    booked: &Booked,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Option<Prepared>> {
    let channel = said_by(request.channel);
    let Some(person) = people.first() else {
        return Ok(None);
    };
    let choices = &said(request, people);
    if *choices == Choices::default() {
        return Ok(None);
    }
    let (mut consents, mut notes) = (Vec::new(), Vec::new());
    let written = [&choices.access_note, &choices.second_note];
    for (person, words) in people.iter().zip(written) {
        let Some(words) = words else { continue };
        let wording = consents::ACCESS_NOTE;
        consents.push(Consent::new(app, person.id, wording, true, channel)?);
        let place = Sealed::AccessNote {
            person_id: person.id,
            booking_id: booked.id,
        };
        let (id, sealed) = place.seal(app, words).await?;
        notes.push((person.id, id, sealed));
    }
    let ethnicity = match choices.ethnicity {
        Some(answer) => Some(equality::ready(app, person.id, answer, channel).await?),
        None => None,
    };
    let mut settings = Settings::changed(app, person, choices, channel)?;
    if is_asked_once(request.channel)
        && let Some(named) = settings.as_mut().and_then(|one| one.named.as_mut())
    {
        named.only_first = true;
    }
    Ok(Some(Prepared {
        booking_id: booked.id,
        now,
        notes,
        ethnicity,
        settings,
        consents,
    }))
}

/// Writes [`Settings`] inside a transaction. Texts are one choice: reminders by text are a way to be reached by text.
macro_rules! keep {
    ($c:expr, $settings:expr) => {{
        let settings: &$crate::bookings::choices::Settings = $settings;
        sqlx::query(
            "UPDATE person SET remind_by = $2, updated_at = $3, remind_each_session = $5, ask_feedback = $6, \
                    reach_by_text = CASE WHEN $2 = 'email-and-text' THEN $4 \
                                         WHEN remind_by = 'email-and-text' THEN NOT $4 \
                                         ELSE reach_by_text END \
             WHERE id = $1",
        )
        .bind(settings.person_id)
        .bind(settings.remind_by)
        .bind(settings.now)
        .bind(true)
        .bind(settings.each_session)
        .bind(settings.ask_feedback)
        .execute(&mut *$c)
        .await?;
        if let Some(named) = &settings.named {
            // Where it was asked once, and answered meanwhile, that answer stands.
            let done = sqlx::query(
                "UPDATE person SET name_course_in_messages = $2 \
                 WHERE id = $1 AND (name_course_in_messages IS NULL OR NOT $3)",
            )
            .bind(settings.person_id)
            .bind(named.given)
            .bind(named.only_first)
            .execute(&mut *$c)
            .await?;
            if done.rows_affected() > 0 {
                $crate::privacy::consents::record!($c, &named.consent);
            }
        }
        for consent in &settings.consents {
            $crate::privacy::consents::record!($c, consent);
        }
    }};
}
pub(super) use keep;

/// A new answer to whether messages may name the course.
#[derive(Debug)]
pub struct Named {
    pub given: bool,
    /// It counts only for somebody who has not answered before.
    pub only_first: bool,
    pub consent: Consent,
}

/// How somebody is reminded from now on, and whether messages may name the course.
#[derive(Debug)]
pub struct Settings {
    pub person_id: Uuid,
    pub remind_by: &'static str,
    pub named: Option<Named>,
    pub each_session: bool,
    pub ask_feedback: bool,
    pub now: DateTime<Utc>,
    /// What they agreed to or took back by it.
    pub consents: Vec<Consent>,
}

impl Settings {
    /// What is new in `choices`; none when nothing is.
    fn changed(
        app: &App,
        person: &Person,
        choices: &Choices,
        channel: Channel,
    ) -> Result<Option<Self>> {
        let consent = |wording, given| Consent::new(app, person.id, wording, given, channel);
        let mut consents = Vec::new();
        let before = RemindBy::named(&person.remind_by);
        let remind = choices.remind_by.unwrap_or(before);
        let texts = |by| by == RemindBy::EmailAndText;
        if texts(remind) != texts(before) {
            consents.push(consent(consents::TEXTS, texts(remind))?);
        }
        let known = person.name_course_in_messages;
        let named = match choices.name_course.filter(|given| known != Some(*given)) {
            Some(given) => Some(Named {
                given,
                only_first: false,
                consent: consent(consents::NAME_COURSE, given)?,
            }),
            None => None,
        };
        let each_session = choices.each_session.unwrap_or(person.remind_each_session);
        let ask_feedback = choices.ask_feedback.unwrap_or(person.ask_feedback);
        let changed = remind != before
            || named.is_some()
            || each_session != person.remind_each_session
            || ask_feedback != person.ask_feedback;
        Ok(changed.then(|| Self {
            person_id: person.id,
            remind_by: remind.name(),
            named,
            each_session,
            ask_feedback,
            now: app.clock.now(),
            consents,
        }))
    }
}

/// Keeps what somebody chose without a booking; `channel` is where they said it.
///
/// # Errors
/// When the database fails.
pub async fn save(app: &App, person: &Person, choices: &Choices, channel: Channel) -> Result<()> {
    let Some(settings) = Settings::changed(app, person, choices, channel)? else {
        return Ok(());
    };
    write_tx!(app.db, |c| {
        keep!(c, &settings);
        Ok(())
    })
}

/// Writes what [`prepare`] made, inside the booking's transaction.
macro_rules! insert {
    ($c:expr, $prepared:expr) => {
        if let Some(prepared) = &$prepared {
            for (person_id, id, sealed) in &prepared.notes {
                sqlx::query(
                    "INSERT INTO vault_entry (id, person_id, kind, booking_id, sealed, created_at) \
                     VALUES ($1, $2, 'access-note', $3, $4, $5)",
                )
                .bind(id)
                .bind(person_id)
                .bind(prepared.booking_id)
                .bind(sealed)
                .bind(prepared.now)
                .execute(&mut *$c)
                .await?;
            }
            if let Some(ethnicity) = &prepared.ethnicity {
                $crate::bookings::sealed::put!($c, ethnicity);
            }
            if let Some(settings) = &prepared.settings {
                $crate::bookings::choices::keep!($c, settings);
            }
            for consent in &prepared.consents {
                $crate::privacy::consents::record!($c, consent);
            }
        }
    };
}
pub(super) use insert;

//! People and bookings as rows, with what is sealed and what was agreed to.

use chrono::TimeDelta;

use super::bookings::{Booking, Waiting};
use super::dice::Dice;
use super::people::Person;
use super::rows::Rows;
use crate::accounts::guardian;
use crate::accounts::sign_up::pages::NOTICE;
use crate::bookings::consents::{ACCESS_NOTE, ETHNICITY, NAME_COURSE, TEXTS};
use crate::demo_row;
use crate::newsletters;
use crate::server::vault::RecordClass;
use crate::server::{App, Result, random};

/// The version of the words people agreed to.
const VERSION: &str = "1";

/// Ethnic groups as the census of 2021 counts them, about as often as here.
const ETHNIC_GROUPS: &[(&str, usize)] = &[
    ("white-british", 82),
    ("white-other", 6),
    ("asian-indian", 2),
    ("asian-chinese", 2),
    ("black-african", 2),
    ("black-caribbean", 2),
    ("white-irish", 1),
    ("mixed-asian", 1),
    ("asian-pakistani", 1),
    ("not-said", 1),
];

/// Adds the people with their accounts and consents.
///
/// # Errors
/// When the vault or the operating system's randomness fails.
pub async fn people(
    app: &App,
    people: &[Person],
    passwords: &[String],
    dice: &mut Dice,
    rows: &mut Rows,
) -> Result<()> {
    let mut cared_for = Vec::new();
    for person in people {
        add_person(person, rows);
        if let Some((name, email, phone)) = &person.guardian {
            demo_row!(
                rows,
                "INSERT INTO guardian (id, person_id, full_name, email, phone, agreed_at, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                random::id(person.joined)?,
                person.id,
                &**name,
                &**email,
                &**phone,
                person.joined + TimeDelta::hours(3),
                person.joined,
            );
            let words = guardian::words(&person.full_name);
            add_consent(person, "guardian", true, &words, "email-link", rows)?;
        }
        add_account(person, passwords, rows)?;
        if let Some(account) = person.carer.and_then(|carer| people[carer].account) {
            cared_for.push((person.id, account, person.joined));
        }
        let channel = if person.account.is_some() {
            "sign-up"
        } else {
            "phone"
        };
        add_consent(person, "privacy-notice", true, NOTICE.words, channel, rows)?;
        if person.texts {
            add_consent(person, "texts", true, TEXTS.words, channel, rows)?;
        }
        if let Some(given) = person.name_course {
            add_consent(
                person,
                "course-name",
                given,
                NAME_COURSE.words,
                "booking",
                rows,
            )?;
        }
        if person.ethnicity {
            let id = random::id(person.joined)?;
            let mut at = dice.below(ETHNIC_GROUPS.iter().map(|g| g.1).sum());
            let group = ETHNIC_GROUPS.iter().find(|(_, share)| {
                let here = at < *share;
                at = at.saturating_sub(*share);
                here
            });
            let group = group.map_or("not-said", |g| g.0);
            let given = group != "not-said";
            add_consent(person, "ethnicity", given, ETHNICITY.words, "account", rows)?;
            let sealed = app
                .vault
                .seal(
                    person.joined,
                    person.id,
                    RecordClass::Health,
                    id,
                    group.as_bytes(),
                )
                .await?;
            demo_row!(
                rows,
                "INSERT INTO vault_entry (id, person_id, kind, sealed, created_at) VALUES ($1, $2, 'ethnicity', $3, $4)",
                id,
                person.id,
                sealed,
                person.joined,
            );
        }
    }
    for (person, account, since) in cared_for {
        demo_row!(
            rows,
            "INSERT INTO representation (id, account_id, person_id, kind, evidence, created_at) \
             VALUES ($1, $2, $3, 'carer', $4, $5)",
            random::id(since)?,
            account,
            person,
            "They asked for this by phone.",
            since,
        );
    }
    Ok(())
}

fn add_person(person: &Person, rows: &mut Rows) {
    let remind_by = match (person.texts, person.email.is_some()) {
        (true, true) => "email-and-text",
        (_, true) => "email",
        _ => "call",
    };
    demo_row!(
        rows,
        "INSERT INTO person (id, full_name, preferred_name, date_of_birth, email, phone, postcode, \
                             no_fixed_address, out_of_area, reach_by_email, reach_by_text, reach_by_call, \
                             reach_by_letter, safe_to_leave_message, format, name_course_in_messages, remind_by, \
                             created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)",
        person.id,
        &*person.full_name,
        person.preferred_name.clone(),
        person.born.to_string(),
        person.email.clone(),
        &*person.phone,
        person.postcode.clone(),
        person.postcode.is_none(),
        person.outside,
        person.email.is_some(),
        person.texts,
        person.email.is_none() || !person.texts,
        false,
        person.name_course == Some(true),
        person.format,
        person.name_course,
        remind_by,
        person.joined,
    );
}

fn add_account(person: &Person, passwords: &[String], rows: &mut Rows) -> Result<()> {
    let (Some(account), Some(email)) = (person.account, &person.email) else {
        return Ok(());
    };
    let confirmed = person.joined + TimeDelta::minutes(4);
    let verified = person.verified.then_some(confirmed);
    let password = person.sign_in.and_then(|at| passwords.get(at)).cloned();
    demo_row!(
        rows,
        "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $5)",
        account,
        &**email,
        verified,
        password,
        person.joined,
    );
    demo_row!(
        rows,
        "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
        random::id(person.joined)?,
        account,
        person.id,
        person.joined,
    );
    if person.volunteer {
        demo_row!(
            rows,
            "INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, 'volunteer', $3)",
            random::id(person.joined)?,
            account,
            confirmed,
        );
    }
    if person.newsletter {
        let id = random::id(person.joined)?;
        demo_row!(
            rows,
            "INSERT INTO subscription (id, email, person_id, status, created_at, updated_at) \
             VALUES ($1, $2, $3, 'on', $4, $4)",
            id,
            &**email,
            person.id,
            confirmed,
        );
        demo_row!(
            rows,
            "INSERT INTO consent (id, person_id, subscription_id, about, given, wording, wording_version, channel, \
                                  recorded_at) \
             VALUES ($1, $2, $3, 'newsletter', TRUE, $4, $5, 'sign-up', $6)",
            random::id(person.joined)?,
            person.id,
            id,
            newsletters::WORDS,
            VERSION,
            confirmed,
        );
    }
    Ok(())
}

fn add_consent(
    person: &Person,
    about: &'static str,
    given: bool,
    wording: &str,
    channel: &'static str,
    rows: &mut Rows,
) -> Result<()> {
    demo_row!(
        rows,
        "INSERT INTO consent (id, person_id, about, given, wording, wording_version, channel, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        random::id(person.joined)?,
        person.id,
        about,
        given,
        wording,
        VERSION,
        channel,
        person.joined,
    );
    Ok(())
}

/// Adds the bookings with their places and notes, and counts the runs' places from them.
///
/// # Errors
/// When the vault or the operating system's randomness fails.
pub async fn bookings(
    app: &App,
    people: &[Person],
    bookings: &[Booking],
    rows: &mut Rows,
) -> Result<()> {
    for booking in bookings {
        let Some(first) = booking.people.first() else {
            continue;
        };
        let person = &people[*first];
        demo_row!(
            rows,
            "INSERT INTO booking (id, reference, run_id, account_id, channel, status, created_at, ended_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            booking.id,
            &*booking.reference,
            booking.run,
            booking.account,
            booking.channel,
            booking.status,
            booking.made,
            booking.ended,
        );
        let place = if booking.status == "booked" {
            "active"
        } else {
            booking.status
        };
        for person in &booking.people {
            demo_row!(
                rows,
                "INSERT INTO place (id, booking_id, run_id, person_id, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
                random::id(booking.made)?,
                booking.id,
                booking.run,
                people[*person].id,
                place,
                booking.made,
            );
        }
        if let Some(note) = &person.needs {
            add_consent(
                person,
                "access-note",
                true,
                ACCESS_NOTE.words,
                "booking",
                rows,
            )?;
            let id = random::id(booking.made)?;
            let sealed = app
                .vault
                .seal(
                    booking.made,
                    person.id,
                    RecordClass::Health,
                    id,
                    note.as_bytes(),
                )
                .await?;
            demo_row!(
                rows,
                "INSERT INTO vault_entry (id, person_id, kind, booking_id, sealed, created_at) \
                 VALUES ($1, $2, 'access-note', $3, $4, $5)",
                id,
                person.id,
                booking.id,
                sealed,
                booking.made,
            );
        }
    }
    // Who stopped coming freed no place.
    demo_row!(
        rows,
        "UPDATE run SET places_taken = (SELECT COUNT(*) FROM place \
                                        WHERE place.run_id = run.id AND place.status <> $1)",
        "cancelled",
    );
    Ok(())
}

/// Adds the waiting lists.
///
/// # Errors
/// When the operating system has no randomness for ids.
pub fn waiting(people: &[Person], waiting: &[Waiting], rows: &mut Rows) -> Result<()> {
    let mut turn = 0_i64;
    for one in waiting {
        let id = random::id(one.joined)?;
        turn += 1;
        demo_row!(
            rows,
            "INSERT INTO waiting_entry (id, run_id, account_id, channel, places, turn, status, joined_at) \
             VALUES ($1, $2, $3, 'website', 1, $4, 'waiting', $5)",
            id,
            one.run,
            one.account,
            turn,
            one.joined,
        );
        demo_row!(
            rows,
            "INSERT INTO waiting_person (entry_id, person_id, run_id, active) VALUES ($1, $2, $3, $4)",
            id,
            people[one.person].id,
            one.run,
            true,
        );
    }
    demo_row!(
        rows,
        "UPDATE run SET waiting = (SELECT COUNT(*) FROM waiting_entry WHERE waiting_entry.run_id = run.id \
                                   AND waiting_entry.status = $1)",
        "waiting",
    );
    Ok(())
}

//! SQL of somebody's details.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::guardian::Named;
use crate::accounts::sign_up::questions::{Answers, Guardian};
use crate::bookings::consents::TEXTS;
use crate::newsletters;
use crate::privacy::consents::{Channel, Consent, record};
use crate::server::{App, Result};
use crate::{read, write_tx};

#[derive(sqlx::FromRow)]
struct Row {
    full_name: String,
    preferred_name: Option<String>,
    date_of_birth: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    postcode: Option<String>,
    no_fixed_address: bool,
    out_of_area: bool,
    reach_by_email: bool,
    reach_by_text: bool,
    reach_by_call: bool,
    reach_by_letter: bool,
    safe_to_leave_message: bool,
    format: String,
    newsletter: bool,
    guardian_name: Option<String>,
    guardian_email: Option<String>,
    guardian_phone: Option<String>,
}

/// What a person has told us, as answers to the questions. The newsletter may have been asked for with their sign-in
/// address before they had an account.
pub async fn answers(app: &App, person_id: Uuid, sign_in_email: &str) -> Result<Answers> {
    let row: Row = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT person.full_name, preferred_name, date_of_birth, person.email, person.phone, postcode, no_fixed_address, out_of_area, \
                    reach_by_email, reach_by_text, reach_by_call, reach_by_letter, safe_to_leave_message, format, \
                    EXISTS (SELECT 1 FROM subscription WHERE subscription.status = 'on' \
                            AND (subscription.person_id = person.id OR lower(subscription.email) = lower($2))) AS newsletter, \
                    guardian.full_name AS guardian_name, guardian.email AS guardian_email, \
                    guardian.phone AS guardian_phone \
             FROM person LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g \
                  WHERE g.person_id = person.id ORDER BY g.created_at DESC LIMIT 1) \
             WHERE person.id = $1",
        )
        .bind(person_id)
        .bind(sign_in_email)
        .fetch_one(&mut *c)
        .await?)
    })?;
    let reach = [
        ("email", row.reach_by_email),
        ("text", row.reach_by_text),
        ("call", row.reach_by_call),
        ("letter", row.reach_by_letter),
    ];
    Ok(Answers {
        full_name: row.full_name,
        preferred_name: row.preferred_name,
        born: row.date_of_birth.and_then(|born| born.parse().ok()),
        guardian: row.guardian_name.map(|full_name| Guardian {
            full_name,
            email: row.guardian_email.unwrap_or_default(),
            phone: row.guardian_phone.unwrap_or_default(),
        }),
        email: row.email.unwrap_or_default(),
        phone: row.phone.unwrap_or_default(),
        postcode: row.postcode,
        no_fixed_address: row.no_fixed_address,
        out_of_area: row.out_of_area,
        reach: reach
            .into_iter()
            .filter(|(_, on)| *on)
            .map(|(way, _)| way.to_owned())
            .collect(),
        safe_message: Some(row.safe_to_leave_message),
        format: row.format,
        newsletter: Some(row.newsletter),
    })
}

/// Saves corrected details; a changed choice is recorded with the words that were shown.
pub async fn save(
    app: &App,
    person_id: Uuid,
    email: &str,
    before: &Answers,
    after: &Answers,
) -> Result<()> {
    let now: DateTime<Utc> = app.clock.now();
    let guardian_id = app.id()?;
    let guardian = after
        .guardian
        .as_ref()
        .filter(|_| after.guardian != before.guardian)
        .map(|guardian| Named {
            id: guardian_id,
            person_id,
            full_name: &guardian.full_name,
            email: Some(&guardian.email),
            phone: Some(&guardian.phone),
            agreed_at: None,
            now,
        });
    let reach = |way: &str| after.reach.iter().any(|own| own == way);
    let texted = before.reach.iter().any(|own| own == "text");
    let texts = Consent::new(app, person_id, TEXTS, reach("text"), Channel::Account)?;
    let on = after.newsletter == Some(true);
    let newsletter = newsletters::Choice::new(app, person_id, email, on, Channel::Account)?;
    let phone = Some(&after.phone).filter(|phone| !phone.is_empty());
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE person SET full_name = $2, preferred_name = $3, phone = $4, postcode = $5, no_fixed_address = $6, \
                    out_of_area = $7, reach_by_email = $8, reach_by_text = $9, reach_by_call = $10, \
                    reach_by_letter = $11, safe_to_leave_message = $12, format = $13, updated_at = $14, \
                    remind_by = CASE WHEN $9 THEN remind_by WHEN remind_by = 'email-and-text' THEN 'email' \
                                     ELSE remind_by END WHERE id = $1",
        )
        .bind(person_id)
        .bind(&after.full_name)
        .bind(&after.preferred_name)
        .bind(phone)
        .bind(&after.postcode)
        .bind(after.no_fixed_address)
        .bind(after.out_of_area)
        .bind(reach("email"))
        .bind(reach("text"))
        .bind(reach("call"))
        .bind(reach("letter"))
        .bind(after.safe_message == Some(true))
        .bind(&after.format)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if texted != reach("text") {
            record!(c, &texts);
        }
        if let Some(named) = &guardian {
            crate::accounts::guardian::name!(c, named);
        }
        if after.newsletter != before.newsletter {
            newsletters::choose!(c, newsletter);
        }
        Ok(())
    })
}

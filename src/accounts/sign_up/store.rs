//! What a finished sign-up leaves: a person, an account, what joins them, and every choice with its words.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::pages::NOTICE;
use super::questions::Answers;
use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::links::use_link;
use crate::bookings::consents::TEXTS;
use crate::newsletters;
use crate::privacy::consents::{Channel, Consent, record};
use crate::server::{App, Result};
use crate::write_tx;

/// Everything that one transaction writes.
pub struct Finished {
    /// The link that was opened.
    pub link_id: Uuid,
    /// What is kept of the key of the form that used it.
    pub key: Option<Vec<u8>>,
    /// Where the browser goes on to.
    pub next_path: String,
    /// The draft it finishes.
    pub draft_id: Uuid,
    /// The answers.
    pub answers: Answers,
    /// The password, hashed; none for an emailed link each time.
    pub password_hash: Option<String>,
    /// The device that is signed in.
    pub device: NewDevice,
    /// The new account.
    pub account_id: Uuid,
    /// The new person.
    pub person_id: Uuid,
    /// What joins the two.
    pub representation_id: Uuid,
    /// The id of the parent or guardian who has to agree; they are written to when something is booked.
    pub guardian_id: Option<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The account is there and this device is signed in.
    Done,
    /// The link was used meanwhile.
    LinkGone,
    /// The address got an account meanwhile.
    HasAccount,
}

/// Makes the account, all or nothing.
pub async fn finish(app: &App, all: &Finished) -> Result<Outcome> {
    let answers = &all.answers;
    let yes = answers.newsletter == Some(true);
    let (person_id, channel) = (all.person_id, Channel::SignUp);
    let newsletter = newsletters::Choice::new(app, person_id, &answers.email, yes, channel)?;
    let reach = |way: &str| answers.reach.iter().any(|own| own == way);
    let consents = [
        Consent::new(app, person_id, NOTICE, true, channel)?,
        Consent::new(app, person_id, TEXTS, reach("text"), channel)?,
    ];
    let born = answers.born.map(|born| born.to_string());
    write_tx!(app.db, |c| {
        if !use_link!(c, all.link_id, all.now, &all.key) {
            return Ok(Outcome::LinkGone);
        }
        sqlx::query("UPDATE email_link SET next_path = $2 WHERE id = $1")
            .bind(all.link_id)
            .bind(&all.next_path)
            .execute(&mut *c)
            .await?;
        let made = sqlx::query(
            "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $3, $3) ON CONFLICT DO NOTHING",
        )
        .bind(all.account_id)
        .bind(&answers.email)
        .bind(all.now)
        .bind(&all.password_hash)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if made == 0 {
            return Ok(Outcome::HasAccount);
        }
        sqlx::query(
            "INSERT INTO person (id, full_name, preferred_name, date_of_birth, email, phone, postcode, \
                                 no_fixed_address, out_of_area, reach_by_email, reach_by_text, reach_by_call, \
                                 reach_by_letter, safe_to_leave_message, format, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)",
        )
        .bind(all.person_id)
        .bind(&answers.full_name)
        .bind(&answers.preferred_name)
        .bind(&born)
        .bind(&answers.email)
        .bind(&answers.phone)
        .bind(&answers.postcode)
        .bind(answers.no_fixed_address)
        .bind(answers.out_of_area)
        .bind(reach("email"))
        .bind(reach("text"))
        .bind(reach("call"))
        .bind(reach("letter"))
        .bind(answers.safe_message == Some(true))
        .bind(&answers.format)
        .bind(all.now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
        )
        .bind(all.representation_id)
        .bind(all.account_id)
        .bind(all.person_id)
        .bind(all.now)
        .execute(&mut *c)
        .await?;
        if let (Some(guardian_id), Some(guardian)) = (all.guardian_id, &answers.guardian) {
            sqlx::query(
                "INSERT INTO guardian (id, person_id, full_name, email, phone, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(guardian_id)
            .bind(all.person_id)
            .bind(&guardian.full_name)
            .bind(&guardian.email)
            .bind(&guardian.phone)
            .bind(all.now)
            .execute(&mut *c)
            .await?;
        }
        for consent in &consents {
            record!(c, consent);
        }
        newsletters::choose!(c, newsletter);
        insert_device!(c, all.device, all.account_id);
        sqlx::query(crate::bookings::holds::CLAIM)
            .bind(all.draft_id)
            .bind(all.account_id)
            .execute(&mut *c)
            .await?;
        sqlx::query("DELETE FROM sign_up_draft WHERE id = $1")
            .bind(all.draft_id)
            .execute(&mut *c)
            .await?;
        Ok(Outcome::Done)
    })
}

/// An account that was waiting for its address: it is confirmed, and this device is signed in.
pub async fn confirm(
    app: &App,
    link_id: Uuid,
    account_id: Uuid,
    device: &NewDevice,
    key: Option<Vec<u8>>,
) -> Result<bool> {
    let now = device.now;
    write_tx!(app.db, |c| {
        if !use_link!(c, link_id, now, &key) {
            return Ok(false);
        }
        sqlx::query("UPDATE account SET email_verified_at = $2, updated_at = $2 WHERE id = $1 AND email_verified_at IS NULL")
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_device!(c, device, account_id);
        Ok(true)
    })
}

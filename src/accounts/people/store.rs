//! SQL of the people an account books for. Every statement names the account: what belongs to another is not there.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Details, Holder, Newcomer, Represented};
use super::{NOTICE, rules};
use crate::accounts::model::Who;
use crate::privacy::consents::{Channel, Consent, record};
use crate::server::db::Db;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// Reads [`Represented`]: `$1` is the account.
macro_rules! select_represented {
    ($more:literal) => {
        concat!(
            "SELECT representation.id, person.id AS person_id, representation.kind, person.full_name, \
                    person.preferred_name, person.date_of_birth, person.email, person.phone, person.postcode, \
                    person.no_fixed_address, guardian.full_name AS guardian_name, guardian.email AS guardian_email, \
                    guardian.phone AS guardian_phone, guardian.agreed_at AS guardian_agreed_at \
             FROM representation JOIN person ON person.id = representation.person_id \
             LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g \
                  WHERE g.person_id = person.id ORDER BY g.created_at DESC, g.id DESC LIMIT 1) \
             WHERE representation.account_id = $1 AND representation.kind <> 'self' \
                   AND representation.ends_at IS NULL ",
            $more
        )
    };
}

/// Everybody an account books for, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db, account_id: Uuid) -> Result<Vec<Represented>> {
    read!(db, |c| {
        Ok(sqlx::query_as(select_represented!(
            "ORDER BY person.full_name, representation.id"
        ))
        .bind(account_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// One of them; somebody else's is not there.
///
/// # Errors
/// When the database fails.
pub async fn one(db: &Db, account_id: Uuid, id: Uuid) -> Result<Option<Represented>> {
    read!(db, |c| {
        Ok(
            sqlx::query_as(select_represented!("AND representation.id = $2"))
                .bind(account_id)
                .bind(id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// The person an account belongs to.
pub async fn holder(db: &Db, who: &Who) -> Result<Holder> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT full_name, date_of_birth, phone, email, postcode, no_fixed_address, out_of_area FROM person \
             WHERE id = $1",
        )
        .bind(who.person_id)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// What came of adding somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// They are there, under this id.
    There(Uuid),
    /// The account books for as many people as it may.
    TooMany,
}

/// Adds somebody. The same form again is the same person: what is corrected in it is put right until they have a place
/// or wait for one.
///
/// # Errors
/// When the database fails.
pub async fn add(app: &App, who: &Who, form_key: &str, new: &Newcomer) -> Result<Added> {
    let now = app.clock.now();
    let id =
        |purpose: &str| crate::server::form_key::id(app, purpose, who.account_id, form_key, "");
    let (id, person_id) = (id("represented"), id("represented-person"));
    let born = new.born.to_string();
    let consent = Consent::new(app, person_id, NOTICE, true, Channel::Account)?;
    let most = i64::try_from(rules::MOST).unwrap_or(i64::MAX);
    let Details {
        full_name,
        preferred_name,
        email,
        phone,
        home,
    } = &new.details;
    write_tx!(app.db, |c| {
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM representation WHERE account_id = $1 AND kind <> 'self' AND ends_at IS NULL \
             AND id <> $2",
        )
        .bind(who.account_id)
        .bind(id)
        .fetch_one(&mut *c)
        .await?;
        if others >= most {
            return Ok(Added::TooMany);
        }
        let made = sqlx::query(
            "INSERT INTO person (id, full_name, preferred_name, date_of_birth, email, phone, postcode, \
                                 no_fixed_address, out_of_area, reach_by_email, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (id) DO NOTHING",
        )
        .bind(person_id)
        .bind(full_name)
        .bind(preferred_name)
        .bind(&born)
        .bind(email)
        .bind(phone)
        .bind(&home.postcode)
        .bind(home.no_fixed_address)
        .bind(home.out_of_area)
        .bind(email.is_some())
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if made == 0 {
            let corrected = sqlx::query(
                "UPDATE person SET full_name = $2, preferred_name = $3, date_of_birth = $4, email = $5, phone = $6, \
                        postcode = $7, no_fixed_address = $8, out_of_area = $9, updated_at = $10 WHERE id = $1 \
                        AND NOT EXISTS (SELECT 1 FROM place WHERE place.person_id = $1) \
                        AND NOT EXISTS (SELECT 1 FROM waiting_person WHERE waiting_person.person_id = $1) \
                        AND NOT EXISTS (SELECT 1 FROM guardian WHERE guardian.person_id = $1)",
            )
            .bind(person_id)
            .bind(full_name)
            .bind(preferred_name)
            .bind(&born)
            .bind(email)
            .bind(phone)
            .bind(&home.postcode)
            .bind(home.no_fixed_address)
            .bind(home.out_of_area)
            .bind(now)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if corrected > 0 {
                sqlx::query("UPDATE representation SET kind = $2 WHERE id = $1")
                    .bind(id)
                    .bind(new.relation.name())
                    .execute(&mut *c)
                    .await?;
            }
            return Ok(Added::There(id));
        }
        sqlx::query(
            "INSERT INTO representation (id, account_id, person_id, kind, scope, evidence, created_at) \
             VALUES ($1, $2, $3, $4, 'bookings', 'Their own word, on the website', $5)",
        )
        .bind(id)
        .bind(who.account_id)
        .bind(person_id)
        .bind(new.relation.name())
        .bind(now)
        .execute(&mut *c)
        .await?;
        record!(c, &consent);
        Ok(Added::There(id))
    })
}

/// Keeps corrected details.
///
/// # Errors
/// When the database fails.
pub async fn save(app: &App, person: &Represented, details: &Details) -> Result<()> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE person SET full_name = $2, preferred_name = $3, email = $4, phone = $5, postcode = $6, \
                    no_fixed_address = $7, out_of_area = $8, updated_at = $9 \
             WHERE id = $1 AND EXISTS (SELECT 1 FROM representation WHERE representation.id = $10 \
                   AND representation.person_id = $1 AND representation.ends_at IS NULL)",
        )
        .bind(person.person_id)
        .bind(&details.full_name)
        .bind(&details.preferred_name)
        .bind(&details.email)
        .bind(&details.phone)
        .bind(&details.home.postcode)
        .bind(details.home.no_fixed_address)
        .bind(details.home.out_of_area)
        .bind(now)
        .bind(person.id)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// What somebody still has coming, so that nobody can stop booking for them.
const COMING: &str = "SELECT EXISTS (SELECT 1 FROM place JOIN booking ON booking.id = place.booking_id \
            AND booking.ended_at IS NULL JOIN run ON run.id = place.run_id AND run.ends_at > $2 \
            WHERE place.person_id = $1 AND place.status = 'active') \
     OR EXISTS (SELECT 1 FROM waiting_person JOIN run ON run.id = waiting_person.run_id AND run.starts_at > $2 \
            WHERE waiting_person.person_id = $1 AND waiting_person.active)";

/// Whether somebody has a place that is coming up, or waits for one.
///
/// # Errors
/// When the database fails.
pub async fn is_coming(db: &Db, person_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(COMING)
            .bind(person_id)
            .bind(now)
            .fetch_one(&mut *c)
            .await?)
    })
}

/// Ends the right to book for somebody, unless they have something coming up; says whether it has ended. What they
/// went to stays. The same twice is one effect.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, person: &Represented) -> Result<bool> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let coming: bool = sqlx::query_scalar(COMING)
            .bind(person.person_id)
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
        if coming {
            return Ok(false);
        }
        sqlx::query("UPDATE representation SET ends_at = $2 WHERE id = $1 AND ends_at IS NULL")
            .bind(person.id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(true)
    })
}

//! SQL of signing in.

use uuid::Uuid;

use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::limits;
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::{read, write_tx};

/// What signing in needs to know of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountRow {
    pub id: Uuid,
    pub email: String,
    pub password_hash: Option<String>,
    pub person_id: Uuid,
    pub name: String,
}

/// The account of an address, if it has one.
pub async fn by_email(app: &App, email: &str) -> Result<Option<AccountRow>> {
    let email = email.to_ascii_lowercase();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id, account.email, account.password_hash, \
                    person.id AS person_id, \
                    COALESCE(person.preferred_name, person.full_name) AS name \
             FROM account \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE lower(account.email) = $1",
        )
        .bind(&email)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The account with this id.
pub async fn by_id(app: &App, id: Uuid) -> Result<Option<AccountRow>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id, account.email, account.password_hash, \
                    person.id AS person_id, \
                    COALESCE(person.preferred_name, person.full_name) AS name \
             FROM account \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE account.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Writes down that a sign-in failed: for an address with or without an account, so that both take as long.
pub async fn failed(app: &App, account_id: Option<Uuid>) -> Result<()> {
    let entry = Entry::on(app, "/sign-in", Action::SignInFailed)?;
    audit::note(app, &entry.account(account_id)).await
}

/// Signs one more device in, of somebody who has just been let in by the same page.
pub async fn another_device(app: &App, account_id: Uuid, device: &NewDevice) -> Result<()> {
    write_tx!(app.db, |c| {
        insert_device!(c, device, account_id);
        Ok(())
    })
}

/// Signs the device in; the tries of that address count no more.
pub async fn sign_in(app: &App, account: &AccountRow, device: &NewDevice) -> Result<()> {
    let address = limits::address_hash(&app.vault, &account.email).to_vec();
    write_tx!(app.db, |c| {
        insert_device!(c, device, account.id);
        sqlx::query("DELETE FROM sign_in_try WHERE address_hash = $1 AND kind = 'password'")
            .bind(&address)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

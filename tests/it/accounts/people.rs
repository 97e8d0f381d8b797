//! Invented people to sign in as.

use wellbeing_courses::write_tx;

use crate::support::Site;

pub const PASSWORD: &str = "teapot ladder moss";

/// An account with the password [`PASSWORD`].
pub async fn member(site: &Site, email: &str) {
    account(site, email, true, true).await;
}

pub async fn account(site: &Site, email: &str, verified: bool, password: bool) {
    let app = &site.app;
    let (account_id, person_id, link_id) =
        (app.id().unwrap(), app.id().unwrap(), app.id().unwrap());
    let hash = if password {
        Some(app.accounts.passwords.hash(PASSWORD).await.unwrap())
    } else {
        None
    };
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO person (id, full_name, preferred_name, date_of_birth, email, phone, postcode, created_at, updated_at) \
             VALUES ($1, 'Margaret Ashdown', 'Maggie', '1952-03-31', $2, '+447700900214', 'BA2 3QT', $3, $3)",
        )
        .bind(person_id)
        .bind(email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $5)",
        )
        .bind(account_id)
        .bind(email)
        .bind(verified.then_some(now))
        .bind(&hash)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
        )
        .bind(link_id)
        .bind(account_id)
        .bind(person_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

//! People for tests: rows written as sign-up would, with a signed-in browser.

use reqwest::cookie::Jar;
use uuid::Uuid;
use wellbeing_courses::server::http::cookies::Cookie;
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::write_tx;

use super::{Browser, Site};

/// Somebody with an account.
pub struct Somebody {
    pub person_id: Uuid,
    pub account_id: Uuid,
    pub email: String,
    /// A browser in which they are signed in.
    pub browser: Browser,
}

/// What sort of account to make.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Member,
    Volunteer,
    Unverified,
}

impl Site {
    /// A member with a confirmed address, signed in.
    pub async fn member(&self, name: &str) -> Somebody {
        self.somebody(name, Sort::Member, "1954-06-02").await
    }

    /// Anybody with an account, signed in; `born` as `yyyy-mm-dd`.
    pub async fn somebody(&self, name: &str, sort: Sort, born: &str) -> Somebody {
        let app = &self.app;
        let now = app.clock.now();
        let (person_id, account_id) = (app.id().unwrap(), app.id().unwrap());
        let (device_id, link_id, role_id) =
            (app.id().unwrap(), app.id().unwrap(), app.id().unwrap());
        let email = format!(
            "{}-{}@example.org",
            name.to_lowercase().replace(' ', "."),
            person_id.simple()
        );
        let secret = Secret::new().unwrap();
        let token_hash = secret.hash().to_vec();
        let verified = (sort != Sort::Unverified).then_some(now);
        let expires = now + chrono::TimeDelta::hours(12);
        write_tx!(app.db, |c| {
            sqlx::query(
                "INSERT INTO person (id, full_name, date_of_birth, email, phone, postcode, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, '+447700900100', 'BA1 5AL', $5, $5)",
            )
            .bind(person_id)
            .bind(name)
            .bind(born)
            .bind(&email)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "INSERT INTO account (id, email, email_verified_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            )
            .bind(account_id)
            .bind(&email)
            .bind(verified)
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
            if sort == Sort::Volunteer {
                sqlx::query(
                    "INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, 'volunteer', $3)",
                )
                .bind(role_id)
                .bind(account_id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            }
            sqlx::query(
                "INSERT INTO device (id, account_id, token_hash, label, created_at, seen_at, expires_at) \
                 VALUES ($1, $2, $3, 'Test browser', $4, $4, $5)",
            )
            .bind(device_id)
            .bind(account_id)
            .bind(&token_hash)
            .bind(now)
            .bind(expires)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
        Somebody {
            person_id,
            account_id,
            email,
            browser: self.browser_with(Cookie::Device, secret.text()),
        }
    }

    /// Another browser in which they have just signed in.
    pub async fn browser_of(&self, who: &Somebody) -> Browser {
        let app = &self.app;
        let (id, now) = (app.id().unwrap(), app.clock.now());
        let secret = Secret::new().unwrap();
        let token_hash = secret.hash().to_vec();
        write_tx!(app.db, |c| {
            sqlx::query(
                "INSERT INTO device (id, account_id, token_hash, label, created_at, seen_at, expires_at) \
                 SELECT $1, id, $2, 'Test browser', $3, $3, $4 FROM account WHERE email = $5",
            )
            .bind(id)
            .bind(&token_hash)
            .bind(now)
            .bind(now + chrono::TimeDelta::hours(12))
            .bind(&who.email)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
        self.browser_with(Cookie::Device, secret.text())
    }

    /// A browser that already has one of our cookies.
    pub fn browser_with(&self, cookie: Cookie, value: &str) -> Browser {
        let jar = Jar::default();
        let base = format!("http://{}", self.address);
        let pair = format!("{}={value}; Path=/", cookie.name(&self.app.config));
        jar.add_cookie_str(&pair, &base.parse().unwrap());
        self.browser_of_jar(jar)
    }
}

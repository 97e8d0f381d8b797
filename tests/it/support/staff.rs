//! People who work here, for tests: rows written as an invitation and the second step would.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Totp};
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::http::cookies::Cookie;
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::write_tx;

use super::people::Somebody;
use super::{Browser, Site};

/// The secret of everybody's second step.
pub const SECRET: [u8; 20] = [7; 20];

/// The code that an app with this secret shows at `now`.
pub fn code(secret: impl Into<totp_rs::Secret>, now: DateTime<Utc>) -> String {
    let totp: Totp = Builder::new()
        .with_secret(secret)
        .with_account_name("account")
        .build()
        .unwrap();
    totp.generate(u64::try_from(now.timestamp()).unwrap())
        .to_string()
}

impl Site {
    /// Somebody who works here with these roles, in date, with the second step set up and taken.
    pub async fn staff(&self, name: &str, roles: &[Role]) -> Somebody {
        let mut somebody = self.member(name).await;
        self.works_here(&somebody, roles).await;
        self.set_up_second_step(&somebody).await;
        somebody.browser = self.desk_browser(&somebody).await;
        somebody
    }

    /// As [`Self::staff`], with a role that is tied to an organisation.
    pub async fn staff_of(&self, name: &str, role: Role) -> Somebody {
        let mut somebody = self.member(name).await;
        self.works_here(&somebody, &[]).await;
        let (id, organisation) = (self.app.id().unwrap(), self.app.id().unwrap());
        let now = self.app.clock.now();
        let called = organisation.to_string();
        write_tx!(self.app.db, |c| {
            sqlx::query("INSERT INTO organisation (id, name, kind, created_at) VALUES ($1, $2, 'provider', $3)")
                .bind(organisation)
                .bind(&called)
                .bind(now)
                .execute(&mut *c)
                .await?;
            sqlx::query(
                "INSERT INTO role_grant (id, account_id, role, organisation_id, granted_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(id)
            .bind(somebody.account_id)
            .bind(role.name())
            .bind(organisation)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
        self.set_up_second_step(&somebody).await;
        somebody.browser = self.desk_browser(&somebody).await;
        somebody
    }

    /// Gives somebody roles, with training and papers in date.
    pub async fn works_here(&self, somebody: &Somebody, roles: &[Role]) {
        let (account, now) = (somebody.account_id, self.app.clock.now());
        let grants: Vec<_> = roles
            .iter()
            .map(|role| (self.app.id().unwrap(), role.name()))
            .collect();
        write_tx!(self.app.db, |c| {
            sqlx::query(
                "INSERT INTO staff (account_id, data_training_until, confidentiality_until, joined_at) \
                 VALUES ($1, '2099-12-31', '2099-12-31', $2)",
            )
            .bind(account)
            .bind(now)
            .execute(&mut *c)
            .await?;
            for (id, role) in &grants {
                sqlx::query("INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, $3, $4)")
                    .bind(id)
                    .bind(account)
                    .bind(role)
                    .bind(now)
                    .execute(&mut *c)
                    .await?;
            }
            Ok(())
        })
        .unwrap();
    }

    /// Their second step, with [`SECRET`].
    pub async fn set_up_second_step(&self, somebody: &Somebody) {
        let (account, now) = (somebody.account_id, self.app.clock.now());
        let sealed = self
            .app
            .vault
            .seal(now, account, RecordClass::SignIn, account, &SECRET)
            .await
            .unwrap();
        write_tx!(self.app.db, |c| {
            sqlx::query(
                "INSERT INTO second_step (account_id, sealed, created_at, in_use_since, codes_made_at) \
                 VALUES ($1, $2, $3, $3, $3)",
            )
            .bind(account)
            .bind(&sealed)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
    }

    /// A browser in which they have just taken the second step.
    pub async fn desk_browser(&self, somebody: &Somebody) -> Browser {
        let (id, now) = (self.app.id().unwrap(), self.app.clock.now());
        let (account, secret) = (somebody.account_id, Secret::new().unwrap());
        let hash = secret.hash().to_vec();
        write_tx!(self.app.db, |c| {
            sqlx::query(
                "INSERT INTO device (id, account_id, token_hash, label, created_at, seen_at, expires_at, second_step_at) \
                 VALUES ($1, $2, $3, 'Test browser', $4, $4, $5, $4)",
            )
            .bind(id)
            .bind(account)
            .bind(&hash)
            .bind(now)
            .bind(now + chrono::TimeDelta::hours(12))
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
        self.browser_with(Cookie::Device, secret.text())
    }
}

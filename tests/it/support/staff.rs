//! People who work here, for tests: rows written as an invitation and the second step would.

use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::http::cookies::Cookie;
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::write_tx;

use super::people::Somebody;
use super::{Browser, Site};

impl Site {
    /// Somebody who works here with these roles, in date, with the second step set up and taken.
    pub async fn staff(&self, name: &str, roles: &[Role]) -> Somebody {
        let mut somebody = self.member(name).await;
        let app = &self.app;
        let (account, now) = (somebody.account_id, app.clock.now());
        let sealed = app
            .vault
            .seal(now, account, RecordClass::SignIn, account, &[7; 20])
            .await
            .unwrap();
        let grants: Vec<_> = roles
            .iter()
            .map(|role| (app.id().unwrap(), role.name()))
            .collect();
        write_tx!(app.db, |c| {
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
        somebody.browser = self.desk_browser(&somebody).await;
        somebody
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

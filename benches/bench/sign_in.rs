//! P8: sign-ins per second, beside the bare hash.

use std::sync::Arc;
use std::thread;

use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use axum::http::StatusCode;
use wellbeing_courses::write_tx;

use crate::Result;
use crate::measure::{Clock, Row, alternate, on_the_wall};
use crate::site::{Site, post};

const PASSWORD: &str = "teapot ladder moss";
const ACCOUNTS: usize = 64;

/// The whole sign-in (limits, hash, a new device written to disk), twice as many at once as there are cores.
pub async fn row(site: &Site, rounds: usize, each: usize) -> Result<Row> {
    let cores = thread::available_parallelism()?.get();
    let kept = add_accounts(site).await?;
    let rounds = alternate(
        rounds,
        async || on_the_wall(each, sign_in(site, each, 2 * cores)).await,
        async || on_the_wall(each, bare(&kept, each, cores)).await,
    )
    .await?;
    let what = format!("sign-ins, {}, {} at once", site.database(), 2 * cores);
    Ok(Row::compared("P8", what, Clock::Wall, &rounds, 80))
}

fn email(n: usize) -> String {
    format!("signs-in-{}@example.org", n % ACCOUNTS)
}

async fn add_accounts(site: &Site) -> Result<String> {
    let app = &site.app;
    let now = app.clock.now();
    let kept = app.accounts.passwords.hash(PASSWORD).await?;
    let mut ids = Vec::new();
    for n in 0..ACCOUNTS {
        ids.push((app.id()?, app.id()?, app.id()?, email(n)));
    }
    write_tx!(app.db, |c| {
        for (person, account, representation, email) in &ids {
            sqlx::query("INSERT INTO person (id, full_name, email, created_at, updated_at) VALUES ($1, 'Somebody', $2, $3, $3)")
                .bind(person)
                .bind(email)
                .bind(now)
                .execute(&mut *c)
                .await?;
            sqlx::query(
                "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $3, $3)",
            )
            .bind(account)
            .bind(email)
            .bind(now)
            .bind(&kept)
            .execute(&mut *c)
            .await?;
            sqlx::query("INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)")
                .bind(representation)
                .bind(account)
                .bind(person)
                .bind(now)
                .execute(&mut *c)
                .await?;
        }
        Ok(())
    })?;
    Ok(kept)
}

async fn sign_in(site: &Site, times: usize, at_once: usize) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::<Result<()>>::new();
    for first in 0..at_once {
        let router = site.router.clone();
        tasks.spawn(async move {
            for n in (first..times).step_by(at_once) {
                let form = [("email", email(n)), ("password", PASSWORD.to_owned())];
                let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
                let response = crate::site::ask(&router, post("/sign-in", "", &form)?).await?;
                if response.status() != StatusCode::SEE_OTHER {
                    return Err(format!("POST /sign-in: {}", response.status()).into());
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// The hash alone, on as many threads as there are cores.
async fn bare(kept: &str, times: usize, cores: usize) -> Result<()> {
    let kept: Arc<str> = kept.into();
    let threads: Vec<_> = (0..cores)
        .map(|first| {
            let kept = kept.clone();
            tokio::task::spawn_blocking(move || {
                let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|e| e.to_string())?;
                let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let hash = PasswordHash::new(&kept).map_err(|e| e.to_string())?;
                for _ in (first..times).step_by(cores) {
                    argon
                        .verify_password(PASSWORD.as_bytes(), &hash)
                        .map_err(|e| e.to_string())?;
                }
                Ok::<(), String>(())
            })
        })
        .collect();
    for thread in threads {
        thread.await??;
    }
    Ok(())
}

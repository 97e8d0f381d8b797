//! The people who work at the demo's service. They set up the second step of signing in themselves, as everybody does.

use chrono::{DateTime, Days, TimeDelta, Utc};
use uuid::Uuid;

use super::requests;
use super::rows::Rows;
use super::sign_in::Access;
use crate::accounts::password::strength::suggestion;
use crate::accounts::roles::Role;
use crate::demo_row;
use crate::server::{App, Result, random};
use crate::ui::dates;

struct Worker {
    name: &'static str,
    email: &'static str,
    roles: &'static [Role],
    /// The tutor they are, by the name in addresses.
    tutor: Option<&'static str>,
    who: &'static str,
}

const WORKERS: [Worker; 3] = [
    Worker {
        name: "Sandra Okoro",
        email: "sandra.okoro@example.org",
        roles: &[Role::Owner, Role::CourseAdmin],
        tutor: None,
        who: "looks after staff accounts",
    },
    Worker {
        name: "Priya Nair",
        email: "priya.nair@example.org",
        roles: &[Role::Tutor],
        tutor: Some("priya-nair"),
        who: "a tutor",
    },
    Worker {
        name: "Dorothy Field",
        email: "dorothy.field@example.org",
        roles: &[Role::DataProtection],
        tutor: None,
        who: "the data protection officer",
    },
];

/// Adds them, after the catalogue; gives how to sign in.
///
/// # Errors
/// When the operating system has no randomness to give, or too many passwords are being hashed.
pub async fn add(app: &App, now: DateTime<Utc>, rows: &mut Rows) -> Result<Vec<Access>> {
    let next_year = (dates::day_of(now) + Days::new(300)).to_string();
    let soon = (dates::day_of(now) + Days::new(20)).to_string();
    let mut all = Vec::new();
    for worker in WORKERS {
        let (person, account) = (random::id(now)?, random::id(now)?);
        let password = suggestion()?;
        let hash = app.accounts.passwords.hash(&password).await?;
        demo_row!(
            rows,
            "INSERT INTO person (id, full_name, email, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            person,
            worker.name,
            worker.email,
            now,
        );
        demo_row!(
            rows,
            "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $3, $3)",
            account,
            worker.email,
            now,
            hash,
        );
        demo_row!(
            rows,
            "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
            random::id(now)?,
            account,
            person,
            now,
        );
        demo_row!(
            rows,
            "INSERT INTO staff (account_id, data_training_until, confidentiality_until, joined_at) VALUES ($1, $2, $3, $4)",
            account,
            if worker.tutor.is_some() {
                &*soon
            } else {
                &*next_year
            },
            &*next_year,
            now,
        );
        for role in worker.roles {
            demo_row!(
                rows,
                "INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, $3, $4)",
                random::id(now)?,
                account,
                role.name(),
                now,
            );
        }
        if worker.roles.contains(&Role::DataProtection) {
            requests::add(app, account, now, rows).await?;
        }
        if let Some(slug) = worker.tutor {
            demo_row!(
                rows,
                "UPDATE tutor SET account_id = $1 WHERE slug = $2",
                account,
                slug,
            );
            desk(slug, now, rows);
            registers(account, now, rows);
        }
        all.push(Access {
            who: format!(
                "{}, {}; sets up a code on a phone first",
                worker.name, worker.who
            ),
            email: worker.email.to_owned(),
            password,
        });
    }
    Ok(all)
}

/// A tutor stands in for one session of somebody else's run, and one of their own has its room set up.
fn desk(slug: &str, now: DateTime<Utc>, rows: &mut Rows) {
    demo_row!(
        rows,
        "INSERT INTO session_tutor (session_id, tutor_id, created_at) \
         SELECT session.id, tutor.id, $2 FROM session JOIN run ON run.id = session.run_id AND run.status = 'open' \
         JOIN tutor ON tutor.slug = $1 WHERE run.tutor_id <> tutor.id AND run.starts_at > $2 AND session.position = 2 \
         ORDER BY session.starts_at, session.id LIMIT 1",
        slug,
        now,
    );
    demo_row!(
        rows,
        "UPDATE run SET room_setup = 'one hearing loop, two step-free seats' WHERE id = ( \
            SELECT run.id FROM run JOIN tutor ON tutor.id = run.tutor_id WHERE tutor.slug = $1 AND run.starts_at > $2 \
            ORDER BY run.starts_at, run.id LIMIT 1)",
        slug,
        now,
    );
}

/// Who came to what is over. The registers of the last days are still to be marked.
fn registers(account: Uuid, now: DateTime<Utc>, rows: &mut Rows) {
    demo_row!(
        rows,
        "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
         SELECT place.id, session.id, CASE (session.position * 5 + LENGTH(person.full_name) * 3) % 11 \
                WHEN 0 THEN 'apologies' WHEN 1 THEN 'did-not-come' WHEN 4 THEN 'did-not-come' ELSE 'came' END, \
                $1, session.ends_at \
         FROM session JOIN run ON run.id = session.run_id AND run.status IN ('open', 'closed') \
         JOIN place ON place.run_id = run.id AND place.status = 'active' \
         JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
         JOIN person ON person.id = place.person_id WHERE session.ends_at <= $2",
        account,
        now - TimeDelta::days(3),
    );
}

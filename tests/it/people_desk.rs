//! The people of the course desk: found, seen only with a line in the record, and booked for.

mod account;
mod booking;
mod claiming;
mod deceased;
mod finding;
mod likely;
mod merging;
mod moving;
mod one;
mod sharing;
mod volunteering;

use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{read, write_tx};

use crate::support::people::Somebody;
use crate::support::{Answer, Site};

/// Somebody of the course team.
async fn admin(site: &Site) -> Somebody {
    site.staff("Sandra", &[Role::CourseAdmin]).await
}

/// Somebody without an account.
async fn somebody(site: &Site, name: &str, phone: Option<&str>, email: Option<&str>) -> Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO person (id, full_name, date_of_birth, phone, email, created_at, updated_at) \
             VALUES ($1, $2, '1950-01-02', $3, $4, $5, $5)",
        )
        .bind(id)
        .bind(name)
        .bind(phone)
        .bind(email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// How often somebody's details were shown.
async fn looks(site: &Site, person: Uuid) -> i64 {
    of_person(
        site,
        "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id = $1",
        person,
    )
    .await
}

/// A number about somebody from the database.
async fn of_person(site: &Site, sql: &'static str, id: Uuid) -> i64 {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .bind(id)
        .fetch_one(&mut *c)
        .await?))
    .unwrap()
}

/// The sentences of the error summary.
fn errors(answer: &Answer) -> Vec<String> {
    answer.words(".govuk-error-summary__list a")
}

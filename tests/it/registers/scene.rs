//! A run with its tutor, and people with a place on it.

use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::registers::walk_ins::WalkIn;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use crate::bookings::world::{self, Made, RunSpec};
use crate::support::Site;
use crate::support::people::Somebody;

/// A run from Tuesday 12 January to 16 February 2027, 10:30am, with a tutor who signs in.
pub async fn run_with_tutor(site: &Site) -> (Made, Somebody) {
    let run = world::run(site, RunSpec::default()).await;
    let tutor = site.staff("Priya Nair", &[Role::Tutor]).await;
    give(site, run.id, tutor.account_id).await;
    (run, tutor)
}

/// This account signs in as the tutor of this run.
pub async fn give(site: &Site, run: Uuid, account: Uuid) {
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "UPDATE tutor SET account_id = $2 WHERE id = (SELECT tutor_id FROM run WHERE id = $1)",
        )
        .bind(run)
        .bind(account)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// What a person row is made from.
pub struct PersonSpec {
    pub name: &'static str,
    pub born: Option<&'static str>,
    pub phone: Option<&'static str>,
    pub email: Option<&'static str>,
}

/// Somebody without an account.
pub async fn person(site: &Site, spec: PersonSpec) -> Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO person (id, full_name, date_of_birth, phone, email, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(id)
        .bind(spec.name)
        .bind(spec.born)
        .bind(spec.phone)
        .bind(spec.email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// A booking of these people, as the course team would make it; gives their places in the same order.
pub async fn booked(site: &Site, run: Uuid, people: &[Uuid], account: Option<Uuid>) -> Vec<Uuid> {
    let (booking, now) = (site.app.id().unwrap(), site.app.clock.now());
    let reference = booking.simple().to_string()[22..].to_uppercase();
    let places: Vec<(Uuid, Uuid)> = people
        .iter()
        .map(|person| (site.app.id().unwrap(), *person))
        .collect();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO booking (id, reference, run_id, account_id, channel, status, created_at) \
             VALUES ($1, $2, $3, $4, 'phone', 'booked', $5)",
        )
        .bind(booking)
        .bind(&reference)
        .bind(run)
        .bind(account)
        .bind(now)
        .execute(&mut *c)
        .await?;
        for (place, person) in &places {
            sqlx::query(
                "INSERT INTO place (id, booking_id, run_id, person_id, status, created_at) \
                 VALUES ($1, $2, $3, $4, 'active', $5)",
            )
            .bind(place)
            .bind(booking)
            .bind(run)
            .bind(person)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query("UPDATE run SET places_taken = places_taken + 1 WHERE id = $1")
                .bind(run)
                .execute(&mut *c)
                .await?;
        }
        Ok(())
    })
    .unwrap();
    places.into_iter().map(|(place, _)| place).collect()
}

/// A parent or guardian with these contacts.
pub async fn parent(site: &Site, child: Uuid, name: &'static str, contact: [&'static str; 2]) {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO guardian (id, person_id, full_name, phone, email, agreed_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(id)
        .bind(child)
        .bind(name)
        .bind(contact[0])
        .bind(contact[1])
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// The address of a run's pages.
pub fn path(run: Uuid) -> String {
    format!("/tutor/runs/{run}")
}

/// Who came to a run without a place, with whom the team has not dealt.
pub async fn walked_in(site: &Site, run: Uuid) -> Vec<WalkIn> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT walk_in.id, walk_in.session_id, walk_in.full_name, walk_in.phone, walk_in.noted_at FROM walk_in \
             JOIN session ON session.id = walk_in.session_id \
             WHERE session.run_id = $1 AND walk_in.done_at IS NULL ORDER BY walk_in.noted_at, walk_in.id",
        )
        .bind(run)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

/// What is marked on a run, as "place of session: mark".
pub async fn marked(site: &Site, run: Uuid) -> Vec<(Uuid, i64, String)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT attendance.place_id, session.position, attendance.mark FROM attendance \
             JOIN session ON session.id = attendance.session_id WHERE session.run_id = $1 \
             ORDER BY session.position, attendance.mark",
        )
        .bind(run)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

/// How many audit entries there are of each action about a run.
pub async fn audited(site: &Site, run: Uuid, action: &'static str) -> i64 {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE about = $1 AND action = $2")
                .bind(run)
                .bind(action)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

/// The clock is set to this moment.
pub fn at(site: &Site, moment: &str) {
    site.clock.set(moment.parse().unwrap());
}

/// What the record says of an action on somebody, or on a tutor or an organisation: `["before","after"]`, in no order, since the
/// clock stands still.
pub async fn before_and_after(site: &Site, whose: Uuid, action: &'static str) -> Vec<String> {
    let rows: Vec<(Uuid, Vec<u8>)> = read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, sealed FROM audit_entry WHERE COALESCE(person_id, about) = $1 AND action = $2",
        )
        .bind(whose)
        .bind(action)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap();
    let mut out = Vec::new();
    for (id, sealed) in rows {
        let vault = &site.app.vault;
        let plain = vault.open(whose, RecordClass::Audit, id, &sealed).await;
        out.push(String::from_utf8(plain.unwrap().to_vec()).unwrap());
    }
    out.sort();
    out
}

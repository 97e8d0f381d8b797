//! Runs and people for the tests of bookings.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, Request, book};
use wellbeing_courses::messages::{Mail, MessageKind, jobs};
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::{read, write_tx};

use crate::support::Site;

/// A run to be made.
#[derive(Clone)]
pub struct RunSpec {
    pub title: String,
    pub audience: &'static str,
    pub status: &'static str,
    pub volunteers_only: bool,
    pub capacity: i64,
    pub starts_in: TimeDelta,
    pub sessions: i64,
}

impl Default for RunSpec {
    fn default() -> Self {
        Self {
            title: "Living well with long-term pain".into(),
            audience: "everyone",
            status: "open",
            volunteers_only: false,
            capacity: 10,
            starts_in: TimeDelta::days(8) + TimeDelta::minutes(90),
            sessions: 6,
        }
    }
}

pub struct Made {
    pub id: Uuid,
    pub course_id: Uuid,
    pub slug: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// Makes a course with one run at a venue.
pub async fn run(site: &Site, spec: RunSpec) -> Made {
    let app = &site.app;
    let now = app.clock.now();
    let [topic, venue, tutor, course] = [(); 4].map(|()| app.id().unwrap());
    let slug = format!("course-{}", course.simple());
    write_tx!(app.db, |c| {
        sqlx::query("INSERT INTO topic (id, slug, name, art, position) VALUES ($1, $2, 'Pain', 'pain', 1)")
            .bind(topic).bind(format!("topic-{slug}")).execute(&mut *c).await?;
        sqlx::query(
            "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, short_access, travel) \
             VALUES ($1, $2, 'Bath Central Library', '19 The Podium', 'Bath', 'BA1 5AN', 51.38, -2.36, 'Step-free', 'Bus')",
        )
        .bind(venue).bind(format!("venue-{slug}")).execute(&mut *c).await?;
        sqlx::query("INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, $2, 'Priya Nair', 'Priya', 'Kind')")
            .bind(tutor).bind(format!("tutor-{slug}")).execute(&mut *c).await?;
        sqlx::query(
            "INSERT INTO course (id, slug, title, topic_id, audience, summary, lead, description, who_for, status, \
                                 created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, 'Short', 'Lead', 'Long', 'You', 'published', $6, $6)",
        )
        .bind(course).bind(&slug).bind(&spec.title).bind(topic).bind(spec.audience).bind(now)
        .execute(&mut *c).await?;
        Ok(())
    })
    .unwrap();
    let mut made = another_run(site, course, &slug, &spec).await;
    write_tx!(app.db, |c| {
        sqlx::query("UPDATE run SET venue_id = $2, tutor_id = $3 WHERE id = $1")
            .bind(made.id)
            .bind(venue)
            .bind(tutor)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
    made.slug = slug;
    made
}

/// Makes one more run of a course, online.
pub async fn another_run(site: &Site, course_id: Uuid, slug: &str, spec: &RunSpec) -> Made {
    let app = &site.app;
    let now = app.clock.now();
    let id = app.id().unwrap();
    let starts_at = now + spec.starts_in;
    let ends_at = starts_at + TimeDelta::weeks(spec.sessions - 1) + TimeDelta::hours(2);
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO run (id, course_id, status, volunteers_only, capacity, starts_at, ends_at, created_at, updated_at, \
                              opened_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        )
        .bind(id).bind(course_id).bind(spec.status).bind(spec.volunteers_only).bind(spec.capacity)
        .bind(starts_at).bind(ends_at).bind(now).bind((spec.status != "draft").then_some(now))
        .execute(&mut *c).await?;
        for week in 0..spec.sessions {
            let from = starts_at + TimeDelta::weeks(week);
            sqlx::query("INSERT INTO session (id, run_id, position, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(Uuid::new_v4()).bind(id).bind(week + 1).bind(from).bind(from + TimeDelta::hours(2))
                .execute(&mut *c).await?;
        }
        Ok(())
    })
    .unwrap();
    Made {
        id,
        course_id,
        slug: slug.to_owned(),
        starts_at,
        ends_at,
    }
}

/// Somebody with an account, signed in on one device.
#[derive(Clone)]
pub struct Member {
    pub account: Uuid,
    pub person: Uuid,
    pub email: String,
}

impl Member {
    pub fn request(&self, run_id: Uuid) -> Request {
        let mut key = [0; 32];
        key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        Request::website(run_id, self.account, self.person, key)
    }

    pub async fn book(&self, site: &Site, run_id: Uuid) -> BookOutcome {
        book(&site.app, &self.request(run_id)).await.unwrap()
    }
}

/// What a member is made from.
pub struct MemberSpec {
    pub name: &'static str,
    pub born: &'static str,
    pub verified: bool,
    pub volunteer: bool,
}

impl Default for MemberSpec {
    fn default() -> Self {
        Self {
            name: "Margaret Ashdown",
            born: "1952-03-31",
            verified: true,
            volunteer: false,
        }
    }
}

pub async fn member(site: &Site, spec: MemberSpec) -> Member {
    let app = &site.app;
    let now = app.clock.now();
    let secret = Secret::new().unwrap();
    let [person, account, other, device] = [(); 4].map(|()| app.id().unwrap());
    let email = format!("{}@example.org", person.simple());
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO person (id, full_name, date_of_birth, email, phone, postcode, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, '+447700900214', 'BA2 3QT', $5, $5)",
        )
        .bind(person).bind(spec.name).bind(spec.born).bind(&email).bind(now)
        .execute(&mut *c).await?;
        sqlx::query("INSERT INTO account (id, email, email_verified_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)")
            .bind(account).bind(&email).bind(spec.verified.then_some(now)).bind(now)
            .execute(&mut *c).await?;
        sqlx::query("INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)")
            .bind(other).bind(account).bind(person).bind(now)
            .execute(&mut *c).await?;
        if spec.volunteer {
            sqlx::query("INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, 'volunteer', $3)")
                .bind(other).bind(account).bind(now).execute(&mut *c).await?;
        }
        sqlx::query(
            "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, 'A test', TRUE, $4, $4, $5)",
        )
        .bind(device).bind(account).bind(secret.hash().to_vec()).bind(now).bind(now + TimeDelta::days(300))
        .execute(&mut *c).await?;
        Ok(())
    })
    .unwrap();
    Member {
        account,
        person,
        email,
    }
}

pub async fn members(site: &Site, n: usize) -> Vec<Member> {
    let mut made = Vec::new();
    for _ in 0..n {
        made.push(member(site, MemberSpec::default()).await);
    }
    made
}

/// A sign-up that is not finished.
pub async fn draft(site: &Site) -> Uuid {
    let app = &site.app;
    let now = app.clock.now();
    let id = app.id().unwrap();
    write_tx!(app.db, |c| {
        sqlx::query("INSERT INTO sign_up_draft (id, token_hash, sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id).bind(Secret::new().unwrap().hash().to_vec()).bind(vec![0_u8]).bind(now)
            .bind(now + TimeDelta::hours(24))
            .execute(&mut *c).await?;
        Ok(())
    })
    .unwrap();
    id
}

/// What the rows say about a run.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counted {
    pub bookings: i64,
    pub places: i64,
    pub messages: i64,
    pub taken: i64,
    pub held: i64,
}

pub async fn count(site: &Site, run_id: Uuid) -> Counted {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM booking WHERE run_id = run.id AND status IN ('booked', 'awaiting-guardian')) AS bookings, \
                    (SELECT COUNT(*) FROM place WHERE run_id = run.id AND status = 'active') AS places, \
                    (SELECT COUNT(*) FROM outbox JOIN place ON place.person_id = outbox.person_id \
                            WHERE place.run_id = run.id AND outbox.cause LIKE 'booking:%:confirmed') AS messages, \
                    places_taken AS taken, places_held AS held FROM run WHERE id = $1",
        )
        .bind(run_id)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

/// A number from the database.
pub async fn number(site: &Site, sql: &'static str) -> i64 {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_one(&mut *c)
        .await?))
    .unwrap()
}

/// Changes something behind the site's back.
pub async fn change(site: &Site, sql: &'static str, id: Uuid) {
    write_tx!(site.app.db, |c| {
        sqlx::query(sql).bind(id).execute(&mut *c).await?;
        Ok(())
    })
    .unwrap();
}

/// Every message of a kind that was sent, once none waits. The site keeps its mail in memory.
pub async fn told(site: &Site, kind: MessageKind) -> Vec<Mail> {
    while number(site, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").await > 0 {
        jobs::send_due(&site.app).await.unwrap();
        tokio::task::yield_now().await;
    }
    let sent = site.app.messages.transport.sent().into_iter();
    sent.map(|sent| sent.mail)
        .filter(|mail| mail.kind == kind)
        .collect()
}

/// Names a parent or guardian of somebody.
pub async fn guardian(site: &Site, person: Uuid, email: &'static str) -> Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO guardian (id, person_id, full_name, email, created_at) \
             VALUES ($1, $2, 'Amina Khan', $3, $4)",
        )
        .bind(id)
        .bind(person)
        .bind(email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// Lets an account act for somebody who has none.
pub async fn cared_for(site: &Site, account: Uuid, name: &'static str) -> Uuid {
    let app = &site.app;
    let (person, id, now) = (app.id().unwrap(), app.id().unwrap(), app.clock.now());
    write_tx!(app.db, |c| {
        sqlx::query("INSERT INTO person (id, full_name, date_of_birth, created_at, updated_at) VALUES ($1, $2, '1950-01-02', $3, $3)")
            .bind(person).bind(name).bind(now).execute(&mut *c).await?;
        sqlx::query("INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'carer', $4)")
            .bind(id).bind(account).bind(person).bind(now).execute(&mut *c).await?;
        Ok(())
    })
    .unwrap();
    person
}

//! Courses for tests: rows written as the course desk would.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wellbeing_courses::catalogue::{self, rules};
use wellbeing_courses::write_tx;

use super::Site;

/// A course to be made.
pub struct CourseSeed {
    pub title: String,
    pub topic: &'static str,
    pub audience: &'static str,
    pub summary: String,
    pub status: &'static str,
    pub runs: Vec<RunSeed>,
}

/// A run to be made. It meets weekly.
pub struct RunSeed {
    pub starts_at: DateTime<Utc>,
    pub minutes: i64,
    pub sessions: i64,
    /// A town; the venue there is made too. None is online.
    pub town: Option<&'static str>,
    pub capacity: i64,
    pub taken: i64,
    pub status: &'static str,
    pub volunteers_only: bool,
}

/// A run of two hours, six times, in Bath, with 9 of 12 places left.
pub fn run(starts_at: &str) -> RunSeed {
    RunSeed {
        starts_at: starts_at.parse().unwrap(),
        minutes: 120,
        sessions: 6,
        town: Some("Bath"),
        capacity: 12,
        taken: 3,
        status: "open",
        volunteers_only: false,
    }
}

/// A published course for everyone.
pub fn course(title: &str, topic: &'static str, runs: Vec<RunSeed>) -> CourseSeed {
    CourseSeed {
        title: title.to_owned(),
        topic,
        audience: "everyone",
        summary: format!("About {topic}, at your own pace."),
        status: "published",
        runs,
    }
}

impl Site {
    /// Makes a course with its topic, venues, tutor, runs and sessions; gives the ids of its runs.
    pub async fn add_course(&self, seed: CourseSeed) -> Vec<Uuid> {
        let app = &self.app;
        let now = app.clock.now();
        let id = || app.id().unwrap();
        let (topic_id, course_id, tutor_id) = (id(), id(), id());
        let slug = rules::slug(&seed.title);
        let runs: Vec<(Uuid, &RunSeed)> = seed.runs.iter().map(|run| (id(), run)).collect();
        let sessions: Vec<(Uuid, Uuid, i64, DateTime<Utc>, &RunSeed)> = runs
            .iter()
            .flat_map(|(run_id, run)| {
                (0..run.sessions)
                    .map(move |n| (*run_id, n + 1, run.starts_at + TimeDelta::days(7 * n), *run))
            })
            .map(|(run_id, position, at, run)| (id(), run_id, position, at, run))
            .collect();
        let venues: Vec<(Uuid, &'static str)> = seed
            .runs
            .iter()
            .filter_map(|run| run.town)
            .map(|town| (id(), town))
            .collect();
        let tutor = format!("priya-{}", tutor_id.simple());
        write_tx!(app.db, |c| {
            sqlx::query(
                "INSERT INTO topic (id, slug, name, art, position) \
                 VALUES ($1, $2, $3, $2, (SELECT COUNT(*) FROM topic)) ON CONFLICT (slug) DO NOTHING",
            )
            .bind(topic_id)
            .bind(rules::slug(seed.topic))
            .bind(seed.topic)
            .execute(&mut *c)
            .await?;
            for (venue_id, town) in &venues {
                let added = sqlx::query(
                    "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, \
                                        short_access, travel) \
                     VALUES ($1, $2, $3, '1 High Street', $4, 'BA1 5AL', 51.38, -2.36, 'Step-free', 'Bus 3.') \
                     ON CONFLICT (slug) DO NOTHING",
                )
                .bind(*venue_id)
                .bind(format!("{}-library", rules::slug(town)))
                .bind(format!("{town} Library"))
                .bind(*town)
                .execute(&mut *c)
                .await?;
                if added.rows_affected() == 1 {
                    sqlx::query(
                        "INSERT INTO venue_fact (venue_id, position, icon, words) VALUES ($1, 1, 'loo', 'Accessible toilet')",
                    )
                    .bind(*venue_id)
                    .execute(&mut *c)
                    .await?;
                }
            }
            sqlx::query(
                "INSERT INTO tutor (id, slug, full_name, known_as, about) \
                 VALUES ($1, $2, 'Priya Nair', 'Priya', 'Priya likes tea.')",
            )
            .bind(tutor_id)
            .bind(&tutor)
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "INSERT INTO course (id, slug, title, topic_id, audience, summary, lead, description, who_for, \
                                     not_for, status, created_at, updated_at) \
                 VALUES ($1, $2, $3, (SELECT id FROM topic WHERE slug = $4), $5, $6, 'A lead.', 'One.' || $9 || 'Two.', \
                         'Anyone who likes.', 'Not if it hurts.', $7, $8, $8)",
            )
            .bind(course_id)
            .bind(&slug)
            .bind(&seed.title)
            .bind(rules::slug(seed.topic))
            .bind(seed.audience)
            .bind(&seed.summary)
            .bind(seed.status)
            .bind(now)
            .bind("\n\n")
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "INSERT INTO course_first_visit (course_id, position, icon, strong, words) \
                 VALUES ($1, 1, 'ear', 'You can just listen.', 'Nobody will ask you to speak.')",
            )
            .bind(course_id)
            .execute(&mut *c)
            .await?;
            for (run_id, run) in &runs {
                let last = run.starts_at + TimeDelta::days(7 * (run.sessions - 1));
                sqlx::query(
                    "INSERT INTO run (id, course_id, tutor_id, venue_id, join_link, status, volunteers_only, capacity, \
                                      places_taken, starts_at, ends_at, created_at, updated_at) \
                     VALUES ($1, $2, $3, (SELECT id FROM venue WHERE slug = $4), $5, $6, $7, $8, $9, $10, $11, $12, $12)",
                )
                .bind(*run_id)
                .bind(course_id)
                .bind(tutor_id)
                .bind(run.town.map(|town| format!("{}-library", rules::slug(town))))
                .bind(run.town.is_none().then_some("https://meet.example.org/secret-room"))
                .bind(run.status)
                .bind(run.volunteers_only)
                .bind(run.capacity)
                .bind(run.taken)
                .bind(run.starts_at)
                .bind(last + TimeDelta::minutes(run.minutes))
                .bind(now)
                .execute(&mut *c)
                .await?;
            }
            for (session_id, run_id, position, at, run) in &sessions {
                sqlx::query(
                    "INSERT INTO session (id, run_id, position, starts_at, ends_at, theme) VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(*session_id)
                .bind(*run_id)
                .bind(*position)
                .bind(*at)
                .bind(*at + TimeDelta::minutes(run.minutes))
                .bind(format!("Theme {position}"))
                .execute(&mut *c)
                .await?;
            }
            sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        // What another process would see within a second.
        app.catalogue.places_changed();
        runs.into_iter().map(|(id, _)| id).collect()
    }

    /// Sets how many places of a run are taken, as bookings by any process would.
    pub async fn take_places(&self, run: Uuid, taken: i64) {
        write_tx!(self.app.db, |c| {
            sqlx::query("UPDATE run SET places_taken = $2 WHERE id = $1")
                .bind(run)
                .bind(taken)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
    }
}

//! The demo: believable, consistent, and only ever in an empty database.

use chrono::{DateTime, TimeDelta, Utc};
use wellbeing_courses::bookings::recount;
use wellbeing_courses::{demo, read};

use crate::support::Site;

on_both! {
    async fn the_demo_counts_what_it_books_and_lets_its_people_in(site: Site) {
        let access = demo::fill(&site.app).await.unwrap();
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        let (people, runs, full, taken): (i64, i64, i64, i64) = read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM person), (SELECT COUNT(*) FROM run), \
                        (SELECT COUNT(*) FROM run WHERE places_taken = capacity), \
                        (SELECT COUNT(*) FROM place WHERE status = 'active')",
            )
            .fetch_one(&mut *c)
            .await?)
        })
        .unwrap();
        assert_eq!(people, 303, "300 who book, and 3 who work here");
        assert!(runs >= 110 && full >= 15 && taken >= 600, "{runs} runs, {full} full, {taken} places");

        // There is something for everybody, in every way.
        let (courses, young, volunteers, online, last): (i64, i64, i64, i64, DateTime<Utc>) = read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM course WHERE status = 'published'), \
                        (SELECT COUNT(*) FROM course WHERE audience = 'under-16s'), \
                        (SELECT COUNT(*) FROM run WHERE volunteers_only), \
                        (SELECT COUNT(*) FROM run WHERE venue_id IS NULL), (SELECT MAX(starts_at) FROM run)",
            )
            .fetch_one(&mut *c)
            .await?)
        })
        .unwrap();
        assert!((35..=45).contains(&courses), "{courses} courses");
        assert!(young >= 1 && volunteers >= 2 && online >= 1, "{young}, {volunteers}, {online}");
        assert!(last > site.app.clock.now() + TimeDelta::days(90), "the last begins {last}");

        // Carers book for two, the member one can sign in as among them.
        let (pairs, others): (i64, i64) = read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM (SELECT booking_id FROM place GROUP BY booking_id HAVING COUNT(*) = 2) AS two), \
                        (SELECT COUNT(*) FROM place JOIN booking ON booking.id = place.booking_id \
                         WHERE booking.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM representation \
                               WHERE representation.account_id = booking.account_id \
                               AND representation.person_id = place.person_id))",
            )
            .fetch_one(&mut *c)
            .await?)
        })
        .unwrap();
        assert!(pairs >= 5, "{pairs} bookings for two");
        assert_eq!(others, 0, "nobody books for somebody they do not represent");

        for one in &access {
            let browser = site.browser();
            let answer = browser
                .post("/sign-in", &[("email", &one.email), ("password", &one.password)])
                .await;
            assert_eq!(answer.status, 303, "{}: {}", one.who, answer.body);
            assert!(!answer.location().starts_with("/sign-in"), "{}", one.who);
        }

        // Once there are people, nothing is written again.
        let refused = demo::fill(&site.app).await.unwrap_err().to_string();
        assert!(refused.starts_with("This database has people in it."), "{refused}");
    }
}

#[tokio::test]
async fn how_to_sign_in_is_kept_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::on_sqlite().await;
    let access = demo::fill(&site.app).await.unwrap();
    let path = site.app.config.data_dir.join("demo-sign-in.txt");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let words = std::fs::read_to_string(&path).unwrap();
    assert!(
        access
            .iter()
            .all(|one| words.contains(&one.email) && words.contains(&one.password))
    );
    assert_eq!(access.len(), 6);

    // Another demo has passwords of its own.
    let other = demo::fill(&Site::on_sqlite().await.app).await.unwrap();
    for one in &access {
        assert!(other.iter().all(|two| two.password != one.password));
    }
}

//! Who sees which list, when, and who reads that they did.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::read;

use super::scene::{self, PersonSpec, at, audited, path};
use crate::bookings::world::{self, RunSpec};

/// Every page with people on it.
fn pages(run: Uuid) -> [String; 4] {
    let path = path(run);
    [
        format!("{path}/sessions/1"),
        format!("{path}/sessions/6"),
        format!("{path}/sheet"),
        format!("{path}/register.csv"),
    ]
}

on_both! {
    async fn a_tutor_sees_name_phone_and_email_of_those_who_come(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let companion = scene::person(&site, PersonSpec { name: "Tom Ashdown", born: None, phone: None, email: None }).await;
        scene::booked(&site, run.id, &[mary.person_id, companion], Some(mary.account_id)).await;
        let child = scene::person(&site, PersonSpec {
            name: "Rowan Brook", born: Some("2011-01-13"), phone: Some("+447700900333"), email: Some("rowan@example.org"),
        }).await;
        scene::parent(&site, child, "Alex Brook", ["+447700900444", "alex@example.org"]).await;
        let grown = scene::person(&site, PersonSpec {
            name: "Sam Young", born: Some("2011-01-12"), phone: Some("+447700900555"), email: Some("sam@example.org"),
        }).await;
        scene::parent(&site, grown, "Kit Young", ["+447700900666", "kit@example.org"]).await;
        scene::booked(&site, run.id, &[child], None).await;
        scene::booked(&site, run.id, &[grown], None).await;

        let list = tutor.browser.get(&format!("{}/sessions/1", path(run.id))).await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
        assert_eq!(list.words(".wb-register__person h3"), ["Mary Ashdown", "Rowan Brook", "Sam Young", "Tom Ashdown"]);
        let people = list.words(".wb-register__person");
        assert_eq!(people, [
            format!("Mary Ashdown07700 900100{}", mary.email),
            "Rowan Brook07700 900444alex@example.org".to_owned(),
            "Sam Young07700 900555sam@example.org".to_owned(),
            "Tom AshdownNo phone or email of their own. If you need to reach them, call us.".to_owned(),
        ]);
        assert!(list.body.contains("href=\"tel:+447700900444\"") && list.body.contains("href=\"mailto:alex@example.org\""));
        assert_eq!(list.words("h1"), ["Session 1: Tuesday 12 January"]);
        assert_eq!(list.words("input[type=radio]").len(), 0, "nothing is marked before the day");
        for never in [" style=", "<style"] {
            assert!(!list.body.contains(never), "{never}");
        }
        // The first page counts, and names nobody.
        let runs = tutor.browser.get("/tutor").await;
        assert!(runs.body.contains("4 people coming") && runs.body.contains("Next session: Tuesday 12 January, 10:30am"));
        assert!(!runs.body.contains("Ashdown"));
        assert_eq!(tutor.browser.get(&path(run.id)).await.location(), format!("{}/sessions/1", path(run.id)));

        let file = tutor.browser.get(&format!("{}/register.csv", path(run.id))).await;
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"register-2027-01-12.csv\"");
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(file.headers["cache-control"], "no-store");
        let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect();
        assert_eq!(lines, [
            "Name,Phone,Email".to_owned(),
            format!("Mary Ashdown,07700 900100,{}", mary.email),
            "Rowan Brook,07700 900444,alex@example.org".to_owned(),
            "Sam Young,07700 900555,sam@example.org".to_owned(),
            "Tom Ashdown,,".to_owned(),
        ]);
        let sheet = tutor.browser.get(&format!("{}/sheet", path(run.id))).await;
        assert_eq!(sheet.words(".wb-sheet h2").len(), 6, "one page a session");
        assert!(sheet.body.contains("Printed by Priya Nair at 9am on 4 January 2027."));
    }

    async fn nobody_else_finds_the_list(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        let other = site.staff("Kit Lowe", &[Role::Tutor]).await;
        let others = world::run(&site, RunSpec::default()).await;
        scene::give(&site, others.id, other.account_id).await;
        let admin = site.staff("Jo Hart", &[Role::CourseAdmin]).await;
        // A run that is still a draft is not there, either.
        let draft = world::run(&site, RunSpec { status: "draft", ..RunSpec::default() }).await;
        world::change(&site, "UPDATE run SET tutor_id = (SELECT id FROM tutor WHERE full_name = 'Priya Nair' \
            AND account_id IS NOT NULL ORDER BY id LIMIT 1) WHERE id = $1", draft.id).await;
        let nothing = Uuid::new_v4();
        let wanted = tutor.browser.get("/tutor/runs/nothing-here").await;
        assert_eq!(wanted.status, StatusCode::NOT_FOUND);
        for page in pages(run.id) {
            for browser in [&other.browser, &mary.browser, &admin.browser] {
                let answer = browser.get(&page).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
                assert_eq!(answer.body, wanted.body, "{page}");
            }
            let visitor = site.browser().get(&page).await;
            assert!(visitor.location().starts_with("/sign-in?next="));
        }
        for page in pages(nothing).into_iter().chain(pages(draft.id)).chain([
            format!("{}/sessions/7", path(run.id)), format!("{}/sessions/x", path(run.id)), path(nothing),
        ]) {
            let answer = tutor.browser.get(&page).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted.body), "{page}");
        }
        let sent = other.browser.post(&format!("{}/sessions/1", path(run.id)), &[("a", "b")]).await;
        assert_eq!((sent.status, &sent.body), (StatusCode::NOT_FOUND, &wanted.body));
        assert!(!other.browser.get("/tutor").await.body.contains(&run.id.to_string()));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM disclosure").await, 0);
        // Another tutor's four pages and form, about the run; their own draft's four, which is not there for them yet.
        assert_eq!(audited(&site, run.id, "refused").await, 5);
        let feedback = other.browser.get(&format!("{}/feedback", path(run.id))).await;
        assert_eq!((feedback.status, &feedback.body), (StatusCode::NOT_FOUND, &wanted.body));
        let message = other.browser.get(&format!("{}/message", path(run.id))).await;
        assert_eq!((message.status, &message.body), (StatusCode::NOT_FOUND, &wanted.body));
        assert_eq!(audited(&site, run.id, "refused").await, 7);
        assert_eq!(audited(&site, draft.id, "refused").await, 4);
        let of_nothing = "SELECT COUNT(*) FROM audit_entry WHERE action = 'refused' AND role = 'tutor' AND about IS NULL";
        assert_eq!(world::number(&site, of_nothing).await, 5, "a run that is not there; what is no number asks for nobody's");
        // Who gives no runs reads so.
        let new = site.staff("Lee Moss", &[Role::Tutor]).await;
        assert!(new.browser.get("/tutor").await.body.contains("You have no runs yet"));
    }

    async fn a_list_is_open_for_a_while_only(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        for (moment, open, words) in [
            ("2026-12-28T23:59:00Z", false, "The list is not open yet"),
            ("2026-12-29T00:00:00Z", true, "Mary Ashdown"),
            ("2027-02-16T11:00:00Z", true, "Mary Ashdown"),
            ("2027-03-02T23:59:00Z", true, "Mary Ashdown"),
            ("2027-03-03T00:00:00Z", false, "This list is closed"),
        ] {
            at(&site, moment);
            let browser = site.desk_browser(&tutor).await;
            for page in pages(run.id) {
                let answer = browser.get(&page).await;
                assert_eq!(answer.status, StatusCode::OK, "{moment} {page}");
                assert!(answer.body.contains(words), "{moment} {page}");
                for own in ["Mary Ashdown", mary.email.as_str(), "07700 900100", "900100"] {
                    assert_eq!(answer.body.contains(own) && open, answer.body.contains(own), "{moment} {page} {own}");
                }
            }
            assert_eq!(browser.get("/tutor").await.body.contains(&format!("href=\"{}\"", path(run.id))), open, "{moment}");
        }
        let seen = world::number(&site, "SELECT CAST(SUM(times) AS BIGINT) FROM disclosure").await;
        assert_eq!(seen, 12, "four pages in three moments, and none of what was closed");
        at(&site, "2027-01-12T09:00:00Z");
        world::change(&site, "UPDATE run SET status = 'cancelled' WHERE id = $1", run.id).await;
        let browser = site.desk_browser(&tutor).await;
        for page in pages(run.id) {
            let answer = browser.get(&page).await;
            assert!(answer.body.contains("This run does not go ahead") && !answer.body.contains("Mary"), "{page}");
        }
        let sent = browser.post(&pages(run.id)[0], &[("a", "b")]).await;
        assert!(sent.body.contains("This run does not go ahead"));
    }

    async fn each_person_reads_who_opened_the_list(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let empty = mary.browser.get("/account/who-has-seen").await;
        assert_eq!((empty.status, empty.words("h1")), (StatusCode::OK, vec!["Who has seen my details".to_owned()]));
        assert!(empty.body.contains("Nobody so far"));
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        let [first, last, sheet, file] = pages(run.id);
        for page in [&first, &last, &first, &sheet, &file, &file] {
            assert_eq!(tutor.browser.get(page).await.status, StatusCode::OK, "{page}");
        }
        assert_eq!(audited(&site, run.id, "looked").await, 3);
        assert_eq!(audited(&site, run.id, "printed").await, 1);
        assert_eq!(audited(&site, run.id, "downloaded").await, 2);
        at(&site, "2027-01-05T09:00:00Z");
        let next_day = site.desk_browser(&tutor).await;
        next_day.get(&first).await;
        let rows: Vec<(String, String, i64)> = read!(site.app.db, |c| {
            Ok(sqlx::query_as("SELECT day, kind, times FROM disclosure WHERE person_id = $1 ORDER BY day, kind")
                .bind(mary.person_id)
                .fetch_all(&mut *c)
                .await?)
        })
        .unwrap();
        let rows: Vec<_> = rows.iter().map(|(day, kind, times)| (day.as_str(), kind.as_str(), *times)).collect();
        assert_eq!(rows, [
            ("2027-01-04", "tutor-download", 2),
            ("2027-01-04", "tutor-print", 1),
            ("2027-01-04", "tutor-register", 3),
            ("2027-01-05", "tutor-register", 1),
        ]);
        let mine = site.browser_of(&mary).await.get("/account/who-has-seen").await;
        assert_eq!(mine.words("tbody tr").len(), 4);
        let cells = mine.words("tbody :is(th, td)");
        assert_eq!(cells[..5], [
            "Tuesday 5 January", "Priya Nair, tutor", "Living well with long-term pain, from 12 January",
            "Opened the list of who is coming", "Once",
        ]);
        let lines: Vec<_> = cells.chunks(5).map(|row| (row[0].as_str(), row[3].as_str(), row[4].as_str())).collect();
        for line in [
            ("Monday 4 January", "Opened the list of who is coming", "3 times"),
            ("Monday 4 January", "Opened the list to print it", "Once"),
            ("Monday 4 January", "Downloaded the list", "2 times"),
        ] {
            assert!(lines.contains(&line), "{lines:?}");
        }
        // It is nobody else's.
        let other = site.member("Nora Vale").await;
        assert!(other.browser.get("/account/who-has-seen").await.body.contains("Nobody so far"));
        assert!(mine.body.contains("aria-current=\"page\">Who has seen my details"));
    }
}

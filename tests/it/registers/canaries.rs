//! A tutor's pages hold name, phone and email and nothing else: everything else that we know of somebody is planted with
//! words that stand nowhere else, and none of them is on any of the pages.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::{read, write_tx};

use super::scene::{self, PersonSpec, at, path};
use crate::bookings::pages::book_path;
use crate::bookings::world;
use crate::support::Site;
use crate::support::people::Somebody;

/// What is planted, in every way it could be written.
const CANARIES: [&str; 25] = [
    "canary-called",
    "1951-10-19",
    "19 October 1951",
    "19 10 1951",
    "19/10/1951",
    "ZE3 9JZ",
    "ZE39JZ",
    "easy-read",
    "easy read",
    "canary-sign-in@",
    "canary-evidence",
    "Canary Parent",
    "canary-parent@",
    "900771",
    "canary-child@",
    "900772",
    "canary-note",
    "CANARYREF",
    "Canary Waits",
    "Canary Asks",
    "Canary Left",
    "canary-wording",
    "Canary Objects",
    "900773",
    "canary-objects@",
];

/// Those that stand in a page.
fn found(page: &str) -> Vec<&'static str> {
    let page = page.to_lowercase();
    CANARIES
        .into_iter()
        .filter(|canary| page.contains(&canary.to_lowercase()))
        .collect()
}

/// Puts words that stand nowhere else into every field that is none of the tutor's business.
async fn plant(site: &Site, mary: &Somebody) {
    let (guardian, consent, now) = (
        site.app.id().unwrap(),
        site.app.id().unwrap(),
        site.app.clock.now(),
    );
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "UPDATE person SET preferred_name = 'canary-called', date_of_birth = '1951-10-19', postcode = 'ZE3 9JZ', \
                    out_of_area = TRUE, reach_by_letter = TRUE, safe_to_leave_message = TRUE, format = 'easy-read', \
                    remind_by = 'call', name_course_in_messages = FALSE WHERE id = $1",
        )
        .bind(mary.person_id)
        .execute(&mut *c)
        .await?;
        sqlx::query("UPDATE account SET email = 'canary-sign-in@example.org' WHERE id = $1")
            .bind(mary.account_id)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE representation SET evidence = 'canary-evidence' WHERE account_id = $1")
            .bind(mary.account_id)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE booking SET reference = 'CANARYREF' WHERE account_id = $1")
            .bind(mary.account_id)
            .execute(&mut *c)
            .await?;
        // A grown-up may still have a guardian of when they were not.
        sqlx::query(
            "INSERT INTO guardian (id, person_id, full_name, email, phone, created_at) \
             VALUES ($1, $2, 'Canary Parent', 'canary-parent@example.org', '+447700900771', $3)",
        )
        .bind(guardian)
        .bind(mary.person_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO consent (id, person_id, about, given, wording, wording_version, channel, recorded_at) \
             VALUES ($1, $2, 'texts', TRUE, 'canary-wording', '1', 'account', $3)",
        )
        .bind(consent)
        .bind(mary.person_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// A name on the run that is not coming: waiting for a guardian, given back, or on the list.
async fn others(site: &Site, run: Uuid) {
    for (name, sql) in [
        (
            "Canary Asks",
            "UPDATE booking SET status = 'awaiting-guardian', agree_by = created_at \
             WHERE id = (SELECT booking_id FROM place WHERE id = $1)",
        ),
        (
            "Canary Left",
            "UPDATE place SET status = 'stopped' WHERE id = $1",
        ),
    ] {
        let spec = PersonSpec {
            name,
            born: None,
            phone: None,
            email: None,
        };
        let person = scene::person(site, spec).await;
        let place = scene::booked(site, run, &[person], None).await[0];
        world::change(site, sql, place).await;
    }
    let spec = PersonSpec {
        name: "Canary Waits",
        born: None,
        phone: None,
        email: None,
    };
    let (person, entry, now) = (
        scene::person(site, spec).await,
        site.app.id().unwrap(),
        site.app.clock.now(),
    );
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO waiting_entry (id, run_id, channel, places, turn, status, joined_at) \
             VALUES ($1, $2, 'phone', 1, 1, 'waiting', $3)",
        )
        .bind(entry)
        .bind(run)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query("INSERT INTO waiting_person (entry_id, person_id, run_id, active) VALUES ($1, $2, $3, TRUE)")
            .bind(entry)
            .bind(person)
            .bind(run)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
}

/// What a statement of ours would show if it read one column more.
async fn leaks(site: &Site, sql: &'static str) -> String {
    let rows: Vec<(String, Option<String>)> = read!(site.app.db, |c| Ok(sqlx::query_as(sql)
        .fetch_all(&mut *c)
        .await?))
    .unwrap();
    rows.into_iter()
        .map(|(name, more)| format!("<li>{name} {}</li>", more.unwrap_or_default()))
        .collect::<Vec<_>>()
        .join("\n")
}

on_both! {
    async fn nothing_else_we_know_is_on_a_tutors_page(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let note = [("form-key", "a-form-key-of-ours"), ("remind", "email"), ("access-note", "canary-note")];
        let sent = mary.browser.post(&book_path(&run), &note).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        // Its own page shows the note, so the check can find it.
        let own = sent.location().replace("/booked", "/note");
        assert!(found(&mary.browser.get(&own).await.body).contains(&"canary-note"), "{own}");
        plant(&site, &mary).await;
        let child = scene::person(&site, PersonSpec {
            name: "Rowan Brook", born: Some("2014-03-08"), phone: Some("+447700900772"), email: Some("canary-child@example.org"),
        }).await;
        scene::parent(&site, child, "Canary Parent", ["+447700900444", "alex@example.org"]).await;
        scene::booked(&site, run.id, &[child], None).await;
        others(&site, run.id).await;
        let objects = scene::person(&site, PersonSpec {
            name: "Canary Objects", born: None, phone: Some("+447700900773"), email: Some("canary-objects@example.org"),
        }).await;
        scene::booked(&site, run.id, &[objects], None).await;
        world::change(&site, "UPDATE person SET keep_from_tutors = TRUE WHERE id = $1", objects).await;

        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let path = path(run.id);
        let mut pages = vec!["/tutor".to_owned(), path.clone(), format!("{path}/sheet"), format!("{path}/register.csv"), format!("{path}/message")];
        pages.extend((1..=6).map(|n| format!("{path}/sessions/{n}")));
        for page in &pages {
            let answer = browser.get(page).await;
            let headers = format!("{:?}", answer.headers);
            assert_eq!(found(&answer.body), Vec::<&str>::new(), "{page}");
            assert_eq!(found(&headers), Vec::<&str>::new(), "{page}");
            assert!(!answer.body.contains(&mary.person_id.to_string()) && !answer.body.contains("2014"), "{page}");
            if page != "/tutor" && page != &path && !page.ends_with("/message") {
                for seen in ["Mary Ashdown", "07700 900100", &mary.email, "Rowan Brook", "07700 900444", "alex@example.org"] {
                    assert!(answer.body.contains(seen), "{page}: {seen}");
                }
            }
        }
        let preview = browser.post(&format!("{path}/message"), &[("words", "Bring a cushion.")]).await;
        assert_eq!((preview.status, found(&preview.body)), (StatusCode::OK, Vec::new()));
        let saved = browser.post_and_follow(&format!("{path}/sessions/1"), &[("mark-x", "came")]).await;
        assert_eq!((saved.status, found(&saved.body)), (StatusCode::OK, Vec::new()));

        // The check finds each of them where it is shown: one more column in the statement would not go unseen.
        for (sql, canary) in [
            ("SELECT full_name, preferred_name FROM person", "canary-called"),
            ("SELECT full_name, date_of_birth FROM person", "1951-10-19"),
            ("SELECT full_name, postcode FROM person", "ZE3 9JZ"),
            ("SELECT full_name, format FROM person", "easy-read"),
            ("SELECT full_name, email FROM person", "canary-child@"),
            ("SELECT full_name, phone FROM person", "900772"),
            ("SELECT full_name, email FROM guardian", "canary-parent@"),
            ("SELECT full_name, phone FROM guardian", "900771"),
            ("SELECT full_name, full_name FROM guardian", "Canary Parent"),
            ("SELECT email, email FROM account", "canary-sign-in@"),
            ("SELECT kind, evidence FROM representation", "canary-evidence"),
            ("SELECT status, reference FROM booking", "CANARYREF"),
            ("SELECT about, wording FROM consent", "canary-wording"),
            ("SELECT full_name, full_name FROM person", "Canary Waits"),
            ("SELECT full_name, full_name FROM person", "Canary Asks"),
            ("SELECT full_name, full_name FROM person", "Canary Left"),
            ("SELECT full_name, full_name FROM person", "Canary Objects"),
            ("SELECT full_name, phone FROM person", "900773"),
            ("SELECT full_name, email FROM person", "canary-objects@"),
        ] {
            assert!(found(&leaks(&site, sql).await).contains(&canary), "{sql}");
        }
    }

    async fn no_cell_of_the_file_is_a_formula(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        for (name, email) in [("=1+1", "@example.org"), ("Zoë, the \"tall\" one", "zoe@example.org"), ("-Jo", "jo@example.org")] {
            let spec = PersonSpec { name, born: None, phone: Some("+33123456789"), email: Some(email) };
            let person = scene::person(&site, spec).await;
            scene::booked(&site, run.id, &[person], None).await;
        }
        let file = tutor.browser.get(&format!("{}/register.csv", path(run.id))).await;
        let raw = tutor.browser.client.get(site.url(&format!("{}/register.csv", path(run.id)))).send().await.unwrap();
        assert!(raw.bytes().await.unwrap().starts_with("\u{feff}Name,".as_bytes()), "spreadsheets are told that it is UTF-8");
        let mut cells = file.body.trim_start_matches('\u{feff}').split(['\n', ',']);
        assert!(cells.all(|cell| !cell.trim_start_matches('"').starts_with(['=', '+', '-', '@', '\t', '\r'])), "{}", file.body);
        for line in ["'=1+1,'+33 1 23 45 67 89,'@example.org", "\"Zoë, the \"\"tall\"\" one\",'+33 1 23 45 67 89,zoe@example.org"] {
            assert!(file.body.contains(line), "{}", file.body);
        }
    }
}

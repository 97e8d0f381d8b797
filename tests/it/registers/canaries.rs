//! A tutor's pages hold name, phone and email and nothing else: everything else that we know of somebody is planted with
//! words that stand nowhere else, and none of them is on any of the pages.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use super::marking::field;
use super::offline;
use super::scene::{self, PersonSpec, at, path};
use crate::bookings::pages::book_path;
use crate::bookings::world;
use crate::support::people::Somebody;
use crate::support::{Browser, Site};

/// What is planted, in every way it could be written.
const CANARIES: [&str; 35] = [
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
    "canary-street",
    "canary-town",
    "canary-said",
    "canary-felt",
    "canary-reason",
    "Canary Volunteers",
    "Canary Cancelled",
    "black-caribbean",
    "Black Caribbean",
    "900774",
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
    let (volunteer, feedback) = (site.app.id().unwrap(), site.app.id().unwrap());
    let felt = site
        .app
        .vault
        .seal(
            now,
            mary.person_id,
            RecordClass::Health,
            feedback,
            b"canary-felt",
        )
        .await
        .unwrap();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "UPDATE person SET preferred_name = 'canary-called', date_of_birth = '1951-10-19', postcode = 'ZE3 9JZ', \
                    out_of_area = TRUE, reach_by_letter = TRUE, safe_to_leave_message = TRUE, format = 'easy-read', \
                    remind_by = 'call', name_course_in_messages = FALSE, address = 'canary-street', town = 'canary-town' WHERE id = $1",
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
        sqlx::query(
            "INSERT INTO volunteer (id, person_id, organisation, hours_a_week, from_at, until_at, given_by, created_at) \
             VALUES ($1, $2, 'Canary Volunteers', 3, $3, $4, $5, $3)",
        )
        .bind(volunteer)
        .bind(mary.person_id)
        .bind(now)
        .bind(now + TimeDelta::days(90))
        .bind(mary.account_id)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO feedback (id, booking_id, run_id, person_id, how, asked_at, overall, sealed, answered_at) \
             SELECT $1, booking.id, booking.run_id, $2, 'none', $3, 'bad', $4, $3 FROM booking WHERE account_id = $5",
        )
        .bind(feedback)
        .bind(mary.person_id)
        .bind(now)
        .bind(&felt)
        .bind(mary.account_id)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// What the course team knows: what was said on the phone, and why a booking was cancelled. Gives the team's browser.
async fn said_to_the_team(site: &Site, run: Uuid, mary: &Somebody) -> Browser {
    let team = site.staff("Sandra", &[Role::CourseAdmin]).await.browser;
    let page = format!("/desk/people/{}", mary.person_id);
    let key = team.get(&page).await.field("form-key").unwrap();
    let note = [
        ("form-key", key.as_str()),
        ("way", "phone"),
        ("note", "canary-said"),
    ];
    let noted = team.post_and_follow(&page, &note).await;
    assert!(found(&noted.body).contains(&"canary-said"));
    let spec = PersonSpec {
        name: "Canary Cancelled",
        born: None,
        phone: Some("+447700900774"),
        email: None,
    };
    let person = scene::person(site, spec).await;
    scene::booked(site, run, &[person], None).await;
    let reference: String = read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT booking.reference FROM booking JOIN place ON place.booking_id = booking.id WHERE place.person_id = $1"
    )
    .bind(person)
    .fetch_one(&mut *c)
    .await?))
    .unwrap();
    let cancel = format!("/desk/people/{person}/cancel/{reference}");
    let why = [("why", "other"), ("reason", "canary-reason")];
    let done = team.post(&cancel, &why).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    team
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

/// The tutors' statement with something more beside the name.
macro_rules! beside_the_name {
    ($more:literal) => {
        (
            "person.full_name AS name",
            concat!(
                "person.full_name || ' ' || COALESCE(",
                $more,
                ", '') AS name"
            ),
        )
    };
}

/// Parts of the tutors' own statement, what could stand there by mistake, and the canary that would be on the page then.
const MISTAKES: [((&str, &str), &str); 20] = [
    (beside_the_name!("person.preferred_name"), "canary-called"),
    (beside_the_name!("person.date_of_birth"), "1951-10-19"),
    (beside_the_name!("person.postcode"), "ZE3 9JZ"),
    (beside_the_name!("person.address"), "canary-street"),
    (beside_the_name!("person.town"), "canary-town"),
    (beside_the_name!("person.format"), "easy-read"),
    (beside_the_name!("booking.reference"), "CANARYREF"),
    (beside_the_name!("guardian.full_name"), "Canary Parent"),
    (beside_the_name!("guardian.phone"), "900771"),
    (beside_the_name!("guardian.email"), "canary-parent@"),
    (
        beside_the_name!("(SELECT email FROM account WHERE account.id = booking.account_id)"),
        "canary-sign-in@",
    ),
    (
        beside_the_name!(
            "(SELECT evidence FROM representation WHERE representation.account_id = booking.account_id)"
        ),
        "canary-evidence",
    ),
    (
        beside_the_name!(
            "(SELECT wording FROM consent WHERE consent.person_id = person.id AND wording LIKE 'canary%')"
        ),
        "canary-wording",
    ),
    (
        beside_the_name!(
            "(SELECT organisation FROM volunteer WHERE volunteer.person_id = person.id)"
        ),
        "Canary Volunteers",
    ),
    (("THEN guardian.phone", "THEN person.phone"), "900772"),
    (
        ("THEN guardian.email", "THEN person.email"),
        "canary-child@",
    ),
    (("AND NOT person.keep_from_tutors", ""), "Canary Objects"),
    (
        (
            "booking.status = 'booked'",
            "booking.status IN ('booked', 'awaiting-guardian')",
        ),
        "Canary Asks",
    ),
    (
        (
            "place.status = 'active'",
            "place.status IN ('active', 'stopped')",
        ),
        "Canary Left",
    ),
    (
        (
            "person.id = place.person_id",
            "person.id = place.person_id OR person.id IN (SELECT person_id FROM waiting_person)",
        ),
        "Canary Waits",
    ),
];

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
        let answered = mary.browser.post("/account/about-you", &[("ethnic-group", "mixed-black-caribbean")]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        plant(&site, &mary).await;
        let team = said_to_the_team(&site, run.id, &mary).await;
        let read = team.post(&format!("/desk/feedback/{}", run.id), &[]).await;
        assert!(found(&read.body).contains(&"canary-felt"), "{}", read.body);
        let child = scene::person(&site, PersonSpec {
            name: "Rowan Brook", born: Some("2014-03-08"), phone: Some("+447700900772"), email: Some("canary-child@example.org"),
        }).await;
        scene::parent(&site, child, "Canary Parent", ["+447700900444", "alex@example.org"]).await;
        let rowan = scene::booked(&site, run.id, &[child], None).await[0];
        others(&site, run.id).await;
        let objects = scene::person(&site, PersonSpec {
            name: "Canary Objects", born: None, phone: Some("+447700900773"), email: Some("canary-objects@example.org"),
        }).await;
        scene::booked(&site, run.id, &[objects], None).await;
        world::change(&site, "UPDATE person SET keep_from_tutors = TRUE WHERE id = $1", objects).await;

        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let path = path(run.id);
        let mut pages = vec!["/desk".to_owned(), "/tutor".to_owned(), path.clone(), format!("{path}/feedback"), format!("{path}/message")];
        let nameless = pages.len();
        pages.extend([format!("{path}/sheet"), format!("{path}/register.csv")]);
        pages.extend((1..=6).map(|n| format!("{path}/sessions/{n}")));
        for (at, page) in pages.iter().enumerate() {
            let answer = browser.get(page).await;
            let headers = format!("{:?}", answer.headers);
            assert_eq!(found(&answer.body), Vec::<&str>::new(), "{page}");
            assert_eq!(found(&headers), Vec::<&str>::new(), "{page}");
            assert!(!answer.body.contains(&mary.person_id.to_string()) && !answer.body.contains("2014"), "{page}");
            if at >= nameless {
                for seen in ["Mary Ashdown", "07700 900100", &mary.email, "Rowan Brook", "07700 900444", "alex@example.org"] {
                    assert!(answer.body.contains(seen), "{page}: {seen}");
                }
            }
        }
        let preview = browser.post(&format!("{path}/message"), &[("words", "Bring a cushion.")]).await;
        assert_eq!((preview.status, found(&preview.body)), (StatusCode::OK, Vec::new()));
        let saved = browser.post_and_follow(&format!("{path}/sessions/1"), &[("mark-x", "came")]).await;
        assert_eq!((saved.status, found(&saved.body)), (StatusCode::OK, Vec::new()));

        let id = preview.field("message").unwrap();
        let send = [("words", "Bring a cushion."), ("message", id.as_str()), ("do", "send")];
        let sent = browser.post_and_follow(&format!("{path}/message"), &send).await;
        assert!(sent.body.contains("Your message is on its way"), "{}", sent.body);
        assert_eq!(found(&sent.body), Vec::<&str>::new());
        let here = format!("{path}/sessions/1");
        let whose = offline::account(&browser.get(&here).await);
        let told = offline::send(&browser, &here, &[("account", whose.as_str()), (&field(rowan), "came")]).await;
        assert_eq!(told.0, StatusCode::OK);
        assert!(told.1.to_string().contains(&rowan.simple().to_string()), "{}", told.1);
        assert_eq!(found(&told.1.to_string()), Vec::<&str>::new());
        let walk_ins = format!("{here}/walk-ins");
        let nameless = browser.post(&walk_ins, &[("full-name", ""), ("phone", "")]).await;
        assert_eq!((nameless.status, found(&nameless.body)), (StatusCode::UNPROCESSABLE_ENTITY, Vec::new()));
        let noted = browser.post_and_follow(&walk_ins, &[("full-name", "Nia Owen"), ("phone", "")]).await;
        assert!(noted.body.contains("Nia Owen"), "{}", noted.body);
        assert_eq!((noted.status, found(&noted.body)), (StatusCode::OK, Vec::new()));

        // The check would see it: whatever is swapped in the statement itself is on the page, on paper and in the file.
        let people = [here, format!("{path}/sheet"), format!("{path}/register.csv")];
        for ((part, other), canary) in MISTAKES {
            site.app.switches.swap_in_attendees(Some((part, other)));
            for page in &people {
                let leaking = browser.get(page).await;
                assert_eq!(leaking.status, StatusCode::OK, "{page}: {other}");
                assert!(found(&leaking.body).contains(&canary), "{page}: {other}");
            }
        }
        site.app.switches.swap_in_attendees(None);
        for page in &people {
            assert_eq!(found(&browser.get(page).await.body), Vec::<&str>::new(), "{page}");
        }

        // How it was is read by the team, in words; whoever led it reads none, once nobody answers any more.
        at(&site, "2027-03-10T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let how = browser.get(&format!("{path}/feedback")).await;
        assert_eq!((how.status, found(&how.body)), (StatusCode::OK, Vec::new()));
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

//! Who came: one run with everybody's sessions, and a whole term; walk-ins count once the team has booked for them.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::write_tx;

use super::{admin, path, sessions};
use crate::bookings::world::{self, RunSpec};
use crate::registers::scene::{self, PersonSpec, at, audited};
use crate::support::Site;

/// Somebody without an account, with a place on a run: the person and the place.
pub async fn comes(site: &Site, run: Uuid, name: &'static str) -> (Uuid, Uuid) {
    let person = scene::person(
        site,
        PersonSpec {
            name,
            born: Some("1960-01-02"),
            phone: None,
            email: None,
        },
    )
    .await;
    let place = scene::booked(site, run, &[person], None).await.remove(0);
    (person, place)
}

/// The tutor marked this line at the sessions in order: "c" came, "n" did not come, "a" apologies, "-" not marked.
pub async fn marked(site: &Site, run: Uuid, place: Uuid, by: Uuid, line: &str) {
    let now = site.app.clock.now();
    for (position, letter) in (1_i64..).zip(line.chars()) {
        let mark = match letter {
            'c' => "came",
            'n' => "did-not-come",
            'a' => "apologies",
            _ => continue,
        };
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
                 SELECT $1, session.id, $2, $3, $4 FROM session WHERE session.run_id = $5 AND session.position = $6",
            )
            .bind(place)
            .bind(mark)
            .bind(by)
            .bind(now)
            .bind(run)
            .bind(position)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
    }
}

fn six() -> RunSpec {
    RunSpec::default()
}

on_both! {
    async fn everybodys_sessions_stand_side_by_side_and_each_look_is_written_down(site: Site) {
        let run = world::run(&site, six()).await;
        let team = admin(&site).await;
        let (_, zoe) = comes(&site, run.id, "Zoë Quill").await;
        let (ann, anns) = comes(&site, run.id, "Ann Gale").await;
        at(&site, "2027-02-02T15:00:00Z");
        let browser = site.desk_browser(&team).await;
        marked(&site, run.id, zoe, team.account_id, "ccn").await;
        marked(&site, run.id, anns, team.account_id, "ac-").await;
        let page = format!("{}/attendance", path(&run));
        let shown = browser.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(shown.words("#people ~ .wb-table tbody th"), ["Ann Gale", "Zoë Quill"]);
        // The fourth session is over, and nobody is marked at it; the last two are to come.
        assert_eq!(shown.words("#people ~ .wb-table tbody td"), [
            "Apologies", "Came", "Not marked", "Not marked", "To come", "To come", "1 of 2, 50%",
            "Came", "Came", "Did not come", "Not marked", "To come", "To come", "2 of 3, 67%",
        ]);
        assert_eq!(shown.words("#sessions ~ .wb-table tbody tr:first-child td"), ["1", "0", "1", "0", "50%"]);
        assert_eq!(shown.words("#sessions ~ .wb-table tbody tr:nth-child(4) td"), ["0", "0", "0", "2", ""]);
        assert!(shown.body.contains("3 of 5 marks say that somebody came (60%). 3 are still to be marked."), "{}", shown.body);
        assert_eq!(audited(&site, run.id, "looked").await, 2);
        let linked = browser.get(&path(&run)).await;
        assert!(linked.body.contains(&format!("{page}\"")), "the run leads to it");

        let file = browser.get(&format!("{page}.csv")).await;
        let lines: Vec<_> = file.body.lines().collect();
        assert!(lines[0].starts_with("\u{feff}Name,\"Session 1, 2027-01-12\","), "{}", lines[0]);
        assert_eq!(lines[1], "Ann Gale,Apologies,Came,Not marked,Not marked,To come,To come,1,0,1,2,50");
        assert_eq!(lines[2], "Zoë Quill,Came,Came,Did not come,Not marked,To come,To come,2,1,0,1,67");
        assert_eq!(file.headers["cache-control"], "no-store");
        assert_eq!(audited(&site, run.id, "downloaded").await, 2);
        assert!(browser.get(&format!("{page}.xlsx")).await.body.starts_with("PK"));
        assert_eq!(audited(&site, run.id, "downloaded").await, 4);

        // Whoever gave the place up is not there; whoever stopped coming part-way is.
        world::change(&site, "UPDATE place SET status = 'cancelled' WHERE person_id = $1", ann).await;
        assert!(!browser.get(&page).await.body.contains("Ann Gale"));
        world::change(&site, "UPDATE place SET status = 'stopped' WHERE person_id = $1", ann).await;
        assert!(browser.get(&page).await.body.contains("Stopped coming"));
        let tutor = site.staff("Kit Lowe", &[Role::Tutor]).await;
        assert_eq!(tutor.browser.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_term_shows_each_run_sorted_and_found_by_its_address(site: Site) {
        let (first, second) = (world::run(&site, six()).await, world::run(&site, RunSpec {
            title: "Sleep well".into(), starts_in: TimeDelta::days(9), sessions: 2, ..RunSpec::default()
        }).await);
        world::run(&site, RunSpec { title: "A summer of walks".into(), starts_in: TimeDelta::days(150), ..RunSpec::default() }).await;
        world::run(&site, RunSpec { title: "A draft".into(), status: "draft", ..RunSpec::default() }).await;
        let team = admin(&site).await;
        let (_, one) = comes(&site, first.id, "Ann Gale").await;
        let (_, two) = comes(&site, second.id, "Ben Bell").await;
        marked(&site, first.id, one, team.account_id, "cnnc").await;
        marked(&site, second.id, two, team.account_id, "c").await;
        at(&site, "2027-02-02T15:00:00Z");
        let browser = site.desk_browser(&team).await;
        let list = async |query: &str| browser.get(&format!("/desk/attendance{query}")).await;
        let shown = list("").await;
        assert_eq!(shown.words("tbody th"), ["Living well with long-term pain", "Sleep well"]);
        assert_eq!(shown.words("tbody tr:first-child td")[2..], ["1 of 10", "4 of 4", "0", "50%"]);
        assert_eq!(shown.words("tbody tr:last-child td")[2..], ["1 of 10", "1 of 2", "1", "100%"]);
        assert_eq!(shown.chosen("term").as_deref(), Some("2027-spring"));
        assert!(!shown.body.contains("Ann Gale"), "there are no people in it");
        assert_eq!(list("?sort=unmarked").await.words("tbody th")[0], "Sleep well");
        assert_eq!(list("?sort=share").await.words("tbody th")[0], "Living well with long-term pain");
        assert_eq!(list("?sort=course").await.words("tbody th").len(), 2);
        assert_eq!(list("?only=unmarked").await.words("tbody th"), ["Sleep well"]);
        assert_eq!(list("?words=pain").await.words("tbody th"), ["Living well with long-term pain"]);
        assert_eq!(list("?term=2027-summer").await.words("tbody th"), ["A summer of walks"]);
        assert!(list("?term=2026-autumn").await.body.contains("No runs here"));
        assert_eq!(list("?term=nonsense&sort=nonsense&page=0").await.words("tbody th").len(), 2);
        let file = list("/list.csv?only=unmarked").await;
        let lines: Vec<_> = file.body.lines().collect();
        assert_eq!(lines[1], "Sleep well,2027-01-13,Priya Nair,10,1,2,1,1,1,1,100");
        assert_eq!(lines.len(), 2);
    }

    async fn the_term_and_the_run_say_the_same(site: Site) {
        let run = world::run(&site, six()).await;
        let team = admin(&site).await;
        let (_, anns) = comes(&site, run.id, "Ann Gale").await;
        let (ben, bens) = comes(&site, run.id, "Ben Bell").await;
        let (cleo, cleos) = comes(&site, run.id, "Cleo Cole").await;
        marked(&site, run.id, anns, team.account_id, "ccn").await;
        marked(&site, run.id, bens, team.account_id, "ccc").await;
        marked(&site, run.id, cleos, team.account_id, "cn").await;
        // Ben gave the place up, Cleo stopped coming, and Ann said that she cannot come to the third and the fourth session.
        world::change(&site, "UPDATE place SET status = 'cancelled' WHERE person_id = $1", ben).await;
        world::change(&site, "UPDATE place SET status = 'stopped' WHERE person_id = $1", cleo).await;
        world::change(
            &site,
            "INSERT INTO apology (booking_id, session_id, created_at) \
             SELECT place.booking_id, session.id, place.created_at FROM place JOIN session ON session.run_id = place.run_id \
             WHERE place.id = $1 AND session.position IN (3, 4)",
            anns,
        )
        .await;
        at(&site, "2027-02-02T15:00:00Z");
        let browser = site.desk_browser(&team).await;
        let one = browser.get(&format!("{}/attendance", path(&run))).await;
        assert!(one.body.contains("3 of 6 marks say that somebody came (50%)."), "{}", one.body);
        let list = browser.get("/desk/attendance").await;
        assert_eq!(list.words("tbody tr:first-child td").last().map(String::as_str), Some("50%"));
        let file = browser.get("/desk/attendance/list.csv").await;
        let line = file.body.lines().nth(1).unwrap();
        assert!(line.ends_with(",6,3,50"), "{line}");
    }

    async fn the_team_marks_whoever_no_tutor_sees(site: Site) {
        let run = world::run(&site, six()).await;
        let team = admin(&site).await;
        let (ann, anns) = comes(&site, run.id, "Ann Gale").await;
        world::change(&site, "UPDATE person SET keep_from_tutors = TRUE WHERE id = $1", ann).await;
        let page = format!("{}/attendance", path(&run));
        assert!(!team.browser.get(&page).await.body.contains("Mark somebody"), "nothing has begun");
        at(&site, "2027-01-19T15:00:00Z");
        let browser = site.desk_browser(&team).await;
        let shown = browser.get(&page).await;
        assert!(shown.words("select[name=place] option").contains(&"Ann Gale (not on the tutor’s list)".to_owned()), "{}", shown.body);
        assert_eq!(shown.words("select[name=session] option").len(), 3, "the two that have begun");
        let ids: Vec<String> = sessions(&site, &run).await.into_iter().map(|(id, _)| id.to_string()).collect();
        let place = anns.to_string();
        let send = async |place: &str, session: &str, mark: &str| {
            browser.post_and_follow(&page, &[("place", place), ("session", session), ("mark", mark)]).await
        };
        for mark in ["did-not-come", "came", "came"] {
            assert!(send(&place, &ids[1], mark).await.body.contains("The register is saved."));
        }
        assert_eq!(scene::marked(&site, run.id).await, [(anns, 2, "came".to_owned())]);
        assert_eq!(audited(&site, run.id, "attendance-marked").await, 2, "the same again changes nothing");
        let of_whom = "SELECT COUNT(*) FROM audit_entry WHERE action = 'attendance-marked' AND person_id IS NOT NULL AND sealed IS NOT NULL";
        assert_eq!(world::number(&site, of_whom).await, 2);

        // Not a session that is to come, nor a place of another run; what was chosen stays.
        let elsewhere = world::run(&site, six()).await;
        let (_, theirs) = comes(&site, elsewhere.id, "Zed Quill").await;
        let theirs = theirs.to_string();
        for (place, session, mark) in [
            (place.as_str(), ids[2].as_str(), "came"),
            (theirs.as_str(), ids[0].as_str(), "came"),
            ("", ids[0].as_str(), "came"),
            (place.as_str(), "", "came"),
            (place.as_str(), ids[0].as_str(), "was-here"),
        ] {
            let answer = send(place, session, mark).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{place} {session} {mark}");
            if session == ids[0] {
                assert_eq!(answer.chosen("session").as_deref(), Some(session));
            }
        }
        assert_eq!(scene::marked(&site, run.id).await.len(), 1);
        assert_eq!(audited(&site, run.id, "attendance-marked").await, 2);
    }

    async fn what_was_over_before_somebody_joined_is_not_to_be_marked(site: Site) {
        let run = world::run(&site, six()).await;
        let team = admin(&site).await;
        at(&site, "2027-01-13T10:00:00Z");
        comes(&site, run.id, "Ann Gale").await;
        at(&site, "2027-01-19T15:00:00Z");
        let browser = site.desk_browser(&team).await;
        let shown = browser.get(&format!("{}/attendance", path(&run))).await;
        assert_eq!(shown.words("#people ~ .wb-table tbody td")[..3], ["Before they joined", "Not marked", "To come"]);
        assert!(shown.body.contains("1 is still to be marked."), "{}", shown.body);
    }

    async fn a_long_term_has_pages(site: Site) {
        let team = admin(&site).await;
        let first = world::run(&site, six()).await;
        for _ in 0..26 {
            world::another_run(&site, first.course_id, &first.slug, &six()).await;
        }
        let shown = team.browser.get("/desk/attendance?sort=course").await;
        assert_eq!(shown.words("tbody tr").len(), 25);
        assert!(shown.body.contains("?term=2027-spring&amp;sort=course&amp;page=2"), "{}", shown.body);
        let more = team.browser.get("/desk/attendance?term=2027-spring&sort=course&page=2").await;
        assert_eq!(more.words("tbody tr").len(), 2);
        let file = team.browser.get("/desk/attendance/list.csv").await;
        assert_eq!(file.body.lines().count(), 28);
    }

    async fn a_walk_in_came_once_the_team_says_whose_booking_it_is(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let team = admin(&site).await;
        let (_, other) = comes(&site, run.id, "Ben Bell").await;
        at(&site, "2027-01-12T12:00:00Z");
        let register = site.desk_browser(&tutor).await;
        for name in ["Nia Owen", "Sam Hill"] {
            site.clock.forward(TimeDelta::minutes(1));
            register.post(&format!("/tutor/runs/{}/sessions/1/walk-ins", run.id), &[("full-name", name), ("phone", "")]).await;
        }
        let (_, nias) = comes(&site, run.id, "Nia OWEN").await;
        let browser = site.desk_browser(&team).await;
        let shown = browser.get(&path(&run)).await;
        assert_eq!(shown.words("select[name=place] option[selected]"), ["Nia OWEN", "No booking"], "the same name is chosen");
        let noted = scene::walked_in(&site, run.id).await;
        let elsewhere = world::run(&site, six()).await;
        let (_, theirs) = comes(&site, elsewhere.id, "Zed Quill").await;
        let send = async |id: Uuid, place: Uuid| {
            let fields = [("walk-in", id.to_string()), ("place", place.to_string())];
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post_and_follow(&format!("{}/walk-ins", path(&run)), &fields).await
        };
        for _ in 0..2 {
            assert!(send(noted[0].id, nias).await.body.contains("It is done."));
        }
        assert!(send(noted[1].id, theirs).await.body.contains("It is done."), "a place of another run is passed over");
        assert_eq!(scene::marked(&site, run.id).await, [(nias, 1, "came".to_owned())]);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM attendance").await, 1);
        assert_ne!(other, nias);
    }
}

//! The course desk makes courses, venues, rooms and runs: what is typed wrongly is said, and pressed twice it is made once.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::ui::dates;
use wellbeing_courses::{read, write_tx};

use super::{admin, path, titles};
use crate::bookings::world::{self, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

type Fields = Vec<(&'static str, String)>;

async fn send(who: &Somebody, page: &str, fields: &Fields) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    who.browser.post(page, &fields).await
}

async fn send_and_follow(who: &Somebody, page: &str, fields: &Fields) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    who.browser.post_and_follow(page, &fields).await
}

/// The same fields with others in their place, or besides.
fn with(fields: &Fields, other: &[(&'static str, &str)]) -> Fields {
    let mut all: Fields = fields
        .iter()
        .filter(|(name, _)| other.iter().all(|(own, _)| own != name))
        .cloned()
        .collect();
    all.extend(
        other
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    all
}

async fn one_id(site: &Site, sql: &'static str) -> Uuid {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_one(&mut *c)
        .await?))
    .unwrap()
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_one(&mut *c)
        .await?))
    .unwrap()
}

async fn key(who: &Somebody, page: &str) -> String {
    who.browser.get(page).await.field("form-key").unwrap()
}

async fn a_course(site: &Site, who: &Somebody) -> Fields {
    // A topic is there.
    world::run(site, RunSpec::default()).await;
    let topic = one_id(site, "SELECT id FROM topic LIMIT 1").await;
    let key = key(who, "/desk/courses/add").await;
    [
        ("form-key", &*key),
        ("title", "Chair yoga for stiff joints"),
        ("topic", &topic.to_string()),
        ("audience", "adults"),
        ("summary", "Move a little, sitting down."),
        ("lead", "An hour of gentle moving. You need no mat."),
        (
            "description",
            "We sit **all** the time.\n\n- bring water\n- wear <b>warm</b> socks",
        ),
        ("who-for", "Anybody who can sit on a chair."),
        ("visit-1-strong", "Come in by the side door."),
        ("visit-1-words", "Somebody waits for you."),
        ("visit-1-icon", "door"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

with_mail! {
    async fn a_course_is_written_as_a_draft_and_then_put_on_the_website(site: Site) {
        let admin = admin(&site).await;
        let fields = a_course(&site, &admin).await;
        let slug = "/courses/chair-yoga-for-stiff-joints";

        // First somebody looks how the description reads: nothing is kept.
        let looked = send(&admin, "/desk/courses/add", &with(&fields, &[("do", "look")])).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.body.contains("<strong>all</strong>") && looked.body.contains("<li>bring water"), "{}", looked.body);
        assert_eq!(looked.field("title").as_deref(), Some("Chair yoga for stiff joints"));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM course").await, 1);

        for _ in 0..2 {
            let added = send_and_follow(&admin, "/desk/courses/add", &fields).await;
            assert!(added.body.contains("saved as a draft"), "{:?}", added.words("h1"));
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM course").await, 2);
        assert_eq!(site.browser().get(slug).await.status, StatusCode::NOT_FOUND);
        let listed = admin.browser.get("/desk/courses?group=draft").await;
        assert_eq!(titles(&listed), ["Chair yoga for stiff joints"]);

        let id = one_id(&site, "SELECT id FROM course WHERE status = 'draft'").await;
        let page = format!("/desk/courses/{id}");
        let done = admin.browser.post_and_follow(&page, &[("do", "publish")]).await;
        assert!(done.body.contains("The course is on the website."));
        let again = admin.browser.post_and_follow(&page, &[("do", "publish")]).await;
        assert!(again.body.contains("Nobody is told twice."));
        let public = site.browser().get(slug).await;
        assert_eq!(public.status, StatusCode::OK);
        assert!(public.body.contains("<strong>all</strong>"));
        assert!(public.body.contains("&lt;b&gt;warm&lt;/b&gt;") && !public.body.contains("<b>warm"), "what is typed is not HTML");
        assert!(public.body.contains("Come in by the side door."));

        // Another title: the address stays.
        let change = format!("{page}/change");
        let form = admin.browser.get(&change).await;
        assert_eq!(form.field("visit-1-strong").as_deref(), Some("Come in by the side door."));
        send(&admin, &change, &with(&fields, &[("title", "Yoga on a chair"), ("visit-1-strong", ""), ("visit-1-words", "")])).await;
        let public = site.browser().get(slug).await;
        assert_eq!(public.words("h1"), ["Yoga on a chair"]);
        assert!(!public.body.contains("Come in by the side door."));

        admin.browser.post(&page, &[("do", "hide")]).await;
        assert_eq!(site.browser().get(slug).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.browser.post(&page, &[("do", "burn")]).await.status, StatusCode::BAD_REQUEST);
        let noted: Vec<String> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT action FROM audit_entry WHERE about = $1 ORDER BY at, id",
        ).bind(id).fetch_all(&mut *c).await?)).unwrap();
        let mut noted = noted;
        noted.sort();
        assert_eq!(noted, ["course-added", "course-changed", "course-hidden", "course-published"]);
    }

    async fn what_is_wrong_about_a_course_is_said_and_what_was_typed_is_kept(site: Site) {
        let admin = admin(&site).await;
        let fields = a_course(&site, &admin).await;
        let long = "x".repeat(161);
        for (name, value, sentence) in [
            ("title", "", "Enter the title"),
            ("topic", "", "Choose a topic"),
            ("audience", "cats", "Choose who may come"),
            ("summary", &*long, "Use 160 letters or fewer"),
            ("description", "", "Enter what it is like"),
            ("visit-2-words", "alone", "Enter the first words of this line"),
            ("visit-2-strong", "alone", "Enter the rest of this line"),
        ] {
            let answer = send(&admin, "/desk/courses/add", &with(&fields, &[(name, value)])).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
            assert!(answer.body.contains(sentence), "{sentence}: {:?}", answer.words(".govuk-error-summary"));
            assert_eq!(answer.field("visit-1-words").as_deref(), Some("Somebody waits for you."));
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM course").await, 1);
        for nobody in [Uuid::nil().to_string(), "1".to_owned()] {
            let answer = admin.browser.get(&format!("/desk/courses/{nobody}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
    }

    async fn a_course_with_runs_to_come_stays_on_the_website_and_a_draft_has_none_that_can_be_booked(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let course = one_id(&site, "SELECT course_id FROM run").await;
        let page = format!("/desk/courses/{course}");
        let refused = admin.browser.post(&page, &[("do", "hide")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("1 run of it is still to come"));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM course WHERE status = 'published'").await, 1);

        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = (SELECT course_id FROM run WHERE id = $1)", run.id).await;
        world::change(&site, "UPDATE run SET status = 'draft' WHERE id = $1", run.id).await;
        let booking = format!("{}/booking", path(&run));
        assert!(admin.browser.get(&booking).await.body.contains("Put it on the website first"));
        let said = admin.browser.post_and_follow(&booking, &[("do", "open")]).await;
        assert!(said.body.contains("Nobody is told twice."));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run WHERE status = 'open'").await, 0);
    }

    async fn topics_are_added_renamed_and_taken_away_while_nothing_is_about_them(site: Site) {
        let admin = admin(&site).await;
        let key = key(&admin, "/desk/topics").await;
        let fields = [("form-key", key.as_str()), ("name", "Sleep"), ("art", "sleep")];
        for _ in 0..2 {
            let done = admin.browser.post_and_follow("/desk/topics", &fields).await;
            assert!(done.body.contains("Sleep"), "{:?}", done.words("tbody th"));
        }
        let same = [("form-key", "another-key-of-the-form"), ("name", "SLEEP"), ("art", "sleep")];
        let answer = admin.browser.post("/desk/topics", &same).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("There is a topic with this name"));
        let id = one_id(&site, "SELECT id FROM topic").await;
        let page = format!("/desk/topics/{id}");
        let renamed = admin.browser.post_and_follow(&page, &[("name", "Sleeping"), ("art", "door"), ("position", "1")]).await;
        assert_eq!(titles(&renamed), ["Sleeping"]);
        admin.browser.post(&page, &[("do", "remove")]).await;
        assert_eq!(count(&site, "SELECT COUNT(*) FROM topic").await, 0);
        world::run(&site, RunSpec::default()).await;
        let id = one_id(&site, "SELECT id FROM topic").await;
        let refused = admin.browser.post(&format!("/desk/topics/{id}"), &[("do", "remove")]).await;
        assert!(refused.body.contains("1 course is about it"), "{:?}", refused.words(".govuk-error-summary"));
    }

    async fn a_venue_and_its_rooms_are_added_and_a_room_is_never_too_small_for_its_runs(site: Site) {
        let admin = admin(&site).await;
        let key_of = key(&admin, "/desk/venues/add").await;
        let fields: Fields = [
            ("form-key", &*key_of), ("name", "St John’s Hall"), ("address-1", "4 Church Lane"), ("town", "Keynsham"),
            ("postcode", "bs311ab"), ("map", "51.4150, -2.4980"), ("short-access", "Step-free"), ("travel", "Bus 349."),
            ("fact-1", "Ramp at the side"), ("fact-1-icon", "step"), ("getting-in", "Key safe 1234"), ("caretaker", "01225 496000"),
        ].map(|(name, value)| (name, value.to_owned())).into();
        for (name, value, sentence) in [
            ("map", "here", "Enter two numbers"), ("map", "-2.4980, 51.4150", "not in the United Kingdom"),
            ("postcode", "nowhere", "postcode"), ("caretaker", "ring me", "phone number"), ("travel", "", "how to get there"),
        ] {
            let answer = send(&admin, "/desk/venues/add", &with(&fields, &[(name, value)])).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.words(".govuk-error-summary").concat().contains(sentence), "{sentence}: {:?}", answer.words(".govuk-error-summary"));
        }
        for _ in 0..2 {
            let added = send_and_follow(&admin, "/desk/venues/add", &fields).await;
            assert_eq!(added.words("h1"), ["St John’s Hall"]);
            assert!(added.body.contains("Key safe 1234"));
        }
        let venue = one_id(&site, "SELECT id FROM venue").await;
        let public = site.browser().get("/venues/st-johns-hall").await;
        assert!(public.body.contains("Ramp at the side") && public.body.contains("BS31 1AB"));
        assert!(!public.body.contains("Key safe") && !public.body.contains("496000"), "that is the team's");

        let add = format!("/desk/venues/{venue}/rooms/add");
        let key_of = key(&admin, &add).await;
        for _ in 0..2 {
            admin.browser.post(&add, &[("form-key", &key_of), ("name", "Garden Room"), ("holds", "12")]).await;
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM room").await, 1);
        let other = key(&admin, &add).await;
        let taken = admin.browser.post(&add, &[("form-key", &other), ("name", "garden room"), ("holds", "")]).await;
        assert!(taken.body.contains("Another room here has this name"));

        let room = one_id(&site, "SELECT id FROM room").await;
        let run = world::run(&site, RunSpec { capacity: 10, ..RunSpec::default() }).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET room_id = $2 WHERE id = $1").bind(run.id).bind(room).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let page = format!("/desk/venues/{venue}/rooms/{room}");
        let small = admin.browser.post(&page, &[("name", "Garden Room"), ("holds", "9")]).await;
        assert!(small.body.contains("A run to come in this room has 10 places"), "{:?}", small.words(".govuk-error-summary"));
        let used = admin.browser.post(&page, &[("name", "Garden Room"), ("do", "remove")]).await;
        assert!(used.body.contains("1 run is or was in this room"));
        let places = format!("{}/places", path(&run));
        let many = admin.browser.post(&places, &[("places", "13"), ("join", "1")]).await;
        assert!(many.body.contains("The room holds 12"), "{:?}", many.words(".govuk-error-summary"));
        assert_eq!(admin.browser.post(&places, &[("places", "12"), ("join", "1")]).await.status, StatusCode::SEE_OTHER);
        // Whatever the program does: the schema refuses it.
        let forced: wellbeing_courses::server::Result<()> = write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET capacity = 13 WHERE id = $1").bind(run.id).execute(&mut *c).await?;
            Ok(())
        });
        assert!(forced.is_err());
        // The room of another venue is not there.
        let elsewhere = one_id(&site, "SELECT venue_id FROM run").await;
        let strange = format!("/desk/venues/{elsewhere}/rooms/{room}");
        assert_eq!(admin.browser.get(&strange).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_six_week_run_leaves_out_a_bank_holiday_and_is_open_once(site: Site) {
        let admin = admin(&site).await;
        let there = world::run(&site, RunSpec::default()).await;
        let course = one_id(&site, "SELECT course_id FROM run").await;
        let (venue, tutor) = (one_id(&site, "SELECT venue_id FROM run").await, one_id(&site, "SELECT tutor_id FROM run").await);
        let page = format!("/desk/runs/add?course={course}");
        let form = admin.browser.get(&page).await;
        assert_eq!(form.chosen("course").as_deref(), Some(&*course.to_string()));
        let key_of = form.field("form-key").unwrap();
        let fields: Fields = [
            ("form-key", &*key_of), ("course", &course.to_string()), ("place", &venue.to_string()), ("tutor", &tutor.to_string()),
            ("hire", "pencilled"), ("first-day", "15"), ("first-month", "3"), ("first-year", "2027"), ("starts", "10am"),
            ("ends", "11:30am"), ("sessions", "6"), ("often", "7"), ("holidays", "yes"), ("off", "19 4 2027 to 23 4 2027"),
            ("themes", "Hello\nBreathing"), ("places", "10"), ("minimum", "4"), ("decide-day", "1"), ("decide-month", "3"),
            ("decide-year", "2027"),
        ].map(|(name, value)| (name, value.to_owned())).into();
        let add = "/desk/runs/add";
        for (other, sentence) in [
            (&[("course", "none")][..], "Choose a course"),
            (&[("place", "")], "Choose where it is"),
            (&[("first-year", "2020"), ("decide-year", "2020")], "That time is over"),
            (&[("ends", "9am")], "It must end after it begins"),
            (&[("sessions", "0")], "Enter a number from 1 to 52"),
            (&[("sessions", "1")], "There are 2 lines for 1 sessions"),
            (&[("off", "half term")], "We cannot read “half term”"),
            (&[("link", "javascript:alert(1)")], "starts with https://"),
            (&[("minimum", "11")], "There are fewer places than that"),
            (&[("decide-day", "")], "must include a day"),
            (&[("decide-month", "4")], "Enter a day before the first session"),
        ] {
            let answer = send(&admin, add, &with(&fields, other)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
            assert!(answer.words(".govuk-error-summary").concat().contains(sentence), "{sentence}: {:?}", answer.words(".govuk-error-summary"));
            assert_eq!(answer.field("starts").as_deref(), Some("10am"));
        }
        let looked = send(&admin, add, &fields).await;
        assert_eq!(looked.status, StatusCode::OK, "{:?}", looked.words(".govuk-error-summary"));
        assert!(looked.body.contains("No session on 29 March (bank holiday)"));
        assert!(looked.body.contains("No session on 19 April (holiday)"));
        assert_eq!(looked.words("tbody th").len(), 6);
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run").await, 1, "a look adds nothing");
        let back = send(&admin, add, &with(&fields, &[("sure", "no")])).await;
        assert_eq!(back.field("minimum").as_deref(), Some("4"));

        for _ in 0..2 {
            let done = send_and_follow(&admin, add, &with(&fields, &[("sure", "open")])).await;
            assert!(done.body.contains("open"), "{:?}", done.words("h1"));
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run").await, 2);
        let run: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT id FROM run WHERE id <> $1").bind(there.id)
            .fetch_one(&mut *c).await?)).unwrap();
        let days: Vec<(chrono::DateTime<chrono::Utc>, Option<String>, Option<String>)> = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT starts_at, theme, note FROM session WHERE run_id = $1 ORDER BY position").bind(run).fetch_all(&mut *c).await?)).unwrap();
        let shown: Vec<_> = days.iter().map(|(at, ..)| format!("{} {}", dates::iso_day(dates::day_of(*at)), dates::time(*at))).collect();
        assert_eq!(shown, ["2027-03-15 10am", "2027-03-22 10am", "2027-04-05 10am", "2027-04-12 10am", "2027-04-26 10am", "2027-05-10 10am"]);
        assert_eq!(days[1].1.as_deref(), Some("Breathing"));
        assert_eq!(days[2].2.as_deref(), Some("No session on 29 March (bank holiday)"));
        // Somebody can book it, and the team sees what is still to do.
        let public = site.browser().get(&format!("/courses/{}", there.slug)).await;
        assert!(public.body.contains("Monday 15 March"), "{:?}", public.words("h2"));
        let shown = admin.browser.get(&format!("/desk/runs/{run}")).await;
        assert!(shown.body.contains("Room not confirmed") && shown.body.contains("0 of at least 4 booked"));
        let plans = format!("/desk/runs/{run}/plans");
        assert_eq!(admin.browser.get(&plans).await.field("decide-year").as_deref(), Some("2027"));
        admin.browser.post(&plans, &[("hire", "confirmed"), ("minimum", "")]).await;
        let shown = admin.browser.get(&format!("/desk/runs/{run}")).await;
        assert!(!shown.body.contains("Room not confirmed") && !shown.body.contains("of at least"));
    }

    async fn a_copy_has_everything_but_the_days_and_a_clash_is_said_with_a_room_instead(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 8, sessions: 2, ..RunSpec::default() }).await;
        let venue = one_id(&site, "SELECT venue_id FROM run").await;
        let rooms = [site.app.id().unwrap(), site.app.id().unwrap()];
        write_tx!(site.app.db, |c| {
            for (room, name) in rooms.iter().zip(["Small", "Other"]) {
                sqlx::query("INSERT INTO room (id, venue_id, name, capacity) VALUES ($1, $2, $3, 8)")
                    .bind(room).bind(venue).bind(name).execute(&mut *c).await?;
            }
            sqlx::query("UPDATE run SET room_id = $2, room_setup = 'one hearing loop' WHERE id = $1")
                .bind(run.id).bind(rooms[0]).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let copy = format!("/desk/runs/add?like={}", run.id);
        let shown = admin.browser.get(&path(&run)).await;
        assert!(shown.body.contains(&copy));
        let form = admin.browser.get(&copy).await;
        assert_eq!(form.chosen("place"), Some(format!("{venue}/{}", rooms[0])));
        assert_eq!((form.field("sessions").as_deref(), form.field("places").as_deref()), (Some("2"), Some("8")));
        assert_eq!(form.field("first-day").unwrap_or_default(), "");
        assert_eq!(admin.browser.get("/desk/runs/add?like=1").await.status, StatusCode::NOT_FOUND);

        // On the very same days: tutor and room are taken.
        let first = dates::local(run.starts_at);
        let names = ["form-key", "like", "course", "place", "tutor", "hire", "starts", "ends", "sessions", "often", "places"];
        let mut fields: Fields = names.iter().map(|name| (*name, form.field(name).or_else(|| form.chosen(name)).unwrap_or_default())).collect();
        fields.push(("first-day", first.format("%-d").to_string()));
        fields.push(("first-month", first.format("%-m").to_string()));
        fields.push(("first-year", first.format("%Y").to_string()));
        let looked = send(&admin, "/desk/runs/add", &fields).await;
        assert_eq!(looked.status, StatusCode::OK, "{:?}", looked.words(".govuk-error-summary"));
        assert!(looked.body.contains("The room and the tutor are taken"), "{}", looked.body);
        assert!(looked.body.contains("Bath Central Library, Other (holds 8)"));
        let many = send(&admin, "/desk/runs/add", &with(&fields, &[("places", "9")])).await;
        assert!(many.body.contains("The room holds 8"));
        send(&admin, "/desk/runs/add", &with(&fields, &[("sure", "draft")])).await;
        let copied: (String, Option<String>) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT status, room_setup FROM run WHERE id <> $1").bind(run.id).fetch_one(&mut *c).await?)).unwrap();
        assert_eq!(copied, ("draft".to_owned(), Some("one hearing loop".to_owned())));
    }

    async fn a_whole_term_is_copied_with_its_clashes_and_opened_together(site: Site) {
        let admin = admin(&site).await;
        let spec = |title: &str, status, days, sessions| RunSpec {
            title: title.into(), status, starts_in: TimeDelta::days(days), sessions, ..RunSpec::default()
        };
        // Tuesday 12 January, twice, with one tutor; Wednesday 13, without a tutor; one that was called off; one of another term.
        let sleep = world::run(&site, spec("Better sleep", "closed", 8, 3)).await;
        let worry = world::run(&site, spec("Less worry", "open", 8, 3)).await;
        let walking = world::run(&site, spec("Walking", "open", 9, 1)).await;
        world::run(&site, spec("Called off", "cancelled", 9, 2)).await;
        world::run(&site, spec("Later", "open", 60, 2)).await;
        world::change(&site, "UPDATE run SET tutor_id = NULL WHERE id = $1", walking.id).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET tutor_id = (SELECT other.tutor_id FROM run other WHERE other.id = $2) WHERE id = $1")
                .bind(worry.id).bind(sleep.id).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let page = "/desk/runs/roll";
        let key_of = key(&admin, page).await;
        let fields: Fields = [
            ("form-key", &*key_of), ("from-day", "11"), ("from-month", "1"), ("from-year", "2027"), ("to-day", "31"),
            ("to-month", "1"), ("to-year", "2027"), ("first-day", "15"), ("first-month", "3"), ("first-year", "2027"),
            ("holidays", "yes"), ("off", "23 3 2027"),
        ].map(|(name, value)| (name, value.to_owned())).into();
        for (other, sentence) in [
            (&[("from-day", "")][..], "must include a day"),
            (&[("to-day", "1")], "Enter a day after the first"),
            (&[("to-year", "2029")], "That is more than a year"),
            (&[("first-month", "1")], "must begin in a later week"),
            (&[("from-month", "7"), ("to-month", "7"), ("first-month", "9")], "No run begins between these days"),
        ] {
            let answer = send(&admin, page, &with(&fields, other)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
            assert!(answer.words(".govuk-error-summary").concat().contains(sentence), "{sentence}: {:?}", answer.words(".govuk-error-summary"));
        }
        let looked = send(&admin, page, &fields).await;
        assert_eq!(looked.status, StatusCode::OK, "{:?}", looked.words(".govuk-error-summary"));
        assert_eq!(looked.words(".wb-lead"), ["3 runs, 2 with something else at the same time, 1 without a tutor."]);
        let hints = looked.words(".govuk-checkboxes__hint");
        assert!(hints[0].contains("Tuesday 16 March") && hints[0].contains("No session on 23 March (holiday)"), "{hints:?}");
        let busy = "The tutor is busy on Tuesday 16 March, 9am and 2 more: Less worry";
        assert!(hints.iter().any(|hint| hint.contains(busy)) && hints[2].contains("No tutor yet"), "{hints:?}");
        let none = send(&admin, page, &with(&fields, &[("sure", "draft")])).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("Choose at least one run"));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run").await, 5);

        let (first, second) = (sleep.id.to_string(), walking.id.to_string());
        let mut both = with(&fields, &[("sure", "draft"), ("run", &first)]);
        both.push(("run", second));
        for _ in 0..2 {
            let done = send_and_follow(&admin, page, &both).await;
            assert!(done.body.contains("saved as drafts"), "{:?}", done.words("h1"));
            assert_eq!(count(&site, "SELECT COUNT(*) FROM run").await, 7);
        }
        let days: Vec<chrono::DateTime<chrono::Utc>> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT session.starts_at FROM session JOIN run ON run.id = session.run_id WHERE run.status = 'draft' \
             ORDER BY session.starts_at").fetch_all(&mut *c).await?)).unwrap();
        let days: Vec<_> = days.iter().map(|at| format!("{} {}", dates::iso_day(dates::day_of(*at)), dates::time(*at))).collect();
        assert_eq!(days, ["2027-03-16 9am", "2027-03-17 9am", "2027-03-30 9am", "2027-04-06 9am"]);

        // One of the drafts was a mistake: it is thrown away, and nobody sees that it was there.
        let drafts = "SELECT COUNT(*) FROM run WHERE status = 'draft'";
        let spare: Uuid = one_id(&site, "SELECT id FROM run WHERE status = 'draft' ORDER BY id LIMIT 1").await;
        let copy = format!("/desk/runs/add?like={spare}");
        let form = admin.browser.get(&copy).await;
        let names = ["form-key", "like", "course", "place", "tutor", "hire", "starts", "ends", "sessions", "often", "places"];
        let mut extra: Fields = names.iter().map(|name| (*name, form.field(name).or_else(|| form.chosen(name)).unwrap_or_default())).collect();
        extra.extend([("first-day", "1"), ("first-month", "6"), ("first-year", "2027"), ("sure", "draft")].map(|(n, v)| (n, v.to_owned())));
        send(&admin, "/desk/runs/add", &extra).await;
        // The form goes back, is put right and sent again: that is another run, and not lost.
        send(&admin, "/desk/runs/add", &with(&extra, &[("first-day", "2")])).await;
        assert_eq!(count(&site, drafts).await, 4);
        let mistakes: Vec<Uuid> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT id FROM run WHERE status = 'draft' ORDER BY starts_at DESC LIMIT 2").fetch_all(&mut *c).await?)).unwrap();
        for id in mistakes {
            let off = format!("/desk/runs/{id}/call-off");
            assert!(admin.browser.get(&off).await.body.contains("Throw this draft away?"));
            let gone = admin.browser.post_and_follow(&off, &[]).await;
            assert!(gone.body.contains("The draft is gone."), "{:?}", gone.words("h1"));
            assert_eq!(admin.browser.get(&format!("/desk/runs/{id}")).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(count(&site, drafts).await, 2);

        let open = "/desk/runs/open";
        let shown = admin.browser.get(open).await;
        assert_eq!(shown.words(".govuk-checkboxes__label").len(), 2);
        let none = admin.browser.post(open, &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let drafts: Vec<Uuid> = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT id FROM run WHERE status = 'draft'")
            .fetch_all(&mut *c).await?)).unwrap();
        let drafts: Vec<String> = drafts.iter().map(Uuid::to_string).collect();
        let chosen: Vec<(&str, &str)> = drafts.iter().map(|id| ("run", id.as_str())).collect();
        let done = admin.browser.post_and_follow(open, &chosen).await;
        assert!(done.body.contains("The runs are open for booking."));
        let again = admin.browser.post_and_follow(open, &chosen).await;
        assert!(again.body.contains("Nobody is told twice."));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run WHERE status = 'open' AND opened_at IS NOT NULL").await, 5);
        assert!(admin.browser.get(open).await.body.contains("No drafts"));
    }

    async fn a_run_with_one_moved_session_leaves_the_days_off_out_too(site: Site) {
        let admin = admin(&site).await;
        // Tuesday 12, Wednesday 20 and Tuesday 26 January.
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(8), sessions: 3, ..RunSpec::default() }).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE session SET starts_at = $2, ends_at = $3 WHERE run_id = $1 AND position = 2")
                .bind(run.id).bind(run.starts_at + TimeDelta::days(8)).bind(run.starts_at + TimeDelta::days(8) + TimeDelta::hours(2))
                .execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let page = "/desk/runs/roll";
        let key_of = key(&admin, page).await;
        let id = run.id.to_string();
        let fields: Fields = [
            ("form-key", &*key_of), ("from-day", "11"), ("from-month", "1"), ("from-year", "2027"), ("to-day", "31"),
            ("to-month", "1"), ("to-year", "2027"), ("first-day", "29"), ("first-month", "3"), ("first-year", "2027"),
            ("holidays", "yes"), ("off", "7 4 2027"),
        ].map(|(name, value)| (name, value.to_owned())).into();
        let looked = send(&admin, page, &fields).await;
        let hints = looked.words(".govuk-checkboxes__hint");
        for words in ["No session on 7 April (holiday)", "2 sessions move on to their next free weeks", "Wednesday 14 April, 9am"] {
            assert!(hints[0].contains(words), "{words} in {hints:?}");
        }
        send(&admin, page, &with(&fields, &[("sure", "draft"), ("run", &id)])).await;
        let days: Vec<chrono::DateTime<chrono::Utc>> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT session.starts_at FROM session JOIN run ON run.id = session.run_id WHERE run.status = 'draft' \
             ORDER BY session.position").fetch_all(&mut *c).await?)).unwrap();
        let days: Vec<_> = days.iter().map(|at| format!("{} {}", dates::iso_day(dates::day_of(*at)), dates::time(*at))).collect();
        assert_eq!(days, ["2027-03-30 9am", "2027-04-14 9am", "2027-04-20 9am"]);

        // Its course is not on the website, and the page says so; when it is, it opens, also by two presses.
        let open = with(&fields, &[("sure", "open"), ("run", &id)]);
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", run.course_id).await;
        let left = send(&admin, page, &open).await.words(".wb-words li");
        assert!(left.len() == 1 && left[0].contains("its course is not on the website yet"), "{left:?}");
        world::change(&site, "UPDATE course SET status = 'published' WHERE id = $1", run.course_id).await;
        for _ in 0..2 {
            let done = send_and_follow(&admin, page, &open).await;
            assert!(done.body.contains("The runs are open for booking."), "{:?}", done.words("h1"));
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM run WHERE status = 'open'").await, 2);
    }
}

//! The course desk's runs: the list, one run, and what changes; people are told once, and it can be seen who was.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::calls;
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{BookOutcome, Request, book};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;
use wellbeing_courses::ui::dates;

use crate::bookings::undelivered::refused;
use crate::bookings::world::{self, Made, Member, MemberSpec, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

mod adding;
pub mod attendance;
mod elsewhere;
mod elsewhere_rules;
mod long_lists;
mod needs;
mod planning;
mod today;
mod writing;

/// A run in 20 days with one place, which somebody has, and somebody who waits.
async fn full(site: &Site, sessions: i64) -> (Made, Member, Member) {
    let spec = RunSpec {
        capacity: 1,
        starts_in: TimeDelta::days(20),
        sessions,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let has = world::member(site, MemberSpec::default()).await;
    let waits = world::member(
        site,
        MemberSpec {
            name: "Owen Pritchard",
            ..MemberSpec::default()
        },
    )
    .await;
    assert!(matches!(
        has.book(site, run.id).await,
        BookOutcome::Booked(_)
    ));
    let joined = join(&site.app, &waits.request(run.id)).await.unwrap();
    assert!(matches!(joined, JoinOutcome::Joined(_)));
    (run, has, waits)
}

async fn admin(site: &Site) -> Somebody {
    site.staff("Sandra Okoro", &[Role::CourseAdmin]).await
}

fn path(run: &Made) -> String {
    format!("/desk/runs/{}", run.id)
}

async fn sessions(site: &Site, run: &Made) -> Vec<(Uuid, DateTime<Utc>)> {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_as("SELECT id, starts_at FROM session WHERE run_id = $1 ORDER BY position")
                .bind(run.id)
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

/// What the record says was done to a run, in order.
async fn noted(site: &Site, run: &Made) -> Vec<String> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT action FROM audit_entry WHERE about = $1 AND action <> 'looked' ORDER BY at, id",
        )
        .bind(run.id)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

async fn looks(site: &Site, person: Uuid) -> i64 {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id = $1",
        )
        .bind(person)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

fn titles(answer: &Answer) -> Vec<String> {
    answer.words("tbody th")
}

/// The clock stands at half past midnight on the day of the first session.
fn on_the_day(site: &Site, run: &Made) {
    let day = dates::day_of(run.starts_at);
    site.clock
        .set(dates::moment(day.and_hms_opt(0, 30, 0).unwrap()));
}

with_mail! {
    async fn the_list_has_groups_finds_words_and_says_what_is_missing(site: Site) {
        let admin = admin(&site).await;
        let empty = admin.browser.get("/desk/runs").await;
        assert!(empty.body.contains("No runs here"));
        let spec = |title: &str, status, days| RunSpec {
            title: title.into(),
            status,
            starts_in: TimeDelta::days(days),
            ..RunSpec::default()
        };
        let sleep = world::run(&site, spec("Better sleep", "open", 8)).await;
        let walking = world::run(&site, spec("Walking in Bath 100%", "draft", 9)).await;
        let sean = "UPDATE tutor SET full_name = 'Seán Ó Briain' WHERE id = (SELECT tutor_id FROM run WHERE id = $1)";
        world::change(&site, sean, walking.id).await;
        world::run(&site, spec("Coping with worry", "cancelled", 10)).await;
        world::change(&site, "UPDATE run SET tutor_id = NULL WHERE id = $1", sleep.id).await;

        let all = admin.browser.get("/desk/runs").await;
        assert_eq!(titles(&all), ["Better sleep", "Walking in Bath 100%"]);
        assert!(all.words(".wb-groups a").contains(&"To come 2".to_owned()), "{:?}", all.words(".wb-groups a"));
        assert!(all.words("tbody td").iter().any(|cell| cell.contains("No tutor yet")));
        for (query, found) in [
            ("group=look", vec!["Better sleep"]),
            ("group=draft", vec!["Walking in Bath 100%"]),
            ("group=cancelled", vec!["Coping with worry"]),
            ("group=past", vec![]),
            ("words=SLEEP", vec!["Better sleep"]),
            ("words=%C3%93+BRIAIN", vec!["Walking in Bath 100%"]),
            // A per cent sign is a per cent sign.
            ("words=%25", vec!["Walking in Bath 100%"]),
            ("words=_", vec![]),
            ("words=%27%3B--", vec![]),
            ("place=online", vec![]),
            ("place=nonsense&group=nonsense", vec!["Better sleep", "Walking in Bath 100%"]),
        ] {
            let shown = admin.browser.get(&format!("/desk/runs?{query}")).await;
            assert_eq!(titles(&shown), found, "{query}");
        }
    }

    async fn the_list_is_a_file_with_every_run_and_nobody_in_it(site: Site) {
        let admin = admin(&site).await;
        let (run, ..) = full(&site, 2).await;
        world::change(&site, "UPDATE course SET title = '=SUM(1)' WHERE id = (SELECT course_id FROM run WHERE id = $1)", run.id).await;
        for day in 0..27 {
            let spec = RunSpec { starts_in: TimeDelta::days(30 + day), ..RunSpec::default() };
            world::another_run(&site, run.course_id, &run.slug, &spec).await;
        }
        let list = admin.browser.get("/desk/runs?group=open").await;
        assert!(list.body.contains("/desk/runs/list.csv?group=open"), "{:?}", list.words("main p a"));
        let file = admin.browser.get("/desk/runs/list.csv?group=open").await;
        assert_eq!(file.status, StatusCode::OK);
        let lines: Vec<&str> = file.body.lines().collect();
        assert_eq!(lines.len(), 29, "the titles, and more runs than a page has");
        assert!(lines[1].starts_with("'=SUM(1),2027-01-24,9am,2027-01-31,2,Bath Central Library,Priya Nair,1,1,0,1,open,"), "{}", lines[1]);
        for name in ["Margaret", "Owen", "@"] {
            assert!(!file.body.contains(name));
        }
    }

    async fn a_run_shows_who_has_a_place_and_who_waits_and_each_look_is_written_down(site: Site) {
        let (run, has, waits) = full(&site, 3).await;
        let admin = admin(&site).await;
        let shown = admin.browser.get(&path(&run)).await;
        assert_eq!(shown.status, StatusCode::OK);
        let names = titles(&shown);
        assert_eq!(names[..2], ["Margaret Ashdown", "1"], "{names:?}");
        assert!(shown.words("td").contains(&"Owen Pritchard".to_owned()));
        for person in [has.person, waits.person] {
            assert_eq!(looks(&site, person).await, 1);
        }
        let nowhere = admin.browser.get("/there/is/no/such/page").await;
        for id in [Uuid::nil().to_string(), "1".to_owned()] {
            let other = admin.browser.get(&format!("/desk/runs/{id}")).await;
            assert_eq!((other.status, &other.body), (StatusCode::NOT_FOUND, &nowhere.body));
        }
    }

    async fn a_session_is_moved_after_it_was_shown_what_people_will_be_told(site: Site) {
        let (run, has, waits) = full(&site, 3).await;
        let admin = admin(&site).await;
        let second = sessions(&site, &run).await[1];
        let page = format!("{}/sessions/{}", path(&run), second.0);
        let form = admin.browser.get(&page).await;
        assert_eq!(form.field("starts").unwrap(), dates::time(second.1));
        let day = (dates::day_of(second.1) + TimeDelta::days(1)).format("%-d %-m %Y").to_string();
        let day: Vec<&str> = day.split(' ').collect();
        let mut fields = vec![
            ("day-day", day[0]), ("day-month", day[1]), ("day-year", day[2]), ("starts", "2.15pm"), ("ends", "4pm"),
        ];

        let read_first = admin.browser.post(&page, &fields).await;
        assert_eq!(read_first.status, StatusCode::OK);
        assert!(read_first.body.contains("2:15pm to 4pm"), "{}", read_first.body);
        assert!(read_first.body.contains("1 person who has a place and 1 person who waits"));
        assert!(world::told(&site, MessageKind::RunChanged).await.is_empty(), "nobody is told by looking");
        assert_eq!(sessions(&site, &run).await[1], second);

        fields.push(("sure", "yes"));
        let done = admin.browser.post_and_follow(&page, &fields).await;
        assert!(done.body.contains("It is changed."));
        let moved = sessions(&site, &run).await[1];
        assert_eq!((moved.0, dates::time(moved.1)), (second.0, "2:15pm".to_owned()));
        let told: Vec<_> = world::told(&site, MessageKind::RunChanged).await;
        assert_eq!(told.len(), 2);
        for member in [&has, &waits] {
            assert!(told.iter().any(|mail| mail.to.email() == member.email));
        }
        // The button is pressed once more.
        let again = admin.browser.post_and_follow(&page, &fields).await;
        assert!(again.body.contains("Nobody is told twice."));
        assert_eq!(world::told(&site, MessageKind::RunChanged).await.len(), 2);
        assert_eq!(noted(&site, &run).await, ["run-changed"]);

        let list = admin.browser.get(&format!("{}/told", path(&run))).await;
        assert!(list.body.contains("2 told, 0 on its way, 0 not reached yet."), "{:?}", list.words(".wb-lead"));
        assert!(list.words("tbody td").iter().any(|cell| cell.starts_with("Email sent")));
        assert!(list.body.contains("2:15pm to 4pm"));
    }

    async fn what_is_wrong_with_a_date_is_said_beside_it_and_nothing_is_changed(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let all = sessions(&site, &run).await;
        let page = format!("{}/sessions/{}", path(&run), all[0].0);
        let other = dates::day_of(all[1].1).format("%-d %-m %Y").to_string();
        for (day, starts, ends, sentence) in [
            ("", "10am", "11am", "Enter the day"),
            ("31 2 2027", "10am", "11am", "The day must be a real date"),
            (&other, "2:00", "4pm", "Enter a time like 10:30am or 2pm"),
            (&other, "2pm", "1pm", "It must end after it begins"),
            ("1 1 2020", "2pm", "3pm", "That time is over"),
            (&other, "12:01am", "11:59pm", "Another session of this run is at that time"),
        ] {
            let parts: Vec<&str> = day.split(' ').chain(["", "", ""]).collect();
            let fields = [
                ("day-day", parts[0]), ("day-month", parts[1]), ("day-year", parts[2]), ("starts", starts), ("ends", ends),
                ("sure", "yes"),
            ];
            let answer = admin.browser.post(&page, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
            assert!(answer.body.contains(sentence), "{sentence}: {:?}", answer.words(".govuk-error-summary"));
            assert_eq!(answer.field("starts").as_deref(), Some(starts), "what was typed is there");
        }
        assert_eq!(sessions(&site, &run).await, all);
        // The session of another run is not there.
        let (elsewhere, ..) = full(&site, 2).await;
        let strange = format!("{}/sessions/{}", path(&elsewhere), all[0].0);
        assert_eq!(admin.browser.get(&strange).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.browser.post(&strange, &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_session_is_added_once_and_dropped_once(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let day = (dates::day_of(run.starts_at) + TimeDelta::days(1)).format("%-d %-m %Y").to_string();
        let day: Vec<&str> = day.split(' ').collect();
        let fields = [
            ("day-day", day[0]), ("day-month", day[1]), ("day-year", day[2]), ("starts", "10am"), ("ends", "12 noon"),
            ("sure", "yes"),
        ];
        let page = format!("{}/sessions/add", path(&run));
        for said in ["It is changed.", "Nobody is told twice."] {
            assert!(admin.browser.post_and_follow(&page, &fields).await.body.contains(said), "{said}");
        }
        let all = sessions(&site, &run).await;
        assert_eq!(all.len(), 3);
        let drop = format!("{}/sessions/{}/drop", path(&run), all[1].0);
        assert!(admin.browser.get(&drop).await.body.contains("Drop this session?"));
        assert_eq!(sessions(&site, &run).await.len(), 3, "a look drops nothing");
        for _ in 0..2 {
            assert_eq!(admin.browser.post(&drop, &[]).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(sessions(&site, &run).await.len(), 2);
        assert_eq!(world::told(&site, MessageKind::RunChanged).await.len(), 4, "twice for each of two");
    }

    async fn place_and_tutor_change_for_all_sessions_to_come(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let (elsewhere, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let ids: (Uuid, Uuid) = read!(site.app.db, |c| Ok(sqlx::query_as("SELECT venue_id, tutor_id FROM run WHERE id = $1")
            .bind(elsewhere.id).fetch_one(&mut *c).await?)).unwrap();
        let (venue, tutor) = (ids.0.to_string(), ids.1.to_string());
        let page = format!("{}/change", path(&run));
        let nowhere = Uuid::nil().to_string();
        for bad in [[("place", nowhere.as_str()), ("tutor", "none")], [("place", "online"), ("tutor", "")]] {
            assert_eq!(admin.browser.post(&page, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let to = [("place", venue.as_str()), ("tutor", tutor.as_str()), ("sure", "yes")];
        assert!(admin.browser.post_and_follow(&page, &to).await.body.contains("It was so already") , "the same name and address");
        let online = [("place", "online"), ("tutor", "none")];
        let read_first = admin.browser.post(&page, &online).await;
        assert!(read_first.body.contains("It is now online"), "{:?}", read_first.words("li"));
        let online = [("place", "online"), ("tutor", "none"), ("sure", "yes")];
        admin.browser.post(&page, &online).await;
        let shown = admin.browser.get(&path(&run)).await;
        assert!(shown.body.contains("No place and no link yet") && shown.body.contains("No tutor yet"));
    }

    async fn whoever_cannot_be_reached_today_is_seen_at_once_and_told_when_rung(site: Site) {
        let (run, has, _) = full(&site, 3).await;
        let admin = admin(&site).await;
        let page = format!("{}/off-today", path(&run));
        assert_eq!(admin.browser.get(&page).await.status, StatusCode::SEE_OTHER, "there is none today");
        on_the_day(&site, &run);
        let here = site.desk_browser(&admin).await;
        let asked = here.get(&page).await;
        assert!(asked.body.contains("Is today’s session off?"));
        let session = asked.field("session").unwrap();
        let off = [("session", session.as_str())];
        let list = here.post_and_follow(&page, &off).await;
        // An email is on its way, but it may be read too late: they are to be rung, and stand first.
        assert_eq!(titles(&list)[0], "Margaret Ashdown");
        assert!(list.body.contains("1 not reached yet."), "{:?}", list.words(".wb-lead"));
        assert!(list.words("tbody td")[1].contains("To be rung"), "{:?}", list.words("tbody td"));
        assert_eq!(looks(&site, has.person).await, 1);
        // What the page asks for by itself are the same counts, and nobody is shown.
        let sum = format!("{}/told/sum", path(&run));
        assert!(list.words("[data-live]")[0].ends_with("1 not reached yet."));
        assert!(here.get(&sum).await.body.ends_with("1 not reached yet."));
        // It does not keep the desk open: nobody need be there.
        let by_itself = here.client.get(site.url(&sum)).header("x-by-itself", "1");
        let seen = async || world::number(&site, "SELECT COUNT(*) FROM device WHERE seen_at > created_at").await;
        let before = seen().await;
        site.clock.forward(TimeDelta::minutes(5));
        assert_eq!(by_itself.send().await.unwrap().status(), StatusCode::OK);
        assert_eq!(seen().await, before);
        assert_eq!(here.get(&sum).await.status, StatusCode::OK);
        assert_eq!(seen().await, before + 1, "somebody was there");
        assert_eq!(looks(&site, has.person).await, 1);
        // A second press, or one without a session, drops nothing more.
        for fields in [&off[..], &[]] {
            let again = here.post_and_follow(&page, fields).await;
            assert!(again.body.contains("Nobody is told twice."));
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM phone_call").await, 1);
        assert_eq!(sessions(&site, &run).await.len(), 2);

        let calls = here.get("/desk/calls").await;
        let (call, tries) = (calls.field("call").unwrap(), calls.field("tries").unwrap());
        here.post("/desk/calls", &[("call", &call), ("tries", &tries), ("do", "reached")]).await;
        let list = here.get(&format!("{}/told", path(&run))).await;
        assert!(list.words("tbody td").iter().any(|cell| cell.contains("Rung")), "{:?}", list.words("tbody td"));
        assert!(!list.body.contains("To be rung"));
    }

    async fn a_run_is_called_off_after_a_page_that_says_what_happens(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let page = format!("{}/call-off", path(&run));
        assert!(admin.browser.get(&page).await.body.contains("This cannot be undone."));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run WHERE status = 'cancelled'").await, 0);
        let list = admin.browser.post_and_follow(&page, &[]).await;
        assert!(list.body.contains("It does not go ahead"));
        assert_eq!(titles(&list).len(), 2, "who waited, too: {:?}", titles(&list));
        let again = admin.browser.post_and_follow(&page, &[]).await;
        assert_eq!(titles(&again).len(), 2);
        assert_eq!(noted(&site, &run).await, ["run-changed"]);
        let shown = admin.browser.get(&path(&run)).await;
        assert!(!shown.body.contains("Call this run off"), "nothing can be done with it");
        assert!(shown.body.contains("Copy this run to new dates"), "but it can be made again");
    }

    async fn places_go_up_to_whoever_waits_and_never_below_what_is_taken(site: Site) {
        let (run, _, waits) = full(&site, 3).await;
        let admin = admin(&site).await;
        let page = format!("{}/places", path(&run));
        for (places, join, sentence) in [
            ("0", "1", "Enter a number from 1 to 500"),
            ("+5", "1", "Enter a number from 1 to 500"),
            ("501", "1", "Enter a number from 1 to 500"),
            ("two", "1", "Enter a number from 1 to 500"),
            ("5", "4", "Choose until when people may join"),
        ] {
            let answer = admin.browser.post(&page, &[("places", places), ("join", join)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{places} {join}");
            assert!(answer.body.contains(sentence), "{places} {join}");
        }
        let done = admin.browser.post_and_follow(&page, &[("places", "3"), ("join", "2")]).await;
        assert!(done.body.contains("The places are saved.") && done.body.contains("up to session 2"));
        let offered = world::told(&site, MessageKind::PlaceOffered).await;
        assert!(offered.iter().any(|mail| mail.to.email() == waits.email));
        // The same again is no change.
        admin.browser.post(&page, &[("places", "3"), ("join", "2")]).await;
        let fewer = admin.browser.post(&page, &[("places", "1"), ("join", "2")]).await;
        assert!(fewer.body.contains("2 places are booked or kept for somebody"), "{:?}", fewer.words(".govuk-error-summary"));
        let mut noted = noted(&site, &run).await;
        noted.sort_unstable();
        assert_eq!(noted, ["capacity-changed", "late-joining-changed"]);
    }

    async fn a_run_is_closed_to_new_bookings_and_opened_again(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let admin = admin(&site).await;
        let page = format!("{}/booking", path(&run));
        let status = "SELECT COUNT(*) FROM run WHERE status = 'closed'";
        assert!(admin.browser.get(&page).await.body.contains("Close to new bookings?"));
        for (press, closed) in [("close", 1), ("close", 1), ("open", 0)] {
            admin.browser.post(&page, &[("do", press)]).await;
            assert_eq!(world::number(&site, status).await, closed, "{press}");
        }
        let mut noted = noted(&site, &run).await;
        noted.sort_unstable();
        assert_eq!(noted, ["run-closed", "run-opened"]);
        assert_eq!(admin.browser.post(&page, &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
    }

    async fn a_stand_in_a_provider_and_the_room_are_set_for_the_tutor_desk(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let (other, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        site.staff_of("Cora Coordinator", Role::Coordinator).await;
        let (provider, tutor, own): (Uuid, Uuid, Uuid) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT organisation.id, other.tutor_id, mine.tutor_id FROM organisation \
             JOIN run other ON other.id = $1 JOIN run mine ON mine.id = $2",
        ).bind(other.id).bind(run.id).fetch_one(&mut *c).await?)).unwrap();
        let (provider, tutor, own) = (provider.to_string(), tutor.to_string(), own.to_string());
        let page = format!("{}/lists", path(&run));
        let session = sessions(&site, &run).await[1].0.to_string();

        let long = "x".repeat(501);
        let bad = admin.browser.post(&page, &[("do", "save"), ("room", &long), ("provider", "none")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = [("do", "save"), ("room", "one hearing loop"), ("provider", provider.as_str())];
        let done = admin.browser.post_and_follow(&page, &saved).await;
        assert_eq!(done.field("room").as_deref(), Some("one hearing loop"));
        for (fields, sentence) in [
            ([("session", ""), ("stand-in", tutor.as_str())], "Choose a session"),
            ([("session", session.as_str()), ("stand-in", "none")], "Choose who leads it"),
            ([("session", session.as_str()), ("stand-in", own.as_str())], "They are the tutor of all sessions already"),
        ] {
            let fields: Vec<_> = fields.into_iter().chain([("do", "add")]).collect();
            let refused = admin.browser.post(&page, &fields).await;
            assert!(refused.body.contains(sentence), "{sentence}");
            assert_eq!(refused.field("room").as_deref(), Some("one hearing loop"), "the other form stays");
        }
        let fields = |what| [("do", what), ("session", session.as_str()), ("stand-in", tutor.as_str())];
        let count = "SELECT COUNT(*) FROM session_tutor";
        for (what, left) in [("add", 1), ("add", 1), ("remove", 0), ("remove", 0)] {
            admin.browser.post(&page, &fields(what)).await;
            assert_eq!(world::number(&site, count).await, left, "{what}");
        }
        let mut noted = noted(&site, &run).await;
        noted.sort_unstable();
        assert_eq!(noted, ["room-set-up"]);
        // Who got access stands about whom it is: the organisation, and the tutor who came and went.
        for (action, times) in [
            ("SELECT COUNT(*) FROM audit_entry WHERE action = 'provider-changed' AND sealed IS NOT NULL", 1),
            ("SELECT COUNT(*) FROM audit_entry WHERE action = 'stand-in-changed' AND sealed IS NOT NULL", 2),
        ] {
            assert_eq!(world::number(&site, action).await, times, "{action}");
        }
        assert_eq!(admin.browser.post(&page, &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
    }

    async fn today_says_what_takes_place_and_what_there_is_to_do(site: Site) {
        let admin = admin(&site).await;
        let quiet = admin.browser.get("/desk/today").await;
        assert!(quiet.body.contains("Nothing waits for you."), "{}", quiet.body);
        assert!(quiet.body.contains("Nothing takes place today."));

        let (run, ..) = full(&site, 3).await;
        world::change(&site, "UPDATE run SET tutor_id = NULL WHERE id = $1", run.id).await;
        on_the_day(&site, &run);
        let here = site.desk_browser(&admin).await;
        let shown = here.get("/desk/today").await;
        assert_eq!(titles(&shown).len(), 2, "today, and in a week: {:?}", titles(&shown));
        assert!(shown.words("li a").contains(&"1 run without a tutor".to_owned()), "{:?}", shown.words("li a"));
        assert!(!shown.body.contains("Nobody is marked yet"), "it has not begun");

        here.post(&format!("{}/places", path(&run)), &[("places", "2"), ("join", "3")]).await;
        site.clock.set(sessions(&site, &run).await[0].1 + TimeDelta::hours(12));
        let here = site.desk_browser(&admin).await;
        assert!(here.get("/desk/today").await.body.contains("Nobody is marked yet"));
        let mark = "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
                    SELECT place.id, session.id, 'came', $1, place.created_at FROM place \
                    JOIN session ON session.run_id = place.run_id AND session.position = 1 WHERE place.status = 'active'";
        world::change(&site, mark, admin.account_id).await;
        assert!(!here.get("/desk/today").await.body.contains("Nobody is marked yet"));
    }

    async fn whoever_came_without_a_place_is_dealt_with_once(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let (other, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let note = "INSERT INTO walk_in (id, session_id, full_name, phone, noted_by, noted_at) \
                    SELECT session.id, session.id, 'Nell Walker', '+447700900333', staff.account_id, session.starts_at \
                    FROM session JOIN staff ON TRUE WHERE session.run_id = $1 AND session.position = 1";
        world::change(&site, note, run.id).await;
        let shown = admin.browser.get(&path(&run)).await;
        assert!(shown.body.contains("Nell Walker") && shown.body.contains("07700 900333"));
        assert!(!admin.browser.get(&path(&other)).await.body.contains("Nell Walker"));
        let id = shown.field("walk-in").unwrap();
        let open = "SELECT COUNT(*) FROM walk_in WHERE done_at IS NULL";
        admin.browser.post(&format!("{}/walk-ins", path(&other)), &[("walk-in", &id)]).await;
        assert_eq!(world::number(&site, open).await, 1, "from another run's page nothing is done");
        for _ in 0..2 {
            admin.browser.post(&format!("{}/walk-ins", path(&run)), &[("walk-in", &id)]).await;
            assert_eq!(world::number(&site, open).await, 0);
        }
        assert!(!admin.browser.get(&path(&run)).await.body.contains("Nell Walker"));
        let done = "SELECT COUNT(*) FROM audit_entry WHERE action = 'walk-in-done'";
        assert_eq!(world::number(&site, done).await, 1);
    }

    async fn a_walk_in_may_be_anybody_with_a_place_also_on_another_page(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 30, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        for member in world::members(&site, 25).await {
            assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
            site.clock.forward(TimeDelta::seconds(1));
        }
        let last = world::member(&site, MemberSpec { name: "Zed Quill", ..MemberSpec::default() }).await;
        assert!(matches!(last.book(&site, run.id).await, BookOutcome::Booked(_)));
        let admin = admin(&site).await;
        let seen = async || {
            let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id = $1";
            let count: i64 = read!(site.app.db, |c| Ok(sqlx::query_scalar(sql).bind(last.person).fetch_one(&mut *c).await?)).unwrap();
            count
        };
        let shown = admin.browser.get(&path(&run)).await;
        assert!(!shown.body.contains("Zed Quill"), "on the second page");
        assert_eq!(seen().await, 0);
        let note = "INSERT INTO walk_in (id, session_id, full_name, phone, noted_by, noted_at) \
                    SELECT session.id, session.id, 'Nell Walker', '+447700900333', staff.account_id, session.starts_at \
                    FROM session JOIN staff ON TRUE WHERE session.run_id = $1 AND session.position = 1";
        world::change(&site, note, run.id).await;
        let shown = admin.browser.get(&path(&run)).await;
        let choice = shown.words("select[name=place] option");
        assert_eq!((choice.len(), choice.iter().filter(|name| *name == "Zed Quill").count()), (27, 1), "{choice:?}");
        assert_eq!(shown.body.matches("Zed Quill").count(), 1, "in the choice alone");
        assert_eq!(seen().await, 1);
        // On their own page they stand in both, and are seen once more.
        admin.browser.get(&format!("{}?page=2", path(&run))).await;
        assert_eq!(seen().await, 2);
    }

    async fn two_on_one_booking_are_told_together_whoever_stands_between_their_names(site: Site) {
        let spec = RunSpec { starts_in: TimeDelta::days(20), sessions: 3, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let carer = world::member(&site, MemberSpec::default()).await;
        let zoe = world::cared_for(&site, carer.account, "Zoe Ashdown").await;
        let request = Request { people: vec![carer.person, zoe], ..carer.request(run.id) };
        assert!(matches!(book(&site.app, &request).await.unwrap(), BookOutcome::Booked(_)));
        let owen = MemberSpec { name: "Owen Pritchard", ..MemberSpec::default() };
        let owen = world::member(&site, owen).await;
        assert!(matches!(owen.book(&site, run.id).await, BookOutcome::Booked(_)));
        let admin = admin(&site).await;
        let drop = format!("{}/sessions/{}/drop", path(&run), sessions(&site, &run).await[1].0);
        admin.browser.post(&drop, &[]).await;
        world::told(&site, MessageKind::RunChanged).await;
        let list = admin.browser.get(&format!("{}/told", path(&run))).await;
        assert_eq!(titles(&list), ["Margaret Ashdown and Zoe Ashdown", "Owen Pritchard"]);
        assert!(list.body.contains("2 told, 0 on its way, 0 not reached yet."), "{:?}", list.words(".wb-lead"));
    }

    async fn what_was_typed_comes_back_from_the_page_that_says_what_people_will_be_told(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let admin = admin(&site).await;
        let page = format!("{}/sessions/add", path(&run));
        let day = (dates::day_of(run.starts_at) + TimeDelta::days(1)).format("%-d %-m %Y").to_string();
        let day: Vec<&str> = day.split(' ').collect();
        let fields = [
            ("day-day", day[0]), ("day-month", day[1]), ("day-year", day[2]), ("starts", "10am"), ("ends", "11am"),
            ("sure", "no"),
        ];
        let form = admin.browser.post(&page, &fields).await;
        assert_eq!(form.status, StatusCode::OK);
        assert_eq!(form.field("starts").as_deref(), Some("10am"));
        assert_eq!(sessions(&site, &run).await.len(), 2);
    }

    async fn whoever_was_rung_after_a_message_came_back_is_told(site: Site) {
        let (run, ..) = full(&site, 3).await;
        let admin = admin(&site).await;
        let drop = format!("{}/sessions/{}/drop", path(&run), sessions(&site, &run).await[1].0);
        admin.browser.post(&drop, &[]).await;
        world::told(&site, MessageKind::RunChanged).await;
        refused(&site, MessageKind::RunChanged).await;
        calls::sweep(&site.app).await.unwrap();
        let list = format!("{}/told", path(&run));
        let before = admin.browser.get(&list).await;
        assert!(before.body.contains("0 told, 0 on its way, 2 not reached yet."), "{:?}", before.words(".wb-lead"));
        let calls = admin.browser.get("/desk/calls").await;
        let (call, tries) = (calls.field("call").unwrap(), calls.field("tries").unwrap());
        admin.browser.post("/desk/calls", &[("call", &call), ("tries", &tries), ("do", "reached")]).await;
        let after = admin.browser.get(&list).await;
        assert!(after.body.contains("1 told, 0 on its way, 1 not reached yet."), "{:?}", after.words(".wb-lead"));
        assert_eq!(admin.browser.get(&format!("{list}?change=99")).await.status, StatusCode::NOT_FOUND);
    }
}

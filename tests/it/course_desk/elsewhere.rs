//! One session is somewhere else than its run, or led by somebody else: everybody is told, and every page says so of that
//! session alone.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::{
    BookOutcome, CapacityOutcome, Request, book, reminders, set_capacity,
};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::ui::dates;
use wellbeing_courses::{read, write_tx};

use super::{admin, full, noted, on_the_day, path, sessions};
use crate::bookings::pages::book_path;
use crate::bookings::world::{self, Made, RunSpec};
use crate::registers::scene;
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

/// What a page says when the room or the tutor is wanted for something else.
const CLASH: &str = "Something else is on at the same time";

/// Another venue with a room for 30, and another tutor.
struct Other {
    venue: Uuid,
    room: Uuid,
    tutor: Uuid,
}

impl Other {
    async fn made(site: &Site) -> Self {
        let [venue, room, tutor] = [(); 3].map(|()| site.app.id().unwrap());
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, short_access, travel) \
                 VALUES ($1, 'pavilion', 'The Pavilion', '1 North Parade', 'Bath', 'BA2 4EU', 51.3, -2.4, 'Step-free', 'Bus')",
            ).bind(venue).execute(&mut *c).await?;
            sqlx::query("INSERT INTO room (id, venue_id, name, capacity) VALUES ($1, $2, 'Snug', 30)")
                .bind(room).bind(venue).execute(&mut *c).await?;
            sqlx::query("INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, 'sam', 'Sam Field', 'Sam', 'Kind')")
                .bind(tutor).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        Self { venue, room, tutor }
    }

    fn place(&self) -> String {
        format!("{}/{}", self.venue, self.room)
    }
}

/// Posts the form of the second session.
async fn send(admin: &Somebody, page: &str, place: &str, tutor: &str, sure: bool) -> Answer {
    let mut fields = vec![("place", place), ("tutor", tutor)];
    if sure {
        fields.push(("sure", "yes"));
    }
    admin.browser.post_and_follow(page, &fields).await
}

async fn page_of(site: &Site, run: &Made, number: usize) -> String {
    let id = sessions(site, run).await[number].0;
    format!("{}/sessions/{id}/place", path(run))
}

/// Somebody with a browser who has a place; gives the page of the booking.
async fn member_with_place(site: &Site, run: &Made) -> (Somebody, String) {
    let who = site.member("Margaret Ashdown").await;
    let request = Request::website(run.id, who.account_id, who.person_id, [7; 32]);
    let BookOutcome::Booked(booked) = book(&site.app, &request).await.unwrap() else {
        panic!("a free place");
    };
    (who, format!("/account/bookings/{}", booked.reference))
}

async fn own(site: &Site) -> (i64, i64) {
    (
        world::number(site, "SELECT COUNT(*) FROM session WHERE elsewhere").await,
        world::number(site, "SELECT COUNT(*) FROM session_tutor WHERE instead").await,
    )
}

with_mail! {
    async fn everybody_is_told_once_of_a_session_that_is_elsewhere_and_when_it_is_put_back(site: Site) {
        let (run, has, waits) = full(&site, 3).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let page = page_of(&site, &run, 1).await;
        let (place, tutor) = (other.place(), other.tutor.to_string());
        let form = admin.browser.get(&page).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.body.contains("Where the run is: Bath Central Library"), "{}", form.body);

        let read_first = send(&admin, &page, &place, &tutor, false).await;
        for words in ["is now at Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU", "your tutor is Sam", "1 person who has a place and 1 person who waits"] {
            assert!(read_first.body.contains(words), "{words} in {}", read_first.body);
        }
        assert_eq!((own(&site).await, world::told(&site, MessageKind::RunChanged).await.len()), ((0, 0), 0), "looking changes nothing");

        let done = send(&admin, &page, &place, &tutor, true).await;
        assert!(done.body.contains("It is changed.") && done.body.contains("The Pavilion, BA2 4EU, with Sam Field"), "{}", done.body);
        assert_eq!(own(&site).await, (1, 1));
        let told = world::told(&site, MessageKind::RunChanged).await;
        assert_eq!(told.len(), 2);
        let mail = told.iter().find(|mail| mail.to.email() == has.email).unwrap();
        for words in ["is now at Snug, The Pavilion", "your tutor is Sam", ". At Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU. With Sam"] {
            assert!(mail.text.contains(words), "{words} in {}", mail.text);
        }
        assert!(!mail.text.contains("pain"), "the course is not named");
        assert!(told.iter().any(|mail| mail.to.email() == waits.email && mail.ics.is_none()));
        let ics = mail.ics.as_ref().unwrap().text.replace("\r\n ", "");
        let places: Vec<bool> = ics.lines().filter(|line| line.starts_with("LOCATION")).map(|line| line.contains("Pavilion")).collect();
        assert_eq!(places, [false, true, false], "{ics}");
        assert_eq!(ics.matches("SEQUENCE:1").count(), 3, "{ics}");

        // Pressed once more, or opened and sent again.
        assert!(send(&admin, &page, &place, &tutor, true).await.body.contains("Nobody is told twice."));
        let form = admin.browser.get(&page).await;
        assert_eq!((form.chosen("place"), form.chosen("tutor")), (Some(place), Some(tutor)));
        assert_eq!(world::told(&site, MessageKind::RunChanged).await.len(), 2);
        let list = admin.browser.get(&format!("{}/told", path(&run))).await;
        assert!(list.body.contains("2 told, 0 on its way, 0 not reached yet."), "{:?}", list.words(".wb-lead"));

        let back = send(&admin, &page, "run", "run", false).await;
        assert!(back.body.contains("is now at Bath Central Library, 19 The Podium") && back.body.contains("your tutor is Priya"), "{:?}", back.words("li"));
        send(&admin, &page, "run", "run", true).await;
        assert_eq!(own(&site).await, (0, 0));
        assert_eq!(world::told(&site, MessageKind::RunChanged).await.len(), 4);
        assert_eq!(noted(&site, &run).await, ["run-changed", "run-changed"]);
    }

    async fn every_page_of_the_website_says_where_that_session_is(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 3, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        world::change(&site, "UPDATE run SET place_note = 'Ring the bell' WHERE id = $1", run.id).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let (who, booking) = member_with_place(&site, &run).await;
        who.browser.post_and_follow("/account/calendar", &[("do", "make")]).await;
        let page = page_of(&site, &run, 1).await;
        send(&admin, &page, &other.place(), &other.tutor.to_string(), true).await;

        let public = site.browser().get(&format!("/courses/{}", run.slug)).await;
        for words in ["At The Pavilion, Bath, BA2 4EU, Snug. With Sam.", "Not every session is here.", "/venues/pavilion"] {
            assert!(public.body.contains(words), "{words} in {}", public.body);
        }
        let open = site.browser().get("/calendar.ics").await.body.replace("\r\n ", "");
        assert_eq!((open.matches("LOCATION:The Pavilion").count(), open.matches("LOCATION:").count()), (1, 3), "{open}");
        let own = who.browser.get(&booking).await;
        assert!(own.body.contains(". At Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU. With Sam"), "{}", own.body);
        let file = who.browser.get(&format!("{booking}/calendar.ics")).await.body.replace("\r\n ", "");
        assert_eq!(file.matches("Snug\\, The Pavilion").count(), 1, "{file}");
        let feed = who.browser.get("/account/calendar").await.body;
        let at = feed.find("/my-calendar/").unwrap();
        let feed = feed[at..].split(".ics").next().unwrap().to_owned();
        let feed = site.browser().get(&format!("{feed}.ics")).await.body.replace("\r\n ", "");
        assert_eq!((feed.matches("Snug\\, The Pavilion").count(), feed.matches("BEGIN:VEVENT").count()), (1, 3), "{feed}");

        // "Next" is the first session, at the library; then the second, at the pavilion.
        let mine = |at| {
            site.clock.set(at);
            let (site, who) = (&site, &who);
            async move { site.browser_of(who).await.get("/account/bookings").await.words(".wb-facts li").join("; ") }
        };
        let second = sessions(&site, &run).await[1].1;
        assert!(mine(second - TimeDelta::days(8)).await.contains("Bath Central Library, BA1 5AN"));
        assert!(mine(second - TimeDelta::days(1)).await.contains("Snug, The Pavilion, BA2 4EU"));
        let today = site.desk_browser(&admin).await.get("/desk/today").await;
        let cells = today.words("tbody td").join("; ");
        assert!(cells.contains("The Pavilion") && cells.contains("Sam Field"), "{cells}");
    }

    async fn the_reminder_of_that_day_says_that_place(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 2, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        world::change(&site, "UPDATE run SET place_note = 'Ring the bell' WHERE id = $1", run.id).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let (who, _) = member_with_place(&site, &run).await;
        let every = "UPDATE person SET remind_each_session = TRUE WHERE id = $1";
        world::change(&site, every, who.person_id).await;
        let page = page_of(&site, &run, 1).await;
        send(&admin, &page, &other.place(), "run", true).await;
        let mut reminded = Vec::new();
        for (_, starts_at) in sessions(&site, &run).await {
            let day = dates::day_of(starts_at) - TimeDelta::days(1);
            site.clock.set(dates::moment(day.and_hms_opt(10, 30, 0).unwrap()));
            reminders::sweep(&site.app).await.unwrap();
            reminded = world::told(&site, MessageKind::Reminder).await;
        }
        let [.., first, second] = reminded.as_slice() else { panic!("two reminders") };
        assert!(first.text.contains("Bath Central Library") && first.text.contains("Ring the bell"), "{}", first.text);
        assert!(second.text.contains("Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU"), "{}", second.text);
        assert!(!second.text.contains("Ring the bell") && !second.text.contains("Library"), "{}", second.text);
    }

    async fn a_single_session_that_is_elsewhere_is_where_the_course_is(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 1, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        world::change(&site, "UPDATE run SET place_note = 'Ring the bell' WHERE id = $1", run.id).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let whereabouts = async || site.browser().get(&format!("/courses/{}", run.slug)).await.words("[aria-labelledby=where]").join(" ");
        let (who, booking) = member_with_place(&site, &run).await;
        let booked = async || who.browser.get(&booking).await.words(".govuk-summary-list").join(" ");
        for usual in [whereabouts().await, booked().await] {
            assert!(usual.contains("Bath Central Library") && usual.contains("Ring the bell"), "{usual}");
        }
        send(&admin, &page_of(&site, &run, 0).await, &other.place(), "run", true).await;
        let (there, own) = (whereabouts().await, booked().await);
        assert!(there.contains("The Pavilion , Snug") || there.contains("The Pavilion, Snug"), "{there}");
        assert!(own.contains("Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU"), "{own}");
        for not in ["Bath Central Library", "Ring the bell", "Not every session is here."] {
            assert!(!there.contains(not) && !own.contains(not), "{not} in {there} {own}");
        }
    }

    async fn another_room_of_the_same_venue_is_said_by_its_name(site: Site) {
        const LIBRARY: &str = "Bath Central Library, 19 The Podium, Bath, BA1 5AN";
        let run = world::run(&site, RunSpec { sessions: 2, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        let [usual, other] = [(); 2].map(|()| site.app.id().unwrap());
        write_tx!(site.app.db, |c| {
            for (room, name) in [(usual, "Room 1"), (other, "Room 4")] {
                sqlx::query("INSERT INTO room (id, venue_id, name, capacity) SELECT $2, venue_id, $3, 30 FROM run WHERE id = $1")
                    .bind(run.id).bind(room).bind(name).execute(&mut *c).await?;
            }
            sqlx::query("UPDATE run SET room_id = $2 WHERE id = $1").bind(run.id).bind(usual).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let venue: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT venue_id FROM run WHERE id = $1").bind(run.id).fetch_one(&mut *c).await?)).unwrap();
        let there = format!("{venue}/{other}");
        let admin = admin(&site).await;
        let (who, booking) = member_with_place(&site, &run).await;
        let done = send(&admin, &page_of(&site, &run, 1).await, &there, "run", true).await;
        assert!(done.body.contains("It is changed."), "{}", done.body);
        let told = world::told(&site, MessageKind::RunChanged).await;
        let mail = told.iter().find(|mail| mail.to.email() == who.email).unwrap();
        let line = format!(". At Room 4, {LIBRARY}");
        assert!(mail.text.contains(&line), "{}", mail.text);
        let own = who.browser.get(&booking).await;
        assert!(own.body.contains(&line), "{}", own.body);
        let reader = site.member("Yusra Khan").await;
        let beside = reader.browser.get(&book_path(&run)).await.words(".wb-reminder").join(" ");
        assert!(beside.contains(&format!(": Room 4, {LIBRARY}")), "{beside}");
        // The first session is there, and the second is where it was.
        send(&admin, &page_of(&site, &run, 1).await, "run", "run", true).await;
        send(&admin, &page_of(&site, &run, 0).await, &there, "run", true).await;
        let beside = reader.browser.get(&book_path(&run)).await.words(".wb-reminder").join(" ");
        assert!(beside.contains(&format!("Room 4, {LIBRARY}. The other sessions: Room 1, {LIBRARY}")), "{beside}");
    }

    async fn whoever_books_reads_everybody_who_sees_their_name(site: Site) {
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let reader = site.member("Yusra Khan").await;
        for (count, number, leads) in [(1, 0, other.tutor.to_string()), (2, 1, other.tutor.to_string()), (2, 1, "run".to_owned())] {
            let run = world::run(&site, RunSpec { sessions: count, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
            send(&admin, &page_of(&site, &run, number).await, "run", &leads, true).await;
            let seen = reader.browser.get(&book_path(&run)).await.words("p");
            let start = if leads == "run" {
                "Your tutor, Priya, sees your name, phone and email"
            } else {
                "Your tutors, Priya and Sam, see your name, phone and email"
            };
            assert!(seen.iter().any(|words| words.starts_with(start)), "{start} in {seen:?}");
        }
    }

    async fn a_letter_says_the_street_of_a_session_that_is_elsewhere(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 1, starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        send(&admin, &page_of(&site, &run, 0).await, &other.place(), "run", true).await;
        let (person, now) = (site.app.id().unwrap(), site.app.clock.now());
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO person (id, full_name, date_of_birth, phone, address, town, postcode, reach_by_letter, format, \
                                     remind_by, created_at, updated_at) \
                 VALUES ($1, 'Arthur Penhallow', '1948-02-01', '+441225477000', '2 High Street', 'Keynsham', 'BS31 1DP', TRUE, \
                         'standard', 'call', $2, $2)",
            ).bind(person).bind(now).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let request = Request { account_id: None, ..Request::website(run.id, Uuid::nil(), person, [7; 32]) };
        assert!(matches!(book(&site.app, &request).await.unwrap(), BookOutcome::Booked(_)));
        let letter = admin.browser.get("/desk/letters/print").await;
        let lines = letter.words(".wb-letter li");
        assert!(lines.len() == 1 && lines[0].ends_with(". At Snug, The Pavilion, 1 North Parade, Bath, BA2 4EU"), "{lines:?}");
        let all = letter.words(".wb-letter").join(" ");
        assert!(!all.contains("Bath Central Library"), "none of them is there: {all}");
    }

    async fn whoever_leads_one_session_sees_its_list_and_where_it_is(site: Site) {
        let (run, priya) = scene::run_with_tutor(&site).await;
        let other = Other::made(&site).await;
        let sam = site.staff("Sam Field", &[Role::Tutor]).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE tutor SET account_id = $2 WHERE id = $1").bind(other.tutor).bind(sam.account_id).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        world::change(&site, "UPDATE run SET room_setup = 'one hearing loop' WHERE id = $1", run.id).await;
        assert!(sam.browser.get("/tutor").await.body.contains("You have no runs yet"));
        let admin = admin(&site).await;
        let page = page_of(&site, &run, 1).await;
        send(&admin, &page, &other.place(), &other.tutor.to_string(), true).await;

        let runs = sam.browser.get("/tutor").await;
        assert!(runs.body.contains("You lead 1 of its 6 sessions.") && runs.body.contains("The Pavilion"), "{}", runs.body);
        assert!(!runs.body.contains("hearing loop"), "that is the other room");
        let register = priya.browser.get("/tutor").await;
        assert!(register.body.contains("Bath Central Library") && register.body.contains("hearing loop"), "the next one is the first");
        let sheet = priya.browser.get(&format!("/tutor/runs/{}/sheet", run.id)).await;
        assert_eq!(sheet.words(".wb-sheet > p").iter().filter(|line| line.contains("The Pavilion")).count(), 1, "{:?}", sheet.words(".wb-sheet > p"));
        // The team's page of lists sends whoever would take them off to where people are told.
        let lists = admin.browser.get(&format!("{}/lists", path(&run))).await;
        assert!(lists.body.contains("Sam Field, instead of the tutor") && lists.body.contains(&page), "{}", lists.body);
        let session = sessions(&site, &run).await[1].0.to_string();
        let tutor = other.tutor.to_string();
        admin.browser.post(&format!("{}/lists", path(&run)), &[("do", "remove"), ("session", &session), ("stand-in", &tutor)]).await;
        assert_eq!(own(&site).await, (1, 1), "it is not taken off without anybody being told");
        send(&admin, &page, "run", "run", true).await;
        assert!(sam.browser.get("/tutor").await.body.contains("You have no runs yet"));
    }

    async fn what_cannot_be_is_said_beside_the_field_and_what_clashes_is_said_before(site: Site) {
        let (run, ..) = full(&site, 2).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        let page = page_of(&site, &run, 1).await;
        let (place, tutor) = (other.place(), other.tutor.to_string());
        for (place, tutor, words) in [
            ("", "run", "Choose where it is"),
            (Uuid::nil().to_string().as_str(), "run", "Choose where it is"),
            ("run", "none", "Choose who leads it"),
            ("online", "run", "Nobody could join: there is no link yet"),
        ] {
            let refused = admin.browser.post(&page, &[("place", place), ("tutor", tutor), ("sure", "yes")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{place} {tutor}");
            assert!(refused.body.contains(words), "{words}");
        }
        world::change(&site, "UPDATE run SET join_link = 'https://call.example/1' WHERE id = $1", run.id).await;
        assert!(send(&admin, &page, "online", "run", false).await.body.contains("is now online"));
        world::change(&site, "UPDATE room SET capacity = 1 WHERE id = $1", other.room).await;
        world::change(&site, "UPDATE run SET capacity = 2 WHERE id = $1", run.id).await;
        let small = admin.browser.post(&page, &[("place", place.as_str()), ("tutor", "run")]).await;
        assert!(small.body.contains("This room holds 1, and the run has 2 places"), "{}", small.body);
        world::change(&site, "UPDATE room SET capacity = 2 WHERE id = $1", other.room).await;
        // Another run is in that room then, with that tutor.
        let busy = world::run(&site, RunSpec { sessions: 2, starts_in: TimeDelta::days(20), capacity: 2, ..RunSpec::default() }).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET room_id = $2, tutor_id = $3 WHERE id = $1")
                .bind(busy.id).bind(other.room).bind(other.tutor).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        for (place, tutor, words) in [
            (place.as_str(), tutor.as_str(), "The room and the tutor are taken"),
            (place.as_str(), "run", "The room is taken"),
            ("run", tutor.as_str(), "The tutor is busy"),
        ] {
            let shown = send(&admin, &page, place, tutor, false).await;
            assert!(shown.body.contains(words), "{words} in {}", shown.body);
        }
        // The other way round: whoever plans the other run sees that the room is taken then.
        send(&admin, &page, &place, &tutor, true).await;
        let theirs = page_of(&site, &busy, 1).await;
        assert!(send(&admin, &theirs, "online", "run", false).await.status == StatusCode::UNPROCESSABLE_ENTITY);
        let shown = send(&admin, &theirs, &format!("{}", other.venue), "run", false).await;
        assert!(shown.body.contains("The tutor is busy"), "{}", shown.body);
        // A session that has begun, and one of another run.
        let foreign = format!("{}/sessions/{}/place", path(&run), sessions(&site, &busy).await[0].0);
        assert_eq!(admin.browser.get(&foreign).await.status, StatusCode::NOT_FOUND);
        let first = page_of(&site, &run, 0).await;
        on_the_day(&site, &run);
        site.clock.forward(TimeDelta::hours(23));
        let here = site.desk_browser(&admin).await;
        let begun = here.post(&first, &[("place", place.as_str()), ("tutor", "run"), ("sure", "yes")]).await;
        assert!(begun.body.contains("This session has begun. It stays as it is"), "{}", begun.body);
    }

    async fn an_online_session_keeps_the_link_that_people_join_by(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 2, ..RunSpec::default() }).await;
        let admin = admin(&site).await;
        let (who, booking) = member_with_place(&site, &run).await;
        world::change(&site, "UPDATE run SET join_link = 'https://call.example/1' WHERE id = $1", run.id).await;
        assert!(!who.browser.get(&booking).await.body.contains("call.example"));
        send(&admin, &page_of(&site, &run, 1).await, "online", "run", true).await;
        let own = who.browser.get(&booking).await;
        assert!(own.body.contains("https://call.example/1") && own.body.contains(". Online"), "{}", own.body);
        let plans = format!("{}/plans", path(&run));
        let refused = admin.browser.post(&plans, &[("hire", "none"), ("link", "")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("A session to come is online: people need the link"), "{}", refused.body);
        // A copy has none of it.
        let copy = admin.browser.get(&format!("/desk/runs/add?like={}", run.id)).await;
        assert_ne!(copy.chosen("place").as_deref(), Some("online"));
    }

    async fn the_room_of_one_session_holds_everybody_and_stays(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 2, ..RunSpec::default() }).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        send(&admin, &page_of(&site, &run, 1).await, &other.place(), "run", true).await;
        let more = set_capacity(&site.app, run.id, 31, None).await.unwrap();
        assert_eq!(more, CapacityOutcome::TooMany { at_most: 30 });
        assert_eq!(set_capacity(&site.app, run.id, 30, None).await.unwrap(), CapacityOutcome::Changed);
        let room = format!("/desk/venues/{}/rooms/{}", other.venue, other.room);
        let gone = admin.browser.post(&room, &[("do", "remove"), ("name", "Snug")]).await;
        assert!(gone.body.contains("1 run is or was in this room, so it stays."), "{}", gone.body);
        let smaller = admin.browser.post(&room, &[("name", "Snug"), ("holds", "29")]).await;
        assert!(smaller.body.contains("A run to come in this room has 30 places."), "{}", smaller.body);
        // The schema says it, too: into a room that holds fewer no session comes.
        world::change(&site, "UPDATE room SET capacity = 29 WHERE id = $1", other.room).await;
        let forced: wellbeing_courses::server::Result<()> = async {
            write_tx!(site.app.db, |c| {
                sqlx::query("UPDATE session SET room_id = $2 WHERE run_id = $1 AND elsewhere").bind(run.id).bind(other.room).execute(&mut *c).await?;
                Ok(())
            })
        }.await;
        assert!(forced.is_err(), "the room holds fewer");
    }

    async fn whoever_would_go_to_the_old_place_today_is_rung(site: Site) {
        let (run, has, _) = full(&site, 2).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        on_the_day(&site, &run);
        let here = site.desk_browser(&admin).await;
        let page = page_of(&site, &run, 0).await;
        let calls = "SELECT COUNT(*) FROM phone_call WHERE about = 'change'";
        // Another tutor is no reason to ring, another place is.
        for (place, tutor, rung) in [("run", other.tutor.to_string(), 0), (&*other.place(), "run".to_owned(), 1)] {
            let done = here.post_and_follow(&page, &[("place", place), ("tutor", &tutor), ("sure", "yes")]).await;
            assert!(done.body.contains("It is changed."), "{}", done.body);
            assert_eq!(world::number(&site, calls).await, rung, "{place}");
        }
        let told = world::told(&site, MessageKind::RunChanged).await;
        assert_eq!(told.iter().filter(|mail| mail.to.email() == has.email).count(), 2);
        let list = here.get("/desk/calls").await;
        assert!(list.body.contains("at The Pavilion"), "{}", list.body);
    }

    async fn when_the_run_moves_every_session_to_come_is_there(site: Site) {
        let (run, has, _) = full(&site, 3).await;
        let other = Other::made(&site).await;
        let admin = admin(&site).await;
        send(&admin, &page_of(&site, &run, 1).await, &other.place(), &other.tutor.to_string(), true).await;
        world::told(&site, MessageKind::RunChanged).await;
        world::change(&site, "UPDATE run SET join_link = 'https://call.example/1' WHERE id = $1", run.id).await;
        let tutor: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT tutor_id FROM run WHERE id = $1").bind(run.id).fetch_one(&mut *c).await?)).unwrap();
        let online = [("place", "online"), ("tutor", &*tutor.to_string()), ("sure", "yes")];
        admin.browser.post(&format!("{}/change", path(&run)), &online).await;
        assert_eq!(own(&site).await, (0, 1), "who stands in still does");
        let told = world::told(&site, MessageKind::RunChanged).await;
        let last = told.iter().rfind(|mail| mail.to.email() == has.email).unwrap();
        assert!(last.text.contains("It is now online") && !last.text.contains("Pavilion"), "{}", last.text);
        assert!(last.ics.as_ref().unwrap().text.matches("LOCATION:Online").count() == 3);
    }

    async fn what_another_run_has_at_that_hour_is_said_before_a_session_moves_and_stops_nobody(site: Site) {
        let spec = |title: &str, days, sessions| RunSpec {
            title: title.into(), sessions, starts_in: TimeDelta::days(days), ..RunSpec::default()
        };
        let run = world::run(&site, spec("Living well", 20, 2)).await;
        let busy = world::run(&site, spec("Less worry", 29, 1)).await;
        let [taken, free] = [(); 2].map(|()| site.app.id().unwrap());
        write_tx!(site.app.db, |c| {
            for (room, name) in [(taken, "Room 1"), (free, "Room 4")] {
                sqlx::query("INSERT INTO room (id, venue_id, name, capacity) SELECT $2, venue_id, $3, 30 FROM run WHERE id = $1")
                    .bind(run.id).bind(room).bind(name).execute(&mut *c).await?;
            }
            for id in [run.id, busy.id] {
                sqlx::query(
                    "UPDATE run SET room_id = $2, venue_id = (SELECT other.venue_id FROM run other WHERE other.id = $3), \
                                    tutor_id = (SELECT other.tutor_id FROM run other WHERE other.id = $3) WHERE id = $1",
                ).bind(id).bind(taken).bind(run.id).execute(&mut *c).await?;
            }
            Ok(())
        }).unwrap();
        let admin = admin(&site).await;
        let day = dates::day_of(busy.starts_at).format("%-d %-m %Y").to_string();
        let day: Vec<&str> = day.split(' ').collect();
        let at = |starts: &'static str, ends: &'static str| {
            vec![("day-day", day[0]), ("day-month", day[1]), ("day-year", day[2]), ("starts", starts), ("ends", ends)]
        };
        let instead = "Bath Central Library, Room 4 (holds 30)";
        let second = format!("{}/sessions/{}", path(&run), sessions(&site, &run).await[1].0);
        let more = format!("{}/sessions/add", path(&run));
        for page in [&*second, &*more] {
            let shown = admin.browser.post(page, &at("10am", "11:30am")).await;
            for words in [CLASH, "The room and the tutor are taken", "Less worry", instead] {
                assert!(shown.body.contains(words), "{page}: {words} in {}", shown.body);
            }
            assert!(!shown.body.contains("Room 1 (holds 30)"), "it is taken");
            // One after the other is no clash.
            let shown = admin.browser.post(page, &at("11am", "1pm")).await;
            assert!(shown.body.contains("Check before people are told") && !shown.body.contains(CLASH), "{page}: {}", shown.body);
        }

        // The whole of another run goes there: its one session is at the hour of the second session here.
        let other = world::run(&site, spec("Better sleep", 27, 1)).await;
        let (venue, tutor): (Uuid, Uuid) = read!(site.app.db, |c| Ok(sqlx::query_as("SELECT venue_id, tutor_id FROM run WHERE id = $1")
            .bind(run.id).fetch_one(&mut *c).await?)).unwrap();
        let whole = async |room: Uuid, tutor: &str| {
            let place = format!("{venue}/{room}");
            admin.browser.post(&format!("{}/change", path(&other)), &[("place", &*place), ("tutor", tutor)]).await
        };
        let shown = whole(taken, &tutor.to_string()).await;
        for words in [CLASH, "The room and the tutor are taken", "Living well", instead] {
            assert!(shown.body.contains(words), "{words} in {}", shown.body);
        }
        let shown = whole(free, "none").await;
        assert!(shown.body.contains("Check before people are told") && !shown.body.contains(CLASH), "{}", shown.body);

        let mut sure = at("10am", "11:30am");
        sure.push(("sure", "yes"));
        let done = admin.browser.post_and_follow(&second, &sure).await;
        assert!(done.body.contains("It is changed."), "{}", done.body);
    }

    async fn a_stand_in_who_leads_something_else_at_that_hour_is_named(site: Site) {
        let other = Other::made(&site).await;
        let spec = |title: &str, sessions| RunSpec {
            title: title.into(), sessions, starts_in: TimeDelta::days(20), ..RunSpec::default()
        };
        let run = world::run(&site, spec("Living well", 2)).await;
        let theirs = world::run(&site, spec("Less worry", 1)).await;
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET tutor_id = $2 WHERE id = $1").bind(theirs.id).bind(other.tutor).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let admin = admin(&site).await;
        let all = sessions(&site, &run).await;
        let lists = format!("{}/lists", path(&run));
        let stands_in = async |number: usize| {
            let (session, tutor) = (all[number].0.to_string(), other.tutor.to_string());
            admin.browser.post_and_follow(&lists, &[("do", "add"), ("session", &*session), ("stand-in", &*tutor)]).await
        };
        let second = stands_in(1).await;
        assert!(second.body.contains("Sam Field") && !second.body.contains(CLASH), "{}", second.body);
        let first = stands_in(0).await;
        assert_eq!(first.words(".wb-notice--bad p"), ["Sam Field:"]);
        let lines = first.words(".wb-notice--bad li");
        assert!(lines.len() == 1 && lines[0].contains("The tutor is busy") && lines[0].contains("Less worry"), "{lines:?}");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM session_tutor").await, 2, "it stops nobody");
    }
}

//! What happens by itself, and what the team keeps once: booking that opens and closes, school holidays, the notice on the
//! website, who does what today.

use chrono::TimeDelta;
use reqwest::StatusCode;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::server::jobs;
use wellbeing_courses::write_tx;

use super::{admin, path};
use crate::bookings::world::{self, MemberSpec, RunSpec};
use crate::support::Site;

/// 18 January 2027 at nine: two weeks after the tests' day.
const LATER: [(&str, &str); 4] = [
    ("opens-day", "18"),
    ("opens-month", "1"),
    ("opens-year", "2027"),
    ("opens-time", "9am"),
];

async fn draft(site: &Site) -> world::Made {
    let spec = RunSpec {
        status: "draft",
        starts_in: TimeDelta::days(40),
        ..RunSpec::default()
    };
    world::run(site, spec).await
}

/// Somebody asks to hear of new dates of its course.
async fn asks(site: &Site, run: &world::Made, volunteer: bool) {
    let spec = MemberSpec {
        volunteer,
        ..MemberSpec::default()
    };
    let who = world::member(site, spec).await;
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query("INSERT INTO date_wish (id, course_id, person_id, account_id, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(run.course_id)
            .bind(who.person)
            .bind(who.account)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
}

async fn status(site: &Site) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM run WHERE status = 'draft'",
        "SELECT COUNT(*) FROM run WHERE status = 'open'",
        "SELECT COUNT(*) FROM run WHERE status = 'closed'",
        "SELECT COUNT(*) FROM run WHERE opens_at IS NOT NULL OR closes_at IS NOT NULL",
    ] {
        all.push(world::number(site, sql).await);
    }
    all
}

with_mail! {
    async fn booking_opens_and_closes_by_itself(site: Site) {
        let admin = admin(&site).await;
        let run = draft(&site).await;
        let page = format!("{}/window", path(&run));
        let mut fields = LATER.to_vec();
        fields.extend([("closes-day", "1"), ("closes-month", "2"), ("closes-year", "2027"), ("closes-time", "5pm")]);
        let saved = admin.browser.post_and_follow(&page, &fields).await;
        assert!(saved.body.contains("Booking opens on Monday 18 January, 9am"), "{}", saved.body);
        assert!(saved.body.contains("Booking closes on Monday 1 February, 5pm"));
        let again = admin.browser.get(&page).await;
        assert_eq!((again.field("opens-day").as_deref(), again.field("closes-time").as_deref()), (Some("18"), Some("5pm")));
        site.clock.set("2027-01-18T08:59:59Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [1, 0, 0, 1]);
        site.clock.set("2027-01-18T09:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 1, 0, 1]);
        let mary = world::member(&site, MemberSpec::default()).await;
        assert!(matches!(mary.book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set("2027-02-01T17:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 0, 1, 0]);
        let tom = world::member(&site, MemberSpec::default()).await;
        assert!(!matches!(tom.book(&site, run.id).await, BookOutcome::Booked(_)), "booking is closed");
        // Opened again by hand it stays open: what was planned has happened.
        let page = format!("{}/booking", path(&run));
        site.desk_browser(&admin).await.post(&page, &[("do", "open")]).await;
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 1, 0, 0]);
    }

    async fn what_somebody_opened_by_hand_stays_open_and_what_they_closed_stays_closed(site: Site) {
        let admin = admin(&site).await;
        let run = draft(&site).await;
        let window = format!("{}/window", path(&run));
        let booking = format!("{}/booking", path(&run));
        // A closing time that is over when it is opened by hand.
        let closes = [("closes-day", "18"), ("closes-month", "1"), ("closes-year", "2027"), ("closes-time", "9am")];
        admin.browser.post(&window, &closes).await;
        site.clock.set("2027-01-20T09:00:00Z".parse().unwrap());
        let here = site.desk_browser(&admin).await;
        here.post(&booking, &[("do", "open")]).await;
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 1, 0, 0]);
        // An opening time for a run that was opened meanwhile.
        world::change(&site, "UPDATE run SET opens_at = '2027-01-25T09:00:00.000000+00:00' WHERE id = $1", run.id).await;
        here.post(&booking, &[("do", "close")]).await;
        site.clock.set("2027-01-26T09:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 0, 1, 0]);
    }

    async fn a_run_whose_course_is_not_on_the_website_waits_and_today_says_so(site: Site) {
        let admin = admin(&site).await;
        let run = draft(&site).await;
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", run.course_id).await;
        admin.browser.post(&format!("{}/window", path(&run)), &LATER).await;
        site.clock.set("2027-01-18T09:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [1, 0, 0, 1]);
        let today = site.desk_browser(&admin).await.get("/desk/today").await;
        assert!(today.body.contains("1 run that should be open by now, but its course is not on the website"));
        world::change(&site, "UPDATE course SET status = 'published' WHERE id = $1", run.course_id).await;
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 1, 0, 0]);
    }

    async fn what_is_wrong_with_the_times_is_said_and_nothing_is_kept(site: Site) {
        let admin = admin(&site).await;
        let run = draft(&site).await;
        let page = format!("{}/window", path(&run));
        let closes = |day: &'static str, month: &'static str, time: &'static str| {
            vec![("closes-day", day), ("closes-month", month), ("closes-year", "2027"), ("closes-time", time)]
        };
        let mut twice = LATER.to_vec();
        twice.extend(closes("18", "1", "8am"));
        for (fields, field, sentence) in [
            (vec![("opens-day", "18")], "opens", "The day must include a month and a year"),
            (vec![("opens-time", "9am")], "opens", "Enter the day, or leave the time empty"),
            (LATER[..3].to_vec(), "opens-time", "Enter the time, for example 9am"),
            (closes("1", "1", "9am"), "closes", "That time is over. Enter a time to come"),
            (closes("1", "12", "9am"), "closes", "The run is over by then"),
            (twice, "closes", "It must close after it opens"),
        ] {
            let wrong = admin.browser.post(&page, &fields).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            let said = wrong.words(&format!("#{field}-error"));
            assert_eq!(said.len(), 1, "{fields:?}: {}", wrong.body);
            assert!(said[0].contains(sentence), "{fields:?}: {said:?}");
        }
        assert_eq!(status(&site).await, [1, 0, 0, 0]);
    }

    async fn several_drafts_open_together_on_a_day(site: Site) {
        let admin = admin(&site).await;
        let (one, two) = (draft(&site).await, draft(&site).await);
        let ids = [one.id.to_string(), two.id.to_string()];
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("run", &**id)).collect();
        fields.extend(LATER);
        let mut late = fields.clone();
        late.retain(|(name, _)| *name != "opens-year");
        late.push(("opens-year", "2029"));
        let wrong = admin.browser.post("/desk/runs/open", &late).await;
        assert_eq!((wrong.status, wrong.words("#opens-error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let said = admin.browser.post_and_follow("/desk/runs/open", &fields).await;
        assert!(said.body.contains("They open by themselves at that time."), "{}", said.body);
        assert_eq!(status(&site).await, [2, 0, 0, 2]);
        site.clock.set("2027-01-18T09:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert_eq!(status(&site).await, [0, 2, 0, 0]);
    }

    async fn what_does_not_open_with_the_others_is_named_with_the_reason(site: Site) {
        let admin = admin(&site).await;
        let one = draft(&site).await;
        let spec = RunSpec { title: "Walking".into(), status: "draft", starts_in: TimeDelta::days(40), ..RunSpec::default() };
        let two = world::run(&site, spec).await;
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", two.course_id).await;
        let ids = [one.id.to_string(), two.id.to_string()];
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("run", &**id)).collect();
        // Pressed twice, the second finds one draft alone.
        for sum in ["1 run is open for booking, 1 is not.", "No run was opened."] {
            let said = admin.browser.post("/desk/runs/open", &fields).await;
            assert_eq!((said.status, said.words(".wb-lead")), (StatusCode::OK, vec![sum.to_owned()]));
            let left = said.words(".wb-words li");
            assert!(left.len() == 1 && left[0].starts_with("Walking: its course is not on the website yet"), "{left:?}");
            assert_eq!(status(&site).await, [1, 1, 0, 0]);
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM audit_entry WHERE action = 'run-opened'").await, 1);
    }

    async fn before_runs_open_every_page_says_how_many_people_asked_to_hear(site: Site) {
        const TWO: &str = "2 people asked to hear: each gets one message";
        let admin = admin(&site).await;
        let run = draft(&site).await;
        let booking = format!("{}/booking", path(&run));
        let none = admin.browser.get(&booking).await;
        assert!(none.body.contains("Nobody waits to hear of it"), "{}", none.body);
        for _ in 0..2 {
            asks(&site, &run, false).await;
        }
        let course = run.course_id.to_string();
        let add_key = admin.browser.get("/desk/runs/add").await.field("form-key").unwrap();
        let add = [
            ("form-key", &*add_key), ("course", &*course), ("place", "online"), ("link", "https://meet.example.org/a"), ("tutor", "none"),
            ("first-day", "9"), ("first-month", "3"), ("first-year", "2027"), ("starts", "10am"), ("ends", "11am"), ("sessions", "1"),
            ("often", "7"), ("places", "8"), ("hire", "none"),
        ];
        let roll_key = admin.browser.get("/desk/runs/roll").await.field("form-key").unwrap();
        let roll = [
            ("form-key", &*roll_key), ("from-day", "8"), ("from-month", "2"), ("from-year", "2027"), ("to-day", "14"), ("to-month", "2"),
            ("to-year", "2027"), ("first-day", "15"), ("first-month", "3"), ("first-year", "2027"),
        ];
        for (page, answer) in [
            ("one", admin.browser.get(&booking).await),
            ("several", admin.browser.get("/desk/runs/open").await),
            ("add", admin.browser.post("/desk/runs/add", &add).await),
            ("term", admin.browser.post("/desk/runs/roll", &roll).await),
        ] {
            assert!(answer.body.contains(TWO), "{page}: {}", answer.body);
        }
        // A run for volunteers is no news for anybody else.
        world::change(&site, "UPDATE run SET volunteers_only = TRUE WHERE id = $1", run.id).await;
        assert!(admin.browser.get(&booking).await.body.contains("Nobody waits to hear of it"));
        asks(&site, &run, true).await;
        let one = admin.browser.get(&booking).await;
        assert!(one.body.contains("1 person asked to hear: they get one message"), "{}", one.body);
        // Opened again, it is no news either, but whoever is on its list is offered what is free.
        for what in ["open", "close"] {
            admin.browser.post(&booking, &[("do", what)]).await;
        }
        let again = admin.browser.get(&booking).await;
        assert!(again.body.contains("hears nothing more of this one") && again.body.contains("is offered what is free"));
    }

    async fn school_holidays_are_kept_once_and_left_out_by_a_new_run(site: Site) {
        let admin = admin(&site).await;
        world::run(&site, RunSpec::default()).await;
        let page = "/desk/holidays";
        let key = admin.browser.get(page).await.field("form-key").unwrap();
        let half_term = [
            ("form-key", &*key), ("name", "Spring half term"),
            ("first-day", "15"), ("first-month", "2"), ("first-year", "2027"),
            ("last-day", "19"), ("last-month", "2"), ("last-year", "2027"),
        ];
        for _ in 0..2 {
            let saved = admin.browser.post_and_follow(page, &half_term).await;
            assert_eq!(saved.words("tbody th"), ["Spring half term"], "pressed twice it is there once");
        }
        let mut wrong = half_term.to_vec();
        wrong[5] = ("last-day", "14");
        let said = admin.browser.post(page, &wrong).await;
        assert_eq!((said.status, said.words("#last-error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let form = admin.browser.get("/desk/runs/add").await;
        let course = form.words("select[name=course] option");
        assert!(course.len() > 1);
        let id = world::number(&site, "SELECT COUNT(*) FROM course").await;
        assert_eq!(id, 1);
        let html = form.html();
        let value = html.select(&scraper::Selector::parse("select[name=course] option").unwrap())
            .filter_map(|option| option.value().attr("value")).next_back().unwrap().to_owned();
        let add_key = form.field("form-key").unwrap();
        let run = [
            ("form-key", &*add_key), ("course", &*value), ("place", "online"), ("link", "https://meet.example.org/a"), ("tutor", "none"),
            ("first-day", "9"), ("first-month", "2"), ("first-year", "2027"), ("starts", "10am"), ("ends", "11am"), ("sessions", "3"),
            ("often", "7"), ("places", "8"), ("hire", "none"),
        ];
        let mut with_school = run.to_vec();
        with_school.push(("school", "yes"));
        let shown = admin.browser.post("/desk/runs/add", &with_school).await;
        assert!(shown.body.contains("No session on 16 February"), "{:?}", shown.words("main li"));
        let without = admin.browser.post("/desk/runs/add", &run).await;
        assert!(!without.body.contains("No session on 16 February"));
        // Taken away, twice.
        let holiday = admin.browser.get(page).await.field("holiday").unwrap();
        for _ in 0..2 {
            let gone = admin.browser.post_and_follow(page, &[("do", "remove"), ("holiday", &holiday)]).await;
            assert!(gone.words("tbody th").is_empty());
        }
    }

    async fn a_notice_stands_on_every_public_page_while_it_counts(site: Site) {
        let admin = admin(&site).await;
        world::run(&site, RunSpec::default()).await;
        let page = "/desk/notices";
        let words = "We are <b>closed</b> on Friday & Saturday";
        let pages = ["/", "/courses", "/about", "/courses?q=pain", "/sign-in", "/venues"];
        let shown = async |site: &Site| {
            let mut all = Vec::new();
            for path in pages {
                all.extend(site.browser().get(path).await.words(".wb-site-notice"));
            }
            all
        };
        assert!(shown(&site).await.is_empty());
        let key = admin.browser.get(page).await.field("form-key").unwrap();
        let fields = [
            ("form-key", &*key), ("words", words), ("ends-day", "5"), ("ends-month", "1"), ("ends-year", "2027"), ("ends-time", "5pm"),
        ];
        for _ in 0..2 {
            let saved = admin.browser.post_and_follow(page, &fields).await;
            assert_eq!(saved.words("tbody th"), [words], "pressed twice it is there once");
        }
        // Gone back, and sent with another time: that is another notice, and not lost.
        let mut later = fields;
        later[5] = ("ends-time", "4pm");
        let both = admin.browser.post_and_follow(page, &later).await;
        assert_eq!(both.words("tbody th").len(), 2);
        assert!(admin.browser.get("/desk/today").await.words(".wb-site-notice").is_empty(), "the desks are not the website");
        assert_eq!(shown(&site).await, vec![words; pages.len()], "escaped, and on pages that were kept before");
        site.clock.set("2027-01-05T17:00:00Z".parse().unwrap());
        jobs::sweep(&site.app).await;
        assert!(shown(&site).await.is_empty(), "it is over");
        let key = site.desk_browser(&admin).await.get(page).await.field("form-key").unwrap();
        let late = site.desk_browser(&admin).await.post(page, &[("form-key", &key), ("words", "x")]).await;
        assert_eq!((late.status, late.words("#ends-error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    }

    async fn each_thing_to_do_has_one_who_does_it(site: Site) {
        let sandra = admin(&site).await;
        let other = site.staff("Owen Pritchard", &[wellbeing_courses::accounts::roles::Role::CourseAdmin]).await;
        let run = world::run(&site, RunSpec::default()).await;
        world::change(&site, "UPDATE run SET tutor_id = NULL WHERE id = $1", run.id).await;
        let today = "/desk/today";
        let tasks = async |who: &crate::support::people::Somebody| who.browser.get(today).await.words(".wb-tasks li");
        assert_eq!(tasks(&sandra).await, ["1 run without a tutorI do this: 1 run without a tutor"]);
        let take = [("task", "no-tutor"), ("do", "take")];
        assert_eq!(sandra.browser.post(today, &take).await.status, StatusCode::SEE_OTHER);
        assert_eq!(tasks(&sandra).await, ["1 run without a tutorYou do this.Not me after all: 1 run without a tutor"]);
        // Whoever is second does not take it away.
        other.browser.post(today, &take).await;
        other.browser.post(today, &[("task", "no-tutor"), ("do", "leave")]).await;
        assert_eq!(tasks(&other).await, ["1 run without a tutorSandra Okoro does this."]);
        sandra.browser.post(today, &[("task", "no-tutor"), ("do", "leave")]).await;
        assert_eq!(tasks(&other).await, ["1 run without a tutorI do this: 1 run without a tutor"]);
        for wrong in [[("task", "<b>"), ("do", "take")], [("task", ""), ("do", "take")], [("task", "no-tutor"), ("do", "x")]] {
            assert_eq!(sandra.browser.post(today, &wrong).await.status, StatusCode::BAD_REQUEST);
        }
        // The next day nobody has said anything.
        sandra.browser.post(today, &take).await;
        site.clock.forward(TimeDelta::days(1));
        let next = site.desk_browser(&other).await.get(today).await.words(".wb-tasks li");
        assert_eq!(next, ["1 run without a tutorI do this: 1 run without a tutor"]);
    }

    async fn a_course_in_easy_words_is_on_its_page_and_nothing_gets_through(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let page = format!("/desk/courses/{}/change", run.course_id);
        let form = admin.browser.get(&page).await;
        assert_eq!(form.status, StatusCode::OK);
        let topic = form.chosen("topic").unwrap();
        let words = "- You sit.\n- You <script>move</script> **a little**.";
        let fields = [
            ("title", "Living well"), ("topic", &*topic), ("audience", "everyone"), ("summary", "Short"), ("lead", "Lead"),
            ("description", "Long"), ("who-for", "You"), ("easy-read", words),
        ];
        let saved = admin.browser.post(&page, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let public = site.browser().get(&format!("/courses/{}", run.slug)).await;
        assert!(public.body.contains("Read this in easy words"));
        assert_eq!(public.words(".wb-easy li").len(), 2);
        assert!(!public.body.contains("<script>move"));
        let back = admin.browser.get(&page).await;
        assert_eq!(back.words("textarea[name=easy-read]").len(), 1);
    }

    async fn lists_are_sorted_as_the_address_says_and_are_files(site: Site) {
        let admin = admin(&site).await;
        for (title, days, capacity) in [("Beta", 10, 3), ("alpha", 20, 9)] {
            let spec = RunSpec { title: title.into(), starts_in: TimeDelta::days(days), capacity, ..RunSpec::default() };
            world::run(&site, spec).await;
        }
        let titles = async |path: &str| admin.browser.get(path).await.words("tbody th");
        for (path, want) in [
            ("/desk/runs", ["Beta", "alpha"]),
            ("/desk/runs?sort=nonsense", ["Beta", "alpha"]),
            ("/desk/runs?sort=course", ["alpha", "Beta"]),
            ("/desk/runs?sort=tutor", ["Beta", "alpha"]),
            ("/desk/runs?sort=free", ["alpha", "Beta"]),
            ("/desk/courses", ["alpha", "Beta"]),
            ("/desk/courses?sort=next", ["Beta", "alpha"]),
            ("/desk/courses?sort=topic", ["alpha", "Beta"]),
            ("/desk/courses?sort=runs", ["alpha", "Beta"]),
        ] {
            assert_eq!(titles(path).await, want, "{path}");
        }
        // The order stays while somebody looks at another group, and the file has it, too.
        let sorted = admin.browser.get("/desk/runs?sort=course").await;
        assert!(sorted.body.contains("group=draft&amp;sort=course"), "{:?}", sorted.words(".wb-groups a"));
        let file = admin.browser.get("/desk/courses/list.csv?sort=next").await;
        let lines: Vec<&str> = file.body.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(lines, ["\u{feff}Course", "Beta", "alpha"]);
        let book = admin.browser.get("/desk/courses/list.xlsx").await;
        assert!(book.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx\""));
    }
}

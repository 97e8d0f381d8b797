//! Finding a course: every public page of the catalogue, on both databases.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, COOKIE, IF_NONE_MATCH};
use wellbeing_courses::catalogue::rules::run_code;

use crate::bookings::world;
use crate::support::Site;
use crate::support::courses::{RunSeed, course, run};

/// Six courses: three topics, four places, a full one, one for volunteers, one closed, one cancelled, one begun.
async fn six(site: &Site) {
    site.add_course(course(
        "Better sleep",
        "Sleep",
        vec![
            run("2027-01-12T10:30:00Z"),
            RunSeed {
                town: None,
                ..run("2027-02-06T19:00:00Z")
            },
            RunSeed {
                town: Some("Keynsham"),
                taken: 12,
                ..run("2027-03-03T14:00:00Z")
            },
        ],
    ))
    .await;
    site.add_course(course(
        "Coping with worry",
        "Worry",
        vec![RunSeed {
            taken: 12,
            ..run("2027-01-14T10:00:00Z")
        }],
    ))
    .await;
    site.add_course(course(
        "Gentle walking",
        "Moving",
        vec![RunSeed {
            taken: 10,
            sessions: 1,
            ..run("2027-01-16T11:00:00Z")
        }],
    ))
    .await;
    let mut walk_leaders = course(
        "Training for walk leaders",
        "Moving",
        vec![RunSeed {
            volunteers_only: true,
            town: Some("Radstock"),
            ..run("2027-01-19T10:00:00Z")
        }],
    );
    walk_leaders.audience = "volunteers";
    site.add_course(walk_leaders).await;
    site.add_course(course(
        "Slow breathing",
        "Worry",
        vec![
            RunSeed {
                status: "closed",
                ..run("2027-01-20T18:00:00Z")
            },
            RunSeed {
                status: "cancelled",
                ..run("2027-01-21T18:00:00Z")
            },
            run("2026-12-20T18:00:00Z"),
        ],
    ))
    .await;
    let mut draft = course("Not ready", "Sleep", vec![run("2027-01-13T10:00:00Z")]);
    draft.status = "draft";
    site.add_course(draft).await;
}

async fn titles(site: &Site, path: &str) -> Vec<String> {
    let answer = site.browser().get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let titles = answer.words(".wb-cards h3");
    assert_eq!(
        answer.words("h2#found"),
        [format!(
            "{} course{}",
            titles.len(),
            if titles.len() == 1 { "" } else { "s" }
        )]
    );
    titles
}

on_both! {
    async fn courses_are_found_by_words_and_choices(site: Site) {
        six(&site).await;
        let (sleep, worry, walking, leaders, breath) =
            ("Better sleep", "Coping with worry", "Gentle walking", "Training for walk leaders", "Slow breathing");
        for (path, expected) in [
            ("/courses", vec![sleep, worry, walking, leaders, breath]),
            ("/courses?sort=title", vec![sleep, worry, walking, breath, leaders]),
            ("/courses?sort=places", vec![sleep, leaders, walking, worry, breath]),
            ("/courses?topic=moving&topic=sleep", vec![sleep, walking, leaders]),
            ("/courses?for=volunteers", vec![leaders]),
            ("/courses?where=radstock", vec![leaders]),
            ("/courses?where=keynsham-library&where=online", vec![sleep]),
            ("/courses?day=thu", vec![worry]),
            ("/courses?day=weekend", vec![walking, sleep]),
            ("/courses?time=evening", vec![breath, sleep]),
            ("/courses?day=tue&time=evening", vec![]),
            ("/courses?from=2027-01-16&to=2027-01-19", vec![walking, leaders]),
            ("/courses?free=yes", vec![sleep, walking]),
            ("/courses?q=volunteer+training", vec![leaders]),
            ("/courses?q=free", vec![sleep, worry, walking, leaders, breath]),
            ("/courses?from=16%2F1%2F2027&to=19+January+2027", vec![walking, leaders]),
            ("/courses?q=sleep", vec![sleep]),
            ("/courses?q=slepe", vec![sleep]),
            ("/courses?q=walk", vec![leaders, walking]),
            ("/courses?q=keynsham", vec![sleep]),
            ("/courses?q=sleep&free=yes&where=keynsham", vec![]),
        ] {
            assert_eq!(titles(&site, path).await, expected, "{path}");
        }
    }

    async fn every_list_says_whom_to_ring(site: Site) {
        six(&site).await;
        for path in ["/courses", "/courses?sort=title", "/courses?q=nothing-like-it"] {
            // The second look is put together from what is drawn already.
            for look in 0..2 {
                site.app.catalogue.keep_pages(false);
                let page = site.browser().get(path).await;
                assert!(page.body.matches("tel:01632960100").count() >= 2, "{path}, look {look}");
                assert!(!page.body.contains("\"tel:\""), "{path}, look {look}");
            }
        }
    }

    async fn a_card_says_how_many_places_are_left_now(site: Site) {
        site.app.catalogue.keep_pages(false);
        let sleep = site.add_course(course("Better sleep", "sleep", vec![run("2027-01-12T10:30:00Z")])).await[0];
        let tag = async || site.browser().get("/courses").await.words(".wb-course .wb-tag").remove(0);
        let before = tag().await;
        site.take_places(sleep, 1).await;
        let after = tag().await;
        assert_ne!(before, after);
        assert_eq!(after, tag().await);
    }

    async fn a_card_has_the_soonest_run_that_fits(site: Site) {
        six(&site).await;
        let all = site.browser().get("/courses").await;
        let first = all.words(".wb-course__body").remove(0);
        assert!(first.contains("Starts Tuesday 12 January, 10:30am to 12:30pm. 6 weeks"), "{first}");
        assert!(first.contains("Bath Library. Step-free"), "{first}");
        assert!(first.contains("9 places left and 2 more dates"), "{first}");
        assert_eq!(all.words(".wb-course .wb-tag"), [
            "9 places left", "Full", "2 places left", "For our volunteers", "Booking has closed"
        ]);
        let march = site.browser().get("/courses?where=keynsham").await;
        let first = march.words(".wb-course__body").remove(0);
        assert!(first.contains("Wednesday 3 March") && first.contains("Full") && !first.contains("more"), "{first}");
    }

    async fn each_choice_is_a_chip_that_takes_it_away(site: Site) {
        six(&site).await;
        let answer = site.browser().get("/courses?where=bath&time=morning&q=sleep").await;
        assert_eq!(answer.words(".wb-chip"), ["Stop choosing “sleep”", "Stop choosing Bath", "Stop choosing Morning"]);
        assert_eq!(answer.words(".wb-filters__summary"), ["Narrow the list (2 chosen)"]);
        let html = answer.html();
        let links: Vec<&str> = html
            .select(&scraper::Selector::parse("a.wb-chip").unwrap())
            .filter_map(|e| e.value().attr("href"))
            .collect();
        assert_eq!(links, [
            "/courses?where=bath&time=morning",
            "/courses?q=sleep&time=morning",
            "/courses?q=sleep&where=bath",
        ]);
        let checked: Vec<_> = html
            .select(&scraper::Selector::parse("input[type=checkbox][checked]").unwrap())
            .filter_map(|e| e.value().attr("value"))
            .collect();
        assert_eq!(checked, ["bath", "morning"]);
        assert_eq!(answer.field("q").as_deref(), Some("sleep"));
    }

    async fn nothing_found_helps(site: Site) {
        six(&site).await;
        let none = site.browser().get("/courses?q=zebra&day=mon").await;
        assert_eq!(none.words(".wb-empty h3"), ["No courses match yet"]);
        assert!(none.words(".wb-empty").remove(0).contains("Clear all choices"));
        assert!(!none.body.contains("Without"), "nothing is found without Monday either");
        let close = site.browser().get("/courses?q=sleep&day=tue&time=evening").await;
        assert_eq!(close.words(".wb-empty li"), ["Without “Tuesday”: 1 course", "Without “Evening”: 1 course"]);
        let date = site.browser().get("/courses?from=soon&topic=sleep").await;
        assert_eq!(date.words(".govuk-error-summary li"), ["We could not read that date. Use numbers, like 12/1/2027"]);
        assert_eq!(date.field("from").as_deref(), Some("soon"));
        assert_eq!(date.words(".wb-cards h3"), ["Better sleep"]);
        let meant = site.browser().get("/courses?q=wurry").await;
        assert!(meant.body.contains("We could not find “wurry”. Here are courses for “worry”."));
    }

    async fn a_card_or_the_calendar_leads_to_the_run_that_it_shows(site: Site) {
        let runs = site.add_course(course("Better sleep", "Sleep", vec![
            run("2027-01-12T10:30:00Z"),
            RunSeed { town: Some("Keynsham"), ..run("2027-02-23T14:00:00Z") },
        ])).await;
        let other = site.add_course(course("Coping with worry", "Worry", vec![run("2027-01-14T10:00:00Z")])).await;
        let browser = site.browser();
        let chosen = format!("/courses/better-sleep?run={}", run_code(runs[1]));
        for path in ["/courses?where=keynsham&q=sleep", "/calendar/2027-02", "/venues/keynsham-library"] {
            let page = browser.get(path).await;
            assert!(page.body.contains(&format!("href=\"{chosen}\"")), "{path}");
        }
        let page = browser.get(&chosen).await;
        let place = page.words("aside.wb-place").remove(0);
        assert!(place.contains("Starts Tuesday 23 February") && place.contains("Keynsham Library"), "{place}");
        assert!(page.body.contains(&format!("/courses/better-sleep/{}/book", run_code(runs[1]))));
        assert_eq!(page.words(".wb-run h3"), ["Tuesday 12 January"]);
        let canonical = format!("<link rel=\"canonical\" href=\"{}\">", site.url("/courses/better-sleep"));
        assert!(page.body.contains(&canonical));
        for tag in [
            format!("<meta property=\"og:url\" content=\"{}\">", site.url("/courses/better-sleep")),
            "<meta property=\"og:title\" content=\"Better sleep\">".to_owned(),
        ] {
            assert!(page.body.contains(&tag), "{tag}");
        }
        // Another course's run, or none at all, is the page without one: the same bytes, kept once.
        let plain = browser.get("/courses/better-sleep").await;
        assert!(plain.words("aside.wb-place").remove(0).contains("12 January"));
        assert_ne!(plain.headers["etag"], page.headers["etag"]);
        for run in [run_code(other[0]), "00000000".to_owned(), "%22%3E".to_owned()] {
            let answer = browser.get(&format!("/courses/better-sleep?run={run}")).await;
            assert_eq!(answer.headers["etag"], plain.headers["etag"], "{run}");
        }
    }

    async fn a_full_date_on_a_card_says_how_many_others_have_places(site: Site) {
        site.add_course(course("Better sleep", "Sleep", vec![
            RunSeed { taken: 12, ..run("2027-01-12T10:30:00Z") },
            run("2027-02-23T14:00:00Z"),
            RunSeed { taken: 12, ..run("2027-03-02T14:00:00Z") },
            run("2027-03-09T14:00:00Z"),
        ])).await;
        let card = site.browser().get("/courses").await.words(".wb-course__body").remove(0);
        assert!(card.contains("Full 3 more dates, 2 with places"), "{card}");
    }

    async fn places_for_volunteers_are_free_for_volunteers(site: Site) {
        // A course for volunteers whose run does not say so, and a course for everyone with a run that does.
        let mut training = course("Training for walk leaders", "Moving", vec![run("2027-01-19T10:00:00Z")]);
        training.audience = "volunteers";
        site.add_course(training).await;
        site.add_course(course("Better sleep", "Sleep", vec![
            RunSeed { volunteers_only: true, ..run("2027-01-12T10:30:00Z") },
            run("2027-02-23T14:00:00Z"),
        ])).await;
        let browser = site.browser();
        assert_eq!(titles(&site, "/courses?free=yes").await, ["Better sleep"]);
        let place = browser.get("/courses/better-sleep").await.words("aside.wb-place").remove(0);
        assert!(place.contains("23 February") && place.contains("Book a place"), "{place}");
        let place = browser.get("/courses/training-for-walk-leaders").await.words("aside.wb-place").remove(0);
        assert!(place.contains("This is training for our volunteers."), "{place}");
    }

    async fn a_slash_too_many_leads_to_the_page(site: Site) {
        let browser = site.browser();
        for (path, to) in [
            ("/courses/", "/courses"),
            ("/courses/?q=sleep", "/courses?q=sleep"),
            ("/help//", "/help"),
        ] {
            let answer = browser.get(path).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, to.to_owned()), "{path}");
        }
        for path in ["//evil.example/", "/%5Cevil.example/", "//"] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn twenty_courses_a_page(site: Site) {
        for n in 1..=45 {
            site.add_course(course(&format!("Course {n:02}"), "Sleep", vec![run("2027-01-12T10:00:00Z")])).await;
        }
        let browser = site.browser();
        let first = browser.get("/courses").await;
        assert_eq!(first.words("h2#found"), ["45 courses"]);
        assert_eq!(first.words(".wb-cards h3").len(), 20);
        let last = browser.get("/courses?topic=sleep&page=3").await;
        assert_eq!(last.words(".wb-cards h3"), ["Course 41", "Course 42", "Course 43", "Course 44", "Course 45"]);
        assert_eq!(last.title(), "Find a course, page 3 of 3 - Wellbeing Courses");
        assert!(last.body.contains("/courses?topic=sleep&amp;page=2"));
        let far = browser.get("/courses?page=99").await;
        assert_eq!(far.words(".wb-cards h3").len(), 5);
        assert!(far.body.contains(&format!("<link rel=\"canonical\" href=\"{}\">", site.url("/courses?page=3"))));
    }

    async fn a_course_page_says_everything(site: Site) {
        six(&site).await;
        let page = site.browser().get("/courses/better-sleep").await;
        assert_eq!(page.title(), "Better sleep - Wellbeing Courses");
        assert_eq!(page.words("main h2"), [
            "Your place", "What it is like", "Who it is for", "Your first visit", "Dates and times", "Where", "Your tutor", "Other dates"
        ]);
        let place = page.words("aside.wb-place").remove(0);
        for words in ["Starts Tuesday 12 January", "10:30am to 12:30pm", "Once a week for 6 weeks", "Bath Library, BA1 5AL", "Free", "9 of 12 places left", "Book a place"] {
            assert!(place.contains(words), "{words} in {place}");
        }
        assert_eq!(page.words(".wb-sessions li").len(), 6);
        assert!(page.body.contains("https://www.openstreetmap.org/?mlat=51.38"));
        assert!(page.body.contains("Not if it hurts."));
        assert!(page.body.contains("Accessible toilet"));
        // The first name is public; the full name and the link are for people who have booked.
        assert!(page.body.contains("Priya") && !page.body.contains("Nair") && !page.body.contains("secret-room"));
        assert_eq!(page.words(".wb-run h3"), ["Saturday 6 February", "Wednesday 3 March"]);
        assert_eq!(page.words(".wb-run .wb-tag"), ["9 places left", "Full"]);
        let html = page.html();
        let books: Vec<&str> = html
            .select(&scraper::Selector::parse("a[href$='/book']").unwrap())
            .filter_map(|e| e.value().attr("href"))
            .collect();
        assert_eq!(books.len(), 3, "{books:?}");
    }

    async fn a_date_says_where_and_with_whom_its_own_session_is_and_is_found_there(site: Site) {
        let one = RunSeed { sessions: 1, ..run("2027-02-06T19:00:00Z") };
        let runs = site.add_course(course("Better sleep", "Sleep", vec![run("2027-01-12T10:30:00Z"), one])).await;
        world::change(&site, "UPDATE run SET place_note = 'Ring the bell' WHERE id = $1", runs[1]).await;
        let tutor = site.app.id().unwrap();
        let sam = "INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, 'sam', 'Sam Field', 'Sam', 'Kind')";
        world::change(&site, sam, tutor).await;
        let stands_in = "INSERT INTO session_tutor (session_id, tutor_id, created_at, instead) \
                         SELECT session.id, tutor.id, run.created_at, TRUE FROM run JOIN session ON session.run_id = run.id \
                         JOIN tutor ON tutor.slug = 'sam' WHERE run.id = $1";
        world::change(&site, stands_in, runs[1]).await;
        // The venue is a new one, and what changes the version of the catalogue comes last.
        let walk = RunSeed { town: Some("Keynsham"), status: "draft", ..run("2027-01-16T11:00:00Z") };
        let moved = "UPDATE session SET elsewhere = TRUE, venue_id = (SELECT id FROM venue WHERE slug = 'keynsham-library') \
                     WHERE run_id = $1 AND position = 1";
        let card = async || {
            site.app.catalogue.places_changed();
            site.browser().get("/courses/better-sleep").await.words(".wb-run").remove(0)
        };
        let before = card().await;
        assert!(before.contains("Bath Library") && before.contains("Ring the bell"), "{before}");
        assert!(titles(&site, "/courses?where=keynsham").await.is_empty());
        site.add_course(course("Gentle walking", "Moving", vec![walk])).await;
        world::change(&site, moved, runs[1]).await;
        let touch = "UPDATE catalogue_version SET version = version + 1 WHERE EXISTS (SELECT 1 FROM run WHERE run.id = $1)";
        world::change(&site, touch, runs[1]).await;
        let after = card().await;
        assert!(after.contains("Keynsham Library") && after.contains("With Sam"), "{after}");
        assert!(!after.contains("Bath Library") && !after.contains("Ring the bell") && !after.contains("Priya"), "{after}");
        // It is found by where it usually is, and by where it is this time.
        for path in ["/courses?where=keynsham", "/courses?where=keynsham-library", "/courses?where=bath"] {
            assert_eq!(titles(&site, path).await, ["Better sleep"], "{path}");
        }
        assert!(site.browser().get("/courses").await.body.contains("value=\"keynsham\""));
    }

    async fn a_course_page_says_how_each_run_stands(site: Site) {
        six(&site).await;
        let browser = site.browser();
        let full = browser.get("/courses/coping-with-worry").await;
        assert!(full.words("aside.wb-place").remove(0).contains("This date is full."));
        assert!(!full.body.contains("/book\""));
        let one = browser.get("/courses/gentle-walking").await;
        assert!(one.words("aside.wb-place").remove(0).contains("One session"));
        let closed = browser.get("/courses/slow-breathing").await;
        assert!(closed.words("aside.wb-place").remove(0).contains("Booking has closed"));
        assert_eq!(closed.words(".wb-run .wb-tag"), ["Already started", "Cancelled"]);
        let training = "/courses/training-for-walk-leaders";
        let place = browser.get(training).await.words("aside.wb-place").remove(0);
        assert!(place.contains("This is training for our volunteers.") && place.contains("Sign in to book."), "{place}");
        let mary = site.member("Mary").await.browser.get(training).await;
        assert!(!mary.body.contains("/book\"") && mary.body.contains("My bookings"));
        assert_eq!(mary.headers["cache-control"], "no-store");
        for path in ["/courses/not-ready", "/courses/nothing", "/courses/better-sleep.ics", "/venues/nothing"] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn what_the_team_writes_cannot_become_a_script(site: Site) {
        let title = "</script><script>alert('x')</script> & \"tea\"";
        let mut evil = course(title, "</title><b>Topic", vec![run("2027-01-12T10:00:00Z")]);
        "<img src=x onerror=alert(1)>".clone_into(&mut evil.summary);
        site.add_course(evil).await;
        let slug = wellbeing_courses::catalogue::rules::slug(title);
        for path in ["/", "/courses", "/calendar", "/sitemap.xml", &format!("/courses/{slug}"), "/courses?q=%3Cscript%3Ealert(1)%3C/script%3E"] {
            let page = site.browser().get(path).await;
            assert_eq!(page.status, StatusCode::OK);
            for bad in ["<script>alert", "</script><script", "<img src=x", "</title><b>"] {
                assert!(!page.body.contains(bad), "{bad} in {path}");
            }
        }
        let page = site.browser().get(&format!("/courses/{slug}")).await;
        assert_eq!(page.words("h1"), [title]);
        let facts: serde_json::Value = serde_json::from_str(&page.words("script[type='application/ld+json']").remove(0)).unwrap();
        assert_eq!(facts["name"], title);
        assert_eq!(facts["hasCourseInstance"][0]["startDate"], "2027-01-12T10:00:00+00:00");
        assert_eq!(facts["hasCourseInstance"][0]["location"]["address"]["postalCode"], "BA1 5AL");
    }

    async fn a_kept_page_has_every_header_that_a_page_has(site: Site) {
        site.add_course(course("Better sleep", "Sleep", vec![run("2027-01-12T10:30:00Z")])).await;
        let browser = site.browser();
        for path in ["/", "/courses", "/courses?free=yes", "/courses/better-sleep"] {
            for status in [StatusCode::OK, StatusCode::NOT_MODIFIED] {
                let mut answers = Vec::new();
                // A cookie goes the long way round.
                for cookie in ["", "a=b", ""] {
                    let mut request = browser.client.get(site.url(path)).header(ACCEPT_ENCODING, "br");
                    if !cookie.is_empty() {
                        request = request.header(COOKIE, cookie);
                    }
                    if status == StatusCode::NOT_MODIFIED {
                        request = request.header(IF_NONE_MATCH, "*");
                    }
                    let answer = request.send().await.unwrap();
                    assert_eq!(answer.status(), status);
                    let mut headers = answer.headers().clone();
                    headers.remove("date");
                    answers.push((headers, answer.bytes().await.unwrap()));
                }
                assert!(answers[0].0.contains_key("content-security-policy"), "{path}");
                assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:#?}");
            }
        }
    }

    async fn a_kept_page_is_sent_once_and_follows_a_booking_within_a_second(site: Site) {
        let runs = site.add_course(course("Better sleep", "Sleep", vec![run("2027-01-12T10:30:00Z")])).await;
        let browser = site.browser();
        let first = browser.get("/courses/better-sleep").await;
        assert_eq!(first.headers["cache-control"], "public, no-cache");
        let tag = first.headers["etag"].clone();
        let again = browser.client.get(site.url("/courses/better-sleep")).header(IF_NONE_MATCH, &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.text().await.unwrap(), "");
        let packed = browser
            .client
            .get(site.url("/courses/better-sleep"))
            .header(ACCEPT_ENCODING, "br")
            .send()
            .await
            .unwrap();
        assert_eq!(packed.headers()["content-encoding"], "br");
        assert!(packed.bytes().await.unwrap().len() * 3 < first.body.len());

        // Somebody books, in another process: nobody tells this one.
        site.take_places(runs[0], 11).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let after = browser.get("/courses/better-sleep").await;
        assert!(after.body.contains("1 of 12 places left"));
        assert_ne!(after.headers["etag"], tag);

        // In this process the next page knows at once; and so does somebody who is signed in.
        site.take_places(runs[0], 10).await;
        let mary = site.member("Mary").await;
        assert!(mary.browser.get("/courses/better-sleep").await.body.contains("2 of 12 places left"));
        site.take_places(runs[0], 9).await;
        site.app.catalogue.places_changed();
        assert!(browser.get("/courses/better-sleep").await.body.contains("3 of 12 places left"));
    }

    async fn time_goes_by(site: Site) {
        site.add_course(course("Better sleep", "Sleep", vec![run("2027-01-12T10:30:00Z")])).await;
        let browser = site.browser();
        assert!(browser.get("/courses").await.body.contains("9 places left"));
        site.clock.set("2027-01-12T10:30:00Z".parse().unwrap());
        let page = browser.get("/courses/better-sleep").await;
        assert!(page.words("aside.wb-place").remove(0).contains("Already started"));
        assert_eq!(browser.get("/courses").await.words("h2#found"), ["0 courses"]);
        assert_eq!(browser.get("/courses?q=sleep").await.words("h2#found"), ["1 course"]);
        site.clock.set("2027-06-12T10:30:00Z".parse().unwrap());
        site.app.catalogue.places_changed();
        assert_eq!(browser.get("/courses/better-sleep").await.words("aside h2"), ["No dates yet"]);
    }

    async fn the_calendar_goes_month_by_month(site: Site) {
        six(&site).await;
        let browser = site.browser();
        let january = browser.get("/calendar").await;
        assert_eq!(january.words("h1"), ["January 2027"]);
        assert_eq!(january.words(".wb-cal__day h2"), [
            "Tuesday 12 January", "Thursday 14 January", "Saturday 16 January", "Tuesday 19 January", "Wednesday 20 January"
        ]);
        assert_eq!(january.words(".wb-cal__day li").remove(0), "10:30am Better sleep. Bath. 9 places left");
        assert_eq!(january.words(".wb-month-links a"), ["February 2027"]);
        assert_eq!(january.body.matches("wb-cal__day--empty").count(), 4 + 31 - 5);
        assert_eq!(january.words(".wb-cal > div").len(), 7 + 35);
        let february = browser.get("/calendar/2027-02").await;
        assert_eq!(february.words(".wb-month-links a"), ["January 2027", "March 2027"]);
        assert_eq!(browser.get("/calendar/2027-05").await.words(".wb-empty h2"), ["Nothing starts in May 2027"]);
        let far = browser.get("/calendar/2028-02").await.words(".wb-empty p");
        assert!(far[0].starts_with("Look at all courses"), "{far:?}");
        let before = browser.get("/calendar/2026-12").await.words(".wb-empty p");
        assert!(before[0].starts_with("Look at January 2027"), "{before:?}");
        assert_eq!(browser.get("/calendar/2026-11").await.words(".wb-empty h2"), ["November 2026 is over"]);
        assert_eq!(browser.get("/calendar/2027-13").await.status, StatusCode::NOT_FOUND);
    }

    async fn home_says_what_starts_soon(site: Site) {
        let browser = site.browser();
        let empty = browser.get("/").await;
        assert_eq!(empty.status, StatusCode::OK);
        assert_eq!(empty.words("main h2").remove(0), "Starting soon");
        six(&site).await;
        let soon = browser.get("/").await;
        assert_eq!(soon.words("main h2").remove(0), "Starting soon");
        assert_eq!(soon.words(".wb-week__title").len(), 4);
        assert_eq!(soon.words(".wb-topics li"), ["Sleep1 course", "Worry2 courses", "Moving2 courses"]);
        site.clock.set("2027-01-11T09:00:00Z".parse().unwrap());
        let week = browser.get("/").await;
        assert_eq!(week.words("main h2").remove(0), "In the next 7 days");
        assert_eq!(week.words(".wb-week__title"), ["Better sleep", "Coping with worry", "Gentle walking"]);
    }

    async fn feeds_for_machines(site: Site) {
        six(&site).await;
        let browser = site.browser();
        let feed = browser.get("/calendar.ics").await;
        assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
        assert!(feed.body.starts_with("BEGIN:VCALENDAR\r\n") && feed.body.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(feed.body.matches("BEGIN:VTIMEZONE").count(), 1);
        // Better sleep 18, worry 6, walking 1, leaders 6, breathing 6 + 6 cancelled + 3 of those under way.
        assert_eq!(feed.body.matches("BEGIN:VEVENT").count(), 46);
        assert_eq!(feed.body.matches("STATUS:CANCELLED").count(), 6);
        assert!(feed.body.contains("DTSTART;TZID=Europe/London:20270112T103000\r\n"), "{}", &feed.body[..1500]);
        assert!(feed.body.lines().all(|line| line.len() <= 75), "a line is too long");
        assert!(!feed.body.contains("Not ready") && !feed.body.contains("secret-room"));
        let again = browser.get("/calendar.ics").await;
        assert_eq!(again.headers["etag"], feed.headers["etag"]);
        let map = browser.get("/sitemap.xml").await;
        assert!(map.body.contains("/courses/better-sleep</loc>") && !map.body.contains("not-ready"));
        for path in ["/venues/bath-library", "/contact", "/calendar/2027-03"] {
            assert!(map.body.contains(&format!("{path}</loc>")), "{path}");
        }
        assert!(!map.body.contains("/calendar</loc>"));
        let robots = browser.get("/robots.txt").await;
        for path in ["/account", "/guardian", "/change-email", "/forgotten-password", "/newsletter/confirm"] {
            assert!(robots.body.contains(&format!("Disallow: {path}\n")), "{path}");
        }
        assert!(robots.body.contains(&format!("Sitemap: {}", site.url("/sitemap.xml"))));
        let venue = browser.get("/venues/bath-library").await;
        assert_eq!(venue.words("h1"), ["Bath Library"]);
        assert_eq!(venue.words(".wb-cards h3"), ["Better sleep", "Coping with worry", "Gentle walking", "Slow breathing"]);
        assert!(browser.get("/venues").await.body.contains("/venues/radstock-library"));
    }

    async fn the_code_in_an_address_is_the_runs_own(site: Site) {
        let runs = site.add_course(course("Better sleep", "Sleep", vec![run("2027-01-12T10:30:00Z")])).await;
        let page = site.browser().get("/courses/better-sleep").await;
        assert!(page.body.contains(&format!("/courses/better-sleep/{}/book", run_code(runs[0]))));
    }
}

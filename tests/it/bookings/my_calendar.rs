//! "My calendar": the address at which somebody's own calendar follows their dates, and nobody else's.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, CalendarComponent, Component as _, EventLike as _, EventStatus};
use reqwest::StatusCode;
use wellbeing_courses::bookings::changes::{Change, call_off, change};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::newsletters;
use wellbeing_courses::read;
use wellbeing_courses::ui::dates;

use super::pages::{book_path, fields};
use super::world::{self, Made, RunSpec};
use crate::support::people::{Somebody, Sort};
use crate::support::{Browser, Site};

const PAGE: &str = "/account/calendar";

fn spec() -> RunSpec {
    RunSpec {
        sessions: 3,
        ..RunSpec::default()
    }
}

/// Books a place over HTTP; gives the page of the booking.
async fn books(who: &Somebody, run: &Made, key: &str) -> String {
    let sent = who.browser.post(&book_path(run), &fields(key)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.location().trim_end_matches("/booked").to_owned()
}

/// The path of the address that the page shows, if it shows one.
async fn address(browser: &Browser) -> Option<String> {
    let page = browser.get(PAGE).await;
    let input = page.html();
    let input = input
        .select(&scraper::Selector::parse("input#address").unwrap())
        .next()?;
    let address = input.value().attr("value").unwrap().to_owned();
    let path = address
        .strip_prefix(&browser.base)
        .expect("an address of ours")
        .to_owned();
    assert!(
        page.body
            .contains(&format!("webcal:{}", address.split_once(':').unwrap().1)),
        "{}",
        page.body
    );
    Some(path)
}

async fn made(who: &Somebody) -> String {
    let page = who.browser.post_and_follow(PAGE, &[("do", "make")]).await;
    assert!(
        page.body.contains("Your calendar address is ready."),
        "{}",
        page.body
    );
    address(&who.browser).await.unwrap()
}

/// An entry of a calendar.
#[derive(Debug, PartialEq)]
struct Entry {
    sequence: u32,
    status: Option<EventStatus>,
    starts_at: DateTime<Utc>,
    title: String,
    place: String,
}

/// The entries of a file by their ids, as a calendar reads them.
fn entries(text: &str) -> BTreeMap<String, Entry> {
    let calendar: Calendar = text.parse().unwrap();
    let mut all = BTreeMap::new();
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else {
            continue;
        };
        let starts = event.property_value("DTSTART").unwrap();
        let starts = chrono::NaiveDateTime::parse_from_str(starts, "%Y%m%dT%H%M%S").unwrap();
        let entry = Entry {
            sequence: event.get_sequence().unwrap_or_default(),
            status: event.get_status(),
            starts_at: dates::moment(starts),
            title: event.get_summary().unwrap().to_owned(),
            place: event.get_location().unwrap().to_owned(),
        };
        let new = all
            .insert(event.get_uid().unwrap().to_owned(), entry)
            .is_none();
        assert!(new, "an id is there once");
    }
    all
}

/// What a calendar that is signed in to nothing reads.
async fn read_at(site: &Site, path: &str) -> BTreeMap<String, Entry> {
    let answer = site.browser().get(path).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.headers["content-type"],
        "text/calendar; charset=utf-8"
    );
    assert_eq!(answer.headers["cache-control"], "private, no-store");
    assert!(
        answer
            .body
            .contains("REFRESH-INTERVAL;VALUE=DURATION:PT12H"),
        "{}",
        answer.body
    );
    assert!(
        !answer.body.to_lowercase().contains("pain"),
        "the course is never named: {}",
        answer.body
    );
    entries(&answer.body)
}

async fn opens_nothing(site: &Site, path: &str) {
    let answer = site.browser().get(path).await;
    let nothing = site.browser().get("/there-is-no-such-page").await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::NOT_FOUND, nothing.body),
        "{path}"
    );
}

with_mail! {
    async fn whoever_joins_late_sees_what_is_still_to_come(site: Site) {
        let run = world::run(&site, spec()).await;
        wellbeing_courses::bookings::set_late_joining(&site.app, run.id, 2, None).await.unwrap();
        site.clock.set(run.starts_at + TimeDelta::days(1));
        let mary = site.member("Mary").await;
        let booking = books(&mary, &run, "a-form-key-of-mary").await;
        for path in [made(&mary).await, format!("{booking}/calendar.ics")] {
            let file = mary.browser.get(&path).await.body;
            assert_eq!(file.matches("BEGIN:VEVENT").count(), 2, "{file}");
            assert!(!file.contains("session 1 of 3"), "{file}");
        }
    }

    async fn a_calendar_reads_every_session_at_the_address_and_the_same_entries_as_in_the_email(site: Site) {
        let run = world::run(&site, spec()).await;
        let other = RunSpec { title: "Better sleep".into(), starts_in: TimeDelta::days(9), sessions: 1, ..spec() };
        let other = world::run(&site, other).await;
        let mary = site.member("Mary Ashdown").await;
        let before = mary.browser.get(PAGE).await;
        assert_eq!(before.words("h1"), ["My calendar"]);
        assert!(before.body.contains("Anybody who has the address can see these dates and places"));
        assert_eq!(address(&mary.browser).await, None);
        let path = made(&mary).await;
        assert!(path.starts_with("/my-calendar/") && path.strip_suffix(".ics").is_some(), "{path}");
        assert_eq!(read_at(&site, &path).await.len(), 0, "nothing is booked yet");
        books(&mary, &run, "a-form-key-of-ours").await;
        books(&mary, &other, "another-form-key-of-ours").await;
        let all = read_at(&site, &path).await;
        assert_eq!(all.len(), 4);
        assert!(all.values().all(|entry| entry.status == Some(EventStatus::Confirmed) && entry.sequence == 0), "{all:?}");
        assert!(all.values().all(|entry| entry.place == "Bath Central Library, 19 The Podium, Bath, BA1 5AN"));
        let titles: Vec<_> = all.values().filter(|entry| entry.starts_at == run.starts_at).map(|entry| &entry.title).collect();
        assert_eq!(titles, [&format!("{}, session 1 of 3", site.app.config.site_name)]);
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(told.len(), 2);
        for mail in told {
            for (id, entry) in entries(&mail.ics.unwrap().text) {
                assert_eq!(all[&id], entry, "one entry, whichever way it came");
            }
        }
        assert_eq!(address(&mary.browser).await, Some(path.clone()), "it can be shown again");
        mary.browser.post(PAGE, &[("do", "make")]).await;
        assert_eq!(address(&mary.browser).await, Some(path), "made once");
        assert_eq!(mary.browser.post(PAGE, &[("do", "else")]).await.status, StatusCode::BAD_REQUEST);
        let mine = mary.browser.get("/account/bookings").await;
        assert!(mine.body.contains(PAGE), "My bookings leads to it");
    }

    async fn another_address_or_none_stops_the_old_one_at_once(site: Site) {
        let mary = site.member("Mary").await;
        let first = made(&mary).await;
        let page = mary.browser.post_and_follow(PAGE, &[("do", "new")]).await;
        assert!(page.body.contains("The old one has stopped working."), "{}", page.body);
        let second = address(&mary.browser).await.unwrap();
        assert_ne!(first, second);
        opens_nothing(&site, &first).await;
        read_at(&site, &second).await;
        mary.browser.post_and_follow(PAGE, &[("do", "off")]).await;
        assert_eq!(address(&mary.browser).await, None);
        opens_nothing(&site, &second).await;
        // There is nothing to make new any more.
        mary.browser.post(PAGE, &[("do", "new")]).await;
        assert_eq!(address(&mary.browser).await, None);
        let third = made(&mary).await;
        assert!(third != first && third != second);
        read_at(&site, &third).await;
    }

    async fn nobody_reads_anybody_elses_dates(site: Site) {
        let run = world::run(&site, spec()).await;
        let (mary, eve) = (site.member("Mary").await, site.member("Eve").await);
        let own = books(&mary, &run, "a-form-key-of-ours").await;
        let reference = own.rsplit('/').next().unwrap().to_owned();
        let (marys, eves) = (made(&mary).await, made(&eve).await);
        assert_ne!(marys, eves);
        assert_eq!(read_at(&site, &marys).await.len(), 3);
        assert_eq!(read_at(&site, &eves).await.len(), 0);
        for path in [&eves, PAGE] {
            assert!(!eve.browser.get(path).await.body.contains(&reference), "{path}");
        }
        assert_eq!(eve.browser.get(&marys).await.body, site.browser().get(&marys).await.body, "who asks makes no difference");
        // One's own signature opens no other row, and what was signed for something else opens nothing.
        let ids: Vec<uuid::Uuid> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT id FROM calendar_feed ORDER BY created_at, id").fetch_all(&mut *c).await?)
        })
        .unwrap();
        let token = |path: &str| path.trim_start_matches("/my-calendar/").trim_end_matches(".ics").to_owned();
        let (marys, eves) = (token(&marys), token(&eves));
        assert_eq!((marys.len(), ids.len()), (64, 2));
        // 16 bytes of id are 21 letters and a bit: the 22nd holds both, so it is left as in the first.
        let crossed = [format!("{}{}", &marys[..22], &eves[22..]), format!("{}{}", &eves[..22], &marys[22..])];
        let elsewhere = newsletters::unsubscribe_url(&site.app, ids[0]).rsplit('/').next().unwrap().to_owned();
        let flipped = |at: usize| {
            let with = if &marys[at..=at] == "A" { "B" } else { "A" };
            format!("{}{with}{}", &marys[..at], &marys[at + 1..])
        };
        let mut wrong = vec![elsewhere, marys[..63].to_owned(), marys[..22].to_owned(), format!("{marys}A"), String::from("x")];
        wrong.extend(crossed);
        wrong.extend([0, 5, 21, 22, 40, 63].map(flipped));
        for token in wrong {
            opens_nothing(&site, &format!("/my-calendar/{token}.ics")).await;
        }
        opens_nothing(&site, &format!("/my-calendar/{marys}")).await;
        opens_nothing(&site, &format!("/my-calendar/{marys}.ICS")).await;
    }

    async fn a_calendar_follows_what_is_moved_dropped_given_up_and_called_off(site: Site) {
        let (run, other) = (world::run(&site, spec()).await, world::run(&site, RunSpec { starts_in: TimeDelta::days(9), ..spec() }).await);
        let mary = site.member("Mary").await;
        let path = made(&mary).await;
        let own = books(&mary, &run, "a-form-key-of-ours").await;
        books(&mary, &other, "another-form-key-of-ours").await;
        let before = read_at(&site, &path).await;
        assert_eq!(before.len(), 6);
        let ids: Vec<uuid::Uuid> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT id FROM session WHERE run_id = $1 ORDER BY position").bind(run.id).fetch_all(&mut *c).await?)
        })
        .unwrap();
        let later = run.starts_at + TimeDelta::hours(1);
        let moved = Change::Move { session: ids[0], starts_at: later, ends_at: later + TimeDelta::hours(1) };
        change(&site.app, run.id, &[moved, Change::Drop { session: ids[2] }], None).await.unwrap();
        let after = read_at(&site, &path).await;
        assert_eq!(after.len(), 5, "a session that was dropped is not there any more");
        let (id, first) = after.iter().find(|(id, _)| id.contains(&ids[0].to_string())).unwrap();
        assert_eq!((first.sequence, first.starts_at), (1, later));
        assert_eq!(before[id].starts_at, run.starts_at, "it is the same entry");
        assert!(first.title.ends_with("session 1 of 2"), "{}", first.title);
        mary.browser.post(&format!("{own}/cancel"), &[]).await;
        assert_eq!(read_at(&site, &path).await.len(), 3, "a place that was given up is not there any more");
        // The second session was held; then the run is called off.
        site.clock.set(other.starts_at + TimeDelta::days(1));
        call_off(&site.app, other.id, None).await.unwrap();
        let mut left: Vec<_> = read_at(&site, &path).await.into_values().collect();
        left.sort_by_key(|entry| entry.starts_at);
        let states: Vec<_> = left.iter().map(|entry| entry.status.unwrap()).collect();
        assert_eq!(states, [EventStatus::Confirmed, EventStatus::Cancelled, EventStatus::Cancelled]);
        assert!(left[1].sequence > 0);
    }

    async fn a_place_that_waits_for_a_guardian_is_not_sure_yet_and_goes_when_nobody_answers(site: Site) {
        let run = world::run(&site, spec()).await;
        let rowan = site.somebody("Rowan", Sort::Member, "2014-02-03").await;
        world::guardian(&site, rowan.person_id, "amina@example.org").await;
        let path = made(&rowan).await;
        books(&rowan, &run, "a-form-key-of-ours").await;
        let all = read_at(&site, &path).await;
        assert_eq!(all.len(), 3);
        assert!(all.values().all(|entry| entry.status == Some(EventStatus::Tentative)), "{all:?}");
        // Their time is over by the clock, whether or not a sweep has been.
        site.clock.set(run.starts_at);
        assert_eq!(read_at(&site, &path).await.len(), 0);
    }

    async fn what_was_long_ago_is_not_there_and_neither_is_what_others_booked_for_themselves(site: Site) {
        let run = world::run(&site, spec()).await;
        let mary = world::member(&site, world::MemberSpec::default()).await;
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        let mut request = mary.request(run.id);
        request.people = vec![tom];
        wellbeing_courses::bookings::book(&site.app, &request).await.unwrap();
        let stranger = world::member(&site, world::MemberSpec::default()).await;
        stranger.book(&site, run.id).await;
        let browser = signed_in(&site, &mary).await;
        let mary = Somebody { person_id: mary.person, account_id: mary.account, email: mary.email, browser };
        let path = made(&mary).await;
        assert_eq!(read_at(&site, &path).await.len(), 3, "whom she books for is there");
        site.clock.set(run.starts_at + TimeDelta::days(62));
        assert_eq!(read_at(&site, &path).await.len(), 2, "the first session was more than 60 days ago");
        site.clock.set(run.ends_at + TimeDelta::days(61));
        assert_eq!(read_at(&site, &path).await.len(), 0);
    }
}

/// A browser in which they have just signed in.
async fn signed_in(site: &Site, member: &world::Member) -> Browser {
    let who = Somebody {
        person_id: member.person,
        account_id: member.account,
        email: member.email.clone(),
        browser: site.browser(),
    };
    site.browser_of(&who).await
}

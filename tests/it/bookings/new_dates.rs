//! "Tell me when this runs again": one message when there is a new date, and then it is forgotten.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use wellbeing_courses::bookings::changes::{call_off, open};
use wellbeing_courses::bookings::new_dates;
use wellbeing_courses::catalogue::rules::run_code;
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::server::jobs;
use wellbeing_courses::ui::dates;

use super::world::{self, Made, Member, MemberSpec, RunSpec};
use crate::support::people::{Somebody, Sort};
use crate::support::{Browser, Site};

const TITLE: &str = "Living well with long-term pain";
const WISHES: &str = "SELECT COUNT(*) FROM date_wish";
const CALLS: &str =
    "SELECT COUNT(*) FROM phone_call WHERE about = 'new-dates' AND run_id IS NOT NULL";

fn path(run: &Made) -> String {
    format!("/courses/{}/tell-me", run.slug)
}

/// A course with one run, which is there from the beginning.
async fn course(site: &Site) -> Made {
    world::run(site, RunSpec::default()).await
}

/// One more run of it, as of now.
async fn another(site: &Site, run: &Made, spec: RunSpec) -> Made {
    let spec = RunSpec {
        starts_in: TimeDelta::days(40),
        ..spec
    };
    world::another_run(site, run.course_id, &run.slug, &spec).await
}

async fn browser(site: &Site, member: &Member) -> Browser {
    let who = Somebody {
        person_id: member.person,
        account_id: member.account,
        email: member.email.clone(),
        browser: site.browser(),
    };
    site.browser_of(&who).await
}

/// Somebody who asks to hear of new dates.
async fn asks(site: &Site, run: &Made) -> Member {
    let member = world::member(site, MemberSpec::default()).await;
    ask(site, run, &member).await;
    member
}

async fn ask(site: &Site, run: &Made, member: &Member) {
    let answer = browser(site, member)
        .await
        .post(&path(run), &[("do", "tell")])
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, path(run))
    );
}

async fn told(site: &Site) -> Vec<Mail> {
    world::told(site, MessageKind::NewDates).await
}

/// Sweeps twice, as two nodes would.
async fn swept(site: &Site) -> Vec<Mail> {
    for _ in 0..2 {
        new_dates::sweep(&site.app).await.unwrap();
    }
    told(site).await
}

/// This time of the day in Bath, so many days after the tests' day.
fn at(day: i64, hour: u32, minute: u32) -> DateTime<Utc> {
    let first = dates::day_of(crate::support::TestClock::start()) + TimeDelta::days(day);
    dates::moment(first.and_hms_opt(hour, minute, 0).unwrap())
}

with_mail! {
    async fn whoever_asked_is_told_once_of_a_new_date_and_then_forgotten(site: Site) {
        let run = course(&site).await;
        let (mary, tom) = (asks(&site, &run).await, asks(&site, &run).await);
        ask(&site, &run, &mary).await;
        assert_eq!(world::number(&site, WISHES).await, 2, "asking twice is as once");
        site.clock.forward(TimeDelta::hours(1));
        assert!(swept(&site).await.is_empty(), "they could see the date that is there");
        let new = another(&site, &run, RunSpec::default()).await;
        let (one, two) = tokio::join!(new_dates::sweep(&site.app), jobs::sweep(&site.app));
        one.unwrap();
        let () = two;
        let sent = swept(&site).await;
        let mut to: Vec<_> = sent.iter().map(|mail| mail.to.email().to_owned()).collect();
        to.sort();
        let mut both = vec![mary.email.clone(), tom.email.clone()];
        both.sort();
        assert_eq!(to, both);
        assert_eq!(world::number(&site, WISHES).await, 0, "forgotten");
        let mail = &sent[0];
        assert_eq!(mail.subject, "There is a new date");
        let today = dates::day_of(site.app.clock.now());
        let day = dates::day(dates::day_of(new.starts_at), today);
        assert!(mail.text.contains(&day), "{day} in {}", mail.text);
        for words in ["pain", &run.slug, TITLE] {
            assert!(![&mail.subject, &mail.text, &mail.html].iter().any(|part| part.contains(words)), "{words} in {}", mail.text);
        }
        // Its link leads to the course all the same.
        let start = mail.text.find("/new-dates/").expect("a link");
        let link = mail.text[start..].split_whitespace().next().unwrap();
        let led = site.browser().get(link).await;
        assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, format!("/courses/{}?run={}", run.slug, run_code(new.id))));
        // One more date is told to those alone who ask again.
        site.clock.forward(TimeDelta::hours(1));
        ask(&site, &run, &mary).await;
        assert_eq!(swept(&site).await.len(), 2, "the date that they were told of is not new");
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec::default()).await;
        let sent = swept(&site).await;
        assert_eq!((sent.len(), sent[2].to.email()), (3, mary.email.as_str()));
    }

    async fn the_course_is_named_to_whoever_allowed_it_and_never_in_the_subject(site: Site) {
        let run = course(&site).await;
        let mary = asks(&site, &run).await;
        world::change(&site, "UPDATE person SET name_course_in_messages = TRUE WHERE id = $1", mary.person).await;
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec::default()).await;
        let sent = swept(&site).await;
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.contains(TITLE) && !sent[0].subject.contains("pain"), "{}", sent[0].text);
    }

    async fn nobody_is_told_at_night(site: Site) {
        let run = course(&site).await;
        asks(&site, &run).await;
        site.clock.set(at(0, 20, 0));
        another(&site, &run, RunSpec::default()).await;
        assert!(swept(&site).await.is_empty());
        site.clock.set(at(1, 7, 59));
        assert!(swept(&site).await.is_empty());
        site.clock.set(at(1, 8, 0));
        assert_eq!(swept(&site).await.len(), 1);
    }

    async fn a_draft_is_new_when_it_is_opened_and_what_was_closed_is_not_new_again(site: Site) {
        let run = course(&site).await;
        let draft = another(&site, &run, RunSpec { status: "draft", ..RunSpec::default() }).await;
        site.clock.forward(TimeDelta::hours(1));
        asks(&site, &run).await;
        site.clock.forward(TimeDelta::hours(1));
        assert!(swept(&site).await.is_empty(), "nobody can see a draft");
        assert_eq!(site.browser().get(&format!("/new-dates/{}", draft.id.simple())).await.status, StatusCode::NOT_FOUND);
        world::change(&site, "UPDATE run SET status = 'closed' WHERE id = $1", run.id).await;
        assert!(open(&site.app, run.id, None).await.unwrap());
        assert!(swept(&site).await.is_empty(), "it was there when they asked");
        assert!(open(&site.app, draft.id, None).await.unwrap());
        assert!(!open(&site.app, draft.id, None).await.unwrap(), "it is open already");
        assert_eq!(swept(&site).await.len(), 1);
    }

    async fn training_for_volunteers_is_told_to_volunteers_alone(site: Site) {
        let run = course(&site).await;
        asks(&site, &run).await;
        let vera = world::member(&site, MemberSpec { volunteer: true, ..MemberSpec::default() }).await;
        ask(&site, &run, &vera).await;
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec { volunteers_only: true, ..RunSpec::default() }).await;
        let sent = swept(&site).await;
        assert_eq!((sent.len(), sent[0].to.email()), (1, vera.email.as_str()));
        assert_eq!(world::number(&site, WISHES).await, 1);
        let no_more = asks(&site, &run).await;
        world::change(&site, "UPDATE role_grant SET ends_at = granted_at WHERE account_id = $1", vera.account).await;
        ask(&site, &run, &vera).await;
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec { volunteers_only: true, ..RunSpec::default() }).await;
        assert_eq!(swept(&site).await.len(), 1, "she is no volunteer any more");
        another(&site, &run, RunSpec::default()).await;
        let sent = swept(&site).await;
        assert_eq!(sent.len(), 4, "this one is for everybody");
        assert!(sent.iter().any(|mail| mail.to.email() == no_more.email));
    }

    async fn what_cannot_be_booked_is_told_to_nobody(site: Site) {
        let run = course(&site).await;
        asks(&site, &run).await;
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec { status: "closed", ..RunSpec::default() }).await;
        let off = another(&site, &run, RunSpec::default()).await;
        call_off(&site.app, off.id, None).await.unwrap();
        let begun = another(&site, &run, RunSpec::default()).await;
        world::change(&site, "UPDATE run SET starts_at = created_at WHERE id = $1", begun.id).await;
        assert!(swept(&site).await.is_empty());
        let new = another(&site, &run, RunSpec::default()).await;
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", run.course_id).await;
        assert!(swept(&site).await.is_empty(), "the course is not published");
        assert_eq!(site.browser().get(&format!("/new-dates/{}", new.id)).await.status, StatusCode::NOT_FOUND);
        world::change(&site, "UPDATE course SET status = 'published' WHERE id = $1", run.course_id).await;
        assert_eq!(swept(&site).await.len(), 1);
    }

    async fn whoever_cannot_be_written_to_is_rung_once(site: Site) {
        let run = course(&site).await;
        let mary = asks(&site, &run).await;
        world::change(&site, "UPDATE person SET email = NULL WHERE id = $1", mary.person).await;
        world::change(&site, "UPDATE representation SET ends_at = created_at WHERE account_id = $1", mary.account).await;
        site.clock.forward(TimeDelta::hours(1));
        another(&site, &run, RunSpec::default()).await;
        assert!(swept(&site).await.is_empty());
        assert_eq!((world::number(&site, CALLS).await, world::number(&site, WISHES).await), (1, 0));
    }

    async fn a_visitor_signs_in_first_and_comes_back(site: Site) {
        let run = course(&site).await;
        let visitor = site.browser();
        for answer in [visitor.get(&path(&run)).await, visitor.post(&path(&run), &[("do", "tell")]).await] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            let encoded: String = answer.location().replace("%2F", "/").replace("%2D", "-");
            assert_eq!(encoded, format!("/sign-in?next={}", path(&run)));
        }
        let sign_in = visitor.get(&visitor.get(&path(&run)).await.location()).await;
        assert!(sign_in.body.contains("/sign-up?next="), "or makes an account first: {}", sign_in.body);
        let una = site.somebody("Una", Sort::Unverified, "1954-06-02").await;
        assert_eq!(una.browser.get(&path(&run)).await.location(), "/account/verify");
        assert_eq!(world::number(&site, WISHES).await, 0);
    }

    async fn what_is_not_there_is_not_found_whoever_asks(site: Site) {
        let draft = course(&site).await;
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", draft.course_id).await;
        let mary = site.member("Mary").await;
        let long = "x".repeat(5000);
        for slug in ["nothing-here", "..%2f..", "%00", "%27%20or%20%271%27%3D%271", "<script>", &long, &draft.slug] {
            for browser in [&site.browser(), &mary.browser] {
                let shown = browser.get(&format!("/courses/{slug}/tell-me")).await;
                assert_eq!(shown.status, StatusCode::NOT_FOUND, "{slug}");
            }
            let sent = mary.browser.post(&format!("/courses/{slug}/tell-me"), &[("do", "tell")]).await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND, "{slug}");
        }
        for run in ["nothing-here", "00000000000000000000000000000000", "%00", &long] {
            assert_eq!(mary.browser.get(&format!("/new-dates/{run}")).await.status, StatusCode::NOT_FOUND, "{run}");
        }
        assert_eq!(world::number(&site, WISHES).await, 0);
    }

    async fn a_member_asks_sees_it_and_stops(site: Site) {
        let run = course(&site).await;
        let (mary, eve) = (site.member("Mary").await, site.member("Eve").await);
        let page = mary.browser.get(&path(&run)).await;
        assert_eq!(page.words("h1"), ["Tell me about new dates"]);
        assert!(page.body.contains("One message when there is a new date. Then we forget that you asked."));
        assert_eq!(world::number(&site, WISHES).await, 0, "nothing happens by looking");
        assert_eq!(mary.browser.post(&path(&run), &[("do", "else")]).await.status, StatusCode::BAD_REQUEST);
        for _ in 0..2 {
            let noted = mary.browser.post_and_follow(&path(&run), &[("do", "tell")]).await;
            assert_eq!(noted.words("h1"), ["We will tell you about new dates"]);
            assert!(noted.body.contains("No longer tell me"));
        }
        let mine = mary.browser.get("/account/bookings").await;
        assert!(mine.words("h2").contains(&"Waiting for new dates".to_owned()) && mine.body.contains(TITLE));
        assert!(!eve.browser.get("/account/bookings").await.body.contains("Waiting for new dates"));
        assert_eq!(eve.browser.get(&path(&run)).await.words("h1"), ["Tell me about new dates"]);
        eve.browser.post(&path(&run), &[("do", "stop")]).await;
        assert_eq!(world::number(&site, WISHES).await, 1, "nobody stops what somebody else asked for");
        // Even if the course is taken down meanwhile.
        world::change(&site, "UPDATE course SET status = 'draft' WHERE id = $1", run.course_id).await;
        assert_eq!(mary.browser.get(&path(&run)).await.status, StatusCode::OK);
        assert_eq!(mary.browser.post(&path(&run), &[("do", "stop")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world::number(&site, WISHES).await, 0);
        assert!(!mary.browser.get("/account/bookings").await.body.contains("Waiting for new dates"));
    }

    async fn the_page_of_a_course_offers_it_loudly_where_nothing_can_be_booked(site: Site) {
        const QUIET: &str = "None of these dates suit me: tell me about new ones";
        let open = course(&site).await;
        let full = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        world::members(&site, 1).await.remove(0).book(&site, full.id).await;
        let closed = world::run(&site, RunSpec { status: "closed", ..RunSpec::default() }).await;
        let off = world::run(&site, RunSpec { status: "cancelled", ..RunSpec::default() }).await;
        let none = world::run(&site, RunSpec { status: "draft", ..RunSpec::default() }).await;
        let visitor = site.browser();
        for (run, quietly) in [(&open, true), (&full, true), (&closed, false), (&off, false), (&none, false)] {
            let page = visitor.get(&format!("/courses/{}", run.slug)).await;
            assert_eq!(page.status, StatusCode::OK);
            let link = format!("a[href={:?}]", path(run));
            assert_eq!(page.words(&format!("main {link}")).len(), 1, "once");
            assert_eq!(page.words(&format!("main {link}")).contains(&QUIET.to_owned()), quietly);
            let loud = page.words(&format!("aside {link}.govuk-button"));
            assert_eq!(!quietly, loud == ["Tell me about new dates"], "{loud:?}");
        }
    }
}

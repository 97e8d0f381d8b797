//! What is kept for somebody: the place they chose while signing up, and the form they sent too late.

use chrono::TimeDelta;
use reqwest::StatusCode;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::messages::MessageKind;

use super::pages::{book_path, fields};
use super::world::{self, Made, RunSpec};
use crate::accounts::sign_up;
use crate::captcha;
use crate::support::{Answer, Browser, Site};

/// Signs up for a run, with the captcha passed; the next page is "open our email".
async fn chosen(site: &Site, run: &Made) -> Browser {
    let browser = site.browser();
    let start = browser.post(&format!("/sign-up?run={}", run.id), &[]).await;
    assert_eq!(
        start.location(),
        "/sign-up/name",
        "straight to the first question"
    );
    sign_up::answers(&browser, "joyce@example.org", "1952").await;
    let page = browser.get("/sign-up/captcha").await;
    let started = page.field("started").unwrap();
    site.clock.forward(TimeDelta::seconds(10));
    let solved = captcha::solved(site, "sign-up");
    let form = [
        ("started", started.as_str()),
        ("web-page", ""),
        ("altcha", &solved),
    ];
    let sent = browser.post("/sign-up/captcha", &form).await;
    assert_eq!(sent.location(), "/sign-up/open-email", "{}", sent.body);
    browser
}

/// The path of the email's link.
async fn verify(site: &Site) -> String {
    let mails = world::told(site, MessageKind::VerifyAddress).await;
    let text = &mails[0].text;
    let at = text.find("/verify/").unwrap();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

fn says(page: &Answer, title: &str) {
    let titles = page.words(".wb-notice h2");
    assert!(
        titles.iter().any(|own| own == title),
        "{title} in {titles:?}"
    );
}

with_mail! {
    async fn a_kept_place_says_until_when_on_every_page_that_follows(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let browser = chosen(&site, &run).await;
        let link = verify(&site).await;
        for path in ["/sign-up/open-email", link.as_str()] {
            let page = browser.get(path).await;
            says(&page, "We are keeping your place");
            assert!(page.body.contains("9:30am on Monday 4 January"), "{path}");
        }
        let done = browser.post(&link, &[("how", "link")]).await;
        assert!(done.location().ends_with("/book"), "{}", done.location());
        let check = browser.get(&done.location()).await;
        says(&check, "We are keeping your place");
        let booked = browser.post_and_follow(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert_eq!(booked.words("h1"), ["Your place is booked"]);
        assert_eq!(world::count(&site, run.id).await.held, 0);
    }

    async fn when_its_time_is_over_every_page_says_so_and_shows_other_dates(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let later = RunSpec { starts_in: TimeDelta::days(40), capacity: 7, ..RunSpec::default() };
        let other = world::another_run(&site, run.course_id, &run.slug, &later).await;
        let browser = chosen(&site, &run).await;
        let link = verify(&site).await;
        site.clock.forward(TimeDelta::minutes(30));
        let date = format!("href=\"{}\"", book_path(&other));
        for path in ["/sign-up/open-email", link.as_str()] {
            let page = browser.get(path).await;
            says(&page, "We are no longer keeping your place");
            assert!(page.body.contains("1 place left") && page.body.contains(&date), "{path}");
        }
        // Still free: it can be booked, and the page says that it is kept no longer.
        let done = browser.post(&link, &[("how", "link")]).await;
        let check = browser.get(&done.location()).await;
        assert_eq!(check.words("h1"), ["Check your answers, then book"]);
        says(&check, "We are no longer keeping your place");
        assert!(check.body.contains(&date));
        // Then somebody else takes it.
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        for gone in [
            browser.get(&book_path(&run)).await,
            browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await,
        ] {
            assert_eq!(gone.words("h1"), ["This date is full"]);
            assert!(gone.body.contains("We kept your place until 9:30am on Monday 4 January"));
            assert!(gone.body.contains(&date));
        }
    }

    async fn a_place_that_has_gone_is_said_before_the_account_is_made(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let browser = chosen(&site, &run).await;
        site.clock.forward(TimeDelta::minutes(31));
        world::members(&site, 1).await.remove(0).book(&site, run.id).await;
        let page = browser.get("/sign-up/open-email").await;
        says(&page, "Your place has gone");
        assert!(page.body.contains("There are no other dates yet"));
    }

    async fn another_date_can_be_chosen_without_answering_again(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let later = RunSpec { starts_in: TimeDelta::days(40), ..RunSpec::default() };
        let other = world::another_run(&site, run.course_id, &run.slug, &later).await;
        let browser = chosen(&site, &run).await;
        let start = browser.get(&book_path(&other)).await.location();
        let on = browser.post(&start, &[]).await;
        assert_eq!(on.location(), "/sign-up/answers", "every answer is still there");
    }

    async fn a_booking_sent_too_late_is_finished_after_signing_in_again(site: Site) {
        const NOTE: &str = "A seat near the door, please";
        let run = world::run(&site, RunSpec::default()).await;
        let browser = chosen(&site, &run).await;
        browser.post(&verify(&site).await, &[("how", "password"), ("password", "teapot ladder moss")]).await;
        let key = browser.get(&book_path(&run)).await.field("form-key").unwrap();
        site.clock.forward(TimeDelta::minutes(61));
        let form = [("form-key", key.as_str()), ("remind", "email"), ("access-note", NOTE)];
        let late = browser.post(&book_path(&run), &form).await;
        assert_eq!(late.location(), "/sign-in?next=/sign-in/carry-on");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking").await, 0);
        let on = sign_in(&browser).await;
        assert_eq!(on.location(), "/sign-in/carry-on");
        let kept = browser.get("/sign-in/carry-on").await;
        assert_eq!(kept.field("access-note").as_deref(), Some(NOTE));
        assert_eq!(kept.field("form-key"), Some(key.clone()));
        let booked = browser.post_and_follow(&book_path(&run), &form).await;
        assert_eq!(booked.words("h1"), ["Your place is booked"]);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM vault_entry WHERE kind = 'access-note'").await, 1);

        // The same for cancelling.
        let own: String = browser.get("/account/bookings").await.body;
        let at = own.find("/account/bookings/WB-").unwrap();
        let own = own[at..at + "/account/bookings/WB-222-222".len()].to_owned();
        site.clock.forward(TimeDelta::minutes(61));
        let late = browser.post(&format!("{own}/cancel"), &[]).await;
        assert_eq!(late.location(), "/sign-in?next=/sign-in/carry-on");
        assert_eq!(world::count(&site, run.id).await.places, 1, "nobody is signed in");
        sign_in(&browser).await;
        let kept = browser.get("/sign-in/carry-on").await;
        assert!(kept.body.contains(&format!("action=\"{own}/cancel\"")));
        browser.post(&format!("{own}/cancel"), &[]).await;
        assert_eq!(world::count(&site, run.id).await.places, 0);
    }

    async fn a_strangers_booking_form_books_nothing_and_leads_to_signing_in(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let sent = site.browser().post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert!(sent.location().starts_with("/sign-in?next=%2Fcourses%2F"));
    }
}

async fn sign_in(browser: &Browser) -> Answer {
    browser
        .post(
            "/sign-in?next=/sign-in/carry-on",
            &[
                ("email", "joyce@example.org"),
                ("password", "teapot ladder moss"),
            ],
        )
        .await
}

//! The sign-up, question by question, and the link that finishes it.

use chrono::TimeDelta;
use reqwest::StatusCode;
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use super::{link, mails, people};
use crate::bookings::pages::{book_path, fields};
use crate::bookings::world::{self, RunSpec};
use crate::support::people::Sort;
use crate::support::{Answer, Browser, Site};

const EMAIL: &str = "joyce@example.org";

async fn answer(browser: &Browser, question: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("/sign-up/{question}"), fields).await
}

/// Answers every question, up to "Check your answers".
pub async fn answers(browser: &Browser, email: &str, year: &str) -> Answer {
    browser.post("/sign-up", &[]).await;
    answer(
        browser,
        "name",
        &[("full-name", "Joyce Penhallow"), ("preferred-name", "Joy")],
    )
    .await;
    let born = [
        ("date-of-birth-day", "31"),
        ("date-of-birth-month", "3"),
        ("date-of-birth-year", year),
    ];
    answer(browser, "date-of-birth", &born).await;
    answer(browser, "email", &[("email", email)]).await;
    answer(browser, "phone", &[("phone", "07700 900 982")]).await;
    if year > "2012" {
        let guardian = [
            ("guardian-name", "Alex Penhallow"),
            ("guardian-email", "alex@example.org"),
            ("guardian-phone", "01632 960 001"),
        ];
        answer(browser, "guardian", &guardian).await;
    }
    answer(browser, "postcode", &[("postcode", "ba15al")]).await;
    answer(
        browser,
        "reach",
        &[
            ("reach", "email"),
            ("reach", "text"),
            ("safe-message", "yes"),
            ("format", "standard"),
        ],
    )
    .await;
    answer(browser, "newsletter", &[("newsletter", "yes")]).await
}

/// Passes the last check without scripts: the emailed link is the check.
async fn send(site: &Site, browser: &Browser) -> Answer {
    let page = browser.get("/sign-up/captcha").await;
    assert_eq!(page.status, StatusCode::OK);
    let started = page.field("started").unwrap();
    site.clock.forward(TimeDelta::seconds(10));
    browser
        .post(
            "/sign-up/captcha",
            &[
                ("started", &started),
                ("web-page", ""),
                ("captcha-way", "link"),
            ],
        )
        .await
}

async fn count(site: &Site, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str()))
            .fetch_one(&mut *c)
            .await?)
    })
    .unwrap()
}

with_mail! {
    async fn from_the_first_question_to_an_account(site: Site) {
        let browser = site.browser();
        let done = answers(&browser, EMAIL, "1952").await;
        assert_eq!(done.location(), "/sign-up/answers");
        let check = browser.get("/sign-up/answers").await;
        for words in ["Joyce Penhallow", "Joy", "31 March 1952", "16 or over", "07700 900982", "BA1 5AL", EMAIL] {
            assert!(check.body.contains(words), "{words}");
        }
        assert_eq!(send(&site, &browser).await.location(), "/sign-up/open-email");
        let open = browser.get("/sign-up/open-email").await;
        assert!(open.body.contains("You have not booked yet") && open.body.contains(EMAIL));
        assert_eq!(count(&site, "account").await, 0);

        let path = link(&mails(&site, 1).await[0], "/verify/");
        let phone = site.browser();
        let page = phone.get(&path).await;
        assert!(page.status == StatusCode::OK && !page.body.contains("checked"));
        assert_eq!(count(&site, "account").await, 0, "opening it does nothing");
        let none = phone.post(&path, &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let own = phone.post(&path, &[("how", "password"), ("password", "joyce penhallow")]).await;
        assert!(own.body.contains("Leave your name"));
        let done = phone.post(&path, &[("how", "password"), ("password", "teapot ladder moss")]).await;
        assert_eq!(done.location(), "/account/bookings");
        assert_eq!(phone.get("/account/security").await.status, StatusCode::OK);
        assert_eq!(phone.post(&path, &[("how", "link")]).await.status, StatusCode::GONE);
        for (table, rows) in [
            ("account", 1), ("person", 1), ("representation", 1), ("guardian", 0), ("consent", 3),
            ("subscription", 1), ("sign_up_draft", 0),
        ] {
            assert_eq!(count(&site, table).await, rows, "{table}");
        }
        let details = phone.get("/account").await;
        assert!(details.body.contains("Joyce Penhallow"));
    }

    async fn whoever_came_from_a_page_of_ours_goes_back_there_with_the_new_account(site: Site) {
        for (email, next, to) in [
            (EMAIL, "/courses/better-sleep/tell-me", "/courses/better-sleep/tell-me"),
            ("jo@example.org", "//elsewhere.example/", "/account/bookings"),
            ("ed@example.org", "https://elsewhere.example/", "/account/bookings"),
        ] {
            let browser = site.browser();
            let start = format!("/sign-up?next={next}");
            let page = browser.get(&start).await;
            assert_eq!(page.body.contains("/sign-in?next="), to == next, "who has an account goes there, too");
            browser.post(&start, &[]).await;
            answers(&browser, email, "1952").await;
            let before = site.app.messages.transport.sent().len();
            send(&site, &browser).await;
            let sent = mails(&site, before + 1).await;
            let path = link(sent.last().unwrap(), "/verify/");
            let done = site.browser().post(&path, &[("how", "link")]).await;
            assert_eq!(done.location(), to);
        }
    }

    async fn going_back_loses_nothing_and_a_wrong_answer_stays(site: Site) {
        let browser = site.browser();
        assert_eq!(browser.get("/sign-up/name").await.location(), "/sign-up");
        browser.post("/sign-up", &[]).await;
        let first = browser.get("/sign-up/name").await;
        assert!(first.body.contains("Question 1 of 7"));
        answer(&browser, "name", &[("full-name", "Joyce Penhallow")]).await;
        let sent = [("date-of-birth-day", "31"), ("date-of-birth-month", "3"), ("date-of-birth-year", "52")];
        let wrong = answer(&browser, "date-of-birth", &sent).await;
        assert_eq!((wrong.status, wrong.location().as_str()), (StatusCode::SEE_OTHER, "/sign-up/date-of-birth"));
        let shown = browser.get("/sign-up/date-of-birth").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.title().starts_with("Error: ") && shown.body.contains("The year must have 4 numbers"));
        assert_eq!(shown.field("date-of-birth-year").as_deref(), Some("52"));
        assert_eq!(browser.get("/sign-up/name").await.field("full-name").as_deref(), Some("Joyce Penhallow"));
        let child = [("date-of-birth-day", "31"), ("date-of-birth-month", "3"), ("date-of-birth-year", "2015")];
        assert_eq!(answer(&browser, "date-of-birth", &child).await.location(), "/sign-up/email");
        assert!(browser.get("/sign-up/email").await.body.contains("Question 3 of 8"));
        assert_eq!(browser.get("/sign-up/answers").await.location(), "/sign-up/email");
        // Somebody else's browser knows nothing of it.
        assert_eq!(site.browser().get("/sign-up/name").await.location(), "/sign-up");
        site.clock.forward(TimeDelta::hours(24));
        assert_eq!(browser.get("/sign-up/name").await.location(), "/sign-up");
    }

    async fn an_address_that_has_an_account_gets_the_same_page_and_another_mail(site: Site) {
        people::member(&site, "maggie@example.org").await;
        let mut pages = Vec::new();
        for email in ["maggie@example.org", "nobody@example.org"] {
            let browser = site.browser();
            answers(&browser, email, "1952").await;
            let sent = send(&site, &browser).await;
            let page = browser.get("/sign-up/open-email").await;
            pages.push((sent.status, sent.location(), page.body.replace(email, "EMAIL")));
        }
        assert_eq!(pages[0], pages[1]);
        let sent = mails(&site, 2).await;
        assert_eq!(sent[0].mail.subject, sent[1].mail.subject);
        let known = sent.iter().find(|sent| sent.to.contains("maggie")).unwrap();
        assert!(known.mail.text.contains("It has an account with us already") && !known.mail.text.contains("/verify/"));
        let unknown = sent.iter().find(|sent| sent.to.contains("nobody")).unwrap();
        assert!(unknown.mail.text.contains("/verify/"));
    }

    async fn sent_too_often_is_a_wait(site: Site) {
        let browser = site.browser();
        answers(&browser, EMAIL, "1952").await;
        send(&site, &browser).await;
        for arrived in 1..=3 {
            mails(&site, arrived).await;
            let again = browser.post_and_follow("/sign-up/open-email", &[]).await;
            assert!(again.body.contains("We have sent it again"));
        }
        let over = browser.post_and_follow("/sign-up/open-email", &[]).await;
        assert!(over.body.contains("Please wait 15 minutes"));
        let sent = mails(&site, 4).await;
        assert_eq!(site.browser().get(&link(&sent[0], "/verify/")).await.status, StatusCode::GONE, "only the newest counts");
        assert_eq!(site.browser().get(&link(&sent[3], "/verify/")).await.status, StatusCode::OK);
    }

    async fn buttons_pressed_twice_send_one_email_and_make_one_account(site: Site) {
        let browser = site.browser();
        answers(&browser, EMAIL, "1952").await;
        let started = browser.get("/sign-up/captcha").await.field("started").unwrap();
        site.clock.forward(TimeDelta::seconds(10));
        let fields = [("started", started.as_str()), ("captcha-way", "link")];
        let (one, two) = tokio::join!(browser.post("/sign-up/captcha", &fields), browser.post("/sign-up/captcha", &fields));
        for answer in [one, two, browser.post("/sign-up/captcha", &fields).await] {
            assert_eq!(answer.location(), "/sign-up/open-email", "{}", answer.body);
        }
        let path = link(&mails(&site, 1).await[0], "/verify/");
        let key = site.browser().get(&path).await.field("form-key").unwrap();
        for _ in 0..2 {
            let phone = site.browser();
            let done = phone.post(&path, &[("how", "link"), ("form-key", &key)]).await;
            assert_eq!(done.location(), "/account/bookings");
            assert_eq!(phone.get("/account/security").await.status, StatusCode::OK);
        }
        assert_eq!(site.browser().post(&path, &[("how", "link")]).await.status, StatusCode::GONE);
        assert_eq!(count(&site, "account").await, 1);
    }

    async fn a_birthday_changed_after_the_email_still_asks_for_a_guardian(site: Site) {
        let browser = site.browser();
        answers(&browser, EMAIL, "1952").await;
        send(&site, &browser).await;
        let path = link(&mails(&site, 1).await[0], "/verify/");
        let child = [("date-of-birth-day", "31"), ("date-of-birth-month", "3"), ("date-of-birth-year", "2015")];
        assert_eq!(answer(&browser, "date-of-birth", &child).await.location(), "/sign-up/guardian");
        assert!(site.browser().get(&path).await.body.contains("There is one more question"));
        let sent = site.browser().post(&path, &[("how", "link")]).await;
        assert!(sent.body.contains("There is one more question"));
        assert_eq!(count(&site, "account").await, 0);
    }

    async fn answers_are_deleted_on_a_shared_computer(site: Site) {
        let browser = site.browser();
        answers(&browser, EMAIL, "1952").await;
        let start = browser.get("/sign-up").await;
        assert!(start.body.contains("You started before on this device"));
        let gone = browser.post_and_follow("/sign-up/forget", &[]).await;
        assert!(gone.body.contains("We have deleted your answers") && !gone.body.contains("You started before"));
        assert_eq!(count(&site, "sign_up_draft").await, 0);
        let lost = browser.get("/sign-up/name").await;
        assert_eq!(lost.location(), "/sign-up");
        assert!(browser.get("/sign-up").await.body.contains("Your answers are not here any more"));
    }

    async fn a_child_names_who_has_to_agree(site: Site) {
        let browser = site.browser();
        answers(&browser, EMAIL, "2015").await;
        assert!(browser.get("/sign-up/answers").await.body.contains("Under 16"));
        send(&site, &browser).await;
        let path = link(&mails(&site, 1).await[0], "/verify/");
        browser.post(&path, &[("how", "link")]).await;
        assert_eq!(count(&site, "guardian").await, 1);
    }

    async fn who_signs_up_and_who_agrees_read_where_the_first_session_is(site: Site) {
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(30), ..RunSpec::default() }).await;
        let young = site.somebody("Yusuf", Sort::Member, "2014-06-02").await;
        world::guardian(&site, young.person_id, "amina@example.org").await;
        young.browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        world::told(&site, MessageKind::GuardianRequest).await;
        let sent = site.app.messages.transport.sent();
        let asked = sent.iter().find(|sent| sent.mail.kind == MessageKind::GuardianRequest).unwrap();
        let agree = link(asked, "/guardian/");
        let start = format!("/sign-up?run={}", run.id);
        for (online, place) in [
            ("UPDATE session SET elsewhere = TRUE WHERE run_id = $1 AND position = 2", "Bath Central Library"),
            ("UPDATE session SET elsewhere = TRUE WHERE run_id = $1 AND position = 1", "Online"),
        ] {
            world::change(&site, online, run.id).await;
            let beside = site.browser().get(&start).await.words(".wb-reminder").join(" ");
            assert!(beside.ends_with(place), "{place} in {beside}");
            let waiting = site.browser().get(&agree).await.words("li");
            assert!(waiting.iter().any(|line| line.ends_with(&format!(", {place}"))), "{place} in {waiting:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_robot_is_asked_again() {
    let site = Site::start(None, &[("mail", "memory:")]).await;
    let browser = site.browser();
    answers(&browser, EMAIL, "1952").await;
    let started = browser
        .get("/sign-up/captcha")
        .await
        .field("started")
        .unwrap();
    let quick = browser
        .post_and_follow(
            "/sign-up/captcha",
            &[("started", &started), ("captcha-way", "link")],
        )
        .await;
    assert!(quick.body.contains("That was very quick"));
    site.clock.forward(TimeDelta::seconds(10));
    let trap = [
        ("started", started.as_str()),
        ("captcha-way", "link"),
        ("web-page", "http://example.org"),
    ];
    let trapped = browser.post_and_follow("/sign-up/captcha", &trap).await;
    assert!(trapped.body.contains("hidden box"));
    assert!(site.app.messages.transport.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_lie_sealed() {
    let site = Site::on_sqlite().await;
    let browser = site.browser();
    answers(&browser, EMAIL, "1952").await;
    let sealed: Vec<u8> = read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("SELECT sealed FROM sign_up_draft")
            .fetch_one(&mut *c)
            .await?)
    })
    .unwrap();
    let text = String::from_utf8_lossy(&sealed);
    assert!(!text.contains("Penhallow") && !text.contains(EMAIL));
}

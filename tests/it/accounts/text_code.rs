//! Codes by text, for whoever does nothing here but lead courses: the number is proved, each code is good once, and
//! whoever does more needs an app.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::messages::jobs;
use wellbeing_courses::{read, write_tx};
use wiremock::{MockServer, ResponseTemplate};

use super::people::{self, PASSWORD};
use super::{in_hand, mails};
use crate::support::people::Somebody;
use crate::support::{Answer, Browser, REAL, Site};
use crate::texts;

const TOM: &str = "tom@example.org";
const ANN: &str = "ann@example.org";
const OWN: &str = "/account/two-step";
const TEXT: &str = "/account/two-step/text";
const SET_UP: &str = "/account/two-step/set-up";
const OFF: &str = "/account/two-step/off";
const STEP: &str = "/sign-in/second-step?next=%2Ftutor";
const CODES: &str = "/account/two-step/codes?next=%2Ftutor";
const SEND: &str = "/sign-in/second-step/text?next=%2Ftutor";

/// Somebody with a password and these roles.
async fn worker(site: &Site, email: &str, roles: &[Role]) -> Somebody {
    people::member(site, email).await;
    let (account_id, person_id): (Uuid, Uuid) = read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id, representation.person_id FROM account \
             JOIN representation ON representation.account_id = account.id WHERE account.email = $1",
        )
        .bind(email)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap();
    let somebody = Somebody {
        person_id,
        account_id,
        email: email.to_owned(),
        browser: site.browser(),
    };
    site.works_here(&somebody, roles).await;
    somebody
}

async fn password(site: &Site, email: &str) -> Browser {
    let browser = site.browser();
    browser
        .post(
            "/sign-in?next=%2Ftutor",
            &[("email", email), ("password", PASSWORD)],
        )
        .await;
    browser
}

/// The code of the last of `count` texts.
async fn texted(site: &Site, count: usize) -> String {
    for _ in 0..100 {
        jobs::send_due(&site.app).await.unwrap();
        let sent = site.app.messages.texts.sent();
        if sent.len() >= count && in_hand(site).await == 0 {
            assert_eq!(sent.len(), count, "no more than that");
            let words = &sent[count - 1].words;
            let (_, code) = words.split_once("your code is ").expect("a code");
            return code[..6].to_owned();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} texts were expected");
}

fn sent(site: &Site) -> usize {
    site.app.messages.texts.sent().len()
}

/// Nothing more than these `count` texts is on its way.
async fn no_more_than(site: &Site, count: usize) {
    let waiting: i64 = read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM outbox WHERE channel = 'text' AND state = 'waiting'",
        )
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap();
    assert_eq!((waiting, sent(site)), (0, count));
}

/// Time goes on, so that another press is not the same one again.
fn a_while(site: &Site) {
    site.clock.forward(TimeDelta::seconds(31));
}

/// A tutor with codes by text, in whose browser it was set up; their recovery codes.
async fn set_up(site: &Site, email: &str) -> (Somebody, Vec<String>) {
    let mut tutor = worker(site, email, &[Role::Tutor]).await;
    let browser = password(site, email).await;
    let before = sent(site);
    let asked = browser
        .post_and_follow(TEXT, &[("phone", "07700 900 214")])
        .await;
    assert_eq!(asked.words("h1"), ["Type the code we sent"]);
    let code = texted(site, before + 1).await;
    let shown = browser.post_and_follow(SET_UP, &[("code", &code)]).await;
    let codes = shown.words(".wb-codes li");
    assert_eq!(codes.len(), 10);
    tutor.browser = browser;
    (tutor, codes)
}

async fn opens(browser: &Browser) -> bool {
    browser.get("/tutor").await.status == StatusCode::OK
}

/// Asks for a code in the middle of signing in.
async fn asked(site: &Site, browser: &Browser) -> String {
    let before = sent(site);
    a_while(site);
    let answer = browser.post(SEND, &[("to", "sign-in")]).await;
    assert_eq!(answer.location(), STEP);
    texted(site, before + 1).await
}

async fn take(browser: &Browser, code: &str) -> Answer {
    browser.post(STEP, &[("code", code)]).await
}

/// Whether "Do not ask for a code on this device" is ticked.
fn is_ticked(page: &Answer) -> bool {
    !page.words("[name=known][checked]").is_empty()
}

async fn is_wrong(browser: &Browser, code: &str) -> bool {
    let answer = take(browser, code).await;
    answer.status == StatusCode::UNPROCESSABLE_ENTITY
        && answer.body.contains("or it is too old")
        && !opens(browser).await
}

with_mail! {
    async fn a_tutor_proves_a_number_and_signs_in_with_codes_sent_there(site: Site) {
        let (tutor, _) = set_up(&site, TOM).await;
        assert!(opens(&tutor.browser).await);
        assert_eq!(site.app.messages.texts.sent()[0].to, "+447700900214");
        let told = mails(&site, 1).await;
        assert!(told[0].mail.text.contains("by text to your mobile number"), "{}", told[0].mail.text);
        assert!(tutor.browser.get(OWN).await.body.contains("ends in 214"));
        let kept: Vec<u8> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT phone FROM second_step").fetch_one(&mut *c).await?)
        })
        .unwrap();
        assert!(!kept.windows(6).any(|part| part == b"900214"), "sealed");

        let browser = password(&site, TOM).await;
        let page = browser.get(STEP).await;
        assert!(page.body.contains("We text a code to your number that ends in 214."));
        assert!(!opens(&browser).await, "the password alone");
        let code = asked(&site, &browser).await;
        assert!(browser.get(STEP).await.body.contains("Text me another code"));
        assert_eq!(take(&browser, &code).await.location(), "/tutor");
        assert!(opens(&browser).await);
    }

    async fn a_code_is_good_once_for_ten_minutes_and_until_the_next(site: Site) {
        set_up(&site, TOM).await;
        let first = password(&site, TOM).await;
        let code = asked(&site, &first).await;
        assert_eq!(take(&first, &code).await.status, StatusCode::SEE_OTHER);
        let second = password(&site, TOM).await;
        assert!(is_wrong(&second, &code).await, "used already");

        let old = asked(&site, &second).await;
        let new = asked(&site, &second).await;
        assert!(is_wrong(&second, &old).await, "there is a newer one");
        assert_eq!(take(&second, &new).await.status, StatusCode::SEE_OTHER);

        let third = password(&site, TOM).await;
        let code = asked(&site, &third).await;
        site.clock.forward(TimeDelta::minutes(10));
        assert!(is_wrong(&third, &code).await, "ten minutes are over");
        let code = asked(&site, &third).await;
        site.clock.forward(TimeDelta::seconds(599));
        assert_eq!(take(&third, &code).await.status, StatusCode::SEE_OTHER);
    }

    async fn two_who_send_one_code_at_once_do_not_both_come_in(site: Site) {
        set_up(&site, TOM).await;
        let mut browsers = Vec::new();
        for _ in 0..6 {
            browsers.push(password(&site, TOM).await);
        }
        let code = asked(&site, &browsers[0]).await;
        let answers = futures::future::join_all(browsers.iter().map(|browser| take(browser, &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count(), 1);
    }

    async fn a_code_is_good_for_its_own_account_and_a_recovery_code_still_is(site: Site) {
        let (_, codes) = set_up(&site, TOM).await;
        set_up(&site, ANN).await;
        let tom = password(&site, TOM).await;
        let ann = password(&site, ANN).await;
        asked(&site, &tom).await;
        let hers = asked(&site, &ann).await;
        assert!(is_wrong(&tom, &hers).await);
        assert_eq!(take(&ann, &hers).await.status, StatusCode::SEE_OTHER);
        assert_eq!(take(&tom, &codes[0]).await.status, StatusCode::SEE_OTHER);
    }

    async fn after_four_texts_or_ten_wrong_codes_there_is_a_wait(site: Site) {
        set_up(&site, TOM).await;
        site.clock.forward(TimeDelta::minutes(16));
        let browser = password(&site, TOM).await;
        let mut code = String::new();
        for _ in 0..4 {
            code = asked(&site, &browser).await;
        }
        a_while(&site);
        let before = sent(&site);
        let enough = browser.post(SEND, &[("to", "sign-in"), ("known", "yes")]).await;
        assert_eq!(enough.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(enough.body.contains("Type the newest one, or wait 13 minutes"), "{}", enough.body);
        assert_eq!(enough.words("h1"), ["Enter your code"]);
        assert!(is_ticked(&enough) && enough.body.contains("name=\"code\""));
        no_more_than(&site, before).await;
        for _ in 0..10 {
            assert!(is_wrong(&browser, "nothing").await);
        }
        assert_eq!(take(&browser, &code).await.status, StatusCode::TOO_MANY_REQUESTS);
        site.clock.forward(TimeDelta::minutes(16));
        let code = asked(&site, &browser).await;
        assert_eq!(take(&browser, &code).await.status, StatusCode::SEE_OTHER);
    }

    async fn only_whoever_does_nothing_but_lead_courses_is_offered_them(site: Site) {
        people::member(&site, "mary@example.org").await;
        worker(&site, ANN, &[Role::Tutor, Role::CourseAdmin]).await;
        worker(&site, "olive@example.org", &[Role::Owner]).await;
        for email in ["mary@example.org", ANN, "olive@example.org"] {
            let browser = password(&site, email).await;
            assert!(!browser.get(OWN).await.body.contains("codes by text"), "{email}");
            assert_eq!(browser.get(TEXT).await.location(), OWN, "{email}");
            assert_eq!(browser.post(TEXT, &[("phone", "07700 900 214")]).await.location(), OWN, "{email}");
        }
        jobs::send_due(&site.app).await.unwrap();
        assert_eq!(sent(&site), 0);
        worker(&site, TOM, &[Role::Tutor]).await;
        let browser = password(&site, TOM).await;
        assert!(browser.get(OWN).await.body.contains("get the codes by text"));
    }

    async fn a_number_is_a_mobile_and_only_its_own_code_proves_it(site: Site) {
        worker(&site, TOM, &[Role::Tutor]).await;
        let browser = password(&site, TOM).await;
        let wrong = browser.post(TEXT, &[("phone", "01632 960 001")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.field("phone").as_deref(), Some("01632 960 001"));
        browser.post(TEXT, &[("phone", "07700 900 214")]).await;
        let first = texted(&site, 1).await;
        browser.post(TEXT, &[("phone", "07700 900 333")]).await;
        let second = texted(&site, 2).await;
        assert_eq!(browser.post(SET_UP, &[("code", &first)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!opens(&browser).await);
        assert_eq!(browser.post(SET_UP, &[("code", &second)]).await.status, StatusCode::SEE_OTHER);
        assert!(opens(&browser).await);
    }

    async fn a_button_that_is_pressed_twice_sends_one_text(site: Site) {
        worker(&site, TOM, &[Role::Tutor]).await;
        let browser = password(&site, TOM).await;
        let begin = || browser.post(TEXT, &[("phone", "07700 900 214")]);
        let (one, two) = tokio::join!(begin(), begin());
        assert_eq!((one.location().as_str(), two.location().as_str()), (SET_UP, SET_UP));
        begin().await;
        let code = texted(&site, 1).await;
        no_more_than(&site, 1).await;
        let on = format!("{SET_UP}?next=%2Ftutor");
        for _ in 0..2 {
            assert_eq!(browser.post(&on, &[("code", &code)]).await.location(), CODES, "the second press, too");
        }

        let browser = password(&site, TOM).await;
        let send = || browser.post(SEND, &[("to", "sign-in")]);
        let (one, two) = tokio::join!(send(), send());
        assert_eq!((one.location().as_str(), two.location().as_str()), (STEP, STEP));
        site.clock.forward(TimeDelta::seconds(29));
        send().await;
        let code = texted(&site, 2).await;
        no_more_than(&site, 2).await;
        assert_eq!(take(&browser, &code).await.location(), "/tutor");
    }

    async fn what_was_ticked_before_another_code_was_asked_for_stays(site: Site) {
        set_up(&site, TOM).await;
        let browser = password(&site, TOM).await;
        assert!(!is_ticked(&browser.get(STEP).await), "never by itself");
        let answer = browser.post(SEND, &[("to", "sign-in"), ("known", "yes")]).await;
        assert_eq!(answer.location(), format!("{STEP}&known=yes"));
        let page = browser.get(&answer.location()).await;
        assert!(is_ticked(&page));
        assert_eq!(page.words("button[formaction]"), ["Text me another code"]);
    }

    async fn a_page_that_does_not_ask_for_a_code_gets_none(site: Site) {
        let (tutor, _) = set_up(&site, TOM).await;
        for to in ["sign-in", "", "elsewhere"] {
            assert_eq!(tutor.browser.post(SEND, &[("to", to)]).await.location(), "/tutor", "{to}");
        }
        let half = password(&site, TOM).await;
        for to in ["off", "codes", "set-up", "elsewhere"] {
            assert_eq!(half.post(SEND, &[("to", to)]).await.location(), STEP, "{to}");
        }
        no_more_than(&site, 1).await;

        worker(&site, ANN, &[Role::Tutor]).await;
        let browser = password(&site, ANN).await;
        browser.post(TEXT, &[("phone", "07700 900 333")]).await;
        texted(&site, 2).await;
        site.clock.forward(TimeDelta::minutes(59));
        browser.post(SEND, &[("to", "set-up")]).await;
        texted(&site, 3).await;
        site.clock.forward(TimeDelta::minutes(2));
        browser.post(SEND, &[("to", "set-up")]).await;
        no_more_than(&site, 3).await;
    }

    async fn the_page_that_asks_for_a_number_sends_four_texts_and_then_keeps_what_was_typed(site: Site) {
        worker(&site, TOM, &[Role::Tutor]).await;
        let browser = password(&site, TOM).await;
        for number in ["07700 900 211", "07700 900 212", "07700 900 213", "07700 900 214"] {
            assert_eq!(browser.post(TEXT, &[("phone", number)]).await.location(), SET_UP, "{number}");
        }
        texted(&site, 4).await;
        let enough = browser.post(TEXT, &[("phone", "07700 900 215")]).await;
        assert_eq!(enough.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(enough.field("phone").as_deref(), Some("07700 900 215"));
        assert!(enough.body.contains("Wait 15 minutes, then ask again") && enough.body.contains("Type the code we have sent"));
        no_more_than(&site, 4).await;
    }

    async fn an_account_gets_twelve_texts_a_day_whatever_codes_were_right(site: Site) {
        let (tutor, _) = set_up(&site, TOM).await;
        for count in 2..=11 {
            site.clock.forward(TimeDelta::minutes(8));
            tutor.browser.post(SEND, &[("to", "off")]).await;
            texted(&site, count).await;
        }
        let browser = password(&site, TOM).await;
        let code = asked(&site, &browser).await;
        assert_eq!(take(&browser, &code).await.status, StatusCode::SEE_OTHER);
        let browser = password(&site, TOM).await;
        a_while(&site);
        let enough = browser.post(SEND, &[("to", "sign-in")]).await;
        assert_eq!(enough.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(enough.body.contains("Wait 22 hours 39 minutes, then ask again"), "{}", enough.body);
        no_more_than(&site, 12).await;
        site.clock.forward(TimeDelta::hours(24));
        let browser = password(&site, TOM).await;
        asked(&site, &browser).await;
    }

    async fn another_number_is_told_by_email(site: Site) {
        let (tutor, _) = set_up(&site, TOM).await;
        let asked = tutor.browser.post(SEND, &[("to", "off")]).await;
        assert_eq!(asked.location(), format!("{OFF}?next=%2Ftutor"));
        let code = texted(&site, 2).await;
        let off = tutor.browser.post_and_follow(OFF, &[("code", &code)]).await;
        assert!(off.body.contains("Two-step sign-in is off."));
        tutor.browser.post(TEXT, &[("phone", "07700 900 333")]).await;
        let code = texted(&site, 3).await;
        tutor.browser.post(SET_UP, &[("code", &code)]).await;
        let told = mails(&site, 3).await;
        assert!(told[1].mail.text.contains("No desk is open to you until"));
        assert!(told[2].mail.text.contains("by text to your mobile number"));
        assert!(tutor.browser.get(OWN).await.body.contains("ends in 333"));
    }

    async fn whoever_gets_another_role_needs_an_app_before_a_desk_opens(site: Site) {
        let (tutor, _) = set_up(&site, TOM).await;
        let (id, account, now) = (site.app.id().unwrap(), tutor.account_id, site.app.clock.now());
        write_tx!(site.app.db, |c| {
            sqlx::query("INSERT INTO role_grant (id, account_id, role, granted_at) VALUES ($1, $2, 'course-admin', $3)")
                .bind(id)
                .bind(account)
                .bind(now)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
        for path in ["/tutor", "/desk/runs"] {
            assert!(tutor.browser.get(path).await.location().starts_with("/account/two-step?next="), "{path}");
        }
        // The code by text still lets them sign in; it opens no desk.
        let browser = password(&site, TOM).await;
        let code = asked(&site, &browser).await;
        assert_eq!(take(&browser, &code).await.status, StatusCode::SEE_OTHER);
        let own = browser.get(OWN).await;
        assert!(own.body.contains("Use an app instead"));
        assert_eq!(browser.get(OFF).await.words("h1"), ["Use an app instead"]);
        let owner = site.staff("Olive Owner", &[Role::Owner]).await;
        for path in ["/desk/staff".to_owned(), "/desk/staff/list.csv".to_owned(), format!("/desk/staff/{account}")] {
            let list = owner.browser.get(&path).await;
            assert!(list.body.contains("By text. An app is needed before a desk opens"), "{path}");
        }
        browser.post(SEND, &[("to", "off")]).await;
        let code = texted(&site, 3).await;
        let next = format!("{OFF}?next=%2Fdesk%2Fruns");
        let off = browser.post_and_follow(&next, &[("code", &code)]).await;
        assert!(off.body.contains("next=%2Fdesk%2Fruns"), "the page that they wanted is not forgotten");
        assert!(off.body.contains("Two-step sign-in is off.") && !off.body.contains("codes by text"));
        let shown = browser.post_and_follow(OWN, &[]).await;
        assert!(shown.body.contains("class=\"wb-qr\""));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_texts_are_sent_nobody_is_offered_codes_by_text() {
    let site = Site::with(&REAL).await;
    let tutor = worker(&site, TOM, &[Role::Tutor]).await;
    let browser = site.browser_of(&tutor).await;
    let own = browser.get(OWN).await;
    assert!(own.body.contains("Set it up") && !own.body.contains("codes by text"));
    assert_eq!(browser.get(TEXT).await.location(), OWN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_has_run_out_is_not_sent_when_the_texts_go_out_again() {
    let notify = MockServer::start().await;
    texts::answers(&notify, ResponseTemplate::new(503)).await;
    let site = Site::with(&[
        ("mail", "memory:"),
        ("notify_key", texts::KEY),
        ("notify_receipt_token", texts::TOKEN),
        ("notify_template", "f33517ff-2a88-4f6e-b855-c550268ce08a"),
        ("notify_url", &notify.uri()),
    ])
    .await;
    worker(&site, TOM, &[Role::Tutor]).await;
    let browser = password(&site, TOM).await;
    browser.post(TEXT, &[("phone", "07700 900 214")]).await;
    let standing = async || -> Option<(i64, bool)> {
        jobs::send_due(&site.app).await.unwrap();
        read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT attempts, lease_owner IS NOT NULL FROM outbox WHERE kind = 'sign-in-code'",
            )
            .fetch_optional(&mut *c)
            .await?)
        })
        .unwrap()
    };
    while !matches!(standing().await, Some((1.., false))) {
        tokio::task::yield_now().await;
    }
    site.clock.forward(TimeDelta::minutes(10));
    texts::answers(&notify, ResponseTemplate::new(201)).await;
    while standing().await.is_some() {
        tokio::task::yield_now().await;
    }
    assert!(notify.received_requests().await.unwrap().is_empty());
    let browser = password(&site, TOM).await;
    browser.post(TEXT, &[("phone", "07700 900 214")]).await;
    while notify.received_requests().await.unwrap().is_empty() {
        jobs::send_due(&site.app).await.unwrap();
    }
}

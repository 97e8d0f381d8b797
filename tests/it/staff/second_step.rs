//! Two-step sign-in: set up, taken, never round it.

use chrono::TimeDelta;
use reqwest::StatusCode;
use totp_rs::Secret;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{read, write_tx};

use super::opens;
use crate::accounts::people::{self, PASSWORD};
use crate::accounts::{link, mails};
use crate::support::staff::{SECRET, code};
use crate::support::{Answer, Browser, Site};

const MAGGIE: &str = "maggie@example.org";
const SET_UP: &str = "/account/two-step/set-up";

async fn password(site: &Site) -> (Browser, Answer) {
    let browser = site.browser();
    let answer = given(&browser).await;
    (browser, answer)
}

async fn given(browser: &Browser) -> Answer {
    browser
        .post_and_follow(
            "/sign-in?next=%2Faccount%2Fbookings",
            &[("email", MAGGIE), ("password", PASSWORD)],
        )
        .await
}

/// What the app would have read from the picture.
fn secret(shown: &Answer) -> Secret {
    let letters = shown.words(".wb-code").remove(0).replace(' ', "");
    Secret::try_from_base32(letters).unwrap()
}

/// Maggie, with the second step set up: a browser in which she is signed in, the app, her recovery codes.
async fn set_up(site: &Site) -> (Browser, Secret, Vec<String>) {
    people::member(site, MAGGIE).await;
    let (browser, _) = password(site).await;
    let shown = browser.post_and_follow("/account/two-step", &[]).await;
    let secret = secret(&shown);
    let now = code(secret.clone(), site.app.clock.now());
    let codes = browser.post_and_follow(SET_UP, &[("code", &now)]).await;
    let codes = codes.words(".wb-codes li");
    assert_eq!(codes.len(), 10);
    (browser, secret, codes)
}

async fn take(browser: &Browser, code: &str) -> Answer {
    browser
        .post(
            "/sign-in/second-step?next=%2Faccount%2Fbookings",
            &[("code", code)],
        )
        .await
}

with_mail! {
    async fn it_is_on_only_after_the_first_right_code(site: Site) {
        people::member(&site, MAGGIE).await;
        let (browser, _) = password(&site).await;
        let shown = browser.post_and_follow("/account/two-step", &[]).await;
        assert!(shown.body.contains("class=\"wb-qr\""));
        let wrong = browser.post(SET_UP, &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.title().starts_with("Error: "));
        let again = browser.get(SET_UP).await;
        assert_eq!(secret(&again).to_base32(), secret(&shown).to_base32(), "the picture stays the same");
        let (other, _) = password(&site).await;
        assert!(opens(&other, "/account/bookings").await, "nothing is asked for yet");

        let now = code(secret(&shown), site.app.clock.now());
        let done = browser.post_and_follow(SET_UP, &[("code", &now)]).await;
        assert_eq!(done.words(".wb-codes li").len(), 10);
        assert!(!opens(&other, "/account/bookings").await, "every other device is signed out");
        assert!(opens(&browser, "/account/bookings").await);
        let told = mails(&site, 1).await;
        assert!(told[0].mail.text.contains("ask for a code from your phone"), "{}", told[0].mail.text);
    }

    async fn a_secret_that_somebody_may_have_seen_is_never_the_one_in_use(site: Site) {
        people::member(&site, MAGGIE).await;
        let (stranger, _) = password(&site).await;
        let seen = secret(&stranger.post_and_follow("/account/two-step", &[]).await);
        let (browser, _) = password(&site).await;
        let shown = browser.post_and_follow("/account/two-step", &[]).await;
        assert_ne!(secret(&shown).to_base32(), seen.to_base32(), "each beginning has its own");
        let old = code(seen, site.app.clock.now());
        assert_eq!(browser.post(SET_UP, &[("code", &old)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser
            .post("/account/security/password", &[("old-password", PASSWORD), ("password", "copper lantern field")])
            .await;
        assert_eq!(browser.get(SET_UP).await.location(), "/account/two-step", "a new password begins anew");
        browser.post("/account/two-step", &[]).await;
        site.clock.forward(TimeDelta::minutes(59));
        assert!(opens(&browser, SET_UP).await);
        site.clock.forward(TimeDelta::minutes(2));
        assert_eq!(browser.get(SET_UP).await.location(), "/account/two-step", "after an hour, too");
    }

    async fn who_stops_at_the_code_is_asked_for_it_again_and_not_for_the_password(site: Site) {
        let (_, _, codes) = set_up(&site).await;
        let browser = site.browser();
        let fields = [("email", MAGGIE), ("password", PASSWORD)];
        let asked = browser.post("/sign-in?next=%2Fcourses", &fields).await;
        assert_eq!(asked.location(), "/sign-in/second-step?next=%2Fcourses", "before a page that is open to all, too");
        assert_eq!(browser.get("/sign-in?next=%2Fcourses").await.location(), "/sign-in/second-step?next=%2Fcourses");
        let done = browser.post("/sign-in/second-step?next=%2Fcourses", &[("code", &codes[0])]).await;
        assert_eq!(done.location(), "/courses");
    }

    async fn the_password_alone_opens_nothing_and_the_code_opens_the_page_that_was_asked_for(site: Site) {
        let (_, secret, _) = set_up(&site).await;
        site.clock.forward(TimeDelta::minutes(2));
        let (browser, asked) = password(&site).await;
        assert_eq!(asked.words("h1"), ["Enter your code"]);
        for path in ["/account/bookings", "/account", "/account/security", "/account/two-step", "/account/two-step/off"] {
            let answer = browser.get(path).await;
            assert!(answer.location().starts_with("/sign-in/second-step?next="), "{path}");
        }
        let wrong = take(&browser, "123456").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!opens(&browser, "/account/bookings").await);
        let right = take(&browser, &code(secret, site.app.clock.now())).await;
        assert_eq!(right.location(), "/account/bookings");
        assert!(opens(&browser, "/account/bookings").await);
    }

    async fn a_code_is_good_once(site: Site) {
        let (_, secret, codes) = set_up(&site).await;
        site.clock.forward(TimeDelta::minutes(2));
        let now = code(secret, site.app.clock.now());
        for (code, name) in [(now.as_str(), "the app's"), (codes[3].as_str(), "a recovery code")] {
            let (first, _) = password(&site).await;
            assert_eq!(take(&first, code).await.status, StatusCode::SEE_OTHER, "{name}");
            let (second, _) = password(&site).await;
            assert_eq!(take(&second, code).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(!opens(&second, "/account/bookings").await);
        }
        let (first, _) = password(&site).await;
        take(&first, &codes[4]).await;
        let own = first.get("/account/two-step").await;
        assert!(own.words(".govuk-summary-list__value").contains(&"8".to_owned()), "{:?}", own.words("dd"));
    }

    async fn two_who_send_one_code_at_once_do_not_both_come_in(site: Site) {
        let (_, secret, codes) = set_up(&site).await;
        site.clock.forward(TimeDelta::minutes(2));
        let now = code(secret, site.app.clock.now());
        for code in [&now, &codes[0]] {
            let mut browsers = Vec::new();
            for _ in 0..6 {
                browsers.push(password(&site).await.0);
            }
            let answers = futures::future::join_all(browsers.iter().map(|browser| take(browser, code))).await;
            let came_in = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
            assert_eq!(came_in, 1);
            site.clock.forward(TimeDelta::minutes(16));
        }
    }

    async fn a_device_that_was_asked_for_is_known_for_30_days_and_no_other_account_is(site: Site) {
        let (_, secret, _) = set_up(&site).await;
        site.clock.forward(TimeDelta::minutes(2));
        let (browser, _) = password(&site).await;
        let now = code(secret, site.app.clock.now());
        let done = browser.post("/sign-in/second-step", &[("code", &now), ("known", "yes")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        browser.post("/sign-out", &[]).await;
        given(&browser).await;
        assert!(opens(&browser, "/account/bookings").await, "no code is asked for");
        site.clock.forward(TimeDelta::days(30));
        given(&browser).await;
        assert!(!opens(&browser, "/account/bookings").await, "30 days are over");
    }

    async fn a_new_password_forgets_known_devices(site: Site) {
        let (first, secret, _) = set_up(&site).await;
        site.clock.forward(TimeDelta::minutes(2));
        let (browser, _) = password(&site).await;
        let now = code(secret, site.app.clock.now());
        browser.post("/sign-in/second-step", &[("code", &now), ("known", "yes")]).await;
        first.post("/account/security/sign-out-everywhere", &[]).await;
        given(&browser).await;
        assert!(!opens(&browser, "/account/bookings").await);
    }

    async fn whoever_stops_before_the_code_is_signed_out_and_whoever_changes_the_password_stays_in(site: Site) {
        let (signed_in, _, _) = set_up(&site).await;
        let (browser, _) = password(&site).await;
        browser.post("/sign-out", &[]).await;
        let devices: i64 = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM device WHERE ended_at IS NULL"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        assert_eq!(devices, 1, "the one with the code");
        let changed = signed_in
            .post("/account/security/password", &[("old-password", PASSWORD), ("password", "copper lantern field")])
            .await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER);
        assert!(opens(&signed_in, "/account/bookings").await, "they had taken the second step");
    }

    async fn no_link_by_email_goes_round_it(site: Site) {
        let (_, _, _) = set_up(&site).await;
        site.browser().post("/sign-in/link", &[("email", MAGGIE)]).await;
        let sent = mails(&site, 2).await;
        assert!(!sent[1].mail.text.contains("/sign-in/link/"), "{}", sent[1].mail.text);
        assert!(sent[1].mail.text.contains("sign in with your password"));
        // A new password is one step, too.
        site.browser().post("/forgotten-password", &[("email", MAGGIE)]).await;
        let path = link(&mails(&site, 3).await[2], "/forgotten-password/");
        let phone = site.browser();
        let done = phone.post(&path, &[("password", "copper lantern field")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(phone.get("/account/bookings").await.location().starts_with("/sign-in/second-step"));
    }

    async fn switching_it_off_takes_a_code(site: Site) {
        let (browser, secret, codes) = set_up(&site).await;
        let wrong = browser.post("/account/two-step/off", &[("code", "nothing")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        site.clock.forward(TimeDelta::seconds(1));
        let renewed = browser.post_and_follow("/account/two-step/codes", &[("code", &codes[0])]).await;
        let new = renewed.words(".wb-codes li");
        assert!(new.len() == 10 && new != codes);
        let old = browser.post("/account/two-step/off", &[("code", &codes[1])]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "the old codes are good for nothing");
        site.clock.forward(TimeDelta::minutes(1));
        let now = code(secret, site.app.clock.now());
        let off = browser.post_and_follow("/account/two-step/off", &[("code", &now)]).await;
        assert!(off.body.contains("Two-step sign-in is off."));
        let (other, _) = password(&site).await;
        assert!(opens(&other, "/account/bookings").await);
    }

    async fn ten_wrong_codes_are_a_wait_and_the_codes_are_shown_for_15_minutes(site: Site) {
        let (signed_in, _, codes) = set_up(&site).await;
        assert_eq!(signed_in.get("/account/two-step/codes").await.words(".wb-codes li"), codes);
        site.clock.forward(TimeDelta::minutes(16));
        assert!(signed_in.get("/account/two-step/codes").await.words(".wb-codes li").is_empty());
        let (browser, _) = password(&site).await;
        for _ in 0..10 {
            assert_eq!(take(&browser, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(take(&browser, &codes[0]).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

on_both! {
    async fn what_was_typed_at_a_desk_is_kept_over_password_and_code(site: Site) {
        let ada = site.staff("Ada", &[Role::CourseAdmin]).await;
        let (account, hash) = (ada.account_id, site.app.accounts.passwords.hash(PASSWORD).await.unwrap());
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1")
                .bind(account)
                .bind(&hash)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
        site.clock.forward(TimeDelta::minutes(14));
        assert!(opens(&ada.browser, "/desk/tutors/add").await, "a desk stays open for a quarter of an hour");
        site.clock.forward(TimeDelta::minutes(16));
        let typed = [
            ("form-key", "the key of a form"), ("full-name", "Tom Reed"), ("known-as", "Tom"), ("about", "Calm & \"kind\".\r\nTea."),
        ];
        let late = ada.browser.post("/desk/tutors/add", &typed).await;
        assert_eq!(late.location(), "/sign-in?next=/sign-in/carry-on");
        assert!(ada.browser.get(&late.location()).await.body.contains("We have kept what you typed"));
        let fields = [("email", ada.email.as_str()), ("password", PASSWORD)];
        let asked = ada.browser.post(&late.location(), &fields).await;
        assert!(asked.location().starts_with("/sign-in/second-step?next="), "{}", asked.location());
        // The password alone shows nothing of it.
        let half = ada.browser.get("/sign-in/carry-on").await;
        assert!(half.location().starts_with("/sign-in/second-step") && !half.body.contains("Reed"));
        let now = code(SECRET.to_vec(), site.app.clock.now());
        let on = ada.browser.post(&asked.location(), &[("code", &now)]).await;
        assert_eq!((on.status, on.location()), (StatusCode::SEE_OTHER, "/sign-in/carry-on".to_owned()));
        let page = ada.browser.get("/sign-in/carry-on").await;
        assert!(page.body.contains("action=\"/desk/tutors/add\""), "{}", page.body);
        for (name, value) in typed {
            assert_eq!(page.field(name).unwrap(), value.replace("\r\n", "\n"), "{name}");
        }
        let saved = ada.browser.post_and_follow("/desk/tutors/add", &typed).await;
        assert!(saved.body.contains("The tutor is saved."), "{}", saved.body);
    }
}

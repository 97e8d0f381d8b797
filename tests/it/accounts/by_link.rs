//! Links by email: to sign in, to choose a password, to change the address.

use chrono::TimeDelta;
use reqwest::StatusCode;

use super::people::{self, PASSWORD};
use super::{link, mails};
use crate::support::{Browser, Site};

const MAGGIE: &str = "maggie@example.org";

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/sign-in").await.status == StatusCode::SEE_OTHER
}

async fn signed_in(site: &Site) -> Browser {
    let browser = site.browser();
    browser
        .post("/sign-in", &[("email", MAGGIE), ("password", PASSWORD)])
        .await;
    assert!(is_signed_in(&browser).await);
    browser
}

with_mail! {
    async fn a_known_and_an_unknown_address_get_the_same_page(site: Site) {
        people::member(&site, MAGGIE).await;
        for path in ["/sign-in/link", "/forgotten-password"] {
            let mut seen = Vec::new();
            for email in [MAGGIE, "nobody@example.org"] {
                let sent = site.browser().post(path, &[("email", email)]).await;
                let page = site.browser().post_and_follow(path, &[("email", email)]).await;
                seen.push((sent.status, sent.location(), page.body));
            }
            assert_eq!(seen[0], seen[1]);
        }
        let sent = mails(&site, 4).await;
        assert!(sent.iter().all(|sent| sent.to.contains(MAGGIE)));
    }

    async fn a_link_signs_in_once_by_its_button_alone(site: Site) {
        people::account(&site, MAGGIE, true, false).await;
        site.browser().post("/sign-in/link?next=%2Fcourses", &[("email", MAGGIE)]).await;
        let path = link(&mails(&site, 1).await[0], "/sign-in/link/");
        let phone = site.browser();
        for _ in 0..2 {
            let shown = phone.get(&path).await;
            assert!(shown.status == StatusCode::OK && shown.body.contains("Yes, sign me in"));
            assert!(!is_signed_in(&phone).await, "opening a link does nothing");
        }
        let done = phone.post(&path, &[]).await;
        assert_eq!(done.location(), "/courses");
        assert!(is_signed_in(&phone).await);
        let again = site.browser().post(&path, &[]).await;
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.body.contains("This link has run out"));
        // A link for one thing opens nothing else.
        let token = path.rsplit('/').next().unwrap();
        assert_eq!(site.browser().get(&format!("/forgotten-password/{token}")).await.status, StatusCode::GONE);
    }

    async fn a_link_runs_out_after_half_an_hour(site: Site) {
        people::member(&site, MAGGIE).await;
        site.browser().post("/sign-in/link", &[("email", MAGGIE)]).await;
        let path = link(&mails(&site, 1).await[0], "/sign-in/link/");
        site.clock.forward(TimeDelta::minutes(30));
        assert_eq!(site.browser().get(&path).await.status, StatusCode::GONE);
        assert_eq!(site.browser().post(&path, &[]).await.status, StatusCode::GONE);
    }

    async fn a_forgotten_password_ends_the_other_devices(site: Site) {
        people::member(&site, MAGGIE).await;
        let other = signed_in(&site).await;
        site.browser().post("/forgotten-password", &[("email", MAGGIE)]).await;
        let path = link(&mails(&site, 1).await[0], "/forgotten-password/");
        let browser = site.browser();
        assert_eq!(browser.get(&path).await.status, StatusCode::OK);
        let weak = browser.post(&path, &[("password", "maggie")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(is_signed_in(&other).await);
        let done = browser.post_and_follow(&path, &[("password", "lantern onion velvet")]).await;
        assert!(done.body.contains("Your new password is saved"));
        assert!(!is_signed_in(&other).await);
        assert_eq!(browser.post(&path, &[("password", "lantern onion velvet")]).await.status, StatusCode::GONE);
        let old = site.browser().post("/sign-in", &[("email", MAGGIE), ("password", PASSWORD)]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sent = mails(&site, 2).await;
        assert!(sent[1].mail.subject.contains("Your password was changed"));
    }

    async fn signed_out_on_one_device_or_everywhere(site: Site) {
        people::member(&site, MAGGIE).await;
        let (first, second, third) = (signed_in(&site).await, signed_in(&site).await, signed_in(&site).await);
        let page = first.get("/account/security").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("This one:"));
        let mine = first.post("/account/security/devices", &[("device", "nothing")]).await;
        assert_eq!(mine.status, StatusCode::SEE_OTHER);
        let done = second.post_and_follow("/account/security/sign-out-everywhere", &[]).await;
        assert!(done.body.contains("signed out on every phone"));
        for browser in [&first, &second, &third] {
            assert!(!is_signed_in(browser).await);
        }
    }

    async fn a_new_address_is_confirmed_there_and_told_at_the_old_one(site: Site) {
        people::member(&site, MAGGIE).await;
        let browser = signed_in(&site).await;
        browser.post("/account/email", &[("email", "new@example.org")]).await;
        let sent = mails(&site, 2).await;
        let to_new = sent.iter().find(|sent| sent.to.contains("new@example.org")).unwrap();
        let to_old = sent.iter().find(|sent| sent.to.contains(MAGGIE)).unwrap();
        assert!(!to_old.mail.text.contains("new@example.org"));
        let path = link(to_new, "/change-email/");
        site.browser().get(&path).await;
        let old = site.browser().post("/sign-in", &[("email", MAGGIE), ("password", PASSWORD)]).await;
        assert_eq!(old.status, StatusCode::SEE_OTHER, "nothing has changed by opening it");
        site.browser().post(&path, &[]).await;
        for (email, status) in [
            (MAGGIE, StatusCode::UNPROCESSABLE_ENTITY),
            ("new@example.org", StatusCode::SEE_OTHER),
        ] {
            let answer = site.browser().post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
            assert_eq!(answer.status, status, "{email}");
        }
        assert_eq!(site.browser().post(&path, &[]).await.status, StatusCode::GONE);
        assert_eq!(mails(&site, 3).await.len(), 3);
    }

    async fn details_are_shown_and_corrected(site: Site) {
        people::member(&site, MAGGIE).await;
        let browser = signed_in(&site).await;
        let page = browser.get("/account").await;
        assert!(page.body.contains("Margaret Ashdown") && page.body.contains("07700 900214"));
        let wrong = browser.post("/account/details/phone", &[("phone", "12")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = browser.post_and_follow("/account/details/phone", &[("phone", "01632 960 001")]).await;
        assert!(saved.body.contains("We have saved your changes") && saved.body.contains("01632 960001"));
        let news = browser.post_and_follow("/account/details/newsletter", &[("newsletter", "yes")]).await;
        assert_eq!(news.status, StatusCode::OK);
        let form = browser.get("/account/details/newsletter").await;
        assert!(form.body.contains("checked"));
        assert_eq!(browser.get("/account/details/date-of-birth").await.status, StatusCode::NOT_FOUND);
    }
}

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

    async fn a_button_pressed_twice_lets_in_once_more_from_the_same_page_alone(site: Site) {
        people::member(&site, MAGGIE).await;
        site.browser().post("/sign-in/link", &[("email", MAGGIE)]).await;
        let path = link(&mails(&site, 1).await[0], "/sign-in/link/");
        let key = site.browser().get(&path).await.field("form-key").unwrap();
        let other = site.browser().get(&path).await.field("form-key").unwrap();
        assert_eq!(site.browser().post(&path, &[("form-key", &key)]).await.status, StatusCode::SEE_OTHER);
        // The browser dropped the first answer, and the cookie with it.
        let phone = site.browser();
        assert_eq!(phone.post(&path, &[("form-key", &key)]).await.status, StatusCode::SEE_OTHER);
        assert!(is_signed_in(&phone).await);
        for key in [other.as_str(), "", "x"] {
            assert_eq!(site.browser().post(&path, &[("form-key", key)]).await.status, StatusCode::GONE, "{key}");
        }
        site.clock.forward(TimeDelta::minutes(11));
        assert_eq!(site.browser().post(&path, &[("form-key", &key)]).await.status, StatusCode::GONE);
    }

    async fn where_they_were_going_is_kept_on_every_way_in(site: Site) {
        people::member(&site, MAGGIE).await;
        let page = site.browser().get("/sign-in?next=%2Fcourses%3Fq%3Dsleep").await.body;
        for way in ["/sign-in/link?next=%2Fcourses%3Fq%3Dsleep", "/forgotten-password?next=%2Fcourses%3Fq%3Dsleep"] {
            assert!(page.contains(way), "{way}");
            site.browser().post(way, &[("email", MAGGIE)]).await;
        }
        let sent = mails(&site, 2).await;
        let by_link = site.browser().post(&link(&sent[0], "/sign-in/link/"), &[]).await;
        assert_eq!(by_link.location(), "/courses?q=sleep");
        let anew = site.browser().post(&link(&sent[1], "/forgotten-password/"), &[("password", "lantern onion velvet")]).await;
        assert_eq!(anew.location(), "/courses?q=sleep");
        let strange = site.browser().get("/sign-in?next=https%3A%2F%2Fevil.example").await.body;
        assert!(!strange.contains("evil.example"));
    }

    async fn a_new_password_ends_a_change_of_address_that_somebody_else_began(site: Site) {
        people::member(&site, MAGGIE).await;
        let thief = signed_in(&site).await;
        thief.post("/account/email", &[("email", "thief@example.org"), ("password", PASSWORD)]).await;
        let sent = mails(&site, 2).await;
        let to_thief = sent.iter().find(|sent| sent.to.contains("thief")).unwrap();
        let path = link(to_thief, "/change-email/");
        site.browser().post("/forgotten-password", &[("email", MAGGIE)]).await;
        let reset = link(&mails(&site, 3).await[2], "/forgotten-password/");
        site.browser().post(&reset, &[("password", "lantern onion velvet")]).await;
        assert_eq!(site.browser().post(&path, &[]).await.status, StatusCode::GONE);
        let still = site.browser().post("/sign-in", &[("email", MAGGIE), ("password", "lantern onion velvet")]).await;
        assert_eq!(still.status, StatusCode::SEE_OTHER);
    }

    async fn the_addresses_of_links_that_are_over_are_not_kept(site: Site) {
        people::member(&site, MAGGIE).await;
        for email in [MAGGIE, "nobody@example.org"] {
            site.browser().post("/sign-in/link", &[("email", email)]).await;
        }
        let kept = || async {
            let n: i64 = wellbeing_courses::read!(site.app.db, |c| {
                Ok(sqlx::query_scalar("SELECT COUNT(*) FROM email_link WHERE email <> ''").fetch_one(&mut *c).await?)
            })
            .unwrap();
            n
        };
        wellbeing_courses::server::jobs::sweep(&site.app).await;
        assert_eq!(kept().await, 2);
        site.clock.forward(TimeDelta::minutes(91));
        wellbeing_courses::server::jobs::sweep(&site.app).await;
        assert_eq!(kept().await, 0);
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
        for password in ["", "not the one"] {
            let fields = [("email", "new@example.org"), ("password", password)];
            let refused = browser.post("/account/email", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
            assert_eq!(refused.field("email").as_deref(), Some("new@example.org"));
        }
        browser.post("/account/email", &[("email", "new@example.org"), ("password", PASSWORD)]).await;
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

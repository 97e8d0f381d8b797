//! Signing in with a password.

use chrono::TimeDelta;
use reqwest::StatusCode;

use super::people::{self, PASSWORD};
use crate::support::{Answer, Browser, Site};

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Answer {
    browser
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
}

/// Whether this browser is signed in: the sign-in page sends somebody who is straight on.
async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/sign-in").await.status == StatusCode::SEE_OTHER
}

fn token(answer: &Answer) -> Option<String> {
    answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .find_map(|v| v.strip_prefix("sid="))
        .map(|v| v.split(';').next().unwrap().to_owned())
}

on_both! {
    async fn the_right_password_signs_in_and_out(site: Site) {
        people::member(&site, "maggie@example.org").await;
        let browser = site.browser();
        let shown = browser.get("/sign-in").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.body.contains("checked"), "nothing is ticked for anybody");

        let answer = sign_in(&browser, "Maggie@Example.org", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/account/bookings");
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assert!(!cookie.contains("Max-Age"), "goes when the browser is closed");
        assert!(is_signed_in(&browser).await);

        let out = browser.post_and_follow("/sign-out", &[]).await;
        assert!(out.body.contains("You are signed out."));
        assert!(!is_signed_in(&browser).await);
        assert!(!browser.get("/sign-in").await.body.contains("You are signed out."));
    }

    async fn a_known_and_an_unknown_address_read_the_same(site: Site) {
        people::member(&site, "maggie@example.org").await;
        people::account(&site, "nopass@example.org", true, false).await;
        let mut seen = Vec::new();
        for email in ["maggie@example.org", "nobody@example.org", "nopass@example.org"] {
            let answer = sign_in(&site.browser(), email, "not the one at all").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains("do not go together"));
            assert!(!answer.body.contains("not the one at all"));
            seen.push(answer.body.replace(email, "EMAIL"));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0], seen[2]);
    }

    async fn a_new_token_at_every_sign_in(site: Site) {
        people::member(&site, "maggie@example.org").await;
        let planted = "A".repeat(43);
        let answer = site
            .browser()
            .client
            .post(site.url("/sign-in"))
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("sid={planted}"))
            .form(&[("email", "maggie@example.org"), ("password", PASSWORD)])
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("sid=") && !cookie.contains(&planted));

        let browser = site.browser();
        let first = token(&sign_in(&browser, "maggie@example.org", PASSWORD).await).unwrap();
        let second = token(&sign_in(&browser, "maggie@example.org", PASSWORD).await).unwrap();
        assert_ne!(first, second);
        let old = site.browser().client.get(site.url("/sign-in")).header("cookie", format!("sid={first}"));
        assert_eq!(old.send().await.unwrap().status(), StatusCode::OK, "the token before has ended");
    }

    async fn next_takes_only_our_own_paths(site: Site) {
        people::member(&site, "maggie@example.org").await;
        for (next, goes) in [
            ("%2Fcourses%2Fsleep%3Ftopic%3Da", "/courses/sleep?topic=a"),
            ("https%3A%2F%2Fevil.example", "/account/bookings"),
            ("%2F%2Fevil.example", "/account/bookings"),
            ("%2F%5Cevil.example", "/account/bookings"),
            ("%5C%5Cevil.example", "/account/bookings"),
            ("evil.example", "/account/bookings"),
            ("%2F%0D%0Aset-cookie%3Aa%3Db", "/account/bookings"),
            ("javascript%3Aalert(1)", "/account/bookings"),
            ("%2F%09%2Fevil.example", "/account/bookings"),
            ("", "/account/bookings"),
        ] {
            let path = format!("/sign-in?next={next}");
            let answer = site
                .browser()
                .post(&path, &[("email", "maggie@example.org"), ("password", PASSWORD)])
                .await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{next}");
            assert_eq!(answer.location(), goes, "{next}");
        }
    }

    async fn ten_tries_then_a_wait_that_ends(site: Site) {
        people::member(&site, "maggie@example.org").await;
        for email in ["maggie@example.org", "nobody@example.org"] {
            for _ in 0..10 {
                let answer = sign_in(&site.browser(), email, "wrong wrong wrong").await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            site.clock.forward(TimeDelta::minutes(5));
            let over = sign_in(&site.browser(), email, PASSWORD).await;
            assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(over.headers["retry-after"], "600");
            assert!(over.body.contains("wait 10 minutes") && over.body.contains("01632 960 100"));
            // Trying on does not make the wait any longer.
            site.clock.forward(TimeDelta::minutes(9));
            let over = sign_in(&site.browser(), email, PASSWORD).await;
            assert!(over.body.contains("wait 1 minute,"));
            site.clock.forward(TimeDelta::minutes(1));
        }
        assert_eq!(sign_in(&site.browser(), "maggie@example.org", PASSWORD).await.status, StatusCode::SEE_OTHER);
    }

    async fn idle_and_longest(site: Site) {
        people::member(&site, "maggie@example.org").await;
        let browser = site.browser();
        sign_in(&browser, "maggie@example.org", PASSWORD).await;
        for _ in 0..12 {
            site.clock.forward(TimeDelta::minutes(59));
            assert!(is_signed_in(&browser).await);
        }
        site.clock.forward(TimeDelta::minutes(59));
        assert!(!is_signed_in(&browser).await, "twelve hours are over");

        sign_in(&browser, "maggie@example.org", PASSWORD).await;
        site.clock.forward(TimeDelta::minutes(60));
        assert!(!is_signed_in(&browser).await, "idle for an hour");

        let kept = browser
            .post("/sign-in", &[("email", "maggie@example.org"), ("password", PASSWORD), ("keep", "yes")])
            .await;
        assert!(kept.headers["set-cookie"].to_str().unwrap().contains("Max-Age=2592000"));
        site.clock.forward(TimeDelta::days(20));
        assert!(is_signed_in(&browser).await);
        site.clock.forward(TimeDelta::days(11));
        assert!(!is_signed_in(&browser).await, "thirty days at the longest");
    }
}

on_both! {
    async fn a_form_sent_too_late_is_finished_after_signing_in_again(site: Site) {
        people::member(&site, "maggie@example.org").await;
        let browser = site.browser();
        sign_in(&browser, "maggie@example.org", PASSWORD).await;
        site.clock.forward(TimeDelta::minutes(61));
        let typed = [("phone", "01632 960 002"), ("note", "<\"x\">\r\nline"), ("old-password", "secret words here")];
        let late = browser.post("/account/details/phone", &typed).await;
        assert_eq!(late.location(), "/sign-in?next=/sign-in/carry-on");
        let asked = browser.get(&late.location()).await;
        assert!(asked.body.contains("We have kept what you typed"));
        let on = browser
            .post("/sign-in?next=/sign-in/carry-on", &[("email", "maggie@example.org"), ("password", PASSWORD)])
            .await;
        assert_eq!(on.location(), "/sign-in/carry-on");
        let page = browser.get("/sign-in/carry-on").await;
        assert_eq!(page.field("phone").as_deref(), Some("01632 960 002"));
        assert_eq!(page.field("note").as_deref(), Some("<\"x\">\nline"), "a page has line feeds only");
        assert!(!page.body.contains("secret words here"));
        let saved = browser.post_and_follow("/account/details/phone", &[("phone", "01632 960 002")]).await;
        assert!(saved.body.contains("01632 960002"));

        // Nobody else gets to see it, even in the same browser.
        people::member(&site, "other@example.org").await;
        sign_in(&browser, "other@example.org", PASSWORD).await;
        assert_eq!(browser.get("/sign-in/carry-on").await.location(), "/account/bookings");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_is_said_and_a_password_is_never_given_back() {
    let site = Site::on_sqlite().await;
    let answer = sign_in(&site.browser(), "maggie", "hunter2-hunter2").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("with an @ and a dot") && answer.body.contains("value=\"maggie\"")
    );
    assert!(!answer.body.contains("hunter2"));
    let empty = sign_in(&site.browser(), "", "").await;
    assert!(
        empty.body.contains("Enter your email address")
            && empty.body.contains("Enter your password")
    );
}

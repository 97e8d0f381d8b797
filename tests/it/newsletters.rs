//! The newsletter's choice: nothing without a yes that was confirmed, and out again with one press.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::StatusCode;
use wellbeing_courses::newsletters;
use wellbeing_courses::read;

use crate::support::{Browser, Site};

/// Asks for the newsletter as a person would.
async fn ask(site: &Site, browser: &Browser, email: &str) -> String {
    let form = browser.get("/newsletter").await;
    site.clock.forward(TimeDelta::seconds(10));
    let started = form.field("started").unwrap();
    let answer = browser
        .post(
            "/newsletter",
            &[("email", email), ("started", &started), ("web-page", "")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location()
}

/// The paths that begin with `prefix` in the messages sent so far, once there are `n` of them.
async fn links(site: &Site, prefix: &str, n: usize) -> Vec<String> {
    for _ in 0..100 {
        let found = found(site, prefix);
        if found.len() >= n {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no {n} links to {prefix}: {:?}", found(site, prefix));
}

fn found(site: &Site, prefix: &str) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(site.app.config.data_dir.join("mail")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = files
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "eml"))
        .collect();
    paths.sort();
    let whole = paths
        .iter()
        .map(|p| std::fs::read_to_string(p).unwrap().replace("=\r\n", ""));
    whole
        .filter_map(|eml| {
            let start = eml.find(prefix)?;
            let rest = &eml[start..];
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "/-_".contains(c)))
                .unwrap_or(rest.len());
            Some(rest[..end].to_owned())
        })
        .collect()
}

/// How many messages there are, sent or not: a message is written in the transaction that causes it.
async fn written(site: &Site) -> i64 {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM outbox")
            .fetch_one(&mut *c)
            .await?)
    })
    .unwrap()
}

async fn consents(site: &Site) -> Vec<(bool, String, String)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT given, wording_version, channel FROM consent WHERE about = 'newsletter' ORDER BY recorded_at, id",
        )
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

async fn subscription(site: &Site, email: &str) -> uuid::Uuid {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM subscription WHERE lower(email) = lower($1)")
                .bind(email)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

on_both! {
    async fn asked_confirmed_and_stopped(site: Site) {
        let browser = site.browser();
        let email = "jo@example.org";
        assert_eq!(ask(&site, &browser, email).await, "/newsletter/sent");
        let link = links(&site, "/newsletter/confirm/", 1).await.remove(0);
        // Opening the link, as mail scanners do, is not a yes.
        for _ in 0..3 {
            let page = browser.get(&link).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.words("h1"), ["Send the newsletter to jo@example.org?"]);
        }
        assert!(!newsletters::is_live(&site.app, email).await.unwrap());
        let answer = browser.post(&link, &[]).await;
        assert_eq!(answer.location(), "/newsletter/confirmed");
        assert!(newsletters::is_live(&site.app, email).await.unwrap());
        assert_eq!(consents(&site).await, [(true, "1".to_owned(), "email-link".to_owned())]);
        // Once.
        assert_eq!(browser.post(&link, &[]).await.status, StatusCode::GONE);

        let id = subscription(&site, email).await;
        let stop = newsletters::unsubscribe_url(&site.app, id);
        let stop = stop.strip_prefix(&site.app.config.origin()).unwrap();
        assert_eq!(browser.get(stop).await.status, StatusCode::OK);
        assert!(newsletters::is_live(&site.app, email).await.unwrap(), "opening it changes nothing");
        assert_eq!(browser.post(stop, &[]).await.location(), "/newsletter/stopped");
        assert!(!newsletters::is_live(&site.app, email).await.unwrap());
        assert_eq!(consents(&site).await.len(), 2);
        // Twice is as once.
        browser.post(stop, &[]).await;
        assert_eq!(consents(&site).await.len(), 2);
    }

    async fn a_mail_program_stops_it_from_anywhere(site: Site) {
        let browser = site.browser();
        ask(&site, &browser, "jo@example.org").await;
        let link = links(&site, "/newsletter/confirm/", 1).await.remove(0);
        browser.post(&link, &[]).await;
        let id = subscription(&site, "jo@example.org").await;
        let stop = newsletters::unsubscribe_url(&site.app, id);
        let stop = stop.strip_prefix(&site.app.config.origin()).unwrap();
        let post = |path: String| {
            browser
                .client
                .post(site.url(&path))
                .header("origin", "https://mail.example.com")
                .header("sec-fetch-site", "cross-site")
                .form(&[("List-Unsubscribe", "One-Click")])
                .send()
        };
        site.clock.forward(TimeDelta::minutes(1));
        let other = if stop.ends_with('A') { "B" } else { "A" };
        let forged = format!("{}{other}", &stop[..stop.len() - 1]);
        assert_eq!(post(forged).await.unwrap().status(), StatusCode::GONE);
        assert!(newsletters::is_live(&site.app, "jo@example.org").await.unwrap());
        assert_eq!(post(stop.to_owned()).await.unwrap().status(), StatusCode::NO_CONTENT);
        assert!(!newsletters::is_live(&site.app, "jo@example.org").await.unwrap());
        assert_eq!(consents(&site).await[1].2, "one-click");
        // Anything else from another site is still refused.
        let other = browser
            .client
            .post(site.url("/newsletter"))
            .header("origin", "https://mail.example.com")
            .header("sec-fetch-site", "cross-site")
            .form(&[("email", "jo@example.org")])
            .send()
            .await
            .unwrap();
        assert_eq!(other.status(), StatusCode::FORBIDDEN);
    }

    async fn the_same_answer_for_every_address(site: Site) {
        let browser = site.browser();
        ask(&site, &browser, "known@example.org").await;
        let link = links(&site, "/newsletter/confirm/", 1).await.remove(0);
        browser.post(&link, &[]).await;
        let known = ask(&site, &browser, "known@example.org").await;
        let unknown = ask(&site, &browser, "unknown@example.org").await;
        assert_eq!(known, unknown);
        links(&site, "/newsletter/confirm/", 3).await;
    }

    async fn an_address_is_not_buried_in_messages(site: Site) {
        let browser = site.browser();
        for _ in 0..6 {
            ask(&site, &browser, "jo@example.org").await;
        }
        assert_eq!(written(&site).await, 3);
        assert_eq!(links(&site, "/newsletter/confirm/", 3).await.len(), 3);
    }

    async fn asked_for_before_there_was_an_account_it_is_stopped_in_the_account(site: Site) {
        let mary = site.member("Mary").await;
        ask(&site, &site.browser(), &mary.email).await;
        let link = links(&site, "/newsletter/confirm/", 1).await.remove(0);
        site.browser().post(&link, &[]).await;
        assert!(newsletters::is_live(&site.app, &mary.email).await.unwrap());
        site.clock.forward(TimeDelta::seconds(1));
        mary.browser.post("/account/details/newsletter", &[("newsletter", "no")]).await;
        assert!(!newsletters::is_live(&site.app, &mary.email).await.unwrap());
    }

    async fn a_member_chooses_in_the_account(site: Site) {
        let mary = site.member("Mary").await;
        let path = "/account/details/newsletter";
        for (answer, live) in [("yes", true), ("no", false), ("yes", true), ("yes", true)] {
            site.clock.forward(TimeDelta::seconds(1));
            let sent = mary.browser.post(path, &[("newsletter", answer)]).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
            assert_eq!(newsletters::is_live(&site.app, &mary.email).await.unwrap(), live);
        }
        let channels: Vec<_> = consents(&site).await.into_iter().map(|(given, _, channel)| (given, channel)).collect();
        let account = "account".to_owned();
        assert_eq!(channels, [(true, account.clone()), (false, account.clone()), (true, account)]);
    }
}

#[tokio::test]
async fn programs_are_kept_out_quietly() {
    let site = Site::on_sqlite().await;
    let browser = site.browser();
    let form = browser.get("/newsletter").await;
    let started = form.field("started").unwrap();
    // At once.
    let fields = [("email", "jo@example.org"), ("started", &started)];
    let answer = browser.post("/newsletter", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.field("email").unwrap(), "jo@example.org");
    // Into the hidden field: the usual answer, and nothing done.
    site.clock.forward(TimeDelta::seconds(10));
    let fields = [
        ("email", "jo@example.org"),
        ("started", &started),
        ("web-page", "x"),
    ];
    assert_eq!(
        browser.post("/newsletter", &fields).await.location(),
        "/newsletter/sent"
    );
    assert_eq!(written(&site).await, 0);
    // Not an address.
    let fields = [
        ("email", "jo@example.org\r\nBcc: x@example.org"),
        ("started", &started),
    ];
    let answer = browser.post("/newsletter", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.title().starts_with("Error: "));
}

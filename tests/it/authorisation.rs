//! The authorisation table: every route × every role, by calling each.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use wellbeing_courses::app;

use crate::support::people::Sort;
use crate::support::{Answer, Browser, Site};

/// The written table: method, path, guard.
fn table() -> Vec<(&'static str, &'static str, &'static str)> {
    include_str!("authorisation.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (method, rest) = line.split_once(' ').unwrap();
            let (path, guard) = rest.split_once(' ').unwrap();
            (method, path, guard)
        })
        .collect()
}

#[test]
fn every_route_is_in_the_table_with_its_guard() {
    let served: BTreeSet<String> = app::recorded()
        .into_iter()
        .map(|r| format!("{} {} {}", r.method, r.path, r.guard))
        .collect();
    let written: BTreeSet<String> = table()
        .into_iter()
        .map(|(method, path, guard)| format!("{method} {path} {guard}"))
        .collect();
    let missing: Vec<_> = served.difference(&written).collect();
    let stale: Vec<_> = written.difference(&served).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "served but not in tests/it/authorisation.txt: {missing:#?}\nin it but not served: {stale:#?}"
    );
}

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Visitor,
    Unverified,
    Member,
    Volunteer,
}

/// What the guard must do with them.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Enters,
    SignsInFirst,
    ConfirmsAddressFirst,
}

fn expected(guard: &str, role: Role) -> Verdict {
    match (guard, role) {
        ("signed in" | "member", Role::Visitor) => Verdict::SignsInFirst,
        ("anyone" | "visitor", _)
        | ("signed in", Role::Unverified)
        | ("signed in" | "member", Role::Member | Role::Volunteer) => Verdict::Enters,
        ("member", Role::Unverified) => Verdict::ConfirmsAddressFirst,
        (guard, _) => panic!("the table has a guard that this test does not know: {guard}"),
    }
}

fn verdict(answer: &Answer) -> Verdict {
    if answer.status == StatusCode::SEE_OTHER {
        let to = answer.location();
        if to.starts_with("/sign-in?next=") {
            return Verdict::SignsInFirst;
        }
        if to == "/account/verify" {
            return Verdict::ConfirmsAddressFirst;
        }
    }
    Verdict::Enters
}

/// A path with something in each parameter that does not exist.
fn path(pattern: &str) -> String {
    pattern
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                "nothing-here"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn call(browser: &Browser, method: &str, pattern: &str) -> Answer {
    match method {
        "GET" => browser.get(&path(pattern)).await,
        "POST" => browser.post(&path(pattern), &[("nothing", "")]).await,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_lets_in_whom_the_table_says_and_nobody_else() {
    let mut wrong = Vec::new();
    for role in [
        Role::Visitor,
        Role::Unverified,
        Role::Member,
        Role::Volunteer,
    ] {
        let site = Site::on_sqlite().await;
        for (method, pattern, guard) in table() {
            // Somebody new each time: a route may sign them out.
            let browser = match role {
                Role::Visitor => site.browser(),
                Role::Unverified => {
                    site.somebody("Una", Sort::Unverified, "1954-06-02")
                        .await
                        .browser
                }
                Role::Member => site.member("Mary").await.browser,
                Role::Volunteer => {
                    site.somebody("Vera", Sort::Volunteer, "1954-06-02")
                        .await
                        .browser
                }
            };
            let answer = call(&browser, method, pattern).await;
            let got = verdict(&answer);
            let want = expected(guard, role);
            if got != want && !sends_on_by_itself(pattern, role) {
                wrong.push(format!(
                    "{method} {pattern} as {role:?}: {got:?}, not {want:?}"
                ));
            }
            // What is not there is a page in words; nothing here may be a failure of ours.
            if answer.status.is_server_error() {
                wrong.push(format!("{method} {pattern} as {role:?}: {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Routes that send people to sign in as their own answer, not as a guard's.
fn sends_on_by_itself(pattern: &str, role: Role) -> bool {
    match pattern {
        "/sign-out" | "/account/security/sign-out-everywhere" => true,
        // "We have sent it again" is said on the page that people are sent to anyway.
        "/account/verify" => role == Role::Unverified,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_from_another_site_is_refused_on_every_route() {
    let site = Site::on_sqlite().await;
    let browser = site.member("Mary").await.browser;
    for (method, pattern, _) in table() {
        if method != "POST" || ONE_CLICK.contains(&pattern) {
            continue;
        }
        let response = browser
            .client
            .post(site.url(&path(pattern)))
            .header("sec-fetch-site", "cross-site")
            .header("origin", "https://elsewhere.example")
            .form(&[("nothing", "")])
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{pattern}");
    }
}

/// The one POST that comes from mail programs (RFC 8058); it proves itself by its signed token.
const ONE_CLICK: &[&str] = &["/unsubscribe/{token}"];

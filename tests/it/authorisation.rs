//! The authorisation table: every route × every role, by calling each.

mod objects;

use std::collections::BTreeSet;

use reqwest::StatusCode;
use rstest::rstest;
use wellbeing_courses::accounts::roles::Role as Works;
use wellbeing_courses::{app, read};

use crate::support::people::{Somebody, Sort};
use crate::support::{Answer, Browser, Site};

/// The written table: method, path, guard.
pub fn table() -> Vec<(&'static str, &'static str, &'static str)> {
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
    /// A member with a second step, who has only given the password.
    PasswordAlone,
    /// Somebody who works here and has not set up the second step.
    OwnerWithoutSecondStep,
    Staff(Works),
}

/// What the guard must do with them.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Enters,
    SignsInFirst,
    ConfirmsAddressFirst,
    TakesSecondStepFirst,
    SetsUpSecondStepFirst,
    /// Only a program with its own token.
    NeedsToken,
    /// "Not yours": written down, and answered as if it were not there.
    IsRefused,
}

/// Which roles open a desk.
fn opens(guard: &str) -> Option<&'static [Works]> {
    Some(match guard {
        "desk" => &[
            Works::Tutor,
            Works::Coordinator,
            Works::CourseAdmin,
            Works::Enquiries,
            Works::Communications,
            Works::DataProtection,
            Works::Triage,
            Works::PodPartner,
            Works::Safeguarding,
            Works::Commissioner,
            Works::Owner,
        ],
        "desk: staff" => &[Works::Owner],
        "desk: audit" | "desk: requests" => &[Works::DataProtection, Works::Owner],
        "desk: courses" => &[Works::CourseAdmin],
        "desk: teaching" | "desk: reports" => &[Works::CourseAdmin, Works::Owner],
        "desk: feedback" => &[Works::CourseAdmin, Works::Communications],
        "desk: published reports" => &[Works::CourseAdmin, Works::Owner, Works::Commissioner],
        "desk: registers" => &[Works::Tutor, Works::Coordinator],
        _ => return None,
    })
}

fn expected(guard: &str, role: Role) -> Verdict {
    match (guard, role) {
        ("anyone" | "visitor", _) | ("password given", Role::PasswordAlone) => Verdict::Enters,
        ("notify", _) => Verdict::NeedsToken,
        (_, Role::Visitor) => Verdict::SignsInFirst,
        (_, Role::PasswordAlone) => Verdict::TakesSecondStepFirst,
        ("member", Role::Unverified) => Verdict::ConfirmsAddressFirst,
        ("signed in" | "password given" | "member", _) => Verdict::Enters,
        (guard, role) => {
            let Some(open_to) = opens(guard) else {
                panic!("the table has a guard that this test does not know: {guard}")
            };
            match role {
                Role::Staff(works) if open_to.contains(&works) => Verdict::Enters,
                Role::OwnerWithoutSecondStep if open_to.contains(&Works::Owner) => {
                    Verdict::SetsUpSecondStepFirst
                }
                _ => Verdict::IsRefused,
            }
        }
    }
}

fn verdict(answer: &Answer, was_refused: bool) -> Verdict {
    if was_refused {
        return Verdict::IsRefused;
    }
    if answer.status == StatusCode::UNAUTHORIZED {
        return Verdict::NeedsToken;
    }
    if answer.status == StatusCode::SEE_OTHER {
        let to = answer.location();
        if to.starts_with("/sign-in?next=") {
            return Verdict::SignsInFirst;
        }
        if to.starts_with("/sign-in/second-step?next=") {
            return Verdict::TakesSecondStepFirst;
        }
        if to.starts_with("/account/two-step?next=") {
            return Verdict::SetsUpSecondStepFirst;
        }
        if to == "/account/verify" {
            return Verdict::ConfirmsAddressFirst;
        }
    }
    Verdict::Enters
}

/// Somebody like that; nobody for a visitor.
async fn somebody(site: &Site, role: Role) -> Option<Somebody> {
    Some(match role {
        Role::Visitor => return None,
        Role::Unverified => site.somebody("Una", Sort::Unverified, "1954-06-02").await,
        Role::Member => site.member("Mary").await,
        Role::Volunteer => site.somebody("Vera", Sort::Volunteer, "1954-06-02").await,
        Role::PasswordAlone => {
            let somebody = site.member("Paula").await;
            site.set_up_second_step(&somebody).await;
            somebody
        }
        Role::OwnerWithoutSecondStep => {
            let somebody = site.member("Olive").await;
            site.works_here(&somebody, &[Works::Owner]).await;
            somebody
        }
        Role::Staff(works @ (Works::Coordinator | Works::PodPartner)) => {
            site.staff_of("Stan", works).await
        }
        Role::Staff(works) => site.staff("Stan", &[works]).await,
    })
}

/// A browser in which they have just signed in.
async fn browser(site: &Site, role: Role, somebody: Option<&Somebody>) -> Browser {
    match (role, somebody) {
        (_, None) => site.browser(),
        (Role::Staff(_), Some(somebody)) => site.desk_browser(somebody).await,
        (_, Some(somebody)) => site.browser_of(somebody).await,
    }
}

/// How many refusals are written down.
async fn refusals(site: &Site) -> i64 {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE action = 'refused'")
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
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

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_lets_in_whom_the_table_says_and_nobody_else(
    #[values(
        Role::Visitor,
        Role::Unverified,
        Role::Member,
        Role::Volunteer,
        Role::PasswordAlone,
        Role::OwnerWithoutSecondStep,
        Role::Staff(Works::Tutor),
        Role::Staff(Works::Coordinator),
        Role::Staff(Works::CourseAdmin),
        Role::Staff(Works::Enquiries),
        Role::Staff(Works::Communications),
        Role::Staff(Works::DataProtection),
        Role::Staff(Works::Triage),
        Role::Staff(Works::PodPartner),
        Role::Staff(Works::Safeguarding),
        Role::Staff(Works::Commissioner),
        Role::Staff(Works::Owner)
    )]
    role: Role,
) {
    let mut wrong = Vec::new();
    let site = Site::on_sqlite().await;
    let nowhere = site.browser().get("/there/is/no/such/page").await.body;
    let somebody = somebody(&site, role).await;
    let mut here = browser(&site, role, somebody.as_ref()).await;
    for (method, pattern, guard) in table() {
        let before = refusals(&site).await;
        let answer = call(&here, method, pattern).await;
        let was_refused = refusals(&site).await > before;
        let got = verdict(&answer, was_refused);
        let want = expected(guard, role);
        if got != want && !sends_on_by_itself(pattern, role) {
            wrong.push(format!("{method} {pattern}: {got:?}, not {want:?}"));
        }
        if was_refused && (answer.status != StatusCode::NOT_FOUND || answer.body != nowhere) {
            wrong.push(format!(
                "{method} {pattern}: not yours is not as if it were not there"
            ));
        }
        // What is not there is a page in words; nothing here may be a failure of ours.
        if answer.status.is_server_error() {
            wrong.push(format!("{method} {pattern}: {}", answer.status));
        }
        if method == "POST" {
            // It may have signed them out.
            here = browser(&site, role, somebody.as_ref()).await;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Routes that send people to sign in as their own answer, not as a guard's.
fn sends_on_by_itself(pattern: &str, role: Role) -> bool {
    match pattern {
        // The last: without a password there is nothing to set up yet.
        "/sign-out" | "/account/security/sign-out-everywhere" | "/account/two-step" => true,
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
        if method != "POST" || FROM_PROGRAMS.contains(&pattern) {
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

/// The POSTs that come from programs: a mail program's (RFC 8058) proves itself by its signed token, Notify by its own.
const FROM_PROGRAMS: &[&str] = &["/unsubscribe/{token}", "/messages/receipts"];

//! Is a person there? Every way to get past the check without doing it is refused, and in words.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::json;
use wellbeing_courses::server::captcha::own::{self, Cost};
use wellbeing_courses::server::captcha::{self, Passed, Problem, quiet};
use wellbeing_courses::ui::form::Submitted;
use wiremock::matchers::{body_string_contains, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Site, TestClock};

pub const FORM: &str = "sign-up";
const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

/// Checks a form as a browser sends it, a while after the page was made.
async fn check(site: &Site, fields: &[(&str, &str)], form: &str) -> Result<Passed, Problem> {
    // The signed time is for the same form.
    let before = site.app.clock.now() - TimeDelta::seconds(30);
    let started = quiet::started(&site.app.vault, form, before);
    let mut all = vec![("started", started.as_str())];
    all.extend_from_slice(fields);
    let body = serde_urlencoded::to_string(all).unwrap();
    let submitted = Submitted::parse(body.as_bytes()).unwrap();
    captcha::check(&site.app, &submitted, PEER, form)
        .await
        .unwrap()
}

/// An answer to a challenge of ours, as the widget sends it.
pub fn solved(site: &Site, form: &str) -> String {
    let cost = Cost {
        rounds: 2,
        tries: 3,
    };
    let challenge = own::challenge(&site.app.vault, form, site.app.clock.now(), cost).unwrap();
    let solution = altcha::solve_challenge(altcha::SolveChallengeOptions::new(&challenge))
        .unwrap()
        .unwrap();
    let payload = altcha::Payload {
        challenge,
        solution,
    };
    STANDARD.encode(serde_json::to_vec(&payload).unwrap())
}

on_both! {
    async fn our_own_check(site: Site) {
        assert_eq!(check(&site, &[], FORM).await, Err(Problem::Missing));
        assert_eq!(check(&site, &[("altcha", "")], FORM).await, Err(Problem::Missing));
        assert_eq!(check(&site, &[("altcha", "garbage")], FORM).await, Err(Problem::Refused));
        let answer = solved(&site, FORM);
        assert_eq!(check(&site, &[("altcha", &answer)], "newsletter").await, Err(Problem::Refused), "other form's");
        assert_eq!(check(&site, &[("altcha", &answer)], FORM).await, Ok(Passed::Checked));
        assert_eq!(check(&site, &[("altcha", &answer)], FORM).await, Err(Problem::Used), "replayed");
        let old = solved(&site, FORM);
        site.clock.forward(own::GOOD_FOR);
        assert_eq!(check(&site, &[("altcha", &old)], FORM).await, Err(Problem::Old), "expired");
        let forged = forge(&site);
        assert_eq!(check(&site, &[("altcha", &forged)], FORM).await, Err(Problem::Refused), "forged");
    }

    async fn an_answer_counts_once_however_many_send_it(site: Site) {
        let answer = solved(&site, FORM);
        let fields = [("altcha", answer.as_str())];
        let checks = (0..20).map(|_| check(&site, &fields, FORM));
        let passed = futures::future::join_all(checks)
            .await
            .into_iter()
            .filter(|outcome| *outcome == Ok(Passed::Checked))
            .count();
        assert_eq!(passed, 1);
    }

    async fn used_answers_are_swept_when_they_could_not_count_anyway(site: Site) {
        let answer = solved(&site, FORM);
        check(&site, &[("altcha", &answer)], FORM).await.unwrap();
        wellbeing_courses::server::jobs::sweep(&site.app).await;
        assert_eq!(used(&site).await, 1);
        site.clock.forward(own::GOOD_FOR + TimeDelta::minutes(1));
        wellbeing_courses::server::jobs::sweep(&site.app).await;
        assert_eq!(used(&site).await, 0);
        assert_eq!(check(&site, &[("altcha", &answer)], FORM).await, Err(Problem::Old));
    }
}

async fn used(site: &Site) -> i64 {
    wellbeing_courses::read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM captcha_used")
            .fetch_one(&mut *c)
            .await?)
    })
    .unwrap()
}

/// An easy challenge that we did not sign.
fn forge(site: &Site) -> String {
    let cost = Cost {
        rounds: 1,
        tries: 1,
    };
    let mut challenge = own::challenge(&site.app.vault, FORM, site.app.clock.now(), cost).unwrap();
    let data = challenge.parameters.data.as_mut().unwrap();
    data.insert("until".to_owned(), json!(4_000_000_000_u64));
    let solution = altcha::solve_challenge(altcha::SolveChallengeOptions::new(&challenge))
        .unwrap()
        .unwrap();
    STANDARD.encode(
        serde_json::to_vec(&altcha::Payload {
            challenge,
            solution,
        })
        .unwrap(),
    )
}

#[tokio::test]
async fn without_scripts_the_link_is_the_check_within_limits() {
    let site = Site::on_sqlite().await;
    let app = &site.app;
    let link = [("captcha-way", "link")];
    assert_eq!(check(&site, &link, FORM).await, Ok(Passed::ByLink));
    let trap = [("captcha-way", "link"), ("web-page", "x")];
    assert_eq!(check(&site, &trap, FORM).await, Err(Problem::Trap));
    // Too quick, without a time, with a time that was changed or is another form's.
    let now = quiet::started(&app.vault, FORM, app.clock.now());
    let other = quiet::started(
        &app.vault,
        "newsletter",
        app.clock.now() - TimeDelta::minutes(1),
    );
    let earlier = now.replacen(&now[..10], "1000000000", 1);
    for (started, problem) in [
        (now.as_str(), Problem::TooQuick),
        ("", Problem::Old),
        (&other, Problem::Old),
        (&earlier, Problem::Old),
    ] {
        let body =
            serde_urlencoded::to_string([("started", started), ("captcha-way", "link")]).unwrap();
        let submitted = Submitted::parse(body.as_bytes()).unwrap();
        assert_eq!(
            captcha::check(app, &submitted, PEER, FORM).await.unwrap(),
            Err(problem)
        );
    }
    let mut passed = 1;
    while check(&site, &link, FORM).await == Ok(Passed::ByLink) {
        passed += 1;
        assert!(passed < 100, "there is no limit");
    }
    assert_eq!(passed, 20);
    assert_eq!(check(&site, &link, FORM).await, Err(Problem::TooMany));
    // The check itself still works from there.
    let answer = solved(&site, FORM);
    assert_eq!(
        check(&site, &[("altcha", &answer)], FORM).await,
        Ok(Passed::Checked)
    );
}

#[tokio::test]
async fn a_network_has_a_limit_of_its_own_and_however_its_addresses_are_written_it_is_one() {
    let site = Site::on_sqlite().await;
    let skip = |peer: &str| site.app.captcha.may_skip(peer.parse().unwrap());
    // The same address, as an IPv4 and through an IPv6 socket.
    assert!((0..10).all(|_| skip("192.0.2.1") && skip("::ffff:192.0.2.1")));
    assert!(!skip("192.0.2.1") && !skip("::ffff:192.0.2.1"));
    // Others in that network, up to 60.
    assert!((0..20).all(|_| skip("::ffff:192.0.2.2") && skip("192.0.2.3")));
    assert!(!skip("192.0.2.4"), "the network's limit");
    assert!(skip("192.0.3.1"), "another network");
    // An IPv6 household is one peer.
    assert!((0..20).all(|n| skip(&format!("2001:db8:1:2::{n:x}"))));
    assert!(!skip("2001:db8:1:2:3::4"));
    assert!(skip("2001:db8:1:3::1"));
}

#[tokio::test]
async fn a_challenge_is_for_one_form_and_kept_by_nobody() {
    let site = Site::on_sqlite().await;
    let browser = site.browser();
    let answer = browser.get("/captcha/challenge/sign-up").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json["parameters"]["data"]["form"], "sign-up");
    assert_eq!(browser.get("/captcha/challenge/%3Cx%3E").await.status, 404);
}

/// The response field, setting and whether the provider names the form.
const PROVIDERS: [(&str, &str, bool); 3] = [
    ("turnstile", "cf-turnstile-response", true),
    ("hcaptcha", "h-captcha-response", false),
    ("recaptcha", "g-recaptcha-response", false),
];

async fn with_provider(kind: &str, server: &MockServer) -> Site {
    Site::with(&[
        ("captcha", kind),
        ("captcha_site_key", "site-key"),
        ("captcha_secret", "the-secret"),
        ("captcha_url", &server.uri()),
    ])
    .await
}

pub async fn answers(server: &MockServer, response: ResponseTemplate) {
    server.reset().await;
    Mock::given(method("POST"))
        .and(body_string_contains("secret=the-secret"))
        .respond_with(response)
        .mount(server)
        .await;
}

pub fn verdict(seconds_ago: i64, hostname: &str, action: Option<&str>) -> ResponseTemplate {
    let at = TestClock::start() - TimeDelta::seconds(seconds_ago);
    let mut body =
        json!({ "success": true, "challenge_ts": at.to_rfc3339(), "hostname": hostname });
    if let Some(action) = action {
        body["action"] = json!(action);
    }
    ResponseTemplate::new(200).set_body_json(body)
}

#[tokio::test]
async fn every_provider_is_believed_only_when_all_is_right() {
    for (kind, field, names_action) in PROVIDERS {
        let server = MockServer::start().await;
        let site = with_provider(kind, &server).await;
        let action = names_action.then_some(FORM);
        let host = "127.0.0.1";
        let mut n = 0;
        let mut token = || {
            n += 1;
            format!("token-{n}")
        };
        assert_eq!(
            check(&site, &[], FORM).await,
            Err(Problem::Missing),
            "{kind}"
        );
        answers(&server, verdict(5, host, action)).await;
        let first = token();
        assert_eq!(
            check(&site, &[(field, &first)], FORM).await,
            Ok(Passed::Checked),
            "{kind}"
        );
        assert_eq!(
            check(&site, &[(field, &first)], FORM).await,
            Err(Problem::Used),
            "{kind}: replayed"
        );
        let cases = [
            ("expired", verdict(301, host, action), Problem::Old),
            ("from the future", verdict(-120, host, action), Problem::Old),
            (
                "wrong hostname",
                verdict(5, "evil.example", action),
                Problem::Refused,
            ),
            (
                "wrong action",
                verdict(5, host, Some("contact")),
                Problem::Refused,
            ),
            (
                "says it was used",
                ResponseTemplate::new(200).set_body_json(
                    json!({ "success": false, "error-codes": ["timeout-or-duplicate"] }),
                ),
                Problem::Old,
            ),
            (
                "says no",
                ResponseTemplate::new(200).set_body_json(
                    json!({ "success": false, "error-codes": ["invalid-input-response"] }),
                ),
                Problem::Refused,
            ),
            (
                "a bare yes",
                ResponseTemplate::new(200).set_body_json(json!({ "success": true })),
                Problem::Refused,
            ),
            ("500", ResponseTemplate::new(500), Problem::Down),
            (
                "garbage",
                ResponseTemplate::new(200).set_body_string("<html>yes</html>"),
                Problem::Down,
            ),
            (
                "far too much",
                ResponseTemplate::new(200).set_body_string("x".repeat(100_000)),
                Problem::Down,
            ),
            (
                "redirect",
                ResponseTemplate::new(302).insert_header("location", server.uri().as_str()),
                Problem::Down,
            ),
        ];
        for (what, response, problem) in cases {
            answers(&server, response).await;
            assert_eq!(
                check(&site, &[(field, &token())], FORM).await,
                Err(problem),
                "{kind}: {what}"
            );
        }
        if names_action {
            answers(&server, verdict(5, host, None)).await;
            assert_eq!(
                check(&site, &[(field, &token())], FORM).await,
                Err(Problem::Refused),
                "{kind}: no action"
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_slow_or_away_is_no_way_round() {
    for (kind, field, names_action) in PROVIDERS {
        let server = MockServer::start().await;
        let site = with_provider(kind, &server).await;
        let action = names_action.then_some(FORM);
        let slow = verdict(5, "127.0.0.1", action).set_delay(Duration::from_secs(30));
        answers(&server, slow).await;
        let fields = [(field, "a")];
        let outcome = tokio::time::timeout(Duration::from_secs(20), check(&site, &fields, FORM));
        assert_eq!(outcome.await.unwrap(), Err(Problem::Down), "{kind}: slow");
        drop(server);
        assert_eq!(
            check(&site, &[(field, "b")], FORM).await,
            Err(Problem::Down),
            "{kind}: away"
        );
        // A link by email is the way on.
        assert_eq!(
            check(&site, &[("captcha-way", "link")], FORM).await,
            Ok(Passed::ByLink),
            "{kind}"
        );
        // Also where the widget has filled its field by itself.
        let solved = [(field, "c"), ("captcha-way", "link")];
        assert_eq!(
            check(&site, &solved, FORM).await,
            Ok(Passed::ByLink),
            "{kind}"
        );
    }
    assert!(Problem::Down.words().contains("email you a link"));
}

#[tokio::test]
async fn the_content_policy_names_the_provider_and_nobody_else() {
    let server = MockServer::start().await;
    let site = with_provider("turnstile", &server).await;
    let answer = site.browser().get("/newsletter").await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval' https://challenges.cloudflare.com;"),
        "{policy}"
    );
    assert!(
        policy.contains("frame-src https://challenges.cloudflare.com"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-inline"));
    let own = Site::on_sqlite().await;
    let answer = own.browser().get("/newsletter").await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("https://"), "{policy}");
}

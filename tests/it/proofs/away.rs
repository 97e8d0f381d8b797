//! R9: the mail server is away, Notify says 503 and takes its time, and whoever checks that a person is there answers nobody.
//! Whoever books or signs up does not wait for any of them, and nobody gets past the check.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::StatusCode;
use wiremock::{MockServer, ResponseTemplate};

use super::proved;
use crate::accounts::sign_up;
use crate::bookings::pages::{book_path, fields};
use crate::bookings::world::{self, RunSpec};
use crate::support::smtp::{Mood, Smtp};
use crate::support::{Site, new_database};
use crate::{captcha, texts};

/// How many people book at once.
const PEOPLE: usize = 40;
/// How often somebody who signs up tries to get past the check.
const TRIES: usize = 5;
/// Everybody has their answer within so long.
const ANSWERED: Duration = Duration::from_secs(4);
/// Longer than we wait for the check, and less long than for Notify.
const SLOW: Duration = Duration::from_secs(15);

const EMAIL: &str = "joyce@example.org";

/// What came, having noted how long it took if nothing took longer.
async fn timed<T>(slowest: &mut Duration, answer: impl Future<Output = T>) -> T {
    let from = Instant::now();
    let answer = answer.await;
    *slowest = from.elapsed().max(*slowest);
    answer
}

/// Somebody books; the longest that they waited for a page.
async fn books(site: &Site, path: &str) -> Duration {
    let mary = site.member("Mary Ashdown").await;
    let mut slowest = Duration::ZERO;
    let check = timed(&mut slowest, mary.browser.get(path)).await;
    let key = check.field("form-key").unwrap();
    let form = fields(&key);
    let sent = timed(&mut slowest, mary.browser.post(path, &form)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let to = sent.location();
    let done = timed(&mut slowest, mary.browser.get(&to)).await;
    assert_eq!(done.words("h1"), ["Your place is booked"]);
    slowest
}

/// Somebody signs up and cannot be checked; the longest that they waited for a page.
async fn signs_up(site: &Site) -> Duration {
    let visitor = site.browser();
    sign_up::answers(&visitor, EMAIL, "1952").await;
    let mut slowest = Duration::ZERO;
    let page = timed(&mut slowest, visitor.get("/sign-up/captcha")).await;
    let started = page.field("started").unwrap();
    site.clock.forward(TimeDelta::seconds(10));
    for n in 0..TRIES {
        let token = format!("token-{n}");
        let form = [
            ("started", started.as_str()),
            ("cf-turnstile-response", token.as_str()),
        ];
        let sent = timed(&mut slowest, visitor.post("/sign-up/captcha", &form)).await;
        assert_eq!(sent.location(), "/sign-up/captcha", "not let past");
        let again = timed(&mut slowest, visitor.get("/sign-up/captcha")).await;
        assert!(again.body.contains("Your answers are safe"));
    }
    let passed = "SELECT COUNT(*) FROM sign_up_draft WHERE captcha_passed_at IS NOT NULL";
    assert_eq!(world::number(site, passed).await, 0, "past the check");
    let kept = timed(&mut slowest, visitor.get("/sign-up/answers")).await;
    for words in ["Joyce Penhallow", "31 March 1952", EMAIL] {
        assert!(kept.body.contains(words), "{words}");
    }
    let link = [("started", started.as_str()), ("captcha-way", "link")];
    let sent = timed(&mut slowest, visitor.post("/sign-up/captcha", &link)).await;
    assert_eq!(sent.location(), "/sign-up/open-email", "the way on");
    slowest
}

async fn nobody_waits(database_url: Option<String>) {
    let (post, notify, provider) = (
        Smtp::start().await,
        MockServer::start().await,
        MockServer::start().await,
    );
    post.set(Mood::Away);
    texts::answers(&notify, ResponseTemplate::new(503).set_delay(SLOW)).await;
    // It would say yes, if it were waited for.
    let yes = captcha::verdict(5, "127.0.0.1", Some(captcha::FORM));
    captcha::answers(&provider, yes.set_delay(SLOW)).await;
    let settings = [
        ("mail", post.url()),
        ("notify_key", texts::KEY.to_owned()),
        ("notify_receipt_token", texts::TOKEN.to_owned()),
        (
            "notify_template",
            "f33517ff-2a88-4f6e-b855-c550268ce08a".to_owned(),
        ),
        ("notify_url", notify.uri()),
        ("captcha", "turnstile".to_owned()),
        ("captcha_site_key", "site-key".to_owned()),
        ("captcha_secret", "the-secret".to_owned()),
        ("captcha_url", provider.uri()),
    ];
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let site = Site::start(database_url, &settings).await;
    texts::queue(&site, "A text that does not get through").await;
    let spec = RunSpec {
        capacity: i64::try_from(PEOPLE).unwrap(),
        ..RunSpec::default()
    };
    let path = book_path(&world::run(&site, spec).await);
    let all = (0..PEOPLE).map(|_| books(&site, &path));
    let booked = futures::future::join_all(all).await;
    let signed_up = signs_up(&site).await;
    let slowest = booked.into_iter().fold(signed_up, Duration::max);

    let waiting =
        "SELECT COUNT(*) FROM outbox WHERE cause LIKE 'booking:%:confirmed' AND state = 'waiting'";
    let waiting = world::number(&site, waiting).await;
    assert_eq!(usize::try_from(waiting).unwrap(), PEOPLE, "letters wait");
    let asked = notify.received_requests().await.unwrap();
    assert!(!asked.is_empty(), "Notify was asked meanwhile");
    proved(
        "R9",
        &format!(
            "mail away, Notify 503 and slow, captcha slow, {}",
            site.app.db.name()
        ),
        &format!("{PEOPLE} bookings at once, {TRIES} tries to pass the check"),
        &format!(
            "each booking 303, 0 past the check, answers kept; slowest {} ms",
            slowest.as_millis()
        ),
        "each 303 and within 4 s, 0 past the check",
    );
    assert!(slowest < ANSWERED, "somebody waited {slowest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R9"]
async fn nobody_waits_for_whoever_is_away_on_sqlite() {
    nobody_waits(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R9"]
async fn nobody_waits_for_whoever_is_away_on_postgres() {
    nobody_waits(Some(new_database().await)).await;
}

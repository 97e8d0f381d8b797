//! Text messages by GOV.UK Notify: a stub of it says what it was asked, and answers in every mood.

use chrono::TimeDelta;
use serde_json::Value;
use wellbeing_courses::messages::{self, MessageKind, Text, jobs};
use wellbeing_courses::read;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{REAL, Site};

pub const KEY: &str =
    "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

/// What Notify shows when it calls us.
pub const TOKEN: &str = "a-token-that-we-chose-and-set-in-notify";

async fn site(notify: &MockServer) -> Site {
    Site::with(&[
        ("notify_key", KEY),
        ("notify_receipt_token", TOKEN),
        ("notify_template", "f33517ff-2a88-4f6e-b855-c550268ce08a"),
        ("notify_url", &notify.uri()),
    ])
    .await
}

pub async fn answers(notify: &MockServer, answer: ResponseTemplate) {
    notify.reset().await;
    Mock::given(method("POST"))
        .and(path("/v2/notifications/sms"))
        .respond_with(answer)
        .mount(notify)
        .await;
}

/// Queues a text; its cause is its words.
pub async fn queue(site: &Site, words: &str) {
    let text = Text {
        kind: MessageKind::Reminder,
        to: "+447700900214".into(),
        words: words.into(),
    };
    let message = messages::prepare(&site.app, text, None, words)
        .await
        .unwrap();
    messages::queue(&site.app, &message).await.unwrap();
}

/// How a text stands, after everything that is due was tried.
async fn standing(site: &Site, cause: &str) -> String {
    loop {
        jobs::send_due(&site.app).await.unwrap();
        let (state, attempts, leased): (String, i64, bool) = read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT state, attempts, lease_owner IS NOT NULL FROM outbox WHERE cause = $1",
            )
            .bind(cause)
            .fetch_one(&mut *c)
            .await?)
        })
        .unwrap();
        if attempts > 0 && !leased {
            return state;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notify_is_asked_with_a_token_and_our_own_words() {
    let notify = MockServer::start().await;
    answers(&notify, ResponseTemplate::new(201)).await;
    let site = site(&notify).await;
    queue(&site, "Tomorrow at 10:30am").await;
    assert_eq!(standing(&site, "Tomorrow at 10:30am").await, "sent");
    let asked = notify.received_requests().await.unwrap();
    assert_eq!(asked.len(), 1);
    let token = asked[0].headers["authorization"].to_str().unwrap();
    assert!(
        token.starts_with("Bearer ") && token.split('.').count() == 3,
        "{token}"
    );
    let body: Value = asked[0].body_json().unwrap();
    assert_eq!(body["phone_number"], "+447700900214");
    assert_eq!(body["personalisation"]["words"], "Tomorrow at 10:30am");
    assert_eq!(body["template_id"], "f33517ff-2a88-4f6e-b855-c550268ce08a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_waits_as_long_as_notify_asks_and_a_wrong_number_is_not_tried_again() {
    let notify = MockServer::start().await;
    answers(
        &notify,
        ResponseTemplate::new(429).insert_header("retry-after", "600"),
    )
    .await;
    let site = site(&notify).await;
    queue(&site, "busy").await;
    assert_eq!(standing(&site, "busy").await, "waiting");
    site.clock.forward(TimeDelta::seconds(599));
    answers(&notify, ResponseTemplate::new(201)).await;
    jobs::send_due(&site.app).await.unwrap();
    assert!(
        notify.received_requests().await.unwrap().is_empty(),
        "too soon"
    );
    site.clock.forward(TimeDelta::seconds(2));
    while standing(&site, "busy").await != "sent" {
        tokio::task::yield_now().await;
    }
    answers(&notify, ResponseTemplate::new(400)).await;
    queue(&site, "wrong").await;
    assert_eq!(standing(&site, "wrong").await, "dead");
    answers(&notify, ResponseTemplate::new(503)).await;
    queue(&site, "away").await;
    assert_eq!(standing(&site, "away").await, "waiting");
}

#[tokio::test]
async fn a_real_site_without_notify_asks_nobody_about_texts() {
    use wellbeing_courses::messages::texts::Texts;
    use wellbeing_courses::server::config::Settings;

    let texts = |more: &[(&str, &str)]| {
        let settings = more.iter().map(|(name, value)| {
            (
                format!("WELLBEING_{}", name.to_uppercase()),
                (*value).to_owned(),
            )
        });
        Texts::new(&Settings::read(settings).unwrap())
    };
    assert!(!texts(&REAL).unwrap().are_sent());
    assert!(
        texts(&[]).unwrap().are_sent(),
        "files, on this machine's own address"
    );
    let keyed = [&REAL[..], &[("notify_key", KEY)]].concat();
    assert!(
        texts(&keyed)
            .unwrap_err()
            .to_string()
            .contains("WELLBEING_NOTIFY_TEMPLATE")
    );
    let wrong = [&REAL[..], &[("notify_key", "secret")]].concat();
    let error = texts(&wrong).unwrap_err().to_string();
    assert!(
        error.contains("WELLBEING_NOTIFY_KEY") && !error.contains("secret"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notify_says_with_our_token_which_texts_did_not_arrive() {
    let notify = MockServer::start().await;
    answers(&notify, ResponseTemplate::new(201)).await;
    let site = site(&notify).await;
    for words in ["one", "two"] {
        queue(&site, words).await;
    }
    let number = async |sql| crate::bookings::world::number(&site, sql).await;
    while number("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").await > 0 {
        jobs::send_due(&site.app).await.unwrap();
        tokio::task::yield_now().await;
    }
    let asked = notify.received_requests().await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&asked[0].body).unwrap();
    let reference = body["reference"].as_str().unwrap().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let tell = async |token: &str, status: &str, reference: &str| {
        client
            .post(site.url("/messages/receipts"))
            .bearer_auth(token)
            .json(&serde_json::json!({ "id": "x", "reference": reference, "status": status, "to": "+447700900214" }))
            .send()
            .await
            .unwrap()
            .status()
    };
    let dead = "SELECT COUNT(*) FROM outbox WHERE state = 'dead'";
    assert_eq!(tell("wrong", "permanent-failure", &reference).await, 401);
    assert_eq!(tell("", "permanent-failure", &reference).await, 401);
    assert_eq!(tell(TOKEN, "delivered", &reference).await, 204);
    assert_eq!(tell(TOKEN, "permanent-failure", "not ours").await, 204);
    assert_eq!(number(dead).await, 0);
    for _ in 0..2 {
        assert_eq!(tell(TOKEN, "permanent-failure", &reference).await, 204);
        assert_eq!(number(dead).await, 1, "the other has arrived");
    }
}

//! Signing up, signing in, and what follows, as browsers do it.

use std::time::Duration;

use wellbeing_courses::messages::jobs;
use wellbeing_courses::messages::transport::Sent;
use wellbeing_courses::read;

use crate::support::Site;

mod booked_for;
mod by_link;
pub mod people;
mod sign_in;
pub mod sign_up;
mod text_code;

/// What has been sent once there are `count` messages, and the site's own worker has none in hand: a clock that jumps
/// meanwhile would end its lease, and the message would rightly be sent again.
pub async fn mails(site: &Site, count: usize) -> Vec<Sent> {
    for _ in 0..100 {
        jobs::send_due(&site.app).await.unwrap();
        let sent = site.app.messages.transport.sent();
        if sent.len() >= count && in_hand(site).await == 0 {
            return sent;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!(
        "{count} messages were expected, {} came",
        site.app.messages.transport.sent().len()
    );
}

/// How many messages a worker is sending.
async fn in_hand(site: &Site) -> i64 {
    let now = site.app.clock.now();
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND leased_until > $1",
        )
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

/// The path of the link in a message that starts with `start`.
pub fn link(sent: &Sent, start: &str) -> String {
    let at = sent
        .mail
        .text
        .find(start)
        .unwrap_or_else(|| panic!("no {start} in {}", sent.mail.text));
    sent.mail.text[at..]
        .split(|c: char| c.is_whitespace() || c == '>' || c == ')')
        .next()
        .unwrap()
        .to_owned()
}

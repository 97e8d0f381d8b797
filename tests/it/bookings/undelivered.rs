//! What could not be delivered is said on the phone.

use chrono::TimeDelta;
use wellbeing_courses::bookings::{BookOutcome, calls};
use wellbeing_courses::messages::{self, MessageKind, Text};

use super::world::{self, RunSpec};
use crate::support::Site;

async fn noted(site: &Site) -> i64 {
    world::number(
        site,
        "SELECT COUNT(*) FROM phone_call WHERE about = 'undelivered' AND run_id IS NULL",
    )
    .await
}

/// As if the provider had refused it for good.
pub async fn refused(site: &Site, kind: MessageKind) {
    use wellbeing_courses::write_tx;
    let now = site.app.clock.now();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "UPDATE outbox SET state = 'dead', sealed = $3, finished_at = $2 WHERE kind = $1",
        )
        .bind(kind.name())
        .bind(now)
        .bind(vec![0_u8])
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

with_mail! {
    async fn a_confirmation_that_comes_back_is_one_call(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        calls::sweep(&site.app).await.unwrap();
        assert_eq!(noted(&site).await, 0, "it was delivered");
        refused(&site, MessageKind::BookingConfirmed).await;
        calls::sweep(&site.app).await.unwrap();
        calls::sweep(&site.app).await.unwrap();
        assert_eq!(noted(&site).await, 1);
    }

    async fn nobody_is_rung_about_a_link_to_sign_in_or_long_after(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        world::change(&site, "UPDATE outbox SET kind = 'sign-in-link' WHERE person_id = $1", member.person).await;
        refused(&site, MessageKind::SignInLink).await;
        calls::sweep(&site.app).await.unwrap();
        world::change(&site, "UPDATE outbox SET kind = 'booking-confirmed' WHERE person_id = $1", member.person).await;
        site.clock.forward(TimeDelta::days(8));
        calls::sweep(&site.app).await.unwrap();
        assert_eq!(noted(&site).await, 0);
    }

    async fn a_text_that_comes_back_is_a_call_only_without_the_email_beside_it(site: Site) {
        let member = world::members(&site, 1).await.remove(0);
        let text = Text {
            kind: MessageKind::Reminder,
            to: "+447700900214".to_owned(),
            words: "We look forward to seeing you.".to_owned(),
        };
        for cause in ["with", "alone"] {
            let text = messages::prepare(&site.app, text.clone(), Some(member.person), &format!("{cause}:text")).await;
            messages::queue(&site.app, &text.unwrap()).await.unwrap();
        }
        // The site's own workers have let go of them.
        assert!(world::told(&site, MessageKind::Reminder).await.is_empty());
        let mail = wellbeing_courses::messages::letters::sign_in_link(
            &site.app.config,
            wellbeing_courses::messages::Address::new(None, &member.email),
            "https://example.org",
        );
        let mail = messages::prepare(&site.app, mail.unwrap(), Some(member.person), "with").await.unwrap();
        messages::queue(&site.app, &mail).await.unwrap();
        // Only now: the site's own sweep may come at any moment.
        refused(&site, MessageKind::Reminder).await;
        calls::sweep(&site.app).await.unwrap();
        let one = "SELECT COUNT(*) FROM phone_call WHERE cause = 'undelivered:alone:text'";
        assert_eq!((world::number(&site, one).await, noted(&site).await), (1, 1));
    }
}

with_mail! {
    async fn an_email_that_is_returned_days_later_is_one_call(site: Site) {
        use wellbeing_courses::messages::returned;

        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        let sent = site.app.messages.transport.sent().into_iter();
        let eml = sent.filter(|sent| sent.mail.kind == MessageKind::BookingConfirmed).map(|sent| sent.eml).next().unwrap();
        let report = |status: &str, action: &str| {
            let mut mail = format!(
                "From: MAILER-DAEMON@mx.example.org\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=\"over\"\r\n\r\n\
                 --over\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
                 Final-Recipient: rfc822; {}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
                 --over\r\nContent-Type: message/rfc822\r\n\r\n",
                member.email
            )
            .into_bytes();
            mail.extend_from_slice(&eml);
            mail.extend_from_slice(b"\r\n--over--\r\n");
            mail
        };
        site.clock.forward(TimeDelta::days(2));
        returned::take(&site.app, &report("4.4.1", "delayed")).await.unwrap();
        calls::sweep(&site.app).await.unwrap();
        assert_eq!(noted(&site).await, 0, "it may still arrive");
        for known in [false, true] {
            let said = returned::take(&site.app, &report("5.1.1", "failed")).await.unwrap();
            assert_eq!(said.contains("was known"), known, "{said}");
        }
        calls::sweep(&site.app).await.unwrap();
        assert_eq!(noted(&site).await, 1);
    }
}

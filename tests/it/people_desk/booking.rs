//! Booking for whoever phones, writes or comes in.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, recount, reminders};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::ui::dates;

use super::{admin, errors, looks, somebody};
use crate::bookings::world::{self, Made, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

const PAGE: &str = "/desk/people/book";

/// The form, filled in for somebody who phones and has no email.
struct Form(Vec<(&'static str, String)>);

impl Form {
    async fn of(admin: &Somebody, run: &Made) -> Self {
        let page = admin.browser.get(PAGE).await;
        let mut form = Self(vec![("form-key", page.field("form-key").unwrap())]);
        for (name, value) in [
            ("channel", "phone"),
            ("full-name", "Arthur Penhallow"),
            ("date-of-birth-day", "1"),
            ("date-of-birth-month", "2"),
            ("date-of-birth-year", "1948"),
            ("phone", "01225 477000"),
            ("reach", "call"),
            ("safe-message", "no"),
            ("name-course", "no"),
            ("agreed", "yes"),
        ] {
            form.0.push((name, value.to_owned()));
        }
        form.with("run", &run.id.to_string())
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.retain(|(own, _)| *own != name);
        if !value.is_empty() {
            self.0.push((name, value.to_owned()));
        }
        self
    }

    async fn post(&self, admin: &Somebody) -> Answer {
        let fields: Vec<(&str, &str)> = self.0.iter().map(|(n, v)| (*n, v.as_str())).collect();
        admin.browser.post(PAGE, &fields).await
    }
}

async fn booked(admin: &Somebody, form: &Form) -> Answer {
    let sent = form.post(admin).await;
    assert_eq!(sent.status, 303, "{:?}", errors(&sent));
    assert!(
        sent.location().contains("/booked/WB-"),
        "{}",
        sent.location()
    );
    admin.browser.get(&sent.location()).await
}

async fn strings(site: &Site, sql: &'static str) -> Vec<String> {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_all(&mut *c)
        .await?))
    .unwrap()
}

/// Every answer to the equality question that is kept, opened.
async fn answers(site: &Site) -> Vec<String> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> =
        read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT id, person_id, sealed FROM vault_entry WHERE kind = 'ethnicity'",
            )
            .fetch_all(&mut *c)
            .await?)
        })
        .unwrap();
    let mut all = Vec::new();
    for (id, person, sealed) in rows {
        let vault = &site.app.vault;
        let plain = vault.open(person, RecordClass::Health, id, &sealed).await;
        all.push(String::from_utf8(plain.unwrap().to_vec()).unwrap());
    }
    all
}

async fn full(site: &Site) -> Made {
    let spec = RunSpec {
        capacity: 1,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let holder = world::members(site, 1).await.remove(0);
    assert!(matches!(
        holder.book(site, run.id).await,
        BookOutcome::Booked(_)
    ));
    run
}

on_both! {
    async fn a_caller_without_email_is_booked_on_one_page_and_rung_the_day_before(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await;
        let done = booked(&admin, &form).await;
        assert!(done.body.contains("You are booked on Living well with long-term pain"));
        assert!(done.body.contains("no confirmation is sent"));
        // A thumb that is not sure, and a page that was left open.
        booked(&admin, &form).await;
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.places, counted.taken), (1, 1, 1));
        assert_eq!(strings(&site, "SELECT channel FROM booking").await, ["phone"]);
        let agreed = strings(&site, "SELECT channel || ' ' || about || ' ' || wording_version FROM consent ORDER BY about").await;
        assert_eq!(agreed, ["phone course-name 2", "phone privacy-notice desk-1"]);
        let actions = "SELECT action FROM audit_entry WHERE action = 'booked-for'";
        assert_eq!(strings(&site, actions).await, ["booked-for"]);
        assert_eq!(strings(&site, "SELECT full_name FROM person WHERE phone = '+441225477000'").await.len(), 1);
        site.clock.set(run.starts_at - TimeDelta::hours(23));
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(strings(&site, "SELECT about FROM phone_call").await, ["reminder"]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_writes_and_has_no_email_is_on_the_call_list_where_a_letter_would_come_too_late(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(3), ..RunSpec::default() }).await;
        let form = Form::of(&admin, &run)
            .await
            .with("channel", "letter")
            .with("phone", "")
            .with("address", "2 High Street")
            .with("town", "Keynsham")
            .with("reach", "letter");
        let done = booked(&admin, &form).await;
        booked(&admin, &form).await;
        assert!(done.body.contains("on the list of calls"));
        assert_eq!(strings(&site, "SELECT about FROM phone_call").await, ["booked"]);
        let calls = admin.browser.get("/desk/calls").await;
        assert!(calls.body.contains("They wrote to us and have no email."));
    }

    async fn what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await;
        let unsaid = form.with("agreed", "").with("phone", "").with("full-name", "<b>Arthur</b>");
        let answer = unsaid.post(&admin).await;
        assert_eq!(answer.status, 422);
        let said = errors(&answer);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("Use letters") && said[1].contains("so that we can reach them") && said[2].contains("Read it out"));
        assert!(!answer.body.contains("<b>Arthur"));
        assert_eq!(answer.field("full-name").as_deref(), Some("<b>Arthur</b>"));
        assert_eq!(answer.field("date-of-birth-year").as_deref(), Some("1948"));
        assert_eq!(world::count(&site, run.id).await.bookings, 0);
        let form = Form::of(&admin, &run).await;
        let no_mobile = form.with("reach", "text").post(&admin).await;
        assert!(errors(&no_mobile)[0].contains("mobile"));
        let nothing = admin.browser.post(PAGE, &[("run", "x")]).await;
        assert_eq!(nothing.status, 400, "a form without its key");
    }

    async fn their_ethnic_group_goes_into_the_vault_and_onto_no_page(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let asks = admin.browser.get(PAGE).await;
        assert!(asks.body.contains("You do not have to answer") && asks.body.contains("Mixed or multiple ethnic groups: White and Asian"));
        let unread = Form::of(&admin, &run).await.with("ethnic-group", "asian-indian").with("agreed", "");
        let back = unread.post(&admin).await;
        assert_eq!(back.status, 422);
        assert_eq!((back.chosen("ethnic-group"), back.chosen("run")), (None, Some(run.id.to_string())));
        assert!(back.body.contains("If they gave one, choose it again."));
        assert!(answers(&site).await.is_empty(), "nobody is booked yet");
        let form = Form::of(&admin, &run).await.with("ethnic-group", "asian-indian");
        let at = form.post(&admin).await.location();
        let done = booked(&admin, &form).await;
        assert_eq!(answers(&site).await, ["asian-indian"], "once, and sent twice");
        let agreed = "SELECT channel || ' ' || wording_version FROM consent WHERE about = 'ethnicity'";
        assert_eq!(strings(&site, agreed).await, ["phone 1"]);
        let id = at.split('/').nth(3).unwrap();
        let theirs = admin.browser.get(&format!("/desk/people/{id}")).await;
        let next = admin.browser.get(&format!("{PAGE}?person={id}")).await;
        assert!(next.body.contains("Arthur Penhallow") && next.chosen("ethnic-group").is_none());
        assert!(!done.body.contains("Indian") && !theirs.body.contains("Indian"));
        // Not asked again, or asked again with another answer.
        for (answer, kept) in [("", "asian-indian"), ("not-said", "not-said")] {
            let other = world::run(&site, RunSpec::default()).await;
            let form = Form::of(&admin, &other).await.with("person", id).with("full-name", "");
            booked(&admin, &form.with("ethnic-group", answer)).await;
            assert_eq!(answers(&site).await, [kept]);
        }
        // What they said is not lost where they have to wait.
        let full = full(&site).await;
        let form = Form::of(&admin, &full).await.with("person", id).with("full-name", "");
        let form = form.with("ethnic-group", "arab");
        let wait = form.post(&admin).await;
        assert!(wait.location().contains("/wait/"), "{}", wait.location());
        assert_eq!(answers(&site).await, ["arab"]);
        let before = strings(&site, agreed).await.len();
        form.post(&admin).await;
        assert_eq!(strings(&site, agreed).await.len(), before, "sent twice it is one answer");
        // They ring again and want it gone.
        let sharing = format!("/desk/people/{id}/sharing");
        for _ in 0..2 {
            admin.browser.post(&sharing, &[("sharing", "share"), ("their-answer", "remove")]).await;
        }
        assert!(answers(&site).await.is_empty());
        assert_eq!(strings(&site, agreed).await.len(), before + 1, "that it is gone is one line");
        let noted = "SELECT action FROM audit_entry WHERE action = 'answer-removed'";
        assert_eq!(strings(&site, noted).await.len(), 1);
    }

    async fn whoever_is_not_asked_for_their_ethnic_group_has_nothing_in_the_vault(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        for (name, phone, answer) in [("Arthur Penhallow", "01225 477000", ""), ("Enid Moore", "01225 477001", "martian")] {
            let form = Form::of(&admin, &run).await.with("full-name", name).with("phone", phone);
            booked(&admin, &form.with("ethnic-group", answer)).await;
        }
        assert!(answers(&site).await.is_empty());
        assert!(strings(&site, "SELECT channel FROM consent WHERE about = 'ethnicity'").await.is_empty());
    }

    async fn somebody_like_them_is_asked_about_before_anybody_is_added(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let arthur = somebody(&site, "Arthur Penhallow", Some("+441225477000"), None).await;
        let form = Form::of(&admin, &run).await;
        let asked = form.post(&admin).await;
        assert_eq!(asked.status, 422);
        assert!(asked.words("legend").contains(&"Is it one of these?".to_owned()));
        assert_eq!(asked.field("phone").as_deref(), Some("01225 477000"));
        assert_eq!(looks(&site, arthur).await, 1);
        assert_eq!(world::count(&site, run.id).await.bookings, 0);
        let form = form.with("who", &arthur.to_string());
        booked(&admin, &form).await;
        assert_eq!(strings(&site, "SELECT full_name FROM person WHERE full_name LIKE 'Arthur%'").await.len(), 1);
        // Another form, with the same phone: the wife.
        let wife = Form::of(&admin, &run).await.with("full-name", "Enid Penhallow").with("who", "new");
        booked(&admin, &wife).await;
        assert_eq!(world::count(&site, run.id).await.places, 2);
        // The same name and birthday, nothing else.
        somebody(&site, "ENID MOORE", None, None).await;
        let enid = Form::of(&admin, &run)
            .await
            .with("full-name", "Enid Moore")
            .with("phone", "01225 477001")
            .with("date-of-birth-day", "2")
            .with("date-of-birth-month", "1")
            .with("date-of-birth-year", "1950");
        assert_eq!(enid.post(&admin).await.status, 422);
    }

    async fn somebody_we_know_is_booked_and_told_if_they_have_a_place(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let at = format!("{PAGE}?run={}&person={}", run.id, member.person);
        let page = admin.browser.get(&at).await;
        assert_eq!(page.words("option[selected]").len(), 1);
        let form = Form::of(&admin, &run)
            .await
            .with("person", &member.person.to_string())
            .with("full-name", "")
            .with("reach", "email");
        booked(&admin, &form).await;
        // It stands among their own bookings.
        let mine = strings(&site, "SELECT channel FROM booking WHERE account_id IS NOT NULL").await;
        assert_eq!(mine, ["phone"]);
        let again = form.with("form-key", "another-key-of-a-form").post(&admin).await;
        assert_eq!(again.status, 422);
        assert!(errors(&again)[0].contains("have a place on this date already"));
        let nobody = format!("{PAGE}?person=00000000-0000-0000-0000-000000000000");
        assert_eq!(admin.browser.get(&nobody).await.status, 404);
    }

    async fn a_child_is_booked_with_their_parent(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await.with("date-of-birth-year", "2014");
        let answer = form.post(&admin).await;
        assert_eq!(answer.status, 422);
        assert!(errors(&answer)[0].starts_with("Under 16s are booked with their parent or guardian"));
        assert_eq!(strings(&site, "SELECT full_name FROM person WHERE full_name LIKE 'Arthur%'").await.len(), 0);
    }

    async fn the_last_place_goes_to_the_desk_or_the_website_and_not_to_both(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let member = world::members(&site, 1).await.remove(0);
        let form = Form::of(&admin, &run).await;
        let (web, desk) = tokio::join!(member.book(&site, run.id), form.post(&admin));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken), (1, 1));
        let web = matches!(web, BookOutcome::Booked(_));
        assert_ne!(web, desk.location().contains("/booked/"), "one of them, and only one");
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_no_offer_would_reach_is_not_promised_one(site: Site) {
        let admin = admin(&site).await;
        let run = full(&site).await;
        let sent = Form::of(&admin, &run).await.post(&admin).await;
        assert!(sent.location().contains("/wait/"), "{}", sent.location());
        let asks = admin.browser.get(&sent.location()).await;
        assert!(asks.body.contains("This date is full") && asks.body.contains("cannot be put on the waiting list"));
        let booked = "SELECT action FROM audit_entry WHERE action = 'booked-for'";
        assert!(strings(&site, booked).await.is_empty(), "nothing was booked");
        assert_eq!(admin.browser.post(&sent.location(), &[]).await.status, 400);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM waiting_entry").await, 0);
    }
}

with_mail! {
    async fn a_caller_with_a_mobile_and_no_email_gets_the_confirmation_in_one_text(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await.with("phone", "07700 900321").with("reach", "text").with("name-course", "yes");
        let done = booked(&admin, &form).await;
        booked(&admin, &form).await;
        assert!(done.body.contains("A text goes to 07700 900321, with the first date and the booking number."));
        assert!(!done.body.contains("no confirmation is sent"));
        assert!(world::told(&site, MessageKind::BookingConfirmed).await.is_empty(), "no email");
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert_eq!((texts[0].kind, texts[0].to.as_str()), (MessageKind::BookingConfirmed, "+447700900321"));
        let reference = strings(&site, "SELECT reference FROM booking").await.remove(0);
        let words = &texts[0].words;
        assert!(words.contains(&reference) && words.contains("Bath Central Library"), "{words}");
        assert!(words.contains(dates::weekday(dates::day_of(run.starts_at))), "{words}");
        assert!(!words.contains("pain"), "the course is not named: {words}");
        // Whoever wrote is told by it, and is not rung besides.
        let wrote = Form::of(&admin, &run)
            .await
            .with("full-name", "Enid Moore")
            .with("phone", "07700 900322")
            .with("reach", "text")
            .with("channel", "letter");
        booked(&admin, &wrote).await;
        world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(site.app.messages.texts.sent().len(), 2);
        assert!(strings(&site, "SELECT about FROM phone_call").await.is_empty());
    }

    async fn nobody_is_sent_a_confirmation_by_text_who_did_not_agree_or_has_email(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await.with("phone", "07700 900321");
        let done = booked(&admin, &form).await;
        assert!(done.body.contains("no confirmation is sent"));
        let form = Form::of(&admin, &run)
            .await
            .with("full-name", "Enid Moore")
            .with("phone", "07700 900322")
            .with("email", "enid@example.org")
            .with("reach", "email");
        booked(&admin, &form).await;
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        assert!(site.app.messages.texts.sent().is_empty());
    }

    async fn whoever_has_email_gets_the_confirmation_or_waits_for_a_place(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let form = Form::of(&admin, &run).await.with("email", "arthur@example.org").with("reach", "email");
        let done = booked(&admin, &form).await;
        assert!(done.body.contains("We have sent the confirmation and the dates to arthur@example.org"));
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].to.email(), "arthur@example.org");
        let run = full(&site).await;
        let form = Form::of(&admin, &run)
            .await
            .with("full-name", "Enid Penhallow")
            .with("phone", "")
            .with("email", "enid@example.org")
            .with("reach", "email");
        let wait = form.post(&admin).await.location();
        assert!(admin.browser.get(&wait).await.body.contains("Put Enid Penhallow on the waiting list"));
        let silent = admin.browser.post(&wait, &[("turn", "last")]).await;
        assert_eq!((silent.status.as_u16(), errors(&silent)), (422, vec!["Say why you put them on the waiting list".to_owned()]));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM waiting_entry").await, 0);
        let asked = [("turn", "last"), ("reason", "She rang and asked for it")];
        admin.browser.post(&wait, &asked).await;
        let waits = admin.browser.post_and_follow(&wait, &asked).await;
        assert!(waits.body.contains("They are on the waiting list.") && waits.body.contains("Waiting for a place"));
        assert_eq!(strings(&site, "SELECT channel FROM waiting_entry").await, ["phone"]);
        let noted = "SELECT action FROM audit_entry WHERE action = 'put-on-list' AND sealed IS NOT NULL";
        assert_eq!(strings(&site, noted).await, ["put-on-list"]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }
}

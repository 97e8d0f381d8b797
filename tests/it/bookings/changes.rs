//! A run that changes: everybody whom it concerns is told once, with dates that a calendar brings up to date.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, CalendarComponent, Component as _};
use reqwest::StatusCode;
use tokio::sync::Barrier;
use uuid::Uuid;
use wellbeing_courses::bookings::changes::{
    Change, ChangeOutcome, Impossible, Place, call_off, change, off_today,
};
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{
    BookOutcome, Request, book, cancel, guardian_agreed, let_go_lapsed, recount, reminders,
};
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::ui::dates;
use wellbeing_courses::{read, write_tx};

use super::pages::book_path;
use super::world::{self, Made, Member, MemberSpec, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Browser, Site, new_database};

/// A full run of three sessions in 20 days: somebody with the one place, and somebody who waits.
async fn full(site: &Site) -> (Made, Member, Member) {
    let spec = RunSpec {
        capacity: 1,
        starts_in: TimeDelta::days(20),
        sessions: 3,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let mut members = world::members(site, 2).await;
    let (waits, has) = (members.remove(1), members.remove(0));
    assert!(matches!(
        has.book(site, run.id).await,
        BookOutcome::Booked(_)
    ));
    let joined = join(&site.app, &waits.request(run.id)).await.unwrap();
    assert!(matches!(joined, JoinOutcome::Joined(_)));
    (run, has, waits)
}

/// The sessions of a run, in order.
pub(super) async fn sessions(site: &Site, run: &Made) -> Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, starts_at, ends_at FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(run.id)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

fn moved(
    (session, starts_at, ends_at): (Uuid, DateTime<Utc>, DateTime<Utc>),
    by: TimeDelta,
) -> Change {
    Change::Move {
        session,
        starts_at: starts_at + by,
        ends_at: ends_at + by,
    }
}

async fn told(site: &Site, member: &Member, kind: MessageKind) -> Vec<Mail> {
    let all = world::told(site, kind).await;
    all.into_iter()
        .filter(|mail| mail.to.email() == member.email)
        .collect()
}

/// The entries of the calendar file of a message: id, how often it has changed, whether it still takes place, and when.
fn entries(mail: &Mail) -> Vec<(String, u32, bool, DateTime<Utc>)> {
    let text = &mail.ics.as_ref().expect("dates").text;
    let calendar: Calendar = text.parse().expect("a calendar");
    let mut all = Vec::new();
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else {
            continue;
        };
        let starts = event.property_value("DTSTART").unwrap();
        let local = chrono::NaiveDateTime::parse_from_str(starts, "%Y%m%dT%H%M%S").unwrap();
        all.push((
            event.get_uid().unwrap().to_owned(),
            event.get_sequence().unwrap_or_default(),
            event.property_value("STATUS") == Some("CONFIRMED"),
            dates::moment(local),
        ));
    }
    all
}

/// A browser in which a member is signed in.
async fn browser(site: &Site, member: &Member) -> Browser {
    let who = Somebody {
        person_id: member.person,
        account_id: member.account,
        email: member.email.clone(),
        browser: site.browser(),
    };
    site.browser_of(&who).await
}

/// The path of the link in a message that begins so.
fn path_in(mail: &Mail, begins: &str) -> String {
    let at = mail.text.find(begins).expect("a link");
    mail.text[at..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c))
        .collect()
}

const HOUR: TimeDelta = TimeDelta::hours(1);
const CALLS: &str = "SELECT COUNT(*) FROM phone_call WHERE about = 'change'";

with_mail! {
    async fn whoever_is_booked_or_waits_is_told_once_that_a_session_is_at_another_time(site: Site) {
        let (run, has, waits) = full(&site).await;
        let before = entries(&told(&site, &has, MessageKind::BookingConfirmed).await[0]);
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[1], TimeDelta::days(1) + HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 2, to_ring: 0 });
        let mail = told(&site, &has, MessageKind::RunChanged).await.remove(0);
        let (was, is) = (all[1].1, all[1].1 + TimeDelta::days(1) + HOUR);
        let today = dates::day_of(site.app.clock.now());
        for words in [dates::day_and_time(was, today), dates::day_and_times(is, all[1].2 + TimeDelta::days(1) + HOUR, today)] {
            assert!(mail.text.contains(&words), "{words} in {}", mail.text);
        }
        assert!(!mail.text.contains("pain") && !mail.subject.contains("pain"), "the course is not named");
        let after = entries(&mail);
        assert_eq!(before.len(), 3);
        for (n, (old, new)) in before.iter().zip(&after).enumerate() {
            assert_eq!(old.0, new.0, "the same entry in a calendar");
            assert!(new.1 > old.1 && new.2, "newer than the one they have");
            assert_eq!(new.3, if n == 1 { is } else { old.3 });
        }
        let waiting = told(&site, &waits, MessageKind::RunChanged).await.remove(0);
        assert!(waiting.ics.is_none() && waiting.text.contains("You keep your turn"), "{}", waiting.text);
        // The same once more is nothing.
        let now = sessions(&site, &run).await;
        let again = change(&site.app, run.id, &[moved(now[1], TimeDelta::zero())], None).await.unwrap();
        assert_eq!(again, ChangeOutcome::Nothing);
        assert_eq!(world::told(&site, MessageKind::RunChanged).await.len(), 2);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_session_that_is_dropped_goes_from_the_calendar_and_one_that_is_added_comes_in(site: Site) {
        let (run, has, _) = full(&site).await;
        let all = sessions(&site, &run).await;
        let extra = all[2].1 + TimeDelta::weeks(1);
        let changes = [
            Change::Drop { session: all[0].0 },
            Change::Add { starts_at: extra, ends_at: extra + HOUR },
        ];
        assert!(matches!(change(&site.app, run.id, &changes, None).await.unwrap(), ChangeOutcome::Changed { .. }));
        let mail = told(&site, &has, MessageKind::RunChanged).await.remove(0);
        let standing: Vec<_> = entries(&mail).into_iter().map(|(_, _, stands, at)| (at, stands)).collect();
        assert_eq!(standing, [(all[1].1, true), (all[2].1, true), (extra, true), (all[0].1, false)]);
        assert!(mail.text.contains("There is no session on") && mail.text.contains("There is one more session"));
        let (starts_at, ends_at, positions): (DateTime<Utc>, DateTime<Utc>, i64) = read!(site.app.db, |c| {
            Ok(sqlx::query_as(
                "SELECT run.starts_at, run.ends_at, (SELECT CAST(SUM(position) AS BIGINT) FROM session WHERE run_id = run.id) \
                 FROM run WHERE id = $1",
            ).bind(run.id).fetch_one(&mut *c).await?)
        }).unwrap();
        assert_eq!((starts_at, ends_at, positions), (all[1].1, extra + HOUR, 6));
    }

    async fn the_place_and_the_tutor_change_with_the_dates_in_one_message(site: Site) {
        let (run, has, _) = full(&site).await;
        let [venue, room, tutor] = [(); 3].map(|()| site.app.id().unwrap());
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, short_access, travel) \
                 VALUES ($1, 'hall', 'Radstock Hall', '1 Wells Road', 'Radstock', 'BA3 3RQ', 51.3, -2.4, 'Step-free', 'Bus')",
            ).bind(venue).execute(&mut *c).await?;
            sqlx::query("INSERT INTO room (id, venue_id, name) VALUES ($1, $2, 'Snug')").bind(room).bind(venue).execute(&mut *c).await?;
            sqlx::query("INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, 'ann', 'Ann Lee', 'Ann', 'Kind')")
                .bind(tutor).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let all = sessions(&site, &run).await;
        let changes = [Change::Place(Some(Place { venue, room: Some(room) })), Change::Tutor(Some(tutor)), moved(all[0], HOUR)];
        change(&site.app, run.id, &changes, None).await.unwrap();
        let mails = told(&site, &has, MessageKind::RunChanged).await;
        assert_eq!(mails.len(), 1);
        for words in ["It is now at Snug, Radstock Hall, 1 Wells Road, Radstock, BA3 3RQ", "Your tutor is now Ann"] {
            assert!(mails[0].text.contains(words), "{words} in {}", mails[0].text);
        }
        assert!(mails[0].ics.as_ref().unwrap().text.contains("Radstock Hall"));
        for place in [Place { venue: Uuid::nil(), room: None }, Place { venue, room: Some(Uuid::nil()) }] {
            let nowhere = change(&site.app, run.id, &[Change::Place(Some(place))], None).await.unwrap();
            assert_eq!(nowhere, ChangeOutcome::Impossible(Impossible::NoSuchPlaceOrTutor));
        }
    }

    async fn a_run_that_is_called_off_tells_everybody_and_shows_other_dates(site: Site) {
        let (run, has, waits) = full(&site).await;
        let spec = RunSpec { starts_in: TimeDelta::days(30), ..RunSpec::default() };
        let other = world::another_run(&site, run.course_id, &run.slug, &spec).await;
        for _ in 0..2 {
            call_off(&site.app, run.id, None).await.unwrap();
        }
        let mails = told(&site, &has, MessageKind::BookingCancelled).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].ics.as_ref().unwrap().text.contains("METHOD:CANCEL"));
        assert!(entries(&mails[0]).iter().all(|(_, sequence, stands, _)| *sequence == 1 && !stands));
        let page = browser(&site, &has).await.get(&path_in(&mails[0], "/account/bookings/WB-")).await;
        assert!(page.body.contains(&book_path(&other)), "{}", page.body);
        let mails = told(&site, &waits, MessageKind::RunChanged).await;
        assert_eq!(mails.len(), 1);
        assert!(!mails[0].text.contains("offered"), "{}", mails[0].text);
        let page = browser(&site, &waits).await.get(&path_in(&mails[0], "/account/waiting/")).await;
        assert_eq!(page.words("h1"), ["It does not go ahead"]);
        assert!(page.body.contains(&book_path(&other)), "{}", page.body);
        let entry: String = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT status FROM waiting_entry WHERE run_id = $1").bind(run.id).fetch_one(&mut *c).await?)
        }).unwrap();
        assert_eq!(entry, "over");
        assert_eq!(has.book(&site, run.id).await, BookOutcome::AlreadyBooked(booking(&site, &run).await));
        let refused = change(&site.app, run.id, &[Change::Tutor(None)], None).await.unwrap();
        assert_eq!(refused, ChangeOutcome::Impossible(Impossible::NotGoingAhead));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn an_offer_is_taken_back_when_its_run_is_called_off_and_other_dates_are_shown(site: Site) {
        let (run, has, waits) = full(&site).await;
        let spec = RunSpec { starts_in: TimeDelta::days(30), ..RunSpec::default() };
        let other = world::another_run(&site, run.course_id, &run.slug, &spec).await;
        cancel(&site.app, has.account, &booking(&site, &run).await.reference).await.unwrap();
        let offer = path_in(&told(&site, &waits, MessageKind::PlaceOffered).await[0], "/offers/");
        assert_eq!(site.browser().get(&offer).await.words("h1"), ["A place is free for you"]);
        call_off(&site.app, run.id, None).await.unwrap();
        let mails = told(&site, &waits, MessageKind::RunChanged).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("we take back the place that we offered you"), "{}", mails[0].text);
        let own = path_in(&mails[0], "/account/waiting/");
        let browser = browser(&site, &waits).await;
        let page = browser.get(&own).await;
        assert_eq!(page.words("h1"), ["It does not go ahead"]);
        assert!(page.body.contains(&book_path(&other)), "{}", page.body);
        browser.post(&own, &[("do", "take")]).await;
        for gone in [site.browser().get(&offer).await, site.browser().post(&offer, &[("do", "take")]).await] {
            assert_eq!((gone.status, gone.words("h1")), (StatusCode::GONE, vec!["It does not go ahead".to_owned()]));
        }
        assert_eq!(world::count(&site, run.id).await.places, 0, "nobody has taken it");
        assert_eq!(browser.get(&book_path(&other)).await.words("h1"), ["Check your answers, then book"]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn half_way_through_only_what_is_to_come_is_called_off(site: Site) {
        let (run, has, _) = full(&site).await;
        let all = sessions(&site, &run).await;
        site.clock.set(all[0].2 + HOUR);
        call_off(&site.app, run.id, None).await.unwrap();
        let mail = told(&site, &has, MessageKind::BookingCancelled).await.remove(0);
        let gone: Vec<_> = entries(&mail).into_iter().map(|(_, _, _, at)| at).collect();
        assert_eq!(gone, [all[1].1, all[2].1], "what was held stays in the calendar");
        let next = dates::weekday(dates::day_of(all[1].1));
        assert!(mail.text.contains(next), "{}", mail.text);
        let (other, ..) = full(&site).await;
        site.clock.set(other.ends_at);
        let over = call_off(&site.app, other.id, None).await.unwrap();
        assert_eq!(over, ChangeOutcome::Impossible(Impossible::Past));
    }

    async fn nobody_waits_for_a_guardian_about_a_run_that_is_called_off(site: Site) {
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        let child = world::member(&site, MemberSpec { born: "2014-05-06", ..MemberSpec::default() }).await;
        let guardian = world::guardian(&site, child.person, "amina@example.org").await;
        assert!(matches!(child.book(&site, run.id).await, BookOutcome::AwaitingGuardian(_)));
        call_off(&site.app, run.id, None).await.unwrap();
        world::change(&site, "UPDATE guardian SET agreed_at = created_at WHERE id = $1", guardian).await;
        assert_eq!(guardian_agreed(&site.app, child.person).await.unwrap(), 0);
        assert_eq!(told(&site, &child, MessageKind::BookingCancelled).await.len(), 1);
        site.clock.forward(TimeDelta::days(15));
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 0);
        assert!(told(&site, &child, MessageKind::BookingConfirmed).await.is_empty());
        assert_eq!(told(&site, &child, MessageKind::BookingCancelled).await.len(), 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_books_for_somebody_is_told_as_they_chose_themselves(site: Site) {
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        let carer = world::members(&site, 1).await.remove(0);
        let mother = world::cared_for(&site, carer.account, "Audrey Ashdown").await;
        let request = Request { people: vec![mother], ..carer.request(run.id) };
        assert!(matches!(book(&site.app, &request).await.unwrap(), BookOutcome::Booked(_)));
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", carer.person).await;
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(told(&site, &carer, MessageKind::RunChanged).await.len(), 1);
        assert_eq!(site.app.messages.texts.sent().len(), 1);
        world::change(&site, "UPDATE person SET remind_by = 'call' WHERE id = $1", carer.person).await;
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 1, to_ring: 1 });
    }

    async fn whoever_would_come_in_vain_today_gets_a_text_at_once_or_is_rung(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 3, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let members = world::members(&site, 2).await;
        for member in &members {
            assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        }
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", members[0].person).await;
        let first = sessions(&site, &run).await[0].0;
        assert_eq!(off_today(&site.app, run.id, first, None).await.unwrap(), ChangeOutcome::Impossible(Impossible::Past), "not today");
        // In the small hours: nobody waits for the morning.
        let day = dates::day_of(run.starts_at);
        site.clock.set(dates::moment(day.and_hms_opt(0, 30, 0).unwrap()));
        let outcome = off_today(&site.app, run.id, first, None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 3, to_ring: 1 });
        for member in &members {
            assert_eq!(told(&site, member, MessageKind::RunChanged).await.len(), 1);
        }
        assert_eq!(site.app.messages.texts.sent().len(), 1);
        let rung = "SELECT COUNT(*) FROM phone_call JOIN place ON place.person_id = phone_call.person_id \
                    JOIN person ON person.id = phone_call.person_id AND person.remind_by = 'email'";
        assert_eq!(world::number(&site, rung).await, 1);
        assert_eq!(sessions(&site, &run).await.len(), 2, "the others take place");
        assert_eq!(off_today(&site.app, run.id, first, None).await.unwrap(), ChangeOutcome::Impossible(Impossible::Past), "once");
    }

    async fn whoever_would_go_to_the_wrong_place_today_is_rung(site: Site) {
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(20), ..RunSpec::default() }).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set(dates::moment(dates::day_of(run.starts_at).and_hms_opt(0, 30, 0).unwrap()));
        let tutor = change(&site.app, run.id, &[Change::Tutor(None)], None).await.unwrap();
        assert_eq!(tutor, ChangeOutcome::Changed { written: 1, to_ring: 0 }, "they find the room all the same");
        let place = change(&site.app, run.id, &[Change::Place(None)], None).await.unwrap();
        assert_eq!(place, ChangeOutcome::Changed { written: 1, to_ring: 1 });
    }

    async fn a_run_of_one_session_that_is_off_today_does_not_go_ahead(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 1, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set(dates::moment(dates::day_of(run.starts_at).and_hms_opt(0, 30, 0).unwrap()));
        let only = sessions(&site, &run).await[0].0;
        let outcome = off_today(&site.app, run.id, only, None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 1, to_ring: 1 });
        assert_eq!(told(&site, &member, MessageKind::BookingCancelled).await.len(), 1);
        assert_eq!(call_off(&site.app, run.id, None).await.unwrap(), ChangeOutcome::Nothing);
    }

    async fn whoever_is_offered_a_place_is_told_that_it_is_still_kept(site: Site) {
        let (run, has, waits) = full(&site).await;
        let booked = booking(&site, &run).await;
        cancel(&site.app, has.account, &booked.reference).await.unwrap();
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        let mail = told(&site, &waits, MessageKind::RunChanged).await.remove(0);
        assert!(mail.text.contains("is still kept"), "{}", mail.text);
    }

    async fn whoever_wants_calls_or_has_no_address_is_on_the_call_list(site: Site) {
        let (run, has, _) = full(&site).await;
        world::change(&site, "UPDATE person SET remind_by = 'call' WHERE id = $1", has.person).await;
        world::change(&site, "UPDATE run SET capacity = 2 WHERE id = $1", run.id).await;
        let other = world::cared_for(&site, has.account, "Tom Ashdown").await;
        world::change(&site, "UPDATE waiting_entry SET status = 'left', ended_at = joined_at WHERE run_id = $1", run.id).await;
        world::change(&site, "UPDATE waiting_person SET active = FALSE WHERE run_id = $1", run.id).await;
        world::change(&site, "UPDATE run SET waiting = 0 WHERE id = $1", run.id).await;
        let mut request = has.request(run.id);
        (request.account_id, request.people) = (None, vec![other]);
        let booked = wellbeing_courses::bookings::book(&site.app, &request).await.unwrap();
        assert!(matches!(booked, BookOutcome::Booked(_)), "{booked:?}");
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 1, to_ring: 2 });
        assert_eq!(world::number(&site, CALLS).await, 2);
    }

    async fn whoever_agreed_to_texts_is_told_of_a_change_by_day(site: Site) {
        let (run, has, _) = full(&site).await;
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", has.person).await;
        site.clock.forward(TimeDelta::hours(13));
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 3, to_ring: 0 });
        while world::number(&site, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").await > 1 {
            wellbeing_courses::messages::jobs::send_due(&site.app).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert!(site.app.messages.texts.sent().is_empty(), "it is ten at night");
        site.clock.forward(TimeDelta::hours(10));
        assert_eq!(told(&site, &has, MessageKind::RunChanged).await.len(), 1);
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), 1);
        assert!(texts[0].words.contains(" is now "), "{}", texts[0].words);
    }

    async fn whoever_is_offered_a_place_is_told_of_a_change_by_text_too(site: Site) {
        let (run, has, waits) = full(&site).await;
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", waits.person).await;
        cancel(&site.app, has.account, &booking(&site, &run).await.reference).await.unwrap();
        assert_eq!(told(&site, &waits, MessageKind::PlaceOffered).await.len(), 1);
        let offered = site.app.messages.texts.sent().len();
        let entry = "SELECT COUNT(*) FROM waiting_entry WHERE status = 'offered'";
        assert_eq!(world::number(&site, entry).await, 1);
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 2, to_ring: 0 });
        let mail = told(&site, &waits, MessageKind::RunChanged).await.remove(0);
        let own = path_in(&mail, "/account/waiting/");
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), offered + 1);
        for words in ["a change to the place we offered you", " is now ", &own] {
            assert!(texts[offered].words.contains(words), "{words} in {}", texts[offered].words);
        }
        let outcome = call_off(&site.app, run.id, None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 2, to_ring: 0 });
        assert_eq!(told(&site, &waits, MessageKind::RunChanged).await.len(), 2);
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), offered + 2);
        for words in ["does not go ahead", &own] {
            assert!(texts[offered + 1].words.contains(words), "{words} in {}", texts[offered + 1].words);
        }
    }

    async fn whoever_waits_and_wants_calls_is_rung_about_a_change(site: Site) {
        let (run, _, waits) = full(&site).await;
        world::change(&site, "UPDATE person SET remind_by = 'call' WHERE id = $1", waits.person).await;
        let all = sessions(&site, &run).await;
        let outcome = change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 2, to_ring: 1 });
        assert_eq!(world::number(&site, CALLS).await, 1);
    }

    async fn a_session_on_another_day_is_reminded_of_anew(site: Site) {
        let (run, ..) = full(&site).await;
        site.clock.set(dates::moment((dates::day_of(run.starts_at) - TimeDelta::days(1)).and_hms_opt(10, 0, 0).unwrap()));
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(world::told(&site, MessageKind::Reminder).await.len(), 1);
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], HOUR)], None).await.unwrap();
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(world::told(&site, MessageKind::Reminder).await.len(), 1, "an hour later is the same reminder");
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], TimeDelta::days(2))], None).await.unwrap();
        site.clock.forward(TimeDelta::days(2));
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(world::told(&site, MessageKind::Reminder).await.len(), 2);
    }

    async fn whoever_wants_calls_is_rung_about_the_new_day_too(site: Site) {
        let (run, has, _) = full(&site).await;
        world::change(&site, "UPDATE person SET remind_by = 'call' WHERE id = $1", has.person).await;
        let eve = |day| dates::moment((dates::day_of(day) - TimeDelta::days(1)).and_hms_opt(10, 0, 0).unwrap());
        site.clock.set(eve(run.starts_at));
        reminders::sweep(&site.app).await.unwrap();
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], TimeDelta::days(2))], None).await.unwrap();
        site.clock.set(eve(run.starts_at + TimeDelta::days(2)));
        reminders::sweep(&site.app).await.unwrap();
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM phone_call WHERE about = 'reminder'").await, 2);
    }

    async fn an_offer_never_outlasts_the_last_call_of_a_run_that_begins_earlier(site: Site) {
        let (run, has, waits) = full(&site).await;
        let booked = booking(&site, &run).await;
        cancel(&site.app, has.account, &booked.reference).await.unwrap();
        assert_eq!(told(&site, &waits, MessageKind::PlaceOffered).await.len(), 1);
        let all = sessions(&site, &run).await;
        let soon = site.app.clock.now() + TimeDelta::hours(20);
        change(&site.app, run.id, &[moved(all[0], soon - all[0].1)], None).await.unwrap();
        let until: DateTime<Utc> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT expires_at FROM place_offer WHERE run_id = $1 AND state = 'open'")
                .bind(run.id).fetch_one(&mut *c).await?)
        }).unwrap();
        assert_eq!(until, soon - TimeDelta::hours(6));
        site.clock.set(soon - TimeDelta::hours(1));
        wellbeing_courses::bookings::waiting::settle(&site.app, run.id).await.unwrap();
        assert_eq!(told(&site, &waits, MessageKind::PlaceOffered).await.len(), 2, "the last call");
        // It is put off again: nobody is called any more, and whoever waits is offered the place.
        let all = sessions(&site, &run).await;
        change(&site.app, run.id, &[moved(all[0], TimeDelta::days(12))], None).await.unwrap();
        assert_eq!(told(&site, &waits, MessageKind::PlaceOffered).await.len(), 3);
        assert!(matches!(waits.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_books_while_the_dates_change_is_told_the_new_ones(site: Site) {
        let spec = RunSpec { capacity: 40, starts_in: TimeDelta::days(20), sessions: 2, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let members = world::members(&site, 12).await;
        let site = Arc::new(site);
        let start = Arc::new(Barrier::new(members.len() + 1));
        let mut booking = tokio::task::JoinSet::new();
        for member in members.clone() {
            let (site, start, run_id) = (site.clone(), start.clone(), run.id);
            booking.spawn(async move {
                start.wait().await;
                assert!(matches!(member.book(&site, run_id).await, BookOutcome::Booked(_)));
            });
        }
        start.wait().await;
        for _ in 0..4 {
            let all = sessions(&site, &run).await;
            change(&site.app, run.id, &[moved(all[1], HOUR)], None).await.unwrap();
        }
        while booking.join_next().await.transpose().unwrap().is_some() {}
        let last = sessions(&site, &run).await;
        for member in &members {
            let mut mails = told(&site, member, MessageKind::BookingConfirmed).await;
            mails.extend(told(&site, member, MessageKind::RunChanged).await);
            // A calendar keeps what has changed most often.
            let newest = mails.iter().map(entries).max_by_key(|all| all[1].1).unwrap();
            assert_eq!((newest[0].3, newest[1].3), (last[0].1, last[1].1));
        }
    }
}

/// The negative control: without its guard, a booking beside a change is told the old dates, and nobody corrects it.
async fn without_the_guard_somebody_is_told_old_dates(site: Site) {
    let spec = RunSpec {
        capacity: 40,
        starts_in: TimeDelta::days(20),
        sessions: 2,
        ..RunSpec::default()
    };
    let run = world::run(&site, spec).await;
    site.app.switches.set_stale_dates(true);
    for member in world::members(&site, 20).await {
        let all = sessions(&site, &run).await;
        let changes = [moved(all[1], HOUR)];
        let (booked, changed) = tokio::join!(
            Box::pin(member.book(&site, run.id)),
            Box::pin(change(&site.app, run.id, &changes, None))
        );
        assert!(matches!(booked, BookOutcome::Booked(_)));
        assert!(matches!(changed.unwrap(), ChangeOutcome::Changed { .. }));
        let last = sessions(&site, &run).await;
        let mut mails = told(&site, &member, MessageKind::BookingConfirmed).await;
        mails.extend(told(&site, &member, MessageKind::RunChanged).await);
        let newest = mails
            .iter()
            .map(entries)
            .max_by_key(|all| all[1].1)
            .unwrap();
        if newest[1].3 != last[1].1 {
            return;
        }
    }
    panic!("nobody was told old dates: the guard guards nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_guard_somebody_is_told_old_dates_on_sqlite() {
    let site = Site::start(None, &[("mail", "memory:")]).await;
    without_the_guard_somebody_is_told_old_dates(site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_guard_somebody_is_told_old_dates_on_postgres() {
    let site = Site::start(Some(new_database().await), &[("mail", "memory:")]).await;
    without_the_guard_somebody_is_told_old_dates(site).await;
}

async fn booking(site: &Site, run: &Made) -> wellbeing_courses::bookings::Booked {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_as("SELECT id, reference, created_at FROM booking WHERE run_id = $1")
                .bind(run.id)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

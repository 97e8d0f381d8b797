//! The waiting list: whoever has waited longest is asked first, and nobody else can slip in.

use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::StatusCode;
use tokio::sync::Barrier;
use uuid::Uuid;
use wellbeing_courses::bookings::holds::{self, HoldOutcome};
use wellbeing_courses::bookings::waiting::{JoinOutcome, decline, join, leave, settle};
use wellbeing_courses::bookings::{BookOutcome, CancelOutcome, Request, book, cancel, recount};
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::server::jobs;
use wellbeing_courses::{read, write_tx};

use super::pages::book_path;
use super::world::{self, Made, Member, MemberSpec, RunSpec};
use crate::history::check::About;
use crate::history::post;
use crate::support::Site;
use crate::support::smtp::Taken;

/// A run that is full, and who has its places.
async fn full(site: &Site, capacity: i64, starts_in: TimeDelta) -> (Made, Vec<(Member, String)>) {
    let spec = RunSpec {
        capacity,
        starts_in,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let mut holders = Vec::new();
    for member in world::members(site, usize::try_from(capacity).unwrap()).await {
        let BookOutcome::Booked(booked) = member.book(site, run.id).await else {
            panic!("a free place");
        };
        holders.push((member, booked.reference));
    }
    (run, holders)
}

async fn waits(site: &Site, member: &Member, run: &Made) -> Uuid {
    match join(&site.app, &member.request(run.id)).await.unwrap() {
        JoinOutcome::Joined(id) => id,
        other => panic!("{other:?}"),
    }
}

/// So many members on the list, in order.
async fn waiting(site: &Site, run: &Made, n: usize) -> Vec<(Member, Uuid)> {
    let mut all = Vec::new();
    for member in world::members(site, n).await {
        let id = waits(site, &member, run).await;
        all.push((member, id));
    }
    all
}

async fn gives_up(site: &Site, (member, reference): &(Member, String)) {
    let outcome = cancel(&site.app, member.account, reference).await.unwrap();
    assert_eq!(outcome, CancelOutcome::Cancelled);
}

/// How the entries of a run stand, in order.
async fn statuses(site: &Site, run: &Made) -> Vec<String> {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT status FROM waiting_entry WHERE run_id = $1 ORDER BY turn")
                .bind(run.id)
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

/// What a history would take this letter for.
fn understood(mail: &Mail) -> About {
    let message = format!("Subject: {}\n\n{}", mail.subject, mail.text);
    let acknowledged = true;
    post::read(&Taken {
        message,
        acknowledged,
    })
    .about
}

async fn told(site: &Site, member: &Member, kind: MessageKind) -> Vec<Mail> {
    let all = world::told(site, kind).await;
    all.into_iter()
        .filter(|mail| mail.to.email() == member.email)
        .collect()
}

/// The path of the link in an offer.
fn link(mail: &Mail) -> String {
    let at = mail.text.find("/offers/").expect("a link");
    let path: String = mail.text[at..]
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != ')')
        .collect();
    path
}

async fn counts(site: &Site) {
    assert_eq!(recount(&site.app.db).await.unwrap(), []);
}

const FAR: TimeDelta = TimeDelta::days(30);

with_mail! {
    async fn a_place_that_comes_free_is_kept_for_whoever_has_waited_longest(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 2).await;
        let stranger = world::members(&site, 1).await.remove(0);
        assert_eq!(stranger.book(&site, run.id).await, BookOutcome::Full);
        gives_up(&site, &holders[0]).await;
        assert_eq!(statuses(&site, &run).await, ["offered", "waiting"]);
        assert_eq!(stranger.book(&site, run.id).await, BookOutcome::Full, "it is kept");
        assert_eq!(list[1].0.book(&site, run.id).await, BookOutcome::Full, "also from the next in line");
        counts(&site).await;
        let first = &list[0].0;
        assert_eq!(told(&site, first, MessageKind::PlaceOffered).await.len(), 1);
        assert_eq!(told(&site, &list[1].0, MessageKind::PlaceOffered).await.len(), 0);
        assert!(matches!(first.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(statuses(&site, &run).await, ["booked", "waiting"]);
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (1, 1, 0));
        counts(&site).await;
    }

    async fn a_no_goes_to_the_next_at_once(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 3).await;
        gives_up(&site, &holders[0]).await;
        assert!(decline(&site.app, run.id, list[0].1).await.unwrap());
        assert_eq!(statuses(&site, &run).await, ["declined", "offered", "waiting"]);
        assert!(!decline(&site.app, run.id, list[0].1).await.unwrap(), "once");
        assert!(leave(&site.app, run.id, list[1].1).await.unwrap());
        assert_eq!(statuses(&site, &run).await, ["declined", "left", "offered"]);
        assert_eq!(told(&site, &list[2].0, MessageKind::PlaceOffered).await.len(), 1);
        counts(&site).await;
    }

    async fn an_offer_ends_by_the_clock_and_not_by_the_sweep(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 2).await;
        gives_up(&site, &holders[0]).await;
        let expires = "SELECT COUNT(*) FROM offered_place WHERE released_at IS NULL";
        assert_eq!(world::number(&site, expires).await, 1);
        // Long after, and no sweep has come: it is not the first one's any more, nor anybody's but the next one's.
        site.clock.forward(TimeDelta::days(8));
        let stranger = world::members(&site, 1).await.remove(0);
        assert_eq!(stranger.book(&site, run.id).await, BookOutcome::Full);
        assert_eq!(list[0].0.book(&site, run.id).await, BookOutcome::Full);
        jobs::sweep(&site.app).await;
        assert_eq!(statuses(&site, &run).await, ["lapsed", "offered"]);
        let over = told(&site, &list[0].0, MessageKind::PlaceOfferOver).await;
        assert_eq!(over.len(), 1);
        assert_eq!(understood(&over[0]), About::Lapsed(list[0].1), "as a history reads it");
        assert_eq!(told(&site, &list[1].0, MessageKind::PlaceOffered).await.len(), 1);
        jobs::sweep(&site.app).await;
        assert_eq!(told(&site, &list[1].0, MessageKind::PlaceOffered).await.len(), 1, "once each");
        counts(&site).await;
        // Nobody is left, and it lapses again: anybody can book, before any sweep.
        site.clock.forward(TimeDelta::days(8));
        assert!(matches!(stranger.book(&site, run.id).await, BookOutcome::Booked(_)));
        jobs::sweep(&site.app).await;
        counts(&site).await;
    }

    async fn a_pair_is_passed_over_while_one_place_is_free_and_keeps_its_turn(site: Site) {
        let (run, holders) = full(&site, 3, FAR).await;
        let mary = world::members(&site, 1).await.remove(0);
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        let pair = Request { people: vec![mary.person, tom], ..mary.request(run.id) };
        assert!(matches!(join(&site.app, &pair).await.unwrap(), JoinOutcome::Joined(_)));
        let single = waiting(&site, &run, 2).await;
        gives_up(&site, &holders[0]).await;
        assert_eq!(statuses(&site, &run).await, ["waiting", "offered", "waiting"]);
        assert!(matches!(single[0].0.book(&site, run.id).await, BookOutcome::Booked(_)));
        gives_up(&site, &holders[1]).await;
        assert_eq!(statuses(&site, &run).await, ["waiting", "booked", "offered"]);
        leave(&site.app, run.id, single[1].1).await.unwrap();
        assert_eq!(statuses(&site, &run).await, ["waiting", "booked", "left"], "one place is too few for two");
        gives_up(&site, &holders[2]).await;
        assert_eq!(statuses(&site, &run).await, ["offered", "booked", "left"]);
        counts(&site).await;
        let BookOutcome::Booked(_) = book(&site.app, &pair).await.unwrap() else { panic!("both") };
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (3, 3, 0));
        counts(&site).await;
    }

    async fn when_time_is_short_three_are_asked_and_the_first_has_it(site: Site) {
        let (run, holders) = full(&site, 1, TimeDelta::days(9)).await;
        let list = waiting(&site, &run, 4).await;
        gives_up(&site, &holders[0]).await;
        assert_eq!(statuses(&site, &run).await, ["offered", "offered", "offered", "waiting"]);
        assert_eq!(world::count(&site, run.id).await.held, 1, "one place for three");
        counts(&site).await;
        let barrier = Arc::new(Barrier::new(3));
        let mut tasks = Vec::new();
        for (member, _) in &list[..3] {
            let (app, request, barrier) = (site.app.clone(), member.request(run.id), barrier.clone());
            tasks.push(tokio::spawn(async move {
                barrier.wait().await;
                book(&app, &request).await.unwrap()
            }));
        }
        let mut booked = 0;
        for task in tasks {
            match task.await.unwrap() {
                BookOutcome::Booked(_) => booked += 1,
                BookOutcome::Full => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(booked, 1);
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (1, 1, 0));
        let mut stand = statuses(&site, &run).await;
        stand.sort();
        assert_eq!(stand, ["booked", "waiting", "waiting", "waiting"], "the others keep their turn");
        assert_eq!(world::told(&site, MessageKind::PlaceOfferOver).await.len(), 2, "and are told");
        counts(&site).await;
    }

    async fn two_places_are_for_the_two_who_wait_and_for_nobody_else(site: Site) {
        let (run, holders) = full(&site, 2, TimeDelta::days(9)).await;
        let list = waiting(&site, &run, 2).await;
        let stranger = world::members(&site, 1).await.remove(0);
        gives_up(&site, &holders[0]).await;
        assert_eq!(world::count(&site, run.id).await.held, 1, "one place for both");
        gives_up(&site, &holders[1]).await;
        assert_eq!(world::count(&site, run.id).await.held, 2, "and now one for each");
        assert_eq!(stranger.book(&site, run.id).await, BookOutcome::Full);
        for (member, _) in list.iter().rev() {
            assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        }
        assert_eq!(world::told(&site, MessageKind::PlaceOffered).await.len(), 2, "one offer each");
        assert_eq!(world::told(&site, MessageKind::PlaceOfferOver).await.len(), 0);
        counts(&site).await;
    }

    async fn two_who_share_an_offer_can_book_together(site: Site) {
        let (run, holders) = full(&site, 2, TimeDelta::days(9)).await;
        let mary = world::members(&site, 1).await.remove(0);
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        waits(&site, &mary, &run).await;
        let alone = Request { people: vec![tom], ..mary.request(run.id) };
        assert!(matches!(join(&site.app, &alone).await.unwrap(), JoinOutcome::Joined(_)));
        gives_up(&site, &holders[0]).await;
        gives_up(&site, &holders[1]).await;
        let both = Request { people: vec![mary.person, tom], ..mary.request(run.id) };
        assert!(matches!(book(&site.app, &both).await.unwrap(), BookOutcome::Booked(_)));
        assert_eq!(statuses(&site, &run).await, ["booked", "booked"]);
        counts(&site).await;
    }

    async fn at_last_call_each_place_is_told_once(site: Site) {
        let (run, holders) = full(&site, 2, FAR).await;
        let list = waiting(&site, &run, 3).await;
        site.clock.forward(FAR - TimeDelta::hours(6));
        gives_up(&site, &holders[0]).await;
        gives_up(&site, &holders[1]).await;
        for (member, _) in &list[..2] {
            assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
            assert_eq!(world::told(&site, MessageKind::PlaceOffered).await.len(), 3, "one is still free, as they know");
        }
        counts(&site).await;
    }

    async fn a_no_after_the_offer_is_gone_takes_nobody_off_the_list(site: Site) {
        let (run, holders) = full(&site, 1, TimeDelta::days(9)).await;
        let list = waiting(&site, &run, 2).await;
        gives_up(&site, &holders[0]).await;
        assert!(matches!(list[0].0.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert!(!decline(&site.app, run.id, list[1].1).await.unwrap());
        assert_eq!(statuses(&site, &run).await, ["booked", "waiting"]);
        let link = link(&told(&site, &list[1].0, MessageKind::PlaceOffered).await[0]);
        assert_eq!(site.browser().get(&link).await.words("h1"), ["This offer is over"]);
        counts(&site).await;
    }

    async fn places_for_the_list_do_not_count_as_kept_for_sign_ups(site: Site) {
        let (run, holders) = full(&site, 12, FAR).await;
        waiting(&site, &run, 3).await;
        for holder in &holders[..4] {
            gives_up(&site, holder).await;
        }
        let draft = world::draft(&site).await;
        let held = holds::hold(&site.app, run.id, draft, "new@example.org").await.unwrap();
        assert!(matches!(held, HoldOutcome::Held { .. }), "{held:?}");
        let (other, _) = full(&site, 1, FAR).await;
        waiting(&site, &other, 1).await;
        let draft = world::draft(&site).await;
        let gone = holds::hold(&site.app, other.id, draft, "other@example.org").await.unwrap();
        assert_eq!(gone, HoldOutcome::Gone);
        counts(&site).await;
    }

    async fn somebody_under_16_says_yes_and_a_guardian_is_asked(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let spec = MemberSpec { name: "Rowan Ashdown", born: "2014-06-02", ..MemberSpec::default() };
        let rowan = world::member(&site, spec).await;
        world::guardian(&site, rowan.person, "alex@example.org").await;
        waits(&site, &rowan, &run).await;
        gives_up(&site, &holders[0]).await;
        let path = link(&told(&site, &rowan, MessageKind::PlaceOffered).await[0]);
        let yes = site.browser().post(&path, &[("do", "take")]).await;
        assert_eq!(yes.words("h1"), ["We are waiting for your parent or guardian"]);
        assert!(!yes.body.contains("long-term pain"), "whoever opens the link does not learn the course");
        assert_eq!(world::told(&site, MessageKind::GuardianRequest).await.len(), 1);
        counts(&site).await;
    }

    async fn at_last_call_everybody_is_told_and_the_first_has_it(site: Site) {
        let (run, holders) = full(&site, 2, FAR).await;
        let list = waiting(&site, &run, 3).await;
        site.clock.forward(FAR - TimeDelta::hours(6));
        gives_up(&site, &holders[0]).await;
        assert_eq!(statuses(&site, &run).await, ["waiting"; 3]);
        for (member, _) in &list {
            assert_eq!(told(&site, member, MessageKind::PlaceOffered).await.len(), 1);
        }
        jobs::sweep(&site.app).await;
        assert_eq!(world::told(&site, MessageKind::PlaceOffered).await.len(), 3, "once each");
        assert!(matches!(list[2].0.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(list[0].0.book(&site, run.id).await, BookOutcome::Full);
        gives_up(&site, &holders[1]).await;
        assert_eq!(world::told(&site, MessageKind::PlaceOffered).await.len(), 5, "and again for the next place");
        counts(&site).await;
        site.clock.forward(TimeDelta::hours(6));
        jobs::sweep(&site.app).await;
        assert_eq!(statuses(&site, &run).await, ["over", "over", "booked"], "nothing after the start");
        counts(&site).await;
    }

    async fn an_offer_that_last_call_ends_leaves_them_on_the_list(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 2).await;
        site.clock.forward(FAR - TimeDelta::hours(7));
        gives_up(&site, &holders[0]).await;
        assert_eq!(statuses(&site, &run).await, ["offered", "offered"]);
        site.clock.forward(TimeDelta::hours(1));
        settle(&site.app, run.id).await.unwrap();
        assert_eq!(statuses(&site, &run).await, ["waiting", "waiting"]);
        assert_eq!(told(&site, &list[1].0, MessageKind::PlaceOffered).await.len(), 2, "an offer, and last call");
        counts(&site).await;
    }

    async fn while_somebody_waits_nobody_else_takes_what_is_free(site: Site) {
        let (run, _) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 1).await;
        let others = world::members(&site, 2).await;
        // One more place, and nobody has been told yet: the moment between two transactions.
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE run SET capacity = 2 WHERE id = $1").bind(run.id).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        assert_eq!(others[0].book(&site, run.id).await, BookOutcome::Full);
        assert_eq!(statuses(&site, &run).await, ["offered"], "asking has brought the list up to date");
        leave(&site.app, run.id, list[0].1).await.unwrap();
        // The control: with nobody on the list the same place can be booked.
        assert!(matches!(others[1].book(&site, run.id).await, BookOutcome::Booked(_)));
        counts(&site).await;
    }

    async fn who_may_not_book_may_not_wait_and_nobody_waits_twice(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 1).await;
        let again = join(&site.app, &list[0].0.request(run.id)).await.unwrap();
        assert_eq!(again, JoinOutcome::Already(list[0].1));
        let has_one = join(&site.app, &holders[0].0.request(run.id)).await.unwrap();
        assert!(matches!(has_one, JoinOutcome::Refused(BookOutcome::AlreadyBooked(_))));
        let unverified = Request { verified: false, ..world::members(&site, 1).await[0].request(run.id) };
        let refused = join(&site.app, &unverified).await.unwrap();
        assert_eq!(refused, JoinOutcome::Refused(BookOutcome::NotVerified));
        let open = world::run(&site, RunSpec::default()).await;
        let free = join(&site.app, &list[0].0.request(open.id)).await.unwrap();
        assert_eq!(free, JoinOutcome::PlaceFree);
        site.clock.forward(FAR);
        let begun = join(&site.app, &world::members(&site, 1).await[0].request(run.id)).await.unwrap();
        assert_eq!(begun, JoinOutcome::Refused(BookOutcome::Started));
    }

    async fn somebody_waits_is_offered_a_place_and_takes_it_by_the_link(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let mary = site.member("Mary").await;
        let eve = site.member("Eve").await;
        let wait = book_path(&run).replace("/book", "/wait");
        let refused = mary.browser.get(&book_path(&run)).await;
        assert!(refused.body.contains(&format!("href=\"{wait}\"")), "the way to the list");
        assert_eq!(mary.browser.get(&wait).await.words("h1"), ["Join the waiting list"]);
        let joined = mary.browser.post_and_follow(&wait, &[]).await;
        assert_eq!(joined.words("h1"), ["You are on the waiting list"]);
        assert!(joined.body.contains("You are first on the list."));
        let own = mary.browser.post(&wait, &[]).await.location();
        assert_eq!(mary.browser.get(&book_path(&run)).await.location(), own);
        assert!(mary.browser.get("/account/bookings").await.body.contains(&own));
        for path in [own.clone(), format!("{own}/leave")] {
            assert_eq!(eve.browser.get(&path).await.status, StatusCode::NOT_FOUND);
            assert_eq!(eve.browser.post(&path, &[("do", "no")]).await.status, StatusCode::NOT_FOUND);
        }
        gives_up(&site, &holders[0]).await;
        assert_eq!(mary.browser.get(&own).await.words("h1"), ["A place is free for you"]);
        let mail = world::told(&site, MessageKind::PlaceOffered).await.remove(0);
        assert!(!mail.subject.contains("pain") && !mail.text.contains("pain"), "the course is not named");
        let path = link(&mail);
        let scanner = site.browser();
        for _ in 0..2 {
            assert_eq!(scanner.get(&path).await.words("h1"), ["A place is free for you"]);
        }
        assert_eq!(statuses(&site, &run).await, ["offered"], "looking does nothing");
        let taken = site.browser().post(&path, &[("do", "take")]).await;
        assert_eq!(taken.words("h1"), ["It is booked"]);
        assert_eq!(statuses(&site, &run).await, ["booked"]);
        let again = site.browser().post(&path, &[("do", "take")]).await;
        assert_eq!(again.words("h1"), ["You have said yes"]);
        assert!(mary.browser.get("/account/bookings").await.body.contains("Coming up"));
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 2, "theirs, and the first holder's");
        let unknown = site.browser().get("/offers/nothing").await;
        assert_eq!(unknown.status, StatusCode::GONE);
        counts(&site).await;
    }

    async fn at_last_call_my_bookings_leads_to_the_free_place(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let mary = site.member("Mary").await;
        let wait = book_path(&run).replace("/book", "/wait");
        let own = mary.browser.post(&wait, &[]).await.location();
        site.clock.forward(FAR - TimeDelta::hours(6));
        // Signed in anew: that was a long time.
        let browser = site.browser_of(&mary).await;
        assert!(browser.get("/account/bookings").await.body.contains("You are first on the list."));
        gives_up(&site, &holders[0]).await;
        let mine = browser.get("/account/bookings").await;
        assert!(mine.body.contains("the first to say yes has it"), "{}", mine.body);
        assert_eq!(browser.get(&own).await.words("h1"), ["A place is free at short notice"]);
        let taken = browser.post_and_follow(&own, &[("do", "take")]).await;
        assert_eq!(taken.words("h1"), ["Your place is booked"]);
        counts(&site).await;
    }

    async fn saying_no_by_the_link_passes_the_place_on(site: Site) {
        let (run, holders) = full(&site, 1, FAR).await;
        let list = waiting(&site, &run, 2).await;
        gives_up(&site, &holders[0]).await;
        let path = link(&told(&site, &list[0].0, MessageKind::PlaceOffered).await[0]);
        let no = site.browser().post(&path, &[("do", "no")]).await;
        assert_eq!(no.words("h1"), ["Thank you for telling us"]);
        assert_eq!(statuses(&site, &run).await, ["declined", "offered"]);
        let late = site.browser().post(&path, &[("do", "take")]).await;
        assert_eq!(late.words("h1"), ["Thank you for telling us"], "said is said");
        assert_eq!(statuses(&site, &run).await, ["declined", "offered"]);
        let next = link(&told(&site, &list[1].0, MessageKind::PlaceOffered).await[0]);
        site.clock.forward(TimeDelta::days(8));
        let lapsed = site.browser().get(&next).await;
        assert_eq!((lapsed.status, lapsed.words("h1")), (StatusCode::GONE, vec!["The time to answer is over".to_owned()]));
    }
}

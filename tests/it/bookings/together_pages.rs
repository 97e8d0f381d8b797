//! Two come together, as a browser without scripts sees it.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, recount};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use crate::bookings::pages::{book_path, fields};
use crate::bookings::world::{self, Made, RunSpec};
use crate::support::people::{Somebody, Sort};
use crate::support::{Answer, Site};

const KEY: &str = "a-form-key-of-ours";
const BOTH: &str = "Mary Ashdown and Tom Ashdown";

/// What somebody types about Tom, but for what a test says.
pub fn about(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let usual = [
        ("form-key", "a-key-for-somebody"),
        ("full-name", "Tom Ashdown"),
        ("date-of-birth-day", "2"),
        ("date-of-birth-month", "1"),
        ("date-of-birth-year", "1950"),
        ("relation", "carer"),
        ("where", "mine"),
    ];
    let rest = usual
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(own, _)| own != name));
    rest.chain(more.iter().copied()).collect()
}

/// Rowan, 12, whose parent it is that books.
pub fn rowan(relation: &'static str) -> Vec<(&'static str, &'static str)> {
    about(&[
        ("form-key", "a-key-for-a-child"),
        ("full-name", "Rowan Ashdown"),
        ("date-of-birth-year", "2014"),
        ("relation", relation),
    ])
}

/// Presses "Add somebody", tells us about them, and is back on the page that books; answers its address.
pub async fn brings(who: &Somebody, run: &Made, somebody: &[(&str, &str)]) -> String {
    let pressed = [("form-key", KEY), ("who", "new")];
    let add = who.browser.post(&book_path(run), &pressed).await.location();
    assert_eq!(
        who.browser.get(&add).await.words("h1"),
        ["Who is coming with you?"]
    );
    let sent = who.browser.post(&add, somebody).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let mut next = sent.location();
    if next.contains("/guardian?") {
        let asked = who.browser.get(&next).await;
        let form: &[(&str, &str)] = if asked.words("h1")[0].starts_with("Do you agree") {
            &[("agree", "yes")]
        } else {
            &[
                ("guardian-name", "Alex Brook"),
                ("guardian-email", "alex@example.org"),
                ("guardian-phone", "01632 960 001"),
            ]
        };
        next = who.browser.post(&next, form).await.location();
    }
    assert!(
        next.starts_with(&format!("{}?with=", book_path(run))),
        "{next}"
    );
    next
}

/// The buttons of a page, by what they send as `who`.
fn choices(page: &Answer) -> Vec<(String, String)> {
    let html = page.html();
    let buttons = scraper::Selector::parse("button[name=who]").unwrap();
    html.select(&buttons)
        .map(|button| {
            let words: String = button.text().collect();
            (
                button.attr("value").unwrap_or_default().to_owned(),
                words.trim().to_owned(),
            )
        })
        .collect()
}

async fn consents(site: &Site, about: &'static str) -> Vec<(String, bool, String)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT channel, given, wording FROM consent WHERE about = $1 ORDER BY recorded_at, id",
        )
        .bind(about)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

with_mail! {
    async fn somebody_is_added_on_the_way_and_both_are_booked(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let check = mary.browser.get(&book_path(&run)).await;
        assert!(check.words("h2").contains(&"Is somebody coming with you?".to_owned()));
        assert_eq!(choices(&check), [("new".to_owned(), "Add somebody who comes with me".to_owned())]);
        // What is typed before pressing it is still there afterwards, and is in no address.
        let typed = [("form-key", KEY), ("access-note", "A chair with arms"), ("remind", "call"), ("who", "new")];
        let add = mary.browser.post(&book_path(&run), &typed).await.location();
        assert!(!add.contains("chair"));
        let own = mary.browser.post(&add, &about(&[])).await.location();
        let both = mary.browser.get(&own).await;
        assert_eq!(both.words("h1"), ["Check your answers, then book"]);
        for words in ["About you", "About Tom Ashdown", "Who is coming?"] {
            assert!(both.words("h2").contains(&words.to_owned()), "{words}");
        }
        assert!(both.body.contains("Book both places") && both.body.contains("Tom’s name, phone and email"));
        assert_eq!(both.words("textarea"), ["A chair with arms", ""]);
        assert!(both.body.contains("What would help Tom on the day?"));
        let key = both.field("form-key").unwrap();
        let form = [("form-key", key.as_str()), ("remind", "email"), ("access-note", "A chair"), ("access-note-2", "Large print")];
        let sent = mary.browser.post(&own, &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert_eq!(mary.browser.post(&own, &form).await.location(), sent.location(), "the same form gets the same answer");
        assert_eq!(mary.browser.get(&sent.location()).await.words("h1"), ["Your places are booked"]);
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.places, counted.taken), (1, 2, 2));
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert!(told.len() == 1 && told[0].text.contains("Mary Ashdown and Tom Ashdown"));
        let notes: Vec<Uuid> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT person_id FROM vault_entry WHERE kind = 'access-note'").fetch_all(&mut *c).await?)
        }).unwrap();
        assert!(notes.len() == 2 && notes[0] != notes[1], "each has a note of their own");
        assert_eq!(consents(&site, "access-note").await.len(), 2);
        let shown = &consents(&site, "privacy-notice").await[0];
        assert!(shown.2.contains("Please tell them that you have given us their details"));
        let own = sent.location().trim_end_matches("/booked").to_owned();
        assert_eq!(mary.browser.get(&format!("{own}/note")).await.words("textarea"), ["A chair", "Large print"]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn somebody_known_is_offered_again_and_taken_off(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let id = with.split("with=").nth(1).unwrap().to_owned();
        let known = choices(&mary.browser.get(&book_path(&run)).await);
        assert_eq!(known[0].1, "Tom Ashdown comes with me");
        let chosen = mary.browser.post(&book_path(&run), &[("form-key", KEY), ("who", &known[0].0)]).await;
        assert_eq!(chosen.location(), with);
        let off = mary.browser.post(&with, &[("form-key", KEY), ("who", "")]).await;
        assert_eq!(off.location(), book_path(&run));
        let only = mary.browser.post(&with, &[("form-key", KEY), ("who", &format!("only:{id}"))]).await.location();
        assert_eq!(only, format!("{}?only={id}", book_path(&run)));
        let page = mary.browser.get(&only).await;
        assert!(page.body.contains("Book this place") && !page.words("h2").contains(&"About you".to_owned()));
        assert!(page.field("remind").is_none(), "how to be reminded is in the account");
        let sent = mary.browser.post(&only, &[("form-key", KEY)]).await;
        assert_eq!(mary.browser.get(&sent.location()).await.words("h1"), ["The place is booked"]);
        assert!(mary.browser.get("/account/bookings").await.body.contains("For Tom Ashdown"));
        assert_eq!(world::count(&site, run.id).await.places, 1);
        // Now Tom has a place, and Mary may still come.
        let refused = mary.browser.get(&with).await;
        assert_eq!(refused.words("h1"), ["There is a place already"]);
        assert!(refused.body.contains("Tom has a place on this date already") && refused.body.contains("Book 1 place for me"));
    }

    async fn what_is_typed_about_one_is_never_taken_for_another(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let id = with.split("with=").nth(1).unwrap().to_owned();
        let jo = about(&[("form-key", "a-key-for-jo-brook"), ("full-name", "Jo Brook")]);
        let other = mary.browser.post(&format!("/account/people/add?next={}%3Fwith%3D", book_path(&run)), &jo).await.location();
        let typed = |who| [("form-key", KEY), ("access-note", "Mary’s"), ("access-note-2", "Tom’s"), ("remind", "email"), ("who", who)];
        let leads = mary.browser.post(&with, &typed("")).await.location();
        assert_eq!(mary.browser.get(&leads).await.words("textarea"), ["Mary’s"]);
        assert_eq!(mary.browser.get(&other).await.words("textarea"), ["Mary’s", ""], "not to Jo");
        assert_eq!(mary.browser.get(&with).await.words("textarea"), ["Mary’s", "Tom’s"]);
        let only = format!("only:{id}");
        let leads = mary.browser.post(&with, &typed(&only)).await.location();
        assert_eq!(mary.browser.get(&leads).await.words("textarea"), ["Tom’s"]);
        // Off, and on again from the page without him.
        mary.browser.post(&with, &typed("")).await;
        let alone = [("form-key", KEY), ("access-note", "Mary’s, longer"), ("who", &format!("with:{id}"))];
        let back = mary.browser.post(&book_path(&run), &alone).await.location();
        assert_eq!(mary.browser.get(&back).await.words("textarea"), ["Mary’s, longer", "Tom’s"]);
        let eve = site.member("Eve").await;
        assert_eq!(eve.browser.get(&book_path(&run)).await.words("textarea"), [""]);
        // By himself, his note is his.
        let sent = mary.browser.post(&leads, &[("form-key", KEY), ("access-note-2", "Tom’s")]).await;
        let note = sent.location().replace("/booked", "/note");
        assert_eq!(mary.browser.get(&note).await.words("textarea"), ["Tom’s"]);
        let tom: String = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT person.full_name FROM vault_entry JOIN person ON person.id = person_id")
                .fetch_one(&mut *c).await?)
        }).unwrap();
        assert_eq!(tom, "Tom Ashdown");
    }

    async fn somebody_elses_person_is_not_there(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let (mary, eve) = (site.member("Mary Ashdown").await, site.member("Eve").await);
        let with = brings(&mary, &run, &about(&[])).await;
        let id = with.split("with=").nth(1).unwrap().to_owned();
        let nobody = Uuid::new_v4().simple().to_string();
        let wait = book_path(&run).replace("/book", "/wait");
        for path in [
            with.clone(),
            with.replace("with=", "only="),
            with.replace("/book", "/wait"),
            format!("/account/people/{id}"),
            format!("/account/people/{id}/guardian"),
            format!("/account/people/{id}/remove"),
        ] {
            let missing = path.replace(&id, &nobody);
            let form = [("form-key", KEY), ("remind", "email"), ("full-name", "Eve"), ("where", "mine"), ("agree", "yes")];
            let (theirs, nothing) = (eve.browser.get(&path).await, eve.browser.get(&missing).await);
            assert_eq!((theirs.status, &theirs.body), (StatusCode::NOT_FOUND, &nothing.body), "{path}");
            let (theirs, nothing) = (eve.browser.post(&path, &form).await, eve.browser.post(&missing, &form).await);
            assert_eq!((theirs.status, &theirs.body), (StatusCode::NOT_FOUND, &nothing.body), "{path}");
        }
        for words in ["with:nobody", "else", "//evil.example"] {
            for path in [book_path(&run), wait.clone()] {
                let answer = eve.browser.post(&path, &[("form-key", KEY), ("who", words)]).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{words}");
            }
        }
        // Their own person is no companion of theirs, nor is one twice in an address.
        let own: Uuid = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT id FROM representation WHERE kind = 'self' AND person_id = $1")
                .bind(eve.person_id).fetch_one(&mut *c).await?)
        }).unwrap();
        for query in [format!("with={own}"), format!("only={own}"), format!("with={id}&only={id}"), "with=".to_owned()] {
            let answer = eve.browser.get(&format!("{}?{query}", book_path(&run))).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{query}");
        }
        assert!(eve.browser.get("/account/people").await.body.contains("There is nobody here yet."));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking").await, 0);
        assert!(mary.browser.get("/account/people").await.body.contains("Tom Ashdown"));
    }

    async fn with_one_place_left_neither_is_booked_and_there_is_a_way_on(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, starts_in: TimeDelta::days(30), ..RunSpec::default() }).await;
        let spec = |capacity| RunSpec { capacity, starts_in: TimeDelta::days(60), ..RunSpec::default() };
        let one = world::another_run(&site, run.course_id, &run.slug, &spec(1)).await;
        let two = world::another_run(&site, run.course_id, &run.slug, &spec(2)).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let key = mary.browser.get(&with).await.field("form-key").unwrap();
        world::members(&site, 1).await.remove(0).book(&site, run.id).await;
        for answer in [mary.browser.get(&with).await, mary.browser.post(&with, &fields(&key)).await] {
            assert_eq!(answer.words("h1"), ["Only 1 place is left. You need 2"]);
            let query = with.split_once('?').unwrap().1;
            let wait = with.replace("/book?", "/wait?");
            for href in [wait, book_path(&run), format!("{}?{query}", book_path(&two))] {
                assert!(answer.body.contains(&format!("href=\"{href}\"")), "{href}");
            }
            assert!(!answer.body.contains(&book_path(&one)), "a date with one place is no help");
        }
        assert_eq!(mary.browser.post(&with, &fields(&key)).await.status, StatusCode::CONFLICT);
        assert_eq!(world::count(&site, run.id).await.places, 1);
        // Without Tom she can have it.
        assert_eq!(mary.browser.post(&book_path(&run), &fields(&key)).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world::count(&site, run.id).await.places, 2);
    }

    async fn a_parent_agrees_at_once_and_anybody_else_is_asked_by_email(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        for (name, relation) in [("Mary Ashdown", "parent"), ("Gail Ashdown", "guardian")] {
            let mary = site.member(name).await;
            let with = brings(&mary, &run, &rowan(relation)).await;
            let check = mary.browser.get(&with).await;
            assert!(check.body.contains(&format!("{name} agrees")), "{relation}");
            assert!(check.body.contains("Rowan’s name, and the phone and email of their parent or guardian"));
            assert!(!check.body.contains("We will ask"));
            let done = mary.browser.post_and_follow(&with, &fields(KEY)).await;
            assert_eq!(done.words("h1"), ["Your places are booked"]);
        }
        assert_eq!(world::told(&site, MessageKind::GuardianRequest).await.len(), 0);
        let agreed = consents(&site, "guardian").await;
        assert_eq!(agreed.len(), 2);
        assert!(agreed.iter().all(|(how, given, words)| how == "account" && *given && words.contains("Rowan Ashdown’s parent")));

        let carol = site.member("Carol").await;
        let with = brings(&carol, &run, &rowan("carer")).await;
        assert!(carol.browser.get(&with).await.body.contains("Rowan will be under 16"));
        let done = carol.browser.post_and_follow(&with, &fields(KEY)).await;
        assert_eq!(done.words("h1"), ["We are waiting for Rowan’s parent or guardian"]);
        let asked = world::told(&site, MessageKind::GuardianRequest).await;
        assert_eq!((asked.len(), asked[0].to.email()), (1, "alex@example.org"));
        assert!(carol.browser.get("/account/bookings").await.body.contains("waiting for a parent or guardian to agree"));
        let at = asked[0].text.find("/guardian/").unwrap();
        let link = asked[0].text[at..].split_whitespace().next().unwrap().to_owned();
        site.browser().post(&link, &[("answer", "no")]).await;
        let told = world::told(&site, MessageKind::BookingCancelled).await;
        assert!(told[0].text.contains("We asked a parent or guardian, for Carol and Rowan Ashdown, about"));
        assert!(carol.browser.get("/account/bookings").await.body.contains("A parent or guardian did not agree"));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn nobody_under_16_agrees_for_a_child_and_no_guardian_is_reached_where_the_account_is(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let young = site.somebody("Yusuf", Sort::Member, "2012-06-02").await;
        world::guardian(&site, young.person_id, "amina@example.org").await;
        let add = format!("/account/people/add?next={}%3Fwith%3D", book_path(&run));
        let ask = young.browser.post(&add, &rowan("parent")).await.location();
        assert_eq!(young.browser.get(&ask).await.words("h1"), ["Who is Rowan’s parent or guardian?"]);
        let refused = young.browser.post(&ask, &[("agree", "yes")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let own = [("guardian-name", "Alex"), ("guardian-email", young.email.as_str()), ("guardian-phone", "07700 900100")];
        let refused = young.browser.post(&ask, &own).await;
        assert_eq!(refused.words(".govuk-error-summary li").len(), 2, "an address and a number of their own");
        // Left unanswered, nothing can be booked, and the page says where to go.
        let with = percent_encoding::percent_decode_str(ask.split("next=").nth(1).unwrap()).decode_utf8().unwrap().into_owned();
        let refused = young.browser.post(&with, &fields(KEY)).await;
        assert_eq!((refused.status, refused.words("h1")), (StatusCode::CONFLICT, vec!["A parent or guardian has to agree".to_owned()]));
        assert!(refused.body.contains("Rowan will be under 16 on the first day"));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM consent WHERE about = 'guardian'").await, 0);
    }

    async fn ages_hold_for_both(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        let open = world::run(&site, RunSpec::default()).await;
        let query = brings(&mary, &open, &rowan("parent")).await.split_once('?').unwrap().1.to_owned();
        let adults = world::run(&site, RunSpec { audience: "adults", ..RunSpec::default() }).await;
        let refused = mary.browser.post(&format!("{}?{query}", book_path(&adults)), &fields(KEY)).await;
        assert_eq!(refused.words("h1"), ["This course is for people aged 16 and over"]);
        assert!(refused.body.contains("Rowan will be under 16") && refused.body.contains("Book 1 place for me"));
        let young = world::run(&site, RunSpec { audience: "under-16s", ..RunSpec::default() }).await;
        let refused = mary.browser.post(&format!("{}?{query}", book_path(&young)), &fields(KEY)).await;
        assert_eq!(refused.words("h1"), ["This course is for people under 16"]);
        let only = format!("{}?{}", book_path(&young), query.replace("with", "only"));
        assert!(refused.body.contains(&format!("href=\"{only}\"")), "a parent need not have a place to bring a child");
        assert!(mary.browser.get(&book_path(&young)).await.body.contains(&format!("href=\"{only}\"")));
        let done = mary.browser.post_and_follow(&only, &[("form-key", KEY)]).await;
        assert_eq!(done.words("h1"), ["The place is booked"]);
        let vera = site.somebody("Vera", Sort::Volunteer, "1954-06-02").await;
        let query = brings(&vera, &open, &about(&[])).await.split_once('?').unwrap().1.to_owned();
        let ours = world::run(&site, RunSpec { volunteers_only: true, ..RunSpec::default() }).await;
        let refused = vera.browser.post(&format!("{}?{query}", book_path(&ours)), &fields(KEY)).await;
        assert_eq!((refused.status, refused.words("h1")), (StatusCode::FORBIDDEN, vec!["You cannot bring somebody to this one".to_owned()]));
    }

    async fn times_that_meet_are_said_of_either(site: Site) {
        let first = world::run(&site, RunSpec { title: "Mindful gardening".into(), ..RunSpec::default() }).await;
        let second = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &first, &about(&[])).await;
        let query = with.split_once('?').unwrap().1.to_owned();
        let only = with.replace("with=", "only=");
        assert_eq!(mary.browser.post(&only, &[("form-key", KEY)]).await.status, StatusCode::SEE_OTHER);
        let both = format!("{}?{query}", book_path(&second));
        let sent = mary.browser.post(&both, &fields(KEY)).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains("Tom has a place on Mindful gardening."));
        let mut form = fields(KEY);
        form.push(("overlap", "yes"));
        assert_eq!(mary.browser.post(&both, &form).await.status, StatusCode::SEE_OTHER);
    }

    async fn two_wait_together_and_are_named_everywhere(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, starts_in: TimeDelta::days(30), ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let mut holders = Vec::new();
        for member in world::members(&site, 2).await {
            let BookOutcome::Booked(booked) = member.book(&site, run.id).await else { panic!("a place") };
            holders.push((member, booked.reference));
        }
        let full = mary.browser.get(&with).await;
        assert_eq!(full.words("h1"), ["This date is full"]);
        let wait = with.replace("/book?", "/wait?");
        assert!(full.body.contains(&format!("href=\"{wait}\"")));
        // From the page of the list, too.
        let plain = book_path(&run).replace("/book", "/wait");
        let known = choices(&mary.browser.get(&plain).await);
        assert_eq!(mary.browser.post(&plain, &[("who", &known[0].0)]).await.location(), wait);
        let ask = mary.browser.get(&wait).await;
        assert!(ask.body.contains("Join the waiting list together") && ask.body.contains("Tom Ashdown"));
        let sent = mary.browser.post(&wait, &[]).await;
        let entry = sent.location();
        for path in [entry.clone(), format!("{entry}/leave"), "/account/bookings".to_owned()] {
            assert!(mary.browser.get(&path).await.body.contains(BOTH), "{path}");
        }
        for path in [&with, &wait] {
            assert_eq!(mary.browser.get(path).await.location(), entry, "they wait already");
        }
        assert_eq!(mary.browser.post(&wait, &[]).await.location(), entry, "once");
        for (member, reference) in &holders {
            wellbeing_courses::bookings::cancel(&site.app, member.account, reference).await.unwrap();
        }
        let offered = mary.browser.get(&entry).await;
        assert_eq!(offered.words("h1"), ["2 places are free for you"]);
        let told = world::told(&site, MessageKind::PlaceOffered).await;
        assert!(told.len() == 1 && told[0].text.contains(BOTH) && told[0].text.contains("We keep them for you"));
        let done = mary.browser.post_and_follow(&entry, &[("do", "take")]).await;
        assert_eq!(done.words("h1"), ["Your places are booked"]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn who_waits_alone_does_not_take_somebody_along_in_their_turn(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, starts_in: TimeDelta::days(30), ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        world::members(&site, 1).await.remove(0).book(&site, run.id).await;
        let wait = with.replace("/book?", "/wait?");
        let entry = mary.browser.post(wait.split('?').next().unwrap(), &[]).await.location();
        let refused = mary.browser.post(&wait, &[]).await;
        assert_eq!((refused.status, refused.words("h1")), (StatusCode::CONFLICT, vec!["One of you waits already".to_owned()]));
        assert!(refused.body.contains("Mary Ashdown is on this waiting list already"));
        for href in [entry.clone(), format!("{entry}/leave")] {
            assert!(refused.body.contains(&format!("href=\"{href}\"")));
        }
        mary.browser.post(&format!("{entry}/leave"), &[]).await;
        let joined = mary.browser.post_and_follow(&wait, &[]).await;
        assert!(joined.body.contains("Mary Ashdown and Tom Ashdown"));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn one_of_two_who_wait_books_alone_and_the_other_keeps_the_turn(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, starts_in: TimeDelta::days(30), ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let holders = world::members(&site, 2).await;
        let mut references = Vec::new();
        for member in &holders {
            let BookOutcome::Booked(booked) = member.book(&site, run.id).await else { panic!("a place") };
            references.push(booked.reference);
        }
        let entry = mary.browser.post(&with.replace("/book?", "/wait?"), &[]).await.location();
        assert!(!mary.browser.get(&entry).await.body.contains("Can only one of you come?"), "nothing is free");
        wellbeing_courses::bookings::cancel(&site.app, holders[0].account, &references[0]).await.unwrap();
        let waiting = mary.browser.get(&entry).await;
        assert_eq!(waiting.words("h1"), ["You are on the waiting list"], "one place is too few for two");
        assert!(waiting.body.contains("Book 1 place for me") && waiting.body.contains("Book 1 place for Tom"));
        let check = mary.browser.get(&book_path(&run)).await;
        assert!(check.body.contains("Tom Ashdown stays on the waiting list and keeps your turn."), "{}", check.body);
        let done = mary.browser.post_and_follow(&book_path(&run), &fields(KEY)).await;
        assert_eq!(done.words("h1"), ["Your place is booked"]);
        assert!(done.body.contains("Tom Ashdown is still on the waiting list, in the same turn."));
        let own = mary.browser.get(&entry).await;
        assert!(own.body.contains("You are first on the list.") && own.body.contains("Tom Ashdown"));
        assert!(!own.body.contains("Mary Ashdown and"));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        wellbeing_courses::bookings::cancel(&site.app, holders[1].account, &references[1]).await.unwrap();
        assert_eq!(mary.browser.get(&entry).await.words("h1"), ["A place is free for you"]);
        let told = world::told(&site, MessageKind::PlaceOffered).await;
        assert_eq!((told.len(), told[0].to.email()), (1, mary.email.as_str()));
        assert!(told[0].text.contains("For Tom Ashdown"));
        let taken = mary.browser.post_and_follow(&entry, &[("do", "take")]).await;
        assert_eq!(taken.words("h1"), ["The place is booked"]);
        assert_eq!(world::count(&site, run.id).await.places, 2);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn signed_out_by_time_the_second_person_is_still_there_afterwards(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let with = brings(&mary, &run, &about(&[])).await;
        let stranger = site.browser().get(&with).await;
        assert!(stranger.location().starts_with("/sign-in?next=%2Fcourses"), "{}", stranger.location());
        assert!(stranger.location().contains("with%3D"));
        site.clock.forward(TimeDelta::hours(2));
        let sent = mary.browser.post(&with, &fields(KEY)).await;
        assert_eq!(sent.location(), "/sign-in?next=/sign-in/carry-on");
        assert_eq!(world::count(&site, run.id).await.places, 0);
    }
}

//! A code brings what the team booked for somebody into the account that they made later; never the address alone.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, Request, book};
use wellbeing_courses::read;

use super::{admin, errors, of_person, somebody};
use crate::bookings::world::{self, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

/// Somebody the team has booked for, and the booking's number.
async fn phoned(site: &Site) -> (Uuid, String, Uuid) {
    let run = world::run(site, RunSpec::default()).await;
    let person = somebody(site, "Mary Ashdown", Some("+447700900155"), None).await;
    let request = Request {
        account_id: None,
        ..Request::website(run.id, Uuid::nil(), person, [3; 32])
    };
    let BookOutcome::Booked(booked) = book(&site.app, &request).await.unwrap() else {
        panic!("a place");
    };
    (person, booked.reference, run.id)
}

/// The code in the words to read out.
fn read_out(page: &Answer) -> String {
    let words = page.words(".wb-lead").join(" ");
    let from = words.find("Your code is ").unwrap() + "Your code is ".len();
    words[from..].chars().take_while(|c| *c != '.').collect()
}

async fn made(admin: &Somebody, person: Uuid) -> String {
    let path = format!("/desk/people/{person}/code");
    let key = admin.browser.get(&path).await.field("form-key").unwrap();
    read_out(&admin.browser.post(&path, &[("form-key", &key)]).await)
}

async fn enter(who: &Somebody, code: &str, year: &str) -> Answer {
    let fields = [
        ("code", code),
        ("date-of-birth-day", "2"),
        ("date-of-birth-month", "1"),
        ("date-of-birth-year", year),
    ];
    who.browser.post("/account/claim", &fields).await
}

async fn outcomes(site: &Site) -> Vec<String> {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT COALESCE(outcome, 'open') FROM person_claim ORDER BY created_at, id"
    )
    .fetch_all(&mut *c)
    .await?))
    .unwrap()
}

const WRONG: &str = "We do not know this code with this date of birth. Check both, or call us. A code works once, for 14 days";

on_both! {
    async fn with_the_code_and_their_birthday_the_bookings_are_in_their_account(site: Site) {
        let admin = admin(&site).await;
        let (person, reference, _) = phoned(&site).await;
        let mary = site.somebody("Mary Ashdown", crate::support::people::Sort::Member, "1950-01-02").await;
        let before = mary.browser.get("/account/bookings").await;
        assert!(!before.body.contains(&reference), "the same name and birthday open nothing");
        let code = made(&admin, person).await;
        let done = enter(&mary, &code.to_lowercase(), "1950").await;
        assert_eq!((done.status.as_u16(), done.location()), (303, "/account/bookings".to_owned()));
        let detail = mary.browser.get(&format!("/account/bookings/{reference}")).await;
        assert_eq!(detail.status, 200);
        assert_eq!(outcomes(&site).await, ["claimed"]);
        // It works once.
        let again = enter(&site.member("Eve").await, &code, "1950").await;
        assert_eq!(errors(&again), [WRONG]);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'claimed' AND person_id = $1";
        assert_eq!(of_person(&site, noted, mary.person_id).await, 1);
        let kept: Vec<Vec<u8>> = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT code_hash FROM person_claim")
            .fetch_all(&mut *c)
            .await?)).unwrap();
        let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        assert!(kept.iter().all(|hash| hash.len() == 32 && !hash.windows(12).any(|part| part == plain.as_bytes())));
    }

    async fn a_wrong_code_a_wrong_birthday_and_a_late_one_are_answered_alike_and_guessing_ends_it(site: Site) {
        let admin = admin(&site).await;
        let (person, ..) = phoned(&site).await;
        let eve = site.member("Eve").await;
        let code = made(&admin, person).await;
        let wrong = enter(&eve, "2222-2222-2222", "1950").await;
        assert_eq!((wrong.status.as_u16(), errors(&wrong)), (422, vec![WRONG.to_owned()]));
        for _ in 0..5 {
            assert_eq!(errors(&enter(&eve, &code, "1951").await), [WRONG]);
        }
        assert_eq!(outcomes(&site).await, ["guessed"]);
        assert_eq!(errors(&enter(&eve, &code, "1950").await), [WRONG], "the right birthday comes too late");
        let page = admin.browser.get(&format!("/desk/people/{person}")).await;
        assert!(page.body.contains("wrong date of birth too often"));
        // A new code, and two weeks.
        site.clock.forward(TimeDelta::minutes(16));
        let admin = Somebody { browser: site.desk_browser(&admin).await, ..admin };
        let code = made(&admin, person).await;
        site.clock.forward(TimeDelta::days(14));
        let eve = Somebody { browser: site.browser_of(&eve).await, ..eve };
        assert_eq!(errors(&enter(&eve, &code, "1950").await), [WRONG]);
        // And more than ten tries in a quarter of an hour are not looked at.
        for _ in 0..9 {
            enter(&eve, "2222-2222-2222", "1950").await;
        }
        assert_eq!(enter(&eve, &code, "1950").await.status, 429);
    }

    async fn where_something_stands_between_they_are_asked_to_call_and_the_team_sees_it(site: Site) {
        let admin = admin(&site).await;
        let (person, _, run) = phoned(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let own = Request::website(run, mary.account_id, mary.person_id, [4; 32]);
        assert!(matches!(book(&site.app, &own).await.unwrap(), BookOutcome::Booked(_)));
        let code = made(&admin, person).await;
        let sorry = enter(&mary, &code, "1950").await;
        assert_eq!(sorry.status, 409);
        assert!(sorry.body.contains("The team sees that you have tried"));
        assert_eq!(outcomes(&site).await, ["refused"]);
        let page = admin.browser.get(&format!("/desk/people/{person}")).await;
        assert!(page.body.contains("the records could not be joined"));
    }

    async fn a_new_code_ends_the_one_before_and_the_same_form_shows_the_same(site: Site) {
        let admin = admin(&site).await;
        let (person, ..) = phoned(&site).await;
        let path = format!("/desk/people/{person}/code");
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        let first = read_out(&admin.browser.post(&path, &[("form-key", &key)]).await);
        assert_eq!(read_out(&admin.browser.post(&path, &[("form-key", &key)]).await), first);
        assert_eq!(outcomes(&site).await, ["open"]);
        site.clock.forward(TimeDelta::minutes(1));
        let second = made(&admin, person).await;
        assert_ne!(first, second);
        assert_eq!(outcomes(&site).await, ["replaced", "open"]);
        let member = site.member("Mary Ashdown").await;
        assert_eq!(errors(&enter(&member, &first, "1950").await), [WRONG]);
        // Whoever signs in already needs none.
        let path = format!("/desk/people/{}/code", member.person_id);
        assert!(admin.browser.get(&path).await.body.contains("They sign in already"));
    }

    async fn a_code_never_puts_the_record_of_somebody_else_into_ones_own(site: Site) {
        let admin = admin(&site).await;
        let (person, reference, _) = phoned(&site).await;
        let carer = site.somebody("Tom Ashdown", crate::support::people::Sort::Member, "1948-05-06").await;
        let code = made(&admin, person).await;
        let sorry = enter(&carer, &code, "1950").await;
        assert_eq!(sorry.status, 409);
        assert!(sorry.body.contains("Please call us"));
        assert_eq!(outcomes(&site).await, ["refused"]);
        let merged = "SELECT COUNT(*) FROM person WHERE id = $1 AND merged_into IS NOT NULL";
        assert_eq!(of_person(&site, merged, person).await, 0);
        assert!(!carer.browser.get("/account/bookings").await.body.contains(&reference));
    }
}

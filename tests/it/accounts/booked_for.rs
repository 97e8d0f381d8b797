//! "People I book for": added, corrected, and removed once nothing is coming up.

use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::bookings::pages::{book_path, fields};
use crate::bookings::together_pages::{about, rowan};
use crate::bookings::world::{self, RunSpec};

const LIST: &str = "/account/people";
const ADD: &str = "/account/people/add";

/// The address of the one person on the list.
async fn only_one(who: &crate::support::people::Somebody) -> String {
    let page = who.browser.get(LIST).await;
    let html = page.html();
    let links = scraper::Selector::parse("a[href$='/remove']").unwrap();
    let found: Vec<&str> = html.select(&links).filter_map(|a| a.attr("href")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].trim_end_matches("/remove").to_owned()
}

on_both! {
    async fn somebody_is_added_corrected_and_removed(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        assert!(mary.browser.get("/account").await.body.contains(&format!("href=\"{LIST}\"")));
        assert!(mary.browser.get(LIST).await.body.contains("There is nobody here yet."));
        let added = mary.browser.post_and_follow(ADD, &about(&[("preferred-name", "Tommy"), ("phone", "07700 900 982")])).await;
        assert!(added.body.contains("We have saved your changes."));
        for words in ["Tom Ashdown", "You care for them", "2 January 1950", "07700 900982", "BA1 5AL"] {
            assert!(added.body.contains(words), "{words}");
        }
        let own = only_one(&mary).await;
        let page = mary.browser.get(&own).await;
        assert_eq!((page.field("full-name").unwrap(), page.field("phone").unwrap()), ("Tom Ashdown".into(), "07700 900982".into()));
        assert!(page.field("date-of-birth-year").is_none(), "a date of birth is put right by phone");
        let changed = [("full-name", "Thomas Ashdown"), ("email", "tom@example.org"), ("where", "none")];
        let saved = mary.browser.post_and_follow(&own, &changed).await;
        assert!(saved.body.contains("Thomas Ashdown") && saved.body.contains("No fixed address"));
        assert!(!saved.body.contains("07700 900982"), "what is taken out is gone");
        let ask = mary.browser.get(&format!("{own}/remove")).await;
        assert_eq!(ask.words("h1"), ["Do you want to remove Thomas Ashdown?"]);
        assert!(mary.browser.get(LIST).await.body.contains("Thomas"), "looking removes nobody");
        let gone = mary.browser.post_and_follow(&format!("{own}/remove"), &[]).await;
        assert!(gone.body.contains("There is nobody here yet."));
        for path in [own.clone(), format!("{own}/remove")] {
            assert_eq!(mary.browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let scope = "SELECT COUNT(*) FROM representation WHERE scope = 'bookings' AND ends_at IS NOT NULL AND evidence IS NOT NULL";
        assert_eq!(world::number(&site, scope).await, 1);
    }

    async fn nobody_is_removed_who_is_coming_or_waits(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        mary.browser.post(ADD, &about(&[])).await;
        let own = only_one(&mary).await;
        let id = own.rsplit('/').next().unwrap();
        let only = format!("{}?only={id}", book_path(&run));
        let booked = mary.browser.post(&only, &[("form-key", "a-form-key-of-ours")]).await.location();
        for answer in [mary.browser.get(&format!("{own}/remove")).await, mary.browser.post(&format!("{own}/remove"), &[]).await] {
            assert_eq!(answer.words("h1"), ["Tom Ashdown has something coming up"]);
        }
        mary.browser.post(&booked.replace("/booked", "/cancel"), &[]).await;
        world::members(&site, 1).await.remove(0).book(&site, run.id).await;
        let entry = mary.browser.post(&only.replace("/book?", "/wait?"), &[]).await.location();
        assert!(entry.starts_with("/account/waiting/"), "{entry}");
        assert_eq!(mary.browser.post(&format!("{own}/remove"), &[]).await.status, StatusCode::CONFLICT);
        mary.browser.post(&format!("{entry}/leave"), &[]).await;
        assert_eq!(mary.browser.post(&format!("{own}/remove"), &[]).await.location(), LIST);
        assert_eq!(mary.browser.get(&only).await.status, StatusCode::NOT_FOUND);
        assert!(mary.browser.get("/account/bookings").await.body.contains("For Tom Ashdown"), "what was stays");
    }

    async fn the_same_form_is_one_person_and_its_corrections_count_until_they_come(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        let run = world::run(&site, RunSpec::default()).await;
        for name in ["Tom Ashdown", "Tom Ashdown", "Thomas Ashdown"] {
            mary.browser.post(ADD, &about(&[("full-name", name)])).await;
        }
        let own = only_one(&mary).await;
        assert!(mary.browser.get(LIST).await.body.contains("Thomas Ashdown"));
        let id = own.rsplit('/').next().unwrap();
        mary.browser.post(&format!("{}?with={id}", book_path(&run)), &fields("a-form-key-of-ours")).await;
        mary.browser.post(ADD, &about(&[("date-of-birth-year", "2015")])).await;
        assert!(mary.browser.get(LIST).await.body.contains("2 January 1950"));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM consent WHERE about = 'privacy-notice'").await, 1);
        // Another account with the same key has somebody of its own.
        let eve = site.member("Eve").await;
        eve.browser.post(ADD, &about(&[])).await;
        assert_ne!(only_one(&eve).await, own);
    }

    async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        let form = about(&[("full-name", ""), ("preferred-name", "Tommy"), ("phone", "0770"), ("relation", "self"), ("where", "")]);
        let refused = mary.browser.post(ADD, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.title().starts_with("Error: "));
        assert_eq!(refused.words(".govuk-error-summary li").len(), 4);
        for (name, value) in [("preferred-name", "Tommy"), ("phone", "0770"), ("date-of-birth-year", "1950")] {
            assert_eq!(refused.field(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(refused.field("form-key").as_deref(), Some("a-key-for-somebody"));
        assert_eq!(mary.browser.post(ADD, &[("full-name", "Tom")]).await.status, StatusCode::BAD_REQUEST, "no key, no person");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM representation WHERE kind <> 'self'").await, 0);
    }

    async fn an_account_books_for_ten_people_at_most(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        for n in 0..12 {
            let key: &'static str = Box::leak(format!("a-key-for-somebody-{n}").into_boxed_str());
            let answer = mary.browser.post(ADD, &about(&[("form-key", key)])).await;
            let right = if n < 10 { StatusCode::SEE_OTHER } else { StatusCode::CONFLICT };
            assert_eq!(answer.status, right, "{n}");
        }
        assert_eq!(mary.browser.get(ADD).await.words("h1"), ["Your list is full"]);
    }

    async fn a_child_grows_up_and_a_grown_up_has_no_guardian(site: Site) {
        let mary = site.member("Mary Ashdown").await;
        let ask = mary.browser.post(ADD, &rowan("parent")).await.location();
        let refused = mary.browser.post(&ask, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 0..2 {
            assert_eq!(mary.browser.post(&ask, &[("agree", "yes")]).await.location(), LIST);
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM guardian WHERE agreed_at IS NOT NULL").await, 1, "once");
        site.clock.forward(TimeDelta::days(5 * 366));
        let browser = site.browser_of(&mary).await;
        assert_eq!(browser.get(&ask).await.status, StatusCode::NOT_FOUND);
    }
}

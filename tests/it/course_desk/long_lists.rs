//! Lists that are longer than a page: everybody and everything on them can be reached, in any order, and taken away as a file.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::write_tx;

use super::{admin, looks, path, sessions};
use crate::bookings::world::{self, Made, MemberSpec, RunSpec};
use crate::support::{Answer, Site};

/// The lines of a file without its titles.
fn lines(file: &Answer) -> Vec<String> {
    assert_eq!(file.status, StatusCode::OK);
    file.body.lines().skip(1).map(str::to_owned).collect()
}

/// The numbers from one to another, as words.
fn numbers(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|n| n.to_string()).collect()
}

/// A run with one place, which Zoë has, and 30 people who wait, the first of them Abel.
async fn thirty_wait(site: &Site) -> (Made, Uuid) {
    let spec = RunSpec {
        capacity: 1,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let named = async |name| {
        let spec = MemberSpec {
            name,
            ..MemberSpec::default()
        };
        world::member(site, spec).await
    };
    let has = named("Zoë Quill").await;
    assert!(matches!(
        has.book(site, run.id).await,
        BookOutcome::Booked(_)
    ));
    let mut last = has.person;
    for n in 0..30 {
        let waits = named(if n == 0 { "Abel Gale" } else { "Bea Gale" }).await;
        let joined = join(&site.app, &waits.request(run.id)).await.unwrap();
        assert!(matches!(joined, JoinOutcome::Joined(_)));
        last = waits.person;
    }
    (run, last)
}

/// Writes down calls to somebody until there are so many.
async fn call_until(site: &Site, person: Uuid, run: Uuid, calls: i64) {
    let now = site.app.clock.now();
    let there = world::number(site, "SELECT COUNT(*) FROM phone_call").await;
    for n in there..calls {
        let id = site.app.id().unwrap();
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
                 VALUES ($1, $2, 'change', $3, $4, $5, $6)",
            )
            .bind(id)
            .bind(format!("call:{n}"))
            .bind(person)
            .bind(run)
            .bind(now + TimeDelta::days(1))
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
    }
}

with_mail! {
    async fn everybody_who_waits_can_be_reached(site: Site) {
        let (run, last) = thirty_wait(&site).await;
        let admin = admin(&site).await;
        let shown = admin.browser.get(&path(&run)).await;
        assert!(shown.body.contains("These are the first 25 of them."));
        assert_eq!(looks(&site, last).await, 0);
        let list = format!("{}/waiting", path(&run));
        assert!(shown.body.contains(&list));
        let first = admin.browser.get(&list).await;
        assert_eq!(first.words("tbody th"), numbers(1, 25));
        assert_eq!(looks(&site, last).await, 0);
        let second = admin.browser.get(&format!("{list}?page=2")).await;
        assert_eq!(second.words("tbody th"), numbers(26, 30));
        assert_eq!(looks(&site, last).await, 1);
        // In another order everybody keeps their turn.
        let by_name = admin.browser.get(&format!("{list}?sort=-name&page=2")).await;
        assert_eq!(by_name.words("tbody th").last().unwrap(), "1");
        let gone = admin.browser.get(&format!("{list}?page=3")).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let file = lines(&admin.browser.get(&format!("{list}/list.csv")).await);
        assert_eq!(file.len(), 30);
        assert!(file[0].starts_with("1,Abel Gale,"), "{}", file[0]);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'downloaded'";
        assert_eq!(world::number(&site, noted).await, 30, "a line for each of them");
        let book = admin.browser.get(&format!("{list}/list.xlsx")).await;
        assert!(book.status == StatusCode::OK && book.body.starts_with("PK"), "a workbook");
    }

    async fn who_has_a_place_is_sorted_by_the_address_and_is_a_file(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 40, ..RunSpec::default() }).await;
        let names = ["Cy Gale", "abel Gale", "Bea Gale"];
        for n in 0..30 {
            site.clock.forward(TimeDelta::minutes(1));
            let spec = MemberSpec { name: names[n % 3], ..MemberSpec::default() };
            let booked = world::member(&site, spec).await.book(&site, run.id).await;
            assert!(matches!(booked, BookOutcome::Booked(_)));
        }
        let admin = admin(&site).await;
        let here = path(&run);
        let page = async |asked: &str| admin.browser.get(&format!("{here}?{asked}")).await.words("section[aria-labelledby=booked] tbody th");
        assert_eq!(page("").await[..3], names, "who booked first stands first");
        assert_eq!((page("").await.len(), page("page=2").await.len()), (25, 5));
        assert_eq!(page("sort=name").await[..11], [vec!["abel Gale"; 10], vec!["Bea Gale"]].concat());
        assert_eq!(page("sort=-name&page=2").await, ["abel Gale"; 5]);
        assert_eq!(page("sort=state&page=2").await.len(), 5);
        let file = lines(&admin.browser.get(&format!("{here}/list.csv?sort=-name")).await);
        assert_eq!(file.len(), 30);
        assert!(file[0].starts_with("Cy Gale,07700 900214,") && file[0].ends_with(",Booked"), "{}", file[0]);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'downloaded'";
        assert_eq!(world::number(&site, noted).await, 30, "a line for each of them");
        let book = admin.browser.get(&format!("{here}/list.xlsx")).await;
        assert!(book.status == StatusCode::OK && book.body.starts_with("PK"), "a workbook");
    }

    async fn every_draft_can_be_opened_also_from_the_second_page(site: Site) {
        let spec = |hours| RunSpec {
            status: "draft",
            starts_in: TimeDelta::days(40) + TimeDelta::hours(hours),
            ..RunSpec::default()
        };
        let mut last = Vec::new();
        for hours in 0..30 {
            last.push(world::run(&site, spec(hours)).await.id.to_string());
        }
        let admin = admin(&site).await;
        let first = admin.browser.get("/desk/runs/open").await;
        assert!(first.body.contains("There are 30 drafts"));
        assert_eq!(first.words(".govuk-checkboxes__label").len(), 25);
        let page = "/desk/runs/open?page=2";
        let second = admin.browser.get(page).await;
        assert_eq!(second.words(".govuk-checkboxes__label").len(), 5);
        assert!(last[25..].iter().all(|id| second.body.contains(id)));
        assert_eq!(admin.browser.get("/desk/runs/open?page=3").await.status, StatusCode::SEE_OTHER);
        let none = admin.browser.post(page, &[]).await;
        assert_eq!((none.status, none.words(".govuk-checkboxes__label").len()), (StatusCode::UNPROCESSABLE_ENTITY, 5));
        let chosen: Vec<(&str, &str)> = last[24..].iter().map(|id| ("run", id.as_str())).collect();
        let done = admin.browser.post_and_follow(page, &chosen).await;
        assert!(done.body.contains("The runs are open for booking."));
        let open = "SELECT COUNT(*) FROM run WHERE status = 'open'";
        assert_eq!(world::number(&site, open).await, 6, "one of them stood on the first page");
        let again = admin.browser.post_and_follow(page, &chosen).await;
        assert!(again.body.contains("Nobody is told twice."));
    }

    async fn who_was_told_has_pages_and_is_a_file(site: Site) {
        let (run, _) = thirty_wait(&site).await;
        let admin = admin(&site).await;
        let drop = format!("{}/sessions/{}/drop", path(&run), sessions(&site, &run).await[1].0);
        admin.browser.post(&drop, &[]).await;
        world::told(&site, MessageKind::RunChanged).await;
        let list = format!("{}/told", path(&run));
        let first = admin.browser.get(&list).await;
        assert!(first.body.contains("31 told, 0 on its way, 0 not reached yet."), "{:?}", first.words(".wb-lead"));
        assert_eq!(first.words("tbody th").len(), 25);
        assert_eq!(first.words("tbody th")[0], "Zoë Quill");
        let second = admin.browser.get(&format!("{list}?page=2")).await;
        assert_eq!(second.words("tbody th").len(), 6);
        assert!(second.body.contains("31 told, 0 on its way, 0 not reached yet."), "all are counted on every page");
        assert_eq!(admin.browser.get(&format!("{list}?page=3")).await.status, StatusCode::SEE_OTHER);
        let file = lines(&admin.browser.get(&format!("{list}/list.csv")).await);
        assert_eq!(file.len(), 31);
        assert!(file[0].starts_with("Zoë Quill,Has a place,Told,"), "{}", file[0]);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'downloaded'";
        assert_eq!(world::number(&site, noted).await, 31, "a line for each of them");
        let book = admin.browser.get(&format!("{list}/list.xlsx")).await;
        assert!(book.status == StatusCode::OK && book.body.starts_with("PK"), "a workbook");
    }

    async fn what_is_too_long_for_the_page_of_a_person_can_be_seen_whole(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::member(&site, MemberSpec::default()).await;
        let admin = admin(&site).await;
        let page = format!("/desk/people/{}", member.person);
        for (calls, shown, more) in [(20, 20, false), (21, 20, true)] {
            call_until(&site, member.person, run.id, calls).await;
            let some = admin.browser.get(&page).await;
            assert_eq!(some.words("section[aria-labelledby=calls] tbody tr").len(), shown);
            assert_eq!(some.words("a").contains(&"Show all of them".to_owned()), more);
        }
        let all = admin.browser.get(&format!("{page}?all=yes")).await;
        assert_eq!(all.words("section[aria-labelledby=calls] tbody tr").len(), 21);
        assert!(!all.words("a").contains(&"Show all of them".to_owned()));
    }
}

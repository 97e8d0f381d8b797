//! What every list of the desk has: orders in its address, pages, and the same list as a file, however long it is.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::write_tx;

use crate::bookings::world::{self, Member, MemberSpec, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Browser, Site};

/// What the record says of a file.
#[derive(Clone, Copy)]
enum Noted {
    /// Nobody is in it.
    Nothing,
    /// It has names, but not of people with a record: one line for the file.
    Once,
    /// One line for each of its people.
    Each,
}
use Noted::{Each, Nothing, Once};

/// The lists, and what the record says of their files.
const LISTS: [(&str, Noted); 16] = [
    ("/desk/runs", Nothing),
    ("/desk/courses", Nothing),
    ("/desk/attendance", Nothing),
    ("/desk/venues", Nothing),
    ("/desk/topics", Nothing),
    ("/desk/tutors", Once),
    ("/desk/organisations", Nothing),
    ("/desk/feedback", Nothing),
    ("/desk/holidays", Nothing),
    ("/desk/notices", Nothing),
    ("/desk/calls", Each),
    ("/desk/undelivered", Each),
    ("/desk/letters", Each),
    ("/desk/people/volunteers", Each),
    ("/desk/staff", Each),
    ("/desk/requests", Each),
];

/// Orders by words of which each row has others: turned round, the last row is the first.
const BY_WORDS: [(&str, &str); 13] = [
    ("/desk/runs", "course"),
    ("/desk/courses", "title"),
    ("/desk/attendance", "course"),
    ("/desk/organisations", "name"),
    ("/desk/feedback", "course"),
    ("/desk/holidays", "name"),
    ("/desk/notices", "words"),
    ("/desk/calls", "name"),
    ("/desk/calls", "course"),
    ("/desk/undelivered", "name"),
    ("/desk/letters", "name"),
    ("/desk/people/volunteers", "name"),
    ("/desk/requests", "name"),
];

/// Three people on three runs, each with a row in every list.
async fn rows(site: &Site, by: &Somebody) {
    for (name, title) in [
        ("Ada Ashdown", "Beta"),
        ("Bea Ashdown", "alpha"),
        ("Cy Ashdown", "Gamma"),
    ] {
        let spec = RunSpec {
            title: title.into(),
            ..RunSpec::default()
        };
        let run = world::run(site, spec).await;
        let spec = MemberSpec {
            name,
            ..MemberSpec::default()
        };
        let member = world::member(site, spec).await;
        member.book(site, run.id).await;
        of_person(site, &member, run.id, by).await;
        of_site(site, title).await;
    }
}

/// A call, a message that did not arrive, a letter, a time as a volunteer, an answer about a run and a request.
async fn of_person(site: &Site, member: &Member, run: Uuid, by: &Somebody) {
    let (now, by) = (site.app.clock.now(), by.account_id);
    let ids = [(); 6].map(|()| site.app.id().unwrap());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
             VALUES ($1, $2, 'change', $3, $4, $5, $6)",
        )
        .bind(ids[0])
        .bind(format!("call:{}", member.email))
        .bind(member.person)
        .bind(run)
        .bind(now + TimeDelta::days(1))
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO post_letter (id, cause, about, person_id, run_id, sealed, created_at) \
             VALUES ($1, $2, 'booked', $3, $4, $5, $6)",
        )
        .bind(ids[1])
        .bind(format!("letter:{}", member.email))
        .bind(member.person)
        .bind(run)
        .bind(vec![1_u8])
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO volunteer (id, person_id, organisation, hours_a_week, from_at, until_at, given_by, created_at) \
             VALUES ($1, $2, 'Bath Gardens', 3, $3, $4, $5, $3)",
        )
        .bind(ids[2])
        .bind(member.person)
        .bind(now)
        .bind(now + TimeDelta::days(300))
        .bind(by)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO feedback (id, booking_id, run_id, person_id, how, asked_at) \
             SELECT $1, booking_id, run_id, person_id, 'email', $3 FROM place WHERE person_id = $2",
        )
        .bind(ids[3])
        .bind(member.person)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO rights_request (id, reference, kind, channel, received_on, person_id, asked, identity, due_on, created_by, \
                                         created_at) \
             VALUES ($1, $2, 'objection', 'phone', '2027-01-04', $3, $4, 'known', '2027-02-04', $5, $6)",
        )
        .bind(ids[4])
        .bind(format!("DP-{}", ids[4].simple()))
        .bind(member.person)
        .bind(vec![1_u8])
        .bind(by)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO outbox (id, cause, kind, channel, person_id, state, sealed, next_try_at, created_at, finished_at) \
             VALUES ($1, $2, 'sign-in-link', 'email', $3, 'dead', $4, $5, $5, $5)",
        )
        .bind(ids[5])
        .bind(format!("message:{}", member.email))
        .bind(member.person)
        .bind(vec![1_u8])
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// An organisation, a holiday and a notice.
async fn of_site(site: &Site, name: &str) {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query("INSERT INTO organisation (id, name, kind, created_at) VALUES ($1, $2, 'provider', $3)")
            .bind(id)
            .bind(name)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("INSERT INTO school_holiday (id, name, first_day, last_day) VALUES ($1, $2, '2027-02-15', '2027-02-19')")
            .bind(id)
            .bind(name)
            .execute(&mut *c)
            .await?;
        sqlx::query("INSERT INTO site_notice (id, words, starts_at, ends_at, created_at) VALUES ($1, $2, $3, $4, $3)")
            .bind(id)
            .bind(name)
            .bind(now)
            .bind(now + TimeDelta::days(9))
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
}

/// The words of the orders that a page offers in its form.
fn offered(page: &Answer) -> Vec<String> {
    let html = page.html();
    let options = scraper::Selector::parse("select[name=sort] option").unwrap();
    let words = html.select(&options);
    words
        .filter_map(|one| one.value().attr("value").map(str::to_owned))
        .collect()
}

/// The words of the orders of its headings.
fn headings(page: &Answer) -> Vec<String> {
    let html = page.html();
    let links = scraper::Selector::parse("a.wb-sorts").unwrap();
    let linked = html.select(&links).filter_map(|one| {
        let (_, word) = one.value().attr("href")?.split_once("sort=")?;
        Some(word.trim_start_matches('-').to_owned())
    });
    linked.collect()
}

/// The cells of a file, line by line, without its titles.
fn lines(file: &Answer) -> Vec<String> {
    file.body.lines().skip(1).map(str::to_owned).collect()
}

async fn file(browser: &Browser, path: &str) -> Answer {
    let file = browser.get(path).await;
    assert_eq!(file.status, 200, "{path}");
    file
}

/// How many rows of the record say this of the page.
async fn noted(site: &Site, action: &'static str) -> i64 {
    wellbeing_courses::read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit_entry WHERE action = $1"
    )
    .bind(action)
    .fetch_one(&mut *c)
    .await?))
    .unwrap()
}

on_both! {
    async fn every_list_is_sorted_by_its_address_both_ways_and_is_a_file(site: Site) {
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        rows(&site, &staff).await;
        for (list, _) in LISTS {
            let page = staff.browser.get(list).await;
            assert_eq!(page.status, 200, "{list}");
            let headings = headings(&page);
            let orders = [offered(&page), headings.clone()].concat();
            assert!(orders.len() >= 3, "{list}: {orders:?}");
            for (_, by) in BY_WORDS.iter().filter(|(own, _)| *own == list) {
                assert!(orders.iter().any(|order| order == by), "{list} by {by}: {orders:?}");
            }
            assert!(page.body.contains(&format!("{list}/list.csv")), "{list} as a file");
            for order in &orders {
                let there = file(&staff.browser, &format!("{list}/list.csv?sort={order}")).await;
                let back = file(&staff.browser, &format!("{list}/list.csv?sort=-{order}")).await;
                let (mut one, mut other) = (lines(&there), lines(&back));
                assert!(one.len() >= 2 || list == "/desk/staff", "{list}: {one:?}");
                if BY_WORDS.contains(&(list, order.as_str())) {
                    assert_ne!(one, other, "{list} by {order}");
                    other.reverse();
                } else {
                    one.sort();
                    other.sort();
                }
                assert_eq!(one, other, "{list} by {order}: the same rows either way");
                let shown = staff.browser.get(&format!("{list}?sort=-{order}")).await;
                assert_eq!(shown.status, 200, "{list} by {order}");
                let sorted = shown.words("th[aria-sort]").len();
                assert!(sorted <= 1, "{list} by {order}: one heading at most says so");
                assert!(sorted == 1 || !headings.contains(order), "{list} by {order}: its heading says so");
            }
            let book = file(&staff.browser, &format!("{list}/list.xlsx")).await;
            let kind = book.headers["content-type"].to_str().unwrap();
            assert!(kind.ends_with("spreadsheetml.sheet"), "{list}: {kind}");
        }
    }

    async fn a_file_has_what_the_page_has_in_its_order(site: Site) {
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        rows(&site, &staff).await;
        for (asked, want) in [("", ["alpha", "Beta", "Gamma"]), ("?sort=-name", ["Gamma", "Beta", "alpha"])] {
            let page = staff.browser.get(&format!("/desk/organisations{asked}")).await;
            assert_eq!(page.words("tbody th"), want);
            let file = file(&staff.browser, &format!("/desk/organisations/list.csv{asked}")).await;
            let names: Vec<String> = lines(&file).iter().map(|line| line.split(',').next().unwrap().to_owned()).collect();
            assert_eq!(names, want);
        }
        let some = file(&staff.browser, "/desk/organisations/list.csv?words=a&sort=name").await;
        assert_eq!(lines(&some).len(), 3);
        let one = file(&staff.browser, "/desk/organisations/list.csv?words=alp").await;
        assert_eq!(lines(&one), ["alpha,0,0,"]);
        // The headings keep what was asked for, and say how the table stands.
        let page = staff.browser.get("/desk/organisations?words=a&sort=runs").await;
        assert_eq!(page.words("th[aria-sort=descending] a"), ["Runs now and to come"]);
        assert!(page.body.contains("/desk/organisations?words=a&amp;sort=-runs"));
        assert!(page.body.contains("/desk/organisations/list.csv?words=a&amp;sort=runs"));
    }

    async fn a_file_with_people_in_it_is_in_the_record_for_each_of_them(site: Site) {
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        rows(&site, &staff).await;
        for (list, wanted) in LISTS {
            let before = noted(&site, "downloaded").await;
            let file = file(&staff.browser, &format!("{list}/list.csv")).await;
            let wanted = match wanted {
                Nothing => 0,
                Once => 1,
                Each => i64::try_from(lines(&file).len()).unwrap(),
            };
            assert_eq!(noted(&site, "downloaded").await - before, wanted, "{list}");
        }
        // The record has one line for a download of itself, and says of whose it was.
        let all = file(&staff.browser, "/desk/audit/list.csv").await;
        assert!(lines(&all).len() > 6 && all.body.contains("Ada Ashdown"));
        let by = format!("by={}", staff.email.replace('@', "%40"));
        let seen = file(&staff.browser, &format!("/desk/audit/people/list.csv?{by}&sort=name")).await;
        assert_eq!(lines(&seen)[0].split(',').next(), Some("Ada Ashdown"));
        assert_eq!(noted(&site, "audit-downloaded").await, 2);
        for nothing in ["/desk/audit/list.csv?from=x", "/desk/audit/people/list.csv"] {
            assert_eq!(staff.browser.get(nothing).await.status, 400, "{nothing}");
        }
        assert_eq!(noted(&site, "audit-downloaded").await, 2);
    }

    async fn a_list_of_thousands_comes_whole(site: Site) {
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        let (count, now) = (3210, site.app.clock.now());
        let ids: Vec<Uuid> = (0..count).map(|_| site.app.id().unwrap()).collect();
        write_tx!(site.app.db, |c| {
            for some in ids.chunks(500) {
                let mut query = sqlx::QueryBuilder::new("INSERT INTO organisation (id, name, kind, created_at) ");
                query.push_values(some, |mut row, id| {
                    row.push_bind(id).push_bind(format!("Giver {id}")).push_bind("provider").push_bind(now);
                });
                query.build().execute(&mut *c).await?;
            }
            Ok(())
        })
        .unwrap();
        let file = file(&staff.browser, "/desk/organisations/list.csv").await;
        assert!(!file.headers.contains_key("content-length"), "it is sent while it is made");
        let lines = lines(&file);
        let mut once: Vec<&String> = lines.iter().collect();
        once.sort();
        once.dedup();
        assert_eq!((lines.len(), once.len()), (count, count));
        assert!(lines.is_sorted());
        // The record, too, goes on where a part of it ended.
        let record = world::number(&site, "SELECT COUNT(*) FROM audit_entry").await;
        let account = staff.account_id;
        let entries: Vec<Uuid> = (0..1234).map(|_| site.app.id().unwrap()).collect();
        write_tx!(site.app.db, |c| {
            for some in entries.chunks(500) {
                let mut query = sqlx::QueryBuilder::new("INSERT INTO audit_entry (id, at, action, account_id, role, page) ");
                query.push_values(some, |mut row, id| {
                    row.push_bind(id).push_bind(now).push_bind("looked").push_bind(account).push_bind("owner").push_bind(id.to_string());
                });
                query.build().execute(&mut *c).await?;
            }
            Ok(())
        })
        .unwrap();
        site.clock.forward(TimeDelta::minutes(1));
        let all = self::file(&staff.browser, "/desk/audit/list.csv").await;
        assert_eq!(i64::try_from(self::lines(&all).len()).unwrap(), record + 1234);
    }
}

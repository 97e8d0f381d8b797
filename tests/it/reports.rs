//! Reports: exact for the team, and frozen and suppressed for everybody outside.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use crate::bookings::world::{self, Made, MemberSpec, RunSpec};
use crate::support::Site;
use crate::support::people::Somebody;

const QUARTER: &str = "quarter-2027-01-01";

/// A booking to be made, with what became of it.
struct Spec<'a> {
    run: &'a Made,
    person: Uuid,
    channel: &'static str,
    status: &'static str,
    marks: Vec<(i64, &'static str)>,
}

async fn booked(site: &Site, by: Uuid, spec: Spec<'_>) {
    let app = &site.app;
    let (now, booking, place) = (app.clock.now(), app.id().unwrap(), app.id().unwrap());
    let reference = booking.simple().to_string()[22..].to_uppercase();
    let ended = (spec.status != "booked").then_some(now);
    let of_place = if spec.status == "booked" {
        "active"
    } else {
        spec.status
    };
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO booking (id, reference, run_id, channel, status, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(booking).bind(&reference).bind(spec.run.id).bind(spec.channel).bind(spec.status).bind(now).bind(ended)
        .execute(&mut *c).await?;
        sqlx::query("INSERT INTO place (id, booking_id, run_id, person_id, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(place).bind(booking).bind(spec.run.id).bind(spec.person).bind(of_place).bind(now)
            .execute(&mut *c).await?;
        for (session, mark) in &spec.marks {
            sqlx::query(
                "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
                 VALUES ($1, (SELECT id FROM session WHERE run_id = $2 AND position = $3), $4, $5, $6)",
            )
            .bind(place).bind(spec.run.id).bind(*session).bind(*mark).bind(by).bind(now)
            .execute(&mut *c).await?;
        }
        Ok(())
    })
    .unwrap();
}

/// What somebody said of their ethnic group.
async fn said(site: &Site, person: Uuid, answer: &str) {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    let sealed = site
        .app
        .vault
        .seal(now, person, RecordClass::Health, id, answer.as_bytes())
        .await
        .unwrap();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO vault_entry (id, person_id, kind, sealed, created_at) VALUES ($1, $2, 'ethnicity', $3, $4)",
        )
        .bind(id)
        .bind(person)
        .bind(&sealed)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

/// A run with seven people of 74 from BA2 and one of 20; when it is over.
async fn quarter(site: &Site, admin: &mut Somebody) -> (Made, Vec<Uuid>) {
    let run = world::run(site, RunSpec::default()).await;
    let mut people = Vec::new();
    for at in 0..8 {
        let born = if at == 7 { "2006-03-01" } else { "1952-03-31" };
        let person = world::member(
            site,
            MemberSpec {
                born,
                ..MemberSpec::default()
            },
        )
        .await
        .person;
        said(site, person, if at < 6 { "white-british" } else { "arab" }).await;
        let spec = Spec {
            run: &run,
            person,
            channel: "phone",
            status: "booked",
            marks: vec![(1, "came"), (6, "came")],
        };
        booked(site, admin.account_id, spec).await;
        people.push(person);
    }
    site.clock.forward(TimeDelta::days(100));
    admin.browser = site.desk_browser(admin).await;
    (run, people)
}

/// Places that were got from the list after so many days.
async fn waited(site: &Site, run: &Made, turn: i64, places: i64, days: i64) {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO waiting_entry (id, run_id, channel, places, turn, status, joined_at, ended_at) \
             VALUES ($1, $2, 'phone', $3, $4, 'booked', $5, $6)",
        )
        .bind(id)
        .bind(run.id)
        .bind(places)
        .bind(turn)
        .bind(now - TimeDelta::days(days))
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

async fn publishes(admin: &Somebody, key: &str) -> String {
    let path = format!("/desk/reports/{QUARTER}/publish");
    let seen = admin.browser.get(&path).await.field("seen").unwrap();
    let answer = admin
        .browser
        .post_and_follow(&path, &[("form-key", key), ("seen", &seen)])
        .await;
    assert!(
        answer.body.contains("The report is published."),
        "{}",
        answer.body
    );
    let html = answer.html();
    let link = scraper::Selector::parse("tbody th a").unwrap();
    html.select(&link)
        .next()
        .unwrap()
        .attr("href")
        .unwrap()
        .to_owned()
}

on_both! {
    async fn the_teams_figures_are_those_of_a_plain_count(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let near = world::run(&site, RunSpec { title: "Better sleep".into(), sessions: 3, ..RunSpec::default() }).await;
        let other = world::run(&site, RunSpec { title: "Gentle yoga".into(), sessions: 2, capacity: 12, ..RunSpec::default() }).await;
        let later = world::run(&site, RunSpec { starts_in: TimeDelta::days(120), ..RunSpec::default() }).await;
        let off = world::run(&site, RunSpec { title: "Called off".into(), status: "cancelled", ..RunSpec::default() }).await;
        let people = world::members(&site, 9).await;
        let seed = 20_270_104;
        let mut dice = fastrand::Rng::with_seed(seed);
        // By channel: booked, came, did not come, came to the end, cancelled.
        let mut plain: BTreeMap<&str, [i64; 5]> = BTreeMap::new();
        for (run, sessions, counts) in [(&near, 3, true), (&other, 2, true), (&later, 6, false), (&off, 6, false)] {
            for person in &people {
                let status = ["", "booked", "booked", "booked", "cancelled", "stopped"][dice.usize(..6)];
                if status.is_empty() {
                    continue;
                }
                let (channel, words) = [("website", "On the website"), ("phone", "By phone"), ("in-person", "In person")][dice.usize(..3)];
                let mut marks = Vec::new();
                for session in 1..=sessions {
                    if status != "cancelled" && dice.bool() {
                        marks.push((session, ["came", "did-not-come", "apologies"][dice.usize(..3)]));
                    }
                }
                if counts {
                    let sums = plain.entry(words).or_default();
                    sums[0] += i64::from(status != "cancelled");
                    sums[4] += i64::from(status == "cancelled");
                    for (session, mark) in &marks {
                        sums[1] += i64::from(*mark == "came");
                        sums[2] += i64::from(*mark != "came");
                        sums[3] += i64::from(*mark == "came" && *session == sessions);
                    }
                }
                booked(&site, admin.account_id, Spec { run, person: person.person, channel, status, marks }).await;
            }
        }
        let file = admin.browser.get(&format!("/desk/reports/places.csv?period={QUARTER}&by=channel")).await;
        let expected: Vec<String> = plain.iter().map(|(words, n)| format!("{words},{},{},{},{},{}", n[0], n[1], n[2], n[3], n[4])).collect();
        let lines: Vec<&str> = file.body.lines().skip(1).collect();
        assert_eq!(lines, expected, "seed {seed}");
        let courses = admin.browser.get(&format!("/desk/reports/places.csv?period={QUARTER}&by=course")).await.body;
        let courses: Vec<String> = courses.lines().skip(1).map(|line| line.split(',').take(2).collect::<Vec<_>>().join(",")).collect();
        assert_eq!(courses, ["Better sleep,10", "Gentle yoga,12"], "not the one of another quarter, nor the one called off");
        for by in ["month", "course", "topic", "venue", "channel", "nonsense"] {
            let page = admin.browser.get(&format!("/desk/reports?period={QUARTER}&by={by}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.words(".wb-figures__number")[0], "22", "{by}");
            assert_eq!(page.words(".wb-chart__bars").len(), 1);
        }
        let book = admin.browser.get(&format!("/desk/reports/places.xlsx?period={QUARTER}")).await;
        assert!(book.status == StatusCode::OK && book.body.starts_with("PK"), "a workbook");
        assert!(admin.browser.get("/desk/reports?period=quarter-2001-01-01").await.body.contains("Nothing to count"));
    }

    async fn a_published_report_stays_as_it_was_sent_and_the_commissioner_reads_it(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let (run, people) = quarter(&site, &mut admin).await;
        let write = format!("/desk/reports/{QUARTER}/write");
        let wrong = admin.browser.post(&write, &[("target-places", "many"), ("narrative", "A good quarter.")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.field("target-places").as_deref(), Some("many"));
        let fields = [("target-places", "20"), ("target-came", ""), ("narrative", "A good quarter.")];
        let preview = admin.browser.post_and_follow(&write, &fields).await;
        assert!(preview.body.contains("A good quarter.") && preview.body.contains("10 of 20") && preview.body.contains("cannot be changed"));
        // What was changed since somebody looked is looked at first.
        let key = "the key of one form";
        let publish = format!("/desk/reports/{QUARTER}/publish");
        let seen = admin.browser.get(&publish).await.field("seen").unwrap();
        admin.browser.post(&write, &[("target-places", "20"), ("narrative", "A bad quarter.")]).await;
        let changed = admin.browser.post(&publish, &[("form-key", key), ("seen", &seen)]).await;
        assert_eq!(changed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(changed.body.contains("A bad quarter.") && changed.body.contains("has changed since you looked"));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM published_report").await, 0);
        admin.browser.post(&write, &fields).await;
        let path = publishes(&admin, key).await;
        assert_eq!(admin.browser.post(&format!("/desk/reports/{QUARTER}/publish"), &[("form-key", key)]).await.location(), path, "twice is once");

        let carol = site.staff("Carol", &[Role::Commissioner]).await;
        let sent = carol.browser.get(&path).await;
        assert_eq!(sent.status, StatusCode::OK);
        let cells = sent.words("tbody tr");
        // Heading and number of a row, one after the other: of seven, one, two, six and eight people.
        for row in ["65 to 795", "16 to 24Fewer than 5", "Other ethnic groupFewer than 5", "White5", "BA210"] {
            assert!(cells.iter().any(|own| own == row), "{row}: {cells:?}");
        }
        let file = carol.browser.get(&format!("{path}/figures.csv")).await.body;
        assert!(file.contains("All,All,Booked,8\n") && file.contains("Age,16 to 24,People,Fewer than 5\n"), "{file}");
        assert!(!file.contains(": Age,"), "eight people of a topic are too few: {file}");
        assert!(carol.browser.get(&format!("{path}/figures.xlsx")).await.body.starts_with("PK"));
        assert_eq!(carol.browser.get("/desk/reports").await.status, StatusCode::NOT_FOUND);

        // Everybody is erased, and the run is gone from the count.
        for person in &people {
            site.app.vault.destroy(*person, RecordClass::Health).await.unwrap();
            world::change(&site, "UPDATE person SET date_of_birth = NULL, postcode = NULL WHERE id = $1", *person).await;
            world::change(&site, "UPDATE place SET status = 'cancelled' WHERE person_id = $1", *person).await;
        }
        world::change(&site, "UPDATE run SET capacity = 3 WHERE id = $1", run.id).await;
        assert_eq!(carol.browser.get(&path).await.body, sent.body);
        let frozen = write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE published_report SET figures = '{}'").execute(&mut *c).await?;
            Ok(())
        });
        assert!(frozen.is_err());
        let frozen = write_tx!(site.app.db, |c| {
            sqlx::query("DELETE FROM published_report").execute(&mut *c).await?;
            Ok(())
        });
        assert!(frozen.is_err());

        // A correction is another version, and says so.
        let newer = publishes(&admin, "the key of another form").await;
        let corrected = carol.browser.get(&newer).await.words("tbody tr");
        for row in ["65 to 795", "White5", "BA210"] {
            assert!(corrected.iter().any(|own| own == row), "two counts of the same people could be subtracted: {corrected:?}");
        }
        assert!(carol.browser.get(&newer).await.body.contains("It replaces version 1"));
        assert!(carol.browser.get(&path).await.body.contains("replaced by a later one"));
        let noted: i64 = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE action = 'report-published'").fetch_one(&mut *c).await?)
        }).unwrap();
        assert_eq!(noted, 2);
        assert!(world::number(&site, "SELECT COUNT(*) FROM audit_entry WHERE action = 'people-counted'").await > 0);
    }

    async fn how_long_people_waited_for_a_place_is_told_and_outside_not_of_few(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let (run, _) = quarter(&site, &mut admin).await;
        let of_topic = async || {
            let file = admin.browser.get(&format!("/desk/reports/places.csv?period={QUARTER}&by=topic")).await.body;
            file.lines().nth(1).unwrap().split(',').skip(8).map(str::to_owned).collect::<Vec<_>>()
        };
        waited(&site, &run, 1, 2, 3).await;
        waited(&site, &run, 2, 2, 6).await;
        assert_eq!(of_topic().await, ["4", "6"], "two places after 4 days, two after 7");
        let published = publishes(&admin, "the key of one form").await;
        let file = admin.browser.get(&format!("{published}/figures.csv")).await.body;
        assert!(file.contains("All,All,Got a place from the list,4\n") && !file.contains("on average"), "{file}");
        waited(&site, &run, 3, 1, 0).await;
        assert_eq!(of_topic().await, ["5", "5"], "23 days, five places");
        let published = publishes(&admin, "the key of another form").await;
        let file = admin.browser.get(&format!("{published}/figures.csv")).await.body;
        let told: Vec<&str> = file.lines().filter(|line| line.contains("on average")).collect();
        assert_eq!(told, ["All,All,\"Days they waited, on average\",5"], "of no line by itself: the others would tell it");
    }

    async fn whoever_objected_to_statistics_is_not_in_how_long_people_waited(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let (run, people) = quarter(&site, &mut admin).await;
        waited(&site, &run, 1, 2, 3).await;
        waited(&site, &run, 2, 2, 6).await;
        waited(&site, &run, 3, 1, 100).await;
        let got = "INSERT INTO waiting_person (entry_id, person_id, run_id, active) \
                   SELECT id, $1, run_id, FALSE FROM waiting_entry WHERE turn = 3";
        world::change(&site, got, people[0]).await;
        let of_topic = async || {
            let file = admin.browser.get(&format!("/desk/reports/places.csv?period={QUARTER}&by=topic")).await.body;
            file.lines().nth(1).unwrap().split(',').skip(8).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of_topic().await, ["5", "25"], "22 days of four, and 101 of one");
        world::change(&site, "UPDATE person SET keep_from_statistics = TRUE WHERE id = $1", people[0]).await;
        assert_eq!(of_topic().await, ["5", "6"], "the place is one, the days are those of four");
        let published = publishes(&admin, "the key of one form").await;
        let file = admin.browser.get(&format!("{published}/figures.csv")).await.body;
        assert!(!file.contains("on average"), "four are few: {file}");
    }

    async fn each_table_of_people_has_a_chart_of_what_may_be_seen_alone(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        quarter(&site, &mut admin).await;
        let path = publishes(&admin, "the key of one form").await;
        let page = admin.browser.get(&path).await;
        assert_eq!(page.words(".wb-chart").len(), page.words("main table").len(), "{}", page.body);
        // Seven, one, six, two and eight people.
        let of_people = ".wb-chart__bars[aria-label*='People by'] text";
        let words = page.words(of_people);
        for few in ["16 to 24: fewer than 5", "Other ethnic group: fewer than 5"] {
            assert!(words.iter().any(|own| own == few), "{few}: {words:?}");
        }
        let told: Vec<&str> = words.iter().map(String::as_str).filter(|own| own.parse::<i64>().is_ok()).collect();
        assert_eq!(told, ["5", "5", "10"], "the rest is rounded: {words:?}");
        let bars = page.html();
        let bars = bars.select(&scraper::Selector::parse(".wb-chart__bars[aria-label*='People by'] rect").unwrap()).count();
        assert_eq!(bars, told.len(), "what is too small has no bar");
    }

    async fn a_chart_that_stops_says_so(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let page = async || admin.browser.get(&format!("/desk/reports?period={QUARTER}&by=course")).await;
        for at in 0..12 {
            world::run(&site, RunSpec { title: format!("Course {at}"), ..RunSpec::default() }).await;
        }
        assert!(!page().await.body.contains("The chart stops"));
        world::run(&site, RunSpec { title: "One more".into(), ..RunSpec::default() }).await;
        let long = page().await;
        assert!(long.body.contains("The chart stops after 12 of 13 lines. The table has them all."), "{}", long.body);
        assert_eq!(long.words("tbody tr").len(), 13);
    }

    async fn whoever_objected_to_statistics_is_a_place_and_in_no_group(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let (_, people) = quarter(&site, &mut admin).await;
        let publish = format!("/desk/reports/{QUARTER}/publish");
        let looked = admin.browser.get(&publish).await;
        for group in ["65 to 79", "White", "Ethnic group</"] {
            assert!(!looked.body.contains(group), "with one person more or less, a look would say what that person said: {group}");
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM audit_entry WHERE action = 'people-counted'").await, 0);
        for person in &people[..3] {
            let fields = [("sharing", "share"), ("statistics", "out")];
            for _ in 0..2 {
                let answer = admin.browser.post(&format!("/desk/people/{person}/sharing"), &fields).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
            }
        }
        let path = publishes(&admin, "the key of one form").await;
        let rows = admin.browser.get(&path).await.words("tbody tr");
        for group in ["65 to 79", "White"] {
            assert!(rows.contains(&format!("{group}Fewer than 5")), "{rows:?}");
        }
        let file = admin.browser.get(&format!("/desk/reports/places.csv?period={QUARTER}&by=topic")).await.body;
        assert!(file.contains(",10,8,16,0,8,0,0,0,\n"), "places are exact: {file}");
        let changes = "SELECT COUNT(*) FROM audit_entry WHERE action = 'statistics-changed'";
        assert_eq!(world::number(&site, changes).await, 3, "the same twice is one change");
    }

    async fn a_member_says_in_their_account_that_they_are_not_counted(site: Site) {
        let member = site.member("Margaret Ashdown").await;
        let page = "/account/statistics";
        let told = member.browser.get(page).await;
        assert!(told.body.contains("We count you, without your name"));
        assert_eq!(site.browser().get(page).await.status, StatusCode::SEE_OTHER, "signed in first");
        let kept = "SELECT COUNT(*) FROM person WHERE keep_from_statistics";
        let chosen = "SELECT COUNT(*) FROM consent WHERE about = 'statistics' AND channel = 'account' AND wording_version = '1'";
        for (count, is_kept, choices) in [("no", 1, 1), ("no", 1, 1), ("yes", 0, 2), ("no", 1, 3)] {
            site.clock.forward(TimeDelta::minutes(1));
            let saved = member.browser.post_and_follow(page, &[("count", count)]).await;
            assert!(saved.body.contains("We have saved that."));
            assert_eq!(saved.body.contains("We leave you out."), is_kept == 1);
            assert_eq!(world::number(&site, kept).await, is_kept, "{count}");
            assert_eq!(world::number(&site, chosen).await, choices, "the same twice is one choice");
        }
        let said: Vec<bool> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT given FROM consent WHERE about = 'statistics' ORDER BY recorded_at, id"
        )
        .fetch_all(&mut *c)
        .await?))
        .unwrap();
        assert_eq!(said, [false, true, false]);
        assert_eq!(member.browser.post(page, &[("count", "x")]).await.status, StatusCode::BAD_REQUEST);
        // The team sees it, and what the team writes down says that it was the team.
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let sharing = format!("/desk/people/{}/sharing", member.person_id);
        assert_eq!(admin.browser.get(&sharing).await.words("input[name=statistics][checked]").len(), 1);
        admin.browser.post(&sharing, &[("sharing", "share")]).await;
        assert!(member.browser.get(page).await.body.contains("We count you, without your name"));
        let by_team = "SELECT COUNT(*) FROM consent WHERE about = 'statistics' AND channel = 'staff' AND given";
        assert_eq!(world::number(&site, by_team).await, 1);
    }

    async fn a_report_is_published_only_when_its_time_is_over(site: Site) {
        let admin = site.staff("Ada", &[Role::Owner]).await;
        let path = format!("/desk/reports/{QUARTER}/publish");
        assert!(admin.browser.get(&path).await.body.contains("It can be published from 1 April 2027 on."));
        let early = admin.browser.post(&path, &[("form-key", "the key of one form")]).await;
        assert_eq!(early.location(), path);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM published_report").await, 0);
        for word in ["quarter-2027-02-01", "x", "year-2027-01-01"] {
            assert_eq!(admin.browser.get(&format!("/desk/reports/{word}/publish")).await.status, StatusCode::NOT_FOUND);
        }
        let unknown = format!("/desk/published-reports/{}", Uuid::new_v4());
        assert_eq!(admin.browser.get(&unknown).await.status, StatusCode::NOT_FOUND);
        assert!(admin.browser.get("/desk/published-reports").await.body.contains("No reports yet"));
    }

    async fn every_published_report_can_be_reached_and_the_list_is_a_file(site: Site) {
        let mut admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        quarter(&site, &mut admin).await;
        let path = publishes(&admin, "the key of one form").await;
        let now = site.app.clock.now();
        let ids: Vec<Uuid> = (0..29).map(|_| site.app.id().unwrap()).collect();
        write_tx!(site.app.db, |c| {
            for (version, id) in (2_i64..).zip(&ids) {
                sqlx::query(
                    "INSERT INTO published_report (id, period, version, figures, published_at, published_by) \
                     SELECT $1, period, $2, figures, $3, published_by FROM published_report WHERE version = 1",
                )
                .bind(*id).bind(version).bind(now + TimeDelta::minutes(version)).execute(&mut *c).await?;
            }
            Ok(())
        })
        .unwrap();
        let list = "/desk/published-reports";
        let first = admin.browser.get(list).await;
        assert_eq!(first.words("tbody tr").len(), 25);
        assert!(!first.body.contains(&path), "the first of 30 stands on the second page");
        let second = admin.browser.get(&format!("{list}?page=2")).await;
        assert_eq!(second.words("tbody tr").len(), 5);
        assert!(second.body.contains(&path));
        assert!(admin.browser.get(&format!("{list}?sort=-published")).await.body.contains(&path));
        assert_eq!(admin.browser.get(&format!("{list}?page=3")).await.status, StatusCode::SEE_OTHER);
        let file = admin.browser.get(&format!("{list}/list.csv?sort=-version")).await.body;
        let lines: Vec<&str> = file.lines().skip(1).collect();
        assert_eq!(lines.len(), 30);
        assert!(lines[0].contains(",1,") && lines[0].ends_with(",yes") && lines[29].ends_with(','), "{file}");
        assert!(admin.browser.get(&format!("{list}/list.xlsx")).await.body.starts_with("PK"));
    }
}

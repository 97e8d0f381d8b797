//! Requests are written down, answered in time, looked after by somebody, and seen with a line in the record.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::jobs;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use crate::bookings::world;
use crate::support::people::Somebody;
use crate::support::{Answer, Browser, Site};

const HERE: &str = "/desk/requests";
const NEW: &str = "/desk/requests/new";

async fn officer(site: &Site) -> Somebody {
    site.staff("Dora", &[Role::DataProtection]).await
}

fn errors(answer: &Answer) -> Vec<String> {
    answer.words(".govuk-error-summary__list a")
}

/// The form of a request that came today by phone from somebody who is not on record, with other answers in their place.
fn filled<'a>(
    key: &'a str,
    owner: &'a str,
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("form-key", key),
        ("kind", "rectification"),
        ("channel", "phone"),
        ("received-day", "4"),
        ("received-month", "1"),
        ("received-year", "2027"),
        ("full-name", "Nell Walker"),
        ("contact", "07700 900333"),
        ("asked", "My street is wrong, canary-asked"),
        ("identity", "known"),
        ("asked-on-day", "4"),
        ("asked-on-month", "1"),
        ("asked-on-year", "2027"),
        ("owner", owner),
    ];
    for (name, value) in others {
        fields.retain(|(own, _)| own != name);
        fields.push((*name, *value));
    }
    fields
}

/// Writes a request down; gives the address of its page.
async fn written(by: &Browser, path: &str, owner: &str, others: &[(&str, &str)]) -> String {
    let key = by.get(path).await.field("form-key").unwrap();
    let answer = by.post(path, &filled(&key, owner, others)).await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "{:?}",
        errors(&answer)
    );
    answer.location()
}

/// What the record says was done, and how often.
async fn noted(site: &Site, action: &'static str) -> i64 {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit_entry WHERE action = $1 AND about IS NOT NULL"
    )
    .bind(action)
    .fetch_one(&mut *c)
    .await?))
    .unwrap()
}

async fn lead(browser: &Browser, path: &str) -> String {
    browser.get(path).await.words(".wb-lead").remove(0)
}

/// Goes to a day, at 9am, and signs in there.
async fn on(site: &Site, who: &Somebody, day: &str) -> Browser {
    site.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
    site.desk_browser(who).await
}

on_both! {
    async fn a_request_is_written_down_once_and_says_when_it_is_due(site: Site) {
        let dora = officer(&site).await;
        let empty = dora.browser.get(HERE).await;
        assert!(empty.body.contains("Nothing to answer"), "{}", empty.body);
        let page = dora.browser.get(NEW).await;
        assert_eq!(page.field("received-day").as_deref(), Some("4"), "today is filled in");
        let (key, own) = (page.field("form-key").unwrap(), dora.account_id.to_string());
        assert_eq!(page.chosen("owner"), Some(own.clone()));

        let nothing = dora.browser.post(NEW, &[("form-key", &key)]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(errors(&nothing).len(), 8, "{:?}", errors(&nothing));
        for (others, said) in [
            (("received-day", "5"), "The day on which it came cannot be in the future"),
            (("received-year", "2025"), "The day on which it came must be within the last 12 months"),
            (("contact", ""), "Enter how we reach them"),
            (("owner", "0190b6f0-0000-7000-8000-000000000000"), "Choose who looks after it"),
            (("kind", "money"), "Choose what they ask for"),
        ] {
            let wrong = dora.browser.post(NEW, &filled(&key, &own, &[others])).await;
            assert_eq!((wrong.status, errors(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, vec![said.to_owned()]));
            assert!(wrong.body.contains("canary-asked"), "what was typed stays");
        }
        for _ in 0..2 {
            let sent = dora.browser.post(NEW, &filled(&key, &own, &[])).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM rights_request").await, 1, "pressed twice it is one");
        assert_eq!(noted(&site, "request-written").await, 1);

        let list = dora.browser.get(HERE).await;
        let number = list.words("tbody th").remove(0);
        assert!(number.starts_with("DP-") && number.len() == 10, "{number}");
        assert!(list.body.contains("Nell Walker") && list.body.contains("Thursday 4 February"));
        let found = dora.browser.get(&format!("{HERE}?words={}", number.to_lowercase())).await;
        assert_eq!(found.words("tbody th"), [number.as_str()]);
        assert!(dora.browser.get(&format!("{HERE}?words=nobody")).await.body.contains("No request has this number or name"));
        assert!(dora.browser.get(&format!("{HERE}?show=finished")).await.body.contains("Nothing is finished yet"));
        let path = dora.browser.post(NEW, &filled(&key, &own, &[])).await.location();
        let one = dora.browser.get(&path).await;
        assert_eq!(one.words("h1"), [format!("Request {number}")]);
        assert_eq!(one.words(".wb-lead"), ["Answer by Thursday 4 February: one month from 4 January."]);
        assert_eq!(one.words(".wb-note-words"), ["My street is wrong, canary-asked"]);
        assert!(one.body.contains("07700 900333"));
        assert!(noted(&site, "looked").await >= 3, "each look at somebody who is not on record is about the request");

        // "Back", and the same form for the next thing they ask.
        let another = dora.browser.post(NEW, &filled(&key, &own, &[("kind", "erasure")])).await;
        assert_eq!(another.status, StatusCode::SEE_OTHER);
        assert_ne!(another.location(), path);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM rights_request").await, 2);
    }

    async fn the_clock_begins_when_they_show_who_they_are_and_stands_still_while_we_wait(site: Site) {
        let dora = officer(&site).await;
        let own = dora.account_id.to_string();
        let path = written(&dora.browser, NEW, &own, &[("kind", "access"), ("identity", "asked")]).await;
        let begins = "The time begins when they have shown who they are. We asked on Monday 4 January.";
        assert_eq!(lead(&dora.browser, &path).await, begins);
        for (day, said) in [("3", "The day must be from 4 January 2027, when we asked, to today"), ("", "The day must include a day")] {
            let fields = [("do", "shown"), ("day-day", day), ("day-month", "1"), ("day-year", "2027")];
            let wrong = dora.browser.post(&path, &fields).await;
            assert_eq!((wrong.status, errors(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, vec![said.to_owned()]));
        }
        let shown = |day: &'static str| [("do", "shown"), ("day-day", day), ("day-month", "1"), ("day-year", "2027")];
        let here = on(&site, &dora, "2027-01-13").await;
        let first = here.post_and_follow(&path, &shown("12")).await;
        assert!(first.body.contains("We have saved that."));
        let again = here.post_and_follow(&path, &shown("13")).await;
        assert!(again.body.contains("Nothing was changed."), "{}", again.body);
        let promised = "Answer by Thursday 11 February: we promise a copy within 30 days of 12 January, when they had shown who they are. \
                        The law gives us until Friday 12 February.";
        assert_eq!(again.words(".wb-lead"), [promised]);

        // Pressed twice it is one wait.
        for _ in 0..2 {
            here.post(&path, &[("do", "wait")]).await;
        }
        assert_eq!(lead(&here, &path).await, "The clock stands still: we have waited for their answer since Wednesday 13 January.");
        let list = here.get(HERE).await;
        assert!(list.body.contains("When they have answered us"));
        assert!(!here.get(&path).await.body.contains("/longer"), "nothing to lengthen while the clock stands still");
        let here = on(&site, &dora, "2027-01-18").await;
        for _ in 0..2 {
            here.post(&path, &[("do", "heard"), ("day-day", "15"), ("day-month", "1"), ("day-year", "2027")]).await;
        }
        assert!(lead(&here, &path).await.starts_with("Answer by Saturday 13 February: "), "two days more");
        for (action, times) in [("request-identity-shown", 1), ("request-waits", 1), ("request-heard", 1), ("request-identity-asked", 0)] {
            assert_eq!(noted(&site, action).await, times, "{action}");
        }
        assert_eq!(here.post(&path, &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
    }

    async fn the_day_on_which_we_asked_is_the_true_one_and_asking_can_be_taken_back(site: Site) {
        let dora = officer(&site).await;
        let own = dora.account_id.to_string();
        let key = dora.browser.get(NEW).await.field("form-key").unwrap();
        let outside = "The day on which we asked them must be from the day on which it came to today";
        let late = "The time to answer was over by then, so that asking changes nothing. Choose the first answer, and send nothing \
                    before you are sure that it is them";
        for (others, said) in [
            ([("received-day", "2"), ("asked-on-day", "1")], outside),
            ([("received-day", "2"), ("asked-on-day", "5")], outside),
            ([("received-month", "11"), ("received-year", "2026")], late),
            ([("asked-on-day", ""), ("asked-on-month", "1")], "The day on which we asked them must include a day"),
        ] {
            let all = [others[0], others[1], ("identity", "asked")];
            let wrong = dora.browser.post(NEW, &filled(&key, &own, &all)).await;
            assert_eq!((wrong.status, errors(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, vec![said.to_owned()]));
        }
        let asked = [("identity", "asked"), ("received-day", "2"), ("asked-on-day", "3")];
        let path = written(&dora.browser, NEW, &own, &asked).await;
        let begins = "The time begins when they have shown who they are. We asked on Sunday 3 January.";
        let runs = "Answer by Tuesday 2 February: one month from 2 January.";
        assert_eq!(lead(&dora.browser, &path).await, begins);
        for said in ["We have saved that.", "Nothing was changed."] {
            let back = dora.browser.post_and_follow(&path, &[("do", "not-asked")]).await;
            assert!(back.body.contains(said), "{said}");
            assert_eq!(back.words(".wb-lead"), [runs]);
        }

        let ask = |day: &'static str| [("do", "ask"), ("day-day", day), ("day-month", "1"), ("day-year", "2027")];
        let wrong = dora.browser.post(&path, &ask("1")).await;
        assert_eq!(errors(&wrong), ["The day must be from 2 January 2027, when it came, to today"]);
        for said in ["We have saved that.", "Nothing was changed."] {
            let again = dora.browser.post_and_follow(&path, &ask("3")).await;
            assert!(again.body.contains(said), "{said}");
            assert_eq!(again.words(".wb-lead"), [begins]);
        }
        let back = dora.browser.post_and_follow(&path, &[("do", "not-asked")]).await;
        assert!(back.body.contains("value=\"ask\"") && back.body.contains("value=\"wait\""), "{}", back.body);
        for (action, times) in [("request-identity-asked", 1), ("request-identity-not-asked", 2)] {
            assert_eq!(noted(&site, action).await, times, "{action}");
        }

        // What is late does not stop the clock any more.
        let here = on(&site, &dora, "2027-02-03").await;
        let late = here.get(&path).await;
        assert!(!late.body.contains("value=\"ask\"") && !late.body.contains("value=\"wait\""));
        for fields in [ask("3").to_vec(), vec![("do", "wait")]] {
            let refused = here.post_and_follow(&path, &fields).await;
            assert!(refused.body.contains("Nothing was changed."), "{}", refused.body);
        }
    }

    async fn two_months_more_are_asked_about_first_and_a_finished_request_stays_as_it_is(site: Site) {
        let dora = officer(&site).await;
        let path = written(&dora.browser, NEW, "nobody", &[]).await;
        let longer = format!("{path}/longer");
        let asked = dora.browser.get(&longer).await;
        assert!(asked.body.contains("It is then to be answered by Monday 5 April."), "{}", asked.body);
        let silent = dora.browser.post(&longer, &[("why", "")]).await;
        assert_eq!((silent.status, errors(&silent)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["Write why it takes longer".to_owned()]));
        let done = dora.browser.post_and_follow(&longer, &[("why", "Papers of years, canary-longer")]).await;
        assert_eq!(done.words(".wb-lead"), ["Answer by Monday 5 April: three months from 4 January, and then the next working day."]);
        assert!(done.body.contains("canary-longer"));
        let again = dora.browser.post_and_follow(&longer, &[("why", "Once more")]).await;
        assert!(again.body.contains("Nothing was changed.") && !again.body.contains("Once more"));
        assert_eq!(dora.browser.get(&longer).await.location(), path);

        let finish = format!("{path}/finish");
        assert!(dora.browser.get(&finish).await.body.contains("A finished request cannot be changed any more."));
        let none = dora.browser.post(&finish, &[]).await;
        assert_eq!(errors(&none), ["Choose what came of it"]);
        let silent = dora.browser.post(&finish, &[("outcome", "refused")]).await;
        assert_eq!(errors(&silent), ["Write why we did not do all of it"]);
        dora.browser.post(&path, &[("do", "wait")]).await;
        let here = on(&site, &dora, "2027-01-11").await;
        let said = [("outcome", "refused"), ("why", "It is right as it is, canary-outcome")];
        let done = here.post_and_follow(&finish, &said).await;
        assert!(done.body.contains("The request is finished."));
        assert_eq!(done.words(".wb-lead"), ["Refused on Monday 11 January, in time."]);
        assert!(done.body.contains("canary-outcome") && !done.body.contains("What happens next"));

        for (page, fields) in [
            (&finish, vec![("outcome", "done")]),
            (&longer, vec![("why", "late")]),
            (&path, vec![("do", "wait")]),
            (&path, vec![("do", "ask")]),
            (&path, vec![("do", "give"), ("owner", "nobody")]),
        ] {
            let refused = here.post_and_follow(page, &fields).await;
            assert!(refused.body.contains("This request is finished. Nothing was changed."), "{page}");
        }
        assert_eq!((noted(&site, "request-finished").await, noted(&site, "request-longer").await), (1, 1));
        assert!(here.get(HERE).await.body.contains("Nothing to answer"));
        let list = here.get(&format!("{HERE}?show=finished")).await;
        assert!(list.body.contains("Refused, 11 January"));
        let file = here.get(&format!("{HERE}/list.csv?show=all")).await;
        let line = file.body.lines().nth(1).unwrap();
        assert!(line.ends_with(",Nell Walker,To put their data right,2027-01-04,2027-04-12,Nobody yet,2027-01-11,Refused"), "{line}");
    }

    async fn what_is_written_is_sealed_and_its_key_is_no_orphan(site: Site) {
        let dora = officer(&site).await;
        let path = written(&dora.browser, NEW, "nobody", &[]).await;
        dora.browser.post(&format!("{path}/longer"), &[("why", "canary-longer")]).await;
        dora.browser.post(&format!("{path}/finish"), &[("outcome", "partly"), ("why", "canary-outcome")]).await;
        let (asked, longer, outcome): (Vec<u8>, Vec<u8>, Vec<u8>) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT asked, extended_why, outcome_why FROM rights_request"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        for sealed in [&asked, &longer, &outcome] {
            assert!(sealed.len() > 40 && !sealed.windows(6).any(|bytes| bytes == b"canary"));
        }
        // None opens in another's place.
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE rights_request SET asked = $1, extended_why = $2").bind(&longer).bind(&asked).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        assert_eq!(dora.browser.get(&path).await.status, StatusCode::INTERNAL_SERVER_ERROR);
        write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE rights_request SET asked = $1, extended_why = $2").bind(&asked).bind(&longer).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        let (nowhere, now) = (Uuid::new_v4(), site.app.clock.now());
        let lost = site.app.vault.seal(now, nowhere, RecordClass::Request, nowhere, b"lost").await.unwrap();
        site.clock.forward(TimeDelta::days(3));
        jobs::orphans(&site.app).await.unwrap();
        assert!(site.app.vault.open(nowhere, RecordClass::Request, nowhere, &lost).await.is_err(), "a key without a row goes");
        let here = site.desk_browser(&dora).await;
        assert_eq!(here.get(&path).await.words(".wb-note-words").len(), 3);
    }

    async fn the_request_of_somebody_on_record_is_written_from_their_page_and_goes_with_a_merge(site: Site) {
        let both = site.staff("Dora", &[Role::DataProtection, Role::CourseAdmin]).await;
        let dora = officer(&site).await;
        let member = site.member("Margaret Ashdown").await;
        let other = site.member("Maggie Ashdown").await;
        let page = both.browser.get(&format!("/desk/people/{}", member.person_id)).await;
        let new = format!("{NEW}?person={}", member.person_id);
        assert!(page.body.contains(&format!("href=\"{new}\"")));
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let page = admin.browser.get(&format!("/desk/people/{}", member.person_id)).await;
        assert!(!page.body.contains(NEW), "whoever cannot open requests has no link to them");

        let form = both.browser.get(&new).await;
        assert!(form.body.contains("Margaret Ashdown") && form.field("full-name").is_none());
        let path = written(&both.browser, &new, "nobody", &[("full-name", ""), ("contact", "")]).await;
        let link = format!("href=\"/desk/people/{}\"", member.person_id);
        assert!(both.browser.get(&path).await.body.contains(&link));
        let seen = dora.browser.get(&path).await;
        assert!(seen.body.contains("Margaret Ashdown") && !seen.body.contains(&link), "a link only for whoever can open it");
        let looks = "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND about IN (SELECT id FROM rights_request)";
        assert_eq!(world::number(&site, looks).await, 0, "the looks are at the person");
        for nobody in ["0190b6f0-0000-7000-8000-000000000000", "x"] {
            assert_eq!(dora.browser.get(&format!("{NEW}?person={nobody}")).await.status, StatusCode::NOT_FOUND);
        }

        let merge = format!("/desk/people/{}/merge/{}", other.person_id, member.person_id);
        let key = both.browser.get(&merge).await.field("form-key").unwrap();
        let mut fields = vec![("form-key", key.as_str())];
        fields.extend(["name", "born", "phone", "email", "address", "reach"].map(|part| (part, "kept")));
        assert_eq!(both.browser.post(&merge, &fields).await.status, StatusCode::SEE_OTHER);
        let seen = dora.browser.get(&path).await;
        assert!(seen.body.contains("Maggie Ashdown") && seen.body.contains("canary-asked"), "{}", seen.body);
        // By the old number, too.
        assert!(dora.browser.get(&new).await.body.contains("Maggie Ashdown"));
    }

    async fn whoever_is_on_record_with_the_same_phone_or_email_is_asked_about(site: Site) {
        let dora = officer(&site).await;
        let member = site.member("Margaret Ashdown").await;
        let key = dora.browser.get(NEW).await.field("form-key").unwrap();
        let sent = async |contact: &str, who: &str| {
            dora.browser.post(NEW, &filled(&key, "nobody", &[("contact", contact), ("who", who)])).await
        };
        let number = member.person_id.to_string();
        for contact in [member.email.to_uppercase().as_str(), "07700 900 100"] {
            let asked = sent(contact, "").await;
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(errors(&asked), ["Choose one of these people, or “Somebody else”"]);
            assert!(asked.body.contains("Margaret Ashdown") && asked.body.contains("canary-asked"));
            assert!(asked.body.contains(&number));
        }
        let looks = "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id IS NOT NULL AND about IS NULL";
        assert_eq!(world::number(&site, looks).await, 3, "Dora has the same phone, and that they were shown is written down");
        let answers = [("contact", member.email.as_str()), ("who", number.as_str()), ("asked", "")];
        let kept = dora.browser.post(NEW, &filled(&key, "nobody", &answers)).await;
        assert_eq!(errors(&kept), ["Write what they ask for"]);
        let checked = scraper::Selector::parse("input[name=who][checked]").unwrap();
        let html = kept.html();
        let chosen: Vec<_> = html.select(&checked).filter_map(|one| one.value().attr("value")).collect();
        assert_eq!(chosen, [number.as_str()], "the question and its answer stay");
        assert_eq!(world::number(&site, looks).await, 4);
        let path = sent(&member.email, &number).await.location();
        assert!(dora.browser.get(&path).await.body.contains("Margaret Ashdown"));
        let names = "SELECT COUNT(*) FROM rights_request WHERE asker_name IS NOT NULL";
        assert_eq!(world::number(&site, names).await, 0, "it is theirs, with nothing kept twice");
        let another = dora.browser.get(NEW).await.field("form-key").unwrap();
        let fields = filled(&another, "nobody", &[("contact", "07700 900100"), ("who", "new")]);
        assert_eq!(dora.browser.post(NEW, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world::number(&site, names).await, 1);
    }

    async fn today_and_the_front_page_say_what_is_due_and_with_whom(site: Site) {
        let dora = officer(&site).await;
        let sandra = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let own = dora.account_id.to_string();
        let path = written(&dora.browser, NEW, &own, &[]).await;
        let later = [("kind", "complaint"), ("received-day", "20"), ("received-month", "12"), ("received-year", "2026")];
        written(&dora.browser, NEW, "nobody", &later).await;
        assert!(sandra.browser.get("/desk/today").await.body.contains("Nothing waits for you."), "nothing is due within a week");

        on(&site, &dora, "2027-01-12").await;
        let tasks = async || site.desk_browser(&sandra).await.get("/desk/today").await;
        let shown = tasks().await;
        let one = "1 request about somebody’s data is due within a week. Nobody looks after it yet. Ask the data protection officer";
        assert_eq!(shown.words(".wb-tasks li"), [one]);
        assert!(!shown.body.contains(&format!("href=\"{HERE}\"")), "no link to where they cannot go");
        let here = on(&site, &dora, "2027-01-29").await;
        let front = here.get("/desk").await;
        let both = "2 requests about people’s data are due within a week, 1 of them late. Nobody looks after the first yet";
        assert!(front.words(".wb-notice").iter().any(|words| words.contains(both)), "{:?}", front.words(".wb-notice"));
        assert!(!site.desk_browser(&sandra).await.get("/desk").await.body.contains("due within a week"));
        let owner = site.staff("Olive", &[Role::Owner, Role::CourseAdmin]).await;
        let linked = owner.browser.get("/desk/today").await;
        assert_eq!(linked.words(".wb-tasks li > a"), [both]);
        assert!(here.get(HERE).await.words(".wb-missing")[0].ends_with(", late"));

        let late = here.get(HERE).await.html();
        let first = scraper::Selector::parse("tbody th a").unwrap();
        let first = late.select(&first).next().unwrap().value().attr("href").unwrap().to_owned();
        assert!(here.get(&first).await.words(".wb-notice")[0].contains("10 days late. It was to be answered by Tuesday 19 January"));
        here.post(&format!("{first}/finish"), &[("outcome", "done")]).await;
        assert!(here.get(&first).await.words(".wb-lead")[0].ends_with(", 10 days late."));
        assert!(tasks().await.words(".wb-tasks li")[0].starts_with("1 request about somebody’s data is due within a week. It is with Dora."));
        here.post(&format!("{path}/finish"), &[("outcome", "withdrawn")]).await;
        assert!(tasks().await.body.contains("Nothing waits for you."));
    }

    async fn what_waits_for_an_answer_for_over_a_month_is_on_today(site: Site) {
        let dora = officer(&site).await;
        let sandra = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let own = dora.account_id.to_string();
        let path = written(&dora.browser, NEW, &own, &[("identity", "asked")]).await;
        on(&site, &dora, "2027-02-03").await;
        let tasks = async || site.desk_browser(&sandra).await.get("/desk/today").await;
        assert!(tasks().await.body.contains("Nothing waits for you."), "thirty days are no more than thirty");

        let here = on(&site, &dora, "2027-02-04").await;
        let waits = "1 request about somebody’s data waits for an answer for over a month. It is with Dora";
        assert_eq!(tasks().await.words(".wb-tasks li"), [format!("{waits}. Ask the data protection officer")]);
        let front = here.get("/desk").await;
        assert!(front.words(".wb-notice").iter().any(|words| words.contains(waits)), "{:?}", front.words(".wb-notice"));
        here.post(&path, &[("do", "not-asked")]).await;
        assert!(tasks().await.words(".wb-tasks li")[0].starts_with("1 request about somebody’s data is due within a week. It is with Dora."));
        here.post(&path, &[("do", "wait")]).await;
        assert!(tasks().await.body.contains("Nothing waits for you."));
        on(&site, &dora, "2027-03-07").await;
        assert!(tasks().await.words(".wb-tasks li")[0].starts_with(waits));
    }

    async fn whoever_leaves_or_loses_the_role_looks_after_no_request(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let dora = officer(&site).await;
        let own = dora.account_id.to_string();
        let path = written(&dora.browser, NEW, &own, &[]).await;
        let with = async || owner.browser.get(HERE).await.words("tbody td").pop().unwrap();
        assert_eq!(with().await, "Dora");
        let remove = format!("/desk/staff/{own}/remove");
        let asked = owner.browser.get(&remove).await;
        assert!(asked.body.contains("They look after these requests"), "{}", asked.body);
        assert!(asked.body.contains(&path) && asked.body.contains("To put their data right, due Thursday 4 February"));

        let roles = format!("/desk/staff/{own}/roles");
        let asked = owner.browser.get(&roles).await;
        assert!(asked.body.contains("any more, nobody does:") && asked.body.contains(&path), "{}", asked.body);
        owner.browser.post(&roles, &[("roles", "tutor")]).await;
        assert!(!owner.browser.get(&roles).await.body.contains("nobody does:"));
        assert_eq!(with().await, "Nobody yet", "whoever cannot open it cannot look after it");
        let tutor = owner.browser.post_and_follow(&path, &[("do", "give"), ("owner", &own)]).await;
        assert!(tutor.body.contains("Nothing was changed."), "a tutor may not");
        owner.browser.post(&roles, &[("roles", "data-protection")]).await;
        for said in ["We have saved that.", "Nothing was changed."] {
            let given = owner.browser.post_and_follow(&path, &[("do", "give"), ("owner", &own)]).await;
            assert!(given.body.contains(said), "{said}");
        }
        assert_eq!((with().await, noted(&site, "request-handed-on").await), ("Dora".to_owned(), 1));

        let finished = written(&owner.browser, NEW, &own, &[]).await;
        owner.browser.post(&format!("{finished}/finish"), &[("outcome", "done")]).await;
        owner.browser.post(&remove, &[("destroyed", "yes")]).await;
        assert_eq!(with().await, "Nobody yet");
        let kept = format!("{HERE}?show=finished");
        assert_eq!(owner.browser.get(&kept).await.words("tbody td").pop().as_deref(), Some("Dora"), "what is finished stays");
        let wrong = owner.browser.post(&path, &[("do", "give"), ("owner", "me")]).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert_eq!(owner.browser.get(&format!("{HERE}/{}", Uuid::new_v4())).await.status, StatusCode::NOT_FOUND);

        // The record keeps to whom it was given.
        site.clock.forward(TimeDelta::days(3));
        jobs::orphans(&site.app).await.unwrap();
        let (id, about, sealed): (Uuid, Uuid, Vec<u8>) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT id, about, sealed FROM audit_entry WHERE action = 'request-handed-on'"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        let said = site.app.vault.open(about, RecordClass::Audit, id, &sealed).await.unwrap();
        assert_eq!(said.to_vec(), b"[\"Nobody yet\",\"Dora\"]");
    }

    async fn the_schema_knows_what_cannot_be(site: Site) {
        let dora = officer(&site).await;
        let path = written(&dora.browser, NEW, "nobody", &[("kind", "complaint")]).await;
        let id = Uuid::try_parse(path.rsplit('/').next().unwrap()).unwrap();
        for sql in [
            "UPDATE rights_request SET kind = 'money' WHERE id = $1",
            "UPDATE rights_request SET due_on = NULL WHERE id = $1",
            "UPDATE rights_request SET waiting_since = '2027-01-04' WHERE id = $1",
            "UPDATE rights_request SET identity = 'shown' WHERE id = $1",
            "UPDATE rights_request SET finished_on = '2027-01-04' WHERE id = $1",
            "UPDATE rights_request SET finished_on = '2027-01-04', outcome = 'refused' WHERE id = $1",
            "UPDATE rights_request SET asker_contact = NULL WHERE id = $1",
            "UPDATE rights_request SET asker_name = NULL, asker_contact = NULL WHERE id = $1",
            "UPDATE rights_request SET days_waited = -1 WHERE id = $1",
        ] {
            let done = write_tx!(site.app.db, |c| {
                sqlx::query(sql).bind(id).execute(&mut *c).await?;
                Ok(())
            });
            assert!(done.is_err(), "{sql}");
        }
        // A complaint's clock stands still for nothing.
        let shown = dora.browser.get(&path).await;
        assert_eq!(shown.words(".wb-lead"), ["Say that we have it, and answer, by Wednesday 3 February: 30 days from 4 January."]);
        let waits = dora.browser.post_and_follow(&path, &[("do", "wait")]).await;
        assert!(waits.body.contains("Nothing was changed.") && !shown.body.contains("/longer"));
    }
}

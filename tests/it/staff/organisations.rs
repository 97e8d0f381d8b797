//! Organisations that give courses, and who coordinates them.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::read;
use wellbeing_courses::server::vault::RecordClass;

use super::opens;
use crate::accounts::people::{self, PASSWORD};
use crate::accounts::{link, mails};
use crate::bookings::world::{self, Made, RunSpec};
use crate::registers::scene;
use crate::support::people::Somebody;
use crate::support::{Browser, Site};

const HERE: &str = "/desk/organisations";

/// Adds an organisation; gives the address of its page.
async fn added(browser: &Browser, name: &str) -> String {
    let answer = browser
        .post(
            "/desk/organisations/add",
            &[
                ("form-key", &format!("the key of {name} form")),
                ("name", name),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location()
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Says on a run's page who gives it.
async fn given(admin: &Somebody, run: &Made, organisation: &str) {
    let fields = [
        ("do", "save"),
        ("room", ""),
        ("provider", id_of(organisation)),
    ];
    let answer = admin
        .browser
        .post(&format!("/desk/runs/{}/lists", run.id), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// Invites somebody with an account to coordinate an organisation, and says yes for them.
async fn coordinates(site: &Site, owner: &Somebody, organisation: &str, who: &Somebody) {
    let before = mails(site, 0).await.len();
    let fields = [("full-name", "Sam Hill"), ("email", who.email.as_str())];
    let sent = owner
        .browser
        .post(&format!("{organisation}/invite"), &fields)
        .await;
    assert_eq!(sent.location(), organisation, "{}", sent.body);
    let all = mails(site, before + 1).await;
    let path = link(all.last().unwrap(), "/staff-invitation/");
    let yes = who.browser.post(&path, &[]).await;
    assert_eq!(yes.location(), "/desk", "{}", yes.body);
}

/// What the record says was done about it, with before and after.
async fn noted(site: &Site, about: &str) -> Vec<(String, String)> {
    let about = Uuid::try_parse(about).unwrap();
    let rows: Vec<(Uuid, String, Option<Uuid>, Vec<u8>)> = read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, action, person_id, sealed FROM audit_entry WHERE about = $1 AND sealed IS NOT NULL",
        )
        .bind(about)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap();
    let mut out = Vec::new();
    for (id, action, person, sealed) in rows {
        let subject = person.unwrap_or(about);
        let opened = site
            .app
            .vault
            .open(subject, RecordClass::Audit, id, &sealed)
            .await
            .unwrap();
        out.push((action, String::from_utf8(opened.to_vec()).unwrap()));
    }
    // The clock stands still: there is no first.
    out.sort();
    out
}

on_both! {
    async fn the_course_team_adds_renames_and_closes_an_organisation(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        assert!(admin.browser.get(HERE).await.body.contains("No organisations yet"));
        let none = admin.browser.post("/desk/organisations/add", &[("form-key", "a key of one form"), ("name", "")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(none.words(".govuk-error-summary__list li"), ["Enter the name of the organisation"]);
        let mind = added(&admin.browser, "Bath Mind").await;
        let twice = admin.browser.post("/desk/organisations/add", &[("form-key", "a key of one form"), ("name", "BATH MIND")]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(twice.field("name").as_deref(), Some("BATH MIND"));
        let other = added(&admin.browser, "3SG").await;
        let taken = admin.browser.post(&format!("{other}/name"), &[("name", "bath mind")]).await;
        assert!(taken.body.contains("is there already"));
        let renamed = admin.browser.post_and_follow(&format!("{other}/name"), &[("name", "3SG & friends")]).await;
        assert!(renamed.body.contains("The organisation is saved."));
        let list = admin.browser.get(HERE).await;
        assert_eq!(list.words("tbody th"), ["3SG & friends", "Bath Mind"]);
        let found = admin.browser.get(&format!("{HERE}?words=MIND")).await;
        assert_eq!(found.words("tbody th"), ["Bath Mind"]);
        assert!(admin.browser.get(&format!("{HERE}?words=%25")).await.body.contains("No organisation has this name"));

        let run = world::run(&site, RunSpec { title: "Better sleep".into(), ..RunSpec::default() }).await;
        given(&admin, &run, &mind).await;
        assert_eq!(admin.browser.get(&mind).await.words("tbody th"), ["Better sleep"]);
        let asked = admin.browser.get(&format!("{mind}/close")).await;
        assert!(asked.body.contains("Its 1 run takes place as planned"), "{}", asked.body);
        for _ in 0..2 {
            let closed = admin.browser.post_and_follow(&format!("{mind}/close"), &[]).await;
            assert!(closed.body.contains("This organisation is closed"));
        }
        for page in ["name", "close"] {
            assert_eq!(admin.browser.get(&format!("{mind}/{page}")).await.location(), mind);
        }
        let lists = admin.browser.get(&format!("/desk/runs/{}/lists", run.id)).await;
        assert!(!lists.body.contains("Bath Mind") && lists.body.contains("3SG &amp; friends"), "not to be chosen any more");
        // Its name is free again.
        added(&admin.browser, "Bath Mind").await;
        assert_eq!(noted(&site, id_of(&other)).await, [
            ("organisation-added".to_owned(), r#"["","3SG"]"#.to_owned()),
            ("organisation-renamed".to_owned(), r#"["3SG","3SG & friends"]"#.to_owned()),
        ]);
        let closed: Vec<_> = noted(&site, id_of(&mind)).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(closed, ["organisation-added", "organisation-closed", "provider-changed"]);
        wellbeing_courses::server::jobs::orphans(&site.app).await.unwrap();
        assert_eq!(noted(&site, id_of(&mind)).await.len(), 3, "its key is no orphan");
    }

    async fn an_organisation_that_is_not_there_answers_as_one_that_is_not_yours(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let tutor = site.staff("Tom", &[Role::Tutor]).await;
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let mind = added(&admin.browser, "Bath Mind").await;
        let nowhere = tutor.browser.get("/there/is/no/such/page").await.body;
        let unknown = format!("{HERE}/{}", Uuid::new_v4());
        for page in ["", "/name", "/close", "/invite", "/coordinators/0190b6f0-0000-7000-8000-000000000000"] {
            for (browser, path) in [(&tutor.browser, &mind), (&owner.browser, &unknown), (&admin.browser, &unknown)] {
                let answer = browser.get(&format!("{path}{page}")).await;
                assert_eq!((answer.status, answer.body == nowhere), (StatusCode::NOT_FOUND, true), "{path}{page}");
            }
        }
        // The course team makes organisations; only who invites staff invites.
        let fields = [("full-name", "Sam Hill"), ("email", "sam@example.org")];
        for path in [format!("{mind}/invite"), format!("{mind}/coordinators/{}", tutor.account_id)] {
            assert_eq!(admin.browser.post(&path, &fields).await.status, StatusCode::NOT_FOUND);
        }
        let page = admin.browser.get(&mind).await;
        assert!(!page.body.contains("/invite") && page.body.contains("Whoever looks after staff accounts"));
        assert!(owner.browser.get(&mind).await.body.contains("/invite"));
        assert_eq!(owner.browser.get(&format!("{mind}/coordinators/{}", tutor.account_id)).await.status, StatusCode::NOT_FOUND);
    }
}

with_mail! {
    async fn a_coordinator_is_invited_sees_the_runs_of_their_organisation_and_loses_them_at_the_next_click(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner, Role::CourseAdmin]).await;
        let mind = added(&owner.browser, "Bath Mind").await;
        let other = added(&owner.browser, "3SG").await;
        let ours = world::run(&site, RunSpec { title: "Better sleep".into(), ..RunSpec::default() }).await;
        let theirs = world::run(&site, RunSpec { title: "Coping with worry".into(), ..RunSpec::default() }).await;
        given(&owner, &ours, &mind).await;
        given(&owner, &theirs, &other).await;
        let bad = owner.browser.post(&format!("{mind}/invite"), &[("full-name", "Sam Hill"), ("email", "sam")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bad.field("full-name").as_deref(), Some("Sam Hill"));

        // Somebody new: the letter and its page say what for.
        let fields = [("full-name", "Sam Hill"), ("email", "sam@example.org")];
        owner.browser.post(&format!("{mind}/invite"), &fields).await;
        let sent = mails(&site, 1).await;
        let path = link(&sent[0], "/staff-invitation/");
        assert!(sent[0].mail.text.contains("coordinator for Bath Mind"), "{}", sent[0].mail.text);
        let browser = site.browser();
        assert!(browser.get(&path).await.body.contains("coordinator for Bath Mind"));
        let page = owner.browser.get(&mind).await;
        assert!(page.body.contains("sam@example.org: works until"), "{}", page.body);
        assert!(owner.browser.get("/desk/staff").await.body.contains("coordinator for Bath Mind"));
        let joined = browser.post(&path, &[("password", "copper lantern field")]).await;
        assert_eq!(joined.location(), "/desk");
        let coordinators = owner.browser.get(&mind).await;
        assert!(coordinators.words("tbody th").contains(&"Sam Hill".to_owned()));
        let again = owner.browser.post(&format!("{mind}/invite"), &fields).await;
        assert!(again.body.contains("They coordinate this organisation already"));

        // Somebody who works here already.
        let uma = site.staff("Uma Reed", &[Role::Tutor]).await;
        coordinates(&site, &owner, &mind, &uma).await;
        let sees = |run: &Made| scene::path(run.id);
        assert!(opens(&uma.browser, &format!("{}/sessions/1", sees(&ours))).await);
        let not = uma.browser.get(&format!("{}/sessions/1", sees(&theirs))).await;
        let nowhere = uma.browser.get("/there/is/no/such/page").await;
        assert_eq!((not.status, not.body), (StatusCode::NOT_FOUND, nowhere.body), "another organisation's is not there");
        let list = uma.browser.get("/tutor").await;
        assert!(list.body.contains("Better sleep") && !list.body.contains("Coping with worry"));

        // Another organisation as well, and then the first no more.
        coordinates(&site, &owner, &other, &uma).await;
        assert!(opens(&uma.browser, &format!("{}/sessions/1", sees(&theirs))).await);
        let row = owner.browser.get(&format!("/desk/staff/{}", uma.account_id)).await;
        assert!(row.body.contains(&mind) && row.body.contains(&other));
        let take_off = format!("{mind}/coordinators/{}", uma.account_id);
        assert!(owner.browser.get(&take_off).await.body.contains("Take Uma Reed off Bath Mind?"));
        let off = owner.browser.post_and_follow(&take_off, &[]).await;
        assert!(off.body.contains("They do not coordinate it any more."));
        assert!(!opens(&uma.browser, &format!("{}/sessions/1", sees(&ours))).await, "at the next click");
        assert!(opens(&uma.browser, &format!("{}/sessions/1", sees(&theirs))).await, "the other stays");
        assert_eq!(owner.browser.post(&take_off, &[]).await.status, StatusCode::NOT_FOUND);
        let noted = noted(&site, id_of(&mind)).await;
        assert!(noted.contains(&("coordinator-removed".to_owned(), r#"["coordinator of Bath Mind",""]"#.to_owned())), "{noted:?}");

        // Closing the other takes it all, and what nobody answered.
        owner.browser.post(&format!("{other}/invite"), &[("full-name", "Ned"), ("email", "ned@example.org")]).await;
        let late = mails(&site, 4).await;
        let late = link(late.last().unwrap(), "/staff-invitation/");
        assert_eq!(site.browser().get(&late).await.status, StatusCode::OK);
        owner.browser.post(&format!("{other}/close"), &[]).await;
        assert!(!opens(&uma.browser, &format!("{}/sessions/1", sees(&theirs))).await);
        assert_eq!(site.browser().get(&late).await.status, StatusCode::GONE);
        assert_eq!(owner.browser.post(&format!("{other}/invite"), &fields).await.location(), other);
    }

    async fn somebody_with_an_account_signs_in_first_and_then_coordinates(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let mind = added(&owner.browser, "Bath Mind").await;
        people::member(&site, "maggie@example.org").await;
        let fields = [("full-name", "Maggie Ashdown"), ("email", "Maggie@example.org")];
        owner.browser.post(&format!("{mind}/invite"), &fields).await;
        let path = link(&mails(&site, 1).await[0], "/staff-invitation/");
        let browser = site.browser();
        assert!(browser.post(&path, &[]).await.location().starts_with("/sign-in?next="));
        browser.post("/sign-in", &[("email", "maggie@example.org"), ("password", PASSWORD)]).await;
        assert_eq!(browser.post(&path, &[]).await.location(), "/desk");
        assert!(owner.browser.get(&mind).await.body.contains("Margaret Ashdown"));
    }
}

//! Staff accounts: invited, at work, gone.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::staff::invitations::from_terminal;
use wellbeing_courses::staff::lost_phone;
use wellbeing_courses::{read, write_tx};

use super::opens;
use crate::accounts::people::{self, PASSWORD};
use crate::accounts::{link, mails};
use crate::bookings::world;
use crate::support::people::Somebody;
use crate::support::staff::code;
use crate::support::{Browser, Site};

const NEW: &str = "copper lantern field";

/// Invited from the terminal: the path of the link.
async fn invited(site: &Site, email: &str, role: &str) -> String {
    let said = from_terminal(&site.app, "Olive Owner", email, &[role.to_owned()])
        .await
        .unwrap();
    let url = said.lines().last().unwrap();
    url[url.find("/staff-invitation/").unwrap()..].to_owned()
}

/// Sets the second step up with what the page shows.
async fn second_step(site: &Site, browser: &Browser) {
    let shown = browser
        .post_and_follow("/account/two-step?next=%2Fdesk", &[])
        .await;
    let letters = shown.words(".wb-code").remove(0).replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(letters).unwrap();
    let now = code(secret, site.app.clock.now());
    let done = browser
        .post("/account/two-step/set-up?next=%2Fdesk", &[("code", &now)])
        .await;
    assert_eq!(done.location(), "/account/two-step/codes?next=%2Fdesk");
}

fn path(somebody: &Somebody, page: &str) -> String {
    format!("/desk/staff/{}{page}", somebody.account_id)
}

with_mail! {
    async fn the_first_owner_comes_in_by_the_terminal_and_sets_up_the_second_step(site: Site) {
        let path = invited(&site, "olive@example.org", "owner").await;
        let sent = mails(&site, 1).await;
        assert_eq!(link(&sent[0], "/staff-invitation/"), path, "it goes by email, too");

        let browser = site.browser();
        assert!(browser.get(&path).await.body.contains("as: Owner."));
        let weak = browser.post(&path, &[("password", "olive")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        let joined = browser.post(&path, &[("password", NEW)]).await;
        assert_eq!(joined.location(), "/desk");
        assert_eq!(browser.get("/desk").await.location(), "/account/two-step?next=%2Fdesk");
        assert!(!opens(&browser, "/desk/staff").await);
        second_step(&site, &browser).await;
        assert!(opens(&browser, "/desk").await && opens(&browser, "/desk/staff").await);
        let audit = browser.get("/desk/audit").await;
        assert_eq!(audit.status, StatusCode::FORBIDDEN, "data training is not recorded yet");

        let again = site.browser().post(&path, &[("password", NEW)]).await;
        assert_eq!(again.status, StatusCode::GONE, "a link works once");
    }

    async fn an_owner_invites_somebody_who_has_an_account_already(site: Site) {
        let owner = site.staff("Olive Owner", &[Role::Owner]).await;
        people::member(&site, "maggie@example.org").await;
        let fields = [("full-name", "Maggie Ashdown"), ("email", "Maggie@example.org"), ("roles", "course-admin")];
        let bad = owner.browser.post("/desk/staff/invite", &[("full-name", "Maggie"), ("email", "maggie")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bad.words(".govuk-error-summary__list li").len(), 2);
        assert_eq!(bad.field("full-name").as_deref(), Some("Maggie"));
        let sent = owner.browser.post_and_follow("/desk/staff/invite", &fields).await;
        assert!(sent.body.contains("The invitation is on its way."));
        let path = link(&mails(&site, 1).await[0], "/staff-invitation/");

        let browser = site.browser();
        let stranger = site.member("Stranger").await;
        for other in [&browser, &stranger.browser] {
            let shown = other.get(&path).await;
            assert!(shown.body.contains("Sign in first"));
            assert!(other.post(&path, &[]).await.location().starts_with("/sign-in?next="));
        }
        assert!(!opens(&stranger.browser, "/desk").await);
        let (old, fields) = (site.browser(), [("email", "maggie@example.org"), ("password", PASSWORD)]);
        for own in [&old, &browser] {
            own.post("/sign-in", &fields).await;
        }
        assert_eq!(browser.post(&path, &[]).await.location(), "/desk");
        assert!(!opens(&old, "/account/bookings").await, "one step was enough there");
        second_step(&site, &browser).await;
        assert!(opens(&browser, "/desk").await);
        assert!(!opens(&browser, "/desk/staff").await);
        let list = owner.browser.get("/desk/staff").await;
        assert!(list.body.contains("Margaret Ashdown") && list.body.contains("Course admin"));
    }

    async fn an_owner_invites_a_commissioner_who_opens_the_published_reports_after_two_steps(site: Site) {
        let owner = site.staff("Olive Owner", &[Role::Owner]).await;
        let fields = [("full-name", "Carol Council"), ("email", "carol@example.org"), ("roles", "commissioner")];
        let sent = owner.browser.post_and_follow("/desk/staff/invite", &fields).await;
        assert!(sent.body.contains("The invitation is on its way."));
        let path = link(&mails(&site, 1).await[0], "/staff-invitation/");

        let browser = site.browser();
        assert!(browser.get(&path).await.body.contains("as: Commissioner."));
        assert_eq!(browser.post(&path, &[("password", NEW)]).await.location(), "/desk");
        assert!(!opens(&browser, "/desk/published-reports").await, "one step is not enough");
        second_step(&site, &browser).await;
        assert!(opens(&browser, "/desk/published-reports").await);
        assert_eq!(browser.get("/desk/reports").await.status, StatusCode::NOT_FOUND);
    }

    async fn an_invitation_ends_after_7_days_when_it_is_withdrawn_and_when_another_is_sent(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let first = invited(&site, "tom@example.org", "tutor").await;
        let second = invited(&site, "tom@example.org", "tutor").await;
        assert_eq!(site.browser().get(&first).await.status, StatusCode::GONE);
        assert_eq!(site.browser().get(&second).await.status, StatusCode::OK);
        let list = owner.browser.get("/desk/staff").await;
        let id = list.field("id").unwrap();
        let withdrawn = owner.browser.post_and_follow("/desk/staff/invitations/withdraw", &[("id", &id)]).await;
        assert!(withdrawn.body.contains("The invitation is withdrawn."));
        assert_eq!(site.browser().get(&second).await.status, StatusCode::GONE);
        let third = invited(&site, "tom@example.org", "tutor").await;
        site.clock.forward(TimeDelta::days(7));
        assert_eq!(site.browser().post(&third, &[("password", NEW)]).await.status, StatusCode::GONE);
        assert_eq!(site.browser().get("/staff-invitation/nothing").await.status, StatusCode::GONE);
    }

    async fn training_that_ends_soon_is_told_once_and_overdue_training_closes_the_data(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let officer = site.staff("Dora", &[Role::DataProtection]).await;
        assert!(opens(&officer.browser, "/desk/audit").await);
        let dates = [("data-training", "20 1 2027"), ("confidentiality", "1 6 2027"), ("dbs", "")];
        let wrong = owner.browser.post(&path(&officer, "/papers"), &[("data-training", "soon")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.field("data-training").as_deref(), Some("soon"));
        let saved = owner.browser.post_and_follow(&path(&officer, "/papers"), &dates).await;
        assert!(saved.body.contains("The dates are saved.") && saved.body.contains("Until 20 January 2027"));
        site.clock.forward(TimeDelta::days(1));
        for _ in 0..2 {
            wellbeing_courses::staff::tell_of_papers(&site.app).await.unwrap();
        }
        let told = mails(&site, 1).await;
        assert!(told[0].mail.text.contains("Data training: good until"), "{}", told[0].mail.text);
        site.clock.forward(TimeDelta::days(1));
        wellbeing_courses::staff::tell_of_papers(&site.app).await.unwrap();
        assert_eq!(mails(&site, 1).await.len(), 1, "of each last day once");

        site.clock.set("2027-01-20T23:00:00Z".parse().unwrap());
        let browser = site.desk_browser(&officer).await;
        assert!(opens(&browser, "/desk/audit").await, "the last day itself");
        site.clock.forward(TimeDelta::hours(2));
        // Whoever renews papers comes in with their own overdue; the other desks with people's details stay closed to them.
        let olive = site.desk_browser(&owner).await;
        olive.post(&path(&owner, "/papers"), &[("data-training", "1 1 2027")]).await;
        for (page, status) in [
            ("/desk/organisations", StatusCode::FORBIDDEN),
            ("/desk/tutors", StatusCode::FORBIDDEN),
            ("/desk/staff", StatusCode::OK),
        ] {
            assert_eq!(olive.get(page).await.status, status, "{page}");
        }
        let browser = site.desk_browser(&officer).await;
        let closed = browser.get("/desk/audit").await;
        assert_eq!(closed.status, StatusCode::FORBIDDEN);
        assert_eq!(closed.words("main li"), ["Data training"]);
        let refused = "SELECT COUNT(*) FROM audit_entry WHERE action = 'refused' AND role = 'data-protection' AND page = '/desk/audit'";
        assert_eq!(world::number(&site, refused).await, 1);
        assert!(browser.get("/desk").await.body.contains("You need a new date for"));
    }
}

on_both! {
    async fn roles_count_from_the_next_page_on(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Ada", &[Role::CourseAdmin]).await;
        assert!(!opens(&other.browser, "/desk/staff").await);
        let none = owner.browser.post(&path(&other, "/roles"), &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let both = [("roles", "owner"), ("roles", "course-admin")];
        let saved = owner.browser.post_and_follow(&path(&other, "/roles"), &both).await;
        assert!(saved.body.contains("The roles are saved.") && saved.body.contains("Owner and Course admin"));
        assert!(opens(&other.browser, "/desk/staff").await);
        owner.browser.post(&path(&other, "/roles"), &[("roles", "tutor")]).await;
        assert!(!opens(&other.browser, "/desk/staff").await);
    }

    async fn the_list_of_staff_is_looked_through_every_three_months(site: Site) {
        const DUE: &str = "The list of staff has not been looked through for three months";
        let owner = site.staff("Olive Owner", &[Role::Owner, Role::CourseAdmin]).await;
        for page in ["/desk", "/desk/today"] {
            assert!(!owner.browser.get(page).await.body.contains(DUE), "{page}: they have just begun");
        }
        assert!(owner.browser.get("/desk/staff").await.body.contains("Nobody has noted yet"));

        site.clock.set("2027-04-05T09:00:00Z".parse().unwrap());
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        assert!(!admin.browser.get("/desk/today").await.body.contains(DUE), "it is not theirs to do");
        let browser = site.desk_browser(&owner).await;
        for page in ["/desk", "/desk/today"] {
            assert!(browser.get(page).await.body.contains(DUE), "{page}");
        }
        assert_eq!(browser.post("/desk/staff", &[]).await.status, StatusCode::BAD_REQUEST);
        let key = browser.get("/desk/staff").await.field("form-key").unwrap();
        for _ in 0..2 {
            let done = browser.post_and_follow("/desk/staff", &[("form-key", &key)]).await;
            assert!(done.body.contains("Last looked through on 5 April 2027 by Olive Owner."), "{}", done.body);
        }
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'staff-reviewed' AND person_id IS NOT NULL";
        assert_eq!(world::number(&site, noted).await, 2, "one of each who was on the list, once");
        for page in ["/desk", "/desk/today"] {
            assert!(!browser.get(page).await.body.contains(DUE), "{page}");
        }

        site.clock.set("2027-07-06T09:00:00Z".parse().unwrap());
        let browser = site.desk_browser(&owner).await;
        assert!(browser.get("/desk/today").await.body.contains(DUE), "three months later");
    }

    async fn a_look_at_a_colleague_is_in_the_record(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Priya", &[Role::Tutor]).await;
        world::run(&site, world::RunSpec::default()).await;
        let tutor: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT id FROM tutor LIMIT 1")
            .fetch_one(&mut *c)
            .await?))
        .unwrap();
        for page in ["/desk/staff".to_owned(), path(&other, ""), format!("/desk/tutors/{tutor}/account")] {
            assert!(opens(&owner.browser, &page).await, "{page}");
        }
        for (looks, times) in [
            ("SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id IS NOT NULL AND page = '/desk/staff'", 2),
            ("SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id IS NOT NULL AND page LIKE '/desk/staff/%'", 1),
            ("SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id IS NOT NULL AND page LIKE '/desk/tutors/%'", 1),
        ] {
            assert_eq!(world::number(&site, looks).await, times, "{looks}");
        }
    }

    async fn somebody_removed_is_out_at_the_next_click_and_keeps_their_own_account(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Ada", &[Role::Owner]).await;
        let page = path(&other, "/remove");
        assert!(owner.browser.get(&page).await.body.contains("They have no runs to hand over."));
        let unsure = owner.browser.post(&page, &[]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(opens(&other.browser, "/desk/staff").await);
        let gone = owner.browser.post_and_follow(&page, &[("destroyed", "yes")]).await;
        assert!(gone.body.contains("They do not work here any more"));
        assert!(other.browser.get("/desk/staff").await.location().starts_with("/sign-in?next="));
        let browser = site.desk_browser(&other).await;
        assert_eq!(browser.get("/desk").await.status, StatusCode::NOT_FOUND);
        assert!(opens(&browser, "/account/bookings").await);
        assert_eq!(owner.browser.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn somebody_removed_does_not_come_back_by_an_older_invitation(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Ada", &[Role::Owner]).await;
        let own = invited(&site, &other.email, "course-admin").await;
        let friend = [("full-name", "A Friend"), ("email", "friend@example.org"), ("roles", "owner")];
        assert_eq!(other.browser.post("/desk/staff/invite", &friend).await.status, StatusCode::SEE_OTHER);
        owner.browser.post(&path(&other, "/remove"), &[("destroyed", "yes")]).await;
        assert_eq!(site.browser().get(&own).await.status, StatusCode::GONE);
        assert!(!owner.browser.get("/desk/staff").await.body.contains("friend@example.org"));

        // Asked anew they may come back; training is recorded anew, too.
        let again = invited(&site, &other.email, "data-protection").await;
        let browser = site.desk_browser(&other).await;
        assert_eq!(browser.post(&again, &[]).await.location(), "/desk");
        assert!(opens(&browser, "/desk").await);
        assert_eq!(browser.get("/desk/audit").await.status, StatusCode::FORBIDDEN);
    }

    async fn somebody_who_leaves_hands_over_their_runs(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let tutor = site.staff("Priya", &[Role::Tutor]).await;
        let run = world::run(&site, world::RunSpec::default()).await;
        let id: Uuid = site.app.id().unwrap();
        write_tx!(site.app.db, |c| {
            sqlx::query("INSERT INTO tutor (id, slug, full_name, known_as, about, account_id) VALUES ($1, 'priya-n', 'Priya Nair', 'Priya', '', $2)")
                .bind(id)
                .bind(tutor.account_id)
                .execute(&mut *c)
                .await?;
            sqlx::query("UPDATE run SET tutor_id = $1 WHERE id = $2").bind(id).bind(run.id).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        let other = world::run(&site, world::RunSpec::default()).await;
        let (account, grant, now) = (tutor.account_id, site.app.id().unwrap(), site.app.clock.now());
        write_tx!(site.app.db, |c| {
            sqlx::query("INSERT INTO session_tutor (session_id, tutor_id, created_at) SELECT id, $1, $3 FROM session WHERE run_id = $2 AND position = 2")
                .bind(id)
                .bind(other.id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            sqlx::query("INSERT INTO organisation (id, name, kind, created_at) VALUES ($1, 'Bath Mind', 'provider', $2)")
                .bind(id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            sqlx::query("INSERT INTO role_grant (id, account_id, role, organisation_id, granted_at) VALUES ($1, $2, 'coordinator', $3, $4)")
                .bind(grant)
                .bind(account)
                .bind(id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
        let page = path(&tutor, "/remove");
        let shown = owner.browser.get(&page).await;
        assert!(shown.body.contains("These runs need another tutor"));
        assert!(shown.body.contains(&format!("href=\"/courses/{}\"", run.slug)), "an owner cannot open the course desk");
        // Whoever can, is taken to where it is changed; after a wrong answer, too.
        owner.browser.post(&path(&owner, "/roles"), &[("roles", "owner"), ("roles", "course-admin")]).await;
        for shown in [owner.browser.get(&page).await, owner.browser.post(&page, &[]).await] {
            for link in [
                format!("/desk/runs/{}/change", run.id),
                format!("/desk/runs/{}/lists", other.id),
                format!("/desk/organisations/{id}"),
            ] {
                assert!(shown.body.contains(&format!("href=\"{link}\"")), "{link}");
            }
        }
        owner.browser.post(&page, &[("destroyed", "yes")]).await;
        let (entry, sealed): (Uuid, Vec<u8>) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT id, sealed FROM audit_entry WHERE action = 'removed'"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        let opened = site.app.vault.open(tutor.person_id, RecordClass::Audit, entry, &sealed).await.unwrap();
        assert!(String::from_utf8_lossy(&opened).contains("prints and files confirmed destroyed"), "it is in the record");
    }

    async fn the_last_owner_stays(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let roles = owner.browser.post(&path(&owner, "/roles"), &[("roles", "tutor")]).await;
        assert_eq!(roles.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(roles.body.contains("the only owner"));
        let gone = owner.browser.post(&path(&owner, "/remove"), &[("destroyed", "yes")]).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(opens(&owner.browser, "/desk/staff").await);
    }

    async fn of_two_owners_who_remove_each_other_at_once_one_stays(site: Site) {
        let one = site.staff("Olive", &[Role::Owner]).await;
        let two = site.staff("Ada", &[Role::Owner]).await;
        let (first, second) = (path(&two, "/remove"), path(&one, "/remove"));
        let sure = [("destroyed", "yes")];
        futures::join!(one.browser.post(&first, &sure), two.browser.post(&second, &sure));
        let mut in_office = 0;
        for owner in [&one, &two] {
            let browser = site.desk_browser(owner).await;
            in_office += u8::from(opens(&browser, "/desk/staff").await);
        }
        assert_eq!(in_office, 1);
    }

    async fn a_desk_closes_after_15_minutes_and_a_register_after_2_hours(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let tutor = site.staff("Priya", &[Role::Tutor]).await;
        for _ in 0..3 {
            site.clock.forward(TimeDelta::minutes(14));
            assert!(opens(&owner.browser, "/desk/staff").await, "each page begins the 15 minutes anew");
        }
        site.clock.forward(TimeDelta::minutes(16));
        assert!(!opens(&owner.browser, "/desk/staff").await);
        assert!(!opens(&owner.browser, "/account/bookings").await, "signed out altogether");
        site.clock.forward(TimeDelta::minutes(40));
        assert!(opens(&tutor.browser, "/desk").await);
        site.clock.forward(TimeDelta::minutes(121));
        assert!(!opens(&tutor.browser, "/desk").await);
    }
}

with_mail! {
    async fn whoever_lost_their_phone_sets_it_up_again_when_another_owner_took_the_codes_away(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Ada", &[Role::CourseAdmin]).await;
        let shown = owner.browser.get(&path(&other, "/second-step")).await;
        assert!(shown.body.contains("Take their codes away"));
        assert!(opens(&other.browser, "/desk/calls").await, "a look takes nothing away");
        for _ in 0..2 {
            owner.browser.post(&path(&other, "/second-step"), &[]).await;
        }
        assert!(!opens(&other.browser, "/desk/calls").await, "signed out everywhere");
        let told = mails(&site, 1).await;
        assert_eq!(told.len(), 1, "told once");
        assert!(told[0].mail.text.contains("took away your codes"), "{}", told[0].mail.text);
        // The password alone opens no desk: they are sent to set it up.
        let again = site.browser_of(&other).await;
        assert_eq!(again.get("/desk/calls").await.location(), "/account/two-step?next=%2Fdesk%2Fcalls");

        // Nobody does it to themselves from a page that was left open; the command line can, and says what it did.
        owner.browser.post(&path(&owner, "/second-step"), &[]).await;
        assert!(opens(&owner.browser, "/desk/staff").await);
        let said = lost_phone(&site.app, &owner.email).await.unwrap();
        assert!(said.starts_with("Olive is signed out everywhere"), "{said}");
        assert!(!opens(&owner.browser, "/desk/staff").await);
        for (email, sentence) in [
            (owner.email.as_str(), "has not set up two-step sign-in"),
            ("nobody@example.org", "Nobody who works here"),
            ("nobody", "--email:"),
        ] {
            let error = lost_phone(&site.app, email).await.unwrap_err().to_string();
            assert!(error.contains(sentence), "{error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_removed_on_one_node_is_out_on_the_other_on_postgres() {
    let one = Site::on_postgres().await;
    let two = Site::start_at(one.database_url.clone(), &[], one.clock.clone()).await;
    let owner = one.staff("Olive", &[Role::Owner]).await;
    let other = one.staff("Ada", &[Role::CourseAdmin]).await;
    let elsewhere = two.desk_browser(&other).await;
    assert!(opens(&elsewhere, "/desk").await);
    owner
        .browser
        .post(&path(&other, "/remove"), &[("destroyed", "yes")])
        .await;
    assert!(!opens(&elsewhere, "/desk").await);
}

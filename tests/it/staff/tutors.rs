//! Tutors: what the site says of them, and which account they sign in with.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::read;

use super::opens;
use crate::bookings::world::{self, Made, RunSpec};
use crate::registers::scene;
use crate::support::Site;

async fn tutor_of(site: &Site, run: &Made) -> String {
    let id: Uuid = read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("SELECT tutor_id FROM run WHERE id = $1")
            .bind(run.id)
            .fetch_one(&mut *c)
            .await?)
    })
    .unwrap();
    format!("/desk/tutors/{id}")
}

async fn audited(site: &Site, action: &'static str) -> i64 {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE action = $1 AND sealed IS NOT NULL",
        )
        .bind(action)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

on_both! {
    async fn a_tutor_is_added_found_and_renamed_on_the_public_pages_too(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        assert!(admin.browser.get("/desk/tutors").await.body.contains("No tutors yet"));
        let bad = admin.browser.post("/desk/tutors/add", &[("form-key", "the key of a form"), ("full-name", "Tom Reed"), ("known-as", "")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bad.field("full-name").as_deref(), Some("Tom Reed"));
        let fields = [("form-key", "the key of a form"), ("full-name", "Tom Reed"), ("known-as", "Tom"), ("about", "")];
        let added = admin.browser.post_and_follow("/desk/tutors/add", &fields).await;
        assert!(added.body.contains("The tutor is saved.") && added.body.contains("They lead nothing now"));
        // The same form again is the same tutor; another form with the same name is another.
        admin.browser.post_and_follow("/desk/tutors/add", &fields).await;
        let other = [("form-key", "the key of another form"), fields[1], fields[2], fields[3]];
        admin.browser.post_and_follow("/desk/tutors/add", &other).await;
        let run = world::run(&site, RunSpec::default()).await;
        let list = admin.browser.get("/desk/tutors").await;
        assert_eq!(list.words("tbody th"), ["Priya Nair", "Tom Reed", "Tom Reed"]);
        assert_eq!(admin.browser.get("/desk/tutors?words=PRI").await.words("tbody th"), ["Priya Nair"]);

        let page = tutor_of(&site, &run).await;
        let public = format!("/courses/{}", run.slug);
        assert!(site.browser().get(&public).await.body.contains("Priya"));
        let words = [("full-name", "Petra Nair"), ("known-as", "Petra"), ("about", "Calm and kind.")];
        for _ in 0..2 {
            let saved = admin.browser.post_and_follow(&format!("{page}/words"), &words).await;
            assert!(saved.body.contains("Petra Nair"));
        }
        assert_eq!(audited(&site, "tutor-changed").await, 1, "the same twice is one change");
        let public = site.browser().get(&public).await;
        assert!(public.body.contains("Petra") && !public.body.contains("Priya"), "the page is drawn anew");
        let long = "a".repeat(501);
        let long = admin.browser.post(&format!("{page}/words"), &[("full-name", "P"), ("known-as", "P"), ("about", &long)]).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_account_that_is_taken_off_a_tutor_sees_nothing_at_the_next_click(site: Site) {
        let admin = site.staff("Ada", &[Role::CourseAdmin]).await;
        let run = world::run(&site, RunSpec::default()).await;
        let page = tutor_of(&site, &run).await;
        let account = format!("{page}/account");
        let priya = site.staff("Priya Nair", &[Role::Tutor]).await;
        let clerk = site.staff("Cleo", &[Role::CourseAdmin]).await;
        let register = format!("{}/sessions/1", scene::path(run.id));
        assert!(!opens(&priya.browser, &register).await);
        let shown = admin.browser.get(&account).await;
        assert!(shown.body.contains(&priya.email) && !shown.body.contains(&clerk.email), "tutors alone");
        let own = priya.account_id.to_string();
        let saved = admin.browser.post_and_follow(&account, &[("account", &own)]).await;
        assert!(saved.body.contains("The tutor is saved."));
        assert!(opens(&priya.browser, &register).await);
        for wrong in ["", "nobody", &clerk.account_id.to_string(), &Uuid::new_v4().to_string()] {
            let answer = admin.browser.post(&account, &[("account", wrong)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        // An account is one tutor's.
        let other = world::run(&site, RunSpec::default()).await;
        let second = format!("{}/account", tutor_of(&site, &other).await);
        assert!(!admin.browser.get(&second).await.body.contains(&priya.email));
        assert_eq!(admin.browser.post(&second, &[("account", &own)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        admin.browser.post(&account, &[("account", "none")]).await;
        assert!(!opens(&priya.browser, &register).await, "at the next click");
        assert!(admin.browser.get(&page).await.body.contains("They cannot see who is coming."));
        assert_eq!(audited(&site, "tutor-account-changed").await, 2);
        let nowhere = priya.browser.get("/there/is/no/such/page").await.body;
        for path in [page.clone(), account.clone(), format!("/desk/tutors/{}", Uuid::new_v4())] {
            assert_eq!(priya.browser.get(&path).await.body, nowhere);
        }
        assert_eq!(admin.browser.get(&format!("/desk/tutors/{}", Uuid::new_v4())).await.body, nowhere);
    }
}

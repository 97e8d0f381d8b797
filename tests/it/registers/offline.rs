//! Marks that were kept on a phone while the connection was away.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::registers::planning;

use super::marking::{field, somebody};
use super::scene::{self, at, audited, marked, path};
use super::sharing::{admin, other_tutor, session};
use crate::bookings::world;
use crate::support::{Answer, Browser};

/// What a page says its marks are kept under.
pub fn account(page: &Answer) -> String {
    let kept = scraper::Selector::parse("[role=status][data-account]").unwrap();
    let html = page.html();
    let note = html.select(&kept).next().expect("a place for the script");
    assert_eq!(
        note.inner_html(),
        "",
        "nothing is said before a script says it"
    );
    note.attr("data-account").unwrap().to_owned()
}

/// Sends a form as the register's script does.
pub async fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let answer = browser
        .client
        .post(format!("{}{path}", browser.base))
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("origin", &browser.base)
        .form(fields)
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let told = answer.text().await.unwrap();
    (status, serde_json::from_str(&told).unwrap_or(Value::Null))
}

fn ago(place: Uuid) -> String {
    format!("ago-{}", place.simple())
}

fn told(marks: &[(Uuid, &str)]) -> (StatusCode, Value) {
    let marks: serde_json::Map<_, _> = marks
        .iter()
        .map(|(place, mark)| (place.simple().to_string(), json!(mark)))
        .collect();
    (StatusCode::OK, json!({ "marks": marks }))
}

on_both! {
    async fn marks_from_a_phone_arrive_once_and_it_is_told_what_became_of_each(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let anna = scene::booked(&site, run.id, &[somebody(&site, "Anna Arden").await], None).await[0];
        let ben = scene::booked(&site, run.id, &[somebody(&site, "Ben Bell").await], None).await[0];
        let gone = scene::booked(&site, run.id, &[somebody(&site, "Cleo Cole").await], None).await[0];
        world::change(&site, "UPDATE place SET status = 'cancelled' WHERE id = $1", gone).await;
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let here = format!("{}/sessions/1", path(run.id));
        let page = browser.get(&here).await;
        let whose = account(&page);
        assert_eq!(whose, account(&browser.get("/tutor").await), "the same on each page");
        assert!(!whose.contains(&tutor.account_id.simple().to_string()[..8]), "nothing is read from it");
        let first = session(&site, run.id, 1).await.to_string();
        let (anna_field, ben_field, gone_field) = (field(anna), field(ben), field(gone));
        let kept = [
            ("account", whose.as_str()), ("session", &first),
            (&anna_field, "came"), (&ben_field, "did-not-come"), (&gone_field, "came"),
        ];
        let want = told(&[(anna, "came"), (ben, "did-not-come"), (gone, "none")]);
        let both = [(anna, 1, "came".to_owned()), (ben, 1, "did-not-come".to_owned())];
        for _ in 0..2 {
            assert_eq!(send(&browser, &here, &kept).await, want);
            assert_eq!(marked(&site, run.id).await, both);
        }
        // A mark is taken away in the same manner.
        let undo = [("account", whose.as_str()), ("session", &first), (&anna_field, "none")];
        assert_eq!(send(&browser, &here, &undo).await, told(&[(anna, "none")]));
        assert_eq!(marked(&site, run.id).await, both[1..]);
        assert_eq!(audited(&site, run.id, "attendance-marked").await, 3);
        // The session's own number counts, whatever the page's address says by now.
        let second = session(&site, run.id, 2).await.to_string();
        at(&site, "2027-01-19T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let moved = [("account", whose.as_str()), ("session", &second), (&anna_field, "came")];
        assert_eq!(send(&browser, &here, &moved).await, told(&[(anna, "came")]));
        assert_eq!(marked(&site, run.id).await[1], (anna, 2, "came".to_owned()));
    }

    async fn of_two_peoples_marks_the_one_that_was_made_last_counts(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let anna = scene::booked(&site, run.id, &[somebody(&site, "Anna Arden").await], None).await[0];
        let (stands_in, tutor_id) = other_tutor(&site, "Tom Reed").await;
        let first = session(&site, run.id, 1).await;
        let by = admin(&site).await;
        assert!(planning::add_stand_in(&site.app, &by, first, tutor_id).await.unwrap());
        at(&site, "2027-01-12T12:00:00Z");
        let here = format!("{}/sessions/1", path(run.id));
        let (priya, tom) = (site.desk_browser(&tutor).await, site.desk_browser(&stands_in).await);
        let whose = account(&priya.get(&here).await);
        let toms = account(&tom.get(&here).await);
        assert_ne!(whose, toms);
        let (mark, made) = (field(anna), ago(anna));
        // Tom marks now. What Priya marked a minute before was kept on her phone, and comes after it.
        let sent = [("account", toms.as_str()), (&mark, "did-not-come")];
        assert_eq!(send(&tom, &here, &sent).await, told(&[(anna, "did-not-come")]));
        for stale in ["came", "none"] {
            let kept = [("account", whose.as_str()), (&mark, stale), (&made, "60")];
            assert_eq!(send(&priya, &here, &kept).await, told(&[(anna, "did-not-come")]), "{stale}");
        }
        // A minute later she marks anew, and corrects herself over a line so slow that it looks older.
        site.clock.forward(chrono::TimeDelta::minutes(2));
        for (new, seconds) in [("came", "5"), ("apologies", "30")] {
            let kept = [("account", whose.as_str()), (&mark, new), (&made, seconds)];
            assert_eq!(send(&priya, &here, &kept).await, told(&[(anna, new)]));
        }
        // What she made ten minutes before, on a phone that was away, does not undo it.
        let kept = [("account", whose.as_str()), (&mark, "came"), (&made, "600")];
        assert_eq!(send(&priya, &here, &kept).await, told(&[(anna, "apologies")]));
        // How long ago is never in the future, and never more than a number.
        for strange in ["-60", "x", "99999999999999999999"] {
            let kept = [("account", toms.as_str()), (&mark, "came"), (&made, strange)];
            assert_eq!(send(&tom, &here, &kept).await, told(&[(anna, "came")]), "{strange}");
        }
    }

    async fn marks_are_sent_by_whoever_made_them(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let anna = scene::booked(&site, run.id, &[somebody(&site, "Anna Arden").await], None).await[0];
        let (other, _) = other_tutor(&site, "Tom Reed").await;
        at(&site, "2027-01-12T12:00:00Z");
        let here = format!("{}/sessions/1", path(run.id));
        let priya = site.desk_browser(&tutor).await;
        let whose = account(&priya.get(&here).await);
        let mark = field(anna);
        let kept = [("account", whose.as_str()), (&mark, "came")];
        let sign_in = (StatusCode::OK, json!({ "signIn": true }));
        // Somebody else has signed in on this phone meanwhile.
        let tom = site.desk_browser(&other).await;
        let toms = account(&tom.get("/tutor").await);
        assert_eq!(send(&tom, &here, &kept).await, sign_in);
        assert_eq!(send(&priya, &here, &[(&mark, "came")]).await, sign_in, "without a word for whom");
        // Under their own name they are told that it is not theirs; a run that is not there is answered alike.
        let refused = (StatusCode::OK, json!({ "refused": true }));
        let as_own = [("account", toms.as_str()), (&mark, "came")];
        assert_eq!(send(&tom, &here, &as_own).await, refused);
        let nowhere = format!("{}/sessions/1", path(Uuid::new_v4()));
        assert_eq!(send(&tom, &nowhere, &as_own).await, refused);
        // Nobody is signed in, or somebody who may not mark: the script keeps what it has.
        let (status, _) = send(&site.browser(), &here, &kept).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let admin = site.staff("Jo Hart", &[Role::CourseAdmin]).await;
        let (status, _) = send(&site.desk_browser(&admin).await, &here, &kept).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(marked(&site, run.id).await, []);
        // Another session that is not there, too early, too late.
        let strange = Uuid::new_v4().to_string();
        let elsewhere = [("account", whose.as_str()), ("session", &strange), (&mark, "came")];
        assert_eq!(send(&priya, &here, &elsewhere).await, refused);
        let second = format!("{}/sessions/2", path(run.id));
        assert_eq!(send(&priya, &second, &kept).await, refused);
        at(&site, "2027-03-03T00:00:00Z");
        let late = site.desk_browser(&tutor).await;
        assert_eq!(send(&late, &here, &kept).await, refused);
        assert_eq!(marked(&site, run.id).await, []);
        assert_eq!(send(&priya, &here, &kept).await.0, StatusCode::SEE_OTHER, "signed out by time");
        let drafts = world::number(&site, "SELECT COUNT(*) FROM sign_up_draft").await;
        assert_eq!(drafts, 0, "what the phone keeps is not kept here, too");
    }

    async fn without_a_connection_there_is_one_page_that_knows_nobody(site: Site) {
        let visitor = site.browser();
        let worker = visitor.get("/tutor/worker.js").await;
        assert_eq!(worker.status, StatusCode::OK);
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("cache-control", "no-cache"),
            ("service-worker-allowed", "/tutor"),
            ("content-security-policy", "default-src 'none'; connect-src 'self'"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(worker.headers[name], value, "{name}");
        }
        assert!(worker.body.starts_with("const SCOPE = \"/tutor\";\nconst PAGE = \"/tutor/offline\";\nconst PARTS = ["));
        let page = visitor.get("/tutor/offline").await;
        assert_eq!((page.status, page.title()), (StatusCode::OK, "No connection - Wellbeing Courses".to_owned()));
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("worker-src 'self'"));
        assert!(page.body.contains("No names, phone numbers or email addresses are kept on this phone"));
        assert!(page.body.contains(&site.app.config.phone().to_owned()));
        // Whatever the page is made of is kept with it.
        let links = scraper::Selector::parse("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], script").unwrap();
        let html = page.html();
        let parts: Vec<_> = html.select(&links).map(|e| e.attr("href").or(e.attr("src")).unwrap()).collect();
        assert_eq!(parts.len(), 4);
        for part in parts {
            assert!(worker.body.contains(&format!("{part:?}")), "{part}");
            assert_eq!(visitor.get(part).await.status, StatusCode::OK, "{part}");
        }
        // Signed in it is the same to the letter.
        let (_, tutor) = scene::run_with_tutor(&site).await;
        let signed_in = site.desk_browser(&tutor).await;
        assert_eq!(signed_in.get("/tutor/offline").await.body, page.body);
        assert_eq!(signed_in.get("/tutor/worker.js").await.body, worker.body);
    }
}

//! Certificates of attendance: whoever earned one gets it, nobody else does, and everybody can read it.

use lopdf::{Dictionary, Document, Object};
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{read, write_tx};

use crate::bookings::world::{self, RunSpec};
use crate::course_desk::attendance::{comes, marked};
use crate::registers::scene::{self, at, audited};
use crate::support::people::Somebody;
use crate::support::{Browser, Site};

/// The PDF at this address.
async fn pdf(browser: &Browser, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let answer = browser
        .client
        .get(format!("{}{path}", browser.base))
        .header("sec-fetch-site", "none")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    (
        answer.headers().clone(),
        answer.bytes().await.unwrap().to_vec(),
    )
}

/// The words of a page, with single spaces.
fn words(document: &Document, page: u32) -> String {
    let text = document.extract_text(&[page]).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The structure's roles, in reading order.
fn roles(document: &Document, node: &Dictionary, found: &mut Vec<String>) {
    if let Ok(role) = node.get(b"S").and_then(Object::as_name) {
        found.push(String::from_utf8(role.to_vec()).unwrap());
    }
    let Ok(kids) = node.get_deref(b"K", document) else {
        return;
    };
    let kids = match kids {
        Object::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    for kid in kids {
        let kid = match &kid {
            Object::Reference(id) => document.get_object(*id).unwrap(),
            other => other,
        };
        if let Ok(kid) = kid.as_dict()
            && kid.has(b"S")
        {
            roles(document, kid, found);
        }
    }
}

/// Somebody with an account who has a place, the number of their booking, and the place.
async fn booked(site: &Site, run: Uuid, name: &str) -> (Somebody, String, Uuid) {
    let member = site.member(name).await;
    let place = scene::booked(site, run, &[member.person_id], Some(member.account_id))
        .await
        .remove(0);
    let reference = reference(site, place).await;
    (member, reference, place)
}

/// Gives the booking of a place a number that can be read aloud.
async fn reference(site: &Site, place: Uuid) -> String {
    // The last bytes of an id are random, the first are the time.
    let random: Vec<u8> = place.as_bytes().iter().rev().copied().collect();
    let reference = wellbeing_courses::bookings::rules::reference(&random).unwrap();
    let number = reference.clone();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "UPDATE booking SET reference = $2 WHERE id = (SELECT booking_id FROM place WHERE place.id = $1)",
        )
        .bind(place)
        .bind(&number)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    reference
}

async fn admin(site: &Site) -> Somebody {
    site.staff("Sandra Okoro", &[Role::CourseAdmin]).await
}

const OVER: &str = "2027-02-17T10:00:00Z";

on_both! {
    async fn a_member_who_came_often_enough_downloads_theirs_and_nobody_elses(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = admin(&site).await;
        let (zoe, number, place) = booked(&site, run.id, "Zoë Łukasiewicz").await;
        let (ben, bens, _) = booked(&site, run.id, "Ben Bell").await;
        let (_, other) = comes(&site, run.id, "Cleo Cole").await;
        marked(&site, run.id, place, team.account_id, "cccacc").await;
        marked(&site, run.id, other, team.account_id, "cccccc").await;
        let page = format!("/account/bookings/{number}/certificate");
        assert!(zoe.browser.get(&page).await.body.contains("There is no certificate yet: the course goes on until"));
        at(&site, OVER);
        let (zoes, bens_browser) = (site.browser_of(&zoe).await, site.browser_of(&ben).await);
        let detail = zoes.get(&format!("/account/bookings/{number}")).await;
        assert!(detail.body.contains(&format!("{page}\"")), "the booking leads to it");
        assert!(zoes.get(&page).await.body.contains("Well done: 5 of 6 sessions."));

        let (headers, file) = pdf(&zoes, &format!("{page}.pdf")).await;
        assert_eq!(headers["content-type"], "application/pdf");
        assert_eq!(headers["cache-control"], "no-store");
        let name = headers["content-disposition"].to_str().unwrap();
        assert!(!name.contains("pain") && !name.contains("Zo"), "{name}");
        let document = Document::load_mem(&file).unwrap();
        assert_eq!(document.get_pages().len(), 1);
        assert_eq!(words(&document, 1), "Certificate of attendance This is to say that Zoë Łukasiewicz came to 5 of 6 sessions of \
            Living well with long-term pain from 12 January 2027 to 16 February 2027, led by Priya Nair \
            Thank you for taking part. Wellbeing Courses, Bath and North East Somerset, 17 February 2027");
        let text = String::from_utf8_lossy(&file);
        for stranger in ["Ben Bell", "Cleo", &zoe.email, &number] {
            assert!(!words(&document, 1).contains(stranger) && !text.contains(stranger), "{stranger}");
        }

        // Not theirs is as not there; too few is said kindly.
        let nothing = bens_browser.get("/account/bookings/WB-222-222/certificate").await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        for path in [page.clone(), format!("{page}.pdf")] {
            let answer = bens_browser.get(&path).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nothing.body));
        }
        let own = format!("/account/bookings/{bens}/certificate");
        assert!(bens_browser.get(&own).await.body.contains("has not written down who came to every session"));
        assert_eq!(bens_browser.get(&format!("{own}.pdf")).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_pdf_is_tagged_and_says_its_language_and_title(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 1, ..RunSpec::default() }).await;
        let team = admin(&site).await;
        let (_, place) = comes(&site, run.id, "Ştefan Țurcanu").await;
        marked(&site, run.id, place, team.account_id, "c").await;
        at(&site, OVER);
        let browser = site.desk_browser(&team).await;
        let (_, file) = pdf(&browser, &format!("/desk/runs/{}/certificates.pdf", run.id)).await;
        let document = Document::load_mem(&file).unwrap();
        let catalog = document.catalog().unwrap();
        let marks = catalog.get_deref(b"MarkInfo", &document).unwrap().as_dict().unwrap();
        assert!(marks.get(b"Marked").unwrap().as_bool().unwrap());
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
        let view = catalog.get_deref(b"ViewerPreferences", &document).unwrap().as_dict().unwrap();
        assert!(view.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
        let info = document.trailer.get_deref(b"Info", &document).unwrap().as_dict().unwrap();
        assert_eq!(info.get(b"Title").unwrap().as_str().unwrap(), b"Certificate of attendance");
        assert!(String::from_utf8_lossy(&file).contains("pdfuaid"), "it says that it is PDF/UA");
        let root = catalog.get_deref(b"StructTreeRoot", &document).unwrap().as_dict().unwrap();
        let mut found = Vec::new();
        roles(&document, root, &mut found);
        assert_eq!(found, ["Document", "Sect", "H1", "P", "P", "P", "P", "P", "P", "P"]);
        assert!(words(&document, 1).contains("Ştefan Țurcanu came to Living well with long-term pain on 12 January 2027"));
    }

    async fn the_desk_prints_one_or_all_of_a_run_and_it_is_written_down_whose(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 4, ..RunSpec::default() }).await;
        let team = admin(&site).await;
        let (_, ann) = comes(&site, run.id, "Ann Gale").await;
        let (_, ben) = comes(&site, run.id, "Ben Bell").await;
        let (_, olena) = comes(&site, run.id, "Олена Шевченко").await;
        marked(&site, run.id, ann, team.account_id, "cccn").await;
        marked(&site, run.id, ben, team.account_id, "ccnn").await;
        marked(&site, run.id, olena, team.account_id, "cccc").await;
        let path = format!("/desk/runs/{}/certificates", run.id);
        let before = team.browser.get(&path).await;
        assert!(before.body.contains("The run is not over") && !before.body.contains("certificates.pdf"));
        assert_eq!(team.browser.get(&format!("{path}.pdf")).await.status, StatusCode::NOT_FOUND);
        at(&site, OVER);
        let browser = site.desk_browser(&team).await;
        let shown = browser.get(&path).await;
        assert!(shown.body.contains("Print all 2 certificates (PDF)"), "{}", shown.body);
        assert!(shown.body.contains("Came to 2 of 4, which is too few"));
        assert!(shown.body.contains("We cannot print all letters of this name."));
        assert_eq!(audited(&site, run.id, "certificate-printed").await, 0);

        let (_, all) = pdf(&browser, &format!("{path}.pdf")).await;
        let document = Document::load_mem(&all).unwrap();
        assert_eq!(document.get_pages().len(), 2);
        assert!(words(&document, 1).contains("Ann Gale came to 3 of 4 sessions"));
        assert!(words(&document, 2).contains("This is to say that Name: came to all 4 sessions"), "{}", words(&document, 2));
        assert!(!words(&document, 1).contains("Ben") && !words(&document, 2).contains("Ben"));
        assert_eq!(audited(&site, run.id, "certificate-printed").await, 2);
        let (_, one) = pdf(&browser, &format!("{path}.pdf?place={ann}")).await;
        let document = Document::load_mem(&one).unwrap();
        assert_eq!(document.get_pages().len(), 1);
        assert_eq!(audited(&site, run.id, "certificate-printed").await, 3);
        // Whoever has not earned one, or comes to another run, is not printed.
        let elsewhere = world::run(&site, RunSpec::default()).await;
        let (_, other) = comes(&site, elsewhere.id, "Zed Quill").await;
        for place in [ben, other] {
            assert_eq!(browser.get(&format!("{path}.pdf?place={place}")).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(audited(&site, run.id, "certificate-printed").await, 3);
        // Of what was called off there is none.
        world::change(&site, "UPDATE run SET status = 'cancelled' WHERE id = $1", run.id).await;
        assert_eq!(browser.get(&format!("{path}.pdf")).await.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_no_tutor_marks_is_asked_to_call_and_the_team_marks_them(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 1, ..RunSpec::default() }).await;
        let team = admin(&site).await;
        let (mary, number, place) = booked(&site, run.id, "Mary Ashdown").await;
        let (ben, bens, _) = booked(&site, run.id, "Ben Bell").await;
        world::change(&site, "UPDATE person SET keep_from_tutors = TRUE WHERE id = $1", mary.person_id).await;
        // The tutor's list is open up to 26 January.
        at(&site, "2027-01-26T10:00:00Z");
        let own = format!("/account/bookings/{number}/certificate");
        let others = format!("/account/bookings/{bens}/certificate");
        let shown = site.browser_of(&mary).await.get(&own).await;
        assert!(shown.body.contains("Please call us on") && !shown.body.contains("in a few days"), "{}", shown.body);
        let shown = site.browser_of(&ben).await.get(&others).await;
        assert!(shown.body.contains("Look here again in a few days."), "{}", shown.body);
        at(&site, "2027-01-27T10:00:00Z");
        let shown = site.browser_of(&ben).await.get(&others).await;
        assert!(shown.body.contains("Please call us on") && !shown.body.contains("in a few days"), "{}", shown.body);

        let desk = site.desk_browser(&team).await;
        let (path, place) = (format!("/desk/runs/{}", run.id), place.to_string());
        let certificates = desk.get(&format!("{path}/certificates")).await;
        assert!(certificates.body.contains("no tutor can"), "{}", certificates.body);
        let page = format!("{path}/attendance");
        let sessions: Vec<Uuid> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT id FROM session WHERE run_id = $1")
                .bind(run.id)
                .fetch_all(&mut *c)
                .await?)
        })
        .unwrap();
        let session = sessions[0].to_string();
        let fields = [("place", place.as_str()), ("session", session.as_str()), ("mark", "came")];
        assert!(desk.post_and_follow(&page, &fields).await.body.contains("The register is saved."));
        let marys = site.browser_of(&mary).await;
        assert!(marys.get(&own).await.body.contains("Well done for coming."));
        pdf(&marys, &format!("{own}.pdf")).await;
    }

    async fn whoever_joined_late_does_not_wait_for_what_was_over(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 4, ..RunSpec::default() }).await;
        let team = admin(&site).await;
        at(&site, "2027-01-20T10:00:00Z");
        let (mary, number, place) = booked(&site, run.id, "Mary Ashdown").await;
        marked(&site, run.id, place, team.account_id, "--cc").await;
        at(&site, "2027-02-03T10:00:00Z");
        let shown = site.browser_of(&mary).await.get(&format!("/account/bookings/{number}/certificate")).await;
        assert!(shown.body.contains("We have written down 2 of 4 sessions."), "{}", shown.body);
    }

    async fn of_two_who_came_together_the_account_holder_has_both_unless_one_has_an_account(site: Site) {
        let run = world::run(&site, RunSpec { sessions: 2, ..RunSpec::default() }).await;
        let team = admin(&site).await;
        let holder = site.member("Mary Ashdown").await;
        let dad = scene::person(&site, scene::PersonSpec { name: "Tom Ashdown", born: None, phone: None, email: None }).await;
        let friend = site.member("Joy Field").await;
        let places = scene::booked(&site, run.id, &[holder.person_id, dad, friend.person_id], Some(holder.account_id)).await;
        for place in &places {
            marked(&site, run.id, *place, team.account_id, "cc").await;
        }
        let number = reference(&site, places[0]).await;
        at(&site, OVER);
        let browser = site.browser_of(&holder).await;
        let page = format!("/account/bookings/{number}/certificate");
        let shown = browser.get(&page).await;
        assert_eq!(shown.words("main h2"), ["Mary Ashdown", "Tom Ashdown"]);
        let (_, file) = pdf(&browser, &format!("{page}.pdf")).await;
        let document = Document::load_mem(&file).unwrap();
        assert_eq!(document.get_pages().len(), 2);
        assert!(words(&document, 1).contains("Mary Ashdown") && words(&document, 2).contains("Tom Ashdown"));
    }
}

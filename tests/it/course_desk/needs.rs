//! What would help the people of a run is opened once, and written down; the room's words name nobody.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, Choices, book};
use wellbeing_courses::read;

use super::{admin, path};
use crate::bookings::world::{self, Made, Member, MemberSpec, RunSpec};
use crate::registers::scene::{self, audited};
use crate::support::Site;

const NOTE: &str = "A chair with arms, please.\nI am slow on stairs.";

/// Somebody with a place who wrote what would help.
async fn with_note(site: &Site, run: &Made, name: &'static str) -> Member {
    let member = world::member(
        site,
        MemberSpec {
            name,
            ..MemberSpec::default()
        },
    )
    .await;
    let mut request = member.request(run.id);
    request.choices = Choices {
        access_note: Some(NOTE.to_owned()),
        ..Choices::default()
    };
    let booked = book(&site.app, &request).await.unwrap();
    assert!(matches!(booked, BookOutcome::Booked(_)), "{booked:?}");
    member
}

async fn seen(site: &Site, person: Uuid) -> i64 {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE action = 'need-seen' AND person_id = $1",
        )
        .bind(person)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

on_both! {
    async fn the_notes_are_shown_only_when_they_are_opened_and_each_is_written_down(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = admin(&site).await;
        let page = format!("{}/needs", path(&run));
        assert!(team.browser.get(&page).await.body.contains("Nobody who comes has written what would help them."));
        let ann = with_note(&site, &run, "Ann Gale").await;
        let ben = with_note(&site, &run, "Ben Bell").await;
        let gone = with_note(&site, &run, "Cleo Cole").await;
        world::change(&site, "UPDATE booking SET status = 'cancelled', ended_at = created_at WHERE account_id = $1", gone.account).await;
        world::member(&site, MemberSpec { name: "Dora Dean", ..MemberSpec::default() }).await.book(&site, run.id).await;
        let elsewhere = world::run(&site, RunSpec::default()).await;
        let other = with_note(&site, &elsewhere, "Zed Quill").await;

        let closed = team.browser.get(&page).await;
        assert!(closed.body.contains("2 people who come have written what would help them."), "{}", closed.body);
        for words in ["chair with arms", "Ann Gale", "Ben Bell"] {
            assert!(!closed.body.contains(words), "{words}");
        }
        assert_eq!((seen(&site, ann.person).await, audited(&site, run.id, "needs-opened").await), (0, 0));

        let open = team.browser.post(&page, &[("do", "open")]).await;
        assert_eq!(open.status, StatusCode::OK);
        assert_eq!(open.headers["cache-control"], "no-store");
        assert_eq!(open.words("main .wb-card h3"), ["Ann Gale", "Ben Bell"]);
        assert!(open.body.contains("I am slow on stairs."));
        assert_eq!(audited(&site, run.id, "needs-opened").await, 1);
        for (person, times) in [(ann.person, 1), (ben.person, 1), (gone.person, 0), (other.person, 0)] {
            assert_eq!(seen(&site, person).await, times);
        }
        assert!(!team.browser.get(&page).await.body.contains("chair with arms"), "they are closed again");
        assert_eq!(team.browser.post(&page, &[("do", "")]).await.status, StatusCode::BAD_REQUEST);
        assert!(team.browser.get(&path(&run)).await.body.contains(&format!("{page}\"")), "the run leads to it");
    }

    async fn what_is_typed_for_the_room_and_the_open_notes_stay(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = admin(&site).await;
        let page = format!("{}/needs", path(&run));
        let ann = with_note(&site, &run, "Ann Gale").await;
        let closed = team.browser.get(&page).await;
        assert_eq!(closed.words("main form button")[0], "Save this", "Enter saves, and opens nothing");
        assert_eq!(closed.words("section[aria-labelledby=the-room] ~ button[value=open]"), ["Open the note"]);
        let open = team.browser.post(&page, &[("room", "one hearing loop"), ("do", "open")]).await;
        assert!(open.body.contains("I am slow on stairs."), "{}", open.body);
        assert_eq!(open.field("room").as_deref(), Some("one hearing loop"));
        assert_eq!(open.words("main form button"), ["Save this"]);
        let sent_on = open.field("open").unwrap();

        let fields = [("open", sent_on.as_str()), ("room", "A chair for Ann Gale"), ("do", "save")];
        let wrong = team.browser.post(&page, &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("I am slow on stairs."), "the notes are open still: {}", wrong.body);
        assert_eq!(wrong.field("room").as_deref(), Some("A chair for Ann Gale"));
        assert_eq!(seen(&site, ann.person).await, 2, "each time is written down");
    }

    async fn the_words_for_the_room_reach_the_tutor_and_name_nobody(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let team = admin(&site).await;
        let page = format!("{}/needs", path(&run));
        with_note(&site, &run, "Ann Gale").await;
        let long = "x".repeat(301);
        for (words, error) in [
            ("A chair for ANN GALE", "Leave out the names of people who come"),
            (long.as_str(), "Use 300 letters or fewer"),
        ] {
            let answer = team.browser.post(&page, &[("do", "save"), ("room", words)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(error), "{}", answer.body);
            assert_eq!(answer.field("room").as_deref(), Some(words));
        }
        for _ in 0..2 {
            let said = team.browser.post_and_follow(&page, &[("do", "save"), ("room", "one chair with arms")]).await;
            assert!(said.body.contains("We have saved that."), "{}", said.body);
            assert_eq!(said.field("room").as_deref(), Some("one chair with arms"));
        }
        assert_eq!(audited(&site, run.id, "room-set-up").await, 1);
        let register = tutor.browser.get(&format!("/tutor/runs/{}/sessions/1", run.id)).await;
        assert!(register.body.contains("one chair with arms"), "{}", register.body);
        assert!(!register.body.contains("slow on stairs"));
    }
}

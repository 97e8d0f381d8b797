//! Somebody objects to tutors being given their details, and the team writes it down.

use super::{admin, of_person, somebody};

on_both! {
    async fn whoever_objects_is_kept_from_tutors_and_may_change_their_mind(site: Site) {
        let admin = admin(&site).await;
        let tom = somebody(&site, "Tom Ashdown", None, None).await;
        let own = format!("/desk/people/{tom}");
        let page = format!("{own}/sharing");
        let kept = "SELECT COUNT(*) FROM person WHERE id = $1 AND keep_from_tutors";
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action = 'sharing-changed'";
        assert!(admin.browser.get(&own).await.body.contains("Their tutor sees name, phone and email"));
        let wrong = admin.browser.post(&page, &[("sharing", "perhaps")]).await;
        assert_eq!(wrong.status, 422);
        for (answer, is_kept, lines) in [("objected", 1, 1), ("objected", 1, 1), ("share", 0, 2)] {
            admin.browser.post(&page, &[("sharing", answer)]).await;
            assert_eq!(of_person(&site, kept, tom).await, is_kept, "{answer}");
            assert_eq!(of_person(&site, noted, tom).await, lines, "the same twice is one change");
        }
        admin.browser.post(&page, &[("sharing", "objected")]).await;
        assert!(admin.browser.get(&own).await.body.contains("Objected: tutors do not get their details"));
        assert_eq!(admin.browser.get("/desk/people/x/sharing").await.status, 404);
    }
}

//! Somebody objects to tutors being given their details, and the team writes it down.

use super::{admin, of_person, somebody};
use crate::bookings::world;

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

    async fn what_somebody_chose_about_statistics_stands_against_an_older_form(site: Site) {
        let admin = admin(&site).await;
        let tom = somebody(&site, "Tom Ashdown", None, None).await;
        let page = format!("/desk/people/{tom}/sharing");
        let (shown, out) = ("statistics-shown", "statistics");
        let is_out = "SELECT COUNT(*) FROM person WHERE id = $1 AND keep_from_statistics";
        let chosen = "SELECT COUNT(*) FROM consent WHERE person_id = $1 AND about = 'statistics'";
        let counted = admin.browser.get(&page).await.field(shown).unwrap();
        // He objects on his own page while the team has the form open.
        world::change(&site, "UPDATE person SET keep_from_statistics = TRUE WHERE id = $1", tom).await;
        admin.browser.post(&page, &[("sharing", "objected"), (shown, &counted)]).await;
        assert_eq!(of_person(&site, is_out, tom).await, 1);
        assert_eq!(of_person(&site, chosen, tom).await, 0, "nobody agreed to anything");
        let kept = "SELECT COUNT(*) FROM person WHERE id = $1 AND keep_from_tutors";
        assert_eq!(of_person(&site, kept, tom).await, 1, "the other answer is saved");
        // The box, ticked and not changed; then taken out, on a form that had to be sent twice.
        let objected = admin.browser.get(&page).await.field(shown).unwrap();
        assert_ne!(objected, counted);
        admin.browser.post(&page, &[("sharing", "share"), (shown, &objected), (out, "out")]).await;
        assert_eq!((of_person(&site, is_out, tom).await, of_person(&site, chosen, tom).await), (1, 0));
        let wrong = admin.browser.post(&page, &[(shown, &objected)]).await;
        assert_eq!((wrong.status.as_u16(), wrong.field(shown)), (422, Some(objected.clone())));
        admin.browser.post(&page, &[("sharing", "share"), (shown, &objected)]).await;
        assert_eq!((of_person(&site, is_out, tom).await, of_person(&site, chosen, tom).await), (0, 1));
    }
}

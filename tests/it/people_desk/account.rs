//! The address that somebody signs in with, put right with the help of the team.

use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::messages::MessageKind;

use super::{admin, errors, of_person};
use crate::bookings::world;
use crate::support::people::Sort;

with_mail! {
    async fn a_mistyped_address_counts_only_when_the_right_one_has_confirmed_it(site: Site) {
        let admin = admin(&site).await;
        let mary = site.somebody("Mary Ashdown", Sort::Unverified, "1950-01-02").await;
        let page = format!("/desk/people/{}", mary.person_id);
        assert!(admin.browser.get(&page).await.body.contains("which is not confirmed yet"));
        let path = format!("{page}/account");
        let wrong = admin.browser.post(&path, &[("email", mary.email.as_str())]).await;
        assert_eq!(errors(&wrong), ["That is the address we have already"]);
        let sent = admin.browser.post_and_follow(&path, &[("email", "mary@example.org")]).await;
        assert!(sent.body.contains("The email is on its way") && sent.body.contains(&mary.email), "not changed yet");
        let asks = world::told(&site, MessageKind::EmailChangeConfirm).await;
        assert_eq!((asks.len(), asks[0].to.email()), (1, "mary@example.org"));
        assert_eq!(world::told(&site, MessageKind::EmailChangeTold).await[0].to.email(), mary.email);
        let from = asks[0].text.find("/change-email/").unwrap();
        let link: String = asks[0].text[from..].chars().take_while(|c| !c.is_whitespace()).collect();
        site.browser_of(&mary).await.post(&link, &[]).await;
        let after = admin.browser.get(&page).await;
        assert!(after.body.contains("Signs in with mary@example.org") && !after.body.contains("not confirmed"));
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'confirmation-sent' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, mary.person_id).await, 1);
    }

    async fn the_confirmation_is_sent_again_but_not_without_end(site: Site) {
        let admin = admin(&site).await;
        let mary = site.somebody("Mary Ashdown", Sort::Unverified, "1950-01-02").await;
        let path = format!("/desk/people/{}/account", mary.person_id);
        for _ in 0..4 {
            assert_eq!(admin.browser.post(&path, &[("again", "yes")]).await.status, 303);
        }
        let many = admin.browser.post(&path, &[("again", "yes")]).await;
        assert_eq!(many.status, 422);
        assert!(errors(&many)[0].starts_with("That is many emails in a short time"));
        assert_eq!(world::told(&site, MessageKind::VerifyAddress).await.len(), 4);
        // Of whoever has confirmed theirs nothing is sent again.
        let tom = site.member("Tom Ashdown").await;
        let path = format!("/desk/people/{}/account", tom.person_id);
        assert_eq!(admin.browser.post(&path, &[("again", "yes")]).await.status, 422);
    }

    async fn the_address_of_whoever_works_here_is_not_changed_by_the_desk(site: Site) {
        let admin = admin(&site).await;
        let priya = site.staff("Priya", &[Role::Enquiries]).await;
        let path = format!("/desk/people/{}/account", priya.person_id);
        let page = admin.browser.get(&path).await;
        assert!(page.body.contains("They work here. Ask an owner") && !page.body.contains("The right email address"));
        for fields in [("email", "eve@example.org"), ("again", "yes")] {
            let refused = admin.browser.post(&path, &[fields]).await;
            assert_eq!(refused.status, 409);
            assert!(refused.body.contains("They work here. Ask an owner"));
        }
        for kind in [MessageKind::EmailChangeConfirm, MessageKind::EmailChangeTold, MessageKind::VerifyAddress] {
            assert!(world::told(&site, kind).await.is_empty());
        }
        // A volunteer opens no desk.
        let tom = site.somebody("Tom Ashdown", Sort::Volunteer, "1950-01-02").await;
        let path = format!("/desk/people/{}/account", tom.person_id);
        assert_eq!(admin.browser.post(&path, &[("email", "tom@example.org")]).await.status, 303);
    }
}

//! How often a page of the desk asks the database. It is the same however many rows there are.

use std::fmt::Write as _;

use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{demo, people_desk, read};

use crate::support::Site;
use crate::support::queries::{counted, listen};

/// The pages, and how many statements each may make: reads, then writes. The guard's read is among them, and the writing down of who
/// was seen.
const PAGES: [(&str, usize, usize); 28] = [
    ("/desk/today", 5, 0),
    ("/desk/runs", 5, 0),
    ("/desk/runs/{run}", 5, 1),
    ("/desk/runs/{run}/waiting", 5, 1),
    ("/desk/runs/open", 4, 0),
    ("/desk/published-reports", 3, 0),
    ("/desk/courses", 3, 0),
    ("/desk/topics", 3, 0),
    ("/desk/venues", 3, 0),
    ("/desk/tutors", 3, 1),
    ("/desk/organisations", 3, 0),
    ("/desk/holidays", 3, 0),
    ("/desk/notices", 3, 0),
    ("/desk/people", 1, 0),
    ("/desk/people?q=ann", 5, 2),
    ("/desk/people/likely?q=ann", 5, 2),
    ("/desk/people/{person}", 5, 1),
    ("/desk/people/volunteers", 3, 1),
    ("/desk/attendance", 3, 0),
    ("/desk/feedback", 3, 0),
    ("/desk/calls", 4, 1),
    ("/desk/undelivered", 4, 1),
    ("/desk/letters", 4, 1),
    ("/desk/staff", 5, 1),
    ("/desk/audit", 2, 1),
    ("/desk/requests", 3, 1),
    ("/desk/requests/new", 2, 0),
    ("/desk/reports", 5, 0),
];

on_both! {
    async fn a_page_of_the_desk_asks_the_database_a_few_times(site: Site) {
        listen();
        demo::fill(&site.app).await.unwrap();
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        let run = one(&site, "SELECT run_id FROM place WHERE status = 'active' ORDER BY run_id LIMIT 1").await;
        let person = one(&site, "SELECT person_id FROM place WHERE status = 'active' ORDER BY person_id LIMIT 1").await;
        // Notes are opened together, however many there are.
        let page = format!("/desk/people/{person}");
        for _ in 0..3 {
            let key = staff.browser.get(&page).await.field("form-key").unwrap();
            let note = [("form-key", key.as_str()), ("way", "phone"), ("note", "They rang.")];
            assert_eq!(staff.browser.post(&page, &note).await.status, 303);
        }
        assert_eq!(staff.browser.get(&page).await.words(".wb-note-words").len(), 3);
        // The search has read every name.
        people_desk::sweep(&site.app).await.unwrap();
        // What is sealed for somebody the first time needs a key of theirs.
        staff.browser.get("/desk/people?q=ann").await;
        let (mut table, mut over) = (String::new(), String::new());
        for (path, reads, writes) in PAGES {
            let path = path.replace("{run}", &run).replace("{person}", &person);
            let (answer, asked) = counted(&staff.browser, &path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(asked.reads() > 0, "{path}: nothing was heard");
            writeln!(table, "{path}: {} reads, {} writes", asked.reads(), asked.writes()).unwrap();
            if asked.reads() > reads || asked.writes() > writes {
                writeln!(over, "{path}:\n{}\n", asked.words()).unwrap();
            }
        }
        println!("{table}");
        assert!(over.is_empty(), "{table}\n{over}");
    }
}

/// A number of the database.
async fn one(site: &Site, sql: &'static str) -> String {
    let id: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_one(&mut *c)
        .await?))
    .unwrap();
    id.to_string()
}

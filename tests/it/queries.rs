//! How often a page of the desk asks the database. It is the same however many rows there are.

use std::fmt::Write as _;

use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{demo, people_desk, read};

use crate::support::Site;
use crate::support::queries::{counted, listen};

/// The pages, and how many statements each may make: reads, then writes. The guard's are among them: who is signed in, and
/// where people's data is shown their training and papers.
const PAGES: [(&str, usize, usize); 13] = [
    ("/desk/today", 7, 0),
    ("/desk/runs", 6, 0),
    ("/desk/runs/{run}", 9, 30),
    ("/desk/courses", 4, 0),
    ("/desk/venues", 4, 0),
    ("/desk/people", 2, 0),
    ("/desk/people?q=ann", 6, 30),
    ("/desk/people/{person}", 12, 10),
    ("/desk/attendance", 4, 0),
    ("/desk/calls", 5, 30),
    ("/desk/audit", 3, 1),
    ("/desk/reports", 5, 0),
    ("/desk/letters", 5, 30),
];

on_both! {
    async fn a_page_of_the_desk_asks_the_database_a_few_times(site: Site) {
        listen();
        demo::fill(&site.app).await.unwrap();
        let staff = site.staff("Sandra", &[Role::CourseAdmin, Role::Owner]).await;
        let run = one(&site, "SELECT run_id FROM place WHERE status = 'active' ORDER BY run_id LIMIT 1").await;
        let person = one(&site, "SELECT person_id FROM place WHERE status = 'active' ORDER BY person_id LIMIT 1").await;
        // The search has read every name.
        people_desk::sweep(&site.app).await.unwrap();
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

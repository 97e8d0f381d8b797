//! A practice site says what it is, sends nothing, and is never mixed up with a real one.

use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::server::App;
use wellbeing_courses::server::config::Settings;

use crate::bookings::world::{self, RunSpec};
use crate::support::{Site, new_database, on_server};

/// What comes of starting another process on the same database.
async fn started(site: &Site, practice: &str) -> Result<App, String> {
    let mut variables = vec![
        (
            "WELLBEING_DATA_DIR".to_owned(),
            site.dir.path().join("data").display().to_string(),
        ),
        (
            "WELLBEING_SITE_URL".to_owned(),
            "http://127.0.0.1:3000".to_owned(),
        ),
        ("WELLBEING_PRACTICE".to_owned(), practice.to_owned()),
    ];
    if let Some(url) = &site.database_url {
        variables.extend(on_server(url));
    }
    let settings = Settings::read(variables).map_err(|error| error.to_string())?;
    App::start(settings, site.clock.clock())
        .await
        .map_err(|error| error.to_string())
}

async fn databases() -> [Option<String>; 2] {
    [None, Some(new_database().await)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_practice_site_says_so_and_search_engines_are_kept_out_on_postgres() {
    for database in databases().await {
        let site = Site::start(database, &[("practice", "true")]).await;
        let run = world::run(&site, RunSpec::default()).await;
        let admin = site
            .staff(
                "Sandra",
                &[wellbeing_courses::accounts::roles::Role::CourseAdmin],
            )
            .await;
        for path in [
            "/",
            "/courses",
            &format!("/courses/{}", run.slug),
            "/about",
            "/no/such/page",
            "/desk/today",
        ] {
            let page = admin.browser.get(path).await;
            assert_eq!(page.words(".wb-practice").len(), 1, "{path}");
            assert!(page.body.contains("content=\"noindex\""), "{path}");
        }
        let robots = site.browser().get("/robots.txt").await.body;
        assert_eq!(robots, "User-agent: *\nDisallow: /\n");
        let member = world::members(&site, 1).await.remove(0);
        assert!(
            matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)),
            "people practise everything"
        );
        let refused = started(&site, "false")
            .await
            .err()
            .expect("a real site on it");
        assert!(
            refused.contains("practice site, where nothing is real"),
            "{refused}"
        );
        assert!(started(&site, "true").await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_practises_on_real_people_on_postgres() {
    for database in databases().await {
        let site = Site::start(database, &[]).await;
        assert!(
            site.browser()
                .get("/")
                .await
                .words(".wb-practice")
                .is_empty()
        );
        world::members(&site, 1).await;
        let refused = started(&site, "true").await.err().expect("practice on it");
        assert!(
            refused.contains("There are people in this database"),
            "{refused}"
        );
        assert!(started(&site, "false").await.is_ok());
    }
}

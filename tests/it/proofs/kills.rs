//! R1: the real server is killed (SIGKILL) while people book and cancel. What they were told is still so afterwards.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use tokio::task::JoinSet;
use uuid::Uuid;
use wellbeing_courses::bookings::recount;
use wellbeing_courses::server::App;
use wellbeing_courses::server::clock::Clock;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::server::random::{Secret, fill};
use wellbeing_courses::{read, write_tx};

use super::proved;
use crate::bookings::world::{self, MemberSpec, RunSpec};
use crate::support::{Site, TestClock, new_database, on_server};

/// On each database: 300 in all.
const KILLS: usize = 150;
/// How many people are booking at each moment.
const AT_ONCE: usize = 12;
/// A kill falls after at most so many answers.
const ANSWERS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R1"]
async fn what_was_acknowledged_outlives_a_kill_on_sqlite() {
    kills(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R1"]
async fn what_was_acknowledged_outlives_a_kill_on_postgres() {
    kills(Some(new_database().await)).await;
}

/// What somebody was told.
#[derive(Debug)]
struct Told {
    reference: String,
    cancelled: bool,
}

async fn kills(database_url: Option<String>) {
    let scene = Scene::new(database_url).await;
    let (mut bookings, mut cancellations) = (0, 0);
    for _ in 0..KILLS {
        let told = scene.book_until_killed().await;
        assert!(!told.is_empty(), "nobody was told anything before the kill");
        let lost = scene.lost(&told).await;
        assert_eq!(lost, [""; 0], "told, and not so after the kill");
        bookings += told.len();
        cancellations += told.iter().filter(|told| told.cancelled).count();
    }
    proved(
        "R1",
        &format!(
            "kill -9 while {AT_ONCE} people book and cancel, {}",
            scene.database
        ),
        &format!(
            "{KILLS} kills, {bookings} bookings and {cancellations} cancellations acknowledged"
        ),
        "0 lost, every count right",
        "0 lost, in 300 kills on both together",
    );
}

/// The data that every server of this proof is started on.
struct Scene {
    site: String,
    settings: Vec<(String, String)>,
    course: String,
    run: Uuid,
    /// The tokens of people who are signed in and have not booked yet.
    people: Mutex<Vec<String>>,
    database: &'static str,
    _dir: tempfile::TempDir,
}

impl Scene {
    async fn new(database_url: Option<String>) -> Self {
        let clock = TestClock::default();
        let now = Clock::system().now();
        clock.set(now);
        let site = Site::start_at(database_url.clone(), &[], clock).await;
        let run = world::run(
            &site,
            RunSpec {
                capacity: 100_000,
                ..RunSpec::default()
            },
        )
        .await;
        let mut people = Vec::new();
        for _ in 0..KILLS * (ANSWERS + AT_ONCE) {
            let member = world::member(&site, MemberSpec::default()).await;
            let (id, secret) = (Uuid::new_v4(), Secret::new().unwrap());
            write_tx!(site.app.db, |c| {
                sqlx::query(
                    "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at) \
                     VALUES ($1, $2, $3, 'A proof', TRUE, $4, $4, $5)",
                )
                .bind(id)
                .bind(member.account)
                .bind(secret.hash().to_vec())
                .bind(now)
                .bind(now + TimeDelta::days(30))
                .execute(&mut *c)
                .await?;
                Ok(())
            })
            .unwrap();
            people.push(secret.text().to_owned());
        }
        let database = site.app.db.name();
        let dir = site.stop().await;
        // A port that was free a moment ago.
        let address = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let data = dir.path().join("data").display().to_string();
        let mut settings = vec![
            ("WELLBEING_DATA_DIR".to_owned(), data),
            ("WELLBEING_LISTEN".to_owned(), address.to_string()),
            ("WELLBEING_SITE_URL".to_owned(), format!("http://{address}")),
        ];
        settings.extend(database_url.as_deref().into_iter().flat_map(on_server));
        Self {
            site: format!("http://{address}"),
            settings,
            course: run.slug,
            run: run.id,
            people: Mutex::new(people),
            database,
            _dir: dir,
        }
    }

    /// Starts a server, lets people book, kills it after some of the answers, and gives what people were told.
    async fn book_until_killed(&self) -> Vec<Told> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let server = Server::start(&self.settings);
        while !client
            .get(format!("{}/readyz", self.site))
            .send()
            .await
            .is_ok_and(|answer| answer.status() == StatusCode::OK)
        {
            tokio::task::yield_now().await;
        }
        let mut random = [0];
        fill(&mut random).unwrap();
        let killer = Arc::new(Killer {
            server: Mutex::new(server),
            answers_left: AtomicUsize::new(1 + usize::from(random[0]) % ANSWERS),
        });
        let mut tasks = JoinSet::new();
        for turn in 0..AT_ONCE {
            let people: Vec<String> = {
                let mut people = self.people.lock().unwrap();
                let rest = people.len() - (ANSWERS / AT_ONCE + 1).min(people.len());
                people.split_off(rest)
            };
            let visitor = Visitor {
                client: client.clone(),
                site: self.site.clone(),
                page: format!("/courses/{}/{}/book", self.course, self.run),
                killer: killer.clone(),
            };
            tasks.spawn(async move { visitor.book(people, turn).await });
        }
        let mut told = Vec::new();
        while let Some(own) = tasks.join_next().await {
            told.extend(own.unwrap());
        }
        killer.server.lock().unwrap().kill();
        told
    }

    /// Looks into the database: whose booking or cancellation is not there, and which run is miscounted.
    async fn lost(&self, told: &[Told]) -> Vec<String> {
        let settings = Settings::read(self.settings.clone()).unwrap();
        let app = App::start(settings, Clock::system()).await.unwrap();
        let mut lost = Vec::new();
        for told in told {
            let (status, places, messages): (Option<String>, i64, i64) = read!(app.db, |c| {
                Ok(sqlx::query_as(
                    "SELECT (SELECT status FROM booking WHERE reference = $1), \
                            (SELECT COUNT(*) FROM place JOIN booking ON booking.id = place.booking_id \
                             WHERE reference = $1 AND place.status = 'active'), \
                            (SELECT COUNT(*) FROM outbox JOIN place ON place.person_id = outbox.person_id \
                             JOIN booking ON booking.id = place.booking_id WHERE reference = $1)",
                )
                .bind(&told.reference)
                .fetch_one(&mut *c)
                .await?)
            })
            .unwrap();
            // A cancellation that nobody was told of may have been committed in the moment of the kill.
            let so = match (told.cancelled, status.as_deref()) {
                (_, Some("cancelled")) => places == 0 && messages == 2,
                (false, Some("booked")) => places == 1 && messages == 1,
                _ => false,
            };
            if !so {
                lost.push(format!(
                    "{told:?}: {status:?}, {places} places, {messages} messages"
                ));
            }
        }
        lost.extend(
            recount(&app.db)
                .await
                .unwrap()
                .iter()
                .map(ToString::to_string),
        );
        app.db.close().await;
        lost
    }
}

/// Kills the server when enough people have been answered.
struct Killer {
    server: Mutex<Server>,
    answers_left: AtomicUsize,
}

impl Killer {
    fn answered(&self) {
        if self.answers_left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.server.lock().unwrap().kill();
        }
    }
}

struct Server(Child);

impl Server {
    fn start(settings: &[(String, String)]) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_wellbeing-courses"));
        let child = Command::new(program)
            .arg("serve")
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL, which nothing can catch.
    fn kill(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

struct Visitor {
    client: reqwest::Client,
    site: String,
    page: String,
    killer: Arc<Killer>,
}

impl Visitor {
    /// Each of `people` books, and every third cancels again, until the server is gone.
    async fn book(&self, people: Vec<String>, turn: usize) -> Vec<Told> {
        let mut all = Vec::new();
        for (n, token) in people.iter().enumerate() {
            let form = [("form-key", token.as_str()), ("remind", "email")];
            let Some(to) = self.send(&self.page, token, &form).await else {
                break;
            };
            let reference = to.split('/').nth(3).unwrap().to_owned();
            all.push(Told {
                reference: reference.clone(),
                cancelled: false,
            });
            self.killer.answered();
            if (n + turn).is_multiple_of(3) {
                let page = format!("/account/bookings/{reference}/cancel");
                if self.send(&page, token, &[]).await.is_none() {
                    break;
                }
                all.last_mut().unwrap().cancelled = true;
                self.killer.answered();
            }
        }
        all
    }

    /// Sends a form; gives where the answer leads, or nothing when the server is gone.
    async fn send(&self, page: &str, token: &str, form: &[(&str, &str)]) -> Option<String> {
        let answer = self
            .client
            .post(format!("{}{page}", self.site))
            .header("sec-fetch-site", "same-origin")
            .header("origin", &self.site)
            .header("cookie", format!("sid={token}"))
            .form(form)
            .send()
            .await
            .ok()?;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{page}");
        Some(answer.headers()["location"].to_str().unwrap().to_owned())
    }
}

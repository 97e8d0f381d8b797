//! Two roles on PostgreSQL: one owns the tables, the other serves, and can neither change the schema nor the audit.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::server::App;
use wellbeing_courses::server::config::Settings;

use crate::bookings::world::{self, RunSpec};
use crate::support::{Site, TestClock, on_server, postgres};

/// An empty database of an owner, an empty one for the keys, and the addresses of both roles.
struct Roles {
    admin: PgConnection,
    /// As the server's superuser, in that database.
    inside: PgConnection,
    owner: String,
    serves: String,
    owner_url: String,
    serves_url: String,
}

impl Roles {
    async fn made() -> Self {
        let server = postgres();
        let id = Uuid::new_v4().simple().to_string();
        let (owner, serves) = (format!("owner_{id}"), format!("app_{id}"));
        let mut admin = PgConnection::connect(&server).await.unwrap();
        for sql in [
            format!("CREATE ROLE {owner} LOGIN PASSWORD 'owns'"),
            format!("CREATE ROLE {serves} LOGIN PASSWORD 'serves'"),
            format!("CREATE DATABASE site_{id} OWNER {owner}"),
            format!("CREATE DATABASE keys_{id} OWNER {serves}"),
        ] {
            admin.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        let (_, host) = server.rsplit_once('@').unwrap();
        let host = host.rsplit_once('/').unwrap().0;
        let base = server.rsplit_once('/').unwrap().0;
        let inside = PgConnection::connect(&format!("{base}/site_{id}"))
            .await
            .unwrap();
        Self {
            admin,
            inside,
            owner_url: format!("postgres://{owner}:owns@{host}/site_{id}"),
            serves_url: format!("postgres://{serves}:serves@{host}/site_{id}"),
            owner,
            serves,
        }
    }

    fn settings(&self, data: &str) -> Settings {
        let mut variables = on_server(&self.serves_url).to_vec();
        variables.push(("WELLBEING_DATA_DIR".to_owned(), data.to_owned()));
        variables.push(("WELLBEING_MIGRATE_URL".to_owned(), self.owner_url.clone()));
        Settings::read(variables).unwrap()
    }

    async fn migrate(&self) -> wellbeing_courses::server::Result<()> {
        let dir = tempfile::TempDir::new().unwrap();
        App::migrate(&self.settings(&dir.path().display().to_string())).await
    }
}

/// What nobody who serves may do, each with what PostgreSQL says.
const NEVER: [&str; 16] = [
    "UPDATE audit_entry SET page = 'another'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_seal SET number = number",
    "DELETE FROM audit_seal",
    "TRUNCATE audit_seal",
    "UPDATE published_report SET version = version",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_stays ON audit_entry",
    "CREATE OR REPLACE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (id BIGINT)",
    "CREATE TEMPORARY TABLE audit_entry (id BIGINT)",
    "ALTER TABLE person ADD COLUMN more TEXT",
    "DROP TABLE person",
    "DELETE FROM _sqlx_migrations",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_serves_books_and_cannot_touch_audit_or_schema_on_postgres() {
    let mut roles = Roles::made().await;
    let dir = tempfile::TempDir::new().unwrap();
    let early = App::start(
        roles.settings(&dir.path().display().to_string()),
        TestClock::default().clock(),
    )
    .await;
    let early = early.err().expect("there is no schema yet").to_string();
    assert!(
        early.contains("run `wellbeing-courses migrate` first"),
        "{early}"
    );
    // Done twice: each migration grants anew.
    roles.migrate().await.unwrap();
    roles.migrate().await.unwrap();

    let site = Site::start(Some(roles.serves_url.clone()), &[]).await;
    let run = world::run(&site, RunSpec::default()).await;
    let member = world::members(&site, 1).await.remove(0);
    assert!(matches!(
        member.book(&site, run.id).await,
        BookOutcome::Booked(_)
    ));
    let owner = site
        .staff(
            "Olive Owner",
            &[wellbeing_courses::accounts::roles::Role::Owner],
        )
        .await;
    assert!(
        owner
            .browser
            .get("/desk/audit")
            .await
            .body
            .contains("Olive Owner")
    );
    wellbeing_courses::staff::audit::seal_all(&site.app)
        .await
        .unwrap();

    let mut serves = PgConnection::connect(&roles.serves_url).await.unwrap();
    let count = "SELECT COUNT(*) FROM audit_entry";
    let before: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut serves)
        .await
        .unwrap();
    assert!(before > 0);
    for sql in NEVER {
        let refused = serves.execute(sql).await.expect_err(sql);
        let code = refused
            .as_database_error()
            .and_then(|e| e.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{sql}: {refused}");
    }
    let after: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut serves)
        .await
        .unwrap();
    assert_eq!(before, after);

    // With the right it could, but for the trigger; and whoever owns the table can switch that off. The test can tell.
    let give = format!("GRANT DELETE ON audit_seal TO {}", roles.serves);
    roles.inside.execute(AssertSqlSafe(give)).await.unwrap();
    let trigger = serves
        .execute("DELETE FROM audit_seal")
        .await
        .expect_err("the trigger");
    assert!(trigger.to_string().contains("only added to"), "{trigger}");
    let mut owns = PgConnection::connect(&roles.owner_url).await.unwrap();
    owns.execute("ALTER TABLE audit_seal DISABLE TRIGGER ALL")
        .await
        .unwrap();
    let gone = serves.execute("DELETE FROM audit_seal").await.unwrap();
    assert!(
        gone.rows_affected() > 0,
        "with right and without trigger it is gone"
    );
    // The next migration takes the right away again.
    roles.migrate().await.unwrap();
    assert!(serves.execute("DELETE FROM audit_seal").await.is_err());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_could_do_more_is_given_nothing_on_postgres() {
    for (more, words) in [
        ("ALTER ROLE {serves} SUPERUSER", "is a superuser"),
        (
            "GRANT {owner} TO {serves}",
            "is in the role that does. Nothing was granted: see “PostgreSQL with two roles” in the README",
        ),
        (
            "DROP OWNED BY {serves}; ALTER ROLE {serves} RENAME TO {serves}_x",
            "which PostgreSQL does not have",
        ),
    ] {
        let mut roles = Roles::made().await;
        let sql = more
            .replace("{serves}", &roles.serves)
            .replace("{owner}", &roles.owner);
        roles.admin.execute(AssertSqlSafe(sql)).await.unwrap();
        let refused = roles.migrate().await.expect_err(words).to_string();
        assert!(refused.contains(words), "{refused}");
        let given: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM information_schema.role_table_grants WHERE table_name = 'person' AND grantee LIKE 'app_%')",
        )
        .fetch_one(&mut roles.inside)
        .await
        .unwrap();
        assert!(!given, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_of_one_role_goes_over_to_two_as_the_readme_says_on_postgres() {
    let mut roles = Roles::made().await;
    let site = roles.owner.replace("owner_", "site_");
    let keys = roles.owner.replace("owner_", "keys_");
    let alone = format!("ALTER DATABASE {site} OWNER TO {}", roles.serves);
    roles.admin.execute(AssertSqlSafe(alone)).await.unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let mut variables = on_server(&roles.serves_url).to_vec();
    let data = dir.path().display().to_string();
    variables.push(("WELLBEING_DATA_DIR".to_owned(), data));
    App::migrate(&Settings::read(variables).unwrap())
        .await
        .unwrap();
    assert!(roles.migrate().await.is_err(), "the tables are not theirs");

    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert!(readme.contains("\n## PostgreSQL with two roles\n"));
    for sql in [
        "REASSIGN OWNED BY wellbeing_app TO wellbeing_owner;",
        "ALTER DATABASE wellbeing OWNER TO wellbeing_owner;",
        "ALTER DATABASE wellbeing_keys OWNER TO wellbeing_app;",
    ] {
        assert!(readme.contains(sql), "{sql}");
        let here = sql
            .replace("wellbeing_keys", &keys)
            .replace("wellbeing_app", &roles.serves)
            .replace("wellbeing_owner", &roles.owner)
            .replace("wellbeing ", &format!("{site} "));
        roles.inside.execute(AssertSqlSafe(here)).await.unwrap();
    }
    roles.migrate().await.unwrap();
    let mut serves = PgConnection::connect(&roles.serves_url).await.unwrap();
    assert!(serves.execute("DELETE FROM audit_entry").await.is_err());
    let owner: String = sqlx::query_scalar(
        "SELECT rolname::text FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = $1",
    )
    .bind(&keys)
    .fetch_one(&mut roles.admin)
    .await
    .unwrap();
    assert_eq!(owner, roles.serves);
}

#[test]
fn the_owner_is_another_role_in_the_same_database() {
    let read = |data: &str, owner: &str| {
        let pairs = [
            ("DATABASE_URL", data),
            ("WELLBEING_MIGRATE_URL", owner),
            ("WELLBEING_KEYS_URL", "postgres://app@h/keys"),
        ];
        let all = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Settings::read(all)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("postgres://app@h/wb", "postgres://owner@h/wb"), Ok(()));
    for (data, owner, words) in [
        (
            "postgres://app@h/wb",
            "postgres://app@h/wb",
            "must name another role",
        ),
        (
            "postgres://app@h/wb",
            "postgres://owner@h/other",
            "the database of DATABASE_URL",
        ),
        (
            "postgres://app@h/wb",
            "mysql://owner@h/wb",
            "must be postgres://",
        ),
        ("", "postgres://owner@h/wb", "beside a DATABASE_URL"),
    ] {
        let refused = read(data, owner).unwrap_err();
        assert!(refused.contains(words), "{words}: {refused}");
    }
}

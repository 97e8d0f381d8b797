//! The vault: what is sealed stays sealed, in every file and every table.

use std::path::Path;

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::catalogue::rules::run_code;
use wellbeing_courses::read;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::server::db::{Db, Schema};
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::server::{App, jobs};

use crate::bookings::world::{self, Made, RunSpec};
use crate::support::{Site, keys_url, new_database, on_server};

const CANARY: &str = "needs a chair by the door, canary 71c0ffee";

/// An answer as it is kept; no page and no word in the code's own rows has it.
const ETHNICITY: &str = "mixed-black-caribbean";
const DRAFT_NAME: &str = "Wilhelmina Draftcanary";
const KEPT_NAME: &str = "Wilhelmina Keptcanary";

/// The page on which a run is booked.
pub fn book_path(run: &Made) -> String {
    format!("/courses/{}/{}/book", run.slug, run_code(run.id))
}

/// Every file under `dir` that holds `words`.
fn files_with(dir: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, words));
            continue;
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            // A database that has just been closed takes its helpers (-wal, -shm) away.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        if bytes.windows(words.len()).any(|w| w == words.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

on_both! {
    async fn what_was_sealed_opens_for_its_person_and_place_only(site: Site) {
        let vault = &site.app.vault;
        let now = site.app.clock.now();
        let (person, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = vault.seal(now, person, RecordClass::Health, row, CANARY.as_bytes()).await.unwrap();
        let opened = vault.open(person, RecordClass::Health, row, &sealed).await.unwrap();
        assert_eq!(opened.as_slice(), CANARY.as_bytes());
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err(), "moved to another row");
        assert!(vault.open(row, RecordClass::Health, row, &sealed).await.is_err(), "another person's");
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open(person, RecordClass::Health, row, &changed).await.is_err(), "changed");
    }

    async fn a_destroyed_key_opens_nothing_and_the_next_one_is_another(site: Site) {
        let vault = &site.app.vault;
        let now = site.app.clock.now();
        let person = Uuid::from_u128(1);
        let sealed = vault.seal(now, person, RecordClass::Health, person, b"words").await.unwrap();
        vault.destroy(person, RecordClass::Health).await.unwrap();
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err());
        vault.seal(now, person, RecordClass::Health, person, b"new words").await.unwrap();
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err());
    }

    async fn what_people_confide_is_in_no_file_and_no_table(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        // An access note, with a booking.
        let check = mary.browser.get(&book_path(&run)).await;
        let key = check.field("form-key").unwrap();
        let form = [("form-key", key.as_str()), ("remind", "email"), ("access-note", CANARY)];
        let booked = mary.browser.post_and_follow(&book_path(&run), &form).await;
        assert_eq!(booked.words("h1"), ["Your place is booked"]);
        // Ethnicity.
        let answered = mary.browser.post("/account/about-you", &[("ethnic-group", ETHNICITY)]).await;
        assert_eq!(answered.status, 303, "{}", answered.body);
        // A sign-up that is not finished.
        let visitor = site.browser();
        visitor.post("/sign-up", &[]).await;
        visitor.post("/sign-up/name", &[("full-name", DRAFT_NAME)]).await;
        let shown = visitor.get("/sign-up/name").await;
        assert_eq!(shown.field("full-name").as_deref(), Some(DRAFT_NAME));
        // A form that was sent after time had signed somebody out.
        site.clock.forward(TimeDelta::hours(2));
        let kept = mary.browser.post("/account/details/name", &[("full-name", KEPT_NAME)]).await;
        assert!(kept.location().contains("carry-on"), "{}", kept.location());
        for (table, rows) in [("vault_entry", 2), ("sign_up_draft", 2)] {
            assert_eq!(world::number(&site, format!("SELECT COUNT(*) FROM {table}").leak()).await, rows, "{table}");
        }

        let url = site.database_url.clone();
        for secret in [CANARY, ETHNICITY, DRAFT_NAME, KEPT_NAME] {
            assert_eq!(columns_with(&site.app.db, secret).await, Vec::<String>::new(), "{secret}");
            if let Some(url) = &url {
                let keys = Db::open_postgres(&keys_url(url), 1).await.unwrap();
                assert_eq!(columns_with(&keys, secret).await, Vec::<String>::new(), "{secret}");
                keys.close().await;
            }
        }
        // The searches can find: a name is not sealed.
        assert_eq!(columns_with(&site.app.db, "Mary Ashdown").await, ["person.full_name"]);
        let dir = site.stop().await;
        for secret in [CANARY, ETHNICITY, DRAFT_NAME, KEPT_NAME] {
            assert_eq!(files_with(dir.path(), secret), Vec::<String>::new(), "{secret}");
        }
        let with_name = files_with(dir.path(), "Mary Ashdown");
        assert_eq!(with_name.is_empty(), url.is_some(), "the SQLite file: {with_name:?}");
        std::fs::write(dir.path().join("control"), CANARY).unwrap();
        assert_eq!(files_with(dir.path(), CANARY).len(), 1);
    }

    async fn keys_of_another_site_are_refused_in_plain_words(site: Site) {
        // The right keys, once more.
        start(&site, &[]).await.unwrap();
        let words = "The keys do not belong to this database";
        // Another master key; another key store, new or of another site.
        let other_master = ("WELLBEING_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        let refused = start(&site, &[other_master]).await.unwrap_err().to_string();
        assert!(refused.starts_with(words), "{refused}");
        let new = format!("sqlite:{}", site.dir.path().join("new/keys.db").display());
        let refused = start(&site, &[("WELLBEING_KEYS_URL", &new)]).await.unwrap_err().to_string();
        assert!(refused.starts_with(words), "{refused}");
        // The right keys with a new, empty database.
        let mary = site.member("Mary").await;
        site.app.vault.seal(site.app.clock.now(), mary.person_id, RecordClass::Health, Uuid::nil(), b"x").await.unwrap();
        let refused = if let Some(url) = &site.database_url {
                let (other, keys) = (new_database().await, keys_url(url));
                start(&site, &[("DATABASE_URL", &other), ("WELLBEING_KEYS_URL", &keys)]).await
            } else {
                let other = site.dir.path().join("other").display().to_string();
                let keys = format!("sqlite:{}", site.app.config.keys_dir().join("keys.db").display());
                let key = std::fs::read_to_string(site.app.config.keys_dir().join("master.key")).unwrap();
                start(&site, &[("WELLBEING_DATA_DIR", &other), ("WELLBEING_KEYS_URL", &keys), ("WELLBEING_MASTER_KEY", &key)]).await
        };
        let refused = refused.unwrap_err().to_string();
        assert!(refused.starts_with(words), "{refused}");
        // Nothing of that has harmed the right ones.
        start(&site, &[]).await.unwrap();
    }

    async fn keys_in_the_data_are_refused_whatever_the_address_says(site: Site) {
        let keys = if let Some(url) = &site.database_url {
            // The same server by another name.
            url.replacen("@127.0.0.1:", "@localhost:", 1)
        } else {
                let link = site.dir.path().join("link.db");
                std::os::unix::fs::symlink(site.app.config.data_dir.join("wellbeing.db"), &link).unwrap();
                format!("sqlite:{}", link.display())
        };
        let refused = start(&site, &[("WELLBEING_KEYS_URL", &keys)]).await.unwrap_err().to_string();
        assert!(refused.contains("the site's own database"), "{refused}");
    }

    async fn keys_without_a_row_are_swept_after_a_day_and_no_others(site: Site) {
        let vault = &site.app.vault;
        let mary = site.member("Mary").await.person_id;
        let visitor = site.browser();
        visitor.post("/sign-up", &[]).await;
        visitor.post("/sign-up/name", &[("full-name", DRAFT_NAME)]).await;
        let (row, nobody) = (Uuid::from_u128(7), Uuid::now_v7());
        let seal = async |subject, class| {
            let now = site.app.clock.now();
            (subject, class, vault.seal(now, subject, class, row, b"words").await.unwrap())
        };
        let kept = seal(mary, RecordClass::Health).await;
        let ours = seal(Uuid::nil(), RecordClass::Message).await;
        let orphans = [seal(nobody, RecordClass::Health).await, seal(nobody, RecordClass::Draft).await];
        // The draft and its key, which is now a day old, are still there.
        let two_days = site.app.clock.now() + TimeDelta::days(2);
        wellbeing_courses::write_tx!(site.app.db, |c| {
            sqlx::query("UPDATE sign_up_draft SET expires_at = $1").bind(two_days).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        jobs::orphans(&site.app).await.unwrap();
        for (subject, class, sealed) in &orphans {
            assert!(vault.open(*subject, *class, row, sealed).await.is_ok(), "the row may still come");
        }
        site.clock.forward(TimeDelta::hours(25));
        let young = seal(Uuid::now_v7(), RecordClass::Health).await;
        jobs::orphans(&site.app).await.unwrap();
        for (subject, class, sealed) in &orphans {
            assert!(vault.open(*subject, *class, row, sealed).await.is_err(), "nobody's key is still there");
        }
        for (subject, class, sealed) in [&kept, &ours, &young] {
            assert!(vault.open(*subject, *class, row, sealed).await.is_ok(), "{class:?}");
        }
        let shown = visitor.get("/sign-up/name").await;
        assert_eq!(shown.field("full-name").as_deref(), Some(DRAFT_NAME));
    }

    async fn a_key_that_was_made_anew_while_it_was_looked_at_stays(site: Site) {
        let vault = &site.app.vault;
        let (person, class) = (Uuid::now_v7(), RecordClass::Health);
        vault.seal(site.app.clock.now(), person, class, person, b"old").await.unwrap();
        site.clock.forward(TimeDelta::hours(25));
        let now = site.app.clock.now();
        let seen = vault.subjects(class, now, Uuid::nil(), 10).await.unwrap();
        let (_, made_at) = *seen.iter().find(|(subject, _)| *subject == person).unwrap();
        vault.destroy(person, class).await.unwrap();
        let sealed = vault.seal(now, person, class, person, b"new").await.unwrap();
        vault.destroy_made(person, class, made_at).await.unwrap();
        assert!(vault.open(person, class, person, &sealed).await.is_ok());
        vault.destroy_made(person, class, now).await.unwrap();
        assert!(vault.open(person, class, person, &sealed).await.is_err());
    }
}

/// Starts another process on the site's own data and keys, but for what `others` says.
async fn start(
    site: &Site,
    others: &[(&str, &str)],
) -> Result<(), wellbeing_courses::server::Error> {
    let data = site.app.config.data_dir.display().to_string();
    let mut variables = vec![("WELLBEING_DATA_DIR".to_owned(), data)];
    variables.extend(site.database_url.as_deref().into_iter().flat_map(on_server));
    variables.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    variables.extend(
        others
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let app = App::start(Settings::read(variables)?, site.clock.clock()).await?;
    app.db.close().await;
    Ok(())
}

/// "table.column" wherever `words` stand, as text or among bytes.
async fn columns_with(db: &Db, words: &str) -> Vec<String> {
    let hex: Vec<String> = words.bytes().map(|b| format!("{b:02x}")).collect();
    let hex = hex.concat();
    let columns: Vec<(String, String, bool)> = read!(db, |c| {
        let sql = match db {
            Db::Sqlite { .. } => {
                "SELECT m.name, c.name, TRUE FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2"
            }
            Db::Postgres(_) => {
                "SELECT table_name::text, column_name::text, data_type = 'bytea' FROM information_schema.columns \
                 WHERE table_schema = 'public' ORDER BY 1, 2"
            }
        };
        Ok(sqlx::query_as(sql).fetch_all(&mut *c).await?)
    })
    .unwrap();
    assert!(columns.len() > 3, "the tables are seen");
    let mut found = Vec::new();
    for (table, column, is_bytes) in columns {
        let place = match (db, is_bytes) {
            (Db::Sqlite { .. }, _) => format!("instr(lower(hex(\"{column}\")), $1)"),
            (Db::Postgres(_), true) => format!("position($1 in encode(\"{column}\", 'hex'))"),
            (Db::Postgres(_), false) => {
                format!("position($1 in encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex'))")
            }
        };
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{table}\" WHERE {place} > 0)");
        let is_there: bool = read!(db, |c| {
            Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(&hex)
                .fetch_one(&mut *c)
                .await?)
        })
        .unwrap();
        if is_there {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_postgres_have_the_same_keys() {
    let one = Site::on_postgres().await;
    let two = Site::start_at(one.database_url.clone(), &[], one.clock.clone()).await;
    assert_ne!(one.app.config.keys_dir(), two.app.config.keys_dir());
    let now = one.app.clock.now();
    for _ in 0..10 {
        // Both need a key that is not there yet, in the same moment.
        let (person, class) = (Uuid::now_v7(), RecordClass::Health);
        let (here, there) = tokio::join!(
            one.app.vault.seal(now, person, class, person, b"here"),
            two.app.vault.seal(now, person, class, person, b"there"),
        );
        let read_there = two
            .app
            .vault
            .open(person, class, person, &here.unwrap())
            .await;
        let read_here = one
            .app
            .vault
            .open(person, class, person, &there.unwrap())
            .await;
        assert_eq!(read_there.unwrap().as_slice(), b"here");
        assert_eq!(read_here.unwrap().as_slice(), b"there");
    }
    // What one seals into the outbox the other can send.
    let (nobody, class) = (Uuid::nil(), RecordClass::Message);
    let sealed = one
        .app
        .vault
        .seal(now, nobody, class, nobody, b"mail")
        .await
        .unwrap();
    let opened = two
        .app
        .vault
        .open(nobody, class, nobody, &sealed)
        .await
        .unwrap();
    assert_eq!(opened.as_slice(), b"mail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_schema_is_refused_until_migrate_has_run_on_postgres() {
    let url = new_database().await;
    let (_, keys) = url.rsplit_once('/').unwrap();
    let keys = keys.replacen("site_", "keys_", 1);
    let admin = Db::open_postgres(&url, 1).await.unwrap();
    for sql in [
        format!("DROP DATABASE {keys}"),
        format!("CREATE DATABASE {keys}"),
    ] {
        read!(admin, |c| {
            sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .execute(&mut *c)
                .await?;
            Ok::<_, wellbeing_courses::server::Error>(())
        })
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    admin.close().await;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let mut variables = vec![("WELLBEING_DATA_DIR".to_owned(), data)];
    variables.extend(on_server(&url));
    let settings = Settings::read(variables).unwrap();
    let clock = crate::support::TestClock::default();
    clock.set(crate::support::TestClock::start());
    let refused = App::start(settings.clone(), clock.clock())
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        refused.contains("run `wellbeing-courses migrate` first"),
        "{refused}"
    );
    let store = Db::open_postgres(&keys_url(&url), 1).await.unwrap();
    assert!(
        !store.is_up_to_date(Schema::Keys).await.unwrap(),
        "a start changed it"
    );
    store.close().await;
    App::migrate(&settings).await.unwrap();
    App::start(settings, clock.clock()).await.unwrap();
}

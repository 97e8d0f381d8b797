//! The schema: the same on both databases, and every column in the passport.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection as _, PgPool, SqlitePool};
use wellbeing_courses::privacy::passport;
use wellbeing_courses::server::db::{Db, Schema};

use crate::support::{Site, new_database};

/// A schema as both databases can tell it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    /// "table.column" with its kind of type, whether it may be empty, and whether it is in the primary key.
    columns: BTreeMap<String, (&'static str, bool, bool)>,
    /// "table.column -> table".
    foreign_keys: BTreeSet<String>,
    /// "table (columns) unique partial".
    indexes: BTreeSet<String>,
}

fn kind(name: &str) -> &'static str {
    match name {
        "BLOB" | "uuid" | "bytea" => "bytes",
        "INTEGER" | "bigint" | "boolean" => "whole number",
        "TEXT" | "text" | "timestamp with time zone" => "text",
        "REAL" | "double precision" => "number",
        other => panic!("a type that the design does not pair: {other}"),
    }
}

async fn sqlite(pool: &SqlitePool) -> Told {
    let mut told = Told::default();
    let columns: Vec<(String, String, String, bool, i64)> = sqlx::query_as(
        "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    for (table, column, type_, not_null, key) in columns {
        told.columns.insert(
            format!("{table}.{column}"),
            (kind(&type_), !not_null, key > 0),
        );
    }
    let keys: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT m.name, k.\"from\", k.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
         WHERE m.type = 'table'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    told.foreign_keys = keys
        .into_iter()
        .map(|(table, column, other)| format!("{table}.{column} -> {other}"))
        .collect();
    let indexes: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "SELECT m.name, \
            (SELECT group_concat(COALESCE(name, '?')) FROM pragma_index_info(i.name)), \
            i.\"unique\", i.partial \
         FROM sqlite_master m, pragma_index_list(m.name) i \
         WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    told.indexes = indexes.into_iter().map(index).collect();
    told
}

async fn postgres(pool: &PgPool) -> Told {
    let mut told = Told::default();
    let columns: Vec<(String, String, String, bool, bool)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), NOT a.attnotnull, \
            EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped \
           AND c.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    for (table, column, type_, nullable, key) in columns {
        told.columns
            .insert(format!("{table}.{column}"), (kind(&type_), nullable, key));
    }
    let keys: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, f.relname::text FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey) WHERE k.contype = 'f'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    told.foreign_keys = keys
        .into_iter()
        .map(|(table, column, other)| format!("{table}.{column} -> {other}"))
        .collect();
    let indexes: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "SELECT c.relname::text, \
            (SELECT string_agg(COALESCE(a.attname::text, '?'), ',' ORDER BY k.place) \
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) \
             LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0), \
            i.indisunique, i.indpred IS NOT NULL \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    told.indexes = indexes
        .into_iter()
        // SQLite makes no index for a primary key of one whole number.
        .filter(|(table, columns, ..)| {
            ![
                ("catalogue_version", "id"),
                ("practice_site", "id"),
                ("vault_proof", "id"),
                ("audit_seal", "number"),
                ("reminder_words", "id"),
            ]
            .contains(&(table.as_str(), columns.as_str()))
        })
        .map(index)
        .collect();
    told
}

fn index((table, columns, unique, partial): (String, String, bool, bool)) -> String {
    format!(
        "{table} ({columns}){}{}",
        if unique { " unique" } else { "" },
        if partial { " partial" } else { "" }
    )
}

async fn told(db: &Db) -> Told {
    match db {
        Db::Sqlite { readers, .. } => sqlite(readers).await,
        Db::Postgres(pool) => postgres(pool).await,
    }
}

/// Columns without an entry, and entries without a column.
fn differences<'a>(columns: impl Iterator<Item = &'a String>) -> Vec<String> {
    let found: BTreeSet<String> = columns.cloned().collect();
    let entered: BTreeSet<String> = passport::tables()
        .flat_map(|t| t.columns.iter().map(|c| format!("{}.{}", t.name, c.name)))
        .collect();
    found
        .symmetric_difference(&entered)
        .cloned()
        .collect::<Vec<_>>()
}

on_both! {
    async fn every_column_has_a_passport_and_every_passport_a_column(site: Site) {
        let mut columns = told(&site.app.db).await.columns;
        let dir = tempfile::tempdir().unwrap();
        let keys = Db::open_sqlite(&dir.path().join("keys.db"), 1).await.unwrap();
        keys.migrate(Schema::Keys).await.unwrap();
        columns.extend(told(&keys).await.columns);
        assert_eq!(differences(columns.keys()), Vec::<String>::new());
        // The comparison can fail: one more column is noticed, and so is one less.
        let extra = "person.shoe_size".to_owned();
        assert_eq!(differences(columns.keys().chain([&extra])), [extra.as_str()]);
        assert_eq!(differences(columns.keys().skip(1)).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_schema_on_postgres() {
    let (small, large) = (Site::on_sqlite().await, Site::on_postgres().await);
    let (small, large) = (told(&small.app.db).await, told(&large.app.db).await);
    assert_eq!(small.columns, large.columns);
    assert_eq!(small.foreign_keys, large.foreign_keys);
    assert_eq!(small.indexes, large.indexes);
}

#[test]
fn what_identifies_or_describes_somebody_is_in_their_export_and_erased() {
    for (table, column) in [
        ("person", "full_name"),
        ("person", "phone"),
        ("vault_entry", "sealed"),
    ] {
        let (_, column) = passport::of(table, column).unwrap();
        assert!(column.sort.is_exported());
        assert_ne!(column.sort.erasure(), passport::Erasure::Stays);
    }
}

#[test]
fn no_column_of_health_data_is_open_to_tutors() {
    for table in passport::tables().filter(|t| t.basis == passport::Basis::ExplicitConsent) {
        for column in table.columns {
            assert!(
                !column.readers.contains(&passport::Reader::Tutor),
                "{}.{}",
                table.name,
                column.name
            );
        }
    }
}

/// The steps to the schema of a database, in order, with their numbers.
fn steps(database: &str) -> Vec<(String, String)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut steps: Vec<_> = std::fs::read_dir(dir.join(database))
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name[..4].to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    steps.sort();
    steps
}

/// What was there before the step 0009 is there after it: `$id` makes an id of a number.
macro_rules! comes_through {
    ($c:expr, $database:literal, $id:expr) => {{
        let run = |n: u8, status: &str| {
            format!(
                "INSERT INTO run (id, course_id, status, capacity, starts_at, ends_at, created_at, updated_at) VALUES \
                 ({id}, {id}, '{status}', 10, '2027-02-01 10:00:00+00', '2027-02-01 12:00:00+00', \
                  '2027-01-0{n} 09:00:00+00', '2027-01-09 09:00:00+00')",
                id = $id.replace('?', &n.to_string()),
            )
        };
        let call = |n: u8, about: &str, run: &str| {
            format!(
                "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) VALUES \
                 ({id}, 'cause {n}', '{about}', {id}, {run}, '2027-02-01 10:00:00+00', '2027-01-09 09:00:00+00')",
                id = $id.replace('?', &n.to_string()),
            )
        };
        let mut before = true;
        for (number, sql) in steps($database) {
            if number == "0009" {
                let some_run = $id.replace('?', "1");
                for sql in [run(1, "open"), run(2, "draft"), run(3, "closed"), call(4, "reminder", &some_run)] {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *$c).await.unwrap();
                }
                before = false;
            }
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *$c).await.unwrap();
        }
        assert!(!before);
        let opened: Vec<(String, bool, bool)> = sqlx::query_as(
            "SELECT status, opened_at IS NULL, COALESCE(opened_at = created_at, FALSE) FROM run ORDER BY id",
        )
        .fetch_all(&mut *$c)
        .await
        .unwrap();
        let opened: Vec<_> = opened.iter().map(|(status, none, made)| (status.as_str(), *none, *made)).collect();
        assert_eq!(opened, [("open", false, true), ("draft", true, false), ("closed", false, true)]);
        let calls: Vec<(String, String, bool)> =
            sqlx::query_as("SELECT cause, about, run_id IS NULL FROM phone_call").fetch_all(&mut *$c).await.unwrap();
        assert_eq!(calls, [("cause 4".to_owned(), "reminder".to_owned(), false)]);
        for (sql, may) in [
            (call(5, "undelivered", "NULL"), true),
            (call(6, "new-dates", "NULL"), true),
            (call(7, "weather", "NULL"), false),
            (call(4, "change", "NULL"), false),
        ] {
            let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *$c).await;
            assert_eq!(done.is_ok(), may, "{sql}");
        }
    }};
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_and_the_call_list_come_through_the_migration_on_sqlite() {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false);
    let mut c = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    comes_through!(&mut c, "sqlite", "CAST('id-of-16-bytes-?' AS BLOB)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_and_the_call_list_come_through_the_migration_on_postgres() {
    let mut c = sqlx::PgConnection::connect(&new_database().await)
        .await
        .unwrap();
    // A schema of its own in which nothing looks for the other halves of rows.
    for sql in [
        "CREATE SCHEMA before",
        "SET search_path = before",
        "SET session_replication_role = replica",
    ] {
        sqlx::raw_sql(sql).execute(&mut c).await.unwrap();
    }
    comes_through!(&mut c, "postgres", "'00000000-0000-0000-0000-00000000000?'");
}

//! What the role that serves may do on PostgreSQL, where another role owns the tables: read and write the site's rows, add to the
//! audit, and nothing else. Triggers say the same, but a role that owns them could switch them off.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::server::{Error, Result};

/// Tables that are only added to.
const ADDED_TO: [&str; 3] = ["audit_entry", "audit_seal", "published_report"];
/// The table in which migrations are noted.
const MIGRATIONS: &str = "_sqlx_migrations";

/// Lets the role that is named in `app_url` serve from the tables of the role of `pool`, and takes from it whatever it may do
/// besides. It is done again after each migration, in one transaction, so that a process that serves notices nothing.
///
/// # Errors
/// When there is no such role, or it could still do more: then nothing is changed.
pub async fn grant(pool: &PgPool, app_url: &str) -> Result<()> {
    let options: PgConnectOptions = app_url.parse()?;
    let role = options.get_username();
    let mut tx = pool.begin().await?;
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
            .bind(role)
            .fetch_one(&mut *tx)
            .await?;
    if !there {
        return Err(Error::Setting(format!(
            "DATABASE_URL names the role {role}, which PostgreSQL does not have: CREATE ROLE {role} LOGIN PASSWORD '…'"
        )));
    }
    let (database, schema): (String, String) =
        sqlx::query_as("SELECT current_database(), current_schema()")
            .fetch_one(&mut *tx)
            .await?;
    for sql in statements(&quoted(role), &quoted(&database), &quoted(&schema)) {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    if let Some(more) = may_do_more(&mut tx, role, &schema).await? {
        return Err(Error::Setting(format!(
            "The role {role}, which serves, {more}. Nothing was granted: see “PostgreSQL with two roles” in the README"
        )));
    }
    Ok(tx.commit().await?)
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn statements(role: &str, database: &str, schema: &str) -> Vec<String> {
    let mut all = vec![
        // Whoever may make a table or a temporary one could put it in the way of ours.
        format!("REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"),
        format!("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"),
        format!("GRANT CONNECT ON DATABASE {database} TO {role}"),
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"),
        format!("REVOKE INSERT, UPDATE, DELETE ON {MIGRATIONS} FROM {role}"),
    ];
    let added_to = ADDED_TO.map(|table| format!("REVOKE UPDATE, DELETE ON {table} FROM {role}"));
    all.extend(added_to);
    all
}

/// What the role could do in spite of that, in words: by owning something, by being in another role, or by being a superuser.
async fn may_do_more(c: &mut PgConnection, role: &str, schema: &str) -> Result<Option<String>> {
    let (all, owns, makes): (bool, bool, bool) = sqlx::query_as(
        "SELECT rolsuper OR rolcreaterole OR rolbypassrls, \
                EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                        WHERE nspname = $2 AND pg_has_role($1::name, relowner, 'MEMBER')), \
                has_schema_privilege($1::name, $2, 'CREATE') \
                OR has_database_privilege($1::name, current_database(), 'CREATE') \
                OR has_database_privilege($1::name, current_database(), 'TEMPORARY') \
         FROM pg_roles WHERE rolname = $1",
    )
    .bind(role)
    .bind(schema)
    .fetch_one(&mut *c)
    .await?;
    let changes: Option<String> = sqlx::query_scalar(
        "SELECT name FROM unnest($2) AS name WHERE has_table_privilege($1::name, name, 'UPDATE, DELETE, TRUNCATE, TRIGGER') \
         ORDER BY name LIMIT 1",
    )
    .bind(role)
    .bind(&ADDED_TO[..])
    .fetch_optional(&mut *c)
    .await?;
    Ok(if all {
        Some("may do everything: it is a superuser, or makes roles".to_owned())
    } else if owns {
        Some("owns tables, or is in the role that does".to_owned())
    } else if makes {
        Some("may make tables".to_owned())
    } else {
        changes.map(|table| format!("may change {table}"))
    })
}

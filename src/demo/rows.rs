//! Rows on their way into the database: the demo writes thousands, all in one transaction.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::server::Result;
use crate::server::db::Db;
use crate::write_tx;

/// What stands in one column.
#[derive(Clone, Debug)]
pub enum Value {
    /// An id, or none.
    Id(Option<Uuid>),
    /// Words, or none.
    Text(Option<String>),
    /// A number.
    Number(i64),
    /// A number with a fraction.
    Real(f64),
    /// Yes, no, or not asked.
    Yes(Option<bool>),
    /// A moment, or none.
    Time(Option<DateTime<Utc>>),
    /// Sealed bytes.
    Sealed(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => |$it:ident| $value:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($it: $from) -> Self {
                $value
            }
        }
    )*};
}
value_from! {
    Uuid => |it| Self::Id(Some(it));
    Option<Uuid> => |it| Self::Id(it);
    &str => |it| Self::Text(Some(it.to_owned()));
    String => |it| Self::Text(Some(it));
    Option<String> => |it| Self::Text(it);
    i64 => |it| Self::Number(it);
    f64 => |it| Self::Real(it);
    bool => |it| Self::Yes(Some(it));
    Option<bool> => |it| Self::Yes(it);
    DateTime<Utc> => |it| Self::Time(Some(it));
    Option<DateTime<Utc>> => |it| Self::Time(it);
    Vec<u8> => |it| Self::Sealed(it);
}

/// One statement with what it binds.
#[derive(Clone, Debug)]
pub struct Row {
    sql: &'static str,
    values: Vec<Value>,
}

/// Rows in the order in which they can be written.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<Row>);

impl Rows {
    /// One more row.
    pub fn add(&mut self, sql: &'static str, values: Vec<Value>) {
        self.0.push(Row { sql, values });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them all, or none.
    ///
    /// # Errors
    /// When one of them is refused.
    pub async fn write(&self, db: &Db) -> Result<()> {
        write_tx!(db, |c| {
            for row in &self.0 {
                let mut query = sqlx::query(row.sql);
                for value in &row.values {
                    query = match value {
                        Value::Id(it) => query.bind(*it),
                        Value::Text(it) => query.bind(it.as_deref()),
                        Value::Number(it) => query.bind(*it),
                        Value::Real(it) => query.bind(*it),
                        Value::Yes(it) => query.bind(*it),
                        Value::Time(it) => query.bind(*it),
                        Value::Sealed(it) => query.bind(it.as_slice()),
                    };
                }
                query.execute(&mut *c).await?;
            }
            Ok(())
        })
    }
}

/// `row!(rows, "INSERT …", id, name, …)`.
#[macro_export]
macro_rules! demo_row {
    ($rows:expr, $sql:literal, $($value:expr),* $(,)?) => {
        $rows.add($sql, vec![$($crate::demo::rows::Value::from($value)),*])
    };
}

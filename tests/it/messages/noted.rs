//! A message that was sent is noted as sent, however long the database is locked meanwhile.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::*;

/// Another program that has the outbox for itself.
enum Lock {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Lock {
    async fn on(still: &Still) -> Self {
        match &still.database {
            None => {
                let file = still.dir.path().join("data").join("wellbeing.db");
                let options = SqliteConnectOptions::new().filename(file);
                let mut other = SqliteConnection::connect_with(&options).await.unwrap();
                other.execute("BEGIN IMMEDIATE").await.unwrap();
                Self::Sqlite(other)
            }
            Some(url) => {
                let mut other = PgConnection::connect(url).await.unwrap();
                other.execute("BEGIN").await.unwrap();
                let lock = "LOCK TABLE outbox IN EXCLUSIVE MODE";
                other.execute(lock).await.unwrap();
                Self::Postgres(other)
            }
        }
    }

    async fn end(self) {
        match self {
            Self::Sqlite(mut other) => drop(other.execute("ROLLBACK").await.unwrap()),
            Self::Postgres(mut other) => drop(other.execute("ROLLBACK").await.unwrap()),
        }
    }
}

on_both! {
    async fn a_message_sent_while_the_database_is_locked_is_not_sent_again(site: Site) {
        let smtp = Smtp::start().await;
        smtp.set(Mood::Hesitates);
        let still = Still::like(&site, &smtp.url()).await;
        let id = queue(&still.app, "cause").await;
        let mut sends = tokio::spawn({
            let app = still.app.clone();
            async move { jobs::send_next(&app, Channel::Email).await }
        });
        while row(&still.app, id).await.1 == 0 {
            tokio::task::yield_now().await;
        }
        let lock = Lock::on(&still).await;
        smtp.set(Mood::Takes);
        // Longer than any statement waits for a lock.
        let ended = tokio::time::timeout(Duration::from_secs(6), &mut sends).await;
        assert!(ended.is_err(), "it gave up noting: {ended:?}");
        lock.end().await;
        assert!(sends.await.unwrap().unwrap());
        assert_eq!(row(&still.app, id).await, ("sent".to_owned(), 1, None, false));
        still.clock.forward(TimeDelta::minutes(3));
        assert_eq!(jobs::send_due(&still.app).await.unwrap(), 0);
        assert_eq!(smtp.taken().len(), 1);
    }
}

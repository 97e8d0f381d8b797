//! Another program has the database's writer for itself until somebody was told to try again.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::history::record::Recorder;
use crate::history::scene::{Database, Scene};

pub async fn strike(scene: &Scene, recorder: &Recorder) {
    let told = recorder.somebody_is_told_to_wait();
    match &scene.database {
        Database::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut other = SqliteConnection::connect_with(&options).await.unwrap();
            other.execute("BEGIN IMMEDIATE").await.unwrap();
            told.await;
            other.execute("ROLLBACK").await.unwrap();
            other.close().await.unwrap();
        }
        Database::Postgres(url) => {
            let mut other = PgConnection::connect(url).await.unwrap();
            other.execute("BEGIN").await.unwrap();
            other
                .execute("LOCK TABLE run IN EXCLUSIVE MODE")
                .await
                .unwrap();
            told.await;
            other.execute("ROLLBACK").await.unwrap();
            other.close().await.unwrap();
        }
    }
}

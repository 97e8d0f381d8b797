//! PostgreSQL is stopped as a crash would (`pg_ctl -m immediate`) and starts anew. `scripts/with-postgres` says how; only
//! a proof that has the server to itself may ask for it.

use std::process::Command;

pub async fn strike() {
    #[expect(clippy::disallowed_methods, reason = "the test's own setting")]
    let program =
        std::env::var("TEST_POSTGRES_RESTART").expect("run through scripts/with-postgres");
    let restart = move || Command::new(program).output();
    let done = tokio::task::spawn_blocking(restart).await.unwrap().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

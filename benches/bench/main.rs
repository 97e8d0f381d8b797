//! `make bench`: speed beside its yardsticks, one table; ends with 1 at a broken promise.
//!
//! Each row is a promise. The site's own code runs in this process, as the release does, over a real database; its
//! yardstick is the least that could do the same work: a hand-written handler, a bare loop, a bare hash. Both are
//! measured in the same run and in turns (`measure`), with the very SQL that the site ran (`statements`).

mod bookings;
mod catalogue;
mod footprint;
mod growth;
mod kept;
mod measure;
mod mine;
mod rush;
mod sign_in;
mod site;
mod statements;

use std::process::ExitCode;

use axum::Router;
use axum::routing::MethodRouter;

use measure::Row;
use site::Site;
use statements::Ear;

/// What goes wrong here is told and ends the run.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one.starts_with('P'))
        .collect();
    say(&measure::circumstances());
    match run(&asked).await {
        Ok(rows) => {
            say(&measure::table(&rows));
            let broken = rows.iter().filter(|row| !row.is_kept()).count();
            let kept = rows.len() - broken;
            say(&format!("{kept} promises kept, {broken} broken"));
            if broken == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            say(&format!("bench: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Measures what was asked for by goal (`P1 P6`), or everything.
async fn run(asked: &[String]) -> Result<Vec<Row>> {
    let wanted = |goal: &str| asked.is_empty() || asked.iter().any(|one| one == goal);
    let ear = Ear::start()?;
    let mut rows = Vec::new();
    if ["P1", "P2", "P3"].into_iter().any(wanted) {
        for site in [Site::on_sqlite().await?, Site::on_postgres().await?] {
            let access = site.fill(50).await?;
            if wanted("P1") {
                rows.push(catalogue::row(&site, &ear, 20, 200).await?);
            }
            if wanted("P2") && site.url.is_none() {
                rows.extend(kept::rows(&site, 20, 4000).await?);
            }
            if wanted("P3") {
                let member = access.first().ok_or("the demo has nobody to sign in as")?;
                rows.push(mine::row(&site, &ear, &member.email, 20, 400).await?);
            }
        }
    }
    if wanted("P5") {
        rows.push(bookings::on_sqlite(&Site::on_sqlite().await?, &ear, 12, 400).await?);
    }
    if wanted("P6") {
        rows.push(bookings::on_postgres(&Site::on_postgres().await?, &ear, 12, 25).await?);
    }
    if wanted("P7") {
        rows.extend(rush::rows(&Site::on_sqlite().await?).await?);
        rows.extend(rush::rows(&Site::on_postgres().await?).await?);
    }
    if wanted("P8") {
        rows.push(sign_in::row(&Site::on_sqlite().await?, 10, 120).await?);
    }
    if wanted("P11") {
        rows.extend(footprint::rows(7)?);
    }
    if wanted("P12") {
        for (small, big) in [
            (Site::on_sqlite().await?, Site::on_sqlite().await?),
            (Site::on_postgres().await?, Site::on_postgres().await?),
        ] {
            small.fill(50).await?;
            big.fill(50).await?;
            rows.extend(growth::rows(&small, &big, &ear, "sandra.okoro@example.org").await?);
        }
    }
    rows.sort_by_key(Row::order);
    Ok(rows)
}

/// A router with one handler and none of our layers.
#[expect(clippy::disallowed_methods, reason = "the yardstick is axum alone")]
fn route(path: &str, handler: MethodRouter) -> Router {
    Router::new().route(path, handler)
}

/// Where what the twin writes is not what the page says from `start` on.
fn differs(
    who: &str,
    page: &str,
    start: &str,
    twin: &str,
) -> Box<dyn std::error::Error + Send + Sync> {
    let page = page.find(start).map_or(page, |at| &page[at..]);
    let at = page
        .bytes()
        .zip(twin.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let around = |text: &str| {
        let from = text.floor_char_boundary(at.saturating_sub(60));
        let to = text.floor_char_boundary(at + 120);
        text.get(from..to).unwrap_or_default().to_owned()
    };
    format!(
        "{who} writes other bytes:\n  page: {}\n  twin: {}",
        around(page),
        around(twin)
    )
    .into()
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn say(words: &str) {
    println!("{}", words.trim_end());
}

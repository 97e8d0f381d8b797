//! The commands: `serve`, `migrate`, `demo`, `check`.

use std::ffi::OsString;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use crate::server::config::Settings;
use crate::server::{App, Error, Result, serve, telemetry};
use crate::{demo, rehearsal};

/// The booking site of a free wellbeing service.
#[derive(Debug, Parser)]
#[command(name = "wellbeing-courses", version, about)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site.
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Fill an empty database with believable courses and people, and say how to sign in.
    Demo,
    /// Recount the places of every run from its bookings; ends with 1 when a run's count is wrong.
    Check,
}

/// Runs the command in `arguments` with the settings in `variables`.
///
/// # Errors
/// With a sentence for the person at the terminal.
pub async fn run(
    variables: impl IntoIterator<Item = (String, String)>,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<()> {
    let line = Line::parse_from(arguments);
    telemetry::start();
    // The TLS library that mail and captcha checks share.
    drop(rustls::crypto::ring::default_provider().install_default());
    let config = Settings::read(variables)?;
    match line.command {
        Command::Serve => {
            let listen = config.listen;
            let app = App::start(config, rehearsal::clock()).await?;
            let listener = TcpListener::bind(listen)
                .await
                .map_err(|e| Error::Setting(format!("WELLBEING_LISTEN {listen}: {e}")))?;
            let site = app.config.origin();
            tracing::info!(database = app.db.name(), %listen, site, "serving");
            crate::app::run(app, listener, serve::stop_signal()?).await
        }
        Command::Migrate => App::migrate(&config).await,
        Command::Demo => {
            let app = App::start(config, rehearsal::clock()).await?;
            let access = demo::fill(&app).await?;
            say(&demo::sign_in::words(&app.config.origin(), &access));
            Ok(())
        }
        Command::Check => check(&App::start_existing(config, rehearsal::clock()).await?).await,
    }
}

/// Says every run whose counters are not what its place rows say.
async fn check(app: &App) -> Result<()> {
    let differences = crate::bookings::recount(&app.db).await?;
    for difference in &differences {
        say(&difference.to_string());
    }
    if differences.is_empty() {
        say("Every run's places are what its bookings say.");
        return Ok(());
    }
    Err(Error::Setting(format!(
        "{} runs have a wrong count",
        differences.len()
    )))
}

/// The command's answer.
#[expect(clippy::print_stdout, reason = "what was asked for at the terminal")]
fn say(words: &str) {
    println!("{words}");
}

//! The commands: `serve`, `migrate`, `demo`, `check`, `returned`, `staff add`, `staff lost-phone`.

use std::ffi::OsString;
use std::io::Read as _;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use crate::messages::returned::LONGEST;
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
    /// Recount the places of every run from its bookings, and follow the chain of the audit; ends with 1 when something is
    /// wrong.
    Check,
    /// Take a returned email from standard input, as a mail program hands it over, and note that it did not arrive.
    Returned,
    /// Staff accounts.
    #[command(subcommand)]
    Staff(Staff),
}

#[derive(Debug, Subcommand)]
enum Staff {
    /// Invite somebody to the team, and print the link. This is how the first owner comes in.
    Add {
        /// Their full name.
        #[arg(long)]
        name: String,
        /// The address they will sign in with.
        #[arg(long)]
        email: String,
        /// What they may do: owner, course-admin, tutor, communications, data-protection or commissioner. More than one: `--role owner --role tutor`.
        #[arg(long = "role", default_value = "owner")]
        roles: Vec<String>,
    },
    /// Take the second step of somebody away who has lost phone and recovery codes, where no other owner can do it on the site.
    LostPhone {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
    },
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
        Command::Staff(Staff::Add { name, email, roles }) => {
            let app = App::start_existing(config, rehearsal::clock()).await?;
            say(&crate::staff::invitations::from_terminal(&app, &name, &email, &roles).await?);
            Ok(())
        }
        Command::Staff(Staff::LostPhone { email }) => {
            let app = App::start_existing(config, rehearsal::clock()).await?;
            say(&crate::staff::lost_phone(&app, &email).await?);
            Ok(())
        }
        Command::Returned => {
            let message = returned()?;
            let app = App::start_existing(config, rehearsal::clock()).await?;
            say(crate::messages::returned::take(&app, &message).await?);
            Ok(())
        }
        Command::Check => check(&App::start_existing(config, rehearsal::clock()).await?).await,
    }
}

/// Says every run whose counters are not what its place rows say, and every fault of the audit.
async fn check(app: &App) -> Result<()> {
    let differences = crate::bookings::recount(&app.db).await?;
    for difference in &differences {
        say(&difference.to_string());
    }
    let faults = crate::staff::audit::faults(app).await?;
    for fault in &faults {
        say(&fault.to_string());
    }
    if differences.is_empty() {
        say("Every run's places are what its bookings say.");
    }
    if faults.is_empty() {
        say("The chain over the audit holds, and no entry was changed or taken out.");
    }
    if differences.is_empty() && faults.is_empty() {
        return Ok(());
    }
    Err(Error::Setting(format!(
        "{} runs have a wrong count, and the audit has {} faults",
        differences.len(),
        faults.len()
    )))
}

/// A message from standard input, as far as one is long.
fn returned() -> Result<Vec<u8>> {
    let mut message = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    std::io::stdin()
        .take(most)
        .read_to_end(&mut message)
        .map_err(|e| Error::Setting(format!("The message cannot be read: {e}")))?;
    Ok(message)
}

/// The command's answer.
#[expect(clippy::print_stdout, reason = "what was asked for at the terminal")]
fn say(words: &str) {
    println!("{words}");
}

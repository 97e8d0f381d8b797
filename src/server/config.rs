//! Settings: a TOML file and `WELLBEING_*` variables through one documented struct.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use config::{Environment, File, FileFormat};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{Error, Result, working_days};

mod checks;

/// Every setting, with its default. The README's table is made from [`SETTINGS`] and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the SQLite file, mail files and the demo's passwords are kept.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// PostgreSQL instead of SQLite.
    pub database_url: Option<SecretString>,
    /// How `migrate` connects, as the role that owns the tables. The one of `DATABASE_URL` then only serves: it may neither
    /// change the schema nor what the audit says.
    pub migrate_url: Option<SecretString>,
    /// Address and port to listen on.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// What people type to come here; links in messages start with it.
    #[serde(default = "default_site_url")]
    pub site_url: Url,
    /// `smtp://user:password@host:587`, `smtps://…`, or a directory for `.eml` files.
    pub mail: Option<SecretString>,
    /// The sender of every message.
    #[serde(default = "default_mail_from")]
    pub mail_from: String,
    /// How many emails a minute this process may send; none: as fast as the mail server takes them.
    pub mail_a_minute: Option<NonZeroU32>,
    /// The API key of GOV.UK Notify, which sends text messages. Without it none are sent, but to files on this machine's
    /// own address.
    pub notify_key: Option<SecretString>,
    /// The id of Notify's text template, which holds `((words))` and nothing else.
    pub notify_template: Option<String>,
    /// Notify's address, if not its usual one.
    pub notify_url: Option<Url>,
    /// The token with which Notify tells us which texts did not arrive, at `/messages/receipts`. Without it nobody can.
    pub notify_receipt_token: Option<SecretString>,
    /// How many texts a minute this process may send.
    #[serde(default = "default_texts_a_minute")]
    pub texts_a_minute: NonZeroU32,
    /// Which captcha: `altcha`, `turnstile`, `hcaptcha` or `recaptcha`.
    #[serde(default)]
    pub captcha: CaptchaKind,
    /// The public key that the captcha's provider gave us (not for `altcha`).
    pub captcha_site_key: Option<String>,
    /// The secret key that the captcha's provider gave us (not for `altcha`).
    pub captcha_secret: Option<SecretString>,
    /// The provider's address for checks, if not its usual one.
    pub captcha_url: Option<Url>,
    /// The vault's keys: a SQLite file (`sqlite:…`) in its own directory, or a second PostgreSQL database.
    pub keys_url: Option<SecretString>,
    /// 32 random bytes in base64 that lock the vault's keys. Made by itself only on this machine's own address.
    pub master_key: Option<SecretString>,
    /// The name in the header.
    #[serde(default = "default_site_name")]
    pub site_name: String,
    /// The area served, below the name.
    #[serde(default = "default_area")]
    pub area: String,
    /// The phone number people may always ring.
    pub phone: Option<String>,
    /// When somebody answers it.
    #[serde(default = "default_phone_hours")]
    pub phone_hours: String,
    /// The address people may always write to.
    #[serde(default = "default_email")]
    pub email: String,
    /// How to reach the data protection officer.
    #[serde(default = "default_dpo")]
    pub dpo_contact: String,
    /// Who answers for people's details in law (the data controller): name and address, for the privacy notice.
    pub controller: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[serde(default)]
    pub trusted_proxies: String,
    /// Starts of the postcodes that the service is for, separated by commas.
    #[serde(default = "default_postcodes")]
    pub postcodes: String,
    /// How many hours somebody on a waiting list has to answer an offer: over a week before the start, from a week to
    /// two days before, and after that.
    #[serde(default = "default_offer_hours")]
    pub offer_hours: String,
    /// How many days before the first session tutors see who is coming, and how many days after the last.
    #[serde(default = "default_list_days")]
    pub list_days: String,
    /// Days off besides the bank holidays in England: no offer runs out on one.
    #[serde(default)]
    pub days_off: String,
    /// Whether this is a practice site: marked on every page, and nothing is sent.
    #[serde(default)]
    pub practice: bool,
    /// How many connections the PostgreSQL pool may have, or how many SQLite readers.
    #[serde(default = "default_connections")]
    pub connections: u32,
}

/// The captcha in use.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum CaptchaKind {
    /// Proof of work, hosted by ourselves: no third party learns who comes here.
    #[default]
    Altcha,
    /// Cloudflare Turnstile.
    Turnstile,
    /// hCaptcha.
    Hcaptcha,
    /// Google reCAPTCHA.
    Recaptcha,
}

impl CaptchaKind {
    /// The company that makes the check; none when it is our own.
    pub const fn company(self) -> Option<&'static str> {
        match self {
            Self::Altcha => None,
            Self::Turnstile => Some("Cloudflare"),
            Self::Hcaptcha => Some("Intuition Machines (hCaptcha)"),
            Self::Recaptcha => Some("Google"),
        }
    }
}

/// Name of the variable, what it is for, its default: the README's table.
pub const SETTINGS: &[(&str, &str, &str)] = &[
    (
        "WELLBEING_DATA_DIR",
        "Where the SQLite file, mail files and the demo's passwords are kept",
        "`data`",
    ),
    (
        "DATABASE_URL",
        "PostgreSQL instead of SQLite: `postgres://…`",
        "SQLite in the data directory",
    ),
    (
        "WELLBEING_MIGRATE_URL",
        "How `migrate` connects to PostgreSQL, as the role that owns the tables: the role of `DATABASE_URL` then only serves",
        "as `DATABASE_URL`",
    ),
    (
        "WELLBEING_LISTEN",
        "Address and port to listen on",
        "`127.0.0.1:3000`",
    ),
    (
        "WELLBEING_SITE_URL",
        "What people type to come here; links in messages start with it",
        "`http://127.0.0.1:3000`",
    ),
    (
        "WELLBEING_MAIL",
        "`smtp://…`, `smtps://…` or a directory for `.eml` files",
        "`mail` in the data directory",
    ),
    (
        "WELLBEING_MAIL_FROM",
        "The sender of every message",
        "`Wellbeing Courses <hello@wellbeing.example.org>`",
    ),
    (
        "WELLBEING_MAIL_A_MINUTE",
        "How many emails a minute one process may send, if the mail server's owner sets a limit",
        "as fast as it takes them",
    ),
    (
        "WELLBEING_NOTIFY_KEY",
        "The API key of GOV.UK Notify, which sends text messages",
        "no texts; files in `texts` in the data directory on a loopback site URL",
    ),
    (
        "WELLBEING_NOTIFY_TEMPLATE",
        "The id of Notify's text template, which holds `((words))` and nothing else",
        "",
    ),
    (
        "WELLBEING_NOTIFY_URL",
        "Notify's address, if not its usual one",
        "",
    ),
    (
        "WELLBEING_NOTIFY_RECEIPT_TOKEN",
        "The token with which Notify says which texts did not arrive; its callback is `/messages/receipts`",
        "nobody can say so",
    ),
    (
        "WELLBEING_TEXTS_A_MINUTE",
        "How many texts a minute one process may send",
        "`3000`, as Notify allows",
    ),
    (
        "WELLBEING_CAPTCHA",
        "`altcha`, `turnstile`, `hcaptcha` or `recaptcha`",
        "`altcha`",
    ),
    (
        "WELLBEING_CAPTCHA_SITE_KEY",
        "The provider's public key (not for `altcha`)",
        "",
    ),
    (
        "WELLBEING_CAPTCHA_SECRET",
        "The provider's secret key (not for `altcha`)",
        "",
    ),
    (
        "WELLBEING_CAPTCHA_URL",
        "The provider's address for checks, if not its usual one",
        "",
    ),
    (
        "WELLBEING_KEYS_URL",
        "The vault's keys: `sqlite:…` in its own directory, or a second PostgreSQL database",
        "`keys.db` in a directory beside the data: `data-keys`",
    ),
    (
        "WELLBEING_MASTER_KEY",
        "32 random bytes in base64 that lock the vault's keys",
        "made by itself on a loopback site URL only",
    ),
    (
        "WELLBEING_SITE_NAME",
        "The name in the header",
        "`Wellbeing Courses`",
    ),
    (
        "WELLBEING_AREA",
        "The area served, below the name",
        "`Bath and North East Somerset`",
    ),
    (
        "WELLBEING_PHONE",
        "The phone number people may always ring",
        "`01632 960 100` on a loopback site URL only",
    ),
    (
        "WELLBEING_PHONE_HOURS",
        "When somebody answers it",
        "`Monday to Friday, 9am to 5pm`",
    ),
    (
        "WELLBEING_EMAIL",
        "The address people may always write to",
        "`hello@wellbeing.example.org` on a loopback site URL only",
    ),
    (
        "WELLBEING_DPO_CONTACT",
        "How to reach the data protection officer",
        "`dpo@wellbeing.example.org` on a loopback site URL only",
    ),
    (
        "WELLBEING_CONTROLLER",
        "Name and address of the data controller, for the privacy notice",
        "a made-up council on a loopback site URL only",
    ),
    (
        "WELLBEING_TRUSTED_PROXIES",
        "Proxies whose `X-Forwarded-For` is believed, separated by commas",
        "none",
    ),
    (
        "WELLBEING_POSTCODES",
        "Starts of the postcodes that the service is for, separated by commas",
        "`BA1,BA2,BA3,BS31,BS39,BS40`",
    ),
    (
        "WELLBEING_OFFER_HOURS",
        "Hours to answer an offer from a waiting list: over 7 days before the start, 2 to 7 days, and less",
        "`48,12,2`",
    ),
    (
        "WELLBEING_LIST_DAYS",
        "Days before the first session on which tutors see who is coming, and days after the last",
        "`14,14`",
    ),
    (
        "WELLBEING_DAYS_OFF",
        "Days off besides the bank holidays in England, as `2027-06-14`, separated by commas: no offer runs out on one",
        "none",
    ),
    (
        "WELLBEING_PRACTICE",
        "`true` for a practice site, for training: marked on every page, nothing is sent, its database is no other site's",
        "`false`",
    ),
    (
        "WELLBEING_CONNECTIONS",
        "Connections to PostgreSQL, or SQLite readers",
        "`8`",
    ),
];

/// Settings that are secrets may be given as `NAME_FILE`, the path of a file that holds them.
const SECRETS: &[&str] = &[
    "database_url",
    "migrate_url",
    "mail",
    "notify_key",
    "captcha_secret",
    "keys_url",
    "master_key",
];

impl Settings {
    /// Reads the settings from the file named by `WELLBEING_CONFIG` (or `wellbeing.toml`, if there) and from
    /// `variables`, which win. An empty variable counts as not given.
    ///
    /// # Errors
    /// When a setting is unknown, malformed, or contradicts another; the sentence says which.
    pub fn read(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut given = BTreeMap::new();
        let mut file = None;
        for (name, value) in variables {
            if value.trim().is_empty() {
                continue;
            }
            if name == "WELLBEING_CONFIG" {
                file = Some(value);
            } else if name == "DATABASE_URL" {
                given.insert("database_url".to_owned(), value);
            } else if let Some(name) = name.strip_prefix("WELLBEING_") {
                let name = name.to_lowercase();
                match name.strip_suffix("_file") {
                    Some(secret) if SECRETS.contains(&secret) => {
                        let words = std::fs::read_to_string(&value).map_err(|e| {
                            Error::Setting(format!(
                                "WELLBEING_{}: {value}: {e}",
                                name.to_uppercase()
                            ))
                        })?;
                        given.insert(secret.to_owned(), words.trim().to_owned());
                    }
                    _ => {
                        given.insert(name, value);
                    }
                }
            }
        }
        let source = match &file {
            Some(path) => File::new(path, FileFormat::Toml),
            None => File::new("wellbeing.toml", FileFormat::Toml).required(false),
        };
        let settings: Self = config::Config::builder()
            .add_source(source)
            // Values stay the text that was typed, except where the setting is a number: a phone number begins with 0.
            .add_source(Environment::default().source(Some(given.into_iter().collect())))
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|e| Error::Setting(format!("settings: {e}")))?;
        settings.check()?;
        Ok(settings)
    }

    /// Whether the site is only for this machine: development, tests, a demo.
    pub fn is_loopback(&self) -> bool {
        match self.site_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Whether cookies carry `Secure` and the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.site_url.scheme() == "https"
    }

    /// Whether messages go to a mail server (and not to files).
    pub fn mail_is_smtp(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| {
            let mail = mail.expose_secret();
            mail.starts_with("smtp://") || mail.starts_with("smtps://")
        })
    }

    /// The site URL without a slash at its end.
    pub fn origin(&self) -> String {
        self.site_url.as_str().trim_end_matches('/').to_owned()
    }

    /// The phone number to show. A real site has its own; see [`Self::read`].
    pub fn phone(&self) -> &str {
        self.phone.as_deref().unwrap_or("01632 960 100")
    }

    /// Who answers for people's details. A real site has its own; see [`Self::read`].
    pub fn controller(&self) -> &str {
        self.controller.as_deref().unwrap_or(
            "Example Council (made up for this demonstration), 1 Example Street, Exampletown, EX1 1AA",
        )
    }

    /// The proxies to believe.
    ///
    /// # Errors
    /// When one is not an address.
    pub fn proxies(&self) -> Result<Vec<IpAddr>> {
        self.trusted_proxies
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(|s| {
                s.parse().map_err(|_| {
                    Error::Setting(format!(
                        "WELLBEING_TRUSTED_PROXIES: “{s}” is not an address"
                    ))
                })
            })
            .collect()
    }

    /// Hours to answer an offer from a waiting list: over 7 days before the start, 2 to 7 days before, and less.
    ///
    /// # Errors
    /// When these are not three numbers from 1 to 168.
    pub fn offer_hours(&self) -> Result<[i64; 3]> {
        let hours: Vec<i64> = self
            .offer_hours
            .split(',')
            .filter_map(|word| word.trim().parse().ok())
            .filter(|hours| (1..=168).contains(hours))
            .collect();
        let words = self.offer_hours.split(',').count();
        match hours[..] {
            [far, near, soon] if words == 3 => Ok([far, near, soon]),
            _ => Err(Error::Setting(format!(
                "WELLBEING_OFFER_HOURS: “{}” is not three numbers from 1 to 168, as in 48,12,2",
                self.offer_hours
            ))),
        }
    }

    /// How many days before the first session a tutor's list opens, and how many days after the last it closes.
    ///
    /// # Errors
    /// When these are not two numbers from 0 to 60.
    pub fn list_days(&self) -> Result<[u64; 2]> {
        let words = self.list_days.split(',').map(|word| word.trim().parse());
        match words
            .collect::<std::result::Result<Vec<u64>, _>>()
            .as_deref()
        {
            Ok([before, after]) if *before <= 60 && *after <= 60 => Ok([*before, *after]),
            _ => Err(Error::Setting(format!(
                "WELLBEING_LIST_DAYS: “{}” is not two numbers from 0 to 60, as in 14,14",
                self.list_days
            ))),
        }
    }

    /// Days off besides the bank holidays in England.
    ///
    /// # Errors
    /// When one is not a day.
    pub fn days_off(&self) -> Result<BTreeSet<NaiveDate>> {
        working_days::read_days(&self.days_off).map_err(|word| {
            Error::Setting(format!(
                "WELLBEING_DAYS_OFF: “{word}” is not a day, as in 2027-06-14"
            ))
        })
    }

    /// Where keys live when nothing else is said: beside the data directory, never in it.
    pub fn keys_dir(&self) -> PathBuf {
        let mut name = self
            .data_dir
            .file_name()
            .unwrap_or_else(|| "data".as_ref())
            .to_owned();
        name.push("-keys");
        self.data_dir
            .parent()
            .unwrap_or_else(|| Path::new(""))
            .join(name)
    }
}

/// The README's table: one line a setting.
pub fn readme_table() -> String {
    let rows = SETTINGS.iter().map(|(name, what, default)| {
        let own = name.trim_start_matches("WELLBEING_").to_lowercase();
        let file = if SECRETS.contains(&own.as_str()) {
            format!(", or `WELLBEING_{}_FILE`", own.to_uppercase())
        } else {
            String::new()
        };
        format!("| `{name}`{file} | {what} | {default} |\n")
    });
    let head = "| Setting | What it is for | Default |\n| --- | --- | --- |\n".to_owned();
    std::iter::once(head).chain(rows).collect()
}

fn default_data_dir() -> PathBuf {
    "data".into()
}
fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 3000))
}
#[expect(clippy::expect_used, reason = "the text is a constant")]
fn default_site_url() -> Url {
    Url::parse("http://127.0.0.1:3000").expect("a constant URL")
}
fn default_mail_from() -> String {
    "Wellbeing Courses <hello@wellbeing.example.org>".into()
}
fn default_site_name() -> String {
    "Wellbeing Courses".into()
}
fn default_area() -> String {
    "Bath and North East Somerset".into()
}
fn default_phone_hours() -> String {
    "Monday to Friday, 9am to 5pm".into()
}
fn default_email() -> String {
    "hello@wellbeing.example.org".into()
}
fn default_dpo() -> String {
    "dpo@wellbeing.example.org".into()
}
fn default_postcodes() -> String {
    "BA1,BA2,BA3,BS31,BS39,BS40".into()
}
fn default_list_days() -> String {
    "14,14".to_owned()
}

fn default_offer_hours() -> String {
    "48,12,2".into()
}
/// What Notify takes a minute from one service.
fn default_texts_a_minute() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(2999)
}

fn default_connections() -> u32 {
    8
}

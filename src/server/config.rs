//! Settings: a TOML file and `WELLBEING_*` variables through one documented struct.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;
use url::Url;

use super::{Error, Result};

/// Every setting, with its default. The README's table is made from [`SETTINGS`] and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the SQLite file, mail files and the demo's passwords are kept.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// PostgreSQL instead of SQLite.
    pub database_url: Option<SecretString>,
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
        "WELLBEING_CONNECTIONS",
        "Connections to PostgreSQL, or SQLite readers",
        "`8`",
    ),
];

/// Settings that are secrets may be given as `NAME_FILE`, the path of a file that holds them.
const SECRETS: &[&str] = &[
    "database_url",
    "mail",
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

    fn check(&self) -> Result<()> {
        self.check_site_url()?;
        self.check_contact()?;
        self.check_captcha()?;
        self.check_databases()?;
        if self.is_https() {
            self.check_real_site()?;
        }
        if self.connections == 0 {
            return refuse("WELLBEING_CONNECTIONS must be at least 1");
        }
        self.proxies().map(drop)
    }

    fn check_site_url(&self) -> Result<()> {
        match self.site_url.scheme() {
            "https" => {}
            "http" if self.is_loopback() => {}
            "http" => {
                return refuse(
                    "WELLBEING_SITE_URL must be https, except on this machine's own address",
                );
            }
            _ => return refuse("WELLBEING_SITE_URL must start with https:// or http://"),
        }
        if self.site_url.path() != "/" || self.site_url.query().is_some() {
            return refuse(
                "WELLBEING_SITE_URL must have no path: the site lives at the root of its address",
            );
        }
        Ok(())
    }

    /// What a site for real people needs besides.
    fn check_real_site(&self) -> Result<()> {
        if !self.mail_is_smtp() {
            return refuse(
                "WELLBEING_MAIL must be smtp://… or smtps://… when the site URL is https: \
                 people would wait for messages that never come",
            );
        }
        if self.phone.is_none() {
            return refuse("WELLBEING_PHONE is needed: every page gives people a number to ring");
        }
        if self.email == default_email() {
            return refuse("WELLBEING_EMAIL is needed: every page says where people can write to");
        }
        if self.dpo_contact == default_dpo() {
            return refuse(
                "WELLBEING_DPO_CONTACT is needed: people have a right to reach the data protection officer",
            );
        }
        if self
            .controller
            .as_deref()
            .is_none_or(|c| c.trim().is_empty())
        {
            return refuse(
                "WELLBEING_CONTROLLER is needed: the privacy notice must say who answers for people's details, \
                 with name and address",
            );
        }
        if self.mail_from == default_mail_from() {
            return refuse("WELLBEING_MAIL_FROM is needed: who do messages come from?");
        }
        if self.master_key.is_none() {
            return refuse(
                "WELLBEING_MASTER_KEY is needed: it locks what people tell us about their health",
            );
        }
        if self.database_url.is_some() && self.keys_url.is_none() {
            return refuse(
                "WELLBEING_KEYS_URL is needed with PostgreSQL: every process must find the same keys",
            );
        }
        Ok(())
    }

    /// How people reach us, and we them.
    fn check_contact(&self) -> Result<()> {
        if self.phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
            return refuse("WELLBEING_PHONE is not a phone number that people could ring");
        }
        if !email_address::EmailAddress::is_valid(&self.email) {
            return refuse("WELLBEING_EMAIL is not an email address");
        }
        if self.mail_from.parse::<lettre::message::Mailbox>().is_err() {
            return refuse("WELLBEING_MAIL_FROM is not a sender: write “Name <name@example.org>”");
        }
        let mail = self.mail.as_ref().map_or("", |mail| mail.expose_secret());
        // A directory with a colon in its name is a mistyped address more often than a directory.
        if mail.contains(':') && !self.mail_is_smtp() && mail != "memory:" {
            return refuse(
                "WELLBEING_MAIL must be smtp://…, smtps://… or a directory (without a colon in its name)",
            );
        }
        Ok(())
    }

    fn check_captcha(&self) -> Result<()> {
        let keys = [
            self.captcha_secret.is_some(),
            self.captcha_site_key.is_some(),
        ];
        if self.captcha == CaptchaKind::Altcha {
            return if keys.contains(&true) || self.captcha_url.is_some() {
                refuse(
                    "WELLBEING_CAPTCHA_SITE_KEY, _SECRET and _URL belong to a provider, and WELLBEING_CAPTCHA names none: \
                     set it to turnstile, hcaptcha or recaptcha, or take them out",
                )
            } else {
                Ok(())
            };
        }
        if keys.contains(&false) {
            return refuse(
                "WELLBEING_CAPTCHA needs WELLBEING_CAPTCHA_SITE_KEY and WELLBEING_CAPTCHA_SECRET",
            );
        }
        Ok(())
    }

    /// Where the data and its keys are: two places, and never one.
    fn check_databases(&self) -> Result<()> {
        let data = match self.database_url.as_ref().map(ExposeSecret::expose_secret) {
            None => None,
            Some(url) => match postgres(url) {
                Some(options) => Some(options),
                None => {
                    return refuse("DATABASE_URL must be postgres://…; without it SQLite is used");
                }
            },
        };
        let Some(keys) = self.keys_url.as_ref().map(ExposeSecret::expose_secret) else {
            return Ok(());
        };
        let together = "WELLBEING_KEYS_URL must not be where the data is: \
                        whoever copies the data would have its keys";
        if let Some(path) = keys.strip_prefix("sqlite:") {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            let beside = path.parent().unwrap_or(Path::new(""));
            if path.file_name().is_none() {
                return refuse("WELLBEING_KEYS_URL must name a file: sqlite:/some/where/keys.db");
            }
            return if real(beside).starts_with(real(&self.data_dir)) {
                refuse(together)
            } else {
                Ok(())
            };
        }
        match (postgres(keys), data) {
            (None, _) => refuse("WELLBEING_KEYS_URL must be sqlite:… or postgres://…"),
            (Some(keys), Some(data))
                if (keys.get_host(), keys.get_port(), keys.get_database())
                    == (data.get_host(), data.get_port(), data.get_database()) =>
            {
                refuse(together)
            }
            _ => Ok(()),
        }
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

fn refuse(words: &str) -> Result<()> {
    Err(Error::Setting(words.to_owned()))
}

/// Whether people could ring it: digits, with what is usually written between them.
fn is_phone(typed: &str) -> bool {
    typed.bytes().filter(u8::is_ascii_digit).count() >= 3
        && typed
            .bytes()
            .all(|b| b.is_ascii_digit() || b" +()-".contains(&b))
}

/// How to connect, if it is a PostgreSQL address.
fn postgres(url: &str) -> Option<PgConnectOptions> {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|start| url.starts_with(start))
        .then(|| url.parse().ok())
        .flatten()
}

/// A directory without links and dots in its path, as far as it is there already.
fn real(directory: &Path) -> PathBuf {
    let whole = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let mut there = whole.as_path();
    loop {
        if let Ok(found) = there.canonicalize() {
            return match whole.strip_prefix(there) {
                Ok(rest) => found.join(rest),
                Err(_) => found,
            };
        }
        match there.parent() {
            Some(parent) => there = parent,
            None => return whole,
        }
    }
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
fn default_connections() -> u32 {
    8
}

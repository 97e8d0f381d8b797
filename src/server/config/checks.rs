//! Settings that cannot be meant: each is refused at the start, by its name, with what to do.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;

use super::{CaptchaKind, Settings, default_dpo, default_email, default_mail_from};
use crate::server::{Error, Result};

impl Settings {
    pub(super) fn check(&self) -> Result<()> {
        self.check_site_url()?;
        self.check_contact()?;
        self.check_captcha()?;
        self.check_databases()?;
        if self.is_https() {
            self.check_real_site()?;
        }
        if self.practice && (self.mail_is_smtp() || self.notify_key.is_some()) {
            return refuse(
                "WELLBEING_PRACTICE: a practice site sends nothing. Let WELLBEING_MAIL be a directory, and take WELLBEING_NOTIFY_KEY out",
            );
        }
        if self.connections == 0 {
            return refuse("WELLBEING_CONNECTIONS must be at least 1");
        }
        self.offer_hours()?;
        self.list_days()?;
        self.days_off()?;
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
        if !self.mail_is_smtp() && !self.practice {
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
        self.check_owner(data.as_ref())?;
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

    /// Who owns the tables is not who serves, and both are in the same database.
    fn check_owner(&self, data: Option<&PgConnectOptions>) -> Result<()> {
        let Some(owner) = self.migrate_url.as_ref().map(ExposeSecret::expose_secret) else {
            return Ok(());
        };
        let (Some(owner), Some(data)) = (postgres(owner), data) else {
            return refuse(
                "WELLBEING_MIGRATE_URL must be postgres://…, beside a DATABASE_URL that is",
            );
        };
        if (owner.get_host(), owner.get_port(), owner.get_database())
            != (data.get_host(), data.get_port(), data.get_database())
        {
            return refuse("WELLBEING_MIGRATE_URL must lead to the database of DATABASE_URL");
        }
        if owner.get_username() == data.get_username() {
            return refuse(
                "WELLBEING_MIGRATE_URL must name another role than DATABASE_URL: the one that owns the tables",
            );
        }
        Ok(())
    }
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

//! The settings: what was typed is what is used, and what cannot be meant is refused with a sentence.

use std::collections::BTreeSet;

use wellbeing_courses::server::config::{self, SETTINGS, Settings};

use crate::support::Site;

fn read(given: &[(&str, &str)]) -> Result<Settings, String> {
    let variables = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables).map_err(|error| error.to_string())
}

/// A real site's settings, with `others` in place of its own; an empty value takes one out.
fn real(others: &[(&str, &str)]) -> Result<Settings, String> {
    let mut given = vec![
        ("WELLBEING_SITE_URL", "https://courses.example.org"),
        ("WELLBEING_MAIL", "smtp://mail.example.org"),
        ("WELLBEING_MAIL_FROM", "Courses <courses@example.org>"),
        ("WELLBEING_PHONE", "01632 960 100"),
        ("WELLBEING_EMAIL", "courses@example.org"),
        ("WELLBEING_DPO_CONTACT", "dpo@example.org"),
        ("WELLBEING_CONTROLLER", "Our Council, 1 High Street, Bath"),
        ("WELLBEING_MASTER_KEY", "a key"),
    ];
    given.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    given.extend_from_slice(others);
    read(&given)
}

#[tokio::test]
async fn a_phone_number_is_shown_and_dialled_as_it_was_set() {
    let site = Site::with(&[("phone", "01632960100"), ("site_name", "007")]).await;
    let home = site.browser().get("/").await;
    assert!(home.body.contains("tel:01632960100"), "dialled");
    assert!(home.words("a").contains(&"01632960100".to_owned()), "shown");
    assert!(home.title().contains("007"), "{}", home.title());
}

#[test]
fn text_stays_text_and_numbers_are_numbers() {
    let settings = read(&[
        ("WELLBEING_PHONE", "01632960100"),
        ("WELLBEING_AREA", "true"),
        ("WELLBEING_SITE_NAME", "1e3"),
        ("WELLBEING_CONNECTIONS", "3"),
        ("WELLBEING_TRUSTED_PROXIES", ""),
    ])
    .unwrap();
    assert_eq!(settings.phone(), "01632960100");
    assert_eq!(
        (settings.area.as_str(), settings.site_name.as_str()),
        ("true", "1e3")
    );
    assert_eq!(settings.connections, 3);
    assert!(read(&[("WELLBEING_CONNECTIONS", "many")]).is_err());
}

#[test]
fn settings_that_fit_together_are_taken() {
    let taken: &[&[(&str, &str)]] = &[
        &[],
        &[("WELLBEING_MAIL", "smtps://name:word@mail.example.org:465")],
        &[("WELLBEING_PHONE", "+44 (0)1632 960-100")],
        &[
            ("WELLBEING_CAPTCHA", "turnstile"),
            ("WELLBEING_CAPTCHA_SITE_KEY", "0x4AAA"),
            ("WELLBEING_CAPTCHA_SECRET", "0x4AAB"),
        ],
        &[
            ("DATABASE_URL", "postgres://app@db.example.org/site"),
            (
                "WELLBEING_KEYS_URL",
                "postgresql://keys@db.example.org/keys",
            ),
        ],
        &[
            ("DATABASE_URL", "postgres://app@db.example.org/site"),
            ("WELLBEING_KEYS_URL", "sqlite:/somewhere/else/keys.db"),
        ],
        &[("WELLBEING_KEYS_URL", "sqlite:data-keys/keys.db")],
        &[("WELLBEING_TRUSTED_PROXIES", "127.0.0.1, ::1")],
    ];
    for others in taken {
        if let Err(error) = real(others) {
            panic!("{others:?}: {error}");
        }
    }
    for mail in ["memory:", "somewhere/mail", ""] {
        assert!(read(&[("WELLBEING_MAIL", mail)]).is_ok(), "{mail}");
    }
    assert!(
        read(&[]).is_ok(),
        "everything has a default on this machine's own address"
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_name() {
    let data = "postgres://app:word@db.example.org/site";
    let refused: &[(&str, &[(&str, &str)])] = &[
        (
            "WELLBEING_SITE_URL",
            &[("WELLBEING_SITE_URL", "http://courses.example.org")],
        ),
        (
            "WELLBEING_SITE_URL",
            &[("WELLBEING_SITE_URL", "ftp://courses.example.org")],
        ),
        (
            "WELLBEING_SITE_URL",
            &[("WELLBEING_SITE_URL", "https://example.org/courses")],
        ),
        (
            "WELLBEING_SITE_URL",
            &[("WELLBEING_SITE_URL", "https://example.org/?a=b")],
        ),
        ("WELLBEING_PRACTICE", &[("WELLBEING_PRACTICE", "true")]),
        ("WELLBEING_LIST_DAYS", &[("WELLBEING_LIST_DAYS", "14")]),
        ("WELLBEING_LIST_DAYS", &[("WELLBEING_LIST_DAYS", "14,61")]),
        ("WELLBEING_LIST_DAYS", &[("WELLBEING_LIST_DAYS", "-1,14")]),
        ("WELLBEING_MAIL", &[("WELLBEING_MAIL", "")]),
        ("WELLBEING_MAIL", &[("WELLBEING_MAIL", "mail")]),
        ("WELLBEING_MAIL", &[("WELLBEING_MAIL", "memory:")]),
        (
            "WELLBEING_MAIL",
            &[("WELLBEING_MAIL", "smpt://mail.example.org")],
        ),
        (
            "WELLBEING_MAIL",
            &[("WELLBEING_MAIL", "smtp:mail.example.org")],
        ),
        ("WELLBEING_MAIL_FROM", &[("WELLBEING_MAIL_FROM", "")]),
        ("WELLBEING_MAIL_FROM", &[("WELLBEING_MAIL_FROM", "Courses")]),
        ("WELLBEING_PHONE", &[("WELLBEING_PHONE", "")]),
        ("WELLBEING_PHONE", &[("WELLBEING_PHONE", "  ")]),
        ("WELLBEING_PHONE", &[("WELLBEING_PHONE", "ask us")]),
        ("WELLBEING_EMAIL", &[("WELLBEING_EMAIL", "notanemail")]),
        // What stands there until somebody sets it leads nowhere.
        (
            "WELLBEING_EMAIL",
            &[("WELLBEING_EMAIL", "hello@wellbeing.example.org")],
        ),
        (
            "WELLBEING_DPO_CONTACT",
            &[("WELLBEING_DPO_CONTACT", "dpo@wellbeing.example.org")],
        ),
        ("WELLBEING_CONTROLLER", &[("WELLBEING_CONTROLLER", "")]),
        ("WELLBEING_CONTROLLER", &[("WELLBEING_CONTROLLER", "  ")]),
        ("WELLBEING_MASTER_KEY", &[("WELLBEING_MASTER_KEY", "")]),
        ("WELLBEING_CAPTCHA", &[("WELLBEING_CAPTCHA", "turnstile")]),
        (
            "WELLBEING_CAPTCHA",
            &[
                ("WELLBEING_CAPTCHA", "turnstile"),
                ("WELLBEING_CAPTCHA_SECRET", "x"),
            ],
        ),
        ("WELLBEING_CAPTCHA", &[("WELLBEING_CAPTCHA_SECRET", "x")]),
        ("WELLBEING_CAPTCHA", &[("WELLBEING_CAPTCHA_SITE_KEY", "x")]),
        (
            "WELLBEING_CAPTCHA",
            &[("WELLBEING_CAPTCHA_URL", "https://check.example.org")],
        ),
        ("captcha", &[("WELLBEING_CAPTCHA", "none")]),
        (
            "DATABASE_URL",
            &[("DATABASE_URL", "mysql://db.example.org/site")],
        ),
        ("DATABASE_URL", &[("DATABASE_URL", "site.db")]),
        ("WELLBEING_KEYS_URL", &[("DATABASE_URL", data)]),
        (
            "WELLBEING_KEYS_URL",
            &[("DATABASE_URL", data), ("WELLBEING_KEYS_URL", data)],
        ),
        (
            "WELLBEING_KEYS_URL",
            &[
                ("DATABASE_URL", data),
                (
                    "WELLBEING_KEYS_URL",
                    "postgresql://keys@db.example.org:5432/site",
                ),
            ],
        ),
        (
            "WELLBEING_KEYS_URL",
            &[("WELLBEING_KEYS_URL", "mysql://db.example.org/keys")],
        ),
        ("WELLBEING_KEYS_URL", &[("WELLBEING_KEYS_URL", "keys.db")]),
        (
            "WELLBEING_KEYS_URL",
            &[("WELLBEING_KEYS_URL", "sqlite:data/wellbeing.db")],
        ),
        (
            "WELLBEING_KEYS_URL",
            &[("WELLBEING_KEYS_URL", "sqlite:data/keys.db")],
        ),
        (
            "WELLBEING_KEYS_URL",
            &[("WELLBEING_KEYS_URL", "sqlite://./data/keys.db")],
        ),
        ("WELLBEING_KEYS_URL", &[("WELLBEING_KEYS_URL", "sqlite:")]),
        ("WELLBEING_CONNECTIONS", &[("WELLBEING_CONNECTIONS", "0")]),
        (
            "WELLBEING_TRUSTED_PROXIES",
            &[("WELLBEING_TRUSTED_PROXIES", "localhost")],
        ),
        ("no_such_setting", &[("WELLBEING_NO_SUCH_SETTING", "x")]),
    ];
    for (named, others) in refused {
        match real(others) {
            Ok(_) => panic!("{others:?} was taken"),
            Err(error) => {
                assert!(error.contains(named), "{others:?}: {error}");
                assert!(!error.contains("word"), "a secret is in {error}");
            }
        }
    }
}

#[test]
fn a_secret_may_be_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mail");
    std::fs::write(&file, "smtp://mail.example.org\n").unwrap();
    let file = file.display().to_string();
    let settings = real(&[("WELLBEING_MAIL", ""), ("WELLBEING_MAIL_FILE", &file)]).unwrap();
    assert!(settings.mail_is_smtp());
    let missing = real(&[
        ("WELLBEING_MAIL", ""),
        ("WELLBEING_MAIL_FILE", "/not/there"),
    ]);
    assert!(missing.unwrap_err().contains("WELLBEING_MAIL_FILE"));
}

#[test]
fn every_setting_is_in_the_table() {
    // The settings name themselves when one is not known.
    let error = read(&[("WELLBEING_NO_SUCH_SETTING", "x")]).unwrap_err();
    let known: BTreeSet<String> = error
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .filter(|name| name != "no_such_setting")
        .collect();
    let written: BTreeSet<String> = SETTINGS
        .iter()
        .map(|(name, ..)| name.trim_start_matches("WELLBEING_").to_lowercase())
        .collect();
    assert_eq!(known, written);
}

/// `UPDATE=1 cargo nextest run --features ssr,rehearsal the_readme_lists_every_setting` writes it anew.
#[test]
fn the_readme_lists_every_setting() {
    const START: &str = "<!-- settings -->\n";
    const END: &str = "<!-- /settings -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(START).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let right = format!("{before}{START}{}{END}{after}", config::readme_table());
    #[expect(clippy::disallowed_methods, reason = "the test's own setting")]
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, &right).unwrap();
        return;
    }
    assert_eq!(readme, right, "README.md: run this test with UPDATE=1");
}

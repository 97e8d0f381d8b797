//! S5: nobody learns from us who has an account. An address with one and an address without get the same bytes in the same
//! time, at every form that takes an address. Four requests for each of 2,000 pairs, one after the other: perhaps 20 minutes
//! on each database.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;

use super::proved;
use crate::accounts::{people, sign_up};
use crate::support::{Browser, Site, new_database};

/// At each form.
const PAIRS: usize = 2_000;
/// Throws the same order again.
const SEED: u64 = 20_270_104;
/// What the control adds to the times of one of the two.
const ADDED: Duration = Duration::from_millis(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: S5"]
async fn whether_an_address_has_an_account_is_told_by_no_byte_and_no_time_on_sqlite() {
    equal(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: S5"]
async fn whether_an_address_has_an_account_is_told_by_no_byte_and_no_time_on_postgres() {
    equal(Some(new_database().await)).await;
}

#[derive(Clone, Copy, Debug)]
enum Form {
    SignIn,
    SignUp,
    Forgotten,
    Newsletter,
}

impl Form {
    const ALL: [Self; 4] = [
        Self::SignIn,
        Self::SignUp,
        Self::Forgotten,
        Self::Newsletter,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::SignUp => "/sign-up/captcha",
            Self::Forgotten => "/forgotten-password",
            Self::Newsletter => "/newsletter",
        }
    }

    /// How both are answered: nobody is told to wait, or that a form was wrong.
    const fn answer(self) -> (StatusCode, &'static str) {
        match self {
            Self::SignIn => (StatusCode::UNPROCESSABLE_ENTITY, ""),
            Self::SignUp => (StatusCode::SEE_OTHER, "/sign-up/open-email"),
            Self::Forgotten => (StatusCode::SEE_OTHER, "/forgotten-password/sent"),
            Self::Newsletter => (StatusCode::SEE_OTHER, "/newsletter/sent"),
        }
    }
}

/// What came of one form.
#[derive(Default)]
struct Found {
    /// What everybody got, with their address left out.
    seen: Option<String>,
    with: Vec<Duration>,
    without: Vec<Duration>,
}

async fn equal(database_url: Option<String>) {
    let extra = [("mail", "memory:"), ("trusted_proxies", "127.0.0.1")];
    let site = Site::start(database_url, &extra).await;
    for n in 0..PAIRS {
        people::member(&site, &address(n, true)).await;
    }
    let mut found = Form::ALL.map(|_| Found::default());
    let mut dice = fastrand::Rng::with_seed(SEED);
    let mut visitors = 0;
    for n in 0..PAIRS {
        let mut asked: Vec<(usize, bool)> = (0..Form::ALL.len())
            .flat_map(|form| [(form, true), (form, false)])
            .collect();
        dice.shuffle(&mut asked);
        for (form, known) in asked {
            let browser = visitor(&site, visitors);
            visitors += 1;
            let email = address(n, known);
            let (took, bytes) = ask(&site, &browser, Form::ALL[form], &email).await;
            let found = &mut found[form];
            let seen = found.seen.get_or_insert_with(|| bytes.clone());
            assert_eq!(*seen, bytes, "{:?} of {email}", Form::ALL[form]);
            let times = if known {
                &mut found.with
            } else {
                &mut found.without
            };
            times.push(took);
        }
    }
    told(&site, &found);
}

/// Writes down how well the times tell the two apart, and fails where they do.
fn told(site: &Site, found: &[Found; 4]) {
    let database = site.app.db.name();
    let aucs = found.each_ref().map(|one| auc(&one.without, &one.with));
    let slower = found.each_ref().map(|one| {
        let with: Vec<Duration> = one.with.iter().map(|took| *took + ADDED).collect();
        auc(&one.without, &with)
    });
    let words = |aucs: [f64; 4]| {
        let [sign_in, sign_up, forgotten, newsletter] = aucs;
        format!(
            "same bytes; AUC: sign in {sign_in:.3}, sign up {sign_up:.3}, forgotten password {forgotten:.3}, \
             newsletter {newsletter:.3}"
        )
    };
    let n = format!("{PAIRS} pairs at each of 4 forms");
    proved(
        "S5",
        &format!("an address with an account beside one without, {database}"),
        &n,
        &words(aucs),
        "same bytes, each AUC 0.45 to 0.55",
    );
    proved(
        "S5",
        &format!("the same with {ADDED:?} added to one of them, {database}"),
        &n,
        &words(slower),
        "forgotten password: over 0.55",
    );
    for (form, auc) in Form::ALL.iter().zip(aucs) {
        assert!(!tells(auc), "{form:?}: the time tells, AUC {auc:.3}");
    }
    assert!(tells(slower[2]), "a millisecond must be seen");
}

/// As long for everybody.
fn address(n: usize, known: bool) -> String {
    let who = if known { "known" } else { "other" };
    format!("{who}-{n:05}@example.org")
}

/// A browser in a network of its own, so that nobody has to wait for what the others tried.
fn visitor(site: &Site, n: usize) -> Browser {
    let peer = format!("10.{}.{}.1", n / 256, n % 256);
    let mut headers = HeaderMap::new();
    headers.insert("x-forwarded-for", HeaderValue::from_str(&peer).unwrap());
    let client = reqwest::Client::builder()
        .default_headers(headers)
        .cookie_store(true)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    Browser {
        client,
        base: site.url(""),
    }
}

/// Sends the form; says how long the answer took, and what came, with the page that it leads to.
async fn ask(site: &Site, browser: &Browser, form: Form, email: &str) -> (Duration, String) {
    if matches!(form, Form::SignUp) {
        sign_up::answers(browser, email, "1952").await;
    }
    let page = browser.get(form.path()).await;
    let started = page.field("started").unwrap_or_default();
    // Nobody fills in a form faster.
    site.clock.forward(TimeDelta::seconds(4));
    let fields = match form {
        Form::SignIn => vec![("email", email), ("password", "not the one at all")],
        Form::SignUp => vec![
            ("started", started.as_str()),
            ("web-page", ""),
            ("captcha-way", "link"),
        ],
        Form::Forgotten => vec![("email", email)],
        Form::Newsletter => vec![
            ("email", email),
            ("started", started.as_str()),
            ("web-page", ""),
        ],
    };
    let begun = Instant::now();
    let answer = browser.post(form.path(), &fields).await;
    let took = begun.elapsed();
    let (status, to) = form.answer();
    assert_eq!(answer.status, status, "{form:?}: {}", answer.body);
    let mut bytes = answer.body.clone();
    if status == StatusCode::SEE_OTHER {
        assert_eq!(answer.location(), to);
        bytes.push_str(&browser.get(to).await.body);
    }
    (took, bytes.replace(email, "EMAIL"))
}

/// Whether times with this [`auc`] tell two groups apart.
fn tells(auc: f64) -> bool {
    !(0.45..=0.55).contains(&auc)
}

/// How often a time of `those` is longer than one of `these`, over all pairs of them, with a tie as a half (Mann and
/// Whitney): 0.5 when the times tell nothing.
fn auc(these: &[Duration], those: &[Duration]) -> f64 {
    let mut sorted = these.to_vec();
    sorted.sort_unstable();
    let longer: f64 = those
        .iter()
        .map(|time| {
            let below = sorted.partition_point(|other| other < time);
            let not_above = sorted.partition_point(|other| other <= time);
            number(below + not_above) / 2.0
        })
        .sum();
    longer / number(these.len()) / number(those.len())
}

fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

#[test]
fn an_auc_is_the_share_of_pairs_in_which_the_second_took_longer() {
    let millis = |times: &[u64]| -> Vec<Duration> {
        times.iter().copied().map(Duration::from_millis).collect()
    };
    let cases: [(&[u64], &[u64], f64); 7] = [
        (&[1, 2, 3], &[4, 5, 6], 1.0),
        (&[4, 5, 6], &[3, 2, 1], 0.0),
        (&[1, 2, 3], &[3, 1, 2], 0.5),
        (&[7, 7], &[7, 7, 7], 0.5),
        (&[1, 4], &[2, 3], 0.5),
        (&[1, 2], &[2, 3], 0.875),
        (&[1, 2, 3, 4], &[4], 0.875),
    ];
    for (these, those, is) in cases {
        let found = auc(&millis(these), &millis(those));
        assert!(
            (found - is).abs() < 1e-9,
            "{these:?} {those:?}: {found}, not {is}"
        );
    }
    for (auc, told) in [
        (0.44, true),
        (0.45, false),
        (0.5, false),
        (0.55, false),
        (0.56, true),
    ] {
        assert_eq!(tells(auc), told, "{auc}");
    }
}

#[test]
fn a_millisecond_is_told_apart_and_the_dice_alone_are_not() {
    let mut dice = fastrand::Rng::with_seed(SEED);
    let mut times = || -> Vec<Duration> {
        std::iter::repeat_with(|| Duration::from_micros(dice.u64(5_000..8_000)))
            .take(PAIRS)
            .collect()
    };
    let (these, those) = (times(), times());
    let slower: Vec<Duration> = those.iter().map(|took| *took + ADDED).collect();
    assert!(!tells(auc(&these, &those)));
    assert!(tells(auc(&these, &slower)));
}

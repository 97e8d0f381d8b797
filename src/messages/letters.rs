//! Every message by its kind, in the words of the course team. Links are whole addresses made from the site
//! URL; a link opens a page with one button.

use chrono::{DateTime, Utc};

use super::letter::{Letter, Piece};
use super::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;
use crate::ui::dates;

pub mod bookings;
pub mod changes;
pub mod feedback;
pub mod new_dates;
pub mod reminders;
pub mod staff;
pub mod texts;
pub mod waiting;

pub use bookings::{Ending, Facts};

const TYPED: &str = "someone typed this address on our site";
const MEMBER: &str = "you have an account with us";

/// A whole address of one of our own pages: what links in messages start from.
pub fn link(config: &Settings, path: &str) -> String {
    format!("{}{path}", config.origin())
}

fn words(words: impl Into<String>) -> Piece {
    Piece::Words(words.into())
}

/// Somebody started an account. `kept_until`: until when a place is kept for them meanwhile.
///
/// # Errors
/// When the words cannot be put together.
pub fn verify_address(
    config: &Settings,
    to: Address,
    url: &str,
    kept_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Mail> {
    let kept = match kept_until {
        Some(at) => format!(
            "You have not booked yet. We are keeping a place for you until {}.",
            dates::until(at, dates::day_of(now))
        ),
        None => "After that you can book.".to_owned(),
    };
    Letter::new(config, MessageKind::VerifyAddress, to, "Please check your email address")
        .say("Thank you for starting your account. Please press the button to show that this address is yours.")
        .button("This is my email address", url)
        .say(kept)
        .say("The button works for 24 hours.")
        .say("Did you not ask for this? You can leave it. We will delete what was typed within 24 hours.")
        .finish(TYPED)
}

/// Somebody started an account with an address that has one. The subject is that of [`verify_address`].
///
/// # Errors
/// When the words cannot be put together.
pub fn address_has_account(config: &Settings, to: Address) -> Result<Mail> {
    let letter = Letter::new(config, MessageKind::AddressHasAccount, to, "Please check your email address")
        .say("Someone, perhaps you, gave us this address. It has an account with us already, so you only need to sign in.")
        .button("Sign in", &link(config, "/sign-in"))
        .say("Forgotten your password? You can ask for a link on the sign-in page.");
    let share = vec![
        words("Do you share this address with someone who would like to book? Call "),
        letter.phone(),
        words(". We will book for them, and their details stay their own."),
    ];
    letter
        .pieces(share)
        .say("Was it not you? Nothing has changed and you need do nothing.")
        .finish(TYPED)
}

/// A link to sign in.
///
/// # Errors
/// When the words cannot be put together.
pub fn sign_in_link(config: &Settings, to: Address, url: &str) -> Result<Mail> {
    Letter::new(config, MessageKind::SignInLink, to, "Your link to sign in")
        .button("Sign in", url)
        .say("The link works once, for 30 minutes.")
        .say("Did you not ask for it? You can leave this email. Nobody can sign in without it.")
        .finish("someone asked for a link to sign in")
}

/// Somebody asked for a link to sign in, and only a password will do. The subject is that of [`sign_in_link`].
///
/// # Errors
/// When the words cannot be put together.
pub fn sign_in_by_password(config: &Settings, to: Address) -> Result<Mail> {
    Letter::new(config, MessageKind::SignInLink, to, "Your link to sign in")
        .say("Your account is locked by a second step, so a link alone does not open it. Please sign in with your password.")
        .button("Sign in", &link(config, "/sign-in"))
        .say("Forgotten your password? You can ask for a link to choose a new one on that page.")
        .say("Did you not ask for this? You can leave this email. Nobody has signed in.")
        .finish("someone asked for a link to sign in")
}

/// What happened to somebody's two-step sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwoStepNews {
    /// They set it up, with an app.
    On,
    /// They set it up, with codes by text.
    OnByText,
    /// They switched it off.
    Off,
    /// Somebody who works here did, to set it up anew: no desk is open until they have.
    OffAtWork,
    /// The team took it away, because they asked: the phone is lost.
    TakenAway,
}

/// Two-step sign-in was switched on, or off, at `at`.
///
/// # Errors
/// When the words cannot be put together.
pub fn two_step(
    config: &Settings,
    to: Address,
    news: TwoStepNews,
    at: DateTime<Utc>,
) -> Result<Mail> {
    let day = dates::day_of(at);
    let (title, what) = match news {
        TwoStepNews::On => (
            "Two-step sign-in is on",
            "From now on we ask for a code from your phone after your password.",
        ),
        TwoStepNews::OnByText => (
            "Two-step sign-in is on",
            "From now on we ask for a code after your password, and send it by text to your mobile number.",
        ),
        TwoStepNews::Off => (
            "Two-step sign-in is off",
            "From now on your password alone lets you in.",
        ),
        TwoStepNews::OffAtWork => (
            "Two-step sign-in is off",
            "No desk is open to you until you set it up again.",
        ),
        TwoStepNews::TakenAway => (
            "Set up two-step sign-in again",
            "Somebody who looks after staff accounts took away your codes, and signed you out everywhere. Sign in with \
             your password, and set it up on your phone again.",
        ),
    };
    let letter = Letter::new(config, MessageKind::TwoStepChanged, to, title)
        .say(format!(
            "This was changed on {} {} at {}. {what}",
            dates::weekday(day),
            dates::full_day(day),
            dates::time(at)
        ))
        .say(if news == TwoStepNews::TakenAway {
            "Did you ask for it? Then all is well."
        } else {
            "Was it you? Then all is well."
        });
    let not_you = vec![
        words(if news == TwoStepNews::TakenAway {
            "Did you not ask for it? Call "
        } else {
            "Was it not you? Call "
        }),
        letter.phone(),
        words(format!(" straight away, {}.", config.phone_hours)),
    ];
    letter.pieces(not_you).finish(MEMBER)
}

/// A link to choose a new password.
///
/// # Errors
/// When the words cannot be put together.
pub fn password_reset(config: &Settings, to: Address, url: &str) -> Result<Mail> {
    Letter::new(config, MessageKind::PasswordReset, to, "Choose a new password")
        .say("You asked for a new password.")
        .button("Choose a new password", url)
        .say("The link works once, for 30 minutes. Your old password works until you have chosen a new one.")
        .say("Did you not ask for it? You can leave this email. Your password stays as it is.")
        .finish("someone asked for a new password")
}

/// The password was changed at `at`.
///
/// # Errors
/// When the words cannot be put together.
pub fn password_changed(config: &Settings, to: Address, at: DateTime<Utc>) -> Result<Mail> {
    let day = dates::day_of(at);
    let letter = Letter::new(
        config,
        MessageKind::PasswordChanged,
        to,
        "Your password was changed",
    )
    .say(format!(
        "Your password was changed on {} {} at {}. You are signed out on your other devices.",
        dates::weekday(day),
        dates::full_day(day),
        dates::time(at)
    ))
    .say("Was it you? Then all is well.");
    let not_you = vec![
        words("Was it not you? Call "),
        letter.phone(),
        words(format!(
            " straight away ({}). At other times, choose a new password:",
            config.phone_hours
        )),
    ];
    letter
        .pieces(not_you)
        .button(
            "Choose a new password",
            &link(config, "/forgotten-password"),
        )
        .finish(MEMBER)
}

/// To the new address: is it yours?
///
/// # Errors
/// When the words cannot be put together.
pub fn email_change_confirm(config: &Settings, to: Address, url: &str) -> Result<Mail> {
    Letter::new(
        config,
        MessageKind::EmailChangeConfirm,
        to,
        "Please check your new email address",
    )
    .say("You asked us to use this address from now on.")
    .button("Use this address", url)
    .say("The button works for 24 hours. Until then we use your old address.")
    .say("Did you not ask for this? You can leave it. Nothing will change.")
    .finish("someone typed this address in their account")
}

/// To the old address: it is being changed, or (`done`) it was.
///
/// # Errors
/// When the words cannot be put together.
pub fn email_change_told(
    config: &Settings,
    to: Address,
    new_email: &str,
    done: bool,
) -> Result<Mail> {
    let masked = masked(new_email);
    let (title, what) = if done {
        (
            "Your email address was changed",
            format!("From today we use another email address for you, {masked}."),
        )
    } else {
        (
            "Your email address is being changed",
            format!(
                "Someone signed in to your account asked us to use another email address, {masked}."
            ),
        )
    };
    let letter = Letter::new(config, MessageKind::EmailChangeTold, to, title)
        .say(what)
        .say("Was it you? Then all is well.");
    let not_you = vec![
        words("Was it not you? Call "),
        letter.phone(),
        words(format!(" straight away, {}.", config.phone_hours)),
    ];
    letter.pieces(not_you).finish(MEMBER)
}

/// A parent or guardian (`to`) is asked to agree that `child` comes.
///
/// # Errors
/// When the words cannot be put together.
pub fn guardian_request(
    config: &Settings,
    to: Address,
    child: &str,
    url: &str,
    answer_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Mail> {
    let letter = Letter::new(config, MessageKind::GuardianRequest, to, "Please can you agree to a booking?")
        .say(format!(
            "{child} would like to come to something we run. We were told that you are their parent or guardian. They are under 16, so we need you to agree first."
        ))
        .button("Read about it and answer", url)
        .say("The page says what it is, when, where, and who will see your details. Nothing is booked until you agree.")
        .say(format!(
            "Please answer by {}. After that we let the place go.",
            dates::until(answer_by, dates::day_of(now))
        ));
    let stranger = vec![
        words("Do you not know this person? Please tell us: call "),
        letter.phone(),
        words("."),
    ];
    letter
        .pieces(stranger)
        .finish("someone gave us your address as their parent or guardian")
}

/// Somebody asked for the newsletter: was it them?
///
/// # Errors
/// When the words cannot be put together.
pub fn newsletter_confirm(config: &Settings, to: Address, url: &str) -> Result<Mail> {
    Letter::new(config, MessageKind::NewsletterConfirm, to, "Please confirm your newsletter")
        .say("Would you like one short email a month about new courses?")
        .button("Yes, send it to me", url)
        .say("The button works for 7 days. If you do not press it, we delete your address and do not write again.")
        .finish(TYPED)
}

/// The last message about the newsletter.
///
/// # Errors
/// When the words cannot be put together.
pub fn newsletter_goodbye(config: &Settings, to: Address) -> Result<Mail> {
    let page = link(config, "/newsletter");
    Letter::new(
        config,
        MessageKind::NewsletterGoodbye,
        to,
        "You are off our list",
    )
    .say("We will not send you the newsletter again. You do not need to do anything.")
    .say("You will still hear from us about any course you have booked.")
    .pieces(vec![
        words("Changed your mind? You can start again at any time at "),
        Piece::Link("our newsletter page".to_owned(), page),
        words("."),
    ])
    .finish("you stopped the newsletter. This is the last email about it")
}

/// "m•••••@example.org".
fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}•••••@{host}")
}

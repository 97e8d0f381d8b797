//! Reads the letters that the mail server of a test has taken.

use uuid::Uuid;
use wellbeing_courses::server::random;

use super::check::{About, Letter};
use crate::support::smtp::Taken;

/// What a letter is about, by its subject and what its text leads to.
pub fn read(taken: &Taken) -> Letter {
    let (head, body) = taken
        .message
        .split_once("\n\n")
        .unwrap_or((&taken.message, ""));
    // A long line of the head goes on in the next one.
    let head = head.replace("\n ", " ");
    let field = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    // Quoted-printable: a line that ends with "=" goes on in the next one.
    let text = body.replace("=\n", "").replace("=3D", "=");
    let subject = field("Subject:");
    let about = match subject.as_str() {
        "Your booking is confirmed" => reference(&text).map(About::Confirmed),
        "Your booking is cancelled" => reference(&text).map(About::Cancelled),
        "You are on the waiting list" => entry(&text).map(About::Joined),
        "A place is free for you" | "A place is free at short notice" => {
            offer(&text).map(About::Offered)
        }
        "You are still on the waiting list" => entry(&text).map(About::TooSlow),
        "The time to answer is over" => entry(&text).map(About::Lapsed),
        _ => None,
    };
    let to = field("To:");
    Letter {
        id: field("Message-ID:"),
        to: to
            .rsplit('<')
            .next()
            .unwrap_or(&to)
            .trim_end_matches('>')
            .to_owned(),
        about: about.unwrap_or(About::Else(subject)),
        acknowledged: taken.acknowledged,
    }
}

/// The words after `mark`, as far as they belong to an address.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let rest = &text[text.find(mark)? + mark.len()..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// "WB-7K4-2MQ".
fn reference(text: &str) -> Option<String> {
    after(text, "WB-").map(|rest| format!("WB-{rest}"))
}

fn entry(text: &str) -> Option<Uuid> {
    after(text, "/account/waiting/")?.parse().ok()
}

fn offer(text: &str) -> Option<Vec<u8>> {
    after(text, "/offers/").map(|token| random::hash(token).to_vec())
}

#[test]
fn a_letter_says_what_it_is_about() {
    let taken = Taken {
        message: "Message-ID: <1@here>\nTo: Maggie <m@example.org>\nSubject: Your booking is confirmed\n\nNumber W=\nB-7K4-2MQ.\n"
            .into(),
        acknowledged: true,
    };
    let letter = read(&taken);
    assert_eq!(letter.about, About::Confirmed("WB-7K4-2MQ".into()));
    assert_eq!(
        (letter.id.as_str(), letter.to.as_str()),
        ("<1@here>", "m@example.org")
    );
}

//! An email that a mail server returns after it had taken it: a delivery status notification (RFC 3464), which the server's own
//! mail program hands to `wellbeing-courses returned`.

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use uuid::Uuid;

use super::came_back;
use crate::messages::model::Channel;
use crate::server::{App, Result};

/// Longer than any such message: the original may be attached whole.
pub const LONGEST: usize = 1024 * 1024;

/// Reads a returned message and notes what it is about. Says what came of it, for the log of the mail program.
///
/// # Errors
/// When the database fails: the mail program keeps the message and tries again.
pub async fn take(app: &App, message: &[u8]) -> Result<&'static str> {
    match read(message) {
        None => Ok("This says of no message of ours that it could not be delivered."),
        Some((id, status)) => {
            let why = format!("returned: {status}");
            if came_back(app, id, Channel::Email, &why).await? {
                Ok("Noted: the message did not arrive.")
            } else {
                Ok("That was known, or is no message of ours.")
            }
        }
    }
}

/// Which message did not arrive for good, and the status that says so ("5.1.1"). A delay, and anything else, is none.
fn read(raw: &[u8]) -> Option<(Uuid, String)> {
    let message = MessageParser::default().parse(raw)?;
    let report = part(&message, "delivery-status")?;
    let field = |name: &str| {
        report.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let status = field("Status").filter(|status| status.starts_with("5."))?;
    let failed = field("Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
    let id = original_id(&message)?;
    failed.then_some((id, status))
}

/// The words of the part of this kind.
fn part(message: &Message<'_>, subtype: &str) -> Option<String> {
    message.parts.iter().find_map(|part| {
        let own = part.content_type()?.subtype()?;
        own.eq_ignore_ascii_case(subtype)
            .then(|| String::from_utf8_lossy(part.contents()).into_owned())
    })
}

/// The number in the `Message-ID` of the message that is returned, whole or by its headers alone.
fn original_id(message: &Message<'_>) -> Option<Uuid> {
    let of = |id: &str| Uuid::try_parse(id.trim().trim_matches(['<', '>']).split('@').next()?).ok();
    let whole = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(original) => of(original.message_id()?),
        _ => None,
    });
    whole.or_else(|| {
        let headers = part(message, "rfc822-headers")?;
        MessageParser::default()
            .parse_headers(headers.as_bytes())
            .and_then(|original| of(original.message_id()?))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ID: &str = "01a2dfed4a8070268276aafdf1592327";

    fn returned(status: &str, action: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.org\r\nTo: courses@example.org\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
             Final-Recipient: rfc822; nobody@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
             --b\r\n{original}\r\n--b--\r\n"
        )
    }

    fn whole() -> String {
        format!(
            "Content-Type: message/rfc822\r\n\r\nFrom: courses@example.org\r\nTo: nobody@example.org\r\n\
             Message-ID: <{ID}@courses.example.org>\r\nSubject: Your booking\r\n\r\nHello\r\n"
        )
    }

    fn headers() -> String {
        format!(
            "Content-Type: text/rfc822-headers\r\n\r\nFrom: courses@example.org\r\nMessage-ID: <{ID}@courses.example.org>\r\n"
        )
    }

    #[test]
    fn the_message_is_found_whole_or_by_its_headers() {
        for original in [whole(), headers()] {
            let found = read(returned("5.1.1", "failed", &original).as_bytes());
            assert_eq!(
                found,
                Some((Uuid::try_parse(ID).expect("an id"), "5.1.1".to_owned())),
                "{original}"
            );
        }
    }

    #[rstest]
    #[case("4.2.2", "delayed")]
    #[case("2.0.0", "delivered")]
    #[case("5.1.1", "delayed")]
    fn a_delay_is_no_end(#[case] status: &str, #[case] action: &str) {
        assert_eq!(read(returned(status, action, &whole()).as_bytes()), None);
    }

    #[test]
    fn anything_else_is_passed_over() {
        let other = whole().replace(ID, "somebody.elses.id");
        for message in [
            String::new(),
            "Subject: Out of office\r\n\r\nI am away.".to_owned(),
            returned(
                "5.1.1",
                "failed",
                "Content-Type: text/plain\r\n\r\nnothing\r\n",
            ),
            returned("5.1.1", "failed", &other),
            "\u{0}\u{1}\u{2}--b".to_owned(),
        ] {
            assert_eq!(read(message.as_bytes()), None, "{message}");
        }
    }
}

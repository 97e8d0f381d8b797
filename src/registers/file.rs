//! The list as a file.

use super::model::List;
use super::pages::more;
use crate::accounts::sign_up::rules::phone_words;
use crate::server::{Result, table_file};

/// Name, phone and email of each, as comma-separated values; last, how many more come.
///
/// # Errors
/// Never, as far as we know: it is written to memory.
pub fn csv(list: &List) -> Result<Vec<u8>> {
    let people = list.attendees.iter().map(|attendee| {
        [
            attendee.name.clone(),
            attendee
                .phone
                .as_deref()
                .map(phone_words)
                .unwrap_or_default(),
            attendee.email.clone().unwrap_or_default(),
        ]
    });
    let more = more(list.kept_back).map(|more| [more, String::new(), String::new()]);
    table_file::csv(["Name", "Phone", "Email"], people.chain(more))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::registers::model::Attendee;

    #[test]
    fn a_name_with_a_comma_is_one_cell_and_none_is_a_formula() {
        let somebody = |name: &str, phone: Option<&str>| Attendee {
            place_id: Uuid::nil(),
            person_id: Uuid::nil(),
            name: name.to_owned(),
            phone: phone.map(str::to_owned),
            email: None,
        };
        let list = List {
            attendees: vec![
                somebody("Ashdown, Margaret", Some("+447700900214")),
                somebody("=HYPERLINK(\"x\")", Some("+33123456789")),
            ],
            kept_back: 2,
        };
        let file = String::from_utf8(csv(&list).expect("a file")).expect("words");
        let lines: Vec<_> = file.lines().collect();
        assert_eq!(
            lines,
            [
                "\u{feff}Name,Phone,Email",
                "\"Ashdown, Margaret\",07700 900214,",
                "\"'=HYPERLINK(\"\"x\"\")\",'+33 1 23 45 67 89,",
                "2 more people are coming. Ask the office.,,"
            ]
        );
    }
}

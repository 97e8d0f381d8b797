//! The list as a file.

use super::model::List;
use super::pages::more;
use super::rules::cell;
use crate::accounts::sign_up::rules::phone_words;
use crate::server::{Error, Result};

/// Says to spreadsheets that it is UTF-8; without it some spoil "Zoë".
const MARK: &str = "\u{feff}";

/// Name, phone and email of each, as comma-separated values; last, how many more come.
///
/// # Errors
/// Never, as far as we know: it is written to memory.
pub fn csv(list: &List) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::Other(format!("a register as a file: {e}"));
    let mut file = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    file.write_record(["Name", "Phone", "Email"])
        .map_err(failed)?;
    for attendee in &list.attendees {
        let phone = attendee.phone.as_deref().map(phone_words);
        let cells = [
            cell(&attendee.name),
            cell(phone.as_deref().unwrap_or_default()),
            cell(attendee.email.as_deref().unwrap_or_default()),
        ];
        file.write_record(cells).map_err(failed)?;
    }
    if let Some(more) = more(list.kept_back) {
        file.write_record([more.as_str(), "", ""]).map_err(failed)?;
    }
    file.into_inner()
        .map_err(|e| Error::Other(format!("a register as a file: {e}")))
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

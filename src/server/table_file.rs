//! A list as a file that a spreadsheet opens: comma-separated values (RFC 4180), in UTF-8.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::{Error, Result};

/// Says to spreadsheets that it is UTF-8; without it some spoil "Zoë".
const MARK: &str = "\u{feff}";

/// A cell of the file: one that would be read as a formula gets an apostrophe in front, which makes it words.
fn cell(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{words}")
    } else {
        words.to_owned()
    }
}

/// The file: the titles, then a row for each.
///
/// # Errors
/// When a row has another number of cells than there are titles.
pub fn csv<T: AsRef<[u8]>>(
    titles: impl IntoIterator<Item = T>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>,
) -> Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    file.write_record(titles).map_err(failed)?;
    for row in rows {
        file.write_record(row.into_iter().map(|words| cell(&words)))
            .map_err(failed)?;
    }
    file.into_inner().map_err(|e| failed(e.into_error().into()))
}

fn failed(error: csv::Error) -> Error {
    Error::Other(format!("a list as a file: {error}"))
}

/// The answer with such a file, which no cache keeps. `name` has no course in it: it lies about in a folder of downloads.
pub fn answer(name: &str, file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, file).into_response()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("=1+1", "'=1+1")]
    #[case("+44 7700", "'+44 7700")]
    #[case("-1", "'-1")]
    #[case("@x", "'@x")]
    #[case("\tx", "'\tx")]
    #[case("Zoë", "Zoë")]
    fn no_cell_is_a_formula(#[case] words: &str, #[case] kept: &str) {
        assert_eq!(cell(words), kept);
    }

    #[test]
    fn a_cell_with_a_comma_a_quote_or_a_line_end_stays_one() {
        let rows = [["a, b".to_owned(), "say \"hm\"\nagain".to_owned()]];
        let file = csv(["One", "Two"], rows).expect("a file");
        assert_eq!(
            String::from_utf8(file).expect("words"),
            "\u{feff}One,Two\n\"a, b\",\"say \"\"hm\"\"\nagain\"\n"
        );
    }
}

//! A list as a file that a spreadsheet opens: comma-separated values (RFC 4180) in UTF-8, or an Excel workbook.
//!
//! [`list`] makes it piece by piece, as the database gives the rows: however long the list is, a piece of it is in memory.
//! [`answer_as`] makes a table that is there already.

use std::convert::Infallible;
use std::path::Path;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use super::{App, Error, Result};
use crate::ui::dates;

mod streamed;

pub use streamed::list;

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
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl Into<Cell>>>,
) -> Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    file.write_record(titles).map_err(failed)?;
    write_lines(&mut file, rows)?;
    file.into_inner().map_err(|e| failed(e.into_error().into()))
}

/// Writes a line for each row.
fn write_lines(
    file: &mut csv::Writer<Vec<u8>>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl Into<Cell>>>,
) -> Result<()> {
    for row in rows {
        let words = row.into_iter().map(|one| match one.into() {
            Cell::Words(words) => cell(&words),
            Cell::Number(n) => n.to_string(),
        });
        file.write_record(words).map_err(failed)?;
    }
    Ok(())
}

/// Which file is made of a list: what the address ends with says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A workbook with one sheet.
    Xlsx,
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        let ending = Path::new(parts.uri.path()).extension();
        let is_workbook = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        Ok(if is_workbook { Self::Xlsx } else { Self::Csv })
    }
}

/// A cell of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words; never a formula.
    Words(String),
    /// A number.
    Number(i64),
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}

/// The name of a list that is another every day: "venues-2027-01-04".
pub fn dated(app: &App, name: &str) -> String {
    format!("{name}-{}", dates::iso_day(dates::day_of(app.clock.now())))
}

/// A list as a file, as an answer that no cache keeps: the titles, then a row for each. `name` is as for [`answer`].
///
/// # Errors
/// Never, as far as we know: it is written to memory.
pub fn answer_as(
    format: Format,
    name: &str,
    titles: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Result<Response> {
    match format {
        Format::Csv => Ok(answer(name, csv(titles, rows)?)),
        Format::Xlsx => Ok(sent(name, format, workbook(titles, rows)?.into())),
    }
}

/// The same table as a workbook.
fn workbook(titles: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    write_titles(sheet, titles)?;
    write_rows(sheet, 1, rows)?;
    book.save_to_buffer().map_err(wrong)
}

fn write_titles(sheet: &mut rust_xlsxwriter::Worksheet, titles: &[&str]) -> Result<()> {
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for (column, title) in (0..).zip(titles) {
        sheet
            .write_string_with_format(0, column, *title, &bold)
            .map_err(wrong)?;
    }
    Ok(())
}

/// Writes rows from the row `first` on, and says which is next. Words are written as words: a spreadsheet does not read a formula
/// in them.
fn write_rows(
    sheet: &mut rust_xlsxwriter::Worksheet,
    first: u32,
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Result<u32> {
    let mut next = first;
    for row in rows {
        for (column, one) in (0..).zip(row) {
            match one {
                Cell::Words(words) => sheet.write_string(next, column, words),
                Cell::Number(n) => {
                    sheet.write_number(next, column, i32::try_from(n).unwrap_or(i32::MAX))
                }
            }
            .map_err(wrong)?;
        }
        next += 1;
    }
    Ok(next)
}

fn wrong(error: rust_xlsxwriter::XlsxError) -> Error {
    Error::Other(format!("a list as a workbook: {error}"))
}

fn failed(error: csv::Error) -> Error {
    Error::Other(format!("a list as a file: {error}"))
}

/// The answer with a file of comma-separated values, which no cache keeps. `name` has no course in it: it lies about in a
/// folder of downloads.
pub fn answer(name: &str, file: Vec<u8>) -> Response {
    sent(name, Format::Csv, file.into())
}

fn sent(name: &str, format: Format, file: Body) -> Response {
    let (ending, kind) = match format {
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
        Format::Xlsx => (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
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

//! A list as a file, made while its rows are read. A piece of it is in memory at a time.

use std::io::Seek as _;

use axum::body::Body;
use axum::response::Response;
use futures::stream;
use rust_xlsxwriter::Workbook;
use tokio_util::io::ReaderStream;

use super::{Cell, Format, MARK, failed, sent, write_lines, write_rows, write_titles, wrong};
use crate::server::paging::Part;
use crate::server::{Error, Result};

/// How many rows are read at a time.
pub(super) const A_PIECE: i64 = 500;

/// The rows of a part of a list, and how many the whole list has.
type Rows = (Vec<Vec<Cell>>, i64);

/// A list as a file: `read` gives the rows of each part, by the query of the page. `name` has no course in it: it lies about in a
/// folder of downloads. When a part cannot be read, or the list has become another meanwhile, the connection breaks: what came
/// must not look whole.
///
/// # Errors
/// When the first part cannot be read; a workbook is made before any of it is sent, so that of it every part counts.
pub async fn list<F, R>(
    format: Format,
    name: &str,
    titles: &'static [&'static str],
    read: F,
) -> Result<Response>
where
    F: FnMut(Part) -> R + Send + 'static,
    R: Future<Output = Result<Rows>> + Send + 'static,
{
    let mut pieces = Pieces {
        read,
        done: 0,
        count: None,
        over: false,
    };
    let body = match format {
        Format::Csv => {
            let begin = lines(Some(titles), pieces.next().await?.unwrap_or_default())?;
            lines_body(begin, pieces)
        }
        Format::Xlsx => workbook_body(titles, pieces).await?,
    };
    Ok(sent(name, format, body))
}

/// What is still to be read of a list.
struct Pieces<F> {
    read: F,
    done: i64,
    count: Option<i64>,
    over: bool,
}

impl<F, R> Pieces<F>
where
    F: FnMut(Part) -> R,
    R: Future<Output = Result<Rows>>,
{
    /// The next piece; none at the end.
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>> {
        if self.over {
            return Ok(None);
        }
        let part = Part {
            skip: self.done,
            take: A_PIECE,
        };
        let (rows, count) = (self.read)(part).await?;
        // A row that came or went moved others across the cut between two pieces.
        if *self.count.get_or_insert(count) != count {
            return Err(Error::Busy("a list changed while a file was made of it"));
        }
        let got = i64::try_from(rows.len()).unwrap_or(A_PIECE);
        self.done += got;
        self.over = got < A_PIECE;
        Ok(Some(rows).filter(|rows| !rows.is_empty()))
    }
}

/// Rows as lines, at the beginning of the file after its titles.
fn lines(titles: Option<&[&str]>, rows: Vec<Vec<Cell>>) -> Result<Vec<u8>> {
    let begin = titles.map_or("", |_| MARK).as_bytes().to_vec();
    let mut file = csv::Writer::from_writer(begin);
    if let Some(titles) = titles {
        file.write_record(titles).map_err(failed)?;
    }
    write_lines(&mut file, rows)?;
    file.into_inner().map_err(|e| failed(e.into_error().into()))
}

fn lines_body<F, R>(begin: Vec<u8>, pieces: Pieces<F>) -> Body
where
    F: FnMut(Part) -> R + Send + 'static,
    R: Future<Output = Result<Rows>> + Send + 'static,
{
    let all = stream::try_unfold((Some(begin), pieces), async |(begin, mut pieces)| {
        if let Some(begin) = begin {
            return Ok(Some((begin, (None, pieces))));
        }
        let piece = pieces
            .next()
            .await
            .and_then(|rows| rows.map(|rows| lines(None, rows)).transpose());
        match piece {
            Ok(piece) => Ok(piece.map(|piece| (piece, (None, pieces)))),
            Err(error) => {
                tracing::error!(%error, "a file was broken off");
                Err(error)
            }
        }
    });
    Body::from_stream(all)
}

/// A workbook is written to a file without a name as its rows come, and sent from another: its table of contents is at its end.
async fn workbook_body<F, R>(titles: &[&str], mut pieces: Pieces<F>) -> Result<Body>
where
    F: FnMut(Part) -> R,
    R: Future<Output = Result<Rows>>,
{
    let mut book = Workbook::new();
    write_titles(
        book.add_worksheet_with_constant_memory().map_err(wrong)?,
        titles,
    )?;
    let mut row = 1;
    while let Some(rows) = pieces.next().await? {
        row = write_rows(book.worksheet_from_index(0).map_err(wrong)?, row, rows)?;
    }
    let file = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::tempfile()?;
        book.save_to_writer(&mut file).map_err(wrong)?;
        file.rewind()?;
        Ok::<_, Error>(file)
    });
    let file = file
        .await
        .map_err(|e| Error::Other(format!("a list as a workbook: {e}")))??;
    Ok(Body::from_stream(ReaderStream::new(
        tokio::fs::File::from_std(file),
    )))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use flate2::read::DeflateDecoder;
    use http_body_util::BodyExt as _;

    use super::*;

    /// A list of so many rows: it says the longest part it was ever asked for.
    fn numbers(
        count: i64,
    ) -> (
        impl FnMut(Part) -> futures::future::BoxFuture<'static, Result<Rows>>,
        Arc<AtomicI64>,
    ) {
        let longest = Arc::new(AtomicI64::new(0));
        let seen = longest.clone();
        let read = move |part: Part| {
            seen.fetch_max(part.take, Ordering::SeqCst);
            let rows = (part.skip..count.min(part.skip + part.take))
                .map(|n| vec![Cell::Number(n)])
                .collect();
            Box::pin(async move { Ok((rows, count)) }) as futures::future::BoxFuture<'static, _>
        };
        (read, longest)
    }

    #[tokio::test]
    async fn every_row_comes_once_and_never_more_than_a_piece_is_read() {
        for count in [0, 1, A_PIECE - 1, A_PIECE, A_PIECE + 1, 4321] {
            let (read, longest) = numbers(count);
            let answer = list(Format::Csv, "numbers", &["Number"], read)
                .await
                .expect("a file");
            let file = answer
                .into_body()
                .collect()
                .await
                .expect("whole")
                .to_bytes();
            let words = String::from_utf8(file.to_vec()).expect("words");
            let lines: Vec<&str> = words.trim_start_matches(MARK).lines().collect();
            let expected: Vec<String> = std::iter::once("Number".to_owned())
                .chain((0..count).map(|n| n.to_string()))
                .collect();
            assert_eq!(lines, expected);
            assert_eq!(longest.load(Ordering::SeqCst), A_PIECE);
        }
    }

    /// A number of the archive, its small end first.
    fn small(file: &[u8], at: usize, bytes: usize) -> usize {
        let digits = file[at..at + bytes].iter().rev();
        digits.fold(0, |all, byte| all * 256 + usize::from(*byte))
    }

    /// The words of the sheet, found by the archive's table of contents.
    fn sheet(file: &[u8]) -> String {
        let end = file
            .windows(4)
            .rposition(|four| four == b"PK\x05\x06")
            .expect("an end");
        let mut at = small(file, end + 16, 4);
        for _ in 0..small(file, end + 10, 2) {
            let name = small(file, at + 28, 2);
            if &file[at + 46..at + 46 + name] == b"xl/worksheets/sheet1.xml" {
                let own = small(file, at + 42, 4);
                let from = own + 30 + small(file, own + 26, 2) + small(file, own + 28, 2);
                let mut words = String::new();
                DeflateDecoder::new(&file[from..])
                    .read_to_string(&mut words)
                    .expect("a sheet");
                return words;
            }
            at += 46 + name + small(file, at + 30, 2) + small(file, at + 32, 2);
        }
        panic!("no sheet");
    }

    #[tokio::test]
    async fn a_workbook_has_every_row() {
        let (read, _) = numbers(1234);
        let answer = list(Format::Xlsx, "numbers", &["Number"], read)
            .await
            .expect("a file");
        let file = answer
            .into_body()
            .collect()
            .await
            .expect("whole")
            .to_bytes();
        let sheet = sheet(&file);
        assert_eq!(sheet.matches("<row ").count(), 1 + 1234, "and its titles");
        for n in 0..1234 {
            let cell = format!("<v>{n}</v>");
            assert!(sheet.contains(&cell), "{n}");
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_finished_breaks_off() {
        let failing = |part: Part| async move {
            if part.skip == 0 {
                let rows = (0..part.take).map(|n| vec![Cell::Number(n)]).collect();
                Ok((rows, 2 * A_PIECE))
            } else {
                Err(Error::Busy("away"))
            }
        };
        let answer = list(Format::Csv, "numbers", &["Number"], failing)
            .await
            .expect("a beginning");
        assert!(answer.into_body().collect().await.is_err());
        assert!(
            list(Format::Xlsx, "numbers", &["Number"], failing)
                .await
                .is_err()
        );
        // Somebody added a row between two pieces.
        let changing = |part: Part| async move {
            let rows = (0..part.take).map(|n| vec![Cell::Number(n)]).collect();
            Ok((rows, 2 * A_PIECE + i64::from(part.skip > 0)))
        };
        let answer = list(Format::Csv, "numbers", &["Number"], changing)
            .await
            .expect("a beginning");
        assert!(answer.into_body().collect().await.is_err());
    }
}

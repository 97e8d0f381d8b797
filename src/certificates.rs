//! Certificates of attendance: who has earned one, by one rule, and the page that says so, as a PDF that screen readers follow.

mod letters;
mod member;
mod paper;
pub mod rules;
mod store;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};

use self::rules::Standing;
use crate::registers::attendance::Line;
use crate::registers::rules::{Standing as List, standing as list_on};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;

pub use letters::can_write;
pub use paper::Certificate;

/// The member's own.
pub fn routes() -> Routes {
    member::routes()
}

/// How somebody stands on a run with this status that begins and ends at these times. While its list is open its tutor marks
/// them, but not whoever objected to being shown.
pub fn standing(
    app: &App,
    line: &Line,
    status: &str,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
) -> Standing {
    let now = app.clock.now();
    let days = (dates::day_of(starts_at), dates::day_of(ends_at));
    let list = list_on(status, days, dates::day_of(now), app.list_days);
    let may_be_marked = matches!(list, List::Open(_)) && !line.person.kept_back;
    Standing::of(status == "cancelled", ends_at <= now, &line.cells).marked_by_tutor(may_be_marked)
}

/// The certificate of somebody who stands so on a run: its title, when it began and ended, and who led it. None where it is not
/// earned.
pub fn of(
    line: &Line,
    standing: Standing,
    title: &str,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    tutor: Option<&str>,
) -> Option<Certificate> {
    let (came, of) = standing.earned()?;
    Some(Certificate {
        name: line.person.name.clone(),
        course: title.to_owned(),
        came,
        of,
        first: dates::day_of(starts_at),
        last: dates::day_of(ends_at),
        tutor: tutor.map(str::to_owned),
    })
}

/// The certificates as one PDF, a page each, as an answer that no cache keeps. Neither the file's name nor its title says whose
/// they are or which course: it lies about in a folder of downloads.
///
/// # Errors
/// When the PDF cannot be made.
pub fn answer(app: &App, all: &[Certificate], today: NaiveDate) -> Result<Response> {
    let from = format!("{}, {}", app.config.site_name, app.config.area);
    let pdf = paper::pdf(&from, all, today)?;
    let name = match all.len() {
        1 => "certificate",
        _ => "certificates",
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"{name}-{}.pdf\"",
                dates::iso_day(today)
            ),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, pdf).into_response())
}

//! The run that somebody chose before signing up, as the pages show it beside the questions.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::bookings::venue_of;
use crate::read;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::pieces::*;

/// A run that is being booked.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Its id.
    pub run_id: Uuid,
    slug: String,
    title: String,
    place: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    length: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    slug: String,
    title: String,
    venue: Option<String>,
}

/// The run with this id, if people may see it.
pub async fn chosen(app: &App, run_id: Option<Uuid>) -> Result<Option<Chosen>> {
    let Some(run_id) = run_id else {
        return Ok(None);
    };
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT course.slug, course.title, venue.name AS venue FROM run \
             JOIN course ON course.id = run.course_id \
             LEFT JOIN session ON session.run_id = run.id AND session.position = 1 \
             LEFT JOIN venue ON venue.id = ",
            venue_of!("session"),
            " WHERE run.id = $1 AND course.status = 'published' AND run.status <> 'draft'",
        ))
        .bind(run_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let sessions: Vec<(DateTime<Utc>, DateTime<Utc>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT starts_at, ends_at FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let (Some(row), Some((starts_at, ends_at))) = (row, sessions.first().copied()) else {
        return Ok(None);
    };
    let starts: Vec<_> = sessions.iter().map(|(start, _)| *start).collect();
    Ok(Some(Chosen {
        run_id,
        slug: row.slug,
        title: row.title,
        place: row.venue.unwrap_or_else(|| "Online".to_owned()),
        starts_at,
        ends_at,
        length: dates::run_length(&starts),
    }))
}

impl Chosen {
    /// Where it is booked.
    pub fn book_path(&self) -> String {
        format!("/courses/{}/{}/book", self.slug, self.run_id)
    }

    /// The page of its course.
    pub fn course_path(&self) -> String {
        format!("/courses/{}", self.slug)
    }

    /// Its first day in Bath.
    pub fn first_day(&self) -> NaiveDate {
        dates::day_of(self.starts_at)
    }

    /// The sand panel beside a question.
    pub fn reminder(&self, today: NaiveDate) -> AnyView {
        let when = format!(
            "{}. {}",
            dates::day_and_times(self.starts_at, self.ends_at, today),
            self.length
        );
        view! {
            <Reminder leaf=Leaf::of(self.first_day()) course=self.title.clone() when=when place=self.place.clone() />
        }
        .into_any()
    }
}

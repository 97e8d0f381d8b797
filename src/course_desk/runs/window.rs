//! When booking opens and closes by itself: a term is published on a day, and a run takes no more bookings from another.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Datelike as _, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::accounts::said::Said;
use crate::bookings::changes;
use crate::server::http::see;
use crate::server::{App, Result};
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::staff::rights::Courses;
use crate::staff::{By, Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::{read, write_tx};

/// When booking opens and closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
}

/// The parts of a day's field.
const PARTS: [&str; 3] = ["day", "month", "year"];

/// A day and a time that may both be left empty; a day without a time is wrong, and so is what is over by `now`.
pub fn moment(
    check: &mut Check,
    submitted: &Submitted,
    (day, time): (&'static str, &'static str),
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let typed = |part: &str| !submitted.line(&format!("{day}-{part}")).is_empty();
    if !PARTS.into_iter().any(typed) && submitted.line(time).is_empty() {
        return None;
    }
    let words = DateWords {
        missing: "Enter the day, or leave the time empty",
        subject: "The day",
    };
    let date = check.date(day, words);
    let hour = check.text(time, "Enter the time, for example 9am", |typed| {
        one_line_time(typed).ok_or_else(|| TIME_WORDS.to_owned())
    });
    let at = dates::moment(date?.and_time(hour?));
    if at <= now {
        check.error(day, "That time is over. Enter a time to come");
        return None;
    }
    Some(at)
}

/// The fields of a moment as it is.
fn filled(mut form: FormState, (day, time): (&str, &str), at: Option<DateTime<Utc>>) -> FormState {
    if let Some(at) = at {
        let date = dates::day_of(at);
        let parts = [
            date.day().to_string(),
            date.month().to_string(),
            date.year().to_string(),
        ];
        for (part, value) in PARTS.into_iter().zip(parts) {
            form = form.with(format!("{day}-{part}"), value);
        }
        form = form.with(time.to_owned(), dates::time(at));
    }
    form
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    if !run.can_change(app.clock.now()) {
        return Ok(see(&path(&run)));
    }
    let form = filled(FormState::empty(), ("opens", "opens-time"), run.opens_at);
    let form = filled(form, ("closes", "closes-time"), run.closes_at);
    Ok(ask(&app, &desk, &run, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let now = app.clock.now();
    if !run.can_change(now) {
        return Ok(Said::NothingChanged.and_see(&app, &path(&run)));
    }
    let mut check = Check::new(&submitted);
    let opens_at = if run.status == "open" {
        None
    } else {
        moment(&mut check, &submitted, ("opens", "opens-time"), now)
    };
    let closes_at = moment(&mut check, &submitted, ("closes", "closes-time"), now);
    if opens_at.is_some_and(|at| at >= run.ends_at) {
        check.error("opens", "The run is over by then");
    }
    if closes_at.is_some_and(|at| at >= run.ends_at) {
        check.error("closes", "The run is over by then");
    }
    if opens_at.zip(closes_at).is_some_and(|(from, to)| to <= from) {
        check.error("closes", "It must close after it opens");
    }
    if check.failed() {
        return Ok(ask(&app, &desk, &run, check.finish()));
    }
    let window = Window {
        opens_at,
        closes_at,
    };
    keep(&app, desk.by(), run.id, window).await?;
    Ok(Said::PlansSaved.and_see(&app, &path(&run)))
}

async fn keep(app: &App, by: &By, run_id: Uuid, window: Window) -> Result<()> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::RunPlanned)?.about(run_id);
    write_tx!(app.db, |c| {
        // Opened meanwhile, it has nothing to open.
        sqlx::query(
            "UPDATE run SET opens_at = CASE WHEN status <> 'open' THEN $2 END, closes_at = $3, updated_at = $4 WHERE id = $1",
        )
            .bind(run_id)
            .bind(window.opens_at)
            .bind(window.closes_at)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, &entry);
        Ok(())
    })
}

/// Opens these runs at `at`, those that are drafts still.
pub(super) async fn open_later(app: &App, by: &By, runs: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    let now = app.clock.now();
    let mut entries = Vec::new();
    for run in runs {
        entries.push(Entry::by(app, by, Action::RunPlanned)?.about(*run));
    }
    write_tx!(app.db, |c| {
        for (run, entry) in runs.iter().zip(&entries) {
            let planned = sqlx::query(
                "UPDATE run SET opens_at = $2, updated_at = $3 \
                 WHERE id = $1 AND status = 'draft' AND ends_at > $2 AND (closes_at IS NULL OR closes_at > $2)",
            )
            .bind(run)
            .bind(at)
            .bind(now)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if planned == 1 {
                insert_entry!(c, entry);
            }
        }
        Ok(())
    })
}

/// Opens and closes what is due. What cannot be opened, because its course is not on the website, waits until it is.
///
/// # Errors
/// With the last failure; what fails is tried again by the next sweep.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let (open, close): (Vec<Uuid>, Vec<Uuid>) = read!(app.db, |c| {
        let open = sqlx::query_scalar(
            "SELECT run.id FROM run JOIN course ON course.id = run.course_id AND course.status = 'published' \
             WHERE run.opens_at <= $1 AND run.status IN ('draft', 'closed') AND run.ends_at > $1 \
               AND (run.closes_at IS NULL OR run.closes_at > $1) ORDER BY run.opens_at, run.id",
        )
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        let close = sqlx::query_scalar(
            "SELECT run.id FROM run WHERE run.closes_at <= $1 AND run.status = 'open' AND run.ends_at > $1 \
             ORDER BY run.closes_at, run.id",
        )
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        Ok((open, close))
    })?;
    let mut failed = None;
    for id in open {
        if let Err(error) = changes::open(app, id, None).await {
            failed = Some(error);
        }
    }
    for id in close {
        if let Err(error) = changes::close(app, id, None).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

fn ask(app: &App, desk: &Desk<Courses>, run: &Run, form: FormState) -> Response {
    let failed = form.has_errors();
    let title = "When booking opens and closes";
    let is_open = run.status == "open";
    let published = run.published;
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let opens = (!is_open).then(|| {
            view! {
                <h2>"Opens"</h2>
                {(!published).then(|| view! { <p><strong>"The course is not on the website yet. It opens when it is."</strong></p> })}
                <DateField form=&form name="opens" label=Label::bold("Day (optional)") hint="Empty: you open it by hand" />
                <TextField form=&form name="opens-time" label=Label::bold("Time") hint="For example, 9am" class="govuk-input--width-10" />
            }
        });
        view! {
            <div class="wb-measure">
                {back(run)}
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>{run.title.clone()} ": " {run.place()}</p>
                <Form clone:form>
                    {opens}
                    <h2>"Closes"</h2>
                    <DateField form=&form name="closes" label=Label::bold("Day (optional)") hint="Empty: people can book until it begins" />
                    <TextField form=&form name="closes-time" label=Label::bold("Time") hint="For example, 5pm" class="govuk-input--width-10" />
                    <p>"Whoever has a place keeps it when booking closes."</p>
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}

//! A whole term once more: every run that began between two days is copied to new dates, the days off left out anew, and what
//! clashes or is missing is said before anything is kept.

mod model;
mod pages;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{Datelike as _, Days, NaiveDate, TimeDelta};
use uuid::Uuid;

use self::model::{Copy, Term, copies};
use self::pages::{ask, look};
use super::HERE;
use super::add::{self, Plan};
use super::opened;
use crate::accounts::said::Said;
use crate::course_desk::holidays;
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key};
use crate::staff::Desk;
use crate::staff::rights::Courses;
use crate::ui::form::*;

/// The button that was pressed.
const SURE: &str = "sure";
/// More runs than a term has.
const MOST: usize = 200;

pub async fn show(desk: Desk<Courses>, State(app): State<App>) -> Result<Response> {
    let form = FormState::filled([
        (FORM_KEY, form_key::new()?),
        ("holidays", "yes".to_owned()),
        ("school", "yes".to_owned()),
    ]);
    Ok(ask(&app, &desk, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let school = holidays::days(&app).await?;
    let (term, form) = read(&submitted, &school);
    let Some(term) = term else {
        return Ok(ask(&app, &desk, form));
    };
    let patterns = add::patterns(&app, term.from, term.to, MOST + 1).await?;
    if patterns.len() > MOST {
        let sentence = format!("More than {MOST} runs begin between these days. Choose fewer days");
        return Ok(ask(&app, &desk, form.with_error("to", sentence)));
    }
    if patterns.is_empty() {
        let form = form.with_error("from", "No run begins between these days");
        return Ok(ask(&app, &desk, form));
    }
    let copies = copies(&app, &term, patterns).await?;
    let now = app.clock.now();
    let is_cut = |copy: &Copy| copy.plan.meetings.len() < copy.plan.themes.len();
    if copies.iter().any(is_cut) {
        let form = form.with_error(
            "off",
            "So many days are left out that a run never ends. Leave out fewer",
        );
        return Ok(ask(&app, &desk, form));
    }
    let is_over = |copy: &Copy| {
        copy.plan
            .meetings
            .first()
            .is_none_or(|first| first.starts_at <= now)
    };
    if copies.iter().any(is_over) {
        let form = form.with_error(
            "first",
            "Some runs would begin in the past. Enter a later day",
        );
        return Ok(ask(&app, &desk, form));
    }
    let sure = submitted.line(SURE);
    match sure.as_str() {
        "no" => Ok(ask(&app, &desk, form)),
        "draft" | "open" => {
            let ids: Vec<String> = submitted.all("run").collect();
            let is_chosen = |copy: &Copy| ids.contains(&copy.old.to_string());
            if !copies.iter().any(is_chosen) {
                let form = form.with_error("run", "Choose at least one run");
                return Ok(look(&app, &desk, &copies, form));
            }
            let chosen = copies.into_iter().filter(is_chosen).collect();
            keep(&app, &desk, &key, chosen, sure == "open").await
        }
        _ => {
            let mut form = form;
            for copy in &copies {
                form = form.with("run", copy.old.to_string());
            }
            Ok(look(&app, &desk, &copies, form))
        }
    }
}

/// Adds the copies as drafts, all or none, and opens them together if asked.
async fn keep(
    app: &App,
    desk: &Desk<Courses>,
    key: &str,
    copies: Vec<Copy>,
    opens: bool,
) -> Result<Response> {
    let mut plans: Vec<(Uuid, Plan)> = Vec::with_capacity(copies.len());
    for copy in copies {
        let own = format!("{key}/{}", copy.old);
        let id = form_key::id(
            app,
            "run-of-term",
            desk.by().account_id,
            &own,
            &format!("{:?}", copy.plan),
        );
        plans.push((id, copy.plan));
    }
    add::add_all(app, desk.by(), &plans).await?;
    if !opens {
        return Ok(Said::RunsAdded.and_see(app, &format!("{HERE}?group=draft")));
    }
    let ids: Vec<Uuid> = plans.iter().map(|(id, _)| *id).collect();
    opened::open(app, desk, &ids).await
}

fn read(submitted: &Submitted, school: &[(NaiveDate, NaiveDate)]) -> (Option<Term>, FormState) {
    let mut check = Check::new(submitted);
    check.carry(FORM_KEY);
    let mut day = |name: &str, missing: &'static str, subject: &'static str| {
        check.date(name, DateWords { missing, subject })
    };
    let from = day(
        "from",
        "Enter the first day of the old term",
        "The first day of the old term",
    );
    let to = day(
        "to",
        "Enter the last day on which a run of it began",
        "The last day",
    );
    let first = day(
        "first",
        "Enter the first day of the new term",
        "The first day of the new term",
    );
    let holidays_off = check.ticked("holidays");
    let off = add::days_off(&mut check, school);
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            check.error("to", "Enter a day after the first");
        } else if to - from > TimeDelta::days(370) {
            check.error("to", "That is more than a year. Enter an earlier day");
        }
    }
    let weeks = from
        .zip(first)
        .map(|(from, first)| (monday(first) - monday(from)).num_weeks());
    if weeks.is_some_and(|weeks| weeks < 1) {
        check.error(
            "first",
            "The new term must begin in a later week than the old one",
        );
    }
    let form = check.finish();
    let term = (|| {
        Some(Term {
            from: from?,
            to: to?,
            weeks: weeks?,
            holidays_off,
            off: off?,
        })
    })();
    (term.filter(|_| !form.has_errors()), form)
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

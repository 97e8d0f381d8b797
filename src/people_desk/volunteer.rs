//! Volunteers: a status that the team gives, for an organisation, until a day on which it is renewed. The clock ends it.

mod list;
mod pages;
mod store;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{Months, NaiveDate};

use self::store::{Status, latest};
use super::model::Person;
use super::{chosen, path};
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::name as name_rule;
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result, form_key};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::ui::dates;
use crate::ui::form::*;

pub use list::{file, show as list};
pub use store::{LastStatus, Status as Volunteering};
pub(in crate::people_desk) use store::{join_latest_status, status_columns};

/// The longest time between two renewals.
const LONGEST: Months = Months::new(36);
/// More hours in a week than anybody gives.
const MOST_HOURS: i64 = 60;

/// A status about to be given.
struct New {
    organisation: String,
    hours: i64,
    from: NaiveDate,
    renew_by: NaiveDate,
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let today = dates::day_of(app.clock.now());
    let before = latest(&app.db, person.id).await?;
    let mut form = FormState::empty();
    if let Some(before) = &before {
        form = form
            .with("organisation", before.organisation.as_str())
            .with("hours", before.hours_a_week.to_string());
    }
    form = form.with_day("from", today);
    shown(&app, &desk, person, form, form_key::new()?).await
}

/// The form and what was before; the look is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    form: FormState,
    key: String,
) -> Result<Response> {
    audit::looked(app, desk.by(), Action::Looked, None, [person.id]).await?;
    let history = store::history(&app.db, person.id).await?;
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = pages::one(app, desk, person, history, form, key);
    Ok(page(status, Keep::Nothing, html))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if !form_key::is_one(&key) || person.deceased_at.is_some() {
        return Ok(Refusal::BadRequest.into_response());
    }
    let back = path(person.id);
    let now = app.clock.now();
    let before = latest(&app.db, person.id).await?;
    let was = before.as_ref().filter(|status| status.ended_at.is_none());
    let was_words = was.map(Status::line).unwrap_or_default();
    if submitted.line("end") == "yes" {
        let entry = Entry::by(&app, desk.by(), Action::VolunteerChanged)?
            .changed(&app, person.id, &was_words, "")
            .await?;
        store::end(&app, person.id, &entry).await?;
        return Ok(Said::VolunteerEnded.and_see(&app, &back));
    }
    let today = dates::day_of(now);
    let new = match read(Check::new(&submitted), today) {
        Ok(new) => new,
        Err(form) => return shown(&app, &desk, person, form, key).await,
    };
    let status = Status {
        id: form_key::id(&app, "volunteer", desk.by().account_id, &key, ""),
        person_id: person.id,
        organisation: new.organisation,
        hours_a_week: new.hours,
        from_at: dates::start_of(new.from),
        until_at: dates::end_of(new.renew_by),
        created_at: now,
        ended_at: None,
    };
    let entry = Entry::by(&app, desk.by(), Action::VolunteerChanged)?
        .changed(&app, person.id, &was_words, &status.line())
        .await?;
    store::give(&app, &status, desk.by().account_id, &entry).await?;
    Ok(Said::VolunteerSaved.and_see(&app, &back))
}

fn read(mut check: Check<'_>, today: NaiveDate) -> std::result::Result<New, FormState> {
    let organisation = check.text(
        "organisation",
        "Enter the organisation they volunteer for",
        |typed| name_rule(typed, 200, "the organisation’s name"),
    );
    let hours = check.text("hours", "Enter how many hours a week", |typed| {
        typed
            .parse::<i64>()
            .ok()
            .filter(|hours| (1..=MOST_HOURS).contains(hours))
            .ok_or_else(|| format!("Enter a number of hours from 1 to {MOST_HOURS}"))
    });
    let from = check.date(
        "from",
        DateWords {
            missing: "Enter the first day",
            subject: "The first day",
        },
    );
    let renew_by = check.date(
        "renew",
        DateWords {
            missing: "Enter the day until which it is good",
            subject: "The last day",
        },
    );
    if let (Some(from), Some(until)) = (from, renew_by) {
        if until < from || until < today {
            check.error(
                "renew",
                "The last day must be today or later, and after the first",
            );
        } else if from
            .checked_add_months(LONGEST)
            .is_some_and(|most| until > most)
        {
            check.error("renew", "It must be renewed within 3 years");
        }
    }
    match (organisation, hours, from, renew_by, check.failed()) {
        (Some(organisation), Some(hours), Some(from), Some(renew_by), false) => Ok(New {
            organisation,
            hours,
            from,
            renew_by,
        }),
        _ => Err(check.finish()),
    }
}

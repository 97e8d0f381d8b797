//! What a search of the audit finds, as a file.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};

use super::super::search::{self, Found};
use super::{Action, Asked, Read, read_address, searched, what, who};
use crate::accounts::roles::Role;
use crate::server::http::Refusal;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, table_file};
use crate::staff::guards::Desk;
use crate::staff::rights::Audit;
use crate::ui::dates;

const TITLES: [&str; 7] = ["Day", "Time", "Who", "Role", "What", "Whose", "Page"];

pub async fn send(
    desk: Desk<Audit>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let Read { question, .. } = read_address(&app, &asked).await?;
    let Some(mut question) = question else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let now = app.clock.now();
    // What is written from now on is not in it.
    question.to = question.to.min(now);
    question.older_than = None;
    let name = table_file::dated(&app, "record");
    // Each part goes on after the last row of the one before: rows are only ever added, at the other end.
    let last = Arc::new(Mutex::new(None));
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by, last) = (app.clone(), desk.by().clone(), last.clone());
        async move {
            let entry = (part.skip == 0)
                .then(|| searched(&app, &by, Action::AuditDownloaded, Some(&question)))
                .transpose()?;
            let question = search::Question {
                older_than: *last.lock().unwrap_or_else(PoisonError::into_inner),
                ..question
            };
            let found = search::find(&app, &question, part.take, entry.as_ref()).await?;
            let place = found.last().map(|row| (row.at, row.id));
            *last.lock().unwrap_or_else(PoisonError::into_inner) = place;
            Ok((found.into_iter().map(line).collect(), 0))
        }
    })
    .await
}

fn line(row: Found) -> Vec<Cell> {
    let role = Role::of(&row.role).map_or("", Role::words);
    vec![
        dates::iso_day(dates::day_of(row.at)).into(),
        dates::time(row.at).into(),
        who(&row).into(),
        role.into(),
        what(&row).into(),
        row.whose.unwrap_or_default().into(),
        row.page.into(),
    ]
}

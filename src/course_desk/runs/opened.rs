//! What became of opening several runs together: all of them are open, or a page says how many are, which are not, and why.

use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Run;
use super::{HERE, store};
use crate::accounts::said::Said;
use crate::bookings::changes;
use crate::course_desk::courses;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};

/// Opens these runs together, and answers what became of it.
pub async fn open(app: &App, desk: &Desk<Courses>, ids: &[Uuid]) -> Result<Response> {
    let now_open = changes::open_all(app, ids, Some(desk.by())).await?;
    let mut left = Vec::new();
    for id in ids.iter().filter(|id| !now_open.contains(id)) {
        let run = store::run(app, *id).await?;
        // A run that is open already was opened by the first of two presses.
        left.extend(run.filter(|run| run.status != "open"));
    }
    Ok(answer(app, desk, ids.len() - left.len(), &left))
}

const fn why(left: &Run) -> &'static str {
    if left.published {
        "it is over, or somebody else changed it just now."
    } else {
        "its course is not on the website yet, so it stays a draft."
    }
}

/// The answer when `opened` runs are open, and these are not.
fn answer(app: &App, desk: &Desk<Courses>, opened: usize, left: &[Run]) -> Response {
    if left.is_empty() {
        return Said::RunsOpen.and_see(app, &format!("{HERE}?group=open"));
    }
    let title = "Some runs are not open";
    form_in_desk(app, desk.who(), title, HERE, false, || {
        let are = |n: usize| if n == 1 { "is" } else { "are" };
        let sum = match opened {
            0 => "No run was opened.".to_owned(),
            n => format!(
                "{n} {} {} open for booking, {} {} not.",
                if n == 1 { "run" } else { "runs" },
                are(n),
                left.len(),
                are(left.len())
            ),
        };
        let lines: Vec<_> = left.iter().map(line).collect();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav>
                <h1>{title}</h1>
                <p class="wb-lead">{sum}</p>
                <div class="wb-words"><ul>{lines}</ul></div>
            </div>
        }
    })
}

fn line(left: &Run) -> AnyView {
    let href = format!("{HERE}/{}", left.id);
    let course = (!left.published).then(|| {
        let href = format!("{}/{}", courses::HERE, left.course_id);
        let of = format!(" of {}", left.title);
        view! { " " <a href=href>"See the course" <span class="govuk-visually-hidden">{of}</span></a> }
    });
    view! { <li><a href=href>{left.title.clone()}</a> ": " {why(left)} {course}</li> }.into_any()
}

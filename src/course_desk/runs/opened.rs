//! What became of opening several runs together: all of them are open, or a page says how many are, which are not, and why.

use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::HERE;
use crate::accounts::said::Said;
use crate::course_desk::courses;
use crate::server::App;
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};

/// A run that was not opened.
pub struct Left {
    pub run_id: Uuid,
    pub course_id: Uuid,
    pub title: String,
    /// Whether the website shows its course.
    pub published: bool,
}

impl Left {
    const fn why(&self) -> &'static str {
        if self.published {
            "it is over, or somebody else opened or closed it just now."
        } else {
            "its course is not on the website yet, so it stays a draft."
        }
    }
}

/// The answer when `opened` runs are open, and these are not.
pub fn answer(app: &App, desk: &Desk<Courses>, opened: usize, left: &[Left]) -> Response {
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

fn line(left: &Left) -> AnyView {
    let href = format!("{HERE}/{}", left.run_id);
    let course = (!left.published).then(|| {
        let href = format!("{}/{}", courses::HERE, left.course_id);
        let of = format!(" of {}", left.title);
        view! { " " <a href=href>"See the course" <span class="govuk-visually-hidden">{of}</span></a> }
    });
    view! { <li><a href=href>{left.title.clone()}</a> ": " {left.why()} {course}</li> }.into_any()
}

//! Who came to a session without a place, as its tutor noted it: the team makes a booking of it, or there is none to make.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Run;
use super::{Chosen, path};
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::phone_words;
use crate::registers::walk_ins::{WalkIn, done, open_of};
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// Those of a run; the look is written down before they are shown. They are nobody's record yet, so it is about the run.
pub async fn of(app: &App, desk: &Desk<Courses>, run: &Run) -> Result<Vec<WalkIn>> {
    let all = open_of(app, run.id).await?;
    if !all.is_empty() {
        let entry = Entry::by(app, desk.by(), Action::Looked)?.about(run.id);
        audit::note(app, &entry).await?;
    }
    Ok(all)
}

/// One of them is dealt with.
pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let Ok(id) = Uuid::try_parse(&submitted.line("walk-in")) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    done(&app, desk.by(), run.id, id).await?;
    Ok(Said::WalkInDone.and_see(&app, &path(&run)))
}

/// The part of the run's page.
pub fn part(run: &Run, all: Vec<WalkIn>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if all.is_empty() {
        return None;
    }
    let today = dates::day_of(now);
    let action = format!("{}/walk-ins", path(run));
    let rows: Vec<Vec<AnyView>> = all
        .into_iter()
        .map(|one| {
            let phone = one.phone.as_deref().map(|phone| {
                let (href, words) = (tel(phone), phone_words(phone));
                view! { <a href=href>{words}</a> }
            });
            let (id, name) = (one.id.to_string(), one.full_name.clone());
            vec![
                one.full_name.into_any(),
                phone.into_any(),
                dates::day_and_time(one.noted_at, today).into_any(),
                view! {
                    <Form action=action.clone()>
                        <HiddenField name="walk-in" value=id />
                        <button type="submit" class="wb-link-button">
                            "Done" <span class="govuk-visually-hidden">" with " {name}</span>
                        </button>
                    </Form>
                }
                .into_any(),
            ]
        })
        .collect();
    Some(view! {
        <section class="wb-block" aria-labelledby="walk-ins">
            <h2 id="walk-ins">"Came without a place"</h2>
            <p>"The tutor noted them. Book for them, if they want to come again, and then say that it is done."</p>
            <Table caption="Who came without a place" stacks=true columns=vec![
                Column::new("Name"), Column::new("Phone"), Column::new("Noted"), Column::new("Dealt with"),
            ] rows=rows />
        </section>
    })
}

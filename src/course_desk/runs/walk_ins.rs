//! Who came to a session without a place, as its tutor noted it: the team makes a booking of it, or there is none to make.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Place, Run};
use super::{Chosen, path};
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::phone_words;
use crate::registers::walk_ins::{WalkIn, done};
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// Who came without a place, and the places on the run that may be theirs by now.
pub struct Open {
    all: Vec<WalkIn>,
    places: Vec<Place>,
}

/// Writes down, before they are shown, that somebody looks at them. They are nobody's record yet, so it is about the run.
pub async fn opened(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    (all, places): (Vec<WalkIn>, Vec<Place>),
) -> Result<Open> {
    if !all.is_empty() {
        let entry = Entry::by(app, desk.by(), Action::Looked)?.about(run.id);
        audit::note(app, &entry).await?;
    }
    Ok(Open { all, places })
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
    let place = Uuid::try_parse(&submitted.line("place")).ok();
    done(&app, desk.by(), run.id, id, place).await?;
    Ok(Said::WalkInDone.and_see(&app, &path(&run)))
}

/// The bookings to choose from; the one with the same name is chosen.
fn bookings(places: &[Place], name: &str) -> Vec<impl IntoView + use<>> {
    let same = |place: &&Place| place.name.to_lowercase() == name.to_lowercase();
    let chosen = places.iter().find(same).map(|place| place.id);
    let none = view! { <option value=String::new() selected=chosen.is_none()>{"No booking".to_owned()}</option> };
    let rest = places.iter().map(|place| {
        let is_chosen = chosen == Some(place.id);
        view! {
            <option value=place.id.to_string() selected=is_chosen>{place.name.clone()}</option>
        }
    });
    std::iter::once(none).chain(rest).collect()
}

/// The part of the run's page.
pub fn part(run: &Run, open: Open, now: DateTime<Utc>) -> impl IntoView + use<> {
    let Open { all, places } = open;
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
            let whose = format!("The booking of {name}");
            let bookings = bookings(&places, &name);
            vec![
                one.full_name.into_any(),
                phone.into_any(),
                dates::day_and_time(one.noted_at, today).into_any(),
                view! {
                    <Form action=action.clone()>
                        <HiddenField name="walk-in" value=id />
                        <select class="govuk-select" name="place" aria-label=whose>{bookings}</select> " "
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
            <p>"The tutor noted them. Book for them, if they want to come again, and then say which booking is theirs: \
                it counts that they came."</p>
            <Table caption="Who came without a place" stacks=true columns=vec![
                Column::new("Name"), Column::new("Phone"), Column::new("Noted"), Column::new("Dealt with"),
            ] rows=rows />
        </section>
    })
}

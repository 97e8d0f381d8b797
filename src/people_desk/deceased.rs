//! Somebody has died: every message stops in that moment, their places are free, the record is kept.

mod store;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

pub use self::store::mark;
use self::store::{Blocked, Stops};
use super::model::Person;
use super::{HERE, chosen, path};
use crate::accounts::said::Said;
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    audit::looked(&app, desk.by(), Action::Looked, None, [person.id]).await?;
    let now = app.clock.now();
    if let Some(since) = person.deceased_at {
        return Ok(mistake(&app, &desk, person, since));
    }
    let blocked = store::blocked(&app.db, &person).await?;
    let stops = store::stops(&app.db, &person, now).await?;
    Ok(question(&app, &desk, person, blocked, &stops))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let back = path(person.id);
    if submitted.line("undo") == "yes" {
        let entry = Entry::by(&app, desk.by(), Action::DeceasedUndone)?.of(person.id);
        store::undo(&app, person.id, &entry).await?;
        return Ok(Said::DeceasedUndone.and_see(&app, &back));
    }
    if store::blocked(&app.db, &person).await?.is_some() {
        return ask(desk, State(app), Path(id)).await;
    }
    let entry = Entry::by(&app, desk.by(), Action::Deceased)?.of(person.id);
    store::mark(&app, person.id, &entry).await?;
    Ok(Said::Deceased.and_see(&app, &back))
}

fn question(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    blocked: Option<Blocked>,
    stops: &Stops,
) -> Response {
    let title = format!("Has {} died?", person.full_name);
    let happens: Vec<_> = happens(stops)
        .into_iter()
        .map(|words| view! { <li>{words}</li> })
        .collect();
    let html = in_desk(app, desk.who(), &title.clone(), HERE, false, move || {
        let back = path(person.id);
        if let Some(blocked) = blocked {
            return view! {
                <h1>{title}</h1>
                <WarningText>{blocked.words()}</WarningText>
                <p><a href=back>"Back to " {person.full_name}</a></p>
            }
            .into_any();
        }
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">"If you are sure, this happens at once:"</p>
            <ul>{happens}</ul>
            <p>"Nobody is told by us. Their record is kept, and you can take this back if it was a mistake."</p>
            <Form>
                <div class="wb-buttons">
                    <Button kind=ButtonKind::Warning>"Yes, they have died"</Button>
                    <a href=back>"No, go back"</a>
                </div>
            </Form>
        }
        .into_any()
    });
    page(StatusCode::OK, Keep::Nothing, html)
}

/// What happens, in sentences with how many.
fn happens(stops: &Stops) -> Vec<String> {
    let mut all = Vec::new();
    all.push(match stops.places {
        0 => "They have no places, so none becomes free.".to_owned(),
        1 => "Their place becomes free, and whoever is next on the waiting list is offered it."
            .to_owned(),
        n => format!(
            "Their {n} places become free, and whoever is next on the waiting lists is offered them."
        ),
    });
    all.extend(match stops.waiting {
        0 => None,
        1 => Some("They leave 1 waiting list.".to_owned()),
        n => Some(format!("They leave {n} waiting lists.")),
    });
    all.push(match stops.messages {
        0 => "No more emails, texts, letters or calls go to them.".to_owned(),
        1 => "1 message that waits is stopped, and no more go to them.".to_owned(),
        n => format!("{n} messages that wait are stopped, and no more go to them."),
    });
    if stops.newsletter {
        all.push("The newsletter stops.".to_owned());
    }
    if stops.account {
        all.push("Their account is closed, and signed out everywhere.".to_owned());
    }
    all.extend(match stops.representatives {
        0 => None,
        1 => Some("1 account can no longer book for them.".to_owned()),
        n => Some(format!("{n} accounts can no longer book for them.")),
    });
    all
}

fn mistake(app: &App, desk: &Desk<Courses>, person: Person, since: DateTime<Utc>) -> Response {
    let when = dates::day_and_time(since, dates::day_of(app.clock.now()));
    let title = format!("Was it a mistake about {}?", person.full_name);
    let html = in_desk(app, desk.who(), &title.clone(), HERE, false, move || {
        let back = path(person.id);
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">"We noted on " {when} " that they have died. If you take it back:"</p>
            <ul>
                <li>"Their record is as it was, and messages reach them again."</li>
                <li>"Their account opens again. They sign in anew."</li>
                <li>"Whoever booked for them can do so again."</li>
                <li>"Places, waiting lists and the newsletter do not come back: book anew, and ask them."</li>
            </ul>
            <Form>
                <HiddenField name="undo" value="yes" />
                <div class="wb-buttons">
                    <Button>"It was a mistake, take it back"</Button>
                    <a href=back>"Leave it as it is"</a>
                </div>
            </Form>
        }
    });
    page(StatusCode::OK, Keep::Nothing, html)
}

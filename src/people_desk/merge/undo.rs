//! Undoing a merge.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::store::{self, Past, Stays};
use crate::accounts::said::Said;
use crate::people_desk::model::Person;
use crate::people_desk::{HERE, chosen, path};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

impl Stays {
    /// The sentence.
    const fn words(self) -> &'static str {
        match self {
            Self::TooLate => {
                "It is more than 30 days ago, so it cannot be undone any more. If they are two people, add the other one anew."
            }
            Self::NotLast => "A later merge has to be undone first.",
            Self::Died => {
                "One of them has been marked as deceased since. Take that back first, then undo this."
            }
        }
    }
}

async fn found(app: &App, id: &str, merge: &str) -> Result<Option<(Person, Past)>> {
    let (Some(person), Ok(merge)) = (chosen(app, id).await?, Uuid::try_parse(merge)) else {
        return Ok(None);
    };
    let past = store::one(&app.db, person.id, merge).await?;
    Ok(past.map(|past| (person, past)))
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, merge)): Path<(String, String)>,
) -> Result<Response> {
    let Some((person, past)) = found(&app, &id, &merge).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if past.undone_at.is_some() {
        return Ok(see(&path(person.id)));
    }
    shown(&app, &desk, person, past).await
}

async fn shown(app: &App, desk: &Desk<Courses>, person: Person, past: Past) -> Result<Response> {
    let seen = [person.id, past.gone_id];
    audit::looked(app, desk.by(), Action::Looked, None, seen).await?;
    let now = app.clock.now();
    let stays = past.gone.stays(now);
    let status = if stays.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let title = "Undo the merge?";
    let html = in_desk(app, desk.who(), title, HERE, false, move || {
        let back = path(person.id);
        let when = dates::day_and_time(past.gone.merged_at, dates::day_of(now));
        let body = match stays {
            Some(stays) => view! { <WarningText>{stays.words()}</WarningText> }.into_any(),
            None => view! {
                <ul>
                    <li>"Everything that moved goes back. What has come since stays here."</li>
                    <li>"What you put right here since stays, too."</li>
                    <li>"An account that was closed opens again. They sign in anew."</li>
                </ul>
                <Form>
                    <Button kind=ButtonKind::Warning>"Make them two records again"</Button>
                </Form>
            }
            .into_any(),
        };
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">"The record of " {past.gone.name} " went into this one on " {when} "."</p>
            {body}
            <p><a href=back>"Back to " {person.full_name}</a></p>
        }
    });
    Ok(page(status, Keep::Nothing, html))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, merge)): Path<(String, String)>,
    _submitted: Submitted,
) -> Result<Response> {
    let Some((person, past)) = found(&app, &id, &merge).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if past.undone_at.is_some() {
        return Ok(see(&path(person.id)));
    }
    if past.gone.stays(app.clock.now()).is_some() {
        return shown(&app, &desk, person, past).await;
    }
    let entry = Entry::by(&app, desk.by(), Action::MergeUndone)?
        .of(person.id)
        .about(past.gone_id);
    store::undo(&app, &past, &entry).await?;
    Ok(Said::MergeUndone.and_see(&app, &path(person.id)))
}

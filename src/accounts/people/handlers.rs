//! The pages of "People I book for".

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::model::{Holder, Represented};
use super::rules::{self, Facts};
use super::store::{self, Added};
use super::{guardian, pages};
use crate::accounts::guards::Member;
use crate::accounts::model::Who;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_in::handlers::Next;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random::Secret;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::{FORM_KEY, FormState, Submitted};

/// Everybody.
pub const LIST: &str = "/account/people";
/// Somebody new.
pub(crate) const ADD: &str = "/account/people/add";

/// The page of one of them.
pub(crate) fn person_path(id: Uuid) -> String {
    format!("{LIST}/{}", id.simple())
}

/// Where their parent or guardian is named, or agrees.
pub(crate) fn guardian_path(id: Uuid) -> String {
    format!("{}/guardian", person_path(id))
}

pub fn routes() -> Routes {
    Routes::default()
        .get("/account/people", list)
        .get("/account/people/add", ask)
        .post("/account/people/add", add)
        .get("/account/people/{id}", show)
        .post("/account/people/{id}", save)
        .get("/account/people/{id}/guardian", guardian::show)
        .post("/account/people/{id}/guardian", guardian::save)
        .get("/account/people/{id}/remove", ask_remove)
        .post("/account/people/{id}/remove", remove)
}

/// Somebody an account books for, with whose account it is.
pub(super) struct Opened {
    pub person: Represented,
    pub holder: Holder,
}

/// Opens `id`; what belongs to another account is not there.
pub(super) async fn open(app: &App, who: &Who, id: &str) -> Result<Option<Opened>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    let Some(person) = store::one(&app.db, who.account_id, id).await? else {
        return Ok(None);
    };
    let holder = store::holder(&app.db, who).await?;
    Ok(Some(Opened { person, holder }))
}

fn facts<'a>(app: &'a App, holder: &'a Holder) -> Facts<'a> {
    Facts {
        today: dates::day_of(app.clock.now()),
        areas: &app.config.postcodes,
        holder,
    }
}

async fn list(member: Member, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = member.who();
    let heard = Said::heard(&app, &headers);
    let people = store::all(&app.db, who.account_id).await?;
    let html = pages::list(&app, who, &people, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

async fn ask(member: Member, State(app): State<App>, Query(next): Query<Next>) -> Result<Response> {
    let who = member.who();
    let people = store::all(&app.db, who.account_id).await?;
    if people.len() >= rules::MOST {
        return Ok(page(
            StatusCode::OK,
            Keep::Nothing,
            pages::too_many(&app, who),
        ));
    }
    let holder = store::holder(&app.db, who).await?;
    let key = Secret::new()?.text().to_owned();
    let html = pages::add(&app, who, &holder, FormState::empty(), key, next.path());
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

async fn add(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let key = submitted.line(FORM_KEY);
    if key.len() < 16 || key.len() > 100 {
        return Ok(Refusal::BadRequest.into_response());
    }
    let holder = store::holder(&app.db, who).await?;
    let new = match rules::newcomer(&submitted, facts(&app, &holder)) {
        Ok(new) => new,
        Err(form) => {
            let html = pages::add(&app, who, &holder, form, key, next.path());
            return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
        }
    };
    let id = match store::add(&app, who, &key, &new).await? {
        Added::There(id) => id,
        Added::TooMany => {
            let html = pages::too_many(&app, who);
            return Ok(page(StatusCode::CONFLICT, Keep::Nothing, html));
        }
    };
    // Where they came from learns who it is: "…/book?with=".
    let on = next.path().map(|path| {
        if path.ends_with('=') {
            format!("{path}{}", id.simple())
        } else {
            path.to_owned()
        }
    });
    let open = store::one(&app.db, who.account_id, id).await?;
    let today = dates::day_of(app.clock.now());
    if open.is_some_and(|person| guardian::is_open(&person, today)) {
        let path = guardian_path(id);
        return Ok(see(&on.map_or(path.clone(), |next| with_next(&path, &next))));
    }
    Ok(match on {
        Some(path) => see(&path),
        None => Said::DetailsSaved.and_see(&app, LIST),
    })
}

/// `path`, which goes on to `next`.
pub(crate) fn with_next(path: &str, next: &str) -> String {
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    format!("{path}?next={next}")
}

async fn show(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    let Some(opened) = open(&app, who, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let form = rules::filled(&opened.person);
    let html = pages::change(&app, who, &opened, form, next.path());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn save(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let Some(opened) = open(&app, who, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    match rules::details(&submitted, facts(&app, &opened.holder)) {
        Ok(details) => {
            store::save(&app, &opened.person, &details).await?;
            Ok(match next.path() {
                Some(path) => see(path),
                None => Said::DetailsSaved.and_see(&app, LIST),
            })
        }
        Err(form) => {
            let html = pages::change(&app, who, &opened, form, next.path());
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html))
        }
    }
}

async fn ask_remove(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let who = member.who();
    let Some(opened) = open(&app, who, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let now = app.clock.now();
    let coming = store::is_coming(&app.db, opened.person.person_id, now).await?;
    let html = pages::remove(&app, who, &opened.person, coming);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn remove(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    _submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let Some(opened) = open(&app, who, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if store::end(&app, &opened.person).await? {
        Ok(Said::DetailsSaved.and_see(&app, LIST))
    } else {
        let html = pages::remove(&app, who, &opened.person, true);
        Ok(page(StatusCode::CONFLICT, Keep::Nothing, html))
    }
}

//! What the page of the address answers, and the address itself.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::{feed, pages, store};
use crate::accounts::Member;
use crate::accounts::said::{Said, said};
use crate::server::guard::Anyone;
use crate::server::http::{Keep, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Result, signed};
use crate::ui::calendar_file;
use crate::ui::form::Submitted;

/// What an address is signed for.
const PURPOSE: &str = "read my calendar";

/// Every route of "My calendar".
pub fn routes() -> Routes {
    Routes::default()
        .get(pages::PATH, show)
        .post(pages::PATH, answer)
        .get("/my-calendar/{file}", read)
}

/// An address without its scheme and host.
fn path(app: &App, id: Uuid) -> String {
    let token = signed::token(&app.vault, PURPOSE, id);
    format!("/my-calendar/{token}.ics")
}

/// What it is, or the address.
async fn show(member: Member, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let who = member.who();
    let feed = store::of_account(&app.db, who.account_id).await?;
    let path = feed.map(|id| path(&app, id));
    let html = pages::my_calendar(&app, &who.name, path.as_deref(), heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Makes an address, or another one, or takes it away.
async fn answer(member: Member, State(app): State<App>, submitted: Submitted) -> Result<Response> {
    let account_id = member.who().account_id;
    let done = match submitted.line("do").as_str() {
        "make" => {
            store::make(&app, account_id).await?;
            Said::CalendarMade
        }
        "new" => {
            store::renew(&app, account_id).await?;
            Said::CalendarNew
        }
        "off" => {
            store::switch_off(&app, account_id).await?;
            Said::CalendarOff
        }
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    Ok(done.and_see(&app, pages::PATH))
}

/// What a calendar reads. Whoever has the address may: a calendar does not sign in.
async fn read(_: Anyone, State(app): State<App>, Path(file): Path<String>) -> Result<Response> {
    let token = file.strip_suffix(".ics");
    let Some(id) = token.and_then(|token| signed::row(&app.vault, PURPOSE, token)) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(account_id) = store::account_of(&app.db, id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let headers = [
        (header::CONTENT_TYPE, calendar_file::KIND),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    let text = feed::file(&app, account_id).await?;
    Ok((headers, text).into_response())
}

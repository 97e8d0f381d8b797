//! Signed in, but the address is not confirmed yet: "Please open our email first".

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::emails::{self, To};
use super::guards::SignedIn;
use super::limits::Try;
use super::links::{NewLink, Purpose, insert_link};
use super::said::{Said, said};
use super::sign_in::HOME;
use super::sign_in::handlers::{Next, too_many};
use crate::messages;
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;
use crate::write_tx;

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/account/verify", show)
        .post("/account/verify", send)
}

async fn show(signed_in: SignedIn, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = signed_in.who();
    if who.verified {
        return Ok(see(HOME));
    }
    let heard = Said::heard(&app, &headers);
    let email = who.email.clone();
    let html = Page::new("Please open our email first")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                    <h1>"Please open our email first"</h1>
                    <p class="wb-lead">
                        "You have not booked yet. We sent an email to " <strong>{email}</strong>
                        ". Open it and press the button. Then we can save your place."
                    </p>
                    <Form><Button>"Send the email again"</Button></Form>
                    <p><a href="/account/email">"Change my email address"</a></p>
                    <p>"Nothing there? Look in your junk folder, or call " <PhoneLink /> "."</p>
                </div>
            }
        });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

async fn send(
    signed_in: SignedIn,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = signed_in.who();
    if who.verified {
        return Ok(see(HOME));
    }
    if let Some(wait) = too_many(&app, peer, Try::Link, &who.email).await? {
        return Ok(wait);
    }
    let to = To {
        email: &who.email,
        known_as: &who.name,
        person_id: Some(who.person_id),
    };
    send_again(&app, who.account_id, to, next.path().map(str::to_owned)).await?;
    Ok(Said::SentAgain.and_see(&app, &next.kept("/account/verify")))
}

/// Sends the email with which an account's address is confirmed once more.
///
/// # Errors
/// When the database or the vault fails.
pub(crate) async fn send_again(
    app: &App,
    account_id: uuid::Uuid,
    to: To<'_>,
    next: Option<String>,
) -> Result<()> {
    let mut link = NewLink::prepare(app, Purpose::Verify, to.email)?;
    link.account_id = Some(account_id);
    link.next_path = next;
    let letter = emails::verify(app, to, &link, None).await?;
    write_tx!(app.db, |c| {
        insert_link!(c, link);
        messages::insert!(c, &letter);
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

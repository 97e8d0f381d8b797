//! Signing in with a link sent by email.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::handlers::{Next, too_many};
use super::pages::keep_me;
use super::{HOME, store};
use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::emails::{self, To};
use crate::accounts::guards::Visitor;
use crate::accounts::limits::Try;
use crate::accounts::links::{self, NewLink, Purpose, insert_link, use_link};
use crate::accounts::pages::{gone, told};
use crate::accounts::{rules, two_step};
use crate::messages;
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::write_tx;

pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-in/link", ask)
        .post("/sign-in/link", send)
        .get("/sign-in/link-sent", sent)
        .get("/sign-in/link/{token}", open)
        .post("/sign-in/link/{token}", sign_in)
}

async fn ask(_: Visitor, State(app): State<App>, Query(next): Query<Next>) -> Result<Response> {
    Ok(page(
        StatusCode::OK,
        Keep::Journey,
        ask_page(&app, FormState::empty(), &next),
    ))
}

async fn send(
    _: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let email = check.text("email", "Enter your email address", rules::email);
    let form = check.finish();
    let Some(email) = email else {
        let html = ask_page(&app, form, &next);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    };
    if let Some(wait) = too_many(&app, peer, Try::Link, &email).await? {
        return Ok(wait);
    }
    let mut link = NewLink::prepare(&app, Purpose::SignIn, &email)?;
    link.next_path = next.path().map(str::to_owned);
    send_link(&app, link, emails::Asked::SignIn).await?;
    Ok(see("/sign-in/link-sent"))
}

/// Sends a link to the account of an address. Without an account the same is written, and nothing is sent.
pub async fn send_link(app: &App, mut link: NewLink, asked: emails::Asked) -> Result<()> {
    let account = store::by_email(app, &link.email).await?;
    let to = To {
        email: &link.email,
        known_as: account.as_ref().map_or("", |account| &account.name),
        person_id: account.as_ref().map(|account| account.person_id),
    };
    let id = account.as_ref().map(|account| account.id);
    // Asked for everybody: an address without an account takes as long.
    let needs_password = two_step::needs_password(app, id.unwrap_or_default()).await?;
    let letter = if asked == emails::Asked::SignIn && needs_password {
        emails::password_needed(app, to, link.id).await?
    } else {
        link.account_id = id;
        emails::asked(app, to, &link, asked).await?
    };
    let known = account.is_some();
    write_tx!(app.db, |c| {
        insert_link!(c, link);
        if known {
            messages::insert!(c, &letter);
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

async fn sent(_: Visitor, State(app): State<App>) -> Result<Response> {
    let sentence =
        "If that address has an account with us, we have sent it a link. It works for 30 minutes.";
    let html = told(
        &app,
        "Look for our email",
        sentence.to_owned(),
        ("/sign-in", "Back to sign in"),
    );
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

async fn open(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    match links::look(&app, &token, Purpose::SignIn).await? {
        Some(link) if link.account_id.is_some() => {
            let html = open_page(&app, &link.email)?;
            Ok(page(StatusCode::OK, Keep::Nothing, html))
        }
        _ => Ok(gone_page(&app)),
    }
}

async fn sign_in(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let mut live = links::look(&app, &token, Purpose::SignIn).await?;
    let again = live.is_none();
    if again {
        live = links::pressed_again(&app, &token, Purpose::SignIn, &submitted).await?;
    }
    let Some((link, account_id)) = live.and_then(|link| link.account_id.map(|id| (link, id)))
    else {
        return Ok(gone_page(&app));
    };
    // They may have set up a second step since the link was sent.
    if two_step::needs_password(&app, account_id).await? {
        return Ok(gone_page(&app));
    }
    let device = NewDevice::prepare(&app, &headers, submitted.line("keep") == "yes")?;
    let key = links::key_hash(&submitted);
    if again {
        store::another_device(&app, account_id, &device).await?;
    } else if !used(&app, link.id, account_id, &device, key).await? {
        return Ok(gone_page(&app));
    }
    Ok(device.hand_over(&app, see(link.next_path.as_deref().unwrap_or(HOME))))
}

/// Uses the link and signs the device in. Who opened the email has shown that the address is theirs.
async fn used(
    app: &App,
    link_id: Uuid,
    account_id: Uuid,
    device: &NewDevice,
    key: Option<Vec<u8>>,
) -> Result<bool> {
    let now = device.now;
    write_tx!(app.db, |c| {
        if !use_link!(c, link_id, now, &key) {
            return Ok(false);
        }
        sqlx::query("UPDATE account SET email_verified_at = $2, updated_at = $2 WHERE id = $1 AND email_verified_at IS NULL")
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_device!(c, device, account_id);
        Ok(true)
    })
}

fn gone_page(app: &App) -> Response {
    gone(
        app,
        "Links work once, for 30 minutes.",
        "/sign-in/link",
        "Send me a new link",
    )
}

fn ask_page(app: &App, form: FormState, next: &Next) -> String {
    Page::new("Email me a link to sign in")
        .nav(Nav::Account)
        .unlisted()
        .error(form.has_errors())
        .back(next.kept("/sign-in"), "Back")
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"Email me a link to sign in"</h1>
                    <p class="wb-lead">"You do not need a password. The link works for 30 minutes."</p>
                    <Form clone:form>
                        <TextField form=&form name="email" label=Label::bold("Email address") kind="email"
                            autocomplete="username" spellcheck=false class="govuk-input--width-20" />
                        <Button>"Send me a link"</Button>
                    </Form>
                </div>
            }
        })
}

fn open_page(app: &App, email: &str) -> Result<String> {
    let title = format!("Sign in as {email}?");
    let key = links::form_key()?;
    let form = FormState::empty();
    Ok(Page::new("Sign in")
        .nav(Nav::Account)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>{title}</h1>
                    <Form key=key>
                        {keep_me(&form)}
                        <Button>"Yes, sign me in"</Button>
                    </Form>
                </div>
            }
        }))
}

//! A forgotten password: a link, and a new one chosen on the page it opens.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::store;
use super::strength;
use crate::accounts::devices::NewDevice;
use crate::accounts::emails;
use crate::accounts::guards::Visitor;
use crate::accounts::limits::Try;
use crate::accounts::links::{self, Live, NewLink, Purpose};
use crate::accounts::pages::{gone, told};
use crate::accounts::said::Said;
use crate::accounts::sign_in::by_link::send_link;
use crate::accounts::sign_in::handlers::{Next, too_many};
use crate::accounts::sign_in::store::{AccountRow, by_id};
use crate::accounts::{rules, two_step};
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};

pub fn routes() -> Routes {
    Routes::default()
        .get("/forgotten-password", ask)
        .post("/forgotten-password", send)
        .get("/forgotten-password/sent", sent)
        .get("/forgotten-password/{token}", open)
        .post("/forgotten-password/{token}", choose)
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
    let mut link = NewLink::prepare(&app, Purpose::Password, &email)?;
    link.next_path = next.path().map(str::to_owned);
    send_link(&app, link, emails::Asked::Password).await?;
    Ok(see("/forgotten-password/sent"))
}

async fn sent(_: Visitor, State(app): State<App>) -> Result<Response> {
    let sentence = "If that address has an account with us, we have sent it a link to choose a new password. \
                    It works for 30 minutes.";
    let html = told(
        &app,
        "Look for our email",
        sentence.to_owned(),
        ("/sign-in", "Back to sign in"),
    );
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

async fn live(app: &App, token: &str) -> Result<Option<(Live, AccountRow)>> {
    let Some(link) = links::look(app, token, Purpose::Password).await? else {
        return Ok(None);
    };
    let Some(id) = link.account_id else {
        return Ok(None);
    };
    Ok(by_id(app, id).await?.map(|account| (link, account)))
}

async fn open(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    if live(&app, &token).await?.is_none() {
        return Ok(gone_page(&app));
    }
    let html = choose_page(&app, FormState::empty())?;
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn choose(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let Some((link, account)) = live(&app, &token).await? else {
        return Ok(gone_page(&app));
    };
    let mut check = Check::new(&submitted);
    let about: Vec<&str> = account
        .name
        .split(' ')
        .chain(account.email.split(['@', '.']))
        .collect();
    let password = check.password("password", "Enter a password", |typed| {
        strength::check(typed, &about).map(|()| typed.to_owned())
    });
    let form = check.finish();
    let Some(password) = password else {
        let html = choose_page(&app, form)?;
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    };
    let hash = app.accounts.passwords.hash(&password).await?;
    let device = NewDevice::prepare(&app, &headers, false)?;
    if !store::change(&app, &account, &hash, &device, Some(link.id)).await? {
        return Ok(gone_page(&app));
    }
    let to = link.next_path.as_deref().unwrap_or("/account/security");
    let on = two_step::after_password(&app, account.id, to).await?;
    Ok(device.hand_over(&app, Said::PasswordSaved.and_see(&app, &on)))
}

fn gone_page(app: &App) -> Response {
    gone(
        app,
        "Links work once, for 30 minutes.",
        "/forgotten-password",
        "Send me a new link",
    )
}

fn ask_page(app: &App, form: FormState, next: &Next) -> String {
    Page::new("Forgotten your password?")
        .nav(Nav::Account)
        .unlisted()
        .error(form.has_errors())
        .back(next.kept("/sign-in"), "Back")
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"Forgotten your password?"</h1>
                    <p class="wb-lead">"That is easily done. Tell us your email and we will send you a link."</p>
                    <Form clone:form>
                        <TextField form=&form name="email" label=Label::bold("Email address") kind="email"
                            autocomplete="username" spellcheck=false class="govuk-input--width-20" />
                        <Button>"Send me a link"</Button>
                    </Form>
                </div>
            }
        })
}

fn choose_page(app: &App, form: FormState) -> Result<String> {
    let hint = super::hint()?;
    Ok(Page::new("Choose a new password")
        .nav(Nav::Account)
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"Choose a new password"</h1>
                    <Form clone:form>
                        <PasswordField form=&form name="password" label=Label::bold("New password") hint=hint new=true />
                        <Button>"Save my new password"</Button>
                    </Form>
                </div>
            }
        }))
}

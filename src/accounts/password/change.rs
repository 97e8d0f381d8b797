//! Changing a password, or adding one, while signed in.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::{store, strength};
use crate::accounts::devices::NewDevice;
use crate::accounts::devices::store::is_kept;
use crate::accounts::guards::SignedIn;
use crate::accounts::limits::Try;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::Said;
use crate::accounts::sign_in::handlers::too_many;
use crate::accounts::sign_in::store::by_id;
use crate::server::http::{Keep, Peer, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::*;

pub fn routes() -> Routes {
    Routes::default()
        .get("/account/security/password", show)
        .post("/account/security/password", send)
}

async fn show(signed_in: SignedIn, State(app): State<App>) -> Result<Response> {
    let who = signed_in.who();
    let account = by_id(&app, who.account_id).await?;
    let has_one = account.is_some_and(|account| account.password_hash.is_some());
    let html = render(&app, who, FormState::empty(), has_one)?;
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send(
    signed_in: SignedIn,
    State(app): State<App>,
    Peer(peer): Peer,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let who = signed_in.who();
    let Some(account) = by_id(&app, who.account_id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let has_one = account.password_hash.is_some();
    let mut check = Check::new(&submitted);
    let old = if has_one {
        check.password("old-password", "Enter your password now", |typed| {
            Ok(typed.to_owned())
        })
    } else {
        None
    };
    let about: Vec<&str> = account
        .name
        .split(' ')
        .chain(account.email.split(['@', '.']))
        .collect();
    let new = check.password("password", "Enter a password", |typed| {
        if old.as_deref() == Some(typed) {
            return Err("Choose one that is different from the one you have now".to_owned());
        }
        strength::check(typed, &about).map(|()| typed.to_owned())
    });
    let again = |form: FormState| -> Result<Response> {
        let html = render(&app, who, form, has_one)?;
        Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html))
    };
    if check.failed() {
        return again(check.finish());
    }
    let Some(new) = new else {
        return again(check.finish());
    };
    if let Some(old) = old {
        if let Some(wait) = too_many(&app, peer, Try::Password, &account.email).await? {
            return Ok(wait);
        }
        let fits = app
            .accounts
            .passwords
            .fits(&old, account.password_hash.as_deref())
            .await?;
        if !fits {
            let sentence =
                "That is not your password now. Try again, or use “I have forgotten my password”";
            return again(check.finish().with_error("old-password", sentence));
        }
    }
    let hash = app.accounts.passwords.hash(&new).await?;
    let kept = is_kept(&app, who.device_id).await?;
    let mut device = NewDevice::prepare(&app, &headers, kept)?;
    if who.two_step {
        // They are here, so they have taken it.
        device = device.after_second_step();
    }
    store::change(&app, &account, &hash, &device, None).await?;
    Ok(device.hand_over(&app, Said::PasswordSaved.and_see(&app, "/account/security")))
}

fn render(app: &App, who: &Who, form: FormState, has_one: bool) -> Result<String> {
    let hint = super::hint()?;
    let title = if has_one {
        "Change your password"
    } else {
        "Add a password"
    };
    let failed = form.has_errors();
    Ok(in_account(
        app,
        who,
        title,
        "/account/security",
        failed,
        move || {
            view! {
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <Form clone:form>
                    {has_one.then(|| view! {
                        <PasswordField form=&form name="old-password" label=Label::bold("Your password now") />
                    })}
                    <PasswordField form=&form name="password" label=Label::bold("New password") hint=hint new=true />
                    <p>"You will be signed out on your other devices."</p>
                    <div class="wb-buttons">
                        <Button>"Save my new password"</Button>
                        <a href="/forgotten-password">"I have forgotten my password"</a>
                    </div>
                </Form>
            }
        },
    ))
}

//! A new sign-in address: confirmed at the new one, told at the old one.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::emails::{self, To};
use super::guards::{SignedIn, Visitor};
use super::limits::Try;
use super::links::{self, NewLink, Purpose, insert_link, use_link};
use super::model::Who;
use super::pages::{gone, in_account, told};
use super::rules;
use super::said::{Said, said};
use super::sign_in::handlers::too_many;
use super::sign_in::store::{AccountRow, by_email, by_id};
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
        .get("/account/email", show)
        .post("/account/email", send)
        .get("/account/email/sent", sent)
        .get("/change-email/{token}", open)
        .post("/change-email/{token}", confirm)
}

async fn show(signed_in: SignedIn, State(app): State<App>) -> Result<Response> {
    let who = signed_in.who();
    let has_password = password_hash(&app, who).await?.is_some();
    let html = render(&app, who, FormState::empty(), has_password);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send(
    signed_in: SignedIn,
    State(app): State<App>,
    Peer(peer): Peer,
    submitted: Submitted,
) -> Result<Response> {
    let who = signed_in.who();
    let mut check = Check::new(&submitted);
    let new = check.text("email", "Enter your new email address", |typed| {
        let new = rules::email(typed)?;
        if new.eq_ignore_ascii_case(&who.email) {
            return Err("That is the address we have already".to_owned());
        }
        Ok(new)
    });
    // Whoever finds a phone signed in must not take the account away with a new address.
    let hash = password_hash(&app, who).await?;
    let password = hash.is_some().then(|| {
        check.password("password", "Enter your password", |typed| {
            Ok(typed.to_owned())
        })
    });
    let again = |form: FormState| {
        let html = render(&app, who, form, hash.is_some());
        Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html))
    };
    let (Some(new), false) = (new, check.failed()) else {
        return again(check.finish());
    };
    if let Some(wait) = too_many(&app, peer, Try::Link, &who.email).await? {
        return Ok(wait);
    }
    if let Some(Some(password)) = password {
        if let Some(wait) = too_many(&app, peer, Try::Password, &who.email).await? {
            return Ok(wait);
        }
        if !app
            .accounts
            .passwords
            .fits(&password, hash.as_deref())
            .await?
        {
            let sentence =
                "That is not your password. Try again, or use “I have forgotten my password”";
            return again(check.finish().with_error("password", sentence));
        }
    }
    let own = Own {
        account_id: who.account_id,
        person_id: who.person_id,
        name: &who.name,
        email: &who.email,
    };
    ask(&app, own, &new).await?;
    Ok(see("/account/email/sent"))
}

async fn password_hash(app: &App, who: &Who) -> Result<Option<String>> {
    let account = by_id(app, who.account_id).await?;
    Ok(account.and_then(|account| account.password_hash))
}

/// The account whose address is to be another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own<'a> {
    pub account_id: uuid::Uuid,
    pub person_id: uuid::Uuid,
    pub name: &'a str,
    pub email: &'a str,
}

/// Writes to both addresses. When the new one has an account, it hears that instead; nobody here can tell.
pub(crate) async fn ask(app: &App, who: Own<'_>, new: &str) -> Result<()> {
    let taken = by_email(app, new).await?;
    let mut link = NewLink::prepare(app, Purpose::ChangeEmail, new)?;
    link.account_id = Some(who.account_id);
    let known_as = taken
        .as_ref()
        .map_or(who.name, |account| account.name.as_str());
    let to_new = To {
        email: new,
        known_as,
        person_id: None,
    };
    let to_old = To {
        email: who.email,
        known_as: who.name,
        person_id: Some(who.person_id),
    };
    let first = if taken.is_some() {
        emails::has_account(app, to_new, link.id).await?
    } else {
        emails::confirm_email(app, to_new, &link).await?
    };
    let second = emails::email_changed(app, to_old, new, false, link.id).await?;
    let now = link.now;
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE email_link SET used_at = $2 \
             WHERE account_id = $1 AND purpose = 'change-email' AND used_at IS NULL",
        )
        .bind(who.account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        insert_link!(c, link);
        messages::insert!(c, &first);
        messages::insert!(c, &second);
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

async fn sent(_: SignedIn, State(app): State<App>) -> Result<Response> {
    let sentence = "We have sent it to your new address. We use your old address until you press the button in it.";
    let html = told(
        &app,
        "Open our email",
        sentence.to_owned(),
        ("/account/security", "Back to your account"),
    );
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

async fn open(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let Some(link) = links::look(&app, &token, Purpose::ChangeEmail).await? else {
        return Ok(gone_page(&app));
    };
    let title = format!("Use {} from now on?", link.email);
    let html = Page::new("Use this address from now on?")
        .nav(Nav::Account)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>{title}</h1>
                    <Form><Button>"Use this address"</Button></Form>
                </div>
            }
        });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn confirm(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let link = links::look(&app, &token, Purpose::ChangeEmail).await?;
    let Some((link, account_id)) = link.and_then(|link| link.account_id.map(|id| (link, id)))
    else {
        return Ok(gone_page(&app));
    };
    let Some(account) = by_id(&app, account_id).await? else {
        return Ok(gone_page(&app));
    };
    if by_email(&app, &link.email).await?.is_some() || !change(&app, &account, &link).await? {
        return Ok(gone_page(&app));
    }
    let heard = Said::heard(&app, &headers);
    let path = if visitor.who().is_some() {
        "/account/security"
    } else {
        "/sign-in"
    };
    Ok(said(&app, heard, Said::EmailChanged.and_see(&app, path)))
}

/// Uses the new address from now on; the contact address goes with it where the two were the same.
async fn change(app: &App, account: &AccountRow, link: &links::Live) -> Result<bool> {
    let now = app.clock.now();
    let to = To {
        email: &account.email,
        known_as: &account.name,
        person_id: Some(account.person_id),
    };
    let cause = app.id()?;
    let letter = emails::email_changed(app, to, &link.email, true, cause).await?;
    write_tx!(app.db, |c| {
        if !use_link!(c, link.id, now) {
            return Ok(false);
        }
        sqlx::query("UPDATE account SET email = $2, email_verified_at = $3, updated_at = $3 WHERE id = $1")
            .bind(account.id)
            .bind(&link.email)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE person SET email = $2, updated_at = $3 WHERE id = $1 AND lower(email) = lower($4)")
            .bind(account.person_id)
            .bind(&link.email)
            .bind(now)
            .bind(&account.email)
            .execute(&mut *c)
            .await?;
        // The newsletter goes where they read their mail now, unless that address has its own choice.
        sqlx::query(
            "UPDATE subscription SET email = $2, updated_at = $4 WHERE person_id = $1 AND lower(email) = lower($3) \
             AND NOT EXISTS (SELECT 1 FROM subscription other WHERE lower(other.email) = lower($2))",
        )
        .bind(account.person_id)
        .bind(&link.email)
        .bind(&account.email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "UPDATE subscription SET status = 'off', updated_at = $3 \
             WHERE person_id = $1 AND lower(email) = lower($2) AND status <> 'off'",
        )
        .bind(account.person_id)
        .bind(&account.email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        // Links that were sent to the old address work no more.
        sqlx::query("UPDATE email_link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL")
            .bind(account.id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        messages::insert!(c, &letter);
        Ok(true)
    })
    .inspect(|_| app.messages.wake())
}

fn gone_page(app: &App) -> Response {
    gone(
        app,
        "Links work for 24 hours and only once.",
        "/account/email",
        "Send me a new one",
    )
}

fn render(app: &App, who: &Who, form: FormState, has_password: bool) -> String {
    let failed = form.has_errors();
    let now = who.email.clone();
    in_account(
        app,
        who,
        "What is your new email address?",
        "/account/security",
        failed,
        move || {
            view! {
                <ErrorSummary form=&form />
                <h1>"What is your new email address?"</h1>
                <p>"Now it is " <strong>{now}</strong> "."</p>
                <Form clone:form>
                    <TextField form=&form name="email" label=Label::bold("New email address") kind="email"
                        autocomplete="email" spellcheck=false class="govuk-input--width-20"
                        hint="We send an email to it. We use your old address until you press the button in that email." />
                    {has_password.then(|| view! {
                        <PasswordField form=&form name="password" label=Label::bold("Your password") />
                    })}
                    <div class="wb-buttons">
                        <Button>"Send the email"</Button>
                        {has_password.then(|| view! {
                            <a href="/forgotten-password">"I have forgotten my password"</a>
                        })}
                    </div>
                </Form>
                <p>"No way to read email now? Call " <PhoneLink /> " and we will help."</p>
            }
        },
    )
}

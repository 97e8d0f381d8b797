//! The page that an invitation's link opens.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::PURPOSE;
use super::store::{self, Accepted, Invited, Joining, Newcomer};
use crate::accounts::devices::NewDevice;
use crate::accounts::guards::Visitor;
use crate::accounts::pages::gone_for_good;
use crate::accounts::password::{self, strength};
use crate::accounts::sign_in::store::{AccountRow, by_email};
use crate::server::http::{Keep, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result, signed};
use crate::staff::audit::{Action, Entry};
use crate::staff::letters::invited_as;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};

pub fn routes() -> Routes {
    Routes::default()
        .get("/staff-invitation/{token}", show)
        .post("/staff-invitation/{token}", send)
}

/// How whoever opened the link can say yes.
enum Way {
    /// They have no account: they choose a password.
    New,
    /// They are signed in to the account of that address.
    Here(AccountRow, Uuid),
    /// That address has an account; they sign in first.
    SignIn,
}

async fn look(app: &App, token: &str, visitor: &Visitor) -> Result<Option<(Invited, Way)>> {
    let Some(id) = signed::row(&app.vault, PURPOSE, token) else {
        return Ok(None);
    };
    let Some(invitation) = store::live(app, id).await? else {
        return Ok(None);
    };
    let way = match by_email(app, &invitation.email).await? {
        None => Way::New,
        Some(account) => match visitor.who() {
            Some(who) if who.account_id == account.id => Way::Here(account, who.device_id),
            _ => Way::SignIn,
        },
    };
    Ok(Some((invitation, way)))
}

async fn show(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some((invitation, way)) = look(&app, &token, &visitor).await? else {
        return Ok(gone(&app));
    };
    let html = render(&app, &token, &invitation, &way, FormState::empty())?;
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let Some((invitation, way)) = look(&app, &token, &visitor).await? else {
        return Ok(gone(&app));
    };
    let joining = match way {
        Way::SignIn => return Ok(see(&sign_in(&token))),
        Way::Here(account, device_id) => {
            let joining = Joining::Account {
                account_id: account.id,
                device_id,
            };
            (joining, account.person_id)
        }
        Way::New => {
            let mut check = Check::new(&submitted);
            let about: Vec<&str> = invitation
                .full_name
                .split(' ')
                .chain(invitation.email.split(['@', '.']))
                .collect();
            let password = check.password("password", "Enter a password", |typed| {
                strength::check(typed, &about).map(|()| typed.to_owned())
            });
            let Some(password) = password else {
                let html = render(&app, &token, &invitation, &Way::New, check.finish())?;
                return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
            };
            let person_id = app.id()?;
            let new = Newcomer {
                account_id: app.id()?,
                person_id,
                representation_id: app.id()?,
                password_hash: app.accounts.passwords.hash(&password).await?,
                device: NewDevice::prepare(&app, &headers, false)?,
            };
            (Joining::Newcomer(Box::new(new)), person_id)
        }
    };
    let (joining, person_id) = joining;
    let account_id = match &joining {
        Joining::Account { account_id, .. } => *account_id,
        Joining::Newcomer(new) => new.account_id,
    };
    let entry = Entry::on(&app, "/staff-invitation", Action::Joined)?
        .account(Some(account_id))
        .about(invitation.id)
        .changed(
            &app,
            person_id,
            "",
            &invited_as(invitation.roles, invitation.organisation.as_deref()),
        )
        .await?;
    Ok(
        match store::accept(&app, &invitation, &joining, &entry).await? {
            Accepted::Gone => gone(&app),
            Accepted::HasAccount => see(&sign_in(&token)),
            Accepted::Yes => match joining {
                Joining::Account { .. } => see("/desk"),
                Joining::Newcomer(new) => new.device.hand_over(&app, see("/desk")),
            },
        },
    )
}

fn sign_in(token: &str) -> String {
    format!("/sign-in?next=%2Fstaff-invitation%2F{token}")
}

fn gone(app: &App) -> Response {
    gone_for_good(
        app,
        "Invitations work once, for 7 days. Whoever invited you can send another.",
    )
}

fn render(
    app: &App,
    token: &str,
    invitation: &Invited,
    way: &Way,
    form: FormState,
) -> Result<String> {
    let hint = password::hint()?;
    let sentence = format!(
        "Hello {}. {} would like you to work on this site as: {}.",
        invitation.full_name,
        app.config.site_name,
        invited_as(invitation.roles, invitation.organisation.as_deref())
    );
    let email = invitation.email.clone();
    let has_account = match way {
        Way::New => None,
        Way::Here(..) => Some(true),
        Way::SignIn => Some(false),
    };
    let sign_in = sign_in(token);
    Ok(Page::new("You are invited to the team")
        .nav(Nav::Account)
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            let next = view! {
                <p>"Next you set up a code on your phone. Whoever sees other people’s details here signs in with both."</p>
            };
            let body = match has_account {
                None => view! {
                    <p>"You will sign in with " <strong>{email}</strong> " and a password of your own."</p>
                    <Form clone:form>
                        <PasswordField form=&form name="password" label=Label::bold("Choose a password") hint=hint new=true />
                        {next}
                        <Button>"Say yes and go on"</Button>
                    </Form>
                }
                .into_any(),
                Some(true) => view! {
                    <p>"This adds it to your own account, " <strong>{email}</strong> "."</p>
                    <Form>{next} <Button>"Say yes and go on"</Button></Form>
                }
                .into_any(),
                Some(false) => view! {
                    <p><strong>{email}</strong> " has an account with us. Sign in first, then say yes."</p>
                    <ButtonLink href=sign_in>"Sign in"</ButtonLink>
                }
                .into_any(),
            };
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"You are invited to the team"</h1>
                    <p class="wb-lead">{sentence}</p>
                    {body}
                </div>
            }
        }))
}

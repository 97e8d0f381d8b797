//! The page that the email's link opens, and its button, which finishes the sign-up.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::draft;
use super::handlers::beside;
use super::rules::AgeBand;
use super::store::{self, Finished, Outcome};
use crate::accounts::devices::NewDevice;
use crate::accounts::guards::Visitor;
use crate::accounts::links::{self, Live, Purpose};
use crate::accounts::pages::gone;
use crate::accounts::password::{self, strength};
use crate::accounts::sign_in::HOME;
use crate::accounts::sign_in::pages::keep_me;
use crate::accounts::sign_in::store::{another_device, by_email};
use crate::bookings::ChosenPlace;
use crate::server::http::cookies::Cookie;
use crate::server::http::{Keep, page, see};
use crate::server::routes::Routes;
use crate::server::vault::RecordClass;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::PhoneLink;

pub fn routes() -> Routes {
    Routes::default()
        .get("/verify/{token}", show)
        .post("/verify/{token}", send)
}

/// What a live link finishes.
enum Opened {
    SignUp(Box<draft::Draft>),
    Account(uuid::Uuid),
}

async fn open(app: &App, token: &str) -> Result<Option<(Live, Opened)>> {
    let Some(link) = links::look(app, token, Purpose::Verify).await? else {
        return Ok(None);
    };
    if let Some(account_id) = link.account_id {
        return Ok(Some((link, Opened::Account(account_id))));
    }
    let Some(draft_id) = link.draft_id else {
        return Ok(None);
    };
    // The address may have been changed after this link was sent: then only the newer link counts.
    let draft = draft::by_id(app, draft_id).await?;
    Ok(draft
        .filter(|draft| draft.content.answers.email == link.email)
        .map(|draft| (link, Opened::SignUp(Box::new(draft)))))
}

async fn show(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let key = links::form_key()?;
    let html = match open(&app, &token).await? {
        None => return Ok(gone_page(&app)),
        Some((link, Opened::Account(_))) => confirm_page(&app, &link.email, key),
        Some((_, Opened::SignUp(draft))) if is_unfinished(&app, &draft).await? => {
            return Ok(unfinished_page(&app));
        }
        Some((link, Opened::SignUp(draft))) => {
            choose_page(&app, &link.email, &draft, FormState::empty(), key).await?
        }
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Whether an answer was changed after the email was sent, so that another question has to be answered now (a new
/// date of birth asks for a parent or guardian).
async fn is_unfinished(app: &App, draft: &draft::Draft) -> Result<bool> {
    let beside = beside(app, draft.content.run).await?;
    let answers = &draft.content.answers;
    Ok(answers.open_question(beside.first_day()).is_some())
}

/// The button was pressed twice: the account is there, and this browser has not heard of it.
async fn pressed_again(
    app: &App,
    token: &str,
    headers: &HeaderMap,
    submitted: &Submitted,
) -> Result<Response> {
    let Some(link) = links::pressed_again(app, token, Purpose::Verify, submitted).await? else {
        return Ok(gone_page(app));
    };
    let Some(account) = by_email(app, &link.email).await? else {
        return Ok(gone_page(app));
    };
    let device = NewDevice::prepare(app, headers, submitted.line("keep") == "yes")?;
    another_device(app, account.id, &device).await?;
    Ok(device.hand_over(app, see(link.next_path.as_deref().unwrap_or(HOME))))
}

async fn send(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let key = links::key_hash(&submitted);
    let (link, draft) = match open(&app, &token).await? {
        None => return pressed_again(&app, &token, &headers, &submitted).await,
        Some((link, Opened::Account(account_id))) => {
            let device = NewDevice::prepare(&app, &headers, false)?;
            let done = store::confirm(&app, link.id, account_id, &device, key).await?;
            let to = link.next_path.as_deref().unwrap_or(HOME);
            return Ok(if done {
                device.hand_over(&app, see(to))
            } else {
                gone_page(&app)
            });
        }
        Some((link, Opened::SignUp(draft))) => (link, draft),
    };
    if is_unfinished(&app, &draft).await? {
        return Ok(unfinished_page(&app));
    }
    let answers = draft.content.answers.clone();
    let mut check = Check::new(&submitted);
    let how = check.choice(
        "how",
        "Choose how you want to sign in",
        &["password", "link"],
    );
    let mut about: Vec<&str> = answers.full_name.split(' ').collect();
    about.extend(answers.preferred_name.as_deref());
    about.extend(answers.email.split(['@', '.']));
    let year = answers
        .born
        .map(|born| born.format("%Y").to_string())
        .unwrap_or_default();
    about.push(&year);
    let password = if how == Some("password") {
        check.password("password", "Enter a password", |typed| {
            strength::check(typed, &about).map(|()| typed.to_owned())
        })
    } else {
        None
    };
    if check.failed() {
        let key = submitted.line(FORM_KEY);
        let html = choose_page(&app, &link.email, &draft, check.finish(), key).await?;
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let password_hash = match &password {
        Some(password) => Some(app.accounts.passwords.hash(password).await?),
        None => None,
    };
    let beside = beside(&app, draft.content.run).await?;
    let path = draft.content.goes_on_to(beside.chosen.as_ref());
    let person_id = app.id()?;
    let young = answers.band(beside.first_day()) == Some(AgeBand::Under16);
    let guardian_id = match answers.guardian.as_ref().filter(|_| young) {
        Some(_) => Some(app.id()?),
        None => None,
    };
    let all = Finished {
        link_id: link.id,
        next_path: path.clone(),
        draft_id: draft.id,
        password_hash,
        key,
        device: NewDevice::prepare(&app, &headers, submitted.line("keep") == "yes")?,
        account_id: app.id()?,
        person_id,
        representation_id: app.id()?,
        guardian_id,
        now: app.clock.now(),
        answers,
    };
    match store::finish(&app, &all).await? {
        Outcome::LinkGone | Outcome::HasAccount => Ok(gone_page(&app)),
        Outcome::Done => {
            // The account is there whatever becomes of the draft's key; a sweep clears what is left.
            if let Err(error) = app.vault.destroy(draft.id, RecordClass::Draft).await {
                tracing::warn!(%error, "the key of a finished sign-up");
            }
            let mut response = all.device.hand_over(&app, see(&path));
            response.headers_mut().append(
                axum::http::header::SET_COOKIE,
                Cookie::Draft.clear(&app.config),
            );
            Ok(response)
        }
    }
}

fn gone_page(app: &App) -> Response {
    gone(
        app,
        "Links work for 24 hours and only once.",
        "/sign-up/open-email",
        "Send me a new one",
    )
}

/// An answer that is missing now: where to give it.
fn unfinished_page(app: &App) -> Response {
    let html = Page::new("There is one more question")
        .journey()
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"There is one more question"</h1>
                    <p class="wb-lead">
                        "An answer was changed after we sent this email. Please go back to the phone or computer you \
                        started on, and answer the question that is left. We will send you a new email."
                    </p>
                    <div class="wb-buttons">
                        <ButtonLink href="/sign-up/answers">"Go to my answers"</ButtonLink>
                    </div>
                    <p>"Or call us on " <PhoneLink /> ". We can help."</p>
                </div>
            }
        });
    page(StatusCode::OK, Keep::Nothing, html)
}

async fn choose_page(
    app: &App,
    email: &str,
    draft: &draft::Draft,
    form: FormState,
    key: String,
) -> Result<String> {
    let hint = password::hint()?;
    let place = match draft.content.run {
        Some(run) => ChosenPlace::load(app, draft.id, run).await?,
        None => None,
    };
    let email = email.to_owned();
    Ok(Page::new("Make your account")
        .journey()
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"Make your account"</h1>
                    <p class="wb-lead">
                        "Is " <strong>{email}</strong> " yours? Choose how you want to sign in, and press the button."
                    </p>
                    <Form key=key clone:form>
                        <Radios form=&form name="how" label=Label::part("How do you want to sign in?") choices=vec![
                            Choice::new("link", "Email me a link each time").hint("Nothing to remember"),
                            Choice::new("password", "With a password"),
                        ] />
                        <PasswordField form=&form name="password" label=Label::bold("Password, if you want one") hint=hint
                            new=true />
                        {keep_me(&form)}
                        <Button>"Make my account and go on"</Button>
                    </Form>
                    {place.map(|place| place.view(app))}
                </div>
            }
        }))
}

fn confirm_page(app: &App, email: &str, key: String) -> String {
    let email = email.to_owned();
    Page::new("Is this your email address?")
        .journey()
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"Is this your email address?"</h1>
                    <p class="wb-lead"><strong>{email}</strong></p>
                    <Form key=key><Button>"Yes, this is mine"</Button></Form>
                </div>
            }
        })
}

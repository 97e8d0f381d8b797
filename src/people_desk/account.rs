//! The address that somebody signs in with: sending its confirmation again, and putting a mistyped one right. It counts only when
//! whoever reads it has confirmed it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Person;
use super::{HERE, chosen, path, store};
use crate::accounts::email_change::{self, Own};
use crate::accounts::emails::To;
use crate::accounts::limits::{self, Allowed, Try};
use crate::accounts::rules::{email, known_as};
use crate::accounts::said::Said;
use crate::accounts::unverified;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The account of somebody, with its address.
fn account_of(person: &Person) -> Option<(Uuid, &str)> {
    person.account_id.zip(person.account_email.as_deref())
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some((account_id, _)) = account_of(&person) else {
        return Ok(see(&path(person.id)));
    };
    if store::works_here(&app.db, account_id, app.clock.now()).await? {
        return not_by_us(&app, &desk, &person, StatusCode::OK).await;
    }
    shown(&app, &desk, &person, FormState::empty()).await
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some((account_id, own)) = account_of(&person) else {
        return Ok(see(&path(person.id)));
    };
    if store::works_here(&app.db, account_id, app.clock.now()).await? {
        return not_by_us(&app, &desk, &person, StatusCode::CONFLICT).await;
    }
    let mut check = Check::new(&submitted);
    let again = submitted.line("again") == "yes" && !person.verified;
    let new = if again {
        Some(own.to_owned())
    } else {
        check.text("email", "Enter the right email address", |typed| {
            let new = email(typed)?;
            if new.eq_ignore_ascii_case(own) {
                return Err("That is the address we have already".to_owned());
            }
            Ok(new)
        })
    };
    let Some(new) = new else {
        return shown(&app, &desk, &person, check.finish()).await;
    };
    if let Allowed::After { minutes } = limits::count(&app, Try::Link, own).await? {
        check.error(
            "email",
            format!("That is many emails in a short time. Wait {minutes} minutes, then try again"),
        );
        return shown(&app, &desk, &person, check.finish()).await;
    }
    let entry = Entry::by(&app, desk.by(), Action::ConfirmationSent)?
        .changed(&app, person.id, own, &new)
        .await?;
    audit::note(&app, &entry).await?;
    let name = known_as(person.preferred_name.as_deref(), &person.full_name);
    if again {
        let to = To {
            email: own,
            known_as: name,
            person_id: Some(person.id),
        };
        unverified::send_again(&app, account_id, to, None).await?;
    } else {
        let account = Own {
            account_id,
            person_id: person.id,
            name,
            email: own,
        };
        email_change::ask(&app, account, &new).await?;
    }
    Ok(Said::ConfirmationSent.and_see(&app, &path(person.id)))
}

/// What stands there for whoever works here: with the address one would have their rights.
async fn not_by_us(
    app: &App,
    desk: &Desk<Courses>,
    person: &Person,
    status: StatusCode,
) -> Result<Response> {
    audit::looked(app, desk.by(), Action::Looked, None, [person.id]).await?;
    let title = format!("The account of {}", person.full_name);
    let back = path(person.id);
    let html = in_desk(app, desk.who(), &title.clone(), HERE, false, move || {
        view! {
            <h1>{title}</h1>
            <WarningText>"They work here. Ask an owner to put their address right."</WarningText>
            <p><a href=back>"Back to their page"</a></p>
        }
    });
    Ok(page(status, Keep::Nothing, html))
}

/// The form; the look at whose account it is, is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: &Person,
    form: FormState,
) -> Result<Response> {
    audit::looked(app, desk.by(), Action::Looked, None, [person.id]).await?;
    let failed = form.has_errors();
    let title = format!("The account of {}", person.full_name);
    Ok(form_in_desk(
        app,
        desk.who(),
        &title.clone(),
        HERE,
        failed,
        || {
            let back = path(person.id);
            let own = person.account_email.clone();
            let again = (!person.verified).then(|| {
            view! {
                <p>"It is not confirmed yet. Until then nothing can be booked with it on the website."</p>
                <Form>
                    <HiddenField name="again" value="yes" />
                    <Button kind=ButtonKind::Outlined>"Send the email to confirm it again"</Button>
                </Form>
            }
        });
            view! {
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to their page"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p class="wb-lead">"They sign in with " {own} "."</p>
                {again}
                <h2>"Is the address mistyped?"</h2>
                <p>"We write to the right one. They sign in with it when they have pressed the button in that email. We tell the old address, too."</p>
                <Form clone:form>
                    <TextField form=&form name="email" label=Label::bold("The right email address") kind="email" spellcheck=false
                        class="govuk-input--width-20" />
                    <Button>"Send the email"</Button>
                </Form>
            }
        },
    ))
}

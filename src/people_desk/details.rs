//! Putting right how somebody is reached: a mistyped number, a new address.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Person;
use super::{HERE, chosen, path};
use crate::accounts::rules::email;
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules;
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry, insert_entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::write_tx;

/// How somebody is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
}

impl Contact {
    /// Reads the fields; the same in each form of this desk.
    pub fn read(check: &mut Check<'_>) -> Self {
        Self {
            phone: check.optional("phone", rules::phone),
            email: check.optional("email", email),
            address: check.optional("address", |typed| at_most(typed, 300)),
            town: check.optional("town", |typed| at_most(typed, 100)),
            postcode: check.optional("postcode", rules::postcode),
        }
    }

    /// Whether there is any way to reach them.
    pub fn is_empty(&self) -> bool {
        self.phone.is_none() && self.email.is_none() && self.address.is_none()
    }

    /// In a line, for the record.
    pub fn words(&self, name: &str) -> String {
        let rest = [
            &self.phone,
            &self.email,
            &self.address,
            &self.town,
            &self.postcode,
        ];
        let rest = rest.into_iter().flatten().map(String::as_str);
        let all: Vec<&str> = std::iter::once(name).chain(rest).collect();
        all.join("; ")
    }
}

fn at_most(typed: &str, longest: usize) -> std::result::Result<String, String> {
    if typed.chars().count() > longest {
        Err(format!("Use {longest} letters or fewer"))
    } else {
        Ok(typed.to_owned())
    }
}

/// What is said where nothing is typed at all.
pub const NO_WAY: &str =
    "Enter a phone number, an email address or a postal address, so that we can reach them";

/// The fields of [`Contact`]; `with_email` is false where the address is that of an account.
pub fn fields(form: &FormState, with_email: bool) -> impl IntoView + use<> {
    let email = with_email.then(|| {
        view! {
            <TextField form name="email" label=Label::bold("Email address") kind="email" spellcheck=false
                class="govuk-input--width-20" />
        }
    });
    view! {
        <TextField form name="phone" label=Label::bold("Phone number") kind="tel" class="govuk-input--width-20" />
        {email}
        <TextField form name="address" label=Label::bold("House and street") spellcheck=false />
        <TextField form name="town" label=Label::bold("Town") spellcheck=false class="govuk-input--width-20" />
        <TextField form name="postcode" label=Label::bold("Postcode") spellcheck=false class="govuk-input--width-10" />
    }
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    audit::looked(&app, desk.by(), Action::Looked, None, [person.id]).await?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let form = FormState::filled([
        ("full-name", person.full_name.clone()),
        ("phone", person.phone_words().unwrap_or_default()),
        ("email", text(&person.email)),
        ("address", text(&person.address)),
        ("town", text(&person.town)),
        ("postcode", text(&person.postcode)),
    ]);
    Ok(shown(&app, &desk, &person, form, StatusCode::OK))
}

fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: &Person,
    form: FormState,
    status: StatusCode,
) -> Response {
    let title = format!("Details of {}", person.full_name);
    let account = person.account_email.clone();
    let back = path(person.id);
    let failed = form.has_errors();
    let html = in_desk(app, desk.who(), &title.clone(), HERE, failed, move || {
        let with_email = account.is_none();
        let own = account.map(|email| {
            view! {
                <p>"They sign in with " {email} ". They change it in their account, so that the new address is confirmed."</p>
            }
        });
        view! {
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <p>"What it was and what it is now are written down."</p>
            {own}
            <Form>
                <TextField form=&form name="full-name" label=Label::bold("Full name") spellcheck=false
                    class="govuk-input--width-20" />
                {fields(&form, with_email)}
                <div class="wb-buttons">
                    <Button>"Save"</Button>
                    <a href=back>"Leave it as it is"</a>
                </div>
            </Form>
        }
    });
    page(status, Keep::Nothing, html)
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
    let mut check = Check::new(&submitted);
    let name = check.text("full-name", "Enter their name", |typed| {
        rules::name(typed, 200, "their name")
    });
    let mut contact = Contact::read(&mut check);
    if person.account_id.is_some() {
        contact.email.clone_from(&person.email);
    }
    if contact.is_empty() && !check.failed() {
        check.error("phone", NO_WAY);
    }
    let (Some(name), false) = (name, check.failed()) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        audit::looked(&app, desk.by(), Action::Looked, None, [person.id]).await?;
        return Ok(shown(&app, &desk, &person, check.finish(), status));
    };
    save(&app, &desk, &person, &name, &contact).await?;
    Ok(Said::DetailsSaved.and_see(&app, &path(person.id)))
}

async fn save(
    app: &App,
    desk: &Desk<Courses>,
    person: &Person,
    name: &str,
    contact: &Contact,
) -> Result<()> {
    let before = Contact {
        phone: person.phone.clone(),
        email: person.email.clone(),
        address: person.address.clone(),
        town: person.town.clone(),
        postcode: person.postcode.clone(),
    };
    let (was, is) = (before.words(&person.full_name), contact.words(name));
    if was == is {
        return Ok(());
    }
    let now = app.clock.now();
    let entry = Entry::by(app, desk.by(), Action::DetailsChanged)?
        .changed(app, person.id, &was, &is)
        .await?;
    let no_fixed_address =
        person.no_fixed_address && contact.postcode.is_none() && contact.address.is_none();
    let out_of_area = contact
        .postcode
        .as_deref()
        .is_some_and(|postcode| !rules::in_area(postcode, &app.config.postcodes));
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE person SET full_name = $2, phone = $3, email = $4, address = $5, town = $6, postcode = $7, \
                    no_fixed_address = $8, out_of_area = $9, updated_at = $10 WHERE id = $1",
        )
        .bind(person.id)
        .bind(name)
        .bind(&contact.phone)
        .bind(&contact.email)
        .bind(&contact.address)
        .bind(&contact.town)
        .bind(&contact.postcode)
        .bind(no_fixed_address)
        .bind(out_of_area)
        .bind(now)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, &entry);
        Ok(())
    })
}

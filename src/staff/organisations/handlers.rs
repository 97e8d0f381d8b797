//! The pages of organisations: the course team adds, renames and closes them; whoever invites staff invites their coordinators.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{Coordinator, HERE, Named, Organisation, name_rule, pages, store};
use crate::accounts::roles::{Role, Roles};
use crate::accounts::rules;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_up::rules::name as person_rule;
use crate::server::http::{Keep, Refusal, in_address, page, see};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, form_key, table_file};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::guards::Desk;
use crate::staff::invitations::{self, NewInvitation};
use crate::staff::rights::{StaffAccounts, Teaching};
use crate::ui::dates;
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};
use crate::ui::list::Asked;

/// The pages of organisations.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list)
        .get("/desk/organisations/list.csv", file)
        .get("/desk/organisations/list.xlsx", file)
        .get("/desk/organisations/add", show_add)
        .post("/desk/organisations/add", send_add)
        .get("/desk/organisations/{id}", show)
        .get("/desk/organisations/{id}/name", show_name)
        .post("/desk/organisations/{id}/name", send_name)
        .get("/desk/organisations/{id}/close", show_close)
        .post("/desk/organisations/{id}/close", send_close)
        .get("/desk/organisations/{id}/invite", show_invite)
        .post("/desk/organisations/{id}/invite", send_invite)
        .get(
            "/desk/organisations/{id}/coordinators/{account}",
            show_take_off,
        )
        .post(
            "/desk/organisations/{id}/coordinators/{account}",
            send_take_off,
        )
}

/// The organisation whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Organisation);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::one(app, id)).await?;
        Ok(Self(found))
    }
}

/// An organisation, and the one of its coordinators whose number stands in the address.
struct ChosenCoordinator(Organisation, Coordinator);

impl FromRequestParts<App> for ChosenCoordinator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Chosen(organisation) = Chosen::from_request_parts(parts, app).await?;
        let coordinator = in_address(parts, app, "account", async |account| {
            let all = store::coordinators(app, organisation.id).await?;
            Ok(all.into_iter().find(|one| one.account_id == account))
        })
        .await?;
        Ok(Self(organisation, coordinator))
    }
}

fn shown(html: String) -> Response {
    page(StatusCode::OK, Keep::Nothing, html)
}

async fn list(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let number = asked.page();
    let (all, count) = store::list(&app, &words, sort, Part::page(number, store::A_PAGE)).await?;
    let heard = Said::heard(&app, &headers);
    let html = pages::list(
        &app,
        desk.who(),
        all,
        (&words, sort),
        (number, count),
        heard,
    );
    Ok(said(&app, heard, shown(html)))
}

const TITLES: [&str; 4] = ["Name", "Runs now and to come", "Coordinators", "Closed on"];

fn line(one: Organisation) -> Vec<Cell> {
    let closed = one.ended_at.map(|at| dates::iso_day(dates::day_of(at)));
    vec![
        one.name.into(),
        one.runs.into(),
        one.coordinators.into(),
        closed.unwrap_or_default().into(),
    ]
}

/// The same list as a file, with all of them.
async fn file(
    _: Desk<Teaching>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let name = table_file::dated(&app, "organisations");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, words) = (app.clone(), words.clone());
        async move {
            let (all, count) = store::list(&app, &words, sort, part).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

async fn show(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let known = pages::Known {
        runs: store::runs(&app, organisation.id).await?,
        coordinators: store::coordinators(&app, organisation.id).await?,
        invited: invitations::open_at(&app, organisation.id).await?,
    };
    let people: Vec<_> = known.coordinators.iter().map(|one| one.person_id).collect();
    let about = Some(organisation.id);
    audit::looked(&app, desk.by(), Action::Looked, about, people).await?;
    let html = pages::one(&app, desk.who(), &organisation, known, heard);
    Ok(said(&app, heard, shown(html)))
}

async fn show_add(desk: Desk<Teaching>, State(app): State<App>) -> Result<Response> {
    let form = FormState::filled([(FORM_KEY, form_key::new()?)]);
    Ok(pages::name(&app, desk.who(), None, form))
}

const TAKEN: &str = "An organisation with this name is there already";

fn name_of(check: &mut Check) -> Option<String> {
    check.text("name", "Enter the name of the organisation", name_rule)
}

async fn send_add(
    desk: Desk<Teaching>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let name = name_of(&mut check);
    let mut form = check.finish();
    if let Some(name) = name {
        let id = form_key::id(
            &app,
            "organisation-by-desk",
            desk.by().account_id,
            &key,
            &name,
        );
        if store::one(&app, id).await?.is_some() {
            // The first of two presses added it.
            return Ok(Said::OrganisationSaved.and_see(&app, &format!("{HERE}/{id}")));
        }
        let entry = Entry::by(&app, desk.by(), Action::OrganisationAdded)?
            .changed_there(&app, id, "", &name)
            .await?;
        if store::add(&app, id, &name, &entry).await? == Named::Yes {
            return Ok(Said::OrganisationSaved.and_see(&app, &format!("{HERE}/{id}")));
        }
        form = form.with_error("name", TAKEN);
    }
    Ok(pages::name(&app, desk.who(), None, form))
}

async fn show_name(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
) -> Response {
    if organisation.is_closed() {
        return see(&organisation.path());
    }
    let form = FormState::filled([("name", organisation.name.clone())]);
    pages::name(&app, desk.who(), Some(&organisation), form)
}

async fn send_name(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let name = name_of(&mut check);
    let mut form = check.finish();
    if let Some(name) = name {
        if name == organisation.name {
            return Ok(see(&organisation.path()));
        }
        let entry = Entry::by(&app, desk.by(), Action::OrganisationRenamed)?
            .changed_there(&app, organisation.id, &organisation.name, &name)
            .await?;
        match store::rename(&app, organisation.id, &name, &entry).await? {
            Named::Yes => {
                return Ok(Said::OrganisationSaved.and_see(&app, &organisation.path()));
            }
            Named::Closed => return Ok(see(&organisation.path())),
            Named::Taken => form = form.with_error("name", TAKEN),
        }
    }
    Ok(pages::name(&app, desk.who(), Some(&organisation), form))
}

async fn show_close(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
) -> Response {
    if organisation.is_closed() {
        return see(&organisation.path());
    }
    shown(pages::close(&app, desk.who(), &organisation))
}

async fn send_close(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
) -> Result<Response> {
    let entry = Entry::by(&app, desk.by(), Action::OrganisationClosed)?
        .changed_there(&app, organisation.id, "working with us", "closed")
        .await?;
    store::close(&app, organisation.id, &entry).await?;
    Ok(Said::OrganisationClosed.and_see(&app, &organisation.path()))
}

async fn show_invite(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
) -> Response {
    if organisation.is_closed() {
        return see(&organisation.path());
    }
    pages::invite(&app, desk.who(), &organisation, FormState::empty())
}

async fn send_invite(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(organisation): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    if organisation.is_closed() {
        return Ok(see(&organisation.path()));
    }
    let mut check = Check::new(&submitted);
    let name = check.text("full-name", "Enter their full name", |typed| {
        person_rule(typed, 200, "their name")
    });
    let email = check.text("email", "Enter their email address", rules::email);
    if let Some(email) = &email
        && store::coordinates(&app, organisation.id, email).await?
    {
        check.error("email", "They coordinate this organisation already");
    }
    let failed = check.failed();
    let form = check.finish();
    let (Some(name), Some(email), false) = (name, email, failed) else {
        return Ok(pages::invite(&app, desk.who(), &organisation, form));
    };
    let roles: Roles = [Role::Coordinator].into_iter().collect();
    let mut invitation = NewInvitation::prepare(&app, name, email, roles)?;
    invitation.organisation = Some((organisation.id, organisation.name.clone()));
    let entry = Entry::by(&app, desk.by(), Action::Invited)?.about(invitation.id);
    invitations::invite(&app, &invitation, &entry).await?;
    Ok(Said::InvitationSent.and_see(&app, &organisation.path()))
}

async fn show_take_off(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    ChosenCoordinator(organisation, coordinator): ChosenCoordinator,
) -> Response {
    shown(pages::take_off(
        &app,
        desk.who(),
        &organisation,
        &coordinator,
    ))
}

async fn send_take_off(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    ChosenCoordinator(organisation, coordinator): ChosenCoordinator,
) -> Result<Response> {
    let was = format!("coordinator of {}", organisation.name);
    let entry = Entry::by(&app, desk.by(), Action::CoordinatorRemoved)?
        .about(organisation.id)
        .changed(&app, coordinator.person_id, &was, "")
        .await?;
    store::take_off(&app, organisation.id, coordinator.account_id, &entry).await?;
    Ok(Said::CoordinatorRemoved.and_see(&app, &organisation.path()))
}

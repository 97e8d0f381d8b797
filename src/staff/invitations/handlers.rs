//! Inviting somebody, and taking an invitation back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::store::{self, FreeTutor};
use super::{NewInvitation, accept, invite};
use crate::accounts::model::Who;
use crate::accounts::roles::Role;
use crate::accounts::rules;
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::name as name_rule;
use crate::server::http::{Keep, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::audit::{Action, Entry};
use crate::staff::desk::in_desk;
use crate::staff::guards::Desk;
use crate::staff::rights::StaffAccounts;
use crate::staff::team::handlers::{HERE, ticked_roles};
use crate::staff::team::pages::role_boxes;
use crate::ui::form::*;

/// The pages of invitations.
pub fn routes() -> Routes {
    Routes::default()
        .get("/desk/staff/invite", show)
        .post("/desk/staff/invite", send)
        .post("/desk/staff/invitations/withdraw", withdraw)
        .and(accept::routes())
}

async fn show(desk: Desk<StaffAccounts>, State(app): State<App>) -> Result<Response> {
    let tutors = store::free_tutors(&app).await?;
    let html = render(&app, desk.who(), tutors, FormState::empty());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let tutors = store::free_tutors(&app).await?;
    let mut check = Check::new(&submitted);
    let name = check.text("full-name", "Enter their full name", |typed| {
        name_rule(typed, 200, "their name")
    });
    let email = check.text("email", "Enter their email address", rules::email);
    let roles = ticked_roles(&mut check);
    let ids: Vec<String> = tutors.iter().map(|tutor| tutor.id.to_string()).collect();
    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    let tutor = check
        .choice("tutor", "", &known)
        .and_then(|id| Uuid::try_parse(id).ok());
    if tutor.is_some() && roles.is_some_and(|roles| !roles.has(Role::Tutor)) {
        check.error(
            "tutor",
            "Tick Tutor above as well, or choose “Nobody in the list”",
        );
    }
    let failed = check.failed();
    let form = check.finish();
    let (Some(name), Some(email), Some(roles), false) = (name, email, roles, failed) else {
        let html = render(&app, desk.who(), tutors, form);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    };
    let mut invitation = NewInvitation::prepare(&app, name, email, roles)?;
    invitation.tutor_id = tutor;
    let entry = Entry::by(&app, desk.by(), Action::Invited)?.about(invitation.id);
    invite(&app, &invitation, &entry).await?;
    Ok(Said::InvitationSent.and_see(&app, HERE))
}

async fn withdraw(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let Ok(id) = Uuid::try_parse(&submitted.line("id")) else {
        return Ok(see(HERE));
    };
    let entry = Entry::by(&app, desk.by(), Action::InvitationWithdrawn)?.about(id);
    Ok(if store::withdraw(&app, id, &entry).await? {
        Said::InvitationWithdrawn.and_see(&app, HERE)
    } else {
        see(HERE)
    })
}

fn render(app: &App, who: &Who, tutors: Vec<FreeTutor>, form: FormState) -> String {
    let failed = form.has_errors();
    in_desk(app, who, "Invite somebody", HERE, failed, move || {
        let mut choices = vec![Choice::new("", "Nobody in the list")];
        choices.extend(
            tutors
                .into_iter()
                .map(|tutor| Choice::new(tutor.id.to_string(), tutor.full_name)),
        );
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All staff"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Invite somebody to the team"</h1>
                <p>"They get an email with a link that works for 7 days. They choose a password and set up a code on their phone."</p>
                <Form clone:form>
                    <TextField form=&form name="full-name" label=Label::bold("Full name") spellcheck=false
                        class="govuk-input--width-20" />
                    <TextField form=&form name="email" label=Label::bold("Email address")
                        hint="Their own, not one that others read" kind="email" spellcheck=false class="govuk-input--width-20" />
                    {role_boxes(&form)}
                    <Select form=&form name="tutor" label=Label::bold("If they are a tutor, who are they on the site?")
                        choices=choices />
                    <Button>"Send the invitation"</Button>
                </Form>
            </div>
        }
    })
}

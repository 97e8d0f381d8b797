//! Entering a code in one's account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::rules;
use super::store::{self, Claim};
use crate::accounts::Member;
use crate::accounts::limits::Try;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::Said;
use crate::accounts::sign_in::handlers::too_many;
use crate::people_desk::merge::store::{self as merges, Merged, Merging};
use crate::people_desk::merge::values::PARTS;
use crate::people_desk::store as people;
use crate::server::http::{Keep, Peer, page};
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The page.
pub const HERE: &str = "/account/claim";

/// The same for a code that is none, one that has run out, and a birthday that is not theirs.
const WRONG: &str = "We do not know this code with this date of birth. Check both, or call us. A code works once, for 14 days";

pub async fn show(member: Member, State(app): State<App>) -> Result<Response> {
    let html = render(&app, member.who(), FormState::empty());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

pub async fn send(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let mut check = Check::new(&submitted);
    let code = check.text("code", "Enter your code", |typed| {
        rules::plain(typed)
            .ok_or_else(|| "Enter the 12 letters and figures of your code".to_owned())
    });
    let born = check.date(
        "date-of-birth",
        DateWords {
            missing: "Enter your date of birth",
            subject: "Your date of birth",
        },
    );
    let again = |form: FormState| {
        let html = render(&app, who, form);
        page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html)
    };
    let (Some(code), Some(born), false) = (code, born, check.failed()) else {
        return Ok(again(check.finish()));
    };
    if let Some(wait) = too_many(&app, peer, Try::Claim, &who.email).await? {
        return Ok(wait);
    }
    let Some(claim) = store::claim(&app, &code, born).await? else {
        return Ok(again(check.finish().with_error("code", WRONG)));
    };
    if taken_over(&app, who, claim).await? {
        store::end(&app, claim, who.account_id, "claimed").await?;
        return Ok(Said::Claimed.and_see(&app, "/account/bookings"));
    }
    store::end(&app, claim, who.account_id, "refused").await?;
    let html = in_account(&app, who, "Please call us", HERE, false, || {
        view! {
            <h1>"Please call us"</h1>
            <p class="wb-lead">
                "Your code is right, but we cannot put everything together by ourselves. Perhaps you have two places on one date."
            </p>
            <p>"Nothing is lost. The team sees that you have tried. Call " <PhoneLink /> " and we will do it with you."</p>
        }
    });
    Ok(page(StatusCode::CONFLICT, Keep::Nothing, html))
}

/// The record of the code goes into that of the account, by the same way as at the people desk; false when something stands
/// between.
async fn taken_over(app: &App, who: &Who, claim: Claim) -> Result<bool> {
    let now = app.clock.now();
    let (Some(kept), Some(gone)) = (
        people::person(&app.db, who.person_id, now).await?,
        people::person(&app.db, claim.person_id, now).await?,
    ) else {
        return Ok(false);
    };
    // The same code again, after a break between the two steps: it is done already.
    if kept.id == gone.id {
        return Ok(true);
    }
    // Another account has been made for this record meanwhile, or it is somebody else's: the team has to look.
    let another = kept.date_of_birth.is_some() && kept.date_of_birth != gone.date_of_birth;
    let has_account = gone.account_id.is_some();
    if another || has_account || merges::blocked(&app.db, &kept, &gone, now).await?.is_some() {
        return Ok(false);
    }
    let (Some(own), Some(theirs)) = (
        merges::values(&app.db, kept.id).await?,
        merges::values(&app.db, gone.id).await?,
    ) else {
        return Ok(false);
    };
    let silent = PARTS.into_iter().map(|(part, _)| part);
    let taken = silent
        .filter(|part| own.is_silent(part) && !theirs.is_silent(part))
        .collect();
    let by = By::themselves(who, HERE);
    let merging = Merging {
        id: claim.id,
        kept: &kept,
        gone: &gone,
        taken,
        entry: Entry::by(app, &by, Action::Claimed)?
            .of(kept.id)
            .about(gone.id),
    };
    Ok(merges::merge(app, &merging).await? == Merged::Done)
}

fn render(app: &App, who: &Who, form: FormState) -> String {
    let failed = form.has_errors();
    let title = "Do you have a code from us?";
    in_account(app, who, title, HERE, failed, move || {
        view! {
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <p>"Have you booked with us by phone, by letter or in person? With the code that we give you, those bookings come into your account."</p>
            <Form clone:form>
                <TextField form=&form name="code" label=Label::bold("Your code") spellcheck=false
                    hint="12 letters and figures, for example 7K4C-2MQH-9XWD" class="govuk-input--width-20" />
                <DateField form=&form name="date-of-birth" label=Label::bold("Your date of birth") hint="For example, 31 3 1952" />
                <Button>"Go on"</Button>
            </Form>
            <p>"No code? Call " <PhoneLink /> " and we will give you one."</p>
        }
    })
}

//! "Password and sign-in": where somebody is signed in, and signing out there.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::store::{self, DeviceRow};
use crate::accounts::guards::SignedIn;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_in::handlers::forget;
use crate::accounts::sign_in::store::by_id;
use crate::server::http::{Keep, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub fn routes() -> Routes {
    Routes::default()
        .get("/account/security", show)
        .post("/account/security/devices", end_one)
        .post("/account/security/sign-out-everywhere", end_all)
}

async fn show(signed_in: SignedIn, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = signed_in.who();
    let now = app.clock.now();
    let heard = Said::heard(&app, &headers);
    let devices: Vec<DeviceRow> = store::of_account(&app.db, who.account_id, now)
        .await?
        .into_iter()
        .filter(|device| device.sitting(who.roles).lasts(now))
        .collect();
    let account = by_id(&app, who.account_id).await?;
    let has_password = account.is_some_and(|account| account.password_hash.is_some());
    let html = render(&app, who, devices, has_password, heard, now);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

async fn end_one(
    signed_in: SignedIn,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let who = signed_in.who();
    let Ok(id) = Uuid::try_parse(&submitted.line("device")) else {
        return Ok(see("/account/security"));
    };
    store::end(&app.db, who.account_id, id, app.clock.now()).await?;
    Ok(if id == who.device_id {
        forget(&app, Said::SignedOut.and_see(&app, "/sign-in"))
    } else {
        Said::DeviceOut.and_see(&app, "/account/security")
    })
}

async fn end_all(signed_in: SignedIn, State(app): State<App>) -> Result<Response> {
    store::end_all(&app.db, signed_in.who().account_id, app.clock.now()).await?;
    Ok(forget(
        &app,
        Said::SignedOutEverywhere.and_see(&app, "/sign-in"),
    ))
}

fn render(
    app: &App,
    who: &Who,
    devices: Vec<DeviceRow>,
    has_password: bool,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> String {
    let today = dates::day_of(now);
    let this = who.device_id;
    let rows: Vec<Vec<AnyView>> = devices
        .into_iter()
        .map(|device| {
            let name = if device.id == this {
                format!("This one: {}", device.label)
            } else {
                device.label.clone()
            };
            let out = view! {
                <form method="post" action="/account/security/devices">
                    <input type="hidden" name="device" value=device.id.to_string() />
                    <button type="submit" class="wb-link-button">
                        "Sign out" <span class="govuk-visually-hidden">" " {device.label}</span>
                    </button>
                </form>
            };
            vec![
                name.into_any(),
                dates::day_and_time(device.seen_at, today).into_any(),
                out.into_any(),
            ]
        })
        .collect();
    let (email, two_step) = (who.email.clone(), who.two_step);
    in_account(
        app,
        who,
        "Password and sign-in",
        "/account/security",
        false,
        move || {
            view! {
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <h1>"Password and sign-in"</h1>
                <section class="wb-block" aria-labelledby="how">
                    <h2 id="how">"How you sign in"</h2>
                    <SummaryList rows=vec![
                        SummaryRow::new("Email address", email).change("/account/email"),
                        if has_password {
                            SummaryRow::new("Password", "You have one").change("/account/security/password")
                        } else {
                            SummaryRow::new("Password", "You sign in with a link by email.")
                                .action("/account/security/password", "Add")
                        },
                        SummaryRow::new("Two-step sign-in", if two_step { "On" } else { "Off" })
                            .change("/account/two-step"),
                    ] />
                </section>
                <section class="wb-block" aria-labelledby="devices">
                    <h2 id="devices">"Where you are signed in"</h2>
                    <Table caption="Where you are signed in" stacks=true columns=vec![
                        Column::new("Device"), Column::new("Last used"), Column::new("Sign out"),
                    ] rows=rows />
                    <Form action="/account/security/sign-out-everywhere" class="wb-buttons">
                        <Button kind=ButtonKind::Outlined>"Sign out everywhere"</Button>
                    </Form>
                </section>
            }
        },
    )
}

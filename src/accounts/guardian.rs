//! A parent or guardian agrees, from a link of their own. Bookings that waited for it count from then on.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::guards::Visitor;
use super::links::{self, Purpose, use_link};
use super::pages::gone_for_good;
use crate::bookings::venue_of;
use crate::privacy::consents::{Channel, Consent, Wording, record};
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;
use crate::{read, write_tx};

/// The version of the words that a parent or guardian agrees to.
const VERSION: &str = "1";

/// Somebody's parent or guardian, ready to be written.
#[derive(Debug)]
pub(super) struct Named<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// Full name.
    pub full_name: &'a str,
    /// Email address.
    pub email: Option<&'a str>,
    /// Phone number, E.164.
    pub phone: Option<&'a str>,
    /// When they agreed, if it was they who named themselves.
    pub agreed_at: Option<DateTime<Utc>>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Writes [`Named`] inside a transaction. Somebody new is asked anew; a link that was sent to the other one opens nothing
/// any more.
macro_rules! name {
    ($c:expr, $named:expr) => {{
        let named: &$crate::accounts::guardian::Named<'_> = $named;
        sqlx::query(
            "UPDATE email_link SET used_at = $2 WHERE used_at IS NULL \
             AND guardian_id IN (SELECT id FROM guardian WHERE person_id = $1)",
        )
        .bind(named.person_id)
        .bind(named.now)
        .execute(&mut *$c)
        .await?;
        sqlx::query(
            "INSERT INTO guardian (id, person_id, full_name, email, phone, agreed_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(named.id)
        .bind(named.person_id)
        .bind(named.full_name)
        .bind(named.email)
        .bind(named.phone)
        .bind(named.agreed_at)
        .bind(named.now)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(super) use name;

pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/guardian/{token}", show)
        .post("/guardian/{token}", answer)
}

#[derive(Clone, sqlx::FromRow)]
struct Asked {
    person_id: Uuid,
    full_name: String,
    known_as: String,
}

#[derive(Clone, sqlx::FromRow)]
struct Waiting {
    title: String,
    starts_at: DateTime<Utc>,
    venue: Option<String>,
}

struct Opened {
    link_id: Uuid,
    guardian_id: Uuid,
    child: Asked,
    waiting: Vec<Waiting>,
}

async fn open(app: &App, token: &str) -> Result<Option<Opened>> {
    let link = links::look(app, token, Purpose::Guardian).await?;
    let Some((link_id, guardian_id)) =
        link.and_then(|link| link.guardian_id.map(|id| (link.id, id)))
    else {
        return Ok(None);
    };
    let child: Option<Asked> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT person.id AS person_id, person.full_name, \
                    COALESCE(person.preferred_name, person.full_name) AS known_as \
             FROM guardian JOIN person ON person.id = guardian.person_id WHERE guardian.id = $1",
        )
        .bind(guardian_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some(child) = child else { return Ok(None) };
    let now = app.clock.now();
    let waiting: Vec<Waiting> = read!(app.db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT course.title, run.starts_at, venue.name AS venue FROM place \
             JOIN booking ON booking.id = place.booking_id AND booking.status = 'awaiting-guardian' \
                  AND booking.agree_by > $2 \
             JOIN run ON run.id = place.run_id AND run.status <> 'cancelled' JOIN course ON course.id = run.course_id \
             LEFT JOIN session ON session.run_id = run.id AND session.position = 1 \
             LEFT JOIN venue ON venue.id = ",
            venue_of!("session"),
            " WHERE place.person_id = $1 AND place.status = 'active' ORDER BY run.starts_at",
        ))
        .bind(child.person_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(Some(Opened {
        link_id,
        guardian_id,
        child,
        waiting,
    }))
}

async fn show(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    Ok(match open(&app, &token).await? {
        None => gone_page(&app),
        Some(opened) => {
            let html = ask_page(&app, &opened, FormState::empty());
            page(StatusCode::OK, Keep::Nothing, html)
        }
    })
}

async fn answer(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = open(&app, &token).await? else {
        return Ok(gone_page(&app));
    };
    let agrees = submitted.line("answer") != "no";
    let mut check = Check::new(&submitted);
    if agrees {
        check.must_tick("agree", "Tick the box if you agree");
    }
    if check.failed() {
        let html = ask_page(&app, &opened, check.finish());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    if !keep(&app, &opened, agrees).await? {
        return Ok(gone_page(&app));
    }
    // Should this fail, the answer is kept; what still waits is let go when its time is over.
    if agrees {
        crate::bookings::guardian_agreed(&app, opened.child.person_id).await?;
    } else {
        crate::bookings::guardian_declined(&app, opened.child.person_id).await?;
    }
    Ok(page(
        StatusCode::OK,
        Keep::Nothing,
        done_page(&app, &opened, agrees),
    ))
}

/// The words beside the box; kept with the answer.
pub fn words(child: &str) -> String {
    format!(
        "I am {child}’s parent, or I have parental responsibility. I agree that they can come to your courses, and \
         that you may use my details to reach me about them. I can take this back at any time."
    )
}

/// A parent's or guardian's answer about `person_id`, who is called `child` in the words that were shown.
pub(super) fn consent(
    app: &App,
    person_id: Uuid,
    child: &str,
    agrees: bool,
    channel: Channel,
) -> Result<Consent> {
    let agreement = Wording {
        about: "guardian",
        words: "",
        version: VERSION,
    };
    Ok(Consent {
        words: words(child).into(),
        ..Consent::new(app, person_id, agreement, agrees, channel)?
    })
}

async fn keep(app: &App, opened: &Opened, agrees: bool) -> Result<bool> {
    let now = app.clock.now();
    let (person_id, child) = (opened.child.person_id, &opened.child.full_name);
    let consent = consent(app, person_id, child, agrees, Channel::EmailLink)?;
    write_tx!(app.db, |c| {
        if !use_link!(c, opened.link_id, now) {
            return Ok(false);
        }
        let agreed_at = agrees.then_some(now);
        sqlx::query("UPDATE guardian SET agreed_at = $2 WHERE id = $1")
            .bind(opened.guardian_id)
            .bind(agreed_at)
            .execute(&mut *c)
            .await?;
        record!(c, &consent);
        Ok(true)
    })
}

fn gone_page(app: &App) -> Response {
    gone_for_good(app, "We can take your answer over the phone.")
}

fn ask_page(app: &App, opened: &Opened, form: FormState) -> String {
    let child = opened.child.clone();
    let title = format!("Can {} come?", child.known_as);
    let today = dates::day_of(app.clock.now());
    let waiting: Vec<String> = opened
        .waiting
        .iter()
        .map(|w| {
            let place = w.venue.as_deref().unwrap_or("Online");
            format!(
                "{}, {}, {place}",
                w.title,
                dates::day_and_time(w.starts_at, today)
            )
        })
        .collect();
    Page::new(title.clone())
        .journey()
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>{title}</h1>
                    <p class="wb-lead">{child.full_name.clone()} " would like to come to a course with us."</p>
                    <ul>{waiting.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                    <p>
                        "The tutor will see " {child.known_as} "’s name, and your phone and email. Nothing else."
                    </p>
                    <Form clone:form>
                        <Checkboxes form=&form name="agree" choices=vec![
                            Choice::new("yes", words(&child.full_name)),
                        ] />
                        <div class="wb-buttons">
                            <Button name="answer" value="yes">"I agree"</Button>
                            <Button kind=ButtonKind::Outlined name="answer" value="no">"No, I do not agree"</Button>
                        </div>
                    </Form>
                    <p>"Any questions? Call " <PhoneLink /> "."</p>
                </div>
            }
        })
}

fn done_page(app: &App, opened: &Opened, agrees: bool) -> String {
    let child = opened.child.known_as.clone();
    let (title, sentence) = match (agrees, opened.waiting.is_empty()) {
        (true, false) => (
            "Thank you. The place is booked.",
            format!("We will tell {child}. You can cancel at any time."),
        ),
        (true, true) => (
            "Thank you.",
            format!("We have noted that {child} can come."),
        ),
        (false, _) => (
            "Thank you for telling us.",
            format!("We have not booked a place for {child}. We will let them know."),
        ),
    };
    Page::new(title).unlisted().render(&app.site, move || {
        view! {
            <div class="wb-measure">
                <h1>{title}</h1>
                <p class="wb-lead">{sentence}</p>
                <p>"If you change your mind, call " <PhoneLink /> "."</p>
            </div>
        }
    })
}

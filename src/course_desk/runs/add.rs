//! A new run: a form, its dates as they would be with what speaks against them, and then it is a draft or open at once. A run
//! that is there can be its pattern.

mod form;
mod model;
mod pages;
mod store;

pub use self::form::{HIRE, days_off, link, minimum};
pub use self::model::{Busy, Clash, Led, Minimum, Plan, Spot, clashes, rooms_instead};
pub use self::pages::{against, clash_lines, days_off_fields};
pub use self::store::{Like, LikeSession, add_all, led, patterns, spots};

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use self::form::{Known, Read};
use super::{HERE, store as runs};
use crate::accounts::said::Said;
use crate::bookings::{changes, new_dates};
use crate::course_desk::{courses, holidays};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result, form_key};
use crate::staff::Desk;
use crate::staff::rights::Courses;
use crate::ui::form::{FORM_KEY, FormState, Submitted};

/// The button that was pressed.
const SURE: &str = "sure";

/// What a new run is for, or like.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    course: String,
    #[serde(default)]
    like: String,
}

async fn known(app: &App) -> Result<Known> {
    Ok(Known {
        courses: courses::names(app).await?,
        spots: store::spots(app).await?,
        tutors: runs::tutors(app).await?,
        school: holidays::days(app).await?,
    })
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
) -> Result<Response> {
    let known = known(&app).await?;
    let form = if at.like.is_empty() {
        form::empty(&at.course)
    } else {
        let pattern = match Uuid::try_parse(&at.like) {
            Ok(id) => store::pattern(&app, id).await?,
            Err(_) => None,
        };
        match pattern {
            Some(pattern) => form::like(&pattern),
            None => return Ok(Refusal::NotFound.into_response()),
        }
    };
    let form = form.with(FORM_KEY, form_key::new()?);
    Ok(pages::ask(&app, &desk, &known, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let known = known(&app).await?;
    let now = app.clock.now();
    let (plan, form) = match form::read(&submitted, &known, now) {
        Read::Right(plan, form) => (plan, form),
        Read::Wrong(form) => return Ok(pages::ask(&app, &desk, &known, form)),
    };
    let sure = submitted.line(SURE);
    let opens = sure == "open";
    match sure.as_str() {
        "no" => Ok(pages::ask(&app, &desk, &known, form)),
        "draft" | "open" => {
            let id = form_key::id(
                &app,
                "run-by-desk",
                desk.by().account_id,
                &key,
                &format!("{plan:?}"),
            );
            add_all(&app, desk.by(), &[(id, *plan)]).await?;
            let opened = opens && changes::open(&app, id, Some(desk.by())).await?;
            let Some(run) = runs::run(&app, id).await? else {
                return Ok(see(HERE));
            };
            let word = if opened || run.status == "open" {
                Said::RunOpen
            } else {
                Said::RunAdded
            };
            Ok(word.and_see(&app, &super::path(&run)))
        }
        _ => look(&app, &desk, &known, &plan, form).await,
    }
}

/// The dates as they would be, and what speaks against them.
async fn look(
    app: &App,
    desk: &Desk<Courses>,
    known: &Known,
    plan: &model::Plan,
    form: FormState,
) -> Result<Response> {
    let busy = store::busy(app, plan).await?;
    let clashes = model::clashes(plan, &busy);
    let rooms = if clashes.iter().any(|clash| clash.of_room) {
        model::free_rooms(plan, &known.spots, &busy)
    } else {
        Vec::new()
    };
    let published = store::is_published(app, plan.course_id).await?;
    let askers = new_dates::askers(&app.db, app.clock.now()).await?;
    let shown = pages::Shown {
        clashes,
        rooms,
        published,
        asked: askers.of(plan.course_id, plan.volunteers_only),
    };
    Ok(pages::look(app, desk, known, plan, shown, form))
}

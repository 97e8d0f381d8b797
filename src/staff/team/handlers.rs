//! The pages of staff accounts, for owners.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use super::{Changed, OFFERED, Worker, pages, review, store};
use crate::accounts::roles::{Role, Roles};
use crate::accounts::said::{Said, said};
use crate::accounts::two_step;
use crate::privacy::requests;
use crate::server::http::{Keep, Refusal, in_address, page, see};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, form_key, table_file};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::guards::Desk;
use crate::staff::invitations;
use crate::staff::letters::role_words;
use crate::staff::papers::{Paper, Papers};
use crate::staff::rights::StaffAccounts;
use crate::ui::dates;
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted, one_line_date};
use crate::ui::list::Asked;

pub const HERE: &str = "/desk/staff";

/// The pages of staff accounts.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list)
        .post(HERE, looked_through)
        .get("/desk/staff/list.csv", file)
        .get("/desk/staff/list.xlsx", file)
        .get("/desk/staff/{id}", show)
        .get("/desk/staff/{id}/roles", show_roles)
        .post("/desk/staff/{id}/roles", send_roles)
        .get("/desk/staff/{id}/papers", show_papers)
        .post("/desk/staff/{id}/papers", send_papers)
        .get("/desk/staff/{id}/second-step", show_second_step)
        .post("/desk/staff/{id}/second-step", take_second_step)
        .get("/desk/staff/{id}/remove", show_remove)
        .post("/desk/staff/{id}/remove", send_remove)
}

async fn list(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let number = asked.page();
    let part = Part::page(number, store::A_PAGE);
    let sort = asked.sort(&store::ORDERS);
    let (everybody, count) = store::everybody(&app, desk.by(), Action::Looked, sort, part).await?;
    let known = pages::Known {
        invited: invitations::open(&app).await?,
        reviewed: review::last(&app).await?,
        key: form_key::new()?,
    };
    let heard = Said::heard(&app, &headers);
    let html = pages::list(
        &app,
        desk.who(),
        everybody,
        sort,
        (number, count),
        known,
        heard,
    );
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// "We have looked through it".
async fn looked_through(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let id = form_key::id(&app, "staff-review", desk.by().account_id, &key, "");
    review::keep(&app, desk.by(), id).await?;
    Ok(Said::StaffReviewed.and_see(&app, HERE))
}

const TITLES: [&str; 8] = [
    "Name",
    "Email",
    "Roles",
    "Two-step sign-in",
    "Data training until",
    "Confidentiality until",
    "DBS check until",
    "Last here",
];

/// The same list as a file, with everybody.
async fn file(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by) = (asked.sort(&store::ORDERS), desk.by().clone());
    let name = table_file::dated(&app, "staff");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let (all, count) = store::everybody(&app, &by, Action::Downloaded, sort, part).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(worker: Worker) -> Vec<Cell> {
    let two_step = if worker.needs_app() {
        pages::NEEDS_APP
    } else if worker.two_step {
        "yes"
    } else {
        "no"
    };
    let seen = worker.seen_at.map(|at| dates::iso_day(dates::day_of(at)));
    let [training, confidentiality, dbs] = Paper::ALL.map(|paper| {
        let until = worker.papers.until(paper);
        until.map_or_else(String::new, dates::iso_day)
    });
    vec![
        worker.name.into(),
        worker.email.into(),
        role_words(worker.roles).into(),
        two_step.into(),
        training.into(),
        confidentiality.into(),
        dbs.into(),
        seen.unwrap_or_default().into(),
    ]
}

/// The worker whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Worker);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::one(app, id)).await?;
        Ok(Self(found))
    }
}

/// Nothing of somebody is shown before it is written down.
async fn looked(app: &App, desk: &Desk<StaffAccounts>, worker: &Worker) -> Result<()> {
    audit::looked(app, desk.by(), Action::Looked, None, [worker.person_id]).await
}

async fn show(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    looked(&app, &desk, &worker).await?;
    let heard = Said::heard(&app, &headers);
    let coordinated = store::coordinated(&app, worker.account_id).await?;
    let html = pages::one(&app, desk.who(), &worker, coordinated, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn path(worker: &Worker) -> String {
    format!("{HERE}/{}", worker.account_id)
}

async fn show_roles(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
) -> Result<Response> {
    looked(&app, &desk, &worker).await?;
    let form = FormState::filled(worker.roles.each().map(|role| ("roles", role.name())));
    let own = requests::owned(&app, worker.account_id).await?;
    let html = pages::roles(&app, desk.who(), &worker, own, form);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The roles that were ticked in a form.
pub fn ticked_roles(check: &mut Check) -> Option<Roles> {
    let names = OFFERED.map(Role::name);
    let ticked = check.choices("roles", &names);
    if ticked.is_empty() {
        check.error("roles", "Choose at least one role");
        return None;
    }
    Some(ticked.into_iter().filter_map(Role::of).collect())
}

async fn send_roles(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let roles = ticked_roles(&mut check);
    let mut form = check.finish();
    if let Some(ticked) = roles {
        // What the form does not offer is not taken away by it.
        let others = worker.roles.each().filter(|role| !OFFERED.contains(role));
        let roles: Roles = ticked.each().chain(others).collect();
        let entry = Entry::by(&app, desk.by(), Action::RolesChanged)?
            .about(worker.account_id)
            .changed(
                &app,
                worker.person_id,
                &role_words(worker.roles),
                &role_words(roles),
            )
            .await?;
        match store::change_roles(&app, &worker, roles, &entry).await? {
            Changed::Yes => return Ok(Said::RolesSaved.and_see(&app, &path(&worker))),
            Changed::NotHere => return Ok(see(HERE)),
            Changed::LastOwner => form = form.with_error("roles", LAST_OWNER),
        }
    }
    looked(&app, &desk, &worker).await?;
    let own = requests::owned(&app, worker.account_id).await?;
    let html = pages::roles(&app, desk.who(), &worker, own, form);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
}

/// What was confirmed of somebody who left, for the record.
const DESTROYED: &str = "no role; prints and files confirmed destroyed or handed back";

const LAST_OWNER: &str = "This is the only owner. Make somebody else an owner first, so that staff accounts are looked after";

async fn show_papers(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
) -> Result<Response> {
    looked(&app, &desk, &worker).await?;
    let known = Paper::ALL
        .into_iter()
        .filter_map(|paper| Some((paper.field(), worker.papers.until(paper)?)))
        .map(|(field, day)| (field, day.format("%-d %-m %Y").to_string()));
    let html = pages::papers(&app, desk.who(), &worker, FormState::filled(known));
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn last_day(typed: &str) -> std::result::Result<NaiveDate, String> {
    one_line_date(typed)
        .ok_or_else(|| "Enter the last day like 31 3 2027, or leave it empty".to_owned())
}

async fn send_papers(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let papers = Papers {
        data_training: check.optional(Paper::DataTraining.field(), last_day),
        confidentiality: check.optional(Paper::Confidentiality.field(), last_day),
        dbs: check.optional(Paper::Dbs.field(), last_day),
    };
    if check.failed() {
        looked(&app, &desk, &worker).await?;
        let html = pages::papers(&app, desk.who(), &worker, check.finish());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    }
    let entry = Entry::by(&app, desk.by(), Action::PapersChanged)?
        .about(worker.account_id)
        .changed(
            &app,
            worker.person_id,
            &pages::paper_words(&worker.papers),
            &pages::paper_words(&papers),
        )
        .await?;
    Ok(
        match store::change_papers(&app, &worker, papers, &entry).await? {
            Changed::Yes => Said::PapersSaved.and_see(&app, &path(&worker)),
            Changed::NotHere | Changed::LastOwner => see(HERE),
        },
    )
}

async fn show_second_step(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
) -> Result<Response> {
    if !can_take_away(&desk, &worker) {
        return Ok(see(&path(&worker)));
    }
    looked(&app, &desk, &worker).await?;
    let html = pages::second_step(&app, desk.who(), &worker);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Whoever loses their own phone asks somebody else: an open page left alone must not do.
fn can_take_away(desk: &Desk<StaffAccounts>, worker: &Worker) -> bool {
    worker.two_step && worker.account_id != desk.who().account_id
}

async fn take_second_step(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
) -> Result<Response> {
    if can_take_away(&desk, &worker) {
        let entry = Entry::by(&app, desk.by(), Action::TwoStepTakenAway)?
            .about(worker.account_id)
            .of(worker.person_id);
        two_step::take_away(&app, worker.account_id, worker.to(), &entry).await?;
    }
    Ok(Said::TwoStepTakenAway.and_see(&app, &path(&worker)))
}

async fn show_remove(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
) -> Result<Response> {
    looked(&app, &desk, &worker).await?;
    let over = store::hand_over(&app, worker.account_id).await?;
    let html = pages::remove(&app, desk.who(), &worker, over, FormState::empty());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn send_remove(
    desk: Desk<StaffAccounts>,
    State(app): State<App>,
    Chosen(worker): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let sure = check.must_tick(
        "destroyed",
        "Tick the box when prints and files are destroyed or handed back",
    );
    let mut form = check.finish();
    if sure {
        let entry = Entry::by(&app, desk.by(), Action::Removed)?
            .about(worker.account_id)
            .changed(&app, worker.person_id, &role_words(worker.roles), DESTROYED)
            .await?;
        match store::remove(&app, &worker, &entry).await? {
            Changed::Yes | Changed::NotHere => return Ok(Said::WorkerRemoved.and_see(&app, HERE)),
            Changed::LastOwner => form = form.with_error("destroyed", LAST_OWNER),
        }
    }
    looked(&app, &desk, &worker).await?;
    let over = store::hand_over(&app, worker.account_id).await?;
    let html = pages::remove(&app, desk.who(), &worker, over, form);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
}

//! The pages of the tutor desk.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{How, Mark, Marked, Run, Session};
use super::offline::{self, Told};
use super::rules::{self, Standing};
use super::{file, pages, sheet, store, walk_ins};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, asked_by_script, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result, table_file};
use crate::staff::Desk;
use crate::staff::rights::Registers;
use crate::ui::dates;
use crate::ui::form::{FormState, Submitted};

/// The routes of the tutor desk.
pub fn routes() -> Routes {
    Routes::default()
        .get(pages::HERE, runs)
        .get("/tutor/runs/{id}", current)
        .get("/tutor/runs/{id}/sessions/{n}", show)
        .post("/tutor/runs/{id}/sessions/{n}", save)
        .get("/tutor/runs/{id}/sheet", print)
        .get("/tutor/runs/{id}/register.csv", download)
}

async fn runs(desk: Desk<Registers>, State(app): State<App>) -> Result<Response> {
    let runs = store::runs(&app, desk.who().account_id).await?;
    let html = pages::runs(&app, desk.who(), runs);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// A run whose list is open, with those of its sessions that they see; or what is answered instead: another's run, or none, is not there, and
/// that they asked is written down; of one whose list is closed nothing is read.
pub(super) async fn open(
    app: &App,
    desk: &Desk<Registers>,
    id: &str,
) -> Result<std::result::Result<(Run, Vec<Session>), Response>> {
    // What is no number is a slip in the address, and asks for nobody's run.
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(Err(Refusal::NotFound.into_response()));
    };
    let Some((run, sessions)) = store::run(app, desk.who().account_id, id).await? else {
        store::refused(app, desk.by(), id).await?;
        return Ok(Err(Refusal::NotFound.into_response()));
    };
    let standing = run.standing(dates::day_of(app.clock.now()), app.list_days);
    if matches!(standing, Standing::Open(_)) {
        return Ok(Ok((run, sessions)));
    }
    let html = pages::closed(app, desk.who(), &run, standing);
    Ok(Err(page(StatusCode::OK, Keep::Nothing, html)))
}

/// As [`open`], with the number of a session, from 0.
pub(super) async fn open_at(
    app: &App,
    desk: &Desk<Registers>,
    (id, n): &(String, String),
) -> Result<std::result::Result<(Run, Vec<Session>, usize), Response>> {
    let (run, sessions) = match open(app, desk, id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(Err(answer)),
    };
    let n: Option<i64> = n.parse().ok();
    let at = sessions
        .iter()
        .position(|session| Some(session.position) == n);
    let Some(at) = at else {
        return Ok(Err(not_among(app, desk, &run).await?));
    };
    Ok(Ok((run, sessions, at)))
}

/// A session that is not among those that they see: of whoever sees only some it is written down, since it may be another's.
async fn not_among(app: &App, desk: &Desk<Registers>, run: &Run) -> Result<Response> {
    if !run.is_whole() {
        store::refused(app, desk.by(), run.id).await?;
    }
    Ok(Refusal::NotFound.into_response())
}

/// On to the session of today, or the next one.
async fn current(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let days: Vec<_> = sessions.iter().map(Session::day).collect();
    let at = rules::current(&days, dates::day_of(app.clock.now()));
    Ok(match at.and_then(|at| sessions.get(at)) {
        Some(session) => see(&pages::session_path(&run, session)),
        None => Refusal::NotFound.into_response(),
    })
}

async fn show(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(at): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (run, sessions, at) = match open_at(&app, &desk, &at).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let heard = Said::heard(&app, &headers);
    let html = register(&app, &desk, (run, sessions, at), FormState::empty(), heard).await?;
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// The register of a session. Those who are shown are written down first.
pub(super) async fn register(
    app: &App,
    desk: &Desk<Registers>,
    (run, sessions, at): (Run, Vec<Session>, usize),
    form: FormState,
    heard: Option<Said>,
) -> Result<String> {
    let session_id = sessions.get(at).map_or(Uuid::nil(), |session| session.id);
    let list = store::list(app, desk.by(), &run, session_id, How::Register).await?;
    let marks = store::marks(app, run.id).await?;
    let walk_ins = walk_ins::of_session(app, desk.by(), session_id).await?;
    let register = pages::Register {
        run,
        sessions,
        at,
        list,
        marks,
        walk_ins,
        walk_in_id: app.id()?,
        form,
    };
    Ok(pages::register(app, desk.who(), register, heard))
}

/// What a form says of each place. What it leaves out stays as it is: somebody may have been marked on another phone
/// meanwhile. Ids and words that are none of ours are passed over. A mark was made when it was sent, unless the script says how
/// long before: the phone's own clock may be wrong, but not by how much it moves on.
fn marks(submitted: &Submitted, now: DateTime<Utc>) -> Vec<Marked> {
    let known = |value: &str| match value {
        pages::NOT_MARKED => Some(None),
        value => Mark::named(value).map(Some),
    };
    submitted
        .pairs()
        .filter_map(|(name, value)| {
            let place = name.strip_prefix(pages::FIELD)?;
            let ago = submitted.line(&format!("{}{place}", pages::AGO));
            let ago = TimeDelta::try_seconds(ago.parse::<u32>().unwrap_or(0).into());
            Some(Marked {
                place_id: Uuid::try_parse(place).ok()?,
                mark: known(value)?,
                at: ago
                    .and_then(|ago| now.checked_sub_signed(ago))
                    .unwrap_or(now),
            })
        })
        .collect()
}

/// The one way in for marks: from the form, which is answered with the page, and from the script that kept them while the
/// connection was away, which is told what became of each.
async fn save(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path((id, n)): Path<(String, String)>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let by_script = asked_by_script(&headers);
    let account = offline::tag(&app, desk.who().account_id);
    if by_script && submitted.line(pages::ACCOUNT) != account {
        return Ok(Told::SignInFirst.answer());
    }
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(_) if by_script => return Ok(Told::Refused.answer()),
        Err(answer) => return Ok(answer),
    };
    let named = Uuid::try_parse(&submitted.line(pages::SESSION)).ok();
    let is_it = |session: &&Session| match named {
        Some(id) => session.id == id,
        None => n.parse() == Ok(session.position),
    };
    let Some(session) = sessions.iter().find(is_it) else {
        let not_there = not_among(&app, &desk, &run).await?;
        return Ok(if by_script {
            Told::Refused.answer()
        } else {
            not_there
        });
    };
    let path = pages::session_path(&run, session);
    let now = app.clock.now();
    // Before its day the page has no form, and says from when it does.
    if !rules::may_mark(session.day(), dates::day_of(now)) {
        return Ok(if by_script {
            Told::Refused.answer()
        } else {
            see(&path)
        });
    }
    let sent = marks(&submitted, now);
    store::save(&app, desk.by(), &run, session.id, &sent).await?;
    if by_script {
        let marks = store::marks(&app, run.id).await?;
        return Ok(Told::Marks(&sent, &marks, session.id).answer());
    }
    Ok(Said::RegisterSaved.and_see(&app, &path))
}

async fn print(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let Some(session) = sessions.first() else {
        return Ok(Refusal::NotFound.into_response());
    };
    let list = store::list(&app, desk.by(), &run, session.id, How::Sheet).await?;
    let marks = store::marks(&app, run.id).await?;
    let html = sheet::sheet(&app, desk.who(), &run, &sessions, &list, &marks);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn download(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let Some(session) = sessions.first() else {
        return Ok(Refusal::NotFound.into_response());
    };
    let list = store::list(&app, desk.by(), &run, session.id, How::File).await?;
    let name = format!("register-{}", dates::iso_day(run.days().0));
    Ok(table_file::answer(&name, file::csv(&list)?))
}

//! Who was told of a change, who was not reached, and who has been rung.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{News, Run};
use super::store::{self, A_PAGE, Concerned, Stand};
use super::{Chosen, HERE, back, path};
use crate::accounts::said::{Said, said};
use crate::bookings::calls::undelivered_cause;
use crate::bookings::changes::{cause, text_cause};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::paging::Part;
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result, paging};
use crate::staff::audit::{self, Action};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

#[derive(Debug, Default, Deserialize)]
pub struct At {
    change: Option<i64>,
    page: Option<u32>,
}

/// One page of those who had to be told, and what is said of all of them.
struct Shown {
    lines: Vec<Line>,
    count: i64,
    sum: String,
    to_ring: bool,
    list: List,
    number: u32,
}

impl Shown {
    fn new(run: &Run, news: &News, number: u32, all: Vec<Line>) -> Self {
        let part = Part::page(number, A_PAGE);
        let (skip, take) = (usize::try_from(part.skip), usize::try_from(part.take));
        Self {
            count: i64::try_from(all.len()).unwrap_or(i64::MAX),
            sum: words(&all),
            to_ring: all.iter().any(|line| line.told() == Told::NotReached),
            list: List::new(format!("{}/told", path(run)), Sort::usual(&[]))
                .with("change", news.sequence.to_string()),
            number,
            lines: all
                .into_iter()
                .skip(skip.unwrap_or(usize::MAX))
                .take(take.unwrap_or(usize::MAX))
                .collect(),
        }
    }
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(news) = store::news(&app, run.id, at.change).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let concerned = store::concerned(&app, run.id, news.at).await?;
    let all = lines(&app, &run, &news, concerned).await?;
    let shown = Shown::new(&run, &news, paging::number(at.page), all);
    if let Some(last) = shown.list.instead_of(shown.number, shown.count, A_PAGE) {
        return Ok(see(&last));
    }
    let people: Vec<Uuid> = people(&shown.lines);
    audit::looked(&app, desk.by(), Action::Looked, Some(run.id), people).await?;
    let heard = Said::heard(&app, &headers);
    let now = app.clock.now();
    let html = in_desk(&app, desk.who(), "Who was told", HERE, false, || {
        render(&run, &news, shown, heard, now)
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn people(lines: &[Line]) -> Vec<Uuid> {
    lines.iter().flat_map(|line| line.people.clone()).collect()
}

const TITLES: [&str; 4] = ["Name", "Place", "State", "How"];

/// Everybody who had to be told, as a file.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(at): Query<At>,
    format: Format,
) -> Result<Response> {
    let Some(news) = store::news(&app, run.id, at.change).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let concerned = store::concerned(&app, run.id, news.at).await?;
    let all = lines(&app, &run, &news, concerned).await?;
    audit::looked(
        &app,
        desk.by(),
        Action::Downloaded,
        Some(run.id),
        people(&all),
    )
    .await?;
    let (name, now) = (table_file::dated(&app, "who-was-told"), app.clock.now());
    let rows = all.into_iter().map(|line| -> Vec<Cell> {
        let (told, how) = (line.told().words(), line.how(now));
        let place = if line.waits { "Waits" } else { "Has a place" };
        vec![line.names.into(), place.into(), told.into(), how.into()]
    });
    table_file::answer_as(format, &name, &TITLES, rows)
}

/// How many are told, in a sentence: what the page asks for by itself. It shows nobody.
pub async fn sum(
    _: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(at): Query<At>,
) -> Result<Response> {
    let Some(news) = store::news(&app, run.id, at.change).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let concerned = store::concerned(&app, run.id, news.at).await?;
    Ok(words(&lines(&app, &run, &news, concerned).await?).into_response())
}

/// "12 told, 3 on its way, 1 not reached yet."
fn words(lines: &[Line]) -> String {
    let count = |told: Told| lines.iter().filter(|line| line.told() == told).count();
    format!(
        "{} told, {} on its way, {} not reached yet.",
        count(Told::Reached),
        count(Told::OnItsWay),
        count(Told::NotReached)
    )
}

/// One booking, or one entry on the waiting list, and how it was told.
struct Line {
    people: Vec<Uuid>,
    names: String,
    waits: bool,
    email: Option<Stand>,
    text: Option<Stand>,
    call: Option<Stand>,
    letter: Option<Stand>,
}

/// Where somebody stands altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    NotReached,
    OnItsWay,
    Reached,
}

impl Told {
    const fn words(self) -> &'static str {
        match self {
            Self::NotReached => "Not reached yet",
            Self::OnItsWay => "On its way",
            Self::Reached => "Told",
        }
    }
}

impl Line {
    /// Whoever is to be rung is not told before that, even if an email has gone: it may be read too late.
    fn told(&self) -> Told {
        let is = |stand: &Option<Stand>, state: &str| {
            stand.as_ref().is_some_and(|stand| stand.state == state)
        };
        match &self.call {
            Some(call) if call.state == "open" => return Told::NotReached,
            Some(_) => return Told::Reached,
            None => {}
        }
        let any =
            |state| is(&self.text, state) || is(&self.email, state) || is(&self.letter, state);
        if any("sent") {
            Told::Reached
        } else if any("waiting") {
            Told::OnItsWay
        } else {
            Told::NotReached
        }
    }

    /// By what, in words.
    fn how(&self, now: DateTime<Utc>) -> String {
        let today = dates::day_of(now);
        let at = |stand: &Stand| {
            stand
                .at
                .map(|at| format!(" {}", dates::day_and_time(at, today)))
                .unwrap_or_default()
        };
        let message = |what: &str, stand: &Stand| match stand.state.as_str() {
            "sent" => format!("{what} sent{}", at(stand)),
            "dead" => format!("{what} could not be delivered"),
            _ => format!("{what} on its way"),
        };
        let mut all = Vec::new();
        all.extend(self.text.as_ref().map(|stand| message("Text", stand)));
        all.extend(self.email.as_ref().map(|stand| message("Email", stand)));
        all.extend(
            self.letter
                .as_ref()
                .map(|stand| match stand.state.as_str() {
                    "sent" => format!("Letter posted{}", at(stand)),
                    _ => "Letter to be posted".to_owned(),
                }),
        );
        all.extend(self.call.as_ref().map(|stand| match stand.state.as_str() {
            "open" => "To be rung".to_owned(),
            "left-message" => format!("Rung, message left{}", at(stand)),
            "other-way" => format!("Told another way{}", at(stand)),
            _ => format!("Rung{}", at(stand)),
        }));
        if all.is_empty() {
            "No message was written to them".to_owned()
        } else {
            all.join(". ")
        }
    }
}

async fn lines(app: &App, run: &Run, news: &News, concerned: Vec<Concerned>) -> Result<Vec<Line>> {
    let mut of: Vec<(String, Line)> = Vec::new();
    for one in concerned {
        let cause = cause(run.id, news.sequence, one.id);
        match of.last_mut().filter(|(own, _)| *own == cause) {
            Some((_, line)) => {
                line.people.push(one.person_id);
                line.names = format!("{} and {}", line.names, one.name);
            }
            None => of.push((
                cause,
                Line {
                    people: vec![one.person_id],
                    names: one.name,
                    waits: one.waits,
                    email: None,
                    text: None,
                    call: None,
                    letter: None,
                },
            )),
        }
    }
    let causes: Vec<String> = of
        .iter()
        .flat_map(|(cause, _)| {
            let text = text_cause(cause);
            // What could not be delivered is a call with a cause of its own.
            let dead = [undelivered_cause(cause), undelivered_cause(&text)];
            [cause.clone(), text].into_iter().chain(dead)
        })
        .collect();
    let mut stands: HashMap<(String, String), Stand> = store::stands(app, &causes)
        .await?
        .into_iter()
        .map(|stand| ((stand.cause.clone(), stand.way.clone()), stand))
        .collect();
    let mut lines: Vec<Line> = of
        .into_iter()
        .map(|(cause, mut line)| {
            line.text = stands.remove(&(text_cause(&cause), "text".to_owned()));
            line.email = stands.remove(&(cause.clone(), "email".to_owned()));
            line.letter = stands.remove(&(cause.clone(), "letter".to_owned()));
            let calls = [
                cause.clone(),
                undelivered_cause(&cause),
                undelivered_cause(&text_cause(&cause)),
            ];
            line.call = calls
                .into_iter()
                .find_map(|cause| stands.remove(&(cause, "call".to_owned())));
            line
        })
        .collect();
    // Whoever has to be reached stands first.
    lines.sort_by_cached_key(|line| (line.told() as u8, line.waits, line.names.to_lowercase()));
    Ok(lines)
}

fn render(
    run: &Run,
    news: &News,
    shown: Shown,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let Shown {
        lines,
        count,
        sum,
        to_ring,
        list,
        number,
    } = shown;
    let live = format!("{}/told/sum?change={}", path(run), news.sequence);
    let to_ring = to_ring.then(
        || view! { <ButtonLink href="/desk/calls">"Ring them: the list of calls"</ButtonLink> },
    );
    let again = list.page(number);
    let sentences: Vec<_> = news
        .words
        .lines()
        .map(|line| view! { <li><strong>{line.to_owned()}</strong></li> })
        .collect();
    let nobody = lines.is_empty().then(|| {
        view! { <EmptyState title="Nobody had to be told" level=2><p>"Nobody had a place then, and nobody waited."</p></EmptyState> }
    });
    let rows: Vec<Vec<AnyView>> = lines
        .into_iter()
        .map(|line| {
            let waits = line.waits.then_some(", who waits");
            let (told, how) = (line.told().words(), line.how(now));
            vec![
                view! { {line.names} {waits} }.into_any(),
                told.into_any(),
                how.into_any(),
            ]
        })
        .collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <p class="wb-lead" role="status" data-live=live>{sum}</p>
            <div class="wb-buttons">
                {to_ring}
                <ButtonLink href=again kind=ButtonKind::Outlined>"Look again"</ButtonLink>
            </div>
            <div data-live-list>
                <Table caption="Who was told" columns=vec![
                    Column::new("Name"), Column::new("State"), Column::new("How"),
                ] rows=rows stacks=true />
            </div>
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    view! {
        {back(run)}
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <h1>"Who was told"</h1>
        <p>{run.title.clone()} ", " {dates::day_and_time(news.at, today)} ":"</p>
        <div class="wb-words"><ul>{sentences}</ul></div>
        {nobody}
        {table}
    }
}

//! "People": finding somebody by name, phone, email or booking number.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::model::Found;
use super::store::{self, A_PAGE, Finding};
use super::words::Asked;
use super::{HERE, index, path, words};
use crate::accounts::said::{Said, said};
use crate::accounts::sign_up::rules::phone_words;
use crate::server::http::{Keep, Refusal, page};
use crate::server::paging::Part;
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result, paging};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    q: String,
    page: Option<u32>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response> {
    let sent: Submitted = [("q", at.q.as_str())].into_iter().collect();
    let mut check = Check::new(&sent);
    let asked = check.optional("q", words::asked);
    let form = check.finish();
    let answer = match asked {
        None => None,
        Some(asked) => {
            let number = paging::number(at.page);
            let part = Part::page(number, A_PAGE);
            let finding = look_for(&app, &desk, &asked, form.value("q"), part).await?;
            Some((finding, number))
        }
    };
    let heard = Said::heard(&app, &headers);
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = render(&app, &desk, form, answer, heard);
    Ok(said(&app, heard, page(status, Keep::Nothing, html)))
}

/// A part of those who are asked for. What was searched for, and whose details come of it, is written down before they are shown.
pub(super) async fn look_for(
    app: &App,
    desk: &Desk<Courses>,
    asked: &Asked,
    q: &str,
    part: Part,
) -> Result<Finding> {
    index::catch_up(app).await?;
    let mut finding = store::find(&app.db, asked, part, app.clock.now()).await?;
    finding
        .found
        .truncate(usize::try_from(part.take).unwrap_or(usize::MAX));
    searched(app, desk, q).await?;
    let ids: Vec<_> = finding.found.iter().map(|one| one.id).collect();
    audit::looked(app, desk.by(), Action::Looked, None, ids).await?;
    Ok(finding)
}

/// Writes down what was searched for. The words may be somebody's name: they are sealed, like everything that the record says in
/// words, under the key of whoever searched.
async fn searched(app: &App, desk: &Desk<Courses>, q: &str) -> Result<()> {
    let entry = Entry::by(app, desk.by(), Action::PeopleSearched)?
        .changed(app, desk.who().person_id, "", q)
        .await?;
    audit::note(app, &entry).await
}

const TITLES: [&str; 6] = ["Name", "Born", "Phone", "Email", "Town", "Comes next"];

/// Who was found, as a file; that somebody has it is written down for each of them.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
    format: Format,
) -> Result<Response> {
    let sent: Submitted = [("q", at.q.as_str())].into_iter().collect();
    let mut check = Check::new(&sent);
    let Some(asked) = check.optional("q", words::asked) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    searched(&app, &desk, check.finish().value("q")).await?;
    index::catch_up(&app).await?;
    let (by, now) = (desk.by().clone(), app.clock.now());
    if store::find(&app.db, &asked, Part::page(1, 1), now)
        .await?
        .more
    {
        return Ok(Refusal::BadRequest.into_response());
    }
    let name = table_file::dated(&app, "people");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by, asked) = (app.clone(), by.clone(), asked.clone());
        async move {
            let Finding { found, count, .. } = store::find(&app.db, &asked, part, now).await?;
            let ids: Vec<_> = found.iter().map(|one| one.id).collect();
            audit::looked(&app, &by, Action::Downloaded, None, ids).await?;
            let today = dates::day_of(now);
            let lines = found.into_iter().map(|one| line(one, today)).collect();
            Ok((lines, count))
        }
    })
    .await
}

fn line(one: Found, today: chrono::NaiveDate) -> Vec<Cell> {
    let (born, next) = (born(&one), next(&one, today));
    vec![
        one.full_name.into(),
        born.into(),
        one.phone
            .as_deref()
            .map(phone_words)
            .unwrap_or_default()
            .into(),
        one.email.unwrap_or_default().into(),
        one.town.or(one.postcode).unwrap_or_default().into(),
        next.into(),
    ]
}

fn render(
    app: &App,
    desk: &Desk<Courses>,
    form: FormState,
    answer: Option<(Finding, u32)>,
    heard: Option<Said>,
) -> String {
    let today = dates::day_of(app.clock.now());
    let failed = form.has_errors();
    in_desk(app, desk.who(), "People", HERE, failed, move || {
        let list = List::new(HERE, Sort::usual(&[])).with("q", form.value("q"));
        let answer = answer.map(|answer| answered(answer, &list, today));
        view! {
            <ErrorSummary form=&form />
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <div class="wb-desk-head">
                <h1>"People"</h1>
                <ButtonLink href="/desk/people/book" kind=ButtonKind::Outlined>"Book for somebody new"</ButtonLink>
            </div>
            <form method="get" action=HERE class="wb-desk-find" novalidate>
                <TextField form=&form name="q" label=Label::bold("Find somebody") kind="search" spellcheck=false
                    hint="Name, phone number or its last digits, email address, or booking number" />
                <Button>"Find"</Button>
            </form>
            {answer}
            <p><a href="/desk/people/volunteers">"Volunteers"</a></p>
            <p class="wb-small">"What you search for and whose details you see is written down."</p>
        }
    })
}

fn answered((answer, number): (Finding, u32), list: &List, today: chrono::NaiveDate) -> AnyView {
    let Finding { found, count, more } = answer;
    if found.is_empty() {
        return view! {
            <EmptyState title="Nobody found" level=2>
                <p>"Try fewer letters, another spelling, or the last digits of their phone number. Perhaps they are new to us."</p>
                <div class="wb-buttons">
                    <ButtonLink href="/desk/people/book">"Add somebody new and book for them"</ButtonLink>
                </div>
            </EmptyState>
        }
        .into_any();
    }
    let title = match (count, more) {
        (1, false) => "1 person".to_owned(),
        (_, false) => format!("{count} people"),
        (_, true) => "Too many people to show".to_owned(),
    };
    // A file of some of them would look like all of them.
    let files = (!more).then(|| list.files(count));
    let more = more.then(|| view! { <p>"These are some of them. Type another word of the name, or the phone number."</p> });
    let rows: Vec<Vec<AnyView>> = found.into_iter().map(|one| cells(one, today)).collect();
    view! {
        <h2>{title}</h2>
        {more}
        <Table caption="Who was found" stacks=true columns=vec![
            Column::new("Name"), Column::new("Born"), Column::new("Phone"), Column::new("Email"), Column::new("Town"),
            Column::new("Comes next"),
        ] rows=rows />
        {files}
        {list.pages(number, count, A_PAGE)}
    }
    .into_any()
}

/// The year in which they were born.
fn born(one: &Found) -> String {
    let year = one.date_of_birth.as_deref().and_then(|born| born.get(..4));
    year.unwrap_or("Not known").to_owned()
}

/// When they come next.
fn next(one: &Found, today: chrono::NaiveDate) -> String {
    match one.next_at {
        _ if one.has_died => "Has died".to_owned(),
        None => "Nothing booked".to_owned(),
        Some(at) => dates::day_and_time(at, today),
    }
}

fn cells(one: Found, today: chrono::NaiveDate) -> Vec<AnyView> {
    let (born, next) = (born(&one), next(&one, today));
    let href = path(one.id);
    vec![
        view! { <a href=href>{one.full_name}</a> }.into_any(),
        born.into_any(),
        one.phone.as_deref().map(phone_words).into_any(),
        view! { <span class="wb-path">{one.email}</span> }.into_any(),
        one.town.or(one.postcode).into_any(),
        next.into_any(),
    ]
}

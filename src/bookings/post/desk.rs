//! "Letters to post": what is to be printed, the sheets, and what is in the post.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::store::{self, A_PAGE, Row, Shown};
use super::{About, Words};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, table_file};
use crate::staff::audit::{Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{Asked, List};
use crate::ui::page::Site;
use crate::ui::pieces::*;

const HERE: &str = "/desk/letters";
const PRINT: &str = "/desk/letters/print";
/// The field with a letter's id.
const LETTER: &str = "letter";

/// The pages of the post queue.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, note)
        .get(PRINT, print)
        .get("/desk/letters/list.csv", file)
        .get("/desk/letters/list.xlsx", file)
}

async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (number, now) = (asked.page(), app.clock.now());
    let sort = asked.sort(&store::ORDERS);
    let part = (sort, Part::page(number, A_PAGE));
    let shown = store::shown(&app, desk.by(), Action::Looked, part, A_PAGE).await?;
    let list = List::new(HERE, sort);
    if let Some(last) = list.instead_of(number, shown.count, A_PAGE) {
        return Ok(see(&last));
    }
    let heard = Said::heard(&app, &headers);
    let html = in_desk(&app, desk.who(), "Letters to post", HERE, false, || {
        render(shown, &list, number, heard, now)
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 6] = ["Name", "Address", "Town", "Postcode", "Letter", "Since"];

/// The same list as a file, with every letter that is to be printed.
async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by) = (asked.sort(&store::ORDERS), desk.by().clone());
    let name = table_file::dated(&app, "letters");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let asked = (sort, part);
            let shown = store::shown(&app, &by, Action::Downloaded, asked, 0).await?;
            Ok((shown.waiting.into_iter().map(line).collect(), shown.count))
        }
    })
    .await
}

fn line(row: Row) -> Vec<Cell> {
    let about = About::named(&row.about).map_or("", About::words);
    vec![
        row.name.into(),
        row.address.unwrap_or_default().into(),
        row.town.unwrap_or_default().into(),
        row.postcode.unwrap_or_default().into(),
        about.into(),
        dates::iso_day(dates::day_of(row.created_at)).into(),
    ]
}

/// What became of one of them; then the list is there again, as it was.
async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let mut ids: Vec<Uuid> = submitted
        .all(LETTER)
        .filter_map(|id| Uuid::try_parse(&id).ok())
        .collect();
    ids.truncate(usize::try_from(A_PAGE).unwrap_or_default());
    let here = List::new(HERE, asked.sort(&store::ORDERS)).page(asked.page());
    match (submitted.line("do").as_str(), ids.as_slice()) {
        ("posted", [_, ..]) => {
            let entry = |id| Ok(Entry::by(&app, desk.by(), Action::LetterPosted)?.about(id));
            store::post(&app, &ids, entry).await?;
            Ok(Said::LettersPosted.and_see(&app, &here))
        }
        ("put-back", [id]) => {
            let entry = Entry::by(&app, desk.by(), Action::LetterPutBack)?.about(*id);
            store::put_back(&app, *id, &entry).await?;
            Ok(Said::LetterPutBack.and_see(&app, &here))
        }
        _ => Ok(Refusal::BadRequest.into_response()),
    }
}

/// The letters of a page of the list, in its order.
async fn print(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (sort, number) = (asked.sort(&store::ORDERS), asked.page());
    let part = (sort, Part::page(number, A_PAGE));
    let shown = store::shown(&app, desk.by(), Action::Printed, part, 0).await?;
    if let Some(last) = List::new(PRINT, sort).instead_of(number, shown.count, A_PAGE) {
        return Ok(see(&last));
    }
    let (waiting, here) = (shown.waiting, List::new(HERE, sort).page(number));
    let today = dates::day_of(app.clock.now());
    let mut letters = Vec::new();
    for row in waiting.into_iter().filter(|row| row.address.is_some()) {
        if let Some(words) = store::words(&app, &row).await? {
            letters.push((row, words));
        }
    }
    let html = in_desk(&app, desk.who(), "Letters to print", HERE, false, || {
        let count = match letters.len() {
            1 => "1 letter".to_owned(),
            n => format!("{n} letters, one on each page"),
        };
        let ids: Vec<_> = letters.iter().map(|(row, _)| row.id).collect();
        let form = (!ids.is_empty()).then(|| posted(ids, here.clone()));
        let letters: Vec<_> = letters
            .into_iter()
            .map(|(row, words)| sheet(row, words, today))
            .collect();
        view! {
            <div class="wb-no-print wb-measure">
                <nav aria-label="Back"><a href=here class="govuk-back-link">"Back to the list"</a></nav>
                <h1>"Letters to print"</h1>
                <p>"Use your browser’s menu to print. It makes " {count} "."</p>
                {form}
            </div>
            {letters}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The button that says that these are in the post, on the list at `here`.
fn posted(ids: Vec<Uuid>, here: String) -> impl IntoView {
    let words = match ids.len() {
        1 => "It is printed and posted".to_owned(),
        n => format!("All {n} are printed and posted"),
    };
    let ids: Vec<_> = ids
        .into_iter()
        .map(|id| view! { <HiddenField name=LETTER value=id.to_string() /> })
        .collect();
    view! {
        <Form action=here>
            {ids}
            <Button name="do" value="posted">{words}</Button>
        </Form>
    }
}

/// One letter, on a page of its own.
fn sheet(row: Row, words: Words, today: chrono::NaiveDate) -> impl IntoView {
    let site = Site::here();
    let class = if row.format == "large-print" {
        "wb-sheet wb-letter wb-letter--large"
    } else {
        "wb-sheet wb-letter"
    };
    let lines: Vec<_> = [Some(row.name), row.address, row.town, row.postcode]
        .into_iter()
        .flatten()
        .flat_map(|part| part.lines().map(str::to_owned).collect::<Vec<_>>())
        .map(|line| view! { <span>{line}</span> })
        .collect();
    let title = About::named(&row.about).map_or("", About::words);
    let news: Vec<_> = words
        .news
        .into_iter()
        .map(|words| view! { <p>{words}</p> })
        .collect();
    let dates: Vec<_> = words
        .dates
        .into_iter()
        .map(|words| view! { <li>{words}</li> })
        .collect();
    let dates = (!dates.is_empty()).then(|| view! { <ul>{dates}</ul> });
    let hello = format!("Hello {},", words.hello);
    let (from, place) = (site.name.clone(), site.place.clone());
    let call = format!("Call us on {}, {}.", site.phone, site.phone_hours);
    view! {
        <article class=class>
            <p class="wb-letter__from"><strong>{from}</strong> " " <span>{place}</span></p>
            <p class="wb-letter__to">{lines}</p>
            <p>{dates::full_day(today)}</p>
            <h2>{title}</h2>
            <p>{hello}</p>
            {news}
            {dates}
            <p>{words.then}</p>
            <p>{call}</p>
        </article>
    }
}

fn render(
    shown: Shown,
    list: &List,
    number: u32,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let Shown {
        waiting,
        count,
        posted: done,
    } = shown;
    let (today, print) = (
        dates::day_of(now),
        List::new(PRINT, list.sort()).page(number),
    );
    let about = |row: &Row| About::named(&row.about).map_or("", About::words);
    let button = |row: &Row, value: &'static str, words: &'static str, whom: String| {
        let id = row.id.to_string();
        view! {
            <Form>
                <HiddenField name=LETTER value=id />
                <input type="hidden" name="do" value=value />
                <button type="submit" class="wb-link-button">
                    {words} <span class="govuk-visually-hidden">{whom}</span>
                </button>
            </Form>
        }
        .into_any()
    };
    let table = if waiting.is_empty() {
        view! {
            <EmptyState title="Nothing to post" level=2>
                <p>"When somebody who asked for letters is booked, or something changes for them, their letter is here."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let more = (count > A_PAGE).then(|| {
            let words = format!("{count} letters wait. Those of this page are printed together.");
            view! { <p>{words}</p> }
        });
        let rows: Vec<Vec<AnyView>> = waiting
            .iter()
            .map(|row| {
                let place = match &row.address {
                    Some(address) => address.lines().collect::<Vec<_>>().join(", "),
                    None => "No address any more. Please ring them.".to_owned(),
                };
                vec![
                    row.name.clone().into_any(),
                    place.into_any(),
                    about(row).into_any(),
                    dates::day_and_time(row.created_at, today).into_any(),
                    button(
                        row,
                        "posted",
                        "Printed and posted",
                        format!(": the letter to {}", row.name),
                    ),
                ]
            })
            .collect();
        view! {
            <p><a href=print class="govuk-button">"See the letters to print"</a></p>
            {more}
            <Table caption="Letters to post" stacks=true columns=vec![
                list.sorts("name", Column::new("Name")), Column::new("Address"), list.sorts("letter", Column::new("Letter")),
                list.sorts("since", Column::new("Since")), Column::new("Done"),
            ] rows=rows />
        }
        .into_any()
    };
    let done = (!done.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = done
            .iter()
            .map(|row| {
                vec![
                    row.name.clone().into_any(),
                    about(row).into_any(),
                    button(
                        row,
                        "put-back",
                        "Put back",
                        format!(" the letter to {}", row.name),
                    ),
                ]
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="posted">
                <h2 id="posted">"Posted in the last day"</h2>
                <Table caption="Letters that were posted in the last day" stacks=true columns=vec![
                    Column::new("Name"), Column::new("Letter"), Column::new("Undo"),
                ] rows=rows />
            </section>
        }
    });
    view! {
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <h1>"Letters to post"</h1>
        <p>"Whoever asked for letters and has no email. That you see these addresses is written down."</p>
        {list.sort_form(count)}
        {table}
        {list.files(count)}
        {list.pages(number, count, A_PAGE)}
        {done}
    }
}

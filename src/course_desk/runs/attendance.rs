//! Who came to a run: everybody's sessions side by side, on screen, on paper and as a file.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::registers::attendance::{self, Roll, Tally};
use crate::server::http::{Keep, page};
use crate::server::{App, Result, table_file};
use crate::staff::audit::Action;
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let roll = attendance::of_run(&app, desk.by(), run.id, Action::Looked).await?;
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), "Who came", HERE, false, || {
        let own = path(&run);
        let csv = format!("{own}/attendance.csv");
        let all = Tally::of(
            roll.lines
                .iter()
                .flat_map(|line| line.cells.iter().copied()),
        );
        let nobody = roll.lines.is_empty();
        let first = dates::full_day(dates::day_of(run.starts_at));
        view! {
            {back(&run)}
            <p class="wb-register__course">{run.title.clone()} ", from " {first}</p>
            <h1>"Who came"</h1>
            <p>{run.place()} {run.tutor.clone().map(|tutor| format!(". Tutor: {tutor}"))}</p>
            <p class="wb-lead">{in_all(all)}</p>
            {(!nobody).then(|| view! {
                <p class="wb-no-print"><a href=csv download="">"This list as a file (CSV)"</a></p>
            })}
            {people(&roll, today)}
            {sessions(&roll, today)}
            <p class="wb-small">"That you see who came is written down. To print it, use your browser’s menu."</p>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// "41 of 52 marks say that somebody came (79%). 3 are still to be marked."
fn in_all(all: Tally) -> String {
    let share = all.share().map_or_else(
        || "Nothing is marked yet.".to_owned(),
        |share| {
            format!(
                "{} of {} marks say that somebody came ({share}%).",
                all.came,
                all.known()
            )
        },
    );
    match all.not_marked {
        0 => share,
        1 => format!("{share} 1 is still to be marked."),
        n => format!("{share} {n} are still to be marked."),
    }
}

/// "4 of 6, 67%".
fn of_known(tally: Tally) -> String {
    tally.share().map_or_else(String::new, |share| {
        format!("{} of {}, {share}%", tally.came, tally.known())
    })
}

fn people(roll: &Roll, today: chrono::NaiveDate) -> AnyView {
    if roll.lines.is_empty() {
        return view! {
            <EmptyState title="Nobody has a place" level=2><p>"Who books is here at once."</p></EmptyState>
        }
        .into_any();
    }
    let mut columns = vec![Column::new("Name")];
    columns.extend(roll.sessions.iter().map(|session| {
        let day = dates::short_day(session.day(), today);
        Column::new(format!("{}. {day}", session.position))
    }));
    columns.push(Column::new("Came, of what is marked"));
    let rows = roll
        .lines
        .iter()
        .map(|line| {
            let href = format!("/desk/people/{}", line.person.person_id);
            let stopped = line
                .person
                .stopped
                .then(|| view! { <br /> <span class="wb-small">"Stopped coming"</span> });
            let mut cells =
                vec![view! { <a href=href>{line.person.name.clone()}</a> {stopped} }.into_any()];
            cells.extend(line.cells.iter().map(|cell| cell.words().into_any()));
            cells.push(of_known(line.tally()).into_any());
            cells
        })
        .collect();
    view! {
        <section class="wb-block wb-sheet wb-roll" aria-labelledby="people">
            <h2 id="people">"Each person"</h2>
            <Table caption="Who came to which session" stacks=true columns=columns rows=rows />
        </section>
    }
    .into_any()
}

fn sessions(roll: &Roll, today: chrono::NaiveDate) -> impl IntoView + use<> {
    let rows: Vec<Vec<AnyView>> = roll
        .sessions
        .iter()
        .enumerate()
        .map(|(at, session)| {
            let tally = roll.session(at);
            vec![
                format!("{}. {}", session.position, dates::day(session.day(), today)).into_any(),
                tally.came.into_any(),
                tally.did_not_come.into_any(),
                tally.apologies.into_any(),
                tally.not_marked.into_any(),
                tally
                    .share()
                    .map_or_else(String::new, |share| format!("{share}%"))
                    .into_any(),
            ]
        })
        .collect();
    view! {
        <section class="wb-block wb-sheet" aria-labelledby="sessions">
            <h2 id="sessions">"Each session"</h2>
            <Table caption="How many came to each session" stacks=true columns=vec![
                Column::new("Session"), Column::numbers("Came"), Column::numbers("Did not come"), Column::numbers("Apologies"),
                Column::numbers("Not marked"), Column::numbers("Share who came"),
            ] rows=rows />
        </section>
    }
}

/// The same as a file: a row for each person, a column for each session.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let roll = attendance::of_run(&app, desk.by(), run.id, Action::Downloaded).await?;
    Ok(table_file::answer(&name(&run), csv(&roll)?))
}

fn name(run: &Run) -> String {
    format!(
        "attendance-{}",
        dates::iso_day(dates::day_of(run.starts_at))
    )
}

fn csv(roll: &Roll) -> Result<Vec<u8>> {
    let mut titles = vec!["Name".to_owned()];
    titles.extend(roll.sessions.iter().map(|session| {
        format!(
            "Session {}, {}",
            session.position,
            dates::iso_day(session.day())
        )
    }));
    titles.extend(
        [
            "Came",
            "Did not come",
            "Apologies",
            "Not marked",
            "Share who came, in percent",
        ]
        .map(str::to_owned),
    );
    let rows = roll.lines.iter().map(|line| {
        let tally = line.tally();
        let mut row = vec![line.person.name.clone()];
        row.extend(line.cells.iter().map(|cell| cell.words().to_owned()));
        row.extend(
            [
                tally.came,
                tally.did_not_come,
                tally.apologies,
                tally.not_marked,
            ]
            .map(|n| n.to_string()),
        );
        row.push(
            tally
                .share()
                .map_or_else(String::new, |share| share.to_string()),
        );
        row
    });
    table_file::csv(titles, rows)
}

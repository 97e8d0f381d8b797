//! Who came to a run: everybody's sessions side by side, on screen, on paper and as a file. Whoever no tutor sees is marked here.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::accounts::said::{Said, said};
use crate::registers::attendance::{self, Line, Roll, Tally};
use crate::registers::model::Mark;
use crate::server::table_file::Format;
use crate::server::{App, Result, table_file};
use crate::staff::audit::Action;
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::as_files;
use crate::ui::pieces::*;

/// The field with the place of whoever is marked.
const WHO: &str = "place";
/// The field with the session.
const AT: &str = "session";
/// The field with the mark.
const MARK: &str = "mark";

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let answer = ask(&app, &desk, &run, FormState::empty(), heard).await?;
    Ok(said(&app, heard, answer))
}

/// Marks somebody at a session.
pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let number = |typed: &str| Uuid::try_parse(typed).map_err(|_| "Choose again".to_owned());
    let place = check.text(WHO, "Choose who", number);
    let session = check.text(AT, "Choose a session", number);
    let mark = check.text(MARK, "Choose whether they came", |typed| {
        Mark::named(typed).ok_or_else(|| "Choose again".to_owned())
    });
    let mut form = check.finish();
    if let (Some(place), Some(session), Some(mark)) = (place, session, mark) {
        if attendance::mark(&app, desk.by(), run.id, (place, session), mark).await? {
            let here = format!("{}/attendance", path(&run));
            return Ok(Said::RegisterSaved.and_see(&app, &here));
        }
        form = form.with_error(WHO, "This cannot be marked now. Choose again");
    }
    ask(&app, &desk, &run, form, None).await
}

async fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let roll = attendance::of_run(app, desk.by(), run.id, Action::Looked).await?;
    let now = app.clock.now();
    let today = dates::day_of(now);
    let failed = form.has_errors();
    Ok(form_in_desk(
        app,
        desk.who(),
        "Who came",
        HERE,
        failed,
        || {
            let own = path(run);
            let file = |ending| format!("{own}/attendance.{ending}");
            let files = as_files(file("csv"), file("xlsx"));
            let all = Tally::of(
                roll.lines
                    .iter()
                    .flat_map(|line| line.cells.iter().copied()),
            );
            let nobody = roll.lines.is_empty();
            let first = dates::full_day(dates::day_of(run.starts_at));
            view! {
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                {back(run)}
                <ErrorSummary form=&form />
                <p class="wb-register__course">{run.title.clone()} ", from " {first}</p>
                <h1>"Who came"</h1>
                <p>{run.place()} {run.tutor.clone().map(|tutor| format!(". Tutor: {tutor}"))}</p>
                <p class="wb-lead">{in_all(all)}</p>
                {(!nobody).then_some(files)}
                {people(&roll, today)}
                {sessions(&roll, today)}
                {marking(run, &roll, &form, now)}
                <p class="wb-small">"That you see who came is written down. To print it, use your browser’s menu."</p>
            }
        },
    ))
}

/// The form to mark somebody at a session that has begun.
fn marking(run: &Run, roll: &Roll, form: &FormState, now: DateTime<Utc>) -> Option<AnyView> {
    let today = dates::day_of(now);
    let begun = roll.sessions.iter().filter(|one| one.starts_at <= now);
    let begun: Vec<_> = begun
        .map(|one| {
            let words = format!("{}. {}", one.position, dates::day(one.day(), today));
            Choice::new(one.id.to_string(), words)
        })
        .collect();
    let takes_place = ["open", "closed"].contains(&run.status.as_str());
    if begun.is_empty() || roll.lines.is_empty() || !takes_place {
        return None;
    }
    let person = |line: &Line| {
        let name = line.person.name.clone();
        let words = if line.person.kept_back {
            format!("{name} (not on the tutor’s list)")
        } else {
            name
        };
        Choice::new(line.person.place_id.to_string(), words)
    };
    let choose = |rest: Vec<Choice>| {
        let mut all = vec![Choice::new("", "Choose")];
        all.extend(rest);
        all
    };
    let people = choose(roll.lines.iter().map(person).collect());
    let mark = |mark: Mark| Choice::new(mark.name(), mark.words());
    let marks = choose(Mark::ALL.into_iter().map(mark).collect());
    let begun = choose(begun);
    let form = form.clone();
    Some(
        view! {
            <section class="wb-block wb-no-print" aria-labelledby="marking">
                <h2 id="marking">"Mark somebody"</h2>
                <p>"Some people do not want tutors to have their details. They are not on the tutor’s list, so mark them here."</p>
                <Form>
                    <Select form=&form name=WHO label=Label::bold("Who") choices=people />
                    <Select form=&form name=AT label=Label::bold("Session") choices=begun />
                    <Select form=&form name=MARK label=Label::bold("Did they come?") choices=marks />
                    <Button>"Save this mark"</Button>
                </Form>
            </section>
        }
        .into_any(),
    )
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
    let rows =
        roll.lines
            .iter()
            .map(|line| {
                let href = format!("/desk/people/{}", line.person.person_id);
                let kept_back = line.person.kept_back.then(
                    || view! { <br /> <span class="wb-small">"Not on the tutor’s list"</span> },
                );
                let stopped = line
                    .person
                    .stopped
                    .then(|| view! { <br /> <span class="wb-small">"Stopped coming"</span> });
                let mut cells = vec![
                    view! { <a href=href>{line.person.name.clone()}</a> {stopped} {kept_back} }
                        .into_any(),
                ];
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
    format: Format,
) -> Result<Response> {
    let roll = attendance::of_run(&app, desk.by(), run.id, Action::Downloaded).await?;
    let titles = titles(&roll);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    table_file::answer_as(format, &name(&run), &titles, roll.lines.iter().map(row))
}

fn name(run: &Run) -> String {
    format!(
        "attendance-{}",
        dates::iso_day(dates::day_of(run.starts_at))
    )
}

fn titles(roll: &Roll) -> Vec<String> {
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
    titles
}

fn row(line: &Line) -> Vec<table_file::Cell> {
    let tally = line.tally();
    let mut row = vec![line.person.name.clone().into()];
    row.extend(line.cells.iter().map(|cell| cell.words().into()));
    row.extend(
        [
            tally.came,
            tally.did_not_come,
            tally.apologies,
            tally.not_marked,
        ]
        .map(number),
    );
    row.push(tally.share().map_or_else(|| "".into(), number));
    row
}

fn number(n: usize) -> table_file::Cell {
    table_file::Cell::Number(i64::try_from(n).unwrap_or(i64::MAX))
}

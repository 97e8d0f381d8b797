//! School holidays: kept once, left out by every run that is asked to.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use leptos::prelude::*;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{A_PAGE, Shown, up_to};
use crate::accounts::said::{Said, said};
use crate::server::http::Refusal;
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, form_key, table_file};
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::staff::rights::Courses;
use crate::staff::{By, Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{Asked, List, Order, Sort};
use crate::ui::pieces::*;
use crate::{read, write_tx};

/// The page.
pub const HERE: &str = "/desk/holidays";
/// The desk that it belongs to.
const DESK: &str = super::runs::HERE;
/// How long a holiday may be, in days.
const LONGEST: i64 = 70;
/// How many are kept at most.
const MOST: i64 = 200;

/// The page.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, send)
        .get("/desk/holidays/list.csv", file)
        .get("/desk/holidays/list.xlsx", file)
}

/// A school holiday; its days are days in Bath.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holiday {
    id: Uuid,
    name: String,
    first_day: String,
    last_day: String,
}

impl Holiday {
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.first_day.parse().ok()?, self.last_day.parse().ok()?))
    }

    fn words(&self) -> String {
        self.days().map_or_else(String::new, |(first, last)| {
            format!("{} to {}", dates::full_day(first), dates::full_day(last))
        })
    }
}

/// The orders of the list.
const ORDERS: [Order; 3] = [
    Order::rising("first", "First day", "first_day"),
    Order::rising("name", "Name", "lower(name)"),
    Order::rising("last", "Last day", "last_day"),
];

/// A part of the holidays, and how many there are.
async fn holidays(app: &App, sort: Sort, part: Part) -> Result<(Vec<Holiday>, i64)> {
    let sql = [
        "SELECT id, name, first_day, last_day FROM school_holiday ORDER BY ",
        &sort.sql(),
        ", id LIMIT $1 OFFSET $2",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM school_holiday")
            .fetch_one(&mut *c)
            .await?;
        Ok((rows, count))
    })
}

/// The days of every school holiday that we know, first and last.
///
/// # Errors
/// When the database fails.
pub async fn days(app: &App) -> Result<Vec<(NaiveDate, NaiveDate)>> {
    // The last of them: plans are made for what is to come.
    let latest_first = Sort::usual(&ORDERS).turned(true);
    let (all, _) = holidays(app, latest_first, Part::page(1, MOST)).await?;
    Ok(all.iter().filter_map(Holiday::days).collect())
}

async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let form = FormState::filled([(FORM_KEY, form_key::new()?)]);
    let html = list(&app, &desk, Shown::of(&asked, &ORDERS), form, heard).await?;
    Ok(said(&app, heard, html))
}

const TITLES: [&str; 3] = ["Holiday", "First day", "Last day"];

/// The same list as a file, with all of them.
async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let sort = asked.sort(&ORDERS);
    table_file::list(format, "school-holidays", &TITLES, move |part| {
        let app = app.clone();
        async move {
            let (all, count) = holidays(&app, sort, part).await?;
            let line = |one: Holiday| -> Vec<Cell> {
                vec![one.name.into(), one.first_day.into(), one.last_day.into()]
            };
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    if submitted.line("do") == "remove" {
        let Ok(id) = Uuid::try_parse(&submitted.line("holiday")) else {
            return Ok(Refusal::BadRequest.into_response());
        };
        remove(&app, desk.by(), id).await?;
        return Ok(Said::HolidaysSaved.and_see(&app, HERE));
    }
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let typed = typed(&mut check);
    let form = check.finish();
    let Some((name, first, last)) = typed.filter(|_| !form.has_errors()) else {
        return list(&app, &desk, Shown::first(&ORDERS), form, None).await;
    };
    let answers = format!("{name} {first} {last}");
    let id = form_key::id(
        &app,
        "holiday-by-desk",
        desk.by().account_id,
        &key,
        &answers,
    );
    add(&app, desk.by(), id, &name, (first, last)).await?;
    Ok(Said::HolidaysSaved.and_see(&app, HERE))
}

fn typed(check: &mut Check) -> Option<(String, NaiveDate, NaiveDate)> {
    let name = check.text("name", "Enter what it is called", up_to(60));
    let mut day = |name: &str, missing: &'static str, subject: &'static str| {
        check.date(name, DateWords { missing, subject })
    };
    let first = day("first", "Enter the first day", "The first day");
    let last = day("last", "Enter the last day", "The last day");
    let (first, last) = (first?, last?);
    if last < first {
        check.error("last", "Enter a day after the first");
    } else if (last - first).num_days() >= LONGEST {
        check.error(
            "last",
            "That is longer than a school holiday. Enter an earlier day",
        );
    }
    Some((name?, first, last))
}

async fn add(
    app: &App,
    by: &By,
    id: Uuid,
    name: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<()> {
    let entry = Entry::by(app, by, Action::HolidaysChanged)?.about(id);
    write_tx!(app.db, |c| {
        let fresh = sqlx::query(
            "INSERT INTO school_holiday (id, name, first_day, last_day) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(name)
        .bind(first.to_string())
        .bind(last.to_string())
        .execute(&mut *c)
        .await?
        .rows_affected();
        if fresh == 1 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })
}

async fn remove(app: &App, by: &By, id: Uuid) -> Result<()> {
    let entry = Entry::by(app, by, Action::HolidaysChanged)?.about(id);
    write_tx!(app.db, |c| {
        let gone = sqlx::query("DELETE FROM school_holiday WHERE id = $1")
            .bind(id)
            .execute(&mut *c)
            .await?
            .rows_affected();
        if gone == 1 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })
}

async fn list(
    app: &App,
    desk: &Desk<Courses>,
    shown: Shown,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let (all, count) = holidays(app, shown.sort, shown.part()).await?;
    let list = List::new(HERE, shown.sort);
    let failed = form.has_errors();
    let page = form_in_desk(app, desk.who(), "School holidays", DESK, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        let rows: Vec<_> = all
            .into_iter()
            .map(|holiday| {
                let words = holiday.words();
                let hidden = format!(": {}", holiday.name);
                let remove = view! {
                    <Form>
                        <HiddenField name="holiday" value=holiday.id.to_string() />
                        <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value="remove">
                            "Take away" <span class="govuk-visually-hidden">{hidden}</span>
                        </Button>
                    </Form>
                };
                vec![holiday.name.into_any(), words.into_any(), remove.into_any()]
            })
            .collect();
        let table = if rows.is_empty() {
            view! { <p>"There is none yet. Add those of the year: runs can then leave them out."</p> }.into_any()
        } else {
            view! {
                <Table caption="School holidays" stacks=true columns=vec![
                    list.sorts("name", Column::new("Holiday")), list.sorts("first", Column::new("Days")),
                    Column::new("Change"),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=DESK class="govuk-back-link">"All runs"</a></nav>
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <ErrorSummary form=&form />
                <h1>"School holidays"</h1>
                <p>"A run that is added, or a term that is copied, can leave them out. Runs that are there stay as they are."</p>
            </div>
            {list.sort_form(count)}
            {table}
            {list.files(count)}
            {list.pages(shown.number, count, A_PAGE)}
            <div class="wb-measure">
                <h2>"Add a holiday"</h2>
                <Form key=key clone:form>
                    <TextField form=&form name="name" label=Label::bold("What is it called?") hint="For example, Spring half term"
                        spellcheck=true class="govuk-input--width-20" />
                    <DateField form=&form name="first" label=Label::bold("First day") />
                    <DateField form=&form name="last" label=Label::bold("Last day") />
                    <Button>"Add this holiday"</Button>
                </Form>
            </div>
        }
    });
    Ok(page)
}

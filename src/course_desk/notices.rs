//! What every public page says for a while: "We are closed on Friday". Of several the one that was written last is shown.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::runs::moment;
use super::{A_PAGE, Shown};
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
pub const HERE: &str = "/desk/notices";
/// How long a notice may be, in letters.
const LONGEST: usize = 300;

/// The page.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, send)
        .get("/desk/notices/list.csv", file)
        .get("/desk/notices/list.xlsx", file)
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct SiteNotice {
    id: Uuid,
    words: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

/// A notice as it was typed.
#[derive(Debug)]
struct Typed {
    words: String,
    /// None is now.
    starts_at: Option<DateTime<Utc>>,
    ends_at: DateTime<Utc>,
}

/// Shows on this process's pages what is to be shown now.
///
/// # Errors
/// When the database fails; what was shown stays.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let words: Option<String> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT words FROM site_notice WHERE ends_at > $1 AND starts_at <= $1 ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    app.site.put_notice(&words.unwrap_or_default());
    Ok(())
}

/// The orders of the list.
const ORDERS: [Order; 3] = [
    Order::rising("from", "From when", "starts_at"),
    Order::rising("until", "Until when", "ends_at"),
    Order::rising("words", "Words", "lower(words)"),
];

/// A part of those that are not over, and how many there are.
async fn notices(app: &App, sort: Sort, part: Part) -> Result<(Vec<SiteNotice>, i64)> {
    let now = app.clock.now();
    let sql = [
        "SELECT id, words, starts_at, ends_at FROM site_notice WHERE ends_at > $1 ORDER BY ",
        &sort.sql(),
        ", id LIMIT $2 OFFSET $3",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM site_notice WHERE ends_at > $1")
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
        Ok((rows, count))
    })
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

const TITLES: [&str; 5] = ["Words", "From day", "From", "Until day", "Until"];

/// The same list as a file, with all of them.
async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let sort = asked.sort(&ORDERS);
    table_file::list(format, "notices", &TITLES, move |part| {
        let app = app.clone();
        async move {
            let (all, count) = notices(&app, sort, part).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(notice: SiteNotice) -> Vec<Cell> {
    let day = |at| dates::iso_day(dates::day_of(at));
    vec![
        notice.words.into(),
        day(notice.starts_at).into(),
        dates::time(notice.starts_at).into(),
        day(notice.ends_at).into(),
        dates::time(notice.ends_at).into(),
    ]
}

async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    if submitted.line("do") == "remove" {
        let Ok(id) = Uuid::try_parse(&submitted.line("notice")) else {
            return Ok(Refusal::BadRequest.into_response());
        };
        remove(&app, desk.by(), id).await?;
        return Ok(Said::NoticeSaved.and_see(&app, HERE));
    }
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let typed = typed(&mut check, &submitted, app.clock.now());
    let form = check.finish();
    let Some(typed) = typed.filter(|_| !form.has_errors()) else {
        return list(&app, &desk, Shown::first(&ORDERS), form, None).await;
    };
    let answers = format!("{typed:?}");
    let account = desk.by().account_id;
    let id = form_key::id(&app, "notice-by-desk", account, &key, &answers);
    add(&app, desk.by(), id, &typed).await?;
    Ok(Said::NoticeSaved.and_see(&app, HERE))
}

/// The words, from when (now, if nothing is said) and until when.
fn typed(check: &mut Check, submitted: &Submitted, now: DateTime<Utc>) -> Option<Typed> {
    let words = check.text("words", "Write what the website should say", |typed| {
        if typed.chars().count() > LONGEST {
            Err(format!("Use {LONGEST} letters or fewer"))
        } else {
            Ok(typed.to_owned())
        }
    });
    let starts_at = moment(check, submitted, ("starts", "starts-time"), now);
    let ends_at = moment(check, submitted, ("ends", "ends-time"), now);
    if check.failed() {
        return None;
    }
    let Some(ends_at) = ends_at else {
        check.error("ends", "Enter the day on which it ends");
        return None;
    };
    if ends_at <= starts_at.unwrap_or(now) {
        check.error("ends", "It must end after it starts");
        return None;
    }
    Some(Typed {
        words: words?,
        starts_at,
        ends_at,
    })
}

async fn add(app: &App, by: &By, id: Uuid, typed: &Typed) -> Result<()> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::NoticeChanged)?.about(id);
    write_tx!(app.db, |c| {
        let fresh = sqlx::query(
            "INSERT INTO site_notice (id, words, starts_at, ends_at, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(&typed.words)
        .bind(typed.starts_at.unwrap_or(now))
        .bind(typed.ends_at)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if fresh == 1 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })?;
    sweep(app).await
}

async fn remove(app: &App, by: &By, id: Uuid) -> Result<()> {
    let entry = Entry::by(app, by, Action::NoticeChanged)?.about(id);
    write_tx!(app.db, |c| {
        let gone = sqlx::query("DELETE FROM site_notice WHERE id = $1")
            .bind(id)
            .execute(&mut *c)
            .await?
            .rows_affected();
        if gone == 1 {
            insert_entry!(c, &entry);
        }
        Ok(())
    })?;
    sweep(app).await
}

async fn list(
    app: &App,
    desk: &Desk<Courses>,
    shown: Shown,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let (all, count) = notices(app, shown.sort, shown.part()).await?;
    let list = List::new(HERE, shown.sort);
    let failed = form.has_errors();
    let now = app.clock.now();
    let page = form_in_desk(
        app,
        desk.who(),
        "Notice on the website",
        HERE,
        failed,
        || {
            let key = form.value(FORM_KEY).to_owned();
            let rows: Vec<_> = all.into_iter().map(|notice| row(notice, now)).collect();
            let table = if rows.is_empty() {
                view! { <p>"There is none now, and none to come."</p> }.into_any()
            } else {
                view! {
                <Table caption="Notices now and to come" stacks=true columns=vec![
                    list.sorts("words", Column::new("Words")), list.sorts("from", Column::new("From")),
                    list.sorts("until", Column::new("Until")), Column::new("Change"),
                ] rows=rows />
            }
            .into_any()
            };
            view! {
                <div class="wb-measure">
                    {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                    <ErrorSummary form=&form />
                    <h1>"Notice on the website"</h1>
                    <p>"It stands at the top of every public page. For example: We are closed on Friday 26 March. If there are several, the newest is shown."</p>
                    {list.sort_form(count)}
                    {table}
                    {list.files(count)}
                    {list.pages(shown.number, count, A_PAGE)}
                    <h2>"Add a notice"</h2>
                    <Form key=key clone:form>
                        <TextField form=&form name="words" label=Label::bold("What should it say?") spellcheck=true
                            hint=format!("One or two short sentences, {LONGEST} letters or fewer") />
                        <DateField form=&form name="starts" label=Label::bold("From which day? (optional)") hint="Empty: from now on" />
                        <TextField form=&form name="starts-time" label=Label::bold("At what time?") hint="For example, 9am" class="govuk-input--width-10" />
                        <DateField form=&form name="ends" label=Label::bold("Until which day?") />
                        <TextField form=&form name="ends-time" label=Label::bold("Until what time?") hint="For example, 5pm" class="govuk-input--width-10" />
                        <Button>"Add this notice"</Button>
                    </Form>
                </div>
            }
        },
    );
    Ok(page)
}

fn row(notice: SiteNotice, now: DateTime<Utc>) -> Vec<AnyView> {
    let today = dates::day_of(now);
    let from = if notice.starts_at <= now {
        "Now".to_owned()
    } else {
        dates::day_and_time(notice.starts_at, today)
    };
    let hidden = format!(": {}", notice.words);
    let remove = view! {
        <Form>
            <HiddenField name="notice" value=notice.id.to_string() />
            <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value="remove">
                "Take down" <span class="govuk-visually-hidden">{hidden}</span>
            </Button>
        </Form>
    };
    vec![
        notice.words.into_any(),
        from.into_any(),
        dates::day_and_time(notice.ends_at, today).into_any(),
        remove.into_any(),
    ]
}

//! Topics: what courses are about, in the order in which the website lists them.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{A_PAGE, Shown, free_slug, number_up_to, up_to};
use crate::accounts::said::{Said, said};
use crate::catalogue::{self, rules};
use crate::server::http::Refusal;
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, form_key, table_file};
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::staff::rights::Courses;
use crate::staff::{By, Desk, form_in_desk};
use crate::ui::art;
use crate::ui::form::*;
use crate::ui::list::{Asked, List, Order, Sort};
use crate::ui::pieces::*;
use crate::{read, write_tx};

/// The list.
const HERE: &str = "/desk/topics";
/// The desk that it belongs to.
const DESK: &str = super::courses::HERE;
/// More than a page of filters can show, with gaps.
const MOST: i64 = 999;

/// The pages of topics.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, add)
        .get("/desk/topics/list.csv", file)
        .get("/desk/topics/list.xlsx", file)
        .get("/desk/topics/{id}", show_one)
        .post("/desk/topics/{id}", change)
}

/// A topic.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Topic {
    id: Uuid,
    name: String,
    art: String,
    position: i64,
    courses: i64,
}

/// The orders of the list.
const ORDERS: [Order; 4] = [
    Order::rising("place", "As on the website", "topic.position"),
    Order::rising("name", "Topic", "lower(topic.name)"),
    Order::rising("picture", "Picture", "topic.art"),
    Order::falling("courses", "Most courses first", "courses"),
];

macro_rules! topics {
    ($rest:literal) => {
        concat!(
            "SELECT topic.id, topic.name, topic.art, topic.position, \
                    (SELECT COUNT(*) FROM course WHERE course.topic_id = topic.id) AS courses FROM topic ",
            $rest
        )
    };
}

/// A part of the topics, and how many there are.
async fn topics(app: &App, sort: Sort, part: Part) -> Result<(Vec<Topic>, i64)> {
    let sql = [
        topics!("ORDER BY "),
        &sort.sql(),
        ", lower(topic.name), topic.id LIMIT $1 OFFSET $2",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM topic")
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

const TITLES: [&str; 4] = ["Topic", "Picture", "Courses", "Its place in the order"];

/// The same list as a file, with all of them.
async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let sort = asked.sort(&ORDERS);
    table_file::list(format, "topics", &TITLES, move |part| {
        let app = app.clone();
        async move {
            let (topics, count) = topics(&app, sort, part).await?;
            Ok((topics.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(topic: Topic) -> Vec<Cell> {
    vec![
        topic.name.into(),
        picture_words(&topic.art).into(),
        topic.courses.into(),
        topic.position.into(),
    ]
}

/// The name and the drawing that were typed.
fn typed(check: &mut Check) -> Option<(String, &'static str)> {
    let name = check.text("name", "Enter the topic", up_to(40));
    let art = check.choice("art", "Choose a picture", &art::TOPICS);
    Some((name?, art?))
}

const TAKEN: &str = "There is a topic with this name. Choose another name";

async fn add(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let typed = typed(&mut check);
    let mut form = check.finish();
    if let Some((name, art)) = typed.filter(|_| !form.has_errors()) {
        let id = form_key::id(&app, "topic-by-desk", desk.by().account_id, &key, &name);
        if put(&app, desk.by(), id, &name, art, None).await? {
            return Ok(Said::TopicSaved.and_see(&app, HERE));
        }
        form = form.with_error("name", TAKEN);
    }
    list(&app, &desk, Shown::first(&ORDERS), form, None).await
}

/// Adds the topic `id` at the end, or changes it; `position` is its place in the order, from 1. Says whether its name was free.
async fn put(
    app: &App,
    by: &By,
    id: Uuid,
    name: &str,
    art: &str,
    position: Option<i64>,
) -> Result<bool> {
    let entry = Entry::by(app, by, Action::TopicChanged)?.about(id);
    let base = rules::slug(name);
    let free = write_tx!(app.db, |c| {
        let same: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM topic WHERE lower(name) = lower($1) AND id <> $2",
        )
        .bind(name)
        .bind(id)
        .fetch_one(&mut *c)
        .await?;
        if same > 0 {
            return Ok(false);
        }
        if let Some(position) = position {
            // Whatever stands there, and after it, makes room.
            sqlx::query(
                "UPDATE topic SET position = position + 1 WHERE position >= $1 AND id <> $2 \
                 AND EXISTS (SELECT 1 FROM topic other WHERE other.position = $1 AND other.id <> $2)",
            )
            .bind(position)
            .bind(id)
            .execute(&mut *c)
            .await?;
        }
        let taken: Vec<String> = sqlx::query_scalar("SELECT slug FROM topic")
            .fetch_all(&mut *c)
            .await?;
        let slug = free_slug(&base, "topic", &taken);
        sqlx::query(
            "INSERT INTO topic (id, slug, name, art, position) \
             VALUES ($1, $2, $3, $4, COALESCE($5, (SELECT COALESCE(MAX(position), 0) + 1 FROM topic))) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, art = excluded.art, position = COALESCE($5, topic.position)",
        )
        .bind(id)
        .bind(slug)
        .bind(name)
        .bind(art)
        .bind(position)
        .execute(&mut *c)
        .await?;
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(true)
    })?;
    app.catalogue.places_changed();
    Ok(free)
}

/// Takes a topic away that no course is about; says how many are.
async fn remove(app: &App, by: &By, id: Uuid) -> Result<i64> {
    let entry = Entry::by(app, by, Action::TopicChanged)?.about(id);
    write_tx!(app.db, |c| {
        let courses: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM course WHERE topic_id = $1")
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
        if courses == 0 {
            sqlx::query("DELETE FROM topic WHERE id = $1")
                .bind(id)
                .execute(&mut *c)
                .await?;
            insert_entry!(c, &entry);
        }
        Ok(courses)
    })
}

/// The topic in the address; another number, or none, is not there.
async fn topic(app: &App, id: &str) -> Result<Option<Topic>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    read!(app.db, |c| {
        Ok(sqlx::query_as(topics!("WHERE topic.id = $1"))
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })
}

async fn show_one(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(topic) = topic(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    Ok(ask(&app, &desk, &topic, as_it_is(&topic)))
}

async fn change(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let removes = submitted.line("do") == "remove";
    let Some(topic) = topic(&app, &id).await? else {
        // The second of two presses finds nothing to take away.
        return Ok(if removes {
            Said::TopicSaved.and_see(&app, HERE)
        } else {
            Refusal::NotFound.into_response()
        });
    };
    let mut check = Check::new(&submitted);
    let typed = typed(&mut check);
    let position = check.text(
        "position",
        "Enter its place in the order",
        number_up_to(MOST),
    );
    let mut form = check.finish();
    if removes {
        let courses = remove(&app, desk.by(), topic.id).await?;
        if courses == 0 {
            return Ok(Said::TopicSaved.and_see(&app, HERE));
        }
        let sentence = if courses == 1 {
            "1 course is about it. Give that course another topic first".to_owned()
        } else {
            format!("{courses} courses are about it. Give them another topic first")
        };
        form = as_it_is(&topic).with_error("name", sentence);
    } else if let (Some((name, art)), Some(position)) = (typed, position) {
        if put(&app, desk.by(), topic.id, &name, art, Some(position)).await? {
            return Ok(Said::TopicSaved.and_see(&app, HERE));
        }
        form = form.with_error("name", TAKEN);
    }
    Ok(ask(&app, &desk, &topic, form))
}

fn as_it_is(topic: &Topic) -> FormState {
    FormState::filled([
        ("name", topic.name.clone()),
        ("art", topic.art.clone()),
        ("position", topic.position.to_string()),
    ])
}

fn fields(form: &FormState) -> impl IntoView + use<> {
    let pictures = art::TOPICS
        .map(|name| Choice::new(name, picture_words(name)))
        .into();
    view! {
        <TextField form=form name="name" label=Label::bold("Topic") class="govuk-input--width-20" spellcheck=true />
        <Select form=form name="art" label=Label::bold("Picture") choices=pictures />
    }
}

/// What a drawing shows.
fn picture_words(name: &str) -> &'static str {
    match name {
        "breath" => "Breath",
        "food" => "Food",
        "garden" => "Garden",
        "giving" => "Giving",
        "moving" => "Moving",
        "pain" => "Easing pain",
        "sleep" => "Sleep",
        "worry" => "Easing worry",
        _ => "An open door",
    }
}

async fn list(
    app: &App,
    desk: &Desk<Courses>,
    shown: Shown,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let (topics, count) = topics(app, shown.sort, shown.part()).await?;
    let list = List::new(HERE, shown.sort);
    let failed = form.has_errors();
    let page = form_in_desk(app, desk.who(), "Topics", DESK, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        let rows: Vec<_> = topics
            .into_iter()
            .map(|topic| {
                let href = format!("{HERE}/{}", topic.id);
                vec![
                    view! { <a href=href>{topic.name}</a> }.into_any(),
                    picture_words(&topic.art).into_any(),
                    topic.courses.into_any(),
                ]
            })
            .collect();
        let table = if rows.is_empty() {
            view! { <p>"There is no topic yet. Each course has one, so add the first below."</p> }
                .into_any()
        } else {
            view! {
                <Table caption="Topics" stacks=true columns=vec![
                    list.sorts("name", Column::new("Topic")), list.sorts("picture", Column::new("Picture")),
                    list.sorts("courses", Column::numbers("Courses")),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=DESK class="govuk-back-link">"All courses"</a></nav>
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <ErrorSummary form=&form />
                <h1>"Topics"</h1>
                {list.sort_form(count)}
                {table}
                {list.files(count)}
                {list.pages(shown.number, count, A_PAGE)}
                <h2>"Add a topic"</h2>
                <Form key=key clone:form>
                    {fields(&form)}
                    <Button>"Add this topic"</Button>
                </Form>
            </div>
        }
    });
    Ok(page)
}

fn ask(app: &App, desk: &Desk<Courses>, topic: &Topic, form: FormState) -> Response {
    let failed = form.has_errors();
    form_in_desk(app, desk.who(), "Change a topic", DESK, failed, || {
        let remove = (topic.courses == 0).then(|| {
            view! { <Button name="do" value="remove" kind=ButtonKind::Outlined>"Take this topic away"</Button> }
        });
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All topics"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Change a topic"</h1>
                <Form clone:form>
                    {fields(&form)}
                    <TextField form=&form name="position" label=Label::bold("Its place in the order") inputmode="numeric"
                        class="govuk-input--width-4" hint="1 comes first" />
                    <div class="wb-buttons">
                        <Button>"Save"</Button>
                        {remove}
                    </div>
                </Form>
            </div>
        }
    })
}

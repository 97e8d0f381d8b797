//! P1: the catalogue page, made from the database.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;
use wellbeing_courses::bookings::rules::LAST_CALL;
use wellbeing_courses::catalogue::model::RunStatus;
use wellbeing_courses::catalogue::rules::{Availability, Standing, availability, run_code};
use wellbeing_courses::read;
use wellbeing_courses::server::App;
use wellbeing_courses::ui::art::{self, Icon};
use wellbeing_courses::ui::dates;
use wellbeing_courses::ui::pieces::TagState;

use crate::Result;
use crate::measure::{Clock, Row, alternate, by_cpu};
use crate::site::{Site, page};
use crate::statements::Ear;

const PATH: &str = "/courses";
const PAGE: usize = 20;

/// The page from the database, beside its twin.
pub async fn row(site: &Site, ear: &Ear, rounds: usize, each: usize) -> Result<Row> {
    site.keep_pages(false);
    site.page(PATH, "").await?;
    let (ours, statements) = ear.listen(site.page(PATH, "")).await?;
    let twin = twin(&site.app, statements.are(1)?.starting("SELECT")?, &ours).await?;
    let rounds = alternate(
        rounds,
        async || by_cpu(each, &[], look(&site.router, each)).await,
        async || by_cpu(each, &[], look(&twin, each)).await,
    )
    .await?;
    site.keep_pages(true);
    let what = format!("catalogue page from {}, 50 runs", site.database());
    Ok(Row::compared("P1", what, Clock::Cpu, &rounds, 75))
}

async fn look(router: &Router, times: usize) -> Result<()> {
    for _ in 0..times {
        page(router, PATH, "").await?;
    }
    Ok(())
}

/// The hand-written handler: asks what the page asks, works out the same list, and writes it into a template. All
/// round the list (head, filters, footer) is fixed text to it.
async fn twin(app: &App, sql: &'static str, page: &[u8]) -> Result<Router> {
    let page = std::str::from_utf8(page)?;
    let mut twin = Twin {
        app: app.clone(),
        sql,
        courses: courses(app).await?,
        before: String::new(),
        after: String::new(),
    };
    let list = twin.list().await?;
    let Some((before, after)) = page.split_once(&list) else {
        return Err(crate::differs(
            "the catalogue's twin",
            page,
            "<li class=\"wb-card",
            &list,
        ));
    };
    twin.before = before.to_owned();
    twin.after = after.to_owned();
    Ok(crate::route(
        PATH,
        get(async |State(twin): State<Arc<Twin>>| {
            twin.page()
                .await
                .map(Html)
                .map_err(|error| error.to_string())
        })
        .with_state(Arc::new(twin)),
    ))
}

struct Twin {
    app: App,
    sql: &'static str,
    courses: Vec<Course>,
    before: String,
    after: String,
}

/// What the twin knows of a course. As on the site, it is read again only when the catalogue's version changes.
struct Course {
    slug: String,
    title: String,
    lower_title: String,
    summary: String,
    topic: String,
    drawing: String,
    runs: Vec<Run>,
}

struct Run {
    id: Uuid,
    code: String,
    volunteers_only: bool,
    starts: Vec<DateTime<Utc>>,
    first_ends_at: DateTime<Utc>,
    place: String,
    online: bool,
}

#[derive(sqlx::FromRow)]
struct Pulse {
    id: Option<Uuid>,
    places_left: Option<i64>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% for card in cards %}<li class="wb-card wb-course wb-course--drawn"><div class="wb-leaf" aria-hidden="true"><span class="wb-leaf__day">{{ card.weekday }}</span><span class="wb-leaf__date">{{ card.day }}</span><span class="wb-leaf__month">{{ card.month }}</span></div><div class="wb-course__head"><p class="wb-course__topic">{{ card.course.topic }}</p><h3 class="wb-course__title"><a href="/courses/{{ card.course.slug }}?run={{ card.run.code }}" class="wb-course__link">{{ card.course.title }}</a></h3></div><div class="wb-course__body"><p>{{ card.course.summary }}</p><ul class="wb-facts wb-facts--small"><li>{{ Icon::Clock.svg()|safe }}<span>Starts {{ card.first }}. {{ card.length }}</span></li><li>{% if card.run.online %}{{ Icon::Screen.svg()|safe }}{% else %}{{ Icon::Pin.svg()|safe }}{% endif %}<span>{{ card.run.place }}</span></li></ul><p><strong class="wb-tag wb-tag--{{ card.tag.0 }}">{{ card.tag.1|safe }}{{ card.words }}</strong>{% if !card.more.is_empty() %} <span class="wb-small">{{ card.more }}</span>{% endif %}</p></div><div class="wb-arch wb-arch--{{ card.course.drawing }}">{{ art::topic(card.course.drawing)|safe }}</div></li>{% endfor %}"#
)]
struct List<'a> {
    cards: Vec<Card<'a>>,
}

struct Card<'a> {
    course: &'a Course,
    run: &'a Run,
    weekday: &'static str,
    day: u32,
    month: &'static str,
    first: String,
    length: String,
    tag: (&'static str, &'static str),
    words: wellbeing_courses::ui::Words,
    more: String,
}

impl Twin {
    async fn page(&self) -> Result<String> {
        let list = self.list().await?;
        let mut page = String::with_capacity(self.before.len() + list.len() + self.after.len());
        page.push_str(&self.before);
        page.push_str(&list);
        page.push_str(&self.after);
        Ok(page)
    }

    async fn list(&self) -> Result<String> {
        let now = self.app.clock.now();
        let pulse: Vec<Pulse> = read!(self.app.db, |c| {
            Ok(sqlx::query_as(AssertSqlSafe(self.sql))
                .bind(now)
                .bind(now + LAST_CALL)
                .fetch_all(&mut *c)
                .await?)
        })?;
        let left: HashMap<Uuid, u32> = pulse
            .into_iter()
            .filter_map(|row| Some((row.id?, u32::try_from(row.places_left?).unwrap_or(0))))
            .collect();
        let mut found: Vec<(&Course, &Run, Availability, String)> = Vec::new();
        for course in &self.courses {
            let mut to_come = course.runs.iter().filter_map(|run| {
                let standing = Standing {
                    status: RunStatus::Open,
                    volunteers_only: run.volunteers_only,
                    starts_at: *run.starts.first()?,
                    joins_until: *run.starts.first()?,
                    left: left.get(&run.id).copied().unwrap_or_default(),
                };
                let stands = availability(&standing, now);
                stands.is_to_come().then_some((run, stands))
            });
            if let Some((run, stands)) = to_come.next() {
                let others: Vec<bool> =
                    to_come.map(|(_, other)| other.is_free_for(false)).collect();
                found.push((course, run, stands, more(stands, &others)));
            }
        }
        found.sort_by_key(|(course, run, ..)| (run.starts.first(), &course.lower_title));
        let today = dates::day_of(now);
        let cards = found
            .into_iter()
            .take(PAGE)
            .filter_map(|(course, run, stands, more)| {
                let tag = stands.tag();
                let starts_at = *run.starts.first()?;
                let day = dates::day_of(starts_at);
                Some(Card {
                    course,
                    run,
                    weekday: dates::short_weekday(day),
                    day: chrono::Datelike::day(&day),
                    month: dates::short_month(day),
                    first: dates::day_and_times(starts_at, run.first_ends_at, today),
                    length: dates::run_length(&run.starts),
                    tag: drawn(&tag),
                    words: tag.words(),
                    more,
                })
            })
            .collect();
        Ok(List { cards }.render()?)
    }
}

/// "and 2 more dates": which of the `others` are free counts after a date that is full.
fn more(stands: Availability, others: &[bool]) -> String {
    let free = others.iter().filter(|free| **free).count();
    let dates = match others.len() {
        1 => "1 more date".to_owned(),
        n => format!("{n} more dates"),
    };
    match (others.len(), free) {
        (0, _) => String::new(),
        _ if stands.has_places() => format!("and {dates}"),
        (1, 0) => format!("{dates}, without places"),
        (1, _) => format!("{dates}, with places"),
        (_, 0) => format!("{dates}, none with places"),
        (n, free) if n == free => format!("{dates}, all with places"),
        (_, free) => format!("{dates}, {free} with places"),
    }
}

/// Class and drawing of a tag.
fn drawn(tag: &TagState) -> (&'static str, &'static str) {
    macro_rules! glyph {
        ($name:literal) => {
            include_str!(concat!("../../public/art/tags/", $name, ".svg")).trim_ascii_end()
        };
    }
    match tag {
        TagState::Places(_) => ("places", glyph!("places")),
        TagState::Few(_) => ("few", glyph!("few")),
        TagState::Volunteers => ("kind", glyph!("volunteers")),
        _ => ("full", glyph!("full")),
    }
}

/// A session with its run, course and venue.
type Found = (
    String,
    String,
    String,
    String,
    String,
    Uuid,
    bool,
    Option<String>,
    Option<String>,
    Option<String>,
    DateTime<Utc>,
    DateTime<Utc>,
);

async fn courses(app: &App) -> Result<Vec<Course>> {
    let rows: Vec<Found> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT course.slug, course.title, course.summary, topic.name, topic.art, run.id, \
                    run.volunteers_only OR course.audience = 'volunteers', \
                    venue.name, venue.town, venue.short_access, session.starts_at, session.ends_at \
             FROM run JOIN course ON course.id = run.course_id JOIN topic ON topic.id = course.topic_id \
             JOIN session ON session.run_id = run.id LEFT JOIN venue ON venue.id = run.venue_id \
             WHERE run.status = 'open' AND course.status = 'published' \
             ORDER BY course.slug, run.starts_at, run.id, session.position",
        )
        .fetch_all(&mut *c)
        .await?)
    })?;
    let mut courses: Vec<Course> = Vec::new();
    for (
        slug,
        title,
        summary,
        topic,
        drawing,
        id,
        volunteers_only,
        venue,
        town,
        access,
        starts,
        ends,
    ) in rows
    {
        if courses.last().is_none_or(|last| last.slug != slug) {
            let lower_title = title.to_lowercase();
            courses.push(Course {
                slug,
                title,
                lower_title,
                summary,
                topic,
                drawing,
                runs: Vec::new(),
            });
        }
        let Some(course) = courses.last_mut() else {
            continue;
        };
        match course.runs.last_mut() {
            Some(run) if run.id == id => run.starts.push(starts),
            _ => {
                let place = match (&venue, town, access) {
                    (Some(venue), Some(town), Some(access)) if venue.contains(&town) => {
                        format!("{venue}. {access}")
                    }
                    (Some(venue), Some(town), Some(access)) => format!("{venue}, {town}. {access}"),
                    _ => "Online. The link is in My bookings".to_owned(),
                };
                course.runs.push(Run {
                    id,
                    code: run_code(id),
                    volunteers_only,
                    starts: vec![starts],
                    first_ends_at: ends,
                    place,
                    online: venue.is_none(),
                });
            }
        }
    }
    Ok(courses)
}

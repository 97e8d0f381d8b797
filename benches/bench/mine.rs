//! P3: "My bookings" of somebody who is signed in.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Html;
use axum::routing::get;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;
use wellbeing_courses::server::App;
use wellbeing_courses::server::random::{Secret, hash};
use wellbeing_courses::ui::art::Icon;
use wellbeing_courses::ui::dates;
use wellbeing_courses::{read, write_tx};

use crate::Result;
use crate::measure::{Clock, Row, alternate, by_cpu};
use crate::site::{Site, page, seen_at};
use crate::statements::{Ear, Statements};

const PATH: &str = "/account/bookings";

/// The page, beside its twin. `email` is somebody with bookings to come and in the past.
pub async fn row(site: &Site, ear: &Ear, email: &str, rounds: usize, each: usize) -> Result<Row> {
    let cookie = sign_in(&site.app, email).await?;
    site.page(PATH, &cookie).await?;
    let (ours, statements) = ear.listen(site.page(PATH, &cookie)).await?;
    let twin = twin(&site.app, &statements.are(5)?, &ours, &cookie).await?;
    let rounds = alternate(
        rounds,
        async || by_cpu(each, &[], look(&site.router, &cookie, each)).await,
        async || by_cpu(each, &[], look(&twin, &cookie, each)).await,
    )
    .await?;
    let what = format!("\"My bookings\", signed in, {}", site.database());
    Ok(Row::compared("P3", what, Clock::Cpu, &rounds, 75))
}

async fn look(router: &Router, cookie: &str, times: usize) -> Result<()> {
    for _ in 0..times {
        page(router, PATH, cookie).await?;
    }
    Ok(())
}

/// Signs a device in behind the site's back.
async fn sign_in(app: &App, email: &str) -> Result<String> {
    let now = app.clock.now();
    let (id, secret) = (app.id()?, Secret::new()?);
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at) \
             VALUES ($1, (SELECT id FROM account WHERE lower(email) = $2), $3, 'A benchmark', TRUE, $4, $5, $6)",
        )
        .bind(id)
        .bind(email)
        .bind(secret.hash().to_vec())
        .bind(now)
        .bind(seen_at(now))
        .bind(now + TimeDelta::days(30))
        .execute(&mut *c)
        .await?;
        Ok(())
    })?;
    Ok(format!("sid={}", secret.text()))
}

/// The hand-written handler: knows who is there by the cookie, asks what the page asks, and writes both lists into
/// a template. All round the lists is fixed text to it.
async fn twin(app: &App, statements: &Statements, page: &[u8], cookie: &str) -> Result<Router> {
    let page = std::str::from_utf8(page)?;
    let mut twin = Twin {
        app: app.clone(),
        device: statements.starting("SELECT device.id")?,
        lines: statements.starting("SELECT booking.id, booking.reference")?,
        sessions: statements.starting("SELECT session.run_id")?,
        waiting: statements.starting("SELECT entry.id")?,
        wishes: statements.starting("SELECT course.id")?,
        before: String::new(),
        after: String::new(),
    };
    let lists = twin.lists(cookie).await?;
    let Some((before, after)) = page.split_once(&lists) else {
        return Err(crate::differs(
            "the twin of \"My bookings\"",
            page,
            "<section",
            &lists,
        ));
    };
    twin.before = before.to_owned();
    twin.after = after.to_owned();
    Ok(crate::route(
        PATH,
        get(async |State(twin): State<Arc<Twin>>, headers: HeaderMap| {
            twin.page(&headers)
                .await
                .map(Html)
                .map_err(|error| error.to_string())
        })
        .with_state(Arc::new(twin)),
    ))
}

struct Twin {
    app: App,
    device: &'static str,
    lines: &'static str,
    sessions: &'static str,
    waiting: &'static str,
    wishes: &'static str,
    before: String,
    after: String,
}

#[derive(sqlx::FromRow)]
struct Device {
    account_id: Uuid,
    person_id: Uuid,
    verified: bool,
    expires_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: Uuid,
    reference: String,
    status: String,
    run_id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    venue: Option<String>,
    postcode: Option<String>,
    name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Session {
    run_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

struct Coming<'a> {
    line: &'a Line,
    weekday: &'static str,
    day: u32,
    month: &'static str,
    who: String,
    end: &'static str,
    next: String,
    number: usize,
    of: usize,
}

struct Past<'a> {
    line: &'a Line,
    who: String,
    months: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<section aria-labelledby="coming" class="wb-block"><h2 class="wb-section" id="coming">Coming up</h2><ul class="wb-cards">{% for one in coming %}<li class="wb-card wb-course"><div class="wb-leaf" aria-hidden="true"><span class="wb-leaf__day">{{ one.weekday }}</span><span class="wb-leaf__date">{{ one.day }}</span><span class="wb-leaf__month">{{ one.month }}</span></div><div class="wb-course__head"><h3 class="wb-course__title"><a href="/account/bookings/{{ one.line.reference }}">{{ one.line.title }}</a></h3></div><div class="wb-course__body"><ul class="wb-facts wb-facts--small"><li>{{ Icon::Clock.svg()|safe }}<span>Next: {{ one.next }}{% if one.of > 1 %}. Session {{ one.number }} of {{ one.of }}{% endif %}</span></li><li>{% if let (Some(venue), Some(postcode)) = (one.line.venue.as_ref(), one.line.postcode.as_ref()) %}{{ Icon::Pin.svg()|safe }}<span>{{ venue }}, {{ postcode }}</span>{% else %}{{ Icon::Screen.svg()|safe }}<span>Online</span>{% endif %}</li>{% if !one.who.is_empty() %}<li>{{ Icon::People.svg()|safe }}<span>For {{ one.who }}</span></li>{% endif %}</ul><p class="wb-links"><a href="/account/bookings/{{ one.line.reference }}/calendar.ics">Add to calendar<span class="govuk-visually-hidden">: {{ one.line.title }}</span></a><a href="/account/bookings/{{ one.line.reference }}/cancel">{{ one.end }}<span class="govuk-visually-hidden">: {{ one.line.title }}</span></a></p></div></li>{% endfor %}</ul><p>Would you like all your dates in your own calendar? See <a href="/account/calendar">My calendar</a>.</p></section><section aria-labelledby="past" class="wb-block"><h2 class="wb-section" id="past">Past</h2><ul class="wb-list wb-past">{% for one in past %}<li><h3><a href="/account/bookings/{{ one.line.reference }}">{{ one.line.title }}</a></h3><p>{{ one.months }}, {% if let Some(venue) = one.line.venue.as_ref() %}{{ venue }}{% else %}online{% endif %}</p>{% if !one.who.is_empty() %}<p>For {{ one.who }}</p>{% endif %}{% match one.line.status.as_str() %}{% when "cancelled" %}<p class="wb-quiet">You cancelled {% if one.who.contains(" and ") %}both places{% else %}this place{% endif %}</p>{% when "stopped" %}<p class="wb-quiet">You stopped coming</p>{% else %}{% endmatch %}</li>{% endfor %}</ul></section>"#
)]
struct Lists<'a> {
    coming: Vec<Coming<'a>>,
    past: Vec<Past<'a>>,
}

impl Twin {
    async fn page(&self, headers: &HeaderMap) -> Result<String> {
        let cookie = headers.get(header::COOKIE).ok_or("not signed in")?;
        let lists = self.lists(cookie.to_str()?).await?;
        let mut page = String::with_capacity(self.before.len() + lists.len() + self.after.len());
        page.push_str(&self.before);
        page.push_str(&lists);
        page.push_str(&self.after);
        Ok(page)
    }

    async fn lists(&self, cookie: &str) -> Result<String> {
        let now = self.app.clock.now();
        let token = hash(cookie.trim_start_matches("sid=")).to_vec();
        let device: Device = read!(self.app.db, |c| {
            Ok(sqlx::query_as(AssertSqlSafe(self.device))
                .bind(&token)
                .bind(now)
                .fetch_one(&mut *c)
                .await?)
        })?;
        if !device.verified || device.expires_at <= now {
            return Err("not signed in".into());
        }
        let lines: Vec<Line> = read!(self.app.db, |c| {
            Ok(sqlx::query_as(AssertSqlSafe(self.lines))
                .bind(device.account_id)
                .bind(now)
                .bind(device.person_id)
                .fetch_all(&mut *c)
                .await?)
        })?;
        let sessions: Vec<Session> = read!(self.app.db, |c| {
            Ok(sqlx::query_as(AssertSqlSafe(self.sessions))
                .bind(device.account_id)
                .bind(now)
                .fetch_all(&mut *c)
                .await?)
        })?;
        // Whoever it is measured with waits for nothing.
        let waiting: Vec<Uuid> = read!(self.app.db, |c| {
            Ok(sqlx::query_scalar(AssertSqlSafe(self.waiting))
                .bind(device.account_id)
                .bind(now)
                .fetch_all(&mut *c)
                .await?)
        })?;
        let wishes: Vec<Uuid> = read!(self.app.db, |c| {
            Ok(sqlx::query_scalar(AssertSqlSafe(self.wishes))
                .bind(device.account_id)
                .fetch_all(&mut *c)
                .await?)
        })?;
        if !waiting.is_empty() || !wishes.is_empty() {
            return Err("the twin writes nothing that somebody waits for".into());
        }
        let mut by_run: HashMap<Uuid, Vec<&Session>> = HashMap::new();
        for session in &sessions {
            by_run.entry(session.run_id).or_default().push(session);
        }
        let today = dates::day_of(now);
        let mut lists = Lists {
            coming: Vec::new(),
            past: Vec::new(),
        };
        for rows in lines.chunk_by(|a, b| a.id == b.id) {
            let line = &rows[0];
            let who: Vec<&str> = rows.iter().filter_map(|row| row.name.as_deref()).collect();
            if line.status != "booked" || line.ends_at <= now {
                let months =
                    dates::months(dates::day_of(line.starts_at), dates::day_of(line.ends_at));
                let who = who.join(" and ");
                lists.past.push(Past { line, who, months });
                continue;
            }
            let own = by_run
                .get(&line.run_id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let Some((at, next)) = own.iter().enumerate().find(|(_, s)| s.ends_at > now) else {
                continue;
            };
            let day = dates::day_of(next.starts_at);
            lists.coming.push(Coming {
                line,
                weekday: dates::short_weekday(day),
                day: day.day(),
                month: dates::short_month(day),
                end: match (at, who.len()) {
                    (1.., _) => "Stop coming",
                    (_, 0) => "Cancel my place",
                    (_, 1) => "Cancel this place",
                    _ => "Cancel both places",
                },
                who: who.join(" and "),
                next: dates::day_and_times(next.starts_at, next.ends_at, today),
                number: at + 1,
                of: own.len(),
            });
        }
        lists.past.reverse();
        Ok(lists.render()?)
    }
}

//! The public pages of the catalogue.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};

use super::drawn::Drawn;
use super::filters::Filters;
use super::keep::Kept;
use super::pages::words;
use super::shelf::View;
use super::{calendars, feeds, pages};
use crate::accounts::Visitor;
use crate::accounts::model::Who;
use crate::server::http::{self, Keep, Refusal};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::page::Site;
use crate::ui::{calendar_file, dates};

/// The catalogue's routes.
pub fn routes() -> Routes {
    Routes::default()
        .get("/", home)
        .get("/courses", courses)
        .get("/courses/{slug}", course)
        .get("/calendar", this_month)
        .get("/calendar/{month}", month)
        .get("/venues", venues)
        .get("/venues/{slug}", venue)
        .get("/calendar.ics", calendar_feed)
        .get("/sitemap.xml", sitemap)
        .get("/robots.txt", robots)
}

/// Who looks, as far as a page of the catalogue differs by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Viewer {
    /// Somebody is signed in.
    pub signed_in: bool,
    /// A volunteer is signed in.
    pub volunteer: bool,
}

/// What a page is made from.
pub(super) struct Scene<'a> {
    /// The site.
    pub site: &'a Site,
    /// The catalogue and the places left.
    pub view: &'a Arc<View>,
    /// Who looks.
    pub viewer: Viewer,
    /// The time.
    pub now: DateTime<Utc>,
    /// The day in Bath.
    pub today: NaiveDate,
    /// What is drawn already.
    pub drawn: &'a Drawn,
}

/// A page or file that was made; nothing when there is no such page.
type Made = Option<(&'static str, String)>;

const HTML: &str = "text/html; charset=utf-8";

/// Answers with a page made by `make`: for visitors from the kept ones while nothing has changed, else made now.
/// `key` is the path and query in one order, so that the same page is kept once.
async fn show(
    visitor: &Visitor,
    app: &App,
    asked: &HeaderMap,
    key: String,
    make: impl FnOnce(&Scene) -> Made,
) -> Result<Response> {
    let who = visitor.who();
    let shared = who.is_none() && app.catalogue.keeps_pages();
    let now = app.clock.now();
    let view = if shared {
        app.catalogue.shared(app).await?
    } else {
        app.catalogue.fresh(app).await?
    };
    let stamp = view.stamp_at(now, &app.site);
    if shared && let Some(kept) = app.catalogue.pages.get(&key, stamp) {
        return Ok(kept.answer(asked));
    }
    let viewer = Viewer {
        signed_in: who.is_some(),
        volunteer: who.is_some_and(Who::is_volunteer),
    };
    let scene = Scene {
        site: &app.site,
        view: &view,
        viewer,
        now,
        today: dates::day_of(now),
        drawn: &app.catalogue.drawn,
    };
    let Some((kind, text)) = make(&scene) else {
        return Ok(Refusal::NotFound.into_response());
    };
    if who.is_some() && kind == HTML {
        return Ok(http::page(StatusCode::OK, Keep::Nothing, text));
    }
    let kept = Arc::new(Kept::new(stamp, kind, text));
    if shared {
        app.catalogue.pages.put(key, kept.clone());
    }
    Ok(kept.answer(asked))
}

async fn home(visitor: Visitor, State(app): State<App>, asked: HeaderMap) -> Result<Response> {
    show(&visitor, &app, &asked, "/".into(), |scene| {
        Some((HTML, pages::home::page(scene)))
    })
    .await
}

async fn courses(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let filters = Filters::parse(query.as_deref().unwrap_or_default());
    let key = filters.path();
    show(&visitor, &app, &asked, key, |scene| {
        Some((HTML, pages::courses::page(scene, &filters)))
    })
    .await
}

async fn course(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    // A card or a calendar leads to the run that it shows. Only a run of this course counts: it is part of the key of
    // a kept page, which nobody may make up.
    let mut run = words::chosen_run(query.as_deref().unwrap_or_default());
    if let Some(code) = &run {
        let view = app.catalogue.shared(&app).await?;
        if !view.catalogue.has_run(&slug, code) {
            run = None;
        }
    }
    let key = words::run_path(&slug, run.as_deref());
    show(&visitor, &app, &asked, key, |scene| {
        Some((HTML, pages::course::page(scene, &slug, run.as_deref())?))
    })
    .await
}

async fn this_month(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
) -> Result<Response> {
    show(&visitor, &app, &asked, "/calendar".into(), |scene| {
        Some((HTML, pages::calendar::page(scene, scene.today)))
    })
    .await
}

async fn month(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
    Path(month): Path<String>,
) -> Result<Response> {
    let Some(first) = pages::calendar::first_day(&month) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let key = format!("/calendar/{month}");
    show(&visitor, &app, &asked, key, |scene| {
        Some((HTML, pages::calendar::page(scene, first)))
    })
    .await
}

async fn venues(visitor: Visitor, State(app): State<App>, asked: HeaderMap) -> Result<Response> {
    show(&visitor, &app, &asked, "/venues".into(), |scene| {
        Some((HTML, pages::venues::list(scene)))
    })
    .await
}

async fn venue(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response> {
    let key = format!("/venues/{slug}");
    show(&visitor, &app, &asked, key, |scene| {
        Some((HTML, pages::venues::page(scene, &slug)?))
    })
    .await
}

async fn calendar_feed(
    visitor: Visitor,
    State(app): State<App>,
    asked: HeaderMap,
) -> Result<Response> {
    show(&visitor, &app, &asked, "/calendar.ics".into(), |scene| {
        Some((calendar_file::KIND, calendars::everything(scene)))
    })
    .await
}

async fn sitemap(visitor: Visitor, State(app): State<App>, asked: HeaderMap) -> Result<Response> {
    show(&visitor, &app, &asked, "/sitemap.xml".into(), |scene| {
        Some(("application/xml; charset=utf-8", feeds::sitemap(scene)))
    })
    .await
}

async fn robots(visitor: Visitor, State(app): State<App>, asked: HeaderMap) -> Result<Response> {
    show(&visitor, &app, &asked, "/robots.txt".into(), |scene| {
        Some(("text/plain; charset=utf-8", feeds::robots(scene.site)))
    })
    .await
}

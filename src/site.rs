//! The pages that are words only: who we are, how to get help, privacy, cookies, accessibility, licences.
//!
//! The words are in `site/pages/*.md`; the course team can read and change them there.

mod markdown;

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use crate::accounts::Visitor;
use crate::catalogue::{Kept, Stamp};
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::page::{Nav, Page};

use markdown::{Facts, Source};

/// One page of words.
struct Prose {
    path: &'static str,
    text: &'static str,
    nav: Nav,
}

macro_rules! prose {
    ($name:literal, $nav:expr) => {
        Prose {
            path: concat!("/", $name),
            text: include_str!(concat!("site/pages/", $name, ".md")),
            nav: $nav,
        }
    };
}

const COUNT: usize = 7;

static PAGES: [Prose; COUNT] = [
    prose!("about", Nav::None),
    prose!("help", Nav::Help),
    prose!("contact", Nav::None),
    prose!("privacy", Nav::None),
    prose!("cookies", Nav::None),
    prose!("accessibility", Nav::None),
    Prose {
        path: "/licences",
        text: concat!(
            "---\ntitle: Whose work is in this site\n\
             description: The letters, styles and packages that this site is made with, and their licences.\n---\n",
            include_str!("../content/licences.md")
        ),
        nav: Nav::None,
    },
];

/// The pages as visitors get them, each made when it is first asked for, under the notice that stands above every page.
#[derive(Default)]
pub struct Pages([RwLock<Option<Made>>; COUNT]);

/// A page, and under which notice it was made.
type Made = (u64, Arc<Kept>);

/// The routes of the pages of words.
pub fn routes() -> Routes {
    Routes::default()
        .get("/about", about)
        .get("/help", help)
        .get("/contact", contact)
        .get("/privacy", privacy)
        .get("/cookies", cookies)
        .get("/accessibility", accessibility)
        .get("/licences", licences)
}

macro_rules! handlers {
    ($($name:ident = $at:literal),* $(,)?) => {$(
        async fn $name(visitor: Visitor, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
            show(&app, &visitor, &headers, $at)
        }
    )*};
}
handlers!(
    about = 0,
    help = 1,
    contact = 2,
    privacy = 3,
    cookies = 4,
    accessibility = 5,
    licences = 6
);

fn show(app: &App, visitor: &Visitor, headers: &HeaderMap, at: usize) -> Result<Response> {
    if visitor.who().is_some() {
        return Ok(page(
            StatusCode::OK,
            Keep::Nothing,
            render(app, &PAGES[at], true)?,
        ));
    }
    let revision = app.site.notice_revision();
    let kept = app.pages.0[at]
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    if let Some((_, kept)) = kept.filter(|(own, _)| *own == revision) {
        return Ok(kept.answer(headers));
    }
    let stamp = Stamp {
        state: 0,
        minute: 0,
        notice: revision,
    };
    let made = Arc::new(Kept::new(
        stamp,
        "text/html; charset=utf-8",
        render(app, &PAGES[at], false)?,
    ));
    *app.pages.0[at]
        .write()
        .unwrap_or_else(PoisonError::into_inner) = Some((revision, made.clone()));
    Ok(made.answer(headers))
}

fn render(app: &App, prose: &Prose, signed_in: bool) -> Result<String> {
    let source = Source::read(prose.text)?;
    let facts = Facts {
        phone: app.config.phone().to_owned(),
        phone_hours: app.config.phone_hours.clone(),
        email: app.config.email.clone(),
        site_name: app.config.site_name.clone(),
        dpo_contact: app.config.dpo_contact.clone(),
        controller: app.config.controller().to_owned(),
        captcha: app.config.captcha.company(),
    };
    let words = markdown::html(source.words, &facts)?;
    Ok(Page::new(source.title)
        .description(source.description)
        .canonical(prose.path)
        .nav(prose.nav)
        .crumb("/", "Home")
        .signed_in(signed_in)
        .render(&app.site, || {
            view! {
                <div class="wb-measure">
                    <h1>{source.title}</h1>
                    <div class="wb-words" inner_html=words></div>
                </div>
            }
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_can_be_shown() {
        let facts = Facts {
            phone: "1".into(),
            phone_hours: "2".into(),
            email: "3@4".into(),
            site_name: "5".into(),
            dpo_contact: "6".into(),
            controller: "7".into(),
            captcha: None,
        };
        for prose in &PAGES {
            let source = Source::read(prose.text).unwrap();
            let html = markdown::html(source.words, &facts).unwrap();
            for name in [
                "{phone",
                "{email",
                "{site",
                "{dpo",
                "{controller",
                "{captcha",
            ] {
                assert!(!html.contains(name), "{}: {name}", prose.path);
            }
            assert!(
                !source.description.is_empty() && source.description.ends_with('.'),
                "{}",
                prose.path
            );
        }
    }
}

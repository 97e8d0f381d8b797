//! Pieces that the account's pages share.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::model::Who;
use crate::server::App;
use crate::server::http::{Keep, page};
use crate::ui::art;
use crate::ui::form::{ButtonKind, ButtonLink};
use crate::ui::page::{Nav, Page, plain};
use crate::ui::pieces::*;

/// "This link has run out", with what to do instead.
pub fn gone(
    app: &App,
    sentence: &'static str,
    again: &'static str,
    words: &'static str,
) -> Response {
    let html = Page::new("This link has run out").unlisted().render(&app.site, move || {
        view! {
            <div class="wb-measure">
                <h1>"This link has run out"</h1>
                <p class="wb-lead">{sentence}</p>
                <div class="wb-buttons"><ButtonLink href=again kind=ButtonKind::Outlined>{words}</ButtonLink></div>
                <p>"If you have used it already, you can " <a href="/sign-in">"sign in"</a> "."</p>
                <p>"Or call us on " <PhoneLink /> ". We can help."</p>
            </div>
        }
    });
    page(StatusCode::GONE, Keep::Nothing, html)
}

/// A sentence or two and one thing to do next: "Look for our email".
pub fn told(
    app: &App,
    title: &'static str,
    sentence: String,
    next: (&'static str, &'static str),
) -> String {
    Page::new(title).unlisted().render(&app.site, move || {
        view! {
            <div class="wb-measure">
                <h1>{title}</h1>
                <p class="wb-lead">{sentence}</p>
                <p>"Nothing there? It can take a few minutes. Look in your junk folder too, or call " <PhoneLink /> "."</p>
                <div class="wb-buttons"><ButtonLink href=next.0 kind=ButtonKind::Outlined>{next.1}</ButtonLink></div>
            </div>
        }
    })
}

/// A page of the account: the content, and the links between its pages beside it.
pub fn in_account<V: IntoView>(
    app: &App,
    who: &Who,
    title: &'static str,
    path: &'static str,
    error: bool,
    content: impl FnOnce() -> V,
) -> String {
    Page::new(title)
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .error(error)
        .render(&app.site, || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__main">{content()}</div>
                    {account_links(&who.name, path)}
                </div>
            }
        })
}

/// The pages of an account.
const LINKS: [(&str, &str); 9] = [
    ("/account/bookings", "My bookings"),
    ("/account/calendar", "My calendar"),
    ("/account", "My details"),
    ("/account/people", "People I book for"),
    ("/account/messages", "Reminders and messages"),
    ("/account/who-has-seen", "Who has seen my details"),
    ("/account/about-you", "Help us reach everyone"),
    ("/account/statistics", "Statistics"),
    ("/account/security", "Password and sign-in"),
];

/// The links as text, made once for each page that they stand on, and once for all others.
static DRAWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let standing_on = LINKS.iter().map(|(path, _)| *path).chain([""]);
    standing_on.map(|current| plain(links(current))).collect()
});

fn links(current: &str) -> impl IntoView + use<> {
    let links = LINKS.map(|(path, words)| {
        let current = (path == current).then_some("page");
        view! { <li><a href=path aria-current=current>{words}</a></li> }
    });
    view! {
        <nav class="wb-account-nav" aria-labelledby="account">
            <ul>
                {links.collect_view()}
                <li><form action="/sign-out" method="post"><button type="submit">"Sign out"</button></form></li>
            </ul>
        </nav>
    }
}

/// The links between the pages of an account; `current` is the path of the page they stand on.
pub fn account_links(name: &str, current: &str) -> impl IntoView + use<> {
    let at = LINKS.iter().position(|(path, _)| *path == current);
    let title = format!("{name}’s account");
    view! {
        <aside class="wb-split__aside wb-card" aria-labelledby="account">
            <h2 class="wb-side-title" id="account">{title}</h2>
            {art::raw(&DRAWN[at.unwrap_or(LINKS.len())])}
        </aside>
    }
}

/// "This link has run out", where nobody can ask for another by themselves.
pub fn gone_for_good(app: &App, sentence: &'static str) -> Response {
    let html = Page::new("This link has run out")
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"This link has run out"</h1>
                    <p class="wb-lead">"Call " <PhoneLink /> ". " {sentence}</p>
                </div>
            }
        });
    page(StatusCode::GONE, Keep::Nothing, html)
}

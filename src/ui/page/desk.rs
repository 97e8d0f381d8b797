//! The frame of a desk: who works here sees its name, its links, and who they are signed in as.

use leptos::prelude::*;

use super::document::plain;
use super::site::SiteFacts;
use crate::ui::{Words, art};

/// A link in a desk's header.
#[derive(Debug, Clone)]
pub struct DeskLink {
    /// Where it goes.
    pub href: &'static str,
    /// Its words.
    pub words: &'static str,
}

/// What stands round a page of a desk.
#[derive(Debug, Clone)]
pub struct DeskFrame {
    /// "Tutor desk".
    pub name: Words,
    /// The links between its pages.
    pub links: Vec<DeskLink>,
    /// The `href` of the one that the page belongs to.
    pub current: &'static str,
    /// Who is signed in.
    pub who: Words,
    /// After how many seconds without a page it closes.
    pub idle_seconds: i64,
}

impl DeskFrame {
    /// Header and footer.
    pub(super) fn draw(&self, site: &SiteFacts) -> (String, String) {
        (plain(self.header(site)), plain(self.foot()))
    }

    fn header(&self, site: &SiteFacts) -> impl IntoView + use<> {
        let (name, place) = (self.name.clone(), site.name.clone());
        let links: Vec<_> = self
            .links
            .iter()
            .map(|link| {
                let current = (link.href == self.current).then_some("page");
                view! { <li><a class="wb-nav__link" href=link.href aria-current=current>{link.words}</a></li> }
            })
            .collect();
        view! {
            <header class="govuk-template__header wb-header wb-header--desk">
                <div class="govuk-generic-header">
                    <div class="govuk-generic-header__container govuk-width-container">
                        <div class="govuk-generic-header__logo">
                            <a href="/desk" class="govuk-generic-header__homepage-link">
                                {art::raw(art::LOGO)} <span class="wb-header__name">{name}</span> " "
                                <span class="wb-header__place">{place}</span>
                            </a>
                        </div>
                        <nav class="wb-nav" aria-label="Desk">
                            <ul class="wb-nav__list">{links}</ul>
                        </nav>
                    </div>
                </div>
            </header>
        }
    }

    fn foot(&self) -> impl IntoView + use<> {
        let who = self.who.clone();
        let idle = self.idle_seconds.to_string();
        view! {
            <footer class="govuk-template__footer wb-foot wb-foot--desk" data-idle-seconds=idle>
                <div class="govuk-width-container">
                    <p>"Signed in as " {who}</p>
                    <form action="/sign-out" method="post"><button type="submit" class="wb-link-button">"Sign out"</button></form>
                    <p><a href="/account/security">"My account"</a></p>
                    <p><a href="/accessibility">"Accessibility"</a></p>
                </div>
            </footer>
        }
    }
}

//! What every page knows about the site it belongs to.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use crate::server::practice;

use super::layout::{Frame, Nav};

/// The facts of one site, from the settings.
#[derive(Debug, Clone, Default)]
pub struct SiteFacts {
    /// "Wellbeing Courses".
    pub name: String,
    /// Where it is for: "Bath and North East Somerset".
    pub place: String,
    /// The course team's number as it is read out: "01632 960 100".
    pub phone: String,
    /// When somebody answers it: "Monday to Friday, 9am to 5pm".
    pub phone_hours: String,
    /// The course team's address.
    pub email: String,
    /// The site's own address, without a slash at the end: "<https://courses.example.org>".
    pub url: String,
    /// The address of the stylesheet, with its hash.
    pub stylesheet: String,
    /// The address of the desks' own stylesheet, with its hash.
    pub desk_stylesheet: String,
    /// The address of the desks' script, with its hash.
    pub desk_script: String,
    /// The address of the font, fetched early; empty when it should not be.
    pub font: String,
    /// The address of the small picture in the browser's tab; empty when there is none.
    pub icon: String,
    /// The address of the picture beside a shared link; empty when there is none.
    pub share: String,
    /// Whether the site is served over https.
    pub https: bool,
    /// Whether it is a practice site.
    pub practice: bool,
}

/// One site: its facts and the parts of a page that are the same on every page, made once.
///
/// It is cheap to copy. Components find it with `use_context::<Site>()` or [`Site::here`].
#[derive(Debug, Clone)]
pub struct Site(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    facts: SiteFacts,
    frame: Frame,
    notice: RwLock<Notice>,
}

/// What every public page says now.
#[derive(Debug, Default)]
struct Notice {
    /// Another number for each notice that was put up or taken down.
    revision: u64,
    words: String,
    /// The band above the page; empty when nothing is said.
    html: String,
}

impl Site {
    /// Makes the site, and with it every header and footer that its pages can have.
    #[must_use]
    pub fn new(facts: SiteFacts) -> Self {
        let frame = Frame::new(&facts);
        Self(Arc::new(Inner {
            facts,
            frame,
            notice: RwLock::default(),
        }))
    }

    /// The site of the page that is being made; an empty one outside any page.
    #[must_use]
    pub fn here() -> Self {
        leptos::prelude::use_context::<Self>().unwrap_or_else(|| Self::new(SiteFacts::default()))
    }

    /// The link that rings the course team: "tel:01632960100".
    #[must_use]
    pub fn tel(&self) -> String {
        tel(&self.phone)
    }

    /// A whole address from one of our own paths.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Puts words above every public page from now on; none are no band.
    pub fn put_notice(&self, words: &str) {
        let mut notice = self
            .0
            .notice
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if notice.words != words {
            notice.revision += 1;
            words.clone_into(&mut notice.words);
            notice.html = band(words);
        }
    }

    /// Which notice stands above the pages: a page that was made under another is out of date.
    #[must_use]
    pub fn notice_revision(&self) -> u64 {
        self.0
            .notice
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .revision
    }

    /// The band above a public page.
    pub(super) fn push_notice(&self, out: &mut String) {
        out.push_str(
            &self
                .0
                .notice
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .html,
        );
    }

    pub(super) fn frame(&self) -> &Frame {
        &self.0.frame
    }

    pub(super) fn header(&self, nav: Nav, journey: bool, signed_in: bool) -> &str {
        self.0.frame.header(nav, journey, signed_in)
    }
}

impl Deref for Site {
    type Target = SiteFacts;

    fn deref(&self) -> &SiteFacts {
        &self.0.facts
    }
}

/// The band that says what a practice site is.
pub(super) fn push_practice(site: &SiteFacts, out: &mut String) {
    if site.practice {
        out.push_str("<div class=\"wb-practice\"><div class=\"govuk-width-container\"><p>");
        super::document::escape_text(practice::WORDS, out);
        out.push_str("</p></div></div>");
    }
}

/// The band that says these words.
fn band(words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<div class=\"wb-site-notice\" role=\"region\" aria-label=\"Notice\"><div class=\"govuk-width-container\"><p>",
    );
    super::document::escape_text(words, &mut out);
    out.push_str("</p></div></div>");
    out
}

/// The link that rings a number written for people.
#[must_use]
pub(crate) fn tel(phone: &str) -> String {
    let digits = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    "tel:".chars().chain(digits).collect()
}

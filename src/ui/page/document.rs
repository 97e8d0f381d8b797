//! One page as a whole document.

use leptos::prelude::*;

use super::desk::DeskFrame;
use super::layout::Nav;
use super::site::{Site, push_practice};
use crate::ui::Words;

/// One page on its way out: what the head says and what stands above the content.
///
/// ```ignore
/// let html = Page::new("Find a course").nav(Nav::Courses).render(&site, || view! { <h1>"Find a course"</h1> });
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a page does nothing until it is rendered"]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Page {
    title: Words,
    description: Words,
    canonical: Words,
    nav: Nav,
    journey: bool,
    error: bool,
    wide: bool,
    unlisted: bool,
    signed_in: bool,
    head: String,
    scripts: Vec<Words>,
    back: Option<(Words, Words)>,
    crumbs: Vec<(Words, Words)>,
    desk: Option<DeskFrame>,
}

impl Page {
    /// A page with this title; the site's name is put after it.
    pub fn new(title: impl Into<Words>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// One sentence for search engines and shared links.
    pub fn description(mut self, words: impl Into<Words>) -> Self {
        self.description = words.into();
        self
    }

    /// The one address of this page, as a path.
    pub fn canonical(mut self, path: impl Into<Words>) -> Self {
        self.canonical = path.into();
        self
    }

    /// Which link in the header is the current one.
    pub fn nav(mut self, nav: Nav) -> Self {
        self.nav = nav;
        self
    }

    /// A page inside a journey: the header's links give way to "Stuck? Call us".
    pub fn journey(mut self) -> Self {
        self.journey = true;
        self
    }

    /// Puts "Error: " before the title when the form was not right.
    pub fn error(mut self, error: bool) -> Self {
        self.error = error;
        self
    }

    /// Somebody is signed in: the last link is "My bookings".
    pub fn signed_in(mut self, signed_in: bool) -> Self {
        self.signed_in = signed_in;
        self
    }

    /// The content lays out its own bands over the full width (home page); otherwise it stands in the page's width.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Search engines leave this page alone.
    pub fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }

    /// A link back, above the content.
    pub fn back(mut self, href: impl Into<Words>, words: impl Into<Words>) -> Self {
        self.back = Some((href.into(), words.into()));
        self
    }

    /// A page of a desk: its own header and footer, and the desks' style sheet.
    pub fn desk(mut self, frame: DeskFrame) -> Self {
        self.desk = Some(frame);
        self.unlisted()
    }

    /// One step of the breadcrumbs above the content, from the outside in.
    pub fn crumb(mut self, href: impl Into<Words>, words: impl Into<Words>) -> Self {
        self.crumbs.push((href.into(), words.into()));
        self
    }

    /// One `<meta property=… content=…>` (Open Graph).
    pub fn meta(mut self, property: &str, content: &str) -> Self {
        self.head.push_str("<meta property=\"");
        escape_attribute(property, &mut self.head);
        self.head.push_str("\" content=\"");
        escape_attribute(content, &mut self.head);
        self.head.push_str("\">");
        self
    }

    /// Facts about the course for search engines, as JSON-LD; made safe to stand inside `<script>`.
    pub fn json_ld(mut self, json: &str) -> Self {
        self.head.push_str("<script type=\"application/ld+json\">");
        json_for_script(json, &mut self.head);
        self.head.push_str("</script>");
        self
    }

    /// More for the head: a view of `<meta>` or `<link>`.
    pub fn head(mut self, view: impl IntoView) -> Self {
        settle(&view.into_view().to_html(), &mut self.head);
        self
    }

    /// An external script, as a module; no page of the public journey has one but the captcha's.
    pub fn script(mut self, href: impl Into<Words>) -> Self {
        self.scripts.push(href.into());
        self
    }

    /// The whole document.
    pub fn render<V: IntoView>(self, site: &Site, view: impl FnOnce() -> V) -> String {
        let owner = Owner::new_root(None);
        let content = owner.with(|| {
            provide_context(site.clone());
            view().into_view().to_html()
        });
        owner.cleanup();

        let desk = self.desk.as_ref().map(|desk| desk.draw(site));
        let (header, foot) = match &desk {
            Some((header, foot)) => (header.as_str(), foot.as_str()),
            None => (
                site.header(self.nav, self.journey, self.signed_in),
                site.frame().foot.as_str(),
            ),
        };
        let fixed = header.len() + foot.len() + self.head.len();
        let mut out = String::with_capacity(fixed + content.len() + 2048);
        self.push_head(site, &mut out);
        out.push_str("<body class=\"govuk-template__body\">");
        out.push_str(
            "<a href=\"#main-content\" class=\"govuk-skip-link\">Skip to main content</a>",
        );
        push_practice(site, &mut out);
        out.push_str(header);
        if self.desk.is_none() {
            site.push_notice(&mut out);
        }
        self.push_above(&mut out);
        if self.wide {
            out.push_str("<main class=\"wb-main wb-main--bands\" id=\"main-content\">");
            settle(&content, &mut out);
            out.push_str("</main>");
        } else {
            out.push_str(
                "<main class=\"wb-main\" id=\"main-content\"><div class=\"govuk-width-container\">",
            );
            settle(&content, &mut out);
            out.push_str("</div></main>");
        }
        out.push_str(foot);
        out.push_str("</body></html>");
        out
    }

    /// The whole document, apart at [`Split::HERE`], which stands in the view once as text of its own: what comes there
    /// changes more often than the page round it.
    pub fn render_around<V: IntoView>(self, site: &Site, view: impl FnOnce() -> V) -> Split {
        let page = self.render(site, view);
        let (before, after) = page.split_once(Split::HERE).unwrap_or((&page, ""));
        Split {
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    fn push_head(&self, site: &Site, out: &mut String) {
        out.push_str(
            "<!DOCTYPE html><html lang=\"en-GB\" class=\"govuk-template\"><head><meta charset=\"utf-8\"><title>",
        );
        if self.error {
            out.push_str("Error: ");
        }
        escape_text(&self.title, out);
        if !self.title.is_empty() {
            out.push_str(" - ");
        }
        escape_text(&site.name, out);
        out.push_str(
            "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\">\
             <meta name=\"theme-color\" content=\"#fff\" media=\"(prefers-color-scheme: light)\">\
             <meta name=\"theme-color\" content=\"#1b2927\" media=\"(prefers-color-scheme: dark)\">",
        );
        if !self.description.is_empty() {
            push_tag(
                out,
                "<meta name=\"description\" content=\"",
                &[&self.description],
            );
            push_tag(
                out,
                "<meta property=\"og:description\" content=\"",
                &[&self.description],
            );
        }
        if self.unlisted || site.practice {
            out.push_str("<meta name=\"robots\" content=\"noindex\">");
        }
        if !self.canonical.is_empty() {
            push_tag(
                out,
                "<link rel=\"canonical\" href=\"",
                &[&site.url, &self.canonical],
            );
            push_tag(
                out,
                "<meta property=\"og:url\" content=\"",
                &[&site.url, &self.canonical],
            );
            push_tag(
                out,
                "<meta property=\"og:title\" content=\"",
                &[&self.title],
            );
            push_tag(
                out,
                "<meta property=\"og:site_name\" content=\"",
                &[&site.name],
            );
            out.push_str("<meta property=\"og:locale\" content=\"en_GB\">");
            if !site.share.is_empty() {
                push_tag(
                    out,
                    "<meta property=\"og:image\" content=\"",
                    &[&site.url, &site.share],
                );
                out.push_str(
                    "<meta property=\"og:image:alt\" content=\"Two people on a walk, seen through a window with arches.\">",
                );
            }
        }
        if !site.font.is_empty() {
            push_tag(
                out,
                "<link rel=\"preload\" as=\"font\" type=\"font/woff2\" crossorigin href=\"",
                &[&site.font],
            );
        }
        push_tag(out, "<link rel=\"stylesheet\" href=\"", &[&site.stylesheet]);
        if self.desk.is_some() {
            push_tag(
                out,
                "<link rel=\"stylesheet\" href=\"",
                &[&site.desk_stylesheet],
            );
        }
        if !site.icon.is_empty() {
            push_tag(
                out,
                "<link rel=\"icon\" type=\"image/svg+xml\" href=\"",
                &[&site.icon],
            );
        }
        out.push_str(&self.head);
        let desk = self.desk.as_ref().map(|_| &site.desk_script);
        for script in self
            .scripts
            .iter()
            .map(AsRef::as_ref)
            .chain(desk.map(String::as_str))
        {
            out.push_str("<script type=\"module\" src=\"");
            escape_attribute(script, out);
            out.push_str("\"></script>");
        }
        out.push_str("</head>");
    }

    /// Back link or breadcrumbs.
    fn push_above(&self, out: &mut String) {
        if let Some((href, words)) = &self.back {
            out.push_str("<div class=\"govuk-width-container wb-before\"><nav aria-label=\"Back\"><a href=\"");
            escape_attribute(href, out);
            out.push_str("\" class=\"govuk-back-link\">");
            escape_text(words, out);
            out.push_str("</a></nav></div>");
        }
        if !self.crumbs.is_empty() {
            out.push_str(
                "<div class=\"govuk-width-container wb-before\"><nav class=\"govuk-breadcrumbs\" aria-label=\"Breadcrumb\">\
                 <ol class=\"govuk-breadcrumbs__list\">",
            );
            for (href, words) in &self.crumbs {
                out.push_str("<li class=\"govuk-breadcrumbs__list-item\"><a class=\"govuk-breadcrumbs__link\" href=\"");
                escape_attribute(href, out);
                out.push_str("\">");
                escape_text(words, out);
                out.push_str("</a></li>");
            }
            out.push_str("</ol></nav></div>");
        }
    }
}

/// A document in two parts, with room between them.
#[derive(Debug)]
pub struct Split {
    /// Up to the room.
    pub before: String,
    /// What comes after it.
    pub after: String,
}

impl Split {
    /// Where a view has its room. A control character, which no field lets through.
    pub const HERE: &str = "\u{1}";

    /// The whole document with `parts` in the room.
    pub fn around<'a>(&self, parts: impl IntoIterator<Item = &'a str> + Clone) -> String {
        let inside: usize = parts.clone().into_iter().map(str::len).sum();
        let mut out = String::with_capacity(self.before.len() + inside + self.after.len());
        out.push_str(&self.before);
        out.extend(parts);
        out.push_str(&self.after);
        out
    }
}

/// A view as plain HTML, for what is drawn once.
pub fn plain(view: impl IntoView) -> String {
    let mut out = String::new();
    settle(&view.into_view().to_html(), &mut out);
    out
}

/// An opening tag up to its last attribute's value, the value, and the end of the tag.
fn push_tag(out: &mut String, start: &str, value: &[&str]) {
    out.push_str(start);
    for part in value {
        escape_attribute(part, out);
    }
    out.push_str("\">");
}

/// Puts words into HTML text.
pub fn escape_text(words: &str, out: &mut String) {
    escape(words, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

/// Puts words into an attribute's value in double quotes.
pub fn escape_attribute(words: &str, out: &mut String) {
    escape(words, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    });
}

/// Puts JSON into a `<script>` element that holds data, so that nothing in it can end the element.
pub fn json_for_script(json: &str, out: &mut String) {
    escape(json, out, |byte| match byte {
        b'<' => Some("\\u003c"),
        b'>' => Some("\\u003e"),
        b'&' => Some("\\u0026"),
        _ => None,
    });
}

/// Copies `words`, replacing single ASCII characters.
fn escape(words: &str, out: &mut String, replace: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    for (at, byte) in words.bytes().enumerate() {
        if let Some(instead) = replace(byte) {
            out.push_str(&words[from..at]);
            out.push_str(instead);
            from = at + 1;
        }
    }
    out.push_str(&words[from..]);
}

/// Leptos puts `<!>` between pieces of text, for hydration. Outside an island nothing is hydrated and it goes; inside
/// one it becomes the comment `<!---->`, which is what browsers read it as and what valid HTML writes.
pub(super) fn settle(html: &str, out: &mut String) {
    const MARK: &str = "<!>";
    const ISLAND: &str = "<leptos-island";
    const ISLAND_END: &str = "</leptos-island";
    out.reserve(html.len());
    let islands = html.contains(ISLAND);
    let mut from = 0;
    let mut counted = 0;
    let mut depth = 0_usize;
    // Exclamation marks are rare, so looking for them costs next to nothing.
    for (at, _) in html.match_indices('!') {
        let start = at.wrapping_sub(1);
        if at == 0 || start < from || !html.as_bytes()[start..].starts_with(MARK.as_bytes()) {
            continue;
        }
        out.push_str(&html[from..start]);
        if islands {
            let passed = &html[counted..start];
            depth += passed.matches(ISLAND).count();
            depth = depth.saturating_sub(passed.matches(ISLAND_END).count());
            counted = start;
            if depth > 0 {
                out.push_str("<!---->");
            }
        }
        from = start + MARK.len();
    }
    out.push_str(&html[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(html: &str) -> String {
        let mut out = String::new();
        settle(html, &mut out);
        out
    }

    #[test]
    fn separators_go_outside_islands_and_become_comments_inside() {
        assert_eq!(settled("<p>Hello<!>you!<!></p>"), "<p>Helloyou!</p>");
        assert_eq!(
            settled("a<!>b<leptos-island data-component=\"x\">c<!>d</leptos-island>e<!>f"),
            "ab<leptos-island data-component=\"x\">c<!---->d</leptos-island>ef"
        );
        assert_eq!(settled("!<!><!>!"), "!!");
        assert_eq!(settled("<!-- kept --><!>"), "<!-- kept -->");
    }

    #[test]
    fn json_cannot_end_the_script() {
        let html = Page::new("x")
            .json_ld(r#"{"name":"</script><script>alert(1)"}"#)
            .head;
        assert_eq!(html.matches("</script").count(), 1);
        assert!(html.contains(r"\u003c/script"));
    }
}

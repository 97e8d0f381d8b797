//! From the Markdown of a prose page to plain HTML with our classes. Raw HTML is refused: a page that needs it is not
//! a prose page.

use std::collections::HashSet;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use crate::server::{Error, Result};
use crate::ui::page::{escape_attribute, escape_text};

/// What stands between braces in the words of a page.
#[derive(Clone, Debug)]
pub struct Facts {
    /// `{phone}`.
    pub phone: String,
    /// `{phone_hours}`.
    pub phone_hours: String,
    /// `{email}`.
    pub email: String,
    /// `{site_name}`.
    pub site_name: String,
    /// `{dpo_contact}`: an address or words.
    pub dpo_contact: String,
    /// `{controller}`: name and address.
    pub controller: String,
    /// `{captcha}`: the company that makes the check that somebody is a person; none when it is our own.
    pub captcha: Option<&'static str>,
}

/// A page as its author wrote it, without its front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The title: the page's one `h1`.
    pub title: &'a str,
    /// One sentence for search engines.
    pub description: &'a str,
    /// The words.
    pub words: &'a str,
}

impl<'a> Source<'a> {
    /// Takes the front matter off.
    ///
    /// # Errors
    /// When there is none, or it lacks a title or a description.
    pub fn read(text: &'a str) -> Result<Self> {
        let wrong =
            || Error::Other("a prose page must begin with its title and description".into());
        let rest = text.strip_prefix("---\n").ok_or_else(wrong)?;
        let (front, words) = rest.split_once("\n---\n").ok_or_else(wrong)?;
        let line = |name: &str| {
            front
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        Ok(Self {
            title: line("title:").ok_or_else(wrong)?,
            description: line("description:").ok_or_else(wrong)?,
            words,
        })
    }
}

/// The words as HTML. The first paragraph is the lead; each heading has an id to link to.
///
/// # Errors
/// When the words hold raw HTML, a second `h1`, or a picture.
pub fn html(words: &str, facts: &Facts) -> Result<String> {
    let mut writer = Writer {
        facts,
        out: String::with_capacity(words.len() * 2),
        ids: HashSet::new(),
        heading: None,
        in_link: false,
        blocks: 0,
        table: Table::default(),
    };
    for event in TextMergeStream::new(Parser::new_ext(words, Options::ENABLE_TABLES)) {
        writer.event(event)?;
    }
    Ok(writer.out)
}

/// Where we are in a table.
#[derive(Default)]
struct Table {
    titles: Vec<String>,
    in_head: bool,
    cell: usize,
}

struct Writer<'a> {
    facts: &'a Facts,
    out: String,
    ids: HashSet<String>,
    /// Where the open heading's words begin in `out`, and their plain text.
    heading: Option<(usize, String)>,
    in_link: bool,
    blocks: usize,
    table: Table,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Start(tag) => self.start(tag)?,
            Event::End(tag) => self.end(tag),
            Event::Text(words) => self.text(&words),
            Event::Code(words) => {
                self.out.push_str("<code>");
                escape_text(&words, &mut self.out);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            Event::Html(_) | Event::InlineHtml(_) => return Err(refused("raw HTML")),
            _ => return Err(refused("something that prose pages do not have")),
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<()> {
        self.blocks += 1;
        match tag {
            Tag::Paragraph if self.blocks == 1 => self.out.push_str("<p class=\"wb-lead\">"),
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { level, .. } => {
                if level as usize == 1 {
                    return Err(refused("a second title"));
                }
                self.heading = Some((self.out.len(), String::new()));
            }
            Tag::List(None) => self.out.push_str("<ul>"),
            Tag::List(Some(_)) => self.out.push_str("<ol>"),
            Tag::Item => self.out.push_str("<li>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::BlockQuote(_) => self.out.push_str("<blockquote>"),
            Tag::Link { dest_url, .. } => {
                self.in_link = true;
                self.out.push_str("<a href=\"");
                escape_attribute(&dest_url, &mut self.out);
                self.out.push_str("\">");
            }
            Tag::Table(_) => {
                self.table.titles.clear();
                self.out.push_str("<div class=\"wb-table wb-table--stack\"><table class=\"govuk-table\" role=\"table\">");
            }
            Tag::TableHead => {
                self.table.in_head = true;
                self.table.cell = 0;
                self.out.push_str(
                    "<thead class=\"govuk-table__head\" role=\"rowgroup\"><tr class=\"govuk-table__row\" role=\"row\">",
                );
            }
            Tag::TableRow => {
                self.table.cell = 0;
                self.out
                    .push_str("<tr class=\"govuk-table__row\" role=\"row\">");
            }
            Tag::TableCell => self.start_cell(),
            _ => return Err(refused("something that prose pages do not have")),
        }
        Ok(())
    }

    /// The markup of `ui`'s stacking table: the first cell of a row is its heading.
    fn start_cell(&mut self) {
        let at = self.table.cell;
        if self.table.in_head {
            self.table.titles.push(String::new());
            self.out
                .push_str("<th scope=\"col\" class=\"govuk-table__header\" role=\"columnheader\">");
        } else if at == 0 {
            self.out
                .push_str("<th scope=\"row\" class=\"govuk-table__header\" role=\"rowheader\">");
        } else {
            self.out
                .push_str("<td class=\"govuk-table__cell\" role=\"cell\" data-label=\"");
            if let Some(title) = self.table.titles.get(at) {
                escape_attribute(title, &mut self.out);
            }
            self.out.push_str("\">");
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_str("</p>"),
            TagEnd::Heading(level) => self.end_heading(level as usize),
            TagEnd::List(false) => self.out.push_str("</ul>"),
            TagEnd::List(true) => self.out.push_str("</ol>"),
            TagEnd::Item => self.out.push_str("</li>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::BlockQuote(_) => self.out.push_str("</blockquote>"),
            TagEnd::Link => {
                self.in_link = false;
                self.out.push_str("</a>");
            }
            TagEnd::Table => self.out.push_str("</tbody></table></div>"),
            TagEnd::TableHead => {
                self.table.in_head = false;
                self.out
                    .push_str("</tr></thead><tbody class=\"govuk-table__body\" role=\"rowgroup\">");
            }
            TagEnd::TableRow => self.out.push_str("</tr>"),
            TagEnd::TableCell => {
                let heading = self.table.in_head || self.table.cell == 0;
                self.out.push_str(if heading { "</th>" } else { "</td>" });
                self.table.cell += 1;
            }
            _ => {}
        }
    }

    fn end_heading(&mut self, level: usize) {
        let Some((from, plain)) = self.heading.take() else {
            return;
        };
        let mut id = slug(&plain);
        while !self.ids.insert(id.clone()) {
            id.push_str("-2");
        }
        let words = self.out.split_off(from);
        for part in [
            "<h",
            &level.to_string(),
            " id=\"",
            &id,
            "\">",
            &words,
            "</h",
            &level.to_string(),
            ">",
        ] {
            self.out.push_str(part);
        }
    }

    fn text(&mut self, words: &str) {
        if let Some((_, plain)) = &mut self.heading {
            plain.push_str(words);
        }
        if self.table.in_head
            && let Some(title) = self.table.titles.last_mut()
        {
            title.push_str(words);
        }
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            escape_text(before, &mut self.out);
            match after.split_once('}') {
                Some((name, then)) if self.fact(name) => rest = then,
                _ => {
                    self.out.push('{');
                    rest = after;
                }
            }
        }
        escape_text(rest, &mut self.out);
    }

    /// Writes the fact called `name`, if there is one: numbers ring and addresses write, outside links.
    fn fact(&mut self, name: &str) -> bool {
        let facts = self.facts;
        match name {
            "phone" => {
                let digits: String = facts
                    .phone
                    .chars()
                    .filter(|c| c.is_ascii_digit() || *c == '+')
                    .collect();
                self.link(
                    "class=\"wb-nowrap\" ",
                    &format!("tel:{digits}"),
                    &facts.phone,
                );
            }
            "email" => self.link("", &format!("mailto:{}", facts.email), &facts.email),
            "dpo_contact"
                if facts.dpo_contact.contains('@') && !facts.dpo_contact.contains(' ') =>
            {
                self.link(
                    "",
                    &format!("mailto:{}", facts.dpo_contact),
                    &facts.dpo_contact,
                );
            }
            "dpo_contact" => escape_text(&facts.dpo_contact, &mut self.out),
            "phone_hours" => escape_text(&facts.phone_hours, &mut self.out),
            "site_name" => escape_text(&facts.site_name, &mut self.out),
            "controller" => escape_text(&facts.controller, &mut self.out),
            "captcha" => match facts.captcha {
                None => self.out.push_str(
                    "Our check that you are a person, not a robot, runs on our own site. It sets no cookies.",
                ),
                Some(company) => {
                    self.out.push_str("Our check that you are a person, not a robot, is made by ");
                    escape_text(company, &mut self.out);
                    self.out
                        .push_str(". It may set cookies, and learns your internet address.");
                }
            },
            _ => return false,
        }
        true
    }

    fn link(&mut self, class: &str, href: &str, words: &str) {
        if self.in_link {
            return escape_text(words, &mut self.out);
        }
        self.out.push_str("<a ");
        self.out.push_str(class);
        self.out.push_str("href=\"");
        escape_attribute(href, &mut self.out);
        self.out.push_str("\">");
        escape_text(words, &mut self.out);
        self.out.push_str("</a>");
    }
}

fn refused(what: &str) -> Error {
    Error::Other(format!("a prose page holds {what}"))
}

/// "Urgent help" as `urgent-help`.
fn slug(words: &str) -> String {
    let mut slug = String::with_capacity(words.len());
    for c in words.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && c != '\'' && c != '’' {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            phone: "01632 960 100".into(),
            phone_hours: "9 to 5".into(),
            email: "hello@example.org".into(),
            site_name: "Courses & more".into(),
            dpo_contact: "The officer, Bath".into(),
            controller: "The Council, Bath".into(),
            captcha: Some("Checks & Sons"),
        }
    }

    #[test]
    fn facts_are_put_in_and_made_links() {
        let html = html(
            "Call {phone}, {phone_hours}. {site_name}, {dpo_contact}, {other}",
            &facts(),
        )
        .unwrap();
        assert_eq!(
            html,
            "<p class=\"wb-lead\">Call <a class=\"wb-nowrap\" href=\"tel:01632960100\">01632 960 100</a>, 9 to 5. \
             Courses &amp; more, The officer, Bath, {other}</p>"
        );
    }

    #[test]
    fn whose_check_it_is_depends_on_the_setting() {
        let own = Facts {
            captcha: None,
            ..facts()
        };
        assert!(
            html("{captcha}", &own)
                .unwrap()
                .contains("runs on our own site. It sets no cookies.")
        );
        assert!(
            html("{captcha}", &facts())
                .unwrap()
                .contains("is made by Checks &amp; Sons. It may set cookies")
        );
    }

    #[test]
    fn headings_have_ids_of_their_own() {
        let html = html(
            "## Don't wait\n\nWords\n\n### Why *now*?\n\n## Don't wait",
            &facts(),
        )
        .unwrap();
        assert!(
            html.starts_with("<h2 id=\"dont-wait\">Don't wait</h2>"),
            "{html}"
        );
        assert!(html.contains("<h3 id=\"why-now\">Why <em>now</em>?</h3>"));
        assert!(html.contains("<h2 id=\"dont-wait-2\">"));
    }

    #[test]
    fn a_table_stacks_on_a_phone() {
        let html = html(
            "| Cookie | For |\n|---|---|\n| `sid` | Signing in |",
            &facts(),
        )
        .unwrap();
        assert!(html.contains("<th scope=\"row\" class=\"govuk-table__header\" role=\"rowheader\"><code>sid</code></th>"));
        assert!(
            html.contains("data-label=\"For\">Signing in</td></tr></tbody></table></div>"),
            "{html}"
        );
    }

    #[test]
    fn raw_html_and_a_second_title_are_refused() {
        for words in [
            "<b>x</b>",
            "a <script>alert(1)</script>",
            "# Title",
            "![x](/x.png)",
            "<div>\n\nx\n\n</div>",
        ] {
            assert!(html(words, &facts()).is_err(), "{words}");
        }
    }

    #[test]
    fn the_front_matter_is_taken_off() {
        let source = Source::read("---\ntitle: Help\ndescription: How.\n---\nWords").unwrap();
        assert_eq!(
            (source.title, source.description, source.words),
            ("Help", "How.", "Words")
        );
        assert!(Source::read("Words").is_err());
        assert!(Source::read("---\ntitle: Help\n---\nWords").is_err());
    }
}

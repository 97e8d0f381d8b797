//! What the team writes about a course, in Markdown (`CommonMark`), as HTML: paragraphs, lists, headings, bold, italics and links.
//! HTML that is typed is shown as it was typed, and nothing else gets in.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use crate::ui::page::{escape_attribute, escape_text};

/// The words as HTML. Headings begin below those of the page.
pub fn html(words: &str) -> String {
    let mut out = String::with_capacity(words.len() * 5 / 4);
    // A link that leads nowhere good is only its words.
    let mut links = Vec::new();
    for event in TextMergeStream::new(Parser::new_ext(words, Options::empty())) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let good = leads_somewhere(&dest_url);
                if good {
                    out.push_str("<a href=\"");
                    escape_attribute(&dest_url, &mut out);
                    out.push_str("\">");
                }
                links.push(good);
            }
            Event::End(TagEnd::Link) => out.push_str(match links.pop() {
                Some(true) => "</a>",
                _ => "",
            }),
            Event::Start(tag) => open(&tag, &mut out),
            Event::End(tag) => close(tag, &mut out),
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => {
                escape_text(&words, &mut out);
            }
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>"),
            _ => {}
        }
    }
    out
}

/// Whether a link may be one: a page of ours, or an address of the web, of mail or a phone.
fn leads_somewhere(address: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|start| address.starts_with(start))
        || (address.starts_with('/') && !address.starts_with("//") && !address.contains('\\'))
}

fn open(tag: &Tag<'_>, out: &mut String) {
    out.push_str(match tag {
        // HTML or code that stands by itself becomes a paragraph of the words that were typed.
        Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(_) => "<p>",
        Tag::Heading { .. } => "<h3>",
        Tag::List(None) => "<ul>",
        Tag::List(Some(_)) => "<ol>",
        Tag::Item => "<li>",
        Tag::Strong => "<strong>",
        Tag::Emphasis => "<em>",
        Tag::BlockQuote(_) => "<blockquote>",
        _ => "",
    });
}

fn close(tag: TagEnd, out: &mut String) {
    out.push_str(match tag {
        TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::CodeBlock => "</p>",
        TagEnd::Heading(_) => "</h3>",
        TagEnd::List(false) => "</ul>",
        TagEnd::List(true) => "</ol>",
        TagEnd::Item => "</li>",
        TagEnd::Strong => "</strong>",
        TagEnd::Emphasis => "</em>",
        TagEnd::BlockQuote(_) => "</blockquote>",
        _ => "",
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::html;

    #[rstest]
    #[case("One.\n\nTwo.", "<p>One.</p><p>Two.</p>")]
    #[case(
        "- tea\n- **no** shoes",
        "<ul><li>tea</li><li><strong>no</strong> shoes</li></ul>"
    )]
    #[case("# Before you come", "<h3>Before you come</h3>")]
    #[case("[the map](/venues/x)", "<p><a href=\"/venues/x\">the map</a></p>")]
    #[case("[us](mailto:a@b.uk)", "<p><a href=\"mailto:a@b.uk\">us</a></p>")]
    #[case("[x](javascript:alert(1))", "<p>x</p>")]
    #[case("[x](//evil.example)", "<p>x</p>")]
    #[case("[x](/\\evil.example)", "<p>x</p>")]
    #[case("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>")]
    #[case("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>")]
    #[case("![a cat](https://x.example/cat.png)", "<p>a cat</p>")]
    #[case("", "")]
    fn markdown_becomes_plain_html(#[case] words: &str, #[case] out: &str) {
        assert_eq!(html(words), out);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_only_our_own_elements_come_out(words in "([<>&\"'a-c/!\\[\\]()*_#`\n -]|script|onerror=|javascript:|https://|img ){0,40}") {
            let page = scraper::Html::parse_fragment(&html(&words));
            for node in page.tree.nodes() {
                if let Some(element) = node.value().as_element() {
                    let ours = ["html", "body", "p", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "br", "a"];
                    prop_assert!(ours.contains(&element.name()), "{}", element.name());
                    for (name, value) in element.attrs() {
                        prop_assert!(element.name() == "a" && name == "href" && super::leads_somewhere(value), "{name}={value}");
                    }
                }
            }
        }
    }
}

//! Whatever people type comes back as text, and only as text.

use leptos::prelude::*;
use proptest::prelude::*;
use scraper::{Html, Selector};
use wellbeing_courses::ui::form::{
    Check, Choice, FormState, Select, Submitted, TextArea, TextField,
};
use wellbeing_courses::ui::page::Page;

use super::{one, shown, site};

const EVIL: &str = "</textarea><script>alert(\"x\")</script><!-- \u{1f600} &amp; '";

fn fields(form: &FormState) -> String {
    shown(|| {
        view! {
            <TextArea form=form name="note" label="Note" />
            <TextField form=form name="line" label="Line" />
            <Select form=form name="one" label="One" choices=vec![Choice::new(EVIL, EVIL)] />
        }
    })
}

#[test]
fn a_script_in_a_box_stays_words() {
    let form = FormState::filled([("note", EVIL), ("line", EVIL)]).with_error("line", EVIL);
    let html = Html::parse_fragment(&fields(&form));
    assert!(
        html.select(&Selector::parse("script").unwrap())
            .next()
            .is_none()
    );
    assert_eq!(one(&html, "textarea").text().collect::<String>(), EVIL);
    assert_eq!(one(&html, "input").attr("value"), Some(EVIL));
    assert_eq!(one(&html, "option").attr("value"), Some(EVIL));
    assert!(
        one(&html, "#line-error")
            .text()
            .collect::<String>()
            .ends_with(EVIL)
    );
}

#[test]
fn a_box_that_starts_with_an_empty_line_keeps_it() {
    let form = FormState::filled([("note", "\nhello")]);
    let html = Page::new("Test").render(&site(), || {
        view! { <TextArea form=&form name="note" label="Note" /> }
    });
    let html = Html::parse_document(&html);
    assert_eq!(one(&html, "textarea").text().collect::<String>(), "\nhello");
}

fn posted(pairs: &[(String, String)]) -> Vec<u8> {
    serde_urlencoded::to_string(pairs).unwrap().into_bytes()
}

proptest! {
    /// Any bytes are either read or refused; nothing panics.
    #[test]
    fn any_bytes(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(form) = Submitted::parse(&body) {
            for (name, value) in form.pairs() {
                prop_assert!(!name.contains('\0') && !value.contains('\0'));
            }
        }
    }

    /// A line has no control characters, no spaces at its ends, and reading it twice changes nothing.
    #[test]
    fn any_line(typed in "\\PC{0,60}|[\\x01-\\x20\\u{200b}-\\u{202e}a-z ]{0,60}") {
        let form = Submitted::parse(&posted(&[("line".into(), typed.clone()), ("note".into(), typed)])).unwrap();
        let line = form.line("line");
        let trick = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        prop_assert!(!line.chars().any(trick));
        prop_assert_eq!(line.trim(), line.as_str());
        let again: Submitted = [("line", line.as_str())].into_iter().collect();
        prop_assert_eq!(again.line("line"), line);
        let note = form.lines("note");
        let again: Submitted = [("note", note.as_str())].into_iter().collect();
        prop_assert_eq!(again.lines("note"), note);
    }

    /// What was typed into a form comes back as it was kept, whatever it is.
    #[test]
    fn any_words_come_back(typed in "\\PC{1,40}") {
        let submitted = Submitted::parse(&posted(&[("line".into(), typed.clone()), ("note".into(), typed)])).unwrap();
        let mut check = Check::new(&submitted);
        let line = check.optional("line", |typed| Ok(typed.to_owned())).unwrap_or_default();
        let note = check.optional_long_text("note").unwrap_or_default();
        let form = check.finish();
        let html = Html::parse_fragment(&fields(&form));
        prop_assert_eq!(one(&html, "input").attr("value").unwrap_or_default(), line);
        prop_assert_eq!(one(&html, "textarea").text().collect::<String>(), note);
    }
}

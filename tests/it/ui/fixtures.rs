//! Our form and list components beside GOV.UK's own HTML.

use leptos::prelude::*;
use serde_json::Value;
use wellbeing_courses::ui::form::{
    Button, ButtonKind, ButtonLink, Check, Checkboxes, Choice, DateField, DateWords, ErrorSummary,
    FormState, Label, PasswordField, Radios, Select, Submitted, TextArea, TextField,
};
use wellbeing_courses::ui::page::Page;
use wellbeing_courses::ui::pieces::{
    Column, Details, Pagination, SummaryList, SummaryRow, Table, WarningText,
};

use super::{one, shown, site, tree};

/// The HTML of a fixture.
fn fixture(component: &str, name: &str) -> String {
    let path = format!(
        "{}/node_modules/govuk-frontend/dist/govuk/components/{component}/fixtures.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("The fixtures of GOV.UK Frontend are not there. Run `make setup` (npm ci) first: {path}: {error}")
    });
    let all: Value = serde_json::from_str(&text).unwrap();
    let found = all["fixtures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["name"] == name);
    found
        .and_then(|own| own["html"].as_str())
        .unwrap_or_else(|| panic!("{component} has no fixture \"{name}\""))
        .to_owned()
}

#[track_caller]
fn same<V: IntoView>(theirs: &str, ours: impl FnOnce() -> V) {
    assert_eq!(tree(&shown(ours)), tree(theirs));
}

fn wrong(field: &str, sentence: &str) -> FormState {
    FormState::empty().with_error(field, sentence)
}

#[test]
fn text_field() {
    let form = wrong(
        "with-error-hint",
        "Enter a National Insurance number in the correct format",
    );
    same(&fixture("input", "with error and hint"), || {
        view! {
            <TextField
                form=&form
                name="with-error-hint"
                label=Label::plain("National insurance number")
                hint="It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’."
            />
        }
    });
    let form = FormState::filled([("with-value", "QQ 12 34 56 C")]);
    same(&fixture("input", "value"), || {
        view! { <TextField form=&form name="with-value" label=Label::plain("With value") /> }
    });
    let empty = FormState::empty();
    same(&fixture("input", "inputmode"), || {
        view! {
            <TextField form=&empty name="with-inputmode" label=Label::plain("With inputmode") inputmode="decimal" />
        }
    });
    same(&fixture("input", "custom type"), || {
        view! { <TextField form=&empty name="with-custom-type" label=Label::plain("With custom type") kind="number" /> }
    });
    let theirs = fixture("input", "with spellcheck disabled").replace(
        "name=\"spellcheck\"",
        "name=\"input-with-spellcheck-disabled\"",
    );
    same(&theirs, || {
        view! {
            <TextField
                form=&empty
                name="input-with-spellcheck-disabled"
                label=Label::plain("Spellcheck is disabled")
                spellcheck=false
            />
        }
    });
    let theirs = fixture("input", "with label as page heading")
        .replace("name=\"test-name\"", "name=\"input-with-page-heading\"")
        .replace("govuk-label--l", "govuk-label--xl");
    same(&theirs, || {
        view! {
            <TextField form=&empty name="input-with-page-heading" label=Label::page("National Insurance number") />
        }
    });
}

#[test]
fn text_area() {
    let form = wrong("with-hint-error", "Error message");
    same(&fixture("textarea", "with hint and error message"), || {
        view! { <TextArea form=&form name="with-hint-error" label=Label::plain("With hint and error") hint="Hint" /> }
    });
    let form = FormState::filled([("full-address", "221B Baker Street\nLondon\nNW1 6XE\n")]);
    let theirs = fixture("textarea", "with default value")
        .replace("name=\"address\"", "name=\"full-address\"");
    same(&theirs, || {
        view! { <TextArea form=&form name="full-address" label=Label::plain("Full address") /> }
    });
}

#[test]
fn password() {
    let form = wrong(
        "password-input-with-error-message",
        "Error message goes here",
    );
    let theirs = fixture("password-input", "with error message").replace(
        "name=\"test-name-3\"",
        "name=\"password-input-with-error-message\"",
    );
    same(&theirs, || {
        view! {
            <PasswordField
                form=&form
                name="password-input-with-error-message"
                label=Label::plain("Password")
                hint="It probably has some letters, numbers and maybe even some symbols in it."
            />
        }
    });
    let theirs = fixture("password-input", "with new-password autocomplete")
        .replace("name=\"password\"", "name=\"password-input-new-password\"");
    let empty = FormState::empty();
    same(&theirs, || {
        view! {
            <PasswordField form=&empty name="password-input-new-password" label=Label::plain("Password") new=true />
        }
    });
}

#[test]
fn select() {
    let options = || {
        let words = |n: u8| format!("GOV.UK frontend option {n}");
        [1, 2, 3]
            .map(|n| Choice::new(n.to_string(), words(n)))
            .to_vec()
    };
    let form = wrong("select-2", "Error message goes here");
    same(
        &fixture("select", "with hint text and error message"),
        || {
            view! {
                <Select
                    form=&form
                    name="select-2"
                    label=Label::plain("Label text goes here")
                    hint="Hint text goes here"
                    choices=options()
                />
            }
        },
    );
    let form = FormState::filled([("select-1", "2")]);
    same(
        &fixture("select", "with selected value").replace(" disabled", ""),
        || {
            view! { <Select form=&form name="select-1" label=Label::plain("Label text goes here") choices=options() /> }
        },
    );
}

#[test]
fn radios() {
    let yes_no = || vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
    let question = "Have you changed your name?";
    let hint = "This includes changing your last name or spelling your name differently.";
    let form = wrong("example-error-message-hint", "Please select an option");
    same(&fixture("radios", "with hint and error message"), || {
        view! {
            <Radios
                form=&form
                name="example-error-message-hint"
                label=Label::plain(question)
                hint=hint
                choices=yes_no()
            />
        }
    });
    let form = FormState::filled([("example", "no")]);
    same(&fixture("radios", "inline"), || {
        view! {
            <Radios
                form=&form
                name="example"
                label=Label::plain(question)
                hint=hint
                choices=yes_no()
                class="govuk-radios--inline"
            />
        }
    });
    let empty = FormState::empty();
    let theirs =
        fixture("radios", "with a divider").replace("name=\"example\"", "name=\"example-divider\"");
    same(&theirs, || {
        let choices = vec![
            Choice::new("government-gateway", "Use Government Gateway"),
            Choice::new("govuk-verify", "Use GOV.UK Verify"),
            Choice::or(),
            Choice::new("create-account", "Create an account"),
        ];
        view! {
            <Radios form=&empty name="example-divider" label=Label::plain("How do you want to sign in?") choices />
        }
    });
}

#[test]
fn checkboxes() {
    let form = wrong("example", "Please select an option");
    same(
        &fixture("checkboxes", "with error message and hint"),
        || {
            let choices = vec![
                Choice::new("british", "British"),
                Choice::new("irish", "Irish"),
            ];
            view! {
                <Checkboxes
                    form=&form
                    name="example"
                    label=Label::plain("What is your nationality?")
                    hint="If you have dual nationality, select all options that are relevant to you."
                    choices
                />
            }
        },
    );
    let name = "with single option (and hint) set 'aria-describedby' on input, and describedBy";
    let theirs = fixture("checkboxes", name).replace("test-target-element ", "");
    let empty = FormState::empty();
    same(&theirs, || {
        let choices = vec![
            Choice::new("yes", "I agree to the terms and conditions")
                .hint("Go on, you know you want to!"),
        ];
        view! {
            <Checkboxes
                form=&empty
                name="t-and-c-with-hint"
                hint="Please accept the terms and conditions"
                choices
            />
        }
    });
}

/// GOV.UK's date fixtures name the three fields without the group's name.
fn date_fixture(name: &str, id: &str) -> String {
    ["day", "month", "year"]
        .iter()
        .fold(fixture("date-input", name), |html, part| {
            html.replace(
                &format!("name=\"{part}\""),
                &format!("name=\"{id}-{part}\""),
            )
        })
}

#[test]
fn date() {
    let question = || Label::plain("What is your date of birth?");
    let hint = "For example, 31 3 1980";
    let empty = FormState::empty();
    same(&date_fixture("default", "dob"), || {
        view! { <DateField form=&empty name="dob" label=question() hint=hint /> }
    });
    let form = wrong("dob-errors", "Error message goes here");
    same(
        &date_fixture("with error message and hint", "dob-errors"),
        || {
            view! { <DateField form=&form name="dob-errors" label=question() hint=hint /> }
        },
    );
    let typed: Submitted = [
        ("dob-year-error-day", "3"),
        ("dob-year-error-month", "3"),
        ("dob-year-error-year", "52"),
    ]
    .into_iter()
    .collect();
    let mut check = Check::new(&typed);
    let words = DateWords {
        missing: "Enter your date of birth",
        subject: "Your date of birth",
    };
    assert_eq!(check.date("dob-year-error", words), None);
    let form = check.finish();
    let theirs = date_fixture("with error on year input", "dob-year-error").replace(
        "Error message goes here",
        "The year must have 4 numbers, like 1952",
    );
    // Theirs has nothing typed in.
    let ours = shown(
        || view! { <DateField form=&form name="dob-year-error" label=question() hint=hint /> },
    )
    .replace(" value=\"3\"", "")
    .replace(" value=\"52\"", "");
    assert_eq!(tree(&ours), tree(&theirs));
    // The summary leads to the year, not to the day.
    let summary = shown(|| view! { <ErrorSummary form=&form /> });
    assert!(
        summary.contains("href=\"#dob-year-error-year\""),
        "{summary}"
    );
    let theirs = fixture("date-input", "with autocomplete values")
        .replace("dob-with-autocomplete-attribute", "dob")
        .replace("dob-with-autocomplete", "dob");
    same(
        &theirs,
        || view! { <DateField form=&empty name="dob" label=question() hint=hint birthday=true /> },
    );
}

#[test]
fn error_summary() {
    let form = wrong(
        "example-error-1",
        "The date your passport was issued must be in the past",
    )
    .with_error("example-error-2", "Enter a postcode, like AA1 1AA");
    same(
        &fixture("error-summary", "default"),
        || view! { <ErrorSummary form=&form /> },
    );
    let right = FormState::empty();
    assert_eq!(shown(|| view! { <ErrorSummary form=&right /> }), "");
}

#[test]
fn buttons() {
    same(
        &fixture("button", "default"),
        || view! { <Button>"Save and continue"</Button> },
    );
    // Theirs is a button to those who cannot see it, and a script makes Space press it. Ours is a link to everybody.
    let link = fixture("button", "link")
        .replace(" role=\"button\"", "")
        .replace(" draggable=\"false\"", "");
    same(
        &link,
        || view! { <ButtonLink href="/">"Link button"</ButtonLink> },
    );
    same(&fixture("button", "secondary"), || {
        view! { <Button kind=ButtonKind::Outlined name="secondary">"Secondary button"</Button> }
    });
    same(&fixture("button", "warning"), || {
        view! { <Button kind=ButtonKind::Warning name="Warning">"Warning button"</Button> }
    });
}

#[test]
fn pages_of_a_list() {
    let theirs = |name| {
        fixture("pagination", name)
            .replace("/previous", "/page/1")
            .replace("/next", "/page/3")
    };
    same(
        &theirs("default"),
        || view! { <Pagination page=2 pages=3 base="/page/" /> },
    );
    let theirs = |name, to| {
        fixture("pagination", name)
            .replace("/previous", to)
            .replace("/next", to)
    };
    same(
        &theirs("first page", "/page/2"),
        || view! { <Pagination page=1 pages=3 base="/page/" /> },
    );
    same(
        &theirs("last page", "/page/2"),
        || view! { <Pagination page=3 pages=3 base="/page/" /> },
    );
    assert_eq!(
        shown(|| view! { <Pagination page=1 pages=1 base="/page/" /> }),
        ""
    );
}

#[test]
fn tables() {
    let months = [
        ("January", "£85", "£95"),
        ("February", "£75", "£55"),
        ("March", "£165", "£125"),
    ];
    let ours = shown(|| {
        let rows = months
            .map(|(a, b, c)| vec![a.into_any(), b.into_any(), c.into_any()])
            .to_vec_of_rows();
        let columns = vec![
            Column::new("Month you apply"),
            Column::numbers("Rate for bicycles"),
            Column::numbers("Rate for vehicles"),
        ];
        view! { <Table caption="Rates" columns rows /> }
    });
    let ours = scraper::Html::parse_fragment(&ours);
    let head = fixture("table", "with head");
    let head = scraper::Html::parse_fragment(&head);
    let body = fixture("table", "with firstCellIsHeader true");
    let body = scraper::Html::parse_fragment(&body);
    let part =
        |html: &scraper::Html, part| tree(&format!("<table>{}</table>", one(html, part).html()));
    assert_eq!(part(&ours, "thead"), part(&head, "thead"));
    assert_eq!(part(&ours, "tbody"), part(&body, "tbody"));
}

/// Rows of an array as the table takes them.
trait Rows {
    fn to_vec_of_rows(self) -> Vec<Vec<AnyView>>;
}

impl<const N: usize> Rows for [Vec<AnyView>; N] {
    fn to_vec_of_rows(self) -> Vec<Vec<AnyView>> {
        self.into_iter().collect()
    }
}

#[test]
fn more_to_read_and_warnings() {
    let words = "We need to know your nationality so we can work out which elections you’re entitled to vote in. If you can’t provide your nationality, you’ll have to send copies of identity documents through the post.";
    same(&fixture("details", "default"), || {
        view! { <Details summary="Help with nationality">{words}</Details> }
    });
    same(&fixture("warning-text", "default"), || {
        view! { <WarningText>"You can be fined up to £5,000 if you don’t register."</WarningText> }
    });
}

#[test]
fn summary_list() {
    let theirs = fixture("summary-list", "with some actions");
    let theirs = scraper::Html::parse_fragment(&theirs);
    let ours = shown(|| {
        let rows = vec![
            SummaryRow::new("Name", "Firstname Lastname").change("#"),
            SummaryRow::new("Date of birth", "13/08/1980"),
        ];
        view! { <SummaryList rows /> }
    });
    let ours = scraper::Html::parse_fragment(&ours);
    // The row that cannot be changed says so to the style sheet, in the same words.
    let class = "govuk-summary-list__row--no-actions";
    let row = |html: &scraper::Html| {
        one(html, &format!(".{class}"))
            .value()
            .attr("class")
            .map(str::to_owned)
    };
    assert_eq!(row(&ours), row(&theirs));
    let keys = |html: &scraper::Html| tree(&format!("<dl>{}</dl>", one(html, "dt").html()));
    assert_eq!(keys(&ours), keys(&theirs));
    let change = one(&ours, "dd.govuk-summary-list__actions").html();
    assert!(
        change.contains("Change<span class=\"govuk-visually-hidden\"> name</span>"),
        "{change}"
    );
}

#[test]
fn above_the_content() {
    let html = Page::new("x").back("#", "Back").render(&site(), || ());
    let page = scraper::Html::parse_document(&html);
    assert_eq!(
        tree(&one(&page, ".govuk-back-link").html()),
        tree(&fixture("back-link", "default"))
    );
    let html = Page::new("x")
        .crumb("/", "Home")
        .crumb("/section", "Section")
        .crumb("/section/sub-section", "Sub-section")
        .crumb("/section/sub-section/sub-sub-section", "Sub Sub-section")
        .render(&site(), || ());
    let page = scraper::Html::parse_document(&html);
    assert_eq!(
        tree(&one(&page, ".govuk-breadcrumbs").html()),
        tree(&fixture("breadcrumbs", "default"))
    );
    let theirs = fixture("skip-link", "default").replace("#test-target-element", "#main-content");
    assert_eq!(tree(&one(&page, ".govuk-skip-link").html()), tree(&theirs));
}

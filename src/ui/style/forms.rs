//! Forms on the style page: clean, with every problem, and as filters.

use leptos::prelude::*;

use crate::ui::form::{
    Button, ButtonKind, ButtonSize, Check, Checkboxes, Choice, DateField, DateWords, ErrorSummary,
    Fieldset, Form, FormState, Label, PasswordField, Radios, Select, Submitted, TextArea,
    TextField,
};
use crate::ui::pieces::{Filters, WarningText};

fn reminders() -> Vec<Choice> {
    vec![
        Choice::new("email", "Email"),
        Choice::new("text", "Email and text message").hint("Texts are free for you"),
        Choice::or(),
        Choice::new("call", "A phone call"),
    ]
}

fn times() -> Vec<Choice> {
    vec![
        Choice::new("morning", "Morning"),
        Choice::new("afternoon", "Afternoon"),
    ]
}

fn places() -> Vec<Choice> {
    vec![Choice::new("", "Anywhere"), Choice::new("bath", "Bath")]
}

/// A form in which everything is wrong.
pub(super) fn wrong() -> impl IntoView {
    let typed: Submitted = [
        ("dob-day", "31"),
        ("dob-month", "3"),
        ("dob-year", "52"),
        ("phone", "0770"),
        ("note", "A chair with arms."),
    ]
    .into_iter()
    .collect();
    let mut check = Check::new(&typed);
    let phone = "Enter a phone number, like 07700 900 982";
    let _ = check.text::<()>("phone", phone, |_| Err(phone.to_owned()));
    check.choice("remind", "Choose how we should remind you", &["email"]);
    check.date(
        "dob",
        DateWords {
            missing: "Enter your date of birth",
            subject: "Your date of birth",
        },
    );
    check.long_text("note", "Tell us what would help you");
    check.error("note", "Use 500 letters or fewer");
    check.error("where", "Choose where");
    check.must_tick("agree", "Tick the box to go on");
    check.password::<()>("pw", "Use at least 10 letters and numbers", |_| Ok(()));
    let form = check.finish();
    view! {
        <ErrorSummary form=&form />
        <Form action="/style">
            <TextField
                form=&form
                name="phone"
                label="Phone"
                hint="So that we can tell you if a session is off"
                kind="tel"
                autocomplete="tel"
                class="govuk-input--width-20"
            />
            <Radios form=&form name="remind" label="How should we remind you?" choices=reminders() />
            <DateField form=&form name="dob" label="Date of birth" hint="For example, 31 3 1952" birthday=true />
            <TextArea form=&form name="note" label="What would help you?" rows=4 />
            <Select form=&form name="where" label="Where?" choices=places() />
            <Checkboxes form=&form name="agree" choices=vec![Choice::new("yes", "I have read this")] />
            <PasswordField form=&form name="pw" label="Password" />
            <Button>"Continue"</Button>
        </Form>
    }
}

/// A form nobody has typed in, or only rightly.
pub(super) fn clean() -> impl IntoView {
    let form = FormState::filled([
        ("remind2", "text"),
        ("time2", "morning"),
        ("name2", "Margaret Ashdown"),
    ]);
    view! {
        <Form action="/style" key="not-a-real-key">
            <TextField form=&form name="name2" label="Full name" autocomplete="name" spellcheck=false />
            <TextField form=&form name="question2" label=Label::part("A question that heads a part") />
            <Select form=&form name="where2" label="Where?" choices=places() />
            <Radios form=&form name="remind2" label="How should we remind you?" choices=reminders() />
            <Radios
                form=&form
                name="yes2"
                label="May we leave a message on your phone?"
                choices=vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]
            />
            <Checkboxes
                form=&form
                name="news2"
                label="Newsletter"
                choices=vec![Choice::new("yes", "Send me the monthly newsletter")]
            />
            <Checkboxes form=&form name="time2" label="Time" choices=times() class="govuk-checkboxes--small" />
            <Fieldset legend=Label::part("Your parent or guardian") clone:form>
                <DateField form=&form name="dob2" label="Date of birth" hint="For example, 31 3 1952" />
            </Fieldset>
            <TextArea
                form=&form
                name="note2"
                label="What would help you?"
                hint="You can leave this empty. Only the course team can open it."
                rows=4
            />
            <PasswordField form=&form name="pw2" label="Password" new=true />
            <Button size=ButtonSize::Big>"Continue"</Button>
        </Form>
        <WarningText>"You have not booked yet. Open our email first."</WarningText>
    }
}

/// Filters outside the search form they belong to.
pub(super) fn filters() -> impl IntoView {
    let form = FormState::filled([("when3", "morning")]);
    view! {
        <form class="wb-card wb-find wb-find--line" id="find" action="/style" method="get" role="search">
            <TextField form=&form name="q3" label=Label::plain("What would help?") kind="search" />
            <Button>"Search"</Button>
        </form>
        <div class="wb-browse">
            <Filters chosen=1 clear="/style" clone:form>
                <Checkboxes
                    form=&form
                    name="when3"
                    label="Time"
                    choices=times()
                    class="govuk-checkboxes--small"
                    of="find"
                />
                <Select form=&form name="where3" label="Where?" choices=places() of="find" />
                <Button kind=ButtonKind::Outlined of="find">"Show courses"</Button>
            </Filters>
            <div>
                <p>"The list stands here."</p>
            </div>
        </div>
    }
}

//! The one page of a booking for somebody.

use leptos::prelude::*;

use super::SCRIPT;
use super::form::REACH;
use super::store::{Alike, RunChoice};
use crate::accounts::model::Who;
use crate::accounts::sign_up::rules::phone_words;
use crate::bookings::consents::ETHNICITY;
use crate::bookings::equality::{FIELD, GROUPS, NOT_SAID};
use crate::people_desk::model::{CAME, Person};
use crate::people_desk::{HERE, details, likely, path};
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// What the page shows.
pub struct Shown {
    pub form: FormState,
    pub key: String,
    /// Who comes, if we know them.
    pub known: Option<Person>,
    /// Who may be the one who was typed in.
    pub alike: Vec<Alike>,
    pub runs: Vec<RunChoice>,
}

pub fn book(app: &App, who: &Who, shown: Shown) -> String {
    let today = dates::day_of(app.clock.now());
    let Shown {
        form,
        key,
        known,
        alike,
        runs,
    } = shown;
    let failed = form.has_errors();
    let title = match &known {
        Some(person) => format!("Book for {}", person.full_name),
        None => "Book for somebody".to_owned(),
    };
    let mut choices = vec![Choice::new("", "Choose one")];
    choices.extend(runs.iter().map(|run| run_choice(run, today)));
    let came = CAME
        .into_iter()
        .map(|(word, words)| Choice::new(word, words))
        .collect();
    in_desk(app, who, &title.clone(), HERE, failed, move || {
        let look_up = known.is_none().then(|| look_up(&form));
        let whom = whom(&form, known.as_ref());
        let alike = (!alike.is_empty()).then(|| duplicates(&form, alike));
        view! {
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            {look_up}
            <Form key=key>
                {alike}
                <Select form=&form name="run" label=Label::bold("Course and date") choices=choices
                    hint="On a keyboard: go to the list and type the first letters of the course." />
                <Radios form=&form name="channel" label=Label::bold("How did they come to us?") choices=came />
                {whom}
                {how(&form)}
                {script(&form)}
                {ethnic_group(failed)}
                <Button size=ButtonSize::Big>"Book the place"</Button>
            </Form>
        }
    })
}

pub fn run_choice(run: &RunChoice, today: chrono::NaiveDate) -> Choice {
    let places = match (run.free, run.waiting) {
        (1, 0) => "1 place left".to_owned(),
        (2.., 0) => format!("{} places left", run.free),
        _ => "full, with a waiting list".to_owned(),
    };
    let volunteers = if run.volunteers_only {
        ", volunteers only"
    } else {
        ""
    };
    let words = format!(
        "{}: {}, {} ({places}{volunteers})",
        run.title,
        dates::day_and_time(run.starts_at, today),
        run.venue.as_deref().unwrap_or("online"),
    );
    Choice::new(run.id.to_string(), words)
}

/// With scripts (`public/ahead.js`), whoever is likely meant stands below what is typed here, and comes into the form when they are
/// chosen. Nothing of it is sent with the form. Without scripts nobody sees it: the page of people finds them.
fn look_up(form: &FormState) -> impl IntoView + use<> {
    view! {
        <div class="wb-ahead" hidden data-ahead=likely::HERE>
            <TextField form name="likely" label=Label::bold("Do we know them?") spellcheck=false autocomplete="off"
                hint="Type 3 letters or more of their name or email address, the last digits of their phone number, or a booking number. Then choose them from the list." />
        </div>
    }
}

/// Who comes: somebody we know, or the fields for somebody new.
fn whom(form: &FormState, known: Option<&Person>) -> AnyView {
    if let Some(person) = known {
        let (id, href) = (person.id.to_string(), path(person.id));
        let none = || "None".to_owned();
        let rows = vec![
            SummaryRow::view(
                "Who comes",
                view! { <a href=href>{person.full_name.clone()}</a> },
            ),
            SummaryRow::new("Date of birth", person.born_words()),
            SummaryRow::new("Phone", person.phone_words().unwrap_or_else(none)),
            SummaryRow::new("Email", person.email.clone().unwrap_or_else(none)),
            SummaryRow::new("Address", person.address_words()),
        ];
        return view! {
            <HiddenField name="person" value=id />
            <SummaryList rows=rows />
        }
        .into_any();
    }
    view! {
        <TextField form name="full-name" label=Label::bold("Their full name") spellcheck=false
            class="govuk-input--width-20" />
        <DateField form name="date-of-birth" label=Label::bold("Their date of birth") hint="For example, 31 3 1952" />
        <p class="wb-small">"At least one way to reach them: a phone number, an email address or a postal address."</p>
        {details::fields(form, true)}
    }
    .into_any()
}

fn duplicates(form: &FormState, alike: Vec<Alike>) -> impl IntoView + use<> {
    let mut choices: Vec<Choice> = alike
        .into_iter()
        .map(|one| {
            let born = one.date_of_birth.and_then(|born| born.parse().ok());
            let known = [
                born.map(|born| format!("born {}", dates::full_day(born))),
                one.phone.as_deref().map(phone_words),
                one.email,
            ];
            let known: Vec<String> = known.into_iter().flatten().collect();
            Choice::new(one.id.to_string(), one.full_name).hint(known.join(", "))
        })
        .collect();
    choices.push(Choice::or());
    choices.push(Choice::new("new", "No, somebody new"));
    view! {
        <Radios form name="who" label=Label::bold("Is it one of these?") choices=choices
            hint="They have the same phone or email, or the same name and date of birth. Of somebody we know, we keep the details we have." />
    }
}

/// How they may be reached, and what messages may say.
fn how(form: &FormState) -> impl IntoView + use<> {
    let ways = REACH
        .into_iter()
        .map(|(word, words)| Choice::new(word, words))
        .collect();
    let yes_no = || vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
    view! {
        <Checkboxes form name="reach" label=Label::bold("How may we reach them?") choices=ways />
        <Radios form name="safe-message" label=Label::bold("Is it safe to leave a message?") choices=yes_no() />
        <Radios form name="name-course" label=Label::bold("May our messages name the course?")
            hint="Somebody who shares their phone or email may see it." choices=yes_no() />
    }
}

/// What is read aloud, and the tick that they said yes.
fn script(form: &FormState) -> impl IntoView + use<> {
    view! {
        <Notice title="Read this out" symbol=Icon::Eye>
            <p class="wb-lead">{SCRIPT.words}</p>
            <p>"If they wrote to us: tick when their letter says yes to this, or when you have rung them."</p>
        </Notice>
        <Checkboxes form name="agreed" choices=vec![Choice::new("yes", "I read this out and they said yes")] />
    }
}

/// What is read aloud before the equality question; what their answer is kept by stands beside it.
const ASKED: &str = "We want our courses to reach everyone. May I ask what your ethnic group is? You do not have to answer, and \
                     it changes nothing about your booking. We count answers together to see who we miss. Your tutor cannot \
                     see your answer.";

/// The equality question. The answer goes one way: no page of the desk has it again, not even this one with a mistake in it.
fn ethnic_group(again: bool) -> impl IntoView + use<> {
    let groups = GROUPS.iter().flat_map(|(group, answers)| {
        answers
            .iter()
            .map(move |(value, words)| Choice::new(*value, format!("{group}: {words}")))
    });
    let mut choices = vec![Choice::new("", "No answer")];
    choices.extend(groups);
    choices.push(Choice::new(NOT_SAID.0, NOT_SAID.1));
    let hint = if again {
        "We do not show an answer again. If they gave one, choose it again."
    } else {
        "Read the answers out if they like. We lock the answer away and do not show it here again."
    };
    let form = FormState::empty();
    view! {
        <Notice title="Then ask this, and read it out" symbol=Icon::Eye>
            <p class="wb-lead">{ASKED} " " {ETHNICITY.words}</p>
        </Notice>
        <Select form=&form name=FIELD label=Label::bold("What is their ethnic group? (optional)") hint=hint choices=choices />
    }
}

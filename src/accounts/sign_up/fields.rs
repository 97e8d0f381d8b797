//! The fields of each question, the same in the sign-up and in the account.

use leptos::prelude::*;

use super::questions::Question;
use crate::bookings::consents::TEXTS;
use crate::newsletters;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The formats and their words.
pub const FORMAT_WORDS: [(&str, &str); 4] = [
    ("standard", "No, as it comes"),
    ("large-print", "Large print"),
    ("easy-read", "Easy read"),
    ("interpreter", "An interpreter, signed or spoken"),
];

/// The ways to reach somebody and their words.
pub const REACH_WORDS: [(&str, &str); 4] = [
    ("email", "Email"),
    ("text", "Text message"),
    ("call", "Phone call"),
    ("letter", "Letter"),
];

/// A question's fields, under its title. `count` is "Question 2 of 7", or empty.
pub fn fields(question: Question, form: &FormState, count: &str) -> AnyView {
    let title = question.title();
    let label = || Label::page(title).caption(count.to_owned());
    match question {
        Question::Name => view! {
            {heading(title, count)}
            <TextField form=form name="full-name" label=Label::bold("Full name") hint="The name you would like on our list"
                autocomplete="name" spellcheck=false class="govuk-input--width-20" />
            <TextField form=form name="preferred-name" label=Label::bold("What should we call you? (you do not have to answer)")
                hint="For example, Maggie" autocomplete="nickname" spellcheck=false class="govuk-input--width-20" />
        }
        .into_any(),
        Question::Born => view! {
            <DateField form=form name="date-of-birth" label=label() hint="For example, 31 3 1952" birthday=true />
            <Details summary="Why we ask this">
                <p>
                    "Some courses are only for adults, or only for young people. If you are under 16, we ask a parent \
                    or guardian to agree. Your tutor does not see it."
                </p>
            </Details>
        }
        .into_any(),
        Question::Guardian => view! {
            {heading(title, count)}
            <p>
                "You are under 16 on the first day, so we need a grown-up to agree. We will send them an email. \
                Your booking counts when they say yes."
            </p>
            {guardian(form)}
        }
        .into_any(),
        Question::Email => view! {
            <TextField form=form name="email" label=label() kind="email" autocomplete="email" spellcheck=false
                hint="We send your booking to it. We will ask you to open an email from us."
                class="govuk-input--width-20" />
            <p class="wb-small">
                "Do you share an email with someone? That is fine. Call " <PhoneLink />
                " and we will set it up for you. No email? Call us too. We can book for you."
            </p>
        }
        .into_any(),
        Question::Phone => view! {
            <TextField form=form name="phone" label=label() kind="tel" autocomplete="tel" class="govuk-input--width-20"
                hint="A mobile or a landline. We ring only if something changes, or if you ask us to." />
        }
        .into_any(),
        Question::Postcode => view! {
            <TextField form=form name="postcode" label=label() hint="For example, BA1 5AL" autocomplete="postal-code"
                spellcheck=false class="govuk-input--width-10" />
            <Checkboxes form=form name="no-fixed-address"
                choices=vec![Choice::new("yes", "I have no fixed address")] />
            <Details summary="Why we ask this">
                <p>"The council asks us which areas people come from. Your tutor does not see it."</p>
            </Details>
        }
        .into_any(),
        Question::Reach => reach(form, title, count),
        Question::Newsletter => view! {
            <Radios form=form name="newsletter" label=label() choices=vec![
                Choice::new("yes", "Yes, please").hint(newsletters::WORDS),
                Choice::new("no", newsletters::NO_WORDS),
            ] />
        }
        .into_any(),
    }
}

/// Who a parent or guardian is, and how we reach them.
pub fn guardian(form: &FormState) -> impl IntoView + use<> {
    view! {
        <TextField form=form name="guardian-name" label=Label::bold("Their full name") spellcheck=false
            class="govuk-input--width-20" />
        <TextField form=form name="guardian-email" label=Label::bold("Their email address") kind="email"
            spellcheck=false class="govuk-input--width-20" />
        <TextField form=form name="guardian-phone" label=Label::bold("Their phone number") kind="tel"
            class="govuk-input--width-20" />
    }
}

fn reach(form: &FormState, title: &'static str, count: &str) -> AnyView {
    let ways = REACH_WORDS
        .into_iter()
        .map(|(value, words)| match value {
            "text" => Choice::new(value, words).hint(TEXTS.words),
            "letter" => Choice::new(value, words).hint("We will ring to ask where to send it"),
            _ => Choice::new(value, words),
        })
        .collect();
    let formats = FORMAT_WORDS
        .into_iter()
        .map(|(value, words)| match value {
            "interpreter" => Choice::new(value, words).hint("We will ring to ask which language"),
            _ => Choice::new(value, words),
        })
        .collect();
    view! {
        {heading(title, count)}
        <Checkboxes form=form name="reach" label=Label::bold("How may we tell you if something changes?")
            hint="Tick all that suit you" choices=ways />
        <Radios form=form name="safe-message" label=Label::bold("Is it safe to leave a message?")
            hint="For example, with someone at home or on an answerphone" choices=vec![
                Choice::new("yes", "Yes"),
                Choice::new("no", "No, please do not leave a message"),
            ] />
        <Radios form=form name="format" label=Label::bold("Do you need things in another way?") choices=formats />
    }
    .into_any()
}

fn heading(title: &'static str, count: &str) -> impl IntoView + use<> {
    let count =
        (!count.is_empty()).then(|| view! { <span class="wb-count">{count.to_owned()}</span> });
    view! { <h1>{count} {title}</h1> }
}

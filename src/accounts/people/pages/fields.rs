//! The fields about somebody else, the same when they are added and when they are corrected.

use leptos::prelude::*;

use crate::accounts::people::NOTICE;
use crate::accounts::people::model::Holder;
use crate::accounts::people::rules::WHERE;
use crate::ui::art::Icon;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// What they are called.
pub fn name_fields(form: &FormState) -> impl IntoView + use<> {
    view! {
        <TextField form name="full-name" label=Label::bold("Their full name") hint="The name they would like on our list"
            spellcheck=false class="govuk-input--width-20" />
        <TextField form name="preferred-name" label=Label::bold("What should we call them? (you do not have to answer)")
            hint="For example, Tom" spellcheck=false class="govuk-input--width-20" />
    }
}

/// How to reach them, and where they live.
pub fn contact_fields(form: &FormState, holder: &Holder) -> impl IntoView + use<> {
    let home = &holder.home;
    let mine = match (&home.postcode, home.no_fixed_address) {
        (Some(postcode), _) => Some(format!("The same as mine: {postcode}")),
        (None, true) => None,
        (None, false) => Some("The same as mine".to_owned()),
    };
    let mut homes: Vec<Choice> = mine
        .map(|words| Choice::new("mine", words))
        .into_iter()
        .collect();
    homes.push(Choice::new("none", "They have no fixed address"));
    view! {
        <TextField form name="phone" label=Label::bold("Their phone number (you do not have to answer)") kind="tel"
            hint="If they have none of their own, leave it empty. Then we call you." class="govuk-input--width-20" />
        <TextField form name="email" label=Label::bold("Their email address (you do not have to answer)") kind="email"
            hint="We write to you about the booking, not to them." spellcheck=false class="govuk-input--width-20" />
        <TextField form name="postcode" label=Label::bold("Their postcode") hint="For example, BA1 5AL. Or tick a box."
            spellcheck=false class="govuk-input--width-10" />
        <Checkboxes form name=WHERE choices=homes />
    }
}

/// Who sees what, and that they should know.
pub fn who_sees() -> impl IntoView {
    view! {
        <Notice title="Who will see this" symbol=Icon::Eye>
            <p>
                "The tutor sees their name, and their phone and email if you give them. Nothing else. \
                If they are under 16, the tutor sees the phone and email of their parent or guardian. \
                The course team sees the rest so that they can help."
            </p>
            <p>{NOTICE.words} " " <a href="/privacy">"Read our privacy notice"</a></p>
        </Notice>
    }
}

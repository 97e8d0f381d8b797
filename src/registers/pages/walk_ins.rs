//! Whoever came without a place, below the register of a session.

use leptos::prelude::*;
use uuid::Uuid;

use crate::accounts::sign_up::rules::phone_words;
use crate::registers::walk_ins::{ID, NAME, PHONE, UNDO, WalkIn};
use crate::ui::form::*;

/// Those who are noted, and on the session's day (`new`: the number of the next note, and what was typed) a form for more.
pub fn section(
    session: &str,
    walk_ins: Vec<WalkIn>,
    new: Option<(Uuid, FormState)>,
) -> Option<impl IntoView + use<>> {
    if walk_ins.is_empty() && new.is_none() {
        return None;
    }
    let action = format!("{session}/walk-ins");
    let all: Vec<_> = walk_ins
        .into_iter()
        .map(|walk_in| line(walk_in, action.clone()))
        .collect();
    let all = (!all.is_empty()).then(|| view! { <ul class="wb-register__people">{all}</ul> });
    let form = new.map(|(id, form)| {
        view! {
            <p>"Did somebody come who is not on the list? Give them your welcome, and tell us who it is."</p>
            <Form action=action>
                <HiddenField name=ID value=id.to_string() />
                <TextField form=&form name=NAME label="Their name" class="govuk-input--width-20" autocomplete="off" />
                <TextField
                    form=&form
                    name=PHONE
                    label="Their phone number, if they have one"
                    kind="tel"
                    class="govuk-input--width-20"
                    autocomplete="off"
                />
                <Button kind=ButtonKind::Outlined>"Note them"</Button>
            </Form>
        }
    });
    Some(view! {
        <section class="wb-block" aria-labelledby="walk-ins">
            <h2 id="walk-ins">"Came without a place"</h2>
            {all}
            {form}
        </section>
    })
}

fn line(walk_in: WalkIn, action: String) -> impl IntoView {
    let WalkIn {
        id,
        full_name,
        phone,
        ..
    } = walk_in;
    let phone = phone.map(|number| view! { <p>{phone_words(&number)}</p> });
    let whom = format!(" {full_name}");
    view! {
        <li class="wb-register__person">
            <div>
                <h3>{full_name}</h3>
                {phone}
                <p class="wb-small">"The office completes this."</p>
            </div>
            <Form action=action>
                <HiddenField name=UNDO value=id.to_string() />
                <button type="submit" class="wb-link-button">
                    "Undo" <span class="govuk-visually-hidden">{whom}</span>
                </button>
            </Form>
        </li>
    }
}

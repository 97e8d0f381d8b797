//! "Is somebody coming with you?", on the page that books and on the one that joins the list.

use leptos::prelude::*;
use uuid::Uuid;

use crate::accounts::people::Represented;
use crate::bookings::coming::{Coming, FIELD};
use crate::ui::form::*;

/// Who could come besides: those the account books for already.
#[derive(Clone, Debug, Default)]
pub struct Others(Vec<(Uuid, String)>);

impl Others {
    /// Everybody but whoever comes.
    pub fn of(all: &[Represented], coming: &Coming) -> Self {
        let chosen = coming.other.as_ref().map(|other| other.id);
        let others = all.iter().filter(|person| Some(person.id) != chosen);
        Self(
            others
                .map(|person| (person.id, person.full_name.clone()))
                .collect(),
        )
    }
}

fn button(value: String, words: String) -> impl IntoView + use<> {
    view! {
        <Button kind=ButtonKind::Outlined name=FIELD value>
            {words}
        </Button>
    }
}

/// The section. Its buttons send the form they stand in, so that nothing typed there is lost.
pub fn section(coming: &Coming, others: &Others) -> AnyView {
    let section = match &coming.other {
        None => ask(others).into_any(),
        Some(other) => chosen(coming, other).into_any(),
    };
    // The Enter key presses the first button of a form: it must be the one that books, not one of these.
    view! {
        <button type="submit" hidden></button>
        {section}
    }
    .into_any()
}

fn ask(Others(others): &Others) -> impl IntoView + use<> {
    let add = if others.is_empty() {
        "Add somebody who comes with me"
    } else {
        "Add somebody else"
    };
    let others: Vec<_> = others
        .iter()
        .map(|(id, name)| button(format!("with:{id}"), format!("{name} comes with me")))
        .collect();
    view! {
        <section class="wb-block wb-block--near" aria-labelledby="coming">
            <h2 id="coming">"Is somebody coming with you?"</h2>
            <p>
                "Coming alone? Then go on below. You can also bring 1 person: a child, somebody you care for, a partner \
                or a friend. They need a place too."
            </p>
            <div class="wb-buttons">{others} {button("new".to_owned(), add.to_owned())}</div>
        </section>
    }
}

fn chosen(coming: &Coming, other: &Represented) -> impl IntoView + use<> {
    let (full, name) = (other.full_name.clone(), other.known_as().to_owned());
    let id = other.id;
    let (sentence, first, second) = if coming.own {
        (
            view! { "You and " <strong>{full}</strong> " are coming. That is 2 places. You get both or none." }.into_any(),
            button(String::new(), format!("Take {name} off")),
            button(format!("only:{id}"), format!("Only {name} is coming")),
        )
    } else {
        (
            view! { "Only " <strong>{full}</strong> " is coming. You are booking for them." }
                .into_any(),
            button(format!("with:{id}"), "I am coming too".to_owned()),
            button(String::new(), format!("I am coming, not {name}")),
        )
    };
    view! {
        <section class="wb-block wb-block--near" aria-labelledby="coming">
            <h2 id="coming">"Who is coming?"</h2>
            <p>{sentence}</p>
            <div class="wb-buttons">{first} {second}</div>
        </section>
    }
}

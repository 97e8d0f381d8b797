//! "What would help you on the day?", after booking.

use leptos::prelude::*;

use super::{reminder, today};
use crate::bookings::consents::ACCESS_NOTE;
use crate::bookings::store::{Mine, Offer};
use crate::server::App;
use crate::ui::art::Icon;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// The reader's own note, and that of somebody they book for. Neither is ever taken for the other.
pub const FIELDS: [&str; 2] = ["access-note", "access-note-2"];

/// The names of the fields for those who come: `None` is the reader, the others are called by their names.
pub fn names(people: &[Option<String>]) -> &'static [&'static str] {
    match people {
        [Some(_)] => &FIELDS[1..],
        _ => &FIELDS,
    }
}

/// One field for each who comes, as in [`names`].
pub fn fields(form: &FormState, people: &[Option<String>]) -> Vec<AnyView> {
    names(people)
        .iter()
        .copied()
        .zip(people)
        .map(|(name, who)| {
            let who = who.as_deref().unwrap_or("you");
            let label = format!("What would help {who} on the day? (you do not have to answer)");
            view! {
                <TextArea
                    form
                    name
                    label=Label::bold(label)
                    hint="For example, a chair with arms, or a seat near the door. Only the course team can read this."
                    rows=4
                />
            }
            .into_any()
        })
        .collect()
}

/// The notes as they stand, of `people` as in [`names`]; `kept` is whether there is one.
pub fn note(
    app: &App,
    mine: &Mine,
    offer: &Offer,
    people: &[Option<String>],
    form: FormState,
    kept: bool,
) -> String {
    let own = format!("/account/bookings/{}", mine.booked.reference);
    let side = reminder(
        offer,
        today(app),
        "Your booking",
        Some(&mine.booked.reference),
    );
    let title = match people {
        [None] => "What would help you on the day?",
        _ => "What would help on the day?",
    };
    let fields = fields(&form, people);
    Page::new(title)
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .error(form.has_errors())
        .back(own.clone(), "Your booking")
        .render(&app.site, move || {
            let form = &form;
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <ErrorSummary form />
                        <h1>{title}</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <Form>
                            {fields}
                            <Notice title="Who will see this" symbol=Icon::Eye>
                                <p>{ACCESS_NOTE.words}</p>
                            </Notice>
                            <div class="wb-buttons">
                                <Button name="do" value="save">
                                    "Save"
                                </Button>
                                {kept
                                    .then(|| {
                                        view! {
                                            <Button kind=ButtonKind::Outlined name="do" value="remove">
                                                "Remove what I wrote"
                                            </Button>
                                        }
                                    })}
                                <a href=own>"Leave it as it is"</a>
                            </div>
                        </Form>
                    </div>
                </div>
            }
        })
}

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

/// The field's name, here and on the check page.
pub const FIELD: &str = "access-note";

/// The field.
pub fn field(form: &FormState) -> impl IntoView + use<> {
    view! {
        <TextArea
            form
            name=FIELD
            label=Label::bold("What would help you on the day? (you do not have to answer)")
            hint="For example, a chair with arms, a seat near the door, or a carer coming too. Only the course team can read this."
            rows=4
        />
    }
}

/// The note as it stands; `kept` is whether there is one.
pub fn note(app: &App, mine: &Mine, offer: &Offer, form: FormState, kept: bool) -> String {
    let own = format!("/account/bookings/{}", mine.booked.reference);
    let side = reminder(
        offer,
        today(app),
        "Your booking",
        Some(&mine.booked.reference),
    );
    Page::new("What would help you on the day?")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .error(form.has_errors())
        .back(own.clone(), "Your booking")
        .render(&app.site, move || {
            let form = &form;
            let field = field(form);
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <ErrorSummary form />
                        <h1>"What would help you on the day?"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <Form>
                            {field}
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

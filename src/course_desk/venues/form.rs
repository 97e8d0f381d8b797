//! What the team writes about a venue: a new one, or one that is there.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Fact, Venue, Written};
use super::{Chosen, HERE, path, rules, store};
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules as typed;
use crate::course_desk::{ICONS, up_to};
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

/// The fields of each fact: picture and words.
const FACTS: [[&str; 2]; 8] = [
    ["fact-1-icon", "fact-1"],
    ["fact-2-icon", "fact-2"],
    ["fact-3-icon", "fact-3"],
    ["fact-4-icon", "fact-4"],
    ["fact-5-icon", "fact-5"],
    ["fact-6-icon", "fact-6"],
    ["fact-7-icon", "fact-7"],
    ["fact-8-icon", "fact-8"],
];

pub async fn show_new(desk: Desk<Courses>, State(app): State<App>) -> Result<Response> {
    let form = FormState::filled([(FORM_KEY, form_key::new()?)]);
    Ok(ask(&app, &desk, None, form))
}

pub async fn send_new(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let (written, form) = read(&submitted);
    let Some(written) = written else {
        return Ok(ask(&app, &desk, None, form.with(FORM_KEY, key)));
    };
    let id = form_key::id(
        &app,
        "venue-by-desk",
        desk.by().account_id,
        &key,
        &format!("{written:?}"),
    );
    store::add(&app, desk.by(), id, &written).await?;
    Ok(Said::VenueSaved.and_see(&app, &path(id)))
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(venue): Chosen,
) -> Result<Response> {
    let facts = store::facts(&app, venue.id).await?;
    let form = as_it_is(&venue, &facts);
    Ok(ask(&app, &desk, Some(venue.id), form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(venue): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let (written, form) = read(&submitted);
    let Some(written) = written else {
        return Ok(ask(&app, &desk, Some(venue.id), form));
    };
    store::change(&app, desk.by(), venue.id, &written).await?;
    Ok(Said::VenueSaved.and_see(&app, &path(venue.id)))
}

fn as_it_is(venue: &Venue, facts: &[Fact]) -> FormState {
    let or_empty = |words: &Option<String>| words.clone().unwrap_or_default();
    let mut form = FormState::filled([
        ("name", venue.name.clone()),
        ("address-1", venue.address_1.clone()),
        ("address-2", or_empty(&venue.address_2)),
        ("town", venue.town.clone()),
        ("postcode", venue.postcode.clone()),
        ("map", format!("{}, {}", venue.latitude, venue.longitude)),
        ("short-access", venue.short_access.clone()),
        ("travel", venue.travel.clone()),
        ("about", or_empty(&venue.about)),
        ("getting-in", or_empty(&venue.getting_in)),
        ("caretaker", or_empty(&venue.caretaker_phone)),
    ]);
    for ([icon, words], fact) in FACTS.into_iter().zip(facts) {
        form = form
            .with(icon, fact.icon.clone())
            .with(words, fact.words.clone());
    }
    form
}

fn read(submitted: &Submitted) -> (Option<Written>, FormState) {
    let mut check = Check::new(submitted);
    let name = check.text("name", "Enter its name", up_to(80));
    let address_1 = check.text("address-1", "Enter street and number", up_to(100));
    let address_2 = check.optional("address-2", up_to(100));
    let town = check.text("town", "Enter the town", up_to(60));
    let postcode = check.text("postcode", "Enter the postcode", typed::postcode);
    let map = check.text("map", "Enter where it is on the map", rules::on_the_map);
    let short_access = check.text("short-access", "Enter its access in a few words", up_to(40));
    let travel = check.long_text("travel", "Enter how to get there");
    let about = check.optional_long_text("about");
    let facts = FACTS
        .into_iter()
        .filter_map(|[icon, words]| {
            let icon = check.choice(icon, "", &ICONS.map(|(name, _)| name));
            let words = check.optional(words, up_to(100))?;
            Some(Fact {
                icon: icon.unwrap_or("tick").to_owned(),
                words,
            })
        })
        .collect();
    let getting_in = check.optional("getting-in", up_to(300));
    let caretaker_phone = check.optional("caretaker", typed::phone);
    let form = check.finish();
    let written = (|| {
        let (latitude, longitude) = map?;
        Some(Written {
            name: name?,
            address_1: address_1?,
            address_2,
            town: town?,
            postcode: postcode?,
            latitude,
            longitude,
            short_access: short_access?,
            travel: travel?,
            about,
            getting_in,
            caretaker_phone,
            facts,
        })
    })();
    (written.filter(|_| !form.has_errors()), form)
}

fn ask(app: &App, desk: &Desk<Courses>, there: Option<Uuid>, form: FormState) -> Response {
    let failed = form.has_errors();
    let (title, back_to, back) = match there {
        Some(id) => ("Change a venue", path(id), "Back to the venue"),
        None => ("Add a venue", HERE.to_owned(), "All venues"),
    };
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back_to class="govuk-back-link">{back}</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>"Nobody is told of what changes here. To move a run to another place, open the run."</p>
                <Form key=key clone:form>
                    <TextField form=&form name="name" label=Label::bold("Name") />
                    <TextField form=&form name="address-1" label=Label::bold("Street and number") />
                    <TextField form=&form name="address-2" label=Label::bold("More of the address (optional)") />
                    <TextField form=&form name="town" label=Label::bold("Town") class="govuk-input--width-20" />
                    <TextField form=&form name="postcode" label=Label::bold("Postcode") class="govuk-input--width-10" />
                    <TextField form=&form name="map" label=Label::bold("On the map")
                        hint="Two numbers like 51.3836, -2.3595, or a link copied from OpenStreetMap" />
                    <TextField form=&form name="short-access" label=Label::bold("Access, on a card")
                        hint="A few words, like “Step-free” or “Lift to all floors”" />
                    <TextArea form=&form name="travel" label=Label::bold("How to get there") />
                    <TextArea form=&form name="about" label=Label::bold("What it is like (optional)") rows=3 />
                    <h2>"What it has for people’s needs"</h2>
                    {facts(&form)}
                    <h2>"For the team only"</h2>
                    <TextField form=&form name="getting-in" label=Label::bold("How to get in (optional)") spellcheck=true
                        hint="A key safe, a side door, an alarm. The website does not show it" />
                    <TextField form=&form name="caretaker" label=Label::bold("Caretaker’s phone (optional)") kind="tel"
                        class="govuk-input--width-20" hint="Who to ring when the door is locked" />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}

fn facts(form: &FormState) -> impl IntoView + use<> {
    let lines: Vec<_> = FACTS
        .into_iter()
        .zip(1..)
        .map(|([icon, words], n)| {
            let mut icons = vec![Choice::new("", "Choose one")];
            icons.extend(ICONS.map(|(name, words)| Choice::new(name, words)));
            view! {
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">"Fact " {n} " (optional)"</legend>
                    <Select form=form name=icon label=Label::plain("Picture") choices=icons />
                    <TextField form=form name=words label=Label::plain("Words") spellcheck=true
                        hint=if n == 1 { "For example: Accessible toilet on the same floor" } else { "" } />
                </fieldset>
            }
        })
        .collect();
    lines
}

//! The form of a request.

use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::{NOBODY, SOMEBODY_ELSE};
use crate::people_desk::OnRecord;
use crate::privacy::requests::HERE;
use crate::privacy::requests::model::{Channel, Colleague, Kind};
use crate::server::App;
use crate::staff::rights::{Courses, Requests, Right as _};
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// Those who may look after it, and nobody.
pub fn owners(colleagues: &[Colleague]) -> Vec<Choice> {
    let each = colleagues
        .iter()
        .map(|one| Choice::new(one.account_id.to_string(), one.name.clone()));
    each.chain([Choice::new(NOBODY, "Nobody yet")]).collect()
}

/// The form; `alike` may be the one who asks.
pub fn page(
    app: &App,
    desk: &Desk<Requests>,
    person: Option<(Uuid, String)>,
    alike: Vec<OnRecord>,
    colleagues: &[Colleague],
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let of_courses = desk.who().roles.first_of(Courses::ROLES).is_some();
    let title = "Write down a request";
    let owners = owners(colleagues);
    form_in_desk(app, desk.who(), title, HERE, failed, move || {
        let key = form.value(FORM_KEY).to_owned();
        let kinds = Kind::ALL
            .iter()
            .map(|kind| Choice::new(kind.name(), kind.words()))
            .collect();
        let channels = Channel::ALL
            .iter()
            .map(|one| Choice::new(one.name(), one.words()))
            .collect();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All requests"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <Form key=key>
                    {same(&form, alike)}
                    {whose(&form, person, of_courses)}
                    <Radios form=&form name="kind" label=Label::bold("What do they ask for?") choices=kinds
                        hint="They need not say which law it is. If it is several things, write down one request for each." />
                    <Radios form=&form name="channel" label=Label::bold("How did it come?") choices=channels />
                    <DateField form=&form name="received" label=Label::bold("On which day did it come?")
                        hint="The day on which it reached us, even on a weekend" />
                    <TextArea form=&form name="asked" label=Label::bold("What they ask, in their words") rows=6
                        hint="3,000 letters at most. It is locked away." />
                    <Radios form=&form name="identity" label=Label::bold("Do we know that it is them?") choices=vec![
                        Choice::new("known", "Yes, we know that it is them"),
                        Choice::new("asked", "Not yet: we have asked them to show it")
                            .hint("Only if we have real doubts. For a request the time then begins when they have shown it; a \
                                complaint’s time runs on."),
                    ] />
                    <DateField form=&form name="asked-on" label=Label::bold("If not yet: on which day did we ask them?")
                        hint="Leave it as it is if we know that it is them" />
                    <Select form=&form name="owner" label=Label::bold("Who looks after it?") choices=owners />
                    <Button>"Write it down"</Button>
                </Form>
            </div>
        }
    })
}

/// Whoever is on record with the same phone or email is asked about.
fn same(form: &FormState, alike: Vec<OnRecord>) -> Option<impl IntoView + use<>> {
    let mut choices: Vec<Choice> = alike
        .into_iter()
        .map(|one| {
            let choice = Choice::new(one.id.to_string(), one.full_name);
            match one.born {
                Some(born) => choice.hint(format!("born {}", dates::full_day(born))),
                None => choice,
            }
        })
        .collect();
    if choices.is_empty() {
        return None;
    }
    choices.push(Choice::or());
    choices.push(Choice::new(SOMEBODY_ELSE, "Somebody else"));
    Some(view! {
        <Radios form name="who" label=Label::bold("Is it one of these?") choices=choices
            hint="They are on record with the same phone or email. A couple often share one." />
    })
}

fn whose(form: &FormState, person: Option<(Uuid, String)>, of_courses: bool) -> AnyView {
    if let Some((_, name)) = person {
        let rows = vec![SummaryRow::new("Whose data", name)];
        return view! { <SummaryList rows=rows /> }.into_any();
    }
    let find = of_courses.then(|| {
        view! {
            <p>"Are they on record? Then " <a href="/desk/people">"find them"</a> " first, and write it down from their page."</p>
        }
    });
    view! {
        {find}
        <TextField form name="full-name" label=Label::bold("Their name") spellcheck=false class="govuk-input--width-20" />
        <TextField form name="contact" label=Label::bold("How we reach them")
            hint="A phone number, an email address or a postal address" spellcheck=false />
    }
    .into_any()
}

//! The page where somebody is made a volunteer.

use leptos::prelude::*;

use super::store::Status;
use crate::people_desk::model::Person;
use crate::people_desk::{HERE, path};
use crate::server::App;
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

pub fn one(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    history: Vec<Status>,
    form: FormState,
    key: String,
) -> String {
    let now = app.clock.now();
    let title = format!("{} as a volunteer", person.full_name);
    let failed = form.has_errors();
    in_desk(app, desk.who(), &title.clone(), HERE, failed, move || {
        let back = path(person.id);
        let stands = history
            .first()
            .is_some_and(|status| status.ended_at.is_none());
        let end = stands.then(|| {
            let key = key.clone();
            view! {
                <h2>"They stop volunteering"</h2>
                <p>"From then on they cannot book what is for volunteers only. Places that they have stay theirs."</p>
                <Form key=key>
                    <HiddenField name="end" value="yes" />
                    <Button kind=ButtonKind::Warning>"End it today"</Button>
                </Form>
            }
        });
        let button = if stands {
            "Renew or change"
        } else {
            "Make them a volunteer"
        };
        let rows: Vec<Vec<AnyView>> = history.iter().map(|status| row(status, now)).collect();
        let before = (!rows.is_empty()).then(|| {
            view! {
                <Table caption="What they were given" stacks=true columns=vec![
                    Column::new("Organisation"), Column::numbers("Hours a week"), Column::new("How it stands"),
                ] rows=rows />
            }
        });
        view! {
            <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to their page"</a></nav>
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <p>"Volunteers can book what is for volunteers only, until the last day. Then it ends by itself, unless you renew it."</p>
            {before}
            <Form key=key>
                <TextField form=&form name="organisation" label=Label::bold("Organisation") spellcheck=false />
                <TextField form=&form name="hours" label=Label::bold("Hours a week") class="govuk-input--width-4" />
                <DateField form=&form name="from" label=Label::bold("First day") hint="For example, 31 3 2027" />
                <DateField form=&form name="renew" label=Label::bold("Last day, unless it is renewed") hint="For example, 31 3 2028" />
                <Button>{button}</Button>
            </Form>
            {end}
        }
    })
}

fn row(status: &Status, now: chrono::DateTime<chrono::Utc>) -> Vec<AnyView> {
    vec![
        status.organisation.clone().into_any(),
        status.hours_a_week.into_any(),
        status.words(now).into_any(),
    ]
}

//! The form of a new run, and its dates as they would be.

use axum::response::Response;
use leptos::prelude::*;

use super::SURE;
use super::form::{HIRE, Known, OFTEN};
use super::model::{Clash, Plan, Spot};
use crate::course_desk::runs::{HERE, choose, told_of_opening};
use crate::server::App;
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// What is known of a plan besides itself.
pub struct Shown<'a> {
    pub clashes: Vec<Clash>,
    /// Rooms instead of one that is taken.
    pub rooms: Vec<&'a Spot>,
    /// Whether the website shows its course.
    pub published: bool,
    /// How many people are told when it opens.
    pub asked: i64,
}

fn back() -> impl IntoView {
    view! { <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav> }
}

/// The form.
pub fn ask(app: &App, desk: &Desk<Courses>, known: &Known, form: FormState) -> Response {
    let failed = form.has_errors();
    form_in_desk(app, desk.who(), "Add a run", HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        let like = form.value("like").to_owned();
        let copied = (!like.is_empty()).then(|| {
            view! { <p>"This is a copy. Enter its first day, and change what is different. The days left out are worked out anew."</p> }
        });
        let what = what_and_where(known, &form);
        view! {
            <div class="wb-measure">
                {back()}
                <ErrorSummary form=&form />
                <h1>"Add a run"</h1>
                {copied}
                <Form key=key clone:form>
                    <HiddenField name="like" value=like />
                    {what}
                    <h2>"When"</h2>
                    {when(&form)}
                    <h2>"Places"</h2>
                    {places(&form)}
                    <Button>"See the dates"</Button>
                </Form>
            </div>
        }
    })
}

fn what_and_where(known: &Known, form: &FormState) -> impl IntoView + use<> {
    let courses = choose::choices(&known.courses, "Choose one");
    let tutors = choose::choices(&known.tutors, "Not known yet");
    let mut places = vec![Choice::new("", "Choose one")];
    places.extend(choose::places(&known.spots));
    let hire = HIRE.map(|(value, words)| Choice::new(value, words)).into();
    view! {
        <Select form=form name="course" label=Label::bold("Course") choices=courses />
        <Select form=form name="tutor" label=Label::bold("Tutor") choices=tutors />
        <Select form=form name="place" label=Label::bold("Where") choices=places />
        <Select form=form name="hire" label=Label::bold("Hire of the room") choices=hire />
        <TextField form=form name="link" label=Label::bold("Link for joining online (optional)")
            hint="Only people who have a place see it" />
        <TextField form=form name="note" label=Label::bold("A sentence about the place (optional)") spellcheck=true
            hint="For example: Ask at the desk, somebody walks you to the room" />
    }
}

fn when(form: &FormState) -> impl IntoView + use<> {
    let often = OFTEN.map(|(value, words)| Choice::new(value, words)).into();
    view! {
        <DateField form=form name="first" label=Label::bold("First day") hint="For example, 12 1 2027" />
        <TextField form=form name="starts" label=Label::bold("Begins") hint="For example, 10:30am" class="govuk-input--width-10" />
        <TextField form=form name="ends" label=Label::bold("Ends") class="govuk-input--width-10" />
        <TextField form=form name="sessions" label=Label::bold("How many sessions?") inputmode="numeric" class="govuk-input--width-4" />
        <Select form=form name="often" label=Label::bold("How often?") choices=often />
        {days_off_fields(form)}
        <TextArea form=form name="themes" label=Label::bold("What each session is about (optional)") rows=6
            hint="One line for each session, a dash where there is nothing to say" />
    }
}

/// Which days are left out.
pub fn days_off_fields(form: &FormState) -> impl IntoView + use<> {
    let holidays = vec![Choice::new(
        "yes",
        "Leave out bank holidays, and 21 December to 3 January",
    )];
    view! {
        <Checkboxes form=form name="holidays" choices=holidays />
        <Checkboxes form=form name="school" choices=vec![Choice::new("yes", "Leave out the school holidays")] />
        <p><a href=crate::course_desk::holidays::HERE>"See the school holidays that we know"</a></p>
        <TextArea form=form name="off" label=Label::bold("Other days to leave out (optional)") rows=3
            hint="One on each line: 15 2 2027, or 15 2 2027 to 19 2 2027. A run keeps its number of sessions and ends later" />
    }
}

fn places(form: &FormState) -> impl IntoView + use<> {
    let volunteers = vec![Choice::new("yes", "Only for our volunteers")];
    view! {
        <TextField form=form name="places" label=Label::bold("How many places are there?") inputmode="numeric"
            class="govuk-input--width-4" />
        <Checkboxes form=form name="volunteers" choices=volunteers />
        <TextField form=form name="minimum" label=Label::bold("How many must book for it to take place? (optional)")
            inputmode="numeric" class="govuk-input--width-4" />
        <DateField form=form name="decide" label=Label::bold("When is that decided?")
            hint="Only if there is a number above. It stands on the page Today until enough people have booked" />
    }
}

/// The dates as they would be. What was typed goes along.
pub fn look(
    app: &App,
    desk: &Desk<Courses>,
    known: &Known,
    plan: &Plan,
    shown: Shown<'_>,
    form: FormState,
) -> Response {
    let title = "Check the dates";
    let course = known
        .courses
        .iter()
        .find(|course| course.id == plan.course_id)
        .map(|course| course.name.clone());
    form_in_desk(app, desk.who(), title, HERE, false, || {
        let hidden: Vec<_> = form
            .values()
            .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> })
            .collect();
        let rooms = shown.rooms.iter().map(|room| room.words()).collect();
        let against = against(&shown.clashes, rooms);
        let open = shown.published.then(|| {
            view! { <Button name=SURE value="open">"Save and open for booking"</Button> }
        });
        let draft_kind = if shown.published {
            ButtonKind::Outlined
        } else {
            ButtonKind::Filled
        };
        let told = shown.published.then(|| {
            let told = told_of_opening(shown.asked);
            view! { <p>"When it is open, it can be booked at once. " {told} "."</p> }
        });
        let not_yet = (!shown.published).then(|| {
            view! { <p>"The course is a draft. Put it on the website before people can book this run."</p> }
        });
        view! {
            <div class="wb-measure">
                {back()}
                <h1>{title}</h1>
                <p>{course} <br /> {facts(known, plan)}</p>
                {against}
                {table(plan, app)}
                {told}
                {not_yet}
                <Form>
                    {hidden}
                    <div class="wb-buttons">
                        {open}
                        <Button name=SURE value="draft" kind=draft_kind>"Save as a draft"</Button>
                        <Button name=SURE value="no" kind=ButtonKind::Outlined>"Change what you typed"</Button>
                    </div>
                </Form>
            </div>
        }
    })
}

fn facts(known: &Known, plan: &Plan) -> String {
    let place = plan
        .spot
        .as_ref()
        .map_or_else(|| "Online".to_owned(), Spot::name);
    let tutor = known
        .tutors
        .iter()
        .find(|tutor| Some(tutor.id) == plan.tutor_id)
        .map_or_else(
            || "no tutor yet".to_owned(),
            |tutor| format!("led by {}", tutor.name),
        );
    let places = if plan.places == 1 {
        "1 place".to_owned()
    } else {
        format!("{} places", plan.places)
    };
    format!("{place}, {tutor}, {places}")
}

/// A line for each thing that the room or the tutor is wanted for.
pub fn clash_lines(clashes: &[Clash]) -> Vec<AnyView> {
    clashes
        .iter()
        .map(|clash| {
            let at = &clash.with;
            let day = dates::full_day(dates::day_of(at.starts_at));
            let times = dates::times(at.starts_at, at.ends_at);
            let what = match (clash.of_room, at.of_tutor) {
                (true, true) => "The room and the tutor are taken",
                (true, false) => "The room is taken",
                _ => "The tutor is busy",
            };
            let href = format!("{HERE}/{}", at.run_id);
            view! { <li>{what} " on " {day} ", " {times} ": " <a href=href>{at.title.clone()}</a></li> }.into_any()
        })
        .collect()
}

/// What speaks against it, and rooms instead. None of it stops anybody.
pub fn against(clashes: &[Clash], rooms: Vec<String>) -> Option<AnyView> {
    if clashes.is_empty() {
        return None;
    }
    let items = clash_lines(clashes);
    let rooms = (!rooms.is_empty()).then(|| {
        let rooms: Vec<_> = rooms
            .into_iter()
            .map(|room| view! { <li>{room}</li> })
            .collect();
        view! {
            <p>"Free at all these times, big enough and as easy to get into:"</p>
            <ul>{rooms}</ul>
        }
    });
    Some(
        view! {
            <Notice title="Something else is on at the same time" kind=NoticeKind::Bad>
                <ul>{items}</ul>
                {rooms}
            </Notice>
        }
        .into_any(),
    )
}

fn table(plan: &Plan, app: &App) -> impl IntoView + use<> {
    let today = dates::day_of(app.clock.now());
    let rows = plan
        .meetings
        .iter()
        .enumerate()
        .map(|(at, meeting)| {
            let theme = plan.themes.get(at).filter(|theme| !theme.is_empty());
            let note = meeting
                .note()
                .map(|note| view! { <br /> <span class="wb-small">{note}</span> });
            vec![
                (at + 1).into_any(),
                view! { {dates::day(dates::day_of(meeting.starts_at), today)} {note} }.into_any(),
                dates::times(meeting.starts_at, meeting.ends_at).into_any(),
                theme.cloned().unwrap_or_default().into_any(),
            ]
        })
        .collect();
    view! {
        <Table caption="The sessions as they would be" stacks=true columns=vec![
            Column::new("Number"), Column::new("Day"), Column::new("Time"), Column::new("What it is about"),
        ] rows=rows />
    }
}

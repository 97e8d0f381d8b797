//! The form of a new term, and its runs as they would be.

use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

use super::super::add::{self, Clash, Spot};
use super::super::{HERE, told_of_opening};
use super::SURE;
use super::model::Copy;
use crate::catalogue::series::Meeting;
use crate::server::App;
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;

fn back() -> impl IntoView {
    view! { <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav> }
}

/// The form.
pub fn ask(app: &App, desk: &Desk<Courses>, form: FormState) -> Response {
    let failed = form.has_errors();
    let title = "Copy a whole term";
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        view! {
            <div class="wb-measure">
                {back()}
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>"Every run of a term is copied to new dates, on the same weekday at the same time. You see them all before anything is kept."</p>
                <Form key=key clone:form>
                    <h2>"The old term"</h2>
                    <DateField form=&form name="from" label=Label::bold("Runs that began from") hint="For example, 4 1 2027" />
                    <DateField form=&form name="to" label=Label::bold("to") />
                    <h2>"The new term"</h2>
                    <DateField form=&form name="first" label=Label::bold("First day of the new term")
                        hint="What began in the first week of the old term begins in this week" />
                    {add::days_off_fields(&form)}
                    <Button>"See the new dates"</Button>
                </Form>
            </div>
        }
    })
}

/// The copies as they would be, each to be left out.
pub fn look(app: &App, desk: &Desk<Courses>, copies: &[Copy], form: FormState) -> Response {
    let failed = form.has_errors();
    let title = "Check the new term";
    let today = dates::day_of(app.clock.now());
    let choices: Vec<Choice> = copies.iter().map(|copy| choice(copy, today)).collect();
    let clashes = copies
        .iter()
        .filter(|copy| !copy.clashes.is_empty())
        .count();
    let tutors = copies.iter().filter(|copy| copy.tutor.is_none()).count();
    let few = |n: usize, one: &str, more: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    };
    let sum = format!(
        "{}, {}, {}.",
        few(copies.len(), "run", "runs"),
        few(
            clashes,
            "with something else at the same time",
            "with something else at the same time"
        ),
        few(tutors, "without a tutor", "without a tutor"),
    );
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let hidden: Vec<_> = form
            .values()
            .filter(|(name, _)| *name != "run")
            .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> })
            .collect();
        view! {
            <div class="wb-measure">
                {back()}
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p class="wb-lead">{sum}</p>
                <p>"A room that was hired is pencilled again. Nobody is told until a run is open. Then whoever asked to hear of new dates of its course gets one message, however many of its runs open."</p>
                <Form clone:form>
                    {hidden}
                    <Checkboxes form=&form name="run" label=Label::bold("Which runs?") choices=choices />
                    <div class="wb-buttons">
                        <Button name=SURE value="draft">"Save as drafts"</Button>
                        <Button name=SURE value="open" kind=ButtonKind::Outlined>"Save and open for booking"</Button>
                        <Button name=SURE value="no" kind=ButtonKind::Outlined>"Change what you typed"</Button>
                    </div>
                </Form>
            </div>
        }
    })
}

fn choice(copy: &Copy, today: NaiveDate) -> Choice {
    let meetings = &copy.plan.meetings;
    let mut hint = Vec::new();
    if let (Some(first), Some(last)) = (meetings.first(), meetings.last()) {
        let sessions = match meetings.len() {
            1 => "1 session".to_owned(),
            n => format!("{n} sessions"),
        };
        hint.push(format!(
            "{sessions}, {} to {}",
            dates::day_and_time(first.starts_at, today),
            dates::day(dates::day_of(last.starts_at), today)
        ));
    }
    hint.extend(meetings.iter().filter_map(Meeting::note));
    hint.push(
        copy.plan
            .spot
            .as_ref()
            .map_or_else(|| "Online".to_owned(), Spot::name),
    );
    hint.push(
        copy.tutor
            .clone()
            .unwrap_or_else(|| "No tutor yet".to_owned()),
    );
    if !copy.published {
        hint.push("The course is not on the website yet".to_owned());
    }
    if copy.published && copy.asked > 0 {
        hint.push(told_of_opening(copy.asked));
    }
    if copy.had_minimum {
        hint.push("How many must book is not copied".to_owned());
    }
    match copy.moved_on {
        0 => {}
        1 => hint.push("1 session moves on to its next free week".to_owned()),
        n => hint.push(format!("{n} sessions move on to their next free weeks")),
    }
    if !copy.regular {
        let days: Vec<String> = meetings
            .iter()
            .map(|meeting| dates::day_and_time(meeting.starts_at, today))
            .collect();
        hint.push(format!(
            "Its sessions are not regular, so look at each: {}",
            days.join("; ")
        ));
    }
    hint.extend(in_the_way(&copy.clashes, today));
    Choice::new(copy.old.to_string(), copy.title.clone()).hint(format!("{}.", hint.join(". ")))
}

/// What is in the way of a copy: each other run once, with its first time.
fn in_the_way(clashes: &[Clash], today: NaiveDate) -> Vec<String> {
    let mut all: Vec<(&Clash, usize)> = Vec::new();
    for clash in clashes {
        let same = |(other, _): &&mut (&Clash, usize)| {
            (other.with.run_id, other.of_room) == (clash.with.run_id, clash.of_room)
        };
        match all.iter_mut().find(same) {
            Some((_, times)) => *times += 1,
            None => all.push((clash, 1)),
        }
    }
    let words = all.into_iter().map(|(clash, times)| {
        let at = &clash.with;
        let what = if clash.of_room {
            "The room is taken"
        } else {
            "The tutor is busy"
        };
        let more = match times {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let when = dates::day_and_time(at.starts_at, today);
        format!("{what} on {when}{more}: {}", at.title)
    });
    words.collect()
}

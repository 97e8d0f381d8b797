//! The calendar: what starts in a month, day by day. A grid on wide screens, a list of days on a phone.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::super::handlers::Scene;
use super::super::model::{Course, Run, RunStatus};
use super::super::rules::Availability;
use super::words;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::{EmptyState, Notice, PhoneLink};

/// The first day of a month in an address ("2027-01"); other forms of it are no page.
pub fn first_day(month: &str) -> Option<NaiveDate> {
    let (year, number) = month.split_once('-')?;
    let digits = |word: &str, n: usize| word.len() == n && word.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(number, 2) {
        return None;
    }
    let year = year
        .parse()
        .ok()
        .filter(|year| (2020..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, number.parse().ok()?, 1)
}

/// The page of the month that `day` is in.
pub fn page(scene: &Scene, day: NaiveDate) -> String {
    let first = day.with_day(1).unwrap_or(day);
    let this_month = scene.today.with_day(1).unwrap_or(scene.today);
    let starting = starting(scene, first);
    let title = dates::month_and_year(first);
    let head = Page::new(title.clone())
        .nav(Nav::Calendar)
        .signed_in(scene.viewer.signed_in)
        .description(format!("Free wellbeing courses that start in {title}."))
        .canonical(format!("/calendar/{}", dates::month_slug(first)));
    // Months without courses go on for ever; search engines need not.
    let head = if starting.is_empty() {
        head.unlisted()
    } else {
        head
    };
    head.render(scene.site, || {
        // Made in here: the phone number is known inside a page only.
        let content = if first < this_month {
            EitherOf3::A(over(&title, this_month))
        } else if starting.is_empty() {
            EitherOf3::B(empty(scene, first))
        } else {
            EitherOf3::C(grid(scene, first, &starting))
        };
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">"First sessions of courses that start this month."</p>
            {month_links(scene, first, this_month)}
            {content}
            <Notice title="Keep up with new dates" symbol=Icon::Calendar>
                <p>
                    <a href="/calendar.ics">"Add all our courses to your own calendar"</a>
                    ". It brings itself up to date."
                </p>
            </Notice>
        }
    })
}

type Start<'a> = (&'a Course, &'a Run, Availability);

/// The runs that start in the month, in order. Cancelled ones are left out.
fn starting<'a>(scene: &'a Scene, first: NaiveDate) -> Vec<Start<'a>> {
    let courses = &scene.view.catalogue.courses;
    let mut found: Vec<Start> = courses
        .iter()
        .flat_map(|course| course.runs.iter().map(move |run| (course, run)))
        .filter(|(_, run)| run.first_day().with_day(1) == Some(first))
        .map(|(course, run)| (course, run, scene.view.availability(run, scene.now)))
        .filter(|(_, _, availability)| *availability != Availability::Cancelled)
        .collect();
    found.sort_by(|a, b| (a.1.starts_at, &a.0.title).cmp(&(b.1.starts_at, &b.0.title)));
    found
}

fn month_links(scene: &Scene, first: NaiveDate, this_month: NaiveDate) -> impl IntoView + use<> {
    let link = |month: NaiveDate, rel: &'static str| {
        view! {
            <a href=format!("/calendar/{}", dates::month_slug(month)) rel=rel>
                {dates::month_and_year(month)}
            </a>
        }
    };
    let last = scene
        .view
        .catalogue
        .courses
        .iter()
        .flat_map(|c| &c.runs)
        .map(Run::first_day)
        .max();
    let next = first.checked_add_months(Months::new(1));
    let next = next.filter(|next| *next <= this_month || last.is_some_and(|last| *next <= last));
    let before = first
        .checked_sub_months(Months::new(1))
        .filter(|before| *before >= this_month);
    let any = next.is_some() || before.is_some();
    any.then(|| {
        view! {
            <nav class="wb-month-links" aria-label="Months">
                {before.map(|month| link(month, "prev"))}
                {next.map(|month| link(month, "next"))}
            </nav>
        }
    })
}

fn grid(scene: &Scene, first: NaiveDate, starting: &[Start]) -> impl IntoView + use<> {
    const WEEK: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let heads: Vec<_> = WEEK
        .map(|day| {
            view! {
                <div class="wb-cal__head" aria-hidden="true">
                    {day}
                </div>
            }
        })
        .into_iter()
        .collect();
    let blank = |_| view! { <div class="wb-cal__day--empty" aria-hidden="true"></div> };
    let skipped = first.weekday().num_days_from_monday() as usize;
    let before: Vec<_> = (0..skipped).map(blank).collect();
    let days: Vec<_> = (0..31)
        .filter_map(|n| first.checked_add_days(Days::new(n)))
        .filter(|day| day.month() == first.month())
        .map(|day| one_day(scene, day, starting))
        .collect();
    let after: Vec<_> = (0..(7 - (skipped + days.len()) % 7) % 7)
        .map(blank)
        .collect();
    view! { <div class="wb-cal wb-block">{heads} {before} {days} {after}</div> }
}

fn one_day(scene: &Scene, day: NaiveDate, starting: &[Start]) -> impl IntoView + use<> {
    let lines: Vec<_> = starting
        .iter()
        .filter(|(_, run, _)| run.first_day() == day)
        .map(|(course, run, availability)| {
            let place = words::venue_at(&scene.view.catalogue, run, 0).map_or("Online", |venue| &venue.town).to_owned();
            let stop = if course.title.ends_with(['.', '?', '!']) { " " } else { ". " };
            view! {
                <li>
                    {dates::time(run.starts_at)} " " <a href=words::path_of(course, run)>{course.title.clone()}</a>
                    {stop} {place} ". " {availability.tag().words()}
                </li>
            }
        })
        .collect();
    if lines.is_empty() {
        return Either::Left(view! {
            <div class="wb-cal__day--empty" aria-hidden="true">
                {day.day()}
            </div>
        });
    }
    Either::Right(view! {
        <div class="wb-cal__day">
            <h2>
                <span class="wb-cal__long">{dates::weekday(day)} " "</span>
                {day.day()}
                <span class="wb-cal__long">" " {dates::month(day)}</span>
            </h2>
            <ul>{lines}</ul>
        </div>
    })
}

/// What to look at instead: the next month in which something starts, or else all courses.
fn empty(scene: &Scene, first: NaiveDate) -> impl IntoView + use<> {
    let courses = &scene.view.catalogue.courses;
    let next = courses
        .iter()
        .flat_map(|course| &course.runs)
        .filter(|run| run.first_day() > first && run.status != RunStatus::Cancelled)
        .map(Run::first_day)
        .min();
    let (href, words) = next.map_or_else(
        || ("/courses".to_owned(), "all courses".to_owned()),
        |day| {
            (
                format!("/calendar/{}", dates::month_slug(day)),
                dates::month_and_year(day),
            )
        },
    );
    view! {
        <EmptyState title=format!("Nothing starts in {}", dates::month_and_year(first)) level=2>
            <p>"Look at " <a href=href>{words}</a> ", or call " <PhoneLink /> "."</p>
        </EmptyState>
    }
}

fn over(title: &str, this_month: NaiveDate) -> impl IntoView + use<> {
    view! {
        <EmptyState title=format!("{title} is over") level=2>
            <p>
                "Look at " <a href="/calendar">{dates::month_and_year(this_month)}</a> ", or call " <PhoneLink /> "."
            </p>
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::first_day;

    #[test]
    fn months_in_addresses() {
        assert_eq!(first_day("2027-01").unwrap().to_string(), "2027-01-01");
        for other in [
            "2027-1",
            "2027-13",
            "2027-00",
            "27-01",
            "2027-01-01",
            "1066-10",
            "2027_01",
            "+027-01",
            "",
        ] {
            assert_eq!(first_day(other), None, "{other}");
        }
    }
}

//! A whole term once more: every run that began between two days is copied to new dates, the days off left out anew, and what
//! clashes or is missing is said before anything is kept.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::HERE;
use super::add::{self, Busy, Clash, Like, LikeSession, Plan, Spot};
use crate::accounts::said::Said;
use crate::bookings::changes;
use crate::catalogue::series::{Meeting, Series};
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;

/// The button that was pressed.
const SURE: &str = "sure";
/// More runs than a term has.
const MOST: usize = 200;

/// Which runs, and where they go.
struct Term {
    from: NaiveDate,
    to: NaiveDate,
    /// Weeks from the old dates to the new ones.
    weeks: i64,
    holidays_off: bool,
    off: Vec<(NaiveDate, NaiveDate)>,
}

/// A copy as it would be.
struct Copy {
    /// The run that is copied.
    old: Uuid,
    title: String,
    tutor: Option<String>,
    plan: Plan,
    clashes: Vec<Clash>,
    /// Whether it meets at one time, in one rhythm.
    regular: bool,
    /// Whether so many had to book, which is not copied.
    had_minimum: bool,
    /// Whether the website shows its course.
    published: bool,
}

pub async fn show(desk: Desk<Courses>, State(app): State<App>) -> Result<Response> {
    let form = FormState::filled([(FORM_KEY, form_key::new()?), ("holidays", "yes".to_owned())]);
    Ok(ask(&app, &desk, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let (term, form) = read(&submitted);
    let Some(term) = term else {
        return Ok(ask(&app, &desk, form));
    };
    let patterns = add::patterns(&app, term.from, term.to, MOST + 1).await?;
    if patterns.len() > MOST {
        let sentence = format!("More than {MOST} runs begin between these days. Choose fewer days");
        return Ok(ask(&app, &desk, form.with_error("to", sentence)));
    }
    if patterns.is_empty() {
        let form = form.with_error("from", "No run begins between these days");
        return Ok(ask(&app, &desk, form));
    }
    let copies = copies(&app, &term, patterns).await?;
    let now = app.clock.now();
    let is_cut = |copy: &Copy| copy.plan.meetings.len() < copy.plan.themes.len();
    if copies.iter().any(is_cut) {
        let form = form.with_error(
            "off",
            "So many days are left out that a run never ends. Leave out fewer",
        );
        return Ok(ask(&app, &desk, form));
    }
    let is_over = |copy: &Copy| {
        copy.plan
            .meetings
            .first()
            .is_none_or(|first| first.starts_at <= now)
    };
    if copies.iter().any(is_over) {
        let form = form.with_error(
            "first",
            "Some runs would begin in the past. Enter a later day",
        );
        return Ok(ask(&app, &desk, form));
    }
    let sure = submitted.line(SURE);
    match sure.as_str() {
        "no" => Ok(ask(&app, &desk, form)),
        "draft" | "open" => {
            let ids: Vec<String> = submitted.all("run").collect();
            let is_chosen = |copy: &Copy| ids.contains(&copy.old.to_string());
            if !copies.iter().any(is_chosen) {
                let form = form.with_error("run", "Choose at least one run");
                return Ok(look(&app, &desk, &copies, form));
            }
            let chosen = copies.into_iter().filter(is_chosen).collect();
            keep(&app, &desk, &key, chosen, sure == "open").await
        }
        _ => {
            let mut form = form;
            for copy in &copies {
                form = form.with("run", copy.old.to_string());
            }
            Ok(look(&app, &desk, &copies, form))
        }
    }
}

/// Adds the copies as drafts, all or none, and opens them if asked.
async fn keep(
    app: &App,
    desk: &Desk<Courses>,
    key: &str,
    copies: Vec<Copy>,
    opens: bool,
) -> Result<Response> {
    let plans: Vec<(Uuid, Plan)> = copies
        .into_iter()
        .map(|copy| {
            let own = format!("{key}/{}", copy.old);
            let id = form_key::id(
                app,
                "run-of-term",
                desk.by().account_id,
                &own,
                &format!("{:?}", copy.plan),
            );
            (id, copy.plan)
        })
        .collect();
    add::add_all(app, desk.by(), &plans).await?;
    let mut opened = 0;
    if opens {
        for (id, _) in &plans {
            opened += usize::from(changes::open(app, *id, Some(desk.by())).await?);
        }
    }
    // A run that is open already was opened by the first of two presses.
    let word = if opened > 0 {
        Said::RunsOpen
    } else {
        Said::RunsAdded
    };
    let group = if opened > 0 { "open" } else { "draft" };
    Ok(word.and_see(app, &format!("{HERE}?group={group}")))
}

fn read(submitted: &Submitted) -> (Option<Term>, FormState) {
    let mut check = Check::new(submitted);
    check.carry(FORM_KEY);
    let mut day = |name: &str, missing: &'static str, subject: &'static str| {
        check.date(name, DateWords { missing, subject })
    };
    let from = day(
        "from",
        "Enter the first day of the old term",
        "The first day of the old term",
    );
    let to = day(
        "to",
        "Enter the last day on which a run of it began",
        "The last day",
    );
    let first = day(
        "first",
        "Enter the first day of the new term",
        "The first day of the new term",
    );
    let holidays_off = check.ticked("holidays");
    let off = add::days_off(&mut check);
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            check.error("to", "Enter a day after the first");
        } else if to - from > TimeDelta::days(370) {
            check.error("to", "That is more than a year. Enter an earlier day");
        }
    }
    let weeks = from
        .zip(first)
        .map(|(from, first)| (monday(first) - monday(from)).num_weeks());
    if weeks.is_some_and(|weeks| weeks < 1) {
        check.error(
            "first",
            "The new term must begin in a later week than the old one",
        );
    }
    let form = check.finish();
    let term = (|| {
        Some(Term {
            from: from?,
            to: to?,
            weeks: weeks?,
            holidays_off,
            off: off?,
        })
    })();
    (term.filter(|_| !form.has_errors()), form)
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The runs on their new dates, with what is at the same time.
async fn copies(
    app: &App,
    term: &Term,
    patterns: Vec<(Like, Vec<LikeSession>)>,
) -> Result<Vec<Copy>> {
    let spots = add::spots(app).await?;
    let mut copies: Vec<Copy> = patterns
        .into_iter()
        .filter_map(|(run, sessions)| copy(term, &spots, run, &sessions))
        .collect();
    // One read for all, from the first new session to the last.
    let starts = copies.iter().flat_map(|copy| &copy.plan.meetings);
    let (first, last) = starts.fold((None, None), |(first, last), meeting| {
        (
            Some(first.map_or(meeting.starts_at, |at: DateTime<Utc>| {
                at.min(meeting.starts_at)
            })),
            Some(last.map_or(meeting.ends_at, |at: DateTime<Utc>| at.max(meeting.ends_at))),
        )
    });
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(copies);
    };
    let led = add::led(app, first, last).await?;
    for at in 0..copies.len() {
        let plan = &copies[at].plan;
        let mut busy: Vec<Busy> = led
            .iter()
            .map(|session| session.as_seen_by(plan.tutor_id))
            .collect();
        // The copies can be in each other's way, too.
        let others = copies.iter().enumerate().filter(|(other, _)| *other != at);
        for (_, other) in others {
            busy.extend(other.plan.as_busy(other.old, &other.title, plan.tutor_id));
        }
        let clashes = add::clashes(plan, &busy);
        copies[at].clashes = clashes;
    }
    Ok(copies)
}

/// Days from each session to the next, of a run that meets regularly at one time; days that were left out are twice as long.
fn rhythm(sessions: &[LikeSession]) -> Option<u64> {
    let gaps = || {
        sessions.windows(2).map(|pair| {
            (dates::day_of(pair[1].starts_at) - dates::day_of(pair[0].starts_at)).num_days()
        })
    };
    let least = gaps().min().unwrap_or(7);
    let at = |session: &LikeSession| {
        let (from, to) = (
            dates::local(session.starts_at),
            dates::local(session.ends_at),
        );
        (from.time(), to.time())
    };
    let same_time = sessions.windows(2).all(|pair| at(&pair[0]) == at(&pair[1]));
    let regular = [1, 7, 14, 28].contains(&least) && gaps().all(|gap| gap % least == 0);
    u64::try_from(least).ok().filter(|_| regular && same_time)
}

/// Each session by itself as many weeks later: for a run that does not meet regularly. What is on a day off stays there, and is
/// seen on the page.
fn one_by_one(term: &Term, sessions: &[LikeSession]) -> Vec<Meeting> {
    let later = |at: DateTime<Utc>| dates::moment(dates::local(at) + TimeDelta::weeks(term.weeks));
    sessions
        .iter()
        .map(|session| Meeting {
            starts_at: later(session.starts_at),
            ends_at: later(session.ends_at),
            missed: Vec::new(),
        })
        .collect()
}

/// One run on its new dates; a run without sessions has none.
fn copy(term: &Term, spots: &[Spot], run: Like, sessions: &[LikeSession]) -> Option<Copy> {
    let first = sessions.first()?;
    let old = dates::local(first.starts_at);
    let meetings = match rhythm(sessions) {
        Some(every_days) => Series {
            first: old.date() + TimeDelta::weeks(term.weeks),
            starts: old.time(),
            length: first.ends_at - first.starts_at,
            sessions: sessions.len(),
            every_days,
            holidays_off: term.holidays_off,
            off: term.off.clone(),
        }
        .meetings(),
        None => one_by_one(term, sessions),
    };
    let spot = spots
        .iter()
        .find(|spot| Some(spot.venue_id) == run.venue_id && spot.room_id == run.room_id);
    let holds = spot.and_then(|spot| spot.capacity);
    Some(Copy {
        old: run.id,
        title: run.title,
        tutor: run.tutor,
        plan: Plan {
            course_id: run.course_id,
            spot: spot.cloned(),
            join_link: run.join_link,
            place_note: run.place_note,
            tutor_id: run.tutor_id,
            meetings,
            themes: sessions
                .iter()
                .map(|session| session.theme.clone().unwrap_or_default())
                .collect(),
            // A room that was made smaller since holds no more.
            places: holds.map_or(run.capacity, |holds| run.capacity.min(holds)),
            volunteers_only: run.volunteers_only,
            minimum: None,
            hire: spot.map(|_| "pencilled").filter(|_| run.hire.is_some()),
            like: Some(run.id),
        },
        clashes: Vec::new(),
        regular: rhythm(sessions).is_some(),
        had_minimum: run.minimum.is_some(),
        published: run.published,
    })
}

fn back() -> impl IntoView {
    view! { <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav> }
}

fn ask(app: &App, desk: &Desk<Courses>, form: FormState) -> Response {
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
fn look(app: &App, desk: &Desk<Courses>, copies: &[Copy], form: FormState) -> Response {
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
                <p>"A room that was hired is pencilled again. Nobody is told until a run is open."</p>
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
    if copy.had_minimum {
        hint.push("How many must book is not copied".to_owned());
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn sessions(starts: &[&str]) -> Vec<LikeSession> {
        let starts = starts.iter().map(|at| at.parse::<DateTime<Utc>>().unwrap());
        starts
            .map(|starts_at| LikeSession {
                run_id: Uuid::nil(),
                starts_at,
                ends_at: starts_at + TimeDelta::hours(1),
                theme: None,
            })
            .collect()
    }

    #[rstest]
    #[case::weekly(&["2027-01-05T10:00:00Z", "2027-01-12T10:00:00Z", "2027-01-26T10:00:00Z"], Some(7))]
    #[case::once(&["2027-01-05T10:00:00Z"], Some(7))]
    #[case::over_the_clocks(&["2027-03-23T10:00:00Z", "2027-03-30T09:00:00Z"], Some(7))]
    #[case::one_was_moved(&["2027-01-05T10:00:00Z", "2027-01-12T10:00:00Z", "2027-01-20T10:00:00Z"], None)]
    #[case::two_days_a_week(&["2027-01-04T10:00:00Z", "2027-01-06T10:00:00Z", "2027-01-11T10:00:00Z"], None)]
    #[case::another_time(&["2027-01-05T10:00:00Z", "2027-01-12T11:00:00Z"], None)]
    #[case::twice_a_day(&["2027-01-05T10:00:00Z", "2027-01-05T14:00:00Z"], None)]
    fn only_what_is_regular_is_a_series(#[case] starts: &[&str], #[case] every: Option<u64>) {
        assert_eq!(rhythm(&sessions(starts)), every);
    }

    #[test]
    fn what_is_not_regular_moves_session_by_session_and_stays_at_its_time() {
        let term = Term {
            from: "2027-01-04".parse().unwrap(),
            to: "2027-01-31".parse().unwrap(),
            weeks: 12,
            holidays_off: true,
            off: Vec::new(),
        };
        let old = sessions(&["2027-01-04T10:00:00Z", "2027-01-06T10:00:00Z"]);
        let new: Vec<_> = one_by_one(&term, &old)
            .iter()
            .map(|meeting| dates::local(meeting.starts_at).to_string())
            .collect();
        assert_eq!(new, ["2027-03-29 10:00:00", "2027-03-31 10:00:00"]);
    }
}

//! A term on its new dates.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::super::add::{self, Busy, Clash, Like, LikeSession, Plan, Spot};
use crate::catalogue::series::{Meeting, Series};
use crate::server::{App, Result};
use crate::ui::dates;

/// Which runs, and where they go.
pub struct Term {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Weeks from the old dates to the new ones.
    pub weeks: i64,
    pub holidays_off: bool,
    pub off: Vec<(NaiveDate, NaiveDate)>,
}

/// A copy as it would be.
pub struct Copy {
    /// The run that is copied.
    pub old: Uuid,
    pub title: String,
    pub tutor: Option<String>,
    pub plan: Plan,
    pub clashes: Vec<Clash>,
    /// Whether it meets at one time, in one rhythm.
    pub regular: bool,
    /// Whether so many had to book, which is not copied.
    pub had_minimum: bool,
    /// Whether the website shows its course.
    pub published: bool,
}

/// The runs on their new dates, with what is at the same time.
pub async fn copies(
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

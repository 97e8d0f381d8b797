//! A term on its new dates.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::super::add::{self, Busy, Clash, Like, LikeSession, Plan, Spot};
use crate::bookings::new_dates::{self, Askers};
use crate::catalogue::series::{Meeting, Series, off_on};
use crate::server::{App, Result};
use crate::ui::dates;

/// However many days are left out, no session moves on for longer: about three years.
const LONGEST_WEEKS: usize = 157;

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
    /// How many sessions of one that does not are in a later week than the others, because of days off.
    pub moved_on: usize,
    /// Whether so many had to book, which is not copied.
    pub had_minimum: bool,
    /// Whether the website shows its course.
    pub published: bool,
    /// How many people are told when it opens.
    pub asked: i64,
}

/// The runs on their new dates, with what is at the same time.
pub async fn copies(
    app: &App,
    term: &Term,
    patterns: Vec<(Like, Vec<LikeSession>)>,
) -> Result<Vec<Copy>> {
    let spots = add::spots(app).await?;
    let askers = new_dates::askers(&app.db, app.clock.now()).await?;
    let mut copies: Vec<Copy> = patterns
        .into_iter()
        .filter_map(|(run, sessions)| copy(term, &spots, &askers, run, &sessions))
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

/// So many weeks later, at the same time by the clocks of Bath.
fn weeks_later(at: DateTime<Utc>, weeks: i64) -> DateTime<Utc> {
    dates::moment(dates::local(at) + TimeDelta::weeks(weeks))
}

/// Each session by itself as many weeks later, for a run that does not meet regularly. One on a day off moves on to its next
/// free week, and those after it stay after it. Before the first nothing is missed: the run starts later.
fn one_by_one(term: &Term, sessions: &[LikeSession]) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> = Vec::new();
    for session in sessions {
        let Some(meeting) = next_free(term, session, meetings.last()) else {
            break;
        };
        meetings.push(meeting);
    }
    if let Some(first) = meetings.first_mut() {
        first.missed.clear();
    }
    meetings
}

/// A session in the first week in which it is on no day off and after the one before it; none when that is years away.
fn next_free(term: &Term, session: &LikeSession, before: Option<&Meeting>) -> Option<Meeting> {
    let mut missed = Vec::new();
    for weeks in (term.weeks..).take(LONGEST_WEEKS) {
        let starts_at = weeks_later(session.starts_at, weeks);
        let day = dates::day_of(starts_at);
        if let Some(why) = off_on(day, term.holidays_off, &term.off) {
            missed.push((day, why));
        } else if before.is_none_or(|before| before.ends_at <= starts_at) {
            return Some(Meeting {
                starts_at,
                ends_at: weeks_later(session.ends_at, weeks),
                missed,
            });
        }
    }
    None
}

/// How many of the sessions are in a later week than the term asks for.
fn moved_on(term: &Term, sessions: &[LikeSession], meetings: &[Meeting]) -> usize {
    sessions
        .iter()
        .zip(meetings)
        .filter(|(old, new)| weeks_later(old.starts_at, term.weeks) < new.starts_at)
        .count()
}

/// One run on its new dates; a run without sessions has none.
fn copy(
    term: &Term,
    spots: &[Spot],
    askers: &Askers,
    run: Like,
    sessions: &[LikeSession],
) -> Option<Copy> {
    let first = sessions.first()?;
    let old = dates::local(first.starts_at);
    let rhythm = rhythm(sessions);
    let meetings = match rhythm {
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
    let moved_on = match rhythm {
        Some(_) => 0,
        None => moved_on(term, sessions, &meetings),
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
        regular: rhythm.is_some(),
        moved_on,
        had_minimum: run.minimum.is_some(),
        published: run.published,
        asked: askers.of(run.course_id, run.volunteers_only),
    })
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn session(starts_at: DateTime<Utc>) -> LikeSession {
        LikeSession {
            run_id: Uuid::nil(),
            starts_at,
            ends_at: starts_at + TimeDelta::hours(1),
            theme: None,
        }
    }

    fn sessions(starts: &[&str]) -> Vec<LikeSession> {
        let starts = starts.iter().map(|at| at.parse::<DateTime<Utc>>().unwrap());
        starts.map(session).collect()
    }

    fn term(weeks: i64, holidays_off: bool, off: Vec<(NaiveDate, NaiveDate)>) -> Term {
        Term {
            from: "2027-01-04".parse().unwrap(),
            to: "2027-01-31".parse().unwrap(),
            weeks,
            holidays_off,
            off,
        }
    }

    fn starts(meetings: &[Meeting]) -> Vec<String> {
        let starts = meetings.iter();
        starts
            .map(|meeting| dates::local(meeting.starts_at).to_string())
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
        let old = sessions(&["2027-01-04T10:00:00Z", "2027-01-06T10:00:00Z"]);
        let all = term(12, false, Vec::new());
        let new = one_by_one(&all, &old);
        assert_eq!(starts(&new), ["2027-03-29 10:00:00", "2027-03-31 10:00:00"]);
        assert_eq!(moved_on(&all, &old, &new), 0);
        // Easter Monday is left out, and what came after it still does.
        let free = term(12, true, Vec::new());
        let new = one_by_one(&free, &old);
        assert_eq!(starts(&new), ["2027-04-05 10:00:00", "2027-04-07 10:00:00"]);
        assert_eq!(moved_on(&free, &old, &new), 2);
    }

    #[test]
    fn a_day_off_between_two_sessions_is_said_and_moves_none_that_need_not_move() {
        let old = sessions(&[
            "2027-01-05T10:00:00Z",
            "2027-01-13T10:00:00Z",
            "2027-02-02T10:00:00Z",
        ]);
        let off: NaiveDate = "2027-03-10".parse().unwrap();
        let term = term(8, true, vec![(off, off)]);
        let new = one_by_one(&term, &old);
        assert_eq!(
            starts(&new),
            [
                "2027-03-02 10:00:00",
                "2027-03-17 10:00:00",
                "2027-03-30 10:00:00"
            ]
        );
        assert_eq!(moved_on(&term, &old, &new), 1);
        let notes: Vec<_> = new.iter().filter_map(Meeting::note).collect();
        assert_eq!(notes, ["No session on 10 March (holiday)"]);
    }

    #[test]
    fn days_left_out_for_ever_are_not_waited_for() {
        let old = sessions(&["2027-01-05T10:00:00Z", "2027-01-13T10:00:00Z"]);
        let (from, to) = ("2027-03-03".parse().unwrap(), "2199-01-01".parse().unwrap());
        let new = one_by_one(&term(8, true, vec![(from, to)]), &old);
        assert_eq!(starts(&new), ["2027-03-02 10:00:00"]);
    }

    proptest! {
        #[test]
        fn no_session_is_on_a_day_off_and_none_is_lost_or_overtaken(
            steps in prop::collection::vec((1_i64..20, 7_u32..21), 1..12), weeks in 1_i64..60,
            off in prop::collection::vec((0_i64..700, 0_i64..30), 0..6),
        ) {
            let zero: NaiveDate = "2027-01-01".parse().unwrap();
            let mut day = zero;
            let mut old = Vec::new();
            for (days, hour) in steps {
                day += TimeDelta::days(days);
                old.push(session(dates::moment(day.and_hms_opt(hour, 30, 0).unwrap())));
            }
            let off = off.into_iter().map(|(at, long)| (zero + TimeDelta::days(at), zero + TimeDelta::days(at + long)));
            let term = term(weeks, true, off.collect());
            let new = one_by_one(&term, &old);
            prop_assert_eq!(new.len(), old.len());
            for (old, new) in old.iter().zip(&new) {
                let (was, is) = (dates::local(old.starts_at), dates::local(new.starts_at));
                prop_assert_eq!(off_on(is.date(), true, &term.off), None);
                prop_assert_eq!((is.weekday(), is.time()), (was.weekday(), was.time()));
                prop_assert!(is.date() >= was.date() + TimeDelta::weeks(weeks));
            }
            prop_assert!(new.windows(2).all(|pair| pair[0].ends_at <= pair[1].starts_at));
        }
    }
}

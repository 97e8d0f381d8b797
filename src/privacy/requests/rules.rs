//! When a request has to be answered, as the Information Commissioner counts: pure, by days in Bath.
//!
//! One month is the same day of the next month, or that month's last day; a weekend or bank holiday moves it to the next working
//! day. It begins when the request came, or when somebody showed who they are. Days on which we wait for their answer do not count.
//! The days off in the setting (the office's own, and bank holidays proclaimed for one year alone) move nothing: an answer is due
//! earlier than the law wants it then, never later.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};

use super::model::Kind;
use crate::server::working_days::is_working_day;

/// A copy of somebody's data is promised within so many days.
const PROMISED: Days = Days::new(30);
/// A complaint is to be acknowledged within so many days.
const COMPLAINT: Days = Days::new(30);
/// The time that the law gives.
const USUAL: Months = Months::new(1);
/// The time that it gives for what is difficult.
const LONGER: Months = Months::new(3);

/// Whether we know that whoever asks is the one whose data it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// We know.
    Known,
    /// We asked them to show it, on this day.
    Asked(NaiveDate),
    /// They have shown it.
    Shown {
        /// When we asked.
        asked: NaiveDate,
        /// When they did.
        on: NaiveDate,
    },
}

/// What says when a request is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// What they ask for.
    pub kind: Kind,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// Whether we know that it is them.
    pub identity: Identity,
    /// Since when we wait for an answer that we need.
    pub waiting_since: Option<NaiveDate>,
    /// How many days we waited before.
    pub days_waited: u64,
    /// When they were told that it takes two months longer.
    pub extended_on: Option<NaiveDate>,
}

/// Why the clock stands still, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Until they show who they are.
    Identity(NaiveDate),
    /// Until they answer.
    Answer(NaiveDate),
}

/// What happens to a request on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// We ask them to show who they are.
    AskIdentity,
    /// They have shown it.
    IdentityShown,
    /// We did not have to ask, or did not.
    IdentityNotAsked,
    /// We ask them something that we have to know.
    Wait,
    /// They have answered.
    Heard,
    /// We tell them that it takes two months longer.
    Extend,
}

/// By when the law wants an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legal {
    /// As it is counted.
    pub counted: NaiveDate,
    /// The working day that it is or that comes next.
    pub due: NaiveDate,
}

impl Timing {
    /// A request that came on a day from somebody whom we know.
    pub const fn new(kind: Kind, received_on: NaiveDate) -> Self {
        Self {
            kind,
            received_on,
            identity: Identity::Known,
            waiting_since: None,
            days_waited: 0,
            extended_on: None,
        }
    }

    /// The day from which the time is counted.
    pub fn starts_on(&self) -> NaiveDate {
        match self.identity {
            Identity::Shown { on, .. } if self.kind != Kind::Complaint => on,
            _ => self.received_on,
        }
    }

    /// Why the clock stands still, if it does. A complaint has none that could.
    pub fn stopped(&self) -> Option<Stopped> {
        match (self.identity, self.waiting_since) {
            _ if self.kind == Kind::Complaint => None,
            (Identity::Asked(since), _) => Some(Stopped::Identity(since)),
            (_, Some(since)) => Some(Stopped::Answer(since)),
            _ => None,
        }
    }

    /// By when the law wants an answer; none while the clock stands still.
    pub fn legal(&self) -> Option<Legal> {
        if self.stopped().is_some() {
            return None;
        }
        let start = self.starts_on();
        let months = if self.extended_on.is_some() {
            LONGER
        } else {
            USUAL
        };
        let counted = if self.kind == Kind::Complaint {
            start.checked_add_days(COMPLAINT)
        } else {
            let end = start.checked_add_months(months)?;
            end.checked_add_days(Days::new(self.days_waited))
        }?;
        Some(Legal {
            counted,
            due: working_day_from(counted)?,
        })
    }

    /// By when we promise a copy, where that is earlier. Who was told that it takes longer was told another day.
    pub fn promised(&self) -> Option<NaiveDate> {
        let legal = self.legal()?;
        if self.kind != Kind::Access || self.extended_on.is_some() {
            return None;
        }
        let day = self.starts_on().checked_add_days(PROMISED)?;
        let day = day.checked_add_days(Days::new(self.days_waited))?;
        (day < legal.due).then_some(day)
    }

    /// When it is due; none while the clock stands still.
    pub fn due(&self) -> Option<NaiveDate> {
        let legal = self.legal()?.due;
        Some(self.promised().unwrap_or(legal))
    }

    /// Whether a day is within the time that the law gives: what is late cannot stop the clock any more.
    fn in_time(&self, day: NaiveDate) -> bool {
        self.legal().is_some_and(|legal| day <= legal.due)
    }

    /// How it stands after a step on `day`; none where the step does not fit.
    pub fn after(&self, step: Step, day: NaiveDate) -> Option<Self> {
        let (mut next, runs) = (*self, self.stopped().is_none());
        let complaint = self.kind == Kind::Complaint;
        match (step, self.identity, self.waiting_since) {
            (Step::AskIdentity, Identity::Known, None)
                if self.extended_on.is_none()
                    && day >= self.received_on
                    && (complaint || self.in_time(day)) =>
            {
                next.identity = Identity::Asked(day);
            }
            (Step::IdentityNotAsked, Identity::Asked(_), _) => {
                next.identity = Identity::Known;
            }
            (Step::IdentityShown, Identity::Asked(asked), _) if day >= asked => {
                next.identity = Identity::Shown { asked, on: day };
                // The time begins anew.
                next.days_waited = 0;
            }
            (Step::Wait, _, None)
                if runs && !complaint && day >= self.starts_on() && self.in_time(day) =>
            {
                next.waiting_since = Some(day);
            }
            (Step::Heard, _, Some(since)) if day >= since => {
                next.waiting_since = None;
                next.days_waited += u64::try_from((day - since).num_days()).ok()?;
            }
            // They are to be told within the time that there is.
            (Step::Extend, ..) if self.extended_on.is_none() && !complaint && self.in_time(day) => {
                next.extended_on = Some(day);
            }
            _ => return None,
        }
        Some(next)
    }
}

/// The day, or the next working day.
fn working_day_from(day: NaiveDate) -> Option<NaiveDate> {
    day.iter_days()
        .find(|day| is_working_day(*day, &BTreeSet::new()))
}

#[cfg(test)]
mod tests;

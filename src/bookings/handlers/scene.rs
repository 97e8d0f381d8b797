//! Everything that the check page and its form look at.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::accounts::model::Who;
use crate::accounts::people::{self, Represented};
use crate::bookings::coming::Coming;
use crate::bookings::holds::Kept;
use crate::bookings::model::BookOutcome;
use crate::bookings::pages::coming::Others;
use crate::bookings::pages::refused::{Asking, Party};
use crate::bookings::pages::{check, refused};
use crate::bookings::rules;
use crate::bookings::store::{self, Clash, Offer, Person, Run};
use crate::bookings::waiting::{self, Own};
use crate::server::{App, Error, Result};
use crate::ui::form::FormState;

/// A run, who would come, and what they have on it.
pub struct Scene {
    pub offer: Offer,
    others: Vec<Run>,
    pub coming: Coming,
    pub people: Vec<Person>,
    known: Vec<Represented>,
    kept: Option<Kept>,
    clashes: Vec<Clash>,
    listed: Vec<Own>,
    waits: Vec<Person>,
}

impl Scene {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(
        app: &App,
        offer: Offer,
        mut others: Vec<Run>,
        coming: Coming,
        who: &Who,
    ) -> Result<Self> {
        let now = app.clock.now();
        let since = now - rules::LAPSE_TOLD;
        let booker =
            store::booker(&app.db, who.person_id, who.account_id, offer.run.id, since).await?;
        let booker = booker.ok_or_else(|| Error::Other("an account without a person".into()))?;
        let kept = booker.held_until.map(|until| Kept::at(until, now));
        let people = match &coming.other {
            None => vec![booker.person],
            Some(_) => coming.people(app, who).await?,
        };
        let ids = coming.ids(who);
        let clashes = store::clashes(&app.db, &ids, offer.run.id, now).await?;
        let listed = if offer.run.has_list {
            waiting::store::own(&app.db, offer.run.id, &ids, now).await?
        } else {
            Vec::new()
        };
        let wanted = i64::try_from(ids.len()).unwrap_or(2);
        others.retain(|run| run.free(now) >= wanted);
        Ok(Self {
            offer,
            others,
            coming,
            people,
            known: people::all(&app.db, who.account_id).await?,
            kept,
            clashes,
            listed,
            waits: Vec::new(),
        })
    }

    /// The entry that they wait by already and that has its own page: they do, both, or they are one of two who wait
    /// and cannot book alone now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waits_by(&mut self, app: &App, who: &Who) -> Result<Option<Uuid>> {
        if self.listed.is_empty() {
            return Ok(None);
        }
        let ids = self.coming.ids(who);
        let first = ids.first().copied().unwrap_or_default();
        let run_id = self.offer.run.id;
        let entry = waiting::store::of_person(&app.db, run_id, first, who.account_id).await?;
        let Some(entry) = entry else { return Ok(None) };
        let waits = waiting::store::people(&app.db, entry).await?;
        let others = waits.iter().filter(|person| !ids.contains(&person.id));
        let staying: Vec<Person> = others.cloned().collect();
        let all = ids.iter().all(|id| waits.iter().any(|p| p.id == *id));
        if all && (staying.is_empty() || self.room(app) == 0) {
            return Ok(Some(entry));
        }
        self.waits = staying;
        Ok(None)
    }

    /// How many places they can have now.
    fn room(&self, app: &App) -> i64 {
        let held = i64::from(matches!(self.kept, Some(Kept::Until(_))));
        Own::room(&self.listed, &self.offer.run, app.clock.now()) + held
    }

    fn wanted(&self) -> i64 {
        i64::try_from(self.people.len()).unwrap_or(2)
    }

    /// Whether they may book what is for volunteers: nobody can bring somebody to it.
    pub fn volunteer(&self, who: &Who) -> bool {
        who.is_volunteer() && self.coming.other.is_none()
    }

    /// Why the form need not even be shown.
    pub fn refusal(&self, app: &App, who: &Who) -> Option<BookOutcome> {
        if let Some(own) = self.placed().next() {
            return Some(BookOutcome::AlreadyBooked(own.booked.clone()));
        }
        let run = &self.offer.run;
        let state = rules::RunState {
            status: &run.status,
            starts_at: run.starts_at,
            joins_until: run.joins_until(),
            volunteers_only: run.volunteers_only,
            audience: &run.audience,
        };
        let asking = rules::Asking {
            verified: who.verified,
            volunteer: self.volunteer(who),
            born: self.people.iter().filter_map(Person::born).collect(),
        };
        let alone = self.people.iter().any(|p| p.lacks_guardian(run.starts_at));
        let refusal = rules::refusal(&state, &asking, app.clock.now());
        refusal
            .or(alone.then_some(BookOutcome::NeedsGuardian))
            .or_else(|| (self.room(app) < self.wanted()).then_some(BookOutcome::Full))
    }

    /// The page that says why not.
    pub fn refused(&self, app: &App, who: &Who, outcome: &BookOutcome) -> (StatusCode, String) {
        let placed: Vec<&Clash> = self.placed().collect();
        let party = Party {
            coming: &self.coming,
            people: &self.people,
            known: &self.known,
            room: self.room(app),
            placed: &placed,
            account_id: who.account_id,
        };
        let asking = Asking {
            email: Some(&who.email),
            kept: self.kept,
            party: Some(&party),
        };
        refused::refused(app, &self.offer, &self.others, outcome, asking)
    }

    /// The places that they have on this run already.
    fn placed(&self) -> impl Iterator<Item = &Clash> {
        let run_id = self.offer.run.id;
        self.clashes.iter().filter(move |own| own.run_id == run_id)
    }

    /// A place that one of them has elsewhere at the same time.
    pub fn other_place(&self) -> Option<&Clash> {
        self.clashes
            .iter()
            .find(|clash| clash.run_id != self.offer.run.id)
    }

    /// The check page.
    pub fn page(&self, app: &App, who: &Who, form: FormState, key: String) -> String {
        check::check(
            app,
            check::Check {
                offer: &self.offer,
                others: &self.others,
                coming: &self.coming,
                bring: Others::of(&self.known, &self.coming),
                people: &self.people,
                account_id: who.account_id,
                kept: self.kept,
                clash: self.other_place(),
                waits: &self.waits,
                form,
                key,
            },
        )
    }
}

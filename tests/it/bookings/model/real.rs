//! The same steps on the real site, told in the model's words.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wellbeing_courses::bookings::changes::{ChangeOutcome, Impossible, call_off};
use wellbeing_courses::bookings::waiting::{JoinOutcome, join, leave, settle};
use wellbeing_courses::bookings::{
    BookOutcome, Booked, CancelOutcome, CapacityOutcome, Channel, Request, book, cancel,
    cancel_booking, set_capacity,
};
use wellbeing_courses::people_desk::mark_deceased;
use wellbeing_courses::staff::audit::{Action, Entry};
use wellbeing_courses::{read, write_tx};

use super::PEOPLE;
use crate::bookings::world::{self, Member};
use crate::support::Site;

/// The people of every history, on the real site.
pub struct Cast {
    members: Vec<(Member, Uuid)>,
    pub course: world::Made,
}

impl Cast {
    /// Each with an account, and somebody they care for.
    pub async fn new(site: &Site) -> Self {
        let course = world::run(site, world::RunSpec::default()).await;
        let mut members = Vec::new();
        for member in world::members(site, PEOPLE).await {
            let other = world::cared_for(site, member.account, "Tom Ashdown").await;
            members.push((member, other));
        }
        Self { members, course }
    }
}

/// Whoever died in the history before is there for the next one.
pub async fn revive(site: &Site) {
    write_tx!(site.app.db, |c| {
        sqlx::query("UPDATE person SET deceased_at = NULL WHERE deceased_at IS NOT NULL")
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
}

/// A booking, and whether the course team made it.
struct Made {
    booked: Booked,
    by_team: bool,
}

/// A run on the real site, with what its people hold.
pub struct Real<'a> {
    site: &'a Site,
    cast: &'a Cast,
    pub run: Uuid,
    made: Vec<Option<Made>>,
}

impl<'a> Real<'a> {
    pub fn new(site: &'a Site, cast: &'a Cast, run: Uuid) -> Self {
        Self {
            site,
            cast,
            run,
            made: std::iter::repeat_with(|| None).take(PEOPLE).collect(),
        }
    }

    fn request(&self, who: usize, pair: bool) -> Request {
        let (member, other) = &self.cast.members[who];
        let mut request = member.request(self.run);
        if pair {
            request.people.push(*other);
        }
        request
    }

    pub async fn book(&mut self, who: usize, pair: bool) -> &'static str {
        let request = self.request(who, pair);
        self.ask(who, &request).await
    }

    /// Somebody phones: the course team books for them, and no account has the booking.
    pub async fn book_by_team(&mut self, who: usize) -> &'static str {
        let request = Request {
            account_id: None,
            channel: Channel::Phone,
            ..self.request(who, false)
        };
        self.ask(who, &request).await
    }

    async fn ask(&mut self, who: usize, request: &Request) -> &'static str {
        match book(&self.site.app, request).await.unwrap() {
            BookOutcome::Booked(booked) => {
                self.made[who] = Some(Made {
                    booked,
                    by_team: request.account_id.is_none(),
                });
                "booked"
            }
            refused => why(&refused),
        }
    }

    pub async fn cancel(&mut self, who: usize) -> &'static str {
        let Some(made) = &self.made[who] else {
            return "nothing";
        };
        let (app, account) = (&self.site.app, self.cast.members[who].0.account);
        let outcome = if made.by_team {
            cancel_booking(app, made.booked.id, None).await
        } else {
            cancel(app, account, &made.booked.reference).await
        };
        match outcome.unwrap() {
            CancelOutcome::Cancelled => {
                self.made[who] = None;
                "cancelled"
            }
            CancelOutcome::Over => "over",
            // It ended when they died.
            CancelOutcome::Already(_) => "nothing",
            other => panic!("{other:?}"),
        }
    }

    pub async fn join(&self, who: usize, pair: bool) -> &'static str {
        match join(&self.site.app, &self.request(who, pair))
            .await
            .unwrap()
        {
            JoinOutcome::Joined(_) => "joined",
            JoinOutcome::Already(_) => "already",
            JoinOutcome::PlaceFree => "free",
            JoinOutcome::Refused(refused) => why(&refused),
        }
    }

    pub async fn leave(&self, who: usize) -> &'static str {
        let person = self.cast.members[who].0.person;
        let entry: Option<Uuid> = read!(self.site.app.db, |c| {
            Ok(sqlx::query_scalar(
                "SELECT entry_id FROM waiting_person WHERE run_id = $1 AND person_id = $2 AND active",
            )
            .bind(self.run)
            .bind(person)
            .fetch_optional(&mut *c)
            .await?)
        })
        .unwrap();
        let Some(entry) = entry else {
            return "nothing";
        };
        if leave(&self.site.app, self.run, entry).await.unwrap() {
            "left"
        } else {
            "nothing"
        }
    }

    pub async fn call_off(&self) -> &'static str {
        match call_off(&self.site.app, self.run, None).await.unwrap() {
            ChangeOutcome::Changed { .. } => "called off",
            ChangeOutcome::Nothing => "nothing",
            ChangeOutcome::Impossible(Impossible::Past) => "past",
            other => panic!("{other:?}"),
        }
    }

    /// Nobody can be erased yet. Whoever has died gives everything up by the same rules, `engine::leave_all`, as somebody who is
    /// erased will.
    pub async fn die(&self, who: usize) {
        let (app, person) = (&self.site.app, self.cast.members[who].0.person);
        // The desk brings no list up to date first: whether they leave it or their time was over is up to the sweep.
        settle(app, self.run).await.unwrap();
        let entry = Entry::on(app, "/desk/people", Action::Deceased).unwrap();
        mark_deceased(app, person, &entry.of(person)).await.unwrap();
    }

    pub async fn capacity(&self, places: i64) -> &'static str {
        match set_capacity(&self.site.app, self.run, places, None)
            .await
            .unwrap()
        {
            CapacityOutcome::Changed => "changed",
            CapacityOutcome::TooFew { .. } => "too few",
            CapacityOutcome::TooMany { .. } => panic!("it is in no room"),
            CapacityOutcome::NoSuchRun => panic!("it is there"),
        }
    }

    /// How the entries stand in order, the places taken by rows, and the places kept now.
    pub async fn state(&self, now: DateTime<Utc>) -> (Vec<String>, i64, i64) {
        read!(self.site.app.db, |c| {
            let statuses: Vec<String> = sqlx::query_scalar(
                "SELECT status FROM waiting_entry WHERE run_id = $1 ORDER BY turn",
            )
            .bind(self.run)
            .fetch_all(&mut *c)
            .await?;
            let taken: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM place WHERE run_id = $1 AND status = 'active'",
            )
            .bind(self.run)
            .fetch_one(&mut *c)
            .await?;
            let held: i64 = sqlx::query_scalar(
                "SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM offered_place \
                 WHERE run_id = $1 AND released_at IS NULL AND expires_at > $2",
            )
            .bind(self.run)
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
            Ok((statuses, taken, held))
        })
        .unwrap()
    }

    /// How many offers each was sent, and how many times they were told that one is over; of nobody who is `gone`.
    pub async fn told(&self, gone: impl Fn(usize) -> bool) -> Vec<(i64, i64)> {
        let mut all = vec![(0, 0); PEOPLE];
        for who in (0..PEOPLE).filter(|who| !gone(*who)) {
            let account = self.cast.members[who].0.account;
            let (offers, entries): (Vec<Uuid>, Vec<Uuid>) = read!(self.site.app.db, |c| {
                let offers = sqlx::query_scalar(
                    "SELECT place_offer.id FROM place_offer \
                     JOIN waiting_entry ON waiting_entry.id = place_offer.entry_id \
                     WHERE place_offer.run_id = $1 AND waiting_entry.account_id = $2",
                )
                .bind(self.run)
                .bind(account)
                .fetch_all(&mut *c)
                .await?;
                let entries = sqlx::query_scalar(
                    "SELECT id FROM waiting_entry WHERE run_id = $1 AND account_id = $2",
                )
                .bind(self.run)
                .bind(account)
                .fetch_all(&mut *c)
                .await?;
                Ok((offers, entries))
            })
            .unwrap();
            for id in offers {
                all[who].0 += self.caused(format!("offer:{id}")).await;
                all[who].1 += self.caused(format!("offer:{id}:gone")).await;
            }
            for id in entries {
                all[who].1 += self.caused(format!("waiting:{id}:lapsed")).await;
            }
        }
        all
    }

    async fn caused(&self, cause: String) -> i64 {
        read!(self.site.app.db, |c| {
            Ok(
                sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE cause = $1")
                    .bind(&cause)
                    .fetch_one(&mut *c)
                    .await?,
            )
        })
        .unwrap()
    }
}

/// Why they can neither book nor wait, in the model's words.
fn why(refused: &BookOutcome) -> &'static str {
    match refused {
        BookOutcome::AlreadyBooked(_) => "has one",
        BookOutcome::Full => "full",
        BookOutcome::Started => "started",
        BookOutcome::Cancelled => "called off",
        BookOutcome::Died => "died",
        other => panic!("{other:?}"),
    }
}

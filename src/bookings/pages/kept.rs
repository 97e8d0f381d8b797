//! "We are keeping your place", or that we no longer do: on every page between the choice and the booking.

use leptos::prelude::*;
use uuid::Uuid;

use super::{other_dates, places_left, today};
use crate::bookings::coming::Coming;
use crate::bookings::holds::{self, Kept};
use crate::bookings::store::{self, Offer, Run};
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::pieces::*;

/// The place that somebody chose, as it stands now.
#[derive(Clone, Debug)]
pub struct ChosenPlace {
    offer: Offer,
    others: Vec<Run>,
    kept: Option<Kept>,
}

impl ChosenPlace {
    /// Reads what the sign-up `draft_id` chose; none when the run is not there any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(app: &App, draft_id: Uuid, run_id: Uuid) -> Result<Option<Self>> {
        let now = app.clock.now();
        let kept = holds::kept(app, draft_id, run_id).await?;
        let Some(offer) = store::offer(&app.db, run_id, now).await? else {
            return Ok(None);
        };
        let code = run_id.to_string();
        let found = store::offer_at(&app.db, &offer.run.slug, &code, now).await?;
        Ok(found.map(|(offer, others)| Self {
            offer,
            others,
            kept,
        }))
    }

    /// Until when it is kept, if it is; and when it is not, what to do, with the other dates.
    pub fn view(&self, app: &App) -> impl IntoView + use<> {
        let now = app.clock.now();
        let open = self.offer.run.status == "open" && self.offer.run.starts_at > now;
        let left = if open { self.offer.run.free(now) } else { 0 };
        let others =
            if matches!(self.kept, Some(Kept::Until(_))) || (self.kept.is_none() && left > 0) {
                None
            } else {
                other_dates(&self.others, &Coming::default(), now)
            };
        let none_left = left == 0 && others.is_none();
        view! {
            {notice(self.kept, left, today(app))}
            {others}
            {none_left
                .then(|| {
                    view! {
                        <p>"There are no other dates yet. Call " <PhoneLink /> " and we will help you find something."</p>
                    }
                })}
        }
    }
}

/// What we say of a chosen place while `left` are free.
pub fn notice(kept: Option<Kept>, left: i64, today: chrono::NaiveDate) -> AnyView {
    match (kept, left) {
        (Some(Kept::Until(until)), _) => view! {
            <Notice title="We are keeping your place" kind=NoticeKind::Offer>
                <p>
                    "We are keeping it for you until " <strong>{dates::until(until, today)}</strong>
                    ". That is half an hour from when you chose it. Take your time."
                </p>
            </Notice>
        }
        .into_any(),
        (Some(Kept::Lapsed(until)), 1..) => view! {
            <Notice title="We are no longer keeping your place">
                <p>
                    "We kept it until " {dates::until(until, today)} ". There is still room: "
                    <strong>{places_left(left)}</strong> ". It is yours when you have booked it."
                </p>
            </Notice>
        }
        .into_any(),
        (Some(Kept::Lapsed(until)), _) => view! {
            <Notice title="Your place has gone" kind=NoticeKind::Bad>
                <p>"We kept it until " {dates::until(until, today)} ". We are sorry: someone else has it now."</p>
            </Notice>
        }
        .into_any(),
        (None, 1..) => view! {
            <Notice title="No place is kept for you yet">
                <p>"It is yours when you have booked it. " <strong>{places_left(left)}</strong> "."</p>
            </Notice>
        }
        .into_any(),
        (None, _) => view! {
            <Notice title="This date cannot be booked any more" kind=NoticeKind::Bad>
                <p>"Someone took the last place, or booking has closed. We are sorry."</p>
            </Notice>
        }
        .into_any(),
    }
}

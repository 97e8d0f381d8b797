//! What the pages of booking answer.

use crate::server::routes::Routes;

mod about_you;
mod booking;
mod messages;
mod mine;
mod note;
mod scene;

pub(super) use mine::instead;
pub(super) use scene::Scene;

/// Every route of booking.
pub fn routes() -> Routes {
    Routes::default()
        .and(super::waiting::routes())
        .and(super::reminders::routes())
        .and(super::calls::routes())
        .and(super::post::routes())
        .and(super::my_calendar::routes())
        .and(super::new_dates::routes())
        .get("/courses/{slug}/{run}/book", booking::show)
        .post("/courses/{slug}/{run}/book", booking::send)
        .get("/account/bookings", mine::list)
        .get("/account/bookings/{reference}", mine::show)
        .get("/account/bookings/{reference}/booked", mine::booked)
        .get("/account/bookings/{reference}/calendar.ics", mine::calendar)
        .get("/account/bookings/{reference}/cancel", mine::ask_cancel)
        .post("/account/bookings/{reference}/cancel", mine::cancel)
        .get("/account/bookings/{reference}/note", note::show)
        .post("/account/bookings/{reference}/note", note::keep)
        .get("/account/messages", messages::show)
        .post("/account/messages", messages::save)
        .get("/account/about-you", about_you::show)
        .post("/account/about-you", about_you::answer)
}

//! What the pages of booking answer.

use crate::server::routes::Routes;

mod booking;
mod mine;

/// Every route of booking.
pub fn routes() -> Routes {
    Routes::default()
        .get("/courses/{slug}/{run}/book", booking::show)
        .post("/courses/{slug}/{run}/book", booking::send)
        .get("/account/bookings", mine::list)
        .get("/account/bookings/{reference}", mine::show)
        .get("/account/bookings/{reference}/booked", mine::booked)
        .get("/account/bookings/{reference}/calendar.ics", mine::calendar)
        .get("/account/bookings/{reference}/cancel", mine::ask_cancel)
        .post("/account/bookings/{reference}/cancel", mine::cancel)
        .get("/account/bookings/{reference}/note", mine::note)
        .post("/account/bookings/{reference}/note", mine::keep_note)
        .get("/account/about-you", mine::about_you)
        .post("/account/about-you", mine::answer)
}

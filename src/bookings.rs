//! Booking: taking a place, keeping one for a sign-up, giving it back, and what people see of it.

mod calendar;
pub mod calls;
pub mod changes;
mod choices;
mod coming;
pub mod consents;
pub(crate) mod emails;
pub mod engine;
pub(crate) mod equality;
mod guardians;
mod handlers;
pub mod holds;
pub mod model;
mod my_calendar;
pub mod new_dates;
mod pages;
pub mod post;
mod recount;
pub mod reminders;
pub mod rules;
mod sealed;
pub(crate) mod store;
pub mod waiting;

pub(crate) use choices::{said_by, save as save_choices};
pub(crate) use emails::written_to;
pub use engine::{book, cancel, cancel_booking, set_capacity, set_late_joining};
pub use guardians::{ask_again, count_agreed, guardian_agreed, guardian_declined, let_go_lapsed};
pub use handlers::routes;
pub use model::{
    BookOutcome, Booked, CancelOutcome, CapacityOutcome, Channel, Choices, LateOutcome, RemindBy,
    Request,
};
pub use pages::kept::ChosenPlace;
pub use recount::{Difference, Miscounted, recount, self_check};
pub(crate) use sealed::{Need, count_needs, open_needs};
pub(crate) use store::{room_of, tutor_of, venue_of};

//! The one way a form works here.
//!
//! [`Submitted`] is what the browser sent. [`Check`] goes through it field by field and keeps what was typed and what
//! is wrong with it. The outcome is either the answers, or a [`FormState`] from which the same page is shown again:
//! error summary, words beside the field, everything still typed in (passwords excepted).

mod buttons;
mod check;
mod choices;
mod date;
mod fields;
mod group;
mod password;
mod state;
mod submitted;
mod summary;
mod time;

pub use buttons::{Button, ButtonKind, ButtonLink, ButtonSize, Form, FormKey, HiddenField};
pub use check::{Check, DateWords};
pub use choices::{Checkboxes, Choice, Radios, Select};
pub use date::{DateField, one_line_date};
pub use fields::{TextArea, TextField};
pub use group::{Fieldset, Label};
pub use password::PasswordField;
pub use state::{FieldError, FormState};
pub use submitted::{Refused, Submitted};
pub use summary::ErrorSummary;
pub use time::{TIME_WORDS, one_line_time};

/// The name of the hidden field with the idempotency key.
pub const FORM_KEY: &str = "form-key";

//! Privacy: what we hold, why, who reads it and for how long; and what people agreed to.

pub mod consents;
pub mod passport;

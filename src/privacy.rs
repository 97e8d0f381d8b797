//! Privacy: what we hold, why, who reads it and for how long.

pub mod passport;

//! Signing in and out, as browsers do it.

mod people;
mod sign_in;

//! What invented people are made of: names, ages, where they live. The content designer's file.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::server::{Error, Result};

/// The file that the content designer writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub(super) family_names: Vec<String>,
    pub(super) shares: Shares,
    pub(super) phones: Phones,
    pub(super) emails: Emails,
    pub(super) postcodes: Postcodes,
    pub(super) needs: Needs,
    pub(super) generation: Vec<Generation>,
    /// The people one can sign in as.
    pub sign_in: Vec<SignIn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shares {
    pub(super) nickname: usize,
    pub(super) no_fixed_address: usize,
    pub(super) outside: usize,
    pub(super) needs: usize,
    pub(super) newsletter: usize,
    pub(super) texts: usize,
    pub(super) ethnicity: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phones {
    pub(super) mobile: String,
    pub(super) landline: String,
    pub(super) leave_out: Vec<i64>,
    pub(super) mobiles_in_100: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Emails {
    pub(super) domains: Vec<String>,
    pub(super) forms: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Postcodes {
    pub(super) inside: Vec<String>,
    pub(super) outside: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Needs {
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Generation {
    pub(super) born_from: i32,
    pub(super) born_to: i32,
    pub(super) in_100: usize,
    pub(super) first_names: Vec<String>,
}

/// Somebody one can sign in as.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// `member` or `volunteer`.
    pub role: String,
    /// The full name.
    pub full_name: String,
    /// What they are called.
    pub known_as: String,
    /// The date of birth.
    pub born: NaiveDate,
    /// The sign-in address.
    pub email: String,
    /// The phone number as people write it.
    pub phone: String,
    /// The postcode.
    pub postcode: String,
    /// Whether the address is confirmed.
    pub verified: bool,
}

impl Facts {
    /// The facts that this program carries.
    ///
    /// # Errors
    /// When the file is not in order; a test looks.
    pub fn read() -> Result<Self> {
        toml::from_str(include_str!("people.toml"))
            .map_err(|e| Error::Other(format!("demo/people.toml: {e}")))
    }
}

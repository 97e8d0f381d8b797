//! The three people one can sign in as, with passwords made afresh each time.

use super::facts::SignIn;
use crate::accounts::password::strength::suggestion;
use crate::server::Result;
use crate::server::config::Settings;
use crate::server::state::write_private;

/// Somebody one can sign in as, with the password of this demo alone.
#[derive(Clone, Debug)]
pub struct Access {
    /// Who it is: "a member", "a volunteer", "a member whose address is not confirmed".
    pub who: String,
    /// The sign-in address.
    pub email: String,
    /// Three words.
    pub password: String,
}

/// Makes a password for each of them.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn passwords(people: &[SignIn]) -> Result<Vec<Access>> {
    people
        .iter()
        .map(|person| {
            let who = match (person.role.as_str(), person.verified) {
                ("volunteer", _) => "a volunteer",
                (_, true) => "a member with bookings",
                (_, false) => "a member who has not opened our email yet",
            };
            Ok(Access {
                who: format!("{}, {who}", person.full_name),
                email: person.email.clone(),
                password: suggestion()?,
            })
        })
        .collect()
}

/// How to sign in, as it is printed and kept.
pub fn words(site: &str, access: &[Access]) -> String {
    let each = access
        .iter()
        .map(|one| format!("\n{}\n  {}\n  {}\n", one.who, one.email, one.password));
    std::iter::once(format!(
        "How to sign in at {site}/sign-in (these passwords are for this demo alone)\n"
    ))
    .chain(each)
    .collect()
}

/// Writes `words` to `demo-sign-in.txt` in the data directory, for this user's eyes only.
///
/// # Errors
/// When the directory cannot be written to.
pub fn keep(config: &Settings, words: &str) -> Result<()> {
    std::fs::create_dir_all(&config.data_dir)?;
    write_private(&config.data_dir.join("demo-sign-in.txt"), words)
}

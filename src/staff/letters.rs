//! What people who work here are written: sealed before the transaction that sends it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::papers::Paper;
use crate::accounts::roles::{Role, Roles};
use crate::messages::letters::staff as words;
use crate::messages::{self, Address, Prepared};
use crate::server::{App, Result};

/// "Tutor and Course admin".
pub fn role_words(roles: Roles) -> String {
    let names: Vec<_> = roles.each().map(Role::words).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// "Provider’s coordinator for Bath Mind".
pub fn invited_as(roles: Roles, organisation: Option<&str>) -> String {
    let roles = role_words(roles);
    match organisation {
        Some(name) => format!("{roles} for {name}"),
        None => roles,
    }
}

/// The email with the link of an invitation.
pub async fn invitation(
    app: &App,
    id: Uuid,
    (name, email): (&str, &str),
    roles: &str,
    (url, until): (&str, chrono::DateTime<chrono::Utc>),
) -> Result<Prepared> {
    let to = Address::new(Some(name), email);
    let mail = words::invitation(&app.config, to, roles, url, until)?;
    messages::prepare(app, mail, None, &format!("staff-invitation:{id}")).await
}

/// The email about training or papers that end soon.
pub async fn papers_ending(
    app: &App,
    (account_id, person_id): (Uuid, Uuid),
    (name, email): (&str, &str),
    paper: Paper,
    until: NaiveDate,
) -> Result<Prepared> {
    let to = Address::new(Some(name), email);
    let mail = words::papers_ending(&app.config, to, paper.words(), until)?;
    let cause = format!("papers:{account_id}:{}:{until}", paper.field());
    messages::prepare(app, mail, Some(person_id), &cause).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "")]
    #[case("tutor", "Tutor")]
    #[case("tutor owner", "Owner and Tutor")]
    #[case("tutor owner course-admin", "Owner, Course admin and Tutor")]
    fn roles_as_people_say_them(#[case] roles: &str, #[case] words: &str) {
        assert_eq!(role_words(Roles::from(roles.to_owned())), words);
    }
}

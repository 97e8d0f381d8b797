//! Who comes: whose account it is, somebody they book for, or both. The address says it, and it is looked up each time:
//! somebody else's person is not there.

use serde::Deserialize;
use uuid::Uuid;

use super::pages::{book_path, wait_path};
use super::store::{self, Offer, Person, Run};
use crate::accounts::model::Who;
use crate::accounts::people::{self, Represented};
use crate::server::{App, Error, Result};

/// `?with=`: somebody comes along. `?only=`: they come by themselves.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    with: Option<String>,
    only: Option<String>,
}

impl Asked {
    /// The page at `path` for whoever the address names; none when it names nobody we could know.
    pub fn path(&self, path: &str) -> Option<String> {
        let (name, id) = match (&self.with, &self.only) {
            (Some(id), None) => ("with", id),
            (None, Some(id)) => ("only", id),
            _ => return None,
        };
        let id = Uuid::try_parse(id).ok()?;
        Some(format!("{path}?{name}={}", id.simple()))
    }

    /// Looks up who it is; none when the account books for nobody like that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, app: &App, who: &Who) -> Result<Option<Coming>> {
        let (id, own) = match (&self.with, &self.only) {
            (None, None) => return Ok(Some(Coming::default())),
            (Some(id), None) => (id, true),
            (None, Some(id)) => (id, false),
            (Some(_), Some(_)) => return Ok(None),
        };
        let Ok(id) = Uuid::try_parse(id) else {
            return Ok(None);
        };
        let other = people::one(&app.db, who.account_id, id).await?;
        Ok(other.map(|other| Coming {
            own,
            other: Some(other),
        }))
    }
}

/// Who comes.
#[derive(Clone, Debug)]
pub struct Coming {
    /// Whether the account's own person does.
    pub own: bool,
    /// Somebody they book for.
    pub other: Option<Represented>,
}

impl Default for Coming {
    fn default() -> Self {
        Self {
            own: true,
            other: None,
        }
    }
}

impl Coming {
    /// Who comes by a booking of the account: those of `people` it can book for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(app: &App, who: &Who, people: &[Person]) -> Result<Self> {
        let comes = |id: Uuid| people.iter().any(|person| person.id == id);
        let all = people::all(&app.db, who.account_id).await?;
        let other = all.into_iter().find(|other| comes(other.person_id));
        Ok(Self {
            own: comes(who.person_id) || other.is_none(),
            other,
        })
    }

    /// Whether two come.
    pub fn both(&self) -> bool {
        self.own && self.other.is_some()
    }

    /// The people, the account's own first.
    pub fn ids(&self, who: &Who) -> Vec<Uuid> {
        let own = self.own.then_some(who.person_id);
        let other = self.other.as_ref().map(|other| other.person_id);
        own.into_iter().chain(other).collect()
    }

    /// The same, read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self, app: &App, who: &Who) -> Result<Vec<Person>> {
        let ids = self.ids(who);
        let people = store::people(&app.db, &ids).await?;
        if people.len() == ids.len() {
            Ok(people)
        } else {
            Err(Error::Other("an account without a person".into()))
        }
    }

    /// What the address of a page says of them.
    fn query(&self) -> String {
        match &self.other {
            None => String::new(),
            Some(other) if self.own => format!("?with={}", other.id.simple()),
            Some(other) => format!("?only={}", other.id.simple()),
        }
    }

    /// The page that books for them.
    pub fn book_path(&self, offer: &Offer) -> String {
        self.book_date(&offer.run)
    }

    /// The page that books another date for them.
    pub fn book_date(&self, run: &Run) -> String {
        book_path(&run.slug, run.id) + &self.query()
    }

    /// The page where they join the list.
    pub fn wait_path(&self, offer: &Offer) -> String {
        wait_path(&offer.run.slug, offer.run.id) + &self.query()
    }

    /// The other by themselves.
    pub fn only(&self) -> Self {
        Self {
            own: false,
            other: self.other.clone(),
        }
    }
}

/// The field of the buttons that say who comes: `new`, `with:<id>`, `only:<id>`, or nothing for "I come alone".
pub const FIELD: &str = "who";

/// Where such a button leads from the page at `path`; none when it says nothing we know.
pub fn leads_to(path: &str, chosen: &str) -> Option<String> {
    let address = |name: &str, id: &str| {
        let id = Uuid::try_parse(id).ok()?;
        Some(format!("{path}?{name}={}", id.simple()))
    };
    match chosen.split_once(':') {
        None if chosen.is_empty() => Some(path.to_owned()),
        None if chosen == "new" => Some(people::with_next(people::ADD, &format!("{path}?with="))),
        Some(("with", id)) => address("with", id),
        Some(("only", id)) => address("only", id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_leads_to_the_same_page_with_somebody_or_to_their_details() {
        let id = "019a1b2c-0000-7000-8000-000000000001";
        let simple = id.replace('-', "");
        for (chosen, to) in [
            ("", Some("/c/r/book".to_owned())),
            (
                "new",
                Some("/account/people/add?next=%2Fc%2Fr%2Fbook%3Fwith%3D".to_owned()),
            ),
            (
                &format!("with:{id}"),
                Some(format!("/c/r/book?with={simple}")),
            ),
            (
                &format!("only:{id}"),
                Some(format!("/c/r/book?only={simple}")),
            ),
            ("with:nobody", None),
            ("with:", None),
            ("//evil.example", None),
            ("else:1", None),
        ] {
            assert_eq!(leads_to("/c/r/book", chosen), to, "{chosen}");
        }
    }
}

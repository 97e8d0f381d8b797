//! A request as the desk sees it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::Timing;

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $one:ident = $word:literal, $words:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $one),* }

        impl $name {
            /// Every one, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$one),*];

            /// The word in the form and in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$one => $word),* }
            }

            /// The words on the screen.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$one => $words),* }
            }

            /// The one with this word.
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == word)
            }
        }
    };
}

words! {
    /// What somebody asks for.
    Kind {
        /// Article 15.
        Access = "access", "A copy of their data";
        /// Article 16.
        Rectification = "rectification", "To put their data right";
        /// Article 17.
        Erasure = "erasure", "To delete their data";
        /// Article 18.
        Restriction = "restriction", "To stop using their data for a while";
        /// Article 20.
        Portability = "portability", "Their data as a file to take elsewhere";
        /// Article 21.
        Objection = "objection", "To not use their data for something";
        /// Section 164A of the Data Protection Act 2018.
        Complaint = "complaint", "A complaint about how we use data";
    }
}

words! {
    /// How a request came.
    Channel {
        /// They rang.
        Phone = "phone", "By phone";
        /// They wrote an email.
        Email = "email", "By email";
        /// They wrote a letter.
        Letter = "letter", "By letter";
        /// They came in.
        InPerson = "in-person", "In person";
    }
}

words! {
    /// What came of a request.
    Outcome {
        /// They have what they asked for.
        Done = "done", "Done as they asked";
        /// They have some of it.
        Partly = "partly", "Done in part";
        /// They have not.
        Refused = "refused", "Refused";
        /// They do not ask any more.
        Withdrawn = "withdrawn", "They took it back";
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: Uuid,
    /// Its number, to be read out.
    pub reference: String,
    pub channel: Channel,
    /// Whose data it is; none of somebody who is not on record.
    pub person_id: Option<Uuid>,
    /// What they are called.
    pub name: String,
    /// How somebody is reached who is not on record.
    pub contact: Option<String>,
    /// What says when it is due.
    pub timing: Timing,
    /// When it is due; none while the clock stands still.
    pub due_on: Option<NaiveDate>,
    /// Who looks after it: their account, and what they are called.
    pub owner: Option<(Uuid, String)>,
    /// When it was finished, and what came of it.
    pub finished: Option<(NaiveDate, Outcome)>,
}

impl Request {
    /// The address of its page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }
}

/// A request with its sealed words opened.
#[derive(Clone, Debug)]
pub struct Whole {
    pub request: Request,
    /// What they asked.
    pub asked: String,
    /// Why it takes longer.
    pub longer_why: Option<String>,
    /// What came of it.
    pub outcome_why: Option<String>,
}

/// Somebody who may look after a request.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Colleague {
    pub account_id: Uuid,
    pub name: String,
}

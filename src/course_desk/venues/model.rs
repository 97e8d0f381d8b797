//! Venues and rooms as the course team sees them.

use uuid::Uuid;

/// A venue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Venue {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub address_1: String,
    pub address_2: Option<String>,
    pub town: String,
    pub postcode: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The one access fact that fits on a card.
    pub short_access: String,
    pub travel: String,
    pub about: Option<String>,
    /// How the team and tutors get in: a key safe, a side door. The website does not show it.
    pub getting_in: Option<String>,
    /// Whom to ring when the door is locked. The website does not show it.
    pub caretaker_phone: Option<String>,
}

/// What a venue has for people's needs: icon and words.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Fact {
    pub icon: String,
    pub words: String,
}

/// What the team typed about a venue.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub name: String,
    pub address_1: String,
    pub address_2: Option<String>,
    pub town: String,
    pub postcode: String,
    pub latitude: f64,
    pub longitude: f64,
    pub short_access: String,
    pub travel: String,
    pub about: Option<String>,
    pub getting_in: Option<String>,
    pub caretaker_phone: Option<String>,
    pub facts: Vec<Fact>,
}

/// A venue in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: Uuid,
    pub name: String,
    pub town: String,
    pub postcode: String,
    pub short_access: String,
    pub rooms: i64,
    /// Runs that are not over.
    pub coming: i64,
}

/// A room.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Room {
    pub id: Uuid,
    pub name: String,
    /// How many it holds, if that is known.
    pub capacity: Option<i64>,
    /// Runs in it that are not over.
    pub coming: i64,
}

/// What became of a change to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomOutcome {
    Done,
    /// Another room of the venue has this name.
    NameTaken,
    /// A run that is to come has so many places.
    RunsAreBigger(i64),
    /// So many runs are, or were, in it.
    InUse(i64),
}

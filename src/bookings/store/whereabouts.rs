//! Where the sessions of a run are, and who leads them: the run says it of all, and a session may say otherwise of itself.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Offer, Session};
use crate::read;
use crate::server::Result;
use crate::server::db::Db;
use crate::ui::dates;

/// SQL: the venue of `$session`, a session of `run`. Every statement that says where a session is has it from here.
macro_rules! venue_of {
    ($session:literal) => {
        concat!(
            "CASE WHEN ",
            $session,
            ".elsewhere THEN ",
            $session,
            ".venue_id ELSE run.venue_id END"
        )
    };
}
pub(crate) use venue_of;

/// SQL: the room of `$session`, a session of `run`.
macro_rules! room_of {
    ($session:literal) => {
        concat!(
            "CASE WHEN ",
            $session,
            ".elsewhere THEN ",
            $session,
            ".room_id ELSE run.room_id END"
        )
    };
}
pub(crate) use room_of;

/// SQL: the tutor of `$session`, a session of `run`.
macro_rules! tutor_of {
    ($session:literal) => {
        concat!(
            "COALESCE((SELECT leads.tutor_id FROM session_tutor leads WHERE leads.session_id = ",
            $session,
            ".id AND leads.instead), run.tutor_id)"
        )
    };
}
pub(crate) use tutor_of;

/// A place as people read it. Without a venue it is online.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct At {
    /// The room, if it is known.
    pub room: Option<String>,
    /// The venue's name; none online.
    pub venue: Option<String>,
    /// The venue's street.
    pub address: Option<String>,
    /// The venue's town.
    pub town: Option<String>,
    /// The venue's postcode.
    pub postcode: Option<String>,
}

impl At {
    /// Whether it is a video call.
    pub const fn is_online(&self) -> bool {
        self.venue.is_none()
    }

    /// "Bath Central Library, BA1 5AN"; none online.
    pub fn short(&self) -> Option<String> {
        let venue = self.venue.as_ref()?;
        Some(match &self.postcode {
            Some(postcode) => format!("{venue}, {postcode}"),
            None => venue.clone(),
        })
    }

    /// "Bath Central Library, BA1 5AN", or "Online".
    pub fn words(&self) -> String {
        self.short().unwrap_or_else(|| "Online".to_owned())
    }

    /// The room and the venue with its whole address, or "Online".
    pub fn full(&self) -> String {
        let parts = [
            &self.room,
            &self.venue,
            &self.address,
            &self.town,
            &self.postcode,
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() {
            "Online".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// Who leads; nobody where it is not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Leads {
    /// The full name, shown once a place is booked.
    #[sqlx(rename = "tutor")]
    pub full_name: Option<String>,
    /// The first name.
    #[sqlx(rename = "tutor_known_as")]
    pub known_as: Option<String>,
}

/// What one session has of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Which session.
    pub session_id: Uuid,
    /// Where it is, if not where its run is.
    pub at: Option<At>,
    /// Who leads it, if not the run's tutor.
    pub leads: Option<Leads>,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    session: Session,
    elsewhere: bool,
    #[sqlx(flatten)]
    at: At,
    #[sqlx(flatten)]
    leads: Leads,
}

/// The sessions of a run, in order, and what each has of its own, if it has.
///
/// # Errors
/// When the database does not answer.
pub async fn sessions_and_own(db: &Db, run_id: Uuid) -> Result<(Vec<Session>, Vec<Own>)> {
    let rows: Vec<Row> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT session.id, session.starts_at, session.ends_at, session.elsewhere, room.name AS room, \
                    venue.name AS venue, venue.address_1 AS address, venue.town, venue.postcode, \
                    tutor.full_name AS tutor, tutor.known_as AS tutor_known_as \
             FROM session LEFT JOIN venue ON venue.id = session.venue_id LEFT JOIN room ON room.id = session.room_id \
             LEFT JOIN session_tutor ON session_tutor.session_id = session.id AND session_tutor.instead \
             LEFT JOIN tutor ON tutor.id = session_tutor.tutor_id \
             WHERE session.run_id = $1 ORDER BY session.position",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let sessions = rows.iter().map(|row| row.session).collect();
    let own = rows.into_iter().filter_map(|row| {
        let own = Own {
            session_id: row.session.id,
            at: row.elsewhere.then_some(row.at),
            leads: row.leads.full_name.is_some().then_some(row.leads),
        };
        (own.at.is_some() || own.leads.is_some()).then_some(own)
    });
    Ok((sessions, own.collect()))
}

/// Where the session `id` is of a run that is at `usual`.
pub fn at<'a>(usual: &'a At, own: &'a [Own], id: Uuid) -> &'a At {
    let own = own.iter().find(|own| own.session_id == id);
    own.and_then(|own| own.at.as_ref()).unwrap_or(usual)
}

impl Offer {
    /// Where a session is.
    pub fn at(&self, session: Uuid) -> &At {
        at(&self.run.at, &self.own, session)
    }

    /// Where the first session is, which all that is said of the first day speaks of.
    pub fn first_at(&self) -> &At {
        let first = self.sessions.first();
        first.map_or(&self.run.at, |first| self.at(first.id))
    }

    /// Who leads a session.
    pub fn leads(&self, session: Uuid) -> &Leads {
        let own = self.own.iter().find(|own| own.session_id == session);
        own.and_then(|own| own.leads.as_ref())
            .unwrap_or(&self.run.leads)
    }

    /// Who leads the first session.
    pub fn first_leads(&self) -> &Leads {
        let first = self.sessions.first();
        first.map_or(&self.run.leads, |first| self.leads(first.id))
    }

    /// Where a session is: "Bath Central Library, BA1 5AN", and with its room and street where its run is somewhere else;
    /// none online.
    pub fn place(&self, session: Uuid) -> Option<String> {
        let at = self.at(session);
        if at == &self.run.at {
            at.short()
        } else {
            (!at.is_online()).then(|| at.full())
        }
    }

    /// Where the first session is, as [`Offer::place`] says it.
    pub fn first_place(&self) -> Option<String> {
        let first = self.sessions.first();
        first.map_or_else(|| self.run.at.short(), |first| self.place(first.id))
    }

    /// The sessions that are not where the first is, a line each; "The other sessions: Room 1, Bath Central Library, 19 The
    /// Podium, Bath, BA1 5AN" where it is the first alone that is somewhere else.
    pub fn elsewhere(&self) -> Vec<String> {
        let (first, usual) = (self.first_at(), &self.run.at);
        let mut lines = Vec::new();
        let mut others = self.sessions.iter().skip(1);
        if first != usual && others.any(|other| self.at(other.id) == usual) {
            lines.push(format!("The other sessions: {}", usual.full()));
        }
        for session in self.sessions.iter().skip(1) {
            let at = self.at(session.id);
            if at != first && at != usual {
                let day = dates::day_of(session.starts_at);
                lines.push(format!(
                    "On {} {}: {}",
                    dates::weekday(day),
                    dates::full_day(day),
                    at.full()
                ));
            }
        }
        lines
    }

    /// "Tuesday 19 January, 10:30am to 12:30pm", and what is of this session alone: ". At Room 4, The Pavilion, 1 North
    /// Parade, Bath, BA2 4EU. With Sam".
    pub fn line(&self, session: &Session, today: NaiveDate) -> String {
        let mut words = dates::day_and_times(session.starts_at, session.ends_at, today);
        let own = self.own.iter().find(|own| own.session_id == session.id);
        if let Some(at) = own.and_then(|own| own.at.as_ref()) {
            if at.is_online() {
                words.push_str(". Online");
            } else {
                words.push_str(". At ");
                words.push_str(&at.full());
            }
        }
        let leads = own.and_then(|own| own.leads.as_ref());
        if let Some(name) = leads.and_then(|leads| leads.known_as.as_deref()) {
            words.push_str(". With ");
            words.push_str(name);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_words() {
        let some = |words: &str| Some(words.to_owned());
        let hall = At {
            room: some("Room 2"),
            venue: some("The Hall"),
            address: some("1 High Street"),
            town: some("Bath"),
            postcode: some("BA1 1AA"),
        };
        assert_eq!(
            hall.full(),
            "Room 2, The Hall, 1 High Street, Bath, BA1 1AA"
        );
        assert_eq!(hall.words(), "The Hall, BA1 1AA");
        let online = At::default();
        assert!(online.is_online() && !hall.is_online());
        assert_eq!(
            (online.words(), online.full()),
            ("Online".to_owned(), "Online".to_owned())
        );
        assert_eq!(online.short(), None);
    }

    #[test]
    fn a_session_without_a_place_of_its_own_is_where_its_run_is() {
        let hall = At {
            venue: Some("The Hall".to_owned()),
            ..At::default()
        };
        let own = [
            Own {
                session_id: Uuid::from_u128(1),
                at: Some(At::default()),
                leads: None,
            },
            Own {
                session_id: Uuid::from_u128(2),
                at: None,
                leads: None,
            },
        ];
        assert!(at(&hall, &own, Uuid::from_u128(1)).is_online());
        assert_eq!(at(&hall, &own, Uuid::from_u128(2)), &hall);
        assert_eq!(at(&hall, &own, Uuid::from_u128(3)), &hall);
    }
}

//! What the people desk reads. Every statement finds its rows by an index, so that it is as quick among 100,000 people.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Found, Person};
use super::words::{Asked, MOST_WORDS};
use crate::read;
use crate::server::Result;
use crate::server::db::Db;
use crate::server::paging::Part;

/// How many people a page shows.
pub const A_PAGE: i64 = 25;
/// How many are found at most: nobody looks through more, and another word finds them.
pub const MOST: i64 = 200;
/// No word goes on with a later letter than this.
const LAST: char = '\u{10ffff}';

/// Whoever has words in the stretches `$1` to `$8`, at most `$9` of them in the order of the words: the first stretch is
/// looked up, the others (none where it is empty) are looked at. So a name that thousands have costs no more than another.
macro_rules! with_words {
    () => {
        "SELECT has.person_id FROM person_word has WHERE has.word >= $1 AND has.word < $2 \
         AND ($3 = '' OR EXISTS (SELECT 1 FROM person_word too WHERE too.person_id = has.person_id \
                                 AND too.word >= $3 AND too.word < $4)) \
         AND ($5 = '' OR EXISTS (SELECT 1 FROM person_word too WHERE too.person_id = has.person_id \
                                 AND too.word >= $5 AND too.word < $6)) \
         AND ($7 = '' OR EXISTS (SELECT 1 FROM person_word too WHERE too.person_id = has.person_id \
                                 AND too.word >= $7 AND too.word < $8)) \
         ORDER BY has.word, has.person_id LIMIT $9"
    };
}

/// The stretches of the index that begin with these words; empty where none is asked.
fn stretches(words: &[String]) -> [(String, String); MOST_WORDS] {
    std::array::from_fn(|at| match words.get(at) {
        Some(word) => (word.clone(), format!("{word}{LAST}")),
        None => Default::default(),
    })
}

/// One page of [`Found`]: `$10` is now, `$11` and `$12` the page.
const PAGE: &str = concat!(
    "SELECT one.*, (SELECT MIN(session.starts_at) FROM place \
            JOIN run ON run.id = place.run_id AND run.status <> 'cancelled' \
            JOIN session ON session.run_id = run.id AND session.starts_at > $10 \
            WHERE place.person_id = one.id AND place.status = 'active') AS next_at \
     FROM (SELECT person.id, person.full_name, person.date_of_birth, person.phone, person.email, person.town, \
                  person.postcode, person.deceased_at IS NOT NULL AS has_died FROM person WHERE person.id IN (",
    with_words!(),
    ") ORDER BY person.full_name, person.id LIMIT $11 OFFSET $12) one ORDER BY one.full_name, one.id"
);

/// How many they are, and how many words of theirs were found.
const COUNT: &str = concat!(
    "SELECT COUNT(DISTINCT person_id), COUNT(*) FROM (",
    with_words!(),
    ") everybody"
);

/// What came of a search.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A part of them, by name.
    pub found: Vec<Found>,
    /// How many pages can show.
    pub count: i64,
    /// Whether there are more than [`MOST`].
    pub more: bool,
}

/// A part of those who are asked for, by name, and how many there are. Who has a booking's number are few: they come whole.
pub async fn find(db: &Db, asked: &Asked, part: Part, now: DateTime<Utc>) -> Result<Finding> {
    match asked {
        Asked::Reference(reference) => {
            let found: Vec<Found> = read!(db, |c| {
                Ok(sqlx::query_as(
                    "SELECT person.id, person.full_name, person.date_of_birth, person.phone, person.email, person.town, \
                            person.postcode, person.deceased_at IS NOT NULL AS has_died, (SELECT MIN(session.starts_at) FROM session \
                                JOIN run ON run.id = session.run_id AND run.status <> 'cancelled' \
                                WHERE session.run_id = place.run_id AND place.status = 'active' \
                                      AND session.starts_at > $2) AS next_at \
                     FROM booking JOIN place ON place.booking_id = booking.id JOIN person ON person.id = place.person_id \
                     WHERE booking.reference = $1 ORDER BY person.full_name, person.id",
                )
                .bind(reference)
                .bind(now)
                .fetch_all(&mut *c)
                .await?)
            })?;
            Ok(Finding {
                count: i64::try_from(found.len()).unwrap_or(0),
                found,
                more: false,
            })
        }
        Asked::Words(words) => {
            let [a, b, d, e] = stretches(words);
            read!(db, |c| {
                let found = sqlx::query_as(PAGE)
                    .bind(&a.0)
                    .bind(&a.1)
                    .bind(&b.0)
                    .bind(&b.1)
                    .bind(&d.0)
                    .bind(&d.1)
                    .bind(&e.0)
                    .bind(&e.1)
                    .bind(MOST)
                    .bind(now)
                    .bind(part.take)
                    .bind(part.skip)
                    .fetch_all(&mut *c)
                    .await?;
                let (count, words): (i64, i64) = sqlx::query_as(COUNT)
                    .bind(&a.0)
                    .bind(&a.1)
                    .bind(&b.0)
                    .bind(&b.1)
                    .bind(&d.0)
                    .bind(&d.1)
                    .bind(&e.0)
                    .bind(&e.1)
                    .bind(MOST)
                    .fetch_one(&mut *c)
                    .await?;
                Ok(Finding {
                    found,
                    count,
                    more: words >= MOST,
                })
            })
        }
    }
}

/// Reads [`Person`] number `$1`, under any number that they have had, and the columns of `$joins` that `$more` names; `$2` is now.
macro_rules! select_person {
    ($more:expr, $joins:expr) => {
        concat!(
            "SELECT person.id, person.full_name, person.preferred_name, person.date_of_birth, person.email, person.phone, \
                    person.address, person.town, person.postcode, person.no_fixed_address, person.reach_by_email, \
                    person.reach_by_text, person.reach_by_call, person.reach_by_letter, person.safe_to_leave_message, \
                    person.format, person.name_course_in_messages, person.remind_by, person.keep_from_tutors, person.keep_from_statistics, \
                    account.id AS account_id, account.email AS account_email, \
                    account.email_verified_at IS NOT NULL AS verified, \
                    EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = account.id \
                            AND role_grant.role = 'volunteer' AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $2)) \
                    OR EXISTS (SELECT 1 FROM volunteer WHERE volunteer.person_id = person.id \
                            AND volunteer.ended_at IS NULL AND volunteer.from_at <= $2 AND volunteer.until_at > $2) \
                    AS volunteer, \
                    guardian.full_name AS guardian_name, guardian.phone AS guardian_phone, \
                    guardian.email AS guardian_email, person.deceased_at",
            $more,
            " FROM person \
             LEFT JOIN representation own ON own.person_id = person.id AND own.kind = 'self' AND own.ends_at IS NULL \
             LEFT JOIN account ON account.id = own.account_id \
             LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g WHERE g.person_id = person.id \
                       ORDER BY g.created_at DESC LIMIT 1)",
            $joins,
            " WHERE person.id = (SELECT COALESCE(merged_into, id) FROM person WHERE id = $1)"
        )
    };
}
pub(super) use select_person;

/// One person, under any number that they have had; nobody with another number.
pub async fn person(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<Option<Person>> {
    read!(db, |c| {
        Ok(sqlx::query_as(select_person!("", ""))
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// Whether the account has a role of the team, or is one of those who work here.
pub async fn works_here(db: &Db, account_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM role_grant WHERE account_id = $1 AND role <> 'volunteer' \
                            AND (ends_at IS NULL OR ends_at > $2)) \
                 OR EXISTS (SELECT 1 FROM staff WHERE account_id = $1 AND left_at IS NULL)",
        )
        .bind(account_id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// The longest address that an account can have.
pub(super) const LONGEST_ADDRESS: usize = 254;

/// What stands before the address of an account that is closed. No address has a space in it, so it is nobody's.
pub(super) fn closed_mark(account_id: Uuid) -> String {
    format!("closed {account_id} ")
}

/// Lets go of the address of an account that closes, inside a transaction: somebody who shares the mailbox may sign up with it.
macro_rules! park_address {
    ($c:expr, $account:expr) => {{
        let account: uuid::Uuid = $account;
        let mark = $crate::people_desk::store::closed_mark(account);
        let email: String = sqlx::query_scalar("SELECT email FROM account WHERE id = $1")
            .bind(account)
            .fetch_one(&mut *$c)
            .await?;
        if !email.starts_with(&mark) {
            let mut parked = format!("{mark}{email}");
            if parked.chars().count() > $crate::people_desk::store::LONGEST_ADDRESS {
                parked = mark;
            }
            sqlx::query("UPDATE account SET email = $2 WHERE id = $1")
                .bind(account)
                .bind(&parked)
                .execute(&mut *$c)
                .await?;
        }
    }};
}
pub(super) use park_address;

/// Gives an account that opens again its address back. Where somebody else has it meanwhile, it gets one that nobody can
/// read, and the team puts the right one in.
macro_rules! unpark_address {
    ($c:expr, $account:expr) => {{
        let account: uuid::Uuid = $account;
        let parked: String = sqlx::query_scalar("SELECT email FROM account WHERE id = $1")
            .bind(account)
            .fetch_one(&mut *$c)
            .await?;
        let mark = $crate::people_desk::store::closed_mark(account);
        if let Some(own) = parked.strip_prefix(&mark) {
            let is_taken: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM account WHERE lower(email) = lower($1))",
            )
            .bind(own)
            .fetch_one(&mut *$c)
            .await?;
            let email = if is_taken || own.is_empty() {
                format!("closed-{account}@invalid")
            } else {
                own.to_owned()
            };
            sqlx::query("UPDATE account SET email = $2 WHERE id = $1")
                .bind(account)
                .bind(&email)
                .execute(&mut *$c)
                .await?;
        }
    }};
}
pub(super) use unpark_address;

/// How somebody waits for a run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entered {
    pub entry_id: Uuid,
    pub run_id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    /// Who waits together with them.
    pub beside: Option<Uuid>,
    pub beside_name: Option<String>,
}

/// How they wait for this run, if they do.
pub async fn entered(db: &Db, person_id: Uuid, run_id: Uuid) -> Result<Option<Entered>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT entry.id AS entry_id, entry.run_id, course.title, run.starts_at, other.id AS beside, \
                    other.full_name AS beside_name \
             FROM waiting_person own JOIN waiting_entry entry ON entry.id = own.entry_id AND entry.ended_at IS NULL \
             JOIN run ON run.id = entry.run_id JOIN course ON course.id = run.course_id \
             LEFT JOIN waiting_person together ON together.entry_id = entry.id AND together.person_id <> own.person_id \
                       AND together.active \
             LEFT JOIN person other ON other.id = together.person_id \
             WHERE own.person_id = $1 AND entry.run_id = $2 AND own.active",
        )
        .bind(person_id)
        .bind(run_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// A booking that somebody has or had a place by.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Booking {
    pub id: Uuid,
    pub reference: String,
    pub run_id: Uuid,
    pub account_id: Option<Uuid>,
    pub status: String,
    pub channel: String,
    pub form_key: Option<Vec<u8>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// The booking `reference`, if it is one of this person.
pub async fn booking(db: &Db, person_id: Uuid, reference: &str) -> Result<Option<Booking>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id, booking.reference, booking.run_id, booking.account_id, booking.status, booking.channel, \
                    booking.form_key, booking.ended_at \
             FROM booking JOIN place ON place.booking_id = booking.id \
             WHERE booking.reference = $1 AND place.person_id = $2",
        )
        .bind(reference)
        .bind(person_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

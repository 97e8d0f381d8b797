//! SQL of the course desk's venues.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{Fact, Listed, Room, RoomOutcome, Venue, Written};
use crate::catalogue::{self, rules};
use crate::course_desk::free_slug;
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// The orders of the list.
pub const ORDERS: [Order; 5] = [
    Order::rising("name", "Name", "lower(name)"),
    Order::rising("town", "Town", "lower(town)"),
    Order::rising("access", "Access", "lower(short_access)"),
    Order::falling("rooms", "Most rooms first", "rooms"),
    Order::falling("runs", "Most runs to come first", "coming"),
];

/// A part of the venues whose name or town has these words, and how many there are.
pub async fn list(app: &App, words: &str, sort: Sort, part: Part) -> Result<(Vec<Listed>, i64)> {
    let now = app.clock.now();
    let words = like::anywhere(words);
    let sql = [
        "SELECT id, name, town, postcode, short_access, rooms, coming FROM ( \
            SELECT venue.id, venue.name, venue.town, venue.postcode, venue.short_access, \
                    (SELECT COUNT(*) FROM room WHERE room.venue_id = venue.id) AS rooms, \
                    (SELECT COUNT(*) FROM run WHERE run.status <> 'cancelled' AND run.ends_at > $2 \
                            AND run.id IN (SELECT own.id FROM run own WHERE own.venue_id = venue.id \
                         UNION SELECT session.run_id FROM session WHERE session.venue_id = venue.id AND session.ends_at > $2)) AS coming \
             FROM venue WHERE lower(venue.name) LIKE lower($1) ESCAPE '!' OR lower(venue.town) LIKE lower($1) ESCAPE '!' \
         ) listed ORDER BY ",
        &sort.sql(),
        ", id LIMIT $3 OFFSET $4",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(&words)
            .bind(now)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM venue \
             WHERE lower(venue.name) LIKE lower($1) ESCAPE '!' OR lower(venue.town) LIKE lower($1) ESCAPE '!'",
        )
        .bind(&words)
        .fetch_one(&mut *c)
        .await?;
        Ok((rows, count))
    })
}

/// One venue.
pub async fn venue(app: &App, id: Uuid) -> Result<Option<Venue>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, slug, name, address_1, address_2, town, postcode, latitude, longitude, short_access, travel, about, \
                    getting_in, caretaker_phone FROM venue WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// What it has for people's needs, in order.
pub async fn facts(app: &App, venue_id: Uuid) -> Result<Vec<Fact>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT icon, words FROM venue_fact WHERE venue_id = $1 ORDER BY position",
        )
        .bind(venue_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Its rooms, by name.
pub async fn rooms(app: &App, venue_id: Uuid) -> Result<Vec<Room>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT room.id, room.name, room.capacity, (SELECT COUNT(*) FROM run WHERE run.status <> 'cancelled' AND run.ends_at > $2 \
                    AND run.id IN (SELECT own.id FROM run own WHERE own.room_id = room.id \
                         UNION SELECT session.run_id FROM session WHERE session.room_id = room.id AND session.ends_at > $2)) AS coming \
             FROM room WHERE room.venue_id = $1 ORDER BY lower(room.name), room.id",
        )
        .bind(venue_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Binds what was written, in the order of the columns below.
macro_rules! bind_words {
    ($query:expr, $written:expr) => {
        $query
            .bind(&$written.name)
            .bind(&$written.address_1)
            .bind(&$written.address_2)
            .bind(&$written.town)
            .bind(&$written.postcode)
            .bind($written.latitude)
            .bind($written.longitude)
            .bind(&$written.short_access)
            .bind(&$written.travel)
            .bind(&$written.about)
            .bind(&$written.getting_in)
            .bind(&$written.caretaker_phone)
    };
}

/// Puts the facts in the place of those that are there.
macro_rules! put_facts {
    ($c:ident, $id:expr, $facts:expr) => {{
        sqlx::query("DELETE FROM venue_fact WHERE venue_id = $1")
            .bind($id)
            .execute(&mut *$c)
            .await?;
        for (position, fact) in (1_i64..).zip($facts) {
            sqlx::query(
                "INSERT INTO venue_fact (venue_id, position, icon, words) VALUES ($1, $2, $3, $4)",
            )
            .bind($id)
            .bind(position)
            .bind(&fact.icon)
            .bind(&fact.words)
            .execute(&mut *$c)
            .await?;
        }
    }};
}

/// Adds a venue. The same `id` again changes nothing.
///
/// # Errors
/// When the database fails; nothing is added then.
pub async fn add(app: &App, by: &By, id: Uuid, written: &Written) -> Result<()> {
    let entry = Entry::by(app, by, Action::VenueAdded)?.about(id);
    let base = rules::slug(&written.name);
    write_tx!(app.db, |c| {
        let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM venue WHERE id = $1")
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
        if there > 0 {
            return Ok(());
        }
        let taken: Vec<String> = sqlx::query_scalar("SELECT slug FROM venue")
            .fetch_all(&mut *c)
            .await?;
        let slug = free_slug(&base, "venue", &taken);
        let insert = sqlx::query(
            "INSERT INTO venue (id, name, address_1, address_2, town, postcode, latitude, longitude, short_access, travel, \
                                about, getting_in, caretaker_phone, slug) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(id);
        bind_words!(insert, written)
            .bind(slug)
            .execute(&mut *c)
            .await?;
        put_facts!(c, id, &written.facts);
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(())
    })?;
    app.catalogue.places_changed();
    Ok(())
}

/// Changes what is written about a venue. Nobody is told: a run that moves to another place is changed on its own page.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn change(app: &App, by: &By, id: Uuid, written: &Written) -> Result<()> {
    let entry = Entry::by(app, by, Action::VenueChanged)?.about(id);
    write_tx!(app.db, |c| {
        let update = sqlx::query(
            "UPDATE venue SET name = $2, address_1 = $3, address_2 = $4, town = $5, postcode = $6, latitude = $7, \
                              longitude = $8, short_access = $9, travel = $10, about = $11, getting_in = $12, \
                              caretaker_phone = $13 WHERE id = $1",
        )
        .bind(id);
        bind_words!(update, written).execute(&mut *c).await?;
        put_facts!(c, id, &written.facts);
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(())
    })?;
    app.catalogue.places_changed();
    Ok(())
}

/// Adds the room `id` to a venue, or gives it another name and size. A run that is to come keeps its places: no room becomes
/// smaller than the biggest of them.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn put_room(
    app: &App,
    by: &By,
    (venue_id, id): (Uuid, Uuid),
    name: &str,
    capacity: Option<i64>,
) -> Result<RoomOutcome> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::RoomChanged)?.about(venue_id);
    let outcome = write_tx!(app.db, |c| {
        let same_name: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM room WHERE venue_id = $1 AND lower(name) = lower($2) AND id <> $3",
        )
        .bind(venue_id)
        .bind(name)
        .bind(id)
        .fetch_one(&mut *c)
        .await?;
        if same_name > 0 {
            return Ok(RoomOutcome::NameTaken);
        }
        // Locked first: a run that is put into it at this moment waits, and is counted.
        sqlx::query("UPDATE room SET name = name WHERE id = $1")
            .bind(id)
            .execute(&mut *c)
            .await?;
        let biggest: Option<i64> = sqlx::query_scalar(
            "SELECT MAX(run.capacity) FROM run WHERE run.status <> 'cancelled' AND run.ends_at > $2 \
             AND run.id IN (SELECT own.id FROM run own WHERE own.room_id = $1 \
                         UNION SELECT session.run_id FROM session WHERE session.room_id = $1 AND session.ends_at > $2)",
        )
        .bind(id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?;
        if let (Some(biggest), Some(capacity)) = (biggest, capacity)
            && biggest > capacity
        {
            return Ok(RoomOutcome::RunsAreBigger(biggest));
        }
        sqlx::query(
            "INSERT INTO room (id, venue_id, name, capacity) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, capacity = excluded.capacity",
        )
        .bind(id)
        .bind(venue_id)
        .bind(name)
        .bind(capacity)
        .execute(&mut *c)
        .await?;
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(RoomOutcome::Done)
    })?;
    app.catalogue.places_changed();
    Ok(outcome)
}

/// Takes a room away that no run is or was in.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn remove_room(app: &App, by: &By, (venue_id, id): (Uuid, Uuid)) -> Result<RoomOutcome> {
    let entry = Entry::by(app, by, Action::RoomChanged)?.about(venue_id);
    write_tx!(app.db, |c| {
        let runs: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run WHERE run.id IN (SELECT own.id FROM run own WHERE own.room_id = $1 \
                         UNION SELECT session.run_id FROM session WHERE session.room_id = $1)",
        )
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
        if runs > 0 {
            return Ok(RoomOutcome::InUse(runs));
        }
        let gone = sqlx::query("DELETE FROM room WHERE id = $1 AND venue_id = $2")
            .bind(id)
            .bind(venue_id)
            .execute(&mut *c)
            .await?
            .rows_affected();
        if gone > 0 {
            insert_entry!(c, &entry);
        }
        Ok(RoomOutcome::Done)
    })
}

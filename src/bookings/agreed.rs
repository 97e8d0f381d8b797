//! A parent or guardian has agreed: the bookings that waited for it count.

use uuid::Uuid;

use super::emails::{self, Letters};
use super::engine::{Locked, lock_run};
use super::model::Booked;
use super::store;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// Makes every waiting booking of `person_id` count, and says how many there were. Call it once the
/// guardian's agreement is kept. The same twice is one effect.
///
/// # Errors
/// When the database or the vault fails; the bookings wait on then.
pub async fn guardian_agreed(app: &App, person_id: Uuid) -> Result<usize> {
    let now = app.clock.now();
    let waiting: Vec<(Uuid, Uuid, String, chrono::DateTime<chrono::Utc>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id, booking.run_id, booking.reference, booking.created_at FROM place \
             JOIN booking ON booking.id = place.booking_id AND booking.status = 'awaiting-guardian' \
             WHERE place.person_id = $1 AND place.status = 'active' ORDER BY booking.id",
        )
        .bind(person_id)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let people = store::people(&app.db, &[person_id]).await?;
    let lock = lock_run(app);
    let mut counted = 0;
    for (id, run_id, reference, created_at) in waiting {
        let Some(offer) = store::offer(&app.db, run_id, now).await? else {
            continue;
        };
        let booked = Booked {
            id,
            reference,
            created_at,
        };
        let letters: Letters = emails::confirmation(app, &offer, &people, &booked, None).await?;
        let changed = write_tx!(app.db, |c| {
            let _locked: Option<Locked> = sqlx::query_as(lock)
                .bind(run_id)
                .fetch_optional(&mut *c)
                .await?;
            let changed = sqlx::query(
                "UPDATE booking SET status = 'booked' WHERE id = $1 AND status = 'awaiting-guardian'",
            )
            .bind(id)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if changed > 0 {
                emails::insert!(c, letters);
            }
            Ok(changed)
        })?;
        counted += usize::from(changed > 0);
    }
    Ok(counted)
}

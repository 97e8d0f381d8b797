//! SQL of invitations.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::NewInvitation;
use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::roles::{Role, Roles};
use crate::messages::{self, Prepared};
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};

/// An invitation that nobody has answered.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Its number.
    pub id: Uuid,
    /// Whom it is for.
    pub full_name: String,
    /// Their address.
    pub email: String,
    /// What they will be able to do.
    pub roles: Roles,
    /// The tutor they are.
    pub tutor_id: Option<Uuid>,
    /// The organisation that they will coordinate.
    pub organisation_id: Option<Uuid>,
    /// What it is called.
    pub organisation: Option<String>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Whether it has run out.
    pub is_over: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    full_name: String,
    email: String,
    #[sqlx(try_from = "String")]
    roles: Roles,
    tutor_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    organisation: Option<String>,
    expires_at: DateTime<Utc>,
}

/// Reads [`Row`]s; what follows narrows it.
macro_rules! invitations {
    ($rest:literal) => {
        concat!(
            "SELECT invitation.id, invitation.full_name, invitation.email, invitation.roles, invitation.tutor_id, \
                    invitation.organisation_id, organisation.name AS organisation, invitation.expires_at \
             FROM staff_invitation invitation LEFT JOIN organisation ON organisation.id = invitation.organisation_id \
             WHERE invitation.used_at IS NULL AND invitation.withdrawn_at IS NULL ",
            $rest
        )
    };
}

impl Row {
    fn at(self, now: DateTime<Utc>) -> Invited {
        Invited {
            id: self.id,
            full_name: self.full_name,
            email: self.email,
            roles: self.roles,
            tutor_id: self.tutor_id,
            organisation_id: self.organisation_id,
            organisation: self.organisation,
            is_over: self.expires_at <= now,
            expires_at: self.expires_at,
        }
    }
}

/// Those that nobody has answered, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn open(app: &App) -> Result<Vec<Invited>> {
    let now = app.clock.now();
    let rows: Vec<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(invitations!(
            "ORDER BY invitation.created_at DESC LIMIT 100"
        ))
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// Those of them to coordinate this organisation.
///
/// # Errors
/// When the database does not answer.
pub async fn open_at(app: &App, organisation: Uuid) -> Result<Vec<Invited>> {
    let now = app.clock.now();
    let rows: Vec<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(invitations!(
            "AND invitation.organisation_id = $1 ORDER BY invitation.created_at DESC LIMIT 100"
        ))
        .bind(organisation)
        .fetch_all(&mut *c)
        .await?)
    })?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// The one with this number, if it still works.
pub async fn live(app: &App, id: Uuid) -> Result<Option<Invited>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(invitations!(
            "AND invitation.id = $1 AND invitation.expires_at > $2 AND organisation.ended_at IS NULL"
        ))
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(row.map(|row| row.at(now)))
}

/// Writes one; another for the same address stops working.
pub async fn insert(
    app: &App,
    invitation: &NewInvitation,
    entry: &Entry,
    letter: &Prepared,
) -> Result<()> {
    let now = entry.at;
    let email = invitation.email.to_ascii_lowercase();
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE staff_invitation SET withdrawn_at = $2 \
             WHERE lower(email) = $1 AND used_at IS NULL AND withdrawn_at IS NULL",
        )
        .bind(&email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        let invited = sqlx::query(
            "INSERT INTO staff_invitation (id, email, full_name, roles, tutor_id, invited_by, created_at, expires_at, \
                                           organisation_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(invitation.id)
        .bind(&invitation.email)
        .bind(&invitation.full_name)
        .bind(invitation.roles.words())
        .bind(invitation.tutor_id)
        .bind(entry.account_id)
        .bind(now)
        .bind(invitation.expires_at)
        .bind(invitation.organisation.as_ref().map(|(id, _)| *id))
        .execute(&mut *c)
        .await?;
        if invited.rows_affected() == 0 {
            // The same form, sent twice at once: the other one counts.
            return Ok(());
        }
        insert_entry!(c, entry);
        messages::insert!(c, letter);
        Ok(())
    })
}

/// Takes one back.
pub async fn withdraw(app: &App, id: Uuid, entry: &Entry) -> Result<bool> {
    let now = entry.at;
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE staff_invitation SET withdrawn_at = $2 WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert_entry!(c, entry);
        Ok(true)
    })
}

/// A tutor who has no account yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FreeTutor {
    pub id: Uuid,
    pub full_name: String,
}

/// Those to whom an account can be given.
pub async fn free_tutors(app: &App) -> Result<Vec<FreeTutor>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, full_name FROM tutor WHERE account_id IS NULL ORDER BY full_name",
        )
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Somebody who had no account: all that is made for them.
pub struct Newcomer {
    pub account_id: Uuid,
    pub person_id: Uuid,
    pub representation_id: Uuid,
    pub password_hash: String,
    pub device: NewDevice,
}

/// Whoever says yes.
pub enum Joining {
    /// Somebody with an account, signed in to it on this device.
    Account { account_id: Uuid, device_id: Uuid },
    /// Somebody new.
    Newcomer(Box<Newcomer>),
}

impl Joining {
    const fn account_id(&self) -> Uuid {
        match self {
            Self::Account { account_id, .. } => *account_id,
            Self::Newcomer(new) => new.account_id,
        }
    }
}

/// What became of a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// They work here now.
    Yes,
    /// The invitation was used, or taken back.
    Gone,
    /// An account with that address was made meanwhile.
    HasAccount,
}

/// Somebody says yes: the invitation is used up, and they have its roles.
pub async fn accept(
    app: &App,
    invitation: &Invited,
    joining: &Joining,
    entry: &Entry,
) -> Result<Accepted> {
    let now = entry.at;
    let account_id = joining.account_id();
    let email = invitation.email.to_ascii_lowercase();
    let mut grants = Vec::new();
    for role in invitation.roles.each() {
        grants.push((app.id()?, role));
    }
    write_tx!(app.db, |c| {
        if let Joining::Newcomer(_) = joining {
            let there: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM account WHERE lower(email) = $1)")
                    .bind(&email)
                    .fetch_one(&mut *c)
                    .await?;
            if there {
                return Ok(Accepted::HasAccount);
            }
        }
        if let Some(organisation) = invitation.organisation_id {
            // It waits for whoever is closing it, and they for this.
            let there = sqlx::query(
                "UPDATE organisation SET name = name WHERE id = $1 AND ended_at IS NULL",
            )
            .bind(organisation)
            .execute(&mut *c)
            .await?;
            if there.rows_affected() == 0 {
                return Ok(Accepted::Gone);
            }
        }
        let used = sqlx::query(
            "UPDATE staff_invitation SET used_at = $2 \
             WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2",
        )
        .bind(invitation.id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if used.rows_affected() == 0 {
            return Ok(Accepted::Gone);
        }
        if let Joining::Newcomer(new) = joining {
            sqlx::query(
                "INSERT INTO person (id, full_name, email, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            )
            .bind(new.person_id)
            .bind(&invitation.full_name)
            .bind(&invitation.email)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "INSERT INTO account (id, email, email_verified_at, password_hash, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $3, $3)",
            )
            .bind(new.account_id)
            .bind(&invitation.email)
            .bind(now)
            .bind(&new.password_hash)
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
            )
            .bind(new.representation_id)
            .bind(new.account_id)
            .bind(new.person_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
            insert_device!(c, new.device, new.account_id);
        }
        if let Joining::Account { device_id, .. } = joining {
            // Until now one step was enough: whoever else was let in by it is out.
            sqlx::query("UPDATE device SET ended_at = $3 WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL")
                .bind(account_id)
                .bind(device_id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            sqlx::query(
                "UPDATE email_link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL",
            )
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query("DELETE FROM second_step WHERE account_id = $1 AND in_use_since IS NULL")
                .bind(account_id)
                .execute(&mut *c)
                .await?;
        }
        sqlx::query(
            "INSERT INTO staff (account_id, joined_at) VALUES ($1, $2) \
             ON CONFLICT (account_id) DO UPDATE SET joined_at = $2, left_at = NULL, papers_destroyed_at = NULL, \
                data_training_until = NULL, confidentiality_until = NULL, dbs_until = NULL \
             WHERE staff.left_at IS NOT NULL",
        )
        .bind(account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        for (id, role) in &grants {
            sqlx::query(
                "INSERT INTO role_grant (id, account_id, role, granted_at, granted_by, organisation_id) \
                 VALUES ($1, $2, $3, $4, (SELECT invited_by FROM staff_invitation WHERE id = $5), $6) ON CONFLICT DO NOTHING",
            )
            .bind(id)
            .bind(account_id)
            .bind(role.name())
            .bind(now)
            .bind(invitation.id)
            .bind(invitation.organisation_id.filter(|_| *role == Role::Coordinator))
            .execute(&mut *c)
            .await?;
        }
        if invitation.roles.has(Role::Tutor) {
            sqlx::query(
                "UPDATE tutor SET account_id = $2 WHERE id = $1 AND account_id IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM tutor other WHERE other.account_id = $2)",
            )
            .bind(invitation.tutor_id)
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        }
        insert_entry!(c, entry);
        Ok(Accepted::Yes)
    })
}

//! The guard of every desk. It is made here alone.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::audit::{self, Action, Entry};
use super::papers;
use super::rights::Right;
use crate::accounts::guards::{first, signed_in};
use crate::accounts::model::Who;
use crate::accounts::roles::Role;
use crate::server::guard::Guard;
use crate::server::http::Refusal;
use crate::server::{App, Result};

/// Somebody who works here, has the right `R`, and has taken the second step.
pub struct Desk<R: Right> {
    who: Who,
    by: By,
    right: PhantomData<R>,
}

/// Who does something, in which role and on which page: what the audit writes.
#[derive(Clone, Debug)]
pub struct By {
    /// The account.
    pub account_id: Uuid,
    /// The role that gives the right; none for what members do in their own accounts.
    pub role: Option<Role>,
    /// The page's path.
    pub page: String,
}

impl By {
    /// Somebody in their own account.
    pub fn themselves(who: &Who, page: &str) -> Self {
        Self {
            account_id: who.account_id,
            role: None,
            page: page.to_owned(),
        }
    }
}

impl<R: Right> Desk<R> {
    /// Who it is.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Who it is, for the record.
    pub fn by(&self) -> &By {
        &self.by
    }
}

impl<R: Right> Guard for Desk<R> {
    const NAME: &'static str = R::NAME;
}

impl<R: Right> FromRequestParts<App> for Desk<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let who = signed_in(parts, app).await?;
        let page = parts.uri.path().to_owned();
        let Some(role) = who.roles.first_of(R::ROLES) else {
            let by = By::themselves(&who, &page);
            return Err(refused(app, &by, Refusal::NotFound.into_response()).await);
        };
        if !who.two_step || who.needs_app() {
            return Err(first(parts, "/account/two-step"));
        }
        let by = By {
            account_id: who.account_id,
            role: Some(role),
            page,
        };
        if R::PERSONAL {
            let overdue = papers::of(&who).overdue(crate::ui::dates::day_of(app.clock.now()));
            if !overdue.is_empty() {
                let closed = papers::closed(app, &who, &overdue);
                return Err(refused(app, &by, closed).await);
            }
        }
        Ok(Self {
            who,
            by,
            right: PhantomData,
        })
    }
}

/// Whoever does not come in is written down, and then given `answer`: "not yours" is "not there".
async fn refused(app: &App, by: &By, answer: Response) -> Response {
    let noted = match Entry::by(app, by, Action::Refused) {
        Ok(entry) => audit::note(app, &entry).await,
        Err(error) => Err(error),
    };
    match noted {
        Ok(()) => answer,
        Err(error) => error.into_response(),
    }
}

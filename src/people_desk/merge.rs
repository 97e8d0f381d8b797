//! Two records of one person become one. It asks first, and can be undone for 30 days.

pub mod pages;
pub mod rows;
pub mod store;
mod undo;
pub mod values;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use self::store::{Blocked, Merged, Merging};
use self::values::{PARTS, Values};
use super::book::store::{Like, alike};
use super::model::{Found, Person};
use super::store::A_PAGE;
use super::{chosen, index, path, words};
use crate::accounts::said::Said;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::paging::Part;
use crate::server::{App, Result, form_key};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::ui::dates;
use crate::ui::form::*;

pub use self::undo::{ask as ask_undo, send as send_undo};

#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    q: String,
}

/// Who may be the same person: those who are alike, or those who are searched for.
pub async fn find(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(at): Query<At>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let sent: Submitted = [("q", at.q.as_str())].into_iter().collect();
    let mut check = Check::new(&sent);
    let asked = check.optional("q", words::asked);
    let form = check.finish();
    index::catch_up(&app).await?;
    let found = match asked {
        Some(asked) => {
            let entry = Entry::by(&app, desk.by(), Action::PeopleSearched)?
                .changed(&app, desk.who().person_id, "", form.value("q"))
                .await?;
            audit::note(&app, &entry).await?;
            let now = app.clock.now();
            let first = Part::page(1, A_PAGE);
            super::store::find(&app.db, &asked, first, now).await?.found
        }
        None => same(&app, &person).await?,
    };
    let found: Vec<Found> = found
        .into_iter()
        .filter(|one| one.id != person.id)
        .collect();
    let seen = std::iter::once(person.id).chain(found.iter().map(|one| one.id));
    audit::looked(&app, desk.by(), Action::Looked, None, seen).await?;
    Ok(pages::find(&app, &desk, person, form, found))
}

/// Whoever has the same phone or email, or the same name and birthday, as far as the index has caught up.
async fn same(app: &App, person: &Person) -> Result<Vec<Found>> {
    let found = alike(&app.db, &Like::one(person), person.id, false).await?;
    Ok(found
        .into_iter()
        .map(|one| Found {
            id: one.id,
            full_name: one.full_name,
            date_of_birth: one.date_of_birth,
            phone: one.phone,
            email: one.email,
            town: None,
            postcode: None,
            has_died: false,
            next_at: None,
        })
        .collect())
}

/// Two records side by side.
pub struct Two {
    pub kept: Person,
    pub gone: Person,
    pub of_kept: Values,
    pub of_gone: Values,
    pub blocked: Option<Blocked>,
}

impl Two {
    /// Whether their email is that of an account, and not to be chosen.
    pub fn has_account(&self) -> bool {
        self.kept.account_id.is_some() || self.gone.account_id.is_some()
    }

    /// The parts that differ, so that one is chosen.
    pub fn open_parts(&self) -> Vec<(&'static str, &'static str)> {
        PARTS
            .into_iter()
            .filter(|(part, _)| !self.of_kept.agrees(part, &self.of_gone))
            .filter(|(part, _)| *part != "email" || !self.has_account())
            .collect()
    }

    /// The parts that come from the record that goes without being asked: the email of the one account there is.
    pub fn given_parts(&self) -> Vec<&'static str> {
        let theirs = self.kept.account_id.is_none() && self.gone.account_id.is_some();
        theirs.then_some("email").into_iter().collect()
    }
}

/// The two records of an address; nobody with another number, and never one twice.
async fn two(app: &App, id: &str, other: &str) -> Result<Option<Two>> {
    let (Some(kept), Some(gone)) = (chosen(app, id).await?, chosen(app, other).await?) else {
        return Ok(None);
    };
    let (Some(of_kept), Some(of_gone)) = (
        store::values(&app.db, kept.id).await?,
        store::values(&app.db, gone.id).await?,
    ) else {
        return Ok(None);
    };
    let blocked = store::blocked(&app.db, &kept, &gone, app.clock.now()).await?;
    Ok((kept.id != gone.id).then_some(Two {
        kept,
        gone,
        of_kept,
        of_gone,
        blocked,
    }))
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, other)): Path<(String, String)>,
) -> Result<Response> {
    let Some(two) = two(&app, &id, &other).await? else {
        return nowhere(&app, &id, &other).await;
    };
    let mut form = FormState::empty();
    for (part, _) in two.open_parts() {
        let from = if two.of_kept.is_silent(part) {
            "other"
        } else {
            "kept"
        };
        form = form.with(part, from);
    }
    shown(&app, &desk, two, form, form_key::new()?).await
}

/// A pair that is one record by now leads to its page; anything else is not there.
async fn nowhere(app: &App, id: &str, other: &str) -> Result<Response> {
    let (one, two) = (chosen(app, id).await?, chosen(app, other).await?);
    Ok(match (one, two) {
        (Some(one), Some(two)) if one.id == two.id && id != other => see(&path(one.id)),
        _ => Refusal::NotFound.into_response(),
    })
}

async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    two: Two,
    form: FormState,
    key: String,
) -> Result<Response> {
    let seen = [two.kept.id, two.gone.id];
    audit::looked(app, desk.by(), Action::Looked, None, seen).await?;
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = pages::compare(app, desk, two, form, key);
    Ok(page(status, Keep::Nothing, html))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, other)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let Some(two) = two(&app, &id, &other).await? else {
        return nowhere(&app, &id, &other).await;
    };
    let mut check = Check::new(&submitted);
    let mut taken = two.given_parts();
    for (part, words) in two.open_parts() {
        let missing = format!("Choose which is right: {}", words.to_lowercase());
        if check.choice(part, &missing, &["kept", "other"]) == Some("other") {
            taken.push(part);
        }
    }
    if check.failed() || two.blocked.is_some() {
        return shown(&app, &desk, two, check.finish(), key).await;
    }
    let merging = Merging {
        id: form_key::id(
            &app,
            "merge",
            desk.by().account_id,
            &key,
            &format!("{}:{}", two.kept.id, two.gone.id),
        ),
        entry: noted(&app, &desk, &two).await?,
        kept: &two.kept,
        gone: &two.gone,
        taken,
    };
    match store::merge(&app, &merging).await? {
        Merged::Done => Ok(Said::Merged.and_see(&app, &path(two.kept.id))),
        Merged::Changed => {
            let form = check.finish().with_error(
                "name",
                "One of the records has changed. Please look at them again",
            );
            shown(&app, &desk, two, form, key).await
        }
    }
}

/// Which record went into which, for the record.
async fn noted(app: &App, desk: &Desk<Courses>, two: &Two) -> Result<Entry> {
    let words = |person: &Person| {
        format!(
            "{}; born {}; {}",
            person.full_name,
            person.born_words(),
            person.phone_words().unwrap_or_default()
        )
    };
    let (before, after) = (words(&two.gone), words(&two.kept));
    Entry::by(app, desk.by(), Action::Merged)?
        .about(two.gone.id)
        .changed(app, two.kept.id, &before, &after)
        .await
}

impl Blocked {
    /// The sentence.
    pub fn words(&self, today: chrono::NaiveDate) -> String {
        match self {
            Self::OneDied => "One of them is marked as deceased and the other is not. Put that right first.".to_owned(),
            Self::SameRun(title, starts_at) => format!(
                "Both have a place, or wait for one, on {title} from {}. Cancel one of the two first, so that nobody loses \
                 a place they need.",
                dates::day_and_time(*starts_at, today)
            ),
            Self::HasRole => "Both have an account, and the one that would close has a role with us. Keep that record instead."
                .to_owned(),
        }
    }
}

/// The page that compares two records.
pub fn compare_path(kept: Uuid, gone: Uuid) -> String {
    format!("{}/merge/{gone}", path(kept))
}

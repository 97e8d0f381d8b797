//! Who is likely meant, while a name, phone, email or booking number is typed: a few people for `public/ahead.js`.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::model::Found;
use super::{find, words};
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::rights::Courses;
use crate::ui::form::{Check, Submitted};

/// Where the script asks.
pub const HERE: &str = "/desk/people/likely";
/// How many are named at most: more are not read while somebody is on the phone.
const MOST: i64 = 8;
/// Fewer letters mean too many people.
const FEWEST: usize = 3;

#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
}

/// Somebody who is likely meant.
#[derive(Debug, Serialize)]
struct Likely {
    name: String,
    /// What tells them from others of that name.
    about: String,
    /// The booking page for them.
    href: String,
}

/// The same search as on the page of people, and written down like it. Where that has something to say, nobody is named here.
pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(typed): Query<Typed>,
) -> Result<Response> {
    let sent: Submitted = [("q", typed.q.as_str())].into_iter().collect();
    let mut check = Check::new(&sent);
    let asked = check.optional("q", words::asked);
    let form = check.finish();
    let q = form.value("q");
    let letters = q.chars().filter(|c| !c.is_whitespace()).count();
    let found = match asked {
        Some(asked) if letters >= FEWEST => {
            let part = Part::page(1, MOST);
            find::look_for(&app, &desk, &asked, q, part).await?.found
        }
        _ => Vec::new(),
    };
    let likely: Vec<Likely> = found.into_iter().map(Likely::from).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(likely)).into_response())
}

impl From<Found> for Likely {
    fn from(one: Found) -> Self {
        let year = one.date_of_birth.as_deref().and_then(|born| born.get(..4));
        let parts = [
            year.map(|year| format!("Born {year}")),
            one.town.or(one.postcode),
            one.has_died.then(|| "Has died".to_owned()),
        ];
        let about: Vec<String> = parts.into_iter().flatten().collect();
        Self {
            name: one.full_name,
            about: about.join(", "),
            href: format!("/desk/people/book?person={}", one.id),
        }
    }
}

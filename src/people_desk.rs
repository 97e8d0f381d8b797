//! The people of the course desk: finding somebody, their page, and booking for whoever phones, writes or comes in.

mod account;
mod book;
mod cancel;
mod claim;
mod deceased;
mod details;
mod find;
mod index;
mod likely;
mod log;
mod merge;
mod model;
mod moving;
mod off_list;
mod one;
mod sharing;
mod store;
mod volunteer;
mod wait;
mod why;
mod words;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::accounts::rules::email;
use crate::accounts::sign_up::rules::phone;
use crate::server::routes::Routes;
use crate::server::{App, Result};

pub use deceased::mark as mark_deceased;
pub use index::sweep;
pub use merge::rows::{MOVES, Moves, STAYS};

/// The search; everything else stands below it.
const HERE: &str = "/desk/people";

/// The pages of the people desk.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, find::show)
        .get("/desk/people/list.csv", find::file)
        .get("/desk/people/list.xlsx", find::file)
        .get(likely::HERE, likely::show)
        .get("/desk/people/book", book::show)
        .post("/desk/people/book", book::send)
        .get("/desk/people/volunteers", volunteer::list)
        .get("/desk/people/volunteers/list.csv", volunteer::file)
        .get("/desk/people/volunteers/list.xlsx", volunteer::file)
        .get("/desk/people/{id}", one::show)
        .post("/desk/people/{id}", one::note)
        .get("/desk/people/{id}/details", details::show)
        .post("/desk/people/{id}/details", details::send)
        .get("/desk/people/{id}/deceased", deceased::ask)
        .post("/desk/people/{id}/deceased", deceased::send)
        .get("/desk/people/{id}/sharing", sharing::show)
        .post("/desk/people/{id}/sharing", sharing::send)
        .get("/desk/people/{id}/booked/{reference}", book::done::show)
        .get("/desk/people/{id}/cancel/{reference}", cancel::ask)
        .post("/desk/people/{id}/cancel/{reference}", cancel::send)
        .get("/desk/people/{id}/account", account::show)
        .post("/desk/people/{id}/account", account::send)
        .get("/desk/people/{id}/code", claim::ask)
        .post("/desk/people/{id}/code", claim::make)
        .get(claim::account::HERE, claim::account::show)
        .post(claim::account::HERE, claim::account::send)
        .get("/desk/people/{id}/merge", merge::find)
        .get("/desk/people/{id}/merge/{other}", merge::ask)
        .post("/desk/people/{id}/merge/{other}", merge::send)
        .get("/desk/people/{id}/merged/{merge}", merge::ask_undo)
        .post("/desk/people/{id}/merged/{merge}", merge::send_undo)
        .get("/desk/people/{id}/move/{reference}", moving::ask)
        .post("/desk/people/{id}/move/{reference}", moving::send)
        .get("/desk/people/{id}/volunteer", volunteer::ask)
        .post("/desk/people/{id}/volunteer", volunteer::send)
        .get("/desk/people/{id}/wait/{run}", wait::ask)
        .post("/desk/people/{id}/wait/{run}", wait::send)
        .get("/desk/people/{id}/wait/{run}/off", off_list::ask)
        .post("/desk/people/{id}/wait/{run}/off", off_list::send)
}

/// The page of one person.
fn path(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

/// The person in an address; another word, or nobody's number, is not there.
async fn chosen(app: &App, id: &str) -> Result<Option<model::Person>> {
    match Uuid::try_parse(id) {
        Ok(id) => store::person(&app.db, id, app.clock.now()).await,
        Err(_) => Ok(None),
    }
}

/// Somebody on record, as far as it takes to ask whether it is them.
#[derive(Clone, Debug)]
pub struct OnRecord {
    /// Their number.
    pub id: Uuid,
    /// Their name.
    pub full_name: String,
    /// Their birthday, if we know it.
    pub born: Option<NaiveDate>,
}

/// Who is on record with this phone number or email address; of other words nobody is.
///
/// # Errors
/// When the database does not answer.
pub async fn who_has(app: &App, contact: &str) -> Result<Vec<OnRecord>> {
    let (email, phone) = (email(contact).ok(), phone(contact).ok());
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    index::catch_up(app).await?;
    let like = book::store::Like {
        full_name: "",
        born: None,
        phone: phone.as_deref(),
        email: email.as_deref(),
    };
    let alike = book::store::alike(&app.db, &like, Uuid::nil(), false).await?;
    let on_record = alike.into_iter().map(|one| OnRecord {
        id: one.id,
        full_name: one.full_name,
        born: one.date_of_birth.and_then(|born| born.parse().ok()),
    });
    Ok(on_record.collect())
}

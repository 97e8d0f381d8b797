//! The pages of tutors.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::{Candidate, HERE, LONGEST_ABOUT, Tutor, Words, pages, store};
use crate::accounts::said::{Said, said};
use crate::accounts::sign_up::rules::name as name_rule;
use crate::catalogue::rules;
use crate::server::http::{Keep, Refusal, in_address, page, see};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, form_key, table_file};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::guards::Desk;
use crate::staff::rights::Teaching;
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};
use crate::ui::list::Asked;

/// The pages of tutors.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list)
        .get("/desk/tutors/list.csv", file)
        .get("/desk/tutors/list.xlsx", file)
        .get("/desk/tutors/add", show_add)
        .post("/desk/tutors/add", send_add)
        .get("/desk/tutors/{id}", show)
        .get("/desk/tutors/{id}/words", show_words)
        .post("/desk/tutors/{id}/words", send_words)
        .get("/desk/tutors/{id}/account", show_account)
        .post("/desk/tutors/{id}/account", send_account)
}

/// The choice that is no account.
pub const NONE: &str = "none";

/// The tutor whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Tutor);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::one(app, id)).await?;
        Ok(Self(found))
    }
}

/// Whose account it is stands beside a tutor: nobody's name is shown before that is written down.
async fn looked(
    app: &App,
    desk: &Desk<Teaching>,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<()> {
    audit::looked(app, desk.by(), Action::Looked, None, people).await
}

async fn list(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let number = asked.page();
    let part = Part::page(number, store::A_PAGE);
    let (all, count) = store::list(&app, &words, sort, part, None).await?;
    let people: Vec<Uuid> = all.iter().filter_map(|one| one.account_person).collect();
    looked(&app, &desk, people).await?;
    let heard = Said::heard(&app, &headers);
    let html = pages::list(
        &app,
        desk.who(),
        all,
        (&words, sort),
        (number, count),
        heard,
    );
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 4] = [
    "Name",
    "The site calls them",
    "Runs now and to come",
    "Has an account",
];

fn line(tutor: Tutor) -> Vec<Cell> {
    let account = if tutor.account_id.is_some() {
        "yes"
    } else {
        "no"
    };
    vec![
        tutor.full_name.into(),
        tutor.known_as.into(),
        tutor.runs.into(),
        account.into(),
    ]
}

/// The same list as a file, with all of them. The record has one line for it: a tutor here is nobody with a record of a person.
async fn file(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let name = table_file::dated(&app, "tutors");
    table_file::list(format, &name, &TITLES, move |part| {
        let entry = (part.skip == 0)
            .then(|| Entry::by(&app, desk.by(), Action::Downloaded))
            .transpose();
        let (app, words) = (app.clone(), words.clone());
        async move {
            let (all, count) = store::list(&app, &words, sort, part, entry?.as_ref()).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

async fn show(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(tutor): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    looked(&app, &desk, tutor.account_person).await?;
    let heard = Said::heard(&app, &headers);
    let runs = store::runs(&app, tutor.id).await?;
    let html = pages::one(&app, desk.who(), &tutor, runs, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn words_of(check: &mut Check) -> Option<Words> {
    let full_name = check.text("full-name", "Enter their full name", |typed| {
        name_rule(typed, 100, "their name")
    });
    let known_as = check.text("known-as", "Enter what the site calls them", |typed| {
        name_rule(typed, 50, "this name")
    });
    let about = check.optional_long_text("about").unwrap_or_default();
    if about.chars().count() > LONGEST_ABOUT {
        check.error("about", format!("Use {LONGEST_ABOUT} letters or fewer"));
    }
    let (full_name, known_as) = (full_name?, known_as?);
    (!check.failed()).then_some(Words {
        full_name,
        known_as,
        about,
    })
}

async fn show_add(desk: Desk<Teaching>, State(app): State<App>) -> Result<Response> {
    let form = FormState::filled([(FORM_KEY, form_key::new()?)]);
    Ok(pages::words(&app, desk.who(), None, form))
}

/// The name in addresses: small letters and hyphens, and the end of the number.
fn slug(name: &str, id: Uuid) -> String {
    let number = id.simple().to_string();
    let end = number.get(number.len() - 12..).unwrap_or_default();
    format!("{}-{end}", rules::slug(name))
        .trim_start_matches('-')
        .to_owned()
}

async fn send_add(
    desk: Desk<Teaching>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let words = words_of(&mut check);
    let form = check.finish();
    let Some(words) = words else {
        return Ok(pages::words(&app, desk.who(), None, form));
    };
    let answers = words.record();
    let id = form_key::id(&app, "tutor-by-desk", desk.by().account_id, &key, &answers);
    let entry = Entry::by(&app, desk.by(), Action::TutorAdded)?
        .changed_there(&app, id, "", &words.record())
        .await?;
    store::add(&app, id, &slug(&words.full_name, id), &words, &entry).await?;
    Ok(Said::TutorSaved.and_see(&app, &format!("{HERE}/{id}")))
}

async fn show_words(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(tutor): Chosen,
) -> Response {
    let form = FormState::filled([
        ("full-name", tutor.full_name.clone()),
        ("known-as", tutor.known_as.clone()),
        ("about", tutor.about.clone()),
    ]);
    pages::words(&app, desk.who(), Some(&tutor), form)
}

async fn send_words(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(tutor): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let words = words_of(&mut check);
    let form = check.finish();
    let Some(words) = words else {
        return Ok(pages::words(&app, desk.who(), Some(&tutor), form));
    };
    let before = tutor.words().record();
    let entry = Entry::by(&app, desk.by(), Action::TutorChanged)?
        .changed_there(&app, tutor.id, &before, &words.record())
        .await?;
    store::change(&app, tutor.id, &words, &entry).await?;
    Ok(Said::TutorSaved.and_see(&app, &tutor.path()))
}

/// The accounts to choose from, to be shown: of each it is written down.
async fn candidates(app: &App, desk: &Desk<Teaching>, tutor: &Tutor) -> Result<Vec<Candidate>> {
    let all = store::candidates(app, tutor.id).await?;
    let people: Vec<Uuid> = all.iter().map(|one| one.person_id).collect();
    audit::looked(app, desk.by(), Action::Looked, Some(tutor.id), people).await?;
    Ok(all)
}

async fn show_account(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(tutor): Chosen,
) -> Result<Response> {
    let all = candidates(&app, &desk, &tutor).await?;
    let chosen = tutor
        .account_id
        .map_or_else(|| NONE.to_owned(), |id| id.to_string());
    let form = FormState::filled([("account", chosen)]);
    Ok(pages::account(&app, desk.who(), &tutor, all, form))
}

async fn send_account(
    desk: Desk<Teaching>,
    State(app): State<App>,
    Chosen(tutor): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let all = store::candidates(&app, tutor.id).await?;
    let ids: Vec<String> = all.iter().map(|one| one.account_id.to_string()).collect();
    let mut known: Vec<&str> = ids.iter().map(String::as_str).collect();
    known.push(NONE);
    let mut check = Check::new(&submitted);
    let chosen = check
        .choice("account", "Choose an account, or “None”", &known)
        .map(|id| Uuid::try_parse(id).ok());
    let mut form = check.finish();
    if let Some(account) = chosen {
        if account == tutor.account_id {
            return Ok(see(&tutor.path()));
        }
        // Each under their own key: who signs in as them no more, and who does from now on.
        let words = format!("signs in as {}", tutor.full_name);
        let mut entries = Vec::new();
        if let Some(person) = tutor.account_person {
            let entry = Entry::by(&app, desk.by(), Action::TutorAccountChanged)?.about(tutor.id);
            entries.push(entry.changed(&app, person, &words, "").await?);
        }
        if let Some(to) = all.iter().find(|one| Some(one.account_id) == account) {
            let entry = Entry::by(&app, desk.by(), Action::TutorAccountChanged)?.about(tutor.id);
            entries.push(entry.changed(&app, to.person_id, "", &words).await?);
        }
        if store::link(&app, &tutor, account, &entries).await? {
            return Ok(Said::TutorSaved.and_see(&app, &tutor.path()));
        }
        form = form.with_error(
            "account",
            "This account cannot be chosen any more. Choose again",
        );
    }
    let all = candidates(&app, &desk, &tutor).await?;
    Ok(pages::account(&app, desk.who(), &tutor, all, form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Priya Nair", "priya-nair-")]
    #[case("Seán Ó Briain", "se-n-briain-")]
    #[case("Ó", "")]
    fn an_address_begins_with_the_name(#[case] name: &str, #[case] begin: &str) {
        let id = Uuid::max();
        assert_eq!(slug(name, id), format!("{begin}ffffffffffff"));
    }
}

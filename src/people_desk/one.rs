//! The page of one person: how to reach them, what they have booked, and what was said.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::claim::Given;
use super::log::{self, Note};
use super::merge::store::Past;
use super::model::{Beside, Called, Found, Line, Person};
use super::off_list::off_list_path;
use super::volunteer::{self, Volunteering};
use super::{HERE, chosen, claim, merge, path, store};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result, form_key};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// Everything that the page shows.
struct Whole {
    person: Person,
    beside: Vec<Beside>,
    lines: Vec<Line>,
    calls: Vec<Called>,
    notes: Vec<Note>,
    same: Vec<Found>,
    merges: Vec<Past>,
    code: Option<Given>,
    volunteers: Option<Volunteering>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if person.id.to_string() != id.to_lowercase() {
        // Their record has gone into another one.
        return Ok(see(&path(person.id)));
    }
    let heard = Said::heard(&app, &headers);
    let key = form_key::new()?;
    let html = opened(&app, &desk, person, FormState::empty(), key, heard).await?;
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Adds a note to the contact log.
pub async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    match log::read(Check::new(&submitted)) {
        Ok(new) => {
            let entry = Entry::by(&app, desk.by(), Action::ContactNoted)?.of(person.id);
            log::keep(&app, &person, desk.by().account_id, &key, &new, &entry).await?;
            Ok(Said::ContactNoted.and_see(&app, &path(person.id)))
        }
        Err(form) => {
            let html = opened(&app, &desk, person, form, key, None).await?;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
        }
    }
}

/// Writes the look down, and only then shows anything.
async fn opened(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    form: FormState,
    key: String,
    heard: Option<Said>,
) -> Result<String> {
    let beside = store::beside(&app.db, &person).await?;
    let same = merge::same(app, &person).await?;
    let others = beside.iter().map(|one| one.id);
    let seen = std::iter::once(person.id)
        .chain(others)
        .chain(same.iter().map(|one| one.id));
    audit::looked(app, desk.by(), Action::Looked, None, seen).await?;
    let whole = Whole {
        lines: store::lines(&app.db, person.id).await?,
        calls: store::calls(&app.db, person.id).await?,
        notes: log::notes(app, person.id).await?,
        merges: merge::store::past(&app.db, person.id).await?,
        code: claim::last(&app.db, person.id).await?,
        volunteers: volunteer::latest(&app.db, person.id).await?,
        same,
        beside,
        person,
    };
    let now = app.clock.now();
    let (title, failed) = (whole.person.full_name.clone(), form.has_errors());
    Ok(in_desk(app, desk.who(), &title, HERE, failed, move || {
        render(whole, form, key, heard, now)
    }))
}

fn render(
    whole: Whole,
    form: FormState,
    key: String,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let Whole {
        person,
        beside,
        lines,
        calls,
        notes,
        same,
        merges,
        code,
        volunteers,
    } = whole;
    let volunteers = volunteers.map(|status| volunteering(&person, &status, now));
    let code = code.filter(Given::wants_help).map(|code| {
        view! { <Notice title="Their code" kind=NoticeKind::Bad><p>{code.words(now)}</p></Notice> }
    });
    let same = alike(&person, same);
    let merges = merged(&person, merges, now);
    let book = format!("/desk/people/book?person={}", person.id);
    let book = person
        .deceased_at
        .is_none()
        .then(|| view! { <ButtonLink href=book>"Book for them"</ButtonLink> });
    let died = died(&person, now);
    let more = more(&person);
    let (name, id) = (person.full_name.clone(), person.id);
    let (to_come, others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.is_to_come(now));
    let (waiting, past): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|line| line.reference.is_none());
    let waiting = (!waiting.is_empty()).then(|| {
        let rows = waiting
            .into_iter()
            .map(|line| waits(id, line, now))
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="waiting">
                <h2 id="waiting">"Waiting for a place"</h2>
                <Table caption="Waiting lists they are on" stacks=true columns=vec![
                    Column::new("Course"), Column::new("Starts"), Column::new("How it stands"), Column::new("How it came"),
                    Column::new("Take off"),
                ] rows=rows />
            </section>
        }
    });
    view! {
        <ErrorSummary form=&form />
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <div class="wb-desk-head">
            <h1>{name}</h1>
            {book}
        </div>
        {died}
        {code}
        {same}
        {details(&person)}
        {relations(beside)}
        {bookings("Bookings to come", "to-come", "Nothing is booked.", to_come, Some(id), now)}
        {waiting}
        {bookings("Past and cancelled bookings", "past", "There are none.", past, None, now)}
        {called(calls, now)}
        {logged(notes, form, key, now)}
        {volunteers}
        {merges}
        {more}
    }
}

/// Who may be the same person.
fn alike(person: &Person, same: Vec<Found>) -> Option<impl IntoView + use<>> {
    let each: Vec<_> = same
        .into_iter()
        .map(|one| {
            let href = merge::compare_path(person.id, one.id);
            view! { <li><a href=href>"Compare with " {one.full_name}</a></li> }
        })
        .collect();
    (!each.is_empty()).then(|| {
        view! {
            <Notice title="Perhaps they have another record">
                <p>"These have the same phone or email, or the same name and date of birth. A couple often share one."</p>
                <ul>{each}</ul>
            </Notice>
        }
    })
}

/// The records that went into this one.
fn merged(person: &Person, merges: Vec<Past>, now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let today = dates::day_of(now);
    let each: Vec<_> = merges
        .into_iter()
        .map(|past| {
            let when = dates::day_and_time(past.merged_at, today);
            let undo = past.stays(now).is_none().then(|| {
                let href = format!("{}/merged/{}", path(person.id), past.id);
                view! { " " <a href=href>"Undo"</a> }
            });
            view! { <li>"The record of " {past.name} ", on " {when} "." {undo}</li> }
        })
        .collect();
    (!each.is_empty()).then(|| {
        view! {
            <section class="wb-block" aria-labelledby="merges">
                <h2 id="merges">"Records that went into this one"</h2>
                <ul>{each}</ul>
            </section>
        }
    })
}

/// That they have died, said quietly.
fn died(person: &Person, now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let since = person.deceased_at?;
    let when = dates::day_and_time(since, dates::day_of(now));
    let undo = format!("{}/deceased", path(person.id));
    Some(view! {
        <p class="wb-lead">
            "They have died. We noted it on " {when} ". Nothing is sent to them, and nothing can be booked for them. "
            <a href=undo>"Was it a mistake?"</a>
        </p>
    })
}

/// For whom they volunteer, and until when.
fn volunteering(
    person: &Person,
    status: &Volunteering,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let href = format!("{}/volunteer", path(person.id));
    let words = format!(
        "{}, {} hours a week. {}.",
        status.organisation,
        status.hours_a_week,
        status.words(now)
    );
    let warning = status
        .is_soon(now)
        .then(|| view! { <WarningText>"Their time as a volunteer ends soon. Then they cannot book what is for volunteers only."</WarningText> });
    view! {
        <section class="wb-block" aria-labelledby="volunteers">
            <h2 id="volunteers">"Volunteer"</h2>
            {warning}
            <p>{words} " " <a href=href>"Renew, change or end it"</a></p>
        </section>
    }
}

/// What is seldom done.
fn more(person: &Person) -> impl IntoView + use<> {
    let at = |what: &str| format!("{}/{what}", path(person.id));
    let died = person
        .deceased_at
        .is_none()
        .then(|| view! { <li><a href=at("deceased")>"They have died"</a></li> });
    let code = person.account_id.is_none().then(|| {
        view! { <li><a href=at("code")>"Give them a code for their account"</a></li> }
    });
    view! {
        <section class="wb-block" aria-labelledby="more">
            <h2 id="more">"What else there is to do"</h2>
            <ul>
                <li><a href=at("merge")>"They have another record"</a></li>
                {code}
                <li><a href=at("volunteer")>"They volunteer"</a></li>
                {died}
            </ul>
        </section>
    }
}

fn details(person: &Person) -> impl IntoView + use<> {
    let change = format!("{}/details", path(person.id));
    let phone = match (&person.phone, person.phone_words()) {
        (Some(number), Some(words)) => {
            let (href, words) = (tel(number), words);
            view! { <a href=href>{words}</a> }.into_any()
        }
        _ => "None".into_any(),
    };
    let ways = [
        (person.reach_by_email, "email"),
        (person.reach_by_text, "text"),
        (person.reach_by_call, "phone call"),
        (person.reach_by_letter, "letter"),
    ];
    let ways: Vec<&str> = ways
        .into_iter()
        .filter(|(may, _)| *may)
        .map(|(_, words)| words)
        .collect();
    let ways = if ways.is_empty() {
        "Not asked".to_owned()
    } else {
        ways.join(", ")
    };
    let message = if person.safe_to_leave_message {
        "You may leave a message"
    } else {
        "Do not leave a message"
    };
    let course = match person.name_course_in_messages {
        Some(true) => "We may name it",
        Some(false) => "Do not name it",
        None => "Not asked: do not name it",
    };
    let tutors = if person.keep_from_tutors {
        "Objected: tutors do not get their details"
    } else {
        "Their tutor sees name, phone and email"
    };
    let format = match person.format.as_str() {
        "large-print" => "Large print",
        "easy-read" => "Easy read",
        "interpreter" => "With an interpreter",
        _ => "As usual",
    };
    let account = match &person.account_email {
        Some(email) if person.verified => format!("Signs in with {email}"),
        Some(email) => format!("Signs in with {email}, which is not confirmed yet"),
        None => "No account".to_owned(),
    };
    let account = SummaryRow::new("Account", account);
    let account = if person.account_id.is_some() {
        account.change(format!("{}/account", path(person.id)))
    } else {
        account
    };
    let mut rows = vec![SummaryRow::new("Name", person.full_name.clone()).change(change.clone())];
    if let Some(called) = &person.preferred_name {
        rows.push(SummaryRow::new("Likes to be called", called.clone()));
    }
    rows.extend([
        SummaryRow::new("Date of birth", person.born_words()),
        SummaryRow::view("Phone", phone).change(change.clone()),
        SummaryRow::new(
            "Email",
            person.email.clone().unwrap_or_else(|| "None".to_owned()),
        )
        .change(change.clone()),
        SummaryRow::new("Address", person.address_words()).change(change),
        SummaryRow::new("We may reach them by", ways),
        SummaryRow::new("Messages", message),
        SummaryRow::new("The course’s name in messages", course),
        SummaryRow::new("Tutors", tutors).change(format!("{}/sharing", path(person.id))),
        SummaryRow::new("Format", format),
        account,
    ]);
    if let Some(guardian) = &person.guardian_name {
        let contact = [&person.guardian_phone, &person.guardian_email];
        let contact: Vec<&str> = contact.into_iter().flatten().map(String::as_str).collect();
        rows.push(SummaryRow::new(
            "Parent or guardian",
            format!("{guardian} ({})", contact.join(", ")),
        ));
    }
    view! { <SummaryList rows=rows /> }
}

fn relations(beside: Vec<Beside>) -> impl IntoView {
    (!beside.is_empty()).then(|| {
        let each: Vec<_> = beside
            .into_iter()
            .map(|one| {
                let words = if one.looks_after {
                    format!(", their {}, books for them", one.kind_words())
                } else {
                    format!(": they book for them, as {}", one.kind_words())
                };
                let href = path(one.id);
                view! { <li><a href=href>{one.full_name}</a> {words}</li> }
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="beside">
                <h2 id="beside">"Who stands beside them"</h2>
                <ul>{each}</ul>
            </section>
        }
    })
}

fn bookings(
    title: &'static str,
    id: &'static str,
    nothing: &'static str,
    lines: Vec<Line>,
    cancels: Option<uuid::Uuid>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let today = dates::day_of(now);
    let mut columns = vec![
        Column::new("Course"),
        Column::new("Starts"),
        Column::new("How it stands"),
        Column::new("How it came"),
        Column::new("Booking number"),
    ];
    if cancels.is_some() {
        columns.push(Column::new("Move or cancel"));
    }
    let rows: Vec<Vec<AnyView>> = lines
        .into_iter()
        .map(|line| {
            let (status, channel) = (line.status_words(), line.channel_words());
            let reference = line.reference.unwrap_or_default();
            let mut cells = vec![
                line.title.clone().into_any(),
                dates::day_and_time(line.starts_at, today).into_any(),
                status.into_any(),
                channel.into_any(),
                reference.clone().into_any(),
            ];
            if let Some(person) = cancels {
                let go = |what: &str| format!("{}/{what}/{reference}", path(person));
                let (moves, cancels) = (go("move"), go("cancel"));
                let title = line.title.clone();
                // What waits for a parent or guardian stays where it is.
                let moves = (line.status == "booked").then(|| {
                    view! { <a href=moves>"Move" <span class="govuk-visually-hidden">" " {title}</span></a> " or " }
                });
                let word = if moves.is_some() { "cancel" } else { "Cancel" };
                cells.push(
                    view! {
                        {moves}
                        <a href=cancels>{word} <span class="govuk-visually-hidden">" " {line.title}</span></a>
                    }
                    .into_any(),
                );
            }
            cells
        })
        .collect();
    let inside = if rows.is_empty() {
        view! { <p>{nothing}</p> }.into_any()
    } else {
        view! { <Table caption=title stacks=true columns=columns rows=rows /> }.into_any()
    };
    view! {
        <section class="wb-block" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {inside}
        </section>
    }
}

fn waits(person_id: uuid::Uuid, line: Line, now: DateTime<Utc>) -> Vec<AnyView> {
    let (status, channel) = (line.status_words(), line.channel_words());
    let (off, title) = (off_list_path(person_id, line.run_id), line.title.clone());
    vec![
        line.title.into_any(),
        dates::day_and_time(line.starts_at, dates::day_of(now)).into_any(),
        status.into_any(),
        channel.into_any(),
        view! { <a href=off>"Take off" <span class="govuk-visually-hidden">" the list of " {title}</span></a> }
            .into_any(),
    ]
}

fn called(calls: Vec<Called>, now: DateTime<Utc>) -> impl IntoView {
    let today = dates::day_of(now);
    (!calls.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = calls
            .into_iter()
            .map(|call| {
                let at = call.done_at.unwrap_or(call.call_by);
                vec![
                    call.about_words().into_any(),
                    dates::day_and_time(at, today).into_any(),
                    call.outcome_words().into_any(),
                ]
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="calls">
                <h2 id="calls">"Calls"</h2>
                <Table caption="Calls to them" stacks=true columns=vec![
                    Column::new("Why"), Column::new("When"), Column::new("What became of it"),
                ] rows=rows />
            </section>
        }
    })
}

fn logged(notes: Vec<Note>, form: FormState, key: String, now: DateTime<Utc>) -> impl IntoView {
    let today = dates::day_of(now);
    let each: Vec<_> = notes
        .into_iter()
        .map(|note| {
            let head = format!(
                "{}, {}, {}",
                dates::day_and_time(note.at, today),
                note.way.to_lowercase(),
                note.by
            );
            view! {
                <li>
                    <p class="wb-small">{head}</p>
                    <p class="wb-note-words">{note.words}</p>
                </li>
            }
        })
        .collect();
    let list = if each.is_empty() {
        view! { <p>"Nothing is written down yet."</p> }.into_any()
    } else {
        view! { <ul class="wb-log">{each}</ul> }.into_any()
    };
    let ways = log::WAYS
        .into_iter()
        .map(|(word, words)| Choice::new(word, words))
        .collect();
    view! {
        <section class="wb-block" aria-labelledby="log">
            <h2 id="log">"Contact log"</h2>
            {list}
            <Form key=key>
                <Radios form=&form name="way" label=Label::bold("How were you in touch?") choices=ways />
                <TextArea form=&form name="note" label=Label::bold("What was said") rows=4
                    hint="1,000 letters at most. They can ask to read it. Leave out what is about their health." />
                <Button kind=ButtonKind::Outlined>"Add to the log"</Button>
            </Form>
        </section>
    }
}

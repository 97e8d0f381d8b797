//! "Check your answers, then book".

use chrono::NaiveDate;
use leptos::prelude::*;
use uuid::Uuid;

use super::coming::{Others, section};
use super::{kept, other_dates, reminder, seen, today};
use super::{messages, note};
use crate::accounts::people::{Represented, guardian_row, person_path, with_next};
use crate::accounts::sign_up::rules::phone_words;
use crate::bookings::coming::Coming;
use crate::bookings::consents::ACCESS_NOTE;
use crate::bookings::holds::Kept;
use crate::bookings::store::{Clash, Offer, Person, Run};
use crate::server::App;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// The longest note about what would help.
pub const NOTE_LIMIT: usize = 1000;

/// What the check page shows.
pub struct Check<'a> {
    /// The run.
    pub offer: &'a Offer,
    /// The other dates of the course.
    pub others: &'a [Run],
    /// Who comes.
    pub coming: &'a Coming,
    /// Who could come along.
    pub bring: Others,
    /// Who comes: the account's own person first.
    pub people: &'a [Person],
    /// Whose page it is.
    pub account_id: Uuid,
    /// What became of the place that was kept for them on this run.
    pub kept: Option<Kept>,
    /// Another place of theirs at the same time.
    pub clash: Option<&'a Clash>,
    /// Who waits for a place together with them and does not come along.
    pub waits: &'a [Person],
    /// The form as it stands.
    pub form: FormState,
    /// The form's key.
    pub key: String,
}

/// What we know of somebody; `change` gives where an answer is changed, by its question.
fn about(person: &Person, change: impl Fn(&str) -> Option<String>) -> Vec<SummaryRow> {
    let row = |key: &'static str, value: String, question: &str| {
        let row = SummaryRow::new(key, value);
        match change(question) {
            Some(path) => row.change(path),
            None => row,
        }
    };
    let mut rows = vec![row("Name", person.full_name.clone(), "details/name")];
    if let Some(name) = &person.preferred_name {
        rows.push(row("Known as", name.clone(), "details/name"));
    }
    if let Some(born) = person.born() {
        rows.push(SummaryRow::new("Date of birth", dates::full_day(born)));
    }
    if let Some(phone) = &person.phone {
        rows.push(row("Phone", phone_words(phone), "details/phone"));
    }
    if let Some(email) = &person.email {
        rows.push(row("Email", email.clone(), "email"));
    }
    let postcode = person
        .postcode
        .clone()
        .unwrap_or_else(|| "No fixed address".to_owned());
    rows.push(row("Postcode", postcode, "details/postcode"));
    rows
}

/// The same of somebody they book for, with who has to agree.
fn about_other(
    person: &Person,
    other: &Represented,
    here: &str,
    first_day: NaiveDate,
) -> Vec<SummaryRow> {
    let own = with_next(&person_path(other.id), here);
    let mut rows = about(person, |_| Some(own.clone()));
    if other.is_under_16(first_day) {
        rows.push(guardian_row(other, Some(here)));
    }
    rows
}

/// What we say about another place at the same time.
fn overlap(clash: &Clash, page: &Check<'_>, today: NaiveDate) -> (&'static str, String) {
    let whose = page.people.iter().find(|p| p.id == clash.person_id);
    let other = page.coming.other.as_ref();
    let name = whose
        .filter(|p| other.is_some_and(|other| other.person_id == p.id))
        .map_or_else(
            || "You have".to_owned(),
            |p| format!("{} has", p.known_as()),
        );
    let title = if name == "You have" {
        "This is at the same time as something you have booked"
    } else {
        "This is at the same time as something else"
    };
    // What somebody else booked for them is between those two.
    let own = clash.account_id == Some(page.account_id) || name == "You have";
    let what = if own {
        format!("a place on {}", clash.title)
    } else {
        "something else booked".to_owned()
    };
    let when = dates::day_and_times(clash.starts_at, clash.ends_at, today);
    (title, format!("{name} {what}. The times meet on {when}."))
}

/// "Check your answers, then book".
pub fn check(app: &App, page: Check<'_>) -> String {
    let (today, now) = (today(app), app.clock.now());
    let clash = page.clash.map(|clash| overlap(clash, &page, today));
    let Check {
        offer,
        others,
        coming,
        bring,
        people,
        kept,
        waits,
        form,
        key,
        ..
    } = page;
    let back = format!("/courses/{}", offer.run.slug);
    let phone = app.config.phone().to_owned();
    let here = coming.book_path(offer);
    let first_day = dates::day_of(offer.run.starts_at);
    let about_all: Vec<_> = people
        .iter()
        .map(|person| match &coming.other {
            Some(other) if other.person_id == person.id => (
                format!("About {}", person.full_name),
                "about-2",
                about_other(person, other, &here, first_day),
            ),
            _ => (
                "About you".to_owned(),
                "about",
                about(person, |question| {
                    Some(with_next(&format!("/account/{question}"), &here))
                }),
            ),
        })
        .collect();
    let book = match (coming.own, &coming.other) {
        (true, None) => "Book my place",
        (true, Some(_)) => "Book both places",
        (false, _) => "Book this place",
    };
    let kept_notice = kept.map(|kept| kept::notice(Some(kept), offer.run.free(now), today));
    let others = matches!(kept, Some(Kept::Lapsed(_))).then(|| other_dates(others, coming, now));
    let waits = waits.first().map(|person| person.full_name.clone());
    let side = reminder(&offer.to_come(now), today, "Your course", None);
    let names: Vec<Option<String>> = seen::called(people, coming);
    let who_sees = seen::who_sees(offer, people, coming, today);
    let own = coming.own;
    // Asked once: after that it is changed in the account.
    let asks_name = people
        .first()
        .is_some_and(|person| person.name_course_in_messages.is_none());
    let with = section(coming, &bring);
    Page::new("Check your answers, then book")
        .signed_in(true)
        .journey()
        .unlisted()
        .error(form.has_errors())
        .back(back, "Back")
        .render(&app.site, move || {
            let form = &form;
            let summary = view! { <ErrorSummary form /> };
            let notes = note::fields(form, &names);
            let messages = own.then(|| {
                let name_course = asks_name.then(|| messages::name_course(form));
                (messages::remind(app, form), name_course)
            });
            let clash = clash.map(|(title, words)| {
                let both = view! {
                    <Checkboxes
                        form
                        name="overlap"
                        choices=vec![Choice::new("yes", "I know these are at the same time.")]
                    />
                };
                view! {
                    <Notice title>
                        <p>
                            {words} " You can still book this one. " <a href="/account/bookings">"See my bookings"</a>
                        </p>
                        {both}
                    </Notice>
                }
            });
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        {summary}
                        <h1>"Check your answers, then book"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        {kept_notice}
                        {waits
                            .map(|name| {
                                view! {
                                    <Notice title="You two wait for places together">
                                        <p>
                                            "You are booking 1 place. " {name}
                                            " stays on the waiting list and keeps your turn."
                                        </p>
                                    </Notice>
                                }
                            })}
                        {about_all
                            .into_iter()
                            .map(|(title, id, rows)| {
                                view! {
                                    <section class="wb-block wb-block--near" aria-labelledby=id>
                                        <h2 id=id>{title}</h2>
                                        <SummaryList rows />
                                    </section>
                                }
                            })
                            .collect_view()}
                        <p class="wb-small">"Is a date of birth wrong? Call " <PhoneLink /> " and we will put it right."</p>
                        <Form key>
                            {with}
                            <section class="wb-block wb-block--near" aria-labelledby="day">
                                <h2 id="day">"On the day"</h2>
                                {notes} {messages}
                            </section>
                            {clash}
                            <Notice title="Who will see this" symbol=Icon::Eye>
                                {who_sees}
                                <p>{ACCESS_NOTE.words}</p>
                            </Notice>
                            <p class="govuk-body">
                                "Rather talk? Call " <PhoneLink /> ". We can book for you."
                            </p>
                            <Button size=ButtonSize::Big>{book}</Button>
                        </Form>
                        <p class="wb-after-button">
                            "Nothing is booked until you press the button. You can cancel at any time."
                        </p>
                        <p class="wb-quiet">"We never ask for money or bank details. If somebody does, call " {phone} "."</p>
                        {others}
                    </div>
                </div>
            }
        })
}

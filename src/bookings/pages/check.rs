//! "Check your answers, then book".

use leptos::prelude::*;

use super::{book_path, kept, other_dates, reminder, today};
use super::{messages, note};
use crate::accounts::sign_up::rules::phone_words;
use crate::bookings::consents::ACCESS_NOTE;
use crate::bookings::holds::Kept;
use crate::bookings::rules;
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
    /// Who comes: the account's own person first.
    pub people: &'a [Person],
    /// What became of the place that was kept for them on this run.
    pub kept: Option<Kept>,
    /// Another place of theirs at the same time.
    pub clash: Option<&'a Clash>,
    /// The form as it stands.
    pub form: FormState,
    /// The form's key.
    pub key: String,
}

/// What we know of somebody. Who is signed in can change their own answers, and comes back `here`.
fn about(person: &Person, here: Option<&str>) -> Vec<SummaryRow> {
    let row = |key: &'static str, value: String, question: Option<&str>| {
        let row = SummaryRow::new(key, value);
        match (here, question) {
            (Some(here), Some(question)) => {
                let here =
                    percent_encoding::utf8_percent_encode(here, percent_encoding::NON_ALPHANUMERIC);
                row.change(format!("/account/{question}?next={here}"))
            }
            _ => row,
        }
    };
    let mut rows = vec![row("Name", person.full_name.clone(), Some("details/name"))];
    if let Some(name) = &person.preferred_name {
        rows.push(row("Known as", name.clone(), Some("details/name")));
    }
    if let Some(born) = person.born() {
        rows.push(row("Date of birth", dates::full_day(born), None));
    }
    if let Some(phone) = &person.phone {
        rows.push(row("Phone", phone_words(phone), Some("details/phone")));
    }
    if let Some(email) = &person.email {
        rows.push(row("Email", email.clone(), Some("email")));
    }
    let postcode = person
        .postcode
        .clone()
        .unwrap_or_else(|| "No fixed address".to_owned());
    rows.push(row("Postcode", postcode, Some("details/postcode")));
    rows
}

/// "Check your answers, then book".
pub fn check(app: &App, page: Check<'_>) -> String {
    let Check {
        offer,
        others,
        people,
        kept,
        clash,
        form,
        key,
    } = page;
    let (today, now) = (today(app), app.clock.now());
    let back = format!("/courses/{}", offer.run.slug);
    let tutor = offer.run.tutor_known_as.clone();
    let tutor = tutor.map_or_else(
        || "Your tutor".to_owned(),
        |name| format!("Your tutor, {name},"),
    );
    let young = people
        .iter()
        .any(|person| rules::is_under_16(person.born(), offer.run.starts_at));
    let phone = app.config.phone().to_owned();
    let here = book_path(&offer.run.slug, offer.run.id);
    let mut about_all = people.iter().enumerate().map(|(at, person)| match at {
        0 => ("About you".to_owned(), "about", about(person, Some(&here))),
        _ => (
            format!("About {}", person.full_name),
            "about-2",
            about(person, None),
        ),
    });
    let (first, second) = (about_all.next(), about_all.next());
    let both = second.is_some();
    let kept_notice = kept.map(|kept| kept::notice(Some(kept), offer.run.free(now), today));
    let others = matches!(kept, Some(Kept::Lapsed(_))).then(|| other_dates(others, now));
    let clash = clash.map(|clash| {
        (
            clash.title.clone(),
            dates::day_and_times(clash.starts_at, clash.ends_at, today),
        )
    });
    let first_day = dates::day(dates::day_of(offer.run.starts_at), today);
    let side = reminder(offer, today, "Your course", None);
    Page::new("Check your answers, then book")
        .signed_in(true)
        .journey()
        .unlisted()
        .error(form.has_errors())
        .back(back, "Back")
        .render(&app.site, move || {
            let form = &form;
            let summary = view! { <ErrorSummary form /> };
            let note = note::field(form);
            let (remind, name_course) = (messages::remind(app, form), messages::name_course(form));
            let clash = clash.map(|(title, when)| {
                let both = view! {
                    <Checkboxes
                        form
                        name="overlap"
                        choices=vec![Choice::new("yes", "I know these are at the same time.")]
                    />
                };
                view! {
                    <Notice title="This is at the same time as something you have booked">
                        <p>
                            "You have a place on " <strong>{title}</strong> ". The times meet on " {when}
                            ". You can still book this one. " <a href="/account/bookings">"See my bookings"</a>
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
                        {[first, second]
                            .into_iter()
                            .flatten()
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
                            <section class="wb-block wb-block--near" aria-labelledby="day">
                                <h2 id="day">"On the day"</h2>
                                {note} {remind} {name_course}
                            </section>
                            {clash}
                            <Notice title="Who will see this" symbol=Icon::Eye>
                                {if young {
                                    view! {
                                        <p>
                                            {tutor} " sees your name, and the phone and email of your parent or guardian. Nothing else. "
                                            "You will be under 16 on " {first_day} ". We will ask a parent or guardian to agree."
                                        </p>
                                    }
                                        .into_any()
                                } else {
                                    view! {
                                        <p>
                                            {tutor} " sees your " <strong>"name, phone and email"</strong>
                                            ". Nothing else. The course team sees the rest so that they can help you."
                                        </p>
                                    }
                                        .into_any()
                                }}
                                <p>{ACCESS_NOTE.words}</p>
                            </Notice>
                            <p class="govuk-body">
                                "Rather talk? Call " <PhoneLink /> ". We can book for you."
                            </p>
                            <Button size=ButtonSize::Big>{if both { "Book both places" } else { "Book my place" }}</Button>
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

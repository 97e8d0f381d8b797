//! "Check your answers, then book", and the page for somebody who is not signed in.

use leptos::prelude::*;

use super::{reminder, today};
use crate::bookings::choices::{NAME_COURSE_WORDS, TEXTS_WORDS};
use crate::bookings::holds::Kept;
use crate::bookings::rules;
use crate::bookings::store::{Clash, Offer, Person};
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
    /// Who books.
    pub person: &'a Person,
    /// A place that is kept for them on this run.
    pub kept: Option<Kept>,
    /// Another place of theirs at the same time.
    pub clash: Option<&'a Clash>,
    /// The form as it stands.
    pub form: FormState,
    /// The form's key.
    pub key: String,
}

/// A phone number as people write it: "07700 900 214".
fn phone_words(phone: &str) -> String {
    let Some(rest) = phone.strip_prefix("+44") else {
        return phone.to_owned();
    };
    let digits = format!("0{rest}");
    match digits.len() {
        11 => format!("{} {} {}", &digits[..5], &digits[5..8], &digits[8..]),
        _ => digits,
    }
}

fn about(person: &Person) -> Vec<SummaryRow> {
    let mut rows = vec![SummaryRow::new("Name", person.full_name.clone()).change("/account")];
    if let Some(name) = &person.preferred_name {
        rows.push(SummaryRow::new("Known as", name.clone()).change("/account"));
    }
    if let Some(born) = person.born() {
        rows.push(SummaryRow::new("Date of birth", dates::full_day(born)).change("/account"));
    }
    if let Some(phone) = &person.phone {
        rows.push(SummaryRow::new("Phone", phone_words(phone)).change("/account"));
    }
    if let Some(email) = &person.email {
        rows.push(SummaryRow::new("Email", email.clone()).change("/account"));
    }
    let postcode = person
        .postcode
        .clone()
        .unwrap_or_else(|| "No fixed address".to_owned());
    rows.push(SummaryRow::new("Postcode", postcode).change("/account"));
    rows
}

/// "Check your answers, then book".
pub fn check(app: &App, page: Check<'_>) -> String {
    let Check {
        offer,
        person,
        kept,
        clash,
        form,
        key,
    } = page;
    let today = today(app);
    let back = format!("/courses/{}", offer.run.slug);
    let tutor = offer.run.tutor_known_as.clone();
    let tutor = tutor.map_or_else(
        || "Your tutor".to_owned(),
        |name| format!("Your tutor, {name},"),
    );
    let young = rules::is_under_16(person.born(), offer.run.starts_at);
    let phone = app.config.phone().to_owned();
    let rows = about(person);
    let until = kept.map(|kept| dates::time(kept.until));
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
            let note = view! {
                <TextArea
                    form
                    name="access-note"
                    label=Label::bold("What would help you on the day? (you do not have to answer)")
                    hint="For example, a chair with arms, a seat near the door, or a carer coming too. Only the course team can read this."
                    rows=4
                />
            };
            let remind = view! {
                <Radios
                    form
                    name="remind"
                    label=Label::bold("How should we remind you?")
                    choices=vec![
                        Choice::new("email", "Email"),
                        Choice::new("email-and-text", "Email and text message").hint(TEXTS_WORDS),
                        Choice::new("call", "Phone call"),
                    ]
                />
            };
            let name_course = view! {
                <Checkboxes
                    form
                    name="name-course"
                    label=Label::bold("May we name the course in messages?")
                    choices=vec![Choice::new("yes", NAME_COURSE_WORDS)]
                />
            };
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
                        {until
                            .map(|until| {
                                view! {
                                    <Notice title="We are keeping a place for you" symbol=Icon::Clock>
                                        <p>"It is yours until " <strong>{until}</strong> ". Take your time."</p>
                                    </Notice>
                                }
                            })}
                        <section class="wb-block wb-block--near" aria-labelledby="about">
                            <h2 id="about">"About you"</h2>
                            <SummaryList rows />
                        </section>
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
                                <p>
                                    "What you tell us under “What would help you” is locked away. Only the course team can open it, and we record each time they do."
                                </p>
                            </Notice>
                            <p class="govuk-body">
                                "Rather talk? Call " <PhoneLink /> ". We can book for you."
                            </p>
                            <Button size=ButtonSize::Big>"Book my place"</Button>
                        </Form>
                        <p class="wb-after-button">
                            "Nothing is booked until you press the button. You can cancel at any time."
                        </p>
                        <p class="wb-quiet">"We never ask for money or bank details. If somebody does, call " {phone} "."</p>
                    </div>
                </div>
            }
        })
}

/// Nobody is signed in: make an account or sign in; the choice is kept.
pub fn who_are_you(app: &App, offer: &Offer) -> String {
    let today = today(app);
    let path = super::book_path(&offer.run.slug, offer.run.id);
    let next = percent_encoding::utf8_percent_encode(&path, percent_encoding::NON_ALPHANUMERIC);
    let sign_in = format!("/sign-in?next={next}");
    let sign_up = format!("/sign-up?run={}", offer.run.id);
    let side = reminder(offer, today, "You are booking", None);
    Page::new("Before you book")
        .journey()
        .unlisted()
        .back(format!("/courses/{}", offer.run.slug), "Back")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>"Before you book"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">"You make an account once. After that, booking takes 1 minute."</p>
                        <p>
                            "Have these ready: your phone number, your email address. It takes about 5 minutes. Your answers are kept for 24 hours, so you can stop and come back on this device."
                        </p>
                        <div class="wb-buttons">
                            <ButtonLink href=sign_up>"Make an account"</ButtonLink>
                            <a href=sign_in>"I have an account: sign in"</a>
                        </div>
                        <p>"No email, or rather talk? Call " <PhoneLink /> ". We can book for you."</p>
                    </div>
                </div>
            }
        })
}

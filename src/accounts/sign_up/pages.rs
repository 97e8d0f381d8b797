//! The pages of a sign-up.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::chosen::Chosen;
use super::fields;
use super::questions::{Answers, Question};
use super::rules;
use super::words::{format_words, postcode_words, reach_words};
use crate::accounts::people::with_next;
use crate::accounts::said::Said;
use crate::bookings::ChosenPlace;
use crate::privacy::consents::Wording;
use crate::server::{App, captcha};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// The privacy notice that is shown, kept with the choice.
pub const NOTICE: Wording = Wording {
    about: "privacy-notice",
    words: "Our privacy notice says what we keep, why, and for how long.",
    version: "1",
};

/// What all the pages of one sign-up have in common.
pub struct Beside {
    /// The run that was chosen.
    pub chosen: Option<Chosen>,
    /// Today in Bath.
    pub today: NaiveDate,
}

impl Beside {
    /// The first day of the run, or today.
    pub fn first_day(&self) -> NaiveDate {
        self.chosen.as_ref().map_or(self.today, Chosen::first_day)
    }

    fn round(&self, main: AnyView) -> AnyView {
        match self
            .chosen
            .as_ref()
            .map(|chosen| chosen.reminder(self.today))
        {
            Some(aside) => view! {
                <div class="wb-split"><div class="wb-split__main">{main}</div> {aside}</div>
            }
            .into_any(),
            None => view! { <div class="wb-measure">{main}</div> }.into_any(),
        }
    }
}

/// "Before you book". `next` is the page they go on to where no run is chosen.
pub fn start(
    app: &App,
    beside: &Beside,
    next: Option<String>,
    heard: Option<Said>,
    before: bool,
) -> String {
    let back = beside
        .chosen
        .as_ref()
        .map_or("/courses".to_owned(), Chosen::course_path);
    let next = beside.chosen.as_ref().map(Chosen::book_path).or(next);
    let sign_in = next.map_or("/sign-in".to_owned(), |next| with_next("/sign-in", &next));
    Page::new("Before you book")
        .journey()
        .unlisted()
        .back(back, "Back")
        .render(&app.site, || {
            let main = view! {
                {heard.map(|said| view! { <Notice title=said.words()>{()}</Notice> })}
                <h1>"Before you book"</h1>
                {before.then(started_before)}
                <p class="wb-lead">"You make an account once. After that, booking takes 1 minute."</p>
                <ul>
                    <li>"Have these ready: your phone number, your email address."</li>
                    <li>
                        "It takes about 5 minutes. Your answers are kept for 24 hours, so you can stop and come back \
                        on this device."
                    </li>
                </ul>
                <Form>
                    <div class="wb-buttons">
                        <Button>{if before { "Go on with my answers" } else { "Start" }}</Button>
                        <a href=sign_in>"I have an account: sign in"</a>
                    </div>
                </Form>
                <p>"On a shared computer? Delete your answers before you leave it."</p>
                <p>
                    "No email, or rather talk? Call " <PhoneLink />
                    ". We can book for you, for a child, or for a person you care for."
                </p>
            };
            beside.round(main.into_any())
        })
}

/// Answers that this browser has: perhaps somebody else's.
fn started_before() -> impl IntoView {
    view! {
        <Notice title="You started before on this device">
            <p>"Were these not your answers? Delete them and start again."</p>
            {forget_button()}
        </Notice>
    }
}

/// The button that deletes the answers of this browser.
fn forget_button() -> impl IntoView {
    view! {
        <Form action="/sign-up/forget">
            <Button kind=ButtonKind::Outlined>"Delete my answers"</Button>
        </Form>
    }
}

/// One question.
pub fn question(
    app: &App,
    beside: &Beside,
    question: Question,
    form: &FormState,
    answers: &Answers,
) -> String {
    let questions = answers.questions(beside.first_day());
    let at = questions
        .iter()
        .position(|own| *own == question)
        .unwrap_or_default();
    let count = format!("Question {} of {}", at + 1, questions.len());
    let back = match at.checked_sub(1).and_then(|before| questions.get(before)) {
        Some(before) => format!("/sign-up/{}", before.slug()),
        None => beside
            .chosen
            .as_ref()
            .map_or("/sign-up".to_owned(), |chosen| {
                format!("/sign-up?run={}", chosen.run_id)
            }),
    };
    Page::new(question.title())
        .journey()
        .unlisted()
        .error(form.has_errors())
        .back(back, "Back")
        .render(&app.site, || {
            let main = view! {
                <ErrorSummary form=form />
                <form method="post" novalidate>
                    {fields::fields(question, form, &count)} <Button>"Continue"</Button>
                </form>
            };
            beside.round(main.into_any())
        })
}

/// "Check your answers".
pub fn answers(app: &App, beside: &Beside, answers: &Answers) -> String {
    Page::new("Check your answers")
        .journey()
        .unlisted()
        .back("/sign-up/newsletter", "Back")
        .render(&app.site, || {
            let outside = answers.out_of_area.then(|| view! {
                <Notice title="That postcode looks to be outside our area">
                    <p>
                        "You can still book. If lots of people want a course, we may ask people who live here first."
                    </p>
                </Notice>
            });
            let first_day = beside.first_day();
            let young = (answers.band(first_day) == Some(rules::AgeBand::Under16)).then(|| {
                format!(
                    "You will be under 16 on {}. We will ask a parent or guardian to agree.",
                    dates::day(first_day, beside.today)
                )
            });
            let who_sees = if young.is_some() {
                view! {
                    <p>
                        "Your tutor sees your " <strong>"name, and the phone and email of your parent or guardian"</strong>
                        ". Nothing else. The course team sees the rest so that they can help you."
                    </p>
                }
            } else {
                view! {
                    <p>
                        "Your tutor sees your " <strong>"name, phone and email"</strong>
                        ". Nothing else. The course team sees the rest so that they can help you."
                    </p>
                }
            };
            let main = view! {
                <h1>"Check your answers"</h1>
                <section class="wb-block wb-block--near" aria-labelledby="about">
                    <h2 id="about">"About you"</h2>
                    <SummaryList rows=rows(answers, first_day) />
                </section>
                {young.map(|words| view! { <p>{words}</p> })}
                {outside}
                <Notice title="Who will see this" symbol=crate::ui::art::Icon::Eye>
                    {who_sees}
                </Notice>
                <p>
                    <a href="/privacy">"Our privacy notice"</a>
                    " says what we keep, why, and for how long. Version " {NOTICE.version} ", 22 November 2026."
                </p>
                <ButtonLink href="/sign-up/captcha">"Go on"</ButtonLink>
                <p class="wb-after-button">
                    "Nothing is booked yet. We will send you an email. Open it, and then you can book."
                </p>
                {forget_button()}
            };
            beside.round(main.into_any())
        })
}

fn rows(answers: &Answers, first_day: NaiveDate) -> Vec<SummaryRow> {
    let change = |question: Question| format!("/sign-up/{}", question.slug());
    let row = |key: &'static str, value: String, question: Question| {
        SummaryRow::new(key, value).change(change(question))
    };
    let mut rows = vec![
        row("Name", answers.full_name.clone(), Question::Name),
        row(
            "What we call you",
            answers.known_as().to_owned(),
            Question::Name,
        ),
        row(
            "Date of birth",
            answers.born.map(dates::full_day).unwrap_or_default(),
            Question::Born,
        ),
        row(
            "Age group",
            answers
                .band(first_day)
                .map_or("", rules::AgeBand::words)
                .to_owned(),
            Question::Born,
        ),
        row("Email", answers.email.clone(), Question::Email),
        row("Phone", rules::phone_words(&answers.phone), Question::Phone),
    ];
    if let Some(guardian) = answers
        .guardian
        .as_ref()
        .filter(|_| answers.band(first_day) == Some(rules::AgeBand::Under16))
    {
        let contact = format!(
            "{}, {}, {}",
            guardian.full_name,
            guardian.email,
            rules::phone_words(&guardian.phone)
        );
        rows.push(row("Parent or guardian", contact, Question::Guardian));
    }
    rows.extend([
        row("Postcode", postcode_words(answers), Question::Postcode),
        row("How we reach you", reach_words(answers), Question::Reach),
        row(
            "Another way",
            format_words(answers).to_owned(),
            Question::Reach,
        ),
        row(
            "New courses by email",
            newsletter_words(answers).to_owned(),
            Question::Newsletter,
        ),
    ]);
    rows
}

fn newsletter_words(answers: &Answers) -> &'static str {
    if answers.newsletter == Some(true) {
        "Yes, please"
    } else {
        "No, thank you"
    }
}

/// "One last check".
pub fn captcha(app: &App, form: &FormState) -> String {
    let offer_link = form.has_errors();
    Page::new("One last check")
        .journey()
        .unlisted()
        .error(form.has_errors())
        .back("/sign-up/answers", "Back")
        .script(captcha::script(&app.config))
        .head(captcha::head(&app.config))
        .render(&app.site, || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=form />
                    <h1>"One last check"</h1>
                    <p class="wb-lead">"This keeps out computer programs that pretend to be people."</p>
                    <form method="post" novalidate>
                        <div id="captcha">{captcha::widget(app, super::sending::FORM, offer_link)}</div>
                        <Button>"Send me the email"</Button>
                    </form>
                    <p class="wb-after-button">"Does this not work? Call us on " <PhoneLink /> ". We can book for you."</p>
                </div>
            }
        })
}

/// "You have not booked yet: open our email".
pub fn open_email(
    app: &App,
    beside: &Beside,
    email: &str,
    place: Option<&ChosenPlace>,
    again: bool,
    form: &FormState,
) -> String {
    let email = email.to_owned();
    Page::new("You have not booked yet: open our email")
        .journey()
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, || {
            let main = view! {
                <ErrorSummary form=form />
                {again.then(|| view! { <Notice title="We have sent it again" kind=NoticeKind::Good>{()}</Notice> })}
                <h1>"You have not booked yet: open our email"</h1>
                <p class="wb-lead">
                    "We sent an email to " <strong>{email}</strong> ". Open it and press the button in it. Then you can book."
                </p>
                {place.map(|place| place.view(app))}
                <section class="wb-block" aria-labelledby="not-there">
                    <h2 id="not-there">"Is it not there?"</h2>
                    <ol class="wb-numbers">
                        <li>"Wait 5 minutes. Look in your junk or spam folder too."</li>
                        <li>"Is the address right? " <a href="/sign-up/email">"Change my email address"</a></li>
                        <li>"Call us on " <PhoneLink /> ". We can book for you."</li>
                    </ol>
                </section>
                <Form action="/sign-up/open-email">
                    <span id="again"></span>
                    <Button kind=ButtonKind::Outlined>"Send the email again"</Button>
                </Form>
            };
            beside.round(main.into_any())
        })
}

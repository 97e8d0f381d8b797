//! Writing to everybody on a run.

use chrono::NaiveDate;
use leptos::prelude::*;
use uuid::Uuid;

use super::{HERE, run_path};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::bookings::changes::Counts;
use crate::registers::message::{Sent, Whom};
use crate::registers::model::Run;
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The field with the words.
pub const WORDS: &str = "words";
/// The field with the message's id.
pub const MESSAGE: &str = "message";
/// The field that says what to do.
pub const STEP: &str = "do";
/// The words are right.
pub const SEND: &str = "send";
/// They are not.
pub const CHANGE: &str = "change";

/// The address of the page.
pub fn path(run: &Run) -> String {
    format!("{}/message", run_path(run))
}

/// "1 person", "9 people".
fn people(n: i64) -> String {
    match n {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    }
}

/// "8 by email. 3 by text. The course team rings 1."
fn ways(counts: Counts) -> String {
    let Counts {
        by_email,
        by_text,
        by_letter,
        by_call,
        ..
    } = counts;
    let mut ways = Vec::new();
    for (n, words) in [
        (by_email, "by email"),
        (by_text, "by text"),
        (by_letter, "by letter"),
    ] {
        if n > 0 {
            ways.push(format!("{n} {words}."));
        }
    }
    if by_call > 0 {
        ways.push(format!("The course team rings {by_call}."));
    }
    ways.join(" ")
}

/// The words, line by line.
fn quote(words: &str) -> impl IntoView + use<> {
    let lines: Vec<_> = words
        .lines()
        .map(|line| view! { {line.to_owned()} <br /> })
        .collect();
    view! { <blockquote class="wb-message"><p>{lines}</p></blockquote> }
}

/// The form, if they may write now, and what was written before.
pub fn write(
    app: &App,
    who: &Who,
    run: &Run,
    form: Option<FormState>,
    sent: Vec<Sent>,
    heard: Option<Said>,
) -> String {
    let today = dates::day_of(app.clock.now());
    let (back, title) = (run_path(run), run.title.clone());
    let failed = form.as_ref().is_some_and(FormState::has_errors);
    in_desk(app, who, "Write to everybody", HERE, failed, move || {
        let good = heard.map(|said| good(said, &sent));
        let summary = form
            .clone()
            .map(|form| view! { <ErrorSummary form=&form /> });
        let form = match form {
            Some(form) => words_form(form).into_any(),
            None => view! {
                <p class="wb-lead">"The sessions that you lead are over, so you cannot write from here. Call us on " <PhoneLink /> "."</p>
            }
            .into_any(),
        };
        view! {
            {good}
            {summary}
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to the register"</a></nav>
                <p class="wb-register__course">{title}</p>
                <h1>"Write to everybody"</h1>
                {form}
                {before(sent, today)}
            </div>
        }
    })
}

/// "Your message is on its way to 9 people."
pub fn good(said: Said, sent: &[Sent]) -> impl IntoView + use<> {
    let words = match (said, sent.first()) {
        (Said::GroupWritten, Some(sent)) => {
            format!("Your message is on its way to {}.", people(sent.people))
        }
        _ => said.words().to_owned(),
    };
    view! { <Notice title=words kind=NoticeKind::Good>{()}</Notice> }
}

/// The box for the words.
pub fn words_field(form: &FormState) -> impl IntoView + use<> {
    view! {
        <TextArea
            form
            name=WORDS
            label="Your message"
            hint="Up to 500 letters. Others may see the phone it arrives on, so leave out names and anything about health."
            rows=6
        />
    }
}

fn words_form(form: FormState) -> impl IntoView {
    view! {
        <p class="wb-lead">"Is something different at the last moment? Write a few words, and we bring them to everybody who has a place."</p>
        <Form>
            {words_field(&form)}
            <p>"Next you see how many people get it. Nothing is sent yet."</p>
            <Button>"Go on"</Button>
        </Form>
    }
}

/// What was written before.
pub fn before(sent: Vec<Sent>, today: NaiveDate) -> Option<impl IntoView> {
    (!sent.is_empty()).then(|| {
        let all: Vec<_> = sent
            .into_iter()
            .map(|sent| {
                let when = dates::day_and_time(sent.at, today);
                let counts = Counts {
                    people: sent.people,
                    by_email: sent.by_email,
                    by_text: sent.by_text,
                    by_call: sent.by_call,
                    by_letter: sent.by_letter,
                };
                let whom = match sent.whom() {
                    Whom::Everybody => String::new(),
                    whom => format!("{}. ", whom.words()),
                };
                let to = format!(
                    "{}, to {}. {whom}{}",
                    sent.name,
                    people(sent.people),
                    ways(counts)
                );
                view! {
                    <li class="wb-card">
                        <h3>{when}</h3>
                        {quote(&sent.words)}
                        <p class="wb-quiet">{to}</p>
                    </li>
                }
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="before">
                <h2 id="before">"Messages so far"</h2>
                <ul class="wb-messages">{all}</ul>
            </section>
        }
    })
}

/// A message before it is sent.
pub struct Preview {
    /// Its id.
    pub id: Uuid,
    /// Who writes.
    pub from: String,
    /// What it says.
    pub words: String,
    /// How many get it, and how.
    pub counts: Counts,
}

/// Where the preview stands.
pub struct Frame {
    /// The desk.
    pub desk: &'static str,
    /// The page of the form.
    pub back: String,
    /// The course's title.
    pub course: String,
    /// To whom, when it is not everybody.
    pub whom: Option<String>,
    /// What else the form sends on.
    pub fields: Vec<(&'static str, String)>,
}

impl Frame {
    /// At the tutor desk.
    pub fn of_tutor(run: &Run) -> Self {
        Self {
            desk: HERE,
            back: path(run),
            course: run.title.clone(),
            whom: None,
            fields: Vec::new(),
        }
    }
}

/// The words once more, and who gets them.
pub fn preview(app: &App, who: &Who, frame: Frame, message: Preview) -> String {
    let Frame {
        desk,
        back,
        course: title,
        whom,
        fields,
    } = frame;
    in_desk(app, who, "Check your message", desk, false, move || {
        let Preview {
            id,
            from,
            words,
            counts,
        } = message;
        let all = format!("{} will get it", people(counts.people));
        let how = ways(counts);
        let each = counts.by_email + counts.by_text + counts.by_call + counts.by_letter;
        let twice = each > counts.people;
        let whom = whom.map(|whom| view! { <p>{whom} "."</p> });
        let fields: Vec<_> = fields
            .into_iter()
            .map(|(name, value)| view! { <HiddenField name=name value=value /> })
            .collect();
        let twice = twice.then(|| view! { <p>"Some get it in two ways."</p> });
        let from = format!("{from}, writes:");
        let button = match counts.people {
            1 => "Send it to 1 person".to_owned(),
            n => format!("Send it to {n} people"),
        };
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Start again"</a></nav>
                <p class="wb-register__course">{title}</p>
                <h1>"Check your message"</h1>
                <p>{from}</p>
                {quote(&words)}
                <Notice title=all symbol=Icon::Mail>
                    {whom}
                    <p>{how}</p>
                    {twice}
                    <p>"For somebody under 16 it goes to their parent or guardian. Answers come to the course team."</p>
                </Notice>
                <Form>
                    {fields}
                    <HiddenField name=WORDS value=words />
                    <HiddenField name=MESSAGE value=id.to_string() />
                    <div class="wb-buttons">
                        <Button name=STEP value=SEND>{button}</Button>
                        <Button kind=ButtonKind::Outlined name=STEP value=CHANGE>"Change it"</Button>
                    </div>
                </Form>
            </div>
        }
    })
}

//! The course team writes what a reminder says that a missed place costs others.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::words::{self, About, Before, MOST_IN_EMAIL, MOST_IN_TEXT, PLACEHOLDERS, Words};
use crate::accounts::said::{Said, said};
use crate::messages::letters::bookings::Facts;
use crate::messages::letters::{reminders as letters, texts};
use crate::messages::{Address, segments};
use crate::server::http::Refusal;
use crate::server::random::Secret;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

const HERE: &str = "/desk/messages/reminders";
const EMAIL: &str = "email-words";
const TEXT: &str = "text-words";

/// The page.
pub fn routes() -> Routes {
    Routes::default().get(HERE, show).post(HERE, send)
}

fn as_they_are(words: &Words) -> FormState {
    FormState::filled([
        (EMAIL, words.email_words.clone()),
        (TEXT, words.text_words.clone()),
    ])
}

async fn show(desk: Desk<Courses>, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let words = words::in_force(&app).await?;
    let heard = Said::heard(&app, &headers);
    let form = as_they_are(&words);
    let answer = ask(&app, &desk, form, Some(words), heard).await?;
    Ok(said(&app, heard, answer))
}

/// The words of the form, if they are right.
fn read(submitted: &Submitted) -> (Option<Words>, FormState) {
    let mut check = Check::new(submitted);
    let email = check.long_text(EMAIL, "Write what an email says");
    let email = email.and_then(|typed| {
        words::checked(&typed, MOST_IN_EMAIL)
            .map_err(|sentence| check.error(EMAIL, sentence))
            .ok()
    });
    let text = check.optional_long_text(TEXT).unwrap_or_default();
    let text = words::checked(&text, MOST_IN_TEXT)
        .map_err(|sentence| check.error(TEXT, sentence))
        .ok();
    let form = check.finish();
    let words = email.zip(text).map(|(email_words, text_words)| Words {
        email_words,
        text_words,
    });
    (words.filter(|_| !form.has_errors()), form)
}

async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let (words, form) = match submitted.line("do").as_str() {
        "ours" => (Some(Words::default()), FormState::empty()),
        "look" | "save" => read(&submitted),
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    match words {
        Some(words) if submitted.line("do") != "look" => {
            words::keep(&app, desk.by(), &words).await?;
            Ok(Said::ReminderWorded.and_see(&app, HERE))
        }
        words => ask(&app, &desk, form, words, None).await,
    }
}

/// An email and a text as they would go tomorrow.
struct Sample {
    email: String,
    text: String,
}

fn sample(app: &App, words: &Words) -> Result<Sample> {
    let run = words::sample(app);
    let starts_at = run.starts.first().copied();
    let about = About::new(app, starts_at.unwrap_or(run.first_ends_at));
    let today = dates::day_of(app.clock.now());
    // As long as a real one; it leads nowhere.
    let url = format!(
        "{}/cannot-come/{}",
        app.config.origin(),
        Secret::new()?.text()
    );
    let text = about.fill(&words.text_words);
    let text = texts::reminder(&app.config, "+447700900000", &run, &url, today, &text);
    let told = letters::Told {
        facts: Facts {
            reference: "ABC234".to_owned(),
            run,
            by_staff: false,
        },
        session: (1, 6),
        place_note: None,
        url,
        today,
        cost: about.fill(&words.email_words),
    };
    let to = Address::new(Some("Sam"), "sam@example.org");
    Ok(Sample {
        email: letters::reminder(&app.config, to, &told)?.text,
        text: text.words,
    })
}

async fn ask(
    app: &App,
    desk: &Desk<Courses>,
    form: FormState,
    words: Option<Words>,
    heard: Option<Said>,
) -> Result<Response> {
    let failed = form.has_errors();
    let changed = words::changed(app).await?;
    let history = words::history(app).await?;
    let today = dates::day_of(app.clock.now());
    let sample = words.map(|words| sample(app, &words)).transpose()?;
    Ok(form_in_desk(
        app,
        desk.who(),
        "What a reminder says",
        HERE,
        failed,
        move || {
            let since = match &changed {
                None => "These are the words that came with the site.".to_owned(),
                Some((at, by)) => {
                    let by = by.as_ref().map(|by| format!(", by {by}"));
                    format!(
                        "The team changed them: {}{}.",
                        dates::day_and_time(*at, today),
                        by.unwrap_or_default()
                    )
                }
            };
            let back = changed.is_some().then(|| view! {
            <Form>
                <Button kind=ButtonKind::Outlined name="do" value="ours">"Go back to the words that came with the site"</Button>
            </Form>
        });
            view! {
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <ErrorSummary form=&form />
                <div class="wb-measure">
                    <h1>"What a reminder says"</h1>
                    <p class="wb-lead">"Every reminder says, in a sentence or two, what a place costs others when nobody sits in it. \
                        What you write here is in the next reminders that go."</p>
                    <p>{since}</p>
                    {fields(form.clone())}
                    {sample.map(seen)}
                    {back}
                    {before(history, today)}
                </div>
            }
        },
    ))
}

fn fields(form: FormState) -> impl IntoView {
    let list: Vec<_> = PLACEHOLDERS
        .into_iter()
        .map(|(name, what)| view! { <li><code>{name}</code> " stands for " {what}</li> })
        .collect();
    let email = format!("Plain words, up to {MOST_IN_EMAIL} letters.");
    let text = format!("Up to {MOST_IN_TEXT} letters. Leave it empty to keep texts short.");
    view! {
        <Form>
            <TextArea form=&form name=EMAIL label="In an email" hint=email rows=4 />
            <TextArea form=&form name=TEXT label="In a text message" hint=text rows=3 />
            <p>"You can use:"</p>
            <ul class="govuk-list govuk-list--bullet">{list}</ul>
            <p>"The name of the course cannot stand here: not everybody wants it in a message."</p>
            <div class="wb-buttons">
                <Button name="do" value="save">"Save these words"</Button>
                <Button kind=ButtonKind::Outlined name="do" value="look">"See how it reads"</Button>
            </div>
        </Form>
    }
}

/// What the words were before.
fn before(history: Vec<Before>, today: chrono::NaiveDate) -> Option<impl IntoView> {
    (!history.is_empty()).then(|| {
        let all: Vec<_> = history
            .into_iter()
            .map(|one| {
                let until = dates::day_and_time(one.until, today);
                view! { <li class="wb-card"><h3>"Until " {until}</h3><p>{lines(&one.words)}</p></li> }
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="before">
                <h2 id="before">"The words before"</h2>
                <ul class="wb-messages">{all}</ul>
            </section>
        }
    })
}

fn lines(words: &str) -> Vec<impl IntoView + use<>> {
    words
        .lines()
        .map(|line| view! { {line.to_owned()} <br /> })
        .collect()
}

fn seen(sample: Sample) -> impl IntoView {
    let letters = sample.text.chars().count();
    let parts = match segments::count(&sample.text) {
        1 => format!("{letters} letters: it goes as 1 text."),
        n => format!("{letters} letters: it goes as {n} texts, and each is paid for."),
    };
    view! {
        <section class="wb-block" aria-labelledby="email-looks">
            <h2 id="email-looks">"An email reads like this"</h2>
            <blockquote class="wb-message"><p>{lines(&sample.email)}</p></blockquote>
        </section>
        <section class="wb-block" aria-labelledby="text-looks">
            <h2 id="text-looks">"A text reads like this"</h2>
            <blockquote class="wb-message"><p>{lines(&sample.text)}</p></blockquote>
            <p>{parts}</p>
        </section>
    }
}

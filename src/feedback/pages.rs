//! The questions and what comes after them, and how results are shown. No page of the survey names the course: its link lies in a
//! mailbox that somebody may share.

use leptos::prelude::*;

use super::model::{QUESTIONS, Question, WORDS};
use super::results::{Line, Shown, Totals};
use super::rules;
use super::store::Asked;
use crate::accounts::said::Said;
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

fn heard_notice(heard: Option<Said>) -> impl IntoView {
    heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })
}

/// One question with its answers.
fn question(form: &FormState, question: &'static Question) -> impl IntoView + use<> {
    let choices = question
        .answers
        .iter()
        .map(|(value, words)| Choice::new(*value, *words))
        .collect();
    view! { <Radios form name=question.field label=Label::part(question.words) choices /> }
}

/// "Do not ask me again", or, while the questions are open, the way back from it.
fn ask_again(asked: &Asked, open: bool) -> impl IntoView + use<> {
    if !asked.ask_again && !open {
        return ().into_any();
    }
    let (value, words) = if asked.ask_again {
        ("never", "Do not ask me again")
    } else {
        ("ask", "You may ask me again")
    };
    view! {
        <Form class="wb-buttons">
            <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value=value>{words}</Button>
        </Form>
    }
    .into_any()
}

/// The questions.
pub fn questions(app: &App, asked: &Asked, form: FormState, heard: Option<Said>) -> String {
    let until = dates::full_day(rules::last_day(asked.ends_at));
    let wrote = asked.wrote;
    let title = "How was your course?";
    let again = ask_again(asked, true);
    Page::new(title)
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            let form = &form;
            let hint = if wrote {
                "You have written something already. If you write again, it takes its place."
            } else {
                "The course team reads this. Who leads the course does not."
            };
            let all: Vec<_> = QUESTIONS.into_iter().map(|one| question(form, one)).collect();
            let written = view! {
                <TextArea form name=WORDS label=Label::part("Is there anything you want to tell us?") hint=hint />
            };
            view! {
                <div class="wb-measure">
                    <ErrorSummary form />
                    {heard_notice(heard)}
                    <h1>{title}</h1>
                    <p class="wb-lead">"Your course is over. We hope that it did you good."</p>
                    <p>
                        "Three short questions. Leave out what you like. Whoever leads the course sees only how many people gave which answer. \
                         You can answer until " {until} "."
                    </p>
                    <Form>
                        {all}
                        {written}
                        <Button name="do" value="answer">"Send my answers"</Button>
                    </Form>
                    <h2>"Rather not?"</h2>
                    <p>"You need not answer. It changes nothing for you."</p>
                    {again}
                    <p>"Rather talk? Call " <PhoneLink /> "."</p>
                </div>
            }
        })
}

/// They have answered.
pub fn thanks(app: &App, asked: &Asked, open: bool, heard: Option<Said>) -> String {
    let again = ask_again(asked, open);
    Page::new("Thank you for your answers")
        .unlisted()
        .render(&app.site, move || {
            let change =
                open.then(|| view! { <p><a href="?again=yes">"Change my answers"</a></p> });
            view! {
                <div class="wb-measure">
                    {heard_notice(heard)}
                    <h1>"Thank you for your answers"</h1>
                    <p class="wb-lead">"They help us to make the courses better."</p>
                    {change}
                    <div class="wb-buttons">
                        <ButtonLink href="/courses">"Find another course"</ButtonLink>
                    </div>
                    <h2>"After other courses"</h2>
                    {again}
                    <p>"Was something not right? Call us on " <PhoneLink /> "."</p>
                </div>
            }
        })
}

/// A link that leads nowhere, or nowhere any more.
pub fn over(app: &App) -> String {
    Page::new("These questions are closed")
        .unlisted()
        .render(&app.site, || {
            view! {
                <div class="wb-measure">
                    <h1>"These questions are closed"</h1>
                    <p class="wb-lead">"It was some time ago, or the link is broken in two."</p>
                    <p>"We still want to hear from you. Call us on " <PhoneLink /> "."</p>
                    <div class="wb-buttons">
                        <ButtonLink href="/courses">"Find a course"</ButtonLink>
                    </div>
                </div>
            }
        })
}

/// "14 of 20 bookings answered".
pub fn answered(asked: i64, answered: i64) -> String {
    match (answered, asked) {
        (0, _) => "Nobody has answered yet".to_owned(),
        (n, 1) => format!("{n} of 1 booking answered"),
        (n, asked) => format!("{n} of {asked} bookings answered"),
    }
}

/// A table under each question, for whoever leads the run.
pub fn rounded(shown: &Shown) -> Vec<AnyView> {
    let one = |(question, lines): (&'static Question, Vec<(&'static str, String)>)| {
        let rows = lines
            .into_iter()
            .map(|(words, count)| vec![words.into_any(), count.into_any()])
            .collect();
        view! {
            <section class="wb-block" aria-labelledby=question.field>
                <h2 id=question.field>{question.words}</h2>
                <Table caption=question.words columns=vec![Column::new("Answer"), Column::numbers("How many")] rows />
            </section>
        }
        .into_any()
    };
    shown.each().map(one).collect()
}

/// A chart and its table under each question.
pub fn tables(totals: &Totals) -> Vec<AnyView> {
    totals
        .each()
        .map(|(question, lines)| table(question, lines).into_any())
        .collect()
}

fn table(question: &'static Question, lines: Vec<Line>) -> impl IntoView {
    let bars = lines
        .iter()
        .map(|line| (line.words.to_owned(), vec![line.count]))
        .collect();
    let about = format!(
        "{} How many gave which answer, as in the table.",
        question.words
    );
    let rows = lines
        .into_iter()
        .map(|line| {
            let share = format!("{}%", line.share);
            vec![
                line.words.into_any(),
                line.count.to_string().into_any(),
                share.into_any(),
            ]
        })
        .collect();
    view! {
        <section class="wb-block" aria-labelledby=question.field>
            <h2 id=question.field>{question.words}</h2>
            <BarChart about=about series=vec!["Answers"] lines=bars />
            <Table
                caption=question.words
                columns=vec![Column::new("Answer"), Column::numbers("How many"), Column::numbers("Share")]
                rows
            />
        </section>
    }
}

//! How somebody is reminded, and what messages may say: while booking, and in the account at any time.

use leptos::prelude::*;

use crate::accounts::account_links;
use crate::accounts::said::Said;
use crate::bookings::consents::{NAME_COURSE, TEXTS};
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// Where it is asked in the account.
pub const PATH: &str = "/account/messages";
/// The field about reminders.
pub const REMIND: &str = "remind";
/// The field about naming the course.
pub const NAMED: &str = "name-course";

/// The field about a reminder before each session.
pub const EACH: &str = "each-session";

/// The field about not being asked how a course was.
pub const NOT_ASKED: &str = "no-feedback";

/// "When a course is over".
fn ask(form: &FormState) -> impl IntoView + use<> {
    view! {
        <Checkboxes
            form
            name=NOT_ASKED
            label=Label::bold("When a course is over")
            hint="We ask once how it was: three short questions."
            choices=vec![Choice::new("yes", "Please do not ask me how it was.")]
        />
    }
}

/// "How often should we remind you?"
fn each(form: &FormState) -> impl IntoView + use<> {
    view! {
        <Checkboxes
            form
            name=EACH
            label=Label::bold("How often should we remind you?")
            hint="We remind you a week and a day before the first session."
            choices=vec![Choice::new("yes", "Remind me the day before every other session, too.")]
        />
    }
}

/// "How should we remind you?" Texts can be chosen where we can send them.
pub fn remind(app: &App, form: &FormState) -> impl IntoView + use<> {
    let mut choices = vec![Choice::new("email", "Email")];
    if app.messages.texts.are_sent() {
        choices.push(Choice::new("email-and-text", "Email and text message").hint(TEXTS.words));
    }
    choices.push(Choice::new("call", "Phone call"));
    view! {
        <Radios
            form
            name=REMIND
            label=Label::bold("How should we remind you?")
            choices
        />
    }
}

/// "May we name the course in messages?"
pub fn name_course(form: &FormState) -> impl IntoView + use<> {
    view! {
        <Checkboxes
            form
            name=NAMED
            label=Label::bold("May we name the course in messages?")
            choices=vec![Choice::new("yes", NAME_COURSE.words)]
        />
    }
}

/// Both, in the account of `name`; `heard` is what the form before did.
pub fn messages(app: &App, name: &str, form: FormState, heard: Option<Said>) -> String {
    let side = account_links(name, PATH);
    Page::new("Reminders and messages")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            let form = &form;
            let (remind, each, name_course, ask) = (remind(app, form), each(form), name_course(form), ask(form));
            view! {
                <div class="wb-split">
                    <div class="wb-split__main">
                        <ErrorSummary form />
                        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                        <h1>"Reminders and messages"</h1>
                        <p class="wb-lead">"You can change your mind at any time."</p>
                        <Form>
                            {remind} {each} {name_course} {ask} <Button>"Save"</Button>
                        </Form>
                    </div>
                    {side}
                </div>
            }
        })
}

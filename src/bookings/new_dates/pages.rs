//! The page where somebody asks to hear of new dates, and what "My bookings" shows of it.

use leptos::either::Either;
use leptos::prelude::*;
use uuid::Uuid;

use super::store::Seen;
use crate::accounts::model::Who;
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// Where they ask about the course `slug`.
pub(super) fn path(slug: &str) -> String {
    format!("/courses/{slug}/tell-me")
}

/// Where a message about a run leads; unlike the course's own address, it does not name the course.
pub(super) fn link_path(run_id: Uuid) -> String {
    format!("/new-dates/{}", run_id.simple())
}

/// "Tell me about new dates".
pub(super) fn tell_me(app: &App, who: &Who, seen: &Seen) -> String {
    let title = if seen.asked {
        "We will tell you about new dates"
    } else {
        "Tell me about new dates"
    };
    let course = format!("/courses/{}", seen.slug);
    let (name, email, asked) = (seen.title.clone(), who.email.clone(), seen.asked);
    Page::new(title)
        .nav(Nav::Courses)
        .signed_in(true)
        .unlisted()
        .back(course.clone(), "Back to the course")
        .render(&app.site, move || {
            let content = if asked {
                Either::Left(view! {
                    <p class="wb-lead">"You are waiting for new dates of " <strong>{name}</strong> "."</p>
                    <p>"One message when there is a new date. Then we forget that you asked. It goes to " {email} "."</p>
                    <p>"You need do nothing now."</p>
                    <Form class="wb-buttons">
                        <Button kind=ButtonKind::Outlined name="do" value="stop">
                            "No longer tell me"
                        </Button>
                        <a href="/account/bookings">"See my bookings"</a>
                    </Form>
                })
            } else {
                Either::Right(view! {
                    <p class="wb-lead">"For " <strong>{name}</strong> "."</p>
                    <p>"One message when there is a new date. Then we forget that you asked. It goes to " {email} "."</p>
                    <Form class="wb-buttons">
                        <Button name="do" value="tell">
                            "Tell me about new dates"
                        </Button>
                        <a href=course>"No thank you"</a>
                    </Form>
                })
            };
            view! {
                <div class="wb-measure">
                    <h1>{title}</h1> {content} <p>"Rather talk? Call " <PhoneLink /> "."</p>
                </div>
            }
        })
}

/// One card of "Waiting for new dates" in "My bookings".
pub(in crate::bookings) fn card(seen: &Seen) -> impl IntoView + use<> {
    let (course, own) = (format!("/courses/{}", seen.slug), path(&seen.slug));
    let title = seen.title.clone();
    let hidden = format!(" about {title}");
    view! {
        <li class="wb-card wb-course">
            <NoDateLeaf />
            <div class="wb-course__head">
                <h3 class="wb-course__title">
                    <a href=course>{title}</a>
                </h3>
            </div>
            <div class="wb-course__body">
                <p>"We send you one message when there is a new date."</p>
                <Form action=own>
                    <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value="stop">
                        "No longer tell me"
                        <span class="govuk-visually-hidden">{hidden}</span>
                    </Button>
                </Form>
            </div>
        </li>
    }
}

//! The page from which the desks are reached, and the frame that they share.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::guards::Desk;
use super::papers;
use super::review;
use super::rights::{
    Audit, Courses, Enter, Feedback, PublishedReports, Registers, Reports, Requests, Right,
    StaffAccounts, Teaching,
};
use crate::accounts::model::Who;
use crate::accounts::roles::{Role, Roles};
use crate::accounts::rules;
use crate::accounts::said::{Said, said};
use crate::privacy::requests;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result, assets};
use crate::ui::dates;
use crate::ui::page::{DeskFrame, DeskLink, Page};
use crate::ui::pieces::*;

pub fn routes() -> Routes {
    Routes::default()
        .get("/desk", home)
        .post("/desk/stay", stay)
}

/// One of the desks.
struct Place {
    href: &'static str,
    words: &'static str,
    what: &'static str,
    roles: &'static [Role],
    /// Whether it is used so often that every page has a link to it.
    often: bool,
}

const PLACES: &[Place] = &[
    Place {
        href: "/desk/today",
        words: "Today",
        what: "What takes place this week, and what there is to do.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/runs",
        words: "Runs",
        what: "Who has a place and who waits, and what changes.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/attendance",
        words: "Attendance",
        what: "Who came, run by run, and which registers are not marked.",
        roles: Courses::ROLES,
        often: false,
    },
    Place {
        href: "/desk/courses",
        words: "Courses",
        what: "What each course is about, and what the website shows.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/venues",
        words: "Venues",
        what: "Where runs meet, how to get in, and which rooms there are.",
        roles: Courses::ROLES,
        often: false,
    },
    Place {
        href: "/desk/people",
        words: "People",
        what: "Find somebody, see how they stand, and book for them.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/calls",
        words: "Calls",
        what: "Who has to be rung, and why.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/letters",
        words: "Letters",
        what: "Which letters are to be printed and posted.",
        roles: Courses::ROLES,
        often: true,
    },
    Place {
        href: "/desk/notices",
        words: "Notice",
        what: "What stands at the top of every page of the website for a while.",
        roles: Courses::ROLES,
        often: false,
    },
    Place {
        href: "/desk/messages/reminders",
        words: "Reminders",
        what: "What a reminder says that a missed place costs others.",
        roles: Courses::ROLES,
        often: false,
    },
    Place {
        href: "/desk/tutors",
        words: "Tutors",
        what: "Who leads courses, and which account they sign in with.",
        roles: Teaching::ROLES,
        often: false,
    },
    Place {
        href: "/desk/organisations",
        words: "Organisations",
        what: "Who gives courses with us, and who coordinates them.",
        roles: Teaching::ROLES,
        often: false,
    },
    Place {
        href: "/desk/feedback",
        words: "Feedback",
        what: "How people found the courses they were on.",
        roles: Feedback::ROLES,
        often: false,
    },
    Place {
        href: "/desk/reports",
        words: "Reports",
        what: "Places offered, booked and used, for the team.",
        roles: Reports::ROLES,
        often: false,
    },
    Place {
        href: "/desk/published-reports",
        words: "Published reports",
        what: "What was sent to the council and funders.",
        roles: PublishedReports::ROLES,
        often: false,
    },
    Place {
        href: "/tutor",
        words: "My runs",
        what: "Who is coming, and who came.",
        roles: Registers::ROLES,
        often: true,
    },
    Place {
        href: "/desk/staff",
        words: "Staff",
        what: "Who works here, what they may do, and until when their training is good.",
        roles: StaffAccounts::ROLES,
        often: true,
    },
    Place {
        href: requests::HERE,
        words: "Requests",
        what: "Who asks about their own data, and by when they get an answer.",
        roles: Requests::ROLES,
        often: true,
    },
    Place {
        href: "/desk/audit",
        words: "Record",
        what: "Who signed in, changed something or looked at somebody’s details.",
        roles: Audit::ROLES,
        often: true,
    },
];

fn open_to(roles: Roles) -> impl Iterator<Item = &'static Place> {
    PLACES
        .iter()
        .filter(move |place| roles.first_of(place.roles).is_some())
}

/// A page of a desk. `current` is the `href` of the desk that it belongs to.
pub fn in_desk<V: IntoView>(
    app: &App,
    who: &Who,
    title: &str,
    current: &'static str,
    error: bool,
    content: impl FnOnce() -> V,
) -> String {
    let (shown, more): (Vec<&Place>, Vec<&Place>) =
        open_to(who.roles).partition(|place| place.often || place.href == current);
    let mut links: Vec<DeskLink> = shown
        .into_iter()
        .map(|place| DeskLink {
            href: place.href,
            words: place.words,
        })
        .collect();
    if !more.is_empty() {
        links.push(DeskLink {
            href: "/desk",
            words: "More",
        });
    }
    let name = if current == "/tutor" {
        "Tutor desk"
    } else {
        "Course desk"
    };
    let frame = DeskFrame {
        name: name.into(),
        links,
        current,
        who: who.name.clone().into(),
        idle_seconds: who.roles.idle().unwrap_or(rules::IDLE).num_seconds(),
    };
    let mut page = Page::new(title.to_owned()).desk(frame).error(error);
    if current == "/tutor" {
        page = page.script(assets::href("register.js"));
    }
    page.render(&app.site, content)
}

/// A form of a desk as an answer: with something wrong in it, 422.
pub fn form_in_desk<V: IntoView>(
    app: &App,
    who: &Who,
    title: &str,
    current: &'static str,
    failed: bool,
    content: impl FnOnce() -> V,
) -> Response {
    let status = if failed {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = in_desk(app, who, title, current, failed, content);
    page(status, Keep::Nothing, html)
}

/// Somebody is still there: the guard has noted it.
async fn stay(_: Desk<Enter>) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn home(desk: Desk<Enter>, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = desk.who();
    let heard = Said::heard(&app, &headers);
    let today = dates::day_of(app.clock.now());
    let papers = papers::of(who);
    let (overdue, ending) = (papers.overdue(today), papers.ending(today));
    let hello = format!("Hello {}", who.name);
    let due = if who.roles.first_of(Requests::ROLES).is_some() {
        requests::due(&app).await?.words()
    } else {
        None
    };
    let to_review =
        who.roles.first_of(StaffAccounts::ROLES).is_some() && review::is_due(&app).await?;
    let html = in_desk(&app, who, "Desks", "/desk", false, move || {
        let said = heard
            .map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> });
        let overdue = (!overdue.is_empty()).then(|| {
            let what: Vec<_> = overdue.iter().map(|paper| paper.words()).collect();
            let sentence = format!(
                "{}. Until then you cannot open anybody’s details. Tell whoever looks after staff accounts when it is done.",
                what.join(", ")
            );
            view! { <Notice title="You need a new date for" kind=NoticeKind::Bad><p>{sentence}</p></Notice> }
        });
        let ending: Vec<_> = ending
            .iter()
            .map(|(paper, until)| {
                let title = format!("{}: good until {}", paper.words(), dates::full_day(*until));
                view! { <Notice title=title><p>"Please renew it before then."</p></Notice> }
            })
            .collect();
        let places: Vec<_> = open_to(who.roles)
            .map(|place| {
                view! {
                    <li class="wb-card">
                        <h2><a href=place.href>{place.words}</a></h2>
                        <p>{place.what}</p>
                    </li>
                }
            })
            .collect();
        let due = due.map(|words| {
            view! {
                <Notice title="Requests about data">
                    <p>{words} ". " <a href=requests::HERE>"See the requests"</a></p>
                </Notice>
            }
        });
        let to_review = to_review.then(|| {
            view! {
                <Notice title="Staff">
                    <p>{review::WORDS} ". " <a href="/desk/staff">"Look through it"</a></p>
                </Notice>
            }
        });
        let nothing = places.is_empty().then(|| {
            view! { <p class="wb-lead">"There is nothing for your role on this site yet. We will tell you when there is."</p> }
        });
        view! {
            {said}
            <h1>{hello}</h1>
            {due}
            {to_review}
            {overdue}
            {ending}
            {nothing}
            <ul class="wb-desks">{places}</ul>
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

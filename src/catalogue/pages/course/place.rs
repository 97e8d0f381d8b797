//! "Your place": the soonest run that suits, and its button.

use leptos::either::Either;
use leptos::prelude::*;

use super::super::super::handlers::Scene;
use super::super::super::model::{Course, Run};
use super::super::super::rules::Availability;
use super::super::words;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::{ButtonKind, ButtonLink, ButtonSize};
use crate::ui::pieces::{Fact, FillBar, PhoneLink, Tag};

/// The box beside the course: the soonest run that suits, or what to do without one.
pub fn aside(
    scene: &Scene,
    course: &Course,
    main: Option<(&Run, Availability)>,
    shown: &[(&Run, Availability)],
) -> impl IntoView + use<> {
    let place = match main {
        Some((run, availability)) => Either::Left(your_place(
            scene,
            course,
            run,
            availability,
            shown.len() > 1,
        )),
        None => Either::Right(view! {
            <h2 id="your-place">"No dates yet"</h2>
            <p>"We will add new dates when we have them. Call " <PhoneLink /> " and we can tell you what is planned."</p>
        }),
    };
    let tell_me = (!super::can_be_had(shown)).then(|| {
        view! {
            <ButtonLink href=words::tell_me_path(course) kind=ButtonKind::Outlined>
                "Tell me about new dates"
            </ButtonLink>
        }
    });
    view! { <aside class="wb-split__aside wb-card wb-place" aria-labelledby="your-place">{place} {tell_me}</aside> }
}

fn your_place(
    scene: &Scene,
    course: &Course,
    run: &Run,
    availability: Availability,
    others: bool,
) -> impl IntoView + use<> {
    let (pin, place) = super::place_words(scene, run);
    let starts = if run.starts_at <= scene.now {
        "Started"
    } else {
        "Starts"
    };
    let starts = format!("{starts} {}", dates::day(run.first_day(), scene.today));
    let left = scene.view.left(run);
    let still = still_joins(scene, run, availability);
    let counted = matches!(
        availability,
        Availability::Places(_)
            | Availability::Few(_)
            | Availability::Volunteers(_)
            | Availability::Full
    );
    let fill = counted.then(|| {
        view! {
            <FillBar booked=run.capacity - left capacity=run.capacity />
            <p class="wb-small">{left} " of " {words::count(run.capacity as usize, "place")} " left"</p>
        }
    });
    let times = dates::times(run.starts_at, run.first_ends_at());
    let rhythm = rhythm(run);
    view! {
        <h2 id="your-place">"Your place"</h2>
        {still}
        <ul class="wb-facts">
            <Fact icon=Icon::Calendar>
                <strong>{starts}</strong>
                <br />
                {times}
            </Fact>
            <Fact icon=Icon::Repeat>{rhythm}</Fact>
            <Fact icon=pin>{place}</Fact>
            <Fact icon=Icon::Heart>"Free"</Fact>
        </ul>
        {fill}
        {next_step(scene, course, run, availability, others)}
    }
}

/// With which session somebody begins who joins a run that is under way.
pub fn still_joins(
    scene: &Scene,
    run: &Run,
    availability: Availability,
) -> Option<impl IntoView + use<>> {
    let at = run.next(scene.now);
    let next = run.sessions.get(at).filter(|_| at > 0)?;
    availability.has_places().then(|| {
        let when = dates::day_and_times(next.starts_at, next.ends_at, scene.today);
        let which = words::session_of(run, at);
        view! {
            <p>
                <strong>"You can still join."</strong>
                " Your first time: "
                {when}
                ". "
                {which}
                "."
            </p>
        }
    })
}

/// "Once a week for 6 weeks", or "One session".
pub fn rhythm(run: &Run) -> String {
    if run.sessions.len() == 1 {
        "One session".to_owned()
    } else {
        dates::rhythm_words(&run.starts())
    }
}

/// The button, or why there is none and what to do instead.
fn next_step(
    scene: &Scene,
    course: &Course,
    run: &Run,
    availability: Availability,
    others: bool,
) -> impl IntoView + use<> {
    let href = words::book_path(course, run);
    let other_dates = others.then(|| view! { <p><a href="#more-dates">"See other dates"</a></p> });
    match availability {
        Availability::Volunteers(_) if !scene.viewer.volunteer => {
            let sign_in = (!scene.viewer.signed_in).then(|| {
                view! {
                    <p>
                        <a href=format!("/sign-in?next={href}")>"Sign in to book"</a>
                        "."
                    </p>
                }
            });
            view! {
                <p>
                    <Tag state=availability.tag() />
                </p>
                <p>"This is training for our volunteers."</p>
                {sign_in}
                <p class="wb-small">"Not a volunteer yet? Call " <PhoneLink /> ". We would love to hear from you."</p>
                {other_dates}
            }
            .into_any()
        }
        Availability::Places(_) | Availability::Few(_) | Availability::Volunteers(_) => view! {
            <ButtonLink href size=ButtonSize::Big>
                "Book a place"
            </ButtonLink>
            <p class="wb-small">"Takes about 5 minutes. Or call " <PhoneLink /> "."</p>
        }
        .into_any(),
        Availability::Full => view! {
            <p>
                <Tag state=availability.tag() />
            </p>
            <p>"This date is full."</p>
            <ButtonLink href=words::wait_path(course, run) kind=ButtonKind::Outlined>
                "Join the waiting list"
            </ButtonLink>
            {other_dates}
            <p>"Call " <PhoneLink /> " and we will help you find something like it."</p>
        }
        .into_any(),
        Availability::Closed => view! {
            <p>
                <Tag state=availability.tag() />
            </p>
            {other_dates}
            <p>"Call " <PhoneLink /> " if you would still like to come. We may be able to help."</p>
        }
        .into_any(),
        Availability::Started | Availability::Cancelled => view! {
            <p>
                <Tag state=availability.tag() />
            </p>
            {other_dates}
            <p>"Call " <PhoneLink /> " and we can tell you what is planned."</p>
        }
        .into_any(),
    }
}

/// The button again at the end of the page.
pub fn again(
    scene: &Scene,
    course: &Course,
    main: Option<(&Run, Availability)>,
) -> impl IntoView + use<> {
    let (run, availability) = main?;
    let first = run.sessions.get(run.next(scene.now))?;
    let day = dates::day(dates::day_of(first.starts_at), scene.today);
    availability.is_free_for(scene.viewer.volunteer).then(|| {
        view! {
            <div class="wb-buttons">
                <ButtonLink href=words::book_path(course, run) kind=ButtonKind::Filled size=ButtonSize::Big>
                    "Book a place"
                    <span class="govuk-visually-hidden">" from " {day}</span>
                </ButtonLink>
            </div>
        }
    })
}

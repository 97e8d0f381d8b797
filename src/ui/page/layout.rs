//! The parts that are the same on every page: header, "Need help now?", hills and footer.

use leptos::prelude::*;

use super::document::plain;
use super::site::{SiteFacts, tel};
use crate::ui::art;

/// Which of the four links in the header the page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nav {
    /// None of them.
    #[default]
    None,
    /// "Courses".
    Courses,
    /// "Calendar".
    Calendar,
    /// "Get help".
    Help,
    /// "Sign in" or "My bookings".
    Account,
}

impl Nav {
    const ALL: [Self; 5] = [
        Self::None,
        Self::Courses,
        Self::Calendar,
        Self::Help,
        Self::Account,
    ];
}

/// Header and footer as text, made once per site.
#[derive(Debug)]
pub(super) struct Frame {
    signed_out: [String; 5],
    signed_in: [String; 5],
    journey: String,
    pub(super) foot: String,
}

impl Frame {
    pub(super) fn new(site: &SiteFacts) -> Self {
        let links =
            |signed_in: bool| Nav::ALL.map(|nav| plain(view! { <Header site nav signed_in /> }));
        Self {
            signed_out: links(false),
            signed_in: links(true),
            journey: plain(view! { <JourneyHeader site /> }),
            foot: plain(view! { <Footer site /> }),
        }
    }

    pub(super) fn header(&self, nav: Nav, journey: bool, signed_in: bool) -> &str {
        if journey {
            return &self.journey;
        }
        let links = if signed_in {
            &self.signed_in
        } else {
            &self.signed_out
        };
        &links[nav as usize]
    }
}

/// Our arch, the service's name and the place.
#[component]
fn Brand<'a>(site: &'a SiteFacts) -> impl IntoView + use<> {
    let (name, place) = (site.name.clone(), site.place.clone());
    view! {
        <div class="govuk-generic-header__logo">
            <a href="/" class="govuk-generic-header__homepage-link">
                {art::raw(art::LOGO)} <span class="wb-header__name">{name}</span> " "
                <span class="wb-header__place">{place}</span>
            </a>
        </div>
    }
}

/// The band at the top, with whatever stands at its right.
#[component]
fn Bar<'a>(site: &'a SiteFacts, children: Children) -> impl IntoView + use<> {
    view! {
        <header class="govuk-template__header wb-header">
            <div class="govuk-generic-header">
                <div class="govuk-generic-header__container govuk-width-container">
                    <Brand site /> {children()}
                </div>
            </div>
        </header>
    }
}

/// The header with its four links.
#[component]
fn Header<'a>(site: &'a SiteFacts, nav: Nav, signed_in: bool) -> impl IntoView + use<> {
    let account = if signed_in {
        ("/account/bookings", "My bookings")
    } else {
        ("/sign-in", "Sign in")
    };
    let links = [
        (Nav::Courses, "/courses", "Courses"),
        (Nav::Calendar, "/calendar", "Calendar"),
        (Nav::Help, "/help", "Get help"),
        (Nav::Account, account.0, account.1),
    ];
    let links: Vec<_> = links
        .into_iter()
        .map(|(own, href, words)| {
            let current = (own == nav).then_some("page");
            view! {
                <li>
                    <a class="wb-nav__link" href=href aria-current=current>
                        {words}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <Bar site>
            <nav class="wb-nav" aria-label="Main">
                <ul class="wb-nav__list">{links}</ul>
            </nav>
        </Bar>
    }
}

/// The header inside a journey: nothing to wander off to, and somebody to ring.
#[component]
fn JourneyHeader<'a>(site: &'a SiteFacts) -> impl IntoView + use<> {
    let phone = phone_link(site);
    view! {
        <Bar site>
            <p class="wb-header__help">"Stuck? Call us on " {phone}</p>
        </Bar>
    }
}

/// The course team's number as a link that rings it.
pub(super) fn phone_link(site: &SiteFacts) -> impl IntoView + use<> {
    let (href, phone) = (tel(&site.phone), site.phone.clone());
    view! {
        <a class="wb-nowrap" href=href>
            {phone}
        </a>
    }
}

/// "Need help now?": the three numbers and the hills, on every page.
#[component]
fn HelpNow() -> impl IntoView {
    view! {
        <section class="wb-help" aria-labelledby="help-now">
            <div class="govuk-width-container">
                <h2 id="help-now">"Need help now?"</h2>
                <ul class="wb-help__list">
                    <li>
                        <a href="tel:999">"Call 999"</a>
                        <span>"if a life is in danger"</span>
                    </li>
                    <li>
                        <a href="tel:111">"Call NHS 111, choose 2"</a>
                        <span>"for urgent mental health help"</span>
                    </li>
                    <li>
                        <a href="tel:116123">"Samaritans 116 123"</a>
                        <span>"to talk to someone, day or night"</span>
                    </li>
                </ul>
            </div>
            {art::raw(art::HILLS)}
        </section>
    }
}

/// The end of the page: how to reach the course team, and two columns of where to go next.
#[component]
fn Footer<'a>(site: &'a SiteFacts) -> impl IntoView + use<> {
    let (phone, hours) = (phone_link(site), site.phone_hours.clone());
    let (mailto, email) = (format!("mailto:{}", site.email), site.email.clone());
    let place = site.place.clone();
    view! {
        <footer class="govuk-template__footer wb-footer">
            <HelpNow />
            <div class="wb-foot">
                <div class="govuk-width-container">
                    <div class="wb-foot__columns">
                        <div class="wb-foot__team">
                            <h2>"Talk to the course team"</h2>
                            <p>
                                "Call " {phone} ", " {hours} "." <br /> "Email " <a href=mailto>{email}</a>
                            </p>
                            <p>"We can book for you over the phone."</p>
                        </div>
                        <nav aria-labelledby="foot-courses">
                            <h2 id="foot-courses">"Courses"</h2>
                            <ul>
                                <li><a href="/courses">"Find a course"</a></li>
                                <li><a href="/calendar">"Calendar"</a></li>
                                <li><a href="/newsletter">"Newsletter"</a></li>
                                <li><a href="/venues">"Places we meet"</a></li>
                            </ul>
                        </nav>
                        <nav aria-labelledby="foot-about">
                            <h2 id="foot-about">"About us"</h2>
                            <ul>
                                <li><a href="/about">"Who we are"</a></li>
                                <li><a href="/privacy">"Privacy"</a></li>
                                <li><a href="/cookies">"Cookies"</a></li>
                                <li><a href="/accessibility">"Accessibility"</a></li>
                                <li><a href="/contact">"Contact us or complain"</a></li>
                            </ul>
                        </nav>
                    </div>
                    <p class="wb-foot__end">
                        "Free courses for people in " {place} ". Paid for with public money. "
                        <a href="/licences">"Licences"</a>
                    </p>
                </div>
            </div>
        </footer>
    }
}

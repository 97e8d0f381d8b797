//! "Find a course": search, filters, one card a course.

use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;

use super::super::filters::{Choice, DAYS, Day, Filters, Sort};
use super::super::find::{self, Found};
use super::super::handlers::Scene;
use super::super::model::Catalogue;
use super::super::search::Match;
use super::words;
use crate::ui::dates;
use crate::ui::form::{
    Button, ButtonKind, ButtonLink, ButtonSize, ErrorSummary, FormState, TextField,
};
use crate::ui::page::{Nav, Page, Split, plain};
use crate::ui::pieces::{Chip, Chips, CourseCard, EmptyState, HelpBox, Pagination, PhoneLink};

mod choose;

/// As many ways out of an empty list are looked at: each is a search of its own.
const MOST_WAYS: usize = 8;
/// Cards on a page.
const PAGE: usize = 20;

/// The page: the cards, and the page round them, each drawn once for what it says.
pub fn page(scene: &Scene, filters: &Filters) -> String {
    let answer = find::find(scene, filters);
    let pages = answer.found.len().div_ceil(PAGE).max(1);
    let page = usize::try_from(filters.page).unwrap_or(1).clamp(1, pages);
    let around = Around {
        version: scene.view.catalogue.version,
        today: scene.today,
        notice: scene.site.notice_revision(),
        signed_in: scene.viewer.signed_in,
        filters: Filters {
            page: u32::try_from(page).unwrap_or(1),
            ..filters.clone()
        },
        found: answer.found.len(),
        pages: u32::try_from(pages).unwrap_or(u32::MAX),
        search: answer.search,
    };
    if answer.found.is_empty() {
        // Which ways lead out depends on the places left.
        return around.draw(scene, || nothing(scene, filters)).before;
    }
    let shown = answer.found.iter().skip((page - 1) * PAGE).take(PAGE);
    let cards: Vec<Arc<str>> = shown.filter_map(|found| card(scene, *found)).collect();
    let split = scene.drawn.around.get(&around).unwrap_or_else(|| {
        let split = Arc::new(around.draw(scene, || list(&around)));
        scene.drawn.around.insert(around, split.clone());
        split
    });
    split.around(cards.iter().map(AsRef::as_ref))
}

/// Everything that a card is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown {
    /// Of the catalogue.
    version: i64,
    today: NaiveDate,
    found: Found,
}

/// A card.
fn card(scene: &Scene, found: Found) -> Option<Arc<str>> {
    let shown = Shown {
        version: scene.view.catalogue.version,
        today: scene.today,
        found,
    };
    if let Some(card) = scene.drawn.cards.get(&shown) {
        return Some(card);
    }
    let course = words::card(scene, &found)?;
    let card: Arc<str> = plain(view! { <CourseCard course /> }).into();
    scene.drawn.cards.insert(shown, card.clone());
    Some(card)
}

/// Everything that the page round the cards is made from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Around {
    /// Of the catalogue: names of topics, towns and venues.
    version: i64,
    today: NaiveDate,
    /// What stands above every page.
    notice: u64,
    signed_in: bool,
    /// With a page that there is.
    filters: Filters,
    /// Courses on all pages.
    found: usize,
    pages: u32,
    search: Match,
}

impl Around {
    /// The page, with `results` below its heading.
    fn draw(&self, scene: &Scene, results: impl FnOnce() -> AnyView) -> Split {
        let (filters, pages) = (&self.filters, self.pages);
        let form = choose::state(filters);
        let title = if filters.page > 1 {
            format!("Find a course, page {} of {pages}", filters.page)
        } else {
            "Find a course".to_owned()
        };
        let mut head = Page::new(title)
            .nav(Nav::Courses)
            .signed_in(self.signed_in)
            .error(form.has_errors())
            .description("Free courses for worry, sleep, pain, moving more and other things. Near you or online.")
            .canonical(filters.path());
        if !filters.q.is_empty() || form.has_errors() {
            // A list for words that somebody typed is theirs, not a page of the site.
            head = head.unlisted();
        }
        head.render_around(scene.site, || {
            view! {
                <ErrorSummary form=&form />
                <h1>"Find a course"</h1>
                {search_box(filters)}
                <div class="wb-browse">
                    {choose::filters(scene, filters, &form)}
                    <section aria-labelledby="found">
                        {heading(filters, self.found)} <Chips chips=chips(scene, filters) />
                        {self.understood()} {results()}
                    </section>
                </div>
            }
        })
    }

    /// How the search words were understood, when that needs saying.
    fn understood(&self) -> impl IntoView + use<> {
        let typed = &self.filters.q;
        match &self.search {
            _ if self.found == 0 => None,
            Match::AsTyped => None,
            Match::Meant(meant) => Some(format!(
                "We could not find “{typed}”. Here are courses for “{meant}”."
            )),
            Match::Some => Some(format!(
                "No course has all the words of “{typed}”. These have some of them."
            )),
        }
        .map(|words| view! { <p>{words}</p> })
    }
}

/// The room for the cards, and what comes after them.
fn list(around: &Around) -> AnyView {
    let base = around.filters.page_base();
    view! {
        <ul class="wb-cards">{Split::HERE}</ul>
        <Pagination page=around.filters.page pages=around.pages base />
        <div class="wb-after">
            <HelpBox />
        </div>
    }
    .into_any()
}

/// The towns with a venue, and "online": the first word is for addresses.
pub fn towns(catalogue: &Catalogue) -> Vec<(String, String)> {
    let used = |at: usize| {
        catalogue
            .courses
            .iter()
            .flat_map(|course| &course.runs)
            .any(|run| {
                let mut own = run.sessions.iter().filter_map(|s| s.at.as_ref());
                run.venue == Some(at) || own.any(|own| own.venue == Some(at))
            })
    };
    let mut towns: Vec<(String, String)> = catalogue
        .venues
        .iter()
        .enumerate()
        .filter(|(at, _)| used(*at))
        .map(|(_, venue)| (venue.town_slug.clone(), venue.town.clone()))
        .collect();
    towns.sort_by(|a, b| a.1.cmp(&b.1));
    towns.dedup();
    towns.push(("online".to_owned(), "Online".to_owned()));
    towns
}

fn search_box(filters: &Filters) -> impl IntoView + use<> {
    let form = FormState::filled([("q", filters.q.clone())]);
    view! {
        <form class="wb-card wb-find wb-find--line" id="find" action="/courses" method="get" role="search">
            <TextField form=&form name="q" label="What would help?" kind="search" />
            <Button>"Search"</Button>
        </form>
    }
}

fn heading(filters: &Filters, found: usize) -> impl IntoView + use<> {
    let chosen = filters.sort;
    let usual = if filters.q.is_empty() {
        "Soonest first"
    } else {
        "Best match first"
    };
    let option = |sort: Sort, words: &'static str| {
        view! {
            <option value=sort.slug() selected=sort == chosen>
                {words}
            </option>
        }
    };
    let soonest = (!filters.q.is_empty()).then(|| option(Sort::Soonest, "Soonest first"));
    let sort = (found > 1).then(|| {
        view! {
            <div class="wb-sort">
                <label for="sort">"Sort by"</label>
                <select form="find" class="govuk-select" id="sort" name="sort">
                    {option(Sort::Usual, usual)}
                    {soonest}
                    {option(Sort::Title, "A to Z")}
                    {option(Sort::Places, "Most places")}
                </select>
                <Button of="find" kind=ButtonKind::Outlined size=ButtonSize::Small>
                    "Sort"
                </Button>
            </div>
        }
    });
    view! {
        <div class="wb-results__row">
            <h2 id="found">{words::count(found, "course")}</h2>
            {sort}
        </div>
    }
}

/// Each choice in words, with the list without it.
fn chips(scene: &Scene, filters: &Filters) -> Vec<Chip> {
    filters
        .choices()
        .into_iter()
        .map(|choice| Chip {
            words: choice_words(scene, filters, &choice).into(),
            href: filters.without(&choice).path().into(),
        })
        .collect()
}

/// A choice as a chip says it.
fn choice_words(scene: &Scene, filters: &Filters, choice: &Choice) -> String {
    let catalogue = &scene.view.catalogue;
    let day = |day: &Day| {
        day.known()
            .map(|day| dates::short_day(day, scene.today))
            .unwrap_or_default()
    };
    match choice {
        Choice::Words => format!("“{}”", filters.q),
        Choice::Topic(slug) => catalogue
            .topics
            .iter()
            .find(|topic| topic.slug == *slug)
            .map_or_else(|| slug.clone(), |topic| topic.name.clone()),
        Choice::Audience(audience) => audience.words().to_owned(),
        Choice::Place(slug) => place_name(catalogue, slug),
        Choice::Day(day) => DAYS[usize::from(*day)].2.to_owned(),
        Choice::Time(time) => time.words().to_owned(),
        Choice::From => format!("From {}", day(&filters.from)),
        Choice::To => format!("Up to {}", day(&filters.to)),
        Choice::Free => "Places free now".to_owned(),
    }
}

/// The name of a town, a venue or "online"; a word that is none of them as it is.
fn place_name(catalogue: &Catalogue, slug: &str) -> String {
    if slug == "online" {
        return "Online".to_owned();
    }
    let venue = catalogue.venues.iter().find(|venue| venue.slug == slug);
    let town = catalogue
        .venues
        .iter()
        .find(|venue| venue.town_slug == slug);
    town.map(|venue| venue.town.clone())
        .or_else(|| venue.map(|venue| venue.name.clone()))
        .unwrap_or_else(|| slug.to_owned())
}

/// Nothing fits: the way out is fewer choices, or somebody who knows what is coming.
fn nothing(scene: &Scene, filters: &Filters) -> AnyView {
    let choices = filters.choices();
    // With several choices, one of them may be all that stands in the way.
    let without: Vec<_> = choices
        .iter()
        .take(if choices.len() > 1 { MOST_WAYS } else { 0 })
        .filter_map(|choice| {
            let rest = filters.without(choice);
            let found = find::find(scene, &rest).found.len();
            (found > 0).then(|| {
                let words = choice_words(scene, filters, choice);
                let words = if matches!(choice, Choice::Words) {
                    words
                } else {
                    format!("“{words}”")
                };
                view! {
                    <li>
                        <a href=rest.path()>"Without " {words}</a>
                        ": "
                        {words::count(found, "course")}
                    </li>
                }
            })
        })
        .collect();
    let without = (!without.is_empty()).then(|| view! { <ul class="wb-ways">{without}</ul> });
    let clear = (!choices.is_empty()).then(|| {
        view! {
            <div class="wb-buttons">
                <ButtonLink href="/courses" kind=ButtonKind::Outlined>
                    "Clear all choices"
                </ButtonLink>
            </div>
        }
    });
    view! {
        <EmptyState title="No courses match yet">
            <p>"Try fewer choices, or a shorter word."</p>
            {without}
            <p>"Or call " <PhoneLink /> ". We can tell you what is coming up."</p>
            {clear}
        </EmptyState>
    }
    .into_any()
}

//! The course desk: what the course team does with courses, venues and runs.

mod attendance;
mod courses;
mod holidays;
mod notices;
mod runs;
mod today;
mod topics;
mod venues;

use uuid::Uuid;

use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::list::{Asked, Order, Sort};

/// Everything that the course desk serves.
pub fn routes() -> Routes {
    Routes::default()
        .and(today::routes())
        .and(courses::routes())
        .and(topics::routes())
        .and(venues::routes())
        .and(holidays::routes())
        .and(notices::routes())
        .and(runs::routes())
        .and(attendance::routes())
}

/// Opens and closes runs that do so by themselves, and shows the notice of this moment.
///
/// # Errors
/// With the last failure.
pub async fn sweep(app: &App) -> Result<()> {
    let shown = notices::sweep(app).await;
    runs::sweep(app).await?;
    shown
}

/// How many rows a page of a list shows.
pub const A_PAGE: i64 = 25;

/// Which part of a list is shown, and in which order.
#[derive(Clone, Copy, Debug)]
struct Shown {
    sort: Sort,
    number: u32,
}

impl Shown {
    fn of(asked: &Asked, orders: &'static [Order]) -> Self {
        Self {
            sort: asked.sort(orders),
            number: asked.page(),
        }
    }

    /// The first page in the usual order: what a form shows that comes back.
    const fn first(orders: &'static [Order]) -> Self {
        Self {
            sort: Sort::usual(orders),
            number: 1,
        }
    }

    fn part(self) -> Part {
        Part::page(self.number, A_PAGE)
    }
}

/// Something to choose.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

/// A word in addresses that is not taken: `base`, or `base-2` and so on. `spare` stands in where `base` has no letters.
fn free_slug(base: &str, spare: &str, taken: &[String]) -> String {
    let base: String = if base.is_empty() { spare } else { base }
        .chars()
        .take(90)
        .collect();
    let base = base.trim_end_matches('-');
    let is_free = |slug: &String| !taken.contains(slug);
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}

/// No longer than so many letters.
fn up_to(most: usize) -> impl Fn(&str) -> std::result::Result<String, String> {
    move |typed| {
        if typed.chars().count() > most {
            Err(format!("This is too long. Use {most} letters or fewer"))
        } else {
            Ok(typed.to_owned())
        }
    }
}

/// A whole number from 1 to `most`.
fn number_up_to(most: i64) -> impl Fn(&str) -> std::result::Result<i64, String> {
    move |typed| {
        let digits = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
        let number = typed.parse().ok().filter(|n| (1..=most).contains(n));
        number
            .filter(|_| digits)
            .ok_or_else(|| format!("Enter a number from 1 to {most}"))
    }
}

/// The pictures that can stand beside a line, and their words.
const ICONS: [(&str, &str); 22] = [
    ("step", "Step-free"),
    ("loo", "Toilet"),
    ("ear", "Hearing loop, ear"),
    ("eye", "Eye"),
    ("chair", "Chair"),
    ("door", "Door"),
    ("car", "Parking, car"),
    ("bus", "Bus"),
    ("pin", "Pin on a map"),
    ("people", "People"),
    ("heart", "Heart"),
    ("cup", "Cup"),
    ("clock", "Clock"),
    ("cal", "Calendar"),
    ("repeat", "Again"),
    ("phone", "Phone"),
    ("mail", "Letter"),
    ("screen", "Screen"),
    ("lock", "Lock"),
    ("tick", "Tick"),
    ("warn", "Warning"),
    ("info", "The letter i"),
];

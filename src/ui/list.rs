//! A list of a desk: its address says what was asked for and in which order; the headings of its table change the order, and the
//! same list is there as a file.

use leptos::prelude::*;
use serde::Deserialize;

use crate::server::paging;
use crate::ui::Words;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// An order of a list.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    word: &'static str,
    words: &'static str,
    sql: &'static str,
    falls: bool,
    always: bool,
}

impl Order {
    /// From small to large: its word in the address, its words on the screen, and what the database sorts by.
    pub const fn rising(word: &'static str, words: &'static str, sql: &'static str) -> Self {
        Self {
            word,
            words,
            sql,
            falls: false,
            always: false,
        }
    }

    /// From large to small.
    pub const fn falling(word: &'static str, words: &'static str, sql: &'static str) -> Self {
        Self {
            falls: true,
            ..Self::rising(word, words, sql)
        }
    }

    /// Every row has it: the database need not put those without it last, and can follow an index.
    #[must_use]
    pub const fn always(self) -> Self {
        Self {
            always: true,
            ..self
        }
    }
}

/// The order of a list that was asked for, of all that there are.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    all: &'static [Order],
    usual: (usize, bool),
    at: usize,
    turned: bool,
}

/// Before a word in the address: the other way round.
const TURNED: char = '-';

impl Sort {
    /// The usual order: the first.
    pub const fn usual(all: &'static [Order]) -> Self {
        Self {
            all,
            usual: (0, false),
            at: 0,
            turned: false,
        }
    }

    /// The usual order is the first the other way round, `if_so`.
    #[must_use]
    pub const fn turned(self, if_so: bool) -> Self {
        Self {
            usual: (0, if_so),
            turned: if_so,
            ..self
        }
    }

    /// The order with the word of an address; another word asks for the usual one.
    #[must_use]
    pub fn asked(self, word: &str) -> Self {
        let own = word.strip_prefix(TURNED);
        let found = self
            .all
            .iter()
            .position(|order| order.word == own.unwrap_or(word));
        found.map_or(self, |at| Self {
            at,
            turned: own.is_some(),
            ..self
        })
    }

    fn order(self) -> Option<&'static Order> {
        self.all.get(self.at)
    }

    /// Its word.
    pub fn word(self) -> String {
        let word = self.order().map_or("", |order| order.word);
        if self.turned {
            format!("{TURNED}{word}")
        } else {
            word.to_owned()
        }
    }

    /// Its word in an address: the usual one is not named.
    fn in_address(self) -> String {
        if (self.at, self.turned) == self.usual {
            String::new()
        } else {
            self.word()
        }
    }

    /// What stands after `ORDER BY`. Each list adds a column of its own that no two rows share.
    pub fn sql(self) -> String {
        let way = |falls| if falls { "DESC" } else { "ASC" };
        let sql = |order: &Order, falls| {
            let nulls = if order.always { "" } else { " NULLS LAST" };
            format!("{} {}{nulls}", order.sql, way(falls))
        };
        let Some(order) = self.order() else {
            return "1".to_owned();
        };
        let own = sql(order, order.falls != self.turned);
        // Rows that are alike stand in the usual order.
        match self
            .all
            .get(self.usual.0)
            .filter(|_| self.at != self.usual.0)
        {
            Some(usual) => format!("{own}, {}", sql(usual, usual.falls != self.usual.1)),
            None => own,
        }
    }

    /// "Sort by", for where a table has no headings.
    pub fn field(self) -> impl IntoView + use<> {
        let form = FormState::empty().with("sort", self.word());
        let mut choices: Vec<_> = self
            .all
            .iter()
            .map(|order| Choice::new(order.word, order.words))
            .collect();
        if let Some(order) = self.order().filter(|_| self.turned) {
            let words = format!("{}, the other way round", order.words);
            choices.push(Choice::new(self.word(), words));
        }
        view! { <Select form=&form name="sort" label=Label::bold("Sort by") choices=choices /> }
    }
}

/// The address of a list: its order, its page, and words that somebody looks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    words: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

/// Nobody looks for more.
const LONGEST: usize = 100;

impl Asked {
    /// The words, without spaces round them.
    pub fn words(&self) -> String {
        self.words.trim().chars().take(LONGEST).collect()
    }

    /// The order, of all that the list has.
    pub fn sort(&self, orders: &'static [Order]) -> Sort {
        Sort::usual(orders).asked(&self.sort)
    }

    /// The number of the page, from 1.
    pub fn page(&self) -> u32 {
        paging::number(self.page)
    }
}

/// A list as its address says it.
#[derive(Clone, Debug)]
pub struct List {
    path: Words,
    asked: Vec<(&'static str, String)>,
    sort: Sort,
}

impl List {
    /// The list at `path`, in this order.
    pub fn new(path: impl Into<Words>, sort: Sort) -> Self {
        Self {
            path: path.into(),
            asked: Vec::new(),
            sort,
        }
    }

    /// Asked for: what is empty does not stand in the address.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.asked.retain(|(own, _)| *own != name);
        self.asked.push((name, value.into()));
        self
    }

    /// Its order.
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// The path and what stands after it.
    fn at(&self, path: &str, sort: Sort, more: &str) -> String {
        let order = ("sort", sort.in_address());
        let pairs: Vec<_> = self
            .asked
            .iter()
            .chain([&order])
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        let parts: Vec<&str> = [query.as_str(), more]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", parts.join("&"))
        }
    }

    /// Its address.
    pub fn href(&self) -> String {
        self.at(&self.path, self.sort, "")
    }

    /// The address of the page with this number; the first has none.
    pub fn page(&self, number: u32) -> String {
        let page = (number > 1).then(|| format!("page={number}"));
        self.at(&self.path, self.sort, &page.unwrap_or_default())
    }

    /// Where the last page is, when this one is not there any more: what stood on it has been done.
    pub fn instead_of(&self, page: u32, count: i64, a_page: i64) -> Option<String> {
        let last = paging::pages(count, a_page).max(1);
        (page > last).then(|| self.page(last))
    }

    /// "Sort by".
    pub fn sort_field(&self) -> impl IntoView + use<> {
        self.sort.field()
    }

    /// "Sort by" as a form of its own, for a list without filters; of one row there is none.
    pub fn sort_form(&self, count: i64) -> impl IntoView + use<> {
        let (path, field) = (self.path.to_string(), self.sort.field());
        (count > 1).then(|| {
            view! {
                <form method="get" action=path class="wb-desk-search" novalidate>
                    {field}
                    <Button kind=ButtonKind::Outlined>"Show"</Button>
                </form>
            }
        })
    }

    /// A column whose heading sorts the list by the order with this word, and the other way round once it does.
    pub fn sorts(&self, word: &'static str, column: Column) -> Column {
        let now = self.sort;
        let Some(order) = now.all.iter().find(|order| order.word == word) else {
            return column;
        };
        let current = now.order().is_some_and(|own| own.word == word);
        let plain = now.asked(word);
        let then = Sort {
            turned: current && !now.turned,
            ..plain
        };
        let falls = current.then_some(order.falls != now.turned);
        column.sorts(self.at(&self.path, then, ""), falls)
    }

    /// The other pages.
    pub fn pages(&self, page: u32, count: i64, a_page: i64) -> impl IntoView + use<> {
        let base: Words = self.at(&self.path, self.sort, "page=").into();
        view! { <Pagination page=page pages=paging::pages(count, a_page) base=base /> }
    }

    /// The list as files; of an empty one there is none.
    pub fn files(&self, count: i64) -> impl IntoView + use<> {
        let file = |ending| self.at(&format!("{}/list.{ending}", self.path), self.sort, "");
        (count > 0).then(|| as_files(file("csv"), file("xlsx")))
    }
}

/// A table as files.
pub fn as_files(csv: String, xlsx: String) -> impl IntoView + use<> {
    view! {
        <p class="wb-no-print">
            <a href=csv download="">"This list as a file (CSV)"</a> " " <a href=xlsx download="">"Excel"</a>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const ORDERS: [Order; 2] = [
        Order::rising("name", "Name", "lower(name)"),
        Order::falling("runs", "Runs, most first", "runs"),
    ];

    #[rstest]
    #[case("", "name", "lower(name) ASC NULLS LAST", "/x?words=a")]
    #[case("name", "name", "lower(name) ASC NULLS LAST", "/x?words=a")]
    #[case(
        "-name",
        "-name",
        "lower(name) DESC NULLS LAST",
        "/x?words=a&sort=-name"
    )]
    #[case(
        "runs",
        "runs",
        "runs DESC NULLS LAST, lower(name) ASC NULLS LAST",
        "/x?words=a&sort=runs"
    )]
    #[case(
        "-runs",
        "-runs",
        "runs ASC NULLS LAST, lower(name) ASC NULLS LAST",
        "/x?words=a&sort=-runs"
    )]
    #[case(
        "id; DROP TABLE person",
        "name",
        "lower(name) ASC NULLS LAST",
        "/x?words=a"
    )]
    fn an_address_asks_for_an_order_that_there_is(
        #[case] asked: &str,
        #[case] word: &str,
        #[case] sql: &str,
        #[case] address: &str,
    ) {
        let sort = Sort::usual(&ORDERS).asked(asked);
        assert_eq!((sort.word().as_str(), sort.sql().as_str()), (word, sql));
        let list = List::new("/x", sort).with("words", "a").with("page", "");
        assert_eq!(list.href(), address);
    }

    #[test]
    fn the_usual_order_can_be_the_other_way_round() {
        let sort = Sort::usual(&ORDERS).turned(true);
        assert_eq!(sort.sql(), "lower(name) DESC NULLS LAST");
        assert_eq!(List::new("/x", sort).href(), "/x");
        assert_eq!(List::new("/x", sort.asked("name")).href(), "/x?sort=name");
    }

    #[test]
    fn a_page_that_is_gone_leads_to_the_last_there_is() {
        let list = List::new("/x", Sort::usual(&ORDERS).asked("runs"));
        let (first, second) = ("/x?sort=runs", "/x?sort=runs&page=2");
        assert_eq!(
            (list.page(1).as_str(), list.page(2).as_str()),
            (first, second)
        );
        assert_eq!(list.instead_of(3, 26, 25).as_deref(), Some(second));
        assert_eq!(list.instead_of(2, 25, 25).as_deref(), Some(first));
        assert_eq!(list.instead_of(2, 0, 25).as_deref(), Some(first));
        assert_eq!(
            (list.instead_of(2, 26, 25), list.instead_of(1, 0, 25)),
            (None, None)
        );
    }

    #[test]
    fn a_heading_turns_what_it_sorts_already() {
        let html = |asked: &str| {
            let list = List::new("/x", Sort::usual(&ORDERS).asked(asked)).with("words", "a");
            let columns = vec![
                list.sorts("name", Column::new("Name")),
                list.sorts("runs", Column::numbers("Runs")),
            ];
            view! { <Table caption="All" columns=columns rows=Vec::new() /> }.to_html()
        };
        let usual = html("");
        assert!(
            usual.contains("aria-sort=\"ascending\"") && usual.contains("?words=a&amp;sort=-name"),
            "{usual}"
        );
        assert!(usual.contains("?words=a&amp;sort=runs"), "{usual}");
        let by_runs = html("runs");
        assert!(
            by_runs.contains("aria-sort=\"descending\"") && by_runs.contains("sort=-runs"),
            "{by_runs}"
        );
    }
}

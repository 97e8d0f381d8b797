//! Long lists, page by page. Pages are counted from 1.

/// Nobody turns so many pages.
const LAST: u32 = 10_000;

/// The page that an address asks for, or the first.
pub fn number(asked: Option<u32>) -> u32 {
    asked.unwrap_or(1).clamp(1, LAST)
}

/// How many rows stand before it, `a_page` to a page.
pub fn skip(page: u32, a_page: i64) -> i64 {
    i64::from(page.saturating_sub(1)) * a_page
}

/// How many pages `count` rows need.
pub fn pages(count: i64, a_page: i64) -> u32 {
    u32::try_from((count + a_page - 1) / a_page).unwrap_or(1)
}

/// So many rows of a list, after so many others: a page of it, or a piece of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many rows stand before it.
    pub skip: i64,
    /// How many rows it has at most.
    pub take: i64,
}

impl Part {
    /// A page with its number, from 1.
    pub fn page(number: u32, a_page: i64) -> Self {
        Self {
            skip: skip(number, a_page),
            take: a_page,
        }
    }

    /// Whether nothing of a list of `count` rows is in it, and something stands before it.
    pub const fn is_beyond(self, count: i64) -> bool {
        self.skip > 0 && self.skip >= count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page_and_no_page_is_empty() {
        for (count, all) in [(0, 0), (1, 1), (25, 1), (26, 2), (50, 2), (51, 3)] {
            assert_eq!(pages(count, 25), all, "{count}");
            assert!(all == 0 || skip(all, 25) < count && count <= skip(all + 1, 25));
        }
    }

    #[test]
    fn what_is_beyond_the_last_page_is_known_by_the_count() {
        for (number, count, beyond) in [
            (1, 0, false),
            (2, 0, true),
            (2, 25, true),
            (2, 26, false),
            (3, 26, true),
        ] {
            assert_eq!(
                Part::page(number, 25).is_beyond(count),
                beyond,
                "{number} of {count}"
            );
        }
    }

    #[test]
    fn an_address_asks_for_a_page_that_can_be() {
        for (asked, page) in [
            (None, 1),
            (Some(0), 1),
            (Some(7), 7),
            (Some(u32::MAX), LAST),
        ] {
            assert_eq!(number(asked), page);
        }
    }
}

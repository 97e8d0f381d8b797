//! Parts of a list that are drawn once and used again for as long as they say the same.
//!
//! The places left change from minute to minute, and with them one card in fifty; the page round the cards hardly ever
//! does. So a card, and the page round a list, are each kept under everything that they are made from: another version
//! of the catalogue, another day or another number of places is another key, and nothing here can be out of date.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::pages::courses::{Around, Shown};
use crate::ui::page::Split;

/// At most this much memory for cards, and as much for pages round lists, in bytes.
const ROOM: u64 = 8 * 1024 * 1024;

/// Drawn parts, each under what it says.
pub struct Drawn {
    /// Cards.
    pub cards: Cache<Shown, Arc<str>>,
    /// Pages round a list of cards.
    pub around: Cache<Around, Arc<Split>>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            cards: room(|card: &Arc<str>| card.len()),
            around: room(|page: &Arc<Split>| page.before.len() + page.after.len()),
        }
    }
}

/// Room for parts of this size; the key weighs about as much again as a quarter of it.
fn room<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
    size: impl Fn(&V) -> usize + Send + Sync + 'static,
) -> Cache<K, V> {
    Cache::builder()
        .max_capacity(ROOM)
        .weigher(move |_, part| u32::try_from(size(part) * 5 / 4 + 500).unwrap_or(u32::MAX))
        .time_to_idle(Duration::from_mins(15))
        .build()
}

//! The catalogue in memory, and how it stays fresh.
//!
//! Three things are kept apart by how often they change. The **catalogue** (and its search index) is read again
//! only when its version has gone up. The **pulse** (that version, and the places left of each run that can be
//! booked) is one query; for visitors it is shared by all pages and is never older than [`FRESH`], so a booking
//! shows within a second whichever process made it. The **pages** kept for visitors carry the stamp of what they
//! were made from; a kept page is sent only while that stamp holds, so it is never staler than the pulse. Parts that are
//! **drawn** once are used in every page that says the same there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::response::Response;
use uuid::Uuid;

use super::drawn::Drawn;
use super::keep::{Pages, Stamp};
use super::model::{Catalogue, Run};
use super::rules::{self, Availability};
use super::search::Index;
use super::store::{self, Pulse};
use crate::server::{App, Error, Result};
use crate::ui::page::Site;
use chrono::{DateTime, Utc};

/// How old the number of places on a visitor's page may be, with room for the query itself below one second.
pub const FRESH: Duration = Duration::from_millis(900);

/// The catalogue's part of the running site.
pub struct Shelf {
    view: RwLock<Option<Arc<View>>>,
    /// Held while the pulse or the catalogue is read, so that a hundred visitors cause one query.
    reading: tokio::sync::Mutex<()>,
    pub(super) pages: Pages,
    pub(super) drawn: Drawn,
    keeps_pages: AtomicBool,
    /// The last stamp given out. Each stands for one state of catalogue and places.
    stamps: AtomicU64,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            view: RwLock::new(None),
            reading: tokio::sync::Mutex::new(()),
            pages: Pages::default(),
            drawn: Drawn::default(),
            keeps_pages: AtomicBool::new(true),
            stamps: AtomicU64::new(0),
        }
    }
}

/// The catalogue with the places left, as one page sees it.
#[derive(Clone)]
pub struct View {
    /// Everything that is published.
    pub catalogue: Arc<Catalogue>,
    pub(super) index: Arc<Index>,
    left: Arc<HashMap<Uuid, u32>>,
    /// The same number means: nothing that a page shows has changed but the time.
    stamp: u64,
    asked_at: Instant,
}

impl View {
    /// What a page made of this at `now` is made from.
    pub(super) fn stamp_at(&self, now: DateTime<Utc>, site: &Site) -> Stamp {
        Stamp {
            state: self.stamp,
            minute: now.timestamp().div_euclid(60),
            notice: site.notice_revision(),
        }
    }

    /// How a run stands at `now`.
    pub fn availability(&self, run: &Run, now: DateTime<Utc>) -> Availability {
        rules::availability(&run.standing(self.left(run)), now)
    }

    /// Places left of a run.
    pub fn left(&self, run: &Run) -> u32 {
        self.left
            .get(&run.id)
            .copied()
            .unwrap_or_default()
            .min(run.capacity)
    }
}

impl Shelf {
    /// The catalogue for a page that is shared by all visitors: places at most a second old.
    pub(super) async fn shared(&self, app: &App) -> Result<Arc<View>> {
        if let Some(view) = self
            .current()
            .filter(|view| view.asked_at.elapsed() < FRESH)
        {
            return Ok(view);
        }
        let _reading = self.reading.lock().await;
        if let Some(view) = self
            .current()
            .filter(|view| view.asked_at.elapsed() < FRESH)
        {
            return Ok(view);
        }
        let asked_at = Instant::now();
        let pulse = store::pulse(&app.db, app.clock.now()).await?;
        self.publish(app, pulse, asked_at).await
    }

    /// The catalogue for somebody who is signed in: read now, so that their own booking is in it.
    pub(super) async fn fresh(&self, app: &App) -> Result<Arc<View>> {
        let asked_at = Instant::now();
        let pulse = store::pulse(&app.db, app.clock.now()).await?;
        let known = self
            .current()
            .is_some_and(|view| view.catalogue.version == pulse.version);
        if known {
            return self.publish(app, pulse, asked_at).await;
        }
        let _reading = self.reading.lock().await;
        self.publish(app, pulse, asked_at).await
    }

    /// The answer to a visitor who asks for `key` (path and query) with these headers, if the page is kept and still right.
    pub(crate) fn kept(&self, app: &App, key: &str, asked: &HeaderMap) -> Option<Response> {
        let view = self
            .current()
            .filter(|view| self.keeps_pages() && view.asked_at.elapsed() < FRESH)?;
        let stamp = view.stamp_at(app.clock.now(), &app.site);
        Some(self.pages.get(key, stamp)?.answer(asked))
    }

    /// Says that places were taken or given back by this process: the next page asks the database.
    pub fn places_changed(&self) {
        let mut held = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = held.as_mut() {
            let mut stale = View::clone(view);
            // Before the process knew anything: older than any pulse.
            stale.asked_at = stale.asked_at.checked_sub(FRESH).unwrap_or(stale.asked_at);
            *view = Arc::new(stale);
        }
    }

    /// Whether visitors' pages are kept. Off, each page is made from the database: for measuring.
    pub fn keep_pages(&self, keep: bool) {
        self.keeps_pages.store(keep, Ordering::Relaxed);
    }

    pub(super) fn keeps_pages(&self) -> bool {
        self.keeps_pages.load(Ordering::Relaxed)
    }

    fn current(&self) -> Option<Arc<View>> {
        self.view
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Makes the view of a pulse, reading the catalogue again if its version has changed.
    async fn publish(&self, app: &App, pulse: Pulse, asked_at: Instant) -> Result<Arc<View>> {
        let before = self.current();
        let kept = before
            .as_ref()
            .filter(|view| view.catalogue.version == pulse.version);
        let (catalogue, index) = match kept {
            Some(view) => (view.catalogue.clone(), view.index.clone()),
            None => self.read(app, pulse.version).await?,
        };
        let mut held = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let same = held
            .as_ref()
            .filter(|view| view.catalogue.version == pulse.version && *view.left == pulse.left);
        let (left, stamp) = match same {
            Some(view) => (view.left.clone(), view.stamp),
            None => (
                Arc::new(pulse.left),
                self.stamps.fetch_add(1, Ordering::Relaxed) + 1,
            ),
        };
        let view = Arc::new(View {
            catalogue,
            index,
            left,
            stamp,
            asked_at,
        });
        // Of two readers the one that asked last is right.
        if held
            .as_ref()
            .is_none_or(|current| current.asked_at <= asked_at)
        {
            *held = Some(view.clone());
        }
        Ok(view)
    }

    async fn read(&self, app: &App, version: i64) -> Result<(Arc<Catalogue>, Arc<Index>)> {
        let catalogue = Arc::new(store::catalogue(&app.db, version, app.clock.now()).await?);
        let index = tokio::task::spawn_blocking({
            let catalogue = catalogue.clone();
            move || Index::new(&catalogue)
        })
        .await
        .map_err(|e| Error::Other(format!("search index: {e}")))??;
        tracing::info!(version, courses = catalogue.courses.len(), "catalogue read");
        Ok((catalogue, Arc::new(index)))
    }
}

//! Making documents beside a site that goes on answering: one at a time, off the threads that answer, and the last few of
//! what may be handed on are kept, since the same facts are the same bytes. When more than a few wait, the next is refused.

use super::paper::Paper;
use super::templates::Templates;
use anyhow::Context;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

/// Documents kept.
const KEPT: usize = 16;

/// Documents that are made or waited for at once.
const MOST_AT_ONCE: usize = 9;

/// Too many documents are waited for already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many documents are being made: ask again in a minute")]
pub struct Busy;

/// Where a site's documents are made.
#[derive(Debug, Clone)]
pub struct Press {
    templates: Arc<Templates>,
    /// One document at a time: each takes a processor for a second.
    turn: Arc<Semaphore>,
    /// A place for each that is made or waits.
    places: Arc<Semaphore>,
    kept: Arc<Mutex<VecDeque<Kept>>>,
}

/// A document by the hash of what it is made of.
type Kept = (String, Vec<u8>);

impl Press {
    pub fn new(templates: Templates) -> Self {
        Self {
            templates: Arc::new(templates),
            turn: Arc::new(Semaphore::new(1)),
            places: Arc::new(Semaphore::new(MOST_AT_ONCE)),
            kept: Arc::default(),
        }
    }

    /// A document of one reader: made and forgotten. [`Busy`] where too many are waited for.
    pub async fn make(&self, paper: Paper) -> anyhow::Result<Vec<u8>> {
        let _place = self.place()?;
        let turn = self.turn().await?;
        Ok(self.print(paper, turn).await?.0)
    }

    /// A document that anybody with its link may open: made once. [`Busy`] where too many are waited for.
    pub async fn make_once(&self, paper: Paper) -> anyhow::Result<Vec<u8>> {
        let hash = paper.hash();
        if let Some(bytes) = self.find(&hash) {
            return Ok(bytes);
        }
        let _place = self.place()?;
        let turn = self.turn().await?;
        // whoever had the turn before may have made the same
        if let Some(bytes) = self.find(&hash) {
            return Ok(bytes);
        }
        let (bytes, _turn) = self.print(paper, turn).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((hash, bytes.clone()));
        Ok(bytes)
    }

    /// Tables of a document, made beside the site as a document is; they are quick and not kept. [`Busy`] where too many
    /// are waited for.
    pub async fn tables(
        &self,
        make: impl FnOnce(&Templates) -> anyhow::Result<Vec<u8>> + Send + 'static,
    ) -> anyhow::Result<Vec<u8>> {
        let _place = self.place()?;
        let turn = self.turn().await?;
        let templates = Arc::clone(&self.templates);
        let made = spawn_blocking(move || (make(&templates), turn)).await.context("making tables was ended")?;
        made.0
    }

    fn find(&self, hash: &str) -> Option<Vec<u8>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(h, _)| h == hash).map(|(_, bytes)| bytes.clone())
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, Busy> {
        self.places.try_acquire().map_err(|_| Busy)
    }

    async fn turn(&self) -> anyhow::Result<OwnedSemaphorePermit> {
        Arc::clone(&self.turn).acquire_owned().await.context("the press is closed")
    }

    /// The turn goes along and comes back: when whoever asked has left, it ends with the document and not before.
    async fn print(&self, paper: Paper, turn: OwnedSemaphorePermit) -> anyhow::Result<(Vec<u8>, OwnedSemaphorePermit)> {
        let templates = Arc::clone(&self.templates);
        let printed = spawn_blocking(move || (paper.pdf(&templates), turn)).await;
        let (bytes, turn) = printed.context("a document was not finished")?;
        Ok((bytes?, turn))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn places_are_few_and_free_again() {
        let press = Press::new(Templates::default());
        let mut places: Vec<_> = (0..MOST_AT_ONCE).map(|_| press.place().unwrap()).collect();
        assert_eq!(press.place().err(), Some(Busy));
        places.pop();
        assert!(press.place().is_ok());
    }
}

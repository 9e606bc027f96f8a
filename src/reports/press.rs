//! Making documents beside a site that goes on answering: one at a time, off the threads that answer, and the last few of
//! what may be handed on are kept, since the same facts are the same bytes.

use super::paper::Paper;
use super::templates::Templates;
use anyhow::Context;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Documents kept.
const KEPT: usize = 16;

/// Where a site's documents are made.
#[derive(Debug, Clone)]
pub struct Press {
    templates: Arc<Templates>,
    /// One document at a time: each takes a processor for a second.
    turn: Arc<Semaphore>,
    kept: Arc<Mutex<VecDeque<Kept>>>,
}

/// A document by the hash of what it is made of.
type Kept = (String, Vec<u8>);

impl Press {
    pub fn new(templates: Templates) -> Self {
        Self { templates: Arc::new(templates), turn: Arc::new(Semaphore::new(1)), kept: Arc::default() }
    }

    /// A document of one reader: made and forgotten.
    pub async fn make(&self, paper: Paper) -> anyhow::Result<Vec<u8>> {
        let _turn = self.turn.acquire().await.context("the press is closed")?;
        let templates = Arc::clone(&self.templates);
        spawn_blocking(move || paper.pdf(&templates)).await.context("a document was not finished")?
    }

    /// A document that anybody with its link may open: made once.
    pub async fn make_once(&self, paper: Paper) -> anyhow::Result<Vec<u8>> {
        let hash = paper.hash();
        let found = |kept: &VecDeque<Kept>| kept.iter().find(|(h, _)| *h == hash).map(|(_, b)| b.clone());
        if let Some(bytes) = found(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(bytes);
        }
        let bytes = self.make(paper).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((hash, bytes.clone()));
        Ok(bytes)
    }
}

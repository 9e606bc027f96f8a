//! Where people change something, and who they are: what many a change by a person begins with.

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::regions::RegionCode;
use crate::store::{Store, Work};

/// In which county, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub store: &'a Store,
    pub county: RegionCode,
    pub actor: &'a Actor,
    pub clock: &'a Clock,
}

impl Desk<'_> {
    /// Opens a unit of work.
    pub async fn work(&self, kind: &str) -> anyhow::Result<Work> {
        Ok(self.store.work(self.county, self.actor, kind, self.clock).await?)
    }
}

//! What is an actor's own, under any of their roles, so that they decide on none of it.
//!
//! Asked before a unit of work is opened: accounts are looked up outside it, and on PostgreSQL a second connection asked for
//! meanwhile may never come.

use super::desk::Desk;
use crate::domain::access::{Role, Scope, own_in};
use crate::domain::doubles::Households;
use crate::domain::problem::{Problem, Teaching};
use crate::store::{accounts, doubles};
use rustc_hash::FxHashSet;

/// The anchors whoever works is.
pub async fn anchors(desk: &Desk<'_>) -> anyhow::Result<FxHashSet<i64>> {
    subjects(desk, Role::Anchor).await
}

/// The households whoever works is, under all their records.
pub async fn farmers(desk: &Desk<'_>) -> anyhow::Result<FxHashSet<i64>> {
    let mut own = subjects(desk, Role::Farmer).await?;
    if !own.is_empty() {
        let session = &mut desk.store.read(Scope::County(desk.county)).await?;
        let households = Households::now(&doubles::list(session).await?);
        own = own.iter().flat_map(|id| households.records(*id)).collect();
    }
    Ok(own)
}

async fn subjects(desk: &Desk<'_>, role: Role) -> anyhow::Result<FxHashSet<i64>> {
    let held = accounts::list_grants(desk.store, desk.actor.account_id).await?;
    Ok(own_in(&held, desk.county).filter(|grant| grant.role == role).map(|grant| grant.subject_id).collect())
}

/// Refuses whoever is one of the anchors.
pub async fn hold_off_anchors(desk: &Desk<'_>, anchor_ids: &[i64]) -> anyhow::Result<()> {
    let own = anchors(desk).await?;
    if anchor_ids.iter().any(|id| own.contains(id)) { Err(Problem::from(Teaching::OwnStep).into()) } else { Ok(()) }
}

//! Adding and removing the photo of a product, a listing or a proposal.
//!
//! Rules that must hold: a household adds one to a proposal of its own that nobody has seen to yet, and to nothing else;
//! one photo is drawn at a time, off the threads that answer; the trail says whose photo changed, and its hash.

use super::desk::Desk;
use super::photo_drawing::{Drawn, draw};
use super::{goods, listings};
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::doubles::Households;
use crate::domain::photos::{PhotoFault, Shows};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::proposals::ProposalFault;
use crate::store::photos::{self, NewPhoto};
use crate::store::proposals::{self, Standing};
use crate::store::{Session, StoreError, doubles};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// One at a time: each takes a processor and some tens of megabytes.
static TURN: Semaphore = Semaphore::const_new(1);

/// Whether there is such a thing in the session's scope.
pub async fn is_there(session: &mut Session, shows: Shows) -> Result<bool, StoreError> {
    Ok(match shows {
        Shows::Product(id) => goods::find(session, id).await?.is_some(),
        Shows::Listing(id) => listings::find(session, id).await?.is_some(),
        Shows::Proposal(id) => proposals::find(session, id).await?.is_some(),
    })
}

async fn drawn(bytes: Vec<u8>) -> anyhow::Result<Drawn> {
    let turn = TURN.acquire().await?;
    let fault = |fault: PhotoFault| Problem::from(Mistake::PhotoWrong { fault });
    let task = move || {
        // held until it is drawn: whoever asked may be gone before
        let _turn = turn;
        draw(&bytes)
    };
    Ok(spawn_blocking(task).await?.map_err(fault)?)
}

/// Draws an uploaded photo anew and keeps it. False where there is nothing of that number. `by` is the reader's scope: a
/// unit of work sees the whole county.
pub async fn add(desk: &Desk<'_>, by: Scope, shows: Shows, bytes: Vec<u8>) -> anyhow::Result<bool> {
    let mut session = desk.store.read(by).await?;
    if !is_there(&mut session, shows).await? {
        return Ok(false);
    }
    drop(session);
    let drawn = drawn(bytes).await?;
    let mut work = desk.work("add photo").await?;
    if let (Scope::Farmer { farmer_id, .. }, Shows::Proposal(id)) = (by, shows) {
        let households = Households::now(&doubles::list(&mut work).await?);
        let is_own = |of: i64| households.kept(of) == households.kept(farmer_id);
        let own = proposals::find(&mut work, id).await?.filter(|p| is_own(p.farmer_id));
        if own.is_none_or(|p| p.standing() != Standing::Waiting) {
            return Err(Problem::from(Mistake::ProposalTyped { fault: ProposalFault::Decided }).into());
        }
    }
    let sha256 = hex::encode(Sha256::digest(&drawn.picture));
    let new = NewPhoto {
        sha256: &sha256,
        width_px: drawn.width_px,
        height_px: drawn.height_px,
        picture: &drawn.picture,
        small: &drawn.small,
    };
    photos::put(&mut work, shows, &new).await?;
    let change = Change::new(Verb::Change, Noun::Photo, key(shows)).after(Field::FileSha256, sha256);
    work.commit(&change).await?;
    Ok(true)
}

/// Takes a photo away. What it showed; `None` where there is no such photo.
pub async fn remove(desk: &Desk<'_>, photo_id: i64) -> anyhow::Result<Option<Shows>> {
    let mut work = desk.work("remove photo").await?;
    let Some(photo) = photos::find_shown(&mut work, photo_id).await? else { return Ok(None) };
    let Some(shows) = Shows::parse(&photo.of_kind, photo.of_id) else { return Ok(None) };
    photos::remove(&mut work, shows).await?;
    let change = Change::new(Verb::Remove, Noun::Photo, key(shows)).before(Field::FileSha256, photo.sha256);
    work.commit(&change).await?;
    Ok(Some(shows))
}

fn key(shows: Shows) -> String {
    format!("{} {}", shows.kind(), shows.id())
}

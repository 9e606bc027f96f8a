//! Importing files: a preview of what would change, and the import itself. The command line and pages call this.
//!
//! A preview does everything an import does, posting included, and then forgets it: what it says is what would happen.
//! Each file is a unit of work of its own, so that a bad one sinks no other.

use super::{infer, post, setup};
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::regions::RegionCode;
use crate::ingest::files::{self, Wanted};
use crate::store::{Session, Store, counties, profiles, whole_micros};
use std::sync::Arc;

pub use crate::ingest::files::take::Sums;
pub use crate::ingest::files::{FileReport, Kind, Profile, Profiles, Received, Spool, TableReport};

/// Whether what was found out is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Preview,
    Commit,
}

/// Where files are imported to, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub store: &'a Store,
    pub county: RegionCode,
    pub buyer_key: &'a [u8],
    pub actor: &'a Actor,
    pub clock: &'a Clock,
    pub shop_key: &'a str,
}

/// What a person says of a file; what is left out is found by its content.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub kind: Option<Kind>,
    /// A profile by name.
    pub profile: Option<String>,
    /// A profile that is not saved.
    pub unsaved: Option<Profile>,
}

/// Imports one file, or says what that would do.
pub async fn import(
    target: &Target<'_>,
    received: Received,
    choice: &Choice,
    mode: Mode,
) -> anyhow::Result<FileReport> {
    let mut session = target.store.read(Scope::County(target.county)).await?;
    let shop = setup::shop(&mut session, target.shop_key).await?;
    let known = list_profiles(&mut session).await?;
    drop(session);
    let chosen = match (&choice.unsaved, &choice.profile) {
        (Some(profile), _) => Some(Arc::new(profile.clone())),
        (None, Some(name)) => Some(known.named(name)?),
        (None, None) => None,
    };
    let wanted = Wanted { profiles: known, chosen, kind: choice.kind, platform: shop.platform.clone() };
    // nobody waits for the writer while a file is hashed and recognised
    let begun = files::begin(received, wanted, whole_micros(target.clock.now())).await?;
    let mut work = target.store.work(target.county, target.actor, "import", target.clock).await?;
    let report = files::take(&mut work, &shop, target.buyer_key, begun).await?;
    infer::infer(&mut work, target.clock.today()).await?;
    Box::pin(post::post(&mut work)).await?;
    if mode == Mode::Commit {
        work.commit(&files::change(Noun::Orders, &shop.shop_key, &report.import)).await?;
    }
    Ok(report)
}

/// The key buyers are hashed with.
pub async fn buyer_key(store: &Store, county: RegionCode) -> anyhow::Result<Vec<u8>> {
    let code = county.to_string();
    let counties = counties::list(store).await?;
    let found = counties.into_iter().find(|c| c.county_code == code);
    Ok(found.ok_or(Problem::UnknownCounty { code })?.buyer_key)
}

/// The profiles that come with the program and those the county saved. A saved one that no longer reads is left out.
pub async fn list_profiles(session: &mut Session) -> anyhow::Result<Profiles> {
    let mut known = Profiles::shipped();
    for saved in profiles::list(session).await? {
        match Profile::parse(&saved.name, &saved.document) {
            Ok(profile) => known.add(profile),
            Err(problem) => tracing::warn!(profile = saved.name, %problem, "a saved profile cannot be read"),
        }
    }
    Ok(known)
}

/// The profiles that come with the program for one platform's files.
pub fn of_platform(platform: &str) -> Vec<Arc<Profile>> {
    let of_it = |profile: &&Arc<Profile>| profile.platform.as_deref() == Some(platform);
    Profiles::shipped().all().iter().filter(of_it).cloned().collect()
}

/// What becomes of the county's profile of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namesake {
    /// It stays, and another document is refused.
    Stays,
    GivesWay,
}

/// Saves a profile for the county. One that is saved already writes nothing.
pub async fn save_profile(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    profile: &Profile,
    namesake: Namesake,
) -> anyhow::Result<()> {
    if Profiles::shipped().named(&profile.name).is_ok() {
        return Err(Problem::ShippedProfile { name: profile.name.clone() }.into());
    }
    let mut work = store.work(county, actor, "save profile", clock).await?;
    match profiles::list(&mut work).await?.into_iter().find(|saved| saved.name == profile.name) {
        Some(saved) if saved.document == profile.json() => return Ok(()),
        // one that no longer reads serves nobody
        Some(saved) if namesake == Namesake::Stays && Profile::parse(&saved.name, &saved.document).is_ok() => {
            return Err(Problem::from(Mistake::ProfileExists { name: profile.name.clone() }).into());
        }
        _ => {}
    }
    profiles::upsert(&mut work, &profile.name, &profile.json()).await?;
    Ok(work.commit(&Change::new(Verb::Change, Noun::ImportProfile, &profile.name)).await?)
}

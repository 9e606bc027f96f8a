//! What the county's things are called on pages: regions, platforms, streams. Data is never translated;
//! goods and modules have an English name of their own.

use crate::domain::access::{Grant, Role};
use crate::domain::calendar::clock_text;
use crate::services::sessions::Choice;
use crate::store::access::{self, Noun};
use crate::store::broadcasts::Named;
use crate::store::{Session, Store, StoreError, counties};
use crate::web::context::Ctx;
use crate::web::wording::fill;
use rustc_hash::FxHashMap;

/// Names of the county's regions by their code.
#[derive(Debug, Clone, Default)]
pub struct Names(pub FxHashMap<String, String>);

impl Names {
    /// All regions of the county.
    pub async fn of_regions(session: &mut Session) -> Result<Self, StoreError> {
        Ok(Self(counties::region_names(session).await?.into_iter().collect()))
    }

    /// A region's name; the code itself where nothing is known.
    pub fn of(&self, code: &str) -> String {
        self.0.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }
}

/// A role's name.
pub const fn role_name(role: Role, ctx: &Ctx) -> &'static str {
    let c = &ctx.words.frame;
    match role {
        Role::BranchAdmin => c.role_branch_admin,
        Role::Branch => c.role_branch,
        Role::Anchor => c.role_anchor,
        Role::Farmer => c.role_farmer,
        Role::VillageContact => c.role_village_contact,
        Role::Official => c.role_official,
        Role::Auditor => c.role_auditor,
    }
}

/// What roles are over, in words: names of regions by their code, of any county.
#[derive(Debug, Clone, Default)]
pub struct Places(FxHashMap<String, String>);

impl Places {
    /// The places of an account's roles.
    pub async fn load(store: &Store, choices: &[Choice]) -> Result<Self, StoreError> {
        let mut names = FxHashMap::default();
        for choice in choices {
            let Some(scope) = choice.scope() else { continue };
            let mut session = store.read(scope).await?;
            for region in [choice.grant.region, choice.county] {
                let code = region.to_string();
                if let Some(name) = access::find_name(&mut session, Noun::Region, &code).await? {
                    names.insert(code, name);
                }
            }
        }
        Ok(Self(names))
    }

    /// The places of grants that one county's branch gave.
    pub async fn of_grants(session: &mut Session, grants: &[Grant]) -> Result<Self, StoreError> {
        let mut names = Names::of_regions(session).await?.0;
        for grant in grants.iter().filter(|grant| grant.region.digits() < 6) {
            let code = grant.region.to_string();
            if let Some(name) = access::find_name(session, Noun::Region, &code).await? {
                names.insert(code, name);
            }
        }
        Ok(Self(names))
    }

    fn of(&self, code: &str) -> String {
        self.0.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }

    /// A role and where it holds: `县级 · 雩田镇`.
    pub fn grant(&self, grant: &Grant, ctx: &Ctx) -> String {
        let place = self.of(&grant.region.to_string());
        fill(ctx.words.access.over, &[role_name(grant.role, ctx), &place])
    }

    /// A role to be in; of a region above the county, the county looked at.
    pub fn choice(&self, choice: &Choice, ctx: &Ctx) -> String {
        let place = if choice.grant.region.digits() < 6 { choice.county } else { choice.grant.region };
        fill(ctx.words.access.over, &[role_name(choice.grant.role, ctx), &self.of(&place.to_string())])
    }
}

/// A platform's name; its key where the pages know no other.
pub fn platform<'a>(key: &'a str, ctx: &Ctx) -> &'a str {
    match key {
        "douyin" => ctx.words.branch.platform_douyin,
        "kuaishou" => ctx.words.branch.platform_kuaishou,
        "wechat_channels" => ctx.words.sources.platform_wechat_channels,
        "taobao" => ctx.words.sources.platform_taobao,
        "pinduoduo" => ctx.words.sources.platform_pinduoduo,
        "jd" => ctx.words.sources.platform_jd,
        "xiaohongshu" => ctx.words.sources.platform_xiaohongshu,
        other => other,
    }
}

/// A stream by its start, anchor and room: `2026-01-20 19:00 · 主播 · 一号直播间`.
pub fn stream_label(stream: &Named) -> String {
    let start = clock_text(stream.starts_at);
    if stream.room.is_empty() {
        format!("{start} · {}", stream.anchor)
    } else {
        format!("{start} · {} · {}", stream.anchor, stream.room)
    }
}

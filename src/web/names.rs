//! What the county's things are called on pages: regions, platforms, streams. Data is never translated;
//! goods and modules have an English name of their own.

use crate::domain::calendar::clock_text;
use crate::store::broadcasts::Named;
use crate::store::{Session, StoreError, counties};
use crate::web::context::Ctx;
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

/// A platform's name; its key where the pages know no other.
pub fn platform<'a>(key: &'a str, ctx: &Ctx) -> &'a str {
    match key {
        "douyin" => ctx.words.branch.platform_douyin,
        "kuaishou" => ctx.words.branch.platform_kuaishou,
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

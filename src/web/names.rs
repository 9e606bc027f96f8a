//! What the county's things are called on pages: regions, streams. Data is never translated but where it has an
//! English name of its own.

use crate::domain::calendar::clock_text;
use crate::store::broadcasts::Named;
use crate::store::{Session, StoreError, counties};
use crate::web::context::Ctx;
use rustc_hash::FxHashMap;

/// Names of things by their code or id, Chinese and English.
#[derive(Debug, Clone, Default)]
pub struct Names(pub FxHashMap<String, (String, String)>);

impl Names {
    /// All regions of the county.
    pub async fn of_regions(session: &mut Session) -> Result<Self, StoreError> {
        let rows = counties::region_names(session).await?;
        Ok(Self(rows.into_iter().map(|(code, zh, en)| (code, (zh, en))).collect()))
    }

    /// The name in the page's language; the code itself where nothing is known.
    pub fn of(&self, code: &str, ctx: &Ctx) -> String {
        self.0.get(code).map_or_else(|| code.to_owned(), |(zh, en)| ctx.name(zh, en).to_owned())
    }

    /// The Chinese name.
    pub fn chinese(&self, code: &str) -> String {
        self.0.get(code).map_or_else(|| code.to_owned(), |(zh, _)| zh.clone())
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

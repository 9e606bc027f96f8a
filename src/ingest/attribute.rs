//! Giving lines to streams by rule, as versions that a person can overrule and no rule overrules again.

use crate::domain::attribution::{Rule, Sale, StreamIndex, StreamWindow};
use crate::domain::calendar::{Day, Instant};
use crate::services::assemble::latest;
use crate::services::book::Goods;
use crate::store::orders::{AttributionRow, LineRow};
use crate::store::{Session, StoreError, Work, goods, orders, people, streams};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// Who decided, where a rule did.
const BY_RULE: &str = "rule";

/// Reads the streams that may have sold on the days of a span, with their accounts and shelves.
pub async fn load_streams(session: &mut Session, from: Day, to: Day) -> Result<StreamIndex, StoreError> {
    let (from, to) = (from - TimeDelta::days(2), to + TimeDelta::days(1));
    let platforms: FxHashMap<i64, String> =
        goods::list_shops(session).await?.into_iter().map(|s| (s.shop_id, s.platform)).collect();
    let anchors = people::list_anchor_accounts(session).await?;
    let rooms = people::list_room_accounts(session).await?;
    let mut shelves: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
    for place in streams::list_shelves(session, from, to).await? {
        shelves.entry(place.stream_id).or_default().push(place.listing_id);
    }
    let windows = streams::list_between(session, from, to)
        .await?
        .into_iter()
        .map(|s| {
            let platform = platforms.get(&s.shop_id);
            let of = |accounts: &[people::Account], owner: i64| -> Vec<String> {
                accounts
                    .iter()
                    .filter(|a| a.owner_id == owner && Some(&a.platform) == platform)
                    .map(|a| a.author_no.clone())
                    .collect()
            };
            let mut author_nos = of(&anchors, s.anchor_id);
            author_nos.extend(of(&rooms, s.room_id));
            StreamWindow {
                stream_id: s.stream_id,
                shop_id: s.shop_id,
                live_room_no: s.live_room_no,
                starts_at: s.starts_at,
                ends_at: s.ends_at,
                author_nos,
                shelf: shelves.remove(&s.stream_id).unwrap_or_default(),
            }
        })
        .collect();
    Ok(StreamIndex::new(windows))
}

/// A line to decide for, with its order's times.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub line: &'a LineRow,
    pub created_at: Instant,
    pub paid_at: Option<Instant>,
}

/// Decides for lines and writes a version where the decision is new. A person's choice is left alone. Returns the orders
/// whose attribution changed.
pub async fn attribute(
    work: &mut Work,
    candidates: &[Candidate<'_>],
    index: &StreamIndex,
    goods: &Goods,
) -> Result<Vec<i64>, StoreError> {
    let line_ids: Vec<i64> = candidates.iter().map(|c| c.line.line_id).collect();
    let known = orders::list_attributions(work, &line_ids).await?;
    let mut rows = Vec::new();
    let mut changed = Vec::new();
    for candidate in candidates {
        let line = candidate.line;
        let last = latest(&known, line.line_id);
        if last.is_some_and(|a| a.rule == Rule::Person.key()) {
            continue;
        }
        let decision = index.decide(&Sale {
            shop_id: line.shop_id,
            created_at: candidate.created_at,
            paid_at: candidate.paid_at,
            live_room_no: &line.live_room_no,
            author_no: &line.author_no,
            listing_id: goods.listing(line.sku_id).map(|l| l.listing_id),
        });
        let same = last.map_or((0, Rule::None.key()), |a| (a.stream_id, a.rule.as_str()))
            == (decision.stream_id, decision.rule.key());
        if same {
            continue;
        }
        rows.push(AttributionRow {
            line_id: line.line_id,
            version_id: last.map_or(0, |a| a.version_id) + 1,
            batch_id: work.batch_id,
            stream_id: decision.stream_id,
            rule: decision.rule.key().to_owned(),
            bulk: last.is_some_and(|a| a.bulk),
            actor: BY_RULE.to_owned(),
            reason: String::new(),
        });
        changed.push(line.order_id);
    }
    orders::insert_attributions(work, &rows).await?;
    Ok(changed)
}

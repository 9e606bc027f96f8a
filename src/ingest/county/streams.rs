//! Writing streams and their shelves.

use super::Import;
use super::named::{or_known, settle};
use crate::domain::calendar::day_of;
use crate::domain::county::StreamDoc;
use crate::store::facts::Of;
use crate::store::keys::{Keyed, Noun};
use crate::store::streams::{self, ShelfPlace, Stream};
use crate::store::{StoreError, keys, plans};
use chrono::{TimeDelta, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

/// How far a stream may begin from the time it was planned for and still be that plan.
const TOLERANCE: TimeDelta = TimeDelta::minutes(60);

impl Import<'_> {
    pub(super) async fn streams(&mut self, docs: &[StreamDoc]) -> Result<(), StoreError> {
        let wanted: Vec<Stream> = docs.iter().map(|doc| self.stream(doc)).collect();
        self.claim_plans(&wanted).await?;
        let planned = self.planned(&wanted).await?;
        let keep = |row: &mut Stream, known: &Stream| {
            or_known(&mut row.live_room_no, &known.live_room_no);
            // a document that names no room does not take the planned one away
            if row.room_id == 0 && planned.contains(&known.stream_id) {
                row.room_id = known.room_id;
            }
            row.views = row.views.or(known.views);
        };
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        streams::upsert(self.work, &settled.rows).await?;
        self.settled("streams", &settled);
        // whose and where a stream was is in its ledger rows; its number of views is not
        let told = |s: &Stream| Stream { views: None, ..s.clone() };
        let before: FxHashMap<i64, Stream> = settled.before.iter().map(|s| (s.stream_id, told(s))).collect();
        for row in &settled.rows {
            let old = before.get(&row.stream_id);
            if old == Some(&told(row)) {
                continue;
            }
            if let Some(old) = old {
                self.touched.always(Of::Stream, old.stream_id);
                self.touched.streams.push(old.clone());
            }
            self.touched.streams.push(row.clone());
        }
        self.shelves(docs).await
    }

    /// A stream that the branch planned on its page and a document calls by a key of its own is the same stream: it is
    /// known by the document's key from now on. Two plans that fit are left as they are, and so is a stream that some
    /// document has named.
    async fn claim_plans(&mut self, wanted: &[Stream]) -> Result<(), StoreError> {
        let is_known = |s: &&Stream| self.names.find(Noun::Stream, &s.stream_key).is_some();
        let new: Vec<&Stream> = wanted.iter().filter(|s| !is_known(s)).collect();
        let days = || new.iter().map(|s| s.started_on);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(()) };
        let (first, last) = (first - TimeDelta::days(1), last + TimeDelta::days(1));
        let plans = plans::list_between(self.work, first, last).await?;
        if plans.iter().all(|plan| plan.cancelled_at.is_some()) {
            return Ok(());
        }
        let planned: Vec<Stream> = streams::list_between(self.work, first, last)
            .await?
            .into_iter()
            .filter(|s| plans.iter().any(|plan| plan.stream_id == s.stream_id))
            .filter(|s| s.stream_key.ends_with(&format!("-p{}", s.stream_id)))
            .filter(|s| wanted.iter().all(|w| w.stream_key != s.stream_key))
            .collect();
        let mut claimed: FxHashSet<i64> = FxHashSet::default();
        for stream in new {
            let fits = |plan: &&Stream| {
                (plan.shop_id, plan.anchor_id) == (stream.shop_id, stream.anchor_id)
                    && (plan.starts_at - stream.starts_at).abs() <= TOLERANCE
                    && !claimed.contains(&plan.stream_id)
            };
            let found: Vec<&Stream> = planned.iter().filter(fits).collect();
            if let [plan] = found[..] {
                streams::set_key(self.work, plan.stream_id, &stream.stream_key).await?;
                self.names.extend(Noun::Stream, [(stream.stream_key.clone(), plan.stream_id)]);
                claimed.insert(plan.stream_id);
            }
        }
        Ok(())
    }

    /// The streams of the documents' days that the branch planned.
    async fn planned(&mut self, wanted: &[Stream]) -> Result<FxHashSet<i64>, StoreError> {
        let days = || wanted.iter().map(|s| s.started_on);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(FxHashSet::default()) };
        let plans = plans::list_between(self.work, first - TimeDelta::days(1), last + TimeDelta::days(1)).await?;
        Ok(plans.into_iter().filter(|plan| !plan.title.is_empty()).map(|plan| plan.stream_id).collect())
    }

    fn stream(&self, doc: &StreamDoc) -> Stream {
        Stream {
            stream_id: 0,
            stream_key: doc.key.clone(),
            shop_id: self.names.id(Noun::Shop, &doc.shop),
            anchor_id: self.names.id(Noun::Anchor, &doc.anchor),
            room_id: doc.room.as_deref().map_or(0, |key| self.names.id(Noun::Room, key)),
            live_room_no: doc.live_room_no.clone().unwrap_or_default(),
            starts_at: doc.starts_at.with_timezone(&Utc),
            ends_at: doc.ends_at.with_timezone(&Utc),
            started_on: day_of(doc.starts_at.with_timezone(&Utc)),
            views: doc.views,
        }
    }

    /// A shelf that is named is taken whole: what it no longer names is off it.
    async fn shelves(&mut self, docs: &[StreamDoc]) -> Result<(), StoreError> {
        let wanted: Vec<(i64, Vec<i64>)> = docs
            .iter()
            .filter(|doc| !doc.shelf.is_empty())
            .map(|doc| {
                let listings = doc.shelf.iter().map(|key| self.names.id(Noun::Listing, key)).collect();
                (self.names.id(Noun::Stream, &doc.key), listings)
            })
            .collect();
        let ids: Vec<i64> = wanted.iter().map(|(id, _)| *id).collect();
        let mut known: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
        for place in streams::list_shelves_of(self.work, &ids).await? {
            known.entry(place.stream_id).or_default().push(place.listing_id);
        }
        let changed: FxHashSet<i64> =
            wanted.iter().filter(|(id, shelf)| known.get(id).is_some_and(|k| k != shelf)).map(|(id, _)| *id).collect();
        streams::clear_shelves(self.work, &changed.iter().copied().collect::<Vec<_>>()).await?;
        let rows: Vec<ShelfPlace> = wanted
            .iter()
            .filter(|(id, _)| changed.contains(id) || !known.contains_key(id))
            .flat_map(|(id, shelf)| {
                (1..).zip(shelf).map(|(place, &listing_id)| ShelfPlace { stream_id: *id, place, listing_id })
            })
            .collect();
        streams::upsert_shelf(self.work, &rows).await?;
        let written: FxHashSet<i64> = rows.iter().map(|p| p.stream_id).collect();
        let already: FxHashSet<i64> = self.touched.streams.iter().map(Keyed::id).collect();
        let shelved: Vec<&str> = docs
            .iter()
            .map(|doc| doc.key.as_str())
            .filter(|key| {
                let id = self.names.id(Noun::Stream, key);
                written.contains(&id) && !already.contains(&id)
            })
            .collect();
        self.touched.streams.extend(keys::list_by_keys::<Stream>(self.work, &shelved).await?);
        Ok(())
    }
}

//! What a county's streams sell while they run, read again when something was written.
//!
//! Rule that must hold: whoever watches, a county is asked one statement a second ([`Watch::step`]) and read anew only
//! when that one shows a newer batch, or a minute has passed, since streams begin and end without anybody writing.
//! Several servers do so each for itself: what they share is the database.

use crate::clock::Clock;
use crate::domain::access::Scope;
use crate::domain::attribution::TAIL_MINUTES;
use crate::domain::calendar::{Instant, day_of};
use crate::domain::live::{Goods, LiveStream, MINUTES, Snapshot, Sums};
use crate::domain::regions::RegionCode;
use crate::domain::stock::Shelves;
use crate::services::figures;
use crate::services::listings::list_on;
use crate::services::shelf_check::Sources;
use crate::services::stock::on_shelves;
use crate::store::broadcasts::{self, Named};
use crate::store::goods::{self, Listing, Product};
use crate::store::live::{self, By, OfGoods, PiecesOf};
use crate::store::plans::{self, Offer};
use crate::store::streams::{self, ShelfPlace};
use crate::store::{Session, Store};
use chrono::TimeDelta;

/// How long what was read is shown although nothing was written.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// A county that is watched.
#[derive(Debug, Clone)]
pub struct Watch {
    store: Store,
    clock: Clock,
    county: RegionCode,
    seen: Option<(i64, Instant)>,
}

impl Watch {
    pub fn new(store: Store, clock: Clock, county: RegionCode) -> Self {
        Self { store, clock, county, seen: None }
    }

    /// One look: a snapshot where there is something new to show.
    pub async fn step(&mut self) -> anyhow::Result<Option<Snapshot>> {
        let now = self.clock.now();
        let session = &mut self.store.read(Scope::County(self.county)).await?;
        let mark = live::find_mark(session).await?;
        if self.seen.is_some_and(|(seen, at)| seen == mark && now < at + FRESH) {
            return Ok(None);
        }
        let snapshot = read(session, mark, now).await?;
        self.seen = Some((mark, now));
        Ok(Some(snapshot))
    }
}

/// A county's streams as they stand.
pub async fn snapshot(session: &mut Session, now: Instant) -> anyhow::Result<Snapshot> {
    let mark = live::find_mark(session).await?;
    read(session, mark, now).await
}

/// One stream whole, whenever it was, without its minutes.
pub async fn of_stream(session: &mut Session, named: &Named) -> anyhow::Result<LiveStream> {
    let ids = [named.stream_id];
    let facts = Facts {
        titles: live::list_titles(session, named.started_on, named.started_on).await?,
        of_streams: live::sum_streams(session, &ids).await?,
        of_listings: live::sum_goods(session, &ids, By::Listing).await?,
        of_products: live::sum_goods(session, &ids, By::Product).await?,
        pieces: live::sum_pieces(session, &ids).await?,
        paid: Vec::new(),
        offers: plans::list_offers(session, &ids).await?,
        shelf: streams::list_shelves_of(session, &ids).await?,
        listings: list_on(session, named.started_on).await?,
        products: goods::list_products(session).await?,
        shelves: Shelves::default(),
        since: named.starts_at,
    };
    Ok(facts.stream(named))
}

async fn read(session: &mut Session, mark: i64, now: Instant) -> anyhow::Result<Snapshot> {
    let today = day_of(now);
    let yesterday = today - TimeDelta::days(1);
    let mut named = broadcasts::list_between(session, yesterday, today).await?;
    // one that runs past midnight belongs to the day before
    named.retain(|s| s.started_on == today || s.ends_at + TimeDelta::minutes(TAIL_MINUTES) >= now);
    named.sort_by_key(|s| (s.starts_at, s.stream_id));
    let ids: Vec<i64> = named.iter().map(|s| s.stream_id).collect();
    let begun: Vec<i64> = named.iter().filter(|s| s.starts_at <= now).map(|s| s.stream_id).collect();
    let since = now - TimeDelta::minutes(i64::try_from(MINUTES)?);
    let sources = Sources::load(session, today).await?;
    let facts = Facts {
        titles: live::list_titles(session, yesterday, today).await?,
        of_streams: live::sum_streams(session, &begun).await?,
        of_listings: live::sum_goods(session, &begun, By::Listing).await?,
        of_products: live::sum_goods(session, &begun, By::Product).await?,
        pieces: live::sum_pieces(session, &begun).await?,
        paid: live::list_paid_since(session, &begun, since).await?,
        offers: plans::list_offers(session, &ids).await?,
        shelf: streams::list_shelves_of(session, &ids).await?,
        listings: list_on(session, today).await?,
        products: goods::list_products(session).await?,
        shelves: on_shelves(session, &sources, now).await?,
        since,
    };
    // after midnight the day before is no part of today
    let of_today = |s: &&Named| s.started_on == today && s.starts_at <= now;
    let begun_today: Vec<i64> = named.iter().filter(of_today).map(|s| s.stream_id).collect();
    let day = live::sum_all(session, &begun_today).await?;
    let known_to = figures::as_of(session).await?;
    Ok(Snapshot { mark, at: now, known_to, streams: named.iter().map(|s| facts.stream(s)).collect(), day })
}

/// What was read of all streams together.
struct Facts {
    titles: Vec<(i64, String)>,
    of_streams: Vec<(i64, Sums)>,
    of_listings: Vec<OfGoods>,
    of_products: Vec<OfGoods>,
    pieces: Vec<PiecesOf>,
    paid: Vec<(i64, Instant)>,
    offers: Vec<Offer>,
    shelf: Vec<ShelfPlace>,
    listings: Vec<Listing>,
    products: Vec<Product>,
    shelves: Shelves,
    since: Instant,
}

impl Facts {
    fn stream(&self, named: &Named) -> LiveStream {
        let id = named.stream_id;
        let mut listings: Vec<i64> =
            self.shelf.iter().filter(|place| place.stream_id == id).map(|place| place.listing_id).collect();
        let sold = self.of_listings.iter().filter(|of| of.stream_id == id).map(|of| of.id);
        let beside: Vec<i64> = sold.filter(|listing| !listings.contains(listing)).collect();
        listings.extend(beside);
        let goods: Vec<Goods> = listings.into_iter().map(|listing| self.goods(id, listing)).collect();
        let mut minutes = vec![0; MINUTES];
        for (_, at) in self.paid.iter().filter(|(stream, _)| *stream == id) {
            let minute = usize::try_from((*at - self.since).num_minutes()).ok();
            if let Some(count) = minute.and_then(|minute| minutes.get_mut(minute)) {
                *count += 1;
            }
        }
        LiveStream {
            stream_id: id,
            title: self.titles.iter().find(|(of, _)| *of == id).map(|(_, title)| title.clone()).unwrap_or_default(),
            room: named.room.clone(),
            shop: named.shop.clone(),
            anchor: named.anchor.clone(),
            starts_at: named.starts_at,
            ends_at: named.ends_at,
            sums: self.of_streams.iter().find(|(of, _)| *of == id).map(|(_, sums)| *sums).unwrap_or_default(),
            products: self.products(id, &goods),
            goods,
            minutes,
        }
    }

    /// The listings of a stream put together by product, in the order of the shelf; those of no product are left out.
    fn products(&self, stream_id: i64, goods: &[Goods]) -> Vec<Goods> {
        let mut products: Vec<Goods> = Vec::new();
        for one in goods {
            let listing = self.listings.iter().find(|l| l.listing_id == one.id);
            let product = listing.and_then(|l| self.products.iter().find(|p| p.product_id == l.product_id));
            let Some(product) = product else { continue };
            match products.iter_mut().find(|p| p.id == product.product_id) {
                Some(known) => {
                    known.pieces += one.pieces;
                    known.promised_pieces += one.promised_pieces;
                }
                None => products.push(Goods {
                    id: product.product_id,
                    name: product.name.clone(),
                    promised_pieces: one.promised_pieces,
                    pieces: one.pieces,
                    in_stock: None,
                    sums: sums_of(&self.of_products, stream_id, product.product_id),
                }),
            }
        }
        products
    }

    fn goods(&self, stream_id: i64, listing_id: i64) -> Goods {
        let key = (stream_id, listing_id);
        Goods {
            id: listing_id,
            name: self
                .listings
                .iter()
                .find(|l| l.listing_id == listing_id)
                .map_or_else(String::new, |l| l.name.clone()),
            promised_pieces: self
                .offers
                .iter()
                .find(|of| (of.stream_id, of.listing_id) == key)
                .map_or(0, |of| of.promised_pieces),
            pieces: self.pieces.iter().find(|of| (of.stream_id, of.listing_id) == key).map_or(0, |of| of.pieces),
            in_stock: self.shelves.stock(listing_id).parcels(),
            sums: sums_of(&self.of_listings, stream_id, listing_id),
        }
    }
}

fn sums_of(sums: &[OfGoods], stream_id: i64, id: i64) -> Sums {
    let found = sums.iter().find(|of| (of.stream_id, of.id) == (stream_id, id));
    found.map_or(Sums::default(), |of| Sums {
        orders: of.orders,
        gmv_fen: of.gmv_fen,
        refund_fen: of.refund_fen,
        households: of.households,
    })
}

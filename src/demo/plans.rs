//! What the branch has planned at the end of the demo: its last stream, and the first of the day after.
//!
//! A plan is what a person types: title, stock and talking points beside a stream that the weeks' documents name. The
//! shelf stays as it is, so that no sale moves.

use super::county;
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use crate::domain::county::{CountyDoc, StreamDoc};
use crate::domain::problem::{Planning, Problem};
use crate::sandbox::world::monday_of;
use crate::services::desk::Desk;
use crate::services::plans::{self as service, Meant, NewOffer, NewPlan};
use crate::store::streams::{self, Stream};
use crate::store::{goods, plans};

/// Talking points in turn.
const POINTS: [&str; 3] =
    ["先说哪个村、哪天采的，再试吃一份", "说清规格和发货时间，坏果拍照包赔", "请农户讲怎么种的，不说功效"];
/// Pieces promised of the first listing, and more of each after it.
const FIRST_PIECES: i64 = 120;
const MORE_PIECES: i64 = 40;

/// What is planned for a day that no document has named yet.
pub(super) fn of_day(seed: u64, day: Day) -> CountyDoc {
    let mut doc = county::week_doc(seed, monday_of(day));
    let of_that_day = |s: &StreamDoc| s.starts_at.date_naive() == day;
    doc.streams.retain(of_that_day);
    doc.streams.iter_mut().for_each(forget_outcome);
    CountyDoc { county: doc.county, streams: doc.streams, ..CountyDoc::default() }
}

/// Nobody knows these before a stream was held.
pub(super) fn forget_outcome(stream: &mut StreamDoc) {
    stream.views = None;
    stream.live_room_no = None;
}

/// Plans the last stream of a day or the first; one that is planned stays as it is.
pub(super) async fn plan(desk: &Desk<'_>, day: Day, last: bool, title: &str) -> anyhow::Result<()> {
    let mut session = desk.store.read(Scope::County(desk.county)).await?;
    let of_day = streams::list_between(&mut session, day, day).await?;
    let Some(stream) = (if last { of_day.last() } else { of_day.first() }).cloned() else { return Ok(()) };
    if plans::find(&mut session, stream.stream_id).await?.is_some() {
        return Ok(());
    }
    let listings = goods::list_listings(&mut session).await?;
    let shelf = streams::list_shelves_of(&mut session, &[stream.stream_id]).await?;
    drop(session);
    let offers = shelf.iter().zip(0..).map(|(place, number)| NewOffer {
        listing_id: place.listing_id,
        price_fen: listings.iter().find(|l| l.listing_id == place.listing_id).map_or(0, |l| l.price_fen),
        promised_pieces: FIRST_PIECES + MORE_PIECES * number,
        points: POINTS[usize::try_from(number).unwrap_or(0) % POINTS.len()].to_owned(),
    });
    let planned = as_planned(&stream, title, offers.collect());
    match service::replan(desk, stream.stream_id, &planned, Meant::default()).await {
        // in a young county nobody has passed everything, or a paper is not issued yet
        Err(error) if is_held(&error) => Ok(()),
        other => other.map(|_| ()),
    }
}

fn is_held(error: &anyhow::Error) -> bool {
    let held = error.downcast_ref::<Problem>();
    matches!(held, Some(Problem::Planning(Planning::NotReady { .. } | Planning::OffShelf { .. })))
}

fn as_planned(stream: &Stream, title: &str, offers: Vec<NewOffer>) -> NewPlan {
    NewPlan {
        shop_id: stream.shop_id,
        anchor_id: stream.anchor_id,
        room_id: stream.room_id,
        assistants: Vec::new(),
        author_no: String::new(),
        title: title.to_owned(),
        starts_at: stream.starts_at,
        ends_at: stream.ends_at,
        offers,
    }
}

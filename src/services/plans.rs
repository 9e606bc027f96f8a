//! 场次计划: a stream is planned, changed, called off; and where no platform says so, a person notes when it really was.
//!
//! Rules that must hold: a plan is the stream itself, so that its window and shelf decide whose a sale is and nothing has
//! to be matched to it later; an anchor and a room are on one stream at a time; no plan is kept with a barred phrase in
//! it; a change that may move sales of a locked month needs somebody to say that it is meant, and why; nobody says
//! when a stream that has begun was, nor what stood on its shelf, whose commission they earn.
//!
//! Who may not go live that day is on no stream to come, and what may not be sold live stands on no shelf of one
//! (`services::gate`, `services::shelf_check`); what has begun is not judged again.
//!
//! Not here: streams that arrive by document or file and find their plan (`ingest`).

use super::desk::Desk;
use super::{gate, ladder, own, post, shelf_check};
use crate::domain::attribution::Stage;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Instant, clock_text, day_of, month_key, month_start, shanghai};
use crate::domain::ladder::of_age;
use crate::domain::phrases::{Hit, Phrases};
use crate::domain::problem::{Mistake, Planning, Problem, Refusal};
use crate::ingest::county::follow_streams;
use crate::store::plans::{self, Offer, Plan};
use crate::store::streams::{self, ShelfPlace, Stream};
use crate::store::{Session, Work, goods, ledger, people, phrases, take_ids, training};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// Hours of the longest stream that is planned.
pub const MOST_HOURS: i64 = 24;
/// Listings on a planned shelf.
pub const MOST_OFFERS: usize = 60;
/// Letters of the longest title, and of the longest talking points of a listing.
pub const MOST_TITLE: usize = 60;
pub const MOST_POINTS: usize = 400;

/// A stream as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    pub shop_id: i64,
    pub anchor_id: i64,
    /// 0: in none of the rooms.
    pub room_id: i64,
    pub assistants: Vec<i64>,
    /// '' where it is not said.
    pub author_no: String,
    pub title: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// The shelf, in its order.
    pub offers: Vec<NewOffer>,
}

/// A place on a planned shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer {
    pub listing_id: i64,
    pub price_fen: i64,
    /// 0: no number is promised.
    pub promised_pieces: i64,
    pub points: String,
}

/// That a change is meant although a month is locked, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meant<'a> {
    pub confirmed: bool,
    pub reason: &'a str,
}

/// The barred phrases in a plan, in its order.
pub fn barred(plan: &NewPlan, phrases: &Phrases) -> Vec<Hit> {
    let texts = std::iter::once(plan.title.as_str()).chain(plan.offers.iter().map(|offer| offer.points.as_str()));
    texts.flat_map(|text| phrases.check(text)).collect()
}

/// Plans a stream; returns its number.
pub async fn plan(desk: &Desk<'_>, new: &NewPlan, meant: Meant<'_>) -> anyhow::Result<i64> {
    let own = own::anchors(desk).await?;
    if new.starts_at <= desk.clock.now() && own.contains(&new.anchor_id) {
        return Err(Problem::Refused(Refusal::StreamOfOwn).into());
    }
    let mut work = desk.work("plan stream").await?;
    let stream_id = take_ids(&mut work, "stream", 1).await?;
    let local = new.starts_at.with_timezone(&shanghai());
    let stream = Stream {
        stream_id,
        stream_key: format!("{}-p{stream_id}", local.format("%Y%m%d-%H%M")),
        shop_id: new.shop_id,
        anchor_id: new.anchor_id,
        room_id: new.room_id,
        live_room_no: String::new(),
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        started_on: day_of(new.starts_at),
        views: None,
    };
    hold(&mut work, &stream, new, desk.clock.now()).await?;
    hold_months(&mut work, &[stream.starts_at], meant).await?;
    streams::upsert(&mut work, std::slice::from_ref(&stream)).await?;
    write(&mut work, &stream, new, None).await?;
    let change = Change::new(Verb::Add, Noun::Stream, &stream.stream_key);
    finish(work, vec![stream], change, new, meant).await?;
    Ok(stream_id)
}

/// Plans anew what was planned, or gives a stream that came by document its plan. False where there is no such stream.
///
/// Times are typed by the minute: one that is the stored one's minute is the stored one.
pub async fn replan(desk: &Desk<'_>, stream_id: i64, new: &NewPlan, meant: Meant<'_>) -> anyhow::Result<bool> {
    let own = own::anchors(desk).await?;
    let mut work = desk.work("plan stream").await?;
    let Some(before) = streams::find(&mut work, stream_id).await? else { return Ok(false) };
    let known = plans::find(&mut work, stream_id).await?;
    if known.as_ref().is_some_and(|plan| plan.cancelled_at.is_some()) {
        return Err(Problem::from(Planning::Over).into());
    }
    let new = &NewPlan {
        starts_at: or_stored(new.starts_at, before.starts_at),
        ends_at: or_stored(new.ends_at, before.ends_at),
        ..new.clone()
    };
    let after = Stream {
        shop_id: new.shop_id,
        anchor_id: new.anchor_id,
        room_id: new.room_id,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        started_on: day_of(new.starts_at),
        ..before.clone()
    };
    let begun = |stream: &Stream| stream.starts_at <= desk.clock.now();
    let is_own = own.contains(&before.anchor_id) || own.contains(&after.anchor_id);
    if is_own && (begun(&before) || begun(&after)) {
        return Err(Problem::Refused(Refusal::StreamOfOwn).into());
    }
    // nor is what has not begun moved to where it would have
    if after != before && (begun(&before) || begun(&after)) {
        return Err(Problem::from(Planning::Begun).into());
    }
    hold(&mut work, &after, new, desk.clock.now()).await?;
    hold_months(&mut work, &[before.starts_at, after.starts_at], meant).await?;
    streams::upsert(&mut work, std::slice::from_ref(&after)).await?;
    write(&mut work, &after, new, known).await?;
    let change = Change::new(Verb::Change, Noun::Stream, &after.stream_key)
        .before(Field::From, clock_text(before.starts_at))
        .before(Field::To, clock_text(before.ends_at));
    finish(work, vec![before, after], change, new, meant).await?;
    Ok(true)
}

/// Notes when a stream really began and ended. False where there is no such stream.
pub async fn note_times(
    desk: &Desk<'_>,
    stream_id: i64,
    (starts_at, ends_at): (Instant, Instant),
    meant: Meant<'_>,
) -> anyhow::Result<bool> {
    hold_window(starts_at, ends_at)?;
    let own = own::anchors(desk).await?;
    let mut work = desk.work("note stream times").await?;
    let Some(before) = streams::find(&mut work, stream_id).await? else { return Ok(false) };
    if own.contains(&before.anchor_id) {
        return Err(Problem::Refused(Refusal::StreamOfOwn).into());
    }
    if ends_at > desk.clock.now() {
        return Err(Problem::from(Planning::NotBegun).into());
    }
    let known = plans::find(&mut work, stream_id).await?;
    if known.as_ref().is_some_and(|plan| plan.cancelled_at.is_some()) {
        return Err(Problem::from(Planning::Over).into());
    }
    hold_months(&mut work, &[before.starts_at, starts_at], meant).await?;
    let after = Stream { starts_at, ends_at, started_on: day_of(starts_at), ..before.clone() };
    hold_free(&mut work, &after).await?;
    let noted = Plan { times_by: work.actor.name.clone(), ..known.unwrap_or_else(|| unplanned(&work, &before)) };
    plans::upsert(&mut work, &[noted]).await?;
    streams::upsert(&mut work, std::slice::from_ref(&after)).await?;
    let change = Change::new(Verb::Change, Noun::Stream, &after.stream_key)
        .before(Field::From, clock_text(before.starts_at))
        .before(Field::To, clock_text(before.ends_at))
        .after(Field::From, clock_text(starts_at))
        .after(Field::To, clock_text(ends_at))
        .after(Field::Reason, meant.reason.trim());
    follow(work, vec![before, after], change).await?;
    Ok(true)
}

/// Calls a stream off, with a reason: it sells nothing any more. False where there is no such plan; times that were noted
/// are none.
///
/// What rules gave to it finds its stream anew, but in a locked month nothing is moved by it; what a person gave to it is
/// not taken from it.
pub async fn call_off(desk: &Desk<'_>, stream_id: i64, reason: &str) -> anyhow::Result<bool> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let mut work = desk.work("call stream off").await?;
    let (Some(stream), Some(plan)) =
        (streams::find(&mut work, stream_id).await?, plans::find(&mut work, stream_id).await?)
    else {
        return Ok(false);
    };
    if plan.title.is_empty() {
        return Ok(false);
    }
    if plan.cancelled_at.is_some() {
        return Err(Problem::from(Planning::Over).into());
    }
    let locked = ledger::list_locked_months(&mut work).await?;
    if locked.contains(&month_start(stream.started_on)) && plans::has_sold(&mut work, stream_id).await? {
        return Err(Problem::from(Planning::HasSold).into());
    }
    let off = Plan { cancelled_at: Some(work.at), cancelled_why: reason.to_owned(), ..plan };
    plans::upsert(&mut work, &[off]).await?;
    follow_streams(&mut work, vec![stream.clone()]).await?;
    let posted = post::post(&mut work).await?;
    if plans::has_sold(&mut work, stream_id).await? {
        return Err(Problem::from(Planning::HasSold).into());
    }
    let change = Change::new(Verb::Withdraw, Noun::Stream, stream.stream_key)
        .after(Field::Reason, reason)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    work.commit(&change).await?;
    Ok(true)
}

fn or_stored(typed: Instant, stored: Instant) -> Instant {
    if typed <= stored && stored - typed < TimeDelta::minutes(1) { stored } else { typed }
}

/// The plan of a stream nobody planned here: what is known of it.
fn unplanned(work: &Work, stream: &Stream) -> Plan {
    Plan {
        stream_id: stream.stream_id,
        title: String::new(),
        author_no: String::new(),
        planned_from: stream.starts_at,
        planned_to: stream.ends_at,
        planned_by: work.actor.name.clone(),
        planned_at: work.at,
        times_by: String::new(),
        cancelled_at: None,
        cancelled_why: String::new(),
    }
}

/// What must be right before a plan is written.
async fn hold(session: &mut Session, stream: &Stream, new: &NewPlan, now: Instant) -> anyhow::Result<()> {
    hold_window(stream.starts_at, stream.ends_at)?;
    let shops = goods::list_shops(session).await?;
    let shop = shops.iter().find(|s| s.shop_id == stream.shop_id);
    let anchors: Vec<i64> = people::list_anchors(session).await?.into_iter().map(|a| a.anchor_id).collect();
    let rooms = people::list_rooms(session).await?;
    let on = stream.started_on;
    let room_is_open =
        rooms.iter().any(|r| r.room_id == stream.room_id && r.opened_on <= on && r.closed_on.is_none_or(|d| d >= on));
    let listings: Vec<i64> = goods::list_listings(session).await?.into_iter().map(|l| l.listing_id).collect();
    let named = new.assistants.iter().chain([&stream.anchor_id]);
    let fits = named.into_iter().all(|id| anchors.contains(id))
        && (stream.room_id == 0 || room_is_open)
        && new.offers.iter().all(|offer| listings.contains(&offer.listing_id));
    let Some(shop) = shop.filter(|_| fits) else { return Err(Problem::from(Planning::NotThere).into()) };
    if !new.author_no.is_empty() {
        let theirs = |accounts: Vec<people::Account>, owner: i64| {
            accounts
                .iter()
                .any(|a| (a.owner_id, a.author_no.as_str(), &a.platform) == (owner, &new.author_no, &shop.platform))
        };
        if !theirs(people::list_anchor_accounts(session).await?, stream.anchor_id)
            && !theirs(people::list_room_accounts(session).await?, stream.room_id)
        {
            return Err(Problem::from(Planning::NotThere).into());
        }
    }
    let hits = barred(new, &Phrases::with(&phrases::list(session).await?));
    if !hits.is_empty() {
        let found: Vec<&str> = hits.iter().map(|hit| hit.found.as_str()).collect();
        return Err(Problem::from(Planning::Barred { phrases: found.join("、") }).into());
    }
    if stream.starts_at > now {
        hold_gate(session, stream, new, now).await?;
        hold_shelf(session, stream, new).await?;
    }
    hold_free(session, stream).await
}

/// Refuses an anchor who may not go live that day; beside somebody certified a trainee may. Who stands beside is of age,
/// or has a guardian's consent, as well.
async fn hold_gate(session: &mut Session, stream: &Stream, new: &NewPlan, now: Instant) -> anyhow::Result<()> {
    let on = stream.started_on;
    let gate = gate::may_go_live(session, stream.anchor_id, on, now).await?;
    let stages = people::list_stages(session).await?;
    let certified = |&id: &i64| id != stream.anchor_id && ladder::stage_on(&stages, id, on) >= Some(Stage::Certified);
    let open = if new.assistants.iter().any(certified) { gate.is_open_accompanied() } else { gate.is_open() };
    if !open {
        return Err(Problem::from(Planning::NotReady { missing: gate.missing }).into());
    }
    let profiles = training::list_profiles(session).await?;
    for &id in &new.assistants {
        let profile = profiles.iter().find(|p| p.anchor_id == id).cloned().unwrap_or_default();
        if let Some(missing) = of_age(profile.born_on, profile.guardian_consent_on, on) {
            return Err(Problem::from(Planning::NotReady { missing: vec![missing] }).into());
        }
    }
    Ok(())
}

/// Refuses listings that may not be sold live that day.
async fn hold_shelf(session: &mut Session, stream: &Stream, new: &NewPlan) -> anyhow::Result<()> {
    let listing_ids: Vec<i64> = new.offers.iter().map(|offer| offer.listing_id).collect();
    let held = shelf_check::hold_ups(session, &listing_ids, stream.started_on).await?;
    if held.is_empty() {
        return Ok(());
    }
    let names: FxHashMap<i64, String> =
        goods::list_listings(session).await?.into_iter().map(|l| (l.listing_id, l.name)).collect();
    let held = held.into_iter().map(|(id, holds)| (names.get(&id).cloned().unwrap_or_default(), holds)).collect();
    Err(Problem::from(Planning::OffShelf { held }).into())
}

fn hold_window(starts_at: Instant, ends_at: Instant) -> Result<(), Problem> {
    let right = starts_at < ends_at && ends_at - starts_at <= TimeDelta::hours(MOST_HOURS);
    if right { Ok(()) } else { Err(Planning::BadWindow { hours: MOST_HOURS }.into()) }
}

/// Refuses a time at which the anchor or the room is on another stream.
async fn hold_free(session: &mut Session, stream: &Stream) -> anyhow::Result<()> {
    let day = TimeDelta::days(1);
    let around = streams::list_between(session, stream.started_on - day, stream.started_on + day).await?;
    let at_once = around.iter().find(|other| {
        other.stream_id != stream.stream_id
            && other.starts_at < stream.ends_at
            && stream.starts_at < other.ends_at
            && (other.anchor_id == stream.anchor_id || (stream.room_id != 0 && other.room_id == stream.room_id))
    });
    let Some(other) = at_once else { return Ok(()) };
    let who = if other.anchor_id == stream.anchor_id {
        let anchors = people::list_anchors(session).await?;
        anchors.into_iter().find(|a| a.anchor_id == stream.anchor_id).map(|a| a.name)
    } else {
        let rooms = people::list_rooms(session).await?;
        rooms.into_iter().find(|r| r.room_id == stream.room_id).map(|r| r.name)
    };
    Err(Problem::from(Planning::Busy { who: who.unwrap_or_default(), from: other.starts_at }).into())
}

/// Refuses what may move sales of a locked month, unless it is meant and a reason is given.
async fn hold_months(session: &mut Session, starts: &[Instant], meant: Meant<'_>) -> anyhow::Result<()> {
    if meant.confirmed && !meant.reason.trim().is_empty() {
        return Ok(());
    }
    let locked = ledger::list_locked_months(session).await?;
    let month = starts.iter().map(|at| month_start(day_of(*at))).find(|month| locked.contains(month));
    match month {
        Some(month) => Err(Problem::from(Planning::MonthLocked { month: month_key(month) }).into()),
        None => Ok(()),
    }
}

/// Writes the plan beside its stream: shelf, offers, assistants.
async fn write(work: &mut Work, stream: &Stream, new: &NewPlan, known: Option<Plan>) -> anyhow::Result<()> {
    let first = known.unwrap_or_else(|| unplanned(work, stream));
    let begun = first.planned_from <= work.at && !first.title.is_empty();
    let row = Plan {
        title: new.title.trim().to_owned(),
        author_no: new.author_no.clone(),
        // what was planned stands once it has begun
        planned_from: if begun { first.planned_from } else { new.starts_at },
        planned_to: if begun { first.planned_to } else { new.ends_at },
        ..first
    };
    plans::upsert(work, &[row]).await?;
    plans::replace_assistants(work, stream.stream_id, &new.assistants).await?;
    let shelf: Vec<ShelfPlace> = (1..)
        .zip(&new.offers)
        .map(|(place, offer)| ShelfPlace { stream_id: stream.stream_id, place, listing_id: offer.listing_id })
        .collect();
    streams::clear_shelves(work, &[stream.stream_id]).await?;
    streams::upsert_shelf(work, &shelf).await?;
    let offers: Vec<Offer> = new
        .offers
        .iter()
        .map(|offer| Offer {
            stream_id: stream.stream_id,
            listing_id: offer.listing_id,
            price_fen: offer.price_fen,
            promised_pieces: offer.promised_pieces,
            points: offer.points.trim().to_owned(),
        })
        .collect();
    Ok(plans::replace_offers(work, stream.stream_id, &offers).await?)
}

async fn finish(
    work: Work,
    streams: Vec<Stream>,
    change: Change,
    new: &NewPlan,
    meant: Meant<'_>,
) -> anyhow::Result<()> {
    let change = change
        .after(Field::Title, new.title.trim())
        .after(Field::From, clock_text(new.starts_at))
        .after(Field::To, clock_text(new.ends_at))
        .after(Field::Reason, meant.reason.trim())
        .count(Field::RowsNew, i64::try_from(new.offers.len())?);
    follow(work, streams, change).await
}

/// Gives lines to the streams as they now are, posts what moved, and keeps it all.
async fn follow(mut work: Work, streams: Vec<Stream>, change: Change) -> anyhow::Result<()> {
    let moved = follow_streams(&mut work, streams).await?;
    let posted = post::post(&mut work).await?;
    let change = change
        .count(Field::OrdersAttributed, i64::try_from(moved)?)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    Ok(work.commit(&change).await?)
}

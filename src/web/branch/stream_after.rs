//! A stream beside its plan and beside earlier ones: what was promised and sold, how the anchor and the room did before,
//! and until when all of it is provisional. And what the branch can do about a stream from its page.
//!
//! Rule that must hold: an hour's sales of several streams are sum over sum, and so is what was refunded.

use super::plan_form::window_text;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::attribution::TAIL_MINUTES;
use crate::domain::audit::Noun;
use crate::domain::calendar::{Day, Instant, clock_text, day_of, month_start};
use crate::domain::money::at_fraction;
use crate::services::listings::list_on;
use crate::store::broadcasts::{self, Named, Pieces, Whose};
use crate::store::goods::Listing;
use crate::store::plans::{self, Offer, Plan};
use crate::store::streams::{self, ShelfPlace};
use crate::store::{Session, ledger};
use crate::web::context::Ctx;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{grouped, percent_floor, yuan};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use chrono::TimeDelta;
use maud::{Markup, html};

/// 归属观察期: days in which the platform may still change what a stream sold.
pub const PROVISIONAL_DAYS: i64 = 30;
/// Earlier streams a comparison takes.
const EARLIER: i64 = 10;

/// What is shown under a stream's figures.
#[derive(Debug, Clone)]
pub struct After {
    pub stream: Named,
    /// Its key in the county.
    pub stream_key: String,
    pub plan: Option<Plan>,
    pub shelf: Vec<ShelfPlace>,
    pub offers: Vec<Offer>,
    pub listings: Vec<Listing>,
    pub pieces: Vec<Pieces>,
    /// This stream's, the anchor's before, the room's before.
    pub compared: [Several; 3],
    /// The month it started in is locked.
    pub locked: bool,
    pub now: Instant,
    pub may_change: bool,
}

/// Streams taken together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Several {
    pub streams: i64,
    pub minutes: i64,
    pub lines: i64,
    pub gmv_fen: i64,
    pub refund_fen: i64,
}

impl Several {
    fn add(&mut self, stream: &Named, lines: i64, sums: &Amounts) {
        self.streams += 1;
        self.minutes += (stream.ends_at - stream.starts_at).num_minutes().max(0);
        self.lines += lines;
        self.gmv_fen += sums[Col::Gmv];
        self.refund_fen += sums[Col::Refund];
    }

    fn an_hour_fen(&self) -> Option<i64> {
        (self.minutes > 0).then(|| at_fraction(self.gmv_fen, 60, self.minutes))
    }

    fn refunded_bp(&self) -> Option<i64> {
        (self.gmv_fen > 0).then(|| at_fraction(10_000, self.refund_fen, self.gmv_fen))
    }
}

/// A plan has a title; without one only the times were noted.
fn is_planned(plan: &Plan) -> bool {
    !plan.title.is_empty()
}

/// The day on which the attribution window of a stream ends.
pub(super) fn final_on(stream: &Named) -> Day {
    stream.started_on + TimeDelta::days(PROVISIONAL_DAYS)
}

/// Reads what belongs to a stream that the reader may see whole.
pub async fn load(session: &mut Session, stream: Named, now: Instant, may_change: bool) -> anyhow::Result<After> {
    let id = stream.stream_id;
    let of_anchor =
        broadcasts::list_before(session, Whose::Anchor(stream.anchor_id), stream.started_on, now, EARLIER).await?;
    let of_room = if stream.room_id == 0 {
        Vec::new()
    } else {
        broadcasts::list_before(session, Whose::Room(stream.room_id), stream.started_on, now, EARLIER).await?
    };
    let mut ids: Vec<i64> = of_anchor.iter().chain(&of_room).map(|s| s.stream_id).chain([id]).collect();
    ids.sort_unstable();
    ids.dedup();
    let sold = broadcasts::sum_sold(session, &ids).await?;
    let lines = broadcasts::count_lines(session, &ids).await?;
    let together = |streams: &[Named]| {
        let mut several = Several::default();
        for stream in streams {
            let found = sold.iter().find(|s| s.stream_id == stream.stream_id);
            let lines = lines.get(&stream.stream_id).copied().unwrap_or(0);
            several.add(stream, lines, &found.map_or(Amounts::ZERO, |s| s.position));
        }
        several
    };
    let compared = [together(std::slice::from_ref(&stream)), together(&of_anchor), together(&of_room)];
    Ok(After {
        plan: plans::find(session, id).await?,
        shelf: streams::list_shelves_of(session, &[id]).await?,
        offers: plans::list_offers(session, &[id]).await?,
        listings: list_on(session, stream.started_on).await?,
        pieces: broadcasts::sum_pieces(session, id).await?,
        compared,
        locked: ledger::list_locked_months(session).await?.contains(&month_start(stream.started_on)),
        now,
        may_change,
        stream_key: streams::find(session, id).await?.map(|s| s.stream_key).unwrap_or_default(),
        stream,
    })
}

/// What a stream was planned to be, and where to go from here.
pub fn head(after: &After, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    let base = format!("/branch/streams/{}", after.stream.stream_id);
    let off = after.plan.as_ref().is_some_and(|plan| plan.cancelled_at.is_some());
    let over = after.stream.ends_at + TimeDelta::minutes(TAIL_MINUTES) < after.now;
    html! {
        @if let Some(plan) = &after.plan {
            @if is_planned(plan) { p.lead-text { (plan.title) } }
            @if let Some(at) = plan.cancelled_at {
                p.warn { (fill(s.off, &[&format!("{} · {}", clock_text(at), plan.cancelled_why)])) }
            }
            @if is_planned(plan) {
                p.quiet { (fill(s.planned_at, &[&clock_text(plan.planned_from), &clock_text(plan.planned_to)])) }
            }
            @if !plan.times_by.is_empty() { p.quiet { (fill(s.times_by, &[&plan.times_by])) } }
        }
        @let last = final_on(&after.stream).to_string();
        @if final_on(&after.stream) >= day_of(after.now) { p { span.tag { (fill(s.provisional, &[&last])) } } }
        @else { p.quiet { (fill(s.final_since, &[&last])) } }
        (super::audit::history(&[Noun::Stream], &after.stream_key, ctx))
        @if !off {
            div.actions {
                @if !over { a.button.primary href={ (base) "/live" } { (s.live_button) } a.button href="/screen" { (s.screen_button) } }
                a.button href={ (base) "/run-sheet" } { (s.sheet_button) }
                @if after.may_change { a.button href={ (base) "/plan" } { (s.edit_button) } }
            }
        }
    }
}

/// What was promised and what was sold, and the streams before.
pub fn render(after: &After, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    html! {
        @if !after.shelf.is_empty() {
            section.card { h2 { (s.against_title) } p.quiet { (s.against_note) } (against(after, ctx).render(ctx)) }
        }
        section.card { h2 { (s.earlier_title) } p.quiet { (s.earlier_note) } (compared(after, ctx).render(ctx)) }
        @if after.may_change { (changes(after, ctx)) }
    }
}

fn against(after: &After, ctx: &Ctx) -> Table {
    let (s, c) = (&ctx.words.streams, &ctx.words.frame);
    let columns = [
        (s.sheet_no, Align::Number),
        (s.col_listing, Align::Text),
        (s.col_price, Align::Number),
        (s.col_pieces, Align::Number),
        (s.col_sold_pieces, Align::Number),
        (s.col_left_pieces, Align::Number),
    ];
    let mut table = Table::new(s.against_title, "", &columns);
    for place in &after.shelf {
        let offer = after.offers.iter().find(|o| o.listing_id == place.listing_id);
        let listing = after.listings.iter().find(|l| l.listing_id == place.listing_id);
        let sold = after.pieces.iter().find(|p| p.listing_id == place.listing_id).map_or(0, |p| p.pieces);
        let promised = offer.map_or(0, |o| o.promised_pieces);
        table.rows.push(vec![
            place.place.to_string().into(),
            listing.map_or("", |l| l.name.as_str()).into(),
            yuan(offer.map_or(listing.map_or(0, |l| l.price_fen), |o| o.price_fen)).into(),
            if promised > 0 { grouped(promised).into() } else { c.none.into() },
            grouped(sold).into(),
            left(promised, sold, ctx),
        ]);
    }
    table
}

/// What is left of what was promised; a warning where more was sold.
pub fn left(promised: i64, sold: i64, ctx: &Ctx) -> Cell {
    if promised == 0 {
        ctx.words.frame.none.into()
    } else if sold > promised {
        Cell::Warn(fill(ctx.words.streams.col_over, &[&grouped(sold - promised)]))
    } else {
        grouped(promised - sold).into()
    }
}

fn compared(after: &After, ctx: &Ctx) -> Table {
    let (s, b, c) = (&ctx.words.streams, &ctx.words.branch, &ctx.words.frame);
    let columns = [
        (s.col_what, Align::Text),
        (b.col_length, Align::Number),
        (b.col_orders, Align::Number),
        (b.col_gmv, Align::Number),
        (s.col_hour, Align::Number),
        (s.col_refund_share, Align::Number),
    ];
    let mut table = Table::new(s.earlier_title, "", &columns);
    let [this, anchor, room] = after.compared;
    let labels = [
        s.this_stream.to_owned(),
        fill(s.earlier_anchor, &[&anchor.streams.to_string()]),
        fill(s.earlier_room, &[&room.streams.to_string()]),
    ];
    for (label, of) in labels.into_iter().zip([this, anchor, room]).filter(|(_, of)| of.streams > 0) {
        table.rows.push(vec![
            label.into(),
            fill(b.minutes, &[&grouped(of.minutes)]).into(),
            grouped(of.lines).into(),
            yuan(of.gmv_fen).into(),
            of.an_hour_fen().map_or_else(|| c.none.to_owned(), yuan).into(),
            of.refunded_bp().map_or_else(|| c.none.to_owned(), percent_floor).into(),
        ]);
    }
    table
}

/// The real times of what has begun; calling off what has not.
fn changes(after: &After, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    let base = format!("/branch/streams/{}", after.stream.stream_id);
    let off = after.plan.as_ref().is_some_and(|plan| plan.cancelled_at.is_some());
    let (day, from, to) = window_text(after.stream.starts_at, after.stream.ends_at);
    let begun = after.stream.starts_at <= after.now;
    html! {
        @if !off && begun {
            section.card {
                details {
                    summary { (s.times_title) }
                    p.quiet { (s.times_note) }
                    form.stacked method="post" action={ (base) "/times" } {
                        (form::field(&Field::day("day", s.day).value(&day)))
                        label.field { span { (s.from) } input type="time" name="from" value=(from) required; }
                        label.field { span { (s.to) } input type="time" name="to" value=(to) required; span.quiet { (s.to_note) } }
                        @if after.locked {
                            label { input type="checkbox" name="confirmed" value="yes"; " " (s.locked_confirm) }
                            label.field { span { (s.locked_reason) } input type="text" name="reason" maxlength="200"; }
                        }
                        button type="submit" { (s.times_button) }
                    }
                }
            }
        }
        @if !off && after.plan.as_ref().is_some_and(is_planned) {
            section.card {
                details {
                    summary { (s.off_title) }
                    p.quiet { (s.off_note) }
                    form.stacked method="post" action={ (base) "/call-off" } {
                        (form::field(&Field::text("reason", s.off_reason)))
                        button type="submit" { (s.off_button) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_several_streams_are_sum_over_sum() {
        let several = Several { streams: 2, minutes: 90, lines: 3, gmv_fen: 30_000, refund_fen: 1_500 };
        assert_eq!((several.an_hour_fen(), several.refunded_bp()), (Some(20_000), Some(500)));
        assert_eq!((Several::default().an_hour_fen(), Several::default().refunded_bp()), (None, None));
    }
}

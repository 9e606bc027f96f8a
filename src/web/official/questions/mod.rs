//! Questions officials ask, each answered on a page of its own with what exactly was computed: who did not benefit, prices
//! or volume, losing streams, what is unpaid, what changed since the last report.
//!
//! Households appear by family name and stay on the screen. What is asked of whole months has no narrower answer than the
//! county.

mod load;

use super::overview::as_of;
use super::range::{Asked, Range};
use crate::domain::calendar::{Day, Instant, month_key};
use crate::domain::change::{Parts, Sold};
use crate::domain::figures::{Counts, FigureRow};
use crate::services::volume::ByVolume;
use crate::store::late::Late;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::line::event_kind;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::ui::{amount, number, screen};
use crate::web::wording::{Questions, fill};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

/// What is asked; each has a page of its own, so that none costs the others' sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Without,
    Price,
    Streams,
    Unpaid,
    Changed,
}

impl Ask {
    pub const ALL: [Self; 5] = [Self::Without, Self::Price, Self::Streams, Self::Unpaid, Self::Changed];

    /// As it stands in the address.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Without => "without",
            Self::Price => "price",
            Self::Streams => "streams",
            Self::Unpaid => "unpaid",
            Self::Changed => "changed",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.key() == key)
    }

    fn path(self) -> String {
        format!("/official/questions/{}", self.key())
    }

    fn label(self, q: &Questions) -> &'static str {
        match self {
            Self::Without => q.without_short,
            Self::Price => q.price_short,
            Self::Streams => q.streams_short,
            Self::Unpaid => q.unpaid_short,
            Self::Changed => q.changed_short,
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub range: Range,
    pub as_of: Option<Instant>,
    pub county_wide: bool,
    pub answer: Answered,
}

/// One of the answers.
#[derive(Debug, Clone)]
pub enum Answered {
    Without(Without),
    /// Of the parts of the uplift `None` to a reader of a part of the county.
    Price(Option<ByVolume>, Compared),
    Streams(StreamLoss),
    Unpaid(Unpaid),
    /// `None` before the first report, and to a reader of a part of the county.
    Changed(Option<Changed>),
}

impl Answered {
    const fn ask(&self) -> Ask {
        match self {
            Self::Without(_) => Ask::Without,
            Self::Price(..) => Ask::Price,
            Self::Streams(_) => Ask::Streams,
            Self::Unpaid(_) => Ask::Unpaid,
            Self::Changed(_) => Ask::Changed,
        }
    }
}

/// A household: its number, family name and village.
type Household = (i64, String, String);

/// Who did not benefit.
#[derive(Debug, Clone)]
pub struct Without {
    pub towns: usize,
    /// Code, name, and the uplift where there were sales.
    pub towns_without: Vec<(String, String, Option<i64>)>,
    pub households: usize,
    pub households_unsold: usize,
    pub households_loss: usize,
    /// The first of each.
    pub losses: Vec<(Household, i64)>,
    pub unsold: Vec<Household>,
}

/// Two years of twelve whole months.
#[derive(Debug, Clone)]
pub struct Compared {
    pub from: Day,
    pub to: Day,
    pub parts: Vec<Part>,
}

/// Goods in both years.
#[derive(Debug, Clone)]
pub struct Part {
    /// `None`: goods without a listing.
    pub name: Option<String>,
    pub before: Sold,
    pub after: Sold,
    pub parts: Parts,
}

/// Streams below zero.
#[derive(Debug, Clone)]
pub struct StreamLoss {
    pub count: usize,
    pub sum_fen: i64,
    /// Number, name and uplift of the lowest.
    pub lowest: Vec<(i64, String, i64)>,
}

/// What is settled for farmers and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Unpaid {
    pub income_fen: i64,
    pub provisional_fen: i64,
    /// Due to households and not put forward for payment; `None` to a reader of a part of the county.
    pub left_fen: Option<i64>,
}

/// The headline at the last report and now.
#[derive(Debug, Clone)]
pub struct Changed {
    pub month: Day,
    pub then_fen: i64,
    pub now_fen: i64,
    pub late_fen: i64,
    pub late: Vec<Late>,
    /// Reported months that are open again: YYYY-MM.
    pub reopened: Vec<String>,
    /// What was booked since in months up to the reported one that are open.
    pub open_fen: i64,
    pub open: Vec<Late>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let q = &ctx.words.questions;
    let ask = page.answer.ask();
    let answer = match &page.answer {
        Answered::Without(of) => without(of, page.range, ctx),
        Answered::Price(parts, compared) => price(parts.as_ref(), compared, ctx),
        Answered::Streams(of) => streams(of, page.range, ctx),
        Answered::Unpaid(of) => unpaid(of, ctx),
        Answered::Changed(of) => changed(of.as_ref(), page.county_wide, ctx),
    };
    let body = html! {
        section.card {
            h1 { (q.title) }
            p.quiet { (q.note) " " (as_of(page.as_of, ctx)) }
            nav.filters aria-label=(q.jump) { @for other in Ask::ALL {
                a.chip href=(page.range.link(&other.path())) aria-current=[(other == ask).then_some("page")] { (other.label(q)) }
            } }
        }
        // the last report ends where it ends, whatever days are asked for
        @if ask != Ask::Changed {
            (page.range.form(&ask.path(), &ctx.reader, ctx.words.official.basis_settled, ctx))
        }
        section.card id=(ask.key()) { (answer) }
    };
    shell::page(q.title, Some(Section::Questions), &screen::only(&body, ctx), ctx)
}

fn without(w: &Without, range: Range, ctx: &Ctx) -> Markup {
    let (q, o) = (&ctx.words.questions, &ctx.words.official);
    let counts = [w.towns, w.towns_without.len(), w.households, w.households_unsold, w.households_loss];
    let counts = counts.map(|n| n.to_string());
    let mut towns = Table::new(q.without, q.towns_all, &[(o.col_town, Align::Text), (o.col_uplift_fen, Align::Number)]);
    for (code, name, uplift) in &w.towns_without {
        let address = range.link(&format!("/official/regions/{code}"));
        let uplift = uplift.map_or_else(|| Cell::from(q.towns_none), |fen| number::yuan(fen).into());
        towns.rows.push(vec![Cell::Link(name.clone(), address), uplift]);
    }
    let household = |(farmer_id, name, village): &Household| {
        let address = range.link(&format!("/official/farmers/{farmer_id}"));
        vec![Cell::Link(name.clone(), address), Cell::from(village.clone())]
    };
    let columns = [(o.col_farmer, Align::Text), (o.col_village, Align::Text), (o.col_uplift_fen, Align::Number)];
    let loss_title = fill(q.households_loss, &[&w.losses.len().to_string()]);
    let mut losses = Table::new(&loss_title, q.households_loss_none, &columns);
    losses.rows = w.losses.iter().map(|(of, fen)| [household(of), vec![number::yuan(*fen).into()]].concat()).collect();
    let unsold_title = fill(q.households_unsold, &[&w.households_unsold.to_string(), &w.unsold.len().to_string()]);
    let mut unsold = Table::new(&unsold_title, q.households_unsold_none, &columns[..2]);
    unsold.rows = w.unsold.iter().map(household).collect();
    html! {
        h2 { (q.without) }
        p { (fill(q.without_sum, &counts.each_ref().map(String::as_str))) }
        p.quiet { (q.without_note) }
        (towns.render(ctx))
        @if !losses.rows.is_empty() { h3 { (loss_title) } }
        (losses.render(ctx))
        @if !unsold.rows.is_empty() { h3 { (unsold_title) } }
        (unsold.render(ctx))
    }
}

fn price(parts: Option<&ByVolume>, c: &Compared, ctx: &Ctx) -> Markup {
    let (q, o) = (&ctx.words.questions, &ctx.words.official);
    let columns = [
        (o.col_product, Align::Text),
        (q.col_before, Align::Number),
        (q.col_after, Align::Number),
        (q.col_kg_before, Align::Number),
        (q.col_kg_after, Align::Number),
        (q.col_volume, Align::Number),
        (q.col_price, Align::Number),
    ];
    let mut table = Table::new(q.price, o.no_sales, &columns);
    for part in &c.parts {
        let name = part.name.clone().unwrap_or_else(|| ctx.words.ledger.no_listing.to_owned());
        table.rows.push(vec![
            name.into(),
            number::yuan(part.before.income_fen).into(),
            number::yuan(part.after.income_fen).into(),
            number::kilograms(part.before.weight_g).into(),
            number::kilograms(part.after.weight_g).into(),
            number::yuan(part.parts.volume_fen).into(),
            number::yuan(part.parts.price_fen).into(),
        ]);
    }
    let sum = |of: fn(&Parts) -> i64| number::short(c.parts.iter().map(|p| of(&p.parts)).sum(), ctx.lang);
    let sums = [sum(|p| p.change_fen()), sum(|p| p.volume_fen), sum(|p| p.price_fen)];
    html! {
        h2 { (q.price) }
        p { (q.price_rule) }
        @if let Some(by) = parts { (by_volume(by, ctx)) }
        p.quiet { (fill(q.price_change, &[&c.from.to_string(), &c.to.to_string()])) }
        p { (fill(q.price_sum, &sums.each_ref().map(String::as_str))) }
        (table.render(ctx))
    }
}

/// The uplift in its two parts, which sum to it: goods that would have been sold anyway at a better price, and goods that
/// found a buyer only online.
fn by_volume(by: &ByVolume, ctx: &Ctx) -> Markup {
    let (q, o) = (&ctx.words.questions, &ctx.words.official);
    let columns = [(q.col_part, Align::Text), (o.col_uplift_fen, Align::Number), (q.col_share, Align::Number)];
    let mut table = Table::new(q.parts, o.no_sales, &columns);
    let whole = by.uplift_fen();
    // one part rounded and the other one the rest, so that the shares sum to the whole as the amounts do
    let of_new = by.share_bp(by.new_fen).map(|bp| bp - bp.rem_euclid(10));
    let of_moved = of_new.map(|bp| 10_000 - bp);
    let rows = [
        (q.part_price, by.moved_fen, of_moved),
        (q.part_volume, by.new_fen, of_new),
        (q.part_whole, whole, of_new.map(|_| 10_000)),
    ];
    for (name, fen, share) in rows {
        let share = share.map_or_else(|| ctx.words.frame.none.to_owned(), number::percent_floor);
        table.rows.push(vec![name.into(), number::yuan(fen).into(), share.into()]);
    }
    html! { h3 { (q.parts) } (table.render(ctx)) p.quiet { (q.parts_note) } }
}

fn streams(s: &StreamLoss, range: Range, ctx: &Ctx) -> Markup {
    let (q, o) = (&ctx.words.questions, &ctx.words.official);
    let columns = [(o.col_stream, Align::Text), (o.col_uplift_fen, Align::Number)];
    let mut table = Table::new(q.streams, q.streams_none, &columns);
    for (id, name, fen) in &s.lowest {
        let address = range.link(&format!("/official/lines?by=stream&key={id}"));
        table.rows.push(vec![Cell::Link(name.clone(), address), number::yuan(*fen).into()]);
    }
    let sum = [s.count.to_string(), number::short(s.sum_fen, ctx.lang), s.lowest.len().to_string()];
    html! {
        h2 { (q.streams) }
        p.quiet { (q.streams_note) }
        @if s.count > 0 { p { (fill(q.streams_sum, &sum.each_ref().map(String::as_str))) } }
        (table.render(ctx))
    }
}

fn unpaid(of: &Unpaid, ctx: &Ctx) -> Markup {
    let q = &ctx.words.questions;
    let yuan = |fen: i64| html! { (number::short(fen, ctx.lang)) };
    html! {
        h2 { (q.unpaid) }
        dl.facts {
            (amount::fact(q.unpaid_settled, &yuan(of.income_fen)))
            @if let Some(fen) = of.left_fen { (amount::fact(q.unpaid_left, &yuan(fen))) }
            (amount::fact(q.unpaid_waiting, &yuan(of.provisional_fen)))
        }
        p.quiet { (q.unpaid_note) }
    }
}

fn changed(of: Option<&Changed>, county_wide: bool, ctx: &Ctx) -> Markup {
    let q = &ctx.words.questions;
    html! {
        h2 { (q.changed) }
        @match of {
            Some(changed) => (since(changed, ctx)),
            None => p.empty { @if county_wide { (q.changed_none) } @else { (q.changed_part) } },
        }
    }
}

fn since(changed: &Changed, ctx: &Ctx) -> Markup {
    let (q, r, o) = (&ctx.words.questions, &ctx.words.review, &ctx.words.official);
    let key = month_key(changed.month);
    let change = changed.now_fen - changed.then_fen;
    let amounts = [changed.then_fen, changed.now_fen, change].map(|fen| number::short(fen, ctx.lang));
    let columns = [
        (q.col_belongs, Align::Whole),
        (r.col_event, Align::Text),
        (r.col_cause, Align::Text),
        (r.col_entries, Align::Number),
        (o.col_gmv_yuan, Align::Number),
        (r.col_refund_yuan, Align::Number),
        (r.col_uplift_yuan, Align::Number),
    ];
    let table = |title: &str, rows: &[Late]| {
        let mut table = Table::new(title, q.changed_late_none, &columns);
        for late in rows {
            let row = FigureRow::from_sums(&late.amounts, Counts::ZERO, 0);
            let month = month_key(late.month);
            table.rows.push(vec![
                Cell::Link(month.clone(), format!("/months/{month}")),
                event_kind(&late.event_kind, ctx).to_owned().into(),
                r.cause(&late.cause).to_owned().into(),
                number::grouped(late.entries).into(),
                number::yuan(row.gmv_fen).into(),
                number::yuan(row.refund_fen).into(),
                number::yuan(row.uplift_fen).into(),
            ]);
        }
        table.render(ctx)
    };
    let yuan = |fen: i64| html! { (number::short(fen, ctx.lang)) };
    html! {
        p {
            (fill(q.changed_sum, &[&key, &amounts[0], &amounts[1], &amounts[2]])) " "
            a href={ "/months/" (key) } { (fill(r.title, &[&key])) }
        }
        @if !changed.reopened.is_empty() { p.warn { (fill(q.changed_reopened, &[&changed.reopened.join("、")])) } }
        dl.facts {
            (amount::fact(q.changed_own, &yuan(change - changed.late_fen - changed.open_fen)))
            (amount::fact(q.changed_late, &yuan(changed.late_fen)))
            @if !changed.open.is_empty() { (amount::fact(q.changed_open, &yuan(changed.open_fen))) }
        }
        (table(q.changed_late, &changed.late))
        @if !changed.open.is_empty() { h3 { (q.changed_open) } (table(q.changed_open, &changed.open)) }
    }
}

/// `GET /official/questions`: the first of them.
pub async fn first(state: State<AppState>, visit: Visit, asked: Query<Asked>) -> Result<Markup, WebError> {
    show(state, visit, Path(Ask::ALL[0].key().to_owned()), asked).await
}

/// `GET /official/questions/{ask}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(ask): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let ask = Ask::parse(&ask).ok_or(WebError::NotFound)?;
    let (scope, range, today) = (visit.scope()?, Range::parse(&asked)?, app.clock.today());
    let page = async { load::page(&mut app.store.read(scope).await?, ask, range, today, &visit.ctx).await }.await?;
    Ok(render(&page, &visit.ctx))
}

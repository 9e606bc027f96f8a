//! 一样货的一个月: what a household sold of one listing in a month: how much of it is settled, what it brought against the
//! farm-gate price, and its parcels, each leading to how it is worked out.
//!
//! Rules that must hold: a household sees its own part of every parcel and nobody else's; what is asked grows with the
//! month's sales of this listing, never with all there were. Sales stand in the month they were paid in, as on the
//! month's page, so the amounts here sum to the one shown there.

use super::{day_words, money, month_words, parcel};
use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant, month_key, month_start, next_month, parse_month};
use crate::domain::ledger::State;
use crate::store::households::{self, By, Sales};
use crate::store::lines::{self, Chosen, Lens, ListedLine, PAGE};
use crate::store::rows;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::farmer::month::as_of;
use crate::web::official::range::Asked;
use crate::web::ui::number::{grouped, weight};
use crate::web::ui::shell;
use crate::web::wording::fill;
use anyhow::Context;
use axum::extract::{Path, Query, State as Shared};
use chrono::Months;
use maud::{Markup, html};

/// Months back that are looked at for more of the same goods.
const MONTHS_BACK: u32 = 12;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub month: Day,
    pub sales: Sales,
    /// A page of the parcels, the last paid first.
    pub parcels: Vec<Parcel>,
    /// Which page, from 1.
    pub page: i64,
    /// Other months of the last year with the same goods, newest first.
    pub months: Vec<Day>,
    pub as_of: Option<Instant>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub line_id: i64,
    pub paid_on: Day,
    pub pieces: i64,
    pub state: State,
    pub farmer_fen: i64,
}

/// Where a listing's month stands.
pub fn address(month: Day, listing_id: i64) -> String {
    format!("/farmer/months/{}/listings/{listing_id}", month_key(month))
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let (sales, s) = (&page.sales, &page.sales.position);
    let here = address(page.month, sales.listing_id);
    let body = html! {
        h1 { (sales.key) }
        p { (month_words(page.month, ctx)) " · " (fill(f.orders, &[&grouped(sales.lines)])) " · " (weight(s[Col::Goods], ctx.lang)) }
        section.card {
            dl.sums {
                dt { (f.listing_settled) } dd { (money(s[Col::SettledFarmer])) }
                dt { (f.listing_pending) } dd { (money(s[Col::Farmer] - s[Col::SettledFarmer])) }
                dt.result { (f.parcel_get) } dd.result { (money(s[Col::Farmer])) }
            }
            p.quiet { (f.listing_pending_why) }
        }
        h2 { (f.compare_title) }
        (compared(sales, ctx))
        h2 { (f.listing_parts) }
        section.card {
            dl.sums {
                @for (label, fen) in parcel::steps(s, ctx) { dt { (label) } dd { (money(fen)) } }
                dt.result { (f.parcel_get) } dd.result { (money(s[Col::Farmer])) }
            }
        }
        h2 { (f.listing_parcels) }
        nav.taps { @for parcel in &page.parcels {
            a href={ "/farmer/parcels/" (parcel.line_id) } {
                span { (day_words(parcel.paid_on, ctx)) " · " (parcel::state_words(parcel.state, ctx)) }
                span { (fill(f.parcel_sold, &[&grouped(parcel.pieces), &money(parcel.farmer_fen)])) }
            }
        } }
        @if page.page > 1 { a.button href={ (here) "?page=" (page.page - 1) } { (f.listing_newer) } }
        @if page.page * PAGE < sales.lines { a.button href={ (here) "?page=" (page.page + 1) } { (f.listing_older) } }
        @if !page.months.is_empty() {
            h2 { (f.other_months) }
            nav.taps { @for &month in &page.months {
                a href=(address(month, sales.listing_id)) { (month_words(month, ctx)) }
            } }
        }
        a.button href={ "/farmer/months/" (month_key(page.month)) } { (fill(f.back, &[&month_words(page.month, ctx)])) }
        (as_of(page.as_of, ctx))
    };
    shell::phone(&sales.key, &body, ctx)
}

/// What the same goods would have brought at the farm gate; parcels of days without a price are named and left out.
fn compared(sales: &Sales, ctx: &Ctx) -> Markup {
    let (f, s) = (&ctx.words.farmer, &sales.position);
    let comparable = s[Col::Farmer] - s[Col::WithoutBaseline];
    html! {
        section.card {
            @if sales.lines_without_baseline < sales.lines { (comparison(comparable, s, ctx)) }
            @if sales.lines_without_baseline > 0 {
                p.quiet { (fill(f.listing_no_price, &[&grouped(sales.lines_without_baseline)])) }
            }
        }
    }
}

/// An amount of the household's, what a trader would have paid, and the difference.
pub fn comparison(mine: i64, s: &Amounts, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let gained = mine - s[Col::BaselineMid] - s[Col::ExtraCost];
    html! {
        dl.sums {
            dt { (f.parcel_get) } dd { (money(mine)) }
            dt { (f.compare) } dd { (money(-s[Col::BaselineMid])) }
            @if s[Col::ExtraCost] != 0 { dt { (f.extra) } dd { (money(-s[Col::ExtraCost])) } }
            dt.result { (if gained >= 0 { f.gained } else { f.lost }) } dd.result { (money(gained.abs())) }
        }
    }
}

/// `GET /farmer/months/{month}/listings/{id}`
pub async fn show(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path((month, listing_id)): Path<(String, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let month = parse_month(&month).ok_or(WebError::BadRequest)?;
    let page_no = asked.page()?;
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let today = app.clock.today();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let last = next_month(month).pred_opt().context("a month has a last day")?;
        let sold = households::sum_sales(session, farmer_id, By::Listing, month, last).await?;
        let Some(sales) = sold.into_iter().find(|sales| sales.listing_id == listing_id && listing_id != 0) else {
            return Ok(None);
        };
        let chosen = Chosen { lens: Lens::Farmer, id: farmer_id, from: month, to: last };
        let parcels = lines::list_of_listing(session, &chosen, listing_id, page_no).await?;
        let asked_for: Vec<Day> = (0..MONTHS_BACK)
            .filter_map(|back| month_start(today).checked_sub_months(Months::new(back)))
            .filter(|&other| other != month)
            .collect();
        let months = households::list_listing_months(session, farmer_id, listing_id, &asked_for).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let parcels = parcels.iter().map(of_line).collect::<anyhow::Result<_>>()?;
        anyhow::Ok(Some(Page { month, sales, parcels, page: page_no, months, as_of }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

fn of_line(line: &ListedLine) -> anyhow::Result<Parcel> {
    Ok(Parcel {
        line_id: line.line_id,
        paid_on: line.paid_on.context("a line that is sold has a pay day")?,
        pieces: line.pieces,
        state: rows::known(&line.state, State::parse)?,
        farmer_fen: line.position[Col::Farmer],
    })
}

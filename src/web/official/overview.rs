//! 总览: how much livestream sales added to farmers' income, in one number and one sentence.
//!
//! The headline counts settled lines of Red streams only; beside it always stand what is provisional, how much of the
//! income has a baseline, the range, 截至, and the readings usually published of the same orders. What is left out is
//! listed with its amount, never silently.

use super::charts;
use super::group::{self, Detail, Group, Grouping};
use super::load::{self, Counted};
use super::pictures::Name;
use super::range::{Asked, Range};
use super::series;
use crate::domain::access::Role;
use crate::domain::calendar::{Day, Instant, month_key, until_text};
use crate::domain::figures::FigureRow;
use crate::domain::ledger::facts::Class;
use crate::domain::regions::RegionCode;
use crate::store::figures::{self, Sums};
use crate::store::{Session, StoreError, filings, goods};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::public::method::{FOUR, part};
use crate::web::ui::bars::{self, Tone};
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub place: String,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub headline: Headline,
    /// Months put forward that the reader may lock.
    pub to_lock: Vec<Day>,
    pub month: Option<Month>,
    pub cumulative: Picture,
    pub months: Picture,
    pub waterfall: Picture,
    /// The first groups of each grouping, and how many there are.
    pub breakdowns: Vec<Breakdown>,
    pub left_out: Vec<LeftOut>,
}

/// The settled sums of what the headline counts, and the same orders as usually reported.
#[derive(Debug, Clone, Default)]
pub struct Headline {
    pub uplift_fen: i64,
    pub low_fen: i64,
    pub high_fen: i64,
    pub provisional_fen: i64,
    pub coverage_bp: i64,
    pub households: i64,
    /// Half of the households have more, and how many have a loss.
    pub median_fen: Option<i64>,
    pub households_with_loss: i64,
    pub supervised_fen: i64,
    /// Uplift of the shops whose sales settle without a statement; `None` where no shop is set so.
    pub presumed_fen: Option<i64>,
    pub gmv_fen: i64,
    pub income_fen: i64,
}

/// The last month of the range, and how it changed on the same month a year before and on the month before it
/// ([`series::last_month`]).
#[derive(Debug, Clone)]
pub struct Month {
    pub label: String,
    pub uplift_fen: i64,
    pub on_year_bp: Option<i64>,
    pub on_month_bp: Option<i64>,
}

/// The beginning of a grouping's table.
#[derive(Debug, Clone)]
pub struct Breakdown {
    pub grouping: Grouping,
    pub groups: Vec<Group>,
    pub total: usize,
}

/// Why something is not in the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    NoBaseline,
    NoListing,
    Inferred,
    Bulk,
    Other,
    Unpaid,
}

/// Something not counted, with its size.
#[derive(Debug, Clone)]
pub struct LeftOut {
    pub why: Why,
    /// Order lines, or orders for [`Why::Unpaid`].
    pub count: i64,
    /// `None` where no amount is known.
    pub amount_fen: Option<i64>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let body = html! {
        @if !page.to_lock.is_empty() { section.card { p {
            @let months = page.to_lock.iter().map(|&month| month_key(month)).collect::<Vec<_>>();
            strong.warn { (fill(o.to_lock, &[&months.join(" · ")])) } " " a href=(Section::Locks.href()) { (o.to_lock_do) }
        } } }
        (page.range.form("/official", &page.place, o.basis_settled, ctx))
        div.grid.lead { (headline(page, ctx)) (readings(page, ctx)) }
        div.grid.lead {
            div.stack { (picture::card(&page.cumulative, ctx)) (picture::card(&page.months, ctx)) }
            div.stack { (picture::card(&page.waterfall, ctx)) (left_out(page, ctx)) }
        }
        p.quiet { a.button href=(page.range.link(charts::PATH)) { (ctx.words.sharing.more_pictures) } " " (o.pictures_note) }
        p.quiet { a href=(part("headline")) { (o.by_scope) } " " (as_of(page.as_of, ctx)) }
        div.grid.even { @for breakdown in &page.breakdowns { (section(breakdown, page.range, ctx)) } }
    };
    // two papers of two days would tell what came between, so paper is of stored reports alone
    shell::page(o.nav_overview, Some(Section::Overview), &screen::only(&body, ctx), ctx)
}

fn headline(page: &Page, ctx: &Ctx) -> Markup {
    let (o, c, h) = (&ctx.words.official, &ctx.words.frame, &page.headline);
    let title = if page.range.is_whole() { o.uplift_total } else { o.uplift_range };
    let exact = fill(o.exact, &[&number::yuan(h.uplift_fen)]);
    let range = fill(o.range_low_high, &[&number::short(h.low_fen, ctx.lang), &number::short(h.high_fen, ctx.lang)]);
    let coverage = fill(o.coverage, &[&number::percent_floor(h.coverage_bp)]);
    let mean = number::mean_fen(h.uplift_fen, h.households);
    let yuan = |fen: i64| html! { (number::whole_yuan(fen)) " " (c.yuan) };
    let households = |count: i64| fill(c.households, &[&number::grouped(count)]);
    html! {
        section.card {
            h1.label { (title) }
            (amount::headline(h.uplift_fen, ctx))
            p.quiet { a href=(page.range.link("/official/by/town")) { (exact) } " · " (range) " · " (coverage) }
            p.quiet { (as_of(page.as_of, ctx)) " · " a href=(part("headline")) { (o.basis_settled) } }
            dl.facts {
                @if let Some(month) = &page.month {
                    (amount::defined(&fill(o.this_month, &[&month.label]), &part("locks"), &html! {
                        (number::short(month.uplift_fen, ctx.lang)) " "
                        span.beside {
                            (amount::change(month.on_year_bp, ctx)) " " (o.on_year) " · "
                            (amount::change(month.on_month_bp, ctx)) " " (o.on_month)
                        }
                    }))
                }
                (amount::defined(o.provisional, &part("provisional"), &html! { (number::short(h.provisional_fen, ctx.lang)) }))
                (amount::defined(o.households, &part("households"), &html! { (households(h.households)) }))
                (amount::defined(o.per_household, &part("households"), &html! { @match mean { Some(fen) => (yuan(fen)), None => (c.none) } }))
                @if let Some(median) = h.median_fen { (amount::defined(o.median, &part("households"), &yuan(median))) }
                (amount::defined(o.with_loss, &part("households"), &html! { (households(h.households_with_loss)) }))
                (amount::defined(o.supervised, &part("headline"), &html! { (number::short(h.supervised_fen, ctx.lang)) }))
                @if let Some(fen) = h.presumed_fen {
                    (amount::defined(o.presumed, &part("headline"), &html! {
                        (number::short(fen, ctx.lang)) " "
                        span.beside { (number::percent_floor(share_bp(fen, h.uplift_fen))) }
                    }))
                }
            }
        }
    }
}

fn readings(page: &Page, ctx: &Ctx) -> Markup {
    let (o, h) = (&ctx.words.official, &page.headline);
    let rows =
        [(o.gmv, h.gmv_fen, Tone::Gmv), (o.income, h.income_fen, Tone::Farmer), (o.uplift, h.uplift_fen, Tone::Uplift)];
    html! {
        section.card {
            h2 { (o.readings) }
            p.quiet { (o.readings_note) " " a href="/method" { (o.readings_why) } }
            dl.bars {
                @for (label, fen, tone) in rows {
                    dt { a href=(part(FOUR)) { (label) } }
                    dd { (bars::bar(fen, h.gmv_fen, tone)) span.number { (number::short(fen, ctx.lang)) } }
                }
            }
            p.quiet { (as_of(page.as_of, ctx)) }
        }
    }
}

fn section(breakdown: &Breakdown, range: Range, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let more = breakdown.total > breakdown.groups.len();
    html! {
        section.card {
            h2 { (breakdown.grouping.title(ctx)) }
            p.quiet { (o.by_note) }
            (group::table(breakdown.grouping, &breakdown.groups, Detail::Brief, range, ctx).render(ctx))
            @if more {
                p { a href=(range.link(&format!("/official/by/{}", breakdown.grouping.key()))) {
                    (fill(o.by_all, &[&breakdown.total.to_string()]))
                } }
            }
        }
    }
}

fn left_out(page: &Page, ctx: &Ctx) -> Markup {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let columns = [(o.col_reason, Align::Text), (o.col_lines, Align::Number), (o.col_amount, Align::Number)];
    let mut table = Table::new(o.left_out, c.empty, &columns);
    for row in &page.left_out {
        let reason = match row.why {
            Why::NoBaseline => o.out_no_baseline,
            Why::NoListing => o.out_no_listing,
            Why::Inferred => o.out_inferred,
            Why::Bulk => o.out_bulk,
            Why::Other => o.out_other,
            Why::Unpaid => o.out_unpaid,
        };
        let amount = row.amount_fen.map_or_else(|| c.none.to_owned(), number::yuan);
        table.rows.push(vec![reason.into(), number::grouped(row.count).into(), amount.into()]);
    }
    html! { section.card { h2 { (o.left_out) } p.quiet {
        a href=(part("headline")) { (o.left_out_note) } " " (as_of(page.as_of, ctx))
    } (table.render(ctx)) } }
}

/// A part of a whole in basis points, 0 of nothing and of a loss.
fn share_bp(part_fen: i64, whole_fen: i64) -> i64 {
    if whole_fen <= 0 {
        return 0;
    }
    crate::domain::money::round_div(i128::from(part_fen) * i128::from(crate::domain::money::BP), whole_fen.into())
}

/// 截至, in words.
pub fn as_of(at: Option<Instant>, ctx: &Ctx) -> String {
    let c = &ctx.words.frame;
    at.map_or_else(|| c.as_of_none.to_owned(), |at| fill(c.as_of, &[&until_text(at)]))
}

/// Groups of a breakdown that the overview shows.
const FIRST: usize = 8;

/// `GET /official`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let page = load(&app, &visit, Range::parse(&asked)?).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, range: Range) -> Result<Page, WebError> {
    let (scope, ctx) = (visit.scope()?, &visit.ctx);
    let region = scope.region();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let asked = |grouping, counted| load::question(grouping, range, region, counted);
        // the headline's households come with its median, from the households themselves
        let total_of = |counted| asked(figures::Grouping::Total, counted).without_households();
        let total = load::total(session, &total_of(Counted::Headline)).await?;
        let everything = load::total(session, &total_of(Counted::Everything)).await?;
        let by_class = asked(figures::Grouping::Class, Counted::Everything).without_households();
        let classes = figures::sums(session, &by_class).await?;
        let by_farmer = asked(figures::Grouping::Farmer, Counted::Headline).without_counts();
        let farmers = figures::sums(session, &by_farmer).await?;
        let months = series::of_headline(session, range, region).await?;
        let mut breakdowns = Vec::new();
        for grouping in [Grouping::Town, Grouping::Product, Grouping::Room, Grouping::Anchor] {
            let counted = grouping.counts_households(Detail::Brief);
            let mut groups = load::groups(session, (grouping, counted), range, region, ctx).await?;
            let total = groups.len();
            groups.truncate(FIRST);
            breakdowns.push(Breakdown { grouping, groups, total });
        }
        let to_lock = if scope.is_whole_county() && ctx.role.is_some_and(Role::may_lock) {
            filings::list_waiting(session).await?.into_iter().map(|filing| filing.month).collect()
        } else {
            Vec::new()
        };
        let presumed_fen = presumed(session, range, region).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let (cumulative, multiples) = (series::cumulative(&months), series::months(&months));
        let o = &ctx.words.official;
        let picture = |name: Name, title: &str, numbers: Table| Picture {
            title: title.into(),
            href: name.href(range),
            narrow: name == Name::Flow,
            no_file: name.no_file(region, ctx),
            numbers,
        };
        Ok::<_, anyhow::Error>(Page {
            place: ctx.reader.clone(),
            range,
            as_of,
            headline: Headline { presumed_fen, ..headline_of(&total, &farmers, &classes) },
            to_lock,
            month: series::last_month(&months).map(|last| Month {
                label: month_key(last.month),
                uplift_fen: last.uplift_fen,
                on_year_bp: last.on_year_bp,
                on_month_bp: last.on_month_bp,
            }),
            cumulative: picture(Name::Cumulative, o.uplift_total, series::cumulative_table(&cumulative, ctx)),
            months: picture(Name::Months, o.months_title, series::months_table(&multiples, ctx)),
            waterfall: picture(Name::Flow, o.waterfall_title, series::flow_table(&total, ctx)),
            breakdowns,
            left_out: left_out_of(&everything, &classes),
        })
    };
    Ok(load.await?)
}

/// 推定结算: uplift of the shops whose completed sales count as settled after some days, because no statement comes.
async fn presumed(session: &mut Session, range: Range, region: RegionCode) -> Result<Option<i64>, StoreError> {
    let shops: Vec<String> =
        goods::list_shop_settings(session).await?.into_iter().map(|setting| setting.shop_id.to_string()).collect();
    if shops.is_empty() {
        return Ok(None);
    }
    let by_shop = load::question(figures::Grouping::Shop, range, region, Counted::Headline);
    let sums = figures::sums(session, &by_shop.without_households().without_counts()).await?;
    Ok(Some(sums.iter().filter(|s| shops.contains(&s.key)).map(|s| load::row(s).uplift_fen).sum()))
}

fn class_row(classes: &[Sums], class: Class) -> FigureRow {
    classes.iter().find(|s| s.key == class.key()).map(load::row).unwrap_or_default()
}

/// The headline with what stands beside it. The median is of the households the mean divides by.
fn headline_of(total: &FigureRow, farmers: &[Sums], classes: &[Sums]) -> Headline {
    let mut uplifts: Vec<i64> = farmers.iter().filter(|s| s.households > 0).map(|s| load::row(s).uplift_fen).collect();
    uplifts.sort_unstable();
    Headline {
        uplift_fen: total.uplift_fen,
        low_fen: total.uplift_low_fen,
        high_fen: total.uplift_high_fen,
        provisional_fen: total.uplift_provisional_fen,
        coverage_bp: total.baseline_coverage_bp,
        households: i64::try_from(uplifts.len()).unwrap_or(i64::MAX),
        median_fen: median(&uplifts),
        households_with_loss: i64::try_from(uplifts.iter().filter(|&&fen| fen < 0).count()).unwrap_or(i64::MAX),
        supervised_fen: class_row(classes, Class::RedSupervised).uplift_fen,
        presumed_fen: None,
        gmv_fen: total.gmv_fen,
        income_fen: total.farmer_income_fen,
    }
}

/// The middle of sorted values; of an even number the mean of the two in the middle.
fn median(sorted: &[i64]) -> Option<i64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(crate::domain::money::round_div(i128::from(sorted[half - 1]) + i128::from(upper), 2))
}

/// Everything the headline leaves out, with its size; what comes to nothing is not listed.
fn left_out_of(everything: &FigureRow, classes: &[Sums]) -> Vec<LeftOut> {
    let beside = |why, class| {
        let row = class_row(classes, class);
        LeftOut { why, count: row.lines, amount_fen: Some(row.uplift_fen) }
    };
    let e = everything;
    [
        LeftOut {
            why: Why::NoBaseline,
            count: e.lines_without_baseline,
            amount_fen: Some(e.farmer_income_without_baseline_fen),
        },
        LeftOut { why: Why::NoListing, count: e.lines_without_listing, amount_fen: Some(e.unassigned_fen) },
        beside(Why::Inferred, Class::Inferred),
        beside(Why::Bulk, Class::Bulk),
        beside(Why::Other, Class::Other),
        LeftOut { why: Why::Unpaid, count: e.orders_unpaid, amount_fen: None },
    ]
    .into_iter()
    .filter(|row| row.count != 0 || row.amount_fen.is_some_and(|fen| fen != 0))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3, 5, 9]), Some(5));
        assert_eq!(median(&[-1, 2, 5, 9]), Some(4));
    }
}

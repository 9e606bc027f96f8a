//! A town with its villages and households, or a village with its households.

use super::group::{self, Detail, Group, Grouping};
use super::load::{self, Counted};
use super::overview::as_of;
use super::range::{Asked, Range};
use super::town_sheet;
use crate::domain::calendar::Instant;
use crate::domain::figures::FigureRow;
use crate::domain::regions::RegionCode;
use crate::store::figures;
use crate::store::lines::PAGE;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub code: String,
    pub name: String,
    pub trail: Vec<Step>,
    pub range: Range,
    pub as_of: Option<Instant>,
    /// All lines of the region's households, inside the headline or not.
    pub total: FigureRow,
    /// Empty for a village.
    pub villages: Vec<Group>,
    pub farmers: Vec<Group>,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/regions/{}", page.code);
    let title = fill(o.region_title, &[&page.name]);
    let body = html! {
        (trail(&page.trail, &page.name, ctx))
        (page.range.form(&path, &page.name, o.basis_settled, ctx))
        (sums(&title, &page.total, page.as_of, ctx))
        @if let Some(sheet) = town_sheet::address(&page.code, page.range, ctx) {
            section.card { p.actions { a.button href=(sheet) download { (ctx.words.papers.town_sheet) } } p.quiet { (ctx.words.papers.town_note) } }
        }
        @if !page.villages.is_empty() {
            section.card {
                h2 { (o.by_village) }
                (group::table(Grouping::Village, &page.villages, Detail::Full, page.range, ctx).render(ctx))
            }
        }
        section.card {
            h2 { (o.by_farmer) }
            p.quiet { (o.by_note) }
            (group::table(Grouping::Farmer, &page.farmers, Detail::Full, page.range, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
        }
    };
    shell::page(&title, Some(Section::Towns), &screen::only(&body, ctx), ctx)
}

/// The card that answers a page of the drill-down: uplift, and what it is made from.
pub fn sums(title: &str, total: &FigureRow, at: Option<Instant>, ctx: &Ctx) -> Markup {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let range = fill(
        o.range_low_high,
        &[&number::short(total.uplift_low_fen, ctx.lang), &number::short(total.uplift_high_fen, ctx.lang)],
    );
    let short = |fen: i64| html! { (number::short(fen, ctx.lang)) };
    html! {
        section.card {
            h1.label { (title) }
            (amount::headline(total.uplift_fen, ctx))
            p.quiet {
                (fill(o.exact, &[&number::yuan(total.uplift_fen)])) " · " (range) " · "
                (fill(o.coverage, &[&number::percent_floor(total.baseline_coverage_bp)]))
            }
            p.quiet { (as_of(at, ctx)) " · " (o.basis_settled) }
            dl.facts {
                (amount::fact(o.gmv, &short(total.gmv_fen)))
                (amount::fact(o.net, &short(total.net_fen)))
                (amount::fact(o.income, &short(total.farmer_income_fen)))
                (amount::fact(o.provisional, &short(total.uplift_provisional_fen)))
                @if total.households > 0 {
                    (amount::fact(o.households, &html! { (fill(c.households, &[&number::grouped(total.households)])) }))
                }
            }
        }
    }
}

/// `GET /official/regions/{code}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let region = load::within(visit.scope()?, &code).ok_or(WebError::NotFound)?;
    let page = load(&app, &visit, region, Range::parse(&asked)?, asked.page()?).await?;
    page.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

async fn load(
    app: &AppState,
    visit: &Visit,
    region: RegionCode,
    range: Range,
    page: i64,
) -> anyhow::Result<Option<Page>> {
    let Ok(scope) = visit.scope() else { return Ok(None) };
    let session = &mut app.store.read(scope).await?;
    let names = Names::of_regions(session).await?;
    let code = region.to_string();
    if !names.0.contains_key(&code) {
        return Ok(None);
    }
    let question = load::question(figures::Grouping::Total, range, region, Counted::Everything);
    let total = load::total(session, &question).await?;
    let villages = if region.digits() < 12 {
        load::groups(session, (Grouping::Village, true), range, region, &visit.ctx).await?
    } else {
        Vec::new()
    };
    let farmers = load::groups(session, (Grouping::Farmer, false), range, region, &visit.ctx).await?;
    let paging = Paging::of(page, i64::try_from(farmers.len())?, PAGE);
    let mut farmers: Vec<Group> =
        farmers.into_iter().skip(usize::try_from((page - 1) * PAGE)?).take(usize::try_from(PAGE)?).collect();
    load::name_page(session, Grouping::Farmer, &mut farmers).await?;
    let as_of = crate::services::figures::as_of(session).await?;
    let name = names.of(&code);
    Ok(Some(Page {
        name,
        trail: trail_to(region, range, &names, &visit.ctx),
        code,
        range,
        as_of,
        total,
        villages,
        farmers,
        paging,
    }))
}

/// The overview, and the town above a village.
pub fn trail_to(region: RegionCode, range: Range, names: &Names, ctx: &Ctx) -> Vec<Step> {
    let mut steps = vec![Step { label: ctx.words.official.nav_overview.into(), href: range.link("/official") }];
    if let Some(town) = region.town().filter(|&town| town != region) {
        let href = range.link(&format!("/official/regions/{town}"));
        steps.push(Step { label: names.of(&town.to_string()), href });
    }
    steps
}

//! 基准价: a product's weeks with their prices and gaps, what waits for a second person, all versions, and the wholesale
//! names that stand beside.

use super::tables::{self, Kind};
use crate::domain::calendar::{Day, clock_text};
use crate::domain::price_book::{Week, monday, weeks};
use crate::services::price_book as service;
use crate::store::Session;
use crate::store::goods::{self, Product};
use crate::store::price_book::{self as stored, Entry, MarketName};
use crate::store::prices::{self, BaselineRow};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::Names;
use crate::web::ui::number::{grouped, kilograms, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;

pub const PATH: &str = "/branch/prices";
/// Weeks shown before this one and after it.
const WEEKS_BACK: i64 = 26;
const WEEKS_AHEAD: i64 = 4;
/// Weeks within which goods were sold that are expected to be sold on.
const LATELY: i64 = 3;
/// Versions and decisions shown.
const VERSIONS: usize = 40;
const DECIDED: i64 = 10;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub products: Vec<Product>,
    /// The one that is looked at.
    pub product: Option<Product>,
    pub waiting: Vec<Entry>,
    /// The last first.
    pub weeks: Vec<Week>,
    /// Goods were sold lately.
    pub expected: bool,
    pub this_week: Day,
    /// Its prices, the newest first; weeks name them by place.
    pub versions: Vec<BaselineRow>,
    /// Mean wholesale price of a week, by its Monday.
    pub market: Vec<(Day, i64)>,
    pub decided: Vec<Entry>,
    pub unmatched: Vec<MarketName>,
    pub names: Names,
    pub may_change: bool,
}

impl Page {
    fn gap(&self, week: &Week) -> bool {
        week.is_gap(self.expected && week.monday >= self.this_week)
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let body = html! {
        section.card {
            h1 { (p.title) }
            p.quiet { (p.note) }
            div.actions {
                @if page.may_change { a.button.primary href={ (PATH) "/new" } { (p.new_button) } }
                @for product in &page.products {
                    @let here = page.product.as_ref().is_some_and(|chosen| chosen.product_id == product.product_id);
                    a.chip href={ (PATH) "?product=" (product.product_key) } aria-current=[here.then_some("true")] {
                        (ctx.name(&product.name, &product.name_en))
                    }
                }
            }
        }
        section.card {
            h2 { (p.waiting_title) }
            @if page.waiting.is_empty() { p.empty { (p.waiting_none) } }
            ul.todo { @for entry in &page.waiting { (waiting(entry, page, ctx)) } }
        }
        @if let Some(product) = &page.product {
            section.card {
                h2 { (fill(p.weeks_title, &[ctx.name(&product.name, &product.name_en)])) }
                p.quiet { (fill(p.weeks_note, &[&WEEKS_BACK.to_string(), &WEEKS_AHEAD.to_string()])) }
                (calendar(page, ctx).render(ctx))
            }
            section.card {
                h2 { (p.history_title) }
                p.quiet { (fill(p.history_note, &[&VERSIONS.to_string()])) }
                (history(page, ctx).render(ctx))
                (tables::links(&[Kind::Prices], ctx))
                (turned_down(page, ctx))
            }
        }
        @if !page.unmatched.is_empty() { (market_names(page, ctx)) }
    };
    shell::page(p.nav, Some(Section::Prices), &body, ctx)
}

fn waiting(entry: &Entry, page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let product = page.products.iter().find(|product| product.product_id == entry.product_id);
    let values = [
        product.map_or("", |product| ctx.name(&product.name, &product.name_en)).to_owned(),
        page.names.of(&entry.region_code),
        entry.valid_from.to_string(),
        entry.valid_to.to_string(),
        yuan(entry.mid_fen_per_kg),
    ];
    html! {
        li {
            div {
                strong { (fill(p.waiting_row, &values.each_ref().map(String::as_str))) }
                p.quiet { (fill(p.waiting_by, &[&entry.entered_by, &clock_text(entry.entered_at), &entry.source])) }
            }
            a.button href={ (PATH) "/" (entry.entry_id) } { (p.look) }
        }
    }
}

fn calendar(page: &Page, ctx: &Ctx) -> Table {
    let p = &ctx.words.price_book;
    let columns = [
        (p.col_week, Align::Whole),
        (p.col_lines, Align::Number),
        (p.col_without, Align::Number),
        (p.col_taken, Align::Number),
        (p.col_gap, Align::Whole),
        (p.col_prices, Align::Text),
        (p.col_market, Align::Number),
    ];
    let mut table = Table::new(p.nav, p.history_none, &columns);
    for week in &page.weeks {
        let gap = if !page.gap(week) {
            String::new()
        } else if week.without_price > 0 {
            fill(p.gap_lines, &[&grouped(week.without_price)])
        } else {
            fill(p.gap_days, &[&week.days_without.to_string()])
        };
        let market = page.market.iter().find(|(monday, _)| *monday == week.monday);
        let number = |n: i64| if n == 0 { Cell::from("") } else { grouped(n).into() };
        table.rows.push(vec![
            week.monday.to_string().into(),
            number(week.lines),
            number(week.without_price),
            if week.taken_in_g == 0 { "".into() } else { kilograms(week.taken_in_g).into() },
            Cell::Warn(gap),
            prices_of(week, page, ctx).into(),
            market.map_or_else(|| "".into(), |(_, fen)| yuan(*fen).into()),
        ]);
    }
    table
}

/// The prices of a week, the newest of each region.
fn prices_of(week: &Week, page: &Page, ctx: &Ctx) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut said = Vec::new();
    for row in week.prices.iter().filter_map(|&place| page.versions.get(place)) {
        if !seen.contains(&row.region_code.as_str()) {
            seen.push(&row.region_code);
            let values = [
                page.names.of(&row.region_code),
                yuan(row.mid_fen_per_kg),
                yuan(row.low_fen_per_kg),
                yuan(row.high_fen_per_kg),
            ];
            said.push(fill(ctx.words.price_book.price_of, &values.each_ref().map(String::as_str)));
        }
    }
    said.join(" · ")
}

fn history(page: &Page, ctx: &Ctx) -> Table {
    let p = &ctx.words.price_book;
    let columns = [
        (p.col_region, Align::Whole),
        (p.col_from, Align::Whole),
        (p.col_to, Align::Whole),
        (p.col_low, Align::Number),
        (p.col_mid, Align::Number),
        (p.col_high, Align::Number),
        (p.col_salvage, Align::Number),
        (p.col_source, Align::Text),
        (p.col_entered, Align::Whole),
        (p.col_approved, Align::Whole),
    ];
    let mut table = Table::new(p.history_title, p.history_none, &columns);
    for row in page.versions.iter().take(VERSIONS) {
        table.rows.push(vec![
            page.names.of(&row.region_code).into(),
            row.valid_from.to_string().into(),
            row.valid_to.to_string().into(),
            yuan(row.low_fen_per_kg).into(),
            yuan(row.mid_fen_per_kg).into(),
            yuan(row.high_fen_per_kg).into(),
            row.salvage_fen_per_kg.map_or_else(String::new, yuan).into(),
            row.source.as_str().into(),
            row.entered_by.as_str().into(),
            row.approved_by.as_str().into(),
        ]);
    }
    table
}

/// What was entered and not approved.
fn turned_down(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    let rows: Vec<&Entry> = page.decided.iter().filter(|entry| entry.baseline_id == 0).collect();
    html! {
        @if !rows.is_empty() {
            h2 { (p.rejected_title) }
            ul.todo { @for entry in rows {
                @let template = if entry.outcome == "rejected" { p.rejected_row } else { p.withdrawn_row };
                li { (fill(template, &[
                    &page.names.of(&entry.region_code), &entry.valid_from.to_string(), &entry.valid_to.to_string(),
                    &yuan(entry.mid_fen_per_kg), &entry.decided_by, &entry.reason,
                ])) }
            } }
        }
    }
}

fn market_names(page: &Page, ctx: &Ctx) -> Markup {
    let p = &ctx.words.price_book;
    html! {
        section.card {
            h2 { (p.market_title) }
            p.quiet { (p.market_note) }
            ul.todo { @for row in &page.unmatched { li {
                span { (fill(p.market_row, &[&row.market, &row.name, &row.last_on.to_string()])) }
                @if page.may_change {
                    form.inline method="post" action={ (PATH) "/market" } {
                        input type="hidden" name="market" value=(row.market);
                        input type="hidden" name="name" value=(row.name);
                        label { (p.market_is) " " select name="product" { @for product in &page.products {
                            option value=(product.product_key) { (ctx.name(&product.name, &product.name_en)) }
                        } } }
                        button type="submit" { (p.market_button) }
                    }
                }
            } } }
        }
    }
}

/// Which product.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    product: String,
}

/// `GET /branch/prices`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let (today, may_change) = (app.clock.today(), visit.reader()?.role.may_change());
    let load = async { load(&mut app.store.read(scope).await?, &asked.product, today, may_change).await };
    Ok(render(&load.await?, &visit.ctx))
}

async fn load(session: &mut Session, key: &str, today: Day, may_change: bool) -> anyhow::Result<Page> {
    let mut products = goods::list_products(session).await?;
    products.sort_by(|a, b| a.product_key.cmp(&b.product_key));
    let product = products.iter().find(|p| p.product_key == key).or_else(|| products.first()).cloned();
    let this_week = monday(today);
    let (from, to) =
        (this_week - TimeDelta::weeks(WEEKS_BACK), this_week + TimeDelta::weeks(WEEKS_AHEAD + 1) - TimeDelta::days(1));
    let product_id = product.as_ref().map_or(0, |p| p.product_id);
    let days = stored::list_days(session, product_id, from, to).await?;
    let lately = this_week - TimeDelta::weeks(LATELY);
    let expected = days.iter().any(|day| day.on >= lately && day.lines > 0);
    let mut versions: Vec<BaselineRow> = prices::list_baselines(session, from, to)
        .await?
        .into_iter()
        .filter(|row| row.product_id == product_id)
        .collect();
    versions.reverse();
    let spans: Vec<(Day, Day)> = versions.iter().map(|row| (row.valid_from, row.valid_to)).collect();
    let market = by_week(&stored::list_market(session, product_id, from, to).await?);
    let unmatched = stored::list_market_names(session).await?.into_iter().filter(|name| name.product_id == 0);
    Ok(Page {
        waiting: stored::list_waiting(session).await?,
        weeks: weeks(from, to, &days, &spans),
        expected,
        this_week,
        versions,
        market,
        decided: stored::list_decided(session, product_id, DECIDED).await?,
        unmatched: unmatched.collect(),
        names: Names::of_regions(session).await?,
        products,
        product,
        may_change,
    })
}

/// Mean of all grades and days of a week.
fn by_week(days: &[(Day, i64, i64)]) -> Vec<(Day, i64)> {
    days.chunk_by(|a, b| monday(a.0) == monday(b.0))
        .map(|week| {
            let (sum, count) = week.iter().fold((0, 0), |(sum, count), day| (sum + day.1, count + day.2));
            (monday(week[0].0), crate::domain::money::round_div(i128::from(sum), i128::from(count)))
        })
        .collect()
}

/// A market's name and the product it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Matched {
    market: String,
    name: String,
    product: String,
}

/// `POST /branch/prices/market`
pub async fn match_name(
    State(app): State<AppState>,
    visit: Visit,
    Form(said): Form<Matched>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match service::match_name(&desk, &said.market, &said.name, &said.product).await {
        Ok(true) => Ok(Redirect::to(&format!("{PATH}?product={}", said.product)).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn a_week_has_the_mean_of_its_grades_and_days() {
        let day = |text: &str| parse_day(text).expect("a day");
        let days = [(day("2026-01-05"), 1_000, 1), (day("2026-01-07"), 2_001, 2), (day("2026-01-12"), 900, 1)];
        assert_eq!(by_week(&days), [(day("2026-01-05"), 1_000), (day("2026-01-12"), 900)]);
    }
}

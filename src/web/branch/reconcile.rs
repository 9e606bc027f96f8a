//! 对账: each shop's days beside the other side's as they were compared last, and a day opened to its orders.
//!
//! A shop's day may be that of a few households, so it stays on the screen.
//! Nothing is compared here: asking a platform takes its time and its turn, which `red-anchor reconcile` does.

use crate::domain::calendar::{Day, clock_text, parse_day};
use crate::domain::reconcile::{Measure, Reason};
use crate::domain::statements::Waits;
use crate::services::reconcile::{INTERFACE, MOST_KEPT};
use crate::store::goods::{self, Shop};
use crate::store::reconciled::{self, DayRow, DifferenceRow};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::range::{Asked, Range};
use crate::web::ui::number;
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::state;
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use chrono::TimeDelta;
use maud::{Markup, html};

const PATH: &str = "/reconcile";
/// Days shown where none are asked for.
const ORDINARY_DAYS: i64 = 31;
/// The longest range shown at once.
const MOST_DAYS: i64 = 92;

/// What the list shows: newest day first, then by shop; a day's measures together.
#[derive(Debug, Clone)]
pub struct List {
    pub range: Range,
    pub shops: Vec<Shop>,
    pub rows: Vec<DayRow>,
}

/// A shop's day opened.
#[derive(Debug, Clone)]
pub struct Opened {
    pub shop: Shop,
    pub on: Day,
    pub rows: Vec<DayRow>,
    pub differences: Vec<DifferenceRow>,
}

/// The list.
pub fn render_list(page: &List, ctx: &Ctx) -> Markup {
    let (r, o) = (&ctx.words.reconcile, &ctx.words.official);
    let days: Vec<&[DayRow]> = page.rows.chunk_by(|a, b| (a.on_day, a.shop_id) == (b.on_day, b.shop_id)).collect();
    let differing = days.iter().filter(|day| differences(day) > 0).count();
    let all: i64 = page.rows.iter().map(|row| row.differences).sum();
    let [days_text, differing_text, all_text] = [days.len().to_string(), differing.to_string(), all.to_string()];
    let text = |day: Option<Day>| day.map(|d| d.to_string());
    let body = html! {
        h1 { (r.title) }
        p.quiet { (r.note) }
        form.filters method="get" action=(PATH) {
            label.chip { span.quiet { (o.filter_from) } " " input type="date" name="from" value=[text(page.range.from)]; }
            label.chip { span.quiet { (o.filter_to) } " " input type="date" name="to" value=[text(page.range.to)]; }
            button type="submit" { (o.filter_apply) }
        }
        @if days.is_empty() {
            (state::empty(r.none, if ctx.county_wide { r.none_do } else { r.none_county }))
        } @else {
            section.card {
                @if all == 0 { p { (fill(r.all_agree, &[&days_text])) } }
                @else { p.warn { (fill(r.some_differ, &[&days_text, &differing_text, &all_text])) } }
                (list_table(&days, page, ctx).render(ctx))
            }
        }
    };
    shell::page(r.nav, Some(Section::Reconcile), &screen::only(&body, ctx), ctx)
}

fn list_table(days: &[&[DayRow]], page: &List, ctx: &Ctx) -> Table {
    let (r, c) = (&ctx.words.reconcile, &ctx.words.frame);
    let mut table = Table::new(
        r.title,
        r.none,
        &[(r.col_day, Align::Whole), (r.col_result, Align::Whole), (r.col_shop, Align::Text)],
    );
    for measure in Measure::ALL {
        for side in [r.ours, r.theirs] {
            table.columns.push((fill(side, &[r.of_measure(measure)]), Align::Number));
        }
    }
    for day in days {
        let Some(first) = day.first() else { continue };
        let shop = page.shops.iter().find(|shop| shop.shop_id == first.shop_id);
        let name = shop.map_or_else(|| first.shop_id.to_string(), |shop| shop.name.clone());
        let result = match differences(day) {
            0 if day.iter().any(|row| !row.waits.is_empty()) => r.waits_short.to_owned(),
            0 => r.agrees.to_owned(),
            n => fill(r.differs, &[&n.to_string()]),
        };
        let result = Cell::Link(result, format!("{PATH}/{}/{}", first.shop_id, first.on_day));
        let mut cells = vec![first.on_day.to_string().into(), result, name.into()];
        for measure in Measure::ALL {
            match day.iter().find(|row| row.measure == measure.key()) {
                Some(row) => {
                    cells.push(number::yuan(row.our_fen).into());
                    let theirs = number::yuan(row.their_fen);
                    cells.push(if row.differences > 0 { Cell::Warn(theirs) } else { theirs.into() });
                }
                None => cells.extend([c.none.into(), c.none.into()]),
            }
        }
        table.rows.push(cells);
    }
    table
}

fn differences(day: &[DayRow]) -> i64 {
    day.iter().map(|row| row.differences).sum()
}

/// A day.
pub fn render_day(page: &Opened, ctx: &Ctx) -> Markup {
    let r = &ctx.words.reconcile;
    let title = fill(r.day_title, &[&page.on.to_string(), &page.shop.name]);
    let body = html! {
        p { a href=(PATH) { (r.back) } }
        h1 { (title) }
        @for row in &page.rows {
            @if let Some(measure) = Measure::parse(&row.measure) { (measured(row, measure, page, ctx)) }
        }
    };
    shell::page(&title, Some(Section::Reconcile), &screen::only(&body, ctx), ctx)
}

fn measured(row: &DayRow, measure: Measure, page: &Opened, ctx: &Ctx) -> Markup {
    let r = &ctx.words.reconcile;
    let name = r.of_measure(measure);
    let columns = [
        (r.col_order, Align::Whole),
        (r.col_reason, Align::Whole),
        (r.col_our_day, Align::Whole),
        (r.col_our_amount, Align::Number),
        (r.col_their_day, Align::Whole),
        (r.col_their_amount, Align::Number),
        (r.col_apart, Align::Number),
    ];
    let mut table = Table::new(name, r.none_differ, &columns);
    table.rows = page.differences.iter().filter(|d| d.measure == row.measure).map(|d| cells(d, ctx)).collect();
    let shown = table.rows.len();
    let sums = [
        row.our_orders.to_string(),
        number::yuan(row.our_fen),
        row.their_orders.to_string(),
        number::yuan(row.their_fen),
        number::yuan(row.our_fen - row.their_fen),
    ];
    let side = match row.other_side.as_str() {
        INTERFACE => r.by_interface.to_owned(),
        file => fill(r.by_file, &[file]),
    };
    html! {
        section.card {
            h2 { (name) }
            p { (fill(r.sums, &sums.each_ref().map(String::as_str))) }
            @if let Some(waits) = Waits::parse(&row.waits) { p.warn role="status" { (r.of_waits(waits)) } }
            p.quiet { (fill(r.beside, &[&side, &clock_text(row.compared_at)])) }
            (table.render(ctx))
            @if i64::try_from(shown).is_ok_and(|shown| shown < row.differences) {
                p.quiet { (fill(r.first_shown, &[&shown.to_string(), &row.differences.to_string()])) }
            }
        }
    }
}

fn cells(difference: &DifferenceRow, ctx: &Ctx) -> Vec<Cell> {
    let (r, c) = (&ctx.words.reconcile, &ctx.words.frame);
    let day = |on: Option<Day>| on.map_or_else(|| c.none.to_owned(), |on| on.to_string());
    let fen = |fen: Option<i64>| fen.map_or_else(|| c.none.to_owned(), number::yuan);
    let reason = Reason::parse(&difference.reason).map_or("", |reason| r.of_reason(reason));
    vec![
        difference.order_no.as_str().into(),
        Cell::Tag(reason.to_owned()),
        day(difference.our_on).into(),
        fen(difference.our_fen).into(),
        day(difference.their_on).into(),
        fen(difference.their_fen).into(),
        number::yuan(difference.our_fen.unwrap_or(0) - difference.their_fen.unwrap_or(0)).into(),
    ]
}

/// `GET /reconcile?from=…&to=…`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let asked = Range::parse(&asked)?;
    let scope = visit.scope()?;
    // whole shops are compared: of a part of the county there is nothing to say
    if !scope.is_whole_county() {
        let nothing = List { range: asked, shops: Vec::new(), rows: Vec::new() };
        return Ok(render_list(&nothing, &visit.ctx));
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let last = reconciled::find_last_day(session).await?.unwrap_or(app.clock.today());
        let to = asked.to.unwrap_or(last);
        let earliest = to - TimeDelta::days(MOST_DAYS - 1);
        let from = asked.from.map_or(to - TimeDelta::days(ORDINARY_DAYS - 1), |from| from.max(earliest));
        let rows = reconciled::list_days(session, from, to).await?;
        let range = Range { from: Some(from), to: Some(to) };
        Ok::<_, anyhow::Error>(List { range, shops: goods::list_shops(session).await?, rows })
    };
    Ok(render_list(&load.await?, &visit.ctx))
}

/// `GET /reconcile/{shop}/{day}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path((shop_id, day)): Path<(i64, String)>,
) -> Result<Markup, WebError> {
    let on = parse_day(&day).ok_or(WebError::NotFound)?;
    let scope = visit.scope()?;
    if !scope.is_whole_county() {
        return Err(WebError::NotFound);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut rows = reconciled::list_days(session, on, on).await?;
        rows.retain(|row| row.shop_id == shop_id);
        let shop = goods::list_shops(session).await?.into_iter().find(|shop| shop.shop_id == shop_id);
        let most = i64::try_from(MOST_KEPT)?;
        let differences = reconciled::list_differences(session, shop_id, on, most).await?;
        Ok::<_, anyhow::Error>(shop.map(|shop| Opened { shop, on, rows, differences }))
    };
    let page = load.await?.filter(|page| !page.rows.is_empty()).ok_or(WebError::NotFound)?;
    Ok(render_day(&page, &visit.ctx))
}

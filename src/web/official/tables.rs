//! The tables of figures as files for a spreadsheet: `GET /official/tables/{grouping}.csv` and `….xlsx`.
//!
//! A file goes on to people nobody knows, so what it says of fewer than five households is held back, and what would
//! give it away by subtraction within the file (`domain::disclosure`); goods money and settled income are held back
//! apart, since different households stand behind them. A file holds whole months that are over: two of ranges a few
//! days apart would otherwise give the sales of those days away. What several files together still give away is told in
//! docs/PRIVACY.md; of streams there is no file at all. Rows stand by their keys, because an order by amount would tell
//! about what is held back. The page beside it shows everything to the one who is signed in. Each file is told in the
//! audit trail, and an account takes only so many an hour.
//!
//! Under the table stands what the page says around it.

use super::group::{Group, Grouping};
use super::load::{self, Counted};
use super::overview::as_of;
use super::range::{Asked, Range};
use crate::domain::calendar::{Day, Instant};
use crate::domain::disclosure::{Withheld, withhold, withhold_in_order, withhold_shared};
use crate::domain::figures::FigureRow;
use crate::domain::problem::{Problem, Refusal};
use crate::services::exports::{self, Taken};
use crate::store::Session;
use crate::store::figures::{self, Behind};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::{Cell, Format, Sheet};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// What the file says.
#[derive(Debug, Clone)]
struct Figures {
    grouping: Grouping,
    place: String,
    range: Range,
    as_of: Option<Instant>,
    groups: Vec<Group>,
    total: FigureRow,
    /// Of the amounts of what was sold, by group.
    sold: Withheld,
    /// Of the amounts of what was settled.
    settled: Withheld,
    /// Of the share of them that has a baseline.
    covered: Withheld,
}

/// The file's cells.
fn sheet(figures: &Figures, at: Instant, ctx: &Ctx) -> Sheet {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let column = figures.grouping.column(ctx);
    let head = [
        o.col_key,
        column,
        o.col_households,
        o.col_uplift_fen,
        o.col_income_yuan,
        o.col_gmv_yuan,
        o.col_coverage_percent,
        o.col_note,
    ];
    let all_held = [&figures.sold, &figures.settled, &figures.covered];
    let mut rows: Vec<Vec<Cell>> = (figures.groups.iter().enumerate())
        .map(|(place, group)| {
            let label = if group.key.is_some() { group.label.as_str() } else { c.nobody };
            row((group.stored_key(), label), group, all_held.map(|held| held.groups[place]), ctx)
        })
        .collect();
    let t = &figures.total;
    let total = Group {
        key: None,
        label: String::new(),
        gmv_fen: t.gmv_fen,
        income_fen: t.farmer_income_fen,
        uplift_fen: t.uplift_fen,
        households: t.households,
        coverage_bp: t.baseline_coverage_bp,
    };
    rows.push(row(("", c.total), &total, all_held.map(|held| held.total), ctx));
    let day = |day: Option<Day>| day.map_or_else(|| c.none.to_owned(), |d| d.to_string());
    let mut notes = vec![
        vec![o.filter_place.to_owned(), figures.place.clone()],
        vec![o.filter_from.to_owned(), day(figures.range.from)],
        vec![o.filter_to.to_owned(), day(figures.range.to)],
        vec![o.filter_basis.to_owned(), o.basis_settled.to_owned()],
        vec![as_of(figures.as_of, ctx)],
        vec![o.by_scope.to_owned()],
        vec![o.withheld_rule.to_owned()],
    ];
    notes.extend(ctx.demo.then(|| vec![c.demo.to_owned()]));
    Sheet { name: column, head: head.map(str::to_owned).into(), rows, notes, at: figures.as_of.unwrap_or(at) }
}

/// A row, less what is held back of what was sold, of what was settled, and of its coverage.
fn row((key, label): (&str, &str), group: &Group, held: [bool; 3], ctx: &Ctx) -> Vec<Cell> {
    let [sold, settled, covered] = held;
    let shown = |held: bool, cell: Cell| if held { Cell::Blank } else { cell };
    let counted = !settled && group.households > 0;
    vec![
        Cell::Text(key.to_owned()),
        Cell::Text(label.to_owned()),
        shown(!counted, Cell::Count(group.households)),
        shown(settled, Cell::Yuan(group.uplift_fen)),
        shown(settled, Cell::Yuan(group.income_fen)),
        shown(sold, Cell::Yuan(group.gmv_fen)),
        shown(covered, Cell::Percent(group.coverage_bp)),
        shown(!held.contains(&true), Cell::Text(ctx.words.official.withheld.to_owned())),
    ]
}

/// `GET /official/tables/{file}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (stem, format) = Format::of_name(&file).ok_or(WebError::NotFound)?;
    let grouping = Grouping::parse(stem).filter(|g| g.has_file()).ok_or(WebError::NotFound)?;
    let (asked, scope, actor) = (Range::parse(&asked)?, visit.scope()?, visit.actor()?);
    let page = asked.link(&format!("/official/by/{}", grouping.key()));
    let today = app.clock.today();
    let Some(range) = asked.finished_months(today) else {
        return refused(Problem::Refused(Refusal::NoFinishedMonth).into(), &page, &visit.ctx);
    };
    let region = scope.region();
    let taken = Taken { grouping: grouping.key(), region, from: range.from, to: range.to };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, &page, &visit.ctx);
    }
    let figures = async { load(&mut app.store.read(scope).await?, &visit, grouping, range).await }.await?;
    // nothing a person typed is in the name
    let name = format!("red-anchor-{region}-{}-{today}", grouping.key());
    Ok(sheet(&figures, app.clock.now(), &visit.ctx).answer(&name, format)?)
}

async fn load(session: &mut Session, visit: &Visit, grouping: Grouping, range: Range) -> anyhow::Result<Figures> {
    let region = session.scope().region();
    // the households are read once for each grouping: those that are counted, and those that stand behind an amount
    let behind = load::behind(session, grouping.stored(), range, region, Counted::Everything).await?;
    let whole = load::behind_all(session, range, region, Counted::Everything).await?;
    let mut groups = load::groups(session, (grouping, false), range, region, &visit.ctx).await?;
    if grouping != Grouping::Month {
        groups.sort_by(|a, b| {
            (a.key.is_none(), a.stored_key().len(), a.stored_key()).cmp(&(
                b.key.is_none(),
                b.stored_key().len(),
                b.stored_key(),
            ))
        });
    }
    for group in &mut groups {
        group.households = behind.get(group.stored_key()).map_or(0, |b| b.households);
    }
    let question = load::question(figures::Grouping::Total, range, region, Counted::Everything).without_counts();
    let total = load::total(session, &question.without_households()).await?;
    let as_of = crate::services::figures::as_of(session).await?;
    let held = |of: fn(&Behind) -> i64| {
        let households: Vec<i64> = groups.iter().map(|g| behind.get(g.stored_key()).map_or(0, of)).collect();
        held(grouping, households, of(&whole))
    };
    let [income, valued] = Behind::SETTLED.map(held);
    let settled = income.or(&valued);
    Ok(Figures {
        grouping,
        place: visit.ctx.reader.clone(),
        range,
        as_of,
        sold: held(|b| b.sold),
        covered: settled.or(&held(|b| b.unvalued)),
        settled,
        total: FigureRow { households: whole.households, ..total },
        groups,
    })
}

/// What is held back of one kind of amount, by the households behind it in each group and altogether.
fn held(grouping: Grouping, mut households: Vec<i64>, total: i64) -> Withheld {
    match grouping {
        Grouping::Town | Grouping::Village | Grouping::Farmer => withhold(&households, total),
        Grouping::Month => {
            // the table begins with the newest month; a small one is one with the next in time, as in the pictures (which
            // count red streams only, so that they may hold back other months)
            households.reverse();
            let mut held = withhold_in_order(&households, total);
            held.groups.reverse();
            held
        }
        Grouping::Product | Grouping::Room | Grouping::Anchor | Grouping::Stream => withhold_shared(&households, total),
    }
}

/// The links to a grouping's files, with what they leave out.
pub fn links(grouping: Grouping, range: Range, ctx: &Ctx) -> maud::Markup {
    let o = &ctx.words.official;
    let address = |format: Format| {
        let path = format!("/official/tables/{}.{}?lang={}", grouping.key(), format.key(), ctx.lang.key());
        range.link(&path)
    };
    maud::html! {
        p.quiet {
            (o.download_table) " "
            @for format in Format::ALL { a href=(address(format)) download { (format.key().to_uppercase()) } " · " }
            (fill(o.download_note, &[&exports::MOST_AN_HOUR.to_string()]))
        }
    }
}

//! The tables of figures as files for a spreadsheet: `GET /official/tables/{grouping}.csv` and `….xlsx`.
//!
//! A file is made of cells that are published once and for all ([`cells`]), month by month, with the sums of what is
//! shown before them and, under them, what the page says around its table. The page beside it shows everything to the one
//! who is signed in. Each file is told in the audit trail, and an account takes only so many an hour.

use super::cells::{self, Published};
use super::group::{Group, Grouping};
use super::overview::as_of;
use super::range::{Asked, Range};
use crate::domain::calendar::{Day, Instant, month_key, next_month};
use crate::domain::problem::{Problem, Refusal};
use crate::services::exports::{self, Taken};
use crate::store::{Session, ledger, openings};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::{Cell, Format, Sheet};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use rustc_hash::FxHashMap;

/// What the file says.
#[derive(Debug, Clone)]
struct Figures {
    grouping: Grouping,
    place: String,
    /// The locked months in it, ascending.
    months: Vec<Day>,
    as_of: Option<Instant>,
    /// By month, the groups by their keys and the whole last.
    rows: Vec<Published>,
}

/// The file's cells: the sums of each group first, then month by month.
fn sheet(figures: &Figures, at: Instant, ctx: &Ctx) -> Sheet {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let column = figures.grouping.column(ctx);
    let head = [
        o.col_month,
        o.col_key,
        column,
        o.col_households,
        o.col_uplift_fen,
        o.col_income_yuan,
        o.col_gmv_yuan,
        o.col_coverage_percent,
        o.col_note,
    ];
    let mut rows: Vec<Vec<Cell>> = sums(&figures.rows).into_iter().map(|sum| sum_row(&sum, ctx)).collect();
    rows.extend(figures.rows.iter().map(|row| month_row(row, ctx)));
    let month = |month: Option<&Day>| month.map_or_else(|| c.none.to_owned(), |&month| month_key(month));
    let mut notes = vec![
        vec![o.filter_place.to_owned(), figures.place.clone()],
        vec![o.filter_from.to_owned(), month(figures.months.first())],
        vec![o.filter_to.to_owned(), month(figures.months.last())],
        vec![o.filter_basis.to_owned(), o.basis_settled.to_owned()],
        vec![as_of(figures.as_of, ctx)],
        vec![o.by_scope.to_owned()],
        vec![o.withheld_rule.to_owned()],
    ];
    notes.extend(ctx.demo.then(|| vec![c.demo.to_owned()]));
    Sheet { name: column, head: head.map(str::to_owned).into(), rows, notes, at: figures.as_of.unwrap_or(at) }
}

fn label<'a>(group: &'a Group, whole: bool, ctx: &Ctx) -> &'a str {
    match (whole, &group.key) {
        (true, _) => ctx.words.frame.total,
        (false, None) => ctx.words.frame.nobody,
        (false, Some(_)) => &group.label,
    }
}

/// A cell of the month, less what is held back.
fn month_row(row: &Published, ctx: &Ctx) -> Vec<Cell> {
    let (group, held) = (&row.group, row.held);
    let shown = |held: bool, cell: Cell| if held { Cell::Blank } else { cell };
    vec![
        Cell::Text(month_key(row.month)),
        Cell::Text(group.stored_key().to_owned()),
        Cell::Text(label(group, row.whole, ctx).to_owned()),
        shown(held.settled || group.households == 0, Cell::Count(group.households)),
        shown(held.settled, Cell::Yuan(group.uplift_fen)),
        shown(held.settled, Cell::Yuan(group.income_fen)),
        shown(held.sold, Cell::Yuan(group.gmv_fen)),
        shown(held.covered, Cell::Percent(group.coverage_bp)),
        shown(!held.any(), Cell::Text(ctx.words.official.withheld.to_owned())),
    ]
}

/// What a group's cells add up to, and in how many months some of them are held back.
#[derive(Debug, Clone)]
struct Sum<'a> {
    group: &'a Group,
    whole: bool,
    uplift_fen: i64,
    income_fen: i64,
    gmv_fen: i64,
    held: i64,
}

/// The sums of the cells shown, the groups by their keys and the whole last.
fn sums(rows: &[Published]) -> Vec<Sum<'_>> {
    let mut sums: Vec<Sum<'_>> = Vec::new();
    let mut places: FxHashMap<(bool, &str), usize> = FxHashMap::default();
    for row in rows {
        let group = &row.group;
        let place = *places.entry((row.whole, group.stored_key())).or_insert(sums.len());
        if place == sums.len() {
            sums.push(Sum { group, whole: row.whole, uplift_fen: 0, income_fen: 0, gmv_fen: 0, held: 0 });
        }
        let (sum, shown) = (&mut sums[place], |held: bool, fen: i64| if held { 0 } else { fen });
        sum.uplift_fen += shown(row.held.settled, group.uplift_fen);
        sum.income_fen += shown(row.held.settled, group.income_fen);
        sum.gmv_fen += shown(row.held.sold, group.gmv_fen);
        sum.held += i64::from(row.held.sold || row.held.settled);
    }
    sums.sort_by_key(|sum| (sum.whole, sum.group.place()));
    sums
}

/// Households cannot be added up over months, and a share is no sum: their cells stay blank.
fn sum_row(sum: &Sum<'_>, ctx: &Ctx) -> Vec<Cell> {
    let o = &ctx.words.official;
    let note = if sum.held == 0 { Cell::Blank } else { Cell::Text(fill(o.sum_without, &[&sum.held.to_string()])) };
    vec![
        Cell::Text(o.sum_of_months.to_owned()),
        Cell::Text(sum.group.stored_key().to_owned()),
        Cell::Text(label(sum.group, sum.whole, ctx).to_owned()),
        Cell::Blank,
        Cell::Yuan(sum.uplift_fen),
        Cell::Yuan(sum.income_fen),
        Cell::Yuan(sum.gmv_fen),
        Cell::Blank,
        note,
    ]
}

/// The months that were ever locked, and of those the ones that are published: locked, and never opened again, since both
/// versions of a month would tell what changed in it.
async fn published(session: &mut Session) -> anyhow::Result<(Vec<Day>, Vec<Day>)> {
    let mut all = ledger::list_locked_months(session).await?;
    let opened = openings::list_opened_months(session).await?;
    let published = all.iter().copied().filter(|month| !opened.contains(month)).collect();
    all.extend(opened);
    all.sort_unstable();
    all.dedup();
    Ok((all, published))
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
    let (all, published) = async { published(&mut app.store.read(scope).await?).await }.await?;
    let months = asked.touched(&published);
    let (Some(&first), Some(&last)) = (months.first(), months.last()) else {
        return refused(Problem::Refused(Refusal::NoLockedMonth).into(), &page, &visit.ctx);
    };
    let region = scope.region();
    let taken = Taken { grouping: grouping.key(), region, from: Some(first), to: next_month(last).pred_opt() };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, &page, &visit.ctx);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        Ok::<_, anyhow::Error>(Figures {
            grouping,
            place: visit.ctx.reader.clone(),
            rows: cells::published(session, grouping, (&all, &months), &visit.ctx).await?,
            months,
            as_of: crate::services::figures::as_of(session).await?,
        })
    };
    // nothing a person typed is in the name
    let name = format!("red-anchor-{region}-{}-{}", grouping.key(), app.clock.today());
    Ok(sheet(&load.await?, app.clock.now(), &visit.ctx).answer(&name, format)?)
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

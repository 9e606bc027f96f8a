//! The tables of figures as files for a spreadsheet: `GET /official/tables/{grouping}.csv` and `….xlsx`.
//!
//! A file says what the stored reports of the locked months say ([`published`]), month by month, with the sums of what is
//! shown before them and, under them, which reports those are and which months are not in it. The page beside it shows
//! everything to the one who is signed in. Each file is told in the audit trail, and an account takes only so many an hour.

use super::group::Grouping;
use super::overview::as_of;
use super::published::{self, Part, Published, Row};
use super::range::{Asked, Range};
use crate::domain::calendar::{Instant, month_key, next_month};
use crate::domain::month_report::Group;
use crate::domain::problem::{Problem, Refusal};
use crate::domain::regions::RegionCode;
use crate::services::exports::{self, Taken};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::{Cell, Format, Sheet};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rustc_hash::FxHashMap;

/// The figures of a row that are amounts, and what is no sum.
const AMOUNTS: [&str; 3] = ["uplift_fen", "farmer_income_fen", "gmv_fen"];
const HOUSEHOLDS: &str = "households";
const COVERAGE: &str = "baseline_coverage_bp";

/// The file's cells: the sums of each group first, then month by month.
fn sheet(published: &Published, grouping: Grouping, at: Instant, ctx: &Ctx) -> Sheet {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let column = grouping.column(ctx);
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
    let months = published.rows(grouping);
    let mut rows: Vec<Vec<Cell>> = sums(&months).iter().map(|sum| sum_row(sum, ctx)).collect();
    rows.extend(months.iter().map(|row| month_row(row, ctx)));
    let mut notes = vec![
        vec![o.filter_place.to_owned(), ctx.reader.clone()],
        vec![o.filter_basis.to_owned(), o.basis_settled.to_owned()],
        vec![as_of(published.as_of(), ctx)],
        vec![o.by_scope.to_owned()],
        vec![o.withheld_rule.to_owned()],
        vec![o.from_reports.to_owned()],
    ];
    notes.extend(published.standing.iter().map(|of| {
        vec![
            month_key(of.month),
            fill(ctx.words.review.report_no, &[&of.report.report_no.to_string()]),
            of.sha256.clone(),
        ]
    }));
    if !published.absent.is_empty() {
        notes.push(vec![fill(o.without_months, &[&published.absent.len().to_string()])]);
        let absent = published.absent.iter();
        notes.extend(absent.map(|(month, why)| vec![month_key(*month), why.reason(ctx).to_owned()]));
    }
    notes.extend(ctx.demo.then(|| vec![c.demo.to_owned()]));
    let at = published.as_of().or_else(|| published.made_at()).unwrap_or(at);
    Sheet { name: column, head: head.map(str::to_owned).into(), rows, notes, at }
}

fn label<'a>(row: &Row<'a>, ctx: &Ctx) -> &'a str {
    match (row.whole, row.key) {
        (true, _) => ctx.words.frame.total,
        (false, None) => ctx.words.frame.nobody,
        (false, Some(_)) => row.name,
    }
}

/// A row of a month, less what its report holds back.
fn month_row(row: &Row<'_>, ctx: &Ctx) -> Vec<Cell> {
    let figure = |key: &str, cell: fn(i64) -> Cell| row.group.get(key).map_or(Cell::Blank, cell);
    let [uplift, income, gmv] = AMOUNTS.map(|key| figure(key, Cell::Yuan));
    let cells = [figure(HOUSEHOLDS, Cell::Count), uplift, income, gmv, figure(COVERAGE, Cell::Percent)];
    let held = cells.contains(&Cell::Blank);
    let note = if held { Cell::Text(ctx.words.official.withheld.to_owned()) } else { Cell::Blank };
    let named = [month_key(row.month), row.key.unwrap_or_default().to_owned(), label(row, ctx).to_owned()];
    named.map(Cell::Text).into_iter().chain(cells).chain([note]).collect()
}

/// What a group's rows add up to, and in how many months some of them are held back.
#[derive(Debug, Clone)]
struct Sum<'a> {
    /// The last of its rows.
    row: Row<'a>,
    /// By [`AMOUNTS`]; `None` where no month states it.
    amounts: [Option<i64>; 3],
    held: i64,
}

impl Sum<'_> {
    fn add(&mut self, group: &Group) {
        let stated = AMOUNTS.map(|key| group.get(key));
        self.held += i64::from(stated.contains(&None));
        for (sum, fen) in self.amounts.iter_mut().zip(stated) {
            *sum = sum.map_or(fen, |sum| Some(sum + fen.unwrap_or(0)));
        }
    }
}

/// The sums of the rows, in the order of a month's.
fn sums<'a>(rows: &[Row<'a>]) -> Vec<Sum<'a>> {
    let mut sums: Vec<Sum<'a>> = Vec::new();
    let mut places: FxHashMap<(bool, Option<&str>), usize> = FxHashMap::default();
    for row in rows {
        let place = *places.entry((row.whole, row.key)).or_insert(sums.len());
        if place == sums.len() {
            sums.push(Sum { row: *row, amounts: [None; 3], held: 0 });
        }
        sums[place].row = *row;
        sums[place].add(row.group);
    }
    sums.sort_by(|a, b| a.row.place().cmp(&b.row.place()));
    sums
}

/// Households cannot be added up over months, and a share is no sum: their cells stay blank.
fn sum_row(sum: &Sum<'_>, ctx: &Ctx) -> Vec<Cell> {
    let o = &ctx.words.official;
    let note = if sum.held == 0 { Cell::Blank } else { Cell::Text(fill(o.sum_without, &[&sum.held.to_string()])) };
    let [uplift, income, gmv] = sum.amounts.map(|fen| fen.map_or(Cell::Blank, Cell::Yuan));
    vec![
        Cell::Text(o.sum_of_months.to_owned()),
        Cell::Text(sum.row.key.unwrap_or_default().to_owned()),
        Cell::Text(label(&sum.row, ctx).to_owned()),
        Cell::Blank,
        uplift,
        income,
        gmv,
        Cell::Blank,
        note,
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
    let grouping = Grouping::parse(stem).ok_or(WebError::NotFound)?;
    let (range, scope, actor) = (Range::parse(&asked)?, visit.scope()?, visit.actor()?);
    let (page, region) = (range.link(&format!("/official/by/{}", grouping.key())), scope.region());
    let Some(part) = Part::of(region).filter(|part| part.has(grouping)) else {
        return refused(Problem::Refused(Refusal::NotInReports).into(), &page, &visit.ctx);
    };
    let published = published::load(&app.store, (scope, part), range).await?;
    let (Some(first), Some(last)) = (published.standing.first(), published.standing.last()) else {
        return refused(Problem::Refused(Refusal::NoLockedMonth).into(), &page, &visit.ctx);
    };
    let taken =
        Taken { grouping: grouping.key(), region, from: Some(first.month), to: next_month(last.month).pred_opt() };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, &page, &visit.ctx);
    }
    // nothing a person typed is in the name
    let name = format!("red-anchor-{region}-{}-{}", grouping.key(), app.clock.today());
    Ok(sheet(&published, grouping, app.clock.now(), &visit.ctx).answer(&name, format)?)
}

/// The links to a grouping's files, with what they leave out; or why there are none.
pub fn links(grouping: Grouping, region: RegionCode, range: Range, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    if !Part::of(region).is_some_and(|part| part.has(grouping)) {
        return html! { p.quiet { (o.no_table) } };
    }
    let address = |format: Format| {
        let path = format!("/official/tables/{}.{}?lang={}", grouping.key(), format.key(), ctx.lang.key());
        range.link(&path)
    };
    html! {
        p.quiet {
            (o.download_table) " "
            @for format in Format::ALL { a href=(address(format)) download { (format.key().to_uppercase()) } " · " }
            (fill(o.download_note, &[&exports::MOST_AN_HOUR.to_string()]))
        }
    }
}

//! The stored report of a month: as a sheet to read, print and sign, and as the bytes that were stored.
//!
//! What the sheet says is what the document says, names included; nothing is asked of the ledger.

use super::{PATH, taking};
use crate::domain::calendar::month_key;
use crate::domain::ledger::facts::Class;
use crate::domain::month_report::{FIGURES, Group, Report};
use crate::domain::regions::RegionCode;
use crate::store::month_reports::{Head, Stored};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::line::class;
use crate::web::spreadsheet::Format;
use crate::web::ui::number;
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// A report that is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    pub head: Head,
    pub report: Report,
}

/// What stands around the sheet where it is shown.
#[derive(Debug, Clone)]
pub struct Around {
    /// Said where the report is not what stands of its month, on paper too.
    pub superseded: Option<&'static str>,
    /// Where the bytes as they are stored are.
    pub original: String,
    pub pdf: String,
    /// The same as tables, where the reader may take them.
    pub tables: Vec<(Format, String)>,
    /// Leads from paper back to the report, with what it opens.
    pub qr: Option<(Markup, &'static str)>,
}

/// Where its bytes are.
pub fn address(shown: &Shown) -> String {
    format!("{PATH}/{}/reports/{}", month_key(shown.head.month), shown.head.report_no)
}

/// Groupings of the annex.
const GROUPINGS: [&str; 5] = ["class", "town", "product", "room", "anchor"];

/// The sheet.
pub fn sheet(shown: &Shown, around: &Around, ctx: &Ctx) -> Markup {
    let (r, m, o, report) = (&ctx.words.review, &ctx.words.method, &ctx.words.official, &shown.report);
    let number = report.report_no.to_string();
    let lock = &report.lock;
    html! {
        section.card.report {
            h2 { (fill(r.report_title, &[&report.county.name, &report.month])) }
            p.quiet { (fill(r.report_no, &[&number])) " · " (r.report_basis) " · " (as_of(report, ctx)) }
            p {
                (fill(r.report_locked, &[&lock.by, &moment(&lock.at)]))
                @if !lock.filed_by.is_empty() {
                    " · " (fill(r.report_filed, &[&lock.filed_by, &moment(lock.filed_at.as_deref().unwrap_or_default())]))
                }
                @if !lock.reason.is_empty() { " · " (fill(ctx.words.months.waiting_reason, &[&lock.reason])) }
            }
            @if let Some(superseded) = around.superseded { p.warn { (superseded) } }
            @if let Some(of) = report.figures.headline_of { p.warn { (fill(r.report_headline_of, &[&of.to_string()])) } }
            (figures(report, ctx).render(ctx))
            p.quiet { (o.withheld_rule) }
            h3 { (m.title) }
            ul.method { @for text in [m.lead, m.headline_text, m.provisional_text, m.refunds_text, m.locks_text] { li { (text) } } }
            @if let Some((code, leads_to)) = &around.qr { div.on-paper { (code) p.quiet { (leads_to) } } }
            dl.proof {
                dt { (r.hash) } dd { code { (shown.head.sha256) } }
                dt { (r.previous) } dd { code {
                    @if report.previous_sha256.is_empty() { (r.previous_none) } @else { (report.previous_sha256) }
                } }
                dt { (r.batch) } dd { (fill(r.batch_text, &[&lock.batch.to_string()])) }
            }
            p.on-screen {
                a.button href=(around.pdf) download { (ctx.words.sharing.pdf) } " "
                @for (format, address) in &around.tables {
                    a.button href=(address) download { (tables_label(*format, ctx)) } " "
                }
                a href=(around.original) download { (r.download) } " · " (r.download_note)
            }
            div.signatures { @for label in [r.sign_made, r.sign_checked, r.sign_approved, r.sign_day] { p { (label) } } }
        }
        section.card.annex {
            h2 { (r.annex) }
            p.quiet { (o.by_scope) }
            @for grouping in GROUPINGS {
                @let groups = report.figures.by.get(grouping).map(Vec::as_slice).unwrap_or_default();
                h3 { (grouping_title(grouping, ctx)) }
                (groups_table(grouping, groups, report, ctx).render(ctx))
            }
            h3 { (r.adjustments) }
            p.quiet { (r.adjustments_note) }
            (adjustments(report, ctx).render(ctx))
        }
    }
}

/// What a file of tables is called on its button.
pub fn tables_label(format: Format, ctx: &Ctx) -> &'static str {
    match format {
        Format::Xlsx => ctx.words.papers.xlsx,
        Format::Csv => ctx.words.papers.csv,
    }
}

/// The same of a year, beside the year's number.
pub fn year_tables_label(format: Format, ctx: &Ctx) -> &'static str {
    match format {
        Format::Xlsx => ctx.words.papers.year_tables,
        Format::Csv => ctx.words.papers.csv,
    }
}

fn as_of(report: &Report, ctx: &Ctx) -> String {
    let c = &ctx.words.frame;
    report.as_of.as_deref().map_or_else(|| c.as_of_none.to_owned(), |at| fill(c.as_of, &[&moment(at)]))
}

/// A moment of the document, to the minute.
fn moment(rfc3339: &str) -> String {
    rfc3339.get(..16).unwrap_or(rfc3339).replace('T', " ")
}

fn figures(report: &Report, ctx: &Ctx) -> Table {
    let r = &ctx.words.review;
    let columns = [
        (r.col_figure, Align::Text),
        (r.col_headline, Align::Number),
        (r.col_total, Align::Number),
        (r.col_basis, Align::Text),
    ];
    let mut table = Table::new(r.col_figure, ctx.words.frame.empty, &columns);
    for key in FIGURES {
        let settled = report.bases.get(key).is_some_and(|basis| basis.contains("settled"));
        table.rows.push(vec![
            r.figure(key).into(),
            cell(&report.figures.headline, key, ctx),
            cell(&report.figures.total, key, ctx),
            (if settled { r.basis_settled } else { r.basis_entries }).into(),
        ]);
    }
    table
}

/// A figure with its unit, or that it is held back.
fn cell(group: &Group, key: &str, ctx: &Ctx) -> Cell {
    let Some(value) = group.get(key) else { return Cell::Quiet(ctx.words.review.held.to_owned()) };
    if key.ends_with("_bp") {
        number::percent_floor(value).into()
    } else if key.ends_with("_g") {
        number::kilograms(value).into()
    } else if key.ends_with("_fen") {
        number::yuan(value).into()
    } else {
        number::grouped(value).into()
    }
}

fn grouping_title(grouping: &str, ctx: &Ctx) -> &'static str {
    let o = &ctx.words.official;
    match grouping {
        "town" => o.by_town,
        "product" => o.by_product,
        "room" => o.by_room,
        "anchor" => o.by_anchor,
        _ => ctx.words.review.by_class,
    }
}

fn groups_table(grouping: &str, groups: &[Group], report: &Report, ctx: &Ctx) -> Table {
    let (r, o, c) = (&ctx.words.review, &ctx.words.official, &ctx.words.frame);
    let columns = [
        (r.col_group, Align::Text),
        (o.col_households, Align::Number),
        (r.col_uplift_yuan, Align::Number),
        (o.col_income_yuan, Align::Number),
        (o.col_gmv_yuan, Align::Number),
        (o.col_coverage, Align::Number),
    ];
    let mut table = Table::new(grouping_title(grouping, ctx), c.empty, &columns);
    for group in groups {
        let name = match &group.key {
            None => c.nobody.to_owned(),
            Some(key) if grouping == "class" => {
                Class::parse(key).map_or_else(|| key.clone(), |known| class(known, ctx).to_owned())
            }
            Some(key) => report.name(grouping, key).to_owned(),
        };
        let mut row = vec![Cell::from(name)];
        row.extend(
            ["households", "uplift_fen", "farmer_income_fen", "gmv_fen", "baseline_coverage_bp"]
                .map(|key| cell(group, key, ctx)),
        );
        table.rows.push(row);
    }
    table
}

fn adjustments(report: &Report, ctx: &Ctx) -> Table {
    let (r, o) = (&ctx.words.review, &ctx.words.official);
    let columns = [
        (o.col_month, Align::Whole),
        (r.col_entries, Align::Number),
        (o.col_gmv_yuan, Align::Number),
        (r.col_refund_yuan, Align::Number),
        (o.col_income_yuan, Align::Number),
        (r.col_uplift_yuan, Align::Number),
    ];
    let mut table = Table::new(r.adjustments, r.adjustments_none, &columns);
    for group in &report.figures.adjustments {
        let mut row: Vec<Cell> =
            vec![group.key.clone().unwrap_or_default().into(), number::grouped(group.entries).into()];
        row.extend(["gmv_fen", "refund_fen", "farmer_income_fen", "uplift_fen"].map(|key| cell(group, key, ctx)));
        table.rows.push(row);
    }
    table
}

/// `GET /months/{month}/reports/{id}`: the bytes as they are stored.
pub async fn download(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let found = taking::find(&app, scope, &month, report_no).await?;
    Ok(original(scope.county(), found.stored))
}

/// The bytes as they are stored, as a file.
pub fn original(county: RegionCode, stored: Stored) -> Response {
    let (month, number) = (month_key(stored.head.month), stored.head.report_no);
    let name = format!("red-anchor-{county}-{month}-report-{number}.json");
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, stored.document).into_response()
}

//! The tables of figures as files for a spreadsheet: `GET /official/tables/{grouping}.csv`.
//!
//! A file goes on to people nobody knows, so what it says of fewer than five households is held back, and what would give
//! it away by subtraction within the file (`domain::disclosure`); goods money and settled income are held back apart, since
//! different households stand behind them. What two files together give away is not prevented (docs/PRIVACY.md); of
//! streams there is no file at all. The page beside it shows everything to the one who is signed in. Each file is told in
//! the audit trail, and an account takes only so many an hour.
//!
//! UTF-8 with a mark, so that Excel reads it; amounts are plain numbers in yuan; names cannot become formulas. Under the
//! table stands what the page says around it.

use super::group::{Group, Grouping};
use super::load::{self, Counted};
use super::overview::as_of;
use super::range::{Asked, Range};
use crate::domain::calendar::Instant;
use crate::domain::cells::plain;
use crate::domain::disclosure::{Withheld, withhold, withhold_in_order, withhold_shared};
use crate::domain::figures::FigureRow;
use crate::domain::money;
use crate::services::exports::{self, Taken};
use crate::store::Session;
use crate::store::figures::{self, Behind};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Tells Excel that the text is UTF-8.
const MARK: &str = "\u{feff}";

/// What the file says.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub grouping: Grouping,
    pub place: String,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub groups: Vec<Group>,
    pub total: FigureRow,
    /// Of the amounts of what was sold, by group.
    pub sold: Withheld,
    /// Of the amounts of what was settled.
    pub settled: Withheld,
}

/// The file's text.
pub fn render(sheet: &Sheet, ctx: &Ctx) -> anyhow::Result<String> {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record([
        o.col_key,
        sheet.grouping.column(ctx),
        o.col_households,
        o.col_uplift_fen,
        o.col_income_yuan,
        o.col_gmv_yuan,
        o.col_coverage_percent,
        o.col_note,
    ])?;
    let rows = sheet.groups.iter().zip(sheet.sold.groups.iter().zip(&sheet.settled.groups));
    for (group, (&sold, &settled)) in rows {
        let label = if group.key.is_some() { group.label.as_str() } else { c.nobody };
        write_row(&mut writer, (group.key.as_deref().unwrap_or_default(), label), group, (sold, settled), ctx)?;
    }
    let t = &sheet.total;
    let total = Group {
        key: None,
        label: String::new(),
        gmv_fen: t.gmv_fen,
        income_fen: t.farmer_income_fen,
        uplift_fen: t.uplift_fen,
        households: t.households,
        coverage_bp: t.baseline_coverage_bp,
    };
    write_row(&mut writer, ("", c.total), &total, (sheet.sold.total, sheet.settled.total), ctx)?;
    writer.write_record([""])?;
    let day = |day: Option<crate::domain::calendar::Day>| day.map_or_else(|| c.none.to_owned(), |d| d.to_string());
    for (what, says) in [
        (o.filter_place, sheet.place.clone()),
        (o.filter_from, day(sheet.range.from)),
        (o.filter_to, day(sheet.range.to)),
        (o.filter_basis, o.basis_settled.to_owned()),
    ] {
        writer.write_record([plain(what).as_ref(), plain(&says).as_ref()])?;
    }
    let mut notes = vec![as_of(sheet.as_of, ctx), o.by_scope.to_owned(), o.withheld_rule.to_owned()];
    notes.extend(ctx.demo.then(|| c.demo.to_owned()));
    for note in notes {
        writer.write_record([plain(&note).as_ref()])?;
    }
    Ok(format!("{MARK}{}", String::from_utf8(writer.into_inner()?)?))
}

fn write_row(
    writer: &mut csv::Writer<Vec<u8>>,
    (key, label): (&str, &str),
    group: &Group,
    (sold, settled): (bool, bool),
    ctx: &Ctx,
) -> anyhow::Result<()> {
    let shown = |held: bool, text: String| if held { String::new() } else { text };
    let counted = !settled && group.households > 0;
    Ok(writer.write_record([
        plain(key).into_owned(),
        plain(label).into_owned(),
        shown(!counted, group.households.to_string()),
        shown(settled, money::yuan(group.uplift_fen)),
        shown(settled, money::yuan(group.income_fen)),
        shown(sold, money::yuan(group.gmv_fen)),
        shown(settled, format!("{}.{:02}", group.coverage_bp / 100, group.coverage_bp % 100)),
        if sold || settled { ctx.words.official.withheld.to_owned() } else { String::new() },
    ])?)
}

/// `GET /official/tables/{file}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let grouping = file.strip_suffix(".csv").and_then(Grouping::parse).filter(|g| g.has_file());
    let grouping = grouping.ok_or(WebError::NotFound)?;
    let (range, scope, actor) = (Range::parse(&asked)?, visit.scope()?, visit.actor()?);
    let region = scope.region();
    let taken = Taken { grouping: grouping.key(), region, from: range.from, to: range.to };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, &range.link(&format!("/official/by/{}", grouping.key())), &visit.ctx);
    }
    let write = async {
        let session = &mut app.store.read(scope).await?;
        render(&load(session, &visit, grouping, range).await?, &visit.ctx)
    };
    let text = write.await?;
    // nothing a person typed is in the name
    let name = format!("red-anchor-{region}-{}-{}.csv", grouping.key(), app.clock.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}

async fn load(session: &mut Session, visit: &Visit, grouping: Grouping, range: Range) -> anyhow::Result<Sheet> {
    let region = session.scope().region();
    // the households are read once for each grouping: those that are counted, and those that stand behind an amount
    let behind = load::behind(session, grouping.stored(), range, region, Counted::Everything).await?;
    let whole = load::behind_all(session, range, region, Counted::Everything).await?;
    let mut groups = load::groups(session, (grouping, false), range, region, &visit.ctx).await?;
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
    let [income, valued, unvalued] = Behind::SETTLED.map(held);
    Ok(Sheet {
        grouping,
        place: visit.ctx.reader.clone(),
        range,
        as_of,
        sold: held(|b| b.sold),
        settled: income.or(&valued).or(&unvalued),
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

/// The link to a grouping's file, with what it leaves out.
pub fn link(grouping: Grouping, range: Range, ctx: &Ctx) -> maud::Markup {
    let o = &ctx.words.official;
    let href = range.link(&format!("/official/tables/{}.csv", grouping.key()));
    let join = if href.contains('?') { '&' } else { '?' };
    maud::html! {
        p.quiet {
            a href={ (href) (join) "lang=" (ctx.lang.key()) } download { (o.download_table) } " · "
            (fill(o.download_note, &[&exports::MOST_AN_HOUR.to_string()]))
        }
    }
}

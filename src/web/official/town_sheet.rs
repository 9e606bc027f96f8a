//! A town's locked months as a PDF, from the county's stored reports: the months of the range that the page shows, or the
//! last twelve. Told in the audit trail and counted as every file that leaves.

use super::load;
use super::range::{Asked, Range};
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key, next_month};
use crate::domain::disclosure::{is_small, withhold};
use crate::domain::problem::{Problem, Refusal};
use crate::domain::regions::RegionCode;
use crate::reports::town::{TownSheet, paper};
use crate::services::exports;
use crate::services::month_reports::standing;
use crate::store::{Session, figures, ledger, openings};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::months::paper::pdf;
use crate::web::names::Names;
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// Months where no range is asked for, and at most.
const MONTHS: usize = 12;
const MOST_MONTHS: usize = 36;
/// Digits of a town's code.
const TOWN: usize = 9;

/// Where the sheet of a town is; `None` for what is no town.
pub fn address(code: &str, range: Range, ctx: &Ctx) -> Option<String> {
    let town = RegionCode::parse(code).filter(|region| region.digits() == TOWN)?;
    Some(range.link(&format!("/official/regions/{town}/sheet.pdf?lang={}", ctx.lang.key())))
}

/// What is on the sheet.
struct Sheet {
    name: String,
    stored: Vec<(String, String)>,
    open: Vec<String>,
    households: Option<i64>,
    categories: Vec<(String, Option<i64>)>,
    last: Day,
    first: Day,
}

/// `GET /official/regions/{code}/sheet.pdf`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (scope, actor, lang) = (visit.scope()?, visit.actor()?, visit.ctx.lang);
    let town = load::within(scope, &code).filter(|town| town.digits() == TOWN).ok_or(WebError::NotFound)?;
    let range = Range::parse(&asked)?;
    // a town's official is no reader of the county's reports; of these only the town's own part is read
    let load = async { load(&mut app.store.read(Scope::County(scope.county())).await?, town, range).await };
    let page = range.link(&format!("/official/regions/{town}"));
    let Some(sheet) = load.await? else {
        return refused(Problem::Refused(Refusal::NoLockedMonth).into(), &page, &visit.ctx);
    };
    let change = Change::new(Verb::Export, Noun::Figures, format!("town {town}"))
        .after(Field::From, sheet.first)
        .after(Field::To, next_month(sheet.last).pred_opt().unwrap_or(sheet.last));
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, &page, &visit.ctx);
    }
    let of = TownSheet {
        code: &code,
        name: &sheet.name,
        stored: &sheet.stored,
        open: &sheet.open,
        households: sheet.households,
        categories: &sheet.categories,
    };
    let paper = paper(&of, lang)?;
    Ok(pdf(&format!("red-anchor-town-{town}.pdf"), app.press.make(paper).await?))
}

/// `None` where no month of the range is locked.
async fn load(session: &mut Session, town: RegionCode, range: Range) -> anyhow::Result<Option<Sheet>> {
    let names = Names::of_regions(session).await?;
    let code = town.to_string();
    if !names.0.contains_key(&code) {
        return Ok(None);
    }
    let locked = ledger::list_locked_months(session).await?;
    let mut months = range.touched(&locked);
    months.sort_unstable();
    let most = if range.is_whole() { MONTHS } else { MOST_MONTHS };
    months.drain(..months.len().saturating_sub(most));
    let (Some(&first), Some(&last)) = (months.first(), months.last()) else { return Ok(None) };
    let standing = standing(session, &months).await?;
    let mut open = openings::list_opened_months(session).await?;
    open.retain(|month| (first..=last).contains(month) && !locked.contains(month));
    open.sort_unstable();
    let open = open.into_iter().map(month_key).collect();
    if standing.is_empty() {
        return Ok(None);
    }
    let counted =
        figures::count_by_category(session, town, &standing.iter().map(|of| of.head.month).collect::<Vec<Day>>())
            .await?;
    let (households, categories) = held_back(counted);
    let stored = standing.into_iter().map(|of| (of.document, of.head.sha256)).collect();
    Ok(Some(Sheet { name: names.of(&code), stored, open, households, categories, first, last }))
}

/// Households and categories less what is of few households or would tell it by subtraction.
fn held_back(counted: Vec<(String, i64)>) -> (Option<i64>, Vec<(String, Option<i64>)>) {
    let counts: Vec<i64> = counted.iter().map(|(_, households)| *households).collect();
    let total: i64 = counts.iter().sum();
    let withheld = withhold(&counts, total);
    let told = (!withheld.total && !is_small(total)).then_some(total);
    let rows = counted.into_iter().zip(withheld.groups);
    let rows = rows.map(|((key, households), held)| (key, (!held).then_some(households)));
    (told, rows.chain([("all".to_owned(), told)]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(counts: &[i64]) -> (Option<i64>, Vec<Option<i64>>) {
        let (total, rows) = held_back(counts.iter().map(|&n| (String::new(), n)).collect());
        (total, rows.into_iter().map(|(_, n)| n).collect())
    }

    #[test]
    fn a_category_of_few_takes_another_with_it_or_the_whole() {
        assert_eq!(told(&[12, 7]), (Some(19), vec![Some(12), Some(7), Some(19)]));
        assert_eq!(told(&[12, 7, 2]), (Some(21), vec![Some(12), None, None, Some(21)]));
        assert_eq!(told(&[3]), (None, vec![None, None]));
        assert_eq!(told(&[]), (Some(0), vec![Some(0)]));
    }
}

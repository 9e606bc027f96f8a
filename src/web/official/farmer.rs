//! A household's figures and its order lines. The household is 陈* with its village, and the look is recorded.

use super::lines::{self, LineRow};
use super::load::{self, Counted};
use super::looks;
use super::range::{Asked, Range};
use super::region::{self, sums};
use crate::domain::calendar::Instant;
use crate::domain::figures::FigureRow;
use crate::domain::regions::RegionCode;
use crate::store::access::Seen;
use crate::store::lines::{Chosen, Lens, PAGE};
use crate::store::{figures, households, lines as store_lines};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub farmer_id: i64,
    /// Family name only.
    pub label: String,
    pub village: String,
    pub trail: Vec<Step>,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub total: FigureRow,
    pub lines: Vec<LineRow>,
    pub lines_total: i64,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/farmers/{}", page.farmer_id);
    let title = fill(o.farmer_title, &[&page.label]);
    let body = html! {
        (trail(&page.trail, &title, ctx))
        (page.range.form(&path, &page.village, o.basis_settled, ctx))
        (sums(&title, &page.total, page.as_of, ctx))
        section.card {
            h2 { (o.lines_title) }
            p.quiet { (lines::note(page.lines_total, ctx)) }
            (lines::table(&page.lines, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
        }
        p.quiet { (o.looked) }
    };
    shell::page(&title, Some(Section::Towns), &screen::only(&body, ctx), ctx)
}

/// `GET /official/farmers/{id}`; the look is recorded before the page is shown.
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(farmer_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let page = load(&app, &visit, farmer_id, Range::parse(&asked)?, asked.page()?).await?.ok_or(WebError::NotFound)?;
    looks::record(&app, visit.reader()?, Seen::Farmer(farmer_id)).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, farmer_id: i64, range: Range, page: i64) -> anyhow::Result<Option<Page>> {
    let Ok(scope) = visit.scope() else { return Ok(None) };
    let session = &mut app.store.read(scope).await?;
    let Some((name, village_code)) = households::find(session, farmer_id).await? else { return Ok(None) };
    let Some(village) = RegionCode::parse(&village_code).filter(|code| code.within(scope.region())) else {
        return Ok(None);
    };
    let mut question = load::question(figures::Grouping::Farmer, range, scope.region(), Counted::Everything);
    question.only = Some(farmer_id);
    let total = load::total(session, &question).await?;
    let (from, to) = question.range.ends();
    let chosen = Chosen { lens: Lens::Farmer, id: farmer_id, from, to };
    let lines_total = store_lines::count_chosen(session, &chosen).await?;
    let lines = store_lines::list_chosen(session, &chosen, page).await?;
    let lines = lines.into_iter().map(LineRow::of).collect::<Result<_, _>>()?;
    let names = Names::of_regions(session).await?;
    let as_of = crate::services::figures::as_of(session).await?;
    let mut trail = region::trail_to(village, range, &names, &visit.ctx);
    let place = names.of(&village_code);
    trail.push(Step { label: place.clone(), href: range.link(&format!("/official/regions/{village}")) });
    Ok(Some(Page {
        farmer_id,
        label: family_name(&name),
        village: place,
        trail,
        range,
        as_of,
        total,
        lines,
        lines_total,
        paging: Paging::of(page, lines_total, PAGE),
    }))
}

//! One grouping in full: all towns, goods, rooms, anchors, months, or a page of streams.

use super::group::{self, Detail, Group, Grouping};
use super::load;
use super::overview::as_of;
use super::range::{Asked, Range};
use super::tables;
use crate::domain::calendar::Instant;
use crate::domain::regions::RegionCode;
use crate::store::lines::PAGE;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub place: String,
    pub region: RegionCode,
    pub range: Range,
    pub as_of: Option<Instant>,
    pub grouping: Grouping,
    pub groups: Vec<Group>,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let path = format!("/official/by/{}", page.grouping.key());
    let title = page.grouping.title(ctx);
    let body = html! {
        (page.range.form(&path, &page.place, o.basis_settled, ctx))
        section.card {
            h1 { (title) }
            p.quiet { (o.by_note) " · " (as_of(page.as_of, ctx)) " · " (o.by_scope) }
            (group::table(page.grouping, &page.groups, Detail::Full, page.range, ctx).render(ctx))
            (pager(page.paging, ctx, |n| page.range.link(&format!("{path}?page={n}"))))
            (tables::links(page.grouping, page.region, page.range, ctx))
        }
    };
    shell::page(title, section(page.grouping), &screen::only(&body, ctx), ctx)
}

const fn section(grouping: Grouping) -> Option<Section> {
    match grouping {
        Grouping::Town => Some(Section::Towns),
        Grouping::Product => Some(Section::Products),
        Grouping::Room => Some(Section::Rooms),
        Grouping::Anchor => Some(Section::Anchors),
        Grouping::Stream => Some(Section::Streams),
        Grouping::Month => Some(Section::Months),
        Grouping::Village | Grouping::Farmer => None,
    }
}

/// `GET /official/by/{grouping}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let grouping = Grouping::parse(&key).ok_or(WebError::NotFound)?;
    let (range, page) = (Range::parse(&asked)?, asked.page()?);
    let page = load(&app, &visit, grouping, range, page).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, grouping: Grouping, range: Range, page: i64) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let counted = grouping.counts_households(Detail::Full);
        let mut groups = load::groups(session, (grouping, counted), range, scope.region(), &visit.ctx).await?;
        let paging = Paging::of(page, i64::try_from(groups.len())?, PAGE);
        let skipped = usize::try_from((page - 1) * PAGE)?;
        groups = groups.into_iter().skip(skipped).take(usize::try_from(PAGE)?).collect();
        load::name_page(session, grouping, &mut groups).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let (place, region) = (visit.ctx.reader.clone(), scope.region());
        Ok::<_, anyhow::Error>(Page { place, region, range, as_of, grouping, groups, paging })
    };
    Ok(load.await?)
}

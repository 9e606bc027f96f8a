//! Shops: on which platform, whose, and up to when their figures are complete.

use crate::domain::calendar::until_text;
use crate::store::goods::{self, Shop};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::platform;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::State;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub shops: Vec<Shop>,
    /// Records that could not be understood, kept for a person.
    pub set_aside: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let columns = [(b.col_shop, Align::Text), (b.col_platform, Align::Text), (b.col_known_to, Align::Whole)];
    let mut table = Table::new(b.shops_title, b.shops_none, &columns);
    for shop in &page.shops {
        let known_to = shop.known_to_at.map_or_else(|| Cell::Warn(b.never.into()), |at| until_text(at).into());
        table.rows.push(vec![shop.name.as_str().into(), platform(&shop.platform, ctx).into(), known_to]);
    }
    let body = html! {
        section.card {
            h1 { (b.shops_title) }
            @if page.set_aside > 0 { p.warn { (fill(b.set_aside, &[&page.set_aside.to_string()])) } }
            (table.render(ctx))
        }
    };
    shell::page(b.shops_title, Some(Section::Shops), &body, ctx)
}

/// `GET /branch/shops`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let shops = goods::list_shops(session).await?;
        Ok::<_, anyhow::Error>(Page { shops, set_aside: goods::count_set_aside(session).await? })
    };
    Ok(render(&load.await?, &visit.ctx))
}

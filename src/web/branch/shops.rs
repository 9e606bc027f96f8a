//! Shops: on which platform, whose, how they are reached, and up to when their figures are complete.

use super::tables::{self, Kind};
use crate::domain::calendar::{Instant, clock_text, until_text};
use crate::services::connection;
use crate::services::secrets::{self, Held};
use crate::store::goods::{self, Operator, Shop};
use crate::store::{pauses, quarantine};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::platform;
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::State;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub shops: Vec<Row>,
    /// Shops can be added by this reader.
    pub may_add: bool,
    pub now: Instant,
}

/// A shop in the list.
#[derive(Debug, Clone)]
pub struct Row {
    pub shop: Shop,
    /// '' where none is named.
    pub operator: String,
    pub held: Option<Held>,
    pub paused: bool,
    pub set_aside: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.sources);
    let columns = [
        (b.col_shop, Align::Text),
        (b.col_platform, Align::Text),
        (s.col_operator, Align::Text),
        (s.col_keys, Align::Whole),
        (b.col_known_to, Align::Whole),
        (s.col_set_aside, Align::Number),
    ];
    let mut table = Table::new(b.shops_title, s.shops_nothing, &columns);
    for row in &page.shops {
        let shop = &row.shop;
        let known_to = shop.known_to_at.map_or_else(|| Cell::Warn(b.never.into()), |at| until_text(at).into());
        let operator =
            if row.operator.is_empty() { Cell::Warn(s.operator_none.into()) } else { row.operator.as_str().into() };
        table.rows.push(vec![
            Cell::Link(shop.name.clone(), format!("/branch/shops/{}", shop.shop_id)),
            platform(&shop.platform, ctx).into(),
            operator,
            if row.paused { Cell::Warn(s.paused.into()) } else { standing(shop, row.held.as_ref(), page.now, ctx) },
            known_to,
            if row.set_aside > 0 { Cell::Warn(grouped(row.set_aside)) } else { grouped(0).into() },
        ]);
    }
    let body = html! {
        section.card {
            h1 { (b.shops_title) }
            @if page.may_add { p { a.button href="/branch/shops/new" { (s.shop_add) } } }
            (table.render(ctx))
            (tables::links(&[Kind::Shops, Kind::Pulls], ctx))
            p { a href="/branch/files/log" { (s.log_title) } }
        }
    };
    shell::page(b.shops_title, Some(Section::Shops), &body, ctx)
}

/// How a shop is reached, and whether it can be.
pub fn standing(shop: &Shop, held: Option<&Held>, now: Instant, ctx: &Ctx) -> Cell {
    let s = &ctx.words.sources;
    let Some(held) = held else {
        return if connection::needs(&shop.platform).is_some() { s.keys_none } else { s.keys_files_only }.into();
    };
    match (held.opens, held.token_ends) {
        (None, _) => Cell::Warn(s.keys_locked.into()),
        (Some(false), _) => Cell::Warn(s.keys_broken.into()),
        (Some(true), None) => s.keys_stored.into(),
        (Some(true), Some((_, renewable))) if renewable <= now => Cell::Warn(s.token_over.into()),
        (Some(true), Some((_, renewable))) => Cell::Tag(fill(s.token_until, &[&clock_text(renewable)])),
    }
}

/// The name of an operator, '' for none.
pub fn operator_name(operators: &[Operator], operator_id: i64) -> String {
    operators.iter().find(|o| o.operator_id == operator_id).map(|o| o.name.clone()).unwrap_or_default()
}

/// `GET /branch/shops`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let operators = goods::list_operators(session).await?;
        let held = secrets::held(session, app.keyring.as_ref()).await?;
        let paused = pauses::list(session).await?;
        let set_aside = quarantine::count_by_shop(session).await?;
        let shops = goods::list_shops(session).await?.into_iter().map(|shop| {
            let id = shop.shop_id;
            Row {
                operator: operator_name(&operators, shop.operator_id),
                held: held.iter().find(|held| held.shop_id == id).cloned(),
                paused: paused.iter().any(|pause| pause.shop_id == id),
                set_aside: set_aside.iter().find(|(shop_id, _)| *shop_id == id).map_or(0, |(_, count)| *count),
                shop,
            }
        });
        let may_add = visit.ctx.role == Some(crate::domain::access::Role::BranchAdmin);
        Ok::<_, anyhow::Error>(Page { shops: shops.collect(), may_add, now: app.clock.now() })
    };
    Ok(render(&load.await?, &visit.ctx))
}

//! The lots as a file for a spreadsheet: weights, no money; counted and told in the trail as every table that leaves.
//!
//! Of a lot of fewer than five households it says no weight: with a known price a weight is an amount.

use super::lots::{self as lots_page, state};
use crate::domain::disclosure::LEAST_HOUSEHOLDS;
use crate::services::exports::{self, Taken};
use crate::store::goods::{self, Product};
use crate::store::lots::{self, LotSums};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::{Cell, Format, Sheet};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

/// Lots of one file, the last taken in first.
const MOST: i64 = 5_000;

/// Which file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    format: String,
}

/// `GET /branch/lots/table?format=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
    Query(list): Query<lots_page::Asked>,
) -> Result<Response, WebError> {
    let format = Format::ALL.into_iter().find(|f| f.key() == asked.format).unwrap_or(Format::Xlsx);
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let taken = Taken { grouping: "lots", region: scope.region(), from: None, to: None };
    if let Err(error) = exports::take(&app.store, scope.county(), &actor, &app.clock, taken).await {
        return refused(error, "/branch/lots", &visit.ctx);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let products = goods::list_products(session).await?;
        let chosen = list.chosen(&products, &visit.ctx);
        Ok::<_, anyhow::Error>((lots::list_page(session, &lots_page::sought(&chosen)?, 1, MOST).await?, products))
    };
    let (lots, products) = load.await?;
    let name = format!("red-anchor-lots-{}", app.clock.today());
    Ok(sheet(&lots, &products, app.clock.now(), &visit.ctx).answer(&name, format)?)
}

fn sheet(lots: &[LotSums], products: &[Product], at: crate::domain::calendar::Instant, ctx: &Ctx) -> Sheet {
    let l = &ctx.words.lots;
    let head = [
        l.col_lot,
        l.col_product,
        l.col_day,
        l.col_households,
        l.col_weight,
        l.col_sold,
        l.col_left,
        l.col_lost,
        l.col_state,
    ];
    let rows = lots.iter().map(|lot| {
        let product = products.iter().find(|p| p.product_id == lot.product_id);
        let left = if lot.closed_on.is_some() { lot.left_g } else { lot.weight_g - lot.drawn_g };
        let is_few = lot.households < LEAST_HOUSEHOLDS;
        let weight = |grams: i64| if is_few { Cell::Blank } else { Cell::Kilograms(grams) };
        vec![
            Cell::Text(lot.lot_key.clone()),
            Cell::Text(product.map_or("", |p| ctx.name(&p.name, &p.name_en)).to_owned()),
            Cell::Text(lot.intake_on.to_string()),
            if is_few { Cell::Text(format!("<{LEAST_HOUSEHOLDS}")) } else { Cell::Count(lot.households) },
            weight(lot.weight_g),
            weight(lot.drawn_g),
            weight(left),
            weight(lot.lost_g),
            Cell::Text(state(lot.closed_on, ctx)),
        ]
    });
    let notes = if ctx.demo { vec![vec![ctx.words.frame.demo.to_owned()]] } else { Vec::new() };
    Sheet { name: l.nav, head: head.map(str::to_owned).into(), rows: rows.collect(), notes, at }
}

//! Tables of goods: products, listings, the price book, and what is sold without either.
//!
//! Prices are what goods cost and no household's money; how much of them was sold at it stands in none of these files.

use super::{Columns, READ, day, text};
use crate::domain::attribution::Rule;
use crate::domain::calendar::{Day, clock_text};
use crate::services::listings::{in_force, list_on};
use crate::services::shelf_check::Shelf;
use crate::store::goods::{self as stored, TermsRow};
use crate::store::{Session, lines, prices as stored_prices};
use crate::web::branch::goods::{self as page, state_word};
use crate::web::branch::unmatched as unmatched_page;
use crate::web::context::Ctx;
use crate::web::names::Names;
use crate::web::spreadsheet::Cell;
use chrono::TimeDelta;

/// What is grown.
pub(super) async fn products(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let g = &ctx.words.goods;
    let mut products = stored::list_products(session).await?;
    products.sort_by(|a, b| a.product_key.cmp(&b.product_key));
    let rows = products.into_iter().map(|p| [text(p.product_key.as_str()), text(ctx.name(&p.name, &p.name_en))]);
    Ok(Columns::new([g.col_key, g.col_goods], rows))
}

/// What is sold of it, with the terms in force.
pub(super) async fn listings(
    session: &mut Session,
    today: Day,
    asked: &page::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let g = &ctx.words.goods;
    let head = [g.col_key, g.col_listing, g.col_goods, g.col_state, g.col_price, g.col_pack, g.col_model];
    let products = stored::list_products(session).await?;
    let terms = stored::list_terms(session, today).await?;
    let shelf = Shelf::load(session, today).await?;
    let listings = page::choose(list_on(session, today).await?, &shelf, &asked.chosen(&products, ctx))?;
    let rows = listings.into_iter().map(|listing| {
        let own: Vec<TermsRow> = terms.iter().filter(|t| t.listing_id == listing.listing_id).cloned().collect();
        let now = in_force(&own, today);
        let product = products.iter().find(|p| p.product_id == listing.product_id);
        [
            text(listing.listing_key),
            text(listing.name),
            text(product.map_or("", |p| ctx.name(&p.name, &p.name_en))),
            text(state_word(shelf.state(listing.listing_id), ctx)),
            Cell::Yuan(listing.price_fen),
            now.map_or(Cell::Blank, |t| Cell::Count(t.pack_g)),
            text(now.map_or("", |t| g.model(&t.model))),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Days of the price book that go into a file.
const PRICE_DAYS: i64 = 1_500;

/// The branch's prices that are in force, the last first; yuan a kilogram.
pub(super) async fn prices(session: &mut Session, today: Day, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (g, p) = (&ctx.words.goods, &ctx.words.price_book);
    let head = [
        g.col_goods,
        p.col_region,
        p.col_from,
        p.col_to,
        p.col_low,
        p.col_mid,
        p.col_high,
        p.col_salvage,
        p.col_source,
        p.col_entered,
        p.col_approved,
    ];
    let names = Names::of_regions(session).await?;
    let products = stored::list_products(session).await?;
    let span = TimeDelta::days(PRICE_DAYS);
    let mut rows = stored_prices::list_baselines(session, today - span, today + span).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.valid_from, row.baseline_id)));
    let rows = rows.into_iter().map(|row| {
        let product = products.iter().find(|product| product.product_id == row.product_id);
        [
            text(product.map_or("", |p| ctx.name(&p.name, &p.name_en))),
            text(names.of(&row.region_code)),
            day(Some(row.valid_from)),
            day(Some(row.valid_to)),
            Cell::Yuan(row.low_fen_per_kg),
            Cell::Yuan(row.mid_fen_per_kg),
            Cell::Yuan(row.high_fen_per_kg),
            row.salvage_fen_per_kg.map_or(Cell::Blank, Cell::Yuan),
            text(row.source),
            text(row.entered_by),
            text(row.approved_by),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Lines without goods by SKU, and lines whose stream waits for a person; no money.
pub(super) async fn unmatched(
    session: &mut Session,
    asked: &unmatched_page::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let (b, t) = (&ctx.words.branch, &ctx.words.tables);
    let head = [t.col_cause, b.col_shop_name, b.col_title, b.col_product_no, b.col_line, b.col_lines, b.col_last];
    let shops = stored::list_shops(session).await?;
    let chosen = asked.chosen(&shops, ctx);
    let [cause, shop, _] = chosen.choices.as_slice() else { anyhow::bail!("three choices") };
    let (shop_id, has) = (shop.id(), |key: &str| cause.value().is_empty() || cause.value() == key);
    let most = if has(unmatched_page::LISTING) { READ } else { 0 };
    let unlisted = lines::list_unlisted(session, shop_id, most, 0).await?.into_iter().map(|row| {
        [
            text(b.cause_listing),
            text(row.shop),
            text(row.title),
            text(format!("{} {}", row.product_no, row.sku_no).trim()),
            Cell::Blank,
            Cell::Count(row.lines),
            day(row.last_on),
        ]
    });
    let mut rows: Vec<[Cell; 7]> = unlisted.collect();
    for (rule, cause) in [(Rule::Ambiguous, b.cause_two), (Rule::Shelf, b.cause_shelf)] {
        if !has(rule.key()) {
            continue;
        }
        let sought = lines::Sought { rule: rule.key(), shop_id, oldest_first: asked.is_oldest_first() };
        rows.extend(lines::list_undecided(session, sought, READ, 0).await?.into_iter().map(|row| {
            let shop = shops.iter().find(|shop| shop.shop_id == row.shop_id);
            [
                text(cause),
                text(shop.map_or("", |shop| &shop.name)),
                text(row.title),
                Cell::Blank,
                text(row.line_no),
                Cell::Count(1),
                row.paid_at.map_or(Cell::Blank, |at| text(clock_text(at))),
            ]
        }));
    }
    Ok(Columns::new(head, rows))
}

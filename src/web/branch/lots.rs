//! 供货批次: all lots, what waits for goods, which listings are supplied from lots.

use crate::domain::calendar::Day;
use crate::domain::ledger::book::{Known, pick};
use crate::services::exports::MOST_AN_HOUR;
use crate::services::lots as service;
use crate::services::mapping::Listings;
use crate::store::Session;
use crate::store::goods::{self, Product};
use crate::store::lots::{self, LotSums, Sought, draws};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::Format;
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{grouped, kilograms};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/branch/lots";
/// Lots of a page.
const SIZE: i64 = 50;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub lots: Vec<LotSums>,
    pub products: Vec<Product>,
    pub shortages: Vec<Waiting>,
    /// Listings whose goods come from lots today or later, each with the first day.
    pub supplied: Vec<(String, Day)>,
    /// Key and name of the listings that do not.
    pub listings: Vec<(String, String)>,
    pub chosen: Chosen,
    pub paging: Paging,
    pub may_change: bool,
}

/// Paid lines of a listing for which no goods are left.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub listing: String,
    pub lines: i64,
    pub missing_g: i64,
    pub since: Day,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    let body = html! {
        section.card {
            h1 { (l.title) }
            p.quiet { (l.note) }
            div.actions {
                @if page.may_change { a.button.primary href="/branch/lots/new" { (l.weigh_button) } }
                a.button href="/branch/lots/paper" { (l.paper_button) }
            }
        }
        @if !page.shortages.is_empty() {
            section.card {
                h2.warn { (l.short_title) }
                p.quiet { (l.short_note) }
                ul.todo { @for waiting in &page.shortages { li { (shortage(waiting, ctx)) } } }
            }
        }
        section.card {
            (page.chosen.render(ctx))
            (table(page, ctx).render(ctx))
            (pager(page.paging, ctx, |number| page.chosen.address(number)))
            p.quiet {
                (ctx.words.streams.download) " "
                @for format in Format::ALL {
                    @let chosen = page.chosen.query();
                    a href={ (PATH) "/table?format=" (format.key()) @if !chosen.is_empty() { "&" (chosen) } } download { (format.key().to_uppercase()) } " · "
                }
                (fill(ctx.words.streams.download_note, &[&MOST_AN_HOUR.to_string()]))
            }
        }
        section.card {
            h2 { (l.supply_title) }
            p.quiet { (l.supply_note) }
            @if page.supplied.is_empty() { p.empty { (l.supply_none) } }
            ul.todo { @for (listing, from) in &page.supplied {
                li { (fill(l.supply_since, &[listing, &from.to_string()])) }
            } }
            @if page.may_change && !page.listings.is_empty() {
                form.stacked method="post" action={ (PATH) "/supply" } {
                    @let options: Vec<(&str, &str)> = page.listings.iter().map(|(k, n)| (k.as_str(), n.as_str())).collect();
                    (form::select("listing", l.supply_listing, &options))
                    (form::field(&Field::day("from", l.supply_from)))
                    button type="submit" { (l.supply_button) }
                }
            }
        }
    };
    shell::page(l.title, Some(Section::Lots), &body, ctx)
}

fn shortage(waiting: &Waiting, ctx: &Ctx) -> Markup {
    let numbers = [grouped(waiting.lines), kilograms(waiting.missing_g), waiting.since.to_string()];
    let values = [waiting.listing.as_str(), &numbers[0], &numbers[1], &numbers[2]];
    html! { span.warn { (fill(ctx.words.lots.short_row, &values)) } }
}

fn table(page: &Page, ctx: &Ctx) -> Table {
    let l = &ctx.words.lots;
    let columns = [
        (l.col_lot, Align::Whole),
        (l.col_product, Align::Text),
        (l.col_day, Align::Whole),
        (l.col_households, Align::Number),
        (l.col_weight, Align::Number),
        (l.col_sold, Align::Number),
        (l.col_left, Align::Number),
        (l.col_lost, Align::Number),
        (l.col_state, Align::Whole),
    ];
    let none = if page.chosen.is_whole() { l.none } else { ctx.words.lists.none_do };
    let mut table = Table::new(l.title, none, &columns);
    for lot in &page.lots {
        let product = page.products.iter().find(|p| p.product_id == lot.product_id);
        let left = if lot.closed_on.is_some() { lot.left_g } else { lot.weight_g - lot.drawn_g };
        table.rows.push(vec![
            Cell::Link(lot.lot_key.clone(), format!("{PATH}/{}", lot.lot_id)),
            product.map_or("", |p| ctx.name(&p.name, &p.name_en)).into(),
            lot.intake_on.to_string().into(),
            grouped(lot.households).into(),
            kilograms(lot.weight_g).into(),
            kilograms(lot.drawn_g).into(),
            kilograms(left).into(),
            kilograms(lot.lost_g).into(),
            state(lot.closed_on, ctx).into(),
        ]);
    }
    table
}

/// Whether a lot still sells.
pub fn state(closed_on: Option<Day>, ctx: &Ctx) -> String {
    let l = &ctx.words.lots;
    closed_on.map_or_else(|| l.open.to_owned(), |on| fill(l.closed, &[&on.to_string()]))
}

/// What of the list, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    product: String,
    state: String,
    sort: String,
    page: i64,
}

impl Asked {
    pub fn chosen(&self, products: &[Product], ctx: &Ctx) -> Chosen {
        let (l, k) = (&ctx.words.lots, &ctx.words.lists);
        let named = |p: &Product| (p.product_id.to_string(), ctx.name(&p.name, &p.name_en).to_owned());
        let states = vec![("open".into(), l.open.to_owned()), ("closed".into(), k.closed.to_owned())];
        let choices = vec![
            Choice::new("product", l.col_product, products.iter().map(named).collect(), &self.product),
            Choice::new("state", l.col_state, states, &self.state),
            Choice::new("sort", k.order, vec![("oldest".into(), k.oldest.to_owned())], &self.sort),
        ];
        Chosen { path: PATH, choices }
    }
}

/// `GET /branch/lots`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let today = app.clock.today();
    let may_change = visit.reader()?.role.may_change();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        load(session, &asked, today, may_change, &visit.ctx).await
    };
    Ok(render(&load.await?, &visit.ctx))
}

async fn load(session: &mut Session, asked: &Asked, today: Day, may_change: bool, ctx: &Ctx) -> anyhow::Result<Page> {
    let named = Listings::load(session).await?;
    let known = goods::list_listings(session).await?;
    let supply = draws::list_supply(session).await?;
    let name = |id: i64| {
        let key = known.iter().find(|l| l.listing_id == id).map_or("", |l| l.listing_key.as_str());
        named.all().find(|(named, _)| *named == key).map_or_else(String::new, |(_, name)| name.to_owned())
    };
    let shortages = lots::list_shortages(session)
        .await?
        .into_iter()
        .map(|(listing_id, lines, missing_g, since)| Waiting { listing: name(listing_id), lines, missing_g, since });
    // the first day of a listing's lots that counts today or will
    let since = |id: i64| {
        let versions = supply.get(&id)?;
        let now = pick(versions, today, Known::Newest).filter(|v| v.value).map(|v| v.valid_from);
        now.or_else(|| versions.iter().filter(|v| v.value && v.valid_from > today).map(|v| v.valid_from).min())
    };
    let mut supplied = Vec::new();
    let mut listings = Vec::new();
    for row in &known {
        match since(row.listing_id) {
            Some(from) => supplied.push((name(row.listing_id), from)),
            None => listings.push((row.listing_key.clone(), name(row.listing_id))),
        }
    }
    supplied.sort();
    listings.sort();
    let products = goods::list_products(session).await?;
    let (chosen, page) = (asked.chosen(&products, ctx), Paging::asked(asked.page));
    let sought = sought(&chosen)?;
    let (rows, total) = (lots::list_page(session, &sought, page, SIZE).await?, lots::count(session, &sought).await?);
    Ok(Page {
        shortages: shortages.collect(),
        supplied,
        listings,
        lots: rows,
        products,
        paging: Paging::of(page, total, SIZE),
        chosen,
        may_change,
    })
}

/// The question to the store.
pub fn sought(chosen: &Chosen) -> anyhow::Result<Sought<'_>> {
    let [product, state, sort] = chosen.choices.as_slice() else { anyhow::bail!("three choices") };
    Ok(Sought { product_id: product.id(), state: state.value(), oldest_first: sort.value() == "oldest" })
}

/// A listing and a day.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Supplied {
    listing: String,
    from: String,
}

/// `POST /branch/lots/supply`
pub async fn supply(
    State(app): State<AppState>,
    visit: Visit,
    Form(chosen): Form<Supplied>,
) -> Result<Response, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let desk = app.desk(&visit, &actor)?;
    let work = async {
        let from = form::typed_day(&chosen.from)?;
        let listings = goods::list_listings(&mut app.store.read(scope).await?).await?;
        match listings.iter().find(|l| l.listing_key == chosen.listing) {
            Some(listing) => service::supply_from(&desk, listing.listing_id, from).await,
            None => Ok(false),
        }
    };
    match Box::pin(work).await {
        Ok(true) => Ok(Redirect::to(PATH).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

//! 货品商品: what is grown, what is sold of it, what waits for another person, and which papers end soon.
//!
//! Rule that must hold: whether a listing may be sold live today is the answer of `services::shelf_check`, the same that
//! publishing and planning get.

use super::tables::{self, Kind};
use super::{proposal, stock};
use crate::domain::calendar::{Day, clock_text};
use crate::domain::lang::Lang;
use crate::domain::listings::is_in_season;
use crate::domain::shelf::{Paper, Rule, State as Standing};
use crate::domain::stock::Shelves;
use crate::services::listings::{in_force, list_on};
use crate::services::shelf_check::Shelf;
use crate::services::stock::on_shelves;
use crate::store::goods::{self, Listing, Product, TermsRow};
use crate::store::listings::{self, Entry};
use crate::store::product_details::{self, Details};
use crate::store::proposals::Proposal;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;

/// Where goods are.
pub const PATH: &str = "/branch/goods";
/// Days before its end that a paper is called to mind.
pub const SOON_DAYS: i64 = 30;
/// Listings of a page.
const SIZE: i64 = 50;

/// What the page shows.
#[derive(Debug)]
pub struct Page {
    pub today: Day,
    pub products: Vec<(Product, Details)>,
    pub listings: Vec<Listing>,
    pub terms: Vec<TermsRow>,
    pub waiting: Vec<Entry>,
    /// What households propose.
    pub proposals: Vec<Proposal>,
    pub shelf: Shelf,
    pub shelves: Shelves,
    pub chosen: Chosen,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let g = &ctx.words.goods;
    let may_change = ctx.role.is_some_and(crate::domain::access::Role::may_change);
    let body = html! {
        section.card {
            h1 { (g.title) }
            p.quiet { (g.note) }
            @if may_change { p.actions {
                a.button href={ (PATH) "/listings/new" } { (g.new_listing) }
                a.button href={ (PATH) "/products/new" } { (g.new_product) }
            } }
        }
        section.card {
            h2 { (g.waiting_title) }
            @if page.waiting.is_empty() { p.empty { (g.waiting_none) } }
            ul.todo { @for entry in &page.waiting { li {
                div {
                    strong { (fill(g.waiting_row, &[&entry.name, &yuan(entry.price_fen), &entry.valid_from.to_string()])) }
                    p.quiet {
                        @if entry.listing_id == 0 { (g.waiting_new) } @else { (g.waiting_terms) }
                        " · " (fill(g.waiting_by, &[&entry.entered_by, &clock_text(entry.entered_at)]))
                    }
                }
                a.button href={ (PATH) "/drafts/" (entry.entry_id) } { (g.look) }
            } } }
        }
        (proposal::waiting(&page.proposals, ctx))
        section.card {
            h2 { (fill(g.expiring_title, &[&SOON_DAYS.to_string()])) }
            (expiring(page, ctx).render(ctx))
        }
        section.card {
            h2 { (g.listings_title) }
            (page.chosen.render(ctx))
            (listing_table(page, ctx).render(ctx))
            (pager(page.paging, ctx, |number| page.chosen.address(number)))
            (tables::links_to(&[Kind::Listings], &page.chosen.query(), ctx))
        }
        section.card {
            h2 { (g.products_title) }
            (product_table(page, ctx).render(ctx))
            (tables::links(&[Kind::Products], ctx))
        }
    };
    shell::page(g.title, Some(Section::Goods), &body, ctx)
}

/// Papers that end soon or have ended, the first to end first; one that another of its kind has followed is left out.
pub fn ending<'a>(papers: &'a [Paper], today: Day) -> Vec<&'a Paper> {
    let until = today + TimeDelta::days(SOON_DAYS);
    let ends_by = |paper: &Paper, day: Day| paper.ends().is_some_and(|end| end <= day);
    let same = |a: &Paper, b: &Paper| (a.product_id, a.listing_id, a.kind) == (b.product_id, b.listing_id, b.kind);
    let followed = |paper: &Paper| papers.iter().any(|other| same(paper, other) && !ends_by(other, until));
    let mut found: Vec<&'a Paper> = papers.iter().filter(|p| ends_by(p, until) && !followed(p)).collect();
    found.sort_by_key(|paper| paper.ends());
    found
}

fn expiring(page: &Page, ctx: &Ctx) -> Table {
    let g = &ctx.words.goods;
    let columns = [
        (g.col_goods, Align::Text),
        (g.col_paper, Align::Text),
        (g.col_number, Align::Whole),
        (g.col_ends, Align::Whole),
        (g.col_state, Align::Whole),
    ];
    let title = fill(g.expiring_title, &[&SOON_DAYS.to_string()]);
    let mut table = Table::new(&title, g.expiring_none, &columns);
    for paper in ending(&page.shelf.papers, page.today) {
        let name = page.products.iter().find(|(p, _)| p.product_id == paper.product_id);
        let name = name.map_or("", |(p, _)| ctx.name(&p.name, &p.name_en));
        table.rows.push(vec![
            Cell::Link(name.to_owned(), product_address(paper.product_id)),
            paper.kind.name(ctx.lang).into(),
            paper.number.as_str().into(),
            paper.ends().map_or_else(String::new, |day| day.to_string()).into(),
            paper_state(paper, page.today, ctx),
        ]);
    }
    table
}

/// Good, about to end, ended or revoked on a day.
pub fn paper_state(paper: &Paper, today: Day, ctx: &Ctx) -> Cell {
    let g = &ctx.words.goods;
    if paper.revoked_on.is_some_and(|day| day <= today) {
        Cell::Warn(g.revoked.into())
    } else if paper.ends().is_some_and(|end| end < today) {
        Cell::Warn(g.expired.into())
    } else if let Some(left) = paper.ends().map(|end| (end - today).num_days()).filter(|&left| left <= SOON_DAYS) {
        Cell::Warn(fill(g.ends_soon, &[&left.to_string()]))
    } else {
        Cell::Tag(g.good.into())
    }
}

fn listing_table(page: &Page, ctx: &Ctx) -> Table {
    let g = &ctx.words.goods;
    let columns = [
        (g.col_listing, Align::Text),
        (g.col_goods, Align::Text),
        (g.col_state, Align::Text),
        (g.col_price, Align::Number),
        (g.col_pack, Align::Number),
        (ctx.words.stock.col_stock, Align::Number),
        (g.col_model, Align::Whole),
        (g.col_shelf, Align::Text),
    ];
    let none = if page.chosen.is_whole() { g.listings_none } else { ctx.words.lists.none_do };
    let mut table = Table::new(g.listings_title, none, &columns);
    for listing in &page.listings {
        let own: Vec<TermsRow> = page.terms.iter().filter(|t| t.listing_id == listing.listing_id).cloned().collect();
        let terms = in_force(&own, page.today);
        let product = page.products.iter().find(|(p, _)| p.product_id == listing.product_id);
        let holds = page.shelf.holds(listing.listing_id);
        let shelf = if holds.is_empty() {
            Cell::Tag(g.shelf_yes.into())
        } else {
            let join = if ctx.lang == Lang::Zh { "；" } else { "; " };
            Cell::Warn(holds.iter().map(|hold| hold.text(ctx.lang)).collect::<Vec<_>>().join(join))
        };
        table.rows.push(vec![
            Cell::Link(listing.name.clone(), listing_address(listing.listing_id)),
            product.map_or("", |(p, _)| ctx.name(&p.name, &p.name_en)).into(),
            state_word(page.shelf.state(listing.listing_id), ctx).into(),
            yuan(listing.price_fen).into(),
            terms.map_or_else(String::new, |t| grouped(t.pack_g)).into(),
            stock::cell(&page.shelves, listing.listing_id, ctx),
            terms.map_or("", |t| g.model(&t.model)).into(),
            shelf,
        ]);
    }
    table
}

/// Where a listing stands, in words.
pub const fn state_word(state: Standing, ctx: &Ctx) -> &'static str {
    let g = &ctx.words.goods;
    match state {
        Standing::Approved => g.state_approved,
        Standing::Published => g.state_published,
        Standing::Withdrawn => g.state_withdrawn,
    }
}

fn product_table(page: &Page, ctx: &Ctx) -> Table {
    let g = &ctx.words.goods;
    let columns = [
        (g.col_goods, Align::Text),
        (g.col_key, Align::Whole),
        (g.col_grades, Align::Text),
        (g.col_season, Align::Whole),
        (g.col_needs, Align::Text),
    ];
    let mut table = Table::new(g.products_title, g.products_none, &columns);
    for (product, details) in &page.products {
        let of = |rule: &&Rule| rule.product_id == product.product_id && rule.holds_on(page.today);
        let mut needs: Vec<_> = page.shelf.rules.iter().filter(of).map(|rule| rule.need).collect();
        needs.sort_unstable();
        needs.dedup();
        let names: Vec<&str> = needs.into_iter().map(|need| need.name(ctx.lang)).collect();
        table.rows.push(vec![
            Cell::Link(ctx.name(&product.name, &product.name_en).to_owned(), product_address(product.product_id)),
            product.product_key.as_str().into(),
            details.grades.lines().collect::<Vec<_>>().join(" · ").into(),
            season(details, page.today, ctx).into(),
            names.join(if ctx.lang == Lang::Zh { "、" } else { ", " }).into(),
        ]);
    }
    table
}

/// When goods are harvested, and whether that is now.
pub fn season(details: &Details, today: Day, ctx: &Ctx) -> String {
    let g = &ctx.words.goods;
    if details.harvest_from.is_empty() {
        return String::new();
    }
    let window = fill(g.season, &[&details.harvest_from, &details.harvest_to]);
    let now = is_in_season(&details.harvest_from, &details.harvest_to, today);
    if now { format!("{window} · {}", g.in_season) } else { window }
}

pub fn product_address(product_id: i64) -> String {
    format!("{PATH}/products/{product_id}")
}

pub fn listing_address(listing_id: i64) -> String {
    format!("{PATH}/listings/{listing_id}")
}

/// What of the listings, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    product: String,
    state: String,
    shelf: String,
    sort: String,
    page: i64,
}

impl Asked {
    pub fn chosen<'a>(&self, products: impl IntoIterator<Item = &'a Product>, ctx: &Ctx) -> Chosen {
        let (g, k) = (&ctx.words.goods, &ctx.words.lists);
        let named = |p: &Product| (p.product_id.to_string(), ctx.name(&p.name, &p.name_en).to_owned());
        let states = [Standing::Approved, Standing::Published, Standing::Withdrawn];
        let states = states.map(|state| (state_key(state).to_owned(), state_word(state, ctx).to_owned()));
        let shelf = [("yes", g.shelf_yes), ("no", k.held_up)].map(|(key, words)| (key.into(), words.into()));
        let orders = [("name", k.by_name), ("cheapest", k.cheapest), ("dearest", k.dearest)];
        let choices = vec![
            Choice::new("product", g.col_goods, products.into_iter().map(named).collect(), &self.product),
            Choice::new("state", g.col_state, states.into(), &self.state),
            Choice::new("shelf", g.col_shelf, shelf.into(), &self.shelf),
            Choice::new("sort", k.order, orders.map(|(key, words)| (key.into(), words.into())).into(), &self.sort),
        ];
        Chosen { path: PATH, choices }
    }
}

/// As it stands in an address.
const fn state_key(state: Standing) -> &'static str {
    match state {
        Standing::Approved => "approved",
        Standing::Published => "published",
        Standing::Withdrawn => "withdrawn",
    }
}

/// The listings that are chosen, in the order that is; by key where none is.
pub fn choose(mut listings: Vec<Listing>, shelf: &Shelf, chosen: &Chosen) -> anyhow::Result<Vec<Listing>> {
    let [product, state, may_go, sort] = chosen.choices.as_slice() else { anyhow::bail!("four choices") };
    listings.retain(|listing| {
        let is_free = shelf.holds(listing.listing_id).is_empty();
        (product.id() == 0 || listing.product_id == product.id())
            && (state.value().is_empty() || state.value() == state_key(shelf.state(listing.listing_id)))
            && (may_go.value().is_empty() || (may_go.value() == "yes") == is_free)
    });
    listings.sort_by(|a, b| {
        let order = match sort.value() {
            "name" => a.name.cmp(&b.name),
            "cheapest" => a.price_fen.cmp(&b.price_fen),
            "dearest" => b.price_fen.cmp(&a.price_fen),
            _ => std::cmp::Ordering::Equal,
        };
        order.then_with(|| a.listing_key.cmp(&b.listing_key))
    });
    Ok(listings)
}

/// `GET /branch/goods`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let (scope, today) = (visit.scope()?, app.clock.today());
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let details = product_details::list(session).await?;
        let of = |p: &Product| details.iter().find(|d| d.product_id == p.product_id).cloned().unwrap_or_default();
        let mut products: Vec<(Product, Details)> =
            goods::list_products(session).await?.into_iter().map(|p| (of(&p), p)).map(|(d, p)| (p, d)).collect();
        products.sort_by(|(a, _), (b, _)| a.product_key.cmp(&b.product_key));
        let shelf = Shelf::load(session, today).await?;
        let chosen = asked.chosen(products.iter().map(|(product, _)| product), &visit.ctx);
        let listings = choose(list_on(session, today).await?, &shelf, &chosen)?;
        let (listings, paging) = Paging::cut(listings, Paging::asked(asked.page), SIZE);
        anyhow::Ok(Page {
            today,
            shelves: on_shelves(session, &shelf.sources, app.clock.now()).await?,
            products,
            listings,
            terms: goods::list_terms(session, today).await?,
            waiting: listings::list_waiting(session).await?,
            proposals: proposal::list_waiting(session).await?,
            shelf,
            chosen,
            paging,
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;
    use crate::domain::shelf::PaperKind;

    #[test]
    fn a_paper_that_another_has_followed_is_not_called_to_mind() {
        let day = |text: &str| parse_day(text).unwrap();
        let paper = |certificate_id, kind, expires: Option<&str>| Paper {
            certificate_id,
            product_id: 1,
            listing_id: 0,
            kind,
            number: "n".into(),
            holder: String::new(),
            issued_on: day("2026-01-01"),
            expires_on: expires.map(day),
            revoked_on: None,
            entered_by: String::new(),
        };
        let papers = [
            paper(1, PaperKind::Sc, Some("2026-03-26")),
            paper(2, PaperKind::Workshop, Some("2026-03-27")),
            paper(3, PaperKind::Origin, Some("2026-01-31")),
            paper(4, PaperKind::Conformity, Some("2026-01-31")),
            paper(5, PaperKind::Conformity, None),
        ];
        let found: Vec<i64> = ending(&papers, day("2026-02-24")).iter().map(|p| p.certificate_id).collect();
        assert_eq!(found, [3, 1], "ended first, thirty days at most, the followed one left out");
    }
}

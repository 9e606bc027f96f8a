//! 待归属: lines without goods or with an undecided stream, grouped by cause, each with what to do.
//! Which listing a SKU is can be confirmed here ([`super::mapping`]), and which stream sold a line ([`super::settle`]).

use super::settle::{self, BACK, Queue};
use super::tables::{self, Kind};
use crate::domain::attribution::Rule;
use crate::services::mapping::{Listings, MOST_SKUS};
use crate::store::goods::{self, Shop};
use crate::store::lines::{self, PAGE, Sought, Unlisted};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::state;
use crate::web::ui::table::{Paging, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// By SKU, most lines first.
    pub unlisted: Vec<Unlisted>,
    /// There are more of them.
    pub unlisted_cut: bool,
    pub listings: Listings,
    /// Two streams match.
    pub ambiguous: Queue,
    /// By shelf and time only.
    pub inferred: Queue,
    pub chosen: Chosen,
    /// Of the one cause that is chosen; of all of them, the first page of each is shown.
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let nothing = page.unlisted.is_empty() && page.ambiguous.lines.is_empty() && page.inferred.lines.is_empty();
    let body = html! {
        h1 { (b.unmatched_title) }
        @if nothing && page.chosen.is_whole() {
            (state::empty(b.unmatched_none, b.today_none))
        } @else {
            p.quiet { (b.unmatched_note) }
            (page.chosen.render(ctx))
            @if nothing { p.empty { (ctx.words.lists.none_do) } }
            @if !page.unlisted.is_empty() {
                section.card { h2 { (b.cause_listing) } p { (b.cause_listing_why) } (unlisted(page, ctx)) }
            }
            (undecided(&page.ambiguous, b.cause_two, b.cause_two_why, ctx))
            (undecided(&page.inferred, b.cause_shelf, b.cause_shelf_why, ctx))
            (pager(page.paging, ctx, |number| page.chosen.address(number)))
            (tables::links_to(&[Kind::Unmatched], &page.chosen.query(), ctx))
        }
    };
    shell::page(b.nav_unmatched, Some(Section::Unmatched), &body, ctx)
}

fn unlisted(page: &Page, ctx: &Ctx) -> Markup {
    let (b, c, s) = (&ctx.words.branch, &ctx.words.frame, &ctx.words.sources);
    let may_change = ctx.may_change();
    let none = page.listings.all().next().is_none();
    let may_choose = may_change && !none;
    html! {
        @if none { p.warn { (s.map_no_listing) } p { a href=(Section::Goods.href()) { (ctx.words.goods.nav) } } }
        div.scroll tabindex="0" role="region" aria-label=(b.cause_listing) { table.as-cards {
            thead { tr {
                th scope="col" { (b.col_shop_name) } th scope="col" { (b.col_title) }
                th scope="col" { (s.map_title) } th scope="col" { (b.col_product_no) }
                th.number scope="col" { (b.col_lines) } th.number scope="col" { (b.col_money) }
                th scope="col" { (b.col_last) }
            } }
            tbody { @for row in &page.unlisted { tr {
                td data-label=(b.col_shop_name) { (row.shop) }
                td data-label=(b.col_title) { (row.title) }
                td data-label=(s.map_title) { @if may_choose { (choice(row, &page.listings, ctx)) } @else { (suggestion(row, &page.listings, ctx)) } }
                td data-label=(b.col_product_no) { @if row.product_no.is_empty() { (c.none) } @else { (row.product_no) " " (row.sku_no) } }
                td.number data-label=(b.col_lines) { (number::grouped(row.lines)) }
                td.number data-label=(b.col_money) { (number::yuan(row.gmv_fen)) }
                td.whole data-label=(b.col_last) { (row.last_on.map_or_else(|| c.none.to_owned(), |day| day.to_string())) }
            } } }
        } }
        @if page.unlisted_cut { p.quiet { (fill(s.map_most, &[&page.unlisted.len().to_string()])) } }
        @if may_choose { (sheet(ctx)) }
    }
}

/// A listing to be confirmed; the one whose name is most alike stands chosen, and nothing is until somebody says so.
fn choice(row: &Unlisted, listings: &Listings, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let suggested = listings.suggested(&row.title);
    html! {
        @if row.product_no.is_empty() {
            (ctx.words.frame.none)
        } @else {
            form.inline method="post" action="/branch/unmatched" {
                input type="hidden" name="shop" value=(row.shop_key);
                input type="hidden" name="product_no" value=(row.product_no);
                input type="hidden" name="sku_no" value=(row.sku_no);
                select name="listing" required aria-label={ (s.map_title) " " (row.title) } {
                    @if suggested.is_none() { option value="" { (s.map_choose) } }
                    @for (key, name) in listings.all() {
                        option value=(key) selected[suggested == Some(key)] {
                            (name) " · " (key) @if suggested == Some(key) { " (" (s.map_suggested) ")" }
                        }
                    }
                }
                button type="submit" { (s.map_button) }
            }
        }
    }
}

fn suggestion(row: &Unlisted, listings: &Listings, ctx: &Ctx) -> Markup {
    let suggested = listings.suggested(&row.title);
    let named = suggested.and_then(|key| listings.all().find(|(known, _)| *known == key));
    html! { @match named {
        None => (ctx.words.frame.none),
        Some((_, name)) => span.quiet { (name) " (" (ctx.words.sources.map_suggested) ")" },
    } }
}

fn sheet(ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        h2 { (s.map_sheet) }
        p.quiet { (fill(s.map_sheet_note, &[&number::grouped(MOST_SKUS)])) }
        p { a.button href="/branch/unmatched/sheet" { (s.map_download) } }
        form.stacked method="post" action="/branch/unmatched/sheet" enctype="multipart/form-data" {
            label.field.drop { span { (s.map_upload) } input type="file" name="sheet" required accept=".csv,.xlsx,.xls"; }
            button type="submit" { (s.map_upload_button) }
        }
    }
}

fn undecided(queue: &Queue, cause: &str, why: &str, ctx: &Ctx) -> Markup {
    let may_change = ctx.may_change();
    html! {
        @if !queue.lines.is_empty() {
            section.card {
                h2 { (cause) }
                p { (why) }
                @if queue.cut {
                    p.quiet { (fill(ctx.words.branch.newest, &[&queue.lines.len().to_string()])) }
                }
                (settle::form(queue, cause, may_change, ctx))
            }
        }
    }
}

/// The rows of a page, and whether there are more.
fn page_of<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(PAGE).expect("a page is not negative");
    let cut = rows.len() > most;
    rows.truncate(most);
    (rows, cut)
}

/// What of the lines, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cause: String,
    shop: String,
    sort: String,
    page: i64,
}

/// In an address: lines without a listing. The other causes are called as their rules.
pub const LISTING: &str = "listing";

impl Asked {
    pub fn chosen(&self, shops: &[Shop], ctx: &Ctx) -> Chosen {
        let (b, k) = (&ctx.words.branch, &ctx.words.lists);
        let causes =
            [(LISTING, b.cause_listing), (Rule::Ambiguous.key(), b.cause_two), (Rule::Shelf.key(), b.cause_shelf)];
        let named = |shop: &Shop| (shop.shop_id.to_string(), shop.name.clone());
        let choices = vec![
            Choice::new("cause", k.cause, causes.map(|(key, words)| (key.into(), words.into())).into(), &self.cause),
            Choice::new("shop", b.col_shop_name, shops.iter().map(named).collect(), &self.shop),
            Choice::new("sort", k.order, vec![("oldest".into(), k.oldest.to_owned())], &self.sort),
        ];
        Chosen { path: BACK, choices }
    }

    pub fn is_oldest_first(&self) -> bool {
        self.sort == "oldest"
    }
}

/// `GET /branch/unmatched`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let chosen = asked.chosen(&goods::list_shops(session).await?, &visit.ctx);
        let [cause, shop, _] = chosen.choices.as_slice() else { anyhow::bail!("three choices") };
        let (shop_id, oldest_first) = (shop.id(), asked.is_oldest_first());
        // pages are of one cause: of several lists no number is a page of each
        let page = if cause.value().is_empty() { 1 } else { Paging::asked(asked.page) };
        let (after, has) = ((page - 1) * PAGE, |key: &str| cause.value().is_empty() || cause.value() == key);
        let (mut unlisted, mut unlisted_cut) = (Vec::new(), false);
        if has(LISTING) {
            (unlisted, unlisted_cut) = page_of(lines::list_unlisted(session, shop_id, PAGE + 1, after).await?);
        }
        let (mut ambiguous, mut inferred) = (Queue::default(), Queue::default());
        for (rule, queue) in [(Rule::Ambiguous, &mut ambiguous), (Rule::Shelf, &mut inferred)] {
            if has(rule.key()) {
                let sought = Sought { rule: rule.key(), shop_id, oldest_first };
                let lines = page_of(lines::list_undecided(session, sought, PAGE + 1, after).await?);
                *queue = Queue::load(session, lines).await?;
            }
        }
        let is_cut = unlisted_cut || ambiguous.cut || inferred.cut;
        // how many there are is not counted: there is a next page, or this one is the last
        let next = i64::from(is_cut && !cause.value().is_empty());
        Ok::<_, anyhow::Error>(Page {
            unlisted,
            unlisted_cut,
            listings: Listings::load(session).await?,
            ambiguous,
            inferred,
            chosen,
            paging: Paging { page, pages: page + next },
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

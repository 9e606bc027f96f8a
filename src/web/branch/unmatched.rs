//! 待归属: lines without goods or with an undecided stream, grouped by cause, each with what to do. Read-only for now.

use crate::domain::attribution::Rule;
use crate::domain::calendar::clock_text;
use crate::store::lines::{self, Undecided, Unlisted};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::state;
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use axum::extract::State;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// By SKU, most lines first.
    pub unlisted: Vec<Unlisted>,
    /// Two streams match.
    pub ambiguous: Vec<Undecided>,
    /// By shelf and time only.
    pub inferred: Vec<Undecided>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let nothing = page.unlisted.is_empty() && page.ambiguous.is_empty() && page.inferred.is_empty();
    let body = html! {
        h1 { (b.unmatched_title) }
        @if nothing {
            (state::empty(b.unmatched_none, b.today_none))
        } @else {
            p.quiet { (b.unmatched_note) }
            @if !page.unlisted.is_empty() {
                section.card { h2 { (b.cause_listing) } p { (b.cause_listing_why) } (unlisted(&page.unlisted, ctx).render(ctx)) }
            }
            (undecided(&page.ambiguous, b.cause_two, b.cause_two_why, ctx))
            (undecided(&page.inferred, b.cause_shelf, b.cause_shelf_why, ctx))
        }
    };
    shell::page(b.nav_unmatched, Some(Section::Unmatched), &body, ctx)
}

fn unlisted(rows: &[Unlisted], ctx: &Ctx) -> Table {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    let columns = [
        (b.col_shop_name, Align::Text),
        (b.col_product_no, Align::Text),
        (b.col_title, Align::Text),
        (b.col_lines, Align::Number),
        (b.col_money, Align::Number),
        (b.col_last, Align::Whole),
    ];
    let mut table = Table::new(b.cause_listing, b.unmatched_none, &columns);
    for row in rows {
        let number = if row.product_no.is_empty() {
            c.none.to_owned()
        } else {
            format!("{} {}", row.product_no, row.sku_no).trim_end().to_owned()
        };
        table.rows.push(vec![
            row.shop.as_str().into(),
            number.into(),
            row.title.as_str().into(),
            number::grouped(row.lines).into(),
            number::yuan(row.gmv_fen).into(),
            row.last_on.map_or_else(|| c.none.to_owned(), |day| day.to_string()).into(),
        ]);
    }
    table
}

fn undecided(rows: &[Undecided], cause: &str, why: &str, ctx: &Ctx) -> Markup {
    let (b, c) = (&ctx.words.branch, &ctx.words.frame);
    let columns = [(b.col_line, Align::Text), (b.col_paid_at, Align::Whole), (b.col_title, Align::Text)];
    let mut table = Table::new(cause, b.unmatched_none, &columns);
    for row in rows {
        table.rows.push(vec![
            row.line_no.as_str().into(),
            row.paid_at.map_or_else(|| c.none.to_owned(), clock_text).into(),
            row.title.as_str().into(),
        ]);
    }
    html! {
        @if !rows.is_empty() {
            section.card {
                h2 { (cause) }
                p { (why) }
                p.quiet { (fill(b.newest, &[&rows.len().to_string()])) }
                (table.render(ctx))
            }
        }
    }
}

/// `GET /branch/unmatched`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        Ok::<_, anyhow::Error>(Page {
            unlisted: lines::list_unlisted(session).await?,
            ambiguous: lines::list_undecided(session, Rule::Ambiguous.key()).await?,
            inferred: lines::list_undecided(session, Rule::Shelf.key()).await?,
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

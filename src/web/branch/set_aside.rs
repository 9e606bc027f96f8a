//! A shop's records that nobody could read: which, why, and sending them round again.

use super::files::format_named;
use super::shop::find;
use crate::domain::calendar::clock_text;
use crate::services::import::{self, Profiles};
use crate::services::shops;
use crate::store::goods::Shop;
use crate::store::quarantine::{self, PAGE, SetAside};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::range::Asked;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Paging, pager};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub shop: Shop,
    pub records: Vec<SetAside>,
    /// Known ones, which say what formats are called.
    pub profiles: Profiles,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let path = format!("/branch/shops/{}/set-aside", page.shop.shop_id);
    let title = fill(s.set_aside_title, &[&page.shop.name]);
    let may_change = ctx.may_change();
    let body = html! {
        section.card {
            h1 { (title) }
            p.quiet { (s.set_aside_note) }
            @if page.records.is_empty() { p.empty { (s.set_aside_none) } } @else {
                div.scroll tabindex="0" role="region" aria-label=(title) { table {
                    thead { tr {
                        th scope="col" { (s.col_record) } th scope="col" { (s.col_reason) }
                        th scope="col" { (s.col_source) } th scope="col" { (s.col_when) }
                    } }
                    tbody { @for record in &page.records { tr {
                        td { (ctx.lang.of_both(&record.record_no)) }
                        td {
                            p { (ctx.lang.of_both(&record.reason)) }
                            @if may_change { form method="post" action=(path) {
                                input type="hidden" name="record" value=(record.quarantine_id);
                                button.plain type="submit" {
                                    @if record.is_of_a_file() { (s.retry_file) } @else { (s.retry_pull) }
                                }
                            } }
                        }
                        td { (source(record, &page.profiles, ctx)) }
                        td.whole { (clock_text(record.at)) }
                    } } }
                } }
                (pager(page.paging, ctx, |n| format!("{path}?page={n}")))
            }
            p { a href={ "/branch/shops/" (page.shop.shop_id) } { (s.back_shop) } }
        }
    };
    shell::page(&title, Some(Section::Shops), &body, ctx)
}

/// Where a record came from: a file's format, or the interface.
fn source(record: &SetAside, profiles: &Profiles, ctx: &Ctx) -> String {
    let s = &ctx.words.sources;
    match record.profile() {
        None => s.by_pull.to_owned(),
        Some(name) => fill(s.source_file, &[&format_named(profiles, name, ctx)]),
    }
}

/// `GET /branch/shops/{id}/set-aside?page=…`
pub async fn list(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let (scope, page) = (visit.scope()?, asked.page()?);
    let session = &mut app.store.read(scope).await.map_err(anyhow::Error::from)?;
    let shop = find(session, id).await?;
    let load = async {
        let counts = quarantine::count_by_shop(session).await?;
        let total = counts.iter().find(|(shop_id, _)| *shop_id == id).map_or(0, |(_, count)| *count);
        let records = quarantine::list(session, id, page).await?;
        let profiles = import::list_profiles(session).await?;
        Ok::<_, anyhow::Error>(Page { shop, records, profiles, paging: Paging::of(page, total, PAGE) })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// Which record.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    record: i64,
}

/// `POST /branch/shops/{id}/set-aside`
pub async fn retry(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(chosen): Form<Chosen>,
) -> Result<Redirect, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let mut session = app.store.read(scope).await.map_err(anyhow::Error::from)?;
    let shop = find(&mut session, id).await?;
    let found = quarantine::find(&mut session, id, chosen.record).await.map_err(anyhow::Error::from)?;
    drop(session);
    // somebody else was faster: the list says so
    if let Some(record) = found {
        let desk = app.desk(&visit, &actor)?;
        shops::retry(&desk, &shop, &record).await?;
    }
    Ok(Redirect::to(&format!("/branch/shops/{id}/set-aside")))
}

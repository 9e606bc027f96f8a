//! The import log: which files came in, when, by whom, and what each changed.

use super::audit::who;
use super::files::{format_named, kind as kind_name};
use crate::domain::calendar::clock_text;
use crate::services::import::{self, Kind, Profiles};
use crate::store::imports::{self, Imported, PAGE};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::range::Asked;
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Paging, Table, pager};
use axum::extract::{Query, State};
use maud::{Markup, html};

/// Hexadecimal digits of a file's sha256 that tell it from the others at a glance.
pub const SHORT: usize = 12;
const PATH: &str = "/branch/files/log";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub imports: Vec<Imported>,
    /// Known ones, which say what formats are called.
    pub profiles: Profiles,
    pub paging: Paging,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let body = html! {
        section.card {
            h1 { (s.log_title) }
            p.quiet { (s.log_note) }
            (table(&page.imports, &page.profiles, ctx).render(ctx))
            (pager(page.paging, ctx, |n| format!("{PATH}?page={n}")))
        }
    };
    shell::page(s.log_title, Some(Section::Files), &body, ctx)
}

/// Rows of the log.
pub fn table(rows: &[Imported], profiles: &Profiles, ctx: &Ctx) -> Table {
    let s = &ctx.words.sources;
    let columns = [
        (s.col_when, Align::Whole),
        (s.col_who, Align::Text),
        (s.col_file, Align::Text),
        (s.col_format, Align::Text),
        (s.col_sha256, Align::Whole),
        (s.rows, Align::Number),
        (s.new, Align::Number),
        (s.changed, Align::Number),
        (s.unchanged, Align::Number),
        (s.rejected, Align::Number),
    ];
    let mut table = Table::new(s.log_title, s.log_none, &columns);
    for row in rows {
        table.rows.push(vec![
            clock_text(row.at).into(),
            who(&row.actor, ctx).into(),
            row.file_name.as_str().into(),
            formats(&row.kind, profiles, ctx).into(),
            row.file_sha256.get(..SHORT).unwrap_or(&row.file_sha256).into(),
            grouped(row.rows_read).into(),
            grouped(row.rows_new).into(),
            grouped(row.rows_changed).into(),
            grouped(row.rows_unchanged).into(),
            grouped(row.rows_rejected).into(),
        ]);
    }
    table
}

/// What the log calls `orders:douyin-orders`, in words; a profile that is gone by its name.
fn formats(logged: &str, profiles: &Profiles, ctx: &Ctx) -> String {
    let named = logged.split(' ').map(|one| {
        let (kind, name) = one.split_once(':').unwrap_or(("", one));
        let profile = format_named(profiles, name, ctx);
        match Kind::parse(kind) {
            Some(kind) => format!("{}: {profile}", kind_name(kind, ctx)),
            None => profile,
        }
    });
    named.collect::<Vec<_>>().join("; ")
}

/// `GET /branch/files/log?page=…`
pub async fn list(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let (scope, page) = (visit.scope()?, asked.page()?);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let total = imports::count(session).await?;
        let paging = Paging::of(page, total, PAGE);
        let profiles = import::list_profiles(session).await?;
        Ok::<_, anyhow::Error>(Page { imports: imports::list(session, page).await?, profiles, paging })
    };
    Ok(render(&load.await?, &visit.ctx))
}

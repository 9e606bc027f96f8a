//! 导入文件: what platforms let people download, several files at once: what each would change, then the import.
//!
//! Rules that must hold: nothing of an upload outlives its request, so the preview and the import each carry the files;
//! each file is a unit of work of its own, and a bad one sinks no other; a preview leaves nothing.
//!
//! It works as a plain form; `static/upload.js` sends the files one by one, shows how far each is, and puts the answer's
//! reports on this page. Not here: reading and taking in (`services::import`), the log (`super::imports`).

use super::imports::{self, SHORT};
use crate::domain::calendar::clock_text;
use crate::domain::lang::Lang;
use crate::domain::problem::{Mistake, Problem};
use crate::services::import::{self, Choice, FileReport, Kind, Mode, Profile, Profiles, Sums, TableReport, Target};
use crate::store::goods::{self, Shop};
use crate::store::imports::{self as log, Imported};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::platform;
use crate::web::ui::amount::fact;
use crate::web::ui::number::{grouped, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::wording::fill;
use crate::web::{App, AppState, assets, upload};
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::sync::Semaphore;

const PATH: &str = "/branch/files";
/// Files of one form.
const MOST_FILES: usize = 50;
/// Whose turn it is to be taken in: the database has one writer, and a file may keep it for minutes.
static TURN: Semaphore = Semaphore::const_new(1);
/// Rows of the log under the form.
const LATEST: usize = 5;
/// What the file dialog offers; what a file is, its content says.
pub const ENDINGS: &str = ".csv,.txt,.xlsx,.xls,.zip";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub shops: Vec<Shop>,
    /// Key of the shop that stands chosen.
    pub shop: String,
    pub profiles: Profiles,
    /// The newest of the log.
    pub latest: Vec<Imported>,
    /// `None`: nothing was sent yet.
    pub done: Option<(Mode, Vec<Outcome>)>,
}

/// What became of a file.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub name: String,
    /// Or why it was not taken.
    pub result: Result<FileReport, String>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let body = html! {
        section.card {
            h1 { (s.files_title) }
            p { (s.files_note) }
            @if page.shops.is_empty() {
                p.empty { (s.files_no_shop) }
                p { a.button href="/branch/shops" { (ctx.words.branch.nav_shops) } }
            } @else {
                (upload_form(page, ctx))
            }
        }
        div #reports.stack {
            @if let Some((mode, outcomes)) = &page.done { (reports(*mode, outcomes, ctx)) }
        }
        section #latest.card {
            h2 { (s.log_latest) }
            (imports::table(&page.latest, &page.profiles, ctx).render(ctx))
            p { a href="/branch/files/log" { (s.log_all) } }
        }
        script src=(assets::upload_href()) defer {}
    };
    shell::page(s.files_title, Some(Section::Files), &body, ctx)
}

fn upload_form(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        form #upload.stacked method="post" action=(PATH) enctype="multipart/form-data"
            data-sending=(s.sending) data-reading=(s.reading) data-done=(s.sent) data-failed=(s.not_sent) {
            label.field {
                span { (ctx.words.branch.col_shop) }
                select name="shop" required { @for shop in &page.shops {
                    option value=(shop.shop_key) selected[shop.shop_key == page.shop] {
                        (shop.name) " · " (platform(&shop.platform, ctx))
                    }
                } }
            }
            details {
                summary { (s.format_choose) }
                label.field {
                    span.quiet { (s.format_note) }
                    select name="profile" {
                        option value="" { (s.format_auto) }
                        @for profile in page.profiles.all() { option value=(profile.name) { (profile_named(profile, ctx)) } }
                    }
                }
            }
            label.field.drop {
                span { (s.files_choose) }
                input type="file" name="files" multiple required accept=(ENDINGS);
                span.quiet { (s.files_drop) }
            }
            p.actions {
                button.primary type="submit" formaction={ (PATH) "/preview" } { (s.preview_button) }
                button type="submit" { (s.import_button) }
            }
            p.quiet { (s.files_privacy) }
            p { a href="/branch/files/columns" { (s.columns_link) } " · " a href="/branch/files/profiles" { (s.profiles_title) } }
        }
        ul #sending.todo aria-live="polite" hidden {}
    }
}

/// What became of the files, or would.
fn reports(mode: Mode, outcomes: &[Outcome], ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        @for outcome in outcomes {
            section.card.report.refused[outcome.result.is_err()] {
                h2 { (outcome.name) }
                @match &outcome.result {
                    Err(why) => { p.warn { (s.file_refused) } p { (why) } },
                    Ok(report) => {
                        p.quiet {
                            @if mode == Mode::Preview { strong { (s.preview_only) } } @else { strong { (s.imported) } }
                            " · sha256 " code { (report.import.file_sha256.get(..SHORT).unwrap_or_default()) }
                        }
                        @for table in &report.tables { (table_report(table, mode, ctx)) }
                        @for problem in &report.skipped { p.warn { (fill(s.skipped, &[&problem.text(ctx.lang)])) } }
                    },
                }
            }
        }
        @if mode == Mode::Preview && outcomes.iter().any(|o| o.result.is_ok()) {
            section.card.next { p { (s.preview_next) } }
        }
    }
}

fn table_report(table: &TableReport, mode: Mode, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let (new, changed) = if mode == Mode::Preview { (s.would_new, s.would_change) } else { (s.new, s.changed) };
    let number = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = [
        (s.rows, number(table.rows)),
        (new, grouped(table.taken.new)),
        (changed, grouped(table.taken.changed)),
        (s.unchanged, grouped(table.taken.unchanged)),
        (s.rejected, number(table.rejected_count)),
    ];
    let heading = fill(s.recognised, &[&profile_named(&table.profile, ctx), kind(table.profile.kind, ctx)]);
    html! {
        @if !table.part.is_empty() { p { strong { (table.part) } } }
        p { (heading) " · " (fill(ctx.words.frame.as_of, &[&clock_text(table.known_at)])) }
        dl.facts {
            @for (label, value) in &counts { (fact(label, &html! { (value) })) }
            @if table.refunds.new + table.refunds.changed > 0 {
                (fact(s.of_refunds, &html! {
                    (fill(s.of_refunds_counts, &[&grouped(table.refunds.new), &grouped(table.refunds.changed)]))
                }))
            }
            @if table.no_sale > 0 { (fact(s.no_sale, &html! { (number(table.no_sale)) })) }
        }
        @let sums = amounts(&table.sums, ctx);
        @if !sums.is_empty() { p.quiet { (sums) } }
        @for (word, times) in &table.unknown_words {
            p.warn { (fill(s.unknown_word, &[word, &times.to_string()])) }
        }
        @if !table.rejected.is_empty() {
            h2 { (s.rejected_rows) }
            (rejected(table, ctx).render(ctx))
            @let more = table.rejected_count - table.rejected.len();
            @if more > 0 { p.quiet { (fill(s.rejected_more, &[&number(more)])) } }
        }
    }
}

fn rejected(table: &TableReport, ctx: &Ctx) -> Table {
    let s = &ctx.words.sources;
    let mut shown = Table::new(s.rejected_rows, "", &[(s.col_row, Align::Text), (s.col_reason, Align::Text)]);
    let said = |text| ctx.lang.of_both(text).into();
    shown.rows = table.rejected.iter().map(|r| vec![said(&r.record_no), said(&r.reason)]).collect();
    shown
}

/// The amounts a table states, those that are not 0.
fn amounts(sums: &Sums, ctx: &Ctx) -> String {
    let s = &ctx.words.sources;
    let named = [
        (sums.paid_fen, s.sum_paid),
        (sums.unpaid_fen, s.sum_unpaid),
        (sums.refunded_fen, s.sum_refunded),
        (sums.settled_fen, s.sum_settled),
        (sums.compensated_fen, s.sum_compensated),
    ];
    let shown = named.into_iter().filter(|(fen, _)| *fen != 0).map(|(fen, words)| fill(words, &[&yuan(fen)]));
    shown.collect::<Vec<_>>().join(" · ")
}

/// What a profile is called: its title is in the language of the platforms, so that elsewhere its name says more.
pub fn profile_title<'a>(profile: &'a Profile, ctx: &Ctx) -> &'a str {
    match ctx.lang {
        Lang::Zh => &profile.title,
        Lang::En => &profile.name,
    }
}

/// The same with its name, which tells two of one title apart.
pub fn profile_named(profile: &Profile, ctx: &Ctx) -> String {
    match profile_title(profile, ctx) {
        title if title == profile.name => title.to_owned(),
        title => format!("{title} · {}", profile.name),
    }
}

/// A profile by its name; one that is gone by that name alone.
pub fn format_named(profiles: &Profiles, name: &str, ctx: &Ctx) -> String {
    profiles.named(name).map_or_else(|_| name.to_owned(), |profile| profile_named(&profile, ctx))
}

/// What a file holds, in words.
pub const fn kind(kind: Kind, ctx: &Ctx) -> &'static str {
    let s = &ctx.words.sources;
    match kind {
        Kind::Orders => s.kind_orders,
        Kind::AfterSales => s.kind_after_sales,
        Kind::Settlements => s.kind_settlements,
        Kind::Live => s.kind_live,
    }
}

/// Which shop stands chosen.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    shop: String,
}

async fn load(app: &App, visit: &Visit, shop: String, done: Option<(Mode, Vec<Outcome>)>) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut latest = log::list(session, 1).await?;
        latest.truncate(LATEST);
        let (shops, profiles) = (goods::list_shops(session).await?, import::list_profiles(session).await?);
        Ok::<_, anyhow::Error>(Page { shops, shop, profiles, latest, done })
    };
    Ok(load.await?)
}

/// `GET /branch/files?shop=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    Ok(render(&load(&app, &visit, asked.shop, None).await?, &visit.ctx))
}

/// `POST /branch/files/preview`: says what would change and forgets it.
pub async fn preview(State(app): State<AppState>, visit: Visit, form: Multipart) -> Result<Response, WebError> {
    Box::pin(take_in(&app, &visit, form, Mode::Preview)).await
}

/// `POST /branch/files`: imports.
pub async fn create(State(app): State<AppState>, visit: Visit, form: Multipart) -> Result<Response, WebError> {
    if app.demo {
        return refused(Problem::RealOnDemo.into(), PATH, &visit.ctx);
    }
    Box::pin(take_in(&app, &visit, form, Mode::Commit)).await
}

/// Reads a form whose shop stands before its files, and takes each file as it comes.
async fn take_in(app: &App, visit: &Visit, mut form: Multipart, mode: Mode) -> Result<Response, WebError> {
    let buyer_key = import::buyer_key(&app.store, visit.scope()?.county()).await?;
    let (mut shop, mut choice, mut outcomes) = (String::new(), Choice::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(upload::unreadable)? {
        match field.name() {
            Some("shop") => shop = upload::text(field).await?,
            Some("profile") => choice.profile = Some(upload::text(field).await?).filter(|name| !name.is_empty()),
            Some("files") => {
                let name = upload::name(&field);
                if name.is_empty() {
                    continue;
                }
                if outcomes.len() == MOST_FILES {
                    return refused(Problem::from(Mistake::TooManyFiles { most: MOST_FILES }).into(), PATH, &visit.ctx);
                }
                let received = upload::received(field, &name).await?;
                let result = one(app, visit, &buyer_key, &shop, received, &choice, mode).await?;
                outcomes.push(Outcome { name, result });
            }
            _ => {}
        }
    }
    if outcomes.is_empty() {
        return refused(Problem::from(Mistake::NoFileChosen).into(), PATH, &visit.ctx);
    }
    Ok(render(&load(app, visit, shop, Some((mode, outcomes))).await?, &visit.ctx).into_response())
}

/// Takes one file. What a person can mend is said beside it; a fault of the program is said so, and sinks no other file.
async fn one(
    app: &App,
    visit: &Visit,
    buyer_key: &[u8],
    shop_key: &str,
    received: import::Received,
    choice: &Choice,
    mode: Mode,
) -> Result<Result<FileReport, String>, WebError> {
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let target = Target { store: &app.store, county, buyer_key, actor: &actor, clock: &app.clock, shop_key };
    let _turn = TURN.acquire().await.map_err(anyhow::Error::from)?;
    let error = match import::import(&target, received, choice, mode).await {
        Ok(report) => return Ok(Ok(report)),
        Err(error) => error,
    };
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return Ok(Err(problem.text(visit.ctx.lang)));
    }
    tracing::error!(error = format!("{error:#}"), "an import failed");
    let c = &visit.ctx.words.frame;
    Ok(Err(format!("{} {}", c.error_500, c.error_500_do)))
}

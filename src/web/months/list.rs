//! Months that are over and not locked, those put forward, those locked. The branch puts one forward, another person locks
//! it or sends it back.
//!
//! A lock is the whole county's: a reader of a part of it is told so and shown nothing.

use super::{PATH, report, tables, typed as month, year};
use crate::domain::access::Scope;
use crate::domain::calendar::{Day, clock_text, month_key, month_start, parse_month, until_text};
use crate::services::figures::{self, Request};
use crate::services::filings;
use crate::services::lock::{FULL_COVERAGE_BP, KnownShops, Missing};
use crate::store::figures::{Grouping, Range};
use crate::store::filings::{self as stored, Filing};
use crate::store::ledger::{self, MonthLock};
use crate::store::month_notes::{self, Note};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::form::{self, Field};
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Datelike, TimeDelta};
use maud::{Markup, html};
use serde::Deserialize;

/// Locked months on the page.
const LOCKED: usize = 24;
/// How far back the list says why a month went back; its own page says it for ever.
const NOTES_BACK: TimeDelta = TimeDelta::days(400);

/// What the page shows; `None` to a reader of a part of the county.
#[derive(Debug, Clone)]
pub struct Page {
    pub months: Option<Months>,
    /// The reader's account, who may not lock what it put forward.
    pub account_id: i64,
    pub may_file: bool,
    pub may_lock: bool,
}

/// The county's months.
#[derive(Debug, Clone)]
pub struct Months {
    /// The last first.
    pub open: Vec<OpenMonth>,
    pub locked: Vec<MonthLock>,
}

/// A month that is over and not locked.
#[derive(Debug, Clone)]
pub struct OpenMonth {
    pub month: Day,
    pub income_fen: i64,
    pub coverage_bp: i64,
    pub missing: Missing,
    pub filing: Option<Filing>,
    /// Why it went back, where it does not wait again.
    pub returned: Option<Note>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let m = &ctx.words.months;
    let body = html! {
        section.card {
            h1 { (m.title) }
            p.quiet { (m.note) }
            @if page.months.is_none() { p.empty { (m.elsewhere) } }
        }
        @if let Some(months) = &page.months {
            section.card {
                h2 { (m.open_title) }
                @if months.open.is_empty() { p.empty { (m.open_none) } }
                ul.todo { @for open in &months.open { (open_month(open, page, ctx)) } }
            }
            section.card {
                h2 { (m.locked_title) }
                p.quiet { (fill(m.locked_note, &[&LOCKED.to_string()])) }
                (locked(&months.locked, ctx).render(ctx))
                (years(&months.locked, ctx))
            }
        }
    };
    shell::page(m.nav, Some(Section::Locks), &body, ctx)
}

fn open_month(open: &OpenMonth, page: &Page, ctx: &Ctx) -> Markup {
    let m = &ctx.words.months;
    let key = month_key(open.month);
    let facts = [number::short(open.income_fen, ctx.lang), number::percent_floor(open.coverage_bp)];
    html! {
        li {
            div {
                strong { a href={ (PATH) "/" (key) } { (key) } }
                p.quiet.on-screen { (fill(m.open_facts, &[&facts[0], &facts[1]])) }
                @if let Some(filing) = &open.filing {
                    p { span.tag { (fill(m.waiting, &[&filing.filed_by, &clock_text(filing.filed_at)])) } }
                    @if !filing.reason.is_empty() { p { (fill(m.waiting_reason, &[&filing.reason])) } }
                    @if page.may_lock && filing.account_id == page.account_id { p.quiet { (m.own) } }
                }
                @if let Some(note) = &open.returned { p.warn { (fill(ctx.words.review.returned, &[&note.said_by, &note.said])) } }
            }
            @match &open.filing {
                Some(filing) => div.acts {
                    @if page.may_lock && filing.account_id != page.account_id {
                        (act("lock", &key, &fill(m.lock_button, &[&key]), true))
                    }
                    @if page.may_lock || (page.may_file && filing.account_id == page.account_id) {
                        (act("withdraw", &key, m.withdraw_button, false))
                    }
                },
                None if page.may_file => (file_form(open.coverage_bp, &open.missing, &key, ctx)),
                None => {},
            }
        }
    }
}

/// A button that does something to a month.
pub(super) fn act(what: &str, month: &str, label: &str, primary: bool) -> Markup {
    html! {
        form method="post" action={ (PATH) "/" (what) } {
            input type="hidden" name="month" value=(month);
            button.primary[primary] type="submit" { (label) }
        }
    }
}

/// Putting a month forward.
pub(super) fn file_form(coverage_bp: i64, missing: &Missing, key: &str, ctx: &Ctx) -> Markup {
    let m = &ctx.words.months;
    let low = (coverage_bp < FULL_COVERAGE_BP).then_some(m.low);
    let why = low.or(missing.has_gap.then_some(m.gap));
    html! {
        form.stacked method="post" action={ (PATH) "/file" } {
            input type="hidden" name="month" value=(key);
            @for (shop, known_to) in &missing.behind { p.warn { (fill(m.behind, &[shop, &until_text(*known_to)])) } }
            @if let Some(why) = why { (form::field(&Field::text("reason", m.reason).note(why))) }
            button type="submit" { (m.file_button) }
        }
    }
}

fn locked(locks: &[MonthLock], ctx: &Ctx) -> Table {
    let m = &ctx.words.months;
    let columns = [
        (m.col_month, Align::Whole),
        (m.col_at, Align::Whole),
        (m.col_by, Align::Text),
        (m.col_coverage, Align::Number),
        (m.col_reason, Align::Text),
    ];
    let mut table = Table::new(m.locked_title, m.locked_none, &columns);
    for lock in locks {
        table.rows.push(vec![
            Cell::Link(month_key(lock.month), format!("{PATH}/{}", month_key(lock.month))),
            clock_text(lock.locked_at).into(),
            lock.actor.as_str().into(),
            number::percent_floor(lock.coverage_bp).into(),
            lock.reason.as_str().into(),
        ]);
    }
    table
}

/// The years of the months shown, each as a document.
fn years(locks: &[MonthLock], ctx: &Ctx) -> Markup {
    let mut years: Vec<i32> = locks.iter().map(|lock| lock.month.year()).collect();
    years.dedup();
    html! { @if !years.is_empty() { p.on-screen {
        (ctx.words.sharing.years) " "
        @for (at, &of) in years.iter().enumerate() {
            @if at > 0 { " · " }
            a href={ (year::address(of)) "?lang=" (ctx.lang.key()) } download { (of) } " "
            @for (format, address) in tables::year_addresses(of, ctx) {
                a href=(address) download { (report::year_tables_label(format, ctx)) } " "
            }
        }
    } } }
}

/// `GET /months`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let (reader, scope) = (visit.reader()?, visit.scope()?);
    let today = app.clock.today();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let months = if scope.is_whole_county() { Some(load(session, scope, today).await?) } else { None };
        Ok::<_, anyhow::Error>(Page {
            months,
            account_id: reader.login.account_id,
            may_file: reader.role.may_file(),
            may_lock: reader.role.may_lock(),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

async fn load(session: &mut Session, scope: Scope, today: Day) -> Result<Months, StoreError> {
    let mut locked = ledger::list_locks(session).await?;
    let waiting = stored::list_waiting(session).await?;
    let request = Request {
        range: Range { from: None, to: month_start(today).pred_opt() },
        households: false,
        ..Request::all(scope.region(), Grouping::Month)
    };
    let last = month_start(today);
    let notes = month_notes::list(session, last - NOTES_BACK, last).await?;
    let known = KnownShops::load(session).await?;
    let mut open = Vec::new();
    for row in figures::rows(session, &request).await? {
        let Some(month) = row.key.as_deref().and_then(parse_month) else { continue };
        if locked.iter().any(|lock| lock.month == month) {
            continue;
        }
        let filing = waiting.iter().find(|f| f.month == month).cloned();
        let returned = notes.iter().rfind(|note| note.month == month && note.is_return() && filing.is_none()).cloned();
        open.push(OpenMonth {
            month,
            income_fen: row.figures.farmer_income_fen,
            coverage_bp: row.figures.baseline_coverage_bp,
            missing: known.missing_from(month),
            filing,
            returned,
        });
    }
    open.sort_by_key(|o| std::cmp::Reverse(o.month));
    locked.reverse();
    locked.truncate(LOCKED);
    Ok(Months { open, locked })
}

/// A month put forward.
#[derive(Deserialize)]
pub struct Filed {
    month: String,
    #[serde(default)]
    reason: String,
}

/// A month that waits.
#[derive(Deserialize)]
pub struct Chosen {
    month: String,
}

/// Back to the list, or what stands in the way; months are nothing to a reader of a part of the county.
async fn done(visit: &Visit, work: impl Future<Output = anyhow::Result<()>>) -> Result<Response, WebError> {
    if !visit.scope()?.is_whole_county() {
        return Err(WebError::NotFound);
    }
    match work.await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

/// `POST /months/file`
pub async fn file(State(app): State<AppState>, visit: Visit, Form(filed): Form<Filed>) -> Result<Response, WebError> {
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let work =
        async { filings::file(&app.store, county, &actor, &app.clock, month(&filed.month)?, &filed.reason).await };
    done(&visit, Box::pin(work)).await
}

/// `POST /months/withdraw`
pub async fn withdraw(
    State(app): State<AppState>,
    visit: Visit,
    Form(chosen): Form<Chosen>,
) -> Result<Response, WebError> {
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let work = async { filings::withdraw(&app.store, county, &actor, &app.clock, month(&chosen.month)?).await };
    done(&visit, Box::pin(work)).await
}

/// `POST /months/lock`
pub async fn lock(State(app): State<AppState>, visit: Visit, Form(chosen): Form<Chosen>) -> Result<Response, WebError> {
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let work = async { filings::lock(&app.store, county, &actor, &app.clock, month(&chosen.month)?).await };
    done(&visit, Box::pin(work)).await
}

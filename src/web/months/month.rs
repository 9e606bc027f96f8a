//! One month: how it stands, what was done and said about it in order, its stored report, and what has been learnt of it
//! since it was locked.
//!
//! The report is what was locked and may be printed; what was learnt since holds amounts of single households and stays on
//! the screen.

use super::list::{act, file_form};
use super::report::{self, Around, Shown};
use super::{PATH, asked, links, paper, since, tables};
use crate::domain::access::Role;
use crate::domain::calendar::{Day, Instant, clock_text, month_key, next_month};
use crate::domain::figures::FigureRow;
use crate::domain::month_report::Report;
use crate::services::figures::{self, Request};
use crate::services::lock::{KnownShops, Missing, percent};
use crate::services::reviews::MOST_CHARACTERS;
use crate::store::figures::{Basis, Grouping, Range};
use crate::store::filings::{self, Decided, Outcome};
use crate::store::late::{self, Late};
use crate::store::ledger::{self, MonthLock};
use crate::store::month_notes::{self, Note};
use crate::store::openings::{self, Opening};
use crate::store::{Session, month_reports};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::role_name;
use crate::web::security::site;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{amount, number, qr};
use crate::web::wording::fill;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub month: Day,
    pub is_over: bool,
    /// As booked up to now.
    pub now: FigureRow,
    /// What was paid in the month, with all that happened to it since: never locked.
    pub cohort: FigureRow,
    pub lock: Option<MonthLock>,
    pub missing: Missing,
    pub filings: Vec<Decided>,
    pub notes: Vec<Note>,
    /// Each time somebody asked to open it again.
    pub openings: Vec<Opening>,
    /// The reports made of it, the one that stands last.
    pub reports: Vec<Shown>,
    /// A report is stored that this program cannot read.
    pub unreadable: bool,
    pub late: Vec<Late>,
    /// The reader's account, who may not lock what it put forward.
    pub account_id: i64,
    /// Of this page, for paper.
    pub address: String,
}

impl Page {
    fn opening(&self) -> Option<&Opening> {
        self.openings.iter().find(|opening| opening.outcome().is_none())
    }

    /// What was last put forward was sent back.
    fn was_returned(&self) -> bool {
        let last = self.filings.iter().map(|decided| decided.filing.filing_id).max();
        self.notes.iter().any(|note| note.is_return() && Some(note.filing_id) == last)
    }

    fn waiting(&self) -> Option<&Decided> {
        self.filings.iter().find(|decided| decided.outcome().is_none())
    }
}

/// Something that was done or said, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    at: Instant,
    what: &'static str,
    by: String,
    said: String,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (m, r) = (&ctx.words.months, &ctx.words.review);
    let key = month_key(page.month);
    let title = fill(r.title, &[&key]);
    let may_share = ctx.role.is_some_and(Role::may_lock);
    let steps = [Step { label: m.nav.to_owned(), href: PATH.to_owned() }];
    // of a locked month that nobody asks to open, the report is what one comes for
    let is_at_rest = page.lock.is_some() && page.opening().is_none();
    let history = html! {
        section.card.on-screen { h2 { (r.record) } p.quiet { (r.record_note) } (record(page, ctx)) }
    };
    let body = html! {
        div.on-screen { (trail(&steps, &key, ctx)) }
        section.card.on-screen { h1 { (title) } (standing(page, ctx)) @if !is_at_rest { (forms(page, &key, ctx)) } }
        @if !is_at_rest { (history) }
        @match page.reports.last() {
            Some(shown) => {
                @if may_share { p.on-screen { a.button href=(links::address(page.month)) { (ctx.words.sharing.manage) } } }
                (report::sheet(shown, &around(page, shown, ctx), ctx))
            },
            None if page.lock.is_some() => section.card {
                p.empty { @if page.unreadable { (r.report_unreadable) } @else { (r.report_missing) } }
            },
            None => {},
        }
        @if page.reports.len() > 1 {
            section.card.on-screen { h2 { (r.earlier) } ul { @for shown in page.reports.iter().rev().skip(1) {
                li { a href=(report::address(shown)) download { (fill(r.report_no, &[&shown.report.report_no.to_string()])) } }
            } } }
        }
        @if page.lock.is_some() {
            div.on-screen { (since::card(page.month, &page.late, page.now.uplift_fen, ctx)) (cohort(page, ctx)) }
        }
        @if is_at_rest {
            @if ctx.role.is_some_and(|role| role.may_file() || role.may_lock()) {
                section.card.on-screen { (forms(page, &key, ctx)) }
            }
            (history)
        }
    };
    shell::page(&title, Some(Section::Locks), &body, ctx)
}

/// What stands around the report: the code leads whoever holds the paper back here.
fn around(page: &Page, shown: &Shown, ctx: &Ctx) -> Around {
    let label = ctx.words.sharing.qr_page;
    Around {
        superseded: page.lock.is_none().then_some(ctx.words.review.report_open_again),
        original: report::address(shown),
        pdf: paper::address(&shown.head, ctx),
        tables: tables::addresses(&shown.head, ctx),
        qr: qr::code(&page.address, label).ok().map(|code| (code, label)),
    }
}

/// How the month stands.
fn standing(page: &Page, ctx: &Ctx) -> Markup {
    let (m, r) = (&ctx.words.months, &ctx.words.review);
    let state = match (&page.lock, page.waiting()) {
        (Some(lock), _) => fill(r.is_locked, &[&lock.actor, &clock_text(lock.locked_at)]),
        (None, Some(waiting)) => fill(m.waiting, &[&waiting.filing.filed_by, &clock_text(waiting.filing.filed_at)]),
        (None, None) if page.was_returned() => r.is_returned.to_owned(),
        (None, None) if page.is_over => r.is_open.to_owned(),
        (None, None) => r.is_running.to_owned(),
    };
    let facts =
        [number::short(page.now.farmer_income_fen, ctx.lang), number::percent_floor(page.now.baseline_coverage_bp)];
    html! {
        p { span.tag { (state) } }
        p.quiet { (fill(m.open_facts, &[&facts[0], &facts[1]])) }
        @if page.lock.is_none() { (to_be_locked(&page.now, ctx)) }
    }
}

/// What locking the month would set down: who locks it answers for these.
fn to_be_locked(now: &FigureRow, ctx: &Ctx) -> Markup {
    let o = &ctx.words.official;
    let yuan = |fen: i64| number::short(fen, ctx.lang);
    let range = fill(o.range_low_high, &[&yuan(now.uplift_low_fen), &yuan(now.uplift_high_fen)]);
    html! {
        dl.facts {
            (amount::fact(o.uplift, &html! { (yuan(now.uplift_fen)) " " span.quiet { (range) } }))
            (amount::fact(o.income, &html! { (yuan(now.farmer_income_fen)) }))
            (amount::fact(o.gmv, &html! { (yuan(now.gmv_fen)) }))
            (amount::fact(o.col_households, &html! { (number::grouped(now.households)) }))
        }
    }
}

/// What the reader may do about it.
fn forms(page: &Page, key: &str, ctx: &Ctx) -> Markup {
    let (m, r) = (&ctx.words.months, &ctx.words.review);
    let (may_file, may_lock) = (ctx.role.is_some_and(Role::may_file), ctx.role.is_some_and(Role::may_lock));
    let say = |what: &str, label: &str, note: &str, button: &str| {
        html! {
            form.stacked method="post" action={ (PATH) "/" (what) } {
                input type="hidden" name="month" value=(key);
                (form::field(&Field::text("said", label).note(note)))
                button type="submit" { (button) }
            }
        }
    };
    let most = fill(r.most, &[&MOST_CHARACTERS.to_string()]);
    let waiting = page.waiting().filter(|_| page.lock.is_none());
    html! {
        @if let Some(waiting) = waiting {
            @let own = waiting.filing.account_id == page.account_id;
            @if may_lock && own { p.quiet { (m.own) } }
            div.acts {
                @if may_lock && !own { (act("lock", key, &fill(m.lock_button, &[key]), true)) }
                @if may_lock || (may_file && own) { (act("withdraw", key, m.withdraw_button, false)) }
            }
            @if may_lock && !own { (say("return", r.return_why, &most, r.return_button)) }
        } @else if page.lock.is_none() && page.is_over && may_file {
            (file_form(page.now.baseline_coverage_bp, &page.missing, key, ctx))
        }
        @if page.lock.is_some() {
            @match page.opening() {
                Some(opening) => {
                    @let own = opening.account_id == page.account_id;
                    p { span.tag { (fill(r.open_waits, &[&opening.asked_by, &opening.reason])) } }
                    div.acts {
                        @if may_lock && !own { (act("open", key, &fill(r.open_button, &[key]), true)) }
                        @if may_lock || (may_file && own) { (act("open/refuse", key, r.open_refuse, false)) }
                    }
                },
                None if may_file || may_lock => (say("open/ask", r.open_why, r.open_note, r.open_ask)),
                None => {},
            }
        }
        @if page.is_over && (may_file || may_lock) { (say("comment", r.comment, &most, r.comment_button)) }
    }
}

/// Everything on record about the month, in order, with who and when.
fn record(page: &Page, ctx: &Ctx) -> Markup {
    let r = &ctx.words.review;
    let told = told(page, ctx);
    html! {
        @if told.is_empty() { p.empty { (r.record_none) } }
        ol.timeline { @for step in &told { li {
            p { strong { (step.what) } " · " (step.by) " · " span.quiet { (clock_text(step.at)) } }
            @if !step.said.is_empty() { p { (step.said) } }
        } } }
    }
}

fn told(page: &Page, ctx: &Ctx) -> Vec<Told> {
    let r = &ctx.words.review;
    let mut told = Vec::new();
    for decided in &page.filings {
        let filing = &decided.filing;
        let (by, said) = (person(&filing.filed_by, &filing.role, ctx), filing.reason.clone());
        told.push(Told { at: filing.filed_at, what: r.filed, by, said });
        // what was sent back says so itself, and the lock is told below
        let sent_back = page.notes.iter().any(|note| note.is_return() && note.filing_id == filing.filing_id);
        if let (Some(Outcome::Withdrawn), Some(at), false) = (decided.outcome(), decided.decided_at, sent_back) {
            told.push(Told { at, what: r.withdrawn, by: decided.decided_by.clone(), said: String::new() });
        }
    }
    for note in &page.notes {
        let what = if note.is_return() { r.sent_back } else { r.commented };
        let (by, said) = (person(&note.said_by, &note.role, ctx), note.said.clone());
        told.push(Told { at: note.said_at, what, by, said });
    }
    let opened: Vec<MonthLock> = page.openings.iter().filter_map(|o| Some(o.opened()?.0)).collect();
    for opening in &page.openings {
        let (by, said) = (person(&opening.asked_by, &opening.role, ctx), opening.reason.clone());
        told.push(Told { at: opening.asked_at, what: r.open_asked, by, said });
        if let (Some(outcome), Some(at)) = (opening.outcome(), opening.decided_at) {
            let what = if outcome == openings::Outcome::Opened { r.opened } else { r.open_refused };
            told.push(Told { at, what, by: opening.decided_by.clone(), said: String::new() });
        }
    }
    for lock in opened.iter().chain(&page.lock) {
        let coverage = fill(ctx.words.official.coverage, &[&percent(lock.coverage_bp)]);
        let said = if lock.reason.is_empty() { coverage } else { format!("{coverage} · {}", lock.reason) };
        told.push(Told { at: lock.locked_at, what: r.locked, by: lock.actor.clone(), said });
    }
    told.sort_by_key(|step| step.at);
    told
}

/// Who, with the role they had then.
fn person(name: &str, role: &str, ctx: &Ctx) -> String {
    Role::parse(role).map_or_else(|| name.to_owned(), |role| format!("{name}（{}）", role_name(role, ctx)))
}

/// The same month by pay day: all that was paid in it and everything that happened to it up to now.
fn cohort(page: &Page, ctx: &Ctx) -> Markup {
    let (o, r, c) = (&ctx.words.official, &ctx.words.review, &page.cohort);
    let yuan = |fen: i64| html! { (number::short(fen, ctx.lang)) };
    html! {
        section.card {
            h2 { (r.cohort) }
            p.quiet { (r.cohort_note) }
            dl.facts {
                (amount::fact(o.gmv, &yuan(c.gmv_fen)))
                (amount::fact(o.net, &yuan(c.net_fen)))
                (amount::fact(o.income, &yuan(c.farmer_income_fen)))
                (amount::fact(o.uplift, &yuan(c.uplift_fen)))
                (amount::fact(o.provisional, &yuan(c.uplift_provisional_fen)))
            }
        }
    }
}

/// `GET /months/{month}`; a month that holds nothing has no page, and its reader the list.
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(month): Path<String>,
) -> Result<Response, WebError> {
    let (scope, account_id) = (visit.scope()?, visit.reader()?.login.account_id);
    let today = app.clock.today();
    let Some(month) = asked(scope, &month)?.filter(|&month| month <= today) else {
        return Ok(Redirect::to(PATH).into_response());
    };
    let page = async { load(&mut app.store.read(scope).await?, month, today, account_id).await }.await?;
    let page = Page { address: format!("{}{PATH}/{}", site(&app, &headers), month_key(month)), ..page };
    if page.now.is_empty() && page.filings.is_empty() && page.lock.is_none() {
        return Ok(Redirect::to(PATH).into_response());
    }
    Ok(render(&page, &visit.ctx).into_response())
}

async fn load(session: &mut Session, month: Day, today: Day, account_id: i64) -> anyhow::Result<Page> {
    let county = session.scope().county();
    let range = Range { from: Some(month), to: next_month(month).pred_opt() };
    let lock = ledger::list_locks(session).await?.into_iter().find(|lock| lock.month == month);
    let request = Request { range, households: lock.is_none(), ..Request::all(county, Grouping::Total) };
    let now = figures::total(session, &request).await?;
    let cohort = figures::total(session, &Request { basis: Basis::Pay, households: false, ..request }).await?;
    let stored = month_reports::list_of_month(session, month).await?;
    let count = stored.len();
    let reports: Vec<Shown> = stored
        .into_iter()
        .filter_map(|stored| Some(Shown { report: Report::parse(&stored.document)?, head: stored.head }))
        .collect();
    Ok(Page {
        month,
        is_over: today >= next_month(month),
        now,
        cohort,
        lock,
        missing: KnownShops::load(session).await?.missing_from(month),
        filings: filings::list_of_month(session, month).await?,
        openings: openings::list(session).await?.into_iter().filter(|o| o.month == month).collect(),
        notes: month_notes::list(session, month, month).await?,
        unreadable: reports.len() < count,
        reports,
        late: late::list(session, month).await?,
        account_id,
        address: String::new(),
    })
}

//! One shop: how far it is known, how it is reached, when it is pulled next, what came in lately; and the forms for its
//! keys, a try of the connection, its pace, its pause.
//!
//! Not here: taking what those forms send ([`super::shop_change`]).

use super::arrivals;
use super::files::{kind, profile_named};
use super::new_shop::asks;
use super::shops::{operator_name, standing};
use crate::domain::access::Role;
use crate::domain::audit::{Noun, Row as Told, Verb};
use crate::domain::calendar::{Instant, clock_text, day_of, until_text};
use crate::domain::pulling::{EVERY, first_day_in_reach};
use crate::services::catching_up::{self, Progress};
use crate::services::connection::{self, Advice, Answer};
use crate::services::import::{self, Profile};
use crate::services::secrets::{self, Held};
use crate::services::shops;
use crate::store::goods::{self, Shop};
use crate::store::schedules::{self, Gap, PullRow, Schedule};
use crate::store::{Session, audit, pauses, quarantine};
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::platform;
use crate::web::ui::amount::fact;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::Cell;
use crate::web::wording::fill;
use crate::web::{App, AppState};
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Tries and files that are shown.
const LATEST: i64 = 15;
/// Seconds after which the page asks for itself again while the shop is caught up with; no script is needed for that.
const REFRESH_SECONDS: &str = "10";
/// How long the page tells of catching up that is over.
const TOLD_FOR: TimeDelta = TimeDelta::days(3);

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub shop: Shop,
    pub operator: String,
    pub held: Option<Held>,
    pub paused: bool,
    pub set_aside: i64,
    /// How far the interface was asked.
    pub pulled_to: Option<Instant>,
    /// `None` where it was never pulled and nobody has set anything.
    pub schedule: Option<Schedule>,
    /// Tries to pull it, newest first.
    pub pulls: Vec<PullRow>,
    /// Spans that the interface no longer showed when they were to be pulled.
    pub gaps: Vec<Gap>,
    /// Files of it as the audit trail tells them, newest first.
    pub files: Vec<Told>,
    pub now: Instant,
    /// Keys can be stored on this server.
    pub has_keyring: bool,
    /// What came of trying the connection just now.
    pub answer: Option<Answer>,
    /// How far pulling has come that began behind.
    pub progress: Option<Progress>,
    /// The profiles of this platform's export files.
    pub exports: Vec<Arc<Profile>>,
    /// The reader fills in a form: the page does not ask for itself again.
    pub still: bool,
}

impl Page {
    /// Whether the page asks for itself again: something moves, and nobody is typing.
    fn refreshes(&self) -> bool {
        let moves =
            self.held.is_some() && !self.paused && self.schedule.as_ref().is_none_or(|schedule| schedule.failures == 0);
        moves && !self.still && self.answer.is_none() && self.progress.is_some_and(|progress| !progress.is_over())
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let shop = &page.shop;
    let path = format!("/branch/shops/{}", shop.shop_id);
    let needs = connection::needs(&shop.platform);
    let may_change = ctx.may_change();
    let body = html! {
        @if let Some(answer) = &page.answer { (answered(answer, ctx)) }
        section.card {
            h1 { (shop.name) }
            (super::audit::history(&[Noun::Shop, Noun::Orders, Noun::Credentials], &shop.shop_key, ctx))
            p.quiet { (fill(s.shop_facts, &[platform(&shop.platform, ctx), &shop.shop_key, operator(page, ctx)])) }
            (facts(page, ctx))
            @for Gap { from_at: from, to_at: to, .. } in &page.gaps {
                p.warn role="status" { (fill(s.gap, &[&clock_text(*from), &clock_text(*to)])) }
            }
            p.actions {
                @if may_change { a.button href={ "/branch/files?shop=" (shop.shop_key) } { (s.import_here) } }
                @if page.set_aside > 0 {
                    a.button href={ (path) "/set-aside" } { (fill(s.see_set_aside, &[&grouped(page.set_aside)])) }
                }
            }
        }
        @if let Some(progress) = &page.progress { (catching_up(page, progress, ctx)) }
        @if needs.is_some() { section.card { h2 { (s.pulls) } (arrivals::pulls(&page.pulls, ctx).render(ctx)) } }
        section.card {
            h2 { (s.files_lately) }
            (arrivals::files(&page.files, ctx).render(ctx))
            p { a href="/branch/files/log" { (s.log_title) } }
        }
        @if ctx.role == Some(Role::BranchAdmin) {
            @match needs {
                None => section.card { (asks(None, ctx)) },
                Some(needs) => {
                    @if page.held.is_some() { (connection_card(&path, needs.merchant_code, ctx)) }
                    @if page.refreshes() {
                        section.card { p.quiet { (s.forms_wait) } p { a.button href={ (path) "?still=1" } { (s.refresh_stop) } } }
                    } @else {
                        @if page.held.is_some() && page.pulled_to.is_some() { (pull_from_card(page, &path, ctx)) }
                        (credentials_card(page, &path, needs, ctx))
                        (pace_card(page, &path, ctx))
                    }
                    (pause_card(page, &path, ctx))
                },
            }
        }
    };
    shell::page(&shop.name, Some(Section::Shops), &body, ctx)
}

fn operator<'a>(page: &'a Page, ctx: &'a Ctx) -> &'a str {
    if page.operator.is_empty() { ctx.words.sources.operator_none } else { &page.operator }
}

fn facts(page: &Page, ctx: &Ctx) -> Markup {
    let (b, s, c) = (&ctx.words.branch, &ctx.words.sources, &ctx.words.frame);
    let shop = &page.shop;
    let known_to = shop.known_to_at.map_or_else(|| b.never.to_owned(), until_text);
    let pulled_to = page.pulled_to.map_or_else(|| c.none.to_owned(), clock_text);
    let number = if shop.platform_shop_id.is_empty() { c.none } else { &shop.platform_shop_id };
    let reached =
        if page.paused { Cell::Warn(s.paused.into()) } else { standing(shop, page.held.as_ref(), page.now, ctx) };
    html! {
        dl.facts {
            (fact(b.col_known_to, &html! { (known_to) }))
            (fact(s.col_keys, &reached.render(ctx)))
            (fact(s.pulled_to, &html! { (pulled_to) }))
            @if let Some(schedule) = &page.schedule { (next_pull(schedule, page, ctx)) }
            (fact(s.number, &html! { (number) }))
            (fact(s.col_set_aside, &html! { (grouped(page.set_aside)) }))
        }
    }
}

/// When it is pulled next, and how often in a row that failed; a paused shop is not.
fn next_pull(schedule: &Schedule, page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let next = if schedule.due_at <= page.now { s.next_due_now.to_owned() } else { clock_text(schedule.due_at) };
    html! {
        @if !page.paused { (fact(s.next_due, &html! { (next) })) }
        @if schedule.failures > 0 {
            @let times = fill(s.failures_times, &[&schedule.failures.to_string()]);
            (fact(s.failures, &Cell::Warn(times).render(ctx)))
        }
    }
}

fn answered(answer: &Answer, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        section.card role="status" {
            @match answer {
                Answer::Fine(fine) => {
                    h2 { (s.connection_fine) }
                    p { (fill(s.connection_fine_text, &[
                        &fine.shop_name, &fine.platform_shop_id, &grouped(fine.orders), &clock_text(fine.token_ends_at),
                    ])) }
                },
                Answer::Refused(advice, said) => {
                    h2.warn { (s.connection_refused) }
                    p { @match advice {
                        Advice::Mend => (s.connection_mend),
                        Advice::Later => (s.connection_later),
                        Advice::Tomorrow => (s.connection_tomorrow),
                        Advice::Tell => (s.connection_tell),
                    } }
                    p.quiet { (s.connection_said) " " code { (said) } }
                },
            }
        }
    }
}

fn connection_card(path: &str, asks_code: bool, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        section.card {
            h2 { (s.connection) }
            p.quiet { (s.connection_note) }
            form.stacked method="post" action={ (path) "/test" } {
                @if asks_code {
                    (form::field(&Field::text("merchant_code", s.connection_code).note(s.connection_code_note).optional()))
                }
                button type="submit" { (s.connection_button) }
            }
        }
    }
}

fn credentials_card(page: &Page, path: &str, needs: connection::Needs, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        section.card {
            h2 { (s.credentials) }
            (asks(Some(needs), ctx))
            @if let Some(held) = &page.held { p { (fill(s.credentials_stored, &[&day_of(held.stored_at).to_string()])) } }
            @if page.has_keyring {
                p.quiet { (s.credentials_note) }
                form.stacked method="post" action={ (path) "/credentials" } {
                    (form::field(&Field::text("number", s.shop_number).value(&page.shop.platform_shop_id)
                        .note(s.shop_number_note).optional()))
                    (form::field(&Field::text("app_key", s.app_key)))
                    (form::field(&Field::password("app_secret", s.app_secret).complete("new-password")))
                    @if needs.sign_secret {
                        (form::field(&Field::password("sign_secret", s.sign_secret).complete("new-password")))
                    }
                    button.primary type="submit" { (s.credentials_button) }
                }
            } @else {
                p.warn { (s.credentials_no_keyring) }
            }
        }
    }
}

fn pace_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let minutes = page.schedule.as_ref().map_or(EVERY.num_minutes(), |schedule| schedule.pull_every_minutes);
    html! {
        section.card {
            h2 { (s.pace_title) }
            form.stacked method="post" action={ (path) "/pace" } {
                @let note = fill(s.pace_note, &[shops::PACE.start(), shops::PACE.end(), &EVERY.num_minutes()].map(ToString::to_string).each_ref().map(String::as_str));
                (form::field(&Field::digits("minutes", s.pace_label, 4).value(&minutes.to_string()).note(&note)))
                button type="submit" { (s.pace_button) }
            }
        }
    }
}

fn pull_from_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let first = first_day_in_reach(page.now).to_string();
    html! {
        section.card {
            h2 { (s.pull_from_title) }
            p.quiet {
                (fill(s.pull_from_note, &[&first])) " "
                a href={ "/branch/files?shop=" (page.shop.shop_key) } { (s.import_here) }
            }
            @if let Some(reach) = reaches(&page.shop, ctx) { p.quiet { (reach) } }
            @if !page.exports.is_empty() {
                p.quiet { (s.reach_exports) }
                ul { @for profile in &page.exports { li { (profile_named(profile, ctx)) " · " (kind(profile.kind, ctx)) } } }
            }
            form.stacked method="post" action={ (path) "/pull-from" } {
                (form::field(&Field::day("from", s.pull_from_label)))
                button type="submit" { (s.pull_from_button) }
            }
        }
    }
}

/// How far pulling has come that began behind: windows, day reached, records read; how it ended stands for some days.
fn catching_up(page: &Page, progress: &Progress, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let Progress { from, to, reached, windows_done, windows, seen, .. } = *progress;
    let failing = page.schedule.as_ref().is_some_and(|schedule| schedule.failures > 0);
    let counts = [windows_done.to_string(), windows.to_string(), clock_text(reached), clock_text(to), grouped(seen)];
    html! {
        section.card role="status" {
            h2 { @if progress.is_over() { (s.caught_up) } @else { (s.catching_up) } }
            p.quiet { (fill(s.catching_up_span, &[&clock_text(from), &clock_text(to)])) }
            p {
                progress value=(windows_done) max=(windows) aria-label=(s.catching_up) {}
                " " (fill(s.catching_up_counts, &counts.each_ref().map(String::as_str)))
            }
            @if !progress.is_over() {
                @if page.paused { p.warn { (s.catching_up_paused) } }
                @else if page.held.is_none() { p.warn { (s.catching_up_no_keys) } }
                @else if failing { p.warn { (s.catching_up_fails) } }
                @else if page.refreshes() { p.quiet { (fill(s.refreshes, &[REFRESH_SECONDS])) } }
            }
        }
    }
}

/// How far back the platform's interface shows each kind of record.
fn reaches(shop: &Shop, ctx: &Ctx) -> Option<String> {
    let s = &ctx.words.sources;
    let days = |reach: Option<TimeDelta>| match reach {
        Some(reach) => fill(s.reach_days, &[&reach.num_days().to_string()]),
        None => s.reach_unstated.to_owned(),
    };
    let [orders, refunds, settlements] = connection::reaches(&shop.platform)?.map(days);
    Some(fill(s.reach, &[&orders, &refunds, &settlements]))
}

fn pause_card(page: &Page, path: &str, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let (action, label) = if page.paused { ("resume", s.resume_button) } else { ("pause", s.pause_button) };
    html! {
        section.card {
            h2 { (s.pause_title) }
            p { (s.pause_text) }
            form method="post" action={ (path) "/" (action) } { button type="submit" { (label) } }
        }
    }
}

/// The shop of a number in the reader's county.
pub async fn find(session: &mut Session, shop_id: i64) -> Result<Shop, WebError> {
    let shops = goods::list_shops(session).await.map_err(anyhow::Error::from)?;
    shops.into_iter().find(|shop| shop.shop_id == shop_id).ok_or(WebError::NotFound)
}

/// Reads the page; with what came of a try, and standing still.
pub async fn load(app: &App, visit: &Visit, id: i64, answer: Option<Answer>, still: bool) -> Result<Page, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let shop = find(session, id).await?;
    let load = async {
        let operator = operator_name(&goods::list_operators(session).await?, shop.operator_id);
        let held = secrets::held(session, app.keyring.as_ref()).await?;
        let checkpoints = quarantine::list_checkpoints(session).await?;
        let set_aside = quarantine::count_by_shop(session).await?;
        let (progress, now) = (catching_up::find(session, id).await?, app.clock.now());
        Ok::<_, anyhow::Error>(Page {
            operator,
            held: held.into_iter().find(|held| held.shop_id == id),
            paused: pauses::is_paused(session, id).await?,
            set_aside: set_aside.iter().find(|(shop_id, _)| *shop_id == id).map_or(0, |(_, count)| *count),
            pulled_to: checkpoints.iter().filter(|(shop_id, ..)| *shop_id == id).map(|(.., at)| *at).min(),
            schedule: schedules::find(session, id).await?,
            pulls: schedules::list_pulls(session, id, LATEST).await?,
            gaps: schedules::list_gaps(session).await?.into_iter().filter(|gap| gap.shop_id == id).collect(),
            files: audit::list_lately(session, Verb::Import, Noun::Orders, &shop.shop_key, LATEST).await?,
            now,
            has_keyring: app.keyring.is_some(),
            answer,
            progress: progress.filter(|of| !of.is_over() || now - of.begun_at < TOLD_FOR),
            exports: import::of_platform(&shop.platform),
            still,
            shop,
        })
    };
    Ok(load.await?)
}

/// Whether the page is to stand still.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Still {
    still: String,
}

/// `GET /branch/shops/{id}?still=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Still>,
) -> Result<Response, WebError> {
    let page = load(&app, &visit, id, None, !asked.still.is_empty()).await?;
    let shown = render(&page, &visit.ctx);
    Ok(if page.refreshes() {
        ([(REFRESH, HeaderValue::from_static(REFRESH_SECONDS))], shown).into_response()
    } else {
        shown.into_response()
    })
}

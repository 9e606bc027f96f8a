//! 今天: what waits for a person, each with why it matters and where to do it, and the week's streams.

use super::streams::{self, StreamRow};
use super::training::EXPIRY_DAYS;
use crate::domain::calendar::{Day, Instant, clock_text, day_of, month_key, month_start, next_month, start_of};
use crate::domain::ladder::Retraining;
use crate::domain::ledger::facts::Class;
use crate::domain::payouts::State;
use crate::services::figures::Request;
use crate::services::secrets::{self, Held};
use crate::store::doubles;
use crate::store::filings::{self, Filing};
use crate::store::goods_certificates;
use crate::store::ladder;
use crate::store::ledger::{self, MonthLock};
use crate::store::listings;
use crate::store::lots;
use crate::store::pauses::{self, Pause};
use crate::store::payouts::{self, Payout};
use crate::store::people;
use crate::store::price_book;
use crate::store::requests;
use crate::store::{Session, figures, goods};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::number::{grouped, kilograms, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::extract::State as Shared;
use chrono::{Datelike, TimeDelta};
use maud::{Markup, html};
use std::borrow::Cow;

/// Days before a token ends for good in which it is said.
const TOKEN_DAYS: i64 = 7;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub todo: Vec<Todo>,
    /// Since Monday.
    pub streams: Vec<StreamRow>,
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Todo {
    /// On air now, or later today.
    Stream {
        stream_id: i64,
        label: String,
        starts_at: Instant,
        on_air: bool,
    },
    /// A shop that cannot be pulled for long without its keeper.
    Token {
        shop: String,
        shop_id: i64,
        ends_at: Instant,
    },
    Unlisted {
        lines: i64,
    },
    Undecided {
        lines: i64,
    },
    /// Paid lines for which no lot holds goods.
    Short {
        lines: i64,
        missing_g: i64,
    },
    /// Prices another person has to approve.
    PricesWaiting {
        prices: usize,
    },
    Certificate {
        anchor: String,
        expires_on: Day,
    },
    /// A certificate's holder whose yearly re-training is due or late.
    Retraining {
        anchor_id: i64,
        anchor: String,
        due: Retraining,
    },
    NeverPulled {
        shop: String,
    },
    /// Papers of goods that end soon, or have ended.
    PapersEnding {
        papers: usize,
    },
    /// Drafts of listings, approved by nobody yet.
    DraftsWaiting {
        drafts: usize,
    },
    /// What households propose for sale, seen to by nobody yet.
    ProposalsWaiting {
        proposals: usize,
    },
    /// Put forward, and locked by nobody yet.
    MonthWaiting {
        month: Day,
        filed_by: String,
    },
    /// The last month that is over, neither locked nor put forward.
    MonthToFile {
        month: Day,
    },
    /// Asked by households, and given to nobody yet.
    RequestsOpen {
        requests: i64,
    },
    /// Records said to be doubles, which another person has to look at.
    DoublesWaiting {
        entries: usize,
    },
    /// A step of the ladder that another person has to approve.
    StepWaiting {
        step_id: i64,
        anchor: String,
        proposed_by: String,
    },
    /// Put forward, and approved by nobody yet.
    PayoutWaiting {
        payout_id: i64,
        amount_fen: i64,
        proposed_by: String,
    },
}

impl Todo {
    /// What presses first has the least: what runs now, what stops orders from coming, what people wait for, what keeps money
    /// from its place, what has days.
    const fn place(&self) -> u8 {
        match self {
            Self::Stream { on_air: true, .. } => 0,
            Self::Stream { .. } => 1,
            Self::Token { .. } => 2,
            Self::NeverPulled { .. } => 3,
            Self::Short { .. } => 4,
            Self::RequestsOpen { .. } => 5,
            Self::PayoutWaiting { .. } => 6,
            Self::DoublesWaiting { .. } => 7,
            Self::Undecided { .. } => 8,
            Self::Unlisted { .. } => 9,
            Self::StepWaiting { .. } => 10,
            Self::PricesWaiting { .. } => 11,
            Self::ProposalsWaiting { .. } => 12,
            Self::DraftsWaiting { .. } => 13,
            Self::MonthWaiting { .. } => 14,
            Self::MonthToFile { .. } => 15,
            Self::PapersEnding { .. } => 16,
            Self::Certificate { .. } => 17,
            Self::Retraining { due: Retraining { late: true, .. }, .. } => 18,
            Self::Retraining { .. } => 19,
        }
    }

    /// What, why, and where to see to it.
    fn words(&self, ctx: &Ctx) -> (String, &'static str, Cow<'static, str>) {
        let (b, s) = (&ctx.words.branch, &ctx.words.streams);
        match self {
            Self::Stream { stream_id, label, on_air: true, .. } => (
                fill(s.today_stream_live, &[label]),
                s.today_stream_live_why,
                format!("/branch/streams/{stream_id}/live").into(),
            ),
            Self::Stream { stream_id, label, starts_at, .. } => (
                fill(s.today_stream, &[&clock_text(*starts_at), label]),
                s.today_stream_why,
                format!("/branch/streams/{stream_id}").into(),
            ),
            Self::Token { shop, shop_id, ends_at } => (
                fill(s.today_token, &[shop, &clock_text(*ends_at)]),
                s.today_token_why,
                format!("/branch/shops/{shop_id}").into(),
            ),
            Self::Unlisted { lines } => {
                (fill(b.today_unlisted, &[&grouped(*lines)]), b.today_unlisted_why, Section::Unmatched.href().into())
            }
            Self::Undecided { lines } => {
                (fill(b.today_undecided, &[&grouped(*lines)]), b.today_undecided_why, Section::Unmatched.href().into())
            }
            Self::Short { lines, missing_g } => {
                let l = &ctx.words.lots;
                let what = fill(l.today_short, &[&grouped(*lines), &kilograms(*missing_g)]);
                (what, l.today_short_why, Section::Lots.href().into())
            }
            Self::PricesWaiting { prices } => {
                let p = &ctx.words.price_book;
                (fill(p.today_waiting, &[&prices.to_string()]), p.today_waiting_why, Section::Prices.href().into())
            }
            Self::PapersEnding { papers } => {
                let g = &ctx.words.goods;
                let what = fill(g.today_expiring, &[&papers.to_string(), &super::goods::SOON_DAYS.to_string()]);
                (what, g.today_expiring_why, Section::Goods.href().into())
            }
            Self::DraftsWaiting { drafts } => {
                let g = &ctx.words.goods;
                (fill(g.today_drafts, &[&drafts.to_string()]), g.today_drafts_why, Section::Goods.href().into())
            }
            Self::ProposalsWaiting { proposals } => {
                let p = &ctx.words.proposals;
                (fill(p.today_waiting, &[&proposals.to_string()]), p.today_waiting_why, Section::Goods.href().into())
            }
            Self::Certificate { anchor, expires_on } => (
                fill(b.today_certificate, &[anchor, &expires_on.to_string()]),
                b.today_certificate_why,
                Section::Training.href().into(),
            ),
            Self::Retraining { anchor_id, anchor, due } => (
                fill(ctx.words.classes.today_retrain, &[anchor, &due.by.to_string(), &due.hours.to_string()]),
                ctx.words.classes.today_retrain_why,
                format!("/branch/anchors/{anchor_id}").into(),
            ),
            Self::NeverPulled { shop } => (fill(b.today_shop, &[shop]), b.today_shop_why, Section::Shops.href().into()),
            Self::MonthWaiting { month, filed_by } => (
                fill(b.today_month_waiting, &[&month_key(*month), filed_by]),
                b.today_month_waiting_why,
                Section::Locks.href().into(),
            ),
            Self::RequestsOpen { requests } => (
                fill(ctx.words.requests.today_open, &[&grouped(*requests)]),
                ctx.words.requests.today_open_why,
                Section::Requests.href().into(),
            ),
            Self::DoublesWaiting { entries } => (
                fill(ctx.words.doubles.today_waiting, &[&entries.to_string()]),
                ctx.words.doubles.today_waiting_why,
                super::double::PATH.into(),
            ),
            Self::StepWaiting { step_id, anchor, proposed_by } => (
                fill(ctx.words.training.today_step, &[anchor, proposed_by]),
                ctx.words.training.today_step_why,
                super::ladder_step::address(*step_id).into(),
            ),
            Self::PayoutWaiting { payout_id, amount_fen, proposed_by } => (
                fill(ctx.words.payouts.today_waiting, &[&payout_id.to_string(), &yuan(*amount_fen), proposed_by]),
                ctx.words.payouts.today_waiting_why,
                Section::Payouts.href().into(),
            ),
            Self::MonthToFile { month } => {
                (fill(b.today_month, &[&month_key(*month)]), b.today_month_why, Section::Locks.href().into())
            }
        }
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let b = &ctx.words.branch;
    let body = html! {
        section.card {
            h1 { (b.today_title) }
            @if page.todo.is_empty() { p.empty { (b.today_none) } }
            ul.todo {
                @for todo in &page.todo {
                    @let (what, why, href) = todo.words(ctx);
                    li { div { strong.warn { (what) } p.quiet { (why) } } a.button href=(href) { (b.today_do) } }
                }
            }
        }
        section.card {
            h2 { (b.week_title) }
            p.quiet { (fill(b.week_count, &[&page.streams.len().to_string()])) }
            (streams::table(&page.streams, "/branch/streams", b.streams_none, ctx).render(ctx))
        }
    };
    shell::page(b.nav_today, Some(Section::Today), &body, ctx)
}

/// `GET /branch`
pub async fn show(Shared(app): Shared<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let page = load(&app, &visit).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let (now, today) = (app.clock.now(), app.clock.today());
    let monday = today - TimeDelta::days(today.weekday().num_days_from_monday().into());
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let question = figures::Question {
            basis: figures::Basis::Event,
            range: figures::Range::default(),
            region: scope.region(),
            grouping: figures::Grouping::Class,
            headline_only: false,
            by_month: false,
            only: None,
            households: false,
            counts: true,
        };
        let classes = figures::counts(session, &question).await?;
        let unlisted = classes.iter().map(|(_, counts)| counts.lines_without_listing).sum();
        let undecided =
            classes.iter().filter(|(key, _)| key == Class::Inferred.key()).map(|(_, counts)| counts.lines).sum();
        let anchors = people::list_anchors(session).await?;
        let certificates = ladder::list_papers(session).await?;
        let shops = goods::list_shops(session).await?;
        let (waiting, locks) = (filings::list_waiting(session).await?, ledger::list_locks(session).await?);
        let streams = streams::between(session, monday.min(today - TimeDelta::days(1)), today).await?;
        let mut todo: Vec<Todo> = streams.iter().rev().filter_map(|s| due(s, now)).collect();
        let held = secrets::held(session, app.keyring.as_ref()).await?;
        todo.extend(held.iter().filter_map(|held| token(held, &shops, now)));
        todo.extend((unlisted > 0).then_some(Todo::Unlisted { lines: unlisted }));
        todo.extend((undecided > 0).then_some(Todo::Undecided { lines: undecided }));
        let short = lots::list_shortages(session).await?;
        let (lines, missing_g) = short.iter().fold((0, 0), |(n, g), (_, lines, grams, _)| (n + lines, g + grams));
        todo.extend((lines > 0).then_some(Todo::Short { lines, missing_g }));
        let prices = price_book::list_waiting(session).await?.len();
        todo.extend((prices > 0).then_some(Todo::PricesWaiting { prices }));
        let drafts = listings::list_waiting(session).await?.len();
        todo.extend((drafts > 0).then_some(Todo::DraftsWaiting { drafts }));
        let proposals = super::proposal::list_waiting(session).await?.len();
        todo.extend((proposals > 0).then_some(Todo::ProposalsWaiting { proposals }));
        let papers = super::goods::ending(&goods_certificates::list_papers(session).await?, today).len();
        todo.extend((papers > 0).then_some(Todo::PapersEnding { papers }));
        todo.extend(anchors.iter().filter_map(|a| expiring(&certificates, a, today)));
        todo.extend(
            super::training::list_retraining(session, (&anchors, &certificates), today)
                .await?
                .into_iter()
                .map(|(anchor_id, anchor, due)| Todo::Retraining { anchor_id, anchor, due }),
        );
        todo.extend(ladder::list_waiting(session).await?.into_iter().map(|step| {
            let anchor = anchors.iter().find(|a| a.anchor_id == step.anchor_id);
            let anchor = anchor.map(|a| a.name.clone()).unwrap_or_default();
            Todo::StepWaiting { step_id: step.step_id, anchor, proposed_by: step.proposed_by }
        }));
        todo.extend(month_to_file(session, (&waiting, &locks), &shops, today).await?);
        todo.extend(waiting.into_iter().map(|f| Todo::MonthWaiting { month: f.month, filed_by: f.filed_by }));
        let asked = requests::count_open(session).await?;
        let doubles = doubles::list_waiting(session).await?.len();
        todo.extend((doubles > 0).then_some(Todo::DoublesWaiting { entries: doubles }));
        todo.extend((asked > 0).then_some(Todo::RequestsOpen { requests: asked }));
        todo.extend(payouts::list_open(session).await?.into_iter().filter(is_proposed).map(|p| Todo::PayoutWaiting {
            payout_id: p.payout_id,
            amount_fen: p.amount_fen,
            proposed_by: p.proposed_by,
        }));
        todo.extend(shops.into_iter().filter(|s| s.known_to_at.is_none()).map(|s| Todo::NeverPulled { shop: s.name }));
        todo.sort_by_key(Todo::place);
        let of_week = |s: &StreamRow| day_of(s.starts_at) >= monday;
        Ok::<_, anyhow::Error>(Page { todo, streams: streams.into_iter().filter(of_week).collect() })
    };
    Ok(load.await?)
}

/// A stream that is on air, or begins today.
fn due(stream: &StreamRow, now: Instant) -> Option<Todo> {
    let ends_at = stream.starts_at + TimeDelta::minutes(stream.minutes);
    let on_air = stream.starts_at <= now && now <= ends_at;
    let place = if stream.room.is_empty() { String::new() } else { format!(" · {}", stream.room) };
    (on_air || stream.starts_at > now).then(|| Todo::Stream {
        stream_id: stream.stream_id,
        label: format!("{}{place}", stream.anchor),
        starts_at: stream.starts_at,
        on_air,
    })
}

/// A shop whose token can soon no longer be renewed, or cannot any more.
fn token(held: &Held, shops: &[goods::Shop], now: Instant) -> Option<Todo> {
    let (_, ends_at) = held.token_ends.filter(|(_, ends_at)| *ends_at <= now + TimeDelta::days(TOKEN_DAYS))?;
    let shop = shops.iter().find(|shop| shop.shop_id == held.shop_id)?;
    Some(Todo::Token { shop: shop.name.clone(), shop_id: shop.shop_id, ends_at })
}

fn is_proposed(payout: &Payout) -> bool {
    payout.state() == State::Proposed
}

/// The last month that is over and holds anything, once every shop that is still pulled is known past its end.
async fn month_to_file(
    session: &mut Session,
    (waiting, locks): (&[Filing], &[MonthLock]),
    shops: &[goods::Shop],
    today: Day,
) -> anyhow::Result<Option<Todo>> {
    let Some(last) = month_start(today).pred_opt() else { return Ok(None) };
    let month = month_start(last);
    let end = start_of(next_month(month));
    let paused = pauses::list(session).await?;
    let is_known = are_known_to(end, shops, &paused);
    let is_open = waiting.iter().all(|f| f.month != month) && locks.iter().all(|lock| lock.month != month);
    if !is_known || !is_open {
        return Ok(None);
    }
    let region = session.scope().region();
    let range = figures::Range { from: Some(month), to: Some(last) };
    let request = Request { range, households: false, ..Request::all(region, figures::Grouping::Total) };
    let total = crate::services::figures::total(session, &request).await?;
    Ok((!total.is_empty()).then_some(Todo::MonthToFile { month }))
}

/// Whether every shop that has orders and is not paused is known to a moment, and there is one.
fn are_known_to(end: Instant, shops: &[goods::Shop], paused: &[Pause]) -> bool {
    let pulled = shops.iter().filter(|shop| paused.iter().all(|pause| pause.shop_id != shop.shop_id));
    let mut known = pulled.filter_map(|shop| shop.known_to_at).peekable();
    known.peek().is_some() && known.all(|at| at >= end)
}

/// An anchor whose last certificate ends soon, or has ended.
fn expiring(certificates: &[ladder::Paper], anchor: &people::Anchor, today: Day) -> Option<Todo> {
    super::training::last_expiry(certificates, anchor.anchor_id)
        .filter(|&day| day <= today + TimeDelta::days(EXPIRY_DAYS))
        .map(|expires_on| Todo::Certificate { anchor: anchor.name.clone(), expires_on })
}

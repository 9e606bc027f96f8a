//! A month of one household.

use super::{day_words, goods, listing, money, month_words, payouts, requests};
use crate::domain::access::Scope;
use crate::domain::amounts::Col;
use crate::domain::calendar::{Day, Instant, day_of, month_key, until_text};
use crate::domain::calendar::{next_month, parse_day, parse_month};
use crate::domain::ledger::facts::Outcome;
use crate::domain::payouts::{owed_until, pay_day};
use crate::domain::requests::About;
use crate::reports::statement::{DaySold, Sold};
use crate::store::households::{self, By, Payer};
use crate::store::lines::{self, Chosen, Lens};
use crate::store::payouts::due::{self, Of};
use crate::store::payouts::own::{self, Own};
use crate::store::{Session, figures, rows};
use crate::web::AppState;
use crate::web::assets;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::number::{grouped, per_weight_fen, weight};
use crate::web::ui::shell;
use crate::web::wording::fill;
use anyhow::Context;
use axum::extract::{Path, State};
use chrono::Datelike;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// Family name only: a phone is shown around.
    pub household: String,
    pub village: String,
    /// First day of the month.
    pub month: Day,
    /// What arrived; `None` for months before anybody recorded payouts.
    pub arrived: Option<Arrived>,
    /// Since when payouts are recorded, where that was after the month.
    pub recorded_since: Option<Day>,
    /// Settled income of the month.
    pub due_fen: i64,
    /// By when it is to be paid, where whoever pays has named a day.
    pub due_on: Option<Day>,
    /// Everything not settled up to the end of the month.
    pub pending_fen: i64,
    /// The month has ended: what was not settled then may be by now.
    pub is_over: bool,
    pub sold: Vec<Sold>,
    pub returned: Vec<Returned>,
    /// Newest first.
    pub days: Vec<DaySold>,
    /// A parcel to work out: the last one sold.
    pub parcel: Option<i64>,
    /// Other months with sales, newest first.
    pub months: Vec<Day>,
    pub phone: Option<String>,
    pub as_of: Option<Instant>,
    /// Where the payouts of this household stand, for the household itself.
    pub payouts_at: Option<&'static str>,
    /// Where the months of this household stand.
    pub months_at: String,
    /// The household's key, where its village contact reads: 陈* alone tells no two of a village apart. Such a page
    /// leads to other months and back, and no further in.
    pub contact_key: Option<String>,
}

/// What is recorded of payments.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Money that came in the month, less what went back.
    pub fen: i64,
    /// The payouts behind it, the newest first.
    pub payouts: Vec<Own>,
    /// Earned up to the end of the month and not paid by then; below zero where too much was.
    pub outstanding_fen: i64,
    /// Some of it ought to have been paid by now.
    pub is_late: bool,
}

/// What came back, by what became of it.
#[derive(Debug, Clone)]
pub struct Returned {
    pub outcome: Outcome,
    pub orders: i64,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let body = html! {
        header.phone-head {
            span { (fill(f.home_of, &[&page.household, &page.village])) }
            span { (month_words(page.month, ctx)) }
        }
        @if let Some(key) = &page.contact_key { p.quiet { (fill(ctx.words.access.slip_key, &[key])) } }
        (money_card(page, ctx))
        p.quiet { (f.due_why) }
        @if page.contact_key.is_none() { (aloud(ctx)) }
        @if page.sold.is_empty() && page.days.is_empty() {
            section.card { h2 { (f.nothing) } p { (f.nothing_why) } }
        } @else {
            h2 { (f.sold) }
            @for sold in &page.sold {
                @let leads_on = page.contact_key.is_none() && sold.listing_id != 0;
                (sold_card(sold, leads_on.then(|| listing::address(page.month, sold.listing_id)), ctx))
            }
            (returned_card(&page.returned, ctx))
        }
        @if let Some(line_id) = page.parcel.filter(|_| page.contact_key.is_none()) { a.button.primary href={ "/farmer/parcels/" (line_id) } { (f.how) } }
        @if let Some(phone) = &page.phone { a.button href={ "tel:" (phone) } { (f.call) " " (phone) } }
        @if page.contact_key.is_none() {
            (requests::link(About::Month(page.month), ctx))
            a.button.on-screen href=(requests::PATH) { (ctx.words.requests.mine) }
        }
        (days(&page.days, page.contact_key.is_none(), ctx))
        @if !page.months.is_empty() {
            h2.on-screen { (f.other_months) }
            nav.taps.on-screen { @for &month in &page.months {
                a href={ (page.months_at) "/" (month_key(month)) } { (month_words(month, ctx)) }
            } }
        }
        @if page.contact_key.is_none() {
            a.button.on-screen href="/farmer/lots" { (ctx.words.lots.own_link) }
            a.button.on-screen href=(goods::PATH) { (ctx.words.proposals.mine_link) }
        }
        @if !page.days.is_empty() {
            a.button.on-screen download href={ (page.months_at) "/" (month_key(page.month)) "/statement.pdf?lang=" (ctx.lang.key()) } {
                (ctx.words.sharing.statement_pdf)
            }
        }
        (as_of(page.as_of, ctx))
        @if page.contact_key.is_some() { a.button.on-screen href="/village" { (ctx.words.access.village_back) } }
    };
    shell::phone(f.title, &body, ctx)
}

/// A button that reads the marked parts of the page; without a script, or a browser that speaks, it is not there.
fn aloud(ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        button.on-screen #aloud type="button" hidden data-stop=(p.read_stop) { (p.read_aloud) }
        script src=(assets::aloud_href()) defer {}
    }
}

/// What the foot of every page of the phone says.
pub fn as_of(at: Option<Instant>, ctx: &Ctx) -> Markup {
    let text =
        at.map_or_else(|| ctx.words.frame.as_of_none.to_owned(), |at| fill(ctx.words.farmer.as_of, &[&until_text(at)]));
    html! { p.quiet { (text) } }
}

fn money_card(page: &Page, ctx: &Ctx) -> Markup {
    let (f, p) = (&ctx.words.farmer, &ctx.words.payouts);
    let due_on = page.due_on.map_or_else(
        || f.due_unknown.to_owned(),
        |day| fill(f.due_on, &[&day.month().to_string(), &day.day().to_string()]),
    );
    html! {
        section.card data-say {
            h1.label { (f.arrived) }
            @match &page.arrived {
                None => {
                    p.unrecorded { (f.arrived_unknown) }
                    p.quiet { (page.recorded_since.map_or_else(|| f.arrived_why.to_owned(), |day| fill(f.arrived_before, &[&day.to_string()]))) }
                },
                Some(arrived) => {
                    p.arrived { (money(arrived.fen)) }
                    @if arrived.payouts.is_empty() { p.quiet { (p.arrived_none) } }
                    @for own in &arrived.payouts { (payouts::said(own, ctx)) }
                },
            }
            div.tiles {
                @match &page.arrived {
                    None => div.tile { p { (f.due) } p.sum { (money(page.due_fen)) } @if page.recorded_since.is_none() { p { (due_on) } } },
                    Some(arrived) => (outstanding(arrived, &due_on, ctx)),
                }
                @let (label, why) = if page.is_over { (f.pending_then, f.pending_then_why) } else { (f.pending, f.pending_why) };
                div.tile { p { (label) } p.sum { (money(page.pending_fen)) } p { (why) } }
            }
            @if page.arrived.is_some() { p.pair { span { (f.due) } strong { (money(page.due_fen)) } } }
            @if let Some(href) = page.payouts_at.filter(|_| page.arrived.is_some() || page.recorded_since.is_some()) {
                a.button.on-screen href=(href) { (p.mine_link) }
            }
        }
    }
}

/// What is still to come, and when.
fn outstanding(arrived: &Arrived, due_on: &str, ctx: &Ctx) -> Markup {
    let p = &ctx.words.payouts;
    html! {
        div.tile {
            p { (p.outstanding) }
            p.sum { (money(arrived.outstanding_fen.max(0))) }
            @match arrived.outstanding_fen {
                0 => p { (p.outstanding_none) },
                ..0 => p { (fill(p.outstanding_below, &[&money(-arrived.outstanding_fen)])) },
                _ if arrived.is_late => p.warn { (p.outstanding_late) },
                _ => p { (due_on) },
            }
        }
    }
}

fn sold_card(sold: &Sold, href: Option<String>, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let mine = per_weight_fen(sold.farmer_fen, sold.goods_g, ctx.lang);
    let gate = sold.baseline_fen.and_then(|fen| per_weight_fen(fen, sold.goods_g, ctx.lang));
    html! {
        section.card.sold data-say {
            p.pair { strong { (sold.listing) } strong { (fill(f.orders, &[&grouped(sold.orders)])) } }
            @if let Some(mine) = mine {
                p { (fill(f.per_weight, &[&weight(sold.goods_g, ctx.lang), &money(mine)])) }
                @match gate {
                    Some(gate) if mine >= gate => p.gain { (fill(f.more, &[&money(gate), &money(mine - gate)])) },
                    Some(gate) => p.warn { (fill(f.less, &[&money(gate), &money(gate - mine)])) },
                    None => p.quiet { (f.no_price) },
                }
            }
            @if let Some(href) = href { a.button.on-screen href=(href) { (f.listing_link) } }
        }
    }
}

fn returned_card(returned: &[Returned], ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    let all: i64 = returned.iter().map(|r| r.orders).sum();
    html! {
        section.card {
            p.pair { strong { (f.returned) } strong { (fill(f.orders, &[&grouped(all)])) } }
            @if returned.is_empty() { p.quiet { (f.returned_none) } }
            @for row in returned { p { (fill(f.reason_orders, &[why(row.outcome, ctx), &grouped(row.orders)])) } }
        }
    }
}

const fn why(outcome: Outcome, ctx: &Ctx) -> &'static str {
    let f = &ctx.words.farmer;
    match outcome {
        Outcome::Kept => f.why_kept,
        Outcome::Returned => f.why_returned,
        Outcome::Lost => f.why_lost,
        Outcome::NeverLeft => f.why_never_left,
    }
}

fn days(days: &[DaySold], leads_on: bool, ctx: &Ctx) -> Markup {
    let f = &ctx.words.farmer;
    html! {
        @if !days.is_empty() {
            h2 { (f.days) }
            nav.taps { @for row in days {
                @let href = leads_on.then(|| format!("/farmer/days/{}", row.day));
                a href=[href] {
                    span { (day_words(row.day, ctx)) } span { (fill(f.day_sold, &[&grouped(row.orders), &money(row.farmer_fen)])) }
                }
            } }
        }
    }
}

/// `GET /farmer`: this month.
pub async fn current(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let month = crate::domain::calendar::month_start(app.clock.today());
    respond(&app, &visit, month).await
}

/// `GET /farmer/months/{month}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(month): Path<String>) -> Result<Markup, WebError> {
    let month = parse_month(&month).ok_or(WebError::BadRequest)?;
    respond(&app, &visit, month).await
}

async fn respond(app: &AppState, visit: &Visit, month: Day) -> Result<Markup, WebError> {
    let Scope::Farmer { farmer_id, .. } = visit.scope()? else { return Err(WebError::Forbidden) };
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let page = load(session, farmer_id, month, app.clock.today()).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx))
}

/// A month of a household in the session's scope; `None` outside it.
pub async fn load(session: &mut Session, farmer_id: i64, month: Day, today: Day) -> anyhow::Result<Option<Page>> {
    let last = next_month(month).pred_opt().context("a month has a last day")?;
    let Some((name, village)) = households::find(session, farmer_id).await? else { return Ok(None) };
    let names = Names::of_regions(session).await?;
    let settled = own_sums(session, farmer_id, Some(month), last).await?;
    let until = own_sums(session, farmer_id, None, last).await?;
    let sold = households::sum_sales(session, farmer_id, By::Listing, month, last).await?;
    let days = households::sum_sales(session, farmer_id, By::Day, month, last).await?;
    let returned = households::count_returned(session, farmer_id, month, last).await?;
    let payers = households::list_payers(session, farmer_id).await?;
    let months = households::list_months(session, farmer_id).await?;
    let chosen = Chosen { lens: Lens::Farmer, id: farmer_id, from: month, to: last };
    let parcel = lines::list_chosen(session, &chosen, 1).await?.first().map(|line| line.line_id);
    let recorded = own::find_first_recorded(session).await?.map(day_of);
    let as_of = crate::services::figures::as_of(session).await?;
    let mut days: Vec<DaySold> = days
        .into_iter()
        .filter_map(|s| Some(DaySold { day: parse_day(&s.key)?, orders: s.lines, farmer_fen: s.position[Col::Farmer] }))
        .collect();
    days.reverse();
    Ok(Some(Page {
        household: family_name(&name),
        village: names.of(&village),
        month,
        arrived: arrived(session, farmer_id, (month, last), today, (recorded, &payers)).await?,
        recorded_since: recorded.filter(|&day| day > last),
        due_fen: settled[Col::SettledFarmer],
        due_on: payers.first().and_then(|payer| pay_day(payer.pays_on_day, month)),
        pending_fen: until[Col::Farmer] - until[Col::SettledFarmer],
        is_over: last < today,
        sold: sold
            .into_iter()
            .map(|s| Sold {
                listing: s.key,
                listing_id: s.listing_id,
                orders: s.lines,
                goods_g: s.position[Col::Goods],
                farmer_fen: s.position[Col::Farmer],
                baseline_fen: (s.lines_without_baseline == 0).then_some(s.position[Col::BaselineMid]),
            })
            .collect(),
        returned: returned
            .into_iter()
            .map(|(outcome, orders)| Ok(Returned { outcome: rows::known(&outcome, Outcome::parse)?, orders }))
            .collect::<anyhow::Result<_>>()?,
        days,
        parcel,
        months: months.iter().filter_map(|key| parse_month(key)).filter(|&other| other != month).collect(),
        phone: payers.into_iter().map(|payer| payer.phone).find(|phone| !phone.is_empty()),
        as_of,
        payouts_at: Some("/farmer/payouts"),
        months_at: "/farmer/months".into(),
        contact_key: None,
    }))
}

/// What arrived in a month and what was still to come at its end; late where a pay day is over and the month is not.
async fn arrived(
    session: &mut Session,
    farmer_id: i64,
    (first, last): (Day, Day),
    today: Day,
    (recorded, payers): (Option<Day>, &[Payer]),
) -> anyhow::Result<Option<Arrived>> {
    if recorded.is_none_or(|day| day > last) {
        return Ok(None);
    }
    let all = own::list(session, farmer_id).await?;
    let outstanding_fen = still_owed(session, farmer_id, &all, (last, last)).await?;
    let owed_until = payers.first().and_then(|payer| owed_until(payer.pays_on_day, today));
    let is_late = match owed_until.filter(|_| outstanding_fen > 0 && last >= today) {
        None => false,
        Some(day) => still_owed(session, farmer_id, &all, (day, today)).await? > 0,
    };
    let in_month = |own: &Own| own.moved_on().is_some_and(|on| first <= on && on <= last);
    let payouts: Vec<Own> = all.into_iter().filter(in_month).collect();
    Ok(Some(Arrived { fen: payouts.iter().map(|own| own.amount_fen).sum(), payouts, outstanding_fen, is_late }))
}

/// What a household earned up to a day less what arrived up to another, operator by operator: one that paid too much takes
/// nothing off what another owes. Below zero where nobody owes anything.
async fn still_owed(
    session: &mut Session,
    farmer_id: i64,
    all: &[Own],
    (earned_to, arrived_to): (Day, Day),
) -> anyhow::Result<i64> {
    let accounts = due::list(session, Of::Farmer(farmer_id), earned_to).await?;
    let of_operator = |operator_id: i64| all.iter().filter(move |own| own.operator_id == operator_id);
    let open: Vec<i64> = accounts
        .iter()
        .map(|account| {
            let arrived: i64 = of_operator(account.operator_id).map(|own| own.taken_off_fen(arrived_to)).sum();
            account.balance.earned_fen() - arrived
        })
        .collect();
    let owed: i64 = open.iter().filter(|&&fen| fen > 0).sum();
    Ok(if owed > 0 { owed } else { open.iter().sum() })
}

/// The household's ledger sums booked in a span.
async fn own_sums(
    session: &mut Session,
    farmer_id: i64,
    from: Option<Day>,
    to: Day,
) -> anyhow::Result<crate::domain::amounts::Amounts> {
    let question = figures::Question {
        basis: figures::Basis::Event,
        range: figures::Range { from, to: Some(to) },
        region: session.scope().region(),
        grouping: figures::Grouping::Farmer,
        headline_only: false,
        by_month: false,
        only: Some(farmer_id),
        households: false,
        counts: false,
    };
    Ok(figures::sums(session, &question).await?.iter().map(|s| s.amounts).sum())
}

//! 凭据: one order line, from what it brought the farmer down to the platform's own answer.
//!
//! Everything needed to check the line by hand is on the page: the division of the money, every ledger row in words,
//! the answer's hash and time, why the line belongs to its stream, the baseline used with its source, whether the
//! month is locked. Amounts are the line's present position, settled or not; the state says which.

mod load;

use super::lines::state;
use super::looks;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::attribution::Rule;
use crate::domain::calendar::{Day, Instant, clock_text, month_key};
use crate::domain::figures::uplift_so_far_fen;
use crate::domain::ledger::State;
use crate::domain::ledger::facts::Class;
use crate::store::access::Seen;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::bars::{self, Tone};
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{amount, number};
use crate::web::wording::fill;
use axum::extract::{Path, State as Shared};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub trail: Vec<Step>,
    pub line_no: String,
    pub state: State,
    pub class: Class,
    pub paid_on: Option<Day>,
    pub settled_on: Option<Day>,
    /// The whole line now, all households together.
    pub position: Amounts,
    pub goods: Option<Goods>,
    /// What goods count as in produce, by weight, where that is not the same.
    pub conversion_bp: Option<i64>,
    pub baselines: Vec<BaselineUsed>,
    pub attribution: Attribution,
    pub rows: Vec<Row>,
    pub answers: Vec<Answer>,
    pub months: Vec<Month>,
}

/// What was sold.
#[derive(Debug, Clone)]
pub struct Goods {
    pub listing: String,
    pub pieces: i64,
}

/// A baseline version the line is measured against.
#[derive(Debug, Clone)]
pub struct BaselineUsed {
    pub region: String,
    pub from: Day,
    pub to: Day,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
    pub source: String,
    pub entered_by: String,
    pub approved_by: String,
}

/// Why the line belongs to its stream, or to none.
#[derive(Debug, Clone)]
pub struct Attribution {
    pub rule: Rule,
    /// Empty where there is none.
    pub stream: String,
    /// Who decided and why, where a person did.
    pub decided: Option<(String, String)>,
}

/// One ledger row.
#[derive(Debug, Clone)]
pub struct Row {
    pub booked_on: Day,
    pub event_kind: &'static str,
    /// First day of the locked month it belongs to.
    pub adjusts_on: Option<Day>,
    /// Family name; empty for what has no household.
    pub household: String,
    pub amounts: Amounts,
}

/// An answer the line was read from.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The interface or file.
    pub source: String,
    pub fetched_at: Instant,
    pub sha256: String,
}

/// A month the line is booked in.
#[derive(Debug, Clone)]
pub struct Month {
    pub first_on: Day,
    pub locked_at: Option<Instant>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (l, o) = (&ctx.words.ledger, &ctx.words.official);
    let body = html! {
        (trail(&page.trail, &page.line_no, ctx))
        div.grid.lead { (answer(page, ctx)) (division(&page.position, ctx)) }
        (entries(&page.rows, ctx))
        (proof(page, ctx))
        p.quiet { (o.looked) }
    };
    shell::page(l.title, Some(Section::Overview), &screen::only(&body, ctx), ctx)
}

fn answer(page: &Page, ctx: &Ctx) -> Markup {
    let (l, c, p) = (&ctx.words.ledger, &ctx.words.frame, &page.position);
    let yuan = number::yuan;
    let day = |day: Option<Day>| html! { @match day { Some(day) => (day), None => (c.none) } };
    let sum = fill(l.sum_in_words, &[&yuan(p[Col::Farmer]), &yuan(p[Col::BaselineMid]), &yuan(p[Col::ExtraCost])]);
    let (low, high) = (uplift_so_far_fen(p, Col::BaselineHigh), uplift_so_far_fen(p, Col::BaselineLow));
    let stream = if page.attribution.stream.is_empty() { l.no_stream } else { &page.attribution.stream };
    html! {
        section.card {
            h1.label { (l.uplift_of_line) }
            (amount::headline(uplift_so_far_fen(p, Col::BaselineMid), ctx))
            @if p[Col::WithoutBaseline] == 0 {
                p.quiet { (sum) " · " (fill(l.sum_range, &[&yuan(low), &yuan(high)])) }
            } @else {
                p.warn { (fill(l.without_baseline, &[&yuan(p[Col::WithoutBaseline])])) }
            }
            @if page.state == State::Provisional { p.warn { (l.provisional_note) } }
            dl.facts {
                (amount::fact(l.state, &html! { (state(page.state, ctx)) }))
                (amount::fact(l.paid, &day(page.paid_on)))
                (amount::fact(l.settled, &day(page.settled_on)))
                (amount::fact(l.stream, &html! { (stream) }))
                (amount::fact(l.class, &html! { (class(page.class, ctx)) }))
            }
        }
    }
}

fn division(p: &Amounts, ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    let parties = [
        (l.farmer, Col::Farmer, Tone::Farmer),
        (l.anchor, Col::Anchor, Tone::Sand(0)),
        (l.logistics, Col::Logistics, Tone::Sand(1)),
        (l.packaging, Col::Packaging, Tone::Sand(2)),
        (l.operator, Col::Operator, Tone::Sand(3)),
        (l.platform, Col::Platform, Tone::Platform),
        (l.village, Col::Village, Tone::Sand(1)),
        (l.loss, Col::Loss, Tone::Sand(2)),
        (l.unassigned, Col::Unassigned, Tone::Sand(3)),
    ];
    let parts: Vec<(i64, Tone)> = parties.iter().map(|&(_, column, tone)| (p[column], tone)).collect();
    let yuan = number::yuan;
    let note = fill(l.divided_note, &[&yuan(p[Col::Gmv]), &yuan(p[Col::Subsidy]), &yuan(p[Col::Refund])]);
    html! {
        section.card {
            h2 { (fill(l.divided, &[&yuan(p.paid_in())])) }
            p.quiet { (note) }
            (bars::divided(&parts))
            dl.parties {
                @for &(name, column, tone) in &parties {
                    @if p[column] != 0 { dt { (bars::swatch(tone)) (name) } dd.number { (yuan(p[column])) } }
                }
            }
        }
    }
}

fn entries(rows: &[Row], ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    let columns = [
        (l.col_day, Align::Whole),
        (l.col_event, Align::Text),
        (l.col_household, Align::Whole),
        (l.col_farmer, Align::Number),
        (l.col_settled, Align::Number),
        (l.col_uplift, Align::Number),
    ];
    let mut table = Table::new(l.entries, ctx.words.frame.empty, &columns);
    for row in rows {
        table.rows.push(vec![
            Cell::Text(row.booked_on.to_string()),
            event(row, ctx).into(),
            if row.household.is_empty() { ctx.words.frame.none.into() } else { row.household.as_str().into() },
            number::yuan(row.amounts[Col::Farmer]).into(),
            number::yuan(row.amounts[Col::SettledFarmer]).into(),
            number::yuan(uplift_so_far_fen(&row.amounts, Col::BaselineMid)).into(),
        ]);
    }
    html! { section.card { h2 { (l.entries) } p.quiet { (l.entries_note) } (table.render(ctx)) } }
}

/// A ledger row in words; a kind this page does not know is written as it is, never guessed.
fn event(row: &Row, ctx: &Ctx) -> String {
    let l = &ctx.words.ledger;
    let mut text = event_kind(row.event_kind, ctx).to_owned();
    if let Some(month) = row.adjusts_on {
        text.push_str(&fill(l.adjusts, &[&month_key(month)]));
    }
    text
}

/// A kind of event in words; one this page does not know is written as it is.
pub fn event_kind<'a>(kind: &'a str, ctx: &Ctx) -> &'a str {
    let l = &ctx.words.ledger;
    match kind {
        "paid" => l.event_paid,
        "refund" => l.event_refund,
        "settled" => l.event_settled,
        "inferred" => l.event_inferred,
        "parcels" => l.event_parcels,
        "resend" => l.event_resend,
        "offplatform_compensation" => l.event_compensation,
        other => other,
    }
}

fn proof(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    html! {
        section.card {
            h2 { (l.proof) }
            p.quiet { (l.proof_note) }
            dl.proof {
                dt { (l.answer) }
                dd {
                    @if page.answers.is_empty() { (l.no_answer) }
                    @for answer in &page.answers {
                        p { (fill(l.fetched, &[&answer.source, &clock_text(answer.fetched_at)])) br; code { "sha256 " (answer.sha256) } }
                    }
                }
                dt { (l.attribution) }
                dd { (attribution(&page.attribution, ctx)) }
                dt { (l.goods) }
                dd { (goods(page, ctx)) }
                dt { (l.baseline) }
                dd {
                    @if page.baselines.is_empty() { span.warn { (l.baseline_none) } }
                    @for baseline in &page.baselines { p { (baseline_text(baseline, ctx)) } }
                    @if let Some(bp) = page.conversion_bp { p { (fill(l.conversion, &[&number::factor(bp)])) } }
                }
                dt { (l.month) }
                dd { @for month in &page.months { p { (month_text(month, ctx)) } } }
            }
        }
    }
}

fn attribution(attribution: &Attribution, ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    let rule = match attribution.rule {
        Rule::LiveRoom => l.rule_room,
        Rule::AuthorWindow => l.rule_anchor,
        Rule::Shelf => l.rule_shelf,
        Rule::Person => l.rule_person,
        Rule::Ambiguous => l.rule_two,
        Rule::None => l.rule_none,
    };
    let certain = matches!(attribution.rule, Rule::LiveRoom | Rule::AuthorWindow | Rule::Person);
    html! {
        span.tag[certain].warn[!certain] { (rule) } " " (attribution.stream)
        @if let Some((who, why)) = &attribution.decided { p { (fill(l.decided, &[who, why])) } }
    }
}

fn goods(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    let kilograms = number::kilograms(page.position[Col::Goods]);
    html! {
        @match &page.goods {
            Some(goods) => (fill(l.goods_text, &[&goods.listing, &number::grouped(goods.pieces), &kilograms])),
            None => span.warn { (l.no_listing) },
        }
    }
}

fn baseline_text(b: &BaselineUsed, ctx: &Ctx) -> Markup {
    let l = &ctx.words.ledger;
    let yuan = number::yuan;
    let (from, to) = (b.from.to_string(), b.to.to_string());
    let price = [&yuan(b.mid_fen_per_kg), &yuan(b.low_fen_per_kg), &yuan(b.high_fen_per_kg), &b.region, &from, &to];
    html! {
        (fill(l.baseline_text, &price.map(String::as_str))) br;
        span.quiet { (fill(l.baseline_by, &[&b.source, &b.entered_by, &b.approved_by])) }
    }
}

fn month_text(month: &Month, ctx: &Ctx) -> String {
    let l = &ctx.words.ledger;
    let key = month_key(month.first_on);
    month.locked_at.map_or_else(|| fill(l.month_open, &[&key]), |at| fill(l.month_locked, &[&key, &clock_text(at)]))
}

/// A class in words.
pub const fn class(class: Class, ctx: &Ctx) -> &'static str {
    let l = &ctx.words.ledger;
    match class {
        Class::Red => l.class_red,
        Class::RedSupervised => l.class_red_supervised,
        Class::Inferred => l.class_inferred,
        Class::Bulk => l.class_bulk,
        Class::Other => l.class_other,
    }
}

/// `GET /official/lines/{id}`; the look is recorded before the page is shown.
pub async fn show(Shared(app): Shared<AppState>, visit: Visit, Path(line_id): Path<i64>) -> Result<Markup, WebError> {
    let reader = visit.reader()?;
    let page = load::load(&app, &visit, line_id).await?.ok_or(WebError::NotFound)?;
    looks::record(&app, reader, Seen::Line(line_id)).await?;
    Ok(render(&page, &visit.ctx))
}

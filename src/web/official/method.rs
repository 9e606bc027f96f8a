//! 口径说明 by the county's own numbers: three readings of the same orders and each step between them, what the headline
//! becomes when counted otherwise, what is open and how large it is, and figures that were published before.
//!
//! The definitions are the public page's (`web::public::method`); the numbers are of the reader's own region. Published
//! figures stand beside and are never added to anything.

use super::load::{self, Counted};
use super::overview::as_of;
use super::range::Range;
use crate::domain::access::Role;
use crate::domain::calendar::Instant;
use crate::domain::figures::FigureRow;
use crate::domain::ledger::facts::Class;
use crate::domain::money::{BP, round_div};
use crate::services::published as entering;
use crate::services::volume::{self, ByVolume};
use crate::store::published::{self, Published};
use crate::store::{Session, evidence, figures};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::{number, screen};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/method/county";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub as_of: Option<Instant>,
    pub headline: FigureRow,
    pub everything: FigureRow,
    pub supervised: FigureRow,
    pub inferred: FigureRow,
    /// Of the whole county only.
    pub volume: Option<ByVolume>,
    pub quarantined: Option<i64>,
    pub published: Vec<Published>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let w = &ctx.words.county_method;
    let numbers = html! {
        section.card {
            h2 { (w.readings) }
            p.quiet { (w.readings_note) }
            (readings(&page.headline, ctx).render(ctx))
        }
        section.card { h2 { (w.walk) } p.quiet { (w.walk_note) } (walk(&page.headline, ctx).render(ctx)) }
        section.card {
            h2 { (w.sensitivity) }
            p.quiet { (w.sensitivity_note) }
            (sensitivity(page, ctx).render(ctx))
        }
        section.card { h2 { (w.open_problems) } p.quiet { (w.open_note) } (problems(page, ctx).render(ctx)) }
    };
    let body = html! {
        section.card {
            h1 { (w.title) }
            p.quiet { (w.note) " " (as_of(page.as_of, ctx)) " " a href="/method" { (w.definitions) } }
        }
        (screen::only(&numbers, ctx))
        section.card {
            h2 { (w.published) }
            p.quiet { (w.published_note) }
            (published_before(&page.published, ctx).render(ctx))
            @if ctx.role.is_some_and(Role::may_file) { (entry(ctx)) }
        }
    };
    shell::page(w.title, Some(Section::Method), &body, ctx)
}

fn readings(row: &FigureRow, ctx: &Ctx) -> Table {
    let (w, o) = (&ctx.words.county_method, &ctx.words.official);
    let columns = [(w.col_reading, Align::Text), (w.col_amount, Align::Number), (w.col_of_gmv, Align::Number)];
    let mut table = Table::new(w.readings, ctx.words.frame.empty, &columns);
    for (name, fen) in [(o.gmv, row.gmv_fen), (o.income, row.farmer_income_fen), (o.uplift, row.uplift_fen)] {
        let share = if row.gmv_fen > 0 {
            number::percent_floor(round_div(i128::from(fen) * i128::from(BP), row.gmv_fen.into()))
        } else {
            ctx.words.frame.none.to_owned()
        };
        table.rows.push(vec![name.into(), number::yuan(fen).into(), share.into()]);
    }
    table
}

/// A step of the walk: what is added, or a total reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Adds(i64),
    Reached(i64),
}

/// The steps from GMV to uplift; each total is what was added before it.
fn steps<'a>(row: &FigureRow, ctx: &'a Ctx) -> Vec<(&'a str, Step)> {
    let (w, o) = (&ctx.words.county_method, &ctx.words.official);
    let less = |fen: i64| Step::Adds(-fen);
    vec![
        (o.gmv, Step::Reached(row.gmv_fen)),
        (w.less_refund, less(row.refund_fen)),
        (o.net, Step::Reached(row.net_fen)),
        (w.plus_subsidy, Step::Adds(row.subsidy_fen)),
        (w.less_platform, less(row.platform_fen)),
        (w.less_anchor, less(row.anchor_fen)),
        (w.less_logistics, less(row.logistics_fen)),
        (w.less_packaging, less(row.packaging_fen)),
        (w.less_operator, less(row.operator_fen)),
        (w.less_village, less(row.village_fen)),
        (w.less_loss, less(row.loss_fen)),
        (w.less_unassigned, less(row.unassigned_fen)),
        (w.less_provisional, less(row.farmer_income_provisional_fen)),
        (o.income, Step::Reached(row.farmer_income_fen)),
        (w.less_without, less(row.farmer_income_without_baseline_fen)),
        (w.less_baseline, less(row.baseline_fen)),
        (w.less_extra, less(row.extra_cost_fen)),
        (o.uplift, Step::Reached(row.uplift_fen)),
    ]
}

fn walk(row: &FigureRow, ctx: &Ctx) -> Table {
    let w = &ctx.words.county_method;
    let columns = [(w.col_step, Align::Text), (w.col_difference, Align::Number), (w.col_amount, Align::Number)];
    let mut table = Table::new(w.walk, ctx.words.frame.empty, &columns);
    for (name, step) in steps(row, ctx) {
        let (adds, reached) = match step {
            Step::Adds(fen) => (number::yuan(fen), String::new()),
            Step::Reached(fen) => (String::new(), number::yuan(fen)),
        };
        table.rows.push(vec![name.into(), adds.into(), reached.into()]);
    }
    table
}

fn sensitivity(page: &Page, ctx: &Ctx) -> Table {
    let (w, h) = (&ctx.words.county_method, &page.headline);
    let columns = [(w.col_way, Align::Text), (w.col_amount, Align::Number), (w.col_difference, Align::Number)];
    let mut table = Table::new(w.sensitivity, ctx.words.frame.empty, &columns);
    let mut ways = vec![
        (w.as_published, h.uplift_fen),
        (w.high_baseline, h.uplift_low_fen),
        (w.low_baseline, h.uplift_high_fen),
        (w.with_supervised_out, h.uplift_fen - page.supervised.uplift_fen),
        (w.with_provisional, h.uplift_fen + h.uplift_provisional_fen),
        (w.with_everything, page.everything.uplift_fen),
    ];
    if let Some(by) = page.volume {
        ways.extend([(w.without_new, by.moved_fen), (w.without_moved, by.new_fen)]);
    }
    for (name, fen) in ways {
        table.rows.push(vec![name.into(), number::yuan(fen).into(), number::yuan(fen - h.uplift_fen).into()]);
    }
    table
}

fn problems(page: &Page, ctx: &Ctx) -> Table {
    let (w, o, all) = (&ctx.words.county_method, &ctx.words.official, &page.everything);
    let columns = [(o.col_reason, Align::Text), (w.col_count, Align::Number), (o.col_amount, Align::Number)];
    let mut table = Table::new(w.open_problems, ctx.words.frame.empty, &columns);
    for (name, count, fen) in [
        (o.out_no_baseline, all.lines_without_baseline, all.farmer_income_without_baseline_fen),
        (o.out_no_listing, all.lines_without_listing, all.unassigned_fen),
        (o.out_inferred, page.inferred.lines, page.inferred.uplift_fen),
    ] {
        table.rows.push(vec![name.into(), number::grouped(count).into(), number::yuan(fen).into()]);
    }
    if let Some(count) = page.quarantined {
        table.rows.push(vec![w.quarantined.into(), number::grouped(count).into(), ctx.words.frame.none.into()]);
    }
    table
}

fn published_before(figures: &[Published], ctx: &Ctx) -> Table {
    let w = &ctx.words.county_method;
    let columns = [
        (w.day, Align::Whole),
        (w.col_amount, Align::Number),
        (w.document, Align::Text),
        (w.basis, Align::Text),
        (w.col_by, Align::Text),
    ];
    let mut table = Table::new(w.published, w.published_none, &columns);
    for figure in figures {
        table.rows.push(vec![
            figure.on_day.to_string().into(),
            number::yuan(figure.amount_fen).into(),
            figure.document.as_str().into(),
            figure.stated_basis.as_str().into(),
            figure.entered_by.as_str().into(),
        ]);
    }
    table
}

fn entry(ctx: &Ctx) -> Markup {
    let w = &ctx.words.county_method;
    html! {
        form.stacked.on-screen method="post" action="/method/published" {
            h3 { (w.published_form) }
            (form::field(&Field::text("amount", w.amount)))
            (form::field(&Field::day("on_day", w.day)))
            (form::field(&Field::text("document", w.document).note(w.document_note)))
            (form::field(&Field::text("basis", w.basis).note(w.basis_note)))
            button type="submit" { (w.enter) }
        }
    }
}

/// `GET /method/county`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let page = async { load(&mut app.store.read(scope).await?).await }.await?;
    Ok(render(&page, &visit.ctx))
}

async fn load(session: &mut Session) -> anyhow::Result<Page> {
    let (region, whole) = (session.scope().region(), session.scope().is_whole_county());
    let question = |grouping, counted| load::question(grouping, Range::default(), region, counted).without_households();
    let headline = load::total(session, &question(figures::Grouping::Total, Counted::Headline)).await?;
    let everything = load::total(session, &question(figures::Grouping::Total, Counted::Everything)).await?;
    let classes = figures::sums(session, &question(figures::Grouping::Class, Counted::Everything)).await?;
    let of = |class: Class| classes.iter().find(|s| s.key == class.key()).map(load::row).unwrap_or_default();
    Ok(Page {
        as_of: crate::services::figures::as_of(session).await?,
        headline,
        everything,
        supervised: of(Class::RedSupervised),
        inferred: of(Class::Inferred),
        volume: if whole { Some(volume::of_uplift(session, None, None).await?) } else { None },
        quarantined: if whole { Some(evidence::count_quarantined(session).await?) } else { None },
        published: published::list(session).await?,
    })
}

/// A figure that was published, as it was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    amount: String,
    on_day: String,
    document: String,
    basis: String,
}

/// `POST /method/published`
pub async fn create(State(app): State<AppState>, visit: Visit, Form(typed): Form<Typed>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let typed = entering::Typed {
        amount_yuan: &typed.amount,
        on_day: &typed.on_day,
        document: &typed.document,
        stated_basis: &typed.basis,
    };
    match entering::enter(&desk, typed).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amounts::{Amounts, Col};
    use crate::domain::figures::Counts;
    use crate::domain::lang::Lang;

    #[test]
    fn every_total_of_the_walk_is_what_was_added_up_to_it() {
        let mut amounts = Amounts::ZERO;
        for (column, place) in Col::ALL.into_iter().zip(1_i64..) {
            amounts[column] = place * place * 7 - 40;
        }
        amounts[Col::Unassigned] += amounts.paid_in() - amounts.paid_out();
        let row = FigureRow::from_sums(&amounts, Counts::ZERO, 3);
        let ctx = Ctx::new(Lang::Zh, "/", false);
        let mut reached = row.gmv_fen;
        for (name, step) in steps(&row, &ctx) {
            match step {
                Step::Adds(fen) => reached += fen,
                Step::Reached(fen) => assert_eq!(fen, reached, "{name}"),
            }
        }
        assert_eq!(reached, row.uplift_fen);
    }
}

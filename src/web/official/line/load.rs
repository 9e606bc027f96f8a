//! Reading one order line with its proof: what it is, its ledger rows, its answers, its baselines, its months.
//!
//! A line outside the reader's scope is none: whose line it is, is nobody else's business.

use super::{Answer, Attribution, BaselineUsed, Goods, Month, Page, Row};
use crate::domain::amounts::Col;
use crate::domain::attribution::Rule;
use crate::domain::calendar::{Day, month_start};
use crate::domain::ledger::State;
use crate::domain::ledger::book::BatchId;
use crate::domain::ledger::facts::Class;
use crate::domain::money::BP;
use crate::domain::regions::RegionCode;
use crate::store::{broadcasts, goods, households, ledger, lines, prices, rows};
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::names::{Names, stream_label};
use crate::web::session::family_name;
use crate::web::ui::trail::Step;
use crate::web::wording::fill;

/// The line's page, where the reader may see it.
pub(super) async fn load(app: &AppState, visit: &Visit, line_id: i64) -> anyhow::Result<Option<Page>> {
    let Some(scope) = visit.reader.as_ref().map(|reader| reader.scope) else { return Ok(None) };
    let session = &mut app.store.read(scope).await?;
    let Some(line) = lines::find(session, line_id).await? else { return Ok(None) };
    let ledger = ledger::list_rows_of_line(session, line_id).await?;
    let answers = lines::list_answers(session, line.order_id).await?;
    let decision = lines::find_decision(session, line_id).await?;
    let streams = broadcasts::list_named(session, &[line.stream_id]).await?;
    let locks = ledger::list_locks(session).await?;
    let names = Names::of_regions(session).await?;
    let households = households::list_names(session, &ledger.iter().map(|r| r.slice_no).collect::<Vec<_>>()).await?;
    let used: Vec<i64> = ledger.iter().map(|r| r.posted.baseline_id).filter(|&id| id != 0).collect();
    let baselines = prices::list_of_ids(session, &used).await?;
    let household = households.iter().find(|h| h.farmer_id == line.farmer_id);
    let conversion_bp = match line.paid_on {
        // what was known when the month was locked is what it was measured by
        Some(on) => {
            let lock = locks.iter().find(|lock| lock.month == month_start(on));
            goods::find_conversion(session, line.listing_id, on, lock.map_or(BatchId::MAX, |lock| lock.batch_id))
                .await?
        }
        None => None,
    };

    let settled_on = ledger
        .iter()
        .filter(|r| r.posted.amounts[Col::SettledNet] != 0 || r.posted.event_kind == "settled")
        .map(|r| r.booked_on)
        .max();
    let mut months: Vec<Day> = ledger.iter().map(|r| month_start(r.booked_on)).collect();
    months.sort_unstable();
    months.dedup();
    Ok(Some(Page {
        trail: trail_to(household, &names, visit),
        line_no: line.line_no,
        state: rows::known(&line.state, State::parse)?,
        class: rows::known(&line.class, Class::parse)?,
        paid_on: line.paid_on,
        settled_on,
        position: ledger.iter().map(|r| r.posted.amounts).sum(),
        goods: (!line.listing.is_empty()).then_some(Goods { listing: line.listing, pieces: line.pieces }),
        conversion_bp: conversion_bp.filter(|&bp| bp != BP),
        baselines: baselines.into_iter().map(|b| baseline_of(b, &names)).collect(),
        attribution: Attribution {
            rule: decision.as_ref().and_then(|d| Rule::parse(&d.rule)).unwrap_or(Rule::None),
            stream: streams.first().map(stream_label).unwrap_or_default(),
            decided: decision.filter(|d| d.rule == Rule::Person.key()).map(|d| (d.actor, d.reason)),
        },
        rows: ledger
            .iter()
            .map(|r| Row {
                booked_on: r.booked_on,
                event_kind: r.posted.event_kind,
                adjusts_on: r.adjusts_on,
                household: households
                    .iter()
                    .find(|h| h.farmer_id == r.slice_no)
                    .map(|h| family_name(&h.name))
                    .unwrap_or_default(),
                amounts: r.posted.amounts,
            })
            .collect(),
        answers: answers
            .into_iter()
            .map(|a| Answer { source: a.source, fetched_at: a.fetched_at, sha256: hex::encode(a.sha256) })
            .collect(),
        months: months
            .into_iter()
            .map(|first_on| Month {
                first_on,
                locked_at: locks.iter().find(|lock| lock.month == first_on).map(|lock| lock.locked_at),
            })
            .collect(),
    }))
}

/// County, town and household above a line.
fn trail_to(household: Option<&households::Named>, names: &Names, visit: &Visit) -> Vec<Step> {
    let mut steps = vec![Step { label: visit.ctx.words.official.nav_overview.into(), href: "/official".into() }];
    if let Some(household) = household {
        if let Some(town) = RegionCode::parse(&household.village_code).and_then(RegionCode::town) {
            let label = names.of(&town.to_string());
            steps.push(Step { label, href: format!("/official/regions/{town}") });
        }
        let label = fill(visit.ctx.words.official.farmer_title, &[&family_name(&household.name)]);
        steps.push(Step { label, href: format!("/official/farmers/{}", household.farmer_id) });
    }
    steps
}

fn baseline_of(b: prices::BaselineRow, names: &Names) -> BaselineUsed {
    BaselineUsed {
        region: names.of(&b.region_code),
        from: b.valid_from,
        to: b.valid_to,
        low_fen_per_kg: b.low_fen_per_kg,
        mid_fen_per_kg: b.mid_fen_per_kg,
        high_fen_per_kg: b.high_fen_per_kg,
        source: b.source,
        entered_by: b.entered_by,
        approved_by: b.approved_by,
    }
}

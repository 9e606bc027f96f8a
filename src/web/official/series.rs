//! The months behind the pictures: what each picture draws and the same numbers as its table.

use super::load::{self, Counted};
use super::range::Range;
use crate::charts::{cumulative, flow, months};
use crate::domain::calendar::{Day, month_key, next_month, parse_month};
use crate::domain::disclosure::{Withheld, is_small, withhold_in_order};
use crate::domain::figures::FigureRow;
use crate::domain::regions::RegionCode;
use crate::store::figures::Behind;
use crate::store::{Session, StoreError, figures};
use crate::web::context::Ctx;
use crate::web::ui::number;
use crate::web::ui::table::{Align, Table};
use chrono::Datelike;

/// A month of the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRow {
    pub month: Day,
    pub row: FigureRow,
}

/// The headline by month, ascending, without gaps: a month without sales is zero, not absent.
pub async fn of_headline(session: &mut Session, range: Range, region: RegionCode) -> Result<Vec<MonthRow>, StoreError> {
    let question = load::question(figures::Grouping::Month, range, region, Counted::Headline)
        .without_households()
        .without_counts();
    let sums = figures::sums(session, &question).await?;
    let mut found: Vec<MonthRow> =
        sums.iter().filter_map(|s| parse_month(&s.key).map(|month| MonthRow { month, row: load::row(s) })).collect();
    found.sort_by_key(|m| m.month);
    Ok(without_gaps(&found))
}

fn without_gaps(found: &[MonthRow]) -> Vec<MonthRow> {
    let mut filled: Vec<MonthRow> = Vec::with_capacity(found.len());
    for &row in found {
        while let Some(next) = filled.last().map(|last| next_month(last.month)).filter(|&next| next < row.month) {
            filled.push(MonthRow { month: next, row: FigureRow::default() });
        }
        filled.push(row);
    }
    filled
}

/// The last month with its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastMonth {
    pub month: Day,
    pub uplift_fen: i64,
    /// 同比: on the same month a year before.
    pub on_year_bp: Option<i64>,
    /// 环比: on the month before.
    pub on_month_bp: Option<i64>,
}

/// The last month and how it changed. January and February are taken together, because Spring Festival moves between them:
/// on the year with the same two, on the month with the two before; March is set beside half of both, and January alone is
/// not compared.
pub fn last_month(rows: &[MonthRow]) -> Option<LastMonth> {
    let last = rows.last()?;
    let uplift = |year: i32, month: u32| {
        rows.iter().find(|m| m.month.year() == year && m.month.month() == month).map_or(0, |m| m.row.uplift_fen)
    };
    let (year, month) = (last.month.year(), last.month.month());
    let festival = |year: i32| uplift(year, 1) + uplift(year, 2);
    let now = last.row.uplift_fen;
    let (on_year_bp, on_month_bp) = match month {
        1 => (None, None),
        2 => {
            let before = uplift(year - 1, 11) + uplift(year - 1, 12);
            (number::change_bp(festival(year), festival(year - 1)), number::change_bp(festival(year), before))
        }
        3 => (number::change_bp(now, uplift(year - 1, 3)), number::change_bp(now, festival(year) / 2)),
        _ => (number::change_bp(now, uplift(year - 1, month)), number::change_bp(now, uplift(year, month - 1))),
    };
    Some(LastMonth { month: last.month, uplift_fen: now, on_year_bp, on_month_bp })
}

/// The households behind the headline's sums: what is handed on of them asks [`stands_alone`].
pub async fn behind(session: &mut Session, range: Range, region: RegionCode) -> Result<Behind, StoreError> {
    load::behind_all(session, range, region, Counted::Headline).await
}

/// Whether the sums may be handed on: no kind of amount in them is that of fewer than five households.
pub fn stands_alone(whole: &Behind) -> bool {
    !is_small(whole.sold) && !Behind::SETTLED.iter().any(|of| is_small(of(whole)))
}

/// Which months a picture may not draw apart: those that stand for fewer than five households, by what was sold or by
/// what was settled, and those they could be worked out from. A month without sales stands for none.
pub async fn held(
    session: &mut Session,
    range: Range,
    region: RegionCode,
    (rows, whole): (&[MonthRow], &Behind),
) -> Result<Withheld, StoreError> {
    let months = load::behind(session, figures::Grouping::Month, range, region, Counted::Headline).await?;
    let of = |households: fn(&Behind) -> i64| {
        let groups: Vec<i64> = rows.iter().map(|m| months.get(&month_key(m.month)).map_or(0, households)).collect();
        withhold_in_order(&groups, households(whole))
    };
    Ok(Behind::SETTLED.iter().fold(of(|b| b.sold), |held, households| held.or(&of(*households))))
}

/// The months that may be drawn apart.
pub fn shown(rows: &[MonthRow], held: &Withheld) -> Vec<MonthRow> {
    rows.iter().zip(&held.groups).filter(|(_, held)| !**held).map(|(row, _)| *row).collect()
}

/// The points of a cumulative line that may be drawn: of each stretch held back only its end.
pub fn shown_points(data: cumulative::Cumulative, held: &Withheld) -> cumulative::Cumulative {
    let ends = |i: usize| !held.groups[i] || held.groups.get(i + 1).is_none_or(|next| !next);
    let points = data.points.into_iter().enumerate().filter(|(i, _)| ends(*i)).map(|(_, point)| point).collect();
    cumulative::Cumulative { points }
}

/// What the cumulative picture draws.
pub fn cumulative(rows: &[MonthRow]) -> cumulative::Cumulative {
    let (mut low_fen, mut uplift_fen, mut high_fen) = (0, 0, 0);
    let points = rows
        .iter()
        .map(|m| {
            low_fen += m.row.uplift_low_fen;
            uplift_fen += m.row.uplift_fen;
            high_fen += m.row.uplift_high_fen;
            cumulative::Point { month: m.month, low_fen, uplift_fen, high_fen }
        })
        .collect();
    cumulative::Cumulative { points }
}

/// The same as a table, the last month first.
pub fn cumulative_table(data: &cumulative::Cumulative, ctx: &Ctx) -> Table {
    let o = &ctx.words.official;
    let columns = [
        (o.col_month, Align::Whole),
        (o.col_uplift_wan, Align::Number),
        (o.col_low_wan, Align::Number),
        (o.col_high_wan, Align::Number),
    ];
    let mut table = Table::new(o.uplift_total, o.no_sales, &columns);
    for p in data.points.iter().rev() {
        let amounts = [p.uplift_fen, p.low_fen, p.high_fen].map(|fen| number::wan(fen).into());
        table.rows.push([vec![month_key(p.month).into()], amounts.into()].concat());
    }
    table
}

/// What the small multiples draw.
pub fn months(rows: &[MonthRow]) -> months::Months {
    let months = rows
        .iter()
        .map(|m| months::Month {
            month: m.month,
            gmv_fen: m.row.gmv_fen,
            net_fen: m.row.net_fen,
            income_fen: m.row.farmer_income_fen,
            uplift_fen: m.row.uplift_fen,
        })
        .collect();
    months::Months { months }
}

/// The same as a table, the last month first.
pub fn months_table(data: &months::Months, ctx: &Ctx) -> Table {
    let o = &ctx.words.official;
    let columns = [
        (o.col_month, Align::Whole),
        (o.col_gmv_wan, Align::Number),
        (o.col_net_wan, Align::Number),
        (o.col_income_wan, Align::Number),
        (o.col_uplift_wan, Align::Number),
    ];
    let mut table = Table::new(o.months_title, o.no_sales, &columns);
    for m in data.months.iter().rev() {
        let amounts = [m.gmv_fen, m.net_fen, m.income_fen, m.uplift_fen].map(|fen| number::wan(fen).into());
        table.rows.push([vec![month_key(m.month).into()], amounts.into()].concat());
    }
    table
}

/// What the picture of where each yuan goes draws.
pub fn flow(total: &FigureRow, whole: &Behind) -> flow::Flow {
    // of few households, it stands in the part beside it
    let joined = is_small(whole.unvalued);
    let without_baseline = total.farmer_income_without_baseline_fen;
    flow::Flow {
        buyers_paid_fen: total.gmv_fen,
        subsidy_fen: total.subsidy_fen,
        refund_fen: total.refund_fen,
        platform_anchor_fen: total.platform_fen + total.anchor_fen,
        logistics_packaging_fen: total.logistics_fen + total.packaging_fen,
        operator_village_loss_fen: total.operator_fen + total.village_fen + total.loss_fen,
        unassigned_fen: total.unassigned_fen,
        provisional_fen: total.farmer_income_provisional_fen,
        farmer_income_fen: total.farmer_income_fen,
        without_baseline_fen: if joined { 0 } else { without_baseline },
        baseline_joined: joined,
        baseline_fen: total.baseline_fen + if joined { without_baseline } else { 0 },
        extra_cost_fen: total.extra_cost_fen,
        uplift_fen: total.uplift_fen,
    }
}

/// The same as a table, in exact yuan, from what came in to what is left.
pub fn flow_table(total: &FigureRow, ctx: &Ctx) -> Table {
    let (o, l) = (&ctx.words.official, &ctx.words.ledger);
    let mut table =
        Table::new(o.waterfall_title, o.no_sales, &[(o.col_party, Align::Text), (o.col_amount, Align::Number)]);
    table.rows = [
        (o.gmv, total.gmv_fen),
        (l.subsidy, total.subsidy_fen),
        (l.refund, -total.refund_fen),
        (l.platform, -total.platform_fen),
        (l.anchor, -total.anchor_fen),
        (l.logistics, -total.logistics_fen),
        (l.packaging, -total.packaging_fen),
        (l.operator, -total.operator_fen),
        (l.village, -total.village_fen),
        (l.loss, -total.loss_fen),
        (l.unassigned, -total.unassigned_fen),
        (o.provisional, -total.farmer_income_provisional_fen),
        (o.income, total.farmer_income_fen),
        (o.out_no_baseline, -total.farmer_income_without_baseline_fen),
        (l.baseline_value, -total.baseline_fen),
        (l.extra_cost, -total.extra_cost_fen),
        (o.uplift, total.uplift_fen),
    ]
    .into_iter()
    .map(|(name, fen)| vec![name.into(), number::yuan(fen).into()])
    .collect();
    table
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;

    fn month(key: &str, uplift_fen: i64) -> MonthRow {
        MonthRow { month: parse_month(key).unwrap(), row: FigureRow { uplift_fen, ..FigureRow::default() } }
    }

    #[test]
    fn a_month_without_sales_is_zero_and_not_absent() {
        let rows = without_gaps(&[month("2025-11", 5), month("2026-02", 7)]);
        assert_eq!(rows.iter().map(|m| m.row.uplift_fen).collect::<Vec<_>>(), [5, 0, 0, 7]);
        assert_eq!(cumulative(&rows).points.iter().map(|p| p.uplift_fen).collect::<Vec<_>>(), [5, 5, 5, 12]);
    }

    #[test]
    fn a_stretch_held_back_is_drawn_by_its_end_alone() {
        let rows = [month("2025-11", 5), month("2025-12", 7), month("2026-01", 11), month("2026-02", 13)];
        let held = Withheld { groups: vec![false, true, true, false], total: false };
        let keys: Vec<String> = shown(&rows, &held).iter().map(|m| month_key(m.month)).collect();
        assert_eq!(keys, ["2025-11", "2026-02"]);
        let points = shown_points(cumulative(&rows), &held).points;
        assert_eq!(points.iter().map(|p| p.uplift_fen).collect::<Vec<_>>(), [5, 23, 36]);
    }

    #[test]
    fn january_and_february_are_compared_together() {
        let rows = [
            month("2025-01", 900_000),
            month("2025-02", 100_000),
            month("2026-01", 100_000),
            month("2026-02", 1_100_000),
        ];
        assert_eq!(last_month(&rows).unwrap().on_year_bp, Some(2_000));
        let january = last_month(&rows[..3]).unwrap();
        assert_eq!((january.on_year_bp, january.on_month_bp), (None, None));
    }

    #[test]
    fn the_festival_is_set_beside_the_two_months_before_and_march_beside_half_of_it() {
        let rows = [
            month("2025-11", 400_000),
            month("2025-12", 600_000),
            month("2026-01", 1_000_000),
            month("2026-02", 200_000),
            month("2026-03", 300_000),
            month("2026-04", 150_000),
        ];
        let on_month = |until: usize| last_month(&rows[..until]).unwrap().on_month_bp;
        assert_eq!([2, 3, 4, 5, 6].map(on_month), [Some(5_000), None, Some(2_000), Some(-5_000), Some(-5_000)]);
        assert_eq!(on_month(1), None, "there is no month before");
        let losses = [month("2026-05", -900_000), month("2026-06", 500_000)];
        assert_eq!(last_month(&losses).unwrap().on_month_bp, None, "a negative base says nothing");
    }
}

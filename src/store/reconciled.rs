//! 对账: our amounts by order and day, and what comparing them with another side came to.
//!
//! Ours are what is published: sales and refunds as the ledger has them, statement rows whose order is known.

use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::reconcile::{Amount, Measure};
use sqlx::FromRow;

/// A day's comparison as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DayRow {
    pub shop_id: i64,
    pub on_day: Day,
    pub measure: String,
    pub other_side: String,
    pub compared_at: Instant,
    pub our_orders: i64,
    pub our_fen: i64,
    pub their_orders: i64,
    pub their_fen: i64,
    pub differences: i64,
    /// `Waits::key` where statements of the day are waited for; else ''.
    pub waits: String,
}

/// A difference as it is kept, under one of the days it moves.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DifferenceRow {
    pub on_day: Day,
    pub measure: String,
    pub place: i64,
    pub order_no: String,
    pub reason: String,
    pub our_on: Option<Day>,
    pub our_fen: Option<i64>,
    pub their_on: Option<Day>,
    pub their_fen: Option<i64>,
}

#[derive(FromRow)]
struct AmountRow {
    order_no: String,
    on_day: Day,
    fen: i64,
}

const fn amounts_sql(measure: Measure) -> &'static str {
    match measure {
        // an entry is booked on its day or later, never before: the index on the booking day finds it
        Measure::Sales => {
            "select o.order_no, e.event_on as on_day, cast(sum(e.gmv_fen) as bigint) as fen from ledger_entry e
             join order_line l on l.county_code = e.county_code and l.line_id = e.line_id
             join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id
             where e.county_code = $1 and e.shop_id = $2 and e.booked_on >= $3 and e.event_on >= $3 and e.event_on <= $4
             group by o.order_no, e.event_on having sum(e.gmv_fen) <> 0"
        }
        Measure::Refunds => {
            "select o.order_no, e.event_on as on_day, cast(sum(e.refund_fen) as bigint) as fen from ledger_entry e
             join order_line l on l.county_code = e.county_code and l.line_id = e.line_id
             join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id
             where e.county_code = $1 and e.shop_id = $2 and e.booked_on >= $3 and e.event_on >= $3 and e.event_on <= $4
             group by o.order_no, e.event_on having sum(e.refund_fen) <> 0"
        }
        Measure::Settled => {
            "select o.order_no, s.settled_on as on_day, cast(sum(s.goods_fen + s.freight_fen + s.subsidy_fen
                - s.refund_fen - s.platform_fen - s.anchor_fen) as bigint) as fen
             from settlement s join sales_order o on o.county_code = s.county_code and o.order_id = s.order_id
             where s.county_code = $1 and s.shop_id = $2 and s.settled_on >= $3 and s.settled_on <= $4
             group by o.order_no, s.settled_on"
        }
    }
}

/// A shop's amounts on some days, inclusive.
pub async fn list_amounts(
    session: &mut Session,
    shop_id: i64,
    measure: Measure,
    from: Day,
    to: Day,
) -> Result<Vec<Amount>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<AmountRow> = on!(session, conn => sqlx::query_as(amounts_sql(measure))
        .bind(county).bind(shop_id).bind(from).bind(to).fetch_all(conn).await)?;
    let mut amounts: Vec<Amount> =
        rows.into_iter().map(|r| Amount { order_no: r.order_no, on: r.on_day, fen: r.fen }).collect();
    amounts.sort_unstable();
    Ok(amounts)
}

/// Forgets what is kept of a shop's days, to write it anew.
pub async fn remove(work: &mut Work, shop_id: i64, measure: Measure, from: Day, to: Day) -> Result<(), StoreError> {
    for sql in [
        "delete from reconciled_day where county_code = $1 and shop_id = $2 and measure = $3
            and on_day >= $4 and on_day <= $5",
        "delete from reconciled_difference where county_code = $1 and shop_id = $2 and measure = $3
            and on_day >= $4 and on_day <= $5",
    ] {
        let county = work.county_text();
        on!(work, conn => sqlx::query(sql).bind(county).bind(shop_id).bind(measure.key()).bind(from).bind(to)
            .execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Keeps days and their differences.
pub async fn insert(
    work: &mut Work,
    shop_id: i64,
    days: &[DayRow],
    differences: &[DifferenceRow],
) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into reconciled_day (county_code, shop_id, on_day, measure, other_side, compared_at, our_orders, our_fen,
            their_orders, their_fen, differences, waits) ",
        days,
        "",
        |b, r| {
            b.push_bind(shop_id)
                .push_bind(r.on_day)
                .push_bind(r.measure.as_str())
                .push_bind(r.other_side.as_str())
                .push_bind(r.compared_at)
                .push_bind(r.our_orders)
                .push_bind(r.our_fen)
                .push_bind(r.their_orders)
                .push_bind(r.their_fen)
                .push_bind(r.differences)
                .push_bind(r.waits.as_str());
        }
    );
    insert_rows!(
        work,
        "insert into reconciled_difference (county_code, shop_id, on_day, measure, place, order_no, reason, our_on, our_fen,
            their_on, their_fen) ",
        differences,
        "",
        |b, r| {
            b.push_bind(shop_id)
                .push_bind(r.on_day)
                .push_bind(r.measure.as_str())
                .push_bind(r.place)
                .push_bind(r.order_no.as_str())
                .push_bind(r.reason.as_str())
                .push_bind(r.our_on)
                .push_bind(r.our_fen)
                .push_bind(r.their_on)
                .push_bind(r.their_fen);
        }
    );
    Ok(())
}

/// Kept days of all shops, newest first, then by shop and measure.
pub async fn list_days(session: &mut Session, from: Day, to: Day) -> Result<Vec<DayRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<DayRow> = on!(session, conn => sqlx::query_as(
        "select shop_id, on_day, measure, other_side, compared_at, our_orders, our_fen, their_orders, their_fen, differences,
            waits from reconciled_day where county_code = $1 and on_day >= $2 and on_day <= $3"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    let place = |row: &DayRow| Measure::parse(&row.measure);
    rows.sort_by(|a, b| b.on_day.cmp(&a.on_day).then(a.shop_id.cmp(&b.shop_id)).then(place(a).cmp(&place(b))));
    Ok(rows)
}

/// The last day anything is kept of.
pub async fn find_last_day(session: &mut Session) -> Result<Option<Day>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar::<_, Option<Day>>(
        "select max(on_day) from reconciled_day where county_code = $1"
    ).bind(county).fetch_one(conn).await)?)
}

/// Differences of a shop's day, by measure and place.
pub async fn list_differences(
    session: &mut Session,
    shop_id: i64,
    on_day: Day,
    most: i64,
) -> Result<Vec<DifferenceRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<DifferenceRow> = on!(session, conn => sqlx::query_as(
        "select on_day, measure, place, order_no, reason, our_on, our_fen, their_on, their_fen
         from reconciled_difference where county_code = $1 and shop_id = $2 and on_day = $3 and place < $4"
    ).bind(county).bind(shop_id).bind(on_day).bind(most).fetch_all(conn).await)?;
    rows.sort_by_key(|row| (Measure::parse(&row.measure), row.place));
    Ok(rows)
}

//! What one household reads of its own payouts: what arrived, what was put right, what it may confirm.
//!
//! A household has a row a month and operator, so its list is short however long the county's is.

use crate::domain::calendar::{Day, Instant};
use crate::domain::payouts::Kind;
use crate::store::doubles::records;
use crate::store::rows::known;
use crate::store::{Session, StoreError, scope};
use sqlx::{AssertSqlSafe, FromRow};

/// A household's part of a payout, that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub payout_id: i64,
    /// The record its line names.
    pub farmer_id: i64,
    pub operator_id: i64,
    pub operator: String,
    pub kind: Kind,
    pub up_to_on: Day,
    pub reason: String,
    pub amount_fen: i64,
    pub carried_fen: i64,
    pub approved: bool,
    pub paid_on: Option<Day>,
    pub reference: String,
    pub confirmed_at: Option<Instant>,
}

impl Own {
    /// The day its amount reached the household, or left it again; `None` where it has not.
    pub fn moved_on(&self) -> Option<Day> {
        match self.kind {
            Kind::Income | Kind::Surplus => self.paid_on,
            Kind::Returned if self.approved => Some(self.up_to_on),
            Kind::Returned | Kind::WriteOff => None,
        }
    }

    /// What it takes off the account up to a day: money that moved, balances written off. 盈余返还 is no part of it.
    pub fn taken_off_fen(&self, up_to: Day) -> i64 {
        let on = match self.kind {
            Kind::Surplus => None,
            Kind::WriteOff if self.approved => Some(self.up_to_on),
            _ => self.moved_on(),
        };
        if on.is_some_and(|on| on <= up_to) { self.amount_fen } else { 0 }
    }
}

#[derive(FromRow)]
struct Row {
    payout_id: i64,
    farmer_id: i64,
    operator_id: i64,
    operator: String,
    kind: String,
    up_to_on: Day,
    reason: String,
    amount_fen: i64,
    carried_fen: i64,
    approved_at: Option<Instant>,
    paid_on: Option<Day>,
    reference: String,
    confirmed_at: Option<Instant>,
}

/// A household's payouts that were not taken back, the newest first; none of a household outside the scope.
pub async fn list(session: &mut Session, farmer_id: i64) -> Result<Vec<Own>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "w"));
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select p.payout_id, l.farmer_id, p.operator_id, o.name as operator, p.kind, p.up_to_on, p.reason, l.amount_fen, l.carried_fen,
            a.at as approved_at, d.paid_on, coalesce(d.reference, '') as reference, r.confirmed_at
         from payout_line l
         join farmer w on w.county_code = l.county_code and w.farmer_id = l.farmer_id
         join payout p on p.county_code = l.county_code and p.payout_id = l.payout_id
         join operator o on o.county_code = p.county_code and o.operator_id = p.operator_id
         left join payout_step a on a.county_code = p.county_code and a.payout_id = p.payout_id and a.step = 'approved'
         left join payout_step d on d.county_code = p.county_code and d.payout_id = p.payout_id and d.step = 'paid'
         left join payout_receipt r on r.county_code = l.county_code and r.payout_id = l.payout_id
            and r.farmer_id = l.farmer_id
         where l.county_code = $1 and l.farmer_id in {}{in_scope} and not exists (select 1 from payout_step x
            where x.county_code = l.county_code and x.payout_id = l.payout_id and x.step = 'withdrawn')
         order by l.payout_id desc, l.farmer_id", records("$2")
    ))).bind(county).bind(farmer_id).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|r| {
            Ok(Own {
                kind: known(&r.kind, Kind::parse)?,
                payout_id: r.payout_id,
                farmer_id: r.farmer_id,
                operator_id: r.operator_id,
                operator: r.operator,
                up_to_on: r.up_to_on,
                reason: r.reason,
                amount_fen: r.amount_fen,
                carried_fen: r.carried_fen,
                approved: r.approved_at.is_some(),
                paid_on: r.paid_on,
                reference: r.reference,
                confirmed_at: r.confirmed_at,
            })
        })
        .collect()
}

/// When the county's first payout was put forward: of what arrived before, nothing can be said.
pub async fn find_first_recorded(session: &mut Session) -> Result<Option<Instant>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select proposed_at from payout where county_code = $1 order by payout_id limit 1"
    ).bind(county).fetch_optional(conn).await)?)
}

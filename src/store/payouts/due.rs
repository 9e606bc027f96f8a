//! What operators owe their households up to a day, in one statement: settled income from the rollup, goods bought by
//! weight from their tickets, and what payouts cover. Its cost does not grow with what was ever sold by shares or paid: whole
//! years and months come from the rollup, and the lines of payouts are one sum a household.
//!
//! Goods bought by weight (a ticket says so since it was weighed in) are owed from the day they were taken in; what is
//! settled of lines drawn from such a ticket is taken off again, from an index that holds only such rows: this one part
//! grows with what was drawn. (The order of the join says so; left to choose, SQLite reads the ledger by days.) A ticket's
//! operator is its lot's, decided when it was weighed in.

use crate::domain::calendar::{Day, month_start};
use crate::domain::doubles::Households;
use crate::domain::payouts::Balance;
use crate::store::doubles::{self, records};
use crate::store::figures::range::Span;
use crate::store::figures::{Grain, Range};
use crate::store::{Session, StoreError, scope};
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::BTreeMap;

/// A household's account with an operator: that of all its records, under the one that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub operator_id: i64,
    pub farmer_id: i64,
    pub balance: Balance,
    /// What was earned in the month of the day it is up to.
    pub of_month_fen: i64,
}

impl Due {
    /// What is due of the time before that month: below zero where goods came back after they were paid.
    pub fn carried_fen(&self) -> i64 {
        self.balance.due_fen() - self.of_month_fen
    }
}

/// Whose accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    All,
    Operator(i64),
    Farmer(i64),
}

#[derive(FromRow)]
struct Row {
    operator_id: i64,
    farmer_id: i64,
    settled_fen: i64,
    bought_fen: i64,
    covered_fen: i64,
    of_month_fen: i64,
}

/// Accounts up to the end of a day, of households in scope, by operator and household.
pub async fn list(session: &mut Session, of: Of, up_to: Day) -> Result<Vec<Due>, StoreError> {
    let county = session.county_text();
    let (of_operator, of_farmer) = match of {
        Of::All => (String::new(), String::new()),
        Of::Operator(id) => (format!(" and h.operator_id = {id}"), String::new()),
        Of::Farmer(id) => (String::new(), format!(" and f.farmer_id in {}", records(&id.to_string()))),
    };
    // a ticket's lines are its own household's
    let of_ticket = of_farmer.replace("f.farmer_id", "t.farmer_id");
    let month = month_start(up_to);
    let spans = |from, to| Range { from, to }.spans(Grain::Year);
    let before =
        spans(None, month.pred_opt()).into_iter().map(|span| settled_sql(&span, "0", &of_operator, &of_farmer));
    let within = spans(Some(month), Some(up_to))
        .into_iter()
        .map(|span| settled_sql(&span, "f.settled_farmer_fen", &of_operator, &of_farmer));
    let settled: Vec<String> = before.chain(within).collect();
    let of_month = |day: &str, fen: &str| format!("case when {day} >= '{month}' then {fen} else 0 end");
    let sql = format!(
        "select g.operator_id, g.farmer_id, cast(sum(g.settled) as bigint) as settled_fen,
            cast(sum(g.bought) as bigint) as bought_fen, cast(sum(g.covered) as bigint) as covered_fen,
            cast(sum(g.of_month) as bigint) as of_month_fen
         from ({}
            union all
            select h.operator_id, f.farmer_id, -f.settled_farmer_fen, 0, 0, {} from lot_ticket t
             cross join ledger_entry f cross join shop h
             where t.county_code = $1 and t.bought and f.county_code = t.county_code
                and f.lot_ticket_id = t.ticket_id and f.lot_ticket_id <> 0 and f.booked_on <= $2
                and h.county_code = f.county_code and h.shop_id = f.shop_id{of_operator}{of_farmer}{of_ticket}
            union all
            select h.operator_id, f.farmer_id, 0, {BOUGHT_FEN}, 0, {}
             from lot_ticket f join lot h on h.county_code = f.county_code and h.lot_id = f.lot_id
             where f.county_code = $1 and f.bought and h.intake_on <= $2{of_operator}{of_farmer}
            union all
            select h.operator_id, h.farmer_id, 0, 0, h.covered_fen, 0 from payout_balance h
             where h.county_code = $1{of_operator}{}) g
         join farmer w on w.county_code = $1 and w.farmer_id = g.farmer_id
         where g.operator_id <> 0{}
         group by g.operator_id, g.farmer_id",
        settled.join(" union all "),
        of_month("f.booked_on", "-f.settled_farmer_fen"),
        of_month("h.intake_on", BOUGHT_FEN),
        of_farmer.replace("f.farmer_id", "h.farmer_id"),
        scope::households(session.scope(), "w")
    );
    let rows = on!(session, conn => sqlx::query_as::<_, Row>(AssertSqlSafe(sql)).bind(county).bind(up_to)
        .fetch_all(conn).await)?;
    let households = Households::now(&doubles::list(session).await?);
    let mut accounts: BTreeMap<(i64, i64), (Balance, i64)> = BTreeMap::new();
    for row in rows {
        let farmer_id = households.kept(row.farmer_id);
        let (balance, of_month_fen) = accounts.entry((row.operator_id, farmer_id)).or_default();
        balance.settled_fen += row.settled_fen;
        balance.bought_fen += row.bought_fen;
        balance.covered_fen += row.covered_fen;
        *of_month_fen += row.of_month_fen;
    }
    let due =
        |((operator_id, farmer_id), (balance, of_month_fen))| Due { operator_id, farmer_id, balance, of_month_fen };
    Ok(accounts.into_iter().map(due).collect())
}

/// A ticket of goods bought by weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Bought {
    pub ticket_id: i64,
    pub operator_id: i64,
    pub farmer_id: i64,
    pub intake_on: Day,
    pub fen: i64,
}

/// Every ticket of goods bought by weight, for checking payouts against them.
pub async fn list_bought(session: &mut Session) -> Result<Vec<Bought>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select f.ticket_id, l.operator_id, f.farmer_id, l.intake_on, {BOUGHT_FEN} as fen
         from lot_ticket f join lot l on l.county_code = f.county_code and l.lot_id = f.lot_id
         where f.county_code = $1 and f.bought order by f.ticket_id"
    ))).bind(county).fetch_all(conn).await)?)
}

/// What a ticket `f` is worth: rounded as every price that meets a weight, which is above zero here.
const BOUGHT_FEN: &str = "(f.weight_g * f.agreed_fen_per_kg + 500) / 1000";

/// Settled income of a span by operator and household, and what of it is of the month; days are literals this program
/// wrote.
fn settled_sql((grain, from, end): &Span, of_month: &str, of_operator: &str, of_farmer: &str) -> String {
    format!(
        "select h.operator_id as operator_id, f.farmer_id as farmer_id, f.settled_farmer_fen as settled, 0 as bought,
            0 as covered, {of_month} as of_month
         from figure f join shop h on h.county_code = f.county_code and cast(h.shop_id as text) = f.key
         where f.county_code = $1 and f.basis = 'event' and f.lens = 'shop' and f.grain = '{}'
            and f.start_on >= '{from}' and f.start_on < '{end}' and f.farmer_id <> 0{of_operator}{of_farmer}",
        grain.key()
    )
}

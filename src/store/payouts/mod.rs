//! Payouts as they are recorded: put forward, their lines, what became of them, receipts.
//!
//! Rule that must hold: rows are only inserted; the one number that moves is `payout_balance`, the sum of the lines that
//! cover a household's account. Where to look: [`due`] says what is owed, [`own`] what a household reads of its own.
//! Not here: who may do what, and when a line covers (`services::payouts`, `domain::payouts`).

pub mod due;
pub mod own;

use super::rows::known;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::payouts::{Kind, State, Step};
use sqlx::FromRow;

/// A payout on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayout {
    pub operator_id: i64,
    pub kind: Kind,
    pub up_to_on: Day,
    /// The document's number, or why; '' for income.
    pub reason: String,
    /// 0, or the payout whose money came back.
    pub of_payout_id: i64,
}

/// A household's part of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Line {
    pub farmer_id: i64,
    pub amount_fen: i64,
    pub carried_fen: i64,
}

/// A payout and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    pub payout_id: i64,
    pub operator_id: i64,
    pub kind: Kind,
    pub up_to_on: Day,
    pub reason: String,
    pub of_payout_id: i64,
    pub amount_fen: i64,
    pub households: i64,
    pub batch_id: i64,
    pub account_id: i64,
    pub proposed_by: String,
    pub role: String,
    pub came_from: String,
    pub proposed_at: Instant,
    pub approved: Option<Taken>,
    pub withdrawn: Option<Taken>,
    pub paid: Option<Taken>,
    pub paid_on: Option<Day>,
    pub reference: String,
}

/// Who took a step, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub account_id: i64,
    pub by: String,
    pub at: Instant,
}

impl Payout {
    /// How far it is.
    pub const fn state(&self) -> State {
        if self.withdrawn.is_some() {
            State::Withdrawn
        } else if self.paid.is_some() {
            State::Paid
        } else if self.approved.is_some() {
            State::Approved
        } else {
            State::Proposed
        }
    }
}

#[derive(FromRow)]
struct Row {
    payout_id: i64,
    operator_id: i64,
    kind: String,
    up_to_on: Day,
    reason: String,
    of_payout_id: i64,
    amount_fen: i64,
    households: i64,
    batch_id: i64,
    account_id: i64,
    proposed_by: String,
    role: String,
    came_from: String,
    proposed_at: Instant,
    approver_id: Option<i64>,
    approved_by: Option<String>,
    approved_at: Option<Instant>,
    withdrawer_id: Option<i64>,
    withdrawn_by: Option<String>,
    withdrawn_at: Option<Instant>,
    payer_id: Option<i64>,
    paid_by: Option<String>,
    paid_at: Option<Instant>,
    paid_on: Option<Day>,
    reference: Option<String>,
}

fn taken(account_id: Option<i64>, by: Option<String>, at: Option<Instant>) -> Option<Taken> {
    Some(Taken { account_id: account_id?, by: by?, at: at? })
}

impl Row {
    fn read(self) -> Result<Payout, StoreError> {
        Ok(Payout {
            kind: known(&self.kind, Kind::parse)?,
            payout_id: self.payout_id,
            operator_id: self.operator_id,
            up_to_on: self.up_to_on,
            reason: self.reason,
            of_payout_id: self.of_payout_id,
            amount_fen: self.amount_fen,
            households: self.households,
            batch_id: self.batch_id,
            account_id: self.account_id,
            proposed_by: self.proposed_by,
            role: self.role,
            came_from: self.came_from,
            proposed_at: self.proposed_at,
            approved: taken(self.approver_id, self.approved_by, self.approved_at),
            withdrawn: taken(self.withdrawer_id, self.withdrawn_by, self.withdrawn_at),
            paid: taken(self.payer_id, self.paid_by, self.paid_at),
            paid_on: self.paid_on,
            reference: self.reference.unwrap_or_default(),
        })
    }
}

/// Every payout `p` with its steps.
const WITH_STEPS: &str =
    "select p.payout_id, p.operator_id, p.kind, p.up_to_on, p.reason, p.of_payout_id, p.amount_fen,
        p.households, p.batch_id, p.account_id, p.proposed_by, p.role, p.came_from, p.proposed_at,
        a.account_id as approver_id, a.actor as approved_by, a.at as approved_at, w.account_id as withdrawer_id,
        w.actor as withdrawn_by, w.at as withdrawn_at, d.account_id as payer_id, d.actor as paid_by, d.at as paid_at,
        d.paid_on, d.reference
     from payout p
     left join payout_step a on a.county_code = p.county_code and a.payout_id = p.payout_id and a.step = 'approved'
     left join payout_step w on w.county_code = p.county_code and w.payout_id = p.payout_id and w.step = 'withdrawn'
     left join payout_step d on d.county_code = p.county_code and d.payout_id = p.payout_id and d.step = 'paid'
     where p.county_code = $1";

/// Puts a payout forward in the name of the unit of work's actor, with its lines. Returns its number.
pub async fn insert(work: &mut Work, new: &NewPayout, lines: &[Line]) -> Result<i64, StoreError> {
    let payout_id = super::take_ids(work, "payout", 1).await?;
    let (county, at, batch_id, by) = (work.county_text(), work.at, work.batch_id, work.actor.clone());
    let amount_fen: i64 = lines.iter().map(|line| line.amount_fen).sum();
    let households = i64::try_from(lines.len()).expect("a county's households can be counted");
    on!(work, conn => sqlx::query(
        "insert into payout (county_code, payout_id, operator_id, kind, up_to_on, reason, of_payout_id, amount_fen,
            households, batch_id, account_id, proposed_by, role, came_from, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    ).bind(&county).bind(payout_id).bind(new.operator_id).bind(new.kind.key()).bind(new.up_to_on).bind(&new.reason)
        .bind(new.of_payout_id).bind(amount_fen).bind(households).bind(batch_id).bind(by.account_id).bind(&by.name)
        .bind(by.role.key()).bind(&by.from).bind(at).execute(conn).await.map(|_| ()))?;
    insert_rows!(
        work,
        "insert into payout_line (county_code, payout_id, farmer_id, amount_fen, carried_fen) ",
        lines,
        "",
        |b, line| {
            b.push_bind(payout_id).push_bind(line.farmer_id).push_bind(line.amount_fen).push_bind(line.carried_fen);
        }
    );
    Ok(payout_id)
}

/// Takes a payout's lines off what is due (`times` 1), or gives them back (-1).
pub async fn cover(work: &mut Work, operator_id: i64, lines: &[Line], times: i64) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into payout_balance (county_code, operator_id, farmer_id, covered_fen) ",
        lines,
        " on conflict (county_code, operator_id, farmer_id) do update set
          covered_fen = payout_balance.covered_fen + excluded.covered_fen",
        |b, line| {
            b.push_bind(operator_id).push_bind(line.farmer_id).push_bind(times * line.amount_fen);
        }
    );
    Ok(())
}

/// Records a step in the name of the unit of work's actor; a payment has its day and the bank's number.
pub async fn insert_step(
    work: &mut Work,
    payout_id: i64,
    step: Step,
    paid: Option<(Day, &str)>,
) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    let (paid_on, reference) = (paid.map(|(day, _)| day), paid.map_or("", |(_, reference)| reference));
    on!(work, conn => sqlx::query(
        "insert into payout_step (county_code, payout_id, step, account_id, actor, at, paid_on, reference)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    ).bind(county).bind(payout_id).bind(step.key()).bind(by.account_id).bind(by.name).bind(at).bind(paid_on)
        .bind(reference).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A payout.
pub async fn find(session: &mut Session, payout_id: i64) -> Result<Option<Payout>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let row: Option<Row> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{WITH_STEPS} and p.payout_id = $2"
    ))).bind(county).bind(payout_id).fetch_optional(conn).await)?;
    row.map(Row::read).transpose()
}

/// A page of the payouts of an operator (0: of all) and of a kind ('': of all), the last first.
pub async fn list_page(
    session: &mut Session,
    (operator_id, kind): (i64, &str),
    page: i64,
    size: i64,
) -> Result<Vec<Payout>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{WITH_STEPS} and ($2 = 0 or p.operator_id = $2) and ($3 = '' or p.kind = $3)
         order by p.payout_id desc limit $4 offset $5"
    ))).bind(county).bind(operator_id).bind(kind).bind(size).bind((page - 1) * size).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// How many payouts those are.
pub async fn count(session: &mut Session, (operator_id, kind): (i64, &str)) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(*) from payout p where p.county_code = $1 and ($2 = 0 or p.operator_id = $2)
         and ($3 = '' or p.kind = $3)"
    ).bind(county).bind(operator_id).bind(kind).fetch_one(conn).await)?)
}

/// Payouts that wait for somebody: to be approved, or to be paid; the oldest first.
pub async fn list_open(session: &mut Session) -> Result<Vec<Payout>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{WITH_STEPS} and w.step is null and d.step is null and (a.step is null or p.kind in ('income', 'surplus'))
         order by p.payout_id"
    ))).bind(county).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// Every payout in the order they were put forward, for checking them all.
pub async fn list_all(session: &mut Session) -> Result<Vec<Payout>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{WITH_STEPS} order by p.payout_id"
    ))).bind(county).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// The lines of a payout, by household.
pub async fn list_lines(session: &mut Session, payout_id: i64) -> Result<Vec<Line>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select farmer_id, amount_fen, carried_fen from payout_line where county_code = $1 and payout_id = $2
         order by farmer_id"
    ).bind(county).bind(payout_id).fetch_all(conn).await)?)
}

/// Every line: payout, household, fen.
pub async fn list_all_lines(session: &mut Session) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select payout_id, farmer_id, amount_fen from payout_line where county_code = $1 order by payout_id, farmer_id"
    ).bind(county).fetch_all(conn).await)?)
}

/// Every balance: operator, household, fen covered.
pub async fn list_balances(session: &mut Session) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select operator_id, farmer_id, covered_fen from payout_balance where county_code = $1
         order by operator_id, farmer_id"
    ).bind(county).fetch_all(conn).await)?)
}

/// Households of a payout that said their money has arrived.
pub async fn list_receipts(session: &mut Session, payout_id: i64) -> Result<Vec<(i64, Instant)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select farmer_id, confirmed_at from payout_receipt where county_code = $1 and payout_id = $2 order by farmer_id"
    ).bind(county).bind(payout_id).fetch_all(conn).await)?)
}

/// Households whose money of a payout came back, or is said to have: those of `returned` payouts not taken back.
pub async fn list_returned(session: &mut Session, payout_id: i64) -> Result<Vec<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select l.farmer_id from payout p join payout_line l on l.county_code = p.county_code and l.payout_id = p.payout_id
         where p.county_code = $1 and p.of_payout_id = $2 and not exists (select 1 from payout_step s
            where s.county_code = p.county_code and s.payout_id = p.payout_id and s.step = 'withdrawn')
         order by l.farmer_id"
    ).bind(county).bind(payout_id).fetch_all(conn).await)?)
}

/// True if a surplus of an operator's document stands, put forward or more.
pub async fn has_surplus(session: &mut Session, operator_id: i64, document: &str) -> Result<bool, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let found: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "select p.payout_id from payout p where p.county_code = $1 and p.operator_id = $2 and p.kind = 'surplus'
            and p.reason = $3 and not exists (select 1 from payout_step s where s.county_code = p.county_code
            and s.payout_id = p.payout_id and s.step = 'withdrawn') limit 1"
    ).bind(county).bind(operator_id).bind(document).fetch_optional(conn).await)?;
    Ok(found.is_some())
}

/// The day up to which an operator's income was last put forward and not taken back.
pub async fn find_last_up_to(session: &mut Session, operator_id: i64) -> Result<Option<Day>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select p.up_to_on from payout p where p.county_code = $1 and p.operator_id = $2 and p.kind = 'income'
            and not exists (select 1 from payout_step s where s.county_code = p.county_code
            and s.payout_id = p.payout_id and s.step = 'withdrawn') order by p.up_to_on desc limit 1"
    ).bind(county).bind(operator_id).fetch_optional(conn).await)?)
}

/// A household says that its money has arrived; saying it again changes nothing.
pub async fn insert_receipt(work: &mut Work, payout_id: i64, farmer_id: i64) -> Result<(), StoreError> {
    let (county, at) = (work.county_text(), work.at);
    on!(work, conn => sqlx::query(
        "insert into payout_receipt (county_code, payout_id, farmer_id, confirmed_at) values ($1, $2, $3, $4)
         on conflict (county_code, payout_id, farmer_id) do nothing"
    ).bind(county).bind(payout_id).bind(farmer_id).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

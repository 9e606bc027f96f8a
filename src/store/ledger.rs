//! The ledger's rows, month locks, and the present state of each slice. The ledger is only ever appended to.

use super::encode::{AtInstant, OnDay, Word};
use super::facts::Selection;
use super::packed::{Answer, Packed, Unpacked, ask_packed, packed, read_packed};
use super::rows::{amount_list, known, region};
use super::{Session, StoreError, Work, scope};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, Instant};
use crate::domain::ledger::book::{BatchId, Category};
use crate::domain::ledger::facts::Class;
use crate::domain::ledger::{Change, Dimensions, PostedSum, SliceState, State};
use sqlx::FromRow;
use std::collections::BTreeMap;

/// A ledger row as read back: what posting compares with, and what verify checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerRow {
    pub slice_no: i64,
    pub entry_no: i64,
    pub booked_on: Day,
    pub paid_on: Day,
    pub adjusts_on: Option<Day>,
    pub batch_id: BatchId,
    pub posted_at: Instant,
    pub shop_id: i64,
    /// What it says, by event, line and dimensions.
    pub posted: PostedSum,
}

impl Packed for LedgerRow {
    fn columns() -> String {
        let keys = packed!(
            "e.slice_no", "e.entry_no", "e.booked_on", "e.paid_on", "e.batch_id", "e.shop_id", "e.line_id", "e.event_id",
            "e.event_kind", "e.event_on", "e.room_id", "e.anchor_id", "e.stream_id", "e.listing_id", "e.product_id",
            "e.farmer_id", "e.village_code", "e.household_category", "e.lot_ticket_id", "e.class", "e.baseline_id",
            "e.posted_at"; "e.adjusts_on"
        );
        format!("{keys}, {}", amount_list("e."))
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        let (slice_no, entry_no) = (of.number()?, of.number()?);
        let (booked_on, paid_on) = (of.day()?, of.day()?);
        let (batch_id, shop_id, line_id, event_id) = (of.number()?, of.number()?, of.number()?, of.number()?);
        let (event_kind, event_on) = (event_kind(of.text()?)?, of.day()?);
        let dimensions = Dimensions {
            room_id: of.number()?,
            anchor_id: of.number()?,
            stream_id: of.number()?,
            listing_id: of.number()?,
            product_id: of.number()?,
            farmer_id: of.number()?,
            village_code: region(of.text()?)?,
            household_category: known(of.text()?, Category::parse)?,
            lot_ticket_id: of.number()?,
            class: known(of.text()?, Class::parse)?,
        };
        let (baseline_id, posted_at, adjusts_on) = (of.number()?, of.instant()?, of.optional_day()?);
        let mut amounts = Amounts::ZERO;
        for value in &mut amounts.0 {
            *value = of.number()?;
        }
        let posted = PostedSum { line_id, event_id, event_kind, event_on, dimensions, baseline_id, amounts };
        Ok(Self { slice_no, entry_no, booked_on, paid_on, adjusts_on, batch_id, posted_at, shop_id, posted })
    }
}

/// The kinds of event a ledger row may name.
fn event_kind(text: &str) -> Result<&'static str, StoreError> {
    ["paid", "refund", "settled", "inferred", "parcels", "resend", "offplatform_compensation"]
        .into_iter()
        .find(|&kind| kind == text)
        .ok_or_else(|| StoreError::UnknownValue(format!("event kind {text:?}")))
}

impl Answer<LedgerRow> {
    /// By line, slice and entry.
    pub fn in_order(&self) -> Result<Vec<LedgerRow>, StoreError> {
        self.unpack_by(|r| (r.posted.line_id, r.slice_no, r.entry_no))
    }
}

/// The ledger rows of the orders of a selection between two order ids, in order.
pub async fn list_rows(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<Vec<LedgerRow>, StoreError> {
    ask_rows(session, selection, from, to).await?.in_order()
}

/// [`list_rows`], still packed.
pub async fn ask_rows(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<Answer<LedgerRow>, StoreError> {
    session.hold_to_county()?;
    let of_lines = format!(
        "{} and e.county_code = l.county_code and e.line_id = l.line_id",
        selection.from("order_line", "l", "cross join ledger_entry e")
    );
    Ok(ask_packed!(session, LedgerRow, &of_lines, from, to))
}

/// The ledger rows of one line that are in scope, in the order they were posted.
pub async fn list_rows_of_line(session: &mut Session, line_id: i64) -> Result<Vec<LedgerRow>, StoreError> {
    let in_scope = scope::slices(session.scope(), "e");
    let of_line = format!("from ledger_entry e where e.county_code = $1 and e.line_id = $2{in_scope}");
    let mut rows = read_packed!(session, LedgerRow, &of_line, line_id)?;
    rows.sort_unstable_by_key(|r| (r.batch_id, r.posted.event_on, r.posted.event_id, r.slice_no, r.entry_no));
    Ok(rows)
}

/// A row to append, with what the change itself does not know.
#[derive(Debug, Clone, Copy)]
pub struct NewRow {
    pub change: Change,
    pub entry_no: i64,
    pub paid_on: Day,
    pub shop_id: i64,
}

/// Which sums a row may say something of. A sale says nothing of settling and most settlements say nothing else: half of
/// the ledger's numbers are zeros, and rows that are alike need not hand them over one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sums {
    Sold,
    Settled,
    Any,
}

impl Sums {
    /// The narrower first.
    const ALL: [Self; 3] = [Self::Settled, Self::Sold, Self::Any];

    const fn columns(self) -> &'static [Col] {
        match self {
            Self::Sold => &[
                Col::Gmv,
                Col::Subsidy,
                Col::Farmer,
                Col::Operator,
                Col::Village,
                Col::Anchor,
                Col::Platform,
                Col::Logistics,
                Col::Packaging,
                Col::Goods,
                Col::BaselineLow,
                Col::BaselineMid,
                Col::BaselineHigh,
            ],
            Self::Settled => &[
                Col::SettledNet,
                Col::SettledFarmer,
                Col::SettledBaselineLow,
                Col::SettledBaselineMid,
                Col::SettledBaselineHigh,
            ],
            Self::Any => &Col::ALL,
        }
    }

    /// The narrowest that hold all these amounts.
    pub fn of(amounts: &Amounts) -> Self {
        let said = |columns: &[Col]| columns.iter().filter(|&&column| amounts[column] != 0).count();
        let all = said(&Col::ALL);
        Self::ALL.into_iter().find(|sums| said(sums.columns()) == all).unwrap_or(Self::Any)
    }
}

/// Appends rows, those that say something of the same sums together. There is no other write to the ledger.
pub async fn append(work: &mut Work, rows: &[NewRow]) -> Result<(), StoreError> {
    let mut alike: BTreeMap<Sums, Vec<&NewRow>> = BTreeMap::new();
    for row in rows {
        alike.entry(Sums::of(&row.change.entry.amounts)).or_default().push(row);
    }
    for (sums, rows) in alike {
        append_alike(work, sums.columns(), &rows).await?;
    }
    Ok(())
}

/// Appends rows whose amounts are 0 but for some columns.
async fn append_alike(work: &mut Work, columns: &[Col], rows: &[&NewRow]) -> Result<(), StoreError> {
    let (batch_id, posted_at) = (work.batch_id, work.at);
    let others = Col::ALL.iter().filter(|column| !columns.contains(column));
    let names: Vec<&str> = columns.iter().chain(others).map(|column| column.name()).collect();
    let head = format!(
        "insert into ledger_entry (county_code, batch_id, posted_at, line_id, slice_no, entry_no, event_kind, event_id,
         event_on, booked_on, paid_on, adjusts_on, shop_id, room_id, anchor_id, stream_id, listing_id, product_id,
         farmer_id, village_code, household_category, lot_ticket_id, baseline_id, class, {}) ",
        names.join(", ")
    );
    insert_rows!(
        work,
        head.as_str(),
        rows,
        "",
        |b| {
            b.push_bind(batch_id).push_bind(AtInstant(posted_at));
        },
        |b, r| {
            let (e, d) = (&r.change.entry, &r.change.entry.dimensions);
            b.push_bind(e.line_id)
                .push_bind(d.farmer_id)
                .push_bind(r.entry_no)
                .push_bind(Word(e.event_kind))
                .push_bind(e.event_id)
                .push_bind(OnDay(e.event_on))
                .push_bind(OnDay(r.change.booking.booked_on))
                .push_bind(OnDay(r.paid_on))
                .push_bind(r.change.booking.adjusts_on.map(OnDay))
                .push_bind(r.shop_id)
                .push_bind(d.room_id)
                .push_bind(d.anchor_id)
                .push_bind(d.stream_id)
                .push_bind(d.listing_id)
                .push_bind(d.product_id)
                .push_bind(d.farmer_id)
                .push_bind(Word(&d.village_code.to_string()))
                .push_bind(Word(d.household_category.key()))
                .push_bind(d.lot_ticket_id)
                .push_bind(e.baseline_id)
                .push_bind(Word(d.class.key()));
            for &column in columns {
                b.push_bind(e.amounts[column]);
            }
            b.push_zeros(Col::ALL.len() - columns.len());
        }
    );
    Ok(())
}

/// A locked month.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MonthLock {
    /// Its first day.
    pub month: Day,
    pub batch_id: BatchId,
    pub locked_at: Instant,
    pub actor: String,
    pub reason: String,
    pub coverage_bp: i64,
}

/// All locked months, in order.
pub async fn list_locks(session: &mut Session) -> Result<Vec<MonthLock>, StoreError> {
    let county = session.county_text();
    let mut locks = on!(session, conn => sqlx::query_as::<_, MonthLock>(
        "select month, batch_id, locked_at, actor, reason, coverage_bp from month_lock where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    locks.sort_unstable_by_key(|l| l.month);
    Ok(locks)
}

/// The months that are locked, each by its first day, ascending; how far a county's books are closed is told to everybody.
pub async fn list_locked_months(session: &mut Session) -> Result<Vec<Day>, StoreError> {
    Ok(list_locks(session).await?.into_iter().map(|lock| lock.month).collect())
}

/// Locks a month with this unit of work's batch and time.
pub async fn insert_lock(work: &mut Work, month: Day, reason: &str, coverage_bp: i64) -> Result<(), StoreError> {
    let (county, batch_id, at, actor) = (work.county_text(), work.batch_id, work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into month_lock (county_code, month, batch_id, locked_at, actor, reason, coverage_bp)
         values ($1, $2, $3, $4, $5, $6, $7)"
    ).bind(county).bind(month).bind(batch_id).bind(at).bind(actor).bind(reason).bind(coverage_bp)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a month's lock away; `store::openings` keeps what it was.
pub async fn remove_lock(work: &mut Work, month: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from month_lock where county_code = $1 and month = $2")
        .bind(county).bind(month).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The present state of one slice of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceRow {
    pub line_id: i64,
    pub farmer_id: i64,
    pub order_id: i64,
    pub shop_id: i64,
    pub listing_id: i64,
    pub product_id: i64,
    pub room_id: i64,
    pub anchor_id: i64,
    pub stream_id: i64,
    pub village_code: String,
    pub class: String,
    pub state: String,
    pub without_listing: bool,
    pub without_baseline: bool,
    pub created_on: Day,
    pub paid_counted_on: Option<Day>,
    pub refund_counted_on: Option<Day>,
    /// Fingerprint of the numbers the order was posted from.
    pub facts_mark: i64,
}

impl Packed for SliceRow {
    fn columns() -> String {
        packed!(
            "s.line_id", "s.farmer_id", "s.order_id", "s.shop_id", "s.listing_id", "s.product_id", "s.room_id",
            "s.anchor_id", "s.stream_id", "s.village_code", "s.class", "s.state", "s.without_listing",
            "s.without_baseline", "s.created_on", "s.facts_mark"; "s.paid_counted_on", "s.refund_counted_on"
        )
        .to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            line_id: of.number()?,
            farmer_id: of.number()?,
            order_id: of.number()?,
            shop_id: of.number()?,
            listing_id: of.number()?,
            product_id: of.number()?,
            room_id: of.number()?,
            anchor_id: of.number()?,
            stream_id: of.number()?,
            village_code: of.text()?.to_owned(),
            class: of.text()?.to_owned(),
            state: of.text()?.to_owned(),
            without_listing: of.flag()?,
            without_baseline: of.flag()?,
            created_on: of.day()?,
            facts_mark: of.number()?,
            paid_counted_on: of.optional_day()?,
            refund_counted_on: of.optional_day()?,
        })
    }
}

impl SliceRow {
    /// The state as the domain's counting reads it; category and ticket do not count and are left empty.
    pub fn state(&self) -> Result<(State, SliceState), StoreError> {
        let state = known(&self.state, |text| {
            [State::Unpaid, State::Provisional, State::Settled, State::Refunded].into_iter().find(|s| s.key() == text)
        })?;
        let dimensions = Dimensions {
            room_id: self.room_id,
            anchor_id: self.anchor_id,
            stream_id: self.stream_id,
            listing_id: self.listing_id,
            product_id: self.product_id,
            farmer_id: self.farmer_id,
            village_code: region(&self.village_code)?,
            household_category: Category::None,
            lot_ticket_id: 0,
            class: known(&self.class, Class::parse)?,
        };
        Ok((state, SliceState { dimensions, without_baseline: self.without_baseline, position: Amounts::ZERO }))
    }
}

impl Answer<SliceRow> {
    /// By order, line and farmer.
    pub fn in_order(&self) -> Result<Vec<SliceRow>, StoreError> {
        self.unpack_by(|r| (r.order_id, r.line_id, r.farmer_id))
    }
}

/// Slices of the orders of a selection between two order ids, in order.
pub async fn list_slices(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<Vec<SliceRow>, StoreError> {
    ask_slices(session, selection, from, to).await?.in_order()
}

/// [`list_slices`], still packed.
pub async fn ask_slices(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<Answer<SliceRow>, StoreError> {
    session.hold_to_county()?;
    let of_lines = format!(
        "{} and s.county_code = l.county_code and s.line_id = l.line_id",
        selection.from("order_line", "l", "cross join line_slice s")
    );
    Ok(ask_packed!(session, SliceRow, &of_lines, from, to))
}

/// Writes slices that are new.
pub async fn insert_slices(work: &mut Work, rows: &[SliceRow]) -> Result<(), StoreError> {
    write_slices(work, rows, "").await
}

/// Writes the present state of slices.
pub async fn upsert_slices(work: &mut Work, rows: &[SliceRow]) -> Result<(), StoreError> {
    let known = " on conflict (county_code, line_id, farmer_id) do update set listing_id = excluded.listing_id,
          product_id = excluded.product_id, room_id = excluded.room_id, anchor_id = excluded.anchor_id,
          stream_id = excluded.stream_id, village_code = excluded.village_code, class = excluded.class,
          state = excluded.state, without_listing = excluded.without_listing,
          without_baseline = excluded.without_baseline, created_on = excluded.created_on,
          paid_counted_on = excluded.paid_counted_on, refund_counted_on = excluded.refund_counted_on,
          facts_mark = excluded.facts_mark";
    write_slices(work, rows, known).await
}

async fn write_slices(work: &mut Work, rows: &[SliceRow], known: &str) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into line_slice (county_code, line_id, farmer_id, order_id, shop_id, listing_id, product_id, room_id,
         anchor_id, stream_id, village_code, class, state, without_listing, without_baseline, created_on,
         paid_counted_on, refund_counted_on, facts_mark) ",
        rows,
        known,
        |b, r| {
            b.push_bind(r.line_id)
                .push_bind(r.farmer_id)
                .push_bind(r.order_id)
                .push_bind(r.shop_id)
                .push_bind(r.listing_id)
                .push_bind(r.product_id)
                .push_bind(r.room_id)
                .push_bind(r.anchor_id)
                .push_bind(r.stream_id)
                .push_bind(Word(&r.village_code))
                .push_bind(Word(&r.class))
                .push_bind(Word(&r.state))
                .push_bind(r.without_listing)
                .push_bind(r.without_baseline)
                .push_bind(OnDay(r.created_on))
                .push_bind(r.paid_counted_on.map(OnDay))
                .push_bind(r.refund_counted_on.map(OnDay))
                .push_bind(r.facts_mark);
        }
    );
    Ok(())
}

/// Writes the sale state of slices that are there, and what they were posted from.
pub async fn restate_slices(work: &mut Work, rows: &[SliceRow]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "update line_slice set state = v.column4, facts_mark = v.column5 from (",
        rows,
        ") as v where line_slice.county_code = v.column1 and line_slice.line_id = v.column2
          and line_slice.farmer_id = v.column3",
        |b, r| {
            b.push_bind(r.line_id).push_bind(r.farmer_id).push_bind(Word(&r.state)).push_bind(r.facts_mark);
        }
    );
    Ok(())
}

/// Removes slices whose household no longer has a part of the line.
pub async fn remove_slices(work: &mut Work, keys: &[(i64, i64)]) -> Result<(), StoreError> {
    for &(line_id, farmer_id) in keys {
        let county = work.county_text();
        on!(work, conn => sqlx::query(
            "delete from line_slice where county_code = $1 and line_id = $2 and farmer_id = $3"
        ).bind(county).bind(line_id).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

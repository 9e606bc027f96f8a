//! Lots (供货批次): what was weighed in, from whom, and what became of it.
//!
//! Here the rows that pages and documents write and read; what posting asks and writes is in [`draws`].

pub mod draws;

use super::bulk::{Bulk, listed};
use super::doubles::records;
use super::{Session, StoreError, Work};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use sqlx::{AssertSqlSafe, FromRow};

/// Goods of a product taken in on a day.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Lot {
    pub lot_id: i64,
    pub lot_key: String,
    pub product_id: i64,
    pub intake_on: Day,
    pub closed_on: Option<Day>,
    pub certificate_no: String,
}

/// One household's weighing in a lot.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Ticket {
    pub ticket_id: i64,
    pub lot_id: i64,
    pub farmer_id: i64,
    /// Its row in the weighing list, from 1.
    pub ticket_no: i64,
    pub weight_g: i64,
    pub agreed_fen_per_kg: i64,
    /// Owed by its weight, at that price. Decided when it is weighed in and when it is corrected; terms that come later move
    /// nothing that may have been paid.
    pub bought: bool,
    pub grade: String,
    pub drawn_g: i64,
    pub left_g: i64,
    pub lost_g: i64,
}

impl Ticket {
    /// What nobody has bought yet, until the lot is closed.
    pub fn open_g(&self) -> i64 {
        self.weight_g - self.drawn_g - self.left_g - self.lost_g
    }
}

/// Which lots a list is of; what is left out is every one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sought<'a> {
    /// 0: of all products.
    pub product_id: i64,
    /// `open`, `closed`, ''.
    pub state: &'a str,
    pub oldest_first: bool,
}

const LOT: &str = "lot_id, lot_key, product_id, intake_on, closed_on, certificate_no";
const TICKET: &str =
    "t.ticket_id, t.lot_id, t.farmer_id, t.ticket_no, t.weight_g, t.agreed_fen_per_kg, t.bought, t.grade,
    t.drawn_g, t.left_g, t.lost_g";

pub async fn insert(work: &mut Work, rows: &[Lot]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into lot (county_code, lot_id, lot_key, product_id, intake_on, closed_on, certificate_no) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.lot_id)
                .push_bind(r.lot_key.as_str())
                .push_bind(r.product_id)
                .push_bind(r.intake_on)
                .push_bind(r.closed_on)
                .push_bind(r.certificate_no.as_str());
        }
    );
    let county = work.county_text();
    on!(work, conn => sqlx::query(OPERATOR).bind(county).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Who owes for a lot: the operator in whose shops its product is mapped, else the county's first. Decided once; what is
/// mapped later moves nothing that may have been paid.
const OPERATOR: &str = "update lot set operator_id = coalesce(
    (select min(h.operator_id) from listing i
     join sku_mapping m on m.county_code = i.county_code and m.listing_id = i.listing_id
     join shop h on h.county_code = m.county_code and h.shop_id = m.shop_id
     where i.county_code = lot.county_code and i.product_id = lot.product_id and h.operator_id <> 0),
    (select min(o.operator_id) from operator o where o.county_code = lot.county_code), 0)
    where county_code = $1 and operator_id = 0";

pub async fn insert_tickets(work: &mut Work, rows: &[Ticket]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into lot_ticket (county_code, ticket_id, lot_id, farmer_id, ticket_no, weight_g, agreed_fen_per_kg,
         bought, grade, drawn_g, left_g, lost_g) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.ticket_id)
                .push_bind(r.lot_id)
                .push_bind(r.farmer_id)
                .push_bind(r.ticket_no)
                .push_bind(r.weight_g)
                .push_bind(r.agreed_fen_per_kg)
                .push_bind(r.bought)
                .push_bind(r.grade.as_str())
                .push_bind(r.drawn_g)
                .push_bind(r.left_g)
                .push_bind(r.lost_g);
        }
    );
    Ok(())
}

/// The lot of a number.
pub async fn find(session: &mut Session, lot_id: i64) -> Result<Option<Lot>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {LOT} from lot where county_code = $1 and lot_id = $2"
    ))).bind(county).bind(lot_id).fetch_optional(conn).await)?)
}

/// The lots of some keys.
pub async fn list_of_keys(session: &mut Session, keys: &[&str]) -> Result<Vec<Lot>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(keys) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {LOT} from lot where county_code = "));
            builder.push_bind(county.clone()).push(" and lot_key");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Lot>().fetch_all(conn).await
        })?);
    }
    Ok(found)
}

/// How many lots were weighed in on a day: the next one's key is made of it.
pub async fn count_on(session: &mut Session, on: Day) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(*) from lot where county_code = $1 and intake_on = $2"
    ).bind(county).bind(on).fetch_one(conn).await)?)
}

/// The tickets of some lots, as they stand in the weighing lists.
pub async fn list_tickets(session: &mut Session, lot_ids: &[i64]) -> Result<Vec<Ticket>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found: Vec<Ticket> = Vec::new();
    for chunk in listed(lot_ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {TICKET} from lot_ticket t where t.county_code = "));
            builder.push_bind(county.clone()).push(" and t.lot_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Ticket>().fetch_all(conn).await
        })?);
    }
    found.sort_unstable_by_key(|t| (t.lot_id, t.ticket_no));
    Ok(found)
}

/// A lot with its sums, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LotSums {
    pub lot_id: i64,
    pub lot_key: String,
    pub product_id: i64,
    pub intake_on: Day,
    pub closed_on: Option<Day>,
    pub certificate_no: String,
    pub households: i64,
    pub weight_g: i64,
    pub drawn_g: i64,
    pub left_g: i64,
    pub lost_g: i64,
}

/// Lots, those of the last day first: a page of them.
pub async fn list_page(
    session: &mut Session,
    sought: &Sought<'_>,
    page: i64,
    size: i64,
) -> Result<Vec<LotSums>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let order = if sought.oldest_first { "asc" } else { "desc" };
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select w.lot_id, w.lot_key, w.product_id, w.intake_on, w.closed_on, w.certificate_no,
            count(distinct t.farmer_id) as households,
            cast(coalesce(sum(t.weight_g), 0) as bigint) as weight_g, cast(coalesce(sum(t.drawn_g), 0) as bigint) as drawn_g,
            cast(coalesce(sum(t.left_g), 0) as bigint) as left_g, cast(coalesce(sum(t.lost_g), 0) as bigint) as lost_g
         from (select lot_id, lot_key, product_id, intake_on, closed_on, certificate_no from lot where county_code = $1
                 and ($4 = 0 or product_id = $4) and ($5 = '' or ($5 = 'open') = (closed_on is null))
               order by intake_on {order}, lot_id {order} limit $2 offset $3) w
         join lot_ticket t on t.county_code = $1 and t.lot_id = w.lot_id
         group by w.lot_id, w.lot_key, w.product_id, w.intake_on, w.closed_on, w.certificate_no
         order by w.intake_on {order}, w.lot_id {order}"
    ))).bind(county).bind(size).bind((page - 1) * size).bind(sought.product_id).bind(sought.state)
        .fetch_all(conn).await)?)
}

/// How many lots are sought.
pub async fn count(session: &mut Session, sought: &Sought<'_>) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(*) from lot where county_code = $1 and ($2 = 0 or product_id = $2)
         and ($3 = '' or ($3 = 'open') = (closed_on is null))"
    ).bind(county).bind(sought.product_id).bind(sought.state).fetch_one(conn).await)?)
}

/// Products of which a lot needs a certificate.
pub async fn list_certified(session: &mut Session) -> Result<Vec<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select product_id from product where county_code = $1 and lot_certificate"
    ).bind(county).fetch_all(conn).await)?)
}

/// Says whether a product's lots need a certificate.
pub async fn set_certified(session: &mut Session, product_id: i64, needed: bool) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "update product set lot_certificate = $3 where county_code = $1 and product_id = $2"
    ).bind(county).bind(product_id).bind(needed).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// First and last day of intake of all lots: the days whose prices drawn lines may need.
pub async fn intake_days(session: &mut Session) -> Result<Option<(Day, Day)>, StoreError> {
    let county = session.county_text();
    let (first, last) = on!(session, conn => sqlx::query_as::<_, (Option<Day>, Option<Day>)>(
        "select min(intake_on), max(intake_on) from lot where county_code = $1"
    ).bind(county).fetch_one(conn).await)?;
    Ok(first.zip(last))
}

/// Closes a lot: what each ticket has left and what of it was lost.
pub async fn close(work: &mut Work, lot_id: i64, on: Day, shares: &[(i64, i64, i64)]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("update lot set closed_on = $3 where county_code = $1 and lot_id = $2")
        .bind(&*county).bind(lot_id).bind(on).execute(conn).await.map(|_| ()))?;
    insert_rows!(
        work,
        "update lot_ticket set left_g = v.column3, lost_g = v.column4 from (",
        shares,
        ") as v where lot_ticket.county_code = v.column1 and lot_ticket.ticket_id = v.column2",
        |b, r| {
            b.push_bind(r.0).push_bind(r.1).push_bind(r.2);
        }
    );
    Ok(())
}

/// Corrects what a ticket says: its weight and the price agreed.
pub async fn correct_ticket(work: &mut Work, ticket_id: i64, weight_g: i64, agreed: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update lot_ticket set weight_g = $3, agreed_fen_per_kg = $4, bought = $4 > 0
         where county_code = $1 and ticket_id = $2"
    ).bind(county).bind(ticket_id).bind(weight_g).bind(agreed).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What came of a ticket's goods by the ledger: grams sold first, and of them grams that came back or never left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct TicketSold {
    pub ticket_id: i64,
    pub sold_g: i64,
    pub back_g: i64,
    pub farmer_fen: i64,
    pub settled_fen: i64,
}

/// The ledger's sums of a lot, ticket by ticket; weights are those of goods as sold.
pub async fn list_sold(session: &mut Session, lot_id: i64) -> Result<Vec<TicketSold>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select t.ticket_id,
            cast(coalesce(sum(case when e.event_kind = 'paid' then e.goods_g else 0 end), 0) as bigint) as sold_g,
            cast(coalesce(-sum(case when e.event_kind = 'refund' then e.goods_g else 0 end), 0) as bigint) as back_g,
            cast(coalesce(sum(e.farmer_fen), 0) as bigint) as farmer_fen,
            cast(coalesce(sum(e.settled_farmer_fen), 0) as bigint) as settled_fen
         from lot_ticket t join draw d on d.county_code = t.county_code and d.ticket_id = t.ticket_id
         join ledger_entry e on e.county_code = d.county_code and e.line_id = d.line_id and e.slice_no = t.farmer_id
            and e.lot_ticket_id = t.ticket_id
         where t.county_code = $1 and t.lot_id = $2 group by t.ticket_id"
    ).bind(county).bind(lot_id).fetch_all(conn).await)?)
}

/// A line that took goods of a lot.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LotLine {
    pub line_id: i64,
    pub line_no: String,
    pub ticket_no: i64,
    pub farmer_id: i64,
    pub drawn_g: i64,
    pub paid_on: Option<Day>,
    pub state: String,
}

/// Lines of a lot, the last paid first: so many of them.
pub async fn list_lines(session: &mut Session, lot_id: i64, most: i64) -> Result<Vec<LotLine>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select d.line_id, l.line_no, t.ticket_no, t.farmer_id, d.drawn_g, o.paid_on, coalesce(s.state, '') as state
         from lot_ticket t join draw d on d.county_code = t.county_code and d.ticket_id = t.ticket_id
         join order_line l on l.county_code = d.county_code and l.line_id = d.line_id
         join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id
         left join line_slice s on s.county_code = d.county_code and s.line_id = d.line_id and s.farmer_id = t.farmer_id
         where t.county_code = $1 and t.lot_id = $2 order by o.paid_on desc, d.line_id desc, t.ticket_no limit $3"
    ).bind(county).bind(lot_id).bind(most).fetch_all(conn).await)?)
}

/// A lot as one household sees it: its own weights alone.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OwnLot {
    pub lot_id: i64,
    pub product: String,
    pub product_en: String,
    pub intake_on: Day,
    pub closed_on: Option<Day>,
    pub weight_g: i64,
    pub drawn_g: i64,
    pub left_g: i64,
    pub lost_g: i64,
}

/// What a sold line took of a household's weighing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OwnDrawn {
    pub intake_on: Day,
    pub drawn_g: i64,
    /// 0 where they were not bought at a price of their own.
    pub agreed_fen_per_kg: i64,
}

/// Which of a household's own weighings a line took goods of, in the order they were brought.
pub async fn list_own_drawn(session: &mut Session, farmer_id: i64, line_id: i64) -> Result<Vec<OwnDrawn>, StoreError> {
    hold_to_own(session, farmer_id)?;
    let (county, own) = (session.county_text(), records("$2"));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select w.intake_on, d.drawn_g,
            case when t.bought then t.agreed_fen_per_kg else 0 end as agreed_fen_per_kg from draw d
         join lot_ticket t on t.county_code = d.county_code and t.ticket_id = d.ticket_id
         join lot w on w.county_code = t.county_code and w.lot_id = t.lot_id
         where d.county_code = $1 and d.line_id = $3 and t.farmer_id in {own}
         order by w.intake_on, t.ticket_id"
    ))).bind(county).bind(farmer_id).bind(line_id).fetch_all(conn).await)?)
}

/// A household asks for its own, the county for anybody's.
fn hold_to_own(session: &Session, farmer_id: i64) -> Result<(), StoreError> {
    match session.scope() {
        Scope::Farmer { farmer_id: own, .. } if own == farmer_id => Ok(()),
        _ => session.hold_to_county(),
    }
}

/// The lots a household brought goods to, the last first: so many of them. A household asks for its own.
pub async fn list_own(session: &mut Session, farmer_id: i64, most: i64) -> Result<Vec<OwnLot>, StoreError> {
    hold_to_own(session, farmer_id)?;
    let county = session.county_text();
    let own = records("$2");
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select w.lot_id, p.name as product, p.name_en as product_en, w.intake_on, w.closed_on,
            cast(sum(t.weight_g) as bigint) as weight_g, cast(sum(t.drawn_g) as bigint) as drawn_g,
            cast(sum(t.left_g) as bigint) as left_g, cast(sum(t.lost_g) as bigint) as lost_g
         from lot_ticket t join lot w on w.county_code = t.county_code and w.lot_id = t.lot_id
         join product p on p.county_code = w.county_code and p.product_id = w.product_id
         where t.county_code = $1 and t.farmer_id in {own}
         group by w.lot_id, p.name, p.name_en, w.intake_on, w.closed_on
         order by w.intake_on desc, w.lot_id desc limit $3"
    ))).bind(county).bind(farmer_id).bind(most).fetch_all(conn).await)?)
}

/// A line that waits for goods.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shortage {
    pub line_id: i64,
    pub order_id: i64,
    pub listing_id: i64,
    pub product_id: i64,
    pub paid_on: Day,
    pub missing_g: i64,
}

/// What waits for goods, by listing: lines, grams, and the first day they were paid on.
pub async fn list_shortages(session: &mut Session) -> Result<Vec<(i64, i64, i64, Day)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, i64, i64, Day)> = on!(session, conn => sqlx::query_as(
        "select listing_id, count(*), cast(sum(missing_g) as bigint), min(paid_on) from lot_shortage
         where county_code = $1 group by listing_id"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}

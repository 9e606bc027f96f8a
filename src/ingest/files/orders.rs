//! The rows of one order as an order, its lines, and what the rows say of refunds.
//!
//! ```text
//! goods  = paid − the row's freight (if it is in it) − the channel's discount (if it is in it)   per row
//! list   = list, or price × pieces, or goods + every coupon stated
//! shop's coupon = list − goods − platform's − anchor's − channel's
//! order's coupon = Σ goods + freight − what was paid for the order, where that is stated
//! ```
//!
//! A line the file has no number for is a stand-in: `<order_no>#order`, or `<order_no>#<sku>#order` where an order has
//! several; its real lines replace it.
//!
//! Rules that must hold: an amount that repeats on each row of an order counts once; an unpaid order has no pay time
//! whatever else its row says; `已完成` beside `退款成功` is a sale that was given back; a row whose amounts do not add up
//! sets its whole order aside, since half an order would be a wrong one.
//!
//! A refund known by a word alone is taken as the whole row's money, and a closed order that was paid as given back: a
//! cumulative refund, `<line_no>#total`, which yields to any that is stated by itself.

use super::heading::word;
use super::layout::Row;
use super::personal::told;
use super::profile::{AfterSaleWord, Field, Rows, StatusWord};
use crate::domain::calendar::{Instant, start_of};
use crate::domain::lang::in_both;
use crate::domain::ledger::facts::{Coupons, Outcome};
use crate::domain::records::{
    CUMULATIVE, Evidenced, LineRecord, OrderRecord, OrderStatus, RefundRecord, RefundStatus, STAND_IN,
};
use chrono::{DateTime, NaiveDate};

/// An order as a file states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOrder {
    pub order: Evidenced<OrderRecord>,
    /// Of its rows, by line; also those that are settled by now, so that one known as pending ends.
    pub refunds: Vec<Evidenced<RefundRecord>>,
    /// Words nobody has described.
    pub unknown_words: Vec<String>,
}

/// Reads the rows of one order; `updated_at` is as of when the file knows.
pub fn order(rows: &[Row<'_>], profile_rows: Rows, updated_at: Instant) -> Result<FileOrder, String> {
    let several = (rows.len() > 1).then(|| last_of_each(rows, profile_rows));
    let rows = several.as_deref().unwrap_or(rows);
    let order_no = rows[0].needed_id(Field::OrderNo)?;
    let standing = Standing::of(rows, order_no)?;
    let mut unknown_words = standing.unknown_words.clone();
    let mut lines: Vec<LineRecord> = Vec::with_capacity(rows.len());
    let (mut goods_fen, mut freight_fen) = (0, once(rows, Field::OrderFreight)?.unwrap_or(0));
    let mut refunds = Vec::new();
    let evidence = evidence(rows);
    for (row, status) in rows.iter().zip(&standing.of_rows) {
        let money = Money::of(row)?;
        let mut line = line(row, order_no, profile_rows, &money)?;
        number_apart(&mut line, &lines);
        goods_fen += money.goods_fen;
        freight_fen += money.freight_fen;
        let order_freight_fen = if rows.len() == 1 { freight_fen } else { money.freight_fen };
        let refund = Refund { row, line: &line, money: &money, status: *status, freight_fen: order_freight_fen };
        let record = refund.record(order_no, updated_at, standing.paid_at.is_some(), &mut unknown_words)?;
        refunds.push(Evidenced::new(record, evidence.clone()));
        lines.push(line);
    }
    let mut coupons = Coupons::default();
    if let (Some(paid_fen), Some(_)) = (once(rows, Field::OrderPaid)?, standing.paid_at) {
        coupons.shop_fen = goods_fen + freight_fen - paid_fen;
        if coupons.shop_fen < 0 {
            return Err(in_both(
                &format!("各行货款 {goods_fen} 分加运费 {freight_fen} 分少于订单实付 {paid_fen} 分"),
                &format!("the rows' goods {goods_fen} fen and freight {freight_fen} are less than {paid_fen} paid"),
            ));
        }
    }
    let record = OrderRecord {
        order_no: order_no.to_owned(),
        updated_at: newest(rows, Field::UpdatedAt)?.unwrap_or(updated_at),
        created_at: standing.created_at.unwrap_or(DateTime::UNIX_EPOCH),
        paid_at: standing.paid_at,
        completed_at: standing.completed_at,
        status: standing.status,
        platform_status: standing.words,
        buyer_freight_fen: freight_fen,
        coupons,
        parcels: None,
        province: super::cells::province(rows[0].text(Field::Province)).map(str::to_owned),
        buyer_no: Some(rows[0].text(Field::BuyerNo)).filter(|no| !no.is_empty()).map(str::to_owned),
        lines,
    };
    Ok(FileOrder { order: Evidenced::new(record, evidence), refunds, unknown_words })
}

/// A line, or an order that is one row, may stand in a file twice (two exports put together): its last row counts.
fn last_of_each<'a>(rows: &[Row<'a>], profile_rows: Rows) -> Vec<Row<'a>> {
    let same = |a: &Row<'_>, b: &Row<'_>| match profile_rows {
        Rows::Line => a.text(Field::LineNo) == b.text(Field::LineNo),
        Rows::Order => true,
        Rows::Item => false,
    };
    let is_last = |place: usize| rows[place + 1..].iter().all(|later| !same(&rows[place], later));
    (0..rows.len()).filter(|&place| is_last(place)).map(|place| rows[place].clone()).collect()
}

/// What is kept of the rows: one object, or a list of them.
fn evidence(rows: &[Row<'_>]) -> String {
    let kept: Vec<_> = rows.iter().map(Row::evidence).collect();
    let json = if let [only] = &kept[..] { serde_json::to_string(only) } else { serde_json::to_string(&kept) };
    json.expect("text is valid JSON")
}

/// An amount of the whole order: on each row the same, or on one of them.
fn once(rows: &[Row<'_>], field: Field) -> Result<Option<i64>, String> {
    let mut known = None;
    for row in rows {
        match (known, row.money(field)?) {
            (Some(known), Some(fen)) if known != fen && fen != 0 && known != 0 => {
                return Err(row.wrong(field, "同一订单各行不同 / differs within one order"));
            }
            (None | Some(0), Some(fen)) => known = Some(fen),
            _ => {}
        }
    }
    Ok(known)
}

fn newest(rows: &[Row<'_>], field: Field) -> Result<Option<Instant>, String> {
    rows.iter().try_fold(None, |newest, row| Ok(newest.max(row.instant(field)?)))
}

/// How far an order has come, by its rows.
struct Standing {
    status: OrderStatus,
    /// The platform's own words, each once.
    words: String,
    /// Of each row; `None`: no word, or an unknown one.
    of_rows: Vec<Option<StatusWord>>,
    created_at: Option<Instant>,
    paid_at: Option<Instant>,
    completed_at: Option<Instant>,
    unknown_words: Vec<String>,
}

impl Standing {
    fn of(rows: &[Row<'_>], order_no: &str) -> Result<Self, String> {
        let statuses = &rows[0].profile().statuses;
        let of_rows: Vec<Option<StatusWord>> =
            rows.iter().map(|row| statuses.get(&*word(row.text(Field::Status))).copied()).collect();
        let is_known = |text: &str| statuses.contains_key(&*word(text));
        let shown = rows.iter().map(|row| row.text(Field::Status)).map(|w| if is_known(w) { w } else { told(w) });
        let mut words: Vec<&str> = shown.filter(|w| !w.is_empty()).collect();
        words.dedup();
        let unknown_words: Vec<String> = words.iter().filter(|w| !is_known(w)).map(|w| (*w).to_owned()).collect();
        let by_number = rows[0].profile().day_in_order_no.then(|| day_in(order_no)).flatten();
        let created = rows.iter().find_map(|row| row.instant(Field::CreatedAt).transpose()).transpose()?;
        let paid_at = paid_at(rows, &of_rows, created.or(by_number))?;
        let status = match (unknown_words.is_empty(), words.is_empty()) {
            (false, _) => OrderStatus::Unknown,
            (true, true) if paid_at.is_some() => OrderStatus::Paid,
            (true, true) => OrderStatus::Unpaid,
            (true, false) => least(of_rows.iter().flatten().copied()),
        };
        let completed_at = if status == OrderStatus::Completed { newest(rows, Field::CompletedAt)? } else { None };
        Ok(Self {
            status,
            words: words.join(" "),
            of_rows,
            created_at: created.or(paid_at).or(by_number),
            paid_at,
            completed_at,
            unknown_words,
        })
    }
}

/// When the order was paid; an error where its status says that it was and nothing says when.
fn paid_at(
    rows: &[Row<'_>],
    of_rows: &[Option<StatusWord>],
    stand_in: Option<Instant>,
) -> Result<Option<Instant>, String> {
    if of_rows.iter().all(|status| *status == Some(StatusWord::Unpaid)) {
        return Ok(None);
    }
    if let Some(at) = rows.iter().find_map(|row| row.instant(Field::PaidAt).transpose()).transpose()? {
        return Ok(Some(at));
    }
    let says_paid = of_rows
        .iter()
        .flatten()
        .any(|status| matches!(status, StatusWord::Paid | StatusWord::Shipped | StatusWord::Completed));
    let no_column = !rows[0].layout().has(Field::PaidAt);
    match stand_in {
        _ if !says_paid => Ok(None),
        Some(at) if no_column || rows[0].profile().day_in_order_no => Ok(Some(at)),
        // a file without any time: the order's own are known from another
        None if no_column => Ok(None),
        _ => Err("状态是已付款，却没有付款时间 / paid by its status, and no pay time".to_owned()),
    }
}

/// The status of an order whose rows have come differently far.
fn least(of_rows: impl Iterator<Item = StatusWord>) -> OrderStatus {
    let least = of_rows
        .map(|status| match status {
            StatusWord::Unpaid => (0, OrderStatus::Unpaid),
            StatusWord::Paid | StatusWord::Shipped => (1, OrderStatus::Paid),
            StatusWord::Completed => (2, OrderStatus::Completed),
            // rows that were closed do not hold up the others
            StatusWord::Cancelled => (3, OrderStatus::Cancelled),
        })
        .min_by_key(|(rank, _)| *rank);
    least.map_or(OrderStatus::Unknown, |(_, status)| status)
}

/// The day an order number begins with, `260901-…`.
fn day_in(order_no: &str) -> Option<Instant> {
    let day = NaiveDate::parse_from_str(order_no.get(..6)?, "%y%m%d").ok()?;
    Some(start_of(day))
}

/// The money of a row.
struct Money {
    list_fen: i64,
    coupons: Coupons,
    /// Paid by the buyer, freight apart; the list price where the file does not say.
    goods_fen: i64,
    freight_fen: i64,
    pieces: i64,
}

impl Money {
    fn of(row: &Row<'_>) -> Result<Self, String> {
        let pieces = row.count(Field::Pieces)?.unwrap_or(1);
        if pieces == 0 {
            return Err(row.wrong(Field::Pieces, "件数是 0 / no pieces"));
        }
        let freight_fen = row.amount(Field::Freight)?;
        if row.profile().gift.iter().any(|yes| yes == row.text(Field::Gift)) {
            return Ok(Self { list_fen: 0, coupons: Coupons::default(), goods_fen: 0, freight_fen, pieces });
        }
        let channel_fen = row.discount(Field::ChannelCoupon)?;
        let platform_fen = row.discount(Field::PlatformCoupon)? + channel_fen;
        let anchor_fen = row.discount(Field::AnchorCoupon)?;
        let stated_list = match row.money(Field::List)? {
            Some(list) => Some(list),
            None => row.money(Field::UnitPrice)?.map(|price| price * pieces),
        };
        let goods = if row.money(Field::Paid)?.is_some() {
            let paid_fen = row.amount(Field::Paid)?;
            let stated = match (stated_list, row.layout().has(Field::ShopCoupon)) {
                (Some(list), true) => {
                    Some(list - row.discount(Field::ShopCoupon)? - platform_fen + channel_fen - anchor_fen)
                }
                _ => None,
            };
            Some(paid_fen - beside_goods(row, paid_fen, stated, freight_fen, channel_fen))
        } else {
            None
        };
        let (list_fen, goods_fen) = match (stated_list, goods) {
            (Some(list), Some(goods)) => (list, goods),
            (None, Some(goods)) => (goods + platform_fen + anchor_fen + row.discount(Field::ShopCoupon)?, goods),
            (Some(list), None) => (list, list - platform_fen - anchor_fen - row.discount(Field::ShopCoupon)?),
            (None, None) => return Err(row.wrong(Field::Paid, "没有金额 / no amount")),
        };
        let shop_fen = list_fen - goods_fen - platform_fen - anchor_fen;
        if goods_fen < 0 || shop_fen < 0 {
            return Err(format!(
                "金额对不上：原价 {list_fen}，实付货款 {goods_fen}，平台优惠 {platform_fen}，主播优惠 {anchor_fen}（分）/ \
                 the amounts do not add up (fen)"
            ));
        }
        Ok(Self { list_fen, coupons: Coupons { shop_fen, platform_fen, anchor_fen }, goods_fen, freight_fen, pieces })
    }
}

/// What of `paid` is not the buyer's money for goods: freight in it, the channel's discount still in it. The profile says
/// what is usual; where the row states every coupon, `stated` (what they leave of the list price, channel's apart)
/// decides.
fn beside_goods(row: &Row<'_>, paid_fen: i64, stated: Option<i64>, freight_fen: i64, channel_fen: i64) -> i64 {
    let usual = (row.profile().paid_with_freight, row.profile().paid_before_channel);
    let in_it = |(with_freight, before_channel): (bool, bool)| {
        let freight = if with_freight { freight_fen } else { 0 };
        freight + if before_channel { channel_fen } else { 0 }
    };
    let readings = [usual, (!usual.0, usual.1), (usual.0, !usual.1), (!usual.0, !usual.1)];
    let fits = |reading: &(bool, bool)| stated.is_some_and(|left| paid_fen - in_it(*reading) == left - channel_fen);
    in_it(readings.into_iter().find(fits).unwrap_or(usual))
}

fn line(row: &Row<'_>, order_no: &str, rows: Rows, money: &Money) -> Result<LineRecord, String> {
    let goods = Goods::of(row)?;
    let line_no = match rows {
        Rows::Line => row.needed_id(Field::LineNo)?.to_owned(),
        Rows::Order => format!("{order_no}{STAND_IN}"),
        Rows::Item => {
            let known_by = if goods.sku_no.is_empty() { &goods.product_no } else { &goods.sku_no };
            // may be a title, and a title may have a line's end in it, which a number never has
            format!("{order_no}#{}{STAND_IN}", known_by.replace(char::is_control, " "))
        }
    };
    Ok(LineRecord {
        line_no,
        product_no: goods.product_no,
        sku_no: goods.sku_no,
        title: row.text(Field::Title).to_owned(),
        pieces: money.pieces,
        list_fen: money.list_fen,
        coupons: money.coupons,
        live_room_no: row.id(Field::LiveRoomNo)?.map(str::to_owned),
        author_no: row.id(Field::AuthorNo)?.map(str::to_owned),
    })
}

/// What goods are known by: the platform's numbers, else the shop's code, else their title and pack.
struct Goods {
    product_no: String,
    sku_no: String,
}

impl Goods {
    fn of(row: &Row<'_>) -> Result<Self, String> {
        let code = row.text(Field::SkuCode);
        let product = row.id(Field::ProductNo)?.unwrap_or(if code.is_empty() { row.text(Field::Title) } else { code });
        let spec = if code.is_empty() { row.text(Field::Spec) } else { code };
        let sku = row.id(Field::SkuNo)?.unwrap_or(if product == spec { "" } else { spec });
        Ok(Self { product_no: product.to_owned(), sku_no: sku.to_owned() })
    }
}

/// The same goods twice in one order are two lines, in the order of the file.
fn number_apart(line: &mut LineRecord, before: &[LineRecord]) {
    let taken = |no: &str| before.iter().any(|known| known.line_no == no);
    let Some(stem) = line.line_no.strip_suffix(STAND_IN).filter(|_| taken(&line.line_no)).map(str::to_owned) else {
        return;
    };
    // one of as many as there are lines before, and one more, is free
    let mut numbers = (2..before.len() + 3).map(|n| format!("{stem}~{n}{STAND_IN}"));
    line.line_no = numbers.find(|no| !taken(no)).expect("more numbers than lines");
}

/// What a row says of its refund.
struct Refund<'a> {
    row: &'a Row<'a>,
    line: &'a LineRecord,
    money: &'a Money,
    status: Option<StatusWord>,
    /// Freight that goes back with goods that were never sent.
    freight_fen: i64,
}

impl Refund<'_> {
    fn record(
        &self,
        order_no: &str,
        updated_at: Instant,
        paid: bool,
        unknown_words: &mut Vec<String>,
    ) -> Result<RefundRecord, String> {
        let row = self.row;
        let text = row.text(Field::AfterSale);
        let known = row.profile().after_sales.get(&*word(text)).copied();
        let described = known.or_else(|| text.is_empty().then_some(AfterSaleWord::None));
        let stated_fen = row.amount(Field::Refund)?;
        if !paid && stated_fen != 0 {
            return Err("未付款订单却有退款 / a refund on an unpaid order".into());
        }
        if let (Some(left_fen), true) = (row.money(Field::PaidNet)?, paid)
            && self.money.goods_fen + self.freight_fen - stated_fen != left_fen
        {
            let [paid, refund, left] = [Field::Paid, Field::Refund, Field::PaidNet].map(|field| row.heading(field));
            let unequal = format!("{paid} − {refund} ≠ {left}");
            return Err(in_both(
                &format!("{unequal}，三个金额对不上"),
                &format!("{unequal}: the amounts do not agree"),
            ));
        }
        let has_word = row.layout().has(Field::AfterSale);
        let closed = self.status == Some(StatusWord::Cancelled);
        let (status, refund_fen, freight_fen) = match (paid, described, stated_fen) {
            (false, ..) => (RefundStatus::Closed, 0, None),
            (true, Some(AfterSaleWord::Refunded), fen @ 1..) => (RefundStatus::Succeeded, fen, None),
            (true, Some(AfterSaleWord::None), fen @ 1..) if !has_word || text.is_empty() => {
                (RefundStatus::Succeeded, fen, None)
            }
            (true, Some(AfterSaleWord::Refunded), _) => self.whole(),
            // a closed order that was paid has been given back, whatever word stands beside it
            (true, Some(AfterSaleWord::None | AfterSaleWord::Closed), fen @ 1..) if closed => {
                (RefundStatus::Succeeded, fen, None)
            }
            (true, Some(AfterSaleWord::None | AfterSaleWord::Closed), _) if closed => self.whole(),
            (true, Some(AfterSaleWord::None), 0) | (true, Some(AfterSaleWord::Closed), _) => {
                (RefundStatus::Closed, 0, None)
            }
            (true, ..) => (RefundStatus::Pending, 0, None),
        };
        let unknown = described.is_none() && paid;
        if unknown {
            unknown_words.push(told(text).to_owned());
        }
        let whole = status == RefundStatus::Succeeded && refund_fen >= self.money.goods_fen;
        let outcome = match self.shipped() {
            Some(false) if whole => Outcome::NeverLeft,
            Some(true) if whole => Outcome::Lost,
            _ => Outcome::Kept,
        };
        Ok(RefundRecord {
            refund_no: format!("{}{CUMULATIVE}", self.line.line_no),
            order_no: order_no.to_owned(),
            line_no: Some(self.line.line_no.clone()),
            updated_at,
            status,
            platform_status: if unknown { format!("unknown: {}", told(text)) } else { text.to_owned() },
            status_unknown: unknown,
            refund_fen,
            freight_fen,
            subsidy_back_fen: 0,
            refunded_at: None,
            outcome,
            pieces: if outcome == Outcome::Kept { 0 } else { self.money.pieces },
            resent_pieces: 0,
            reason: String::new(),
        })
    }

    /// All that was paid for the row; its freight too, unless the goods had left.
    fn whole(&self) -> (RefundStatus, i64, Option<i64>) {
        let freight_fen = if self.shipped() == Some(false) { self.freight_fen } else { 0 };
        (RefundStatus::Succeeded, self.money.goods_fen + freight_fen, Some(freight_fen))
    }

    /// Whether the goods had left; `None` where the file does not say.
    fn shipped(&self) -> Option<bool> {
        match self.status {
            Some(StatusWord::Shipped | StatusWord::Completed) => Some(true),
            Some(StatusWord::Paid) => Some(false),
            _ if self.row.layout().has(Field::ShippedAt) => Some(!self.row.text(Field::ShippedAt).is_empty()),
            _ => None,
        }
    }
}

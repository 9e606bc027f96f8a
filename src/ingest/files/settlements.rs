//! A row of a statement as what was settled: a sale in its parts, one part of one, a compensation, or no sale at all.
//!
//! ```text
//! net = goods + freight + subsidy + memo − refund − platform fees − commission
//! ```
//!
//! Rule: the line above is checked on every row that has parts. Exports state refunds and fees with either sign; the
//! reading under which the row adds up is taken, and a row that adds up under none is set aside.
//! A memo (政府补贴) is paid out with the row and is no income: it is in no figure.
//! Rule: a scene nobody described is set aside; 提现 is no sale.

use super::heading::word;
use super::layout::Row;
use super::personal::told;
use super::profile::{Field, Scene};
use crate::domain::calendar::Instant;
use crate::domain::lang::in_both;
use crate::domain::money::yuan;
use crate::domain::records::{CompensationRecord, Evidenced, SettlementRecord};

/// What a row turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    Settled(Evidenced<SettlementRecord>),
    Compensated(Evidenced<CompensationRecord>),
    NoSale,
}

/// Reads a row; `statement_no` tells it from the others of its file.
pub fn settlement(row: &Row<'_>, statement_no: String) -> Result<Read, String> {
    let profile = row.profile();
    let scene = if profile.scenes.is_empty() {
        Scene::Parts
    } else {
        let text = row.text(Field::Scene);
        let Some(scene) = profile.scene(text) else {
            // the word is shown, so the columns must not have slipped
            row.needed_id(Field::OrderNo)?;
            row.instant(Field::SettledAt)?;
            net(row)?;
            let text = told(text);
            return Err(in_both(&format!("不认识动账场景“{text}”"), &format!("an unknown kind of movement: “{text}”")));
        };
        scene
    };
    if scene == Scene::NoSale {
        return Ok(Read::NoSale);
    }
    let order_no = row.needed_id(Field::OrderNo)?.to_owned();
    let line_no = row.id(Field::LineNo)?.map(str::to_owned);
    let at = row.instant(Field::SettledAt)?.ok_or_else(|| row.wrong(Field::SettledAt, "没有时间 / no time"))?;
    let evidence = serde_json::to_string(&row.evidence()).expect("text is valid JSON");
    let net = net(row)?;
    let moved = || net.ok_or_else(|| row.wrong(Field::Net, "没有金额 / no amount"));
    let parts = match scene {
        Scene::Parts => Parts::of(row, net)?,
        Scene::Goods => Parts { goods: moved()?, ..Parts::default() },
        Scene::Freight => Parts { freight: moved()?, ..Parts::default() },
        Scene::Subsidy => Parts { subsidy: moved()?, ..Parts::default() },
        Scene::Refund => Parts { refund: -moved()?, ..Parts::default() },
        Scene::PlatformFee => Parts { platform: -moved()?, ..Parts::default() },
        Scene::AnchorFee => Parts { anchor: -moved()?, ..Parts::default() },
        Scene::Compensation => {
            let record = CompensationRecord { statement_no, order_no, line_no, paid_at: at, paid_fen: -moved()? };
            return Ok(Read::Compensated(Evidenced::new(record, evidence)));
        }
        Scene::NoSale => return Ok(Read::NoSale),
    };
    let record = parts.record(statement_no, order_no, line_no, at);
    Ok(Read::Settled(Evidenced::new(record, evidence)))
}

/// What the row moved: stated as one amount with a direction, or as income and expense.
fn net(row: &Row<'_>) -> Result<Option<i64>, String> {
    if let Some(net) = row.money(Field::Net)? {
        return Ok(Some(if is_outgoing(row) { -net.abs() } else { net }));
    }
    Ok(match (row.money(Field::Income)?, row.money(Field::Expense)?) {
        (None, None) => None,
        (income, expense) => Some(income.unwrap_or(0) - expense.unwrap_or(0).abs()),
    })
}

fn is_outgoing(row: &Row<'_>) -> bool {
    let said = word(row.text(Field::Direction));
    row.profile().outgoing.iter().any(|outgoing| *outgoing == said)
}

/// What a row settled, costs positive.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    goods: i64,
    freight: i64,
    subsidy: i64,
    memo: i64,
    refund: i64,
    platform: i64,
    anchor: i64,
}

impl Parts {
    fn of(row: &Row<'_>, net: Option<i64>) -> Result<Self, String> {
        let fen = |field| row.money(field).map(Option::unwrap_or_default);
        let written = Self {
            goods: fen(Field::Goods)?,
            freight: fen(Field::Freight)?,
            subsidy: fen(Field::Subsidy)?,
            memo: fen(Field::Memo)?,
            refund: fen(Field::Refund)?,
            platform: fen(Field::PlatformFee)?,
            anchor: fen(Field::AnchorFee)?,
        };
        let Some(net) = net else {
            return Ok(Self {
                refund: written.refund.abs(),
                platform: written.platform.abs(),
                anchor: written.anchor.abs(),
                ..written
            });
        };
        // an outgoing row may state everything positive
        let turns: &[i64] = if is_outgoing(row) { &[1, -1] } else { &[1] };
        for &turn in turns {
            for refund in [-1, 1] {
                for fees in [-1, 1] {
                    let read = Self {
                        goods: turn * written.goods,
                        freight: turn * written.freight,
                        subsidy: turn * written.subsidy,
                        memo: turn * written.memo,
                        refund: refund * written.refund,
                        platform: fees * written.platform,
                        anchor: fees * written.anchor,
                    };
                    if read.net() == net {
                        return Ok(read);
                    }
                }
            }
        }
        let Self { goods, freight, subsidy, refund, platform, anchor, .. } = written;
        let [net, goods, freight, subsidy, refund, platform, anchor] =
            [net, goods, freight, subsidy, refund, platform, anchor].map(yuan);
        let why = in_both(
            &format!(
                "{net} 元与各项不符：货款 {goods}，运费 {freight}，补贴 {subsidy}，退款 {refund}，平台费 {platform}，佣金 \
                 {anchor}"
            ),
            &format!(
                "{net} yuan is not the sum of goods {goods}, freight {freight}, subsidy {subsidy}, refund {refund}, \
                 platform fees {platform}, commission {anchor}"
            ),
        );
        Err(row.wrong(if row.layout().has(Field::Net) { Field::Net } else { Field::Income }, &why))
    }

    const fn net(self) -> i64 {
        self.goods + self.freight + self.subsidy + self.memo - self.refund - self.platform - self.anchor
    }

    fn record(
        self,
        statement_no: String,
        order_no: String,
        line_no: Option<String>,
        settled_at: Instant,
    ) -> SettlementRecord {
        // goods first: what a sale's row gives back beyond its goods is freight
        let freight_back = if self.goods > 0 { (self.refund - self.goods).max(0) } else { 0 };
        SettlementRecord {
            statement_no,
            order_no,
            line_no,
            settled_at,
            goods_fen: self.goods,
            freight_fen: self.freight - freight_back,
            subsidy_fen: self.subsidy,
            refund_fen: self.refund - freight_back,
            platform_fen: self.platform,
            anchor_fen: self.anchor,
        }
    }
}

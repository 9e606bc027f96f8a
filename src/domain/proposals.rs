//! 农户提的商品: what a household would like to sell, as it is typed on a phone: jin and yuan, and what is wrong with them.
//!
//! Rules that must hold: a weight that is no whole number of grams and a price that is no whole number of fen are slips of
//! the finger, never rounded; a proposal is about goods that are still to come or there now.
//!
//! Not here: who makes a listing of it (`services::proposals`), what a listing needs (`listings`).

use super::calendar::{Day, parse_day};
use super::lang::Lang;
use chrono::TimeDelta;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Grams of a jin.
const JIN_G: i64 = 500;
const MOST_NAME: usize = 40;
const MOST_SAID: usize = 300;
/// Heavier than a pack can be: a hundred kilograms.
const MOST_PACK_G: i64 = 100_000;
/// More than a household brings in a season: a thousand tonnes.
const MOST_AMOUNT_G: i64 = 1_000_000_000;
/// Dearer than anything sold in a pack: a hundred thousand yuan.
const MOST_FEN: i64 = 10_000_000;
/// Days ahead that a household can say what it will harvest.
const MOST_DAYS: i64 = 550;

/// A proposal as typed, field by field as in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct TypedProposal {
    /// Number of the goods; '' or 0 for others.
    pub product: String,
    pub goods: String,
    pub pack: String,
    pub amount: String,
    pub from: String,
    pub to: String,
    pub price: String,
    pub said: String,
}

/// A proposal that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// 0: others than those that are entered.
    pub product_id: i64,
    /// In the household's words; '' where the product says it.
    pub goods: String,
    pub pack_g: i64,
    pub amount_g: i64,
    pub ready_from: Day,
    pub ready_to: Day,
    /// 0: it does not say.
    pub price_fen: i64,
    pub said: String,
}

/// What is wrong with a proposal, or why nothing can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalFault {
    Goods,
    Pack,
    Amount,
    Days,
    Price,
    Said,
    /// The household has enough that wait.
    TooMany {
        most: usize,
    },
    /// Somebody saw to it meanwhile.
    Decided,
}

impl ProposalFault {
    /// For the person who typed it.
    pub fn text(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => match self {
                Self::Goods => "请选是什么货；选“别的”就写上名字，四十个字以内".into(),
                Self::Pack => "请填一份多少斤，例如 5；要比 0 大，最多 200 斤".into(),
                Self::Amount => "请填一共有多少斤，例如 800；不能比一份少".into(),
                Self::Days => "请填从哪天到哪天有货；后一天不能在前一天以前，也不能已经过了".into(),
                Self::Price => "想卖的价钱填元，最多到分，例如 39.9；不知道就空着".into(),
                Self::Said => "想说的话请写在三百字以内".into(),
                Self::TooMany { most } => format!("您已经有 {most} 样在等支部看，先等一等，或打电话问"),
                Self::Decided => "支部已经看过这一样了，请回去再看一次".into(),
            },
            Lang::En => match self {
                Self::Goods => "choose the goods; for others write what they are, 40 letters at most".into(),
                Self::Pack => "say how many jin are in a pack, such as 5: more than 0, at most 200".into(),
                Self::Amount => "say how many jin there are in all, such as 800; not less than a pack".into(),
                Self::Days => "say from which day to which the goods are there; the last day is not over".into(),
                Self::Price => "the price is yuan, to the fen, such as 39.9; leave it empty if you do not know".into(),
                Self::Said => "write 300 letters at most".into(),
                Self::TooMany { most } => format!("{most} of your proposals wait already: please wait, or call"),
                Self::Decided => "somebody has seen to this proposal: go back and look again".into(),
            },
        }
    }
}

/// A typed decimal in units of `1 / scale`, if it comes out whole.
fn scaled(text: &str, scale: i64) -> Option<i64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let value = is_number.then(|| text.parse::<Decimal>().ok()).flatten()?.checked_mul(Decimal::from(scale))?;
    value.is_integer().then(|| value.to_i64()).flatten()
}

fn is_plain(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\r')
}

/// Reads a typed proposal.
pub fn read(typed: &TypedProposal, today: Day) -> Result<Proposed, ProposalFault> {
    let product_id = match typed.product.trim() {
        "" => 0,
        number => number.parse().ok().filter(|&id: &i64| id >= 0).ok_or(ProposalFault::Goods)?,
    };
    let goods = typed.goods.trim();
    if (product_id == 0 && goods.is_empty()) || !is_plain(goods, MOST_NAME) {
        return Err(ProposalFault::Goods);
    }
    let grams = |text: &str, most: i64| scaled(text, JIN_G).filter(|grams| (1..=most).contains(grams));
    let pack_g = grams(&typed.pack, MOST_PACK_G).ok_or(ProposalFault::Pack)?;
    let amount_g = grams(&typed.amount, MOST_AMOUNT_G).filter(|&g| g >= pack_g).ok_or(ProposalFault::Amount)?;
    let ready_from = parse_day(typed.from.trim()).ok_or(ProposalFault::Days)?;
    let ready_to = parse_day(typed.to.trim()).ok_or(ProposalFault::Days)?;
    let last = today + TimeDelta::days(MOST_DAYS);
    if ready_to < ready_from || ready_to < today || ready_to > last || ready_from < today - TimeDelta::days(MOST_DAYS) {
        return Err(ProposalFault::Days);
    }
    let price_fen = match typed.price.trim() {
        "" => 0,
        price => scaled(price, 100).filter(|fen| (1..=MOST_FEN).contains(fen)).ok_or(ProposalFault::Price)?,
    };
    let said = typed.said.trim();
    if !is_plain(said, MOST_SAID) {
        return Err(ProposalFault::Said);
    }
    Ok(Proposed {
        product_id,
        goods: goods.into(),
        pack_g,
        amount_g,
        ready_from,
        ready_to,
        price_fen,
        said: said.into(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn form() -> TypedProposal {
        TypedProposal {
            product: "1".into(),
            pack: "5".into(),
            amount: "800.5".into(),
            from: "2026-03-01".into(),
            to: "2026-04-15".into(),
            price: "39.9".into(),
            ..TypedProposal::default()
        }
    }

    fn today() -> Day {
        parse_day("2026-02-24").unwrap()
    }

    #[test]
    fn jin_are_read_to_the_gram_and_a_price_may_be_left_out() {
        let read_form = read(&form(), today()).unwrap();
        assert_eq!((read_form.product_id, read_form.pack_g, read_form.amount_g), (1, 2_500, 400_250));
        assert_eq!(read_form.price_fen, 3_990);
        let other = TypedProposal { product: "0".into(), goods: " 笋干 ".into(), price: " ".into(), ..form() };
        let other = read(&other, today()).unwrap();
        assert_eq!((other.product_id, other.goods.as_str(), other.price_fen), (0, "笋干", 0));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let fault = |change: fn(&mut TypedProposal)| {
            let mut form = form();
            change(&mut form);
            read(&form, today()).unwrap_err()
        };
        assert_eq!(fault(|f| f.product = "0".into()), ProposalFault::Goods);
        assert_eq!(fault(|f| f.product = "-1".into()), ProposalFault::Goods);
        assert_eq!(fault(|f| f.goods = "金".repeat(41)), ProposalFault::Goods);
        assert_eq!(fault(|f| f.pack = "0.0001".into()), ProposalFault::Pack);
        assert_eq!(fault(|f| f.pack = "五".into()), ProposalFault::Pack);
        assert_eq!(fault(|f| f.amount = "4".into()), ProposalFault::Amount, "less than a pack");
        assert_eq!(fault(|f| f.to = "2026-02-28".into()), ProposalFault::Days);
        assert_eq!(fault(|f| (f.from, f.to) = ("2026-01-01".into(), "2026-02-23".into())), ProposalFault::Days);
        assert_eq!(fault(|f| f.price = "1e3".into()), ProposalFault::Price);
        assert_eq!(fault(|f| f.price = "0".into()), ProposalFault::Price);
        assert_eq!(fault(|f| f.said = "话".repeat(301)), ProposalFault::Said);
    }
}

//! A listing (商品) and its terms as they are typed: yuan, percent and grams, and what is wrong with them.
//!
//! Rules that must hold: a figure that does not come out at whole fen, basis points or grams is a slip of the finger,
//! never rounded; what the chosen income model needs is there, and what it does not use is nought, so that no rate lies in
//! wait behind another model.
//!
//! Not here: who drafts and who approves (`services::listings`), what each term feeds (`ledger::book::Terms`).

use super::calendar::{Day, parse_day};
use super::county::TermsDoc;
use super::lang::Lang;
use super::money::BP;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A listing's name.
const MOST_NAME: usize = 80;
/// A short key.
const MOST_KEY: usize = 40;
/// Dearer than anything sold: a million yuan.
const MOST_FEN: i64 = 100_000_000;
/// Heavier than a pack can be: a tonne.
const MOST_G: i64 = 1_000_000;
/// One kilogram of goods from at most so many of what the household sold.
const MOST_CONVERSION: i64 = 100;

/// A listing with terms, as typed; field by field as in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct TypedListing {
    pub key: String,
    pub product: String,
    pub name: String,
    pub price: String,
    pub from: String,
    pub model: String,
    pub platform: String,
    pub anchor: String,
    pub operator: String,
    pub village: String,
    pub share: String,
    pub purchase: String,
    pub freight: String,
    pub packaging: String,
    pub pack: String,
    pub shrink: String,
    pub conversion: String,
    pub extra_cost: String,
    pub loss_borne_by: String,
    pub volume: String,
}

/// What is wrong with typed terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermsFault {
    Key,
    Name,
    Price,
    From,
    Model,
    Rate,
    /// Share and purchase need their own figure.
    ModelNeeds,
    Cost,
    Pack,
    Conversion,
}

impl TermsFault {
    /// For the person who typed it.
    pub const fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Key => (
                "商品要有短编号：字母、数字、- 或 _，最多 40 个",
                "a listing has a short key: letters, digits, - or _, 40 at most",
            ),
            Self::Name => ("商品要有名称，最多 80 个字", "a listing has a name, 80 letters at most"),
            Self::Price => ("价格要填大于 0 的元，最多到分", "the price is yuan above 0, to the fen"),
            Self::From => ("请填从哪天起，不能早于今天", "the first day is today at the earliest"),
            Self::Model => ("请选代销、分成或收购", "choose consignment, share or purchase"),
            Self::Rate => (
                "比例要填 0 到 100 的百分数，最多两位小数",
                "rates are percentages from 0 to 100, two decimals at most",
            ),
            Self::ModelNeeds => ("分成要填分成比例，收购要填收购价", "a share needs its rate, a purchase its price"),
            Self::Cost => (
                "运费、包装和额外成本要填 0 或以上的元，最多到分",
                "freight, packaging and extra cost are yuan from 0 up, to the fen",
            ),
            Self::Pack => ("每件净重要填 1 以上的整数克", "the pack weighs a whole number of grams, 1 at least"),
            Self::Conversion => (
                "折算要填 1 公斤货用几公斤原料，例如 4.5；没有就填 1",
                "the conversion is kilograms of raw goods to one of these, such as 4.5; 1 where there is none",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A listing that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub key: String,
    pub name: String,
    pub price_fen: i64,
    pub terms: TermsDoc,
}

/// Whether a text can be a key of goods.
pub fn is_key(text: &str) -> bool {
    let fits = (1..=MOST_KEY).contains(&text.len());
    fits && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// A typed decimal in units of `1 / scale`, if it comes out whole.
fn scaled(text: &str, scale: i64) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let value = text.parse::<Decimal>().ok()?.checked_mul(Decimal::from(scale))?;
    value.is_integer().then(|| value.to_i64()).flatten()
}

/// A typed percentage in basis points.
fn rate(text: &str) -> Result<i64, TermsFault> {
    scaled(text, 100).filter(|bp| (0..=BP).contains(bp)).ok_or(TermsFault::Rate)
}

fn cost(text: &str) -> Result<i64, TermsFault> {
    scaled(text, 100).filter(|fen| (0..=MOST_FEN).contains(fen)).ok_or(TermsFault::Cost)
}

/// Reads a typed listing; a draft for a listing that is there keeps that one's key.
pub fn read(typed: &TypedListing, today: Day) -> Result<Draft, TermsFault> {
    let (key, name) = (typed.key.trim(), typed.name.trim());
    if !is_key(key) {
        return Err(TermsFault::Key);
    }
    if name.is_empty() || name.chars().count() > MOST_NAME || name.chars().any(char::is_control) {
        return Err(TermsFault::Name);
    }
    let price_fen = scaled(&typed.price, 100).filter(|fen| (1..=MOST_FEN).contains(fen)).ok_or(TermsFault::Price)?;
    let from = parse_day(typed.from.trim()).filter(|day| *day >= today).ok_or(TermsFault::From)?;
    let model = typed.model.as_str();
    if !["consignment", "share", "purchase"].contains(&model) {
        return Err(TermsFault::Model);
    }
    // what a model does not use is nought
    let of = |wanted: &str, value: i64| if model == wanted { value } else { 0 };
    let share_bp = of("share", rate(&typed.share)?);
    let purchase = scaled(&typed.purchase, 100).filter(|fen| (0..=MOST_FEN).contains(fen)).ok_or(TermsFault::Cost)?;
    let purchase_fen_per_kg = of("purchase", purchase);
    if (model == "share" && share_bp == 0) || (model == "purchase" && purchase_fen_per_kg == 0) {
        return Err(TermsFault::ModelNeeds);
    }
    let pack_g = scaled(&typed.pack, 1).filter(|grams| (1..=MOST_G).contains(grams)).ok_or(TermsFault::Pack)?;
    let conversion_bp = match scaled(&typed.conversion, BP) {
        Some(0) => BP,
        Some(bp) if bp <= MOST_CONVERSION * BP => bp,
        _ => return Err(TermsFault::Conversion),
    };
    let terms = TermsDoc {
        from,
        to: None,
        model: model.to_owned(),
        platform_bp: rate(&typed.platform)?,
        anchor_bp: rate(&typed.anchor)?,
        operator_bp: of("consignment", rate(&typed.operator)?),
        village_bp: rate(&typed.village)?,
        share_bp,
        purchase_fen_per_kg,
        freight_fen: cost(&typed.freight)?,
        packaging_fen: cost(&typed.packaging)?,
        pack_g,
        shrink_bp: rate(&typed.shrink)?,
        conversion_bp,
        extra_cost_fen_per_kg: cost(&typed.extra_cost)?,
        loss_borne_by: if model != "purchase" && typed.loss_borne_by == "farmer" { "farmer" } else { "operator" }
            .into(),
        volume: if typed.volume == "new" { "new" } else { "moved" }.into(),
    };
    Ok(Draft { key: key.to_owned(), name: name.to_owned(), price_fen, terms })
}

/// So many of a hundredth as people type them: `550` is `5.5`, `1000` is `10`.
pub fn hundredths(value: i64) -> String {
    Decimal::new(value, 2).normalize().to_string()
}

/// The terms as they would be typed, to be changed from there.
pub fn typed(key: &str, product: &str, name: &str, price_fen: i64, terms: &TermsDoc) -> TypedListing {
    TypedListing {
        key: key.into(),
        product: product.into(),
        name: name.into(),
        price: hundredths(price_fen),
        from: terms.from.to_string(),
        model: terms.model.clone(),
        platform: hundredths(terms.platform_bp),
        anchor: hundredths(terms.anchor_bp),
        operator: hundredths(terms.operator_bp),
        village: hundredths(terms.village_bp),
        share: hundredths(terms.share_bp),
        purchase: hundredths(terms.purchase_fen_per_kg),
        freight: hundredths(terms.freight_fen),
        packaging: hundredths(terms.packaging_fen),
        pack: terms.pack_g.to_string(),
        shrink: hundredths(terms.shrink_bp),
        conversion: Decimal::new(terms.conversion_bp, 4).normalize().to_string(),
        extra_cost: hundredths(terms.extra_cost_fen_per_kg),
        loss_borne_by: terms.loss_borne_by.clone(),
        volume: terms.volume.clone(),
    }
}

/// A month and a day, `10-15`; '' for none.
pub fn is_month_day(text: &str) -> bool {
    // of a leap year, so that 29 February is one
    text.is_empty() || (text.len() == 5 && parse_day(&format!("2024-{text}")).is_some())
}

/// Whether a day is inside a harvest window, which may pass the turn of the year; without one, always.
pub fn is_in_season(from: &str, to: &str, on: Day) -> bool {
    if from.is_empty() || to.is_empty() {
        return true;
    }
    let today = on.format("%m-%d").to_string();
    if from <= to {
        from <= today.as_str() && today.as_str() <= to
    } else {
        from <= today.as_str() || today.as_str() <= to
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn form() -> TypedListing {
        TypedListing {
            key: "k5".into(),
            product: "kumquat".into(),
            name: "金桔 5斤".into(),
            price: "49.9".into(),
            from: "2026-03-01".into(),
            model: "consignment".into(),
            platform: "2".into(),
            anchor: "10".into(),
            operator: "9.1".into(),
            freight: "5.2".into(),
            packaging: "2.5".into(),
            pack: "2500".into(),
            shrink: "5".into(),
            share: "40".into(),
            purchase: "7.4".into(),
            ..TypedListing::default()
        }
    }

    #[test]
    fn terms_are_read_to_the_fen_and_what_a_model_does_not_use_is_nought() {
        let draft = read(&form(), day("2026-02-24")).unwrap();
        let t = &draft.terms;
        assert_eq!(
            (draft.price_fen, t.platform_bp, t.operator_bp, t.freight_fen, t.shrink_bp),
            (4_990, 200, 910, 520, 500)
        );
        assert_eq!((t.share_bp, t.purchase_fen_per_kg, t.conversion_bp), (0, 0, 10_000));
        let bought = read(&TypedListing { model: "purchase".into(), ..form() }, day("2026-02-24")).unwrap();
        assert_eq!((bought.terms.purchase_fen_per_kg, bought.terms.operator_bp), (740, 0));
        let tea = read(&TypedListing { conversion: "4.5".into(), ..form() }, day("2026-02-24")).unwrap();
        assert_eq!(tea.terms.conversion_bp, 45_000);
        let again = typed("k5", "kumquat", &draft.name, draft.price_fen, t);
        assert_eq!(read(&again, day("2026-02-24")).unwrap(), draft);
        assert_eq!((again.operator.as_str(), again.anchor.as_str(), again.conversion.as_str()), ("9.1", "10", "1"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let fault = |change: fn(&mut TypedListing)| {
            let mut form = form();
            change(&mut form);
            read(&form, day("2026-02-24")).unwrap_err()
        };
        assert_eq!(fault(|f| f.key = "金桔".into()), TermsFault::Key);
        assert_eq!(fault(|f| f.name = " ".into()), TermsFault::Name);
        assert_eq!(fault(|f| f.price = "0".into()), TermsFault::Price);
        assert_eq!(fault(|f| f.price = "9.999".into()), TermsFault::Price);
        assert_eq!(fault(|f| f.from = "2026-02-23".into()), TermsFault::From, "yesterday");
        assert_eq!(fault(|f| f.model = "gift".into()), TermsFault::Model);
        assert_eq!(fault(|f| f.anchor = "100.01".into()), TermsFault::Rate);
        assert_eq!(fault(|f| f.anchor = "1e2".into()), TermsFault::Rate);
        assert_eq!(fault(|f| (f.model, f.share) = ("share".into(), String::new())), TermsFault::ModelNeeds);
        assert_eq!(fault(|f| f.freight = "-1".into()), TermsFault::Cost);
        assert_eq!(fault(|f| f.pack = "0".into()), TermsFault::Pack);
        assert_eq!(fault(|f| f.conversion = "0.00001".into()), TermsFault::Conversion);
    }

    #[test]
    fn a_harvest_window_may_pass_the_turn_of_the_year() {
        assert!(is_in_season("10-15", "05-31", day("2026-12-01")) && is_in_season("10-15", "05-31", day("2026-05-31")));
        assert!(!is_in_season("10-15", "05-31", day("2026-06-01")));
        assert!(is_in_season("", "", day("2026-06-01")) && !is_in_season("03-01", "04-30", day("2026-05-01")));
        assert!(is_month_day("02-29") && !is_month_day("2-9") && !is_month_day("13-01"));
    }
}

//! Why a record cannot be read, for whoever works with the shop: the field and its value, in both languages.

use crate::domain::lang::in_both;
use std::fmt;

/// A reason. It is shown and stored, so it holds names of fields, amounts and ids at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub zh: String,
    pub en: String,
}

/// A reason in Chinese and in English, each with the values it names in braces.
macro_rules! why {
    ($zh:literal, $en:literal) => {
        crate::platforms::why::Why { zh: format!($zh), en: format!($en) }
    };
}
pub(crate) use why;

/// A field that must be there.
pub fn missing(name: &str) -> Why {
    why!("缺少 {name}", "{name} is missing")
}

/// A record or list that is something else.
pub fn misshapen(name: &str) -> Why {
    why!("{name} 的格式和平台文档不一样", "{name} is not in the documented shape")
}

/// A value beyond what an amount can be.
pub fn no_amount(name: &str) -> Why {
    why!("{name} 不是金额", "{name} is not an amount")
}

/// A gift with a price paid for it.
pub fn paid_gift(fen: i64) -> Why {
    why!("赠品收了钱（{fen} 分）", "a gift that was paid for ({fen})")
}

/// Coupons and payment that together are more than the list price.
pub fn beyond_list_price(list_fen: i64, goods_fen: i64, platform_fen: i64, anchor_fen: i64) -> Why {
    why!(
        "标价 {list_fen} 分少于实付 {goods_fen} 分加平台券 {platform_fen} 分和达人券 {anchor_fen} 分",
        "list price {list_fen} is less than goods paid {goods_fen} with coupons {platform_fen} and {anchor_fen}"
    )
}

/// A case that cannot be understood without its order.
pub fn no_order() -> Why {
    why!("缺少售后单的订单", "the case's order is missing")
}

/// Money in a case of exchange, resending or repair.
pub fn money_in_exchange(fen: i64) -> Why {
    why!("换货、补寄或维修单里有退款（{fen} 分）", "money ({fen}) in a case that sends goods and no money")
}

impl Why {
    /// The same of a part of the record.
    #[must_use]
    pub fn within(self, part: &Self) -> Self {
        let (zh, en) = (format!("{}：{}", part.zh, self.zh), format!("{}: {}", part.en, self.en));
        Self { zh, en }
    }

    /// What the platform said instead of giving the record.
    pub fn refused(error: &super::PlatformError) -> Self {
        why!("平台没有给出这条记录（{error}）", "{error}")
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_both(&self.zh, &self.en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_the_part_and_the_field_in_either_language() {
        let why = missing("sku_id").within(&why!("第 7 行", "line 7"));
        assert_eq!(why.to_string(), "第 7 行：缺少 sku_id / line 7: sku_id is missing");
    }
}

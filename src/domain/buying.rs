//! Which price a weighing stands for, by the terms of its goods on the day they are taken in.
//!
//! Rules that must hold: a price is only ever written on goods that are bought, for a ticket with one is owed by its
//! weight; goods that nobody sells but by buying them are never weighed in without a price; where some listings of the
//! goods buy and some do not, a ticket without a price is paid as it is sold, and only if the terms have a price for it.

use super::money::BP;
use super::problem::Mistake;

/// What a listing's terms say of its goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 代销 or 分成: the household is paid from what is settled.
    Settled,
    /// 收购: at so much a kilogram of goods sold, which take so many kilograms as weighed in.
    Bought { fen_per_kg: i64, conversion_bp: i64 },
}

/// The price per kilogram as weighed in that a ticket is written with; 0 = paid as its goods are settled.
pub fn agreed(typed_fen_per_kg: i64, ways: &[Way]) -> Result<i64, Mistake> {
    let bought: Vec<(i64, i64)> = ways
        .iter()
        .filter_map(|way| match *way {
            Way::Bought { fen_per_kg, conversion_bp } => Some((fen_per_kg, conversion_bp)),
            Way::Settled => None,
        })
        .collect();
    match (typed_fen_per_kg > 0, bought.as_slice()) {
        (true, []) => Err(Mistake::NotBought),
        (true, _) => Ok(typed_fen_per_kg),
        (false, []) => Ok(0),
        (false, all) if all.iter().any(|&(fen, _)| fen <= 0) => Err(Mistake::PriceNeeded),
        (false, all) if all.len() < ways.len() => Ok(0),
        (false, [first, rest @ ..]) => {
            let price = as_weighed(*first).ok_or(Mistake::PriceNeeded)?;
            let same = rest.iter().all(|&other| as_weighed(other) == Some(price));
            if same { Ok(price) } else { Err(Mistake::PriceNeeded) }
        }
    }
}

/// The terms' price by the kilogram as weighed in; `None` where it does not come out at whole fen.
const fn as_weighed((fen_per_kg, conversion_bp): (i64, i64)) -> Option<i64> {
    let scaled = fen_per_kg * BP;
    if conversion_bp > 0 && scaled % conversion_bp == 0 { Some(scaled / conversion_bp) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn bought(fen_per_kg: i64) -> Way {
        Way::Bought { fen_per_kg, conversion_bp: BP }
    }

    #[test]
    fn a_price_is_for_goods_that_are_bought() {
        assert_eq!(agreed(740, &[Way::Settled]), Err(Mistake::NotBought));
        assert_eq!(agreed(740, &[]), Err(Mistake::NotBought));
        assert_eq!(agreed(0, &[Way::Settled]), Ok(0));
        assert_eq!(agreed(740, &[Way::Settled, bought(800)]), Ok(740));
    }

    #[test]
    fn the_terms_price_stands_where_there_is_one() {
        assert_eq!(agreed(0, &[bought(800), bought(800)]), Ok(800));
        assert_eq!(agreed(0, &[bought(800), bought(900)]), Err(Mistake::PriceNeeded));
        assert_eq!(agreed(0, &[bought(0)]), Err(Mistake::PriceNeeded));
        assert_eq!(agreed(0, &[Way::Settled, bought(0)]), Err(Mistake::PriceNeeded));
        assert_eq!(agreed(0, &[Way::Settled, bought(800)]), Ok(0));
        // 4.5 kg of leaf make one of tea: 360.00 a kilogram of tea are 80.00 a kilogram of leaf
        let tea = |fen_per_kg| Way::Bought { fen_per_kg, conversion_bp: 45_000 };
        assert_eq!(agreed(0, &[tea(36_000)]), Ok(8_000));
        assert_eq!(agreed(0, &[tea(36_001)]), Err(Mistake::PriceNeeded));
    }

    fn way() -> impl Strategy<Value = Way> {
        prop_oneof![
            Just(Way::Settled),
            (0..3_i64, 1..3_i64)
                .prop_map(|(fen, times)| Way::Bought { fen_per_kg: fen * 100, conversion_bp: times * BP })
        ]
    }

    proptest! {
        #[test]
        fn goods_that_are_only_bought_have_a_price_and_others_none(
            typed in 0..3_i64,
            ways in proptest::collection::vec(way(), 0..4),
        ) {
            let buys = ways.iter().filter(|w| **w != Way::Settled).count();
            match agreed(typed, &ways) {
                Ok(0) => prop_assert!(typed == 0 && buys < ways.len().max(1)),
                Ok(_) => prop_assert!(buys > 0),
                Err(Mistake::NotBought) => prop_assert!(typed > 0 && buys == 0),
                Err(_) => prop_assert!(typed == 0 && buys > 0),
            }
        }
    }
}

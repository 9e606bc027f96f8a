//! Nine hundred households in the villages of sixteen towns, half of them growing kumquat. All invented: every given
//! name begins with 示, of 示例, example.
//!
//! Six households a village, so that no village's figure stands for fewer than five. About 78 % are ordinary
//! households, 17 % lifted out of poverty, the rest of the three monitored kinds; the last kind leaves it in 2025.

use crate::domain::admin::{Level, regions};
use crate::domain::calendar::Day;
use crate::domain::county::{CategoryDoc, ConsentDoc, FarmerDoc};
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::first_day;
use crate::sandbox::world::goods::Trade;
use chrono::NaiveDate;

const SURNAMES: &str = "陈郭罗彭曾钟黄李刘王周张梁谢廖康蓝邱温赖肖古叶邓胡孙傅巫邹汤";
const GIVEN: &str = "禾田丰茂桔茗春夏秋冬山川林泉石松竹梅兰菊勤俭和顺平安康宁乐福";
const HOUSEHOLDS_A_VILLAGE: usize = 6;
const VILLAGES_A_TOWN: usize = 14;
/// Every household's, so that a slip of the demo can be tried; the slip's page says so.
const PHONE_LAST4: &str = "8888";

/// Towns where a trade is at home.
const fn towns(trade: Trade) -> &'static [&'static str] {
    match trade {
        Trade::Kumquat => &["360827104", "360827111", "360827112", "360827101", "360827102", "360827100"],
        Trade::Tea => &["360827110", "360827210", "360827211", "360827107", "360827207"],
        Trade::Duck => &["360827103", "360827109", "360827201", "360827206", "360827205"],
    }
}

/// Households of a trade: their first number and how many.
pub const fn numbers(trade: Trade) -> (usize, usize) {
    match trade {
        Trade::Kumquat => (0, 450),
        Trade::Tea => (450, 270),
        Trade::Duck => (720, 180),
    }
}

/// The key of a household by number.
pub fn key(number: usize) -> String {
    format!("h{:04}", number + 1)
}

/// All households.
pub fn docs(seed: u64) -> Vec<FarmerDoc> {
    let all = regions();
    let mut docs = Vec::new();
    for trade in [Trade::Kumquat, Trade::Tea, Trade::Duck] {
        let mut villages: Vec<String> = Vec::new();
        for town in towns(trade) {
            let in_town = all
                .iter()
                .filter(|r| r.level == Level::Village && r.name.ends_with("村委会"))
                .filter(|r| r.code.town().is_some_and(|t| t.to_string() == *town));
            villages.extend(in_town.take(VILLAGES_A_TOWN).map(|r| r.code.to_string()));
        }
        let (first, count) = numbers(trade);
        for n in 0..count {
            let village = villages[n / HOUSEHOLDS_A_VILLAGE % villages.len()].clone();
            docs.push(household(seed, first + n, village));
        }
    }
    docs
}

fn household(seed: u64, number: usize, village: String) -> FarmerDoc {
    let letter = |from: &str, n: usize| from.chars().nth(n % from.chars().count()).unwrap_or('例');
    let name = format!("{}示{}", letter(SURNAMES, number), letter(GIVEN, number / SURNAMES.chars().count()));
    let consent = |kind: &str| ConsentDoc { kind: kind.to_owned(), given_on: first_day(), withdrawn_on: None };
    // every household agreed to be in the books, every third one lets the village contact print its statement
    let mut consents = vec![consent("records")];
    consents.extend(number.is_multiple_of(3).then(|| consent("contact")));
    let phone_last4 = Some(PHONE_LAST4.to_owned());
    FarmerDoc { key: key(number), name, village, phone_last4, categories: categories(seed, number), consents }
}

fn categories(seed: u64, number: usize) -> Vec<CategoryDoc> {
    let since = |from: Day, to, category: &str| CategoryDoc { from, to, category: category.to_owned() };
    let always = |category| vec![since(first_day(), None, category)];
    match mix(seed ^ 0x05ee_d0fa, number as u64) % 100 {
        0..78 => always("general"),
        78..95 => always("lifted"),
        95 | 96 => always("unstable"),
        97 | 98 => always("marginal"),
        _ => {
            let better_on = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a valid date");
            vec![since(first_day(), better_on.pred_opt(), "hardship"), since(better_on, None, "lifted")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn nine_hundred_households_with_names_of_their_own_live_at_least_five_to_a_village() {
        let docs = docs(7);
        assert_eq!(docs.len(), 900);
        assert_eq!(docs.iter().map(|d| &d.name).collect::<BTreeSet<_>>().len(), 900);
        let mut villages: BTreeMap<&str, usize> = BTreeMap::new();
        for d in &docs {
            *villages.entry(d.village.as_str()).or_default() += 1;
            assert!(
                d.village.len() == 12 && !d.village.starts_with("360827105") && !d.village.starts_with("360827106")
            );
        }
        assert!(villages.values().all(|n| *n >= 5), "{villages:?}");
        let monitored =
            docs.iter().filter(|d| !matches!(d.categories[0].category.as_str(), "general" | "lifted")).count();
        assert!((25..70).contains(&monitored), "{monitored}");
    }
}

//! What each row of a list is: new, like a household that is there or like a row above, or wrong.

use super::read::{Household, RollFault};
use rustc_hash::{FxHashMap, FxHashSet};

/// A household that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub farmer_id: i64,
    pub key: String,
    pub name: String,
    pub village: String,
    /// Of its phone; '' where none is known.
    pub mark: String,
}

/// Why a row looks like a household that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// The list names it by its number.
    Key,
    Phone,
    /// Same name in the same village.
    Name,
    /// A row above has the same phone, or the same name in the same village; no household of the county has.
    Row,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    New,
    /// Why, and the household; 0 where it is a row above.
    Alike(Alike, i64),
    Wrong(RollFault),
}

/// What each row of a list is; `mark` hashes a whole phone number as the known ones were.
pub fn judge(rows: &[Result<Household, RollFault>], known: &[Known], mark: impl Fn(&str) -> String) -> Vec<Standing> {
    let by_key: FxHashMap<&str, i64> = known.iter().map(|k| (k.key.as_str(), k.farmer_id)).collect();
    let by_mark: FxHashMap<&str, i64> =
        known.iter().filter(|k| !k.mark.is_empty()).map(|k| (k.mark.as_str(), k.farmer_id)).collect();
    let by_name: FxHashMap<(&str, &str), i64> =
        known.iter().map(|k| ((k.name.as_str(), k.village.as_str()), k.farmer_id)).collect();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut standings = Vec::with_capacity(rows.len());
    for row in rows {
        let household = match row {
            Ok(household) => household,
            Err(fault) => {
                standings.push(Standing::Wrong(*fault));
                continue;
            }
        };
        let village = household.village.to_string();
        let marked = household.phone.whole().map(&mark);
        let digits = household.phone.whole().or_else(|| household.phone.last4());
        let mut same: Vec<String> =
            digits.iter().map(|digits| format!("all {village} {} {digits}", household.name)).collect();
        same.extend((!household.key.is_empty()).then(|| format!("key {}", household.key)));
        if same.iter().any(|sign| seen.contains(sign)) {
            standings.push(Standing::Wrong(RollFault::TwiceInList));
            continue;
        }
        let mut alike_row = vec![format!("name {village} {}", household.name)];
        alike_row.extend(marked.iter().map(|mark| format!("phone {mark}")));
        let looks_like_a_row = alike_row.iter().any(|sign| seen.contains(sign));
        seen.extend(same);
        seen.extend(alike_row);
        let alike = (!household.key.is_empty())
            .then(|| by_key.get(household.key.as_str()))
            .flatten()
            .map(|&id| (Alike::Key, id))
            .or_else(|| by_mark.get(marked.as_deref()?).map(|&id| (Alike::Phone, id)))
            .or_else(|| by_name.get(&(household.name.as_str(), village.as_str())).map(|&id| (Alike::Name, id)))
            .or_else(|| looks_like_a_row.then_some((Alike::Row, 0)));
        standings.push(alike.map_or(Standing::New, |(why, id)| Standing::Alike(why, id)));
    }
    standings
}

/// What a person decided about a row that looks like a household that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    #[default]
    Skip,
    /// It is that household: what the row says is written to it.
    Update,
    /// It is another one.
    New,
}

impl Choice {
    pub const ALL: [Self; 3] = [Self::Skip, Self::Update, Self::New];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
            Self::New => "new",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.key() == key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::roll::sample::{nameable, today, typed};
    use crate::domain::roll::{TypedHousehold, read};

    #[test]
    fn rows_that_look_like_a_household_are_named_and_nobody_is_taken_for_another() {
        let known = |farmer_id, key: &str, name: &str, mark: &str| Known {
            farmer_id,
            key: key.into(),
            name: name.into(),
            village: "360827102202".into(),
            mark: mark.into(),
        };
        let known = [known(1, "f1", "李示范", "<13800000042>"), known(2, "f2", "王示范", "")];
        let row = |change: fn(&mut TypedHousehold)| {
            let mut household = typed();
            household.phone = String::new();
            change(&mut household);
            read(&household, today(), &nameable())
        };
        let rows = [
            row(|h| h.phone = "13800000042".into()),
            row(|h| h.name = "王示范".into()),
            row(|h| (h.name, h.key) = ("何示范".into(), "f2".into())),
            row(|h| h.name = "刘示范".into()),
            row(|h| h.name = "刘示范".into()),
            row(|h| (h.name, h.phone) = ("刘示范".into(), "13800000077".into())),
            row(|h| (h.name, h.phone) = ("刘示范".into(), "13800000077".into())),
            row(|h| (h.name, h.key) = ("周示范".into(), "f9".into())),
            row(|h| (h.name, h.key) = ("吴示范".into(), "f9".into())),
            row(|h| h.name = String::new()),
        ];
        let expected = [
            Standing::Alike(Alike::Phone, 1),
            Standing::Alike(Alike::Name, 2),
            Standing::Alike(Alike::Key, 2),
            Standing::New,
            Standing::Alike(Alike::Row, 0),
            Standing::Alike(Alike::Row, 0),
            Standing::Wrong(RollFault::TwiceInList),
            Standing::New,
            Standing::Wrong(RollFault::TwiceInList),
            Standing::Wrong(RollFault::Name),
        ];
        assert_eq!(judge(&rows, &known, |phone| format!("<{phone}>")), expected);
    }
}

//! What the audit trail says of a named thing a document changed: its facts as they stood and as they stand.
//!
//! Dated values are versions, which keep what was before by themselves; of them the trail has the counts and the batch.

use super::named::Settled;
use super::{Import, Taken};
use crate::domain::audit::Field;
use crate::domain::calendar::rfc3339;
use crate::store::consents::Consent;
use crate::store::goods::{Listing, Operator, Product, Shop};
use crate::store::keys::{Keyed, Noun};
use crate::store::people::{Anchor, Farmer, Module, Room, Stage};
use crate::store::streams::Stream;
use rustc_hash::FxHashMap;

/// Things of a document that are told one by one; of more only the number is told.
const MOST_TOLD: usize = 50;

/// One thing's facts; whether a field is personal is the field's to say.
pub(super) trait Audited {
    fn facts(&self) -> Vec<(Field, String)>;
}

/// A fact that changed of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// Its part and key.
    pub item: String,
    pub field: Field,
    pub before: String,
    pub after: String,
}

impl Import<'_> {
    /// Counts a part of named things and tells the changed ones.
    pub(super) fn settled<T: Keyed + Audited>(&mut self, part: &'static str, settled: &Settled<T>) {
        self.count(part, settled.taken);
        let before: FxHashMap<i64, &T> = settled.before.iter().map(|row| (row.id(), row)).collect();
        for row in &settled.rows {
            if let Some(old) = before.get(&row.id()) {
                // a household by its number, so that nothing of it has to be taken from the trail when it asks to be forgotten
                let key = if T::NOUN == Noun::Farmer { row.id().to_string() } else { row.key().to_owned() };
                self.tell(&format!("{part}/{key}"), *old, row);
            }
        }
    }

    /// Tells how one thing changed.
    pub(super) fn tell<T: Audited>(&mut self, item: &str, old: &T, new: &T) {
        if self.imported.things_told == MOST_TOLD {
            self.imported.things_untold += 1;
            return;
        }
        self.imported.things_told += 1;
        for ((field, before), (_, after)) in old.facts().into_iter().zip(new.facts()) {
            if before != after {
                self.imported.told.push(Told { item: item.to_owned(), field, before, after });
            }
        }
    }

    pub(super) fn count(&mut self, part: &'static str, taken: Taken) {
        self.imported.parts.push((part, taken));
    }
}

impl Audited for Operator {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![
            (Field::Title, self.name.clone()),
            (Field::Phone, self.phone.clone()),
            (Field::Day, self.pays_on_day.to_string()),
        ]
    }
}

impl Audited for Shop {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![
            (Field::Title, self.name.clone()),
            (Field::Platform, self.platform.clone()),
            (Field::Number, self.platform_shop_id.clone()),
            (Field::Operator, self.operator_id.to_string()),
        ]
    }
}

impl Audited for Farmer {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::PersonName, self.name.clone()), (Field::Village, self.village_code.clone())]
    }
}

impl Audited for Product {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::Title, self.name.clone()), (Field::TitleEn, self.name_en.clone())]
    }
}

impl Audited for Listing {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::Title, self.name.clone()), (Field::PriceFen, self.price_fen.to_string())]
    }
}

impl Audited for Room {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![
            (Field::Title, self.name.clone()),
            (Field::Village, self.village_code.clone()),
            (Field::From, self.opened_on.to_string()),
            (Field::To, self.closed_on.map_or_else(String::new, |day| day.to_string())),
            (Field::Equipment, self.equipment.clone()),
        ]
    }
}

impl Audited for Module {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![
            (Field::Title, self.name.clone()),
            (Field::TitleEn, self.name_en.clone()),
            (Field::ClassHours, self.class_hours.to_string()),
        ]
    }
}

impl Audited for Anchor {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::PersonName, self.name.clone())]
    }
}

impl Audited for Stage {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::Stage, self.stage.clone()), (Field::Evidence, self.evidence.clone())]
    }
}

impl Audited for Consent {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![(Field::To, self.withdrawn_on.map_or_else(String::new, |day| day.to_string()))]
    }
}

impl Audited for Stream {
    fn facts(&self) -> Vec<(Field, String)> {
        vec![
            (Field::Shop, self.shop_id.to_string()),
            (Field::Anchor, self.anchor_id.to_string()),
            (Field::Room, self.room_id.to_string()),
            (Field::Number, self.live_room_no.clone()),
            (Field::From, rfc3339(self.starts_at)),
            (Field::To, rfc3339(self.ends_at)),
            (Field::Views, self.views.map_or_else(String::new, |views| views.to_string())),
        ]
    }
}

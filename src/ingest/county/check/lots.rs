//! Checks of lots and their weighing lists.

use super::{Check, MOST_AMOUNT, Place};
use crate::domain::county::LotDoc;
use crate::domain::problem::Flaw;
use crate::store::keys::Noun;
use rustc_hash::FxHashSet;

impl<'a> Check<'a> {
    pub(super) fn lots(&mut self, lots: &'a [LotDoc]) {
        let mut keys = FxHashSet::default();
        for (index, lot) in lots.iter().enumerate() {
            let place = Place::item("lots", index);
            self.filled(&place.field("key"), &lot.key);
            self.once(&place.field("key"), &mut keys, lot.key.as_str(), &lot.key);
            self.refers(&place.field("product"), Noun::Product, &lot.product);
            self.day(&place.field("intake_on"), lot.intake_on);
            if lot.tickets.is_empty() {
                self.fault(&place.field("tickets"), Flaw::Empty);
            }
            for (index, ticket) in lot.tickets.iter().enumerate() {
                let place = place.at("tickets", index);
                self.refers(&place.field("farmer"), Noun::Farmer, &ticket.farmer);
                self.between(&place.field("weight_g"), ticket.weight_g, 1, MOST_AMOUNT);
                self.amount(&place.field("agreed_fen_per_kg"), ticket.agreed_fen_per_kg);
            }
            self.as_known(&place, lot);
        }
    }

    /// What is written of a lot that is known is what was weighed; more rows may follow while it is open.
    fn as_known(&mut self, place: &Place<'_>, lot: &LotDoc) {
        let known = self.known;
        let Some((row, tickets)) = known.lots.get(&lot.key) else { return };
        let product = known.names.find(Noun::Product, &lot.product);
        if product != Some(row.product_id) || lot.intake_on != row.intake_on {
            self.fault(place, Flaw::WeighedOtherwise);
        }
        for (index, ticket) in lot.tickets.iter().enumerate() {
            let farmer_id = known.names.find(Noun::Farmer, &ticket.farmer);
            let same = match tickets.get(index) {
                Some(t) => {
                    // a price left out was the terms'
                    let price = [0, t.agreed_fen_per_kg].contains(&ticket.agreed_fen_per_kg);
                    farmer_id == Some(t.farmer_id)
                        && price
                        && (ticket.weight_g, ticket.grade.as_str()) == (t.weight_g, t.grade.as_str())
                }
                None => row.closed_on.is_none(),
            };
            if !same {
                self.fault(&place.at("tickets", index), Flaw::WeighedOtherwise);
            }
        }
    }
}

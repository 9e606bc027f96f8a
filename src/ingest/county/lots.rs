//! Writing lots and their weighing lists, and which products need a certificate for them.

use super::Import;
use super::check::Faults;
use super::known::Known;
use crate::domain::buying::{self, Way};
use crate::domain::county::{LotDoc, ProductDoc};
use crate::domain::doubles::Households;
use crate::domain::problem::{Flaw, Mistake};
use crate::ingest::Taken;
use crate::services::buying::Buying;
use crate::store::keys::Noun;
use crate::store::lots::{self, Lot, Ticket};
use crate::store::{StoreError, doubles, take_ids};
use rustc_hash::{FxHashMap, FxHashSet};

/// What is known of the lots a document names: their number and how many weighings they have.
pub(super) type KnownLots = FxHashMap<String, (i64, usize)>;

/// From what the checks were made with.
pub(super) fn known_lots(known: &Known) -> KnownLots {
    known.lots.iter().map(|(key, (lot, tickets))| (key.clone(), (lot.lot_id, tickets.len()))).collect()
}

impl Import<'_> {
    /// Which products' lots need a certificate.
    pub(super) async fn lot_certificates(&mut self, docs: &[ProductDoc]) -> Result<(), StoreError> {
        if docs.iter().all(|doc| doc.lot_certificate.is_none()) {
            return Ok(());
        }
        let certified = lots::list_certified(self.work).await?;
        for doc in docs {
            let product_id = self.names.id(Noun::Product, &doc.key);
            if let Some(wanted) = doc.lot_certificate.filter(|&wanted| wanted != certified.contains(&product_id)) {
                lots::set_certified(self.work, product_id, wanted).await?;
            }
        }
        Ok(())
    }

    /// Lots and weighings that are not known yet; lines that wait for their goods are posted again. What they are bought at
    /// is decided by the terms now known, those of this document among them.
    pub(super) async fn lots(&mut self, docs: &[LotDoc], known: &KnownLots) -> anyhow::Result<()> {
        let (mut rows, mut tickets, mut taken) = (Vec::new(), Vec::new(), Taken::default());
        let mut faults = Faults::default();
        let products: FxHashSet<i64> = docs.iter().map(|doc| self.names.id(Noun::Product, &doc.product)).collect();
        let buying = Buying::load(self.work, &products.into_iter().collect::<Vec<_>>()).await?;
        let doubles = doubles::list(self.work).await?;
        for (index, doc) in docs.iter().enumerate() {
            let product_id = self.names.id(Noun::Product, &doc.product);
            let (lot_id, weighed) = match known.get(&doc.key) {
                Some(&(lot_id, weighed)) => (lot_id, weighed),
                None => (take_ids(self.work, "lot", 1).await?, 0),
            };
            let new = doc.tickets.get(weighed..).unwrap_or_default();
            if new.is_empty() {
                taken.unchanged += 1;
                continue;
            }
            if weighed == 0 {
                taken.new += 1;
                rows.push(Lot {
                    lot_id,
                    lot_key: doc.key.clone(),
                    product_id,
                    intake_on: doc.intake_on,
                    closed_on: None,
                    certificate_no: doc.certificate_no.clone(),
                });
            } else {
                taken.changed += 1;
            }
            let ways = buying.ways(product_id, doc.intake_on);
            let mut prices = Vec::with_capacity(new.len());
            for (row, ticket) in new.iter().enumerate() {
                let price = price(ticket.agreed_fen_per_kg, &ways);
                if price.is_none() {
                    faults
                        .add(format!("lots[{index}].tickets[{}].agreed_fen_per_kg", weighed + row), Flaw::PriceNeeded);
                }
                prices.push(price.unwrap_or_default());
            }
            let households = Households::supplying(&doubles, doc.intake_on);
            let first = take_ids(self.work, "lot_ticket", new.len()).await?;
            let first_no = i64::try_from(weighed).expect("a weighing list is short") + 1;
            let numbered = new.iter().zip(prices).zip(first..).zip(first_no..);
            tickets.extend(numbered.map(|(((ticket, (fen_per_kg, bought)), ticket_id), ticket_no)| Ticket {
                ticket_id,
                lot_id,
                farmer_id: households.kept(self.names.id(Noun::Farmer, &ticket.farmer)),
                ticket_no,
                weight_g: ticket.weight_g,
                agreed_fen_per_kg: fen_per_kg,
                bought,
                grade: ticket.grade.clone(),
                drawn_g: 0,
                left_g: 0,
                lost_g: 0,
            }));
            self.touched.taken_in.insert(product_id);
        }
        faults.refuse()?;
        lots::insert(self.work, &rows).await?;
        lots::insert_tickets(self.work, &tickets).await?;
        self.count("lots", taken);
        Ok(())
    }
}

/// The price a weighing is written with, and whether it is owed by it; `None` where it is bought and nothing fixes a price.
/// Of goods that are not bought a document's price is kept and nothing is owed by it.
fn price(written_fen_per_kg: i64, ways: &[Way]) -> Option<(i64, bool)> {
    match buying::agreed(written_fen_per_kg, ways) {
        Ok(fen_per_kg) => Some((fen_per_kg, fen_per_kg > 0)),
        Err(Mistake::NotBought) => Some((written_fen_per_kg, false)),
        Err(_) => None,
    }
}

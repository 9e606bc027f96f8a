//! Writing households with their categories, rooms, modules, and anchors with their ladder and training.

use super::Import;
use super::named::{or_known, settle};
use super::versions::news;
use crate::domain::county::{AccountDoc, AnchorDoc, FarmerDoc, ModuleDoc, RoomDoc};
use crate::domain::regions::RegionCode;
use crate::ingest::Taken;
use crate::services::passwords;
use crate::store::consents::{self, Consent};
use crate::store::facts::Of;
use crate::store::keys::{Keyed, Noun};
use crate::store::people::{self, Account, Anchor, CategoryRow, Certificate, Farmer, Module, Room, Stage, Training};
use crate::store::{StoreError, farmers, slips, streams};
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// A region code as stored: unpadded.
pub(super) fn region_text(code: &str) -> String {
    RegionCode::parse(code).expect("every region code is checked before anything is written").to_string()
}

impl Import<'_> {
    pub(super) async fn farmers(&mut self, docs: &[FarmerDoc]) -> anyhow::Result<()> {
        let wanted = docs
            .iter()
            .map(|doc| Farmer {
                farmer_id: 0,
                farmer_key: doc.key.clone(),
                name: doc.name.clone(),
                village_code: region_text(&doc.village),
            })
            .collect();
        // a household that asked to be anonymous stays so, whatever a document calls it
        let nameless: FxHashSet<i64> =
            farmers::list_anonymised(self.work).await?.into_iter().map(|(farmer_id, _)| farmer_id).collect();
        let keep = |row: &mut Farmer, known: &Farmer| {
            if nameless.contains(&known.farmer_id) {
                row.name.clone_from(&known.name);
            }
        };
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        people::upsert_farmers(self.work, &settled.rows).await?;
        // a corrected village moves the household's sales with it
        settled.before.iter().for_each(|farmer| self.touched.always(Of::Farmer, farmer.id()));
        self.settled("farmers", &settled);
        self.phones(docs).await?;
        self.categories(docs).await?;
        Ok(self.consents(docs).await?)
    }

    async fn consents(&mut self, docs: &[FarmerDoc]) -> Result<(), StoreError> {
        let by = self.work.actor.name.clone();
        let wanted: Vec<Consent> = docs
            .iter()
            .flat_map(|doc| doc.consents.iter().map(move |consent| (doc, consent)))
            .map(|(doc, consent)| Consent {
                farmer_id: self.names.id(Noun::Farmer, &doc.key),
                kind: consent.kind.clone(),
                given_on: consent.given_on,
                withdrawn_on: consent.withdrawn_on,
                recorded_by: by.clone(),
            })
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut farmer_ids: Vec<i64> = wanted.iter().map(|c| c.farmer_id).collect();
        farmer_ids.sort_unstable();
        farmer_ids.dedup();
        // who wrote a known one down does not make it another
        let known = consents::list_of(self.work, &farmer_ids).await?;
        let known: Vec<Consent> = known.into_iter().map(|c| Consent { recorded_by: by.clone(), ..c }).collect();
        let (rows, taken) = differing(known.clone(), wanted, |c| (c.farmer_id, c.kind.clone(), c.given_on));
        for row in &rows {
            let same = |c: &&Consent| (c.farmer_id, &c.kind, c.given_on) == (row.farmer_id, &row.kind, row.given_on);
            if let Some(old) = known.iter().find(same) {
                self.tell(&format!("consents/{} {} {}", row.farmer_id, row.kind, row.given_on), old, row);
            }
        }
        consents::upsert(self.work, &rows).await?;
        self.count("consents", taken);
        Ok(())
    }

    /// The last four digits of phones, hashed; those that fit the hash that is there are left alone.
    async fn phones(&mut self, docs: &[FarmerDoc]) -> anyhow::Result<()> {
        let said: Vec<(i64, &str)> = docs
            .iter()
            .filter_map(|doc| Some((self.names.id(Noun::Farmer, &doc.key), doc.phone_last4.as_deref()?)))
            .collect();
        if said.is_empty() {
            return Ok(());
        }
        let known: FxHashMap<i64, String> = slips::list_phones(self.work).await?.into_iter().collect();
        let mut rows = Vec::new();
        for (farmer_id, digits) in said {
            if !known.get(&farmer_id).is_some_and(|hash| passwords::digits_fit(digits, hash)) {
                rows.push((farmer_id, passwords::hash_digits(digits)?));
            }
        }
        Ok(slips::upsert_phones(self.work, &rows).await?)
    }

    async fn categories(&mut self, docs: &[FarmerDoc]) -> Result<(), StoreError> {
        let mut wanted: Vec<CategoryRow> = docs
            .iter()
            .flat_map(|doc| doc.categories.iter().map(move |category| (doc, category)))
            .map(|(doc, category)| CategoryRow {
                farmer_id: self.names.id(Noun::Farmer, &doc.key),
                version_id: 0,
                batch_id: 0,
                valid_from: category.from,
                valid_to: category.to,
                category: category.category.clone(),
            })
            .collect();
        wanted.sort_by_key(|c| (c.farmer_id, c.valid_from));
        let mut farmer_ids: Vec<i64> = wanted.iter().map(|c| c.farmer_id).collect();
        farmer_ids.dedup();
        let known = people::list_categories_of(self.work, &farmer_ids).await?;
        let (rows, taken) = news(self.work, known, wanted).await?;
        people::insert_categories(self.work, &rows).await?;
        for row in &rows {
            self.touched.span(Of::Farmer, row.farmer_id, row.valid_from, row.valid_to);
        }
        self.count("categories", taken);
        Ok(())
    }

    pub(super) async fn rooms(&mut self, docs: &[RoomDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Room {
                room_id: 0,
                room_key: doc.key.clone(),
                name: doc.name.clone(),
                village_code: region_text(&doc.village),
                opened_on: doc.opened_on,
                closed_on: doc.closed_on,
                equipment: doc.equipment.clone(),
            })
            .collect();
        let keep = |row: &mut Room, known: &Room| {
            row.closed_on = row.closed_on.or(known.closed_on);
            or_known(&mut row.equipment, &known.equipment);
        };
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        people::upsert_rooms(self.work, &settled.rows).await?;
        self.settled("rooms", &settled);
        let wanted = self.accounts(Noun::Room, docs.iter().map(|doc| (doc.key.as_str(), doc.accounts.as_slice())));
        if wanted.is_empty() {
            return Ok(());
        }
        let (new, taken) = differing(people::list_room_accounts(self.work).await?, wanted, Clone::clone);
        people::insert_room_accounts(self.work, &new).await?;
        self.count("room accounts", taken);
        let room_ids: Vec<i64> = new.iter().map(|a| a.owner_id).collect();
        self.touched.streams.extend(streams::list_held_by(self.work, &[], &room_ids).await?);
        Ok(())
    }

    fn accounts<'d>(&self, noun: Noun, docs: impl Iterator<Item = (&'d str, &'d [AccountDoc])>) -> Vec<Account> {
        docs.flat_map(|(key, accounts)| accounts.iter().map(move |account| (key, account)))
            .map(|(key, account)| Account {
                owner_id: self.names.id(noun, key),
                platform: account.platform.clone(),
                author_no: account.author_no.clone(),
            })
            .collect()
    }

    pub(super) async fn modules(&mut self, docs: &[ModuleDoc]) -> Result<(), StoreError> {
        let wanted = docs
            .iter()
            .map(|doc| Module {
                module_id: 0,
                module_key: doc.key.clone(),
                name: doc.name.clone(),
                name_en: doc.name_en.clone(),
                class_hours: doc.class_hours,
            })
            .collect();
        let keep = |row: &mut Module, known: &Module| or_known(&mut row.name_en, &known.name_en);
        let settled = settle(self.work, &mut self.names, wanted, keep).await?;
        people::upsert_modules(self.work, &settled.rows).await?;
        self.settled("modules", &settled);
        Ok(())
    }

    pub(super) async fn anchors(&mut self, docs: &[AnchorDoc]) -> Result<(), StoreError> {
        if docs.is_empty() {
            return Ok(());
        }
        let wanted = docs
            .iter()
            .map(|doc| Anchor { anchor_id: 0, anchor_key: doc.key.clone(), name: doc.name.clone() })
            .collect();
        let settled = settle(self.work, &mut self.names, wanted, |_, _| ()).await?;
        people::upsert_anchors(self.work, &settled.rows).await?;
        self.settled("anchors", &settled);
        let wanted = self.accounts(Noun::Anchor, docs.iter().map(|doc| (doc.key.as_str(), doc.accounts.as_slice())));
        let (new, taken) = differing(people::list_anchor_accounts(self.work).await?, wanted, Clone::clone);
        people::insert_anchor_accounts(self.work, &new).await?;
        self.count("anchor accounts", taken);
        let anchor_ids: Vec<i64> = new.iter().map(|a| a.owner_id).collect();
        self.touched.streams.extend(streams::list_held_by(self.work, &anchor_ids, &[]).await?);
        self.stages(docs).await?;
        self.training(docs).await?;
        self.certificates(docs).await
    }

    async fn stages(&mut self, docs: &[AnchorDoc]) -> Result<(), StoreError> {
        let wanted = self.of_anchors(
            docs,
            |doc| &doc.stages,
            |anchor_id, stage| Stage {
                anchor_id,
                from_on: stage.from,
                stage: stage.stage.clone(),
                evidence: stage.evidence.clone(),
            },
        );
        let known = people::list_stages(self.work).await?;
        let (rows, taken) = differing(known.clone(), wanted, |s| (s.anchor_id, s.from_on));
        for row in &rows {
            let same = |s: &&Stage| (s.anchor_id, s.from_on) == (row.anchor_id, row.from_on);
            if let Some(old) = known.iter().find(same) {
                self.tell(&format!("stages/{} {}", row.anchor_id, row.from_on), old, row);
            }
        }
        people::upsert_stages(self.work, &rows).await?;
        for row in &rows {
            self.touched.span(Of::Anchor, row.anchor_id, row.from_on, None);
        }
        self.count("stages", taken);
        Ok(())
    }

    async fn training(&mut self, docs: &[AnchorDoc]) -> Result<(), StoreError> {
        let wanted = self.of_anchors(
            docs,
            |doc| &doc.training,
            |anchor_id, record| Training {
                anchor_id,
                module_id: self.names.id(Noun::Module, &record.module),
                attended_on: record.on,
                class_hours: record.class_hours,
                passed_on: record.passed_on,
            },
        );
        let known = people::list_training(self.work).await?;
        let (rows, taken) = differing(known, wanted, |t| (t.anchor_id, t.module_id, t.attended_on));
        people::upsert_training(self.work, &rows).await?;
        self.count("training", taken);
        Ok(())
    }

    async fn certificates(&mut self, docs: &[AnchorDoc]) -> Result<(), StoreError> {
        let wanted = self.of_anchors(
            docs,
            |doc| &doc.certificates,
            |anchor_id, certificate| Certificate {
                anchor_id,
                certificate_no: certificate.certificate_no.clone(),
                kind: certificate.kind.clone(),
                issued_on: certificate.issued_on,
                expires_on: certificate.expires_on,
            },
        );
        let known = people::list_certificates(self.work).await?;
        let (rows, taken) = differing(known, wanted, |c| (c.anchor_id, c.certificate_no.clone()));
        people::upsert_certificates(self.work, &rows).await?;
        self.count("certificates", taken);
        Ok(())
    }

    /// One row for each of something the anchors have several of.
    fn of_anchors<'d, D: 'd, T>(
        &self,
        docs: &'d [AnchorDoc],
        part: impl Fn(&'d AnchorDoc) -> &'d Vec<D>,
        row: impl Fn(i64, &'d D) -> T,
    ) -> Vec<T> {
        let mut rows = Vec::new();
        for doc in docs {
            let anchor_id = self.names.id(Noun::Anchor, &doc.key);
            rows.extend(part(doc).iter().map(|one| row(anchor_id, one)));
        }
        rows
    }
}

/// The wanted rows that are not known as they are, by the columns that tell them apart. All an anchor's rows of a kind
/// are few, so they are compared here.
fn differing<T: PartialEq, K: Eq + Hash>(known: Vec<T>, wanted: Vec<T>, key: impl Fn(&T) -> K) -> (Vec<T>, Taken) {
    let known: FxHashMap<K, T> = known.into_iter().map(|row| (key(&row), row)).collect();
    let mut taken = Taken::default();
    let rows = wanted
        .into_iter()
        .filter(|row| {
            let old = known.get(&key(row));
            match old {
                None => taken.new += 1,
                Some(old) if old == row => taken.unchanged += 1,
                Some(_) => taken.changed += 1,
            }
            old != Some(row)
        })
        .collect();
    (rows, taken)
}

//! Checks of households, rooms, modules, anchors and their streams.

use super::{Check, Place};
use crate::domain::attribution::Stage;
use crate::domain::county::{AccountDoc, AnchorDoc, CONSENT_KINDS, FarmerDoc, ModuleDoc, RoomDoc, StreamDoc};
use crate::domain::ledger::book::Category;
use crate::domain::problem::Flaw;
use crate::platforms::Platform;
use crate::store::keys::Noun;
use chrono::TimeDelta;
use rustc_hash::FxHashSet;

/// A stream belongs to the day it started, so it is shorter than one.
const DAY_HOURS: i64 = 24;
/// Class hours a module can have, far above any.
const MOST_CLASS_HOURS: i64 = 10_000;
/// Views a stream can have: more than there are people.
const MOST_VIEWS: i64 = 10_000_000_000;

impl<'a> Check<'a> {
    pub(super) fn farmers(&mut self, farmers: &'a [FarmerDoc]) {
        let categories: Vec<&str> = Category::ALL.iter().filter(|c| **c != Category::None).map(|c| c.key()).collect();
        let mut keys = FxHashSet::default();
        for (index, farmer) in farmers.iter().enumerate() {
            let place = Place::item("farmers", index);
            self.named(&place, &mut keys, &farmer.key, &farmer.name);
            self.village(&place.field("village"), &farmer.village);
            let digits = |text: &String| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
            if !farmer.phone_last4.as_ref().is_none_or(digits) {
                self.fault(&place.field("phone_last4"), Flaw::NotFourDigits);
            }
            let mut spans = FxHashSet::default();
            for (index, category) in farmer.categories.iter().enumerate() {
                let place = place.at("categories", index);
                self.span(&place, category.from, category.to);
                self.once(&place.field("from"), &mut spans, (category.from, category.to), category.from);
                self.word(&place.field("category"), &category.category, &categories);
            }
            let place = Place::item("farmers", index);
            let mut given = FxHashSet::default();
            for (index, consent) in farmer.consents.iter().enumerate() {
                let place = place.at("consents", index);
                self.word(&place.field("kind"), &consent.kind, &CONSENT_KINDS);
                self.day(&place.field("given_on"), consent.given_on);
                let slot = (consent.kind.as_str(), consent.given_on);
                self.once(&place.field("given_on"), &mut given, slot, consent.given_on);
                if let Some(withdrawn_on) = consent.withdrawn_on {
                    self.day(&place.field("withdrawn_on"), withdrawn_on);
                    if withdrawn_on < consent.given_on {
                        self.fault(&place.field("withdrawn_on"), Flaw::EndsBeforeStart);
                    }
                }
            }
        }
    }

    pub(super) fn rooms(&mut self, rooms: &'a [RoomDoc]) {
        let mut keys = FxHashSet::default();
        for (index, room) in rooms.iter().enumerate() {
            let place = Place::item("rooms", index);
            self.named(&place, &mut keys, &room.key, &room.name);
            self.village(&place.field("village"), &room.village);
            self.day(&place.field("opened_on"), room.opened_on);
            if let Some(closed_on) = room.closed_on {
                self.day(&place.field("closed_on"), closed_on);
                if closed_on < room.opened_on {
                    self.fault(&place.field("closed_on"), Flaw::EndsBeforeStart);
                }
            }
            self.accounts(&place, &room.accounts);
        }
    }

    fn accounts(&mut self, place: &Place<'_>, accounts: &[AccountDoc]) {
        for (index, account) in accounts.iter().enumerate() {
            let place = place.at("accounts", index);
            self.word(&place.field("platform"), &account.platform, &Platform::ALL.map(Platform::key));
            self.filled(&place.field("author_no"), &account.author_no);
        }
    }

    pub(super) fn modules(&mut self, modules: &'a [ModuleDoc]) {
        let mut keys = FxHashSet::default();
        for (index, module) in modules.iter().enumerate() {
            let place = Place::item("modules", index);
            self.named(&place, &mut keys, &module.key, &module.name);
            self.between(&place.field("class_hours"), module.class_hours, 0, MOST_CLASS_HOURS);
        }
    }

    pub(super) fn anchors(&mut self, anchors: &'a [AnchorDoc]) {
        let mut keys = FxHashSet::default();
        for (index, anchor) in anchors.iter().enumerate() {
            let place = Place::item("anchors", index);
            self.named(&place, &mut keys, &anchor.key, &anchor.name);
            self.accounts(&place, &anchor.accounts);
            self.ladder(&place, anchor);
            self.training(&place, anchor);
        }
    }

    fn ladder(&mut self, place: &Place<'_>, anchor: &AnchorDoc) {
        let mut days = FxHashSet::default();
        for (index, stage) in anchor.stages.iter().enumerate() {
            let place = place.at("stages", index);
            self.day(&place.field("from"), stage.from);
            self.once(&place.field("from"), &mut days, stage.from, stage.from);
            self.word(&place.field("stage"), &stage.stage, &Stage::ALL.map(Stage::key));
            self.filled(&place.field("evidence"), &stage.evidence);
        }
        let mut numbers = FxHashSet::default();
        for (index, certificate) in anchor.certificates.iter().enumerate() {
            let place = place.at("certificates", index);
            let number = certificate.certificate_no.as_str();
            self.word(&place.field("kind"), &certificate.kind, &["association", "national"]);
            self.filled(&place.field("certificate_no"), number);
            self.once(&place.field("certificate_no"), &mut numbers, number, number);
            self.day(&place.field("issued_on"), certificate.issued_on);
            if let Some(expires_on) = certificate.expires_on {
                self.day(&place.field("expires_on"), expires_on);
                if expires_on < certificate.issued_on {
                    self.fault(&place.field("expires_on"), Flaw::EndsBeforeStart);
                }
            }
        }
    }

    fn training(&mut self, place: &Place<'_>, anchor: &AnchorDoc) {
        let mut attended = FxHashSet::default();
        for (index, record) in anchor.training.iter().enumerate() {
            let place = place.at("training", index);
            self.refers(&place.field("module"), Noun::Module, &record.module);
            self.day(&place.field("on"), record.on);
            self.once(&place.field("on"), &mut attended, (record.module.as_str(), record.on), record.on);
            self.between(&place.field("class_hours"), record.class_hours, 0, MOST_CLASS_HOURS);
            if let Some(passed_on) = record.passed_on {
                self.day(&place.field("passed_on"), passed_on);
            }
        }
    }

    pub(super) fn streams(&mut self, streams: &'a [StreamDoc]) {
        let mut keys = FxHashSet::default();
        for (index, stream) in streams.iter().enumerate() {
            let place = Place::item("streams", index);
            self.filled(&place.field("key"), &stream.key);
            self.once(&place.field("key"), &mut keys, stream.key.as_str(), &stream.key);
            self.refers(&place.field("shop"), Noun::Shop, &stream.shop);
            self.refers(&place.field("anchor"), Noun::Anchor, &stream.anchor);
            if let Some(room) = &stream.room {
                self.refers(&place.field("room"), Noun::Room, room);
            }
            self.day(&place.field("starts_at"), stream.starts_at.date_naive());
            if stream.ends_at <= stream.starts_at {
                self.fault(&place.field("ends_at"), Flaw::EndsBeforeStart);
            } else if stream.ends_at - stream.starts_at >= TimeDelta::hours(DAY_HOURS) {
                self.fault(&place.field("ends_at"), Flaw::LastsTooLong);
            }
            if let Some(views) = stream.views {
                self.between(&place.field("views"), views, 0, MOST_VIEWS);
            }
            for (index, key) in stream.shelf.iter().enumerate() {
                self.refers(&place.at("shelf", index), Noun::Listing, key);
            }
        }
    }
}

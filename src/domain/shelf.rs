//! May a listing be sold live (上架) on a day: what its goods need by which rule, what papers there are, and what keeps it
//! off the shelf.
//!
//! Rules that must hold: which goods need which paper is a dated entry of the county, never a constant here; a paper that
//! is missing, ended, revoked or not yet issued on the day keeps the listing off, and so do a withdrawal, terms that are
//! missing, and a lot without its certificate; whatever is wrong is all named, not only the first.
//!
//! Not here: reading the facts (`services::shelf_check`), who may publish (`services::listings`).

use super::calendar::Day;
use super::lang::Lang;

/// A paper that goods may need before they are sold live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// 承诺达标合格证: of the goods themselves, or of each lot of them.
    Conformity,
    /// 食品生产许可 or 小作坊登记.
    Licence,
    /// 地理标志授权.
    Origin,
}

impl Need {
    pub const ALL: [Self; 3] = [Self::Conformity, Self::Licence, Self::Origin];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Conformity => "conformity",
            Self::Licence => "licence",
            Self::Origin => "origin",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.key() == key)
    }

    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Conformity, Lang::Zh) => "承诺达标合格证",
            (Self::Conformity, Lang::En) => "certificate of conformity",
            (Self::Licence, Lang::Zh) => "食品生产许可或小作坊登记",
            (Self::Licence, Lang::En) => "food licence (SC or workshop)",
            (Self::Origin, Lang::Zh) => "地理标志使用授权",
            (Self::Origin, Lang::En) => "geographical-indication authorisation",
        }
    }
}

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    Conformity,
    /// 食品生产许可证 (SC).
    Sc,
    /// 小作坊登记证.
    Workshop,
    Origin,
}

impl PaperKind {
    pub const ALL: [Self; 4] = [Self::Conformity, Self::Sc, Self::Workshop, Self::Origin];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Conformity => "conformity",
            Self::Sc => "sc",
            Self::Workshop => "workshop",
            Self::Origin => "origin",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What it is good for.
    pub const fn meets(self) -> Need {
        match self {
            Self::Conformity => Need::Conformity,
            Self::Sc | Self::Workshop => Need::Licence,
            Self::Origin => Need::Origin,
        }
    }

    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Conformity, Lang::Zh) => "承诺达标合格证",
            (Self::Conformity, Lang::En) => "Certificate of conformity",
            (Self::Sc, Lang::Zh) => "食品生产许可（SC）",
            (Self::Sc, Lang::En) => "Food production licence (SC)",
            (Self::Workshop, Lang::Zh) => "食品小作坊登记",
            (Self::Workshop, Lang::En) => "Food workshop registration",
            (Self::Origin, Lang::Zh) => "地理标志使用授权",
            (Self::Origin, Lang::En) => "Geographical-indication authorisation",
        }
    }
}

/// A rule: from a day on, goods need a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub rule_id: i64,
    pub product_id: i64,
    pub need: Need,
    pub valid_from: Day,
    /// Its last day.
    pub valid_to: Option<Day>,
    /// Which law, standard or decision says so.
    pub source: String,
    pub entered_by: String,
}

impl Rule {
    pub fn holds_on(&self, on: Day) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on <= to)
    }
}

/// A paper of a product, or of one listing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub certificate_id: i64,
    pub product_id: i64,
    /// 0: all listings of the product.
    pub listing_id: i64,
    pub kind: PaperKind,
    pub number: String,
    pub holder: String,
    pub issued_on: Day,
    /// The last day it is good for.
    pub expires_on: Option<Day>,
    pub revoked_on: Option<Day>,
    pub entered_by: String,
}

impl Paper {
    pub fn is_good_on(&self, on: Day) -> bool {
        self.issued_on <= on && self.ends().is_none_or(|end| on <= end)
    }

    /// The last day it is good for, whatever ends it.
    pub fn ends(&self) -> Option<Day> {
        let before = self.revoked_on.and_then(|day| day.pred_opt());
        match (self.expires_on, before) {
            (Some(expires), Some(revoked)) => Some(expires.min(revoked)),
            (one, other) => one.or(other),
        }
    }
}

/// Where a listing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Two people made it, and nobody put it on the shelf yet.
    Approved,
    Published,
    Withdrawn,
}

impl State {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Approved, Self::Published, Self::Withdrawn].into_iter().find(|state| state.key() == key)
    }
}

/// Lots of a product whose goods can still be sold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenLots {
    pub with_certificate: usize,
    /// Keys of those without a certificate.
    pub without: Vec<String>,
}

/// What is known of a listing on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts<'a> {
    pub listing_id: i64,
    pub state: State,
    pub has_terms: bool,
    /// Rules and papers of its product.
    pub rules: &'a [Rule],
    pub papers: &'a [Paper],
    /// `None` where its goods do not come from lots.
    pub lots: Option<&'a OpenLots>,
}

/// Something that keeps a listing off the shelf on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// There is no such listing.
    Unknown,
    NotPublished,
    Withdrawn,
    NoTerms,
    /// There never was such a paper.
    Missing {
        need: Need,
        source: String,
    },
    /// The last one ended, or was revoked.
    Ended {
        need: Need,
        number: String,
        on: Day,
    },
    /// There is one, and it is not issued yet on the day.
    NotYet {
        need: Need,
        number: String,
        on: Day,
    },
    /// Lots whose goods would be sold, without a certificate.
    LotsWithout {
        lots: Vec<String>,
    },
}

impl Hold {
    /// For the person who plans or publishes.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unknown, Lang::Zh) => "没有这个商品".into(),
            (Self::Unknown, Lang::En) => "there is no such listing".into(),
            (Self::NotPublished, Lang::Zh) => "还没有上架".into(),
            (Self::NotPublished, Lang::En) => "it is not published".into(),
            (Self::Withdrawn, Lang::Zh) => "已经下架".into(),
            (Self::Withdrawn, Lang::En) => "it was withdrawn".into(),
            (Self::NoTerms, Lang::Zh) => "这天没有生效的条款".into(),
            (Self::NoTerms, Lang::En) => "no terms are in force on the day".into(),
            (Self::Missing { need, source }, Lang::Zh) => format!("缺{}（依据：{source}）", need.name(lang)),
            (Self::Missing { need, source }, Lang::En) => format!("no {} (rule: {source})", need.name(lang)),
            (Self::Ended { need, number, on }, Lang::Zh) => {
                format!("{} {number} 只到 {on} 有效", need.name(lang))
            }
            (Self::Ended { need, number, on }, Lang::En) => format!("{} {number} was good until {on}", need.name(lang)),
            (Self::NotYet { need, number, on }, Lang::Zh) => format!("{} {number} 从 {on} 起才有效", need.name(lang)),
            (Self::NotYet { need, number, on }, Lang::En) => {
                format!("{} {number} is good from {on} on", need.name(lang))
            }
            (Self::LotsWithout { lots }, Lang::Zh) => format!("批次 {} 没有承诺达标合格证", lots.join("、")),
            (Self::LotsWithout { lots }, Lang::En) => {
                format!("no certificate of conformity for lots {}", lots.join(", "))
            }
        }
    }
}

/// Everything that keeps a listing off the shelf on a day; empty: it may be sold.
pub fn holds(facts: &Facts<'_>, on: Day) -> Vec<Hold> {
    let mut holds = Vec::new();
    match facts.state {
        State::Approved => holds.push(Hold::NotPublished),
        State::Withdrawn => holds.push(Hold::Withdrawn),
        State::Published => {}
    }
    if !facts.has_terms {
        holds.push(Hold::NoTerms);
    }
    let mut needs: Vec<&Rule> = facts.rules.iter().filter(|rule| rule.holds_on(on)).collect();
    needs.sort_by_key(|rule| (rule.need, rule.rule_id));
    needs.dedup_by_key(|rule| rule.need);
    holds.extend(needs.into_iter().filter_map(|rule| unmet(facts, rule, on)));
    holds
}

/// What a rule finds wanting.
fn unmet(facts: &Facts<'_>, rule: &Rule, on: Day) -> Option<Hold> {
    if rule.need == Need::Conformity
        && let Some(lots) = facts.lots
    {
        if !lots.without.is_empty() {
            return Some(Hold::LotsWithout { lots: lots.without.clone() });
        }
        if lots.with_certificate > 0 {
            return None;
        }
    }
    let of_listing = |paper: &&Paper| paper.listing_id == 0 || paper.listing_id == facts.listing_id;
    let papers: Vec<&Paper> = facts.papers.iter().filter(|p| p.kind.meets() == rule.need).filter(of_listing).collect();
    if papers.iter().any(|paper| paper.is_good_on(on)) {
        return None;
    }
    let ended = papers.iter().filter_map(|p| p.ends().filter(|&end| end < on).map(|end| (end, *p)));
    let coming = papers.iter().filter(|p| p.issued_on > on).min_by_key(|p| p.issued_on);
    Some(match (ended.max_by_key(|(end, _)| *end), coming) {
        (Some((end, paper)), _) => Hold::Ended { need: rule.need, number: paper.number.clone(), on: end },
        (None, Some(paper)) => Hold::NotYet { need: rule.need, number: paper.number.clone(), on: paper.issued_on },
        (None, None) => Hold::Missing { need: rule.need, source: rule.source.clone() },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn rule(need: Need, from: &str, to: Option<&str>) -> Rule {
        Rule {
            rule_id: 1,
            product_id: 1,
            need,
            valid_from: day(from),
            valid_to: to.map(day),
            source: "某办法第十条".into(),
            entered_by: "甲".into(),
        }
    }

    fn paper(kind: PaperKind, listing_id: i64, issued: &str, expires: Option<&str>) -> Paper {
        Paper {
            certificate_id: 1,
            product_id: 1,
            listing_id,
            kind,
            number: "No-1".into(),
            holder: String::new(),
            issued_on: day(issued),
            expires_on: expires.map(day),
            revoked_on: None,
            entered_by: "甲".into(),
        }
    }

    fn found(rules: &[Rule], papers: &[Paper], lots: Option<&OpenLots>, on: &str) -> Vec<Hold> {
        holds(&Facts { listing_id: 5, state: State::Published, has_terms: true, rules, papers, lots }, day(on))
    }

    #[test]
    fn a_paper_is_needed_on_the_days_of_its_rule_and_good_to_its_last_day() {
        let rules = [rule(Need::Licence, "2026-02-01", Some("2026-12-31"))];
        assert_eq!(found(&rules, &[], None, "2026-01-31"), [], "before the rule");
        assert_eq!(found(&rules, &[], None, "2027-01-01"), [], "after it");
        let missing = Hold::Missing { need: Need::Licence, source: "某办法第十条".into() };
        assert_eq!(found(&rules, &[], None, "2026-02-01"), std::slice::from_ref(&missing));
        let sc = [paper(PaperKind::Sc, 0, "2026-02-10", Some("2026-03-10"))];
        assert_eq!(found(&rules, &sc, None, "2026-03-10"), []);
        let ended = Hold::Ended { need: Need::Licence, number: "No-1".into(), on: day("2026-03-10") };
        assert_eq!(found(&rules, &sc, None, "2026-03-11"), [ended]);
        let early = Hold::NotYet { need: Need::Licence, number: "No-1".into(), on: day("2026-02-10") };
        assert_eq!(found(&rules, &sc, None, "2026-02-09"), [early]);
        let workshop = [paper(PaperKind::Workshop, 5, "2026-02-01", None)];
        assert_eq!(found(&rules, &workshop, None, "2026-06-01"), []);
        let of_another = [paper(PaperKind::Workshop, 6, "2026-02-01", None)];
        assert_eq!(found(&rules, &of_another, None, "2026-06-01"), std::slice::from_ref(&missing));
        let other_kind = [paper(PaperKind::Origin, 0, "2026-02-01", None)];
        assert_eq!(found(&rules, &other_kind, None, "2026-06-01"), [missing]);
    }

    #[test]
    fn a_revoked_paper_ends_the_day_before() {
        let rules = [rule(Need::Origin, "2026-01-01", None)];
        let revoked = Paper { revoked_on: Some(day("2026-03-01")), ..paper(PaperKind::Origin, 0, "2026-01-01", None) };
        assert_eq!(found(&rules, std::slice::from_ref(&revoked), None, "2026-02-28"), []);
        let ended = Hold::Ended { need: Need::Origin, number: "No-1".into(), on: day("2026-02-28") };
        assert_eq!(found(&rules, &[revoked], None, "2026-03-01"), [ended]);
    }

    #[test]
    fn goods_from_lots_need_a_certificate_for_every_open_lot() {
        let rules = [rule(Need::Conformity, "2026-02-01", None)];
        let lots = |with_certificate, without: &[&str]| OpenLots {
            with_certificate,
            without: without.iter().map(|&lot| lot.to_owned()).collect(),
        };
        assert_eq!(found(&rules, &[], Some(&lots(2, &[])), "2026-02-20"), []);
        let one = Hold::LotsWithout { lots: vec!["20260220-1".into()] };
        assert_eq!(found(&rules, &[], Some(&lots(2, &["20260220-1"])), "2026-02-20"), [one]);
        assert!(matches!(found(&rules, &[], Some(&lots(0, &[])), "2026-02-20")[..], [Hold::Missing { .. }]));
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let rules = [rule(Need::Origin, "2026-01-01", None), rule(Need::Conformity, "2026-01-01", None)];
        let facts =
            Facts { listing_id: 5, state: State::Withdrawn, has_terms: false, rules: &rules, papers: &[], lots: None };
        let holds = holds(&facts, day("2026-02-01"));
        assert_eq!(holds.len(), 4);
        assert!(holds.iter().all(|hold| !hold.text(Lang::Zh).is_empty() && hold.text(Lang::En).is_ascii()
            || matches!(hold, Hold::Missing { .. })));
    }

    #[test]
    fn stored_words_are_read_back() {
        assert!(Need::ALL.iter().all(|need| Need::parse(need.key()) == Some(*need)));
        assert!(PaperKind::ALL.iter().all(|kind| PaperKind::parse(kind.key()) == Some(*kind)));
        assert!(Need::ALL.iter().all(|need| PaperKind::ALL.iter().any(|kind| kind.meets() == *need)));
        assert_eq!(State::parse("gone"), None);
    }
}

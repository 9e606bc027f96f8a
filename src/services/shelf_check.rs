//! May this listing be sold live on this day? For whoever plans a stream, and for whoever publishes.
//!
//! [`may_go_live`] answers for one listing, [`hold_ups`] for many at once: everything that keeps each off the shelf on the
//! day, in words for people ([`Hold::text`]); an empty list is a yes. The facts are read set by set, so a shelf of forty
//! costs what a shelf of one does.
//!
//! Rules that must hold: what publishing refuses and what planning refuses is the same question; a listing nobody knows is
//! held up too. The rule itself is `domain::shelf`.

use crate::domain::calendar::Day;
use crate::domain::shelf::{self, Facts, Hold, Need, OpenLots, Paper, Rule, State};
use crate::store::goods::{SupplyRow, TermsRow};
use crate::store::{Session, StoreError, goods, goods_certificates, listings, lots};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Names the rule where a county document, not a dated rule, says that a product's lots need a certificate.
const OF_DOCUMENT: &str = "lot_certificate";

/// What each listing is of, and which come from lots on a day.
#[derive(Debug)]
pub struct Sources {
    products: FxHashMap<i64, i64>,
    from_lots: Vec<i64>,
}

impl Sources {
    /// Reads them.
    pub async fn load(session: &mut Session, on: Day) -> Result<Self, StoreError> {
        let listings = goods::list_listings(session).await?;
        Ok(Self {
            products: listings.iter().map(|l| (l.listing_id, l.product_id)).collect(),
            from_lots: from_lots(&goods::list_supply(session, on, on).await?),
        })
    }

    /// Whether a listing's goods come from lots on the day.
    pub fn is_from_lots(&self, listing_id: i64) -> bool {
        self.from_lots.contains(&listing_id)
    }

    /// The product of a listing.
    pub fn product(&self, listing_id: i64) -> Option<i64> {
        self.products.get(&listing_id).copied()
    }
}

/// Everything the question needs, of the whole county on one day.
#[derive(Debug)]
pub struct Shelf {
    pub on: Day,
    pub sources: Sources,
    states: FxHashMap<i64, State>,
    with_terms: Vec<i64>,
    pub rules: Vec<Rule>,
    /// Products of which a county document says that a lot needs a certificate.
    certified: Vec<i64>,
    pub papers: Vec<Paper>,
    lots: BTreeMap<i64, OpenLots>,
}

impl Shelf {
    /// Reads it.
    pub async fn load(session: &mut Session, on: Day) -> Result<Self, StoreError> {
        let sources = Sources::load(session, on).await?;
        let mut states = FxHashMap::default();
        for step in listings::list_last_steps(session).await? {
            states.insert(step.listing_id, step.state()?);
        }
        Ok(Self {
            on,
            sources,
            states,
            with_terms: with_terms(&goods::list_terms(session, on).await?, on),
            rules: goods_certificates::list_rules(session).await?,
            certified: lots::list_certified(session).await?,
            papers: goods_certificates::list_papers(session).await?,
            lots: goods_certificates::list_open_lots(session, on).await?,
        })
    }

    /// Where a listing stands: one that came with a county document took no steps and is published.
    pub fn state(&self, listing_id: i64) -> State {
        self.states.get(&listing_id).copied().unwrap_or(State::Published)
    }

    /// Everything that keeps a listing off the shelf.
    pub fn holds(&self, listing_id: i64) -> Vec<Hold> {
        self.holds_as(listing_id, self.state(listing_id))
    }

    /// The same, were it in another state: what would keep it off once it is published.
    pub fn holds_as(&self, listing_id: i64, state: State) -> Vec<Hold> {
        let Some(product_id) = self.sources.product(listing_id) else { return vec![Hold::Unknown] };
        let mut rules: Vec<Rule> = self.rules.iter().filter(|r| r.product_id == product_id).cloned().collect();
        let papers: Vec<Paper> = self.papers.iter().filter(|p| p.product_id == product_id).cloned().collect();
        let none = OpenLots::default();
        let lots = self.sources.is_from_lots(listing_id).then(|| self.lots.get(&product_id).unwrap_or(&none));
        // a county document's word is about lots that are there, and nothing else
        if self.certified.contains(&product_id) && lots.is_some_and(|lots| !lots.without.is_empty()) {
            rules.push(of_document(product_id, self.on));
        }
        let has_terms = self.with_terms.contains(&listing_id);
        shelf::holds(&Facts { listing_id, state, has_terms, rules: &rules, papers: &papers, lots }, self.on)
    }
}

/// A county document's own word on a product's lots, as a rule that always held.
fn of_document(product_id: i64, on: Day) -> Rule {
    Rule {
        rule_id: i64::MAX,
        product_id,
        need: Need::Conformity,
        valid_from: on,
        valid_to: None,
        source: OF_DOCUMENT.into(),
        entered_by: String::new(),
    }
}

/// The listings whose newest terms for the day are there: versions are picked as the ledger picks them.
fn with_terms(rows: &[TermsRow], on: Day) -> Vec<i64> {
    let holds = |row: &&TermsRow| row.valid_from <= on && row.valid_to.is_none_or(|to| on <= to);
    let mut ids: Vec<i64> = rows.iter().filter(holds).map(|row| row.listing_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The listings whose newest supply of the day is lots.
fn from_lots(rows: &[SupplyRow]) -> Vec<i64> {
    let mut newest: FxHashMap<i64, &SupplyRow> = FxHashMap::default();
    for row in rows {
        let stands = newest.entry(row.listing_id).or_insert(row);
        if (stands.batch_id, stands.version_id) < (row.batch_id, row.version_id) {
            *stands = row;
        }
    }
    newest.into_iter().filter(|(_, row)| row.is_from_lots()).map(|(listing_id, _)| listing_id).collect()
}

/// Everything that keeps one listing off the shelf on a day; empty: it may be sold live.
pub async fn may_go_live(session: &mut Session, listing_id: i64, on: Day) -> Result<Vec<Hold>, StoreError> {
    Ok(Shelf::load(session, on).await?.holds(listing_id))
}

/// The same for many listings; those that may be sold live are left out.
pub async fn hold_ups(
    session: &mut Session,
    listing_ids: &[i64],
    on: Day,
) -> Result<Vec<(i64, Vec<Hold>)>, StoreError> {
    let shelf = Shelf::load(session, on).await?;
    let holds = listing_ids.iter().map(|&listing_id| (listing_id, shelf.holds(listing_id)));
    Ok(holds.filter(|(_, holds)| !holds.is_empty()).collect())
}

/// Products of which a lot needs a certificate on a day, by a dated rule or by the county's document.
pub async fn certified_on(session: &mut Session, on: Day) -> Result<Vec<i64>, StoreError> {
    let mut certified = lots::list_certified(session).await?;
    let rules = goods_certificates::list_rules(session).await?;
    let needed = rules.iter().filter(|r| r.need == Need::Conformity && r.holds_on(on));
    certified.extend(needed.map(|r| r.product_id));
    certified.sort_unstable();
    certified.dedup();
    Ok(certified)
}

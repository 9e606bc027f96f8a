//! Taking in a county document: everything a county decides for itself, in one unit of work.
//!
//! Named things are corrected by their key, dated values get a newer version beside the old one, and whatever that
//! changes in orders already taken in is queued, so that a post afterwards leaves the ledger as if the document had been
//! there first.
//!
//! Rules that must hold: a document with a fault writes nothing; the same document again writes nothing; what is left out
//! stays as it is known; the cost is that of the document, not of the county.
//!
//! Not here: the format (`domain::county`, docs/COUNTY.md), opening and committing the work and posting (the caller).

mod audited;
mod check;
mod goods;
mod known;
mod lots;
mod named;
mod people;
mod prices;
mod streams;
mod touched;
mod versions;

use super::Taken;
use crate::domain::audit::{Change, Field, Noun as About, Verb};
use crate::domain::county::CountyDoc;
use crate::domain::problem::{Paying, Problem};
use crate::store::Work;
use crate::store::goods::Shop;
use crate::store::keys::{self, Noun};
use crate::store::payouts::own;
use audited::Told;
use known::{Known, Names};
pub(in crate::ingest) use touched::Touched;
pub use touched::{attribute_streams, follow_streams};

/// What importing a document did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// By part of the document, in the order it was written; a part that the document does not have may be missing.
    pub parts: Vec<(&'static str, Taken)>,
    /// Orders with lines that another stream sold now.
    pub orders_attributed: usize,
    told: Vec<Told>,
    things_told: usize,
    things_untold: usize,
}

impl Imported {
    /// What became of one part: `listings`, `terms`, `supply` …
    pub fn of(&self, part: &str) -> Taken {
        self.parts.iter().find(|(name, _)| *name == part).map(|(_, taken)| *taken).unwrap_or_default()
    }

    /// The import as the audit trail tells it: counts by part, and what became of the named things that changed.
    pub fn change(&self) -> Change {
        self.change_of(About::County)
    }

    /// The same of a document that holds one kind of thing.
    pub fn change_of(&self, about: About) -> Change {
        let attributed = i64::try_from(self.orders_attributed).expect("a county has fewer orders");
        let untold = i64::try_from(self.things_untold).expect("a document has fewer rows");
        let mut change = Change::new(Verb::Import, about, "")
            .count(Field::OrdersAttributed, attributed)
            .count(Field::MoreChanged, untold);
        for (part, taken) in &self.parts {
            change.count_item(part, Field::RowsNew, taken.new);
            change.count_item(part, Field::RowsChanged, taken.changed);
        }
        for Told { item, field, before, after } in &self.told {
            change.of_item(item, *field, before, after);
        }
        change
    }

    /// All parts together.
    pub fn total(&self) -> Taken {
        let mut total = Taken::default();
        self.parts.iter().for_each(|(_, taken)| total += *taken);
        total
    }
}

/// Reads a document. `path_label` is what a message calls the file.
pub fn parse(path_label: &str, text: &str) -> Result<CountyDoc, Problem> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|why| Problem::BadDocument {
        path: format!("{path_label}:{}:{}", why.line(), why.column()),
        why: why.to_string(),
    })
}

/// Checks a document and writes what is new in it. The caller posts and commits; after an error nothing was written.
pub async fn import(work: &mut Work, doc: &CountyDoc) -> anyhow::Result<Imported> {
    let known = Known::load(work, doc).await?;
    check::check(doc, work.scope().county(), &known)?;
    refuse_moved_shops(work, doc, &known).await?;
    let known_lots = lots::known_lots(&known);
    let mut import = Import { work, names: known.names, touched: Touched::default(), imported: Imported::default() };
    // each part after those it refers to
    import.operators(&doc.operators).await?;
    import.shops(&doc.shops).await?;
    import.farmers(&doc.farmers).await?;
    import.products(&doc.products).await?;
    import.lot_certificates(&doc.products).await?;
    import.listings(&doc.listings).await?;
    import.mappings(&doc.mappings).await?;
    import.rooms(&doc.rooms).await?;
    import.modules(&doc.modules).await?;
    import.anchors(&doc.anchors).await?;
    import.streams(&doc.streams).await?;
    import.baselines(&doc.baselines).await?;
    import.lots(&doc.lots, &known_lots).await?;
    let Import { work, touched, mut imported, .. } = import;
    imported.orders_attributed = touched.follow(work).await?;
    Ok(imported)
}

/// Once households were paid, a shop stays with its operator: from another one all of it would be due again.
async fn refuse_moved_shops(work: &mut Work, doc: &CountyDoc, known: &Known) -> anyhow::Result<()> {
    let named: Vec<&str> = doc.shops.iter().filter(|s| s.operator.is_some()).map(|s| s.key.as_str()).collect();
    for shop in keys::list_by_keys::<Shop>(work, &named).await? {
        let wanted = doc.shops.iter().find(|s| s.key == shop.shop_key).and_then(|s| s.operator.as_deref());
        let moves = wanted.is_some_and(|key| known.names.find(Noun::Operator, key) != Some(shop.operator_id));
        if shop.operator_id != 0 && moves && own::find_first_recorded(work).await?.is_some() {
            return Err(Problem::from(Paying::OperatorOwes { shop: shop.shop_key }).into());
        }
    }
    Ok(())
}

/// A document being written.
struct Import<'w> {
    work: &'w mut Work,
    names: Names,
    touched: Touched,
    imported: Imported,
}

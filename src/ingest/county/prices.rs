//! Writing baselines.

use super::Import;
use super::people::region_text;
use super::versions::news;
use crate::domain::county::BaselineDoc;
use crate::store::StoreError;
use crate::store::facts::Of;
use crate::store::keys::Noun;
use crate::store::prices::{self, BaselineRow};

impl Import<'_> {
    pub(super) async fn baselines(&mut self, docs: &[BaselineDoc]) -> Result<(), StoreError> {
        let mut wanted: Vec<BaselineRow> = docs
            .iter()
            .map(|doc| BaselineRow {
                baseline_id: 0,
                batch_id: 0,
                product_id: self.names.id(Noun::Product, &doc.product),
                region_code: region_text(&doc.region),
                valid_from: doc.from,
                valid_to: doc.to,
                low_fen_per_kg: doc.low_fen_per_kg,
                mid_fen_per_kg: doc.mid_fen_per_kg,
                high_fen_per_kg: doc.high_fen_per_kg,
                salvage_fen_per_kg: doc.salvage_fen_per_kg,
                source: doc.source.clone(),
                entered_by: doc.entered_by.clone(),
                approved_by: doc.approved_by.clone(),
            })
            .collect();
        wanted.sort_by_key(|b| b.valid_from);
        let (Some(first), Some(to)) = (wanted.first(), wanted.iter().map(|b| b.valid_to).max()) else { return Ok(()) };
        let known = prices::list_baselines(self.work, first.valid_from, to).await?;
        let (rows, taken) = news(self.work, known, wanted).await?;
        prices::insert_baselines(self.work, &rows).await?;
        for row in &rows {
            self.touched.span(Of::Product, row.product_id, row.valid_from, Some(row.valid_to));
        }
        self.count("baselines", taken);
        Ok(())
    }
}

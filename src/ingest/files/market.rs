//! Market price lists (品名, 最低价, 平均价, 最高价, 规格, 单位, 发布日期): wholesale references beside the farm-gate price. They
//! feed no figure.

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::calendar::{Day, day_of};
use crate::domain::lang::{Lang, in_both};
use crate::domain::money::{GRAMS_PER_JIN, GRAMS_PER_KG, parse_fen};
use crate::domain::problem::Problem;
use crate::store::Work;
use crate::store::evidence::{self, Import};
use crate::store::prices::{self, MarketPrice};
use std::ops::ControlFlow;

const COLUMNS: [&str; 7] = ["品名", "最低价", "平均价", "最高价", "规格", "单位", "发布日期"];

/// What a price list says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PriceFile {
    pub prices: Vec<MarketPrice>,
    /// Row and reason.
    pub rejected: Vec<(usize, String)>,
}

/// Reads a price list of a market.
pub fn read(received: &mut Received, market: &str) -> Result<PriceFile, Problem> {
    let path = received.path.clone();
    let mut out = PriceFile::default();
    received.each_table(&mut |table| {
        let mut places: Option<Vec<usize>> = None;
        let mut missing = Vec::new();
        table?.rows(&mut |number, cells| {
            let Some(places) = &places else {
                let headings: Vec<String> = cells.iter().map(|c| normalised(c)).collect();
                let found = |name: &&str| headings.iter().position(|h| h == name);
                missing = COLUMNS.iter().copied().filter(|name| found(name).is_none()).collect();
                places = Some(COLUMNS.iter().filter_map(found).collect());
                return if missing.is_empty() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            };
            let cells: Vec<&str> =
                places.iter().map(|&place| cells::clean(cells.get(place).copied().unwrap_or(""))).collect();
            match price(&cells, market) {
                Ok(price) => out.prices.push(price),
                Err(reason) => out.rejected.push((number, reason)),
            }
            ControlFlow::Continue(())
        })?;
        if missing.is_empty() {
            return Ok(());
        }
        Err(Problem::MissingColumns { path: path.clone(), profile: "prices".to_owned(), missing: missing.join("、") })
    })?;
    match (out.prices.is_empty(), out.rejected.first()) {
        (true, Some((row, reason))) => {
            let said = |lang: Lang| format!("{row}: {}", lang.of_both(reason));
            Err(Problem::AllRowsBad { path, first: in_both(&said(Lang::Zh), &said(Lang::En)) })
        }
        (true, None) => Err(Problem::NoRows { path }),
        (false, _) => Ok(out),
    }
}

fn price(cells: &[&str], market: &str) -> Result<MarketPrice, String> {
    let [name, low, mid, high, grade, unit, on] =
        <&[&str; 7]>::try_from(cells).map_err(|_| "列数不对 / wrong number of columns".to_owned())?;
    // yuan per unit to fen per kilogram, exactly: a kilogram is one 公斤 or two 斤
    let units_per_kg = match *unit {
        "斤" => GRAMS_PER_KG / GRAMS_PER_JIN,
        "公斤" | "千克" | "kg" => 1,
        other => return Err(in_both(&format!("不认识单位“{other}”"), &format!("unknown unit “{other}”"))),
    };
    let per_kg = |cell: &str| {
        parse_fen(cell)
            .filter(|&fen| fen >= 0)
            .map(|fen| fen * units_per_kg)
            .ok_or_else(|| in_both(&format!("“{cell}”不是价格"), &format!("“{cell}” is not a price")))
    };
    let on: Day = cells::instant(on)?.map(day_of).ok_or("没有日期 / no date")?;
    Ok(MarketPrice {
        market: market.to_owned(),
        name: (*name).to_owned(),
        grade: (*grade).to_owned(),
        on,
        low_fen_per_kg: per_kg(low)?,
        mid_fen_per_kg: per_kg(mid)?,
        high_fen_per_kg: per_kg(high)?,
    })
}

/// Takes a price list in and writes its line in the import log.
pub async fn take(work: &mut Work, received: &mut Received, read: &PriceFile) -> anyhow::Result<Import> {
    let new = prices::insert_market(work, &read.prices).await?;
    let rows_new = i64::try_from(new)?;
    let import = Import {
        kind: "prices".to_owned(),
        file_name: received.name().to_owned(),
        file_sha256: hex::encode(received.sha256()?),
        rows_read: i64::try_from(read.prices.len() + read.rejected.len())?,
        rows_new,
        rows_changed: 0,
        rows_unchanged: i64::try_from(read.prices.len())? - rows_new,
        rows_rejected: i64::try_from(read.rejected.len())?,
    };
    evidence::insert_import(work, &import).await?;
    Ok(import)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn yuan_per_jin_becomes_fen_per_kilogram() {
        let bytes = "品名,最低价,平均价,最高价,规格,单位,发布日期\n桔,5.0,5.55,6.0,普通,斤,2013-10-11\n桔,1,2,3,普通,箱,2013-10-11\n";
        let read = read(&mut Received::new("p.csv", std::io::Cursor::new(bytes)), "m").unwrap();
        assert_eq!((read.prices[0].low_fen_per_kg, read.prices[0].mid_fen_per_kg), (1_000, 1_110));
        assert_eq!((read.rejected.len(), read.rejected[0].0), (1, 3));
    }
}

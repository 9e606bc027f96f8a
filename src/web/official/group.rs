//! Figures by town, village, goods, room, anchor, stream, month or household: one table for all of them.

use super::range::Range;
use crate::store::figures;
use crate::web::context::Ctx;
use crate::web::ui::number;
use crate::web::ui::table::{Align, Cell, Table};

/// What the figures are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Town,
    Village,
    Product,
    Room,
    Anchor,
    Stream,
    Month,
    Farmer,
}

impl Grouping {
    /// The groupings with a page of their own.
    pub const PAGES: [Self; 6] = [Self::Town, Self::Product, Self::Room, Self::Anchor, Self::Stream, Self::Month];

    /// As it stands in addresses; the word of the `figures` command.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Village => "village",
            Self::Product => "product",
            Self::Room => "room",
            Self::Anchor => "anchor",
            Self::Stream => "stream",
            Self::Month => "month",
            Self::Farmer => "farmer",
        }
    }

    /// Reads [`Self::key`] of a grouping that has a page.
    pub fn parse(key: &str) -> Option<Self> {
        Self::PAGES.into_iter().find(|g| g.key() == key)
    }

    /// In the store's terms.
    pub const fn stored(self) -> figures::Grouping {
        match self {
            Self::Town => figures::Grouping::Town,
            Self::Village => figures::Grouping::Village,
            Self::Product => figures::Grouping::Product,
            Self::Room => figures::Grouping::Room,
            Self::Anchor => figures::Grouping::Anchor,
            Self::Stream => figures::Grouping::Stream,
            Self::Month => figures::Grouping::Month,
            Self::Farmer => figures::Grouping::Farmer,
        }
    }

    /// Title of its table.
    pub const fn title(self, ctx: &Ctx) -> &'static str {
        let o = &ctx.words.official;
        match self {
            Self::Town => o.by_town,
            Self::Village => o.by_village,
            Self::Product => o.by_product,
            Self::Room => o.by_room,
            Self::Anchor => o.by_anchor,
            Self::Stream => o.by_stream,
            Self::Month => o.by_month,
            Self::Farmer => o.by_farmer,
        }
    }

    /// What its table calls a group.
    pub const fn column(self, ctx: &Ctx) -> &'static str {
        let o = &ctx.words.official;
        match self {
            Self::Town => o.col_town,
            Self::Village => o.col_village,
            Self::Product => o.col_product,
            Self::Room => o.col_room,
            Self::Anchor => o.col_anchor,
            Self::Stream => o.col_stream,
            Self::Month => o.col_month,
            Self::Farmer => o.col_farmer,
        }
    }

    /// Where a group's name leads.
    fn href(self, key: &str, range: Range) -> String {
        match self {
            Self::Town | Self::Village => range.link(&format!("/official/regions/{key}")),
            Self::Farmer => range.link(&format!("/official/farmers/{key}")),
            Self::Month => format!("/official?from={key}-01&to={}", last_day(key)),
            Self::Product | Self::Room | Self::Anchor | Self::Stream => {
                range.link(&format!("/official/lines?by={}&key={key}", self.key()))
            }
        }
    }
}

/// One group's figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// `None` is what belongs to no group.
    pub key: Option<String>,
    pub label: String,
    pub gmv_fen: i64,
    pub income_fen: i64,
    pub uplift_fen: i64,
    pub households: i64,
    pub coverage_bp: i64,
}

impl Group {
    /// True where nothing was sold or settled.
    pub const fn is_empty(&self) -> bool {
        self.gmv_fen == 0 && self.income_fen == 0 && self.uplift_fen == 0 && self.households == 0
    }
}

impl Grouping {
    /// Whether a table says how many households a group has. Towns and villages are made of them; elsewhere they are
    /// counted where the page is about nothing else, since each group's have to be looked at one by one.
    pub const fn counts_households(self, detail: Detail) -> bool {
        match self {
            Self::Town | Self::Village => true,
            Self::Product | Self::Room | Self::Anchor | Self::Month => matches!(detail, Detail::Full),
            Self::Stream | Self::Farmer => false,
        }
    }
}

/// How much a table says of each group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What half a page has room for.
    Brief,
    Full,
}

/// The table of a grouping, in the order given.
pub fn table(grouping: Grouping, groups: &[Group], detail: Detail, range: Range, ctx: &Ctx) -> Table {
    let (o, c) = (&ctx.words.official, &ctx.words.frame);
    let counted = grouping.counts_households(detail);
    let (uplift, income, gmv, amount): (_, _, _, fn(i64) -> String) = if in_yuan(grouping, groups) {
        (o.col_uplift_fen, o.col_income_yuan, o.col_gmv_yuan, number::whole_yuan)
    } else {
        (o.col_uplift_wan, o.col_income_wan, o.col_gmv_wan, number::wan)
    };
    let mut columns = vec![(grouping.column(ctx), Align::Text)];
    if counted {
        columns.push((o.col_households, Align::Number));
    }
    columns.push((uplift, Align::Number));
    if counted {
        columns.push((o.col_mean, Align::Number));
    } else if detail == Detail::Brief {
        columns.push((income, Align::Number));
    }
    if detail == Detail::Full {
        columns.extend([(income, Align::Number), (gmv, Align::Number), (o.col_coverage, Align::Number)]);
    }
    let mut table = Table::new(grouping.title(ctx), o.no_sales, &columns);
    for group in groups {
        let mut row = vec![match &group.key {
            Some(key) => Cell::Link(group.label.clone(), grouping.href(key, range)),
            None => Cell::Text(c.nobody.into()),
        }];
        if counted {
            row.push(number::grouped(group.households).into());
        }
        row.push(amount(group.uplift_fen).into());
        if counted {
            let mean = number::mean_fen(group.uplift_fen, group.households);
            row.push(mean.map_or_else(|| c.none.to_owned(), number::whole_yuan).into());
        } else if detail == Detail::Brief {
            row.push(amount(group.income_fen).into());
        }
        if detail == Detail::Full {
            row.extend([
                amount(group.income_fen).into(),
                amount(group.gmv_fen).into(),
                number::percent_floor(group.coverage_bp).into(),
            ]);
        }
        table.rows.push(row);
    }
    table
}

/// Households and streams are counted in yuan, and so is a table in which nothing reaches 万元: a column of 0.1 says
/// nothing.
fn in_yuan(grouping: Grouping, groups: &[Group]) -> bool {
    matches!(grouping, Grouping::Farmer | Grouping::Stream)
        || groups.iter().all(|group| group.uplift_fen.abs() < number::WAN_FEN)
}

/// Last day of a month written `YYYY-MM`; the month itself if it is none, which the next page refuses.
fn last_day(month: &str) -> String {
    use crate::domain::calendar::{next_month, parse_month};
    parse_month(month)
        .and_then(|first| next_month(first).pred_opt())
        .map_or_else(|| month.to_owned(), |day| day.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;

    #[test]
    fn a_months_link_is_its_days() {
        let href = Grouping::Month.href("2024-02", Range::default());
        assert_eq!(href, "/official?from=2024-02-01&to=2024-02-29");
    }

    #[test]
    fn villages_that_reach_no_wan_are_counted_in_yuan_and_towns_that_do_in_wan() {
        let of = |uplift_fen| Group { uplift_fen, ..Group::default() };
        assert!(in_yuan(Grouping::Village, &[of(308_900), of(-999_999)]));
        assert!(!in_yuan(Grouping::Town, &[of(308_900), of(1_000_000)]));
        assert!(in_yuan(Grouping::Farmer, &[of(1_000_000)]));
    }

    #[test]
    fn every_page_of_a_grouping_can_be_asked_by_its_key() {
        for grouping in Grouping::PAGES {
            assert_eq!(Grouping::parse(grouping.key()), Some(grouping));
        }
        assert_eq!(Grouping::parse("farmer"), None);
    }
}

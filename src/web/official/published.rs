//! What leaves the officials' pages: figures of the county's stored month reports, and sums of them.
//!
//! Rule that must hold: every amount in a file or picture that is taken away is one that a standing report states, or a sum
//! of such. What a report holds back is held back here, so whatever files, pictures and reports somebody lays side by side,
//! they say together what the reports say, and what those may say together is decided once (`domain::month_report`). Days
//! choose whole months. A month whose report does not stand has no amount, and is named with the reason ([`Absent`]).
//!
//! A reader of a town has the town's part of the county's reports. Villages, streams, and a town's goods are in none of
//! them, and so in no file.
//!
//! Not here: the pages, which show everything up to now to the one who is signed in.

use super::group::Grouping;
use super::load::{self, Counted};
use super::range::Range;
use crate::charts::cumulative::{Cumulative, Point};
use crate::charts::flow::Flow;
use crate::charts::months::{Month, Months};
use crate::charts::tiles::Shown;
use crate::domain::access::Scope;
use crate::domain::calendar::{Day, Instant, parse_month};
use crate::domain::month_report::{Group, Report};
use crate::domain::regions::RegionCode;
use crate::reports::month::{flow_of, instant};
use crate::services::month_reports::standing;
use crate::store::{Store, figures, ledger, openings};
use crate::web::context::Ctx;

/// Which part of the county's reports a reader has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    County,
    Town(RegionCode),
}

impl Part {
    /// `None` for a region of which the reports say nothing.
    pub fn of(region: RegionCode) -> Option<Self> {
        match region.digits() {
            6 => Some(Self::County),
            9 => Some(Self::Town(region)),
            _ => None,
        }
    }

    /// Whether the reports say anything by this grouping.
    pub const fn has(self, grouping: Grouping) -> bool {
        match grouping {
            Grouping::Town | Grouping::Month => true,
            Grouping::Product | Grouping::Room | Grouping::Anchor => matches!(self, Self::County),
            Grouping::Stream | Grouping::Village | Grouping::Farmer => false,
        }
    }

    /// What its pictures draw of a report: of the county the headline, of a town all that was sold there. `None` where
    /// nothing of it was booked.
    fn drawn(self, report: &Report) -> Option<&Group> {
        match self {
            Self::County => Some(&report.figures.headline),
            Self::Town(town) => town_in(report, town),
        }
    }
}

fn town_in(report: &Report, town: RegionCode) -> Option<&Group> {
    let code = town.to_string();
    report.figures.by.get(Grouping::Town.key())?.iter().find(|group| group.key.as_deref() == Some(&code))
}

/// Why a month in which something was booked has no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    NotLocked,
    /// It was opened again and is not locked yet.
    Opened,
    /// Locked by an older program, which stored none.
    NoReport,
}

impl Absent {
    /// In words.
    pub const fn reason(self, ctx: &Ctx) -> &'static str {
        let o = &ctx.words.official;
        match self {
            Self::NotLocked => o.absent_open,
            Self::Opened => o.absent_opened,
            Self::NoReport => o.absent_report,
        }
    }
}

/// A standing report.
#[derive(Debug, Clone)]
pub struct Standing {
    pub month: Day,
    pub sha256: String,
    pub report: Report,
}

/// The reports of the months a range touches.
#[derive(Debug, Clone)]
pub struct Published {
    pub part: Part,
    /// Ascending by month.
    pub standing: Vec<Standing>,
    /// The other months in which anything of the reader's was booked, ascending.
    pub absent: Vec<(Day, Absent)>,
}

/// Reads them for a reader.
pub async fn load(store: &Store, (scope, part): (Scope, Part), range: Range) -> anyhow::Result<Published> {
    // a town's official is no reader of the county's reports; of these only the town's own part is handed on
    let session = &mut store.read(Scope::County(scope.county())).await?;
    let everything = Counted::Everything;
    let booked = load::question(figures::Grouping::Month, range.whole_months(), scope.region(), everything);
    let booked = figures::sums(session, &booked.without_households().without_counts()).await?;
    let booked: Vec<Day> = booked.iter().filter_map(|sums| parse_month(&sums.key)).collect();
    let locked = ledger::list_locked_months(session).await?;
    let opened = openings::list_opened_months(session).await?;
    let stored = standing(session, &range.touched(&locked)).await?;
    let read = |stored: crate::store::month_reports::Stored| {
        let report = Report::parse(&stored.document)?;
        Some(Standing { month: stored.head.month, sha256: stored.head.sha256, report })
    };
    let standing: Vec<Standing> = stored.into_iter().filter_map(read).collect();
    let why = |month: Day| match (locked.contains(&month), opened.contains(&month)) {
        (true, _) => Absent::NoReport,
        (false, true) => Absent::Opened,
        (false, false) => Absent::NotLocked,
    };
    let stands = |month: &Day| standing.iter().any(|of| of.month == *month);
    let mut absent: Vec<(Day, Absent)> =
        booked.into_iter().filter(|month| !stands(month)).map(|month| (month, why(month))).collect();
    absent.sort_unstable_by_key(|(month, _)| *month);
    Ok(Published { part, standing, absent })
}

/// A group in a month, or the whole of the reader's part.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub month: Day,
    /// `None`: what belongs to no group, or the whole.
    pub key: Option<&'a str>,
    /// The group's name as it was then.
    pub name: &'a str,
    pub whole: bool,
    pub group: &'a Group,
}

impl Row<'_> {
    /// Where it stands among others of its month: by number, what belongs to no group after them, the whole last.
    pub fn place(&self) -> (bool, bool, usize, &str) {
        let key = self.key.unwrap_or_default();
        (self.whole, self.key.is_none(), key.len(), key)
    }
}

/// An amount over the months that state it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawn<T> {
    pub data: T,
    /// Months that are not in it: their report does not stand, or holds it back.
    pub without: usize,
}

impl Published {
    /// Months whose headline is an earlier report's.
    pub fn repeated(&self) -> usize {
        self.standing.iter().filter(|of| of.report.figures.headline_of.is_some()).count()
    }

    /// Up to when the last of them was known.
    pub fn as_of(&self) -> Option<Instant> {
        self.standing.last().and_then(|of| instant(of.report.as_of.as_deref()?))
    }

    /// When the last of them was made.
    pub fn made_at(&self) -> Option<Instant> {
        self.standing.last().and_then(|of| instant(&of.report.made_at))
    }

    /// What a table says by a grouping: month by month, the whole last; a town's reader has the town alone.
    pub fn rows<'a>(&'a self, grouping: Grouping) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        for Standing { month, report, .. } in &self.standing {
            let row = |group: &'a Group, key: Option<&'a str>, whole| {
                let name = key.map_or("", |key| report.name(grouping.key(), key));
                Row { month: *month, key, name, whole, group }
            };
            let of_month = match (self.part, grouping) {
                (Part::County, _) => {
                    let groups = report.figures.by.get(grouping.key()).into_iter().flatten();
                    let mut rows: Vec<Row<'_>> = groups.map(|group| row(group, group.key.as_deref(), false)).collect();
                    rows.push(row(&report.figures.total, None, true));
                    rows
                }
                (Part::Town(town), Grouping::Town) => {
                    town_in(report, town).into_iter().map(|group| row(group, group.key.as_deref(), false)).collect()
                }
                (Part::Town(town), Grouping::Month) => {
                    town_in(report, town).into_iter().map(|group| row(group, None, true)).collect()
                }
                (Part::Town(_), _) => Vec::new(),
            };
            let before = rows.len();
            rows.extend(of_month);
            rows[before..].sort_by(|a: &Row<'_>, b: &Row<'_>| a.place().cmp(&b.place()));
        }
        rows
    }

    /// A figure of what pictures draw; zero in a month in which nothing of the part was booked.
    fn figure(&self, report: &Report, key: &str) -> Option<i64> {
        self.part.drawn(report).map_or(Some(0), |group| group.get(key))
    }

    /// What can be made of each month's report, and how many months there are of which it cannot.
    fn each<T>(&self, of: impl Fn(&Standing) -> Option<T>) -> Drawn<Vec<T>> {
        let data: Vec<T> = self.standing.iter().filter_map(of).collect();
        let without = self.standing.len() - data.len() + self.absent.len();
        Drawn { data, without }
    }

    /// The uplift month by month, added up over the months that state it.
    pub fn cumulative(&self) -> Drawn<Cumulative> {
        let Drawn { data, without } = self.each(|of| {
            let figure = |key| self.figure(&of.report, key);
            let (low_fen, uplift_fen) = (figure("uplift_low_fen")?, figure("uplift_fen")?);
            Some(Point { month: of.month, low_fen, uplift_fen, high_fen: figure("uplift_high_fen")? })
        });
        let added = |sum: &mut Point, point: Point| {
            *sum = Point {
                month: point.month,
                low_fen: sum.low_fen + point.low_fen,
                uplift_fen: sum.uplift_fen + point.uplift_fen,
                high_fen: sum.high_fen + point.high_fen,
            };
            Some(*sum)
        };
        let nothing = Point { month: Day::default(), low_fen: 0, uplift_fen: 0, high_fen: 0 };
        Drawn { data: Cumulative { points: data.into_iter().scan(nothing, added).collect() }, without }
    }

    /// The months that state all four figures.
    pub fn months(&self) -> Drawn<Months> {
        let Drawn { data, without } = self.each(|of| {
            let figure = |key| self.figure(&of.report, key);
            Some(Month {
                month: of.month,
                gmv_fen: figure("gmv_fen")?,
                net_fen: figure("net_fen")?,
                income_fen: figure("farmer_income_fen")?,
                uplift_fen: figure("uplift_fen")?,
            })
        });
        Drawn { data: Months { months: data }, without }
    }

    /// Where each yuan of the months that state all of it went; `None` where none does. Where one month holds back what has
    /// no price, all of them join it with the baseline value.
    pub fn flow(&self) -> Drawn<Option<Flow>> {
        let Drawn { data, without } =
            self.each(|of| self.part.drawn(&of.report).map_or_else(|| Some(Flow::default()), flow_of));
        let joined = data.iter().any(|flow| flow.baseline_joined);
        let data = data.into_iter().map(|flow| if joined { flow.joined() } else { flow }).reduce(std::ops::Add::add);
        Drawn { data, without }
    }

    /// A town's uplift over the months that state it.
    pub fn of_town(&self, town: RegionCode) -> Shown {
        let groups: Vec<Option<i64>> = self
            .standing
            .iter()
            .filter_map(|of| town_in(&of.report, town))
            .map(|group| group.get("uplift_fen"))
            .collect();
        match (groups.is_empty(), groups.iter().any(Option::is_some)) {
            (true, _) => Shown::Nobody,
            (false, false) => Shown::Held,
            (false, true) => Shown::Fen(groups.into_iter().flatten().sum()),
        }
    }
}

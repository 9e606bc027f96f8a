//! 技能比武: a dated set of indicators, the ranking computed from figures and training, and published once.

use super::desk::Desk;
use super::typed::{LONGEST_NAME, text};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant};
use crate::domain::contests::{Indicator, Ranked, rank};
use crate::domain::figures::{Counts, FigureRow, uplift_so_far_fen};
use crate::domain::money::{BP, at_fraction};
use crate::domain::problem::{Problem, Teaching};
use crate::store::contests::{self as stored, Contest, Placed};
use crate::store::{Session, StoreError, broadcasts, ladder, people, take_ids, training};

/// Days of the longest contest: what it reads is bounded by them.
const LONGEST_DAYS: i64 = 366;

/// A contest as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContest {
    pub title: String,
    pub from_on: Day,
    pub to_on: Day,
    pub indicators: Vec<Indicator>,
    pub entrants: Vec<i64>,
}

/// Enters a contest; returns its number.
pub async fn create(desk: &Desk<'_>, new: &NewContest) -> anyhow::Result<i64> {
    let title = text(&new.title, LONGEST_NAME)?;
    let days = (new.to_on - new.from_on).num_days();
    if !(0..LONGEST_DAYS).contains(&days) {
        return Err(Problem::from(Teaching::Backwards).into());
    }
    if new.indicators.is_empty() {
        return Err(Problem::from(Teaching::NoIndicator).into());
    }
    let mut work = desk.work("enter contest").await?;
    let known = people::list_anchors(&mut work).await?;
    let here = |id: &i64| known.iter().any(|a| a.anchor_id == *id);
    let entrants: Vec<i64> = new.entrants.iter().copied().filter(here).collect();
    if entrants.is_empty() {
        return Err(Problem::from(Teaching::NobodyChosen).into());
    }
    let contest_id = take_ids(&mut work, "contest", 1).await?;
    let contest = Contest {
        contest_id,
        title: title.clone(),
        from_on: new.from_on,
        to_on: new.to_on,
        indicators: new.indicators.iter().map(|i| i.key()).collect::<Vec<_>>().join(" "),
        entered_by: desk.actor.name.clone(),
        published_on: None,
    };
    stored::insert(&mut work, &contest, &entrants).await?;
    let change = Change::new(Verb::Add, Noun::Contest, contest_id.to_string())
        .after(Field::Title, title)
        .after(Field::Kind, contest.indicators)
        .after(Field::From, new.from_on)
        .after(Field::To, new.to_on)
        .count(Field::RowsNew, i64::try_from(entrants.len())?);
    work.commit(&change).await?;
    Ok(contest_id)
}

/// A contest's indicators, in its order.
pub fn indicators(contest: &Contest) -> Vec<Indicator> {
    contest.indicators.split_whitespace().filter_map(Indicator::parse).collect()
}

/// How an entrant stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub anchor_id: i64,
    pub name: String,
    /// One an indicator; `None` where there is nothing to count.
    pub values: Vec<Option<i64>>,
    pub ranked: Ranked,
}

/// The ranking as it stands now, of the streams that are over, the best first.
pub async fn standings(session: &mut Session, contest: &Contest, now: Instant) -> Result<Vec<Standing>, StoreError> {
    let entrants = stored::list_entrants(session, contest.contest_id).await?;
    let names = people::list_anchors(session).await?;
    let (from, to) = (contest.from_on, contest.to_on);
    let spans: Vec<(i64, Day, Day)> = entrants.iter().map(|&id| (id, from, to)).collect();
    let held = ladder::list_held(session, &spans, now).await?;
    let ids: Vec<i64> = held.iter().map(|h| h.stream_id).collect();
    let sold = broadcasts::sum_sold(session, &ids).await?;
    let scores = training::sum_scores(session, from, to).await?;
    let records = people::list_training(session).await?;
    let wanted = indicators(contest);
    let values: Vec<Vec<Option<i64>>> = entrants
        .iter()
        .map(|&id| {
            let own: Vec<_> = held.iter().filter(|h| h.anchor_id == id).collect();
            let minutes: i64 = own.iter().map(|h| (h.ends_at - h.starts_at).num_minutes()).sum();
            let own_sold = sold.iter().filter(|s| own.iter().any(|h| h.stream_id == s.stream_id));
            let sums: Amounts = own_sold.map(|s| s.position).sum();
            let figures = FigureRow::from_sums(&sums, Counts::ZERO, 0);
            let attended = records.iter().filter(|t| t.anchor_id == id && (from..=to).contains(&t.attended_on));
            let class_hours = attended.map(|t| t.class_hours).sum();
            let score = scores.iter().find(|(anchor_id, ..)| *anchor_id == id);
            wanted
                .iter()
                .map(|indicator| match indicator {
                    Indicator::Net => Some(figures.net_fen),
                    Indicator::NetAnHour => (minutes > 0).then(|| at_fraction(figures.net_fen, 60, minutes)),
                    // with what is not settled yet, which a contest does not wait for
                    Indicator::Uplift => Some(uplift_so_far_fen(&sums, Col::BaselineMid)),
                    Indicator::RefundRate => {
                        (figures.gmv_fen > 0).then(|| at_fraction(figures.refund_fen, BP, figures.gmv_fen))
                    }
                    Indicator::Streams => i64::try_from(own.len()).ok(),
                    Indicator::ClassHours => Some(class_hours),
                    Indicator::Score => score.map(|(_, sum, count)| sum * 100 / count),
                })
                .collect()
        })
        .collect();
    let ranked = rank(&wanted, &values);
    let name = |id: i64| names.iter().find(|a| a.anchor_id == id).map(|a| a.name.clone()).unwrap_or_default();
    let mut rows: Vec<Standing> = entrants
        .into_iter()
        .zip(values)
        .zip(ranked)
        .map(|((anchor_id, values), ranked)| Standing { anchor_id, name: name(anchor_id), values, ranked })
        .collect();
    rows.sort_by_key(|s| (s.ranked.place, s.anchor_id));
    Ok(rows)
}

/// Publishes the results to branch and anchors once the days are over. False where there is no such contest.
pub async fn publish(desk: &Desk<'_>, contest_id: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("publish contest").await?;
    let contests = stored::list(&mut work).await?;
    let Some(contest) = contests.into_iter().find(|c| c.contest_id == contest_id) else { return Ok(false) };
    if contest.published_on.is_some() {
        return Ok(true);
    }
    let today = desk.clock.today();
    if contest.to_on >= today {
        return Err(Problem::from(Teaching::ContestRuns { until: contest.to_on }).into());
    }
    let rows = standings(&mut work, &contest, desk.clock.now()).await?;
    let placed: Vec<Placed> = rows
        .iter()
        .map(|row| Placed {
            anchor_id: row.anchor_id,
            name: row.name.clone(),
            place: i64::try_from(row.ranked.place).unwrap_or(i64::MAX),
            places: row.ranked.places.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
        })
        .collect();
    stored::publish(&mut work, contest_id, today, &placed).await?;
    let change = Change::new(Verb::Confirm, Noun::Contest, contest_id.to_string())
        .count(Field::RowsNew, i64::try_from(placed.len())?);
    work.commit(&change).await?;
    Ok(true)
}

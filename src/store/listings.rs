//! Listings on their way to the shelf: what somebody drafted and waits for another person, and the steps a listing took.

use super::outcome::Outcome;
use super::rows::known;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::county::TermsDoc;
use crate::domain::listings::Draft;
use crate::domain::shelf::State;
use sqlx::{AssertSqlSafe, FromRow};

/// A listing, or new terms of one, that somebody drafted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub entry_id: i64,
    /// 0 for a listing that is not there yet.
    pub listing_id: i64,
    pub listing_key: String,
    pub product_id: i64,
    pub name: String,
    pub price_fen: i64,
    pub valid_from: Day,
    pub model: String,
    pub platform_bp: i64,
    pub anchor_bp: i64,
    pub operator_bp: i64,
    pub village_bp: i64,
    pub share_bp: i64,
    pub purchase_fen_per_kg: i64,
    pub freight_fen: i64,
    pub packaging_fen: i64,
    pub pack_g: i64,
    pub shrink_bp: i64,
    pub conversion_bp: i64,
    pub extra_cost_fen_per_kg: i64,
    pub loss_borne_by: String,
    pub volume: String,
    pub account_id: i64,
    pub entered_by: String,
    pub role: String,
    pub came_from: String,
    pub entered_at: Instant,
    pub outcome: String,
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub reason: String,
}

impl Entry {
    /// The terms as a county document has them.
    pub fn terms(&self) -> TermsDoc {
        TermsDoc {
            from: self.valid_from,
            to: None,
            model: self.model.clone(),
            platform_bp: self.platform_bp,
            anchor_bp: self.anchor_bp,
            operator_bp: self.operator_bp,
            village_bp: self.village_bp,
            share_bp: self.share_bp,
            purchase_fen_per_kg: self.purchase_fen_per_kg,
            freight_fen: self.freight_fen,
            packaging_fen: self.packaging_fen,
            pack_g: self.pack_g,
            shrink_bp: self.shrink_bp,
            conversion_bp: self.conversion_bp,
            extra_cost_fen_per_kg: self.extra_cost_fen_per_kg,
            loss_borne_by: self.loss_borne_by.clone(),
            volume: self.volume.clone(),
        }
    }

    pub fn is_waiting(&self) -> bool {
        self.outcome == "waiting"
    }
}

const COLUMNS: &str = "entry_id, listing_id, listing_key, product_id, name, price_fen, valid_from, model, platform_bp,
    anchor_bp, operator_bp, village_bp, share_bp, purchase_fen_per_kg, freight_fen, packaging_fen, pack_g, shrink_bp,
    conversion_bp, extra_cost_fen_per_kg, loss_borne_by, volume, account_id, entered_by, role, came_from, entered_at,
    outcome, decided_by, decided_at, reason";

/// Enters a draft in the name of the unit of work's actor; it feeds no figure. `of` names the listing (0: a new one) and
/// its product.
pub async fn insert(work: &mut Work, entry_id: i64, of: (i64, i64), draft: &Draft) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    let t = &draft.terms;
    on!(work, conn => sqlx::query(
        "insert into listing_entry (county_code, entry_id, listing_id, listing_key, product_id, name, price_fen, valid_from,
            model, platform_bp, anchor_bp, operator_bp, village_bp, share_bp, purchase_fen_per_kg, freight_fen,
            packaging_fen, pack_g, shrink_bp, conversion_bp, extra_cost_fen_per_kg, loss_borne_by, volume, account_id,
            entered_by, role, came_from, entered_at, outcome, decided_by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28, 'waiting', '', '')"
    ).bind(county).bind(entry_id).bind(of.0).bind(draft.key.as_str()).bind(of.1).bind(draft.name.as_str())
        .bind(draft.price_fen).bind(t.from).bind(t.model.as_str()).bind(t.platform_bp).bind(t.anchor_bp)
        .bind(t.operator_bp).bind(t.village_bp).bind(t.share_bp).bind(t.purchase_fen_per_kg).bind(t.freight_fen)
        .bind(t.packaging_fen).bind(t.pack_g).bind(t.shrink_bp).bind(t.conversion_bp).bind(t.extra_cost_fen_per_kg)
        .bind(t.loss_borne_by.as_str()).bind(t.volume.as_str()).bind(by.account_id).bind(by.name.as_str())
        .bind(by.role.key()).bind(by.from.as_str()).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Those that wait, in the order they were entered.
pub async fn list_waiting(session: &mut Session) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Entry> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select {COLUMNS} from listing_entry where county_code = $1 and outcome = 'waiting'"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|e| e.entry_id);
    Ok(rows)
}

/// The last drafts of a listing, the newest first.
pub async fn list_of(session: &mut Session, listing_id: i64, most: i64) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select {COLUMNS} from listing_entry where county_code = $1 and listing_id = $2 order by entry_id desc limit $3"
    ))).bind(county).bind(listing_id).bind(most).fetch_all(conn).await)?)
}

/// The draft of a number.
pub async fn find(session: &mut Session, entry_id: i64) -> Result<Option<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select {COLUMNS} from listing_entry where county_code = $1 and entry_id = $2"
    ))).bind(county).bind(entry_id).fetch_optional(conn).await)?)
}

/// Decides on one that waits; an approved one says which listing it became.
pub async fn decide(
    work: &mut Work,
    entry_id: i64,
    listing_id: i64,
    outcome: Outcome,
    reason: &str,
) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update listing_entry set outcome = $3, decided_by = $4, decided_at = $5, reason = $6, listing_id = $7
         where county_code = $1 and entry_id = $2 and outcome = 'waiting'"
    ).bind(county).bind(entry_id).bind(outcome.key()).bind(by).bind(at).bind(reason).bind(listing_id)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A step a listing took.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Step {
    pub listing_id: i64,
    pub step_no: i64,
    pub step: String,
    pub at: Instant,
    pub taken_by: String,
    pub reason: String,
}

impl Step {
    pub fn state(&self) -> Result<State, StoreError> {
        known(&self.step, State::parse)
    }
}

/// The steps of a listing, the first first.
pub async fn list_steps(session: &mut Session, listing_id: i64) -> Result<Vec<Step>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Step> = on!(session, conn => sqlx::query_as(
        "select listing_id, step_no, step, at, taken_by, reason from listing_step
         where county_code = $1 and listing_id = $2"
    ).bind(county).bind(listing_id).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|s| s.step_no);
    Ok(rows)
}

/// The last step of every listing that took any, by listing.
pub async fn list_last_steps(session: &mut Session) -> Result<Vec<Step>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Step> = on!(session, conn => sqlx::query_as(
        "select s.listing_id, s.step_no, s.step, s.at, s.taken_by, s.reason from listing_step s
         where s.county_code = $1 and s.step_no = (select max(n.step_no) from listing_step n
            where n.county_code = s.county_code and n.listing_id = s.listing_id)"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|s| s.listing_id);
    Ok(rows)
}

/// Takes a listing's next step in the name of the unit of work's actor.
pub async fn take_step(work: &mut Work, listing_id: i64, step: State, reason: &str) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into listing_step (county_code, listing_id, step_no, step, at, taken_by, reason)
         select $1, $2, coalesce(max(s.step_no), 0) + 1, $3, $4, $5, $6 from listing_step s
         where s.county_code = $1 and s.listing_id = $2"
    ).bind(county).bind(listing_id).bind(step.key()).bind(at).bind(by).bind(reason).execute(conn).await.map(|_| ()))?;
    Ok(())
}

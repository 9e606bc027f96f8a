//! What households offer for sale, and what became of it.
//!
//! Not here: how it is typed (`domain::proposals`), who may decide (`services::proposals`).

use super::doubles::records;
use super::{Session, StoreError, Work, scope};
use crate::domain::calendar::{Day, Instant};
use crate::domain::proposals::Proposed;
use sqlx::{AssertSqlSafe, FromRow};

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Proposal {
    pub proposal_id: i64,
    pub farmer_id: i64,
    /// The household's name and village.
    pub household: String,
    pub village_code: String,
    /// 0: goods that nobody has entered yet.
    pub product_id: i64,
    /// In the household's words, and as the goods are entered; one of them may be empty.
    pub goods: String,
    pub product: String,
    pub product_en: String,
    pub pack_g: i64,
    pub amount_g: i64,
    pub ready_from: Day,
    pub ready_to: Day,
    pub price_fen: i64,
    pub said: String,
    pub proposed_at: Instant,
    pub state: String,
    pub entry_id: i64,
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub reason: String,
    /// What became of its draft; '' before there is one.
    pub outcome: String,
    /// The listing it became; 0 before.
    pub listing_id: i64,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// For the branch to see to: nobody has, or the draft made of it was not approved.
    Waiting,
    /// A draft was made of it, which waits for another person.
    Drafted,
    /// Its draft was approved: there is a listing.
    Listed,
    /// Sent back with a reason.
    Returned,
}

impl Proposal {
    pub fn standing(&self) -> Standing {
        match (self.state.as_str(), self.outcome.as_str()) {
            ("returned", _) => Standing::Returned,
            ("taken", "waiting") => Standing::Drafted,
            ("taken", "approved") => Standing::Listed,
            _ => Standing::Waiting,
        }
    }
}

/// Proposals `p` of households in scope.
fn select(session: &Session) -> String {
    format!(
        "select p.proposal_id, p.farmer_id, w.name as household, w.village_code, p.product_id, p.goods,
            coalesce(g.name, '') as product, coalesce(g.name_en, '') as product_en, p.pack_g, p.amount_g, p.ready_from,
            p.ready_to, p.price_fen, p.said, p.proposed_at, p.state, p.entry_id, p.decided_by, p.decided_at, p.reason,
            coalesce(e.outcome, '') as outcome,
            case when e.outcome = 'approved' then e.listing_id else 0 end as listing_id
         from listing_proposal p
         join farmer w on w.county_code = p.county_code and w.farmer_id = p.farmer_id
         left join product g on g.county_code = p.county_code and g.product_id = p.product_id
         left join listing_entry e on e.county_code = p.county_code and e.entry_id = p.entry_id and p.entry_id <> 0
         where p.county_code = $1{}",
        scope::households(session.scope(), "w")
    )
}

/// Writes a proposal of a household down.
pub async fn insert(work: &mut Work, proposal_id: i64, farmer_id: i64, new: &Proposed) -> Result<(), StoreError> {
    let (county, at) = (work.county_text(), work.at);
    on!(work, conn => sqlx::query(
        "insert into listing_proposal (county_code, proposal_id, farmer_id, product_id, goods, pack_g, amount_g, ready_from,
            ready_to, price_fen, said, proposed_at, state, entry_id, decided_by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', 0, '', '')"
    ).bind(county).bind(proposal_id).bind(farmer_id).bind(new.product_id).bind(new.goods.as_str()).bind(new.pack_g)
        .bind(new.amount_g).bind(new.ready_from).bind(new.ready_to).bind(new.price_fen).bind(new.said.as_str()).bind(at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A proposal in scope.
pub async fn find(session: &mut Session, proposal_id: i64) -> Result<Option<Proposal>, StoreError> {
    let (county, sql) = (session.county_text(), select(session));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{sql} and p.proposal_id = $2")))
        .bind(county).bind(proposal_id).fetch_optional(conn).await)?)
}

/// A household's proposals, of all its records, the newest first.
pub async fn list_of_farmer(session: &mut Session, farmer_id: i64, most: i64) -> Result<Vec<Proposal>, StoreError> {
    let (county, sql) = (session.county_text(), select(session));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and p.farmer_id in {} order by p.proposal_id desc limit $3", records("$2")
    ))).bind(county).bind(farmer_id).bind(most).fetch_all(conn).await)?)
}

/// Forgets what a household said in its own words, and its photos; what of its goods nobody has entered yet is a dash.
pub async fn forget_words(work: &mut Work, farmer_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "delete from photo where county_code = $1 and of_kind = 'proposal' and of_id in (select p.proposal_id
            from listing_proposal p where p.county_code = $1 and p.farmer_id = $2)"
    ).bind(&county).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    on!(work, conn => sqlx::query(
        "update listing_proposal set said = '', goods = case when product_id = 0 then '–' else '' end
         where county_code = $1 and farmer_id = $2"
    ).bind(&county).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Those the branch has to see to, the oldest first: nobody has yet, or the draft made of it was not approved.
pub async fn list_waiting(session: &mut Session, most: i64) -> Result<Vec<Proposal>, StoreError> {
    session.hold_to_county()?;
    let (county, sql) = (session.county_text(), select(session));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and (p.state = 'waiting' or (p.state = 'taken' and e.outcome in ('rejected', 'withdrawn')))
         order by p.proposal_id limit $2"
    ))).bind(county).bind(most).fetch_all(conn).await)?)
}

/// The proposal that a draft was made of.
pub async fn find_of_entry(session: &mut Session, entry_id: i64) -> Result<Option<Proposal>, StoreError> {
    session.hold_to_county()?;
    let (county, sql) = (session.county_text(), select(session));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{sql} and p.entry_id = $2 and p.entry_id <> 0")))
        .bind(county).bind(entry_id).fetch_optional(conn).await)?)
}

/// Notes the draft that was made of a proposal.
pub async fn take(work: &mut Work, proposal_id: i64, entry_id: i64) -> Result<(), StoreError> {
    decide(work, proposal_id, ("taken", entry_id), "").await
}

/// Sends a proposal back with a reason.
pub async fn send_back(work: &mut Work, proposal_id: i64, reason: &str) -> Result<(), StoreError> {
    decide(work, proposal_id, ("returned", 0), reason).await
}

async fn decide(work: &mut Work, proposal_id: i64, to: (&str, i64), reason: &str) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update listing_proposal set state = $3, entry_id = $4, decided_by = $5, decided_at = $6, reason = $7
         where county_code = $1 and proposal_id = $2"
    ).bind(county).bind(proposal_id).bind(to.0).bind(to.1).bind(by).bind(at).bind(reason).execute(conn).await
        .map(|_| ()))?;
    Ok(())
}

/// Goods of the county as a household chooses among them: number and names, the same for every reader.
pub async fn list_goods(session: &mut Session) -> Result<Vec<(i64, String, String)>, StoreError> {
    let county = session.county_text();
    let mut rows: Vec<(i64, String, String)> = on!(session, conn => sqlx::query_as(
        "select product_id, name, name_en from product where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}

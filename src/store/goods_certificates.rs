//! Which goods need which paper by which rule, the papers, and the open lots with and without a certificate.

use super::rows::known;
use super::{Session, StoreError, Work};
use crate::domain::calendar::Day;
use crate::domain::shelf::{Need, OpenLots, Paper, PaperKind, Rule};
use sqlx::FromRow;
use std::collections::BTreeMap;

#[derive(FromRow)]
struct RuleRow {
    rule_id: i64,
    product_id: i64,
    need: String,
    valid_from: Day,
    valid_to: Option<Day>,
    source: String,
    entered_by: String,
}

/// All rules, by number.
pub async fn list_rules(session: &mut Session) -> Result<Vec<Rule>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<RuleRow> = on!(session, conn => sqlx::query_as(
        "select rule_id, product_id, need, valid_from, valid_to, source, entered_by from certificate_rule
         where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|r| r.rule_id);
    let rule = |r: RuleRow| {
        Ok(Rule {
            rule_id: r.rule_id,
            product_id: r.product_id,
            need: known(&r.need, Need::parse)?,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
            source: r.source,
            entered_by: r.entered_by,
        })
    };
    rows.into_iter().map(rule).collect()
}

/// Writes a rule in the name of the unit of work's actor.
pub async fn insert_rule(work: &mut Work, rule: &Rule) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into certificate_rule (county_code, rule_id, product_id, need, valid_from, valid_to, source, entered_by,
            entered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    ).bind(county).bind(rule.rule_id).bind(rule.product_id).bind(rule.need.key()).bind(rule.valid_from)
        .bind(rule.valid_to).bind(rule.source.as_str()).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Gives a rule its last day.
pub async fn end_rule(work: &mut Work, rule_id: i64, valid_to: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("update certificate_rule set valid_to = $3 where county_code = $1 and rule_id = $2")
        .bind(county).bind(rule_id).bind(valid_to).execute(conn).await.map(|_| ()))?;
    Ok(())
}

#[derive(FromRow)]
struct PaperRow {
    certificate_id: i64,
    product_id: i64,
    listing_id: i64,
    kind: String,
    certificate_no: String,
    holder: String,
    issued_on: Day,
    expires_on: Option<Day>,
    revoked_on: Option<Day>,
    entered_by: String,
}

/// All papers, by number.
pub async fn list_papers(session: &mut Session) -> Result<Vec<Paper>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<PaperRow> = on!(session, conn => sqlx::query_as(
        "select certificate_id, product_id, listing_id, kind, certificate_no, holder, issued_on, expires_on, revoked_on,
            entered_by
         from goods_certificate where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|r| r.certificate_id);
    let paper = |r: PaperRow| {
        Ok(Paper {
            certificate_id: r.certificate_id,
            product_id: r.product_id,
            listing_id: r.listing_id,
            kind: known(&r.kind, PaperKind::parse)?,
            number: r.certificate_no,
            holder: r.holder,
            issued_on: r.issued_on,
            expires_on: r.expires_on,
            revoked_on: r.revoked_on,
            entered_by: r.entered_by,
        })
    };
    rows.into_iter().map(paper).collect()
}

/// Writes a paper in the name of the unit of work's actor.
pub async fn insert_paper(work: &mut Work, paper: &Paper) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into goods_certificate (county_code, certificate_id, product_id, listing_id, kind, certificate_no, holder,
            issued_on, expires_on, revoked_on, entered_by, entered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ).bind(county).bind(paper.certificate_id).bind(paper.product_id).bind(paper.listing_id).bind(paper.kind.key())
        .bind(paper.number.as_str()).bind(paper.holder.as_str()).bind(paper.issued_on).bind(paper.expires_on)
        .bind(paper.revoked_on).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Says from which day a paper is no longer good.
pub async fn revoke_paper(work: &mut Work, certificate_id: i64, revoked_on: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "update goods_certificate set revoked_on = $3 where county_code = $1 and certificate_id = $2"
    ).bind(county).bind(certificate_id).bind(revoked_on).execute(conn).await.map(|_| ()))?;
    Ok(())
}

#[derive(FromRow)]
struct LotRow {
    product_id: i64,
    lot_key: String,
    certificate_no: String,
}

/// The lots of each product whose goods can be sold on a day: weighed in by then and not closed.
pub async fn list_open_lots(session: &mut Session, on: Day) -> Result<BTreeMap<i64, OpenLots>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<LotRow> = on!(session, conn => sqlx::query_as(
        "select product_id, lot_key, certificate_no from lot
         where county_code = $1 and closed_on is null and intake_on <= $2"
    ).bind(county).bind(on).fetch_all(conn).await)?;
    rows.sort_unstable_by(|a, b| a.lot_key.cmp(&b.lot_key));
    let mut lots: BTreeMap<i64, OpenLots> = BTreeMap::new();
    for row in rows {
        let of = lots.entry(row.product_id).or_default();
        if row.certificate_no.is_empty() {
            of.without.push(row.lot_key);
        } else {
            of.with_certificate += 1;
        }
    }
    Ok(lots)
}

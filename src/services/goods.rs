//! Goods (货品) as the branch keeps them: name, grades, harvest window; which paper they need by which rule; their papers.
//!
//! Rules that must hold: goods are named and renamed by the way a county document does it, so that there is one; a rule
//! and a paper are ended by a day, never taken away, for what was sold is judged by the rule of its day.
//!
//! Not here: what a missing paper does (`domain::shelf`), listings (`services::listings`).

use super::desk::Desk;
use super::post;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::county::{CountyDoc, ProductDoc};
use crate::domain::listings::{is_key, is_month_day};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::shelf::{Paper, Rule};
use crate::ingest::county;
use crate::store::goods::{self, Product};
use crate::store::product_details::{self, Details};
use crate::store::{Session, StoreError, goods_certificates, take_ids};

/// Letters of a name.
const MOST_NAME: usize = 80;
/// Letters of the grades of goods, or of a rule's source.
const MOST_TEXT: usize = 400;
/// How goods are sold.
pub const SOLD_BY: [&str; 3] = ["kg", "jin", "piece"];

/// Goods as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct TypedProduct {
    pub key: String,
    pub name: String,
    pub name_en: String,
    pub grades: String,
    pub sold_by: String,
    pub harvest_from: String,
    pub harvest_to: String,
}

impl TypedProduct {
    fn is_fine(&self) -> bool {
        let named = |text: &str| text.chars().count() <= MOST_NAME && !text.chars().any(char::is_control);
        let window = [&self.harvest_from, &self.harvest_to];
        is_key(self.key.trim())
            && !self.name.trim().is_empty()
            && named(&self.name)
            && named(&self.name_en)
            && self.grades.chars().count() <= MOST_TEXT
            && (self.sold_by.is_empty() || SOLD_BY.contains(&self.sold_by.as_str()))
            && window.iter().all(|day| is_month_day(day.trim()))
            && window.iter().filter(|day| day.trim().is_empty()).count() != 1
    }
}

/// The product of a number.
pub async fn find(session: &mut Session, product_id: i64) -> Result<Option<Product>, StoreError> {
    Ok(goods::list_products(session).await?.into_iter().find(|p| p.product_id == product_id))
}

/// Adds goods; returns their number.
pub async fn add(desk: &Desk<'_>, typed: &TypedProduct) -> anyhow::Result<i64> {
    let mut work = desk.work("add goods").await?;
    let key = typed.key.trim();
    if goods::list_products(&mut work).await?.iter().any(|p| p.product_key == key) {
        return Err(Problem::from(Mistake::GoodsExist { key: key.into() }).into());
    }
    save(work, Verb::Add, typed).await
}

/// Changes goods that are there; their key stays.
pub async fn change(desk: &Desk<'_>, product_id: i64, typed: &TypedProduct) -> anyhow::Result<bool> {
    let mut work = desk.work("change goods").await?;
    let Some(product) = find(&mut work, product_id).await? else { return Ok(false) };
    save(work, Verb::Change, &TypedProduct { key: product.product_key, ..typed.clone() }).await?;
    Ok(true)
}

async fn save(mut work: crate::store::Work, verb: Verb, typed: &TypedProduct) -> anyhow::Result<i64> {
    if !typed.is_fine() {
        return Err(Problem::from(Mistake::BadGoods).into());
    }
    let key = typed.key.trim().to_owned();
    let product = ProductDoc {
        key: key.clone(),
        name: typed.name.trim().into(),
        name_en: typed.name_en.trim().into(),
        lot_certificate: None,
    };
    let doc = CountyDoc { county: work.county_text().to_string(), products: vec![product], ..CountyDoc::default() };
    county::import(&mut work, &doc).await?;
    let product_id = goods::list_products(&mut work).await?.into_iter().find(|p| p.product_key == key);
    let product_id = product_id.map_or(0, |p| p.product_id);
    let grades: Vec<&str> = typed.grades.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let details = Details {
        product_id,
        grades: grades.join("\n"),
        sold_by: typed.sold_by.clone(),
        harvest_from: typed.harvest_from.trim().into(),
        harvest_to: typed.harvest_to.trim().into(),
    };
    product_details::update(&mut work, &details).await?;
    post::post(&mut work).await?;
    let change = Change::new(verb, Noun::Product, key)
        .after(Field::Title, typed.name.trim())
        .after(Field::TitleEn, typed.name_en.trim())
        .after(Field::From, details.harvest_from)
        .after(Field::To, details.harvest_to);
    work.commit(&change).await?;
    Ok(product_id)
}

/// Enters a rule: from a day on, goods need a paper. False where there are no such goods.
pub async fn add_rule(desk: &Desk<'_>, rule: &Rule) -> anyhow::Result<bool> {
    let source = rule.source.trim();
    let is_fine = !source.is_empty() && source.chars().count() <= MOST_TEXT;
    if !is_fine || rule.valid_to.is_some_and(|to| to < rule.valid_from) {
        return Err(Problem::from(Mistake::BadRule).into());
    }
    let mut work = desk.work("enter rule on certificates").await?;
    let Some(product) = find(&mut work, rule.product_id).await? else { return Ok(false) };
    let rule_id = take_ids(&mut work, "certificate_rule", 1).await?;
    let rule = Rule { rule_id, source: source.into(), ..rule.clone() };
    goods_certificates::insert_rule(&mut work, &rule).await?;
    let change = Change::new(Verb::Add, Noun::CertificateRule, rule_id.to_string())
        .after(Field::Product, product.product_key)
        .after(Field::Kind, rule.need.key())
        .after(Field::From, rule.valid_from)
        .after(Field::To, rule.valid_to.map_or_else(String::new, |day| day.to_string()))
        .after(Field::Evidence, source);
    work.commit(&change).await?;
    Ok(true)
}

/// Gives a rule its last day. The product it was of; `None` where there is no such rule.
pub async fn end_rule(desk: &Desk<'_>, rule_id: i64, valid_to: Day) -> anyhow::Result<Option<i64>> {
    let mut work = desk.work("end rule on certificates").await?;
    let rules = goods_certificates::list_rules(&mut work).await?;
    let Some(rule) = rules.into_iter().find(|r| r.rule_id == rule_id) else { return Ok(None) };
    if valid_to < rule.valid_from {
        return Err(Problem::from(Mistake::BadRule).into());
    }
    goods_certificates::end_rule(&mut work, rule_id, valid_to).await?;
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let change = Change::new(Verb::Change, Noun::CertificateRule, rule_id.to_string())
        .before(Field::To, day(rule.valid_to))
        .after(Field::To, valid_to);
    work.commit(&change).await?;
    Ok(Some(rule.product_id))
}

/// Enters a paper of goods. False where there are no such goods.
pub async fn add_paper(desk: &Desk<'_>, paper: &Paper) -> anyhow::Result<bool> {
    let number = paper.number.trim();
    let fits = |text: &str| text.chars().count() <= MOST_NAME && !text.chars().any(char::is_control);
    let is_fine = !number.is_empty() && fits(number) && fits(&paper.holder);
    let in_order = paper.issued_on <= desk.clock.today() && paper.expires_on.is_none_or(|end| paper.issued_on <= end);
    if !is_fine || !in_order {
        return Err(Problem::from(Mistake::BadCertificate).into());
    }
    let mut work = desk.work("enter certificate of goods").await?;
    let Some(product) = find(&mut work, paper.product_id).await? else { return Ok(false) };
    let listings = goods::list_listings(&mut work).await?;
    let of_listing =
        listings.into_iter().find(|l| l.listing_id == paper.listing_id && l.product_id == paper.product_id);
    if paper.listing_id != 0 && of_listing.is_none() {
        return Ok(false);
    }
    let certificate_id = take_ids(&mut work, "goods_certificate", 1).await?;
    let paper = Paper { certificate_id, number: number.into(), holder: paper.holder.trim().into(), ..paper.clone() };
    goods_certificates::insert_paper(&mut work, &paper).await?;
    let change = Change::new(Verb::Add, Noun::GoodsCertificate, certificate_id.to_string())
        .after(Field::Product, product.product_key)
        .after(Field::Key, of_listing.map_or_else(String::new, |l| l.listing_key))
        .after(Field::Kind, paper.kind.key())
        .after(Field::CertificateNo, &paper.number)
        .after(Field::From, paper.issued_on)
        .after(Field::To, paper.expires_on.map_or_else(String::new, |day| day.to_string()));
    work.commit(&change).await?;
    Ok(true)
}

/// Says that a paper is good no longer from a day on, and why. The product it was of; `None` where there is none.
pub async fn revoke_paper(desk: &Desk<'_>, certificate_id: i64, from: Day, why: &str) -> anyhow::Result<Option<i64>> {
    let why = why.trim();
    if why.is_empty() {
        return Err(Problem::from(Mistake::ReasonMissing).into());
    }
    let mut work = desk.work("revoke certificate of goods").await?;
    let papers = goods_certificates::list_papers(&mut work).await?;
    let Some(paper) = papers.into_iter().find(|p| p.certificate_id == certificate_id) else { return Ok(None) };
    if from < paper.issued_on {
        return Err(Problem::from(Mistake::BadCertificate).into());
    }
    goods_certificates::revoke_paper(&mut work, certificate_id, from).await?;
    let change = Change::new(Verb::Remove, Noun::GoodsCertificate, certificate_id.to_string())
        .before(Field::CertificateNo, paper.number)
        .after(Field::Day, from)
        .after(Field::Reason, why);
    work.commit(&change).await?;
    Ok(Some(paper.product_id))
}

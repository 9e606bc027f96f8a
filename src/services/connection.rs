//! Trying a shop's connection: one token, one cheap question, an answer a person can act on.
//!
//! A token that comes of it is kept as a pull would keep it, since some platforms give one out only so often; and in the
//! shop's turn, since whoever renews a token ends the one before.
//!
//! Not here: pulling (`ingest::pull`), what the answer is called on a page (`web`).

use super::secrets::Vault;
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::problem::Problem;
use crate::domain::pulling::LEASE;
use crate::ingest::connect::Connecting;
use crate::ingest::pull::TurnLost;
use crate::platforms::{Ask, Connector, Cursor, Grant, Platform, PlatformError, Token, Window};
use crate::store::goods::{self, Shop};
use crate::store::leases::{self, Lease};
use chrono::TimeDelta;

pub use crate::platforms::connector::Needs;

/// How far back the question reaches.
const LOOK_BACK: TimeDelta = TimeDelta::hours(1);

/// A platform a shop may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    pub key: &'static str,
    /// `None`: it cannot be asked yet; files can be imported.
    pub needs: Option<Needs>,
}

/// All platforms, those that can be asked first.
pub fn offered() -> Vec<Offered> {
    let mut all: Vec<Offered> = Platform::ALL
        .iter()
        .map(|p| Offered { key: p.key(), needs: p.interface().map(|interface| interface.needs) })
        .collect();
    all.sort_by_key(|offered| offered.needs.is_none());
    all
}

/// What a platform needs, if it can be asked.
pub fn needs(platform: &str) -> Option<Needs> {
    Some(Platform::parse(platform)?.interface()?.needs)
}

/// How far back a platform shows orders, after-sale cases and statements, if it can be asked; `None` for one: it states
/// no bound.
pub fn reaches(platform: &str) -> Option<[Option<TimeDelta>; 3]> {
    let interface = Platform::parse(platform)?.interface()?;
    Some([&interface.orders, &interface.refunds, &interface.settlements].map(|question| question.reaches))
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Fine(Fine),
    /// What to do about it, and the platform's own words.
    Refused(Advice, String),
}

/// The shop answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fine {
    /// As the platform calls it; some do not say.
    pub shop_name: String,
    pub platform_shop_id: String,
    pub token_ends_at: Instant,
    /// Orders changed in the last hour, as far as the first page tells.
    pub orders: i64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Look at keys, permissions, addresses; authorise again.
    Mend,
    /// The platform is slow or down.
    Later,
    /// Today's calls are used up.
    Tomorrow,
    /// The platform does not speak as this program knows it.
    Tell,
}

/// Asks the shop one question. `endpoint` stands in for the platform's own address, `code` is a merchant's. It takes the
/// shop's turn: a pull under way renews the same token.
pub async fn test(vault: Vault<'_>, shop: &Shop, endpoint: Option<&str>, code: Option<&str>) -> anyhow::Result<Answer> {
    let Vault { store, county, clock, .. } = vault;
    let holder = leases::new_holder();
    let now = clock.now();
    let mut session = store.write(county).await?;
    let lease = leases::take(&mut session, shop.shop_id, &holder, now, now + LEASE).await?;
    session.commit().await?;
    let taken = || Problem::ShopTaken { shop: shop.shop_key.clone() };
    let lease = lease.ok_or_else(taken)?;
    let tried = Box::pin(try_shop(vault, shop, endpoint, code, &lease)).await;
    let given_back = async {
        let mut session = store.write(county).await?;
        leases::release(&mut session, &lease, clock.now()).await?;
        session.commit().await
    };
    if let Err(error) = given_back.await {
        // it ends by itself
        tracing::warn!(%error, shop = shop.shop_key, "a turn could not be given back");
    }
    tried.map_err(|error| if error.is::<TurnLost>() { taken().into() } else { error })
}

async fn try_shop(
    vault: Vault<'_>,
    shop: &Shop,
    endpoint: Option<&str>,
    code: Option<&str>,
    lease: &Lease,
) -> anyhow::Result<Answer> {
    let Vault { store, county, actor, clock, keyring } = vault;
    let now = clock.now();
    let connecting =
        Connecting { keyring: Some(keyring.clone()), app: None, endpoint: endpoint.map(ToOwned::to_owned) };
    let mut session = store.read(Scope::County(county)).await?;
    let mut puller = connecting.connected(&mut session, shop, clock).await?.holding(lease.clone());
    match code {
        // it is brought to be used: it may be for more than the token that is kept
        Some(code) => puller = puller.granted(Grant::Code(code.to_owned())),
        None => puller.load_token(&mut session, now).await?,
    }
    drop(session);
    let mut token = match puller.token(clock).await {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error)),
    };
    // before anything else is asked: a code is good once
    puller.keep_token_in(store, county, actor, clock).await?;
    let mut asked = ask(puller.client.as_ref(), &token, now).await;
    // it said that it would last, and does not
    if let Err(PlatformError::TokenExpired { .. }) = asked {
        match puller.renew(&token).await {
            Ok(renewed) => token = renewed,
            Err(error) => return Ok(refused(&error)),
        }
        puller.keep_token_in(store, county, actor, clock).await?;
        asked = ask(puller.client.as_ref(), &token, now).await;
    }
    if shop.platform_shop_id.is_empty() && !token.platform_shop_id.is_empty() {
        adopt_number(vault, shop, &token.platform_shop_id).await?;
    }
    Ok(match asked {
        Ok(orders) => Answer::Fine(Fine {
            shop_name: token.shop_name.clone(),
            platform_shop_id: token.platform_shop_id.clone(),
            token_ends_at: token.access_ends_at,
            orders,
        }),
        Err(error) => refused(&error),
    })
}

async fn ask(connector: &dyn Connector, token: &Token, now: Instant) -> Result<i64, PlatformError> {
    let window = Window { from: now - LOOK_BACK, to: now };
    let page = connector.orders(Ask { token, window, cursor: &Cursor::START }).await?;
    Ok(page.total.unwrap_or(page.received))
}

fn refused(error: &PlatformError) -> Answer {
    let advice = match error {
        PlatformError::Denied { .. } | PlatformError::TokenExpired { .. } => Advice::Mend,
        PlatformError::Throttled { .. } | PlatformError::Unreachable { .. } => Advice::Later,
        PlatformError::Exhausted { .. } => Advice::Tomorrow,
        PlatformError::WindowTooWide { .. } | PlatformError::Rejected { .. } | PlatformError::Malformed { .. } => {
            Advice::Tell
        }
    };
    Answer::Refused(advice, error.to_string())
}

/// The platform has said which shop this is.
async fn adopt_number(vault: Vault<'_>, shop: &Shop, number: &str) -> anyhow::Result<()> {
    let Vault { store, county, actor, clock, .. } = vault;
    let mut work = store.work(county, actor, "shop number", clock).await?;
    let named = Shop { platform_shop_id: number.to_owned(), ..shop.clone() };
    goods::upsert_shops(&mut work, &[named]).await?;
    let change = Change::new(Verb::Change, Noun::Shop, &shop.shop_key).after(Field::Number, number);
    Ok(work.commit(&change).await?)
}

//! Trying a shop's connection: one token, one cheap question, an answer a person can act on.
//!
//! A token that comes of it is kept as a pull would keep it, since some platforms give one out only so often.
//!
//! Not here: pulling (`ingest::pull`), what the answer is called on a page (`web`).

use super::secrets::{self, Vault};
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::problem::Problem;
use crate::platforms::http::Endpoint;
use crate::platforms::retry::Jitter;
use crate::platforms::{Ask, Connector, Cursor, Grant, Link, Platform, PlatformError, Token, Window};
use crate::store::goods::{self, Shop};
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

/// Asks the shop one question. `endpoint` stands in for the platform's own address, `code` is a merchant's.
pub async fn test(vault: Vault<'_>, shop: &Shop, endpoint: Option<&str>, code: Option<&str>) -> anyhow::Result<Answer> {
    let interface = Platform::parse(&shop.platform)
        .and_then(Platform::interface)
        .ok_or_else(|| Problem::PlatformNotSupported { platform: shop.platform.clone() })?;
    let now = vault.clock.now();
    let mut session = vault.store.read(Scope::County(vault.county)).await?;
    let app = secrets::find_app_key(&mut session, vault.keyring, shop).await?.ok_or(Problem::MissingKeys)?;
    let kept = secrets::find_token(&mut session, vault.keyring, shop, app.key(), now).await?;
    drop(session);
    let app_key = app.key().to_owned();
    let endpoint = Endpoint::parse(endpoint.unwrap_or(interface.endpoint)).map_err(|why| Problem::BadOption { why })?;
    let link = Link::new(endpoint, app, vault.clock.clone(), Jitter::seeded(rand::random()))?;
    let connector = (interface.connect)(link);
    let grant = match code {
        Some(code) => Grant::Code(code.to_owned()),
        None => Grant::OwnShop { platform_shop_id: shop.platform_shop_id.clone() },
    };
    // a code is brought to be used: it may be for more than the token that is kept
    let kept_token = kept.clone().filter(|_| code.is_none());
    let tried = try_shop(connector.as_ref(), &grant, kept_token, now).await;
    let (token, asked) = match tried {
        Ok(tried) => tried,
        Err(error) => return Ok(refused(&error)),
    };
    if kept.as_ref() != Some(&token) {
        // in no turn: a person asked, and the newest token is the one to keep
        secrets::store_token(vault, shop, &app_key, &token, None).await?;
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

/// A token that can be used, and what came of the question; a token is worth keeping even where the question fails.
type Tried = (Token, Result<i64, PlatformError>);

async fn try_shop(
    connector: &dyn Connector,
    grant: &Grant,
    kept: Option<Token>,
    now: Instant,
) -> Result<Tried, PlatformError> {
    let renew_before = connector.interface().renew_before;
    let token = match kept {
        Some(token) if token.access_ends_at - renew_before > now => token,
        Some(token) => renewed(connector, grant, &token).await?,
        None => connector.create_token(grant).await?,
    };
    match ask(connector, &token, now).await {
        // it said that it would last, and does not
        Err(PlatformError::TokenExpired { .. }) => {
            let token = renewed(connector, grant, &token).await?;
            let asked = ask(connector, &token, now).await;
            Ok((token, asked))
        }
        asked => Ok((token, asked)),
    }
}

async fn renewed(connector: &dyn Connector, grant: &Grant, token: &Token) -> Result<Token, PlatformError> {
    match connector.refresh_token(token).await {
        Err(PlatformError::Denied { .. } | PlatformError::TokenExpired { .. }) => connector.create_token(grant).await,
        other => other,
    }
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

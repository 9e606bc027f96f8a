//! A shop connected to its platform: its address, its app, its token. One way for the command line and for jobs.

use super::pull::Puller;
use crate::clock::Clock;
use crate::domain::problem::Problem;
use crate::domain::sealing::Keyring;
use crate::platforms::http::Endpoint;
use crate::platforms::retry::Jitter;
use crate::platforms::{AppKey, Interface, Link, Platform};
use crate::services::secrets;
use crate::store::Session;
use crate::store::goods::Shop;

/// With what shops are connected.
#[derive(Debug, Clone, Default)]
pub struct Connecting {
    /// Opens what is stored for a shop and keeps its token.
    pub keyring: Option<Keyring>,
    /// One app for every shop, instead of what is stored for each.
    pub app: Option<AppKey>,
    /// Another address than the platform's own, such as a sandbox's.
    pub endpoint: Option<String>,
}

impl Connecting {
    /// A shop's puller; the problem says what is missing.
    pub async fn puller(&self, session: &mut Session, shop: &Shop, clock: &Clock) -> anyhow::Result<Puller> {
        interface(shop)?;
        self.connected(session, shop, clock).await
    }

    /// The same for a shop whose number only its platform may know yet: it can be tried, not pulled.
    pub async fn connected(&self, session: &mut Session, shop: &Shop, clock: &Clock) -> anyhow::Result<Puller> {
        let interface = of_platform(shop)?;
        let endpoint = Endpoint::parse(self.endpoint.as_deref().unwrap_or(interface.endpoint))
            .map_err(|why| Problem::BadOption { why })?;
        let app = self.app_of(session, shop).await?;
        let app_no = app.key().to_owned();
        let link = Link::new(endpoint, app, clock.clone(), Jitter::seeded(rand::random()))?;
        let puller = Puller::new(shop.clone(), (interface.connect)(link));
        Ok(match &self.keyring {
            Some(keyring) => puller.keeping_token(keyring.clone(), app_no),
            None => puller,
        })
    }

    /// The app a shop is asked with: the one for all, else the one stored for it.
    async fn app_of(&self, session: &mut Session, shop: &Shop) -> anyhow::Result<AppKey> {
        if let Some(app) = &self.app {
            return Ok(app.clone());
        }
        match &self.keyring {
            Some(keyring) => Ok(secrets::find_app_key(session, keyring, shop).await?.ok_or(Problem::MissingKeys)?),
            None if secrets::has_app_key(session, shop).await? => Err(Problem::NoSealingKey.into()),
            None => Err(Problem::MissingKeys.into()),
        }
    }
}

/// How the shop's platform is asked; the problem says why it cannot be.
pub fn interface(shop: &Shop) -> Result<&'static Interface, Problem> {
    let interface = of_platform(shop)?;
    if shop.platform_shop_id.is_empty() {
        return Err(Problem::NothingToPull { shop: shop.shop_key.clone() });
    }
    Ok(interface)
}

fn of_platform(shop: &Shop) -> Result<&'static Interface, Problem> {
    Platform::parse(&shop.platform)
        .and_then(Platform::interface)
        .ok_or_else(|| Problem::PlatformNotSupported { platform: shop.platform.clone() })
}

//! What a pull asks of a platform, and what it must know before it asks: the one seam between `ingest` and the
//! connectors.
//!
//! A platform is an [`Interface`], a table of facts with a way to connect, in the list [`INTERFACES`]; a shop on it is a
//! [`Connector`], which answers five questions a page at a time. That is all `ingest` and the command line see.
//!
//! Rule: the list below is the only place outside a platform's folder that names it. Spans longer than an interface
//! takes are cut by the caller, so a connector may refuse them; what a window holds is complete when the pages end, and
//! where the platform states a total the caller compares.

use super::http::{self, Endpoint};
use super::retry::{Backoff, Jitter};
use super::{AppKey, Cursor, Page, Platform, PlatformError, Token, Window, douyin, kuaishou, wechat_channels};
use crate::clock::Clock;
use crate::domain::calendar::Instant;
use crate::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use crate::platforms::limiter::Limiter;
use chrono::TimeDelta;
use futures::future::BoxFuture;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::fmt;

/// The platforms that can be pulled from. A new one adds its line here.
pub static INTERFACES: [&Interface; 3] = [&douyin::INTERFACE, &kuaishou::INTERFACE, &wechat_channels::INTERFACE];

/// A platform's open interface, as far as a pull must know it beforehand.
#[derive(Debug)]
pub struct Interface {
    pub platform: Platform,
    /// The platform's own address; a sandbox has another.
    pub endpoint: &'static str,
    pub orders: Question,
    pub refunds: Question,
    pub settlements: Question,
    /// A day's statements can all be read this long after the day is over.
    pub stated_after: TimeDelta,
    /// A token is renewed this long before it ends.
    pub renew_before: TimeDelta,
    /// What a person brings beside key and secret.
    pub needs: Needs,
    /// A connector to one shop.
    pub connect: fn(Link) -> Box<dyn Connector>,
}

impl Platform {
    /// Its interface, if there is a connector.
    pub fn interface(self) -> Option<&'static Interface> {
        INTERFACES.into_iter().find(|interface| interface.platform == self)
    }
}

/// What a platform asks of a person before it answers, beside the app's key and secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// A secret of its own for signatures.
    pub sign_secret: bool,
    /// The merchant's agreement in a browser, which gives a code.
    pub merchant_code: bool,
    /// This machine's address on the shop's list.
    pub listed_address: bool,
}

/// One kind of record a platform is asked for.
#[derive(Debug)]
pub struct Question {
    /// The platform's own name of the method, kept with the evidence.
    pub method: &'static str,
    /// The longest window it takes at once.
    pub longest: TimeDelta,
    /// How far back it shows; `None`: the platform states no bound.
    pub reaches: Option<TimeDelta>,
}

/// On what ground a first token is asked for.
#[derive(Clone, PartialEq, Eq)]
pub enum Grant {
    /// The app belongs to the shop itself.
    OwnShop { platform_shop_id: String },
    /// The merchant has authorised the app and was sent back with a code, good for minutes and once.
    Code(String),
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnShop { platform_shop_id } => write!(f, "OwnShop({platform_shop_id})"),
            Self::Code(_) => f.write_str("Code(<redacted>)"),
        }
    }
}

/// A question: what changed in a window, from a place in it on.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub token: &'a Token,
    pub window: Window,
    pub cursor: &'a Cursor,
}

/// True for a record, by its number and the time of its last change, that need not be asked for in detail again.
pub type IsKnown<'a> = &'a (dyn Fn(&str, Instant) -> bool + Sync);

/// An answer that is being waited for.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, PlatformError>>;

/// Waits for several answers, so many at the same time, and gives them in their order; the first error ends it.
pub async fn together<T: Send>(awaited: Vec<Answer<'_, T>>, at_once: usize) -> Result<Vec<T>, PlatformError> {
    stream::iter(awaited).buffered(at_once).try_collect().await
}

/// A shop on a platform. Keeps nothing but its rate limit.
pub trait Connector: fmt::Debug + Send + Sync {
    fn interface(&self) -> &'static Interface;
    /// A first token.
    fn create_token<'a>(&'a self, grant: &'a Grant) -> Answer<'a, Token>;
    /// A new token for one that has ended or is about to; do not count on the old one afterwards.
    fn refresh_token<'a>(&'a self, token: &'a Token) -> Answer<'a, Token>;
    /// Orders by the time of their last change.
    fn orders<'a>(&'a self, ask: Ask<'a>) -> Answer<'a, Page<OrderRecord>>;
    /// After-sale cases by the time of their last change; those that are known are passed over, counted as received.
    fn refunds<'a>(&'a self, ask: Ask<'a>, is_known: IsKnown<'a>) -> Answer<'a, Page<RefundRecord>>;
    /// Statement rows by the time of their settlement.
    fn settlements<'a>(&'a self, ask: Ask<'a>) -> Answer<'a, Page<SettlementRecord>>;
}

/// What a connector is made of: everything that is not the platform's own.
#[derive(Debug)]
pub struct Link {
    pub http: reqwest::Client,
    pub endpoint: Endpoint,
    pub app: AppKey,
    pub clock: Clock,
    pub jitter: Jitter,
}

impl Link {
    /// A link to an endpoint.
    pub fn new(endpoint: Endpoint, app: AppKey, clock: Clock, jitter: Jitter) -> Result<Self, PlatformError> {
        Ok(Self { http: http::client(&endpoint)?, endpoint, app, clock, jitter })
    }

    /// Asks until there is an answer, an error that asking again does not mend, or enough was tried. Every try takes a
    /// place at the rate limit, retries too.
    pub async fn insist<T, F>(
        &self,
        limiter: &Limiter,
        method: &str,
        ask: impl Fn() -> F + Send + Sync,
    ) -> Result<T, PlatformError>
    where
        F: Future<Output = Result<T, PlatformError>> + Send,
    {
        let mut backoff = Backoff::new(&self.jitter);
        loop {
            limiter.acquire(&self.clock).await;
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = backoff.wait_after(&error) else { return Err(error) };
            tracing::debug!(method, %error, wait_ms = wait.as_millis(), "asking again");
            self.clock.sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_one_interface_and_a_code_is_not_printed() {
        for interface in INTERFACES {
            let own = interface.platform.interface().expect("it is in the list");
            assert_eq!(own.endpoint, interface.endpoint);
            assert!(Endpoint::parse(interface.endpoint).is_ok(), "{}", interface.endpoint);
        }
        assert!(Platform::Jd.interface().is_none());
        assert!(!format!("{:?}", Grant::Code("hush".to_owned())).contains("hush"));
    }
}

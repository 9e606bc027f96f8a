//! The connector to one shop: waits its turn, asks, tries again where that helps.
//!
//! A page costs one call for the numbers and one for each of them, several at the same time and each at the rate limit.
//! The page fails as a whole if one of them cannot be had now, and is asked for again as a whole; what the platform
//! refuses rejects its own record only.

mod aftersale;
mod orders;
mod settlement;
mod token;

use super::errors;
use super::limits::{BURST, CALLS_PER_SECOND};
use super::wire::envelope::Envelope;
use crate::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use crate::platforms::connector::{Answer as Awaited, IsKnown};
use crate::platforms::fields::{Int, Text};
use crate::platforms::http::{self, Received};
use crate::platforms::limiter::Limiter;
use crate::platforms::reading::parse;
use crate::platforms::why::Why;
use crate::platforms::{Ask, Connector, Cursor, Grant, Interface, Link, Page, PlatformError, Token, Window};
use chrono::TimeDelta;
use futures::FutureExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Orders by update time: their numbers.
pub const ORDERS: &str = "channels/ec/order/list/get";
/// After-sale cases by update time: their numbers.
pub const AFTER_SALES: &str = "channels/ec/aftersale/getaftersalelist";
/// Completed orders by update time, which moves when one is settled.
pub const SETTLEMENTS: &str = "channels/ec/order/list/get (settle_info)";

/// A shop on WeChat Channels.
#[derive(Debug)]
pub struct WechatChannels {
    link: Link,
    limiter: Limiter,
}

/// A successful answer.
struct Answer {
    method: &'static str,
    text: String,
}

impl Answer {
    /// Reads it as what the method is documented to give.
    fn read<T: DeserializeOwned>(&self) -> Result<T, PlatformError> {
        // The parser's own words may quote a value, and the value may be a person's name.
        parse(&self.text).map_err(|e| PlatformError::Malformed {
            context: format!("{}: not in the documented shape, at column {}", self.method, e.column()),
        })
    }

    fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.text).into()
    }
}

impl Connector for WechatChannels {
    fn interface(&self) -> &'static Interface {
        &super::INTERFACE
    }

    fn create_token<'a>(&'a self, grant: &'a Grant) -> Awaited<'a, Token> {
        self.create_token(grant).boxed()
    }

    fn refresh_token<'a>(&'a self, token: &'a Token) -> Awaited<'a, Token> {
        self.refresh_token(token).boxed()
    }

    fn orders<'a>(&'a self, ask: Ask<'a>) -> Awaited<'a, Page<OrderRecord>> {
        self.orders(ask).boxed()
    }

    fn refunds<'a>(&'a self, ask: Ask<'a>, is_known: IsKnown<'a>) -> Awaited<'a, Page<RefundRecord>> {
        self.refunds(ask, is_known).boxed()
    }

    fn settlements<'a>(&'a self, ask: Ask<'a>) -> Awaited<'a, Page<SettlementRecord>> {
        self.settlements(ask).boxed()
    }
}

impl WechatChannels {
    /// A connector.
    pub fn new(link: Link) -> Self {
        Self { link, limiter: Limiter::new(CALLS_PER_SECOND, BURST) }
    }

    /// Asks until there is an answer, an error that asking again does not mend, or enough was tried.
    async fn call(&self, method: &'static str, token: Option<&Token>, params: &Value) -> Result<Answer, PlatformError> {
        let body = params.to_string();
        self.link.insist(&self.limiter, method, || self.ask(method, token, &body)).await
    }

    /// One try.
    async fn ask(&self, method: &'static str, token: Option<&Token>, body: &str) -> Result<Answer, PlatformError> {
        let query: Vec<_> = token.iter().map(|token| ("access_token", token.access_token.as_str())).collect();
        let request = self
            .link
            .http
            .post(self.link.endpoint.at(method, &query))
            .header("content-type", "application/json")
            .body(body.to_owned());
        answer(method, http::send(request).await.map_err(|error| error.in_call(method))?)
    }

    /// One record by its number. The inner error is the record's own and rejects it alone.
    async fn numbered<T: DeserializeOwned>(
        &self,
        method: &'static str,
        token: &Token,
        params: Value,
    ) -> Result<Result<(T, [u8; 32]), Why>, PlatformError> {
        let answer = self.call(method, Some(token), &params).await;
        match answer.and_then(|answer| Ok((answer.read()?, answer.sha256()))) {
            Ok(record) => Ok(Ok(record)),
            Err(error @ (PlatformError::Rejected { .. } | PlatformError::Malformed { .. })) => {
                Ok(Err(Why::refused(&error)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The text of an answer, or its error. The error's number may be left out of a success.
fn answer(method: &'static str, received: Received) -> Result<Answer, PlatformError> {
    received.check(method)?;
    let malformed = || PlatformError::Malformed { context: format!("{method}: not a JSON answer") };
    let text = String::from_utf8(received.body).map_err(|_| malformed())?;
    if !text.trim_start().starts_with('{') {
        return Err(malformed());
    }
    let envelope: Envelope = parse(&text).map_err(|_| malformed())?;
    match envelope.errcode {
        Int::Absent | Int::Known(errors::OK) => Ok(Answer { method, text }),
        Int::Known(errcode) => {
            let context = format!("{method}: {errcode} {}", envelope.errmsg.or_empty()).trim_end().to_owned();
            Err(errors::classify(errcode, received.retry_after, context))
        }
        Int::Unreadable => Err(malformed()),
    }
}

/// A page of numbers.
struct Listed {
    numbers: Vec<Text>,
    received: i64,
    next: Option<Cursor>,
}

/// Reads a page of so many numbers at most: `has_more` must be said, and then there must be a place to go on from.
fn numbers(
    method: &str,
    most: i64,
    numbers: Option<Vec<Text>>,
    next_key: &Text,
    has_more: Option<bool>,
) -> Result<Listed, PlatformError> {
    let malformed = |what: String| PlatformError::Malformed { context: format!("{method}: {what}") };
    let numbers = numbers.unwrap_or_default();
    let received = i64::try_from(numbers.len())
        .ok()
        .filter(|n| *n <= most)
        .ok_or_else(|| malformed(format!("{} numbers in a page of {most}", numbers.len())))?;
    let next = match (has_more, next_key.get()) {
        (Some(false), _) => None,
        (Some(true), Some(key)) => Some(Cursor::new(key.to_owned())),
        (Some(true), None) => return Err(malformed("more to come, and no place to go on from".to_owned())),
        (None, _) => return Err(malformed("has_more is missing".to_owned())),
    };
    Ok(Listed { numbers, received, next })
}

/// Refuses a window that runs backwards, or is longer than the interface takes.
fn check_window(method: &str, window: &Window, longest: TimeDelta) -> Result<(), PlatformError> {
    if window.from < window.to && window.to - window.from <= longest {
        return Ok(());
    }
    let hours = longest.num_hours();
    Err(PlatformError::Rejected { context: format!("{method}: a window of nothing, or of more than {hours} hours") })
}

#[cfg(test)]
mod tests;

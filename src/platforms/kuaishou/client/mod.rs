//! The connector to one shop: signs, waits its turn, asks, tries again where that helps.
//!
//! Rule: every try is signed anew with the clock's time. Reading is GET throughout, so all parameters stand in the query,
//! each escaped after it was signed.
//!
//! A page costs one call and two more for each of its records, several at the same time and each at the rate limit. The
//! page fails as a whole if one of them cannot be had now, and is asked for again as a whole; what the platform refuses
//! rejects its own record only.

mod aftersale;
mod orders;
mod settlement;
mod token;

use super::errors::{self, Refusal};
use super::limits::{BURST, CALLS_PER_SECOND, ENDS};
use super::sign::{SignMethod, VERSION, request_text};
use super::wire::envelope::Envelope;
use crate::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use crate::platforms::connector::{Answer as Awaited, IsKnown};
use crate::platforms::fields::{Int, Shape, Text};
use crate::platforms::http::{self, Received};
use crate::platforms::limiter::Limiter;
use crate::platforms::reading::{Answer, frame};
use crate::platforms::{Ask, Connector, Cursor, Grant, Interface, Link, Page, PlatformError, Token, Window};
use futures::FutureExt as _;
use serde_json::Value;

/// Orders by update time.
pub const ORDERS: &str = "open.order.cursor.list";
/// After-sale cases by update time.
pub const AFTER_SALES: &str = "open.seller.order.refund.pcursor.list";
/// Settled bills by settlement time.
pub const SETTLEMENTS: &str = "open.funds.financial.settled.bill.detail";
/// How requests are signed.
const SIGN_METHOD: SignMethod = SignMethod::HmacSha256;
/// Asks for what changed, not for what was made.
const BY_UPDATE: i64 = 2;
/// Asks for the oldest change first.
const ASCENDING: i64 = 2;

/// A shop on Kuaishou.
#[derive(Debug)]
pub struct Kuaishou {
    link: Link,
    limiter: Limiter,
}

impl Connector for Kuaishou {
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

impl Kuaishou {
    /// A connector. The app's key must come with the secret that signs.
    pub fn new(link: Link) -> Self {
        Self { link, limiter: Limiter::new(CALLS_PER_SECOND, BURST) }
    }

    /// Asks until there is an answer, an error that asking again does not mend, or enough was tried.
    async fn call<T: Shape>(
        &self,
        method: &'static str,
        token: &Token,
        params: &Value,
    ) -> Result<Answer<T>, PlatformError> {
        let param = params.to_string();
        self.link.insist(&self.limiter, method, || self.ask(method, token, &param)).await
    }

    /// One try.
    async fn ask<T: Shape>(
        &self,
        method: &'static str,
        token: &Token,
        param: &str,
    ) -> Result<Answer<T>, PlatformError> {
        let sign_secret = self.link.app.sign_secret().ok_or_else(|| PlatformError::Denied {
            context: format!("{method}: the app's key is given without the secret that signs (signSecret)"),
        })?;
        let timestamp = self.link.clock.now().timestamp_millis().to_string();
        let mut query = vec![
            ("access_token", token.access_token.as_str()),
            ("appkey", self.link.app.key()),
            ("method", method),
            ("param", param),
            ("signMethod", SIGN_METHOD.key()),
            ("timestamp", &timestamp),
            ("version", VERSION),
        ];
        let sign = SIGN_METHOD.sign(sign_secret, &request_text(&query, sign_secret));
        query.push(("sign", &sign));
        let request = self.link.http.get(self.link.endpoint.at(&method.replace('.', "/"), &query));
        let received = http::send(request).await.map_err(|error| error.in_call(method))?;
        answer(method, received)
    }
}

/// The data of an answer, or its error.
fn answer<T: Shape>(method: &'static str, received: Received) -> Result<Answer<T>, PlatformError> {
    received.check(method)?;
    let Received { status, retry_after, body } = received;
    let context = format!("{method}: HTTP {status}");
    let envelope: Envelope<T> = frame(&context, &body)?;
    let Int::Known(result) = envelope.result else {
        return Err(PlatformError::Malformed { context: format!("{context}, an envelope without a result") });
    };
    if result != errors::OK {
        let (code, sub_code) = (envelope.code.or_empty(), envelope.sub_code.or_empty());
        let words = [&envelope.error_msg, &envelope.msg, &envelope.sub_msg].map(Text::or_empty).join(" ");
        let context = format!("{method}: {result} {code} {sub_code} {words}").trim_end().to_owned();
        return Err(errors::classify(Refusal { result, code, sub_code, words: &words }, retry_after, context));
    }
    Answer::of(method, envelope.data, &body)
}

/// Refuses a window that runs backwards, or is longer than the interface takes.
fn check_window(method: &str, window: &Window, longest: chrono::TimeDelta) -> Result<(), PlatformError> {
    if window.from < window.to && window.to - window.from <= longest {
        return Ok(());
    }
    let hours = longest.num_hours();
    Err(PlatformError::Rejected { context: format!("{method}: a window of nothing, or of more than {hours} hours") })
}

/// Where to go on: the platform's own text, until it says that there is no more. A blank would begin again.
fn next_place(place: &Text) -> Option<Cursor> {
    place.get().filter(|text| !ENDS.contains(text)).map(|text| Cursor::new(text.to_owned()))
}

/// How many records came; more than were asked for is not an answer to the question.
fn count(method: &str, rows: usize, size: i64) -> Result<i64, PlatformError> {
    i64::try_from(rows)
        .ok()
        .filter(|rows| *rows <= size)
        .ok_or_else(|| PlatformError::Malformed { context: format!("{method}: {rows} records in a page of {size}") })
}

#[cfg(test)]
mod tests;

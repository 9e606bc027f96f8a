//! The connector to one shop: signs, waits its turn, asks, tries again where that helps.
//!
//! Rule: every try is signed anew with the clock's time, for a signature is good for ten minutes and a wait may not be
//! shorter. Every try takes a place at the rate limit, retries too.
//!
//! One value a shop: the limit is the shop's. Everything else in it is an argument.

mod aftersale;
mod orders;
mod settlement;
mod token;

use super::errors;
use super::limits::{BURST, CALLS_PER_SECOND, MAX_ROWS, PAGE_SIZE};
use super::sign::{SignMethod, VERSION, request_text};
use super::wire::envelope::Envelope;
use crate::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use crate::platforms::canonical::canonical;
use crate::platforms::connector::{Answer as Awaited, IsKnown};
use crate::platforms::fields::{Int, Shape};
use crate::platforms::http::{self, Received};
use crate::platforms::limiter::Limiter;
use crate::platforms::reading::{Answer, frame, malformed};
use crate::platforms::why::missing;
use crate::platforms::{Ask, Connector, Cursor, Grant, Interface, Link, Page, PlatformError, Token, Window};
use futures::FutureExt as _;
use serde_json::Value;

/// Orders by update time.
pub const ORDERS: &str = "order.searchList";
/// After-sale cases by update time.
pub const AFTER_SALES: &str = "afterSale.List";
/// Statement rows by settlement time.
pub const SETTLEMENTS: &str = "order.getSettleBillDetailV3";
/// How requests are signed.
const SIGN_METHOD: SignMethod = SignMethod::HmacSha256;
/// Asks for errors in the form [`errors`] reads.
const NEW_ERRORS: (&str, &str) = ("x-open-no-old-err-code", "1");

/// A shop on Douyin.
#[derive(Debug)]
pub struct Douyin {
    link: Link,
    limiter: Limiter,
}

impl Connector for Douyin {
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
        self.orders(ask.token, ask.window, ask.cursor).boxed()
    }

    fn refunds<'a>(&'a self, ask: Ask<'a>, is_known: IsKnown<'a>) -> Awaited<'a, Page<RefundRecord>> {
        self.refunds(ask.token, ask.window, ask.cursor, is_known).boxed()
    }

    fn settlements<'a>(&'a self, ask: Ask<'a>) -> Awaited<'a, Page<SettlementRecord>> {
        self.settlements(ask.token, ask.window, ask.cursor).boxed()
    }
}

impl Douyin {
    /// A connector.
    pub fn new(link: Link) -> Self {
        Self { link, limiter: Limiter::new(CALLS_PER_SECOND, BURST) }
    }

    /// Asks until there is an answer, an error that asking again does not mend, or enough was tried.
    async fn call<T: Shape>(
        &self,
        method: &'static str,
        token: Option<&Token>,
        params: &Value,
    ) -> Result<Answer<T>, PlatformError> {
        let param_json = canonical(&params.to_string()).expect("parameters are JSON of few levels");
        self.link.insist(&self.limiter, method, || self.ask(method, token, &param_json)).await
    }

    /// One try.
    async fn ask<T: Shape>(
        &self,
        method: &'static str,
        token: Option<&Token>,
        param_json: &str,
    ) -> Result<Answer<T>, PlatformError> {
        let timestamp = self.link.clock.now().timestamp().to_string();
        let sign =
            SIGN_METHOD.sign(self.link.app.secret(), &request_text(&self.link.app, method, param_json, &timestamp));
        let mut query = vec![
            ("app_key", self.link.app.key()),
            ("method", method),
            ("timestamp", &timestamp),
            ("v", VERSION),
            ("sign_method", SIGN_METHOD.key()),
            ("sign", &sign),
        ];
        query.extend(token.map(|token| ("access_token", token.access_token.as_str())));
        let request = self
            .link
            .http
            .post(self.link.endpoint.at(&method.replace('.', "/"), &query))
            .header("content-type", "application/json")
            .header(NEW_ERRORS.0, NEW_ERRORS.1)
            .body(param_json.to_owned());
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
    let Int::Known(code) = envelope.code else {
        return Err(PlatformError::Malformed { context: format!("{context}, an envelope without a code") });
    };
    let sub_code = envelope.sub_code.or_empty();
    if code != errors::OK {
        let (msg, sub_msg) = (envelope.msg.or_empty(), envelope.sub_msg.or_empty());
        let context = format!("{method}: {code} {msg} {sub_code} {sub_msg}").trim_end().to_owned();
        return Err(errors::classify(code, sub_code, retry_after, context));
    }
    Answer::of(method, envelope.data, &body)
}

/// The page a cursor of numbered pages stands at.
fn page_no(cursor: &Cursor) -> Result<i64, PlatformError> {
    if *cursor == Cursor::START {
        return Ok(0);
    }
    cursor.text().parse().map_err(|_| PlatformError::Rejected { context: "a cursor of another interface".to_owned() })
}

/// The page after this one. The platform's total may grow while one reads, so a full page always has a next one.
fn next_page(page: i64, received: i64, total: i64, has_more: Option<bool>) -> Option<Cursor> {
    let read = (page + 1) * PAGE_SIZE;
    let more = has_more.unwrap_or(total > read) || received >= PAGE_SIZE;
    (more && received > 0).then(|| Cursor::new((page + 1).to_string()))
}

/// Refuses a window that runs backwards.
fn check_window(window: &Window) -> Result<(), PlatformError> {
    if window.from < window.to {
        return Ok(());
    }
    Err(PlatformError::Rejected { context: "a window that ends before it begins".to_owned() })
}

/// Refuses, before and after asking, what lies deeper than the platform pages.
fn check_depth(method: &str, page: i64, total: i64) -> Result<(), PlatformError> {
    let rows = total.max((page + 1) * PAGE_SIZE);
    if rows <= MAX_ROWS {
        return Ok(());
    }
    Err(PlatformError::WindowTooWide { rows, context: format!("{method} pages through {MAX_ROWS} rows at most") })
}

/// How many records came; more than were asked for is not an answer to the question.
fn count(method: &str, rows: usize) -> Result<i64, PlatformError> {
    i64::try_from(rows).ok().filter(|rows| *rows <= PAGE_SIZE).ok_or_else(|| PlatformError::Malformed {
        context: format!("{method}: {rows} records in a page of {PAGE_SIZE}"),
    })
}

/// The window's total. It must be stated: without it nobody could tell a page of nothing from an answer misread.
fn total_of(method: &str, total: Int) -> Result<i64, PlatformError> {
    total.get("total").and_then(|total| total.ok_or_else(|| missing("total"))).map_err(|why| malformed(method, &why))
}

#[cfg(test)]
mod tests;

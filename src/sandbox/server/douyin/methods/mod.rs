//! The methods, and how their parameters are read.
//!
//! Parameters come as a JSON object; the platform takes numbers as numbers or as text, so both are read. A filter the
//! sandbox does not know is refused, never ignored: ignoring it would answer another question.

pub mod after_sales;
pub mod bills;
pub mod orders;
pub mod tokens;

use super::Sandbox;
use super::refusal::{BODY_UNREADABLE, METHOD_UNKNOWN, Refusal};
use crate::sandbox::server::faults::Fingerprint;
use crate::sandbox::world::shops::Shop;
use serde_json::{Map, Value};

/// A request that has passed the gate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub sandbox: &'a Sandbox,
    pub shop: Shop,
    pub params: &'a Params,
    pub now: i64,
    pub first_time: Option<Fingerprint>,
}

/// The envelope's text with the method's data.
pub(super) fn answer(method: &str, call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    match method {
        "order.searchList" => orders::search(call),
        "order.orderDetail" => orders::detail(call),
        "afterSale.List" => after_sales::list(call),
        "afterSale.Detail" => after_sales::detail(call),
        "order.getSettleBillDetailV3" => bills::list(call),
        _ => Err(METHOD_UNKNOWN),
    }
}

/// A request's parameters.
#[derive(Debug)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    /// The body as an object.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map(Self).map_err(|_| BODY_UNREADABLE)
    }

    /// A whole number, as number or text.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::Number(n) => n.as_i64(),
            Value::String(s) => s.parse().ok(),
            _ => None,
        }
    }

    /// A text that is not blank; a number's digits where a number was sent.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(s) => Some(s.clone()).filter(|s| !s.is_empty()),
            Value::Number(n) => Some(n.to_string()),
            _ => None,
        }
    }

    /// A flag; absent is false.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|v| *v == Value::Bool(true) || v.as_str() == Some("true"))
    }

    /// The first of these members that says something.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().filter_map(|name| self.0.get(*name)).any(|v| match v {
            Value::Null => false,
            Value::String(s) => !s.is_empty(),
            Value::Array(a) => !a.is_empty(),
            _ => true,
        })
    }

    /// The list of texts a member holds.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

/// Page and size within bounds, as places in a list.
pub(super) fn place(page: i64, size: i64) -> Option<(usize, usize)> {
    Some((usize::try_from(page).ok()?, usize::try_from(size).ok().filter(|s| (1..=100).contains(s))?))
}

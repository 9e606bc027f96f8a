//! The gate: app key, timestamp and signature of every request, and what is said to those who do not pass.
//!
//! The recipe, from the platform's own guide: `access_token`, `appkey`, `method`, `param`, `signMethod`, `timestamp` and
//! `version`, those that were sent, by name; `name=value` joined by `&`; `&signSecret=` and the secret behind. HMAC-SHA256
//! of that text under the secret in base64, or its MD5 in lower-case hex.

use super::Given;
use crate::domain::calendar::Instant;
use crate::sandbox::world::dice::mix;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use sha2::Sha256;

/// A request may be this much older or newer than the platform's clock. The platform does not say how much.
const SKEW_SECONDS: i64 = 600;
const SIGNED: [&str; 7] = ["access_token", "appkey", "method", "param", "signMethod", "timestamp", "version"];

/// The app both shops have authorised.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    pub key: String,
    pub secret: String,
    pub sign_secret: String,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("key", &self.key).finish_non_exhaustive()
    }
}

impl App {
    /// The app of a seed.
    pub fn of(seed: u64) -> Self {
        Self {
            key: format!("ks{}", 700_000_000_000_000_000 + mix(seed, 11) % 99_999_999_999_999_999),
            secret: format!("sandbox-ks-{:016x}", mix(seed, 12)),
            sign_secret: format!("{:016x}{:016x}", mix(seed, 13), mix(seed, 14)),
        }
    }
}

/// A refusal by result, code, sub-code and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    result: i64,
    code: &'static str,
    sub_code: &'static str,
    words: &'static str,
}

const fn refusal(result: i64, words: &'static str) -> Refusal {
    Refusal { result, code: "", sub_code: "", words }
}

const fn business(result: i64, sub_code: &'static str, words: &'static str) -> Refusal {
    Refusal { result, code: "807000", sub_code, words }
}

pub const APP_UNKNOWN: Refusal = refusal(10, "appkey不存在");
pub const METHOD_UNKNOWN: Refusal = refusal(11, "接口不存在");
pub const TIMESTAMP_STALE: Refusal = refusal(12, "timestamp无效");
pub const SIGN_WRONG: Refusal = refusal(13, "签名校验失败");
pub const PARAM_UNREADABLE: Refusal = refusal(14, "param不是JSON");
pub const TOKEN_ENDED: Refusal = refusal(28, "TOKEN过期");
pub const TOKEN_UNKNOWN: Refusal = refusal(28, "鉴权失败");
pub const THROTTLED: Refusal = Refusal {
    result: 1_017,
    code: "1017",
    sub_code: "",
    words: "Exceed qps limit, KEY [apiId:1;appkey:ks], MAX_QPS [300.0]",
};
pub const WINDOW_WRONG: Refusal = business(2_001, "2001", "endTime无效");
pub const SPAN_TOO_LONG: Refusal = business(300_019, "300019", "查询时间跨度超过限制");
pub const ORDERS_TOO_LONG: Refusal = business(300_004, "300004", "查询时间跨度不能超过7天");
pub const TOO_OLD: Refusal = business(300_005, "300005", "只能查询90天内的数据");
pub const PAGE_WRONG: Refusal = business(300_002, "300002", "分页参数不合法");
pub const FILTER_UNKNOWN: Refusal = business(300_002, "300002", "沙箱不支持该筛选条件");
pub const ORDER_UNKNOWN: Refusal = business(300_011, "300011", "订单不存在");

impl Refusal {
    /// The answer: its data is there and empty.
    pub fn envelope(&self) -> Value {
        let Self { result, code, sub_code, words } = *self;
        json!({"result": result, "code": code, "msg": "业务处理失败", "sub_code": sub_code, "sub_msg": words,
            "error_msg": words, "data": {"cursor": "", "orderList": []}})
    }
}

/// Lets a request pass or says why not.
pub fn check(app: &App, method: &str, given: &Given, now: Instant) -> Result<(), Refusal> {
    let text = |name: &str| given.get(name).map_or("", String::as_str);
    if text("appkey") != app.key {
        return Err(APP_UNKNOWN);
    }
    if text("method") != method || text("version") != "1" {
        return Err(METHOD_UNKNOWN);
    }
    let at = text("timestamp").parse().ok().and_then(DateTime::from_timestamp_millis).ok_or(TIMESTAMP_STALE)?;
    if (now - at).num_seconds().abs() > SKEW_SECONDS {
        return Err(TIMESTAMP_STALE);
    }
    let mut message: Vec<String> =
        SIGNED.iter().filter_map(|name| Some(format!("{name}={}", given.get(*name)?))).collect();
    message.push(format!("signSecret={}", app.sign_secret));
    let message = message.join("&");
    let expected = match text("signMethod") {
        "HMAC_SHA256" => {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(app.sign_secret.as_bytes()).expect("HMAC takes a key of any length");
            mac.update(message.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        }
        "MD5" => hex::encode(Md5::digest(&message)),
        _ => return Err(SIGN_WRONG),
    };
    if text("sign") == expected { Ok(()) } else { Err(SIGN_WRONG) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn the_gate_accepts_what_the_published_sdks_sign_and_nothing_else() {
        let vectors: Vec<Value> =
            serde_json::from_str(include_str!("../../../../tests/fixtures/sign_vectors.json")).unwrap();
        let mut tried = 0;
        for v in vectors.iter().filter(|v| v["platform"] == "kuaishou" && v["kind"] == "api_request") {
            let text = |name: &str| v[name].as_str().unwrap().to_owned();
            let app = App { key: text("appkey"), secret: String::new(), sign_secret: text("signSecret") };
            let mut given: Given = SIGNED.iter().map(|name| ((*name).to_owned(), text(name))).collect();
            given.insert("sign".to_owned(), text("expected_sign"));
            let now = DateTime::from_timestamp_millis(text("timestamp").parse().unwrap()).unwrap();
            assert_eq!(check(&app, &text("method"), &given, now), Ok(()), "{}", text("case"));
            given.insert("param".to_owned(), format!("{} ", text("param")));
            assert_eq!(check(&app, &text("method"), &given, now), Err(SIGN_WRONG), "a byte more");
            tried += 1;
        }
        assert!(tried >= 5, "{tried} vectors");
    }
}

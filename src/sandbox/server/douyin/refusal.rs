//! The platform's envelope and the refusals it documents.
//!
//! Codes: 10000 fine, 20000 unavailable, 30001 permission, 40001 and 40003 missing or invalid public parameters, 40004
//! invalid business parameters with a number of the method's own, 50001 processing failed, 60000 rate limited. A
//! refusal is HTTP 200 like everything else.

use serde::Serialize;

/// A refusal by code and sub-code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub code: u32,
    pub msg: &'static str,
    pub sub_code: &'static str,
    pub sub_msg: &'static str,
}

const fn missing(sub_code: &'static str, sub_msg: &'static str) -> Refusal {
    Refusal { code: 40_001, msg: "缺少必选参数", sub_code, sub_msg }
}

const fn invalid(sub_code: &'static str, sub_msg: &'static str) -> Refusal {
    Refusal { code: 40_003, msg: "非法的参数", sub_code, sub_msg }
}

const fn business(sub_code: &'static str, sub_msg: &'static str) -> Refusal {
    Refusal { code: 40_004, msg: "业务参数不合法", sub_code, sub_msg }
}

pub const APP_MISSING: Refusal = missing("isv.app-id-missing", "缺少app_key");
pub const SIGNATURE_MISSING: Refusal = missing("isv.signature-missing", "缺少sign");
pub const TOKEN_MISSING: Refusal = missing("isv.access-token-missing", "缺少access_token");
pub const TIMESTAMP_MISSING: Refusal = missing("isv.timestamp-missing", "缺少timestamp");

pub const APP_UNKNOWN: Refusal = invalid("isv.app-id-invalid", "app_key不存在");
pub const SIGNATURE_WRONG: Refusal = invalid("isv.signature-invalid", "签名校验失败");
pub const TIMESTAMP_UNREADABLE: Refusal = invalid("isv.timestamp-format-error", "timestamp格式错误");
pub const TIMESTAMP_STALE: Refusal = invalid("isv.timestamp-invalid", "timestamp与平台时间相差超过10分钟");
pub const BODY_UNREADABLE: Refusal = invalid("isv.parameter-format-invalid", "参数不是JSON对象");
pub const METHOD_UNKNOWN: Refusal = invalid("isv.method-invalid", "接口不存在");
pub const TOKEN_EXPIRED: Refusal = invalid("isv.access-token-expired", "access_token已过期");
pub const TOKEN_UNKNOWN: Refusal = invalid("isv.access-token-no-existed", "access_token不存在");

pub const ORDER_SIZE: Refusal = business("isv.parameter-invalid:20008", "size须在1到100之间");
pub const ORDER_PAGE: Refusal = business("isv.parameter-invalid:10035", "page不能小于0");
pub const ORDER_NO_START: Refusal = business("isv.parameter-invalid:20011", "创建时间和更新时间至少填写一个开始时间");
pub const ORDER_TOO_DEEP: Refusal = business("isv.parameter-invalid:20013", "翻页超过50000条，请缩小时间范围");
pub const ORDER_TOO_OLD: Refusal = business("isv.parameter-invalid:20022", "只能查询最近90天内创建的订单");
pub const ORDER_FILTER: Refusal = business("isv.parameter-invalid:20012", "沙箱不支持该筛选条件");
pub const ORDER_UNKNOWN: Refusal = business("isv.parameter-invalid:20003", "订单不存在");
pub const AFTER_SALE_PAGE: Refusal = business("isv.parameter-invalid:11000", "分页参数不合法");
pub const AFTER_SALE_WINDOW: Refusal = business("isv.parameter-invalid:11003", "开始和结束时间须成对填写");
pub const AFTER_SALE_UNKNOWN: Refusal = business("isv.parameter-invalid:11001", "售后单不存在");
pub const BILL_PARAMETERS: Refusal =
    business("isv.parameter-invalid:100026", "时间范围须为7天以内，size须在1到100之间");

pub const THROTTLED: Refusal =
    Refusal {
        code: 60_000, msg: "请求被限流", sub_code: "isv.traffic-limited", sub_msg: "调用频率超限，请稍后重试"
    };
pub const UNAVAILABLE: Refusal =
    Refusal {
        code: 20_000, msg: "服务不可用", sub_code: "isp.service-error:20004", sub_msg: "系统繁忙，请稍后重试"
    };
pub const GRANT_UNKNOWN: Refusal = Refusal {
    code: 50_002,
    msg: "业务处理失败",
    sub_code: "isv.business-failed:31009",
    sub_msg: "授权类型或店铺不正确",
};
pub const REFRESH_EXPIRED: Refusal = Refusal {
    code: 50_001,
    msg: "处理失败",
    sub_code: "dop.token-generate-failed:token-expired",
    sub_msg: "refresh_token已过期",
};
pub const REFRESH_UNKNOWN: Refusal = Refusal {
    code: 50_001,
    msg: "处理失败",
    sub_code: "dop.token-generate-failed:token-invalid",
    sub_msg: "refresh_token不正确",
};

#[derive(Serialize)]
struct Envelope<'a, T> {
    code: u32,
    msg: &'a str,
    sub_code: &'a str,
    sub_msg: &'a str,
    data: T,
    log_id: &'a str,
}

/// An answer with data.
pub fn envelope<T: Serialize>(data: &T) -> Vec<u8> {
    text(&Envelope { code: 10_000, msg: "success", sub_code: "", sub_msg: "", data, log_id: "sandbox" })
}

impl Refusal {
    /// The answer without data.
    pub fn envelope(&self) -> Vec<u8> {
        let Self { code, msg, sub_code, sub_msg } = *self;
        text(&Envelope { code, msg, sub_code, sub_msg, data: (), log_id: "sandbox" })
    }
}

/// Room for most answers; a full page of orders grows it a few times.
const USUAL_BYTES: usize = 4_096;

fn text<T: Serialize>(answer: &T) -> Vec<u8> {
    let mut text = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut text, answer).expect("answers have text keys and no failing serialiser");
    text
}

//! Kuaishou's results as what to do next.
//!
//! The numbers of many failures are not published and their texts are, so both are looked at. Rule: what nobody listed
//! is `Rejected` with its text: it is shown and never retried blindly.

use super::limits::TOKEN_ENDED;
use crate::platforms::PlatformError;
use std::time::Duration;

/// The result of success.
pub const OK: i64 = 1;
/// Today's calls are used up.
const QUOTA_USED_UP: &str = "802006";
/// The window is longer than is allowed now.
const SPAN_TOO_LONG: [i64; 2] = [300_004, 300_019];

/// What a refusal says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    pub result: i64,
    pub code: &'a str,
    pub sub_code: &'a str,
    /// All its texts.
    pub words: &'a str,
}

/// What a refusal means. `context` is for a person; `retry_after` is what the transport asked for.
pub fn classify(refusal: Refusal<'_>, retry_after: Option<Duration>, context: String) -> PlatformError {
    let Refusal { result, code, sub_code, words } = refusal;
    let says = |any: &[&str]| any.iter().any(|part| words.contains(part));
    let numbered = |number: i64| result == number || [code, sub_code].contains(&number.to_string().as_str());
    if [code, sub_code].contains(&QUOTA_USED_UP) || says(&["Exceed quota limit, KEY"]) {
        return PlatformError::Exhausted { context };
    }
    if says(&["Exceed qps limit", "exceed quota limit"]) || numbered(1_017) {
        return PlatformError::Throttled { retry_after, context };
    }
    if SPAN_TOO_LONG.into_iter().any(numbered) {
        return PlatformError::WindowTooWide { rows: 0, context };
    }
    match result {
        24 | 26 => PlatformError::Denied { context },
        TOKEN_ENDED => PlatformError::TokenExpired { context },
        _ if says(&["TOKEN过期", "token过期", "鉴权失败"]) => PlatformError::TokenExpired { context },
        _ if says(&["AUTHORIZATION_REVOKED", "验签失败", "签名校验失败"]) => {
            PlatformError::Denied { context }
        }
        _ => PlatformError::Rejected { context },
    }
}

/// What a refused token means, by the number of its own list.
pub fn classify_grant(result: i64, context: String) -> PlatformError {
    match result {
        // unauthorised app, a revoked or used refresh token, a used code
        100_200_101 | 100_200_102 | 100_200_105 => PlatformError::Denied { context },
        100_200_500 => PlatformError::Unreachable { context },
        _ => PlatformError::Rejected { context },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(error: &PlatformError) -> String {
        format!("{error:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_result_says_what_to_do_next() {
        for (result, code, sub_code, words, expected) in [
            (24, "", "", "AUTHORIZATION_REVOKED", "Denied"),
            (26, "", "", "主账号不存在", "Denied"),
            (28, "", "", "", "TokenExpired"),
            (-1, "", "", "鉴权失败", "TokenExpired"),
            (-1, "", "", "签名校验失败", "Denied"),
            (-1, "", "", "Exceed qps limit, KEY [apiId:1;appkey:ks1], MAX_QPS [300.0]", "Throttled"),
            (1_017, "", "", "", "Throttled"),
            (-1, "", "", "[1017] exceed quota limit,[apiId:1;primaryUserId:2]", "Throttled"),
            (-1, "", "", "Exceed quota limit, KEY [appkey:ks1]", "Exhausted"),
            (-1, "802006", "", "", "Exhausted"),
            (-1, "", "802006", "", "Exhausted"),
            (2_001, "807000", "2001", "endTime无效", "Rejected"),
            (2_001, "807000", "300019", "", "WindowTooWide"),
            (300_004, "", "", "", "WindowTooWide"),
            (300_012, "", "", "", "Rejected"),
        ] {
            let refusal = Refusal { result, code, sub_code, words };
            let error = classify(refusal, None, "x".to_owned());
            assert_eq!(kind(&error), expected, "{refusal:?}");
        }
        for (result, expected) in
            [(100_200_102, "Denied"), (100_200_105, "Denied"), (100_200_500, "Unreachable"), (100_200_104, "Rejected")]
        {
            assert_eq!(kind(&classify_grant(result, "x".to_owned())), expected, "{result}");
        }
    }
}

//! Douyin's error codes as what to do next.
//!
//! The main code gives the kind; the sub code decides where one kind holds two ways out (a token to renew, a permission
//! to ask for). Rule: a code nobody listed is `Rejected` with its text: it is shown and never retried blindly.

use crate::platforms::PlatformError;
use std::time::Duration;

/// The code of success.
pub const OK: i64 = 10_000;
/// The code of success inside a settlement answer, which has its own envelope within the envelope.
pub const SETTLEMENT_OK: &str = "100000";

/// What an error code means. `context` is for a person; `retry_after` is what the transport asked for.
pub fn classify(code: i64, sub_code: &str, retry_after: Option<Duration>, context: String) -> PlatformError {
    match code {
        60_000 => PlatformError::Throttled { retry_after, context },
        _ if sub_code.contains("traffic-limited") => PlatformError::Throttled { retry_after, context },
        20_000 | 20_001 => PlatformError::Unreachable { context },
        30_001 | 30_002 | 80_000 => PlatformError::Denied { context },
        40_003 if sub_code.starts_with("isv.access-token-") => PlatformError::TokenExpired { context },
        40_001 | 40_003 if is_about_credentials(sub_code) => PlatformError::Denied { context },
        50_001 | 50_002 if is_about_granting(sub_code) => PlatformError::Denied { context },
        _ => PlatformError::Rejected { context },
    }
}

/// Key, secret or token are missing or wrong: a person has to look.
fn is_about_credentials(sub_code: &str) -> bool {
    ["isv.app-id-", "isv.signature-", "isv.access-token-"].iter().any(|prefix| sub_code.starts_with(prefix))
}

/// A token cannot be made or renewed: the shop has to authorise again.
fn is_about_granting(sub_code: &str) -> bool {
    sub_code.starts_with("dop.token-generate-failed") || sub_code == "isv.business-failed:31009"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: i64, sub_code: &str) -> String {
        let error = classify(code, sub_code, None, "x".to_owned());
        format!("{error:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_code_says_what_to_do_next() {
        for (code, sub_code, expected) in [
            (60_000, "isv.traffic-limited", "Throttled"),
            (50_002, "isp.traffic-limited:3", "Throttled"),
            (20_000, "isp.service-error:20004", "Unreachable"),
            (20_001, "", "Unreachable"),
            (30_001, "dop.authorization-closed", "Denied"),
            (30_002, "", "Denied"),
            (40_001, "isv.access-token-missing", "Denied"),
            (40_001, "isv.parameter-missing", "Rejected"),
            (40_003, "isv.access-token-expired", "TokenExpired"),
            (40_003, "isv.access-token-no-existed", "TokenExpired"),
            (40_003, "isv.signature-invalid", "Denied"),
            (40_003, "isv.timestamp-invalid", "Rejected"),
            (40_004, "isv.parameter-invalid:20022", "Rejected"),
            (50_001, "dop.token-generate-failed:token-expired", "Denied"),
            (50_002, "isv.business-failed:31009", "Denied"),
            (50_002, "isv.business-failed:12000", "Rejected"),
            (70_000, "", "Rejected"),
            (80_000, "", "Denied"),
            (123_456, "", "Rejected"),
        ] {
            assert_eq!(kind(code, sub_code), expected, "{code} {sub_code}");
        }
    }
}

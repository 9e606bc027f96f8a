//! WeChat's error numbers as what to do next.
//!
//! Rule: a number nobody listed is `Rejected` with its text: it is shown and never retried blindly.

use super::limits::{ADDRESS_UNLISTED, SECRET_WRONG, TOKEN_INVALID};
use crate::platforms::PlatformError;
use std::time::Duration;

/// The number of success.
pub const OK: i64 = 0;

/// What an error number means. `context` is for a person; `retry_after` is what the transport asked for.
pub fn classify(errcode: i64, retry_after: Option<Duration>, context: String) -> PlatformError {
    match errcode {
        // busy
        -1 => PlatformError::Unreachable { context },
        45_011 => PlatformError::Throttled { retry_after, context },
        45_009 => PlatformError::Exhausted { context },
        40_001 | 42_001 | TOKEN_INVALID => PlatformError::TokenExpired { context },
        // app number or secret, an address not on the shop's list
        40_013 | SECRET_WRONG | 45_035 | 61_004 | ADDRESS_UNLISTED
        // no permission, banned, limited, not authorised, the account is being closed
        | 48_001 | 48_004 | 50_001 | 50_002 | 61_007 | 10_080_000 | 10_080_001 => PlatformError::Denied { context },
        10_020_004 => PlatformError::WindowTooWide { rows: 0, context },
        _ => PlatformError::Rejected { context },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_says_what_to_do_next() {
        for (errcode, expected) in [
            (-1, "Unreachable"),
            (45_011, "Throttled"),
            (45_009, "Exhausted"),
            (40_001, "TokenExpired"),
            (42_001, "TokenExpired"),
            (40_014, "TokenExpired"),
            (40_013, "Denied"),
            (40_125, "Denied"),
            (45_035, "Denied"),
            (61_004, "Denied"),
            (48_001, "Denied"),
            (10_020_004, "WindowTooWide"),
            (47_001, "Rejected"),
            (41_001, "Rejected"),
            (100_002, "Rejected"),
            (123_456, "Rejected"),
        ] {
            let error = format!("{:?}", classify(errcode, None, "x".to_owned()));
            assert!(error.starts_with(expected), "{errcode}: {error}");
        }
    }
}

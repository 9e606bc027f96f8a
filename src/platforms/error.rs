//! What went wrong at a platform, sorted by what to do next, since that is all a caller can decide on.
//!
//! Rule: the context is for a person and holds no secret: the method asked for and the platform's own words, never an
//! address (its query carries signature and token) and never a record.

use std::time::Duration;

/// An answer that was not the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// The shop or the app may not: a person has to authorise again, or mend keys or permissions.
    #[error("denied by the platform: {context}")]
    Denied { context: String },
    /// The access token has ended: refresh it and ask again.
    #[error("the access token is no longer valid: {context}")]
    TokenExpired { context: String },
    /// Too fast, and still so after the retries: come back later.
    #[error("throttled by the platform: {context}")]
    Throttled { retry_after: Option<Duration>, context: String },
    /// Today's calls are used up: come back tomorrow, and not before.
    #[error("today's calls are used up: {context}")]
    Exhausted { context: String },
    /// The window holds more rows than may be paged through, or is longer than is allowed now: ask for shorter ones.
    #[error("the window is too wide ({rows} rows): {context}")]
    WindowTooWide { rows: i64, context: String },
    /// The platform refuses the request itself: asking again will not help.
    #[error("rejected by the platform: {context}")]
    Rejected { context: String },
    /// An answer that is not in the documented shape.
    #[error("not understood: {context}")]
    Malformed { context: String },
    /// No answer, or one that says the service is down, and still so after the retries: come back later.
    #[error("unreachable: {context}")]
    Unreachable { context: String },
}

impl PlatformError {
    /// An error of the transport, with the method it happened in.
    #[must_use]
    pub fn in_call(self, method: &str) -> Self {
        match self {
            Self::Unreachable { context } => Self::Unreachable { context: format!("{method}: {context}") },
            Self::Malformed { context } => Self::Malformed { context: format!("{method}: {context}") },
            other => other,
        }
    }

    /// Worth asking again with the same words.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unreachable { .. })
    }
}

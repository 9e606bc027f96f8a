//! How shops speak: one folder a platform, from its signature to records the product understands.
//!
//! Rule: a connector keeps nothing but its rate limit. Endpoint, keys, clock and randomness are arguments, so the same
//! code talks to a real platform, to a stand-in on loopback, and in a world whose years pass in minutes. What has been
//! fetched already, and what to do with it, is known to `ingest` alone.
//!
//! Rule: the wire types are the allow-list. A field that no wire type names is never read, so it cannot be kept; the
//! evidence of a record is its wire type written out again. A buyer's id is read but not written (`fields::Unkept`).
//!
//! To add a platform: a folder with the same files: `sign` (pure, held by the sign vectors), `wire` (what it sends),
//! `convert` (pure: wire to `domain::records`, or a reason for a person), `errors` (its codes as [`PlatformError`]),
//! `limits`, `client` (one file a noun, a page a call), and in `mod` its [`Interface`], whose line in
//! [`connector::INTERFACES`] is the only change outside the folder. The whole recipe is in docs/PLATFORMS.md. Each
//! unconfirmed point is one named constant. Unknown statuses are kept and never success.
//!
//! Not here: windows with overlap, checkpoints, quarantine (`ingest`), and the stand-in servers (`sandbox`), which share
//! no code with this side.

pub mod canonical;
pub mod connector;
pub mod credentials;
pub mod douyin;
pub mod error;
pub mod fields;
pub mod http;
pub mod kuaishou;
pub mod limiter;
pub mod reading;
pub mod retry;
pub mod sealed;
#[cfg(test)]
mod stub;
pub mod wechat_channels;
mod why;

pub use connector::{Ask, Connector, Grant, Interface, Link};
pub use credentials::{AppKey, Token};
pub use error::PlatformError;

use crate::domain::calendar::Instant;
use crate::domain::records::{Evidenced, Rejected};

/// A platform the product knows by name; connectors exist for some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    Douyin,
    Kuaishou,
    WechatChannels,
    Taobao,
    Pinduoduo,
    Jd,
    Xiaohongshu,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Self; 7] = [
        Self::Douyin,
        Self::Kuaishou,
        Self::WechatChannels,
        Self::Taobao,
        Self::Pinduoduo,
        Self::Jd,
        Self::Xiaohongshu,
    ];

    /// As stored and typed on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Douyin => "douyin",
            Self::Kuaishou => "kuaishou",
            Self::WechatChannels => "wechat_channels",
            Self::Taobao => "taobao",
            Self::Pinduoduo => "pinduoduo",
            Self::Jd => "jd",
            Self::Xiaohongshu => "xiaohongshu",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.key() == key)
    }

    /// Its name as people in China say it; a proper name, the same in every language of the site.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Douyin => "抖店",
            Self::Kuaishou => "快手小店",
            Self::WechatChannels => "微信视频号小店",
            Self::Taobao => "淘宝天猫",
            Self::Pinduoduo => "拼多多",
            Self::Jd => "京东",
            Self::Xiaohongshu => "小红书",
        }
    }
}

/// What is asked for: records changed (statements: settled) from `from` up to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Instant,
    pub to: Instant,
}

/// Where to go on reading a window. Opaque: each connector writes and reads its own; valid for the window it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor(String);

impl Cursor {
    /// The first page.
    pub const START: Self = Self(String::new());

    /// A connector's own text.
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The connector's own text; empty at the start.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// One page of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub records: Vec<Evidenced<T>>,
    /// What could not be understood; the rest of the page stands.
    pub rejected: Vec<Rejected>,
    /// Records the platform sent in this page, for completeness: one may become several `records` (a refund and its
    /// clawback), so `records.len()` says less.
    pub received: i64,
    /// Records the platform says the whole window has, where it says so.
    pub total: Option<i64>,
    /// `None`: nothing left.
    pub next: Option<Cursor>,
    /// Of the bytes received, before scrubbing.
    pub received_sha256: [u8; 32],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_is_found_by_its_key() {
        for platform in Platform::ALL {
            assert_eq!(Platform::parse(platform.key()), Some(platform));
        }
        assert_eq!(Platform::parse("tmall"), None);
    }
}

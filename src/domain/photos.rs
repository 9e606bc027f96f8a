//! Photos of goods: of what, how large they may be, and what is wrong with one.
//!
//! Not here: drawing one anew (`services::photo_drawing`), who may add one (`services::photos`).

use super::lang::Lang;

/// Bytes of a photo as a phone takes it.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Pixels of one: more than any phone's camera, less than would fill the memory.
pub const MOST_PIXELS: u64 = 40_000_000;
/// Bytes of a picture that is kept.
pub const MOST_KEPT: usize = 300_000;

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    Product(i64),
    Listing(i64),
    Proposal(i64),
}

impl Shows {
    /// The kind, as stored.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Product(_) => "product",
            Self::Listing(_) => "listing",
            Self::Proposal(_) => "proposal",
        }
    }

    pub const fn id(self) -> i64 {
        match self {
            Self::Product(id) | Self::Listing(id) | Self::Proposal(id) => id,
        }
    }

    /// Reads [`Self::kind`] and [`Self::id`].
    pub fn parse(kind: &str, id: i64) -> Option<Self> {
        match kind {
            "product" => Some(Self::Product(id)),
            "listing" => Some(Self::Listing(id)),
            "proposal" => Some(Self::Proposal(id)),
            _ => None,
        }
    }
}

/// What is wrong with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoFault {
    /// None was chosen.
    None,
    /// Neither JPEG nor PNG nor `WebP`, whatever its name says.
    Kind,
    /// Too many pixels.
    Pixels,
    /// Cut off, or no picture after all.
    Unreadable,
    /// It stays too large however it is drawn.
    Large,
}

impl PhotoFault {
    /// For the person who chose it.
    pub const fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::None => ("没有选照片。请选一张，再按一次", "no photo was chosen: choose one and press again"),
            Self::Kind => (
                "只收 JPEG、PNG 和 WebP 照片。请换一张，或用手机另存成 JPEG",
                "only JPEG, PNG and WebP are taken: choose another, or save it as JPEG",
            ),
            Self::Pixels => (
                "照片像素太多，最多四千万。请用手机的普通清晰度再拍一张",
                "the photo has more than 40 million pixels: take one at your phone's usual size",
            ),
            Self::Unreadable => (
                "照片打不开，可能没有传完。请再传一次，或换一张",
                "the photo cannot be read, perhaps not all of it came: send it again, or choose another",
            ),
            Self::Large => (
                "照片缩小以后还是太大。请换一张简单些的",
                "the photo stays too large however small it is drawn: choose another",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

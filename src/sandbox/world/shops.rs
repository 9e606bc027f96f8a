//! The two shops of the county on the platform: the association's and a co-operative's. Both invented.

/// A shop of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shop {
    /// The association's, which sells most.
    Association,
    /// A co-operative's, smaller, opened in the summer of 2023.
    Cooperative,
}

impl Shop {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Association, Self::Cooperative];

    /// The county's own short name of it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Association => "hongbo",
            Self::Cooperative => "hezuoshe",
        }
    }

    /// The platform's number of it.
    pub const fn platform_id(self) -> i64 {
        match self {
            Self::Association => 36_082_701,
            Self::Cooperative => 36_082_702,
        }
    }

    /// The shop a platform number belongs to.
    pub fn by_platform_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.platform_id() == id)
    }

    /// As buyers see it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Association => "演示红播助农店",
            Self::Cooperative => "演示合作社直营店",
        }
    }

    /// Its digit in order numbers.
    pub const fn digit(self) -> u64 {
        match self {
            Self::Association => 1,
            Self::Cooperative => 2,
        }
    }
}

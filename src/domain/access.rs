//! Who may see and do what. Every store read takes a [`Scope`], every unit of work an [`Actor`]; neither has a default,
//! so that forgetting one does not compile.
//!
//! Not here: sign-in links and sessions (`store::access`), the router table that names each route's role (`web::router`).

use super::regions::RegionCode;

/// What somebody is to the county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 支部/协会 staff.
    Branch,
    /// 主播: own streams and training.
    Anchor,
    /// 农户: own lines.
    Farmer,
    /// 县级: figures of a region, down to the order line.
    Official,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Branch, Self::Anchor, Self::Farmer, Self::Official];

    /// As stored and typed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Anchor => "anchor",
            Self::Farmer => "farmer",
            Self::Official => "official",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}

/// Which rows of one county a reader may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything in a county: the branch and its command line.
    County(RegionCode),
    /// A region (county or below): officials.
    Region(RegionCode),
    /// One household's own lines.
    Farmer { county: RegionCode, farmer_id: i64 },
    /// One anchor's own streams and training.
    Anchor { county: RegionCode, anchor_id: i64 },
}

impl Scope {
    /// The county the scope lies in.
    pub fn county(self) -> RegionCode {
        match self {
            Self::County(code) | Self::Region(code) => code.county(),
            Self::Farmer { county, .. } | Self::Anchor { county, .. } => county,
        }
    }

    /// The region the scope is cut to.
    pub fn region(self) -> RegionCode {
        match self {
            Self::County(code) | Self::Region(code) => code,
            Self::Farmer { county, .. } | Self::Anchor { county, .. } => county,
        }
    }
}

/// Who does something, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// `command line`, a job's or the account's name.
    pub name: String,
    pub role: Role,
    /// 0: a job or the command line.
    pub account_id: i64,
    /// The client's address, `command line` or `job`.
    pub from: String,
}

impl Actor {
    /// The branch's own command line.
    pub fn command_line() -> Self {
        Self { name: "command line".into(), role: Role::Branch, account_id: 0, from: "command line".into() }
    }

    /// Work that runs by itself.
    pub fn job(name: &str) -> Self {
        Self { name: name.to_owned(), role: Role::Branch, account_id: 0, from: "job".into() }
    }
}

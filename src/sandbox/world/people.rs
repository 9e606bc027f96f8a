//! Who broadcasts, from where: two rooms, three anchors and the trainees who are ready to be supervised. All invented.
//!
//! An anchor sells over an account of their own; a supervised trainee over the room's. The platform knows only the
//! account's number; who that is stands in the county document.

use crate::domain::calendar::Day;
use chrono::NaiveDate;

/// A Red Livestream Room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub key: &'static str,
    /// The platform's number of the room's own account.
    pub author_no: u64,
}

/// The two rooms.
pub const ROOMS: [Room; 2] = [
    Room { key: "room-1", author_no: 2_801_000_000_000_101 },
    Room { key: "room-2", author_no: 2_801_000_000_000_102 },
];

/// Somebody who broadcasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broadcaster {
    pub key: &'static str,
    pub name: &'static str,
    /// Their own account; `None`: over the room's.
    pub author_no: Option<u64>,
    /// First stream, as (year, month, day).
    since: (i32, u32, u32),
    /// How often they are on, against the others.
    pub weight: u32,
}

impl Broadcaster {
    /// First day they may be planned for.
    pub fn since(&self) -> Day {
        let (y, m, d) = self.since;
        NaiveDate::from_ymd_opt(y, m, d).expect("a valid date")
    }
}

const fn anchor(key: &'static str, name: &'static str, author_no: u64, since: (i32, u32, u32)) -> Broadcaster {
    Broadcaster { key, name, author_no: Some(author_no), since, weight: 10 }
}

const fn trainee(key: &'static str, name: &'static str, since: (i32, u32, u32)) -> Broadcaster {
    Broadcaster { key, name, author_no: None, since, weight: 2 }
}

/// Everybody who has been on air.
pub const BROADCASTERS: [Broadcaster; 5] = [
    anchor("anchor-1", "周示播", 2_801_000_000_000_201, (2022, 10, 10)),
    anchor("anchor-2", "郭示茗", 2_801_000_000_000_202, (2022, 10, 10)),
    anchor("anchor-3", "罗示橘", 2_801_000_000_000_203, (2023, 3, 6)),
    trainee("trainee-1", "彭示新", (2026, 3, 2)),
    trainee("trainee-2", "曾示语", (2026, 7, 6)),
];

/// Accounts of sellers the county has nothing to do with, who put its goods on their shelf.
pub const STRANGERS: [(u64, &str); 3] = [
    (2_901_000_000_000_771, "外部达人甲"),
    (2_901_000_000_000_772, "外部达人乙"),
    (2_901_000_000_000_773, "外部达人丙"),
];

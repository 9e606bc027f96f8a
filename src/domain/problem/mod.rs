//! What a person can get wrong, in the person's language, each with what to do next.
//!
//! Its wordings are in `zh` and `en`: a problem without one of them does not compile. Not here: faults of the
//! program or the database itself (`store::StoreError`), a platform's refusals (`platforms::PlatformError`).

mod asking;
mod doubling;
mod en;
mod faults;
mod mistakes;
mod paying;
mod planning;
mod refusals;
mod teaching;
mod zh;

pub use asking::Asking;
pub use doubling::Doubling;
pub use faults::{Fault, Flaw, MOST_SHOWN};
pub use mistakes::Mistake;
pub use paying::Paying;
pub use planning::Planning;
pub use refusals::Refusal;
pub use teaching::{Teaching, missing_words};

use super::admin::RegionFault;
use super::lang::Lang;

/// Something asked for or handed in that cannot be done as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    NoDatabase {
        path: String,
    },
    DatabaseUnreachable {
        why: String,
    },
    NewerDatabase {
        version: i64,
    },
    NoCounty,
    SeveralCounties {
        codes: String,
    },
    UnknownCounty {
        code: String,
    },
    UnknownRegion {
        code: String,
    },
    UnknownShop {
        key: String,
        known: String,
    },
    ShopExists {
        key: String,
    },
    UnknownPlatform {
        name: String,
    },
    UnknownProfile {
        name: String,
        known: String,
    },
    UnknownLine {
        shop: String,
        line: String,
    },
    UnknownGrouping {
        name: String,
    },
    BadDay {
        text: String,
    },
    BadMonth {
        text: String,
    },
    BackwardsRange,
    FileUnreadable {
        path: String,
        why: String,
    },
    NotText {
        path: String,
    },
    MissingColumns {
        path: String,
        profile: String,
        missing: String,
    },
    /// A web page under a spreadsheet's name.
    WebPageFile {
        path: String,
    },
    FileTooLarge {
        path: String,
    },
    /// An archive or a workbook under a password.
    LockedFile {
        path: String,
    },
    /// Cut short, or not what it says it is.
    BrokenFile {
        path: String,
        why: String,
    },
    ArchiveInArchive {
        path: String,
    },
    UnknownFile {
        path: String,
        seen: String,
        nearest: String,
    },
    AmbiguousFile {
        path: String,
        profiles: String,
    },
    OtherPlatformFile {
        path: String,
        title: String,
        platform: String,
    },
    OtherKindFile {
        path: String,
        title: String,
        command: String,
    },
    BadProfile {
        path: String,
        why: String,
    },
    ShippedProfile {
        name: String,
    },
    /// A table of a county's regions that is wrong in a row.
    BadRegion {
        path: String,
        row: usize,
        fault: RegionFault,
    },
    NoRows {
        path: String,
    },
    AllRowsBad {
        path: String,
        /// In both languages.
        first: String,
    },
    BadDocument {
        path: String,
        why: String,
    },
    /// Faults of a county document that can be read; `more` are not shown.
    FaultyCounty {
        faults: Vec<Fault>,
        more: usize,
    },
    DemoOnReal {
        path: String,
    },
    RealOnDemo,
    MonthNotOver {
        month: String,
    },
    MonthLocked {
        month: String,
    },
    NothingInMonth {
        month: String,
    },
    LowCoverage {
        month: String,
        percent: String,
    },
    /// A shop rested longer than its interface reaches back, and part of the month was never pulled.
    MonthHasGap {
        month: String,
        shop: String,
        from: String,
        to: String,
    },
    MissingKeys,
    /// Another worker is pulling it.
    ShopTaken {
        shop: String,
    },
    /// No key to seal or open stored secrets with.
    NoSealingKey,
    /// A key file that others may read; the mode in octal digits.
    KeyFileOpen {
        path: String,
        mode: String,
    },
    KeyFileBad {
        path: String,
    },
    KeyFileExists {
        path: String,
    },
    /// Something is sealed with a key that is not at hand.
    SealingKeyMissing {
        key_id: String,
    },
    /// Something stored is sealed with the key that is to be dropped.
    SealingKeyUsed {
        key_id: String,
    },
    /// A key from the environment cannot be written to.
    SealingKeyFixed,
    SecretUnreadable {
        shop: String,
        field: String,
    },
    UnknownFarmer {
        key: String,
    },
    /// The reason of an anonymisation names whom it is about.
    ReasonNamesHousehold,
    NothingToPull {
        shop: String,
    },
    PlatformNotSupported {
        platform: String,
    },
    UnknownSubject {
        role: String,
        known: String,
    },
    BadOption {
        why: String,
    },
    BadLoginName {
        name: String,
    },
    LoginNameTaken {
        name: String,
    },
    UnknownAccount,
    UnknownRole {
        name: String,
    },
    /// What the role is over was left out or cannot be read.
    RoleNeeds {
        role: String,
    },
    /// Given from a county that the region does not lie in.
    RoleElsewhere {
        region: String,
    },
    LastAdministrator,
    PasswordTooShort {
        least: usize,
    },
    /// At the pages of files, shops, goods and households.
    Mistaken(Mistake),
    PasswordsDiffer,
    PasswordWrong,
    CodeWrong,
    /// Refused to somebody who is signed in.
    Refused(Refusal),
    /// At what households are paid.
    Paying(Paying),
    /// At what households ask.
    Asking(Asking),
    /// At rooms, people and their training.
    Teaching(Teaching),
    Planning(Planning),
    /// At two records of one household.
    Doubling(Doubling),
}

impl From<Mistake> for Problem {
    fn from(mistake: Mistake) -> Self {
        Self::Mistaken(mistake)
    }
}

impl From<Planning> for Problem {
    fn from(planning: Planning) -> Self {
        Self::Planning(planning)
    }
}

impl From<Doubling> for Problem {
    fn from(doubling: Doubling) -> Self {
        Self::Doubling(doubling)
    }
}

impl From<Asking> for Problem {
    fn from(asking: Asking) -> Self {
        Self::Asking(asking)
    }
}

impl From<Teaching> for Problem {
    fn from(teaching: Teaching) -> Self {
        Self::Teaching(teaching)
    }
}

impl From<Paying> for Problem {
    fn from(paying: Paying) -> Self {
        Self::Paying(paying)
    }
}

impl Problem {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for Problem {}

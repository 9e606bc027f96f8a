//! Who may see and do what. Every store read takes a [`Scope`], every unit of work an [`Actor`]; neither has a default,
//! so that forgetting one does not compile.
//!
//! A [`Role`] is what somebody is; a [`Grant`] is a role over a place or a subject, given to an account; looked at for
//! one county it becomes a [`Scope`]. Rules that stand here and nowhere else: an auditor changes nothing; where two
//! people are needed, the second is another person; nobody decides on what is their own.
//!
//! Not here: accounts, sessions and slips (`services::accounts`, `services::sessions`, `services::slips`), the router
//! table that names each route's roles (`web::routes`).

use super::regions::RegionCode;

/// What somebody is to the county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 支部管理员: the branch, and its accounts.
    BranchAdmin,
    /// 支部/协会 staff.
    Branch,
    /// 主播: own streams and training.
    Anchor,
    /// 农户: own lines.
    Farmer,
    /// 村联络员: the households of one village that agreed to it.
    VillageContact,
    /// 县级: figures of a region, down to the order line.
    Official,
    /// 审计: reads everything in a region, changes nothing.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] = [
        Self::BranchAdmin,
        Self::Branch,
        Self::Anchor,
        Self::Farmer,
        Self::VillageContact,
        Self::Official,
        Self::Auditor,
    ];

    /// As stored and typed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::BranchAdmin => "branch_admin",
            Self::Branch => "branch",
            Self::Anchor => "anchor",
            Self::Farmer => "farmer",
            Self::VillageContact => "village_contact",
            Self::Official => "official",
            Self::Auditor => "auditor",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }

    /// True if the role may change the county's data. The one place that says what an auditor may not.
    pub const fn may_change(self) -> bool {
        !matches!(self, Self::Auditor)
    }

    /// True if the role may put a month forward for locking.
    pub const fn may_file(self) -> bool {
        matches!(self, Self::BranchAdmin | Self::Branch)
    }

    /// True if the role may lock a month that another person put forward.
    pub const fn may_lock(self) -> bool {
        matches!(self, Self::BranchAdmin | Self::Official)
    }
}

/// A role over a place or a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    pub role: Role,
    /// The county of the branch, an anchor or a household; the region of an official or auditor, also above the county;
    /// the village of a village contact.
    pub region: RegionCode,
    /// The anchor or household, else 0.
    pub subject_id: i64,
}

impl Grant {
    /// A grant, where its place and subject are what its role needs.
    pub fn new(role: Role, region: RegionCode, subject_id: i64) -> Option<Self> {
        let fits = match role {
            Role::BranchAdmin | Role::Branch => region.digits() == 6 && subject_id == 0,
            Role::Anchor | Role::Farmer => region.digits() == 6 && subject_id > 0,
            Role::VillageContact => region.digits() == 12 && subject_id == 0,
            Role::Official | Role::Auditor => subject_id == 0,
        };
        fits.then_some(Self { role, region, subject_id })
    }

    /// Which rows of a county it opens; `None` for a county it does not reach.
    pub fn scope(&self, county: RegionCode) -> Option<Scope> {
        let reached = self.region.within(county) || county.within(self.region);
        if !reached || county.digits() != 6 {
            return None;
        }
        Some(match self.role {
            Role::BranchAdmin | Role::Branch => Scope::County(county),
            Role::Official | Role::Auditor if self.region.digits() <= 6 => Scope::Region(county),
            Role::Official | Role::Auditor => Scope::Region(self.region),
            Role::Farmer => Scope::Farmer { county, farmer_id: self.subject_id },
            Role::Anchor => Scope::Anchor { county, anchor_id: self.subject_id },
            Role::VillageContact => Scope::Village(self.region),
        })
    }
}

/// Which rows of one county a reader may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything in a county: the branch and its command line.
    County(RegionCode),
    /// A region (county or below): officials and auditors.
    Region(RegionCode),
    /// The households of one village that agreed to be read: its village contact.
    Village(RegionCode),
    /// One household's own lines.
    Farmer { county: RegionCode, farmer_id: i64 },
    /// One anchor's own streams and training.
    Anchor { county: RegionCode, anchor_id: i64 },
}

impl Scope {
    /// The county the scope lies in.
    pub fn county(self) -> RegionCode {
        match self {
            Self::County(code) | Self::Region(code) | Self::Village(code) => code.county(),
            Self::Farmer { county, .. } | Self::Anchor { county, .. } => county,
        }
    }

    /// The region the scope is cut to.
    pub fn region(self) -> RegionCode {
        match self {
            Self::County(code) | Self::Region(code) | Self::Village(code) => code,
            Self::Farmer { county, .. } | Self::Anchor { county, .. } => county,
        }
    }

    /// True if nothing of the county is outside it.
    pub fn is_whole_county(self) -> bool {
        matches!(self, Self::County(code) | Self::Region(code) if code.digits() == 6)
    }
}

/// Who does something, for the record. Made by its constructors only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::manual_non_exhaustive, reason = "`non_exhaustive` would not hold inside this crate")]
pub struct Actor {
    /// 0: the command line, a job, or a household's device.
    pub account_id: i64,
    /// `command line`, a job's name, an account's login name, `household 7`.
    pub name: String,
    pub role: Role,
    /// The client's address, [`Self::COMMAND_LINE`], [`Self::JOB`] or [`Self::SLIP`].
    pub from: String,
    _made_here: (),
}

impl Actor {
    /// Where the command line acts from.
    pub const COMMAND_LINE: &'static str = "command line";
    /// Where a job acts from.
    pub const JOB: &'static str = "job";
    /// Where a household comes in from: the trail is kept for good and need not know its phone's address.
    pub const SLIP: &'static str = "slip";

    /// The branch's own command line: whoever has the machine.
    pub fn command_line() -> Self {
        Self::made(0, "command line", Role::BranchAdmin, Self::COMMAND_LINE)
    }

    /// Something that runs by itself.
    pub fn job(name: &str) -> Self {
        Self::made(0, name, Role::Branch, Self::JOB)
    }

    /// Somebody signed in, under the role that is active.
    pub fn account(account_id: i64, login_name: &str, role: Role, from: &str) -> Self {
        Self::made(account_id, login_name, role, from)
    }

    /// A household on a device that a slip let in.
    pub fn household(farmer_id: i64, from: &str) -> Self {
        Self::made(0, &format!("household {farmer_id}"), Role::Farmer, from)
    }

    fn made(account_id: i64, name: &str, role: Role, from: &str) -> Self {
        Self { account_id, name: name.to_owned(), role, from: from.to_owned(), _made_here: () }
    }
}

/// True if `second` is another person than `first`, wherever one files and another approves. A job is nobody, so it is
/// never the second; the command line is one person however often it is used.
pub fn second_person(first: &Actor, second: &Actor) -> bool {
    if first.from == Actor::JOB || second.from == Actor::JOB {
        return false;
    }
    match (first.account_id, second.account_id) {
        (0, _) | (_, 0) => first.name != second.name,
        (first, second) => first != second,
    }
}

/// What is an actor's own in a county, so that it decides on none of it: the anchors and households it is.
/// `held` are all grants of the actor's account, not only the active one.
pub fn own_in(held: &[Grant], county: RegionCode) -> impl Iterator<Item = &Grant> {
    held.iter()
        .filter(move |grant| matches!(grant.role, Role::Anchor | Role::Farmer) && grant.region.county() == county)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    fn scope(role: Role, region: &str, subject_id: i64, county: &str) -> Option<Scope> {
        Grant::new(role, code(region), subject_id).unwrap().scope(code(county))
    }

    #[test]
    fn an_official_sees_the_own_region_and_of_a_prefecture_one_county_at_a_time() {
        let (county, other) = ("360827", "360828");
        assert_eq!(scope(Role::Official, "360827100", 0, county), Some(Scope::Region(code("360827100"))));
        assert_eq!(scope(Role::Official, "360827100", 0, other), None);
        assert_eq!(scope(Role::Official, "360827", 0, other), None);
        for county in [county, other] {
            assert_eq!(scope(Role::Official, "3608", 0, county), Some(Scope::Region(code(county))));
        }
        assert_eq!(scope(Role::Official, "3608", 0, "360102"), None);
    }

    #[test]
    fn no_grant_reaches_a_county_that_is_not_its_own() {
        for role in Role::ALL {
            let region = if role == Role::VillageContact { "360827100201" } else { "360827" };
            let subject_id = i64::from(matches!(role, Role::Anchor | Role::Farmer));
            assert!(scope(role, region, subject_id, "360827").is_some(), "{role:?}");
            assert_eq!(scope(role, region, subject_id, "360828"), None, "{role:?}");
        }
    }

    #[test]
    fn a_grant_needs_the_place_and_subject_of_its_role() {
        let county = code("360827");
        assert_eq!(Grant::new(Role::Farmer, county, 0), None);
        assert_eq!(Grant::new(Role::VillageContact, code("360827100"), 0), None);
        assert_eq!(Grant::new(Role::Branch, code("3608"), 0), None);
        assert_eq!(Grant::new(Role::Branch, county, 7), None);
    }

    #[test]
    fn an_auditor_alone_changes_nothing() {
        for role in Role::ALL {
            assert_eq!(role.may_change(), role != Role::Auditor, "{role:?}");
        }
    }

    #[test]
    fn the_second_person_is_another_one_and_no_job() {
        let person = |id| Actor::account(id, "somebody", Role::Branch, "10.0.0.1");
        assert!(second_person(&person(1), &person(2)));
        assert!(!second_person(&person(1), &Actor::account(1, "somebody", Role::Official, "10.0.0.2")));
        assert!(!second_person(&Actor::command_line(), &Actor::command_line()));
        assert!(second_person(&person(1), &Actor::command_line()));
        assert!(!second_person(&person(1), &Actor::job("pull")));
    }

    #[test]
    fn what_is_somebodys_own_is_so_under_any_role() {
        let of = |role, id| Grant::new(role, code("360827"), id).unwrap();
        let held = [of(Role::Branch, 0), of(Role::Anchor, 3), of(Role::Farmer, 7)];
        assert_eq!(own_in(&held, code("360827")).collect::<Vec<_>>(), [&held[1], &held[2]]);
        assert_eq!(own_in(&held, code("360828")).count(), 0);
    }
}

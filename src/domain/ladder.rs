//! The ladder of a Red Anchor: what each step needs, what stands between somebody and the camera, when a paper is valid.
//!
//! Rules that must hold: one goes up a step at a time; whoever is certified has met everything on that day; the gate
//! names all that is missing and never only the first; a certificate is valid on its last day and not on the day it is
//! revoked. The ages and the list of the gate are those of 网络主播行为规范 and the county's programme; the numbers are
//! dated settings ([`Rule`]), and [`Rule::STANDARD`] is what holds until the branch enters its own.
//!
//! Not here: who may take a step (`services::ladder`), what a stage means to a sale (`domain::attribution`).

use super::attribution::Stage;
use super::calendar::Day;
use chrono::{Datelike, Months};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Nobody younger stands in front of a camera that sells.
pub const LEAST_AGE: i32 = 16;
/// From this age on no guardian is asked.
pub const FULL_AGE: i32 = 18;
/// Minutes of a class hour (课时).
pub const CLASS_HOUR_MINUTES: i64 = 45;

/// What the ladder asks for on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Reference class hours of the national standard 4-01-02-07, level 5 first.
    pub reference_hours: [i64; 5],
    /// Supervised streams before certification.
    pub supervised_streams: i64,
    /// Months an association's certificate holds.
    pub certificate_months: i64,
    /// Class hours of the yearly re-training.
    pub retrain_hours: i64,
}

impl Rule {
    /// Hours as the standard states them; three streams, two years and four hours are what the programme began with.
    pub const STANDARD: Self = Self {
        reference_hours: [120, 104, 88, 72, 72],
        supervised_streams: 3,
        certificate_months: 24,
        retrain_hours: 4,
    };

    /// Reference hours of the level a newcomer learns for.
    pub const fn first_level_hours(&self) -> i64 {
        self.reference_hours[0]
    }

    /// The last day of a certificate issued on a day.
    pub fn expires_on(&self, issued_on: Day) -> Option<Day> {
        let months = Months::new(u32::try_from(self.certificate_months).ok()?);
        issued_on.checked_add_months(months)?.pred_opt()
    }
}

/// Days before the end of a certificate's year that its re-training is called to mind.
const RETRAIN_DAYS: i64 = 60;

/// What a certificate's holder lacks of the yearly re-training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retraining {
    /// The last day of the year it belongs to.
    pub by: Day,
    /// Class hours that are missing.
    pub hours: i64,
    /// That day is over.
    pub late: bool,
}

/// The re-training due on a day of whoever was last certified on another, with the days and hours attended. Each year of the
/// certificate asks for its hours. A year that is over may be made up for in the one that runs, whose own those hours
/// are not; the end of the one that runs is called to mind [`RETRAIN_DAYS`] before. The gate does not ask for it: what it
/// asks for is a closed list.
pub fn retraining(
    certified_on: Day,
    attended: impl Iterator<Item = (Day, i64)>,
    rule: &Rule,
    today: Day,
) -> Option<Retraining> {
    let year = |number: u32| certified_on.checked_add_months(Months::new(12 * number));
    let over = (1..).map_while(year).take_while(|begins| *begins <= today).count();
    let over = u32::try_from(over).ok()?;
    let (begins, ends) = (year(over)?, year(over + 1)?);
    // by year of the certificate; what led to it is not re-training
    let mut by_year: BTreeMap<u32, i64> = BTreeMap::new();
    for (on, hours) in attended.filter(|(on, _)| *on > certified_on && *on <= today) {
        let years = (1..=over).filter_map(year).filter(|first| *first <= on).count();
        *by_year.entry(u32::try_from(years).ok()?).or_default() += hours;
    }
    let in_year = |number: u32| by_year.get(&number).copied().unwrap_or(0);
    // an hour that makes up for the year before is not one of its own year as well
    let lacking_after = |lacking: i64, hours: i64| rule.retrain_hours - (hours - lacking).max(0);
    let lacking = (0..over).fold(0, |lacking: i64, number| lacking_after(lacking, in_year(number)).max(0));
    let now = in_year(over);
    if lacking > now {
        return Some(Retraining { by: begins.pred_opt()?, hours: lacking - now, late: true });
    }
    let soon = ends - chrono::TimeDelta::days(RETRAIN_DAYS) <= today;
    let hours = lacking_after(lacking, now);
    (soon && hours > 0).then_some(Retraining { by: ends.pred_opt()?, hours, late: false })
}

/// Whole years of age on a day; who is born on 29 February has a birthday on 1 March in other years.
pub fn age_on(born_on: Day, on: Day) -> i32 {
    let before_birthday = (on.month(), on.day()) < (born_on.month(), born_on.day());
    on.year() - born_on.year() - i32::from(before_birthday)
}

/// What is known of somebody on a day, as the gate asks it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    pub born_on: Option<Day>,
    pub guardian_consent_on: Option<Day>,
    pub identity_checked_on: Option<Day>,
    pub rules_passed_on: Option<Day>,
    pub product_passed_on: Option<Day>,
    /// Streams in a room since the supervised stage began, held and over by then.
    pub supervised_done: i64,
    pub open_violations: i64,
    /// Certified on the day: the supervised streams are behind.
    pub certified: bool,
    /// Class hours attended.
    pub class_hours: i64,
    /// Modules of the curriculum that are not passed.
    pub modules_lacking: i64,
}

/// Something that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    BirthUnknown,
    TooYoung {
        age: i32,
    },
    GuardianConsent,
    Identity,
    RulesQuiz,
    ProductKnowledge,
    Supervised {
        done: i64,
        needed: i64,
    },
    OpenViolation {
        open: i64,
    },
    /// For a certificate only.
    Modules {
        lacking: i64,
    },
}

impl Missing {
    /// Whether somebody's leave may stand in for it: never for age, and never while something against the rules is open.
    pub const fn may_be_waived(&self) -> bool {
        !matches!(self, Self::BirthUnknown | Self::TooYoung { .. } | Self::GuardianConsent | Self::OpenViolation { .. })
    }
}

/// What keeps somebody off the camera for their age on a day; nobody's leave stands in for it.
pub fn of_age(born_on: Option<Day>, guardian_consent_on: Option<Day>, on: Day) -> Option<Missing> {
    match born_on.map(|born_on| age_on(born_on, on)) {
        None => Some(Missing::BirthUnknown),
        Some(age) if age < LEAST_AGE => Some(Missing::TooYoung { age }),
        Some(age) if age < FULL_AGE && guardian_consent_on.is_none_or(|day| day > on) => Some(Missing::GuardianConsent),
        Some(_) => None,
    }
}

/// What stands between somebody and going live alone on a day. A stream beside a mentor is how supervised streams come
/// about, so [`Missing::Supervised`] does not stand in its way.
pub fn missing(known: &Readiness, rule: &Rule, on: Day) -> Vec<Missing> {
    let by = |day: Option<Day>| day.is_some_and(|day| day <= on);
    let mut missing: Vec<Missing> = of_age(known.born_on, known.guardian_consent_on, on).into_iter().collect();
    missing.extend((!by(known.identity_checked_on)).then_some(Missing::Identity));
    missing.extend((!by(known.rules_passed_on)).then_some(Missing::RulesQuiz));
    missing.extend((!by(known.product_passed_on)).then_some(Missing::ProductKnowledge));
    let (done, needed) = (known.supervised_done, rule.supervised_streams);
    missing.extend((!known.certified && done < needed).then_some(Missing::Supervised { done, needed }));
    let open = known.open_violations;
    missing.extend((open > 0).then_some(Missing::OpenViolation { open }));
    missing
}

/// What a step of the ladder lacks.
pub fn lacks(stage: Stage, known: &Readiness, rule: &Rule, on: Day) -> Vec<Missing> {
    let all = missing(known, rule, on);
    match stage {
        Stage::Trainee => Vec::new(),
        // the camera comes with the next stage: age, identity and the rules before it
        Stage::Supervised => {
            all.into_iter().filter(|m| !matches!(m, Missing::Supervised { .. } | Missing::ProductKnowledge)).collect()
        }
        Stage::Certified | Stage::Mentor => {
            let lacking = known.modules_lacking;
            all.into_iter().chain((lacking > 0).then_some(Missing::Modules { lacking })).collect()
        }
    }
}

/// Whether one may go from a stage to another: a step up, or the same certificate once more.
pub fn may_follow(before: Option<Stage>, next: Stage) -> bool {
    match next {
        Stage::Trainee => before.is_none(),
        Stage::Supervised => before == Some(Stage::Trainee),
        Stage::Certified => matches!(before, Some(Stage::Supervised | Stage::Certified)),
        Stage::Mentor => matches!(before, Some(Stage::Certified | Stage::Mentor)),
    }
}

/// True for a step that another person decides on, with a certificate.
pub const fn needs_second_person(stage: Stage) -> bool {
    matches!(stage, Stage::Certified | Stage::Mentor)
}

/// How a paper stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Valid,
    /// Not yet: issued later.
    NotYet,
    Expired,
    Revoked,
}

/// How a paper stands on a day.
pub fn standing(issued_on: Day, expires_on: Option<Day>, revoked_on: Option<Day>, on: Day) -> Standing {
    if revoked_on.is_some_and(|day| day <= on) {
        Standing::Revoked
    } else if on < issued_on {
        Standing::NotYet
    } else if expires_on.is_some_and(|day| day < on) {
        Standing::Expired
    } else {
        Standing::Valid
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn ready() -> Readiness {
        Readiness {
            born_on: Some(day("2000-05-01")),
            identity_checked_on: Some(day("2026-01-01")),
            rules_passed_on: Some(day("2026-01-02")),
            product_passed_on: Some(day("2026-01-03")),
            supervised_done: 3,
            ..Readiness::default()
        }
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let needed = Rule::STANDARD.supervised_streams;
        let known = Readiness { open_violations: 2, ..Readiness::default() };
        let expected = [
            Missing::BirthUnknown,
            Missing::Identity,
            Missing::RulesQuiz,
            Missing::ProductKnowledge,
            Missing::Supervised { done: 0, needed },
            Missing::OpenViolation { open: 2 },
        ];
        assert_eq!(missing(&known, &Rule::STANDARD, day("2026-02-01")), expected);
        let waived = expected.map(|m| m.may_be_waived());
        assert_eq!(waived, [false, true, true, true, true, false], "neither age nor what is open is ever waived");
        assert_eq!(missing(&ready(), &Rule::STANDARD, day("2026-02-01")), []);
    }

    #[test]
    fn sixteen_needs_a_guardian_and_fifteen_is_too_young() {
        let at = |born: &str, consent: Option<Day>| {
            let known = Readiness { born_on: Some(day(born)), guardian_consent_on: consent, ..ready() };
            missing(&known, &Rule::STANDARD, day("2026-02-01"))
        };
        assert_eq!(at("2010-02-02", None), [Missing::TooYoung { age: 15 }]);
        assert_eq!(at("2010-02-01", None), [Missing::GuardianConsent]);
        assert_eq!(at("2010-02-01", Some(day("2026-02-01"))), []);
        assert_eq!(at("2010-02-01", Some(day("2026-02-02"))), [Missing::GuardianConsent], "not signed yet");
        assert_eq!(at("2008-02-01", None), []);
        assert_eq!(age_on(day("2008-02-29"), day("2026-02-28")), 17);
    }

    #[test]
    fn what_is_passed_later_is_missing_before() {
        let on = day("2026-01-02");
        assert_eq!(missing(&ready(), &Rule::STANDARD, on), [Missing::ProductKnowledge]);
        assert_eq!(lacks(Stage::Supervised, &ready(), &Rule::STANDARD, on), []);
        assert_eq!(lacks(Stage::Certified, &ready(), &Rule::STANDARD, on), [Missing::ProductKnowledge]);
    }

    #[test]
    fn a_certificate_takes_all_modules_and_the_certified_need_no_supervised_streams() {
        let known = Readiness { supervised_done: 0, certified: true, modules_lacking: 2, ..ready() };
        assert_eq!(missing(&known, &Rule::STANDARD, day("2026-02-01")), []);
        assert_eq!(lacks(Stage::Mentor, &known, &Rule::STANDARD, day("2026-02-01")), [Missing::Modules { lacking: 2 }]);
    }

    #[test]
    fn the_ladder_is_climbed_a_step_at_a_time_and_a_certificate_is_renewed() {
        use Stage::{Certified, Mentor, Supervised, Trainee};
        let steps = |next| {
            [None, Some(Trainee), Some(Supervised), Some(Certified), Some(Mentor)]
                .map(|before| may_follow(before, next))
        };
        assert_eq!(steps(Trainee), [true, false, false, false, false]);
        assert_eq!(steps(Supervised), [false, true, false, false, false]);
        assert_eq!(steps(Certified), [false, false, true, true, false]);
        assert_eq!(steps(Mentor), [false, false, false, true, true]);
    }

    #[test]
    fn each_year_of_a_certificate_asks_for_its_hours_and_a_missed_one_can_be_made_up() {
        let due = |attended: &[(&str, i64)], today: &str| {
            let attended = attended.iter().map(|(on, hours)| (day(on), *hours));
            retraining(day("2025-03-01"), attended, &Rule::STANDARD, day(today))
        };
        let lacks = |by: &str, hours, late| Some(Retraining { by: day(by), hours, late });
        assert_eq!(due(&[("2025-03-01", 40)], "2025-12-30"), None, "its end is far");
        assert_eq!(
            due(&[("2025-03-01", 40)], "2025-12-31"),
            lacks("2026-02-28", 4, false),
            "nor does the course count"
        );
        assert_eq!(due(&[("2025-06-01", 3)], "2026-02-28"), lacks("2026-02-28", 1, false), "its last day");
        assert_eq!(due(&[("2025-06-01", 3)], "2026-03-01"), lacks("2026-02-28", 1, true));
        assert_eq!(due(&[("2025-06-01", 3), ("2026-03-10", 1)], "2026-03-11"), None, "made up for");
        assert_eq!(due(&[("2025-06-01", 9)], "2027-01-15"), lacks("2027-02-28", 4, false), "hours are of their year");
        assert_eq!(due(&[("2025-06-01", 9)], "2027-03-01"), lacks("2027-02-28", 4, true));
        let both = [("2025-06-01", 3), ("2026-03-10", 4)];
        assert_eq!(due(&both, "2027-01-15"), lacks("2027-02-28", 1, false), "an hour counts for one year");
        assert_eq!(due(&[("2026-03-10", 8)], "2027-01-15"), None, "enough for both years");
        let made_up = [("2026-03-10", 4)];
        assert_eq!(due(&made_up, "2027-03-01"), lacks("2027-02-28", 4, true), "nor for the year it was made up in");
        let none = Rule { retrain_hours: 0, ..Rule::STANDARD };
        assert_eq!(retraining(day("2025-03-01"), std::iter::empty(), &none, day("2027-03-01")), None);
    }

    #[test]
    fn a_paper_is_valid_to_its_last_day_and_not_on_the_day_it_is_revoked() {
        let (from, to) = (day("2026-01-01"), day("2026-12-31"));
        let on = |revoked: Option<Day>, on: &str| standing(from, Some(to), revoked, day(on));
        assert_eq!(on(None, "2025-12-31"), Standing::NotYet);
        assert_eq!(on(None, "2026-12-31"), Standing::Valid);
        assert_eq!(on(None, "2027-01-01"), Standing::Expired);
        assert_eq!(on(Some(day("2026-06-01")), "2026-05-31"), Standing::Valid);
        assert_eq!(on(Some(day("2026-06-01")), "2026-06-01"), Standing::Revoked);
        assert_eq!(Rule::STANDARD.expires_on(day("2026-03-01")), Some(day("2028-02-29")));
    }
}

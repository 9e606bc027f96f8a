//! Three Red Anchors, one of them a mentor by now, and four trainees at different places on the ladder.
//!
//! Everything is dated and becomes known in its week: a step of the ladder with the number of its document, a module
//! attended in two sittings and assessed a week later, a certificate with its end. Class hours run towards the 120 of
//! the national standard's first level; anchors sit the rules again every year.

use super::streams::account;
use crate::domain::calendar::Day;
use crate::domain::county::{AnchorDoc, CertificateDoc, ModuleDoc, StageDoc, TrainingDoc};
use crate::domain::ladder::{FULL_AGE, age_on};
use crate::sandbox::world::people::BROADCASTERS;
use chrono::{NaiveDate, TimeDelta};

/// Key, name, English name, class hours: 120 together.
const MODULES: [(&str, &str, &str, i64); 8] = [
    ("rules", "规则", "Platform rules", 16),
    ("product", "产品", "Knowing the goods", 16),
    ("speech", "话术", "Speaking on air", 20),
    ("video", "短视频", "Short video", 16),
    ("choice", "选品", "Choosing goods", 12),
    ("aftersale", "售后", "After the sale", 12),
    ("law", "法规", "Law", 12),
    ("practice", "实操", "Practice on air", 16),
];

type Date = (i32, u32, u32);

/// One person's way so far.
struct Way {
    key: &'static str,
    name: &'static str,
    stages: &'static [(Date, &'static str)],
    /// Modules attended, in order, from the first stage on, one a week.
    modules: usize,
    /// Kind, number, issued, ends.
    certificates: &'static [(&'static str, &'static str, Date, Date)],
    /// Years in which the rules were sat again.
    again_in: &'static [i32],
    born: Date,
    skills: &'static str,
}

/// What the training desk knows of a person beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub born_on: Day,
    pub guardian_consent_on: Option<Day>,
    pub identity_checked_on: Day,
    pub skills: &'static str,
}

/// A class that was held, or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    pub module: &'static str,
    pub on: Day,
    pub class_hours: i64,
    /// Keys of those who were to be there.
    pub who: Vec<&'static str>,
    /// Its quiz was passed.
    pub passed: bool,
    pub missed: bool,
}

/// What is known of the person of a key.
pub fn about(key: &str) -> Option<About> {
    let way = WAYS.iter().find(|way| way.key == key)?;
    let joined = day(way.stages[0].0);
    let born_on = day(way.born);
    let is_minor = age_on(born_on, joined) < FULL_AGE;
    Some(About {
        born_on,
        guardian_consent_on: is_minor.then_some(joined),
        identity_checked_on: joined,
        skills: way.skills,
    })
}

/// The classes of a span, each with everybody who sat in it; two that the newest trainee missed, and one still to come.
pub fn sittings(from: Day, to: Day) -> Vec<Sitting> {
    let mut sittings: Vec<Sitting> = Vec::new();
    for way in &WAYS {
        for sat in way.training().into_iter().filter(|t| t.on >= from && t.on <= to) {
            let Some(module) = MODULES.into_iter().map(|m| m.0).find(|&key| key == sat.module) else { continue };
            let passed = sat.passed_on.is_some();
            let same = |s: &&mut Sitting| {
                (s.module, s.on, s.class_hours, s.passed) == (module, sat.on, sat.class_hours, passed)
            };
            match sittings.iter_mut().find(same) {
                Some(sitting) => sitting.who.push(way.key),
                None => sittings.push(Sitting {
                    module,
                    on: sat.on,
                    class_hours: sat.class_hours,
                    who: vec![way.key],
                    passed,
                    missed: false,
                }),
            }
        }
    }
    let newest = &WAYS[WAYS.len() - 1];
    let after = |days: i64| day(newest.stages[0].0) + TimeDelta::days(days);
    for (on, missed) in [(after(8), true), (after(10), true), (to + TimeDelta::days(3), false)] {
        if on >= from && after(0) <= to && (!missed || on <= to) {
            sittings.push(Sitting {
                module: MODULES[1].0,
                on,
                class_hours: 8,
                who: vec![newest.key],
                passed: false,
                missed,
            });
        }
    }
    sittings.sort_by_key(|s| s.on);
    sittings
}

const WAYS: [Way; 7] = [
    Way {
        key: "anchor-1",
        name: "周示播",
        stages: &[
            ((2022, 10, 10), "trainee"),
            ((2022, 11, 14), "supervised"),
            ((2022, 12, 26), "certified"),
            ((2025, 3, 3), "mentor"),
        ],
        modules: 8,
        certificates: &[
            ("association", "DEMO-P-2022-001", (2022, 12, 26), (2024, 12, 25)),
            ("national", "DEMO-G-2024-017", (2024, 6, 3), (2034, 6, 2)),
            ("association", "DEMO-P-2024-009", (2024, 12, 16), (2026, 12, 15)),
        ],
        again_in: &[2023, 2024, 2025, 2026],
        born: (1991, 4, 18),
        skills: "直播带货、方言讲解",
    },
    Way {
        key: "anchor-2",
        name: "郭示茗",
        stages: &[((2022, 10, 10), "trainee"), ((2022, 12, 5), "supervised"), ((2023, 2, 13), "certified")],
        modules: 8,
        certificates: &[
            ("association", "DEMO-P-2023-002", (2023, 2, 13), (2025, 2, 12)),
            ("association", "DEMO-P-2025-001", (2025, 2, 3), (2027, 2, 2)),
        ],
        again_in: &[2023, 2024, 2025, 2026],
        born: (1994, 9, 2),
        skills: "茶艺",
    },
    Way {
        key: "anchor-3",
        name: "罗示橘",
        stages: &[((2023, 1, 9), "trainee"), ((2023, 3, 6), "supervised"), ((2023, 5, 15), "certified")],
        modules: 8,
        certificates: &[
            ("association", "DEMO-P-2023-003", (2023, 5, 15), (2025, 5, 14)),
            ("association", "DEMO-P-2025-004", (2025, 5, 12), (2027, 5, 11)),
        ],
        again_in: &[2024, 2025, 2026],
        born: (1989, 12, 11),
        skills: "果园直播",
    },
    Way {
        key: "trainee-1",
        name: "彭示新",
        stages: &[((2026, 1, 5), "trainee"), ((2026, 3, 2), "supervised")],
        modules: 7,
        certificates: &[],
        again_in: &[],
        born: (1999, 6, 30),
        skills: "短视频拍摄",
    },
    Way {
        key: "trainee-2",
        name: "曾示语",
        stages: &[((2026, 5, 4), "trainee"), ((2026, 7, 6), "supervised")],
        modules: 5,
        certificates: &[],
        again_in: &[],
        born: (2001, 2, 14),
        skills: "普通话一级",
    },
    Way {
        key: "trainee-3",
        name: "黄示然",
        stages: &[((2026, 9, 7), "trainee")],
        modules: 3,
        certificates: &[],
        again_in: &[],
        born: (2003, 8, 8),
        skills: "剪辑",
    },
    Way {
        key: "trainee-4",
        name: "钟示微",
        stages: &[((2026, 10, 19), "trainee")],
        modules: 1,
        certificates: &[],
        again_in: &[],
        born: (2009, 3, 3),
        skills: "客家山歌",
    },
];

/// The modules and their planned class hours.
pub fn modules() -> Vec<ModuleDoc> {
    let module = |(key, name, name_en, class_hours): (&str, &str, &str, i64)| ModuleDoc {
        key: key.to_owned(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        class_hours,
    };
    MODULES.map(module).into()
}

/// Everybody by name and account, with nothing that is dated.
pub fn base() -> Vec<AnchorDoc> {
    WAYS.iter().map(|way| way.known_in(|_| false)).collect()
}

/// Those to whom something happened in the week that begins on a Monday, and what.
pub fn of_week(monday: Day) -> Vec<AnchorDoc> {
    let week = monday..monday + TimeDelta::days(7);
    let happened = |a: &AnchorDoc| !(a.stages.is_empty() && a.training.is_empty() && a.certificates.is_empty());
    WAYS.iter().map(|way| way.known_in(|day| week.contains(&day))).filter(happened).collect()
}

impl Way {
    fn known_in(&self, within: impl Fn(Day) -> bool) -> AnchorDoc {
        let own_account = BROADCASTERS.iter().find(|b| b.key == self.key).and_then(|b| b.author_no);
        let stages = self.stages.iter().enumerate().map(|(n, (from, stage))| StageDoc {
            from: day(*from),
            stage: (*stage).to_owned(),
            evidence: format!("DEMO-{}-{}", self.key, n + 1),
        });
        let certificates = self.certificates.iter().map(|(kind, number, issued, ends)| CertificateDoc {
            kind: (*kind).to_owned(),
            certificate_no: (*number).to_owned(),
            issued_on: day(*issued),
            expires_on: Some(day(*ends)),
        });
        AnchorDoc {
            key: self.key.to_owned(),
            name: self.name.to_owned(),
            accounts: own_account.map(account).into_iter().collect(),
            stages: stages.filter(|s| within(s.from)).collect(),
            training: self.training().into_iter().filter(|t| within(t.on)).collect(),
            certificates: certificates.filter(|c| within(c.issued_on)).collect(),
        }
    }

    fn training(&self) -> Vec<TrainingDoc> {
        let sitting = |(module, ..): (&str, &str, &str, i64), on, class_hours, passed_on| TrainingDoc {
            module: module.to_owned(),
            on,
            class_hours,
            passed_on,
        };
        let mut training = Vec::new();
        let mut on = day(self.stages[0].0) + TimeDelta::days(1);
        for module in MODULES.into_iter().take(self.modules) {
            training.push(sitting(module, on, module.3 / 2, None));
            let second = on + TimeDelta::days(2);
            training.push(sitting(module, second, module.3 - module.3 / 2, Some(second)));
            on += TimeDelta::days(7);
        }
        for &year in self.again_in {
            let again = day((year, 10, 8));
            training.push(sitting(MODULES[0], again, 4, Some(again)));
        }
        training
    }
}

fn day((y, m, d): Date) -> Day {
    NaiveDate::from_ymd_opt(y, m, d).expect("a valid date")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::sandbox::world::first_day;

    #[test]
    fn what_the_weeks_tell_is_the_whole_way() {
        let weeks: Vec<AnchorDoc> = (0..215).flat_map(|w| of_week(first_day() + TimeDelta::weeks(w))).collect();
        for way in &WAYS {
            let whole = way.known_in(|_| true);
            let told = weeks.iter().filter(|a| a.key == way.key);
            assert_eq!(told.clone().map(|a| a.stages.len()).sum::<usize>(), whole.stages.len(), "{}", way.key);
            assert_eq!(told.clone().map(|a| a.training.len()).sum::<usize>(), whole.training.len(), "{}", way.key);
            assert_eq!(told.map(|a| a.certificates.len()).sum::<usize>(), whole.certificates.len(), "{}", way.key);
        }
        assert_eq!(MODULES.iter().map(|m| m.3).sum::<i64>(), 120);
    }

    #[test]
    fn whoever_broadcasts_was_at_least_a_trainee_by_then() {
        for b in BROADCASTERS {
            let way = WAYS.iter().find(|w| w.key == b.key).unwrap();
            assert_eq!(way.name, b.name);
            assert!(day(way.stages[0].0) <= b.since());
        }
    }
}

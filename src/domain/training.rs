//! Classes and assessments: attendance over all planned classes, what passes a module, what is typed.
//!
//! Rule that must hold: attendance is counted over every planned class that is over, so that nobody gains by not being
//! written down: excused, absent and not typed in yet are all in the whole.

/// Whether somebody was in a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attendance {
    /// The sign-in is not typed in.
    Planned,
    Present,
    Absent,
    Excused,
}

impl Attendance {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Planned, Self::Present, Self::Absent, Self::Excused];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Excused => "excused",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.key() == key)
    }
}

/// How often somebody was there, of the classes that are over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attended {
    pub planned: i64,
    pub present: i64,
    /// Missed in a row up to the last class.
    pub missed_last: i64,
}

impl Attended {
    /// Adds up the classes of one person, in order of their days.
    pub fn of(classes: impl IntoIterator<Item = Attendance>) -> Self {
        let mut sum = Self::default();
        for attendance in classes {
            sum.planned += 1;
            match attendance {
                Attendance::Present => {
                    sum.present += 1;
                    sum.missed_last = 0;
                }
                Attendance::Absent | Attendance::Excused => sum.missed_last += 1,
                Attendance::Planned => {}
            }
        }
        sum
    }

    /// Basis points of all planned classes; `None` while there were none.
    pub const fn rate_bp(&self) -> Option<i64> {
        if self.planned == 0 { None } else { Some(self.present * 10_000 / self.planned) }
    }
}

/// How a module is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessedBy {
    Quiz,
    Practical,
    Both,
}

impl AssessedBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Quiz, Self::Practical, Self::Both];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Quiz => "quiz",
            Self::Practical => "practical",
            Self::Both => "both",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.key() == key)
    }

    /// Whether a quiz and a practical assessment that were passed, or not, pass the module.
    pub const fn passed(self, quiz: bool, practical: bool) -> bool {
        match self {
            Self::Quiz => quiz,
            Self::Practical => practical,
            Self::Both => quiz && practical,
        }
    }
}

/// What the gate asks a module for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    None,
    Rules,
    Product,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Rules, Self::Product];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Rules => "rules",
            Self::Product => "product",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Attendance::{Absent, Excused, Planned, Present};

    #[test]
    fn attendance_is_over_all_planned_classes() {
        let sum = Attended::of([Present, Absent, Excused, Planned]);
        assert_eq!((sum.planned, sum.present, sum.rate_bp()), (4, 1, Some(2_500)));
        assert_eq!(Attended::of([]).rate_bp(), None);
    }

    #[test]
    fn classes_missed_in_a_row_are_counted_from_the_last() {
        assert_eq!(Attended::of([Absent, Present, Absent, Excused, Planned]).missed_last, 2);
        assert_eq!(Attended::of([Absent, Present]).missed_last, 0);
    }

    #[test]
    fn a_module_with_both_assessments_takes_both() {
        assert!(AssessedBy::Both.passed(true, true) && !AssessedBy::Both.passed(true, false));
        assert!(AssessedBy::Quiz.passed(true, false) && !AssessedBy::Practical.passed(true, false));
        assert!(AssessedBy::ALL.iter().all(|a| AssessedBy::parse(a.key()) == Some(*a)));
        assert!(Purpose::ALL.iter().all(|p| Purpose::parse(p.key()) == Some(*p)));
    }
}

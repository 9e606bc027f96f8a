//! Signing in to a class by its code: whether somebody can, as things stand.
//!
//! Rules that must hold: a code is good on the day it was made, for a class of that day, and only while it is the one
//! that stands; what a person has written down of somebody is not overruled by a scan.

use super::calendar::Day;
use super::training::Attendance;

/// A class as somebody of its list comes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming<'a> {
    pub held_on: Day,
    pub is_called_off: bool,
    pub attendance: Attendance,
    /// The code that stands and the day it was made; `None` while nobody can sign in.
    pub open: Option<(&'a str, Day)>,
    /// The code that was brought.
    pub code: &'a str,
    pub today: Day,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// May sign in.
    Welcome,
    /// Is signed in already.
    Present,
    /// A person has written down something else.
    Marked(Attendance),
    CalledOff,
    NotYet,
    Over,
    /// Nobody can sign in now.
    Closed,
    /// Not the code that stands.
    OtherCode,
}

/// Whether a class's sign-in is open on a day, by the day its code was made.
pub fn is_open(held_on: Day, is_called_off: bool, opened_on: Day, today: Day) -> bool {
    !is_called_off && held_on == today && opened_on == today
}

impl Coming<'_> {
    /// What becomes of somebody who comes so.
    pub fn answer(self) -> Answer {
        if self.is_called_off {
            return Answer::CalledOff;
        }
        match self.attendance {
            Attendance::Planned => {}
            Attendance::Present => return Answer::Present,
            other => return Answer::Marked(other),
        }
        if self.held_on > self.today {
            return Answer::NotYet;
        }
        if self.held_on < self.today {
            return Answer::Over;
        }
        match self.open {
            Some((_, opened_on)) if !is_open(self.held_on, self.is_called_off, opened_on, self.today) => Answer::Closed,
            Some((code, _)) if code == self.code => Answer::Welcome,
            Some(_) => Answer::OtherCode,
            None => Answer::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn the_code_that_stands_lets_in_on_its_day_and_nothing_else_does() {
        let day = |text: &str| parse_day(text).expect("a day");
        let today = day("2026-03-05");
        let coming = Coming {
            held_on: today,
            is_called_off: false,
            attendance: Attendance::Planned,
            open: Some(("new", today)),
            code: "new",
            today,
        };
        assert_eq!(coming.answer(), Answer::Welcome);
        for (other, answer) in [
            (Coming { code: "old", ..coming }, Answer::OtherCode),
            (Coming { code: "", ..coming }, Answer::OtherCode),
            (Coming { open: None, ..coming }, Answer::Closed),
            (Coming { open: Some(("new", day("2026-03-04"))), ..coming }, Answer::Closed),
            (Coming { held_on: day("2026-03-06"), ..coming }, Answer::NotYet),
            (Coming { held_on: day("2026-03-04"), ..coming }, Answer::Over),
            (Coming { is_called_off: true, ..coming }, Answer::CalledOff),
            (Coming { attendance: Attendance::Present, open: None, ..coming }, Answer::Present),
            (Coming { attendance: Attendance::Absent, ..coming }, Answer::Marked(Attendance::Absent)),
        ] {
            assert_eq!(other.answer(), answer, "{other:?}");
        }
    }
}

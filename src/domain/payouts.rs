//! What a household is owed and paid: balances, days, steps, where its money goes.
//!
//! Rules that must hold: what is due is what was earned less what payouts cover, nothing else, so no yuan is paid twice;
//! only a balance above zero is paid; one below zero is carried forward and offset against what is earned later, or
//! written off to the operator by two people, and never collected. A payout covers a balance up to a day, that day in it.
//!
//! Earned is settled income of the operator's shops, and goods the operator bought by weight from the day they were
//! accepted. Not here: the sums themselves (`store::payouts`), who may decide (`services::payouts`).

use super::calendar::{Day, next_month};
use super::secret::Secret;
use chrono::Datelike;

/// What a payout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Settled income and bought goods.
    Income,
    /// 盈余返还: a co-operative gives members a part of its surplus, by a document.
    Surplus,
    /// A balance below zero that the operator bears.
    WriteOff,
    /// Money that was paid and came back: it is due again.
    Returned,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Income, Self::Surplus, Self::WriteOff, Self::Returned];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Income => "income",
            Self::Surplus => "surplus",
            Self::WriteOff => "write_off",
            Self::Returned => "returned",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// True for what goes to the bank once it is approved; the others are done with that.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Income | Self::Surplus)
    }

    /// Since when its lines are taken off what is due: `None` never, 盈余返还 is no part of it. Income is held from the
    /// proposal on, so that it is not put forward twice; what gives something back only when two people agree.
    pub const fn covers_from(self) -> Option<State> {
        match self {
            Self::Income => Some(State::Proposed),
            Self::WriteOff | Self::Returned => Some(State::Approved),
            Self::Surplus => None,
        }
    }
}

/// How far a payout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Proposed,
    Approved,
    Paid,
    Withdrawn,
}

/// What becomes of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Approved,
    Withdrawn,
    Paid,
}

impl Step {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
            Self::Paid => "paid",
        }
    }

    /// True if a payout that stands so far may take this step: each once, nothing after the money has gone.
    pub const fn may_follow(self, state: State, kind: Kind) -> bool {
        match self {
            Self::Approved => matches!(state, State::Proposed),
            Self::Withdrawn => matches!(state, State::Proposed) || (matches!(state, State::Approved) && kind.is_paid()),
            Self::Paid => matches!(state, State::Approved) && kind.is_paid(),
        }
    }
}

/// A household's account with an operator, up to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Settled income, goods that were bought by weight left out.
    pub settled_fen: i64,
    /// Goods bought by weight.
    pub bought_fen: i64,
    /// Covered by payouts, whatever day they are up to.
    pub covered_fen: i64,
}

impl Balance {
    /// Everything earned.
    pub const fn earned_fen(self) -> i64 {
        self.settled_fen + self.bought_fen
    }

    /// What is still to be paid; below zero where more was paid than is now earned.
    pub const fn due_fen(self) -> i64 {
        self.earned_fen() - self.covered_fen
    }

    /// What can be put forward.
    pub fn payable_fen(self) -> i64 {
        self.due_fen().max(0)
    }
}

/// The day in the next month on which a month's settled income is paid; a short month's last day where it has no such.
/// `None` where no day was agreed.
pub fn pay_day(pays_on_day: i64, month: Day) -> Option<Day> {
    let next = next_month(month);
    let day = u32::try_from(pays_on_day).ok().filter(|&day| day > 0)?;
    next.with_day(day).or_else(|| next_month(next).pred_opt())
}

/// The last day whose income ought to be paid by now: the end of the newest month whose pay day is over.
pub fn owed_until(pays_on_day: i64, today: Day) -> Option<Day> {
    let this = today.with_day(1)?;
    let last = this.pred_opt()?;
    let before = last.with_day(1)?.pred_opt()?;
    let is_over = |month_end: Day| {
        let paid = month_end.with_day(1).and_then(|month| pay_day(pays_on_day, month));
        paid.is_some_and(|paid| paid < today)
    };
    [last, before].into_iter().find(|&end| is_over(end))
}

/// Fewest and most digits of a bank account: a passbook's to a long card's.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 8..=32;
/// Digits that are shown.
const SHOWN_DIGITS: usize = 4;
/// Characters of a bank's name.
const BANK_CHARACTERS: usize = 60;

/// Where a household's money goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    pub bank: String,
    number: Secret,
}

impl BankAccount {
    /// Reads what a person typed; blanks and hyphens between the digits are how cards print them.
    pub fn typed(bank: &str, number: &str) -> Option<Self> {
        let bank: String = bank.split_whitespace().collect::<Vec<_>>().join(" ");
        let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let named = !bank.is_empty() && bank.chars().count() <= BANK_CHARACTERS;
        let numbered = ACCOUNT_DIGITS.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        (named && numbered).then(|| Self { bank, number: Secret::new(digits) })
    }

    /// All digits, for the bank's file only.
    pub fn number(&self) -> &str {
        self.number.reveal()
    }

    /// The bank and the last four digits.
    pub fn masked(&self) -> String {
        let digits = self.number.reveal();
        format!("{} ····{}", self.bank, &digits[digits.len() - SHOWN_DIGITS..])
    }

    /// As it is sealed.
    pub fn text(&self) -> Secret {
        Secret::new(format!("{}\n{}", self.number.reveal(), self.bank))
    }

    /// Reads [`Self::text`].
    pub fn read(text: &Secret) -> Option<Self> {
        let (number, bank) = text.reveal().split_once('\n')?;
        Self::typed(bank, number)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, parse_month};
    use proptest::prelude::*;

    fn balance(settled_fen: i64, covered_fen: i64) -> Balance {
        Balance { settled_fen, covered_fen, bought_fen: 0 }
    }

    #[test]
    fn a_late_refund_is_offset_and_not_collected() {
        let paid = balance(2_500, 0).payable_fen();
        assert_eq!(paid, 2_500);
        let after_refund = balance(2_500 - 480, paid);
        assert_eq!((after_refund.due_fen(), after_refund.payable_fen()), (-480, 0));
        let next = balance(2_500 - 480 + 3_000, paid);
        assert_eq!(next.payable_fen(), 2_520);
    }

    #[test]
    fn goods_bought_by_weight_are_earned_beside_settled_income() {
        let both = Balance { settled_fen: 1_000, bought_fen: 7_400, covered_fen: 900 };
        assert_eq!((both.earned_fen(), both.due_fen()), (8_400, 7_500));
    }

    #[test]
    fn a_months_income_is_paid_in_the_next_month() {
        let month = parse_month("2026-01").unwrap();
        assert_eq!(pay_day(5, month), parse_day("2026-02-05"));
        assert_eq!(pay_day(31, month), parse_day("2026-02-28"));
        assert_eq!(pay_day(0, month), None);
    }

    #[test]
    fn a_month_is_owed_from_the_day_after_its_pay_day() {
        let owed = |pays_on_day, today| owed_until(pays_on_day, parse_day(today).unwrap());
        assert_eq!(owed(15, "2026-03-15"), parse_day("2026-01-31"), "the day itself is in time");
        assert_eq!(owed(15, "2026-03-16"), parse_day("2026-02-28"));
        assert_eq!(owed(31, "2026-03-01"), parse_day("2026-01-31"));
        assert_eq!(owed(0, "2026-03-16"), None);
    }

    #[test]
    fn each_step_follows_where_it_may_and_nothing_follows_payment() {
        use State::{Approved, Paid, Proposed, Withdrawn};
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.key()), Some(kind));
            let allowed = |step: Step| [Proposed, Approved, Paid, Withdrawn].map(|state| step.may_follow(state, kind));
            assert_eq!(allowed(Step::Approved), [true, false, false, false]);
            assert_eq!(allowed(Step::Withdrawn), [true, kind.is_paid(), false, false]);
            assert_eq!(allowed(Step::Paid), [false, kind.is_paid(), false, false]);
        }
    }

    #[test]
    fn an_account_shows_its_last_digits_and_reads_what_it_wrote() {
        let account = BankAccount::typed(" 遂川 农商行 ", "6228 4800-0000 1234 567").unwrap();
        assert_eq!((account.number(), account.masked().as_str()), ("6228480000001234567", "遂川 农商行 ····4567"));
        assert_eq!(BankAccount::read(&account.text()), Some(account.clone()));
        assert!(!format!("{account:?}").contains("6228"));
        for (bank, number) in [("", "62284800000"), ("行", "1234567"), ("行", "6228x4800000"), ("行", "")] {
            assert_eq!(BankAccount::typed(bank, number), None, "{bank} {number}");
        }
    }

    proptest! {
        /// Whatever is settled, taken back and put forward in whatever order: what was paid and what is due add up to
        /// what was earned, nobody is paid more than was ever earned at once, and nothing is asked back.
        #[test]
        fn what_is_paid_and_what_is_due_add_up_to_what_was_earned(
            events in prop::collection::vec((-10_000_i64..20_000, any::<bool>()), 1..40)
        ) {
            let (mut earned, mut covered, mut most) = (0, 0, 0);
            for (change_fen, pays) in events {
                earned += change_fen;
                most = most.max(earned);
                if pays {
                    let payable = balance(earned, covered).payable_fen();
                    prop_assert!(payable >= 0);
                    covered += payable;
                    prop_assert_eq!(balance(earned, covered).payable_fen(), 0, "the same day is not paid twice");
                }
                prop_assert_eq!(covered + balance(earned, covered).due_fen(), earned);
                prop_assert!(covered <= most);
            }
        }
    }
}

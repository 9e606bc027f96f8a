//! What cannot be paid as it is asked, in the person's language, each with what to do next.
//!
//! A part of [`super::Problem`], as refusals are.

use crate::domain::calendar::Day;
use crate::domain::lang::Lang;

/// Something about a payout or an account that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paying {
    /// Balances are put forward up to a day that is over.
    DayNotOver { day: Day },
    /// No household has a balance above zero.
    NothingDue { day: Day },
    /// It was approved, withdrawn or paid meanwhile.
    MovedOn,
    /// Whoever put it forward may not approve it.
    OwnProposal,
    /// Whoever put it forward made or changed the approver's account.
    ProposerMade { by: String, days: i64 },
    /// It pays the approver's own household.
    OwnHousehold,
    /// Only whoever put it forward, or an administrator, takes it back.
    NotTheirs,
    /// A payment dated before what it pays, or in days to come.
    BadPayDay { day: Day },
    /// The bank's number of a payment was left out.
    ReferenceMissing,
    /// Why was left out.
    ReasonMissing,
    /// Only a balance below zero is written off.
    NothingToWriteOff,
    /// The household is not in the payout, or its money came back before.
    NotInPayout,
    /// 盈余返还: a line that is not a household's number and an amount.
    BadSurplusLine { line: String },
    /// 盈余返还 of this document stands already.
    SurplusExists { document: String },
    /// A bank account's number has 8 to 32 digits, and its bank a name.
    BadAccount,
}

impl Paying {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::DayNotOver { day } => format!("{day} 还没有过完。请选昨天或更早的一天。"),
            Self::NothingDue { day } => format!("到 {day} 为止没有要付的农户：都付过了，或者都为零、为负。"),
            Self::MovedOn => "这笔打款已经有人批准、撤回或登记过了。请回去再看一次。".into(),
            Self::OwnProposal => "这笔打款是您自己提出的，要由另一个人批准：另一位支部管理员。".into(),
            Self::ProposerMade { by, days } => format!(
                "这笔打款是 {by} 提出的，而您的账号在提出前 {days} 天内或之后由 {by} 开通或改动过，不能由您批准。请另一个人来批准，或撤回后由别人提出。"
            ),
            Self::OwnHousehold => "这笔打款里有您自己家的钱，不能由您批准。请另一个人来批准。".into(),
            Self::NotTheirs => "这笔打款是别人提出的，只有提出的人或支部管理员可以撤回。".into(),
            Self::BadPayDay { day } => {
                format!("付款日 {day} 不对：不能早于算到的那一天，也不能晚于今天。请按银行回单填写。")
            }
            Self::ReferenceMissing => "还没有填凭证号。请填银行回单号或现金领取单号。".into(),
            Self::ReasonMissing => "还没有写原因。请写明为什么。".into(),
            Self::NothingToWriteOff => "只有多给了、余额为负的农户可以核销。这一户现在不是。".into(),
            Self::NotInPayout => "这一户不在这笔打款里，或者它的钱已经登记退回。请回去再看一次。".into(),
            Self::BadSurplusLine { line } => {
                format!("这一行看不懂：“{line}”。每行写一户：农户编号、空格、金额，如 f12 120.50；一户只写一行。")
            }
            Self::SurplusExists { document } => format!("文件“{document}”的盈余返还已经提出过。要更正请先撤回原来的。"),
            Self::BadAccount => "收款账号要有开户行，号码是 8 到 32 位数字。请对着卡或存折再填一次。".into(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::DayNotOver { day } => format!("{day} is not over. Choose yesterday or an earlier day."),
            Self::NothingDue { day } => {
                format!("Nothing is to be paid up to {day}: every balance was paid, is zero or below it.")
            }
            Self::MovedOn => {
                "This payout was approved, taken back or paid meanwhile. Go back and look at it again.".into()
            }
            Self::OwnProposal => {
                "You put this payout forward yourself. Another administrator of the branch has to approve it.".into()
            }
            Self::ProposerMade { by, days } => format!(
                "{by} put this payout forward and made or changed your account in the {days} days before, or since. Another person has to approve it, or somebody else puts it forward again."
            ),
            Self::OwnHousehold => "This payout pays your own household. Another person has to approve it.".into(),
            Self::NotTheirs => {
                "Somebody else put this payout forward. Only that person or an administrator takes it back.".into()
            }
            Self::BadPayDay { day } => format!(
                "{day} cannot be the day of payment: not before the day it pays up to, nor after today. Take it from the bank's receipt."
            ),
            Self::ReferenceMissing => {
                "The reference is missing. Enter the number of the bank's receipt or of the cash list.".into()
            }
            Self::ReasonMissing => "The reason is missing. Say why.".into(),
            Self::NothingToWriteOff => {
                "Only a household that was paid too much can be written off. This one was not.".into()
            }
            Self::NotInPayout => {
                "This household is not in the payout, or its money is recorded as returned. Go back and look again."
                    .into()
            }
            Self::BadSurplusLine { line } => format!(
                "This line cannot be read: \"{line}\". One household a line: its number, a space, the amount, as f12 120.50; each household once."
            ),
            Self::SurplusExists { document } => {
                format!("The surplus of document \"{document}\" was put forward before. Take that back to correct it.")
            }
            Self::BadAccount => {
                "A bank account needs its bank and 8 to 32 digits. Read them from the card or passbook once more."
                    .into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_to_do_in_both_languages() {
        assert!(Paying::OwnProposal.text(Lang::Zh).contains("另一个人"));
        assert!(Paying::OwnProposal.text(Lang::En).contains("Another administrator"));
    }
}

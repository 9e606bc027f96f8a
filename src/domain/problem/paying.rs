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
    /// Accounts that were changed after the payout was approved.
    AccountsChanged { households: usize },
    /// The bank's file was taken: the bank may be paying.
    FileTaken,
    /// A household that asked to be anonymous.
    Anonymous,
    /// A weighing that payouts have counted.
    TicketPaid,
    /// A shop whose operator owes households.
    OperatorOwes { shop: String },
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
            Self::AccountsChanged { households } => {
                format!("批准以后有 {households} 户的收款账号改过。请撤回这笔打款，核对账号后重新提出、重新批准。")
            }
            Self::FileTaken => {
                "给银行的文件已经取走，银行可能正在付，不能撤回。请登记付款；没付成的，再登记退回。".into()
            }
            Self::Anonymous => "这一户已经匿名，不再登记收款账号。".into(),
            Self::TicketPaid => "这张磅单已经算进打款，不能再改。多给或少给的，请用退回、核销或下一批更正。".into(),
            Self::OperatorOwes { shop } => format!(
                "店铺“{shop}”的经营主体已经给农户打过款，不能改成另一个：过去的货款会再付一次。请新建一个店铺。"
            ),
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
            Self::AccountsChanged { households } => format!(
                "The bank accounts of {households} households were changed after this payout was approved. Take it back, check the accounts, put it forward and have it approved again."
            ),
            Self::FileTaken => {
                "The bank's file was taken and the bank may be paying, so this is not taken back. Mark it as paid, and record what came back.".into()
            }
            Self::Anonymous => "This household is anonymous; no bank account is kept of it.".into(),
            Self::TicketPaid => {
                "This weighing was counted in a payout and is not changed any more. Put it right by money returned, a balance written off or the next lot.".into()
            }
            Self::OperatorOwes { shop } => format!(
                "The operator of shop \"{shop}\" has paid households, so the shop is not given to another one: what was paid would be due again. Make a new shop."
            ),
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

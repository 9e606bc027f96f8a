//! What the site refuses a person who is signed in, in the person's language, each with what to do next: where two people
//! are needed, where too much is taken away, where a second step cannot be opened.
//!
//! A part of [`super::Problem`], as the faults of a county document are.

use crate::domain::lang::Lang;

/// Something refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody put the month forward already.
    MonthFiled {
        month: String,
    },
    /// Nobody put the month forward, or it was locked or withdrawn meanwhile.
    MonthNotFiled {
        month: String,
    },
    /// Whoever put a month forward may not lock it.
    SecondPersonNeeded {
        month: String,
    },
    /// A table that is taken away holds whole months that are over, and the range has none.
    NoLockedMonth,
    /// A table of what no month's report says.
    NotInReports,
    /// A stream of whoever would decide what it sold.
    StreamOfOwn,
    /// Whoever entered a price made or changed the account of the one who would approve it.
    EntererMade {
        by: String,
        days: i64,
    },
    /// Whoever put the month forward made or changed the account of the one who would lock it.
    SecondPersonMade {
        month: String,
        filed_by: String,
        days: i64,
    },
    /// Only whoever put a month forward, or may lock it, takes it back.
    NotTheirsToWithdraw {
        month: String,
    },
    /// The month holds what the one who would lock it earned or received.
    MonthOfOwn {
        month: String,
    },
    /// Something has to be said, and not too much.
    WordsNeeded {
        most: usize,
    },
    /// Somebody asked already for the month to be opened.
    OpeningAsked {
        month: String,
    },
    /// Nobody asked for the month to be opened, or it was decided on meanwhile.
    OpeningNotAsked {
        month: String,
    },
    /// Only a locked month can be opened.
    MonthNotLocked {
        month: String,
    },
    /// No report is stored of the month.
    NoStoredReport {
        month: String,
    },
    /// An amount above zero is needed.
    NoAmount,
    TooManyExports {
        minutes: i64,
    },
    /// Whoever entered a price may not approve it.
    OtherApprover,
    /// The second step of an account does not open.
    SecondStepUnreadable {
        name: String,
    },
}

impl Refusal {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::MonthFiled { month } => format!("{month} 已经有人提交锁账，等另一个人锁定。"),
            Self::MonthNotFiled { month } => {
                format!("{month} 现在没有待锁定的提交：可能刚被锁定或撤回。请回到锁账页再看。")
            }
            Self::SecondPersonNeeded { month } => {
                format!("{month} 是您自己提交的，要由另一个人锁定或退回：县级，或另一位支部管理员。")
            }
            Self::EntererMade { by, days } => format!(
                "这条基准价是 {by} 录入的，而您的账号在录入前 {days} 天内或之后由 {by} 开通或改动过，不能由您批准。请另一个人来批准。"
            ),
            Self::StreamOfOwn => "这里有您自己的场次，佣金归您，不能由您来定。请另一个人来归属。".to_owned(),
            Self::NoLockedMonth => {
                "下载的表只列已锁定的月份，所选日期里还没有。请选更早的日期，或等这个月锁账以后。".to_owned()
            }
            Self::NotInReports => {
                "下载的表取自各月的月报，月报里没有这样分列的数。请看页面，或下载分乡镇、分月份的表。".to_owned()
            }
            Self::SecondPersonMade { month, filed_by, days } => format!(
                "{month} 是 {filed_by} 提交的，而您的账号在提交前 {days} 天内或之后由 {filed_by} 开通或改动过，不能由您锁定。请另一个人来锁定，或撤回后由别人提交。"
            ),
            Self::NotTheirsToWithdraw { month } => {
                format!("{month} 是别人提交的，只有提交的人、县级或支部管理员可以撤回。")
            }
            Self::MonthOfOwn { month } => {
                format!("{month} 里有您自己的佣金或货款，不能由您锁定。请另一个人来锁定。")
            }
            Self::OtherApprover => "这条基准价是您自己录入的，要由另一个人批准。".to_owned(),
            Self::WordsNeeded { most } => format!("请写明内容，最多 {most} 字。"),
            Self::OpeningAsked { month } => format!("{month} 已经有人申请重开，等另一个人同意。"),
            Self::OpeningNotAsked { month } => {
                format!("{month} 现在没有待同意的重开申请：可能刚被同意或撤回。请再看这个月。")
            }
            Self::MonthNotLocked { month } => format!("{month} 没有锁定，不用重开。"),
            Self::NoStoredReport { month } => format!("{month} 没有存下的月报：月份锁定的时候才存。"),
            Self::NoAmount => "请写大于零的金额，单位元，例如 11000000。".to_owned(),
            Self::TooManyExports { minutes } => format!("这一小时下载得太多了。请过 {minutes} 分钟再下载。"),
            Self::SecondStepUnreadable { name } => {
                format!("账号“{name}”的两步验证解不开：它被改过，或者来自别处。请管理员给一个重设链接，再重新开通。")
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::MonthFiled { month } => {
                format!("{month} has been put forward already. It waits for another person to lock it.")
            }
            Self::MonthNotFiled { month } => {
                format!(
                    "{month} is not waiting to be locked: it was locked or withdrawn meanwhile. Look at the list again."
                )
            }
            Self::SecondPersonNeeded { month } => format!(
                "You put {month} forward yourself. Another person has to lock it or send it back: an official, or another administrator."
            ),
            Self::EntererMade { by, days } => format!(
                "{by} entered this price and made or changed your account in the {days} days before, or since. Another person has to approve it."
            ),
            Self::StreamOfOwn => {
                "A stream of your own is among these, and its commission is yours. Another person has to decide.".to_owned()
            }
            Self::NoLockedMonth => {
                "A table to take away holds locked months; there is none in these days. Choose earlier ones, or wait until the month is locked."
                    .to_owned()
            }
            Self::NotInReports => {
                "A table to take away says what the months' reports say, and they say nothing by this. See the page, or take the table by town or by month."
                    .to_owned()
            }
            Self::SecondPersonMade { month, filed_by, days } => format!(
                "{filed_by} put {month} forward and made or changed your account in the {days} days before, or since. Another person has to lock it, or somebody else puts it forward again."
            ),
            Self::NotTheirsToWithdraw { month } => format!(
                "Somebody else put {month} forward. Only that person, an official or an administrator takes it back."
            ),
            Self::MonthOfOwn { month } => {
                format!("{month} holds a commission or income of your own. Another person has to lock it.")
            }
            Self::OtherApprover => "You entered this price yourself. Another person has to approve it.".to_owned(),
            Self::WordsNeeded { most } => format!("Say what it is about, in at most {most} characters."),
            Self::OpeningAsked { month } => {
                format!("Somebody asked already for {month} to be opened. It waits for another person.")
            }
            Self::OpeningNotAsked { month } => format!(
                "{month} is not waiting to be opened: it was opened or refused meanwhile. Look at the month again."
            ),
            Self::MonthNotLocked { month } => format!("{month} is not locked: there is nothing to open."),
            Self::NoStoredReport { month } => {
                format!("No report of {month} is stored: one is made when the month is locked.")
            }
            Self::NoAmount => "Write an amount above zero, in yuan, like 11000000.".to_owned(),
            Self::TooManyExports { minutes } => {
                format!("Too many downloads within an hour. Wait {minutes} minutes, then download again.")
            }
            Self::SecondStepUnreadable { name } => format!(
                "The second step of \"{name}\" does not open: it was altered, or comes from elsewhere. Ask the administrator for a reset link and switch it on again."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_in_both_languages() {
        let refusal = Refusal::SecondPersonNeeded { month: "2026-01".into() };
        assert!(refusal.text(Lang::Zh).contains("另一个人"));
        assert!(refusal.text(Lang::En).contains("Another person"));
    }
}

//! What cannot be done about two records of one household, in the person's language, each with what to do next.
//!
//! A part of [`super::Problem`], as refusals are.

use crate::domain::lang::Lang;

/// Something about doubles that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubling {
    /// No household has this number.
    Unknown { key: String },
    /// A record is not its own double.
    Same,
    /// A household that asked to be anonymous.
    Anonymous,
    /// It is a double already.
    IsDouble { key: String },
    /// It is kept in place of others.
    HasDoubles { key: String },
    /// The two lie in two villages.
    VillagesDiffer,
    /// The double has a bank account and the record that is kept has none.
    AccountMissing,
    /// Something about one of the two waits for a second person.
    Waiting,
    /// A payout of one of the two is on its way.
    PayoutUnderWay { payout_id: i64 },
    /// Whoever decides is one of the two.
    OwnHousehold,
    /// Whoever put it forward may not approve it.
    OwnProposal,
    /// Whoever put it forward made or changed the approver's account.
    ProposerMade { by: String, days: i64 },
    /// It was decided meanwhile.
    MovedOn,
    /// Why was left out.
    ReasonMissing,
    /// It is no double.
    NoDouble,
    /// A month counted the two as one household.
    MonthLocked { month: String },
    /// A payout paid the two as one household.
    PaidSince { payout_id: i64 },
}

impl Doubling {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Unknown { key } => format!("没有编号为“{key}”的农户。请在农户名单里查到编号再填。"),
            Self::Same => "填的就是这一户自己。请填要保留的另一份档案的编号。".into(),
            Self::Anonymous => "两份档案中有一份已经匿名，无法核对是不是同一户，不能合并。".into(),
            Self::IsDouble { key } => format!("{key} 已经并入另一份档案。请填要保留的那一份的编号。"),
            Self::HasDoubles { key } => {
                format!("{key} 已经有别的档案并入。请反过来：把另一份并入 {key}，或先撤销它的合并。")
            }
            Self::VillagesDiffer => {
                "两份档案的村不同，合并后各村只看得到这一户的一半账，不能合并。请先把登记错的那一份的村改正，再来合并。"
                    .into()
            }
            Self::AccountMissing => {
                "要并入的档案登记了收款账户，保留的档案没有。请先在保留的档案上登记，再来合并。".into()
            }
            Self::Waiting => "这两份档案中已有一件合并或撤销在等另一个人决定。请先办完那一件。".into(),
            Self::PayoutUnderWay { payout_id } => {
                format!("第 {payout_id} 号打款里有这一户，还没有办完。请先付完并登记，或者撤回，再来合并。")
            }
            Self::OwnHousehold => "这是您自己家的档案，不能由您提出或批准。请另一个人来办。".into(),
            Self::OwnProposal => "这件是您自己提出的，要由另一位支部管理员批准。".into(),
            Self::ProposerMade { by, days } => format!(
                "这件是 {by} 提出的，而您的账号在提出前 {days} 天内或之后由 {by} 开通或改动过，不能由您批准。请另一个人来批准，或撤回后由别人提出。"
            ),
            Self::MovedOn => "这件已经有人批准、驳回或撤回了。请回去再看一次。".into(),
            Self::ReasonMissing => "还没有写原因。请写明凭什么认定，例如核对过哪一份证件。".into(),
            Self::NoDouble => "这份档案没有并入别的档案。请回去再看一次。".into(),
            Self::MonthLocked { month } => format!(
                "{month} 已经锁账，那个月把两份档案算作一户，撤销会改动锁定的数，所以不能撤销。以后的供货、磅单请记在各自的档案上。"
            ),
            Self::PaidSince { payout_id } => format!(
                "合并以后第 {payout_id} 号打款把两份档案当一户付过，分不开了，所以不能撤销。还没付的请先撤回那笔打款。"
            ),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Unknown { key } => {
                format!("No household has the number \"{key}\". Look its number up in the list of households.")
            }
            Self::Same => "That is this household itself. Enter the number of the other record, which is kept.".into(),
            Self::Anonymous => {
                "One of the two records is anonymous: nobody can tell that they are one household, so they stay two."
                    .into()
            }
            Self::IsDouble { key } => {
                format!("{key} is a double of another record already. Enter the number of the record that is kept.")
            }
            Self::HasDoubles { key } => format!(
                "{key} is kept in place of other records. Do it the other way round: merge the other one into {key}, or take its merge back first."
            ),
            Self::VillagesDiffer => {
                "The two records lie in two villages, each of which would read half of the household's account, so they stay two. Correct the village of the one that is wrong first."
                    .into()
            }
            Self::AccountMissing => {
                "The double has a bank account and the record that is kept has none. Store it with the record that is kept first."
                    .into()
            }
            Self::Waiting => {
                "Something about one of the two records waits for another person's decision. See to that first.".into()
            }
            Self::PayoutUnderWay { payout_id } => format!(
                "Payout {payout_id} has one of the two records in it and is not finished. Finish it or take it back first."
            ),
            Self::OwnHousehold => {
                "This is your own household's record. Another person has to put it forward or approve it.".into()
            }
            Self::OwnProposal => {
                "You put this forward yourself. Another administrator of the branch has to approve it.".into()
            }
            Self::ProposerMade { by, days } => format!(
                "{by} put this forward and made or changed your account in the {days} days before, or since. Another person has to approve it, or somebody else puts it forward again."
            ),
            Self::MovedOn => {
                "This was approved, rejected or taken back meanwhile. Go back and look at it again.".into()
            }
            Self::ReasonMissing => {
                "The reason is missing. Say how you know, such as which document was looked at.".into()
            }
            Self::NoDouble => "This record is no double. Go back and look at it again.".into(),
            Self::MonthLocked { month } => format!(
                "{month} is locked and counted the two records as one household. Taking the merge back would move a locked figure, so it stays. Enter shares and weighings on the record they belong to from now on."
            ),
            Self::PaidSince { payout_id } => format!(
                "Payout {payout_id} paid the two records as one household after the merge, which cannot be told apart, so the merge stays. A payout that is not paid can be taken back first."
            ),
        }
    }
}

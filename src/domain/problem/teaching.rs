//! What cannot be done with rooms, people and their training as it was asked, in the person's language, each with what to
//! do next.
//!
//! A part of [`super::Problem`], as refusals are.

use crate::domain::calendar::Day;
use crate::domain::ladder::{LEAST_AGE, Missing};
use crate::domain::lang::Lang;

/// Something about rooms, people and training that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Teaching {
    /// A name, a document's number or another text that is needed.
    TextMissing,
    /// No whole number, or one out of its bounds.
    BadNumber {
        text: String,
        least: i64,
        most: i64,
    },
    /// A first day after a last one.
    Backwards,
    /// Nobody was chosen.
    NobodyChosen,
    UnknownModule,
    /// A class that is called off although people were signed in to it.
    SignedIn {
        people: usize,
    },
    /// A class that was called off.
    CalledOff,
    /// A class whose day is over.
    ClassOver {
        day: Day,
    },
    UnknownVillage {
        code: String,
    },
    UnknownPlatform {
        line: String,
    },
    /// A step that does not follow the stage one is at.
    NotNext,
    /// A step not later than the last one.
    NotLater {
        last: Day,
    },
    /// A step would change whose stream it was in a locked month; the first day it can begin.
    Locked {
        first_open: Day,
    },
    /// What a step lacks.
    Lacks {
        missing: Vec<Missing>,
    },
    /// Something about whoever would see to it.
    OwnStep,
    OtherApprover,
    ProposerMade {
        by: String,
        days: i64,
    },
    /// Decided on meanwhile.
    StepDecided,
    /// One is waiting already.
    StepWaits,
    NumberTaken {
        number: String,
    },
    /// An account of a platform that another person or room has.
    AccountTaken {
        account: String,
    },
    NumberNeeded,
    NotCertificate,
    AlreadyRevoked,
    /// 国家, 全国 or 职业资格 on the association's paper.
    BarredWord {
        word: &'static str,
    },
    /// The module is switched off.
    PartyOff,
    /// A party step before its time; the first day it can be.
    PartyTooEarly {
        first: Day,
    },
    PartyNotNext,
    BirthNeeded,
    /// A contest without anything to rank by.
    NoIndicator,
    /// A filled-in table without the columns of people and classes.
    NotATrainingSheet {
        path: String,
    },
    /// A contest whose days are not over.
    ContestRuns {
        until: Day,
    },
}

/// What is missing, in words.
pub fn missing_words(missing: &Missing, lang: Lang) -> String {
    match (lang, missing) {
        (Lang::Zh, Missing::BirthUnknown) => "没有出生日期".into(),
        (Lang::Zh, Missing::TooYoung { age }) => format!("{age} 岁，未满 {LEAST_AGE} 岁"),
        (Lang::Zh, Missing::GuardianConsent) => "16–17 岁，没有监护人同意".into(),
        (Lang::Zh, Missing::Identity) => "身份没有核验".into(),
        (Lang::Zh, Missing::RulesQuiz) => "规则考核没有通过".into(),
        (Lang::Zh, Missing::ProductKnowledge) => "产品知识没有通过".into(),
        (Lang::Zh, Missing::Supervised { done, needed }) => format!("见习场次 {done} / {needed}"),
        (Lang::Zh, Missing::OpenViolation { open }) => format!("{open} 件违规没有处理完"),
        (Lang::Zh, Missing::Modules { lacking }) => format!("{lacking} 个模块没有通过"),
        (Lang::En, Missing::BirthUnknown) => "no birth date".into(),
        (Lang::En, Missing::TooYoung { age }) => format!("{age} years old, under {LEAST_AGE}"),
        (Lang::En, Missing::GuardianConsent) => "16 or 17 years old without a guardian's consent".into(),
        (Lang::En, Missing::Identity) => "identity not checked".into(),
        (Lang::En, Missing::RulesQuiz) => "rules quiz not passed".into(),
        (Lang::En, Missing::ProductKnowledge) => "product knowledge not passed".into(),
        (Lang::En, Missing::Supervised { done, needed }) => format!("supervised streams {done} / {needed}"),
        (Lang::En, Missing::OpenViolation { open }) => format!("open violations: {open}"),
        (Lang::En, Missing::Modules { lacking }) => format!("modules not passed: {lacking}"),
    }
}

/// All that is missing, in words.
pub(super) fn missing_list(missing: &[Missing], lang: Lang) -> String {
    let join = if lang == Lang::Zh { "；" } else { "; " };
    missing.iter().map(|m| missing_words(m, lang)).collect::<Vec<_>>().join(join)
}

impl Teaching {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::TextMissing => "有一栏还空着，或者太长了。请填好再保存。".into(),
            Self::BadNumber { text, least, most } => format!("“{text}”不行，请填 {least} 到 {most} 的整数。"),
            Self::Backwards => "结束的日期早于开始的日期。请核对两个日期。".into(),
            Self::NobodyChosen => "请至少选一个人。".into(),
            Self::UnknownModule => "没有这个培训模块。请重新选一个。".into(),
            Self::SignedIn { people } => {
                format!("这次课已经填了 {people} 个人的签到。请选“签到一起作废”再取消，或者把课改到实际上课的那天。")
            }
            Self::CalledOff => "这次课已经取消。要上课请另排一次。".into(),
            Self::ClassOver { day } => format!("这次课是 {day}，已经过了。请在下面的签到表里填。"),
            Self::UnknownVillage { code } => format!("本县没有村“{code}”。请填 12 位村码。"),
            Self::UnknownPlatform { line } => {
                format!("“{line}”看不懂。平台账号一行一个：平台、空格、账号编号，例如 douyin 12345。")
            }
            Self::NotNext => "阶段要一级一级来：学员、见习、红色主播、导师。请先登记前一级。".into(),
            Self::NotLater { last } => format!("上一级从 {last} 算起，这一级要在那以后。请改日期。"),
            Self::Locked { first_open } => {
                format!("这个日期所在的月份已经锁账，改阶段会动到锁定月份里这个人的场次。请从 {first_open} 起算。")
            }
            Self::Lacks { missing } => format!("还不能进这一级：{}。补齐以后再来。", missing_list(missing, Lang::Zh)),
            Self::OwnStep => "这件事关系到您自己，不能由您来办。请另一个人来办。".into(),
            Self::OtherApprover => "这一步是您自己提出的，要由另一个人批准。".into(),
            Self::ProposerMade { by, days } => format!(
                "这一步是 {by} 提出的，而您的账号在提出前 {days} 天内或之后由 {by} 开通或改动过，不能由您批准。请另一个人来批准。"
            ),
            Self::StepDecided => "这一步已经有人办过了。请再看一眼。".into(),
            Self::StepWaits => "这个人已经有一步在等批准。先办完那一步。".into(),
            Self::NumberTaken { number } => format!("证书号“{number}”已经用过。请换一个号。"),
            Self::AccountTaken { account } => {
                format!("平台账号“{account}”已经是别的主播或直播间的。请核对编号。")
            }
            Self::NumberNeeded => "请填证书号和到期日：认证要发证书。".into(),
            Self::NotCertificate => "没有这张证书。请回到主播的页面再看。".into(),
            Self::AlreadyRevoked => "这张证书已经撤销，或者撤销日早于发证日。".into(),
            Self::BarredWord { word } => format!("协会的证书上不能写“{word}”。请改了再保存。"),
            Self::PartyOff => "党员发展模块没有开启。请支部管理员先开启。".into(),
            Self::PartyTooEarly { first } => format!("最早 {first} 才满规定的时间。请改日期，或到时再登记。"),
            Self::PartyNotNext => "发展阶段要按次序登记，一步一步来。请先登记前一步。".into(),
            Self::BirthNeeded => "入党申请要年满 18 岁：请先在主播资料里填出生日期。".into(),
            Self::NoIndicator => "请至少选一项比武指标。".into(),
            Self::NotATrainingSheet { path } => {
                format!("{path} 里没有培训记录表的列。请下载空白表，填好后再传。")
            }
            Self::ContestRuns { until } => format!("比武到 {until} 才结束。结束以后再公布。"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::TextMissing => "A field is empty, or too long. Fill it in and save again.".into(),
            Self::BadNumber { text, least, most } => {
                format!("\"{text}\" will not do: write a whole number from {least} to {most}.")
            }
            Self::Backwards => "The last day is before the first. Check the two days.".into(),
            Self::NobodyChosen => "Choose at least one person.".into(),
            Self::UnknownModule => "There is no such module. Choose one again.".into(),
            Self::SignedIn { people } => format!(
                "The sign-in of {people} people is typed in for this class. Tick that it is void with it, or move the class to the day it was held."
            ),
            Self::CalledOff => "This class is called off. Plan another one.".into(),
            Self::ClassOver { day } => format!("This class was on {day}. Type its sign-in into the list below."),
            Self::UnknownVillage { code } => {
                format!("There is no village \"{code}\" in this county. Write its code of 12 digits.")
            }
            Self::UnknownPlatform { line } => format!(
                "\"{line}\" cannot be read. One account a line: platform, a space, the account's number, such as douyin 12345."
            ),
            Self::NotNext => {
                "The ladder is climbed a step at a time: trainee, supervised, Red Anchor, mentor. Record the step before."
                    .into()
            }
            Self::NotLater { last } => format!("The last stage began on {last}; this one begins later. Change the day."),
            Self::Locked { first_open } => format!(
                "That day lies in a locked month, and the step would move streams of this person in it. Let it begin on {first_open}."
            ),
            Self::Lacks { missing } => {
                format!("Not yet: {}. Come back when that is done.", missing_list(missing, Lang::En))
            }
            Self::OwnStep => "This is about yourself. Another person has to see to it.".into(),
            Self::OtherApprover => "You put this step forward yourself. Another person has to approve it.".into(),
            Self::ProposerMade { by, days } => format!(
                "{by} put this step forward and made or changed your account in the {days} days before, or since. Another person has to approve it."
            ),
            Self::StepDecided => "Somebody has decided on this step meanwhile. Look at it again.".into(),
            Self::StepWaits => "A step of this person is waiting already. See to that one first.".into(),
            Self::NumberTaken { number } => format!("Certificate number \"{number}\" is taken. Choose another one."),
            Self::AccountTaken { account } => {
                format!("Account \"{account}\" belongs to another person or room. Check the number.")
            }
            Self::NumberNeeded => "Write the certificate's number and last day: certification issues one.".into(),
            Self::NotCertificate => "There is no such certificate. Look at the anchor's page again.".into(),
            Self::AlreadyRevoked => "This certificate is revoked already, or the day is before it was issued.".into(),
            Self::BarredWord { word } => {
                format!("The association's paper must not say \"{word}\". Change it and save again.")
            }
            Self::PartyOff => "The module of party stages is off. An administrator of the branch switches it on.".into(),
            Self::PartyTooEarly { first } => {
                format!("The time laid down is over on {first} at the earliest. Change the day, or come back then.")
            }
            Self::PartyNotNext => "The stages are recorded in order. Record the one before.".into(),
            Self::BirthNeeded => {
                "Applicants are 18 or older: write the birth date in the person's details first.".into()
            }
            Self::NoIndicator => "Choose at least one indicator.".into(),
            Self::NotATrainingSheet { path } => format!(
                "{path} has no columns of people and classes. Download the blank table, fill it in and send it again."
            ),
            Self::ContestRuns { until } => format!("The contest runs until {until}. Publish the results after that."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_lacking_is_said_in_both_languages() {
        let lacks = Teaching::Lacks { missing: vec![Missing::Identity, Missing::Supervised { done: 1, needed: 3 }] };
        assert!(lacks.text(Lang::Zh).contains("身份没有核验；见习场次 1 / 3"));
        assert!(lacks.text(Lang::En).contains("identity not checked; supervised streams 1 / 3"));
    }
}

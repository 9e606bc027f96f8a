//! What cannot be done about a request as it is asked, in the person's language, each with what to do next.
//!
//! A part of [`super::Problem`], as refusals are.

use crate::domain::calendar::Day;
use crate::domain::lang::Lang;

/// Something about a request that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asking {
    /// Nothing was written, or too much.
    NothingSaid,
    /// What is asked about is not the household's.
    NotThere,
    /// Its state has changed meanwhile.
    MovedOn,
    /// The household has enough that wait.
    TooMany { most: usize },
    /// Who sees to it was left out.
    NobodyNamed,
    /// A day that is over.
    DayOver { day: Day },
}

impl Asking {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NothingSaid => "还没有写，或者写得太长。请写几句，五百字以内。".into(),
            Self::NotThere => "没有找到您问的这一笔。请回到自己的账再点一次。".into(),
            Self::MovedOn => "这条诉求已经有了新的进展。请回去再看一次。".into(),
            Self::TooMany { most } => format!("您已经有 {most} 条在等答复。请等一等，或打电话问。"),
            Self::NobodyNamed => "还没有写谁来办。请写上名字。".into(),
            Self::DayOver { day } => format!("{day} 已经过了。请定今天或以后的一天。"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NothingSaid => "Nothing was written, or too much. Write a few words, 500 characters at most.".into(),
            Self::NotThere => "What you ask about was not found. Go back to your sales and press it again.".into(),
            Self::MovedOn => "Something was done about this request meanwhile. Go back and look at it again.".into(),
            Self::TooMany { most } => {
                format!("{most} of your requests wait for an answer. Please wait for them, or call.")
            }
            Self::NobodyNamed => "Nobody is named to see to it. Enter a name.".into(),
            Self::DayOver { day } => format!("{day} is over. Choose today or a later day."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_to_do_in_both_languages() {
        assert!(Asking::NobodyNamed.text(Lang::Zh).contains("请写上"));
        assert!(Asking::NobodyNamed.text(Lang::En).contains("Enter a name"));
    }
}

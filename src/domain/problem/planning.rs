//! What cannot be done about a stream's plan as it is typed, in the person's language, each with what to do next.
//!
//! A part of [`super::Problem`], as refusals are.

use crate::domain::calendar::{Instant, clock_text};
use crate::domain::ladder::Missing;
use crate::domain::lang::Lang;
use crate::domain::problem::teaching::missing_list;
use crate::domain::shelf::Hold;

/// Something about a plan that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planning {
    /// Shop, anchor, room or an account that is not there, or not theirs.
    NotThere,
    /// It ends before it begins, or lasts longer than any stream.
    BadWindow { hours: i64 },
    /// The anchor, or the room, is on air at that time.
    Busy { who: String, from: Instant },
    /// Whose it is and when is no longer a plan once it has begun.
    Begun,
    /// What has not begun has no times to note.
    NotBegun,
    /// It was called off, or is over.
    Over,
    /// A person gave sales to it, or sales of a locked month belong to it.
    HasSold,
    /// The anchor, or who stands beside, may not go live that day.
    NotReady { missing: Vec<Missing> },
    /// What keeps listings off the shelf that day, by the listing's name.
    OffShelf { held: Vec<(String, Vec<Hold>)> },
    /// Barred phrases stand in it.
    Barred { phrases: String },
    /// Sales of a locked month may move, and nobody said that this is meant.
    MonthLocked { month: String },
    /// No phrase, or too long a one.
    BadPhrase { most: usize },
}

impl Planning {
    /// The message for a person.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NotThere => {
                "店铺、主播、直播间或账号选得不对。请重新选，账号要是这位主播或这间直播间在这个平台上的。".into()
            }
            Self::BadWindow { hours } => format!("下播要晚于开播，一场最长 {hours} 小时。请核对时间。"),
            Self::Busy { who, from } => {
                format!("{who} 在 {} 已经有一场，时间重叠。请改时间，或换人、换直播间。", clock_text(*from))
            }
            Self::Begun => "这一场已经开播，店铺、主播、直播间和时间不能再按计划改。实际时间请在场次页上填。".into(),
            Self::NotBegun => "这一场还没开播。请等开播以后再填实际时间。".into(),
            Self::Over => "这一场已经取消或结束，不能再改计划。".into(),
            Self::HasSold => "有订单是人工归到这一场的，或者这个月已经锁账、有订单归到这一场，不能取消。请先在待归属里把订单改归别处。".into(),
            Self::NotReady { missing } => format!(
                "主播或助播那天还不能上播：{}。请先补齐，或请管理员在主播页写明原因放行，或换人。",
                missing_list(missing, Lang::Zh)
            ),
            Self::OffShelf { held } => {
                format!("这些商品那天不能上架：{}。请先补好证照或上架手续，或从货架上拿掉。", held_list(held, Lang::Zh))
            }
            Self::Barred { phrases } => format!("有不能用的说法：{phrases}。请照建议改好再保存。"),
            Self::MonthLocked { month } => {
                format!("{month} 已经锁账。改这一场会让订单改归，差额记在没锁的月份。确实要改，请勾选并写明原因。")
            }
            Self::BadPhrase { most } => format!("请写上词语，最多 {most} 个字。"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NotThere => "Shop, anchor, room or account do not fit. Choose again; the account is one of the anchor or the room on that platform.".into(),
            Self::BadWindow { hours } => {
                format!("A stream ends after it begins and lasts {hours} hours at most. Check the times.")
            }
            Self::Busy { who, from } => {
                format!("{who} has another stream at {}. Choose another time, anchor or room.", clock_text(*from))
            }
            Self::Begun => "This stream has begun: shop, anchor, room and time are no longer a plan. Note the real times on its page.".into(),
            Self::NotBegun => "This stream has not begun. Note its times once it has.".into(),
            Self::Over => "This stream was called off or is over; its plan does not change.".into(),
            Self::HasSold => "Somebody gave orders to this stream, or its month is locked and orders belong to it, so it cannot be called off. Give them to another stream first, under Unmatched.".into(),
            Self::NotReady { missing } => format!(
                "The anchor, or who stands beside, may not go live that day: {}. See to it first, ask an administrator for leave on the anchor's page, or choose somebody else.",
                missing_list(missing, Lang::En)
            ),
            Self::OffShelf { held } => format!(
                "These listings may not be on the shelf that day: {}. See to their papers or publish them first, or take them off the shelf.",
                held_list(held, Lang::En)
            ),
            Self::Barred { phrases } => {
                format!("These phrases may not be used: {phrases}. Change them as suggested and save again.")
            }
            Self::MonthLocked { month } => format!(
                "{month} is locked. This change may move orders between streams; what differs is booked in an open month. If it is meant, tick the box and say why."
            ),
            Self::BadPhrase { most } => format!("Write a phrase of at most {most} letters."),
        }
    }
}

/// Listings with what keeps each off the shelf.
fn held_list(held: &[(String, Vec<Hold>)], lang: Lang) -> String {
    let (of, then) = if lang == Lang::Zh { ("：", "；") } else { (": ", "; ") };
    let holds = |holds: &[Hold]| holds.iter().map(|hold| hold.text(lang)).collect::<Vec<_>>().join(", ");
    held.iter().map(|(name, held)| format!("{name}{of}{}", holds(held))).collect::<Vec<_>>().join(then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_to_do_in_both_languages() {
        let problem = Planning::MonthLocked { month: "2026-01".into() };
        assert!(problem.text(Lang::Zh).contains("请勾选并写明原因"));
        assert!(problem.text(Lang::En).contains("tick the box and say why"));
    }
}

//! Words of requests: what a household asks about a figure, and what became of it.

use crate::domain::requests::{About, State};
use crate::web::wording::fill;

words! {
    /// The household's, the branch's, the county's.
    Requests {
        nav: "诉求" | "Requests",
        nav_county: "诉求办理" | "Requests seen to",
        wrong: "这笔不对？" | "Is this wrong?",
        mine: "我问过的" | "What I asked",
        ask_title: "说说哪里不对" | "Say what is wrong",
        ask_about: "您问的是：{0}" | "You ask about: {0}",
        ask_said: "哪里不对，简单写几句" | "What is wrong, in a few words",
        ask_button: "交给支部" | "Send it to the branch",
        ask_note: "支部会有人办，答复写在这里。急的话请打电话。" | "Somebody at the branch sees to it, and the answer stands here. If it is urgent, please call.",
        line_of: "{0}，{1} 付款，{2} 件，订单行 {3}" | "{0}, paid {1}, {2} pieces, order line {3}",
        about_line: "一份货（第 {0} 号）" | "a parcel (no. {0})",
        about_payout: "第 {0} 笔打款" | "payment no. {0}",
        about_month: "{0} 这个月" | "the month {0}",
        mine_none: "还没有问过。看到哪笔不对，点“这笔不对？”。" | "You have not asked yet. Where something looks wrong, press \"Is this wrong?\".",
        you_said: "您说：{0}" | "You said: {0}",
        asked_on: "{0} 问的" | "asked on {0}",
        state_open: "等支部看" | "waits for the branch",
        state_assigned: "有人在办" | "somebody sees to it",
        state_answered: "有答复了" | "answered",
        state_rated: "办完了" | "done",
        by_day: "{0} 前答复" | "to be answered by {0}",
        answer_of: "答复：{0}" | "Answer: {0}",
        good: "满意" | "Good",
        fair: "一般" | "Fair",
        bad: "不满意" | "Not good",
        rate_title: "这个答复怎么样？不点也没关系。" | "How is the answer? You need not say.",
        again: "还是不对，再问一次" | "Still wrong: ask again",
        again_said: "还有哪里不对" | "What is still wrong",
        list_title: "农户诉求" | "What households ask",
        list_note: "每条都要有人办、有期限、有答复。农户评价，不满意可以再问。" | "Each has somebody who sees to it, a day and an answer. The household rates it, and may ask again.",
        open_title: "等分办" | "Nobody sees to them yet",
        open_none: "没有等分办的。" | "None.",
        assigned_title: "在办" | "Being seen to",
        assigned_none: "没有在办的。" | "None.",
        answered_title: "已答复，等评价" | "Answered, not rated",
        answered_none: "没有等评价的。" | "None.",
        col_request: "诉求" | "Request",
        col_about: "关于" | "About",
        col_said: "说了什么" | "Said",
        col_asked: "提出" | "Asked",
        col_assignee: "谁办" | "Seen to by",
        col_due: "期限" | "By",
        number: "第 {0} 条" | "No. {0}",
        late: "{0}，已过期" | "{0}, late",
        request_title: "第 {0} 条诉求" | "Request no. {0}",
        request_of: "{0} · {1} · 编号 {2}" | "{0} · {1} · key {2}",
        step_asked: "{0} 提出：{1}" | "Asked on {0}: {1}",
        step_assigned: "{0} 由 {1} 分给 {2}，{3} 前办好" | "On {0} {1} gave it to {2}, by {3}",
        step_answered: "{0} 由 {1} 答复：{2}" | "On {0} {1} answered: {2}",
        step_rated: "{0} 评价：{1}" | "Rated on {0}: {1}",
        step_reopened: "{0} 再次提出：{1}" | "Asked again on {0}: {1}",
        assign_title: "分办" | "Who sees to it",
        assignee: "谁来办" | "Who",
        due_on: "哪天前答复" | "By which day",
        assign_button: "分给他" | "Give it to them",
        answer_title: "答复" | "Answer",
        answer_said: "写给农户看的，要简单明白" | "For the household to read: short and plain",
        answer_button: "答复农户" | "Answer",
        back: "回到诉求" | "Back to requests",
        today_open: "{0} 条诉求等人办" | "{0} requests wait for somebody",
        today_open_why: "农户在等答复。分给人，定期限。" | "Households wait for an answer: say who sees to each, and by when.",
        county_title: "诉求办得怎么样" | "How requests are seen to",
        county_note: "按提出的月份数，不含姓名。中位时长：一半在这么多小时内有了第一次答复。" | "By the month they were asked in, without names. Median: half had a first answer within so many hours.",
        county_elsewhere: "诉求是全县一起办的。您现在只看一部分，这里没有内容。" | "Requests are seen to for the whole county. You see a part of it, so there is nothing here.",
        county_none: "近十二个月没有诉求。" | "Nothing was asked in the last twelve months.",
        col_month: "月份" | "Month",
        col_count: "提出" | "Asked",
        col_answered: "已答复" | "Answered",
        col_median: "中位时长（小时）" | "Median (hours)",
        col_rated: "评价过" | "Rated",
        col_content: "满意" | "Good",
        col_again: "再次提出" | "Asked again",
    }
}

impl Requests {
    /// What a request is about.
    pub fn about(&self, about: About) -> String {
        let template = match about {
            About::Line(_) => self.about_line,
            About::Payout(_) => self.about_payout,
            About::Month(_) => self.about_month,
        };
        fill(template, &[&about.which()])
    }

    /// How far it is.
    pub const fn state(&self, state: State) -> &'static str {
        match state {
            State::Open => self.state_open,
            State::Assigned => self.state_assigned,
            State::Answered => self.state_answered,
            State::Rated => self.state_rated,
        }
    }

    /// What a rating says.
    pub const fn rating(&self, rating: i64) -> &'static str {
        match rating {
            1 => self.bad,
            2 => self.fair,
            _ => self.good,
        }
    }
}

//! Words of rooms as they are edited and compared, of contests, of party stages.

use crate::domain::contests::Indicator;
use crate::domain::party::Stage;

words! {
    /// Rooms, contests, party stages.
    Scheme {
        room_add: "添加直播间" | "Add a room",
        room_edit: "改直播间" | "Edit the room",
        room_name: "名称" | "Name",
        room_village: "所在村（12 位村码）" | "Village (code of 12 digits)",
        room_opened: "启用日" | "Opened on",
        room_closed: "停用日" | "Closed on",
        compare_title: "直播间对比" | "Rooms compared",
        compare_note: "{0} 的场次，现在的账，含暂计。" | "Streams of {0}, as the books stand, provisional included.",
        col_streams: "场次" | "Streams",
        col_hours: "小时" | "Hours",
        col_net: "净销售额（元）" | "Net sales (yuan)",
        col_uplift: "增收，含暂计（元）" | "Uplift so far (yuan)",
        col_net_stream: "每场净销售额" | "Net a stream",
        col_net_hour: "每小时净销售额" | "Net an hour",
        col_uplift_hour: "每小时增收" | "Uplift an hour",
        calendar_title: "场次日历" | "Calendar of streams",
        calendar_month: "按月" | "Month",
        calendar_week: "按周" | "Week",
        before: "往前" | "Before",
        after: "往后" | "After",
        week_of: "{0} 起的一周" | "Week of {0}",
        monday: "周一" | "Mon",
        tuesday: "周二" | "Tue",
        wednesday: "周三" | "Wed",
        thursday: "周四" | "Thu",
        friday: "周五" | "Fri",
        saturday: "周六" | "Sat",
        sunday: "周日" | "Sun",
        contests: "技能比武" | "Contests",
        contests_note: "先定好比什么，再按记录算名次；同分同名次。比完公布，主播也看得到。" | "What counts is chosen before; places are computed, equal ones shared. Once published, anchors see them too.",
        contests_none: "还没有比武。" | "No contests yet.",
        contest_add: "办一次比武" | "Enter a contest",
        contest_name: "名称" | "Title",
        contest_from: "从" | "From",
        contest_to: "到" | "To",
        contest_counts: "比什么" | "What counts",
        contest_people: "谁参加" | "Who takes part",
        contest_button: "保存比武" | "Save",
        contest_days: "{0} 到 {1}" | "{0} to {1}",
        contest_open: "没有公布" | "not published",
        contest_published: "{0} 公布" | "published {0}",
        contest_publish: "公布名次" | "Publish",
        contest_computed: "现在的名次，公布以前还会变。" | "As it stands; it may change until it is published.",
        contest_fixed: "公布的名次，不再变。" | "As published; it does not change.",
        contest_results: "名次" | "Results",
        col_place: "名次" | "Place",
        col_name: "主播" | "Anchor",
        value_place: "{0}（第 {1}）" | "{0} (place {1})",
        only_place: "第 {0}" | "place {0}",
        ind_net: "净销售额（元）" | "Net sales (yuan)",
        ind_net_an_hour: "每小时净销售额（元）" | "Net sales an hour (yuan)",
        ind_uplift: "增收，含暂计（元）" | "Uplift so far (yuan)",
        ind_refund_rate: "退款率（低的好）" | "Refund rate (low is good)",
        ind_streams: "场次" | "Streams",
        ind_class_hours: "课时" | "Class hours",
        ind_score: "考核平均分" | "Mean score",
        party: "党员发展" | "Party stages",
        party_note: "只记阶段、日期和文号。只有支部看得到，不排名，不上大屏。" | "Stage, day and document number only. Seen by the branch alone, never ranked, never on a public screen.",
        party_off: "这个模块没有开启。要用的话，请支部管理员开启。" | "This module is off. An administrator of the branch switches it on.",
        party_on_button: "开启" | "Switch on",
        party_off_button: "关闭" | "Switch off",
        party_since: "{0} 由 {1} 开启" | "switched on {0} by {1}",
        party_none: "还没有登记。" | "Nothing is recorded yet.",
        party_counts: "各阶段人数" | "People by stage",
        party_add: "登记阶段" | "Record a stage",
        party_person: "姓名" | "Person",
        party_stage: "阶段" | "Stage",
        party_since_col: "从哪天" | "Since",
        party_document: "文号" | "Document number",
        party_next: "下一步" | "Next step",
        party_button: "登记" | "Record",
        due_review: "半年考察，{0} 前" | "half-year review by {0}",
        due_stage: "{0}，最早 {1}" | "{0}, from {1}",
        due_none: "没有下一步" | "none",
        stage_applicant: "入党申请人" | "Applicant",
        stage_activist: "入党积极分子" | "Activist",
        stage_candidate: "发展对象" | "Candidate",
        stage_probationary: "预备党员" | "Probationary member",
        stage_full: "正式党员" | "Member",
    }
}

impl Scheme {
    pub const fn indicator(&self, indicator: Indicator) -> &'static str {
        match indicator {
            Indicator::Net => self.ind_net,
            Indicator::NetAnHour => self.ind_net_an_hour,
            Indicator::Uplift => self.ind_uplift,
            Indicator::RefundRate => self.ind_refund_rate,
            Indicator::Streams => self.ind_streams,
            Indicator::ClassHours => self.ind_class_hours,
            Indicator::Score => self.ind_score,
        }
    }

    pub const fn party_stage(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Applicant => self.stage_applicant,
            Stage::Activist => self.stage_activist,
            Stage::Candidate => self.stage_candidate,
            Stage::Probationary => self.stage_probationary,
            Stage::Full => self.stage_full,
        }
    }

    /// Days of the week, Monday first.
    pub const fn weekdays(&self) -> [&'static str; 7] {
        [self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday]
    }
}

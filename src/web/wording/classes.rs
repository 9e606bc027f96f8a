//! Words of classes that change, of the yearly re-training, and of party members counted.

words! {
    /// Changing and calling off a class; re-training; counts.
    Classes {
        change_title: "改这次课" | "Change this class",
        change_note: "改日期或课时，已填的签到跟着改；谁在什么时候为什么改，操作记录里有。" | "Hours of those signed in follow its day and length. Who changed it, when and why is in the audit trail.",
        call_off_title: "取消这次课" | "Call this class off",
        call_off_note: "取消的课不算应到，签到和课时也不算。" | "A class that is called off counts neither as planned nor by its sign-in nor as hours.",
        call_off_void: "{0} 个人的签到一起作废" | "The sign-in of {0} people is void with it",
        call_off_button: "取消这次课" | "Call it off",
        called_off: "{0} 取消：{1}" | "Called off on {0}: {1}",
        off: "已取消" | "called off",
        retrain_due: "{0} 前要复训 {1} 课时" | "{1} class hours of re-training by {0}",
        retrain_over: "年度复训过期（{0}），还差 {1} 课时" | "Yearly re-training was due on {0}; {1} class hours missing",
        today_retrain: "{0} 的年度复训 {1} 到期，还差 {2} 课时" | "{0}: yearly re-training due on {1}, {2} class hours missing",
        today_retrain_why: "排课复训，不影响已经认证的场次。" | "Plan a class; streams already held are not touched.",
        party_members: "党员主播 {0}，入党积极分子 {1}" | "Party members among anchors: {0}; activists: {1}",
        few: "少于 5" | "under 5",
    }
}

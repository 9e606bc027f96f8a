//! Words of tables that are taken away.

words! {
    /// The links to a table's files, and heads that no page has.
    Tables {
        download: "下载：" | "Download:",
        note: "不足五户的金额不列；每小时最多下载 {0} 次，每次都记进操作记录。" | "amounts of fewer than five households are left out; at most {0} downloads an hour, each kept in the audit trail.",
        cut: "表太长，只有前 {0} 行。" | "Too long: the first {0} rows only.",
        progress: "培养进度" | "Training progress",
        attendance: "上课与到课" | "Classes and attendance",
        certificates: "证书" | "Certificates",
        households: "农户" | "Households",
        prices: "基准价" | "Price book",
        contests: "技能比武" | "Contests",
        unmatched: "待归属" | "Unmatched",
        pulls: "取数记录" | "Pull log",
        audit: "操作记录" | "Audit trail",
        col_attended: "到课" | "Attended",
        col_planned: "应到" | "Planned",
        col_cause: "原因" | "Cause",
        col_state: "状态" | "State",
        col_role: "角色" | "Role",
        col_done: "做了什么" | "What was done",
        col_about: "对象" | "To what",
        col_subject: "编号" | "Number",
        col_row: "第几条" | "Row",
        col_rated: "进度" | "State",
        few: "少于 5" | "under 5",
    }
}

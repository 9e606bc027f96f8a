//! Words of double records: two records of one household, and what two people make of them.

words! {
    /// The household's page, the list, the decision.
    Doubles {
        title: "重复档案" | "Double records",
        note: "一户有两份档案时，由一个人提出合并、另一个人批准。过去的账、磅单、打款都不改动；以后的都记在保留的那份档案上，欠款、打款和手机页面两份一起算。" | "Where one household has two records, one person puts a merge forward and another approves it. Nothing booked, weighed or paid before is changed; from then on everything is entered on the record that is kept, and what is due, paid and shown on the phone is of both.",
        card_none: "这份档案和另一份是同一户？" | "Is this record the same household as another one?",
        card_button: "与另一份档案核对" | "Compare with another record",
        card_double: "这份档案自 {0} 起并入 {1}，以后的供货、磅单和打款都记在那份档案上。" | "Since {0} this record is part of {1}: shares, weighings and payouts are entered there.",
        card_kept: "自 {0} 起，{1} 并入这份档案。这里的欠款和打款两份一起算。" | "Since {0} {1} is part of this record. What is due and paid here is of both.",
        card_counts: "自 {0} 起的月份，两份算一户；在它以前锁定的月份不变。" | "From {0} on the two count as one household; months locked before stay as they are.",
        card_waiting: "有一件等另一个人决定" | "Something waits for another person's decision",
        part_title: "撤销合并" | "Take the merge back",
        part_note: "也要两个人。合并后锁过账、付过款的，不能撤销。合并时移交的供货份额和已停止的同意不会自动恢复，撤销后请重新登记。" | "Two people again. It cannot be taken back once a month was locked or a payout made since. Shares that were handed over and consents that ended do not come back by themselves: enter them again afterwards.",
        part_button: "提出撤销" | "Put it forward",
        compare_title: "核对是不是同一户" | "Is it one household?",
        compare_find: "另一份档案的编号或姓名" | "Number or name of the other record",
        compare_find_button: "查找" | "Search",
        compare_none: "没有找到。请核对编号或姓名。" | "Nothing found. Check the number or the name.",
        compare_choose: "选要核对的档案" | "Choose the record to compare with",
        compare_swap: "反过来：保留另一份" | "The other way round: keep the other record",
        side_double: "并入方（不再用）" | "Merged away",
        side_kept: "保留方" | "Kept",
        row_key: "编号" | "Number",
        row_name: "户主" | "Household",
        row_village: "村" | "Village",
        row_categories: "户类" | "Categories",
        row_consents: "同意过的" | "Agreed to",
        row_lots: "供货批次" | "Lots",
        row_months: "有销售的月份" | "Months with sales",
        row_paid: "已付" | "Paid",
        row_due: "欠款余额" | "Balance due",
        category_since: "{0}（{1} 起）" | "{0} since {1}",
        lots_count: "{0} 个" | "{0}",
        months_span: "{0} 个，{1} 至 {2}" | "{0}, {1} to {2}",
        nothing: "–" | "–",
        phone_same: "两份档案的手机号相同。" | "Both records have the same phone number.",
        phone_other: "两份档案的手机号不同。" | "The two records have different phone numbers.",
        phone_unknown: "至少一份没有登记完整手机号，无法比对。" | "Of at least one record no whole phone number is known, so they cannot be compared.",
        villages_differ: "两份档案的村不同，不能合并。请先把登记错的那一份的村改正。" | "The villages differ, so the two cannot become one: correct the village of the one that is wrong first.",
        consents_end: "只在一份上同意过的，批准后停止，要重新问这一户。" | "What was agreed to on one record only ends with the approval: the household has to be asked again.",
        together: "合并后一起算的余额：{0}" | "Balance of both together: {0}",
        reason: "凭什么认定是同一户" | "How you know that it is one household",
        reason_note: "例如核对过户口簿。不要写姓名：留痕不能改。" | "Such as the household register you looked at. No names: the trail cannot be changed.",
        propose_button: "提出合并" | "Put the merge forward",
        waiting_title: "等另一个人决定" | "Waiting for another person",
        waiting_none: "没有等着的。" | "Nothing waits.",
        likely_title: "像是重复的" | "These look like doubles",
        likely_none: "没有手机号相同、或同村同名的档案。" | "No two records share a phone, or a name in one village.",
        likely_note: "手机号相同，或同村同名。同村同名也可能是两户，请核对后再提出。" | "The same phone, or the same name in one village. Two households may share a name: look before you put it forward.",
        by_phone: "手机号相同" | "same phone",
        by_name: "同村同名" | "same name and village",
        decided_title: "决定过的" | "Decided",
        decided_none: "还没有。" | "None yet.",
        col_act: "事项" | "What",
        col_double: "并入方" | "Merged away",
        col_kept: "保留方" | "Kept",
        col_why: "为什么" | "Why",
        col_by: "提出人" | "Put forward by",
        col_outcome: "结果" | "Outcome",
        col_decided_by: "决定人" | "Decided by",
        act_merge: "合并" | "merge",
        act_part: "撤销合并" | "take a merge back",
        outcome_waiting: "等决定" | "waiting",
        outcome_approved: "已批准" | "approved",
        outcome_rejected: "已驳回" | "rejected",
        outcome_withdrawn: "已撤回" | "taken back",
        open: "打开" | "Open",
        entry_title: "{0}：{1} → {2}" | "{0}: {1} → {2}",
        entry_by: "{0} 于 {1} 提出：{2}" | "{0} put it forward on {1}: {2}",
        entry_decided: "{0}：{1}。{2}" | "{0} by {1}. {2}",
        decide_title: "决定" | "Decide",
        decide_own: "这件是您提出的，要由另一位支部管理员批准。" | "You put this forward; another administrator of the branch has to approve it.",
        decide_admin: "由支部管理员批准。" | "An administrator of the branch approves it.",
        withdraw_button: "撤回" | "Take it back",
        approve_button: "批准" | "Approve",
        reject_reason: "驳回的原因" | "Why it is rejected",
        reject_button: "驳回" | "Reject",
        today_waiting: "{0} 件重复档案等另一个人决定" | "Double records waiting for another person: {0}",
        today_waiting_why: "决定以前，两份档案各算各的，手机上看不到全家的账。" | "Until it is decided the two records stay apart, and the phone shows only half of the household.",
    }
}

impl Doubles {
    /// What was put forward.
    pub fn act(&self, is_merge: bool) -> &'static str {
        if is_merge { self.act_merge } else { self.act_part }
    }

    /// What became of it, by its key.
    pub fn outcome(&self, key: &str) -> &'static str {
        match key {
            "approved" => self.outcome_approved,
            "rejected" => self.outcome_rejected,
            "withdrawn" => self.outcome_withdrawn,
            _ => self.outcome_waiting,
        }
    }
}

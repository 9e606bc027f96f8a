//! Words of locking months.

words! {
    /// Months that wait, months that are locked.
    Months {
        nav: "锁账" | "Month locks",
        title: "锁账要两个人" | "Two people lock a month",
        note: "支部提交，另一个人锁定：县级，或另一位支部管理员。锁定以后，这个月不再改动（除非两个人同意重开），之后的变化记入下一个没锁的月份。" | "The branch puts a month forward and another person locks it: an official, or another administrator. A locked month does not change unless two people agree to open it again; what comes later is booked in the first open one.",
        elsewhere: "锁账管的是全县。您现在只看一部分，这里没有要做的事。" | "Months are locked for the whole county. You see a part of it, so there is nothing to do here.",
        open_title: "还没锁的月份" | "Months not locked yet",
        open_none: "过完的月份都锁了。" | "Every month that is over is locked.",
        open_facts: "农户实收 {0} · 基准价覆盖 {1}" | "farmer income {0} · baseline coverage {1}",
        behind: "店铺“{0}”的订单只知道到 {1}，之后的还不在这个月里：先拉取或导入，再提交。" | "Orders of the shop \"{0}\" are known up to {1} only; later ones are not in this month yet. Pull or import them before it is put forward.",
        gap: "这个月有一段没有取到数：补齐后写明怎么补的，补不上的写明原因。" | "Part of this month was never pulled: say how it was filled, or why it cannot be.",
        low: "覆盖低于 95%，要写明原因。" | "Less than 95% is covered: a reason is needed.",
        reason: "原因" | "Reason",
        file_button: "提交锁账" | "Put forward",
        waiting: "{0} 于 {1} 提交，等另一个人锁定" | "Put forward by {0} on {1}; waits for another person",
        waiting_reason: "原因：{0}" | "Reason: {0}",
        own: "是您提交的，要由另一个人锁定。" | "You put it forward, so another person has to lock it.",
        lock_button: "锁定 {0}" | "Lock {0}",
        withdraw_button: "撤回" | "Withdraw",
        locked_title: "已锁的月份" | "Locked months",
        locked_none: "还没有锁过。" | "None is locked yet.",
        locked_note: "最近 {0} 个月" | "the last {0}",
        col_month: "月份" | "Month",
        col_at: "锁定时间" | "Locked",
        col_by: "锁定人" | "By",
        col_coverage: "覆盖" | "Coverage",
        col_reason: "原因" | "Reason",
    }
}

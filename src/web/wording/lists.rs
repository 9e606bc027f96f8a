//! Words of what a list's address chooses.

words! {
    /// Choices that several lists have.
    Lists {
        order: "排序" | "Order",
        usual: "默认" | "as usual",
        oldest: "最早的在前" | "oldest first",
        by_name: "按名称" | "by name",
        cheapest: "便宜的在前" | "cheapest first",
        dearest: "贵的在前" | "dearest first",
        held_up: "不能上架" | "held up",
        cause: "原因" | "Cause",
        town: "乡镇" | "Town",
        has_slip: "有纸条" | "has one",
        newest_slip: "新打印的在前" | "newest slips first",
        closed: "已关" | "closed",
        year: "年" | "Year",
        none_do: "换别的筛选，或者去掉筛选。" | "Choose other filters, or clear them.",
    }
}

//! Words of what a list's address chooses.

words! {
    /// Choices that several lists have.
    Lists {
        order: "排序" | "Order",
        oldest: "最早的在前" | "oldest first",
        closed: "已关" | "closed",
        year: "年" | "Year",
        none_do: "换别的筛选，或者去掉筛选。" | "Choose other filters, or clear them.",
    }
}

//! Words of what a list's address chooses.

words! {
    /// Choices that several lists have.
    Lists {
        order: "排序" | "Order",
        oldest: "最早的在前" | "oldest first",
        closed: "已关" | "closed",
        year: "年" | "Year",
    }
}

//! Words of the anchor's own pages.

words! {
    /// Own streams, training, results.
    Anchor {
        nav_mine: "我的" | "Mine",
        title: "{0} 的场次和培训" | "Streams and training of {0}",
        next: "接下来的场次" | "Coming streams",
        next_none: "还没有排场次。支部排好以后，这里有时间、直播间和流程单。" | "No stream is planned yet. Once the branch plans one, its time, room and run sheet stand here.",
        sold: "最近 30 天卖出" | "Sold in the last 30 days",
        sold_note: "{0} 场 · {1} 行 · 成交额，没扣退款 · {2}" | "{0} streams · {1} lines · GMV before refunds · {2}",
        streams: "最近 30 天的场次" | "Streams of the last 30 days",
        streams_none: "最近 30 天没有场次。" | "No streams in the last 30 days.",
    }
}

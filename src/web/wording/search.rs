//! Words of the branch's search.

words! {
    /// One input over all nouns.
    Search {
        title: "搜索" | "Search",
        button: "搜索" | "Search",
        note: "户号、姓名开头、主播、直播间、场次、货品、店铺，或整个订单号。在哪一页都可以按 / 键直接来搜。" | "Household key or beginning of a name, anchor, room, stream, goods, shop, or a whole order number. On any page, press / to search.",
        none: "没有找到“{0}”。订单号要写全；户名从姓开始写。" | "Nothing was found for \"{0}\". Write order numbers whole, and names from their beginning.",
        households: "农户" | "Households",
        anchors: "主播" | "Anchors",
        rooms: "直播间" | "Rooms",
        streams: "场次" | "Streams",
        listings: "商品" | "Listings",
        products: "货品" | "Goods",
        shops: "店铺" | "Shops",
        lines: "订单" | "Orders",
        to_stream: "看它的场次" | "Its stream",
        no_stream: "没归到场次" | "of no stream",
        cut: "只列前 {0} 个，写长一点找得准。" | "The first {0} only; write more to find better.",
    }
}

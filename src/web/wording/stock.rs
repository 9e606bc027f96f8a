//! Words of photos of goods, of what there is to sell, and of names and prices that begin later.

words! {
    /// Listings and products at the branch, shelves of streams.
    Stock {
        photo_title: "照片" | "Photo",
        photo_none: "还没有照片。" | "There is no photo yet.",
        photo_choose: "选一张照片" | "Choose a photo",
        photo_other: "换一张照片" | "Choose another photo",
        photo_note: "JPEG、PNG 或 WebP，10 MB 以内。只留画面：拍摄地点、时间和手机型号会去掉。" | "JPEG, PNG or WebP, 10 MB at most. Only the picture is kept: where, when and with what it was taken is removed.",
        photo_button: "放上照片" | "Add the photo",
        photo_remove: "去掉照片" | "Remove the photo",
        photo_of: "{0}的照片" | "Photo of {0}",
        col_stock: "库存（件）" | "In stock (parcels)",
        title: "库存" | "In stock",
        unknown: "没有数：还没有人清点过，货也不是从批次出的。" | "Not known: nobody has counted, and the goods do not come from lots.",
        unknown_short: "没有数" | "not known",
        of_lots: "还能发 {0} 件" | "{0} parcels can be sent",
        of_lots_why: "批次里还剩 {0}；同一种货的商品都从这里出。自动算，不用清点。" | "The lots have {0} left; all listings of these goods take from them. Computed, not counted.",
        of_count: "还有 {0} 件" | "{0} parcels left",
        of_count_why: "{0} 清点 {1} 件，之后卖出 {2} 件（退回能卖的已加回）。" | "{1} counted on {0}, {2} sold since (what came back saleable is added again).",
        count_title: "清点" | "Count",
        counted_on: "哪天清点的" | "Counted on",
        parcels: "有多少件" | "Parcels there were",
        when: "什么时候点的" | "Counted when",
        when_before: "当天开卖以前：当天卖的要减掉" | "before that day's sales: they come off",
        when_after: "当天卖完以后：从第二天起减" | "after that day's sales: off from the next day on",
        count_button: "记下清点" | "Record the count",
        count_row: "{0} 清点 {1} 件 · {2} 于 {3} 记" | "{1} counted on {0} · recorded by {2} on {3}",
        promised: "没播完的场次一共备货 {0} 件。" | "{0} promised on the shelves of streams that are not over.",
        short: "{0}（备货 {1}）" | "{0} ({1} promised)",
        promised_over: "各场一共备货 {0} 件，货只够 {1} 件" | "{0} promised on all shelves, enough for {1}",
        in_stock: "库存 {0}" | "{0} in stock",
        face_row: "{0} 起：{1}，{2} 元（已批准，到那天自动生效）" | "From {0}: {1}, {2} yuan (approved; in force from that day by itself)",
    }
}

//! Words of the page that says how things are counted.

words! {
    /// 口径.
    Method {
        title: "口径说明" | "How it is counted",
        lead: "助农增收 = 农户实收 − 同一批货按基准价能卖的钱 − 只有网上卖才有的费用。" | "Uplift = what the farmer received − what the same goods fetch at the baseline price − costs only online sales cause.",
        four: "四个数，不能混用" | "Four figures, never mixed",
        col_figure: "指标" | "Figure",
        col_what: "是什么" | "What it is",
        col_day: "按哪天算" | "Dated by",
        gmv: "成交额 GMV" | "GMV",
        gmv_what: "买家付的钱，含买家付的运费，没扣退款；没付款的订单不算。" | "What buyers paid, their freight included, before refunds; unpaid orders do not count.",
        gmv_day: "付款日" | "pay day",
        net: "净销售额" | "Net sales",
        net_what: "成交额减去成功的退款。" | "GMV less successful refunds.",
        net_day: "付款日、退款日" | "pay day, refund day",
        income: "农户实收" | "Farmer income",
        income_what: "货款里归农户的部分，不含合作社留存。" | "The household's part of its goods' value, without what a co-operative keeps.",
        income_day: "结算日" | "settlement day",
        uplift: "助农增收" | "Uplift",
        uplift_what: "农户实收减基准价值，再减网上卖才有的分拣和包装费。可能是负数，照样列出。" | "Farmer income less baseline value less sorting and packing only online sales need. It may be negative and is shown.",
        uplift_day: "结算日" | "settlement day",
        headline: "累计数里有什么" | "What is in the headline",
        headline_text: "只算已经结算的、归到红色直播间场次或当天持证红色主播场次的订单。见习主播在红色直播间的场次也算，另外列出。其他达人、短视频和橱窗、单位集中采购、推定场次还没人确认的，都摆在旁边，不加进来。" | "Only settled lines that belong to a stream in a Red Livestream Room, or by an anchor certified as Red Anchor on that day. Supervised trainees' streams in the rooms count and are shown apart. Other sellers, short video and goods cards, bulk buying by work units and inferred attribution not yet confirmed stand beside it, never inside.",
        baseline: "基准价" | "Baseline price",
        baseline_text: "基准价是地头价，不是批发价；按货品、地方和日期，有来源，一人录入、另一人审核。取农户所在村最近一级的价格。货物离开农户那天没有价格的，列为“无基准，不计入增收”，不算零，也不用去年的。区间：基准价取高，增收就低。" | "A farm-gate price, not wholesale; by product, place and date, with a named source, entered by one person and approved by another. The price of the nearest region to the household's village is used. Goods without a price on the day they left the farmer are listed as having no baseline: never zero, never last season's. The range: a high baseline gives a low uplift.",
        provisional: "暂计" | "Provisional",
        provisional_text: "还没结算的单子按合同费率先估着，叫暂计，不在累计数里。结算时按平台的结算单改成实际数。一个月的暂计是当月的变化，把以前的结清了会是负数。" | "Lines not yet settled are estimated at agreed rates, stand apart and are not in the headline. Settling replaces the estimates with the statement's figures. A month's provisional figure is a flow, and is negative when earlier sales settle.",
        refunds: "退款" | "Refunds",
        refunds_text: "全部退了的单子不产生增收（退货不计）。坏果赔付由平台退款的，就是退款，不另外算费用。" | "A wholly refunded line never adds uplift. Bad fruit compensated through a platform refund is that refund, and not also a cost.",
        locks: "锁定的月份" | "Locked months",
        locks_text: "月份锁定以后不再改；要重开，得有理由、经两个人，原来的月报留着。以后才知道的事记在第一个没锁的月份，注明调整的是哪个月。" | "A locked month does not change, unless two people open it again for a reason; its report then stays. What becomes known later is booked in the first open month and names the month it adjusts.",
        households: "带动农户、户均、中位数" | "Households, mean and median",
        households_text: "带动农户：这些日子里已结算净销售额大于零的农户，一户只数一次；换一段时间、换一个地方都重新数，不能相加。户均 = 助农增收 ÷ 带动农户；中位数：一半的户比它多，一半比它少。增收小于零的户数照样列出。" | "Households with settled net sales above zero in the days asked for, each once; counted anew for other days or another place, never added up. The mean is uplift ÷ households; half of them have more than the median. Households with a negative uplift are listed.",
        names: "姓名" | "Names",
        names_text: "这里的农户只写姓，例如“陈*”。买家的姓名、电话、地址从来不存。" | "Households appear by family name only. Buyers' names, phones and addresses are never stored.",
    }
}

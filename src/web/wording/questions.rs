//! Words of the questions officials ask.

words! {
    /// Five questions, each with its answer and what exactly was computed.
    Questions {
        nav: "常问" | "Questions",
        title: "领导常问的五件事" | "Five questions officials ask",
        note: "每个数都点得下去。这里含全部订单，除非写明是累计数口径。不足五户的金额只在屏幕上看，不打印。" | "Every number leads on. All orders are in, unless it says headline. Amounts of fewer than five households stay on the screen.",
        jump: "去看" | "Go to",
        // 1
        without: "哪些乡镇、哪些农户没有受益" | "Which towns and households did not benefit",
        without_short: "谁没受益" | "Who did not benefit",
        without_note: "受益：有已结算的销售，并且增收大于零。" | "To benefit is to have settled sales and an uplift above zero.",
        without_sum: "{0} 个乡镇里 {1} 个没有受益；登记的 {2} 户里 {3} 户没有已结算的销售，{4} 户增收不大于零。" | "{1} of {0} towns did not benefit; of {2} registered households {3} have no settled sale and {4} no uplift above zero.",
        towns_none: "没有已结算的销售" | "no settled sale",
        towns_all: "每个乡镇都有受益的农户。" | "Every town benefited.",
        households_loss: "增收不大于零的农户（最低的 {0} 户）" | "Households without an uplift above zero (the lowest {0})",
        households_loss_none: "有销售的农户增收都大于零。" | "Every household with sales has an uplift above zero.",
        households_unsold: "没有已结算销售的农户（{0} 户，列出前 {1} 户）" | "Households without a settled sale ({0}, the first {1})",
        households_unsold_none: "登记的农户都有已结算的销售。" | "Every registered household has a settled sale.",
        // 2
        price: "增加的收入，多少来自价格、多少来自销量" | "What share of the increase came from prices, what from volume",
        price_short: "价格还是销量" | "Prices or volume",
        price_rule: "助农增收按定义只有价格：同一批货，农户实收减去按地头价卖的钱。多卖出的货不另外加钱，所以累计数里销量的份额是 0。" | "By definition the uplift is price alone: what the farmer got for goods, less what the same goods fetch at the farm gate. Selling more adds nothing by itself, so the share of volume in the headline is nil.",
        price_change: "和前一年比，农户的收入变了多少：{0} 至 {1}，比前 12 个月。算法：销量部分 = 前一年每公斤得的钱 × 多卖的公斤；价格部分 = 其余。含暂计，只算累计数口径的场次。" | "How farmers' income changed on the year: {0} to {1}, against the 12 months before. Volume is what a kilogram brought before, times the kilograms sold more; price is the rest. Provisional amounts included, headline streams only.",
        price_sum: "收入变化 {0}：销量 {1}，价格 {2}。" | "Income changed by {0}: volume {1}, price {2}.",
        col_before: "前一年（元）" | "Before (yuan)",
        col_after: "这一年（元）" | "After (yuan)",
        col_kg_before: "前一年（公斤）" | "Before (kg)",
        col_kg_after: "这一年（公斤）" | "After (kg)",
        col_volume: "销量部分（元）" | "Volume (yuan)",
        col_price: "价格部分（元）" | "Price (yuan)",
        flagged: "累计增收里，约定写“原来就卖”的商品 {0}，写“新增销量”的商品 {1}。新增销量另有的好处（地头价减最低价）还没有单独记账，这里不估。" | "Of the uplift, listings declared as goods that would have been sold anyway bring {0}, those declared as new volume {1}. What new volume brings beside that (farm gate less salvage price) has no account of its own and is not estimated here.",
        // 3
        streams: "哪些场次让农户亏了" | "Which streams lost money for farmers",
        streams_short: "亏的场次" | "Losing streams",
        streams_note: "已结算的增收小于零：卖的钱到农户手里，还不如在地头卖。" | "A settled uplift below zero: what reached the farmers was less than the farm gate.",
        streams_sum: "{0} 个场次小于零，合计 {1}；列出最低的 {2} 个。" | "{0} streams are below zero, {1} together; the lowest {2} are listed.",
        streams_none: "没有场次让农户亏。" | "No stream lost money for farmers.",
        // 4
        unpaid: "还有多少没付给农户" | "How much is still unpaid",
        unpaid_short: "还没付的" | "Unpaid",
        unpaid_left: "到今天还没有提出打款" | "Not put forward for payment up to today",
        unpaid_note: "已结算、归农户的钱，由经营主体付给农户。没有提出打款的数，是全县各经营主体到今天该付、还没有提出的，只在看全县时列出。" | "What is settled for farmers is paid to them by the operators. What is not put forward is due up to today over all operators, and stands where the whole county is read.",
        unpaid_settled: "已结算，归农户" | "Settled for farmers",
        unpaid_waiting: "还没结算（暂计）" | "Not settled yet (provisional)",
        // 5
        changed: "上一份月报以后变了什么、为什么" | "What changed since the last report, and why",
        changed_short: "月报后的变化" | "Since the last report",
        changed_none: "还没有锁过月，没有月报可比。" | "No month is locked yet: there is no report to compare with.",
        changed_part: "月报管的是全县，您现在只看一部分。" | "Reports are the whole county's; you see a part of it.",
        changed_sum: "到 {0} 月报为止，累计助农增收 {1}；现在 {2}，变了 {3}。" | "Up to the report of {0} the cumulative uplift was {1}; now it is {2}, a change of {3}.",
        changed_own: "其中，新月份自己的结算" | "Of it, the new months' own settlements",
        changed_late: "以前月份的退款、更正（调整）" | "Late refunds and corrections of earlier months",
        col_belongs: "属于" | "Belongs to",
        changed_late_none: "没有属于已锁月份的调整。" | "No adjustments of locked months.",
    }
}

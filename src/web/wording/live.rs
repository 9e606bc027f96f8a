//! Words of the cockpit and the big screen.

words! {
    /// What is sold now.
    Live {
        cockpit_title: "直播驾驶舱" | "Cockpit",
        screen_title: "红播助农 · 直播大屏" | "Red Anchor · live",
        no_script: "这一页要刷新才会变：" | "This page changes when it is asked again: ",
        refresh: "刷新" | "Refresh",
        lost: "连接断了，正在重连；数字停在断开时。" | "The connection is lost and being made again; the numbers stand as they were.",
        none: "今天没有已开播的场次。" | "No stream has begun today.",
        not_begun: "这一场还没开播，{0} 开始。" | "This stream has not begun; it starts at {0}.",
        over: "这一场已经结束，订单在场次页上看。" | "This stream is over; its orders are on its page.",
        to_stream: "场次页" | "The stream's page",
        elsewhere: "大屏是全县的，您的范围看不到。" | "The big screen is the whole county's, beyond what you may see.",
        on_air: "正在直播" | "On air",
        last: "今天最近一场" | "The last today",
        gmv: "成交额 GMV（元）" | "GMV (yuan)",
        gmv_note: "按付款，未扣退款，不是农户收入" | "as paid, refunds not taken off; not farmers' income",
        orders: "订单" | "Orders",
        refund: "退款（元）" | "Refunds (yuan)",
        households: "带货农户" | "Households",
        minutes: "最近 30 分钟的订单" | "Orders of the last 30 minutes",
        minutes_sum: "共 {0} 单" | "{0} in all",
        goods: "卖了多少" | "What is sold",
        col_goods: "货品" | "Goods",
        col_sold: "卖出（件）" | "Sold",
        col_left: "还剩（件）" | "Left",
        col_gmv: "GMV（元）" | "GMV (yuan)",
        col_refund: "退款（元）" | "Refunds (yuan)",
        day: "今天全县" | "The county today",
        day_orders: "{0} 单 · {1} 场" | "{0} orders, {1} streams",
        held: "不足 5 户，不显示" | "Fewer than 5 households: not shown",
        as_of: "数据截至 {0}" | "Data up to {0}",
        since: "{0} 开播" | "since {0}",
        more_goods: "另有 {0} 种" | "{0} more",
        no_goods: "还没有订单" | "No orders yet",
    }
}

//! The fixed words of the pictures, Chinese and English side by side; leaving one out does not compile.
//!
//! Chinese words are those officials and farmers use; no abbreviation but GMV. What is data (titles, names, sources)
//! comes from the caller and is printed as it is.

use crate::domain::lang::Lang;

macro_rules! wording {
    ($($key:ident: $zh:literal, $en:literal;)+) => {
        /// One language's words.
        pub struct Words { $(pub $key: &'static str),+ }
        static ZH: Words = Words { $($key: $zh),+ };
        static EN: Words = Words { $($key: $en),+ };
    };
}

wording! {
    source: "来源：", "Source: ";
    as_of: "截至 ", "As of ";
    demo_mark: "演示数据 虚构，不作为公布数据的依据", "Demonstration data, invented; not a basis for published figures";
    yuan: "元", "yuan";
    wan_yuan: "万元", "10,000 yuan";
    yi_yuan: "亿元", "100 million yuan";
    year: "年", "";

    gmv: "成交额 GMV", "GMV";
    net: "净销售额", "Net sales";
    income: "农户实收", "Farmer income";
    uplift: "助农增收", "Uplift";
    gmv_basis: "按付款日，退款前", "by pay day, before refunds";
    net_basis: "成交额减退款，按退款日", "GMV less refunds, by refund day";
    income_basis: "已结算，按结算日", "settled, by settlement day";
    uplift_basis: "实收减基准价，按结算日", "income less baseline, by settlement day";
    own_scale: "每格刻度不同，看起伏不比高低", "each panel has its own scale: compare shapes, not heights";

    nothing_settled: "还没有结算的销售", "No settled sales yet";
    nothing_settled_do: "导入或同步订单与结算单后，这里会出现图。", "Import or pull orders and settlements, and the chart appears here.";
    nothing_sold: "还没有成交", "No sales yet";
    nothing_sold_do: "导入或同步订单后，这里会出现图。", "Import or pull orders, and the chart appears here.";
    too_few: "户数太少，不画成图", "Too few households to be drawn";
    too_few_do: "不足五户的金额不放进会传出去的图里。有权限的人在页面上能看到。", "A picture is handed on, so it holds no amount of fewer than five households. Those who may see it see it on the page.";
    on_page: "只在登录后的页面上看", "Only on the page, signed in";
    on_page_do: "各月的月报里没有这张图的数，所以没有可以拿走的图。页面上的图要经 https 打开。", "The months' reports do not hold these figures, so there is no picture to take away. The page draws it over https.";
    no_report: "所选月份还没有锁定", "None of these months is locked yet";
    no_report_do: "拿走的图只画已锁定的月份，数取自锁定时存下的月报。", "A picture to take away is of locked months, from the reports stored when they were locked.";
    nobody_training: "还没有人在学", "Nobody is in training yet";
    nobody_training_do: "先登记主播或学员，再安排课程。", "Register an anchor or a trainee, then plan classes.";

    band_note: "浅色为基准价高低区间", "pale: range of the baseline price";
    with_low_baseline: "基准价取低", "low baseline";
    with_high_baseline: "基准价取高", "high baseline";

    buyers_paid: "买家实付", "Buyers paid";
    subsidy: "平台、达人补贴", "Platform and anchor coupons";
    refund: "退款", "Refunds";
    platform_anchor: "平台与达人", "Platform and anchors";
    logistics_packaging: "物流与包装", "Freight and packaging";
    operator_village_loss: "经营主体、村集体与赔付", "Operator, village, compensation";
    unassigned: "未关联货品", "No listing yet";
    provisional: "暂计，尚未结算", "Provisional, not settled yet";
    unexplained: "账不平，待核对", "Does not add up, to be checked";
    baseline: "按基准价本来可得", "Baseline value of the goods";
    baseline_joined: "按基准价本来可得，和没有基准价的", "Baseline value, and income without one";
    without_baseline: "无基准价，不计入增收", "No baseline, not counted";
    extra_cost: "线上额外成本", "Extra cost of selling online";

    reading_gmv: "买家付的钱，退款前", "what buyers paid, before refunds";
    reading_income: "农户到手，未减基准价", "what farmers got, baseline not taken off";
    reading_uplift: "比卖给收购商多得的", "what farmers got beyond the farm-gate price";

    orders_per_minute: "每分钟成交单数", "orders per minute";
    orders_per: "每 ", "orders per ";
    minutes: " 分钟成交单数", " minutes";
    order_unit: " 单", " orders";
    peak: "最多 ", "Peak ";
    total: "共 ", "Total ";
    went_live: "开播", "live";
    went_off: "下播", "off";

    passed: "考核通过", "passed";
    attended: "学过未考", "attended only";
    not_yet: "未学", "not yet";
    hours: " 课时", " class hours";
    hours_head: "累计课时", "Class hours";
    reference: "虚线：参考 ", "dashed: reference ";
    next_step: "下一步", "Next step";

    net_an_hour: "每小时净销售额", "Net sales per hour";
    before_certified: "认证前 90 天", "90 days before";
    after_certified: "认证后 90 天", "90 days after";
    no_stream: "没有开播", "no stream";
    nobody_streamed: "还没有可比的场次", "No streams to compare yet";
    nobody_streamed_do: "有人认证，前后 90 天里开过播，这里会出现图。", "Once somebody is certified and streamed in the 90 days around, the chart appears here.";

    split_paid: "买家付 ", "paid ";
    split_subsidy: "券补 ", "coupons ";
    split_refund: "退款 ", "refund ";
    split_sum: "分给各方 ", "divided ";
    farmer: "农户", "Farmer";
    operator: "经营主体", "Operator";
    village: "村集体", "Village";
    anchor: "达人", "Anchor";
    platform: "平台", "Platform";
    logistics: "物流", "Freight";
    packaging: "包装", "Packaging";
    loss: "赔付", "Compensation";

    held: "不足五户", "under five";
    tiles_note: "一格一个乡镇，只示大致方位；颜色越深数越大", "a square a town, roughly in its place; deeper is more";

    household_count: "户数", "Households";
    household_unit: " 户", " households";
    median_here: "中位的一户在这里", "the middle household is here";
    any_amount: "不分多少", "any amount";
    a_loss: "亏了的", "a loss";
    below: "不到 ", "below ";
    and_more: "以上", " and more";

    ageing_note: "深色已结算，浅色暂计；按付款月份，看到现在", "dark: settled, pale: provisional; by pay month, as of now";
    settled: "已结", "settled";
    nothing_left: "都退了，没有剩下的", "all given back, nothing left";

    per_kilogram: "每公斤，元", "yuan per kilogram";
    season_note: "线：农户到手；浅色：同一批货的基准价从低到高", "line: what farmers got; pale: the baseline of the same goods, low to high";
    season_farmer: "农户到手", "farmers";
    season_gate: "基准价", "baseline";

    the_rest_before: "其余 ", "other ";
    the_rest_after: " 项合计", ", together";
}

/// The words of a language.
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

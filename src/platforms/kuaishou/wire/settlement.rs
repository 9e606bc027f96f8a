//! Settled bills as `open.funds.financial.settled.bill.detail` gives them. Amounts come as text and as numbers mixed,
//! blank where there is none; which unit they are in is told apart in the conversion.

use crate::platforms::fields::{Int, Text, allow_list};

allow_list! {
    /// One bill: one order in one settlement. The free-text remark is left out.
    #[serde(rename_all = "camelCase")]
    Bill {
        activity_user_commission_amount: Text,
        activity_user_id: Text,
        actual_pay_amount: Text,
        anchor_hong_bao_amount: Text,
        collect_mode: Text,
        czj_amount: Text,
        distributor_commission_amount: Text,
        distributor_id: Text,
        government_subsidy_amount: Int,
        kzk_commission_amount: Int,
        order_no: Text,
        other_amount: Int,
        platform_allowance_amount: Text,
        platform_commission_amount: Text,
        platform_pay_market_allowance_amount: Int,
        product_id: Text,
        product_num: Int,
        seller_allowance_amount: Int,
        service_amount: Text,
        settlement_amount: Text,
        settlement_rule: Text,
        settlement_status: Text,
        settlement_time: Int,
        total_income: Text,
        total_outgoing_amount: Text,
        total_refund_amount: Text,
    }
}

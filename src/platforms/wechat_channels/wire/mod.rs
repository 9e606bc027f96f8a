//! What WeChat sends, as far as it is read: the allow-list of everything kept as evidence.
//!
//! Rule: no field here names or describes a buyer. The address is listed down to the province; the buyer's id and parcel
//! numbers are read (one to recognise, the others to count) and typed `Unkept`, so they are not written.

pub mod aftersale;
pub mod envelope;
pub mod order;

#[cfg(test)]
mod tests {
    use super::aftersale::{Case, CaseProduct, Details, Refund};
    use super::order::{
        Address, AfterSaleDetail, AfterSaleState, Commission, Delivery, Ext, Order, OrderDetail, Pay, Price, Product,
        Settle, Shipment, Source,
    };
    use crate::platforms::reading::evidence;

    /// Every allow-list there is; what is kept of a platform's answer is in one of these.
    const ALLOWED: [&[&str]; 18] = [
        Address::FIELDS,
        AfterSaleDetail::FIELDS,
        AfterSaleState::FIELDS,
        Case::FIELDS,
        CaseProduct::FIELDS,
        Commission::FIELDS,
        Delivery::FIELDS,
        Details::FIELDS,
        Ext::FIELDS,
        Order::FIELDS,
        OrderDetail::FIELDS,
        Pay::FIELDS,
        Price::FIELDS,
        Product::FIELDS,
        Refund::FIELDS,
        Settle::FIELDS,
        Shipment::FIELDS,
        Source::FIELDS,
    ];

    #[test]
    fn fields_stand_in_the_alphabets_order_so_that_evidence_is_canonical() {
        for fields in ALLOWED {
            let names: Vec<&str> = fields.iter().map(|field| field.trim_start_matches("r#")).collect();
            assert!(names.is_sorted(), "{names:?}");
        }
        let read: Commission = serde_json::from_str(r#"{"type":0,"amount":"5","sku_id":7}"#).expect("reads");
        assert_eq!(evidence(&read), r#"{"amount":5,"sku_id":"7","type":"0"}"#);
    }

    #[test]
    fn no_field_names_or_describes_a_buyer() {
        let forbidden =
            ["user", "tel", "virtual", "city", "county", "detail_info", "notes", "nickname", "unionid", "text", "desc"];
        for field in ALLOWED.into_iter().flatten() {
            assert!(!forbidden.iter().any(|part| field.split('_').any(|word| word == *part)), "{field}");
        }
        assert_eq!(Address::FIELDS, ["province_name"]);
    }
}

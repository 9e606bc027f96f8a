//! What Kuaishou sends, as far as it is read: the allow-list of everything kept as evidence.
//!
//! Rule: no field here names or describes a buyer. The address is listed down to the province; the buyer's id and parcel
//! numbers are read (one to recognise, the others to count) and typed `Unkept`, so they are not written.
//!
//! Each record of a page stands for itself: one that is none, or holds a value that is none, does not spoil the page.

pub mod aftersale;
pub mod envelope;
pub mod order;
pub mod settlement;

#[cfg(test)]
mod tests {
    use super::aftersale::Case;
    use super::order::{Address, Base, Bear, Cps, Fee, Item, Listed, ListedBase, Marketing, Order, Parcel, Seller};
    use super::settlement::Bill;
    use crate::platforms::reading::evidence;

    /// Every allow-list there is; what is kept of a platform's answer is in one of these.
    const ALLOWED: [&[&str]; 14] = [
        Address::FIELDS,
        Base::FIELDS,
        Bear::FIELDS,
        Bill::FIELDS,
        Case::FIELDS,
        Cps::FIELDS,
        Fee::FIELDS,
        Item::FIELDS,
        Listed::FIELDS,
        ListedBase::FIELDS,
        Marketing::FIELDS,
        Order::FIELDS,
        Parcel::FIELDS,
        Seller::FIELDS,
    ];

    #[test]
    fn fields_stand_in_the_alphabets_order_so_that_evidence_is_canonical() {
        for fields in ALLOWED {
            assert!(fields.is_sorted(), "{fields:?}");
        }
        let base: Base = serde_json::from_str(r#"{"updateTime":5,"oid":1,"payTime":2,"createTime":3}"#).expect("reads");
        assert_eq!(evidence(&base), r#"{"createTime":3,"oid":"1","payTime":2,"updateTime":5}"#);
    }

    #[test]
    fn no_field_names_or_describes_a_buyer() {
        let forbidden = [
            "encrypted",
            "desensitise",
            "consignee",
            "mobile",
            "address",
            "town",
            "city",
            "district",
            "note",
            "remark",
            "nick",
            "name",
        ];
        // what is sold, and who sells it; the address goes down to the province only
        let allowed = ["order_address", "sku_nick", "role_name", "distributor_name"];
        for field in ALLOWED.into_iter().flatten().filter(|field| !allowed.contains(field)) {
            assert!(!forbidden.iter().any(|part| field.split('_').any(|word| word == *part)), "{field}");
        }
        assert_eq!(Address::FIELDS, ["province"]);
    }
}

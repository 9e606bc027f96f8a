//! What the platform sends, read from JSON written by hand in its shape.

use super::aftersale::{AfterSale, Detail, Item, OrderInfo, RelatedOrder, Wording};
use super::order::{AfterSaleState, Parcel, PostAddress, Province, ShopOrder, SkuOrder, Spec};
use super::settlement::Row;

/// Every allow-list there is; what is kept of a platform's answer is in one of these.
const ALLOWED: [&[&str]; 14] = [
    AfterSale::FIELDS,
    AfterSaleState::FIELDS,
    Detail::FIELDS,
    Item::FIELDS,
    OrderInfo::FIELDS,
    Parcel::FIELDS,
    PostAddress::FIELDS,
    Province::FIELDS,
    RelatedOrder::FIELDS,
    Row::FIELDS,
    ShopOrder::FIELDS,
    SkuOrder::FIELDS,
    Spec::FIELDS,
    Wording::FIELDS,
];

#[test]
fn fields_stand_in_the_alphabets_order_so_that_evidence_is_canonical() {
    for fields in ALLOWED {
        assert!(fields.is_sorted(), "{fields:?}");
    }
}

#[test]
fn no_field_names_or_describes_a_buyer() {
    // `post_addr` goes down to the province only; `open_id` and its twin are read and never written.
    let forbidden = [
        "encrypt",
        "mask",
        "receiver",
        "tel",
        "phone",
        "words",
        "detail_addr",
        "street",
        "town",
        "city",
        "remark",
        "user",
    ];
    for field in ALLOWED.into_iter().flatten() {
        assert!(!forbidden.iter().any(|part| field.split('_').any(|word| word == *part)), "{field}");
    }
    assert_eq!(PostAddress::FIELDS, ["province"]);
    assert_eq!(Province::FIELDS, ["name"]);
}

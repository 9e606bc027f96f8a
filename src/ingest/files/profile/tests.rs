//! Words and patterns of a profile.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
use super::*;

fn statement(scenes: &str) -> Profile {
    let json = format!(
        r#"{{"name":"s","title":"s","kind":"settlements","required":["net"],
            "columns":{{"order_no":"订单号","settled_at":["日期","时间"],"net":"金额|动账金额","scene":"场景"}},
            "scenes":{scenes}}}"#
    );
    Profile::parse("s.json", &json).unwrap()
}

#[test]
fn of_scenes_that_fit_the_longest_counts() {
    let profile = statement(
        r#"{"提现":"no_sale","*结算*":"parts","0010*":"goods","*费":"platform_fee","*营销费-推广费":"anchor_fee","":"parts"}"#,
    );
    assert_eq!(profile.scene("提现"), Some(Scene::NoSale));
    assert_eq!(profile.scene("提现手续"), None);
    assert_eq!(profile.scene("货款 结算入账"), Some(Scene::Parts));
    assert_eq!(profile.scene("0010002|交易收入"), Some(Scene::Goods));
    assert_eq!(profile.scene("某营销费-推广费"), Some(Scene::AnchorFee));
    assert_eq!((profile.scene("服务费"), profile.scene("")), (Some(Scene::PlatformFee), Some(Scene::Parts)));
}

#[test]
fn columns_are_one_or_several_each_with_its_names() {
    let profile = statement("{}");
    let names: Vec<Vec<&str>> = profile.columns[&Field::SettledAt].each().map(Iterator::collect).collect();
    assert_eq!(names, [["日期"], ["时间"]]);
    let names: Vec<Vec<&str>> = profile.columns[&Field::Net].each().map(Iterator::collect).collect();
    assert_eq!(names, [["金额", "动账金额"]]);
}

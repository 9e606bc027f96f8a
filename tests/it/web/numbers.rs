//! The numbers on pages are the ledger's.

use super::client::{enter, get};
use super::seed::{FARMER, seeded};
use red_anchor::domain::access::Role;

#[tokio::test]
async fn the_worked_example_is_followed_from_the_headline_to_its_evidence() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Official).await;
    for (path, said) in [
        ("/official".to_owned(), "12.82 元"),
        ("/official/regions/360827101".to_owned(), "12.82 元"),
        (format!("/official/farmers/{FARMER}"), "/official/lines/1"),
        ("/official/lines/1".to_owned(), "实收 29.62 − 基准 16.80 − 额外费用 0.00"),
        ("/official/lines/1".to_owned(), "2.625 kg"),
        ("/official/lines/1".to_owned(), "三家收购商平均"),
        ("/official/lines/1".to_owned(), "直播间号一致"),
    ] {
        assert!(get(&seeded.app, &path, &cookie).await.body.contains(said), "{path} says {said}");
    }
}

#[tokio::test]
async fn what_the_headline_leaves_out_is_listed_beside_it() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Official).await;
    let page = get(&seeded.app, "/official", &cookie).await.body;
    assert!(page.contains("还没关联货品（货款）"));
    assert!(page.contains("暂计，尚未结算"));
}

#[tokio::test]
async fn a_farmers_month_says_what_is_not_recorded_instead_of_a_zero() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Farmer).await;
    let before = get(&seeded.app, "/farmer/months/2026-01", &cookie).await.body;
    assert!(before.contains("到账还没登记") && !before.contains("class=\"arrived\""), "nobody recorded payments then");
    let page = get(&seeded.app, "/farmer", &cookie).await.body;
    for said in [
        "class=\"arrived\">¥ 0.00",
        "这个月还没有打款",
        "¥ 29.62",
        "3月5日前给",
        "还没算定",
        "2 单",
        "tel:0796-0000000",
        "数据截至 2026-02-24 23:59",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("冲减") && !page.contains("在途"));
    assert!(page.len() < 100_000, "{} bytes", page.len());
}

#[tokio::test]
async fn the_branch_is_told_what_waits_for_a_person() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Branch).await;
    let page = get(&seeded.app, "/branch", &cookie).await.body;
    for said in ["1 行还没关联货品", "主播甲 的证书 2026-03-01 到期", "没取过数的店 从没取过数"]
    {
        assert!(page.contains(said), "{said}");
    }
    let unmatched = get(&seeded.app, "/branch/unmatched", &cookie).await.body;
    assert!(unmatched.contains("没对应的商品") && unmatched.contains("两个场次都对得上"));
}

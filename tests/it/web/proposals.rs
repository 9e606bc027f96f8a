//! A household proposes goods on its phone; the branch takes them over into a draft, or sends them back with a reason.

use super::client::{enter, enter_under, get, submit};
use super::seed::{grant, granted, past_the_seeds_numbers, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::Role;
use red_anchor::store::take_ids;
use red_anchor::web::AppState;

const FORM: &str = "product=0&goods=%3Cb%3E%E7%AC%8B%E5%B9%B2%3C%2Fb%3E&pack=2.5&amount=100&from=2026-02-20&to=2026-03-31&price=&said=%E5%BE%88%E7%94%9C";
const DRAFT: &str = "key=k8&product=kumquat&name=%E9%87%91%E6%A1%94+8%E6%96%A4&price=59.9&from=2026-03-01&model=share&share=40\
    &platform=2&anchor=10&freight=7&packaging=3&pack=4000";

async fn past_the_seed(app: &AppState) {
    past_the_seeds_numbers(app).await;
    let mut session = app.store.write(super::seed::county()).await.unwrap();
    for noun in ["listing", "terms", "product"] {
        take_ids(&mut session, noun, 10).await.unwrap();
    }
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_proposal_becomes_a_draft_that_another_person_approves() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let (farmer, staff) = (enter(app, Role::Farmer).await, enter_under(app, grant(Role::Branch)).await);
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    assert!(get(app, "/farmer", &farmer).await.body.contains("href=\"/farmer/goods\""));
    let own = get(app, "/farmer/goods", &farmer).await.body;
    assert!(own.contains("金桔，一份 5.0 斤") || own.contains("金桔，一份 5 斤"), "{own}");
    assert!(own.contains("等支部看") && own.contains("想卖 ¥ 39.90 一份"), "{own}");
    assert!(get(app, "/branch", &staff).await.body.contains("1 样农户提的商品等支部看"));
    let goods = get(app, "/branch/goods", &staff).await.body;
    assert!(goods.contains("农户提的商品") && goods.contains("陈*") && !goods.contains("陈示范"), "{goods}");

    // the branch fills in the rest; a slip of the finger loses neither the form nor its proposal
    let form = get(app, "/branch/goods/listings/new?proposal=1", &staff).await.body;
    for part in ["name=\"proposal\" value=\"1\"", "value=\"39.9\"", "value=\"2500\"", "value=\"2026-03-01\""] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let wrong =
        submit(app, "/branch/goods/listings", &staff, &format!("proposal=1&{}", DRAFT.replace("=40", "="))).await;
    assert!(wrong.body.contains("分成要填分成比例") && wrong.body.contains("name=\"proposal\" value=\"1\""));
    let drafted = submit(app, "/branch/goods/listings", &staff, &format!("proposal=1&{DRAFT}")).await;
    let draft = drafted.header(header::LOCATION).to_owned();
    assert!(draft.starts_with("/branch/goods/drafts/"), "{}", drafted.body);
    assert!(get(app, "/farmer/goods", &farmer).await.body.contains("支部接了"));
    let page = get(app, &draft, &admin).await.body;
    assert!(page.contains("农户提的，第 1 号") && page.contains("陈*"), "{page}");
    let again = submit(app, "/branch/goods/listings", &staff, &format!("proposal=1&{DRAFT}").replace("k8", "k9")).await;
    assert!(again.body.contains("支部已经看过这一样了"), "{}", again.body);

    // not approved, it is to be seen to again; then approved
    submit(app, &format!("{draft}/turn-down"), &admin, "reason=%E5%A4%AA%E8%B4%B5").await;
    assert!(get(app, "/branch/goods/proposals/1", &staff).await.body.contains("没有批准：太贵"));
    assert!(get(app, "/farmer/goods", &farmer).await.body.contains("等支部看"));
    let drafted = submit(app, "/branch/goods/listings", &staff, &format!("proposal=1&{DRAFT}")).await;
    let draft = drafted.header(header::LOCATION).to_owned();
    let approved = submit(app, &format!("{draft}/approve"), &admin, "x=1").await;
    assert!(approved.header(header::LOCATION).starts_with("/branch/goods/listings/"), "{}", approved.body);
    assert!(get(app, "/farmer/goods", &farmer).await.body.contains("已经批准"));
    let trail = get(app, "/branch/audit?noun=listing", &staff).await.body;
    assert!(trail.contains("k8"), "{trail}");
}

#[tokio::test]
async fn a_proposal_is_sent_back_in_plain_words_and_is_its_households_alone() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (farmer, staff) = (enter(app, Role::Farmer).await, enter(app, Role::Branch).await);
    let other = enter_under(app, granted(Role::Farmer, "360827", 2)).await;
    let wrong = submit(app, "/farmer/goods", &farmer, &FORM.replace("pack=2.5", "pack=two")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("请填一份多少斤") && wrong.body.contains("value=\"100\""), "what was typed stays");
    assert_eq!(
        submit(app, "/farmer/goods", &farmer, &FORM.replace("product=0", "product=77")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "goods that are not there"
    );
    let answer = submit(app, "/farmer/goods", &farmer, FORM).await;
    assert_eq!(answer.header(header::LOCATION), "/farmer/goods", "{}", answer.body);
    let own = get(app, "/farmer/goods", &farmer).await.body;
    assert!(own.contains("&lt;b&gt;笋干&lt;/b&gt;") && own.contains("您说：很甜"), "{own}");
    assert!(!get(app, "/farmer/goods", &other).await.body.contains("笋干"), "another household's");

    let path = "/branch/goods/proposals/2";
    let page = get(app, path, &staff).await.body;
    assert!(page.contains("&lt;b&gt;笋干&lt;/b&gt;") && page.contains("这种货还没有登记"), "{page}");
    assert!(submit(app, &format!("{path}/return"), &staff, "reason=+").await.body.contains("请写明原因"));
    let named = submit(app, &format!("{path}/return"), &staff, "reason=陈示范说的").await;
    assert!(named.status == StatusCode::UNPROCESSABLE_ENTITY && named.body.contains("姓名"), "{}", named.body);
    submit(app, &format!("{path}/return"), &staff, "reason=%E7%AC%8B%E5%B9%B2%E8%A6%81%E6%9C%89%E8%AF%81").await;
    let own = get(app, "/farmer/goods", &farmer).await.body;
    assert!(own.contains("退回来了") && own.contains("支部说：笋干要有证"), "{own}");
    let again = submit(app, &format!("{path}/return"), &staff, "reason=x").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let auditor = enter(app, Role::Auditor).await;
    assert!(!get(app, "/branch/goods/proposals/1", &auditor).await.body.contains("<form class=\"stacked\""));
    let trail = get(app, "/branch/audit?noun=proposal", &staff).await.body;
    assert!(trail.contains("农户提的商品") && trail.contains("笋干要有证") && !trail.contains("陈示范"), "{trail}");
    for _ in 0..4 {
        submit(app, "/farmer/goods", &farmer, FORM).await;
    }
    assert!(submit(app, "/farmer/goods", &farmer, FORM).await.body.contains("您已经有 5 样在等支部看"));
}

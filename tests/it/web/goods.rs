//! A listing from its draft to the shelf and off it: two people, papers, rules.

use super::client::{enter_under, get, submit};
use super::seed::{county, day, grant, past_the_seeds_numbers, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Role, Scope};
use red_anchor::domain::shelf::{Hold, Need};
use red_anchor::services::shelf_check::{hold_ups, may_go_live};
use red_anchor::services::verify;
use red_anchor::store::{goods, take_ids};
use red_anchor::web::AppState;

const DRAFT: &str = "key=k10&product=kumquat&name=%E9%87%91%E6%A1%94+10%E6%96%A4&price=89.9&from=2026-02-25&model=share\
    &share=40&platform=2&anchor=10&freight=7&packaging=3&pack=5000&operator=9&loss_borne_by=operator&volume=new";

async fn holds(app: &AppState, listing_id: i64, on: &str) -> Vec<Hold> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    may_go_live(&mut session, listing_id, day(on)).await.unwrap()
}

/// The seed's listing, terms and product are numbered by hand.
async fn past_the_seed(app: &AppState) {
    past_the_seeds_numbers(app).await;
    let mut session = app.store.write(county()).await.unwrap();
    for noun in ["listing", "terms", "product"] {
        take_ids(&mut session, noun, 10).await.unwrap();
    }
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_listing_is_drafted_approved_by_another_and_published_once_its_papers_are_there() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let wrong = submit(app, "/branch/goods/listings", &staff, &DRAFT.replace("share=40", "share=")).await;
    assert!(wrong.body.contains("分成要填分成比例") && wrong.body.contains("金桔 10斤"), "what was typed stays");
    let drafted = submit(app, "/branch/goods/listings", &staff, DRAFT).await;
    let path = drafted.header(header::LOCATION).to_owned();
    assert!(path.starts_with("/branch/goods/drafts/"), "{}", drafted.body);
    assert!(submit(app, "/branch/goods/listings", &staff, DRAFT).await.body.contains("编号“k10”已经有商品了"));
    let own = submit(app, &format!("{path}/approve"), &staff, "x=1").await;
    assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.body.contains("您自己录入的"), "{}", own.body);
    let approved = submit(app, &format!("{path}/approve"), &admin, "x=1").await;
    let listing = approved.header(header::LOCATION).to_owned();
    let id: i64 = listing.rsplit('/').next().unwrap().parse().unwrap();
    assert!(submit(app, &format!("{path}/approve"), &admin, "x=1").await.body.contains("已经有人办过"));
    assert_eq!(holds(app, id, "2026-02-25").await, [Hold::NotPublished]);

    // a rule holds it up until there is a paper
    let rule = "need=licence&from=2026-02-01&to=&source=%E6%9F%90%E5%8A%9E%E6%B3%95";
    assert_eq!(
        submit(app, "/branch/goods/products/1/rules", &staff, rule).await.header(header::LOCATION),
        "/branch/goods/products/1"
    );
    let refused = submit(app, &format!("{listing}/publish"), &staff, "x=1").await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY
            && refused.body.contains("缺食品生产许可或小作坊登记（依据：某办法）")
    );
    assert!(get(app, &listing, &staff).await.body.contains("有这些问题，不能上架"));
    let paper = "kind=sc&listing=0&number=SC-1&holder=&issued=2026-02-01&expires=2026-03-10";
    submit(app, "/branch/goods/products/1/papers", &staff, paper).await;
    let published = submit(app, &format!("{listing}/publish"), &staff, "x=1").await;
    assert_eq!(published.header(header::LOCATION), listing, "{}", published.body);
    assert_eq!(holds(app, id, "2026-03-10").await, []);
    let ended = Hold::Ended { need: Need::Licence, number: "SC-1".into(), on: day("2026-03-10") };
    assert_eq!(holds(app, id, "2026-03-11").await, std::slice::from_ref(&ended));
    let page = get(app, "/branch/goods", &staff).await.body;
    assert!(page.contains("SC-1") && page.contains("2026-03-10"), "it ends within thirty days: {page}");
    assert!(get(app, "/branch", &staff).await.body.contains("1 份货品证照 30 天内到期或已过期"));

    // revoked, it keeps everything of the product off, also what came with the county's document
    submit(app, "/branch/goods/papers/1/revoke", &staff, "from=2026-02-25&reason=%E5%81%9C%E4%BA%A7").await;
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let both = hold_ups(&mut session, &[1, id, 99], day("2026-02-25")).await.unwrap();
    assert_eq!(both.iter().map(|(id, holds)| (*id, holds.len())).collect::<Vec<_>>(), [(1, 1), (id, 1), (99, 1)]);
    assert_eq!(both[2].1, [Hold::Unknown]);
    drop(session);
    // the rule ends, and nothing is asked any more; then it is withdrawn
    submit(app, "/branch/goods/rules/1/end", &staff, "to=2026-02-24").await;
    assert_eq!(holds(app, id, "2026-02-25").await, []);
    assert!(submit(app, &format!("{listing}/withdraw"), &staff, "reason=").await.body.contains("请写明原因"));
    submit(app, &format!("{listing}/withdraw"), &staff, "reason=%E5%8D%96%E5%AE%8C").await;
    assert_eq!(holds(app, id, "2026-02-25").await, [Hold::Withdrawn]);
    assert!(get(app, &listing, &staff).await.body.contains("卖完"));
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    assert!(verify::verify(&mut session).await.unwrap().is_clean());
}

#[tokio::test]
async fn new_terms_begin_in_the_future_end_before_later_ones_and_never_in_a_locked_month() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let form = |from: &str| {
        format!(
            "name=k5&price=49.9&from={from}&model=consignment&operator=7&platform=2&anchor=10&freight=5&packaging=2&pack=2500"
        )
    };
    let listing = async || {
        let mut session = app.store.read(Scope::County(county())).await.unwrap();
        goods::list_listings(&mut session).await.unwrap().into_iter().find(|l| l.listing_id == 1).unwrap()
    };
    let today = listing().await;
    let past = submit(app, "/branch/goods/listings/1/terms", &staff, &form("2026-02-24")).await;
    assert!(past.body.contains("不能早于今天"));
    let mut drafts = Vec::new();
    for from in ["2026-05-01", "2026-04-01"] {
        let answer = submit(app, "/branch/goods/listings/1/terms", &staff, &form(from)).await;
        drafts.push(answer.header(header::LOCATION).to_owned());
    }
    let page = get(app, &drafts[0], &admin).await.body;
    assert!(page.contains("商品 k5 的新条款") && page.contains("2026-05-01"), "{page}");
    let down = submit(app, "/branch/goods/drafts/1/turn-down", &staff, "reason=").await;
    assert!(down.body.contains("请写明原因"), "the seed's was entered by somebody else");
    for draft in &drafts {
        assert_eq!(
            submit(app, &format!("{draft}/approve"), &admin, "x=1").await.header(header::LOCATION),
            "/branch/goods/listings/1"
        );
    }
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(listing().await, today, "name and price of today stay");
    let terms = goods::list_terms_of(&mut session, &[1]).await.unwrap();
    let new: Vec<_> = terms.iter().filter(|t| t.operator_bp == 700).map(|t| (t.valid_from, t.valid_to)).collect();
    assert!(
        new.contains(&(day("2026-04-01"), Some(day("2026-04-30")))) && new.contains(&(day("2026-05-01"), None)),
        "{new:?}"
    );
    assert!(verify::verify(&mut session).await.unwrap().is_clean());
}

#[tokio::test]
async fn goods_are_added_and_changed_and_their_lots_need_what_a_rule_says() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let tea = "key=tea&name=%E7%BB%BF%E8%8C%B6&name_en=Tea&grades=A%0D%0A%0D%0AB&sold_by=kg&harvest_from=03-10&harvest_to=05-20";
    let bad = submit(app, "/branch/goods/products", &staff, &tea.replace("03-10", "3-1")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let path = submit(app, "/branch/goods/products", &staff, tea).await.header(header::LOCATION).to_owned();
    let page = get(app, &path, &staff).await.body;
    assert!(
        page.contains("绿茶") && page.contains("03-10 到 05-20") && page.contains("<span class=\"tag\">B</span>"),
        "{page}"
    );
    assert_eq!(submit(app, "/branch/goods/products", &staff, tea).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    submit(app, &path, &staff, &tea.replace("name_en=Tea", "name_en=Green+tea")).await;
    assert!(get(app, &path, &format!("{staff}; lang=en")).await.body.contains("Green tea"));
    let auditor = enter_under(app, grant(Role::Auditor)).await;
    assert_eq!(submit(app, &path, &auditor, tea).await.status, StatusCode::FORBIDDEN);
    assert!(!get(app, &path, &auditor).await.body.contains("<form class=\"stacked\""));

    submit(app, "/branch/goods/products/1/rules", &staff, "need=conformity&from=2026-02-01&to=&source=x").await;
    let list =
        "product=kumquat&intake_on=2026-02-21&certificate_no=&unit=jin&act=save&household=f1&weight=10&grade=&price=";
    let refused = submit(app, "/branch/lots/new", &staff, list).await;
    assert!(refused.body.contains("承诺达标合格证"), "{}", refused.body);
}

//! Files through the site: previews, imports, bad ones beside good ones, hostile names, limits, columns matched by hand.

use super::client::{Answer, enter_as, get, submit, upload};
use crate::files::paper::{csv, gb18030, plain_csv, xlsx, zip};
use axum::http::StatusCode;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::calendar::parse_day;
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::figures::{Request, total};
use red_anchor::services::import::list_profiles;
use red_anchor::services::setup::{self, NewShop};
use red_anchor::store::figures::Grouping;
use red_anchor::store::{Missing, Store, imports};
use red_anchor::web::{App, AppState};
use tempfile::TempDir;

const HEADINGS: &str = "主订单编号|子订单编号|选购商品|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|平台实际承担优惠金额|\
    达人实际承担优惠金额|支付优惠|订单提交时间|支付完成时间|订单完成时间|发货时间|订单状态|售后状态|达人ID";

pub fn county() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

fn row(no: &str, title: &str, paid: &str) -> String {
    format!("{no}|{no}1|{title}|1|p1|A|{paid}|{paid}|0|0|0|0|2026-09-01 12:00:00|2026-09-01 12:01:00|-|-|待发货|-|-\n")
}

fn orders(rows: &str) -> String {
    format!("{HEADINGS}\n{rows}")
}

/// A county that is no demo's, with a shop on Douyin.
pub struct Site {
    pub app: AppState,
    _folder: TempDir,
}

impl Site {
    pub async fn open() -> Self {
        Self::with(|app| app).await
    }

    pub async fn with(change: impl FnOnce(App) -> App) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("county.db");
        let store = Store::open(path.to_str().unwrap(), Missing::Create).await.unwrap();
        let clock = Clock::at_end_of(parse_day("2026-11-20").unwrap());
        setup::init(&store, county(), "", [7; 32], &clock).await.unwrap();
        let shop = NewShop {
            key: "dy1".into(),
            platform: "douyin".into(),
            platform_shop_id: String::new(),
            name: "合作社<b>抖店</b>".into(),
            settled_after_days: None,
        };
        setup::add_shop(&store, county(), &Actor::command_line(), &clock, &shop).await.unwrap();
        let app = change(App::found(store, clock).await.unwrap());
        Self { app: app.into(), _folder: folder }
    }

    pub async fn enter(&self, role: Role) -> String {
        enter_as(&self.app, county(), Grant::new(role, county(), 0).unwrap()).await
    }

    async fn send(&self, address: &str, files: &[(&str, &[u8])]) -> Answer {
        let cookie = self.enter(Role::Branch).await;
        let mut parts = vec![("shop", None, &b"dy1"[..]), ("profile", None, &b""[..])];
        parts.extend(files.iter().map(|(name, bytes)| ("files", Some(*name), *bytes)));
        upload(&self.app, address, &cookie, &parts).await
    }

    async fn gmv_fen(&self) -> i64 {
        let mut session = self.app.store.read(Scope::County(county())).await.unwrap();
        total(&mut session, &Request::all(county(), Grouping::Total)).await.unwrap().gmv_fen
    }

    async fn logged(&self) -> Vec<imports::Imported> {
        imports::list(&mut self.app.store.read(Scope::County(county())).await.unwrap(), 1).await.unwrap()
    }
}

#[tokio::test]
async fn a_preview_says_what_would_change_and_changes_nothing() {
    let site = Site::open().await;
    let file = csv(&orders(&(row("101", "金桔", "49.90") + &row("102", "金桔", "30"))));
    let page = site.send("/branch/files/preview", &[("1788235200_订单.csv", &file)]).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["试看，没有写入", "将新增", "douyin-orders", "已付 79.90 元"] {
        assert!(page.body.contains(said), "{said}");
    }
    assert_eq!((site.gmv_fen().await, site.logged().await.len()), (0, 0));
}

#[tokio::test]
async fn csv_in_gb18030_a_workbook_and_an_archive_are_imported_once_whatever_they_are_called() {
    let site = Site::open().await;
    let text = gb18030(&plain_csv(&orders(&row("101", "金桔", "49.90"))));
    let workbook = xlsx(&[("订单", &orders(&row("102", "茶", "20")))]);
    let archive = zip(&[("里面/订单.csv", csv(&orders(&row("103", "米", "30"))))]);
    let files: [(&str, &[u8]); 3] = [("订单.xlsx", &text), ("订单.csv", &workbook), ("打包.zip", &archive)];
    let page = site.send("/branch/files", &files).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.body.matches("<strong>已导入</strong>").count(), 3);
    assert_eq!(site.gmv_fen().await, 9_990);
    let again = site.send("/branch/files", &files).await;
    assert_eq!((again.status, site.gmv_fen().await), (StatusCode::OK, 9_990));
    let logged = site.logged().await;
    assert_eq!(logged.len(), 6);
    assert!(logged[..3].iter().all(|row| row.rows_new + row.rows_changed == 0 && row.rows_unchanged == 1));
    assert_eq!(logged[5].file_name, "订单.xlsx");
    let log = get(&site.app, "/branch/files/log", &site.enter(Role::Auditor).await).await.body;
    assert!(log.contains(&logged[5].file_sha256[..12]) && !log.contains(&logged[5].file_sha256));
}

#[tokio::test]
async fn a_bad_file_sinks_no_other_and_says_why() {
    let site = Site::open().await;
    let good = csv(&orders(&(row("101", "金桔", "49.90") + &row("6.91E+18", "金桔", "30"))));
    let page = site
        .send("/branch/files", &[("照片.csv", b"\x89PNG\x00\x01"), ("好.csv", &good), ("别的.csv", b"a,b\n1,2\n")])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("这个文件没有导入").count(), 2);
    assert!(page.body.contains("第 3 行") && page.body.contains("科学计数"), "the row that was set aside is named");
    assert_eq!((site.gmv_fen().await, site.logged().await.len()), (4_990, 1));
}

#[tokio::test]
async fn hostile_names_titles_and_cells_are_text() {
    let site = Site::open().await;
    let hostile = "<script>alert(1)</script>";
    let file = csv(&orders(&(row("101", hostile, "49.90") + &row(hostile, "金桔", "1"))));
    let page = site.send("/branch/files", &[("../../etc/<img src=x>.csv", &file)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<img") && page.body.contains("&lt;img src=x&gt;.csv"));
    assert!(!page.body.contains(hostile) && !page.body.contains("<b>抖店"), "nor are titles and shops more than text");
    assert_eq!(site.logged().await[0].file_name, "<img src=x>.csv");
    let waiting = get(&site.app, "/branch/unmatched", &site.enter(Role::Branch).await).await.body;
    assert!(waiting.contains("&lt;script&gt;alert(1)") && !waiting.contains(hostile));
}

#[tokio::test]
async fn nothing_chosen_an_unknown_shop_and_a_form_cut_short_are_said() {
    let site = Site::open().await;
    let cookie = site.enter(Role::Branch).await;
    let nothing =
        upload(&site.app, "/branch/files", &cookie, &[("shop", None, b"dy1"), ("files", Some(""), b"")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = csv(&orders(&row("101", "金桔", "49.90")));
    let elsewhere = [("shop", None, &b"nowhere"[..]), ("files", Some("a.csv"), &file[..])];
    let page = upload(&site.app, "/branch/files", &cookie, &elsewhere).await;
    assert!(page.body.contains("没有店铺“nowhere”"));
    let long = vec![b'x'; 10_000];
    let page = upload(&site.app, "/branch/files", &cookie, &[("shop", None, &long)]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "what stands beside the files is short");
    assert_eq!(site.gmv_fen().await, 0);
}

#[tokio::test]
async fn each_address_takes_what_it_is_for_and_no_more() {
    let site = Site::open().await;
    let cookie = site.enter(Role::Branch).await;
    let large = vec![b' '; 300 * 1024];
    for (address, field, refused) in [
        ("/branch/files/shared-profile", "profile", true),
        ("/branch/unmatched/sheet", "sheet", false),
        ("/branch/files/preview", "files", false),
    ] {
        let answer = upload(&site.app, address, &cookie, &[(field, Some("a.csv"), &large)]).await;
        assert_eq!(answer.status == StatusCode::PAYLOAD_TOO_LARGE, refused, "{address}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_demo_previews_and_imports_nothing() {
    let seeded = super::seed::seeded().await;
    super::seed::past_the_seeds_numbers(&seeded.app).await;
    let cookie = super::client::enter(&seeded.app, Role::Branch).await;
    let file = csv(&orders(&row("101", "金桔", "49.90")));
    let parts = [("shop", None, &b"s1"[..]), ("files", Some("a.csv"), &file[..])];
    let preview = upload(&seeded.app, "/branch/files/preview", &cookie, &parts).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.body.contains("试看，没有写入"), "{}", preview.body);
    let refused = upload(&seeded.app, "/branch/files", &cookie, &parts).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("这是演示数据库"), "{}", refused.body);
    let mut session = seeded.app.store.read(Scope::County(super::seed::county())).await.unwrap();
    assert_eq!(imports::count(&mut session).await.unwrap(), 0);
}

#[tokio::test]
async fn a_direction_is_matched_only_with_the_words_for_money_going_out() {
    let site = Site::open().await;
    let cookie = site.enter(Role::Branch).await;
    let file = csv("单号|日子|金额|方向|名目\n90001|2026-09-01|38.00|进账|卖货\n90001|2026-09-02|8.00|出账|卖货\n\
        90002|2026-09-03|9.00|进账|卖货\n");
    let parts = [("kind", None, &b"settlements"[..]), ("sample", Some("流水.csv"), &file[..])];
    let page = upload(&site.app, "/branch/files/columns", &cookie, &parts).await;
    assert!(page.body.contains("w.outgoing.outgoing") && page.body.contains("钱出去（支出）"), "{}", page.body);
    assert!(page.body.contains("出账"), "the words found are shown: {}", page.body);
    let form = "kind=settlements&name=coop-bank&f.order_no=%E5%8D%95%E5%8F%B7&f.settled_at=%E6%97%A5%E5%AD%90\
        &f.net=%E9%87%91%E9%A2%9D&f.direction=%E6%96%B9%E5%90%91&f.scene=%E5%90%8D%E7%9B%AE";
    let scenes = "&w.scenes.goods=%E5%8D%96%E8%B4%A7";
    for (more, says) in [(scenes, "支出会算成收入"), ("", "说不清每一笔是什么钱")] {
        let refused = submit(&site.app, "/branch/files/profiles", &cookie, &format!("{form}{more}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(says), "{}", refused.body);
    }
    let said = format!("{form}{scenes}&w.outgoing.outgoing=%E5%87%BA%E8%B4%A6");
    let saved = submit(&site.app, "/branch/files/profiles", &cookie, &said).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let preview = site.send("/branch/files/preview", &[("流水.csv", &file)]).await;
    assert!(preview.body.contains("39.00"), "38 and 9 came in, 8 went out: {}", preview.body);
}

#[tokio::test]
async fn columns_matched_on_a_page_are_a_profile_that_files_are_read_by() {
    let site = Site::open().await;
    let cookie = site.enter(Role::Branch).await;
    let table = "单号|日子|实收|进度|客户电话\n90001|2026-09-01 10:00:00|38.00|已发|13800001234\n\
                 90002|2026-09-02 10:00:00|12.00|已发|13800001235\n";
    let file = csv(table);
    let refused = site.send("/branch/files", &[("手工.csv", &file)]).await;
    assert!(refused.body.contains("列对应"), "a file nobody knows says where to go");
    let parts = [("kind", None, &b"orders"[..]), ("sample", Some("手工.csv"), &file[..])];
    let page = upload(&site.app, "/branch/files/columns", &cookie, &parts).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("已发") && !page.body.contains("13800001234"), "a phone is masked");
    let form = "kind=orders&name=coop-desk&title=%E6%89%8B%E5%B7%A5&rows=order&f.order_no=%E5%8D%95%E5%8F%B7\
        &f.paid=%E5%AE%9E%E6%94%B6&f.paid_at=%E6%97%A5%E5%AD%90&f.status=%E8%BF%9B%E5%BA%A6\
        &w.statuses.shipped=%E5%B7%B2%E5%8F%91";
    let saved = submit(&site.app, "/branch/files/profiles", &cookie, form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let document = get(&site.app, "/branch/files/profiles/coop-desk", &cookie).await.body;
    site.send("/branch/files", &[("手工.csv", &file)]).await;
    assert_eq!(site.gmv_fen().await, 5_000);
    let other = Site::open().await;
    let theirs = other.enter(Role::Branch).await;
    let parts = [("profile", Some("coop-desk.json"), document.as_bytes())];
    assert_eq!(upload(&other.app, "/branch/files/shared-profile", &theirs, &parts).await.status, StatusCode::SEE_OTHER);
    let mut session = other.app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(list_profiles(&mut session).await.unwrap().named("coop-desk").unwrap().json(), document);
    let taken = submit(&site.app, "/branch/files/profiles", &cookie, &form.replace("%E5%B7%B2%E5%8F%91", "x")).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("没有覆盖"), "{}", taken.body);
    assert_eq!(get(&site.app, "/branch/files/profiles/coop-desk", &cookie).await.body, document);
    let missing = submit(&site.app, "/branch/files/profiles", &cookie, "kind=orders&name=x&rows=order").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);

    // what was matched comes back, with the headings and words the page handed on
    let sample = "&heading=%E5%8D%95%E5%8F%B7&heading=%E5%AE%9E%E6%94%B6&heading=%E6%97%A5%E5%AD%90\
        &heading=%E8%BF%9B%E5%BA%A6&word=%E5%B7%B2%E5%8F%91&heading=%3Cb%3E";
    let other = form.replace("title=%E6%89%8B%E5%B7%A5", "title=%E6%94%B9%E8%BF%87");
    let again = submit(&site.app, "/branch/files/profiles", &cookie, &format!("{other}{sample}")).await.body;
    for said in [
        "没有覆盖",
        "示例文件没有留下",
        "<option value=\"进度\" selected>",
        "<option value=\"&lt;b&gt;\">",
        "name=\"w.statuses.shipped\" autocomplete=\"off\" value=\"已发\"",
        "name=\"title\" autocomplete=\"off\" required value=\"改过\"",
        "name=\"word\" value=\"已发\"",
        "<option value=\"order\" selected>",
    ] {
        assert!(again.contains(said), "{said} in {again}");
    }
}

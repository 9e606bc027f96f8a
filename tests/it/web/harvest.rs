//! One lot from thirty households to their phones, through the site alone: weighed in, sold and refunded by the shop's own
//! files, closed, settled, paid by two people, read and confirmed; with the sums at every step, and nothing for verify to
//! find at any.
//!
//! In short: 157.500 kg come in; forty parcels of 2.625 kg are 105.000 kg of the first twenty households; one comes back
//! whole, of one 8.00 are given back for bad fruit; of what is left 12.500 kg are lost. Thirty-eight parcels are settled.

use super::client::{Answer, enter_as, get, submit, upload};
use super::files::{Site, county};
use super::seed::keyring;
use crate::audit::any_change;
use crate::files::paper::csv;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::calendar::{Day, parse_day};
use red_anchor::domain::figures::FigureRow;
use red_anchor::ingest::county as document;
use red_anchor::services::figures::{Request, total};
use red_anchor::services::{post, verify};
use red_anchor::store::figures::Grouping;
use red_anchor::store::lots::{self, Ticket};
use red_anchor::store::payouts::due::{self, Of};
use red_anchor::store::{Session, people};
use red_anchor::web::App;
use std::fmt::Write;

const HOUSEHOLDS: i64 = 30;
const PARCELS: i64 = 40;
/// 2.5 kg and 5 % that shrinks.
const PARCEL_G: i64 = 2_625;
/// Of 49.90: platform 1.00, anchor 4.99, freight 5.50, packaging 2.50, and 6 % of 35.91 that are left, 2.15.
const FARMER_FEN: i64 = 3_376;
/// Of 41.90, once 8.00 are given back: 0.84, 4.19, 8.00, and 6 % of 28.87, 1.73.
const REFUNDED_FARMER_FEN: i64 = 2_714;
/// Parcel 1; parcels 3 and 4, of which the second was refunded in part; two parcels each of the seventeen that follow.
const SETTLED_FEN: i64 = FARMER_FEN + (FARMER_FEN + REFUNDED_FARMER_FEN) + 17 * 2 * FARMER_FEN;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

struct Walk {
    site: Site,
    staff: String,
    chief: String,
}

impl Walk {
    /// A county with thirty households, one listing on commission whose goods come from lots, and a farm-gate price.
    async fn open() -> Self {
        let site = Site::with(|app| App { keyring: Some(keyring()), ..app }).await;
        let farmers: Vec<String> =
            (1..=HOUSEHOLDS).map(|n| format!(r#"{{"key":"f{n}","name":"刘{n}","village":"360827100201"}}"#)).collect();
        let text = format!(
            r#"{{"county":"360827","operators":[{{"key":"coop","name":"示范合作社","pays_on_day":15}}],
            "shops":[{{"key":"dy1","platform":"douyin","name":"抖店","operator":"coop"}}],"farmers":[{}],
            "products":[{{"key":"kumquat","name":"金桔"}}],
            "listings":[{{"key":"k5","product":"kumquat","name":"金桔 5斤","price_fen":4990,
                "terms":[{{"from":"2026-10-01","model":"consignment","platform_bp":200,"anchor_bp":1000,"operator_bp":600,
                    "freight_fen":550,"packaging_fen":250,"pack_g":2500,"shrink_bp":500}}],
                "supply":[{{"from":"2026-10-01","lots":true}}]}}],
            "mappings":[{{"shop":"dy1","product_no":"p1","listing":"k5"}}],
            "baselines":[{{"product":"kumquat","region":"360827","from":"2026-10-01","to":"2026-12-31","low_fen_per_kg":576,
                "mid_fen_per_kg":640,"high_fen_per_kg":704,"source":"三家收购商平均","entered_by":"甲","approved_by":"乙"}}]}}"#,
            farmers.join(",")
        );
        let doc = document::parse("test", &text).unwrap();
        let app = &site.app;
        let mut work = app.store.work(county(), &Actor::command_line(), "import county", &app.clock).await.unwrap();
        document::import(&mut work, &doc).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
        let (staff, chief) = (site.enter(Role::Branch).await, site.enter(Role::BranchAdmin).await);
        Self { site, staff, chief }
    }

    async fn read(&self) -> Session {
        self.site.app.store.read(Scope::County(county())).await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        get(&self.site.app, path, &self.staff).await.body
    }

    /// A form that is taken leads to another page: its address.
    async fn takes(&self, who: &str, path: &str, form: &str) -> String {
        let answer = submit(&self.site.app, path, who, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.body);
        answer.header(header::LOCATION).to_owned()
    }

    /// Hands over a file of the shop's back office.
    async fn imports(&self, name: &str, table: &str) {
        let file = csv(table);
        let parts = [("shop", None, &b"dy1"[..]), ("profile", None, &b""[..]), ("files", Some(name), &file[..])];
        let page = upload(&self.site.app, "/branch/files", &self.staff, &parts).await;
        assert!(page.body.contains("<strong>已导入</strong>") && !page.body.contains("没有导入"), "{}", page.body);
    }

    async fn figures(&self) -> FigureRow {
        total(&mut self.read().await, &Request::all(county(), Grouping::Total)).await.unwrap()
    }

    async fn tickets(&self) -> Vec<Ticket> {
        lots::list_tickets(&mut self.read().await, &[1]).await.unwrap()
    }

    /// What is owed to all households, and to how many.
    async fn due(&self, up_to: &str) -> (i64, usize) {
        let due = due::list(&mut self.read().await, Of::All, day(up_to)).await.unwrap();
        let owed = due.iter().map(|d| d.balance.due_fen()).filter(|&fen| fen != 0);
        (owed.clone().sum(), owed.count())
    }

    async fn is_sound(&self, when: &str) {
        let report = verify::verify(&mut self.read().await).await.unwrap();
        assert!(report.is_clean(), "{when}: {report}");
    }

    /// The phone of a household.
    async fn phone(&self, farmer_id: i64, path: &str) -> Answer {
        let cookie = self.enter_phone(farmer_id).await;
        get(&self.site.app, path, &cookie).await
    }

    async fn enter_phone(&self, farmer_id: i64) -> String {
        enter_as(&self.site.app, county(), Grant::new(Role::Farmer, county(), farmer_id).unwrap()).await
    }
}

/// Parcels as the shop exports them, paid a minute apart.
fn orders_file() -> String {
    let mut table =
        "主订单编号|子订单编号|选购商品|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|平台实际承担优惠金额|\
        达人实际承担优惠金额|支付优惠|订单提交时间|支付完成时间|订单完成时间|发货时间|订单状态|售后状态|达人ID\n"
            .to_owned();
    for n in 1..=PARCELS {
        writeln!(
            table,
            "{n}|{n}1|金桔 5斤|1|p1|A|49.90|49.90|0|0|0|0|2026-10-12 12:00:00|2026-10-12 12:{n:02}:00|-|-|已发货|-|-"
        )
        .unwrap();
    }
    table
}

/// Its statement of every parcel but the one that came back and the last two.
fn statement_file() -> String {
    let mut table =
        "动账时间|动账流水号|动账方向|动账金额|动账场景|子订单号|订单号|订单实付应结|运费实付|实际平台补贴|\
        订单退款|平台服务费|佣金\n"
            .to_owned();
    for n in (1..=PARCELS - 2).filter(|&n| n != 2) {
        let money = if n == 4 { "36.87|货款结算入账|41|4|49.90|0|0|-8.00|-0.84|-4.19" } else { "" };
        let row = if money.is_empty() {
            format!("43.91|货款结算入账|{n}1|{n}|49.90|0|0|0|-1.00|-4.99")
        } else {
            money.to_owned()
        };
        writeln!(table, "2026-11-02 03:00:00|{n}|入账|{row}").unwrap();
    }
    table
}

#[tokio::test]
async fn a_lot_of_thirty_households_is_weighed_in_sold_partly_refunded_settled_paid_and_confirmed() {
    let walk = Box::pin(Walk::open()).await;
    Box::pin(is_weighed_in(&walk)).await;
    Box::pin(is_sold_and_partly_refunded(&walk)).await;
    Box::pin(is_closed(&walk)).await;
    Box::pin(is_settled(&walk)).await;
    let payout = Box::pin(is_paid(&walk)).await;
    Box::pin(is_read_and_confirmed(&walk, &payout)).await;
}

/// Typed from the paper list, in 斤.
async fn is_weighed_in(walk: &Walk) {
    let mut form = "product=kumquat&intake_on=2026-10-10&certificate_no=HG-1&unit=jin&act=save".to_owned();
    for n in 1..=HOUSEHOLDS {
        write!(form, "&household=f{n}&weight=10.5&grade=&price=").unwrap();
    }
    assert_eq!(walk.takes(&walk.staff, "/branch/lots/new", &form).await, "/branch/lots/1?saved=1");
    let tickets = walk.tickets().await;
    assert_eq!((tickets.len(), tickets.iter().map(|t| t.weight_g).sum::<i64>()), (30, 157_500));
    assert_eq!(walk.due("2026-11-19").await, (0, 0), "on commission nothing is owed before it is sold");
    walk.is_sound("weighed in").await;
}

async fn is_sold_and_partly_refunded(walk: &Walk) {
    walk.imports("订单.csv", &orders_file()).await;
    let tickets = walk.tickets().await;
    let drawn: Vec<i64> = tickets.iter().map(|t| t.drawn_g).collect();
    assert_eq!(drawn, [vec![2 * PARCEL_G; 20], vec![0; 10]].concat(), "two parcels each of the first twenty");
    let sold = walk.figures().await;
    assert_eq!((sold.gmv_fen, sold.farmer_income_fen), (PARCELS * 4_990, 0));
    assert_eq!(sold.farmer_income_provisional_fen, PARCELS * FARMER_FEN);
    assert_eq!((sold.weight_g, walk.due("2026-11-19").await), (PARCELS * PARCEL_G, (0, 0)));
    walk.is_sound("sold").await;

    let after_sales = "
售后单号|订单号|商品单号|售后类型|售后状态|退款金额(元)|售后数量|申请时间|退款成功时间|售后原因
901|2|21|退货退款|退款成功|49.90|1|2026-10-14 10:00:00|2026-10-16 10:00:00|不想要了
902|4|41|仅退款|退款成功|8.00|1|2026-10-15 10:00:00|2026-10-15 12:00:00|坏果
";
    walk.imports("售后.csv", after_sales).await;
    let refunded = walk.figures().await;
    assert_eq!((refunded.refund_fen, refunded.net_fen), (4_990 + 800, PARCELS * 4_990 - 5_790));
    // the one that came back is nobody's income, and its household has its goods; bad fruit costs household and operator
    let income = (PARCELS - 2) * FARMER_FEN + REFUNDED_FARMER_FEN;
    assert_eq!(refunded.farmer_income_fen + refunded.farmer_income_provisional_fen, income);
    assert_eq!(refunded.weight_g, (PARCELS - 1) * PARCEL_G);
    walk.is_sound("refunded").await;
}

/// weight in = sold + returned + left + lost.
async fn is_closed(walk: &Walk) {
    assert_eq!(walk.takes(&walk.staff, "/branch/lots/1/close", "lost=12.5").await, "/branch/lots/1");
    let tickets = walk.tickets().await;
    let sum = |of: fn(&Ticket) -> i64| tickets.iter().map(of).sum::<i64>();
    assert!(tickets.iter().all(|t| t.weight_g == t.drawn_g + t.left_g + t.lost_g), "{tickets:?}");
    assert_eq!((sum(|t| t.drawn_g), sum(|t| t.left_g), sum(|t| t.lost_g)), (105_000, 40_000, 12_500));
    let came_back = lots::list_sold(&mut walk.read().await, 1).await.unwrap().iter().map(|t| t.back_g).sum::<i64>();
    assert_eq!(came_back, PARCEL_G);
    let page = walk.page("/branch/lots/1").await;
    for (what, kg) in
        [("in", "157.500"), ("sold", "102.375"), ("returned", "2.625"), ("left", "40.000"), ("lost", "12.500")]
    {
        assert!(page.contains(kg), "{what} {kg}: {page}");
    }
    walk.is_sound("closed").await;
}

async fn is_settled(walk: &Walk) {
    walk.imports("动账.csv", &statement_file()).await;
    let settled = walk.figures().await;
    assert_eq!((settled.farmer_income_fen, settled.farmer_income_provisional_fen), (SETTLED_FEN, 2 * FARMER_FEN));
    // 37 parcels settled with their goods, at 6.40 a kilogram
    assert_eq!(settled.baseline_fen, 37 * 1_680);
    assert_eq!((settled.uplift_fen, settled.households), (SETTLED_FEN - 37 * 1_680, 19));
    assert_eq!(walk.due("2026-11-01").await, (0, 0), "settled on the second");
    assert_eq!(walk.due("2026-11-19").await, (SETTLED_FEN, 19));
    walk.is_sound("settled").await;
}

/// Put forward by one, approved by another, taken to the bank, marked as paid: where the payout's page is.
async fn is_paid(walk: &Walk) -> String {
    let app = &walk.site.app;
    for farmer in people::list_farmers(&mut walk.read().await).await.unwrap() {
        let form = format!("bank=x&number=62284800{:08}", farmer.farmer_id);
        walk.takes(&walk.staff, &format!("/branch/households/{}/bank-account", farmer.farmer_id), &form).await;
    }
    let asked = walk.page("/branch/payouts/due/1?to=2026-11-19").await;
    assert!(asked.contains("提出打款：19 户 1,242.50 元"), "{asked}");
    let payout = walk.takes(&walk.staff, "/branch/payouts/due/1", "to=2026-11-19").await;
    assert_eq!(walk.due("2026-11-19").await, (0, 0), "put forward, it is due no second time");
    walk.is_sound("put forward").await;
    let own = submit(app, &format!("{payout}/approve"), &walk.staff, "").await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "not by whoever put it forward");
    walk.takes(&walk.chief, &format!("{payout}/approve"), "").await;
    let file = submit(app, &format!("{payout}/bank-file"), &walk.chief, "format=csv").await.body;
    let rows: Vec<&str> = file.lines().skip(1).filter(|row| row.starts_with('f')).collect();
    assert_eq!(rows.len(), 19, "{file}");
    let fen: Vec<i64> =
        rows.iter().map(|row| row.split(',').nth(4).unwrap().replace('.', "").parse().unwrap()).collect();
    assert_eq!(fen.iter().sum::<i64>(), SETTLED_FEN);
    assert!(rows[0].starts_with("f1,刘1,x,") && rows[0].contains(",33.76,"), "{file}");
    walk.takes(&walk.staff, &format!("{payout}/paid"), "on=2026-11-20&reference=HD-77").await;
    walk.is_sound("paid").await;
    let again = submit(app, "/branch/payouts/due/1", &walk.staff, "to=2026-11-19").await;
    assert!(again.body.contains("没有要付的农户"), "{}", again.body);
    payout
}

async fn is_read_and_confirmed(walk: &Walk, payout: &str) {
    let farmers = people::list_farmers(&mut walk.read().await).await.unwrap();
    let of = |key: &str| farmers.iter().find(|f| f.farmer_key == key).unwrap().farmer_id;
    for (key, arrived) in [("f1", "33.76"), ("f2", "60.90"), ("f3", "67.52"), ("f20", "0.00"), ("f30", "0.00")] {
        let page = walk.phone(of(key), "/farmer").await;
        assert!(page.body.contains(&format!("class=\"arrived\">¥ {arrived}")), "{key}: {}", page.body);
        assert!(page.bytes.len() < 100_000, "{key}: {} bytes", page.bytes.len());
    }
    // one whose parcels are sold and not settled has nothing to come yet, and reads so
    let waits = walk.phone(of("f20"), "/farmer/months/2026-10").await.body;
    assert!(waits.contains("¥ 67.52") && waits.contains("还没算定"), "{waits}");
    let own = walk.phone(of("f2"), "/farmer/payouts").await.body;
    assert!(
        own.contains("我收到了") && own.contains("HD-77") && own.contains("60.90") && !own.contains("67.52"),
        "{own}"
    );
    let number = payout.rsplit('/').next().unwrap();
    let phone = walk.enter_phone(of("f2")).await;
    assert_eq!(walk.takes(&phone, &format!("/farmer/payouts/{number}/received"), "").await, "/farmer/payouts");
    assert!(walk.page(payout).await.contains("2026-11-20 收到"));
    walk.is_sound("confirmed").await;
}

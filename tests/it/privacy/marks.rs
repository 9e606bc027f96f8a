//! Marked buyers go in by every way there is, and are looked for in everything that comes out.

use super::marking::{Kind, Marks, Mood, Road};
use super::search::{WORD, everywhere};
use crate::program::Program;
use red_anchor::clock::Clock;
use red_anchor::domain::calendar::parse_day;
use red_anchor::sandbox::{Running, SandboxConfig, serve};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

const TODAY: &str = "2024-01-20";
const SINCE: &str = "2024-01-08";

async fn sandbox() -> Running {
    let config = SandboxConfig {
        seed: 7,
        scale: "0.05".parse().unwrap(),
        clock: Clock::at_end_of(parse_day(TODAY).unwrap()),
        faults: "malformed,unknown-status,partial-refund".parse().unwrap(),
        listen: "127.0.0.1:0".parse().unwrap(),
    };
    serve(config).await.unwrap()
}

/// A connection that stays: while it does, the program leaves its log beside the file.
async fn bystander(program: &Program) -> SqliteConnection {
    let mut db = SqliteConnectOptions::new().filename(program.database()).connect().await.unwrap();
    sqlx::query("select count(*) from county").execute(&mut db).await.unwrap();
    db
}

/// A Tmall export as merchants really save it: more columns than asked for, full addresses, notes, rows that slipped.
fn tmall_file(marks: &Marks) -> String {
    let mut text = String::from(
        "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额,买家会员名,收货人姓名,联系手机,买家留言,商家备注\n",
    );
    for n in 0..40 {
        let province = ["江西省", "上海", "广东省广州市"][n % 3];
        let personal = [Kind::Nickname, Kind::Name, Kind::Phone, Kind::Note, Kind::Note].map(|kind| marks.next(kind));
        text.extend([format!(
            "69170000000000{n:05},38.00,30.00,{province}{},2024-01-10 10:00:00,2024-01-10 10:05:00,8.00,{}\n",
            marks.next(Kind::Address),
            personal.join(",")
        )]);
    }
    // columns slipped: an address with commas, a name where the number should be, a phone where an amount should be
    let mark = |kind| marks.next(kind);
    let slipped = [
        format!(
            "6917000000000090001,38.00,30.00,{},{},2024-01-10 10:00:00,8.00",
            mark(Kind::Address),
            mark(Kind::Address)
        ),
        format!("{},{},38.00,上海,2024-01-10 10:00:00,2024-01-10 10:05:00,0", mark(Kind::Name), mark(Kind::Phone)),
        format!("{},38.00,38.00,上海,2024-01-10 10:00:00,2024-01-10 10:05:00,0", mark(Kind::Phone)),
        format!("6917000000000090004,{},38.00,上海,2024-01-10 10:00:00,,0", mark(Kind::Note)),
        format!("6917000000000090005,38.00,38.00,上海,{},{},0", mark(Kind::Name), mark(Kind::Phone)),
        format!("6917000000000090006,38.00,38.00,上海,2024-01-10 10:00:00,2024-01-10 10:05:00,{}", mark(Kind::Note)),
        format!("6917000000000090007,9.00,38.00,{},2024-01-10 10:00:00,2024-01-10 10:05:00,0", mark(Kind::Address)),
    ];
    text.push_str(&slipped.join("\n"));
    text.push('\n');
    text
}

/// Reads everything the program shows.
fn read_all(program: &Program) {
    for call in [
        &["figures", "--by", "day", "--format", "json"][..],
        &["lines", "--format", "json"],
        &["verify"],
        &["audit", "--format", "json"],
        &["doctor"],
    ] {
        program.must(call, &[]);
    }
    let lines = program.must(&["lines", "--format", "json"], &[]).out;
    let lines: serde_json::Value = serde_json::from_str(&lines).unwrap();
    for line in lines["rows"].as_array().unwrap().iter().step_by(40) {
        let line_no = line["line_no"].as_str().unwrap();
        let traced = ["s1", "s2"].map(|shop| program.run(&["trace", shop, line_no], &[]).code);
        assert!(traced.contains(&0), "{line_no} of one of the shops is traced");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nothing_a_source_says_of_a_buyer_is_left_anywhere() {
    let sandbox = sandbox().await;
    let app = sandbox.apps[0].clone();
    let keys = [("RED_ANCHOR_APP_KEY", app.app_key.as_str()), ("RED_ANCHOR_APP_SECRET", app.app_secret.as_str())];
    let program = Program::on(TODAY);
    program.must(&["init", "--county", "360827"], &[]);
    let number = ["--platform-shop-id", &app.platform_shop_id];
    program.must(&[&["shop", "add", "s1", "--platform", "douyin", "--name", "示范店"][..], &number].concat(), &[]);
    program.must(&["shop", "add", "s2", "--platform", "taobao", "--name", "示范店二"], &[]);
    let bystander = bystander(&program).await;

    // answers that are no answers, then the real ones, twice
    let mut planted = 0;
    for (mood, code) in [(Mood::Torn, 2), (Mood::Broken, 2), (Mood::Refused, 2), (Mood::Marked, 0), (Mood::Marked, 0)] {
        let road = Road::to(&sandbox.endpoint, mood).await;
        let pull = ["pull", "--endpoint", &road.endpoint, "--since", SINCE];
        let done = program.run(&pull, &keys);
        let tail: String = done.err.lines().rev().take(12).collect::<Vec<_>>().join("\n");
        assert_eq!(done.code, code, "{mood:?}: {tail}");
        planted += road.marks();
    }

    let marks = Marks::default();
    let good = program.write("report.csv", tmall_file(&marks));
    let import = ["import", "orders", &good, "--shop", "s2", "--profile", "tmall"];
    program.must(&[&import[..], &["--dry-run"]].concat(), &[]);
    program.must(&import, &[]);
    let head = "订单编号,总金额,买家实际支付金额,收货地址,订单创建时间,订单付款时间,退款金额\n";
    let row = format!("{},{},1,上海,2024-01-10 10:00:00,,0\n", marks.next(Kind::Name), marks.next(Kind::Phone));
    let bad = program.write("bad.csv", format!("{head}{row}"));
    assert_eq!(program.run(&["import", "orders", &bad, "--shop", "s2", "--profile", "tmall"], &[]).code, 2);
    let other = program.write("other.csv", format!("{},{}\n{row}", marks.next(Kind::Name), marks.next(Kind::Note)));
    assert_eq!(program.run(&["import", "orders", &other, "--shop", "s2", "--profile", "tmall"], &[]).code, 2);
    planted += marks.count();
    read_all(&program);

    let (orders, quarantined, hashes): (i64, i64, i64) = counts(&program).await;
    assert!(orders > 60 && quarantined > 7 && hashes > 20, "{orders} orders, {quarantined} set aside, {hashes} hashes");
    let found = everywhere(&program).await;
    println!(
        "{planted} marks planted, {} files, {} blobs and {} bytes of output searched, {} found",
        found.files,
        found.blobs,
        program.said().len(),
        found.marks.len()
    );
    assert!(planted > 1_000 && found.files >= 3 && found.blobs > 3 && found.log_bytes > 100_000, "{found:?}");
    assert!(found.marks.is_empty(), "{:#?}", found.marks);

    // the search finds a mark wherever one is: in a column, in a blob, in what was said
    let mut db = bystander;
    let blob = zstd::encode_all(format!("{{\"title\":\"{WORD}控制B\"}}").as_bytes(), 3).unwrap();
    for sql in [
        "update sales_order set province = '漏标控制A' where rowid = (select min(rowid) from sales_order)",
        "update evidence_blob set content = $1 where rowid = (select min(rowid) from evidence_blob)",
    ] {
        sqlx::query(sql).bind(&blob).execute(&mut db).await.unwrap();
    }
    program.run(&["pull", "--shop", &format!("{WORD}控制C")], &keys);
    let found = everywhere(&program).await.marks;
    // in the file or in its log, whichever the engine has it in by now
    for (place, mark) in [("county.db", "A"), ("evidence_blob", "B"), ("what was said", "C")] {
        let mark = format!("{WORD}控制{mark}");
        assert!(
            found.iter().any(|(p, m)| p.starts_with(place) && m.starts_with(&mark)),
            "{mark} in {place}: {found:?}"
        );
    }
    db.close().await.unwrap();
}

/// Orders, records set aside, orders with a buyer hash.
async fn counts(program: &Program) -> (i64, i64, i64) {
    let mut db = SqliteConnectOptions::new().filename(program.database()).connect().await.unwrap();
    let mut count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut db).await.unwrap();
    (
        count("select count(*) from sales_order").await,
        count("select count(*) from quarantine").await,
        count("select count(*) from sales_order where buyer_hash <> ''").await,
    )
}

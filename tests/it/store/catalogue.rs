//! The keys as PostgreSQL knows them: `county_code` comes first in every key of county data, so that counties never mix
//! and the schema distributes by county; the big tables have no foreign keys.

use super::engines::fresh_postgres_url;
use red_anchor::store::{Missing, Store};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

/// Reference and control tables, and sqlx's own list of migrations.
const NOT_COUNTY_DATA: [&str; 10] = [
    "region",
    "platform",
    "shop_route",
    "account",
    "account_role",
    "sign_in_link",
    "session",
    "sign_in_failure",
    "export_count",
    "_sqlx_migrations",
];
/// Their rows are too many to pay for foreign keys; verify checks what those would.
const WITHOUT_FOREIGN_KEYS: [&str; 2] = ["order_line", "ledger_entry"];

/// Table, kind (p, u or f), name, the referred table, and the columns of every constraint that is a key.
type Constraint = (String, String, String, Option<String>, Vec<String>);

async fn keys() -> Vec<Constraint> {
    let url = fresh_postgres_url().await;
    Store::open(&url, Missing::Create).await.expect("a database").close().await;
    let mut db = PgConnection::connect(&url).await.expect("a connection");
    sqlx::query_as(
        "select t.relname::text, c.contype::text, c.conname::text, f.relname::text,
            array(select a.attname::text from unnest(c.conkey) with ordinality k(attnum, place)
                  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.place)
         from pg_constraint c join pg_class t on t.oid = c.conrelid left join pg_class f on f.oid = c.confrelid
         where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f')",
    )
    .fetch_all(&mut db)
    .await
    .expect("the catalogue")
}

#[tokio::test]
async fn the_county_comes_first_in_every_key_of_county_data() {
    let keys = keys().await;
    let refers_to_reference = |to: &Option<String>| to.as_deref().is_some_and(|to| NOT_COUNTY_DATA.contains(&to));
    let broken: Vec<&Constraint> = keys
        .iter()
        .filter(|(table, _, _, to, columns)| {
            !NOT_COUNTY_DATA.contains(&table.as_str()) && !refers_to_reference(to) && columns[0] != "county_code"
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let count = |kind: &str| keys.iter().filter(|(_, k, ..)| k == kind).count();
    assert!(count("p") > 35 && count("u") > 10 && count("f") > 30, "{} {} {}", count("p"), count("u"), count("f"));
}

#[tokio::test]
async fn the_big_tables_have_no_foreign_keys() {
    let broken: Vec<Constraint> = keys()
        .await
        .into_iter()
        .filter(|(table, kind, ..)| kind == "f" && WITHOUT_FOREIGN_KEYS.contains(&table.as_str()))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

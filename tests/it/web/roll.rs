//! Households taken in from a list, one added in a form, one corrected.

use super::client::{enter, get, submit, upload};
use super::seed::{VILLAGE, county, past_the_seeds_numbers, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::ledger::book::Category;
use red_anchor::services::{farmers as asked_for, verify};
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::people::{self, Farmer};
use red_anchor::store::{consents, roll, slips, take_ids};
use red_anchor::web::AppState;

const LIST: &str = "乡镇,行政村,户主姓名,手机号码,类别,认定日期,同意日期,合作社\n\
    雩田镇,雩田村,示例（删）,,,,,\n\
    雩田镇,雩田村,何示范,13800000099,脱贫户,2021/1/1,2026-01-05,示范合作社\n\
    雩田镇,雩田村,陈示范,13800000042,,,,\n\
    雩田镇,没有村,王示范,,,,,\n\
    雩田镇,雩田村,刘示范,,监测户,2021-01-01,,\n";

async fn named(app: &AppState, name: &str) -> Vec<Farmer> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let mut found = people::list_farmers(&mut session).await.unwrap();
    found.retain(|f| f.name == name);
    found
}

/// A form as a browser sends it.
fn form<T: AsRef<str>>(fields: &[(T, T)]) -> String {
    let encoded = |text: &str| text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"));
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name.as_ref()), encoded(value.as_ref())));
    pairs.collect::<Vec<_>>().join("&")
}

/// The seed's households are numbered by hand.
async fn past_the_seed(app: &AppState) {
    past_the_seeds_numbers(app).await;
    let mut session = app.store.write(county()).await.unwrap();
    take_ids(&mut session, "farmer", 10).await.unwrap();
    session.commit().await.unwrap();
}

/// Reads a page's form back: what a browser would send of it.
fn sent(page: &str, choices: &[(&str, &str)]) -> String {
    let shown = page.split("<form method=\"post\" action=\"/branch/households\">").nth(1).unwrap();
    let shown = shown.split("</form>").next().unwrap();
    let mut choices = choices.iter();
    let mut fields = Vec::new();
    for tag in shown.split('<') {
        let of = |name: &str| tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        if tag.starts_with("input") {
            fields.push((of("name").unwrap().to_owned(), of("value").unwrap().to_owned()));
        } else if tag.starts_with("select") {
            let (name, value) = choices.next().unwrap();
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    form(&fields)
}

#[tokio::test]
async fn a_list_is_shown_and_taken_in_as_chosen_in_one_unit_of_work() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter(app, Role::Branch).await;
    let preview = |list: &'static str| {
        let (app, staff) = (app.clone(), staff.clone());
        async move {
            upload(&app, "/branch/households/list", &staff, &[("list", Some("h.csv"), list.as_bytes())]).await.body
        }
    };
    let page = preview(LIST).await;
    assert!(page.contains("共 4 行：新的 1 户，像是已有的 1 户，有错的 2 行"), "{page}");
    assert!(
        page.contains("同村同名：陈* f1") && page.contains("没有这个村") && page.contains("脱贫不稳定户、边缘易致贫户"),
        "{page}"
    );
    assert!(!page.contains("示例"), "the example is no household");
    assert_eq!(named(app, "何示范").await, [], "looking changed nothing");

    let done = submit(app, "/branch/households", &staff, &sent(&page, &[("choice", "update")])).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let new = named(app, "何示范").await;
    assert_eq!((new.len(), new[0].village_code.as_str(), new[0].farmer_key.as_str()), (1, VILLAGE, "h0001"));
    let id = new[0].farmer_id;
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let categories = people::list_categories_of(&mut session, &[id]).await.unwrap();
    assert_eq!((categories.len(), categories[0].category.as_str()), (1, Category::Lifted.key()));
    let agreed = consents::list_of(&mut session, &[id]).await.unwrap();
    assert_eq!((agreed.len(), agreed[0].kind.as_str()), (1, "records"));
    assert_eq!(roll::list_memberships(&mut session, &[id]).await.unwrap()[0].operator_id, 1);
    assert!(slips::list_phones(&mut session).await.unwrap().iter().any(|(farmer_id, _)| *farmer_id == id));
    // one row of the trail, and nothing of a person in it
    let trail =
        audit::list(&mut session, &Sought { noun: Some("farmer".into()), ..Sought::default() }, 1).await.unwrap();
    let told: Vec<_> = trail.iter().filter(|row| row.verb == "import").collect();
    assert_eq!(told.len(), 1);
    let words = format!("{} {}", told[0].before, told[0].after);
    for personal in ["何示范", "陈示范", "13800000099", "0099", "lifted"] {
        assert!(!words.contains(personal), "{words}");
    }
    assert!(verify::verify(&mut session).await.unwrap().is_clean());
    drop(session);

    // the same list again: both are recognised by the phone now, and left alone unless somebody says otherwise
    let page = preview(LIST).await;
    assert!(
        page.contains("像是已有的 2 户")
            && page.contains("手机和 何* h0001 相同")
            && page.contains("手机和 陈* f1 相同"),
        "{page}"
    );
    let done = submit(app, "/branch/households", &staff, &sent(&page, &[("choice", "skip"), ("choice", "skip")])).await;
    assert_eq!((done.status, named(app, "何示范").await.len()), (StatusCode::OK, 1));
    let done = submit(app, "/branch/households", &staff, &sent(&page, &[("choice", "new"), ("choice", "skip")])).await;
    assert_eq!(
        (done.status, named(app, "何示范").await.len()),
        (StatusCode::OK, 2),
        "another household of the same phone"
    );
}

#[tokio::test]
async fn a_forgotten_household_is_not_brought_back_by_a_list() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter(app, Role::Branch).await;
    let list = "编号,姓名,村,手机\nf1,陈示范,雩田村,13800000042\n";
    let files: [super::client::Part<'_>; 1] = [("list", Some("h.csv"), list.as_bytes())];
    asked_for::anonymise(&app.store, county(), &Actor::command_line(), &app.clock, "f1", "本人要求").await.unwrap();
    let page = upload(app, "/branch/households/list", &staff, &files).await.body;
    let done = submit(app, "/branch/households", &staff, &sent(&page, &[("choice", "update")])).await;
    assert_eq!((done.status, named(app, "陈示范").await), (StatusCode::OK, vec![]));
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    assert!(roll::list_known(&mut session).await.unwrap().iter().all(|k| k.mark.is_empty()));
}

#[tokio::test]
async fn one_household_is_added_and_corrected_and_the_blank_list_is_handed_out() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seed(app).await;
    let staff = enter(app, Role::Branch).await;
    let wrong = form(&[("row", "1"), ("name", "周示范"), ("village", "没有村")]);
    let page = submit(app, "/branch/households", &staff, &wrong).await.body;
    assert!(page.contains("没有这个村") && page.contains("周示范"), "what was typed stays");
    let alike = form(&[("row", "1"), ("name", "李示范"), ("village", VILLAGE)]);
    assert!(submit(app, "/branch/households", &staff, &alike).await.body.contains("同村同名"));
    let right = form(&[("row", "1"), ("name", "周示范"), ("village", "雩田村"), ("phone", "0077")]);
    let answer = submit(app, "/branch/households", &staff, &right).await;
    let id = named(app, "周示范").await[0].farmer_id;
    assert_eq!(answer.header(header::LOCATION), format!("/branch/households/{id}"));

    let change =
        form(&[("name", "周改名"), ("category", "unstable"), ("category_from", "2022-01-01"), ("operator", "op")]);
    // what its form does not ask is not taken
    let change = format!("{change}&{}", form(&[("consent_on", "2026-01-05"), ("key", "zz")]));
    let path = format!("/branch/households/{id}/change");
    assert_eq!(submit(app, &path, &staff, &change).await.header(header::LOCATION), format!("/branch/households/{id}"));
    let earlier = form(&[("category", "lifted"), ("category_from", "2020-01-01")]);
    submit(app, &path, &staff, &earlier).await;
    let page = get(app, &format!("/branch/households/{id}"), &staff).await.body;
    assert!(
        page.contains("脱贫不稳定户") && page.contains("2022-01-01 起") && page.contains("2020-01-01 到 2021-12-31"),
        "{page}"
    );
    assert!(
        page.contains("示范合作社，2026-02-25 起") && !page.contains("周改名"),
        "a screen shows the family name only"
    );
    let changed = named(app, "周改名").await;
    assert_eq!((changed.len(), named(app, "周示范").await.len()), (1, 0));
    assert_ne!(changed[0].farmer_key, "zz");
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(consents::list_of(&mut session, &[id]).await.unwrap(), []);
    drop(session);
    assert!(submit(app, &path, &staff, &form(&[("phone", "12")])).await.body.contains("手机要写整个号码"));

    let blank = get(app, "/branch/households/blank", &staff).await;
    let files: [super::client::Part<'_>; 1] = [("list", Some("households.xlsx"), &blank.bytes)];
    let read = upload(app, "/branch/households/list", &staff, &files).await;
    assert!(read.status == StatusCode::UNPROCESSABLE_ENTITY, "its example is no household: {}", read.body);
    for role in [Role::Official, Role::Auditor, Role::Anchor, Role::VillageContact] {
        let cookie = enter(app, role).await;
        assert_eq!(get(app, "/branch/households/new", &cookie).await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
}

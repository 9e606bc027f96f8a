//! How households are recognised, and whose members they are.

use super::people::farmer;
use crate::audit::any_change;
use crate::store::contract::{Place, day};
use red_anchor::domain::roll::Known;
use red_anchor::store::goods::{self, Operator};
use red_anchor::store::people;
use red_anchor::store::roll::{self, Membership};

pub async fn households_are_recognised_and_joined(place: &Place) {
    let mut work = place.work().await;
    people::upsert_farmers(&mut work, &[farmer(4), farmer(5)]).await.unwrap();
    roll::upsert_marks(&mut work, &[(4, "甲".into()), (5, "乙".into())]).await.unwrap();
    roll::upsert_marks(&mut work, &[(5, "丙".into())]).await.unwrap();
    let known = |farmer_id, mark: &str| {
        let f = farmer(farmer_id);
        Known { farmer_id, key: f.farmer_key, name: f.name, village: f.village_code, mark: mark.into() }
    };
    assert_eq!(roll::list_known(&mut work).await.unwrap(), [known(4, "甲"), known(5, "丙")]);
    roll::remove_marks(&mut work, &[4]).await.unwrap();
    assert_eq!(roll::list_known(&mut work).await.unwrap()[0], known(4, ""));

    let operator = |operator_id| Operator {
        operator_id,
        operator_key: format!("o{operator_id}"),
        name: "合作社".into(),
        phone: String::new(),
        pays_on_day: 0,
    };
    goods::upsert_operators(&mut work, &[operator(1), operator(2)]).await.unwrap();
    let member = |farmer_id, from: &str, operator_id| Membership { farmer_id, from_on: day(from), operator_id };
    let rows = [member(4, "2025-01-01", 1), member(4, "2026-01-01", 1), member(5, "2026-01-01", 1)];
    roll::upsert_memberships(&mut work, &rows).await.unwrap();
    roll::upsert_memberships(&mut work, &[member(4, "2026-01-01", 2)]).await.unwrap();
    let expected = [member(4, "2026-01-01", 2), member(4, "2025-01-01", 1)];
    assert_eq!(roll::list_memberships(&mut work, &[4]).await.unwrap(), expected);
    assert_eq!(roll::list_memberships(&mut work, &[]).await.unwrap(), []);
    work.commit(&any_change()).await.unwrap();
}

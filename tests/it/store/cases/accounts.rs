//! Accounts and grants, links, sessions, failures, slips: what people and devices get in by.

use super::people::farmer;
use crate::store::contract::{Place, instant};
use red_anchor::domain::access::{Grant, Role, Scope};
use red_anchor::domain::guessing::{Counted, Kind as Counting};
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::access::{self, Look, Noun, Seen};
use red_anchor::store::accounts::SealedTotp;
use red_anchor::store::links::{self, Holder, Kind};
use red_anchor::store::sessions::{self, Login};
use red_anchor::store::slips::{self, Household, NewSlip, OnDevice, Slip};
use red_anchor::store::{Session, accounts, exports, failures, people};

async fn write(place: &Place) -> Session {
    place.store.write(place.code).await.unwrap()
}

fn official(place: &Place) -> Grant {
    Grant::new(Role::Official, place.code, 0).unwrap()
}

async fn account(place: &Place, name: &str) -> i64 {
    let mut session = write(place).await;
    let id = accounts::insert(&mut session, &format!("{name}-{}", place.code), "陈支书", instant(0)).await.unwrap();
    session.commit().await.unwrap();
    id
}

pub async fn accounts_and_grants(place: &Place) {
    let (first, second) = (account(place, "a").await, account(place, "b").await);
    assert!(second > first);
    let mut session = write(place).await;
    accounts::set_password(&mut session, first, "散列").await.unwrap();
    let step = SealedTotp { key_id: "k1", sealed: &[7; 20] };
    accounts::set_totp(&mut session, first, Some(step)).await.unwrap();
    assert!(accounts::take_totp_step(&mut session, first, 9).await.unwrap());
    assert!(!accounts::take_totp_step(&mut session, first, 9).await.unwrap(), "a step is taken once");
    let resealed = SealedTotp { key_id: "k2", sealed: &[8; 20] };
    accounts::reseal_totp(&mut session, first, resealed).await.unwrap();
    accounts::set_disabled(&mut session, second, Some(instant(3))).await.unwrap();
    let above = Grant::new(Role::Auditor, place.code.ancestor(4), 0).unwrap();
    for grant in [above, official(place), official(place)] {
        accounts::insert_grant(&mut session, first, &grant, instant(1)).await.unwrap();
    }
    let all = accounts::list(&mut session).await.unwrap();
    assert_eq!(all.iter().map(|a| a.account_id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(accounts::list_all_grants(&mut session).await.unwrap(), [(first, official(place)), (first, above)]);
    assert_eq!(accounts::find(&mut session, second).await.unwrap().unwrap().disabled_at, Some(instant(3)));
    session.commit().await.unwrap();

    let found = accounts::find_by_login(&place.store, &format!("a-{}", place.code)).await.unwrap().unwrap();
    assert_eq!((found.display_name.as_str(), found.password_hash.as_deref()), ("陈支书", Some("散列")));
    assert_eq!((found.totp_secret.clone(), found.totp_step, found.created_at), (Some(vec![8; 20]), 9, instant(0)));
    assert_eq!(found.totp_key_id.as_deref(), Some("k2"));
    assert!(!format!("{found:?}").contains("散列"), "a hash is not for logs");
    assert_eq!(accounts::find_signed_in(&place.store, first).await.unwrap(), Some(found));
    assert_eq!(accounts::list_grants(&place.store, first).await.unwrap(), [official(place), above]);
    let mut session = write(place).await;
    accounts::remove_grant(&mut session, first, &above).await.unwrap();
    accounts::set_disabled(&mut session, second, None).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(accounts::list_grants(&place.store, first).await.unwrap(), [official(place)]);
    let elsewhere = Scope::County(RegionCode::parse("110101").unwrap());
    let mut other = place.store.read(elsewhere).await.unwrap();
    assert_eq!(accounts::find(&mut other, first).await.unwrap(), None, "another county does not keep it");
    assert!(accounts::list(&mut other).await.unwrap().is_empty());
}

pub async fn an_account_is_found_by_the_name_of_its_county(place: &Place) {
    let account_id = account(place, "named").await;
    let name = format!("named-{}", place.code);
    let found = accounts::find_named(&mut place.read().await, &name).await.unwrap();
    assert_eq!(found.map(|a| a.account_id), Some(account_id));
    assert_eq!(accounts::find_named(&mut place.read().await, "named").await.unwrap(), None);
    let elsewhere = Scope::County(RegionCode::parse("110101").unwrap());
    let mut other = place.store.read(elsewhere).await.unwrap();
    assert_eq!(accounts::find_named(&mut other, &name).await.unwrap(), None, "another county does not keep it");
}

pub async fn a_link_is_redeemed_once(place: &Place) {
    let account_id = account(place, "link").await;
    let (store, hash) = (&place.store, format!("hash-{}", place.code));
    let holder = Holder {
        account_id,
        county_code: place.code.to_string(),
        role: "official".into(),
        region_code: place.code.to_string(),
        subject_id: 0,
    };
    let mut session = write(place).await;
    links::insert(&mut session, Kind::Enter, &hash, &holder, instant(0), instant(60)).await.unwrap();
    let password = format!("password-{}", place.code);
    links::insert(&mut session, Kind::Password, &password, &holder, instant(0), instant(60)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(links::find(store, Kind::Enter, &hash, instant(59)).await.unwrap(), Some(holder.clone()));
    assert_eq!(links::find(store, Kind::Enter, &hash, instant(60)).await.unwrap(), None);
    assert_eq!(links::find(store, Kind::Password, &hash, instant(5)).await.unwrap(), None);
    let mut session = write(place).await;
    assert!(!links::redeem(&mut session, Kind::Enter, &hash, instant(60)).await.unwrap());
    assert!(links::redeem(&mut session, Kind::Enter, &hash, instant(5)).await.unwrap());
    assert!(!links::redeem(&mut session, Kind::Enter, &hash, instant(5)).await.unwrap());
    links::expire_password_links(&mut session, account_id, instant(6)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(links::find(store, Kind::Password, &password, instant(7)).await.unwrap(), None);
}

fn login(place: &Place, account_id: i64) -> Login {
    Login {
        session_id: format!("s-{}-{account_id}", place.code),
        account_id,
        login_name: String::new(),
        display_name: String::new(),
        county_code: place.code.to_string(),
        role: "official".into(),
        region_code: place.code.to_string(),
        subject_id: 0,
        started_from: "10.0.0.1".into(),
        agent: "浏览器".into(),
        created_at: instant(0),
        seen_at: instant(0),
        expires_at: instant(99),
    }
}

pub async fn a_session_stands_while_its_grant_does(place: &Place) {
    let account_id = account(place, "session").await;
    let (store, hash, turned) = (&place.store, format!("t-{}", place.code), format!("u-{}", place.code));
    let mut session = write(place).await;
    accounts::insert_grant(&mut session, account_id, &official(place), instant(0)).await.unwrap();
    sessions::insert(&mut session, &hash, &login(place, account_id)).await.unwrap();
    session.commit().await.unwrap();
    let found = sessions::find(store, &hash, instant(98)).await.unwrap().unwrap();
    assert_eq!((found.login_name.as_str(), found.agent.as_str()), (&*format!("session-{}", place.code), "浏览器"));
    assert_eq!(sessions::find(store, &hash, instant(99)).await.unwrap(), None);
    sessions::touch(store, &found.session_id, instant(7)).await.unwrap();
    let listed = sessions::list_of_account(store, account_id, instant(9)).await.unwrap();
    assert_eq!(listed.iter().map(|l| l.seen_at).collect::<Vec<_>>(), [instant(7)]);

    let mut session = write(place).await;
    sessions::rotate(&mut session, &turned, &found).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(sessions::find(store, &hash, instant(9)).await.unwrap(), None);
    assert!(sessions::find(store, &turned, instant(9)).await.unwrap().is_some());
    let mut session = write(place).await;
    accounts::remove_grant(&mut session, account_id, &official(place)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(sessions::find(store, &turned, instant(9)).await.unwrap(), None, "the grant is gone");
    let mut session = write(place).await;
    accounts::insert_grant(&mut session, account_id, &official(place), instant(0)).await.unwrap();
    accounts::set_disabled(&mut session, account_id, Some(instant(1))).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(sessions::find(store, &turned, instant(9)).await.unwrap(), None, "the account is disabled");

    let count = async || sessions::list_of_account(store, account_id, instant(9)).await.unwrap().len();
    let mut session = write(place).await;
    sessions::remove_of_account(&mut session, account_id, &found.session_id).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(count().await, 1);
    let mut session = write(place).await;
    assert!(!sessions::remove_one(&mut session, account_id + 1, &found.session_id).await.unwrap());
    sessions::remove_expired(&mut session, instant(50)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(count().await, 1, "neither another's nor expired");
    let mut session = write(place).await;
    sessions::remove(&mut session, &turned).await.unwrap();
    sessions::insert(&mut session, &hash, &login(place, account_id)).await.unwrap();
    assert!(sessions::remove_one(&mut session, account_id, &found.session_id).await.unwrap());
    session.commit().await.unwrap();
    assert_eq!(count().await, 0);
}

pub async fn failures_are_counted_and_forgotten(place: &Place) {
    let (store, key) = (&place.store, format!("k-{}", place.code));
    assert_eq!(failures::find(store, Counting::Pair, &key).await.unwrap(), Counted::default());
    assert_eq!(failures::add(store, Counting::Pair, &key, instant(1)).await.unwrap(), 1);
    assert_eq!(failures::add(store, Counting::Pair, &key, instant(2)).await.unwrap(), 2);
    let counted = Counted { failures: 2, failed_at: Some(instant(2)), succeeded: false };
    assert_eq!(failures::find(store, Counting::Pair, &key).await.unwrap(), counted);
    assert_eq!(failures::find(store, Counting::Address, &key).await.unwrap(), Counted::default());
    failures::clear(store, Counting::Pair, &key, instant(3)).await.unwrap();
    assert_eq!(failures::find(store, Counting::Pair, &key).await.unwrap().failures, 0);
    failures::add(store, Counting::Address, &key, instant(4)).await.unwrap();
    failures::remove_before(store, instant(5)).await.unwrap();
    assert_eq!(failures::find(store, Counting::Address, &key).await.unwrap(), Counted::default());
    assert!(failures::find(store, Counting::Pair, &key).await.unwrap().succeeded, "a success is remembered");
}

pub async fn exports_are_counted_by_the_hour(place: &Place) {
    let account_id = account(place, "exports").await;
    let mut session = write(place).await;
    let hour = |seconds: i64| instant(seconds - 3_600);
    let mut count =
        async |seconds| exports::count_one(&mut session, account_id, instant(seconds), hour(seconds)).await.unwrap();
    assert_eq!(count(0).await, (1, instant(0)));
    assert_eq!(count(3_599).await, (2, instant(0)));
    assert_eq!(count(3_600).await, (1, instant(3_600)), "a new hour");
    assert_eq!(count(3_601).await, (2, instant(3_600)));
}

pub async fn slips_let_devices_in(place: &Place) {
    let store = &place.store;
    let token = |n: i64| format!("slip-{}-{n}", place.code);
    let village = format!("{}100215", place.code);
    let mut session = write(place).await;
    let household = people::Farmer { village_code: village.clone(), ..farmer(4) };
    people::upsert_farmers(&mut session, std::slice::from_ref(&household)).await.unwrap();
    slips::upsert_phones(&mut session, &[(4, "旧".into())]).await.unwrap();
    slips::upsert_phones(&mut session, &[(4, "散列".into())]).await.unwrap();
    assert_eq!(slips::list_phones(&mut session).await.unwrap(), [(4, "散列".to_owned())]);
    let new = |slip_id: i64| NewSlip { slip_id, farmer_id: 4, token_hash: token(slip_id) };
    slips::insert(&mut session, &[new(1)], "陈", instant(0)).await.unwrap();
    session.commit().await.unwrap();
    let slip = |wrong_digits: i64| Slip {
        county_code: place.code.to_string(),
        slip_id: 1,
        farmer_id: 4,
        farmer_name: household.name.clone(),
        wrong_digits,
        last4_hash: Some("散列".into()),
    };
    assert_eq!(slips::find(store, &token(1)).await.unwrap(), Some(slip(0)));
    for guess in 1..=5 {
        assert_eq!(slips::take_guess(store, place.code, 1).await.unwrap(), Some(guess));
    }
    assert_eq!(slips::take_guess(store, place.code, 1).await.unwrap(), None);
    let device = Login { account_id: 0, role: "farmer".into(), subject_id: 4, ..login(place, 0) };
    let mut session = write(place).await;
    slips::clear_guesses(&mut session, 1).await.unwrap();
    sessions::insert(&mut session, &token(100), &device).await.unwrap();
    slips::insert_device(&mut session, &device.session_id, 1).await.unwrap();
    slips::insert_device(&mut session, &device.session_id, 1).await.unwrap();
    let listed = Household {
        farmer_id: 4,
        farmer_key: household.farmer_key.clone(),
        name: household.name.clone(),
        village_code: village.clone(),
        has_phone: true,
        issued_at: Some(instant(0)),
        wrong_digits: 0,
        devices: 1,
    };
    assert_eq!(slips::list_households(&mut session, place.code).await.unwrap(), [listed]);
    session.commit().await.unwrap();
    let held = OnDevice {
        county_code: place.code.to_string(),
        slip_id: 1,
        farmer_id: 4,
        name: household.name.clone(),
        village_code: village,
    };
    assert_eq!(slips::list_on_device(store, &device.session_id).await.unwrap(), [held]);
    assert!(sessions::find(store, &token(100), instant(9)).await.unwrap().is_some());

    let mut session = write(place).await;
    slips::insert(&mut session, &[new(2)], "陈", instant(1)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(slips::find(store, &token(1)).await.unwrap(), None, "a newer slip took its place");
    assert_eq!(sessions::find(store, &token(100), instant(9)).await.unwrap(), None, "and its device is out");
    let mut session = write(place).await;
    slips::insert_device(&mut session, &device.session_id, 2).await.unwrap();
    slips::remove_device(&mut session, &device.session_id, 1).await.unwrap();
    session.commit().await.unwrap();
    assert!(sessions::find(store, &token(100), instant(9)).await.unwrap().is_some());
    let mut session = write(place).await;
    slips::revoke(&mut session, 4, instant(2)).await.unwrap();
    red_anchor::store::consents::upsert(&mut session, &[super::contact_consent(4)]).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(slips::list_on_device(store, &device.session_id).await.unwrap(), []);
}

pub async fn looks_are_logged_and_names_found(place: &Place) {
    let mut session = write(place).await;
    let look = Look { account_id: 3, role: "official", subject: "360827100", seen: Seen::Line(7) };
    access::insert_look(&mut session, look, instant(6)).await.unwrap();
    people::upsert_farmers(&mut session, &[farmer(4)]).await.unwrap();
    let name = access::find_name(&mut session, Noun::Farmer, "4").await.unwrap();
    assert_eq!(name, Some(farmer(4).name));
    assert_eq!(access::find_name(&mut session, Noun::Anchor, "4").await.unwrap(), None);
    let name = access::find_name(&mut session, Noun::Region, "36").await.unwrap();
    assert_eq!(name.as_deref(), Some("江西省"));
}

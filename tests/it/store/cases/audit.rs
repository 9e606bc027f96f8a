//! The audit trail.

use super::people::insert_anchors;
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Change, Field, Noun, Row, Verb};
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::Session;
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::{ladder, people};

async fn rows(session: &mut Session, sought: &Sought) -> Vec<Row> {
    let mut rows = Vec::new();
    audit::each(session, sought, |entry| rows.push(entry)).await.unwrap();
    rows
}

pub async fn rows_are_chained_counted_and_found(place: &Place) {
    // setting the county up was told first; another county's trail has not begun
    let elsewhere = Scope::County(RegionCode::parse("110101").unwrap());
    assert_eq!(audit::find_head(&mut place.store.read(elsewhere).await.unwrap()).await.unwrap(), None);
    let set_up = rows(&mut place.read().await, &Sought::default()).await.remove(0);
    assert_eq!(audit::find_head(&mut place.read().await).await.unwrap(), Some((1, set_up.hash.clone())));
    let change = Change::new(Verb::Lock, Noun::Month, "2026-01").after(Field::Reason, "两个\"理由\"");
    let work = place.work().await;
    let (batch_id, at) = (work.batch_id, work.at);
    work.commit(&change).await.unwrap();
    let person = Actor::account(7, "王干事", Role::Official, "203.0.113.9");
    let mut session = place.store.write(place.code).await.unwrap();
    let given = Change::new(Verb::Change, Noun::Shop, "s1").before(Field::Phone, "0796").after(Field::Phone, "");
    audit::append(&mut session, &person, instant(90), 0, &given).await.unwrap();
    session.commit().await.unwrap();

    let mut session = place.read().await;
    let all = rows(&mut session, &Sought::default()).await;
    let county = place.code.to_string();
    let first = Row::following(&county, (2, set_up.hash.clone()), &Actor::command_line(), at, batch_id, &change);
    let second = Row::following(&county, (3, first.hash.clone()), &person, instant(90), 0, &given);
    assert_eq!(all, [set_up.clone(), first.clone(), second.clone()]);
    assert_eq!((second.before.as_str(), second.after.as_str()), ("{\"phone\":\"changed\"}", ""));
    assert_eq!(audit::find_head(&mut session).await.unwrap(), Some((3, second.hash.clone())));
    assert_eq!(
        audit::list(&mut session, &Sought::default(), 1).await.unwrap(),
        [second.clone(), first.clone(), set_up]
    );
    assert_eq!(audit::list(&mut session, &Sought::default(), 2).await.unwrap(), []);
    assert_eq!(audit::list_actors(&mut session).await.unwrap(), ["command line", "王干事"]);
    let by = |actor: &str| Sought { actor: Some(actor.into()), ..Sought::default() };
    let of = |noun: &str, subject: &str| Sought {
        noun: Some(noun.into()),
        subject: Some(subject.into()),
        ..Sought::default()
    };
    let between = |from, before| Sought { from: Some(from), before: Some(before), ..Sought::default() };
    for (sought, expected) in [
        (by("王干事"), std::slice::from_ref(&second)),
        (by("nobody"), &[][..]),
        (of("month", "2026-01"), std::slice::from_ref(&first)),
        (of("month", "2026-02"), &[]),
        (between(instant(90), instant(91)), std::slice::from_ref(&second)),
        (between(instant(0), instant(90)), std::slice::from_ref(&first)),
    ] {
        assert_eq!(rows(&mut session, &sought).await, expected, "{sought:?}");
        assert_eq!(
            usize::try_from(audit::count(&mut session, &sought).await.unwrap()),
            Ok(expected.len()),
            "{sought:?}"
        );
    }
}

pub async fn rows_about_a_thing_are_counted_by_who_left_them(place: &Place) {
    let mut session = place.store.write(place.code).await.unwrap();
    let by = |id| Actor::account(id, "somebody", Role::BranchAdmin, "203.0.113.9");
    for (at, actor, noun, subject) in [
        (10, 7, Noun::Account, "3"),
        (20, 7, Noun::Account, "3"),
        (20, 8, Noun::Account, "3"),
        (20, 7, Noun::Shop, "3"),
    ] {
        audit::append(&mut session, &by(actor), instant(at), 0, &Change::new(Verb::Renew, noun, subject))
            .await
            .unwrap();
    }
    for (subject, account_id, from, expected) in
        [("3", 7, 10, 2), ("3", 7, 11, 1), ("3", 7, 21, 0), ("3", 8, 0, 1), ("3", 9, 0, 0), ("4", 7, 0, 0)]
    {
        let about = (Noun::Account, subject);
        let count = audit::count_about(&mut session, about, account_id, instant(from)).await.unwrap();
        assert_eq!(count, expected, "{subject} {account_id} {from}");
    }
    let parts = ["9", "9/1", "99"].map(|subject| Change::new(Verb::Change, Noun::Lot, subject));
    for part in &parts {
        audit::append(&mut session, &by(7), instant(30), 0, part).await.unwrap();
    }
    let sought = Sought { noun: Some("lot".into()), subject: Some("9".into()), ..Sought::default() };
    let found = audit::list_last(&mut session, &sought, 9).await.unwrap();
    assert_eq!(found.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["9/1", "9"], "it and its parts");
    assert_eq!(audit::list_last(&mut session, &sought, 1).await.unwrap().len(), 1);
    let lately = audit::list_lately(&mut session, Verb::Renew, Noun::Account, "3", 2).await.unwrap();
    assert_eq!(
        lately.iter().map(|row| (row.account_id, row.at)).collect::<Vec<_>>(),
        [(8, instant(20)), (7, instant(20))]
    );
    assert_eq!(audit::list_lately(&mut session, Verb::Add, Noun::Account, "3", 2).await.unwrap(), []);
}

pub async fn what_is_told_under_numbers_of_its_own_is_an_anchors_too(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    let anchors = people::list_anchors(&mut work).await.unwrap();
    let key = |id: i64| anchors.iter().find(|a| a.anchor_id == id).unwrap().anchor_key.clone();
    let step = |anchor_id: i64| ladder::NewStep {
        anchor_id,
        stage: "trainee",
        from_on: day("2026-01-01"),
        evidence: "证".into(),
        class_no: String::new(),
        certificate_no: String::new(),
        expires_on: None,
    };
    // numbers are a noun's own: step 7 is one's, violation 7 another's
    ladder::insert_step(&mut work, 7, &step(1)).await.unwrap();
    ladder::insert_step(&mut work, 8, &step(2)).await.unwrap();
    ladder::insert_violation(&mut work, 7, 2, day("2026-01-02"), "夸大").await.unwrap();
    ladder::insert_violation(&mut work, 9, 1, day("2026-01-02"), "迟到").await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut session = place.store.write(place.code).await.unwrap();
    let by = Actor::account(7, "somebody", Role::BranchAdmin, "203.0.113.9");
    for (noun, subject) in [
        (Noun::Anchor, key(1)),
        (Noun::LadderStep, "7".into()),
        (Noun::LadderStep, "8".into()),
        (Noun::Violation, "7".into()),
        (Noun::Violation, "9".into()),
        (Noun::Lot, "7".into()),
    ] {
        let change = Change::new(Verb::Change, noun, subject);
        audit::append(&mut session, &by, instant(10), 0, &change).await.unwrap();
    }
    for (anchor, expected) in [
        (1, vec![("anchor", key(1)), ("ladder_step", "7".into()), ("violation", "9".into())]),
        (2, vec![("ladder_step", "8".into()), ("violation", "7".into())]),
    ] {
        let sought = Sought { noun: Some("anchor".into()), subject: Some(key(anchor)), ..Sought::default() };
        let found = rows(&mut session, &sought).await;
        let found: Vec<(&str, String)> = found.iter().map(|row| (row.noun.as_str(), row.subject.clone())).collect();
        assert_eq!(found, expected, "anchor {anchor}");
        assert_eq!(usize::try_from(audit::count(&mut session, &sought).await.unwrap()), Ok(expected.len()));
        assert_eq!(audit::list(&mut session, &sought, 1).await.unwrap().len(), expected.len());
        let late = Sought { from: Some(instant(11)), ..sought };
        assert_eq!(audit::list_last(&mut session, &late, 9).await.unwrap(), [], "days choose among these too");
    }
    let sought = Sought { noun: Some("violation".into()), subject: Some(key(1)), ..Sought::default() };
    assert_eq!(rows(&mut session, &sought).await, [], "of an anchor only where an anchor is asked for");
}

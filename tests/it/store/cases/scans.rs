//! Signing in to a class by scanning: its code, who came by it, an anchor's own classes.

use super::people::insert_anchors;
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::access::Scope;
use red_anchor::store::people::{self, Module};
use red_anchor::store::scans::{self, Code, Planned, Scan};
use red_anchor::store::training::{self, Lesson, Seat};
use red_anchor::store::{StoreError, Work};

fn lesson(lesson_id: i64, on: &str) -> Lesson {
    Lesson {
        lesson_id,
        class_no: "一班".into(),
        module_id: 7,
        held_on: day(on),
        class_hours: 4,
        teacher: "老师".into(),
        place: "教室".into(),
        called_off_on: None,
        called_off_reason: String::new(),
    }
}

/// Both anchors are to be in the first class, the second one alone in the others.
async fn plan(work: &mut Work) {
    insert_anchors(work).await;
    let module = Module {
        module_id: 7,
        module_key: "rules".into(),
        name: "规则".into(),
        name_en: "rules".into(),
        class_hours: 8,
    };
    people::upsert_modules(work, &[module]).await.unwrap();
    let lessons = [lesson(1, "2026-02-01"), lesson(2, "2026-02-02"), lesson(3, "2026-02-03"), lesson(4, "2026-01-31")];
    training::insert_lessons(work, &lessons).await.unwrap();
    let off =
        Lesson { called_off_on: Some(day("2026-01-30")), called_off_reason: "x".into(), ..lesson(2, "2026-02-02") };
    training::update_lesson(work, &off).await.unwrap();
    let seat = |(lesson_id, anchor_id): (i64, i64)| Seat { lesson_id, anchor_id, attendance: "planned".into() };
    training::upsert_seats(work, &[(1, 1), (1, 2), (2, 2), (3, 2), (4, 2)].map(seat)).await.unwrap();
}

pub async fn a_class_is_signed_in_to_by_the_code_that_stands(place: &Place) {
    let mut work = place.work().await;
    plan(&mut work).await;
    let code = |code: &str, seconds: i64| Code { code: code.into(), opened_at: instant(seconds) };
    assert_eq!(scans::find_code(&mut work, 1).await.unwrap(), None);
    scans::upsert_code(&mut work, 1, &code("old", 1)).await.unwrap();
    scans::upsert_code(&mut work, 1, &code("new", 2)).await.unwrap();
    scans::upsert_code(&mut work, 3, &code("other", 3)).await.unwrap();
    assert_eq!(scans::find_code(&mut work, 1).await.unwrap(), Some(code("new", 2)));
    let scan = |anchor_id: i64, seconds: i64| Scan { anchor_id, scanned_at: instant(seconds) };
    for row in [scan(1, 9), scan(2, 8), scan(2, 10)] {
        scans::insert(&mut work, 1, &row).await.unwrap();
    }
    assert_eq!(scans::list(&mut work, 1).await.unwrap(), [scan(2, 8), scan(1, 9)], "the first time stays");
    let planned = |id: i64, on: &str, at: Option<i64>, code: Option<Code>| Planned {
        lesson: lesson(id, on),
        module_name: "规则".into(),
        module_name_en: "rules".into(),
        attendance: "planned".into(),
        scanned_at: at.map(instant),
        opened_at: code.as_ref().map(|code| code.opened_at),
        code: code.map(|code| code.code),
    };
    let found = scans::find_planned(&mut work, 1, 1).await.unwrap();
    assert_eq!(found, Some(planned(1, "2026-02-01", Some(9), Some(code("new", 2)))));
    scans::remove_code(&mut work, 1).await.unwrap();
    assert_eq!(scans::find_code(&mut work, 1).await.unwrap(), None);
    work.commit(&crate::audit::any_change()).await.unwrap();

    let own = Scope::Anchor { county: place.code, anchor_id: 2 };
    let mut session = place.store.read(own).await.unwrap();
    let next = [planned(1, "2026-02-01", Some(8), None), planned(3, "2026-02-03", None, Some(code("other", 3)))];
    let from = day("2026-02-01");
    assert_eq!(scans::list_planned(&mut session, 2, from, 9).await.unwrap(), next, "but for those over and called off");
    assert_eq!(scans::list_planned(&mut session, 2, from, 1).await.unwrap(), next[..1]);
    assert!(!next[0].is_present() && Planned { attendance: "present".into(), ..next[0].clone() }.is_present());
    assert_eq!(scans::find_planned(&mut session, 1, 2).await.unwrap(), Some(next[0].clone()));
    let off = scans::find_planned(&mut session, 2, 2).await.unwrap().unwrap();
    assert_eq!(off.lesson.called_off_on, Some(day("2026-01-30")), "one called off is still found");
    assert_eq!(scans::find_planned(&mut session, 1, 1).await.unwrap(), None, "somebody else's");
    assert_eq!(scans::list_planned(&mut session, 1, from, 9).await.unwrap(), []);
    assert!(matches!(scans::find_code(&mut session, 3).await, Err(StoreError::OutOfScope)));
    assert!(matches!(scans::list(&mut session, 1).await, Err(StoreError::OutOfScope)));
    drop(session);
    let mut household = place.store.read(Scope::Farmer { county: place.code, farmer_id: 1 }).await.unwrap();
    assert!(matches!(scans::find_planned(&mut household, 1, 2).await, Err(StoreError::OutOfScope)));
}

//! Training as the branch keeps it: profiles, classes, assessments, rules, steps, papers, the gate's rows, contests, party
//! stages.

use super::people::{insert_anchors, stream};
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::access::Scope;
use red_anchor::domain::ladder::Rule;
use red_anchor::store::contests::{self, Contest, Placed};
use red_anchor::store::ladder::{self, NewStep, Outcome, Paper, Waiver};
use red_anchor::store::party;
use red_anchor::store::people::{self, Certificate, Module, Stage};
use red_anchor::store::training::{self, Assessment, Lesson, Profile, Sat, Seat, Teaching};
use red_anchor::store::{Session, StoreError, plans, streams};

async fn insert_module(session: &mut Session) {
    let module = Module {
        module_id: 7,
        module_key: "rules".into(),
        name: "规则".into(),
        name_en: "rules".into(),
        class_hours: 8,
    };
    people::upsert_modules(session, &[module]).await.unwrap();
}

pub async fn profiles_and_modules_are_described(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    insert_module(&mut work).await;
    let profile = Profile {
        anchor_id: 1,
        born_on: Some(day("2009-02-28")),
        guardian_consent_on: Some(day("2026-01-01")),
        identity_checked_on: None,
        skills: "方言".into(),
        mentor_id: 2,
    };
    training::update_profiles(&mut work, std::slice::from_ref(&profile)).await.unwrap();
    let mut known = training::list_profiles(&mut work).await.unwrap();
    known.sort_by_key(|p| p.anchor_id);
    assert_eq!(known, [profile, Profile { anchor_id: 2, ..Profile::default() }]);
    let taught = Teaching { module_id: 7, purpose: "rules".into(), assessed_by: "both".into() };
    training::update_teaching(&mut work, &taught).await.unwrap();
    assert_eq!(training::list_teaching(&mut work).await.unwrap(), [taught]);
    assert_eq!(training::rule_on(&mut work, day("2026-01-01")).await.unwrap(), Rule::STANDARD);
    let rule = Rule { supervised_streams: 5, ..Rule::STANDARD };
    training::insert_rule(&mut work, 1, day("2026-02-01"), &rule).await.unwrap();
    let later = Rule { supervised_streams: 6, ..Rule::STANDARD };
    training::insert_rule(&mut work, 2, day("2026-02-01"), &later).await.unwrap();
    assert_eq!(training::rule_on(&mut work, day("2026-01-31")).await.unwrap(), Rule::STANDARD);
    assert_eq!(training::rule_on(&mut work, day("2026-02-01")).await.unwrap(), later, "the newest entered");
}

pub async fn classes_are_planned_and_signed_in(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    insert_module(&mut work).await;
    let lesson = |lesson_id: i64, on: &str| Lesson {
        lesson_id,
        class_no: "一班".into(),
        module_id: 7,
        held_on: day(on),
        class_hours: 4,
        teacher: "老师".into(),
        place: "教室".into(),
        called_off_on: None,
        called_off_reason: String::new(),
    };
    let lessons = [lesson(1, "2026-01-10"), lesson(2, "2026-01-10"), lesson(3, "2026-03-01")];
    training::insert_lessons(&mut work, &lessons).await.unwrap();
    let seat =
        |lesson_id: i64, anchor_id: i64, attendance: &str| Seat { lesson_id, anchor_id, attendance: attendance.into() };
    let seats = [seat(1, 1, "planned"), seat(1, 2, "planned"), seat(2, 1, "planned"), seat(3, 1, "planned")];
    training::upsert_seats(&mut work, &seats).await.unwrap();
    let until = day("2026-02-01");
    assert_eq!(training::list_unsigned(&mut work, until).await.unwrap(), lessons[..2]);
    training::upsert_seats(&mut work, &[seat(1, 1, "present")]).await.unwrap();
    let hours = training::sum_present(&mut work, 7, day("2026-01-10")).await.unwrap();
    assert_eq!(hours, [(1, 4)], "nothing is typed in of the other");
    training::upsert_seats(&mut work, &[seat(1, 1, "present"), seat(1, 2, "absent"), seat(2, 1, "present")])
        .await
        .unwrap();
    assert_eq!(training::list_seats(&mut work, 1).await.unwrap(), [seat(1, 1, "present"), seat(1, 2, "absent")]);
    assert_eq!(training::list_unsigned(&mut work, until).await.unwrap(), []);
    assert_eq!(training::list_lessons(&mut work, day("2026-01-01"), until).await.unwrap().len(), 2);
    assert_eq!(training::find_lesson(&mut work, 3).await.unwrap(), Some(lesson(3, "2026-03-01")));
    let mut hours = training::sum_present(&mut work, 7, day("2026-01-10")).await.unwrap();
    hours.sort_unstable();
    assert_eq!(hours, [(1, 8), (2, 0)]);
    let sat =
        |anchor_id: i64, attendance: &str| Sat { anchor_id, held_on: day("2026-01-10"), attendance: attendance.into() };
    let all = [sat(1, "present"), sat(1, "present"), sat(2, "absent")];
    assert_eq!(training::list_sat(&mut work, until).await.unwrap(), all);
    let record = |anchor_id: i64, class_hours: i64| people::Training {
        anchor_id,
        module_id: 7,
        attended_on: day("2026-01-10"),
        class_hours,
        passed_on: None,
    };
    people::upsert_training(&mut work, &[record(1, 8), record(2, 0)]).await.unwrap();
    training::remove_empty_records(&mut work, 7, day("2026-01-10")).await.unwrap();
    assert_eq!(people::list_training(&mut work).await.unwrap(), [record(1, 8)]);
    assert_eq!(training::count_trained(&mut work, day("2026-01-01"), until).await.unwrap(), (1, 1));
    let seats = training::list_taken_seats(&mut work, (day("2026-01-01"), until), 0, 2).await.unwrap();
    assert_eq!(
        seats,
        [(lesson(2, "2026-01-10"), seat(2, 1, "present")), (lesson(1, "2026-01-10"), seat(1, 1, "present"))]
    );
    let later = training::list_taken_seats(&mut work, (day("2026-01-11"), day("2026-12-31")), 99, 2).await.unwrap();
    assert_eq!(later, [], "of another module");
    let off = Lesson {
        called_off_on: Some(day("2026-02-01")),
        called_off_reason: "x".into(),
        teacher: "另一位".into(),
        ..lesson(3, "2026-01-11")
    };
    training::upsert_seats(&mut work, &[seat(3, 1, "present")]).await.unwrap();
    training::update_lesson(&mut work, &off).await.unwrap();
    assert_eq!(training::find_lesson(&mut work, 3).await.unwrap(), Some(off));
    assert_eq!(training::sum_present(&mut work, 7, day("2026-01-11")).await.unwrap(), [], "it counts for nothing");
    assert_eq!(training::list_sat(&mut work, until).await.unwrap(), all);
    work.commit(&crate::audit::any_change()).await.unwrap();
    let own = Scope::Anchor { county: place.code, anchor_id: 2 };
    let mut session = place.store.read(own).await.unwrap();
    assert_eq!(training::list_sat(&mut session, until).await.unwrap(), all[2..]);
    assert!(matches!(training::find_lesson(&mut session, 1).await, Err(StoreError::OutOfScope)));
}

pub async fn assessments_are_kept_by_person(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    insert_module(&mut work).await;
    let row = |assessment_id: i64, score: i64| Assessment {
        assessment_id,
        anchor_id: 1,
        module_id: 7,
        kind: "quiz".into(),
        taken_on: day("2026-01-12"),
        score,
        pass_score: 60,
        assessor: "考官".into(),
    };
    training::insert_assessments(&mut work, &[row(1, 59), row(2, 81)]).await.unwrap();
    assert_eq!(training::list_assessments(&mut work, &[1]).await.unwrap(), [row(2, 81), row(1, 59)]);
    assert_eq!(training::list_assessments(&mut work, &[2]).await.unwrap(), []);
    assert_eq!(training::list_latest_assessments(&mut work, 1).await.unwrap(), [row(2, 81)]);
    let scores = training::sum_scores(&mut work, day("2026-01-01"), day("2026-01-31")).await.unwrap();
    assert_eq!(scores, [(1, 140, 2)]);
}

pub async fn steps_wait_and_are_decided_on(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    let new = NewStep {
        anchor_id: 1,
        stage: "certified",
        from_on: day("2026-01-20"),
        evidence: "文".into(),
        class_no: "一班".into(),
        certificate_no: "证1".into(),
        expires_on: Some(day("2028-01-19")),
    };
    ladder::insert_step(&mut work, 1, &new).await.unwrap();
    let waiting = ladder::list_waiting(&mut work).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].certificate_no.as_str()), (1, "证1"));
    ladder::decide_step(&mut work, 1, Outcome::Taken, "{}", "").await.unwrap();
    ladder::decide_step(&mut work, 1, Outcome::Rejected, "", "late").await.unwrap();
    let step = ladder::find_step(&mut work, 1).await.unwrap().unwrap();
    assert_eq!((step.outcome.as_str(), step.met.as_str()), ("taken", "{}"), "decided once");
    assert!(ladder::list_waiting(&mut work).await.unwrap().is_empty());
    assert_eq!(ladder::list_steps(&mut work, 1).await.unwrap(), [step]);
    // a lapse goes where a certificate is renewed, and nothing else does
    let stage = |from: &str, stage: &str| Stage {
        anchor_id: 1,
        from_on: day(from),
        stage: stage.into(),
        evidence: "文".into(),
    };
    people::upsert_stages(&mut work, &[stage("2026-01-20", "certified"), stage("2028-01-20", "supervised")])
        .await
        .unwrap();
    ladder::mark_lapse(&mut work, 1, day("2028-01-20")).await.unwrap();
    ladder::remove_lapses(&mut work, 1, day("2028-01-21")).await.unwrap();
    assert_eq!(people::list_stages(&mut work).await.unwrap().len(), 2);
    ladder::remove_lapses(&mut work, 1, day("2026-01-01")).await.unwrap();
    assert_eq!(people::list_stages(&mut work).await.unwrap(), [stage("2026-01-20", "certified")]);
}

pub async fn papers_are_checked_by_their_code(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    let known = Certificate {
        anchor_id: 1,
        certificate_no: "证1".into(),
        kind: "association".into(),
        issued_on: day("2026-01-01"),
        expires_on: None,
    };
    people::upsert_certificates(&mut work, &[known]).await.unwrap();
    let paper = ladder::list_papers(&mut work).await.unwrap().remove(0);
    let code = format!("code-{}", place.code);
    let coded = Paper { check_code: code.clone(), class_no: "一班".into(), ..paper };
    ladder::upsert_papers(&mut work, std::slice::from_ref(&coded)).await.unwrap();
    assert_eq!(ladder::list_papers(&mut work).await.unwrap(), std::slice::from_ref(&coded));
    work.commit(&crate::audit::any_change()).await.unwrap();
    assert_eq!(ladder::check(&place.store, "").await.unwrap(), None);
    let found = ladder::check(&place.store, &code).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.certificate_no.as_str(), found.revoked_on), ("刘主播", "证1", None));
    let mut work = place.work().await;
    let revoked = Paper { revoked_on: Some(day("2026-02-01")), revoked_reason: "x".into(), ..coded };
    ladder::upsert_papers(&mut work, &[revoked]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let found = ladder::check(&place.store, &code).await.unwrap().unwrap();
    assert_eq!(found.revoked_on, Some(day("2026-02-01")));
}

pub async fn the_gates_rows_and_streams_held(place: &Place) {
    let mut work = place.work().await;
    super::goods::insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    ladder::insert_violation(&mut work, 1, 2, day("2026-01-05"), "事").await.unwrap();
    assert!(!ladder::close_violation(&mut work, 1, 1, day("2026-01-06")).await.unwrap(), "another's");
    assert!(ladder::close_violation(&mut work, 2, 1, day("2026-01-06")).await.unwrap());
    assert!(!ladder::close_violation(&mut work, 2, 1, day("2026-01-07")).await.unwrap());
    assert_eq!(ladder::list_violations(&mut work, 2).await.unwrap()[0].closed_on, Some(day("2026-01-06")));
    let waiver = Waiver {
        waiver_id: 1,
        anchor_id: 2,
        from_on: day("2026-01-05"),
        to_on: day("2026-01-07"),
        reason: "展会".into(),
        given_by: "test".into(),
    };
    ladder::insert_waiver(&mut work, &waiver).await.unwrap();
    assert_eq!(ladder::find_waiver(&mut work, 2, day("2026-01-07")).await.unwrap(), Some(waiver));
    assert_eq!(ladder::find_waiver(&mut work, 2, day("2026-01-08")).await.unwrap(), None);
    let room = streams::Stream { room_id: 9, ..stream(2, None) };
    streams::upsert(&mut work, &[stream(1, None), room]).await.unwrap();
    let on = day("2026-01-31");
    let over = instant(9_001);
    assert_eq!(ladder::count_streams(&mut work, 2, (on, on), false, over).await.unwrap(), 2);
    assert_eq!(ladder::count_streams(&mut work, 2, (on, on), true, over).await.unwrap(), 1);
    assert_eq!(ladder::count_streams(&mut work, 2, (on, on), false, instant(8_999)).await.unwrap(), 0, "not over");
    let held = ladder::list_held(&mut work, &[(1, on, on), (2, on, on)], over).await.unwrap();
    assert_eq!(held.iter().map(|h| h.stream_id).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(ladder::list_held(&mut work, &[(2, on, on)], instant(8_999)).await.unwrap(), [], "not over");
    assert_eq!(ladder::list_held(&mut work, &[(2, day("2026-02-01"), day("2026-03-01"))], over).await.unwrap(), []);
    assert_eq!(ladder::first_streams(&mut work, over).await.unwrap(), [(2, on)]);
    assert!(ladder::first_streams(&mut work, instant(8_999)).await.unwrap().is_empty(), "not over");
    let called_off = plans::Plan {
        stream_id: 1,
        title: "x".into(),
        author_no: String::new(),
        planned_from: instant(0),
        planned_to: instant(9_000),
        planned_by: "test".into(),
        planned_at: instant(0),
        times_by: String::new(),
        cancelled_at: Some(instant(1)),
        cancelled_why: "x".into(),
    };
    plans::upsert(&mut work, std::slice::from_ref(&called_off)).await.unwrap();
    assert_eq!(ladder::count_streams(&mut work, 2, (on, on), false, over).await.unwrap(), 1, "called off");
    let held = ladder::list_held(&mut work, &[(2, on, on)], over).await.unwrap();
    assert_eq!(held.iter().map(|h| h.stream_id).collect::<Vec<_>>(), [2]);
    plans::upsert(&mut work, &[plans::Plan { stream_id: 2, ..called_off }]).await.unwrap();
    assert!(ladder::first_streams(&mut work, over).await.unwrap().is_empty());
}

pub async fn contests_are_published_once_and_party_stages_are_the_branchs(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    let contest = |published: Option<&str>| Contest {
        contest_id: 1,
        title: "比武".into(),
        from_on: day("2026-01-01"),
        to_on: day("2026-01-31"),
        indicators: "net streams".into(),
        entered_by: "test".into(),
        published_on: published.map(day),
    };
    contests::insert(&mut work, &contest(None), &[2, 1]).await.unwrap();
    assert_eq!(contests::list(&mut work).await.unwrap(), [contest(None)]);
    assert_eq!(contests::list_entrants(&mut work, 1).await.unwrap(), [1, 2]);
    let placed =
        |anchor_id: i64, place: i64| Placed { anchor_id, name: "刘主播".into(), place, places: "1 2".into() };
    contests::publish(&mut work, 1, day("2026-02-01"), &[placed(1, 2), placed(2, 1)]).await.unwrap();
    let step =
        party::Step { anchor_id: 1, stage: "applicant".into(), from_on: day("2026-01-01"), document_no: "文1".into() };
    assert_eq!(party::find_switch(&mut work).await.unwrap(), None);
    party::switch_on(&mut work, day("2026-01-02")).await.unwrap();
    party::insert(&mut work, &step).await.unwrap();
    assert_eq!(party::list(&mut work).await.unwrap(), [step]);
    party::switch_off(&mut work).await.unwrap();
    assert_eq!(party::find_switch(&mut work).await.unwrap(), None);
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut own = place.store.read(Scope::Anchor { county: place.code, anchor_id: 1 }).await.unwrap();
    assert_eq!(contests::list(&mut own).await.unwrap(), [contest(Some("2026-02-01"))]);
    assert_eq!(contests::list_results(&mut own, 1).await.unwrap(), [placed(2, 1), placed(1, 2)]);
    assert!(matches!(contests::list_all_results(&mut own, 9).await, Err(StoreError::OutOfScope)));
    assert!(matches!(party::list(&mut own).await, Err(StoreError::OutOfScope)));
    drop(own);
    let mut county = place.store.read(Scope::County(place.code)).await.unwrap();
    let all = contests::list_all_results(&mut county, 9).await.unwrap();
    assert_eq!(all, [(1, placed(2, 1)), (1, placed(1, 2))]);
    drop(county);
    let mut official = place.store.read(Scope::Region(place.code)).await.unwrap();
    assert!(matches!(party::list(&mut official).await, Err(StoreError::OutOfScope)), "the branch alone");
}

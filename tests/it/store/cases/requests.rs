//! What households ask, and what became of it.

use super::people::farmer;
use crate::store::contract::{Place, day};
use red_anchor::domain::requests::{About, State, Step};
use red_anchor::store::people;
use red_anchor::store::requests::{self, NewStep, Request};

pub async fn a_request_and_its_steps(place: &Place) {
    let mut work = place.work().await;
    people::upsert_farmers(&mut work, &[farmer(4), farmer(5)]).await.unwrap();
    let month = About::Month(day("2026-02-01"));
    let first = requests::insert(&mut work, 4, month, "少算了一箱").await.unwrap();
    let second = requests::insert(&mut work, 4, About::Line(9), "重量不对").await.unwrap();
    let other = requests::insert(&mut work, 5, About::Payout(3), "没收到").await.unwrap();
    let asked_at = work.at;
    let row = |request_id, farmer_id, about, said: &str| Request {
        request_id,
        farmer_id,
        about,
        said: said.into(),
        asked_at,
        state: State::Open,
        assignee: String::new(),
        due_on: None,
    };
    let (one, two) = (row(first, 4, month, "少算了一箱"), row(second, 4, About::Line(9), "重量不对"));
    assert_eq!(requests::find(&mut work, first).await.unwrap(), Some(one.clone()));
    assert_eq!(requests::list_of_farmer(&mut work, 4, 9).await.unwrap(), [two.clone(), one.clone()]);
    assert_eq!(requests::list_of_farmer(&mut work, 4, 1).await.unwrap(), [two]);
    assert_eq!(requests::count_open(&mut work).await.unwrap(), 3);

    let given = NewStep { assignee: "王干事", due_on: Some(day("2026-02-28")), ..NewStep::default() };
    requests::insert_step(&mut work, first, Step::Assigned, given).await.unwrap();
    let seen = Request { state: State::Assigned, assignee: "王干事".into(), due_on: given.due_on, ..one };
    assert_eq!(requests::list_by_state(&mut work, State::Assigned, 9).await.unwrap(), [seen]);
    let open = requests::list_by_state(&mut work, State::Open, 9).await.unwrap();
    assert_eq!(open.iter().map(|r| r.request_id).collect::<Vec<_>>(), [second, other]);
    let page = requests::list_page(&mut work, State::Open, 2, 1).await.unwrap();
    assert_eq!(page.iter().map(|r| r.request_id).collect::<Vec<_>>(), [second], "the last first");
    assert_eq!(requests::count(&mut work, State::Open).await.unwrap(), 2);
    let latest = requests::list_latest(&mut work, 2).await.unwrap();
    assert_eq!(latest.iter().map(|r| r.request_id).collect::<Vec<_>>(), [other, second]);
    let answer = NewStep { said: "补上了", ..NewStep::default() };
    requests::insert_step(&mut work, first, Step::Answered, answer).await.unwrap();
    requests::insert_step(&mut work, first, Step::Rated, NewStep { rating: 1, ..NewStep::default() }).await.unwrap();
    requests::insert_step(&mut work, first, Step::Reopened, NewStep { said: "还少", ..NewStep::default() })
        .await
        .unwrap();
    let steps = requests::list_steps(&mut work, first).await.unwrap();
    assert_eq!(steps.iter().map(|s| s.step).collect::<Vec<_>>(), Step::ALL);
    assert_eq!((steps[1].said.as_str(), steps[2].rating, steps[0].due_on), ("补上了", 1, given.due_on));
    let own = requests::list_steps_of_farmer(&mut work, 4, 9).await.unwrap();
    assert_eq!((own.len(), own[3].0, own[3].1.said.as_str()), (4, first, "还少"));
    assert_eq!(requests::list_steps_of_farmer(&mut work, 4, 1).await.unwrap(), [], "of the newest one only");
    let times = requests::list_times(&mut work, asked_at).await.unwrap();
    let told: Vec<_> = times.iter().map(|t| (t.answered_at.is_some(), t.rating, t.reopened)).collect();
    assert_eq!(told, [(true, 1, true), (false, 0, false), (false, 0, false)]);
}

//! A household is paid: what is due, two people, never twice, what came too late; on both engines.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod place;

use crate::store::engines;
use place::{OPERATOR, OTHER, Place, code, day};
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::audit::Field;
use red_anchor::domain::payouts::{Kind, State};
use red_anchor::domain::problem::{Paying, Problem};
use red_anchor::domain::sealing::{KEY_BYTES, Keyring, SealingKey};
use red_anchor::services::secrets::{self, Keeper, Vault};
use red_anchor::services::{accounts, bank_accounts, payouts};
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::payouts::due::{self, Of};
use red_anchor::store::payouts::{self as stored, Line, own};

/// Runs a case on SQLite as a test of its own; all of them once more on PostgreSQL.
macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            use crate::payouts::Place;
            $(
                #[tokio::test]
                async fn $case() {
                    let dir = tempfile::tempdir().unwrap();
                    let store = crate::store::engines::sqlite(&dir).await;
                    super::$case(&Place::new(store).await).await;
                }
            )+
        }

        #[tokio::test]
        async fn the_same_holds_on_postgresql() {
            $( Box::pin($case(&Place::new(engines::postgres().await).await)).await; )+
        }
    };
}

cases!(
    a_refund_that_comes_late_is_offset_against_what_is_earned_next,
    a_balance_below_zero_is_written_off_by_two_people,
    nobody_approves_what_they_put_forward_or_what_pays_their_own_household,
    a_balance_is_not_paid_twice_however_it_is_asked,
    two_at_once_put_one_balance_forward_once,
    what_is_taken_back_is_due_again_and_what_is_paid_is_not,
    money_that_came_back_is_due_again_once_two_people_say_so,
    a_surplus_has_its_document_and_is_no_part_of_what_is_due,
    goods_bought_by_weight_are_due_from_the_day_they_were_taken_in,
    each_operator_pays_what_its_own_shops_sold,
    a_household_confirms_its_own_and_reads_nobody_elses,
    an_account_is_sealed_masked_and_opened_for_the_bank_only,
);

fn problem(error: &anyhow::Error) -> Paying {
    match error.downcast_ref::<Problem>().unwrap() {
        Problem::Paying(paying) => paying.clone(),
        other => panic!("{other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(answer: anyhow::Result<T>) -> Paying {
    problem(&answer.unwrap_err())
}

/// Proposed by staff, approved by the chief, paid.
async fn paid(place: &Place, up_to: &str, on: &str) -> i64 {
    let id = payouts::propose(place.desk(&place.staff), OPERATOR, day(up_to)).await.unwrap();
    payouts::approve(place.desk(&place.chief), id).await.unwrap();
    payouts::mark_paid(place.desk(&place.staff), id, day(on), "回单 1").await.unwrap();
    id
}

async fn lines(place: &Place, id: i64) -> Vec<Line> {
    stored::list_lines(&mut place.read().await, id).await.unwrap()
}

async fn a_refund_that_comes_late_is_offset_against_what_is_earned_next(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-15");
    let first = paid(place, "2026-01-31", "2026-02-15").await;
    assert_eq!(lines(place, first).await, [Line { farmer_id: 1, amount_fen: 2_500, carried_fen: 0 }]);
    place.earn(OPERATOR, 1, "2026-02-20", -480).await;
    place.on("2026-03-15");
    assert_eq!(place.due(1, "2026-02-28").await, -480);
    let nothing = refused(payouts::propose(place.desk(&place.staff), OPERATOR, day("2026-02-28")).await);
    assert_eq!(nothing, Paying::NothingDue { day: day("2026-02-28") }, "nothing is collected");
    place.earn(OPERATOR, 1, "2026-03-04", 3_000).await;
    place.on("2026-04-15");
    let next = paid(place, "2026-03-31", "2026-04-15").await;
    assert_eq!(lines(place, next).await, [Line { farmer_id: 1, amount_fen: 2_520, carried_fen: -480 }]);
    assert_eq!(place.due(1, "2026-04-14").await, 0);
}

async fn a_balance_below_zero_is_written_off_by_two_people(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-15");
    let first = paid(place, "2026-01-31", "2026-02-15").await;
    let desk = place.desk(&place.staff);
    assert_eq!(refused(payouts::write_off(desk, OPERATOR, 1, "退出了").await), Paying::NothingToWriteOff);
    place.earn(OPERATOR, 1, "2026-02-15", -480).await;
    assert_eq!(refused(payouts::write_off(desk, OPERATOR, 1, " ").await), Paying::ReasonMissing);
    let id = payouts::write_off(desk, OPERATOR, 1, "不再供货").await.unwrap();
    assert_eq!(place.due(1, "2026-02-15").await, -480, "one person's word is not enough");
    assert_eq!(refused(payouts::write_off(desk, OPERATOR, 1, "再来").await), Paying::MovedOn);
    assert_eq!(refused(payouts::approve(desk, id).await), Paying::OwnProposal);
    payouts::approve(place.desk(&place.chief), id).await.unwrap();
    assert_eq!(place.due(1, "2026-02-15").await, 0);
    assert_eq!(refused(payouts::mark_paid(desk, id, day("2026-02-15"), "1").await), Paying::MovedOn);
    assert_eq!(refused(payouts::withdraw(place.desk(&place.chief), id).await), Paying::MovedOn);
    let own = own::list(&mut place.read().await, 1).await.unwrap();
    assert_eq!(own.iter().map(|o| (o.payout_id, o.amount_fen)).collect::<Vec<_>>(), [(id, -480), (first, 2_500)]);
    assert_eq!(own.iter().map(|o| o.taken_off_fen(day("2026-02-15"))).sum::<i64>(), 2_020);
    assert_eq!(own[0].moved_on(), None, "no money moved");
}

async fn nobody_approves_what_they_put_forward_or_what_pays_their_own_household(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    let command_line = Actor::command_line();
    let administrator = async |name: &str| {
        let grant = Grant::new(Role::BranchAdmin, code(), 0).unwrap();
        let made = accounts::create(&place.desk(&command_line), name, "", &grant).await.unwrap();
        Actor::account(made.account_id, name, Role::BranchAdmin, "10.0.0.2")
    };
    let (neighbour, boss) = (administrator("neighbour").await, administrator("boss").await);
    let own = Grant::new(Role::Farmer, code(), 1).unwrap();
    accounts::give_role(&place.desk(&command_line), neighbour.account_id, &own).await.unwrap();
    place.on("2026-01-20");
    let staff = place.desk(&place.staff);
    let id = payouts::propose(staff, OPERATOR, day("2026-01-19")).await.unwrap();
    assert_eq!(refused(payouts::approve(staff, id).await), Paying::OwnProposal);
    assert_eq!(refused(payouts::approve(place.desk(&neighbour), id).await), Paying::OwnHousehold);
    let job = Actor::job("nightly");
    assert_eq!(refused(payouts::approve(place.desk(&job), id).await), Paying::OwnProposal, "a job is nobody");
    payouts::withdraw(staff, id).await.unwrap();
    // an administrator approves in no account that the proposer had in hand
    accounts::take_role(&place.desk(&boss), neighbour.account_id, &own).await.unwrap();
    let id = payouts::propose(place.desk(&boss), OPERATOR, day("2026-01-19")).await.unwrap();
    let answer = refused(payouts::approve(place.desk(&neighbour), id).await);
    assert_eq!(answer, Paying::ProposerMade { by: "boss".into(), days: 7 });
    payouts::approve(place.desk(&place.chief), id).await.unwrap();
}

async fn a_balance_is_not_paid_twice_however_it_is_asked(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.earn(OPERATOR, 1, "2026-02-02", 700).await;
    place.on("2026-02-10");
    let staff = place.desk(&place.staff);
    let today = refused(payouts::propose(staff, OPERATOR, day("2026-02-10")).await);
    assert_eq!(today, Paying::DayNotOver { day: day("2026-02-10") });
    let first = payouts::propose(staff, OPERATOR, day("2026-02-09")).await.unwrap();
    for up_to in ["2026-02-09", "2026-01-31", "2026-02-08"] {
        let again = refused(payouts::propose(staff, OPERATOR, day(up_to)).await);
        assert_eq!(again, Paying::NothingDue { day: day(up_to) });
    }
    let chief = place.desk(&place.chief);
    payouts::approve(chief, first).await.unwrap();
    assert_eq!(refused(payouts::approve(chief, first).await), Paying::MovedOn);
    assert_eq!(refused(payouts::mark_paid(staff, first, day("2026-02-08"), "1").await), bad_day("2026-02-08"));
    assert_eq!(refused(payouts::mark_paid(staff, first, day("2026-02-11"), "1").await), bad_day("2026-02-11"));
    assert_eq!(refused(payouts::mark_paid(staff, first, day("2026-02-10"), " ").await), Paying::ReferenceMissing);
    payouts::mark_paid(staff, first, day("2026-02-10"), "回单 88").await.unwrap();
    assert_eq!(refused(payouts::mark_paid(staff, first, day("2026-02-10"), "回单 89").await), Paying::MovedOn);
    let payout = stored::find(&mut place.read().await, first).await.unwrap().unwrap();
    assert_eq!((payout.state(), payout.reference.as_str(), payout.amount_fen), (State::Paid, "回单 88", 3_200));
    assert!(stored::list_open(&mut place.read().await).await.unwrap().is_empty());
}

fn bad_day(text: &str) -> Paying {
    Paying::BadPayDay { day: day(text) }
}

async fn two_at_once_put_one_balance_forward_once(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-10");
    let up_to = day("2026-01-31");
    let answers = futures::future::join_all(
        [&place.staff, &place.chief, &place.staff, &place.chief]
            .map(|actor| payouts::propose(place.desk(actor), OPERATOR, up_to)),
    )
    .await;
    let made: Vec<i64> = answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(problem(error), Paying::NothingDue { day: up_to });
    }
    let other = Actor::account(0, "other", Role::BranchAdmin, "10.0.0.4");
    let third = Actor::account(0, "third", Role::BranchAdmin, "10.0.0.5");
    let approvals =
        futures::future::join_all([&other, &third].map(|actor| payouts::approve(place.desk(actor), made[0]))).await;
    assert_eq!(approvals.iter().filter(|answer| answer.is_ok()).count(), 1, "{approvals:?}");
    let payments = futures::future::join_all(
        ["1", "2", "3"].map(|number| payouts::mark_paid(place.desk(&place.staff), made[0], day("2026-02-10"), number)),
    )
    .await;
    assert_eq!(payments.iter().filter(|answer| answer.is_ok()).count(), 1, "{payments:?}");
    assert_eq!(place.due(1, "2026-02-10").await, 0);
}

async fn what_is_taken_back_is_due_again_and_what_is_paid_is_not(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-10");
    let (staff, chief) = (place.desk(&place.staff), place.desk(&place.chief));
    let other = Actor::account(0, "colleague", Role::Branch, "10.0.0.6");
    let first = payouts::propose(staff, OPERATOR, day("2026-01-31")).await.unwrap();
    assert_eq!(place.due(1, "2026-01-31").await, 0);
    assert_eq!(refused(payouts::withdraw(place.desk(&other), first).await), Paying::NotTheirs);
    payouts::withdraw(staff, first).await.unwrap();
    assert_eq!(place.due(1, "2026-01-31").await, 2_500);
    assert_eq!(refused(payouts::approve(chief, first).await), Paying::MovedOn);
    let second = payouts::propose(staff, OPERATOR, day("2026-01-31")).await.unwrap();
    payouts::approve(chief, second).await.unwrap();
    assert_eq!(refused(payouts::withdraw(staff, second).await), Paying::NotTheirs, "approved: an administrator's");
    payouts::withdraw(chief, second).await.unwrap();
    let third = paid(place, "2026-01-31", "2026-02-10").await;
    assert_eq!(refused(payouts::withdraw(chief, third).await), Paying::MovedOn);
    let states: Vec<State> = stored::list_page(&mut place.read().await, (0, ""), 1, 9)
        .await
        .unwrap()
        .iter()
        .map(stored::Payout::state)
        .collect();
    assert_eq!(states, [State::Paid, State::Withdrawn, State::Withdrawn]);
}

async fn money_that_came_back_is_due_again_once_two_people_say_so(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.earn(OPERATOR, 2, "2026-01-12", 900).await;
    place.on("2026-02-10");
    let first = paid(place, "2026-01-31", "2026-02-10").await;
    let staff = place.desk(&place.staff);
    assert_eq!(refused(payouts::give_back(staff, first, 3, day("2026-02-10"), "户名不符").await), Paying::NotInPayout);
    assert_eq!(
        refused(payouts::give_back(staff, first, 2, day("2026-02-09"), "户名不符").await),
        bad_day("2026-02-09")
    );
    let back = payouts::give_back(staff, first, 2, day("2026-02-10"), "户名不符").await.unwrap();
    assert_eq!(refused(payouts::give_back(staff, first, 2, day("2026-02-10"), "又一次").await), Paying::NotInPayout);
    assert_eq!(place.due(2, "2026-02-10").await, 0);
    payouts::approve(place.desk(&place.chief), back).await.unwrap();
    assert_eq!((place.due(1, "2026-02-10").await, place.due(2, "2026-02-10").await), (0, 900));
    place.on("2026-02-12");
    let again = paid(place, "2026-02-11", "2026-02-12").await;
    assert_eq!(lines(place, again).await.len(), 1);
    let own = own::list(&mut place.read().await, 2).await.unwrap();
    let moved: i64 = own.iter().filter(|o| o.moved_on().is_some()).map(|o| o.amount_fen).sum();
    assert_eq!((own.len(), moved), (3, 900), "what arrived in the end");
}

async fn a_surplus_has_its_document_and_is_no_part_of_what_is_due(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-10");
    let (staff, on) = (place.desk(&place.staff), day("2026-02-10"));
    assert_eq!(refused(payouts::share_surplus(staff, OPERATOR, on, "", &[(1, 100)]).await), Paying::ReasonMissing);
    let id = payouts::share_surplus(staff, OPERATOR, on, "社员大会〔2026〕1号", &[(1, 8_800), (2, 1)]).await.unwrap();
    let again = refused(payouts::share_surplus(staff, OPERATOR, on, "社员大会〔2026〕1号", &[(1, 1)]).await);
    assert_eq!(again, Paying::SurplusExists { document: "社员大会〔2026〕1号".into() });
    payouts::approve(place.desk(&place.chief), id).await.unwrap();
    payouts::mark_paid(staff, id, on, "回单 2").await.unwrap();
    assert_eq!(place.due(1, "2026-02-10").await, 2_500);
    let own = own::list(&mut place.read().await, 1).await.unwrap();
    assert_eq!((own[0].kind, own[0].moved_on(), own[0].taken_off_fen(on)), (Kind::Surplus, Some(on), 0));
    let first = stored::find(&mut place.read().await, id).await.unwrap().unwrap().proposed_at;
    assert_eq!(own::find_first_recorded(&mut place.read().await).await.unwrap(), Some(first));
}

async fn goods_bought_by_weight_are_due_from_the_day_they_were_taken_in(place: &Place) {
    for sql in [
        "insert into product (county_code, product_id, product_key, name, name_en) values ('360827', 1, 'p', '金桔', '')",
        "insert into lot (county_code, lot_id, product_id, intake_on, operator_id)
         values ('360827', 1, 1, '2026-01-10', 1)",
        // 2.625 kg at 7.40 are 19.425: 19.43
        "insert into lot_ticket (county_code, ticket_id, lot_id, farmer_id, weight_g, agreed_fen_per_kg, bought)
         values ('360827', 1, 1, 1, 2625, 740, true)",
        // a price that was once written on goods sold on commission
        "insert into lot_ticket (county_code, ticket_id, lot_id, farmer_id, weight_g, agreed_fen_per_kg)
         values ('360827', 3, 1, 2, 5000, 740)",
        // sold on commission: its weight says nothing of what is owed
        "insert into lot_ticket (county_code, ticket_id, lot_id, farmer_id, weight_g, agreed_fen_per_kg)
         values ('360827', 2, 1, 2, 1000, 0)",
    ] {
        place.run(sql).await;
    }
    assert_eq!(place.due(1, "2026-01-09").await, 0);
    assert_eq!((place.due(1, "2026-01-10").await, place.due(2, "2026-01-10").await), (1_943, 0));
    // half of it is sold and settled; that it is income now makes it no more due
    let mut entry = crate::store::ledger_row(5, 1, 1);
    entry.change.entry.amounts = Amounts::ZERO;
    entry.change.entry.amounts[Col::SettledFarmer] = 970;
    entry.change.entry.dimensions.lot_ticket_id = 1;
    let mut work = place.store.work(code(), &Actor::command_line(), "post", &place.clock).await.unwrap();
    red_anchor::store::ledger::append(&mut work, &[entry]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    place.earn(OPERATOR, 1, "2026-02-01", 970).await;
    assert_eq!(place.due(1, "2026-02-28").await, 1_943);
}

async fn each_operator_pays_what_its_own_shops_sold(place: &Place) {
    place.earn(OPERATOR, 1, "2024-12-31", 1_000).await;
    place.earn(OPERATOR, 1, "2025-07-01", 200).await;
    place.earn(OTHER, 1, "2026-01-12", 40).await;
    place.earn(OTHER, 2, "2026-01-13", 3).await;
    place.on("2026-02-10");
    let all = due::list(&mut place.read().await, Of::All, day("2026-02-09")).await.unwrap();
    let found: Vec<_> = all.iter().map(|d| (d.operator_id, d.farmer_id, d.balance.due_fen())).collect();
    assert_eq!(found, [(OPERATOR, 1, 1_200), (OTHER, 1, 40), (OTHER, 2, 3)]);
    let id = payouts::propose(place.desk(&place.staff), OTHER, day("2026-01-12")).await.unwrap();
    assert_eq!(lines(place, id).await, [Line { farmer_id: 1, amount_fen: 40, carried_fen: 0 }]);
    let last = stored::find_last_up_to(&mut place.read().await, OTHER).await.unwrap();
    assert_eq!(last, Some(day("2026-01-12")));
}

async fn a_household_confirms_its_own_and_reads_nobody_elses(place: &Place) {
    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.on("2026-02-10");
    let household = Actor::household(1, Actor::SLIP);
    let other = Actor::household(2, Actor::SLIP);
    let id = payouts::propose(place.desk(&place.staff), OPERATOR, day("2026-01-31")).await.unwrap();
    payouts::approve(place.desk(&place.chief), id).await.unwrap();
    assert_eq!(refused(payouts::confirm(place.desk(&household), 1, id).await), Paying::MovedOn, "not paid yet");
    payouts::mark_paid(place.desk(&place.staff), id, day("2026-02-10"), "1").await.unwrap();
    assert_eq!(refused(payouts::confirm(place.desk(&other), 2, id).await), Paying::MovedOn);
    payouts::confirm(place.desk(&household), 1, id).await.unwrap();
    payouts::confirm(place.desk(&household), 1, id).await.unwrap();
    let receipts = stored::list_receipts(&mut place.read().await, id).await.unwrap();
    assert_eq!(receipts.iter().map(|(farmer_id, _)| *farmer_id).collect::<Vec<_>>(), [1]);
    let scope = |farmer_id| Scope::Farmer { county: code(), farmer_id };
    let mut own = place.store.read(scope(1)).await.unwrap();
    assert!(own::list(&mut own, 1).await.unwrap()[0].confirmed_at.is_some());
    assert_eq!(due::list(&mut own, Of::All, day("2026-02-10")).await.unwrap().len(), 1);
    let mut others = place.store.read(scope(2)).await.unwrap();
    assert_eq!(own::list(&mut others, 1).await.unwrap(), []);
    assert_eq!(due::list(&mut others, Of::Farmer(1), day("2026-02-10")).await.unwrap(), []);
    assert!(stored::find(&mut others, id).await.is_err());
}

async fn an_account_is_sealed_masked_and_opened_for_the_bank_only(place: &Place) {
    let (staff, chief) = (place.desk(&place.staff), place.desk(&place.chief));
    let keyring = Keyring::new(vec![SealingKey::new([5; KEY_BYTES])]).unwrap();
    let none = bank_accounts::store_typed(staff, None, 1, "农商行", "6228480012345678").await.unwrap_err();
    assert!(matches!(none.downcast_ref(), Some(Problem::NoSealingKey)));
    assert_eq!(refused(bank_accounts::store_typed(staff, Some(&keyring), 1, "农商行", "12").await), Paying::BadAccount);
    bank_accounts::store_typed(staff, Some(&keyring), 1, "农商行", "6228480012345678").await.unwrap();
    bank_accounts::store_typed(staff, Some(&keyring), 1, "农商行", "6228480099995678").await.unwrap();
    let shown = async |keyring| bank_accounts::find_shown(&mut place.read().await, keyring, 1).await.unwrap();
    assert_eq!(shown(Some(&keyring)).await, bank_accounts::Shown::Masked("农商行 ····5678".into()));
    assert_eq!(shown(None).await, bank_accounts::Shown::Closed);
    let sought = Sought { noun: Some("bank_account".into()), ..Sought::default() };
    let mut told = Vec::new();
    audit::each(&mut place.read().await, &sought, |row| told.push(row)).await.unwrap();
    assert_eq!(told.iter().map(|row| row.verb.as_str()).collect::<Vec<_>>(), ["add", "change"]);
    assert!(told.iter().all(|row| !row.after.contains("5678") && row.after.contains("changed")));
    assert!(Field::BankAccount.is_personal());

    place.earn(OPERATOR, 1, "2026-01-12", 2_500).await;
    place.earn(OPERATOR, 2, "2026-01-12", 300).await;
    place.on("2026-02-10");
    let id = payouts::propose(staff, OPERATOR, day("2026-01-31")).await.unwrap();
    assert_eq!(refused(payouts::bank_file(chief, Some(&keyring), id).await), Paying::MovedOn, "not approved");
    payouts::approve(chief, id).await.unwrap();
    let file = payouts::bank_file(chief, Some(&keyring), id).await.unwrap();
    let numbers: Vec<&str> = file.paid.iter().map(|(_, account)| account.number()).collect();
    assert_eq!((numbers, file.without_account), (vec!["6228480099995678"], 1));

    // another key seals it anew, and every stored account is known to doctor
    let newer = keyring.with_new(SealingKey::new([6; KEY_BYTES]));
    let vault =
        Vault { store: &place.store, county: code(), actor: &place.chief, clock: &place.clock, keyring: &newer };
    assert_eq!(secrets::rotate(vault).await.unwrap(), 1);
    let newest = newer.without_old();
    let standings = secrets::standings(&mut place.read().await, Some(&newest)).await.unwrap();
    assert!(standings.iter().all(|s| s.opens && s.keeper == Keeper::Household(1)) && standings.len() == 1);
    assert_eq!(shown(Some(&newest)).await, bank_accounts::Shown::Masked("农商行 ····5678".into()));
    let mut work = staff.work("anonymise").await.unwrap();
    red_anchor::store::farmers::anonymise(&mut work, 1, "匿名户").await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    assert_eq!(shown(Some(&newest)).await, bank_accounts::Shown::None);
}

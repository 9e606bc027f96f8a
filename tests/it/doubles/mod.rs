//! Two records of one household become one: nothing that was booked, locked or paid moves, nothing is paid twice, and
//! whoever asks for the household gets both; on both engines.
//!
//! The records are the first two of the county's four households, of which three live in one village: they share every
//! consignment line, two locked months, a lot, payouts, and a balance that a late refund has taken below zero.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

use crate::audit::any_change;
use crate::store::engines;
use crate::verify::changed::Copies;
use crate::world::{self, County, code, day};
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::amounts::Col;
use red_anchor::domain::doubles::Households;
use red_anchor::domain::payouts::Kind;
use red_anchor::domain::problem::{Doubling, Paying, Problem};
use red_anchor::domain::records::RefundRecord;
use red_anchor::domain::weighing::Weighed;
use red_anchor::services::desk::Desk;
use red_anchor::services::figures::{self, By, Request};
use red_anchor::services::lots::NewLot;
use red_anchor::services::verify::verify;
use red_anchor::services::{accounts, doubles, farmers, lock, lots, payouts, post};
use red_anchor::store::bank_accounts::{self, SealedAccount};
use red_anchor::store::consents::{self, Consent};
use red_anchor::store::figures::{Basis, Grouping, Question, Range};
use red_anchor::store::goods::{self, Operator, SupplyRow};
use red_anchor::store::households::{self, By as SalesBy};
use red_anchor::store::lots as stored_lots;
use red_anchor::store::month_reports;
use red_anchor::store::payouts::due::{self, Of};
use red_anchor::store::payouts::{self as stored, own};
use red_anchor::store::{self, facts, lines, take_ids};

/// The record that is kept, and its double.
const KEPT: i64 = 1;
const DOUBLE: i64 = 2;
const BOTH: [i64; 2] = [KEPT, DOUBLE];

/// Runs a case on SQLite as a test of its own; all of them once more on PostgreSQL.
macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    let dir = tempfile::tempdir().unwrap();
                    let store = crate::store::engines::sqlite(&dir).await;
                    Box::pin(super::$case(Box::pin(super::Place::new(store, dir)).await)).await;
                }
            )+
        }

        #[tokio::test]
        async fn the_same_holds_on_postgresql() {
            $(
                let place = Box::pin(Place::new(engines::postgres().await, tempfile::tempdir().unwrap())).await;
                Box::pin($case(place)).await;
            )+
        }
    };
}

#[tokio::test]
async fn a_double_that_was_changed_behind_verifys_back_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("county.db");
    let store = store::Store::open(path.to_str().unwrap(), store::Missing::Create).await.unwrap();
    let place = Box::pin(Place::new(store, dir)).await;
    place.merge().await;
    place.county.clock().advance_to(world::at("2026-03-20", 9));
    place.weigh_in("2026-03-18", &[(KEPT, 20_000), (DOUBLE, 10_000)]).await;
    let paid = place.pay("2026-03-19").await;
    place.clean("merged and paid").await;
    let copies = Copies::of(place.county).await;
    for change in [
        "double_id = 3",
        "into_id = 3",
        "batch_id = batch_id + 1000, counts_from = '2026-02-01'",
        "counts_from = '2026-01-01'",
        "counts_from = '2026-04-01'",
        "parted_batch_id = batch_id + 1",
    ] {
        copies.after(&format!("update farmer_double set {change}")).await;
    }
    copies.after("delete from farmer_double").await;
    let to_double =
        format!("update payout_line set farmer_id = {DOUBLE} where payout_id = {paid} and farmer_id = {KEPT}");
    let named = copies.named(&to_double).await;
    assert!(named.iter().any(|text| text.contains("pays a double")), "{named:?}");
    copies.after("update farmer_double_entry set decided_by = entered_by").await;
    copies.after("update farmer_double_entry set outcome = 'rejected'").await;
    copies.all_found();
}

cases!(
    a_merge_moves_nothing_and_both_are_one_household_from_then_on,
    what_is_due_to_both_is_paid_once_and_a_balance_below_zero_is_offset,
    two_people_decide_and_nobody_on_their_own_household,
    what_cannot_be_exact_is_refused,
    a_merge_is_taken_back_until_it_has_counted,
    what_only_one_record_agreed_to_ends,
    a_double_is_named_no_longer_with_the_household,
);

struct Place {
    county: County,
    staff: Actor,
    chief: Actor,
}

impl Place {
    /// The county with an operator that has paid what was due until the middle of March; ducks come from a lot that both records brought
    /// goods to; then a refund takes a settled sale back.
    async fn new(store: store::Store, dir: tempfile::TempDir) -> Self {
        let county = Box::pin(County::made_of_neighbours(store, dir)).await;
        let mut work = county.work("2026-03-16", 9).await;
        let operator = Operator {
            operator_id: 1,
            operator_key: "coop".into(),
            name: "演示社".into(),
            phone: String::new(),
            pays_on_day: 15,
        };
        goods::upsert_operators(&mut work, &[operator]).await.unwrap();
        let shops = goods::list_shops(&mut work).await.unwrap();
        let of_it: Vec<_> = shops.into_iter().map(|shop| goods::Shop { operator_id: 1, ..shop }).collect();
        goods::upsert_shops(&mut work, &of_it).await.unwrap();
        for noun in ["supply", "lot", "lot_ticket"] {
            take_ids(&mut work, noun, 100).await.unwrap();
        }
        let since = day("2026-01-01");
        goods::insert_supply(&mut work, &[SupplyRow::from_lots(13, 101, since, None)]).await.unwrap();
        let (from, to) = Range { from: Some(since), to: None }.ends();
        facts::queue_slices(&mut work, facts::Of::Listing, &[13], from, to).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
        let [staff, chief] = [(11, "staff", Role::Branch), (12, "chief", Role::BranchAdmin)]
            .map(|(id, name, role)| Actor::account(id, name, role, "10.0.0.1"));
        let place = Self { county, staff, chief };
        place.weigh_in("2026-01-05", &[(DOUBLE, 4_000), (KEPT, 900_000)]).await;
        place.pay("2026-03-15").await;
        place.refund().await;
        place
    }

    fn desk<'a>(&'a self, actor: &'a Actor) -> Desk<'a> {
        Desk { store: &self.county.store, county: code(), actor, clock: self.county.clock() }
    }

    /// A lot of ducks, bought by weight.
    async fn weigh_in(&self, on: &str, weighed: &[(i64, i64)]) -> i64 {
        let weighed = weighed
            .iter()
            .map(|&(farmer_id, weight_g)| Weighed { farmer_id, weight_g, grade: String::new(), agreed_fen_per_kg: 430 })
            .collect();
        let lot = NewLot { product_id: 3, intake_on: day(on), certificate_no: String::new(), weighed };
        lots::take_in(&self.desk(&self.staff), &lot).await.unwrap()
    }

    /// Every balance up to a day is put forward, approved and paid.
    async fn pay(&self, up_to: &str) -> i64 {
        let id = payouts::propose(self.desk(&self.staff), 1, day(up_to)).await.unwrap();
        payouts::approve(self.desk(&self.chief), id).await.unwrap();
        payouts::mark_paid(self.desk(&self.staff), id, self.county.clock().today(), "回单 1").await.unwrap();
        id
    }

    /// Settled and paid kumquats of both records come back.
    async fn refund(&self) {
        let mut work = self.county.work("2026-03-17", 12).await;
        let late = RefundRecord { refund_no: "late".into(), ..world::refund(0, 1, "2026-03-17", 5_000) };
        world::take_refunds(&mut work, 1, &[late]).await;
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }

    async fn clean(&self, when: &str) {
        let report = verify(&mut self.county.read().await).await.unwrap();
        assert_eq!(report.differences, [], "{when}: {report}");
    }

    /// Every figure of a span, in every grouping that may name households, as text.
    async fn figures(&self, from: &str, to: &str) -> String {
        let session = &mut self.county.read().await;
        let mut told = Vec::new();
        for by in ["total", "month", "town", "village", "product", "farmer", "shop", "class"] {
            for basis in [Basis::Event, Basis::Pay] {
                let request = Request {
                    region: code(),
                    range: Range { from: Some(day(from)), to: Some(day(to)) },
                    by: By::parse(by).unwrap(),
                    basis,
                    headline_only: false,
                    only: None,
                    households: true,
                };
                told.push(format!("{by} {basis:?} {:?}", figures::rows(session, &request).await.unwrap()));
            }
        }
        told.join("\n")
    }

    /// Households of every month of a span, asked month by month in one answer.
    async fn count_by_month(&self, from: &str, to: &str) -> Vec<(Option<String>, i64)> {
        let request = Request {
            region: code(),
            range: Range { from: Some(day(from)), to: Some(day(to)) },
            by: By::parse("month").unwrap(),
            basis: Basis::Event,
            headline_only: false,
            only: None,
            households: true,
        };
        let rows = figures::rows(&mut self.county.read().await, &request).await.unwrap();
        rows.into_iter().map(|row| (row.key, row.figures.get("households").unwrap())).collect()
    }

    async fn count_households(&self, from: &str, to: &str) -> i64 {
        let request = Request {
            region: code(),
            range: Range { from: Some(day(from)), to: Some(day(to)) },
            by: By::parse("total").unwrap(),
            basis: Basis::Event,
            headline_only: false,
            only: None,
            households: true,
        };
        figures::total(&mut self.county.read().await, &request).await.unwrap().get("households").unwrap()
    }

    /// The stored reports, byte for byte.
    async fn reports(&self) -> Vec<String> {
        let session = &mut self.county.read().await;
        let mut documents = Vec::new();
        for head in month_reports::list_heads(session).await.unwrap() {
            documents.push(month_reports::find(session, head.report_no).await.unwrap().unwrap().document);
        }
        documents
    }

    /// What is due to every household: record and fen.
    async fn due(&self) -> Vec<(i64, i64)> {
        let found = due::list(&mut self.county.read().await, Of::All, self.county.clock().today()).await.unwrap();
        found.iter().map(|d| (d.farmer_id, d.balance.due_fen())).collect()
    }

    async fn due_of(&self, farmer_id: i64) -> i64 {
        self.due().await.iter().filter(|(id, _)| *id == farmer_id).map(|(_, fen)| fen).sum()
    }

    async fn merge(&self) -> i64 {
        let entry = doubles::propose(&self.desk(&self.staff), DOUBLE, "farmer-1", "核对过户口簿").await.unwrap();
        doubles::approve(&self.desk(&self.chief), entry).await.unwrap();
        entry
    }

    async fn store_account(&self, farmer_id: i64) {
        let mut work = self.county.work("2026-03-17", 13).await;
        let stored_at = world::at("2026-03-17", 13);
        let account = SealedAccount { farmer_id, key_id: "k".into(), sealed: vec![7], stored_at };
        bank_accounts::upsert(&mut work, &[account]).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }

    async fn refused(&self, kept_key: &str, double_id: i64) -> Doubling {
        refused(doubles::propose(&self.desk(&self.staff), double_id, kept_key, "核对过").await)
    }

    /// What a household's phone sums up of a span: lines and fen of its sales, its months, its lots' grams, its payouts.
    async fn phone(&self, farmer_id: i64) -> (i64, i64, Vec<String>, i64, i64) {
        let scope = Scope::Farmer { county: code(), farmer_id };
        let session = &mut self.county.store.read(scope).await.unwrap();
        let sold = households::sum_sales(session, farmer_id, SalesBy::Day, day("2026-01-01"), day("2026-12-31")).await;
        let sold = sold.unwrap();
        let lots = stored_lots::list_own(session, farmer_id, 100).await.unwrap();
        let payouts = own::list(session, farmer_id).await.unwrap();
        (
            sold.iter().map(|s| s.lines).sum(),
            sold.iter().map(|s| s.position[Col::Farmer]).sum(),
            households::list_months(session, farmer_id).await.unwrap(),
            lots.iter().map(|lot| lot.weight_g).sum(),
            payouts.iter().map(|own| own.amount_fen).sum(),
        )
    }
}

fn refused<T: std::fmt::Debug>(answer: anyhow::Result<T>) -> Doubling {
    match answer.unwrap_err().downcast::<Problem>().unwrap() {
        Problem::Doubling(doubling) => doubling,
        other => panic!("{other:?}"),
    }
}

async fn a_merge_moves_nothing_and_both_are_one_household_from_then_on(place: Place) {
    place.clean("before").await;
    let (locked, reports) = (place.figures("2026-01-01", "2026-02-28").await, place.reports().await);
    let (january, year) = (
        place.count_households("2026-01-01", "2026-01-31").await,
        place.count_households("2026-01-01", "2026-12-31").await,
    );
    let locked_months = place.count_by_month("2026-01-01", "2026-02-28").await;
    let mut apart = Vec::new();
    for record in BOTH {
        apart.push(place.phone(record).await);
    }
    assert!(apart.iter().all(|(lines, fen, _, lots, paid)| lines * fen * lots * paid != 0), "{apart:?}");
    place.merge().await;

    place.clean("after").await;
    assert_eq!(place.figures("2026-01-01", "2026-02-28").await, locked, "locked months stay as they are");
    assert_eq!(place.reports().await, reports);
    assert_eq!(place.count_households("2026-01-01", "2026-01-31").await, january);
    assert_eq!(
        place.count_households("2026-01-01", "2026-12-31").await,
        year - 1,
        "one household in what reaches March"
    );
    let likely = doubles::likely(&mut place.county.read().await).await.unwrap();
    let likely: Vec<(i64, i64)> = likely.iter().map(|pair| (pair.first_id, pair.second_id)).collect();
    assert_eq!(likely, [(KEPT, 3)], "of three of one name the double is looked at no more");
    let by_month = place.count_by_month("2026-01-01", "2026-12-31").await;
    assert_eq!(by_month[..locked_months.len()], locked_months, "a month says the same alone and among others");
    let march = place.count_households("2026-03-01", "2026-03-31").await;
    assert!(by_month.contains(&(Some("2026-03".into()), march)), "{by_month:?}");
    let (mut of_both, other) = (Vec::new(), place.phone(3).await);
    for record in BOTH {
        of_both.push(place.phone(record).await);
    }
    assert_eq!(of_both[0], of_both[1], "whichever record's slip is in hand");
    let (lines, fen, months, lots, paid) = of_both.remove(0);
    assert_eq!(fen, apart[0].1 + apart[1].1);
    assert_eq!((lots, paid), (apart[0].3 + apart[1].3, apart[0].4 + apart[1].4));
    assert!(lines >= apart[0].0 && lines < apart[0].0 + apart[1].0, "a line that both share is one line");
    assert!(apart.iter().all(|one| one.2.iter().all(|month| months.contains(month))));
    assert!(other.1 > 0 && other.1 != fen, "a neighbour reads its own");
    Box::pin(one_household_by_figures_and_lines(&place, fen)).await;

    // what is brought in by the double's number is the kept record's, from the day after
    place.county.clock().advance_to(world::at("2026-03-20", 9));
    let before = place.weigh_in("2026-03-17", &[(DOUBLE, 1_000)]).await;
    let after = place.weigh_in("2026-03-19", &[(DOUBLE, 1_000), (3, 500)]).await;
    let tickets = stored_lots::list_tickets(&mut place.county.read().await, &[before, after]).await.unwrap();
    assert_eq!(tickets.iter().map(|t| t.farmer_id).collect::<Vec<_>>(), [DOUBLE, KEPT, 3]);
    let supply =
        goods::list_supply(&mut place.county.read().await, day("2026-03-18"), day("2026-12-31")).await.unwrap();
    let newest = supply.iter().filter(|s| s.listing_id == 11).map(|s| s.version_id).max().unwrap();
    let shares: Vec<(i64, i64)> = supply
        .iter()
        .filter(|s| (s.listing_id, s.version_id) == (11, newest))
        .map(|s| (s.farmer_id, s.share_bp))
        .collect();
    assert_eq!(shares, [(KEPT, 10_000)]);

    // March is locked, and its report is made again to the same bytes
    place.county.clock().advance_to(world::at("2026-04-10", 9));
    let desk = Actor::command_line();
    lock::lock(&place.county.store, code(), &desk, place.county.clock(), day("2026-03-01"), "no price").await.unwrap();
    assert_eq!(place.reports().await.len(), reports.len() + 1);
    place.clean("locked").await;
}

/// What one household's question and its list of lines hold of both records.
async fn one_household_by_figures_and_lines(place: &Place, fen: i64) {
    let scope = Scope::Farmer { county: code(), farmer_id: KEPT };
    let session = &mut place.county.store.read(scope).await.unwrap();
    let question = Question {
        basis: Basis::Event,
        range: Range::default(),
        region: code(),
        grouping: Grouping::Farmer,
        headline_only: false,
        by_month: false,
        only: Some(KEPT),
        households: true,
        counts: false,
    };
    let sums = store::figures::sums(session, &question).await.unwrap();
    assert_eq!(
        sums.iter().map(|s| (s.key.as_str(), s.amounts[Col::Farmer], s.households)).collect::<Vec<_>>(),
        [("1", fen, 1)]
    );
    let chosen = lines::Chosen { lens: lines::Lens::Farmer, id: KEPT, from: day("2026-01-01"), to: day("2026-12-31") };
    let listed = lines::list_chosen(session, &chosen, 1).await.unwrap();
    for line in &listed {
        let slice = households::sum_slice(session, KEPT, line.line_id).await.unwrap();
        assert_eq!(slice[Col::Farmer], line.position[Col::Farmer], "{}", line.line_no);
    }
    assert_eq!(listed.iter().map(|line| line.position[Col::Farmer]).sum::<i64>(), fen);
}

async fn what_is_due_to_both_is_paid_once_and_a_balance_below_zero_is_offset(place: Place) {
    let apart = place.due().await;
    let (kept, double) = (place.due_of(KEPT).await, place.due_of(DOUBLE).await);
    assert_eq!((kept, double), (-2_313, -1_542), "the refund took more than was earned since");
    place.merge().await;
    let together = place.due().await;
    assert_eq!(together.iter().map(|(_, fen)| fen).sum::<i64>(), apart.iter().map(|(_, fen)| fen).sum::<i64>());
    assert_eq!((place.due_of(KEPT).await, place.due_of(DOUBLE).await), (kept + double, 0));
    let by_double = due::list(&mut place.county.read().await, Of::Farmer(DOUBLE), place.county.clock().today()).await;
    assert_eq!(
        by_double.unwrap().iter().map(|d| (d.farmer_id, d.balance.due_fen())).collect::<Vec<_>>(),
        [(KEPT, kept + double)]
    );

    // more goods of both: the old balance is offset, one line pays the household, and nothing is left
    place.county.clock().advance_to(world::at("2026-03-20", 9));
    place.weigh_in("2026-03-18", &[(KEPT, 20_000), (DOUBLE, 10_000)]).await;
    let expected = kept + double + 20_000 * 430 / 1_000 + 10_000 * 430 / 1_000;
    let id = place.pay("2026-03-19").await;
    let lines = stored::list_lines(&mut place.county.read().await, id).await.unwrap();
    let own: Vec<i64> =
        lines.iter().filter(|line| BOTH.contains(&line.farmer_id)).map(|line| line.amount_fen).collect();
    assert_eq!(expected, 9_045);
    assert_eq!((own, lines.iter().any(|line| line.farmer_id == DOUBLE)), (vec![expected], false));
    assert_eq!(place.due_of(KEPT).await, 0);
    place.clean("paid").await;
    let again = payouts::propose(place.desk(&place.staff), 1, day("2026-03-19")).await.unwrap_err();
    assert!(matches!(again.downcast_ref(), Some(Problem::Paying(Paying::NothingDue { .. }))), "{again}");

    // money that was paid to the double before and came back is due to the household, once
    let first = own::list(&mut place.county.read().await, KEPT).await.unwrap();
    let to_double = first.iter().find(|own| own.farmer_id == DOUBLE && own.kind == Kind::Income).unwrap().clone();
    let today = place.county.clock().today();
    let back =
        payouts::give_back(place.desk(&place.staff), to_double.payout_id, DOUBLE, today, "账号错").await.unwrap();
    payouts::approve(place.desk(&place.chief), back).await.unwrap();
    assert_eq!(place.due_of(KEPT).await, to_double.amount_fen);
    place.clean("came back").await;
    // whoever holds either slip says that a payment arrived
    payouts::confirm(place.desk(&Actor::household(DOUBLE, Actor::SLIP)), DOUBLE, id).await.unwrap();
    let receipts = stored::list_receipts(&mut place.county.read().await, id).await.unwrap();
    assert_eq!(receipts.iter().map(|(farmer_id, _)| *farmer_id).collect::<Vec<_>>(), [KEPT]);
}

async fn two_people_decide_and_nobody_on_their_own_household(place: Place) {
    let command_line = Actor::command_line();
    let grant = Grant::new(Role::BranchAdmin, code(), 0).unwrap();
    let made = accounts::create(&place.desk(&command_line), "boss", "", &grant).await.unwrap();
    let boss = Actor::account(made.account_id, "boss", Role::BranchAdmin, "10.0.0.2");
    let own = Grant::new(Role::Farmer, code(), DOUBLE).unwrap();
    accounts::give_role(&place.desk(&command_line), boss.account_id, &own).await.unwrap();
    let by_boss = doubles::propose(&place.desk(&boss), DOUBLE, "farmer-1", "一家").await;
    assert_eq!(refused(by_boss), Doubling::OwnHousehold);
    let staff = place.desk(&place.staff);
    assert_eq!(refused(doubles::propose(&staff, DOUBLE, "farmer-1", " ").await), Doubling::ReasonMissing);
    let named = doubles::propose(&staff, DOUBLE, "farmer-1", "陈演示本人说的").await.unwrap_err();
    assert!(matches!(named.downcast_ref(), Some(Problem::ReasonNamesHousehold)), "{named}");
    let entry = doubles::propose(&staff, DOUBLE, "farmer-1", "核对过").await.unwrap();
    assert_eq!(place.refused("farmer-2", KEPT).await, Doubling::Waiting);
    assert_eq!(refused(doubles::approve(&staff, entry).await), Doubling::OwnProposal);
    assert_eq!(refused(doubles::approve(&place.desk(&boss), entry).await), Doubling::OwnHousehold);
    assert_eq!(refused(doubles::turn_down(&place.desk(&place.chief), entry, "").await), Doubling::ReasonMissing);
    doubles::turn_down(&place.desk(&place.chief), entry, "不是一家").await.unwrap();
    assert_eq!(refused(doubles::approve(&place.desk(&place.chief), entry).await), Doubling::MovedOn);
    let entry = doubles::propose(&staff, DOUBLE, "farmer-1", "再核对过").await.unwrap();
    doubles::turn_down(&staff, entry, "").await.unwrap();
    place.merge().await;
    // the account of one record is that of the household
    let payout =
        payouts::share_surplus(staff, 1, day("2026-03-17"), "分配-1", &[(KEPT, 100), (DOUBLE, 50)]).await.unwrap();
    let lines = stored::list_lines(&mut place.county.read().await, payout).await.unwrap();
    assert_eq!(lines.iter().map(|l| (l.farmer_id, l.amount_fen)).collect::<Vec<_>>(), [(KEPT, 150)]);
    let by_boss = payouts::approve(place.desk(&boss), payout).await.unwrap_err();
    assert!(matches!(by_boss.downcast_ref(), Some(Problem::Paying(Paying::OwnHousehold))), "{by_boss}");
    place.clean("merged").await;
}

async fn what_cannot_be_exact_is_refused(place: Place) {
    assert_eq!(place.refused("farmer-9", DOUBLE).await, Doubling::Unknown { key: "farmer-9".into() });
    assert_eq!(place.refused("farmer-2", DOUBLE).await, Doubling::Same);
    assert_eq!(place.refused("farmer-1", 4).await, Doubling::VillagesDiffer);
    place.store_account(DOUBLE).await;
    assert_eq!(place.refused("farmer-1", DOUBLE).await, Doubling::AccountMissing);
    place.store_account(KEPT).await;
    place.weigh_in("2026-03-10", &[(DOUBLE, 500_000)]).await;
    let under_way = payouts::propose(place.desk(&place.staff), 1, day("2026-03-16")).await.unwrap();
    assert_eq!(place.refused("farmer-1", DOUBLE).await, Doubling::PayoutUnderWay { payout_id: under_way });
    payouts::approve(place.desk(&place.chief), under_way).await.unwrap();
    assert_eq!(place.refused("farmer-1", DOUBLE).await, Doubling::PayoutUnderWay { payout_id: under_way });
    payouts::withdraw(place.desk(&place.chief), under_way).await.unwrap();
    // one that begins between proposal and approval is seen at the approval
    let entry = doubles::propose(&place.desk(&place.staff), DOUBLE, "farmer-1", "核对过").await.unwrap();
    let between = payouts::propose(place.desk(&place.staff), 1, day("2026-03-16")).await.unwrap();
    let early = doubles::approve(&place.desk(&place.chief), entry).await;
    assert_eq!(refused(early), Doubling::PayoutUnderWay { payout_id: between });
    payouts::withdraw(place.desk(&place.chief), between).await.unwrap();
    doubles::approve(&place.desk(&place.chief), entry).await.unwrap();
    assert_eq!(place.refused("farmer-2", 3).await, Doubling::IsDouble { key: "farmer-2".into() });
    assert_eq!(place.refused("farmer-3", KEPT).await, Doubling::HasDoubles { key: "farmer-1".into() });
    farmers::anonymise(&place.county.store, code(), &place.chief, place.county.clock(), "farmer-4", "本人要求")
        .await
        .unwrap();
    assert_eq!(place.refused("farmer-4", 3).await, Doubling::Anonymous);
    // a third record of the household joins the other two
    let third = doubles::propose(&place.desk(&place.staff), 3, "farmer-1", "核对过").await.unwrap();
    doubles::approve(&place.desk(&place.chief), third).await.unwrap();
    assert_eq!(place.phone(3).await, place.phone(DOUBLE).await);
    place.clean("three").await;
}

async fn a_merge_is_taken_back_until_it_has_counted(place: Place) {
    let (due, figures) = (place.due().await, place.figures("2026-01-01", "2026-12-31").await);
    let part = async || {
        let entry = doubles::propose_parting(&place.desk(&place.staff), DOUBLE, "认错了").await?;
        doubles::approve(&place.desk(&place.chief), entry).await
    };
    assert_eq!(refused(part().await), Doubling::NoDouble);
    place.merge().await;
    part().await.unwrap();
    assert_eq!((place.due().await, place.figures("2026-01-01", "2026-12-31").await), (due, figures));
    assert_eq!(refused(part().await), Doubling::NoDouble);
    place.clean("parted").await;
    // once more, and then it is paid
    place.merge().await;
    place.county.clock().advance_to(world::at("2026-03-20", 9));
    place.weigh_in("2026-03-18", &[(DOUBLE, 90_000)]).await;
    let payout_id = place.pay("2026-03-19").await;
    assert_eq!(refused(part().await), Doubling::PaidSince { payout_id });
    place.county.clock().advance_to(world::at("2026-04-10", 9));
    let by = Actor::command_line();
    lock::lock(&place.county.store, code(), &by, place.county.clock(), day("2026-03-01"), "no price").await.unwrap();
    assert_eq!(refused(part().await), Doubling::MonthLocked { month: "2026-03".into() });
    place.clean("kept").await;
}

async fn what_only_one_record_agreed_to_ends(place: Place) {
    let mut work = place.county.work("2026-03-18", 9).await;
    let agreed = |farmer_id, kind: &str| Consent {
        farmer_id,
        kind: kind.into(),
        given_on: day("2026-01-01"),
        withdrawn_on: None,
        recorded_by: "staff".into(),
    };
    let given = [agreed(KEPT, "contact"), agreed(KEPT, "records"), agreed(DOUBLE, "records"), agreed(4, "contact")];
    consents::upsert(&mut work, &given).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let village = red_anchor::domain::regions::RegionCode::parse(world::VILLAGES[0]).unwrap();
    let seen = async || {
        let session = &mut place.county.store.read(Scope::Village(village)).await.unwrap();
        store::people::list_farmers(session).await.unwrap().iter().map(|f| f.farmer_id).collect::<Vec<_>>()
    };
    assert_eq!(seen().await, [KEPT]);
    place.merge().await;
    let session = &mut place.county.read().await;
    let mut standing: Vec<(i64, String)> = consents::list_of(session, &BOTH)
        .await
        .unwrap()
        .into_iter()
        .filter(|consent| consent.withdrawn_on.is_none())
        .map(|consent| (consent.farmer_id, consent.kind))
        .collect();
    standing.sort();
    assert_eq!(standing, [(KEPT, "records".into()), (DOUBLE, "records".into())]);
    assert_eq!(seen().await, Vec::<i64>::new(), "the contact is shown nothing until the household is asked again");
    // asked again, its word counts for both records
    let mut work = place.county.work("2026-03-19", 9).await;
    let again = Consent { given_on: day("2026-03-19"), ..agreed(KEPT, "contact") };
    consents::upsert(&mut work, &[again]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let mut both = seen().await;
    both.sort_unstable();
    assert_eq!(both, BOTH);
}

async fn a_double_is_named_no_longer_with_the_household(place: Place) {
    place.merge().await;
    let session = &mut place.county.read().await;
    let all = store::doubles::list(session).await.unwrap();
    assert_eq!(Households::now(&all).records(DOUBLE), BOTH);
    let export =
        farmers::export(&place.county.store, code(), &place.chief, place.county.clock(), "farmer-1").await.unwrap();
    assert_eq!(export["other_records"][0]["farmer"]["key"], "farmer-2", "all that is kept is of both records");
    assert!(!export["other_records"][0]["entries"].as_array().unwrap().is_empty());
    let payouts = |document: &serde_json::Value| -> Vec<i64> {
        document["payouts"].as_array().unwrap().iter().map(|p| p["amount_fen"].as_i64().unwrap()).collect()
    };
    let told: i64 = payouts(&export).iter().chain(&payouts(&export["other_records"][0])).sum();
    assert_eq!(told, place.phone(KEPT).await.4, "each record's document has its own payouts");
    farmers::anonymise(&place.county.store, code(), &place.chief, place.county.clock(), "farmer-1", "本人要求")
        .await
        .unwrap();
    for record in BOTH {
        let session = &mut place.county.read().await;
        let farmer = store::farmers::find(session, record).await.unwrap().unwrap();
        assert_eq!(farmer.name, farmers::ANONYMOUS);
    }
    place.clean("nameless").await;
}

//! The table of addresses, walked whole: every address, as every role, in scope, out of scope and signed out.

use super::client::{Answer, enter_as, get, submit, submit_from};
use super::seed::{FARMER, STREAM, Seeded, county, grant, granted, photo, seeded};
use super::walk::address;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::calendar::parse_month;
use red_anchor::domain::photos::Shows;
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::accounts;
use red_anchor::services::desk::Desk;
use red_anchor::services::{lock, photos, setup, sharing, slips};
use red_anchor::store::{people, streams, take_ids};
use red_anchor::web::AppState;
use red_anchor::web::routes::{Admission, Open, ROUTES, Reach, Route, Verb};
use std::fmt::Write as _;

/// Another county in the same database, with nothing in it.
const OTHER: &str = "360828";
/// What only readers in scope may see: the household's income, its uplift, its name.
const MARKS: [&str; 3] = ["29.62", "12.82", "陈*"];
/// Every field any form of the site reads.
const FORM: &str = "name=somebody&display=x&role=branch&region=360827&subject=0&county=360827&password=a-long-password\
    &again=a-long-password&present=x&app_key=k&app_secret=s&record=1&product_no=7002&listing=k5&code=000000&secret=x&session=x&slip=1&town=360827101&digits=9999&f1=yes";

/// Who asks.
struct Asker {
    what: String,
    /// `None`: signed out.
    grant: Option<(RegionCode, Grant)>,
    in_scope: bool,
}

fn askers() -> Vec<Asker> {
    let other = RegionCode::parse(OTHER).unwrap();
    let mut askers = vec![Asker { what: "signed out".into(), grant: None, in_scope: true }];
    for role in Role::ALL {
        let (there, outside) = match role {
            Role::BranchAdmin | Role::Branch | Role::Auditor => (other, granted(role, OTHER, 0)),
            Role::Anchor | Role::Farmer => (county(), granted(role, "360827", 2)),
            Role::VillageContact => (county(), granted(role, "360827101200", 0)),
            Role::Official => (county(), granted(role, "360827100", 0)),
        };
        askers.push(Asker { what: format!("{role:?} in scope"), grant: Some((county(), grant(role))), in_scope: true });
        askers.push(Asker { what: format!("{role:?} out of scope"), grant: Some((there, outside)), in_scope: false });
    }
    askers.push(Asker {
        what: "Official of another county".into(),
        grant: Some((other, granted(Role::Official, OTHER, 0))),
        in_scope: false,
    });
    askers
}

async fn cookie(app: &AppState, asker: &Asker) -> String {
    match asker.grant {
        Some((county, grant)) => enter_as(app, county, grant).await,
        None => String::new(),
    }
}

/// The seeded county, a second one, and what addresses name: a link for a password, a slip, an account.
struct Walked {
    seeded: Seeded,
    password_link: String,
    slip: String,
    shared: String,
    account_id: i64,
}

impl Walked {
    async fn new() -> Self {
        let seeded = seeded().await;
        let (store, clock) = (&seeded.app.store, &seeded.app.clock);
        let other = RegionCode::parse(OTHER).unwrap();
        setup::init(store, other, "seed", [8; 32], clock).await.unwrap();
        // what the form below makes there has none of the numbers that addresses name
        let mut session = store.write(other).await.unwrap();
        for noun in ["anchor", "room", "product"] {
            take_ids(&mut session, noun, 1_000).await.unwrap();
        }
        session.commit().await.unwrap();
        let anchor = people::Anchor { anchor_id: 2, anchor_key: "a2".into(), name: "主播乙".into() };
        let mut session = store.write(county()).await.unwrap();
        people::upsert_anchors(&mut session, &[anchor]).await.unwrap();
        session.commit().await.unwrap();
        let actor = Actor::command_line();
        // goods on the shelf of the anchor's stream, with a photo
        let mut session = store.write(county()).await.unwrap();
        let place = streams::ShelfPlace { stream_id: STREAM, place: 1, listing_id: 1 };
        streams::upsert_shelf(&mut session, &[place]).await.unwrap();
        session.commit().await.unwrap();
        let desk = Desk { store, county: county(), actor: &actor, clock };
        photos::add(&desk, Scope::County(county()), Shows::Listing(1), photo()).await.unwrap();
        // a locked month has a report to hand out
        clock.sleep(std::time::Duration::from_hours(24 * 9)).await;
        let month = parse_month("2026-02").unwrap();
        lock::lock(store, county(), &actor, clock, month, "缺基准价").await.unwrap();
        let made = accounts::create(&desk, "target", "", &grant(Role::Branch)).await.unwrap();
        let shared = sharing::share(&desk, month, 30).await.unwrap();
        let slips = slips::issue(store, county(), &actor, clock, &[FARMER]).await.unwrap();
        Self { account_id: made.account_id, password_link: made.secret, slip: slips[0].code.clone(), shared, seeded }
    }

    fn address(&self, route: &Route) -> String {
        match route.path {
            "/password/{token}" => format!("/password/{}", self.password_link),
            "/s/{code}" => format!("/s/{}", self.slip),
            // the first one is a proposal's
            "/anchor/goods/photos/{id}" => "/anchor/goods/photos/2".into(),
            path if path.starts_with("/shared/") => path.replace("{code}", &self.shared),
            path if path.starts_with("/branch/accounts/") => path.replace("{id}", &self.account_id.to_string()),
            _ => address(route),
        }
    }
}

/// The address names a record of the county, which is none outside its scope.
fn names_a_record(route: &Route) -> bool {
    !matches!(route.reach, Reach::Nothing | Reach::Own | Reach::Link)
        && ["{id}", "{code}", "{shop}", "{year}"].iter().any(|name| route.path.contains(name))
}

fn leads_to_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header(header::LOCATION).starts_with("/sign-in")
}

fn check(route: &Route, asker: &Asker, answer: &Answer) {
    let role = asker.grant.map(|(_, grant)| grant.role);
    let said = format!("{:?} {} as {}: {}", route.verb, route.path, asker.what, answer.status);
    match route.admits(role) {
        Admission::Refused => assert_eq!(answer.status, StatusCode::FORBIDDEN, "{said}"),
        Admission::SignInFirst => assert!(leads_to_sign_in(answer), "{said}"),
        Admission::In if !asker.in_scope && names_a_record(route) => {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{said}");
        }
        Admission::In if route.verb == Verb::Post => {
            assert!(!answer.status.is_server_error() && answer.status != StatusCode::FORBIDDEN, "{said}");
        }
        // a county that has locked nothing has no table to hand out
        Admission::In if !asker.in_scope && answer.status == StatusCode::UNPROCESSABLE_ENTITY => {
            assert_eq!(route.path, "/official/tables/{file}", "{said}");
        }
        Admission::In => assert!(answer.status.is_success() || answer.status.is_redirection(), "{said}"),
    }
    if !asker.in_scope || role.is_none() {
        let of_county = !matches!(route.reach, Reach::Nothing);
        for mark in MARKS.iter().filter(|_| of_county) {
            assert!(!answer.body.contains(mark), "{said} shows {mark}");
        }
    }
}

#[tokio::test]
async fn every_address_as_every_role_in_scope_out_of_scope_and_signed_out() {
    let walked = Walked::new().await;
    let app = &walked.seeded.app;
    let askers = askers();
    let mut checks = 0;
    // all pages first: a post may use up the link an address names, or end the session it came with
    for asker in &askers {
        let reading = cookie(app, asker).await;
        for route in ROUTES.iter().filter(|r| r.verb == Verb::Get) {
            check(route, asker, &get(app, &walked.address(route), &reading).await);
            checks += 1;
        }
    }
    for asker in &askers {
        for route in ROUTES.iter().filter(|r| r.verb == Verb::Post) {
            let changing = cookie(app, asker).await;
            check(route, asker, &submit(app, &walked.address(route), &changing, FORM).await);
            checks += 1;
        }
    }
    println!("access matrix: {} routes x {} readers = {checks} checks", ROUTES.len(), askers.len());
    assert_eq!(checks, ROUTES.len() * askers.len());
}

#[tokio::test]
async fn no_post_is_believed_that_comes_from_elsewhere() {
    let walked = Walked::new().await;
    let app = &walked.seeded.app;
    for route in ROUTES.iter().filter(|r| r.verb == Verb::Post) {
        let role = match route.open {
            Open::To(roles) => roles[0],
            Open::Public | Open::SignedIn => Role::Branch,
        };
        let cookie = enter_as(app, county(), grant(role)).await;
        for origin in ["https://evil.example", "null", "http://county.example.evil.example"] {
            let answer = submit_from(app, origin, &walked.address(route), &cookie, FORM).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} from {origin}", route.path);
        }
        assert!(get(app, "/me", &cookie).await.status.is_success(), "{}: the session still stands", route.path);
    }
}

#[tokio::test]
async fn a_request_larger_than_its_route_allows_is_refused() {
    let walked = Walked::new().await;
    let app = &walked.seeded.app;
    let large = format!("name={}", "x".repeat(100_000));
    for route in ROUTES.iter().filter(|r| r.verb == Verb::Post && r.most_bytes < large.len()) {
        let role = match route.open {
            Open::To(roles) => roles[0],
            Open::Public | Open::SignedIn => Role::Branch,
        };
        let cookie = enter_as(app, county(), grant(role)).await;
        let answer = submit(app, &walked.address(route), &cookie, &large).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", route.path);
    }
}

const DOCUMENT: &str = "docs/ACCESS.md";

fn document() -> String {
    let mut text = String::from(
        "# Who may open what\n\n\
         Written from the router's table (`src/web/routes.rs`) by a test; do not edit it by hand. Renew it with\n\
         `RED_ANCHOR_BLESS=1 cargo test --test it web::access`.\n\n\
         An address that is not here does not exist. What a role may see behind an address is its *reach*: the store\n\
         holds every read to it, and a record outside it is answered with “no such page”. Whoever is signed out is sent\n\
         to the sign-in page and comes back; a post of somebody signed out is refused. An auditor posts nothing but what\n\
         concerns the own account.\n\n\
         | reach | what is in it |\n|---|---|\n\
         | nothing | nothing of any county |\n\
         | own | the reader's own account or device |\n\
         | county | everything in the reader's county |\n\
         | region | the reader's region, nothing beside or above it; of a line shared with other households only what lies in it |\n\
         | village | the households of the reader's village that agreed to it |\n\
         | household | the reader's own household: of a shared line its own slice |\n\
         | anchor | the reader's own streams and training |\n\
         | link | one stored report, which was made to be handed on: no household's row, no amount of fewer than five |\n\n\
         | | address | reach | open to |\n|---|---|---|---|\n",
    );
    for route in ROUTES {
        let verb = if route.verb == Verb::Get { "GET" } else { "POST" };
        let reach = format!("{:?}", route.reach).to_lowercase();
        let open = match route.open {
            Open::Public => "everybody".to_owned(),
            Open::SignedIn => "whoever is signed in".to_owned(),
            Open::To(roles) => roles.iter().map(|role| role.key()).collect::<Vec<_>>().join(", "),
        };
        writeln!(text, "| {verb} | `{}` | {reach} | {open} |", route.path).unwrap();
    }
    text
}

#[test]
#[allow(clippy::disallowed_methods, reason = "blessing is asked for by the environment of the test run")]
fn the_document_of_access_is_the_tables() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    if std::env::var_os("RED_ANCHOR_BLESS").is_some() {
        std::fs::write(&path, document()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == document(), "{DOCUMENT} differs from the table; RED_ANCHOR_BLESS=1 renews it when that is meant");
}

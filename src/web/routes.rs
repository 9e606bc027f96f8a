//! The one table of addresses: path, method, who may open it, how far it reaches, what answers.
//!
//! The router is built from it and from nothing else, so an address without roles cannot exist; tests walk it, and
//! docs/ACCESS.md is written from it. Public is written out where it is meant. What a reader may see within a page is the
//! scope's business, which the store holds; [`Reach`] says what to expect of it.
//! A new address: a line here, with the narrowest roles; the test that compares docs/ACCESS.md says how to renew it.

use super::AppState;
use super::context::Visit;
use super::error::WebError;
use super::{anchor, assets, branch, farmer, live, months, official, own, photos, public, village};
use crate::domain::access::Role;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use tower_http::limit::RequestBodyLimitLayer;

/// Who may open an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Anybody, signed in or not.
    Public,
    /// Whoever is signed in, under any role.
    SignedIn,
    /// Readers of these roles.
    To(&'static [Role]),
}

/// How far what stands behind an address reaches: what is out of scope there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing of any county.
    Nothing,
    /// The reader's own account or device.
    Own,
    /// The reader's whole county.
    County,
    /// The reader's region: nothing beside or above it.
    Region,
    /// The households of the reader's village that agreed.
    Village,
    /// The reader's own household.
    Household,
    /// The reader's own streams and training.
    Anchor,
    /// One stored report, which was made to be handed on, by a link to it.
    Link,
}

/// The methods this site answers; `Get` answers HEAD too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// What the table says of a reader who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    In,
    /// Signed out, and a page that can be come back to.
    SignInFirst,
    Refused,
}

/// A line of the table.
#[derive(Clone, Copy)]
pub struct Route {
    pub verb: Verb,
    pub path: &'static str,
    pub open: Open,
    pub reach: Reach,
    /// Bytes a request may carry.
    pub most_bytes: usize,
    handler: fn() -> MethodRouter<AppState>,
}

impl Route {
    /// Whether a reader of a role (`None`: signed out) is let in. An auditor changes nothing, whatever a line says.
    pub fn admits(&self, role: Option<Role>) -> Admission {
        let changes = self.verb == Verb::Post;
        match (self.open, role) {
            (Open::Public, _) | (Open::SignedIn, Some(_)) => Admission::In,
            (Open::To(roles), Some(role)) if roles.contains(&role) && (!changes || role.may_change()) => Admission::In,
            (Open::SignedIn | Open::To(_), None) if !changes => Admission::SignInFirst,
            (Open::SignedIn | Open::To(_), _) => Admission::Refused,
        }
    }
}

/// Bytes of the largest form anybody posts.
pub const FORM_BYTES: usize = 64 * 1024;
/// Bytes of the files of one upload; they go to disk as they come.
pub const UPLOAD_BYTES: usize = 512 * 1024 * 1024;
/// Bytes of a profile's document.
pub const PROFILE_BYTES: usize = 256 * 1024;
/// Bytes of a table that is filled in by hand.
pub const SHEET_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a photo and the form around it.
pub const PHOTO_BYTES: usize = crate::domain::photos::MOST_BYTES + 64 * 1024;

const ADMINISTRATORS: &[Role] = &[Role::BranchAdmin];
const BRANCH: &[Role] = &[Role::BranchAdmin, Role::Branch];
const BRANCH_READERS: &[Role] = &[Role::BranchAdmin, Role::Branch, Role::Auditor];
const FIGURE_READERS: &[Role] = &[Role::Official, Role::Auditor];
const LOCK_READERS: &[Role] = &[Role::BranchAdmin, Role::Branch, Role::Official, Role::Auditor];
const FILERS_AND_LOCKERS: &[Role] = &[Role::BranchAdmin, Role::Branch, Role::Official];
const LOCKERS: &[Role] = &[Role::BranchAdmin, Role::Official];
const COMPARERS: &[Role] = &[Role::BranchAdmin, Role::Branch, Role::Official, Role::Auditor];
const FARMERS: &[Role] = &[Role::Farmer];
const ANCHORS: &[Role] = &[Role::Anchor];
const CONTACTS: &[Role] = &[Role::VillageContact];

type Handler = fn() -> MethodRouter<AppState>;

const fn page(path: &'static str, open: Open, reach: Reach, handler: Handler) -> Route {
    Route { verb: Verb::Get, path, open, reach, most_bytes: 0, handler }
}

const fn form(path: &'static str, open: Open, reach: Reach, handler: Handler) -> Route {
    Route { verb: Verb::Post, path, open, reach, most_bytes: FORM_BYTES, handler }
}

const fn shown(path: &'static str, handler: Handler) -> Route {
    page(path, Open::Public, Reach::Nothing, handler)
}

const fn read(roles: &'static [Role], reach: Reach, path: &'static str, handler: Handler) -> Route {
    page(path, Open::To(roles), reach, handler)
}

const fn change(roles: &'static [Role], reach: Reach, path: &'static str, handler: Handler) -> Route {
    form(path, Open::To(roles), reach, handler)
}

const fn upload(roles: &'static [Role], most_bytes: usize, path: &'static str, handler: Handler) -> Route {
    Route { most_bytes, ..change(roles, Reach::County, path, handler) }
}

/// All addresses.
pub static ROUTES: &[Route] = &[
    shown("/", || get(public::home::show)),
    shown("/method", || get(public::method::show)),
    read(LOCK_READERS, Reach::Region, "/method/county", || get(official::method::show)),
    change(BRANCH, Reach::County, "/method/published", || post(official::method::create)),
    shown("/static/{hash}/{name}", || get(assets::show)),
    shown("/sign-in", || get(public::sign_in::show)),
    form("/sign-in", Open::Public, Reach::Nothing, || post(public::sign_in::create)),
    shown("/enter/{token}", || get(public::enter::show)),
    form("/enter/{token}", Open::Public, Reach::Nothing, || post(public::enter::create)),
    shown("/password/{token}", || get(public::password::show)),
    form("/password/{token}", Open::Public, Reach::Nothing, || post(public::password::create)),
    page("/shared/{code}", Open::Public, Reach::Link, || get(public::shared_report::show)),
    page("/shared/{code}/report.json", Open::Public, Reach::Link, || get(public::shared_report::original)),
    page("/shared/{code}/report.pdf", Open::Public, Reach::Link, || get(public::shared_report::pdf)),
    page("/shared/{code}/report.xlsx", Open::Public, Reach::Link, || get(public::shared_report::xlsx)),
    page("/shared/{code}/report.csv", Open::Public, Reach::Link, || get(public::shared_report::csv)),
    shown("/s/{code}", || get(public::slip::show)),
    shown("/check/{code}", || get(public::check::show)),
    form("/s/{code}", Open::Public, Reach::Nothing, || post(public::slip::create)),
    form("/leave", Open::Public, Reach::Own, || post(public::enter::leave)),
    page("/me", Open::SignedIn, Reach::Own, || get(own::account::show)),
    form("/me/role", Open::SignedIn, Reach::Own, || post(own::account::switch)),
    form("/me/password", Open::SignedIn, Reach::Own, || post(own::account::change_password)),
    form("/me/sessions/end", Open::SignedIn, Reach::Own, || post(own::account::end_session)),
    form("/me/sessions/end-all", Open::SignedIn, Reach::Own, || post(own::account::end_everywhere)),
    page("/me/second-factor", Open::SignedIn, Reach::Own, || get(own::second_factor::show)),
    form("/me/second-factor", Open::SignedIn, Reach::Own, || post(own::second_factor::create)),
    form("/me/second-factor/off", Open::SignedIn, Reach::Own, || post(own::second_factor::remove)),
    read(FIGURE_READERS, Reach::Region, "/official", || get(official::overview::show)),
    read(FIGURE_READERS, Reach::Region, "/official/by/{grouping}", || get(official::breakdown::show)),
    read(FIGURE_READERS, Reach::Region, "/official/pictures/{file}", || get(official::pictures::show)),
    read(FIGURE_READERS, Reach::Region, "/official/charts", || get(official::charts::show)),
    read(FIGURE_READERS, Reach::Region, "/official/tables/{file}", || get(official::tables::show)),
    read(FIGURE_READERS, Reach::Region, "/official/regions/{code}", || get(official::region::show)),
    read(FIGURE_READERS, Reach::Region, "/official/regions/{code}/sheet.pdf", || get(official::town_sheet::show)),
    read(FIGURE_READERS, Reach::Region, "/official/farmers/{id}", || get(official::farmer::show)),
    read(FIGURE_READERS, Reach::County, "/official/requests", || get(official::requests::show)),
    read(FIGURE_READERS, Reach::Region, "/official/lines", || get(official::lines::show)),
    read(FIGURE_READERS, Reach::Region, "/official/lines/{id}", || get(official::line::show)),
    read(FIGURE_READERS, Reach::Region, "/official/questions", || get(official::questions::first)),
    read(FIGURE_READERS, Reach::Region, "/official/questions/{ask}", || get(official::questions::show)),
    read(COMPARERS, Reach::County, "/reconcile", || get(branch::reconcile::list)),
    read(COMPARERS, Reach::County, "/reconcile/{shop}/{day}", || get(branch::reconcile::show)),
    read(FARMERS, Reach::Household, "/farmer", || get(farmer::month::current)),
    read(FARMERS, Reach::Household, "/farmer/months/{month}", || get(farmer::month::show)),
    read(FARMERS, Reach::Household, "/farmer/months/{month}/statement.pdf", || get(farmer::paper::show)),
    read(FARMERS, Reach::Household, "/farmer/months/{month}/listings/{id}", || get(farmer::listing::show)),
    read(FARMERS, Reach::Household, "/farmer/days/{day}", || get(farmer::day::show)),
    read(FARMERS, Reach::Household, "/farmer/parcels/{id}", || get(farmer::parcel::show)),
    read(FARMERS, Reach::Household, "/farmer/lots", || get(farmer::lots::show)),
    read(FARMERS, Reach::Household, "/farmer/goods", || get(farmer::goods::list)),
    read(FARMERS, Reach::Household, "/farmer/goods/new", || get(farmer::goods::new)),
    change(FARMERS, Reach::Household, "/farmer/goods", || post(farmer::goods::create)),
    read(FARMERS, Reach::Household, "/farmer/goods/photos/{id}", || get(photos::show)),
    Route {
        most_bytes: PHOTO_BYTES,
        ..change(FARMERS, Reach::Household, "/farmer/goods/{id}/photo", || post(photos::add_to_proposal))
    },
    read(FARMERS, Reach::Own, "/farmer/device", || get(farmer::device::show)),
    read(FARMERS, Reach::Household, "/farmer/payouts", || get(farmer::payouts::list)),
    change(FARMERS, Reach::Household, "/farmer/payouts/{id}/received", || post(farmer::payouts::confirm)),
    read(FARMERS, Reach::Household, "/farmer/requests", || get(farmer::requests::list)),
    read(FARMERS, Reach::Household, "/farmer/requests/new", || get(farmer::requests::new)),
    change(FARMERS, Reach::Household, "/farmer/requests", || post(farmer::requests::create)),
    change(FARMERS, Reach::Household, "/farmer/requests/{id}/rate", || post(farmer::requests::rate_answer)),
    change(FARMERS, Reach::Household, "/farmer/requests/{id}/again", || post(farmer::requests::reopen)),
    change(FARMERS, Reach::Own, "/farmer/device/turn", || post(farmer::device::turn)),
    change(FARMERS, Reach::Own, "/farmer/device/forget", || post(farmer::device::forget)),
    read(CONTACTS, Reach::Village, "/village", || get(village::households::list)),
    read(CONTACTS, Reach::Village, "/village/farmers/{id}", || get(village::statement::current)),
    read(CONTACTS, Reach::Village, "/village/farmers/{id}/months/{month}", || get(village::statement::show)),
    read(CONTACTS, Reach::Village, "/village/farmers/{id}/months/{month}/statement.pdf", || get(village::paper::show)),
    read(BRANCH_READERS, Reach::County, "/branch", || get(branch::today::show)),
    read(BRANCH_READERS, Reach::County, "/branch/rooms", || get(branch::rooms::list)),
    read(BRANCH_READERS, Reach::County, "/branch/rooms/{id}", || get(branch::rooms::show)),
    read(BRANCH, Reach::County, "/branch/rooms/new", || get(branch::room_form::new)),
    change(BRANCH, Reach::County, "/branch/rooms", || post(branch::room_form::create)),
    read(BRANCH_READERS, Reach::County, "/branch/rooms/calendar", || get(branch::room_calendar::show)),
    change(BRANCH, Reach::County, "/branch/rooms/{id}", || post(branch::room_form::update)),
    read(BRANCH, Reach::County, "/branch/rooms/{id}/edit", || get(branch::room_form::edit)),
    read(BRANCH_READERS, Reach::County, "/branch/contests", || get(branch::contests::list)),
    change(BRANCH, Reach::County, "/branch/contests", || post(branch::contests::create)),
    read(BRANCH_READERS, Reach::County, "/branch/contests/{id}", || get(branch::contests::show)),
    change(BRANCH, Reach::County, "/branch/contests/{id}/publish", || post(branch::contests::publish)),
    read(BRANCH, Reach::County, "/branch/party", || get(branch::party::show)),
    change(BRANCH, Reach::County, "/branch/party", || post(branch::party::record)),
    change(ADMINISTRATORS, Reach::County, "/branch/party/switch", || post(branch::party::switch)),
    read(BRANCH_READERS, Reach::County, "/branch/training", || get(branch::training::show)),
    read(BRANCH_READERS, Reach::County, "/branch/training/summary.pdf", || get(branch::training_paper::show)),
    read(BRANCH_READERS, Reach::County, "/branch/training.svg", || get(branch::training::picture)),
    read(BRANCH_READERS, Reach::County, "/branch/training/measures.svg", || get(branch::measures::picture)),
    read(BRANCH, Reach::County, "/branch/training/sheet", || get(branch::training_sheet::blank)),
    upload(BRANCH, SHEET_BYTES, "/branch/training/sheet", || post(branch::training_sheet::create)),
    upload(BRANCH, SHEET_BYTES, "/branch/training/sheet/preview", || post(branch::training_sheet::preview)),
    read(BRANCH_READERS, Reach::County, "/branch/training/curriculum", || get(branch::curriculum::show)),
    change(BRANCH, Reach::County, "/branch/training/curriculum/modules", || post(branch::curriculum::create_module)),
    change(BRANCH, Reach::County, "/branch/training/curriculum/modules/{id}", || {
        post(branch::curriculum::update_module)
    }),
    change(BRANCH, Reach::County, "/branch/training/curriculum/rules", || post(branch::curriculum::set_rule)),
    change(BRANCH, Reach::County, "/branch/training/curriculum/lessons", || post(branch::curriculum::plan)),
    read(BRANCH_READERS, Reach::County, "/branch/training/lessons/{id}", || get(branch::lesson::show)),
    change(BRANCH, Reach::County, "/branch/training/lessons/{id}", || post(branch::lesson::sign_in)),
    change(BRANCH, Reach::County, "/branch/training/lessons/{id}/change", || post(branch::lesson::update)),
    read(BRANCH, Reach::County, "/branch/training/lessons/{id}/scan", || get(branch::scans::show)),
    change(BRANCH, Reach::County, "/branch/training/lessons/{id}/scan", || post(branch::scans::open)),
    change(BRANCH, Reach::County, "/branch/training/lessons/{id}/scan/close", || post(branch::scans::close)),
    change(BRANCH, Reach::County, "/branch/training/lessons/{id}/call-off", || post(branch::lesson::call_off)),
    read(BRANCH_READERS, Reach::County, "/branch/training/steps/{id}", || get(branch::ladder_step::show)),
    change(BRANCH, Reach::County, "/branch/training/steps/{id}/approve", || post(branch::ladder_step::approve)),
    change(BRANCH, Reach::County, "/branch/training/steps/{id}/turn-down", || post(branch::ladder_step::turn_down)),
    read(BRANCH, Reach::County, "/branch/anchors/new", || get(branch::anchor_form::new)),
    change(BRANCH, Reach::County, "/branch/anchors", || post(branch::anchor_form::create)),
    read(BRANCH_READERS, Reach::County, "/branch/anchors/{id}", || get(branch::anchors::show)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}", || post(branch::anchor_form::update)),
    read(BRANCH, Reach::County, "/branch/anchors/{id}/edit", || get(branch::anchor_form::edit)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/steps", || post(branch::anchor_ladder::step)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/assessments", || post(branch::anchor_ladder::assess)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/violations", || post(branch::anchor_ladder::violation)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/violations/close", || {
        post(branch::anchor_ladder::close_violation)
    }),
    change(ADMINISTRATORS, Reach::County, "/branch/anchors/{id}/waivers", || post(branch::anchor_ladder::waive)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/national", || post(branch::anchor_ladder::national)),
    change(ADMINISTRATORS, Reach::County, "/branch/anchors/{id}/revoke", || post(branch::anchor_ladder::revoke)),
    read(BRANCH, Reach::County, "/branch/anchors/{id}/paper", || get(branch::paper::show)),
    read(BRANCH, Reach::County, "/branch/anchors/{id}/paper.pdf", || get(branch::paper::pdf)),
    change(BRANCH, Reach::County, "/branch/anchors/{id}/paper", || post(branch::paper::give_code)),
    read(BRANCH_READERS, Reach::County, "/branch/streams", || get(branch::streams::show)),
    read(BRANCH_READERS, Reach::County, "/branch/search", || get(branch::search::show)),
    read(BRANCH_READERS, Reach::County, "/branch/tables/{name}", || get(branch::tables::show)),
    read(BRANCH, Reach::County, "/branch/households/table", || get(branch::tables::households)),
    read(BRANCH_READERS, Reach::County, "/branch/lots/table", || get(branch::lot_table::show)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/table", || get(branch::streams::table_file)),
    read(LOCK_READERS, Reach::County, "/screen", || get(live::screen::show)),
    read(LOCK_READERS, Reach::County, "/screen/events", || get(live::screen::follow)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}/live", || get(live::cockpit::show)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}/live/events", || get(live::cockpit::follow)),
    read(BRANCH, Reach::County, "/branch/streams/new", || get(branch::plan::new)),
    change(BRANCH, Reach::County, "/branch/streams/new", || post(branch::plan::create)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/words", || get(branch::phrases::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/streams/words", || post(branch::phrases::update)),
    read(BRANCH, Reach::County, "/branch/streams/{id}/plan", || get(branch::plan::edit)),
    change(BRANCH, Reach::County, "/branch/streams/{id}/plan", || post(branch::plan::update)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}/run-sheet", || get(branch::run_sheet::show)),
    change(BRANCH, Reach::County, "/branch/streams/{id}/times", || post(branch::plan_change::note_times)),
    change(BRANCH, Reach::County, "/branch/streams/{id}/call-off", || post(branch::plan_change::call_off)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}", || get(branch::stream::show)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}/review.pdf", || get(branch::stream_paper::show)),
    read(BRANCH_READERS, Reach::County, "/branch/streams/{id}/timeline.svg", || get(branch::stream::timeline)),
    read(BRANCH_READERS, Reach::County, "/branch/lots", || get(branch::lots::list)),
    change(BRANCH, Reach::County, "/branch/lots/supply", || post(branch::lots::supply)),
    read(BRANCH, Reach::County, "/branch/lots/new", || get(branch::weighing::show)),
    change(BRANCH, Reach::County, "/branch/lots/new", || post(branch::weighing::create)),
    read(BRANCH_READERS, Reach::County, "/branch/lots/paper", || get(branch::weighing::paper)),
    read(BRANCH_READERS, Reach::County, "/branch/lots/{id}", || get(branch::lot::show)),
    change(BRANCH, Reach::County, "/branch/lots/{id}/correct", || post(branch::lot::correct)),
    change(BRANCH, Reach::County, "/branch/lots/{id}/close", || post(branch::lot::close)),
    read(BRANCH_READERS, Reach::County, "/branch/prices", || get(branch::prices::list)),
    upload(BRANCH, SHEET_BYTES, "/branch/prices", || post(branch::new_price::create)),
    read(BRANCH, Reach::County, "/branch/prices/new", || get(branch::new_price::show)),
    read(BRANCH, Reach::County, "/branch/prices/sheet", || get(branch::new_price::sheet)),
    upload(BRANCH, SHEET_BYTES, "/branch/prices/sheet", || post(branch::new_price::preview_sheet)),
    change(BRANCH, Reach::County, "/branch/prices/market", || post(branch::prices::match_name)),
    read(BRANCH_READERS, Reach::County, "/branch/prices/{id}", || get(branch::price::show)),
    change(BRANCH, Reach::County, "/branch/prices/{id}/effect", || post(branch::price::effect)),
    change(BRANCH, Reach::County, "/branch/prices/{id}/approve", || post(branch::price::approve)),
    change(BRANCH, Reach::County, "/branch/prices/{id}/turn-down", || post(branch::price::turn_down)),
    read(BRANCH_READERS, Reach::County, "/branch/goods", || get(branch::goods::list)),
    read(BRANCH, Reach::County, "/branch/goods/products/new", || get(branch::product::new)),
    change(BRANCH, Reach::County, "/branch/goods/products", || post(branch::product::create)),
    read(BRANCH_READERS, Reach::County, "/branch/goods/products/{id}", || get(branch::product::show)),
    change(BRANCH, Reach::County, "/branch/goods/products/{id}", || post(branch::product::update)),
    change(BRANCH, Reach::County, "/branch/goods/products/{id}/rules", || post(branch::product::add_rule)),
    change(BRANCH, Reach::County, "/branch/goods/products/{id}/papers", || post(branch::product::add_paper)),
    change(BRANCH, Reach::County, "/branch/goods/rules/{id}/end", || post(branch::product::end_rule)),
    change(BRANCH, Reach::County, "/branch/goods/papers/{id}/revoke", || post(branch::product::revoke_paper)),
    read(BRANCH, Reach::County, "/branch/goods/listings/new", || get(branch::listing_draft::new)),
    change(BRANCH, Reach::County, "/branch/goods/listings", || post(branch::listing_draft::create)),
    read(BRANCH_READERS, Reach::County, "/branch/goods/listings/{id}", || get(branch::listing::show)),
    read(BRANCH, Reach::County, "/branch/goods/listings/{id}/terms", || get(branch::listing_draft::new_terms)),
    change(BRANCH, Reach::County, "/branch/goods/listings/{id}/terms", || post(branch::listing_draft::create_terms)),
    change(BRANCH, Reach::County, "/branch/goods/listings/{id}/publish", || post(branch::listing::publish)),
    change(BRANCH, Reach::County, "/branch/goods/listings/{id}/withdraw", || post(branch::listing::withdraw)),
    read(BRANCH_READERS, Reach::County, "/branch/goods/photos/{id}", || get(photos::show)),
    change(BRANCH, Reach::County, "/branch/goods/photos/{id}/remove", || post(photos::remove)),
    upload(BRANCH, PHOTO_BYTES, "/branch/goods/listings/{id}/photo", || post(photos::add_to_listing)),
    upload(BRANCH, PHOTO_BYTES, "/branch/goods/products/{id}/photo", || post(photos::add_to_product)),
    change(BRANCH, Reach::County, "/branch/goods/listings/{id}/count", || post(branch::stock::create)),
    read(BRANCH_READERS, Reach::County, "/branch/goods/proposals/{id}", || get(branch::proposal::show)),
    change(BRANCH, Reach::County, "/branch/goods/proposals/{id}/return", || post(branch::proposal::send_back)),
    read(BRANCH_READERS, Reach::County, "/branch/goods/drafts/{id}", || get(branch::listing_draft::show)),
    change(BRANCH, Reach::County, "/branch/goods/drafts/{id}/approve", || post(branch::listing_draft::approve)),
    change(BRANCH, Reach::County, "/branch/goods/drafts/{id}/turn-down", || post(branch::listing_draft::turn_down)),
    read(BRANCH_READERS, Reach::County, "/branch/unmatched", || get(branch::unmatched::show)),
    upload(BRANCH, SHEET_BYTES, "/branch/unmatched/sheet", || post(branch::mapping::create_many)),
    read(BRANCH, Reach::County, "/branch/unmatched/sheet", || get(branch::mapping::sheet)),
    change(BRANCH, Reach::County, "/branch/unmatched", || post(branch::mapping::create)),
    change(BRANCH, Reach::County, "/branch/unmatched/streams", || post(branch::settle::create)),
    read(BRANCH_READERS, Reach::County, "/branch/shops", || get(branch::shops::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops", || post(branch::new_shop::create)),
    read(ADMINISTRATORS, Reach::County, "/branch/shops/new", || get(branch::new_shop::show)),
    read(BRANCH_READERS, Reach::County, "/branch/shops/{id}", || get(branch::shop::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/credentials", || {
        post(branch::shop_change::store_credentials)
    }),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/test", || post(branch::shop_change::test)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/pause", || post(branch::shop_change::pause)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/resume", || post(branch::shop_change::resume)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/pull-from", || post(branch::shop_change::pull_from)),
    change(ADMINISTRATORS, Reach::County, "/branch/shops/{id}/pace", || post(branch::shop_change::set_pace)),
    read(BRANCH_READERS, Reach::County, "/branch/shops/{id}/set-aside", || get(branch::set_aside::list)),
    change(BRANCH, Reach::County, "/branch/shops/{id}/set-aside", || post(branch::set_aside::retry)),
    read(BRANCH, Reach::County, "/branch/files", || get(branch::files::show)),
    upload(BRANCH, UPLOAD_BYTES, "/branch/files", || post(branch::files::create)),
    upload(BRANCH, UPLOAD_BYTES, "/branch/files/preview", || post(branch::files::preview)),
    read(BRANCH, Reach::County, "/branch/files/columns", || get(branch::columns::show)),
    upload(BRANCH, UPLOAD_BYTES, "/branch/files/columns", || post(branch::columns::look)),
    read(BRANCH_READERS, Reach::County, "/branch/files/profiles", || get(branch::profiles::list)),
    change(BRANCH, Reach::County, "/branch/files/profiles", || post(branch::columns::create)),
    read(BRANCH_READERS, Reach::County, "/branch/files/profiles/{name}", || get(branch::profiles::download)),
    upload(BRANCH, PROFILE_BYTES, "/branch/files/shared-profile", || post(branch::profiles::add)),
    read(BRANCH_READERS, Reach::County, "/branch/files/log", || get(branch::imports::list)),
    read(BRANCH_READERS, Reach::County, "/branch/audit", || get(branch::audit::show)),
    read(BRANCH, Reach::County, "/branch/slips", || get(branch::slips::list)),
    change(BRANCH, Reach::County, "/branch/slips", || post(branch::slips::create)),
    change(BRANCH, Reach::County, "/branch/slips/{id}/revoke", || post(branch::slips::revoke)),
    read(BRANCH, Reach::County, "/branch/households/new", || get(branch::new_household::show)),
    upload(BRANCH, SHEET_BYTES, "/branch/households", || post(branch::new_household::create)),
    upload(BRANCH, SHEET_BYTES, "/branch/households/list", || post(branch::new_household::preview_list)),
    read(BRANCH, Reach::County, "/branch/households/blank", || get(branch::new_household::blank)),
    read(BRANCH, Reach::County, "/branch/households/{id}", || get(branch::household::show)),
    change(BRANCH, Reach::County, "/branch/households/{id}/change", || post(branch::household_change::update)),
    read(BRANCH, Reach::County, "/branch/households/{id}/double", || get(branch::double::show)),
    change(BRANCH, Reach::County, "/branch/households/{id}/double", || post(branch::double::propose)),
    change(BRANCH, Reach::County, "/branch/households/{id}/part", || post(branch::double::propose_parting)),
    read(BRANCH_READERS, Reach::County, "/branch/doubles", || get(branch::doubles::list)),
    read(BRANCH_READERS, Reach::County, "/branch/doubles/{id}", || get(branch::doubles::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/doubles/{id}/approve", || post(branch::doubles::approve)),
    change(BRANCH, Reach::County, "/branch/doubles/{id}/turn-down", || post(branch::doubles::turn_down)),
    change(BRANCH, Reach::County, "/branch/households/{id}/bank-account", || post(branch::household_money::store)),
    read(BRANCH_READERS, Reach::County, "/branch/requests", || get(branch::requests::list)),
    read(BRANCH_READERS, Reach::County, "/branch/requests/{id}", || get(branch::request::show)),
    change(BRANCH, Reach::County, "/branch/requests/{id}/assign", || post(branch::request::assign)),
    change(BRANCH, Reach::County, "/branch/requests/{id}/answer", || post(branch::request::answer)),
    read(BRANCH_READERS, Reach::County, "/branch/payouts", || get(branch::payouts::list)),
    read(BRANCH_READERS, Reach::County, "/branch/payouts/due/{id}", || get(branch::payout_due::show)),
    change(BRANCH, Reach::County, "/branch/payouts/due/{id}", || post(branch::payout_due::propose)),
    change(BRANCH, Reach::County, "/branch/payouts/due/{id}/write-off", || post(branch::payout_due::write_off)),
    change(BRANCH, Reach::County, "/branch/payouts/due/{id}/surplus", || post(branch::payout_due::share_surplus)),
    read(BRANCH_READERS, Reach::County, "/branch/payouts/{id}", || get(branch::payout::show)),
    read(BRANCH, Reach::County, "/branch/payouts/{id}/slips", || get(branch::payout_slips::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/payouts/{id}/approve", || post(branch::payout::approve)),
    change(BRANCH, Reach::County, "/branch/payouts/{id}/withdraw", || post(branch::payout::withdraw)),
    change(BRANCH, Reach::County, "/branch/payouts/{id}/paid", || post(branch::payout::mark_paid)),
    change(BRANCH, Reach::County, "/branch/payouts/{id}/returned", || post(branch::payout::give_back)),
    change(ADMINISTRATORS, Reach::County, "/branch/payouts/{id}/bank-file", || post(branch::payout::bank_file)),
    change(BRANCH, Reach::County, "/branch/households/{id}/consents", || post(branch::household::record_consent)),
    change(ADMINISTRATORS, Reach::County, "/branch/households/{id}/export", || post(branch::household::export)),
    change(ADMINISTRATORS, Reach::County, "/branch/households/{id}/anonymise", || post(branch::household::anonymise)),
    read(ADMINISTRATORS, Reach::County, "/branch/accounts", || get(branch::accounts::list)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts", || post(branch::accounts::create)),
    read(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}", || get(branch::account::show)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}/roles", || post(branch::account::give_role)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}/roles/take", || post(branch::account::take_role)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}/reset", || post(branch::account::reset)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}/disable", || post(branch::account::disable)),
    change(ADMINISTRATORS, Reach::County, "/branch/accounts/{id}/enable", || post(branch::account::enable)),
    read(LOCK_READERS, Reach::County, "/months", || get(months::list::show)),
    change(BRANCH, Reach::County, "/months/file", || post(months::list::file)),
    change(FILERS_AND_LOCKERS, Reach::County, "/months/withdraw", || post(months::list::withdraw)),
    change(LOCKERS, Reach::County, "/months/lock", || post(months::list::lock)),
    change(FILERS_AND_LOCKERS, Reach::County, "/months/comment", || post(months::review::comment)),
    change(LOCKERS, Reach::County, "/months/return", || post(months::review::send_back)),
    change(FILERS_AND_LOCKERS, Reach::County, "/months/open/ask", || post(months::review::ask)),
    change(LOCKERS, Reach::County, "/months/open", || post(months::review::open)),
    change(FILERS_AND_LOCKERS, Reach::County, "/months/open/refuse", || post(months::review::refuse)),
    read(LOCK_READERS, Reach::County, "/months/{month}", || get(months::month::show)),
    read(LOCK_READERS, Reach::County, "/months/{month}/reports/{id}", || get(months::report::download)),
    read(LOCK_READERS, Reach::County, "/months/{month}/reports/{id}/report.pdf", || get(months::paper::show)),
    read(LOCK_READERS, Reach::County, "/months/{month}/reports/{id}/report.xlsx", || get(months::tables::xlsx)),
    read(LOCK_READERS, Reach::County, "/months/{month}/reports/{id}/report.csv", || get(months::tables::csv)),
    read(LOCK_READERS, Reach::County, "/months/years/{year}/report.pdf", || get(months::year::show)),
    read(LOCK_READERS, Reach::County, "/months/years/{year}/report.xlsx", || get(months::tables::year_xlsx)),
    read(LOCK_READERS, Reach::County, "/months/years/{year}/report.csv", || get(months::tables::year_csv)),
    read(LOCKERS, Reach::County, "/months/{month}/links", || get(months::links::list)),
    change(LOCKERS, Reach::County, "/months/{month}/links", || post(months::links::create)),
    change(LOCKERS, Reach::County, "/months/{month}/links/{id}/revoke", || post(months::links::revoke)),
    read(FIGURE_READERS, Reach::County, "/months/{month}/since", || get(months::since::show)),
    read(ANCHORS, Reach::Anchor, "/anchor", || get(anchor::mine::show)),
    read(ANCHORS, Reach::Anchor, "/anchor/classes/{id}", || get(anchor::class::show)),
    change(ANCHORS, Reach::Anchor, "/anchor/classes/{id}", || post(anchor::class::sign_in)),
    read(ANCHORS, Reach::Anchor, "/anchor/contests/{id}", || get(branch::contests::show_to_anchor)),
    read(ANCHORS, Reach::Anchor, "/anchor/streams/{id}", || get(branch::stream::show)),
    read(ANCHORS, Reach::Anchor, "/anchor/goods/photos/{id}", || get(photos::show)),
    read(ANCHORS, Reach::Anchor, "/anchor/streams/{id}/run-sheet", || get(branch::run_sheet::show)),
    read(ANCHORS, Reach::Anchor, "/anchor/streams/{id}/review.pdf", || get(branch::stream_paper::show)),
    read(ANCHORS, Reach::Anchor, "/anchor/streams/{id}/timeline.svg", || get(branch::stream::timeline)),
];

/// Bytes of the largest request any line allows.
pub fn most_bytes() -> usize {
    ROUTES.iter().map(|route| route.most_bytes).max().unwrap_or(0)
}

/// The router of the table.
pub fn table_router() -> Router<AppState> {
    let mut router = Router::new();
    for route in ROUTES {
        let handler = (route.handler)()
            .route_layer(DefaultBodyLimit::max(route.most_bytes))
            .route_layer(RequestBodyLimitLayer::new(route.most_bytes))
            .route_layer(from_fn_with_state(route, guard));
        router = router.route(route.path, handler);
    }
    router.fallback(async || WebError::NotFound)
}

/// Lets in whom the table names; who is signed out is shown the door first and comes back.
async fn guard(
    State(route): State<&'static Route>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    match route.admits(visit.ctx.role) {
        Admission::In => Ok(next.run(request).await),
        Admission::SignInFirst => Ok(Redirect::to(&public::sign_in::address(&visit.ctx.address)).into_response()),
        Admission::Refused => Err(WebError::Forbidden),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_put_forward_locked_and_taken_back_by_the_roles_that_may() {
        let admits = |path: &str, role| {
            let route = ROUTES.iter().find(|route| route.path == path).expect("a line of the table");
            route.admits(Some(role)) == Admission::In
        };
        for role in Role::ALL {
            assert_eq!(admits("/months/file", role), role.may_file(), "{role:?}");
            assert_eq!(admits("/months/lock", role), role.may_lock(), "{role:?}");
            assert_eq!(admits("/months/withdraw", role), role.may_file() || role.may_lock(), "{role:?}");
        }
    }

    #[test]
    fn an_auditor_posts_nowhere_but_about_the_own_account() {
        let everybody = form("/x", Open::To(&Role::ALL), Reach::County, || get(public::home::show));
        assert_eq!(everybody.admits(Some(Role::Auditor)), Admission::Refused);
        assert_eq!(everybody.admits(Some(Role::Branch)), Admission::In);
        for route in ROUTES.iter().filter(|r| r.verb == Verb::Post && r.admits(Some(Role::Auditor)) == Admission::In) {
            assert!(matches!(route.reach, Reach::Own | Reach::Nothing), "{}", route.path);
        }
    }
}

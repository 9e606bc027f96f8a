//! 支部: a workbench. What needs a person comes first, then streams, training, rooms, unmatched lines, shops.
//!
//! Dense tables, filters in the address, the next step named. What is set up comes by the county document; accounts and
//! slips are made here.

pub mod account;
pub mod accounts;
pub mod anchors;
pub mod arrivals;
pub mod audit;
pub mod columns;
pub mod files;
pub mod household;
pub mod household_money;
pub mod imports;
pub mod lot;
pub mod lot_table;
pub mod lots;
pub mod mapping;
pub mod new_price;
pub mod new_shop;
pub mod payout;
pub mod payout_due;
pub mod payout_slips;
pub mod payouts;
pub mod phrases;
pub mod plan;
pub mod plan_change;
pub mod plan_form;
pub mod price;
pub mod prices;
pub mod profiles;
pub mod reconcile;
pub mod request;
pub mod requests;
pub mod rooms;
pub mod run_sheet;
pub mod search;
pub mod set_aside;
pub mod settle;
pub mod shop;
pub mod shops;
pub mod slips;
pub mod stream;
pub mod stream_after;
pub mod streams;
pub mod today;
pub mod training;
pub mod unmatched;
pub mod weighing;

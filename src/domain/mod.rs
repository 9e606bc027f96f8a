//! Values and rules of the county's trade: pure, no I/O, no async, no clock. Uses nothing of ours outside itself.

pub mod access;
pub mod admin;
pub mod amounts;
pub mod attribution;
pub mod audit;
pub mod calendar;
pub mod canonical;
pub mod cells;
pub mod change;
pub mod counts;
pub mod county;
pub mod disclosure;
pub mod figures;
pub mod guessing;
pub mod lang;
pub mod ledger;
pub mod money;
pub mod month_report;
pub mod problem;
pub mod pulling;
pub mod reconcile;
pub mod records;
pub mod regions;
pub mod sealing;
pub mod secret;
pub mod similar;

//! The site, walked as its readers walk it: over its router, on a seeded county.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod access;
mod accounts;
mod client;
mod doubles;
mod errors;
mod exports;
mod files;
mod goods;
mod harvest;
mod live;
mod lots;
mod months;
mod numbers;
mod papers;
mod payouts;
mod phone;
mod plans;
mod prices;
mod proposals;
mod questions;
mod requests;
mod review;
mod roll;
mod sales;
mod scans;
mod seed;
mod settle;
mod sharing;
mod shops;
mod sign_in;
mod slips;
mod statements;
mod stock;
mod subtraction;
mod tables;
mod training;
mod walk;

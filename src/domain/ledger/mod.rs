//! The ledger's arithmetic: from what is known of an order to its dated entries, pure and exact to the fen.
//!
//! `position(line) = f(facts)`: [`entries`] computes, for every event in order, what each household's slice of each
//! line stands at after it less what it stood at before. The store holds the differences between that and what is
//! already posted ([`differences`]), so the sum of a line's rows always equals its position computed afresh.
//!
//! Rules that must hold: every entry balances; parts sum to the whole; given the supply, the order in which facts
//! arrive does not matter; a locked month takes no entries and keeps the versions known at its lock.
//! The rules are defined in docs/MONEY.md.
//!
//! Not here: reading facts (`store::orders`), writing rows (`services::post`), sums over rows ([`super::figures`]).

mod basis;
pub mod book;
pub mod entries;
pub mod facts;
mod parcels;
mod position;
pub mod posting;
mod sale;
mod tally;

pub use book::{Book, Known, Version};
pub use entries::{Dimensions, Entry, LineState, OrderEntries, SliceState, State, entries};
pub use facts::{Event, EventKind, LineFacts, OrderFacts};
pub use posting::{Change, PostedSum, differences};

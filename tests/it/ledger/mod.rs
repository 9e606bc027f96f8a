//! The ledger's rules beyond the shared scenarios: the worked numbers of docs/MONEY.md, and what must hold for any order.

mod order_level;
mod properties;
mod trade;
mod versions;
mod worked;

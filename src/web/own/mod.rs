//! What is everybody's own, under any role: the account, its roles, its sessions, its second factor.

pub mod account;
pub mod second_factor;

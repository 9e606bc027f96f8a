//! Pages anybody may open: the front page, ways to get in, how things are counted.

pub mod check;
pub mod enter;
pub mod home;
pub mod method;
pub mod password;
pub mod shared_report;
pub mod sign_in;
pub mod slip;

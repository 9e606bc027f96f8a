//! From Douyin's words to the product's records: pure functions, a file a noun. The rules of [`super::super::reading`].

pub mod aftersale;
pub mod order;
pub mod settlement;

//! What Douyin sends, as far as it is read: the allow-list of everything kept as evidence.
//!
//! Rule: no field here names or describes a buyer. Names, phones, addresses below the province, encrypted and masked
//! twins of them, messages and notes are not listed, so they are not read. The buyer's id and parcel numbers are read
//! (one to recognise, the others to count) and typed `Unkept`, so they are not written.
//!
//! Each record of a page stands for itself: one that is none, or holds a value that is none, does not spoil the page.

pub mod aftersale;
pub mod envelope;
pub mod order;
pub mod settlement;

#[cfg(test)]
mod tests;

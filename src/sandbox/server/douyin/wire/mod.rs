//! Records as the platform writes them, typed so that serialising a page is one pass without an intermediate tree.
//!
//! Amounts are fen, times Unix seconds with 0 for "not yet", order and after-sale numbers text. The records carry what
//! the real ones carry and a county must never keep (masked and encrypted names, phones, addresses, buyers' words), so
//! that scrubbing is tested by every pull.

pub mod after_sale;
pub mod bill;
pub mod buyer;
pub mod order;
pub mod sku_order;

use serde::{Serialize, Serializer};

/// A number written as text.
#[derive(Debug, Clone, Copy)]
pub struct Digits(pub u64);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By hand, into the stack: there are ten such numbers in an order, and formatting them was a tenth of an answer.
        let mut digits = [b'0'; 20];
        let mut first = digits.len() - 1;
        let mut left = self.0;
        loop {
            digits[first] = b'0' + u8::try_from(left % 10).expect("one digit");
            left /= 10;
            if left == 0 {
                break;
            }
            first -= 1;
        }
        serializer.serialize_str(std::str::from_utf8(&digits[first..]).expect("digits are ASCII"))
    }
}

/// A list written as it is read off an iterator, a record at a time.
pub struct Listed<I>(pub I);

impl<I> Serialize for Listed<I>
where
    I: Iterator + Clone,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_text_to_the_last_digit() {
        for number in [0, 7, 10, 9_007_199_254_740_993, u64::MAX] {
            assert_eq!(serde_json::to_string(&Digits(number)).ok(), Some(format!("\"{number}\"")));
        }
    }
}

//! Secrets of links, sessions and slips: random, shown once, stored only as their SHA-256, so that a copy of the
//! database lets nobody in. They are random enough that a fast hash is right; passwords are not (`services::passwords`).

use rand::Rng;
use sha2::{Digest, Sha256};

/// Letters and digits that are not taken for one another on paper.
const ON_PAPER: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Characters of a slip's code: 100 bits.
const SLIP_CHARACTERS: usize = 20;

/// A secret of 32 random bytes.
pub fn new() -> String {
    random_hex::<32>()
}

/// A name that is no secret but is not counted up either.
pub fn new_id() -> String {
    random_hex::<16>()
}

/// A slip's code.
pub fn new_slip_code() -> String {
    let mut bytes = [0_u8; SLIP_CHARACTERS];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| char::from(ON_PAPER[usize::from(byte % 32)])).collect()
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0_u8; BYTES];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slip_codes_differ_and_hold_nothing_that_is_misread() {
        let (a, b) = (new_slip_code(), new_slip_code());
        assert_ne!(a, b);
        assert!(a.len() == SLIP_CHARACTERS && a.bytes().all(|c| ON_PAPER.contains(&c)));
    }
}

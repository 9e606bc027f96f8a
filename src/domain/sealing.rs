//! Sealing secrets for storage: XChaCha20-Poly1305, bound to the place they are kept at.
//!
//! Rules that must hold: the place (county, shop and field, or county and account or household) is authenticated with the secret, so
//! that a blob copied to another row does not open; a blob names the key it was sealed with, so that keys can be changed; nonces are random and long
//! enough (24 bytes) never to repeat.
//!
//! Pure: randomness is an argument. Not here: where keys come from (`cli::keyring`), rows (`store::secrets`), what is
//! sealed (`services::secrets`).

use super::secret::Secret;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;
/// First byte of a blob: the shape of what follows.
const SHAPE: u8 = 1;

/// A key and its id, which is computed from it: the same key has the same id everywhere, and says nothing of the key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKey {
    id: String,
    bytes: [u8; KEY_BYTES],
}

impl SealingKey {
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        let mut hasher = Sha256::new_with_prefix(b"red-anchor key id");
        hasher.update(bytes);
        Self { id: hex::encode(&hasher.finalize()[..4]), bytes }
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        hex::decode_to_slice(text, bytes.as_mut()).ok()?;
        Some(Self::new(*bytes))
    }

    /// As written to a key file.
    pub fn text(&self) -> Secret {
        Secret::new(hex::encode(self.bytes))
    }

    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for SealingKey {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys at hand: the first seals, all open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyring(Vec<SealingKey>);

impl Keyring {
    /// A ring of at least one key.
    pub fn new(keys: Vec<SealingKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Reads keys parted by white space or commas, the one that seals first; `None` when one is no key or there is none.
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        Self::new(words.map(SealingKey::parse).collect::<Option<_>>()?)
    }

    /// As written to a key file, a key a line.
    pub fn text(&self) -> Secret {
        let mut text = String::with_capacity(self.0.len() * (2 * KEY_BYTES + 1));
        for key in &self.0 {
            text.push_str(key.text().reveal());
            text.push('\n');
        }
        Secret::new(text)
    }

    /// The key that seals.
    pub fn current(&self) -> &SealingKey {
        &self.0[0]
    }

    /// All of them, the one that seals first.
    pub fn keys(&self) -> &[SealingKey] {
        &self.0
    }

    /// The key of an id.
    pub fn find(&self, id: &str) -> Option<&SealingKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// This ring with a new key that seals from now on.
    #[must_use]
    pub fn with_new(&self, key: SealingKey) -> Self {
        let mut keys = vec![key];
        keys.extend(self.0.iter().cloned());
        Self(keys)
    }

    /// Only the key that seals.
    #[must_use]
    pub fn without_old(&self) -> Self {
        Self(vec![self.current().clone()])
    }
}

/// Where a secret is kept; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// What a shop's platform knows us by.
    Shop { county: &'a str, shop_id: i64, field: &'a str },
    /// The second step of somebody's account.
    SecondStep { county: &'a str, account_id: i64 },
    /// Where a household's money goes.
    BankAccount { county: &'a str, farmer_id: i64 },
}

impl Place<'_> {
    /// The bytes that are authenticated; lengths first, so that no two places are the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let (kind, county, id, field) = match *self {
            Self::Shop { county, shop_id, field } => ("red-anchor secret", county, shop_id, field),
            Self::SecondStep { county, account_id } => ("red-anchor second step", county, account_id, ""),
            Self::BankAccount { county, farmer_id } => ("red-anchor bank account", county, farmer_id, ""),
        };
        let mut bytes = Vec::new();
        for part in [kind, county, &id.to_string(), field] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        bytes
    }
}

/// Why a blob does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    #[error("it is not in a shape this program knows")]
    Shape,
    #[error("it was altered, moved to another place, or sealed with another key")]
    Refused,
}

/// Seals a secret for a place.
pub fn seal(key: &SealingKey, place: Place<'_>, nonce: [u8; NONCE_BYTES], secret: &Secret) -> Vec<u8> {
    let payload = Payload { msg: secret.reveal().as_bytes(), aad: &place.bytes() };
    let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).expect("a secret is far below the cipher's limit");
    let mut blob = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
    blob.push(SHAPE);
    blob.extend(nonce);
    blob.extend(sealed);
    blob
}

/// Opens what was sealed for a place.
pub fn open(key: &SealingKey, place: Place<'_>, blob: &[u8]) -> Result<Secret, Unopened> {
    let Some((&SHAPE, rest)) = blob.split_first() else { return Err(Unopened::Shape) };
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Unopened::Shape)?;
    let payload = Payload { msg: sealed, aad: &place.bytes() };
    let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| Unopened::Refused)?;
    String::from_utf8(opened).map(Secret::new).map_err(|_| Unopened::Shape)
}

fn cipher(key: &SealingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(key.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = shop("360827", 3, "app_secret");

    const fn shop<'a>(county: &'a str, shop_id: i64, field: &'a str) -> Place<'a> {
        Place::Shop { county, shop_id, field }
    }

    fn key(byte: u8) -> SealingKey {
        SealingKey::new([byte; KEY_BYTES])
    }

    fn sealed() -> Vec<u8> {
        seal(&key(1), PLACE, [9; NONCE_BYTES], &Secret::new("hush-app".into()))
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_with_its_key_and_nowhere_else() {
        let blob = sealed();
        assert_eq!(open(&key(1), PLACE, &blob).map(|s| s.reveal().to_owned()), Ok("hush-app".to_owned()));
        for elsewhere in [
            shop("360828", 3, "app_secret"),
            shop("360827", 4, "app_secret"),
            shop("360827", 3, "token"),
            Place::SecondStep { county: "360827", account_id: 3 },
            Place::BankAccount { county: "360827", farmer_id: 3 },
        ] {
            assert_eq!(open(&key(1), elsewhere, &blob), Err(Unopened::Refused), "{elsewhere:?}");
        }
        assert_eq!(open(&key(2), PLACE, &blob), Err(Unopened::Refused));
    }

    #[test]
    fn every_bit_of_a_blob_counts() {
        let blob = sealed();
        for place in 0..blob.len() {
            let mut altered = blob.clone();
            altered[place] ^= 1;
            assert!(open(&key(1), PLACE, &altered).is_err(), "byte {place}");
        }
        for length in 0..blob.len() {
            assert!(open(&key(1), PLACE, &blob[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn the_secret_stands_nowhere_in_its_blob() {
        assert!(!sealed().windows(4).any(|w| w == b"hush"));
    }

    #[test]
    fn a_ring_is_read_as_it_is_written_and_the_first_key_seals() {
        let ring = Keyring::new(vec![key(1)]).expect("a ring").with_new(key(2));
        assert_eq!(Keyring::parse(ring.text().reveal()), Some(ring.clone()));
        assert_eq!((ring.current().id(), ring.find(key(1).id())), (key(2).id(), Some(&key(1))));
        assert_eq!(ring.without_old().keys(), [key(2)]);
        assert_eq!(Keyring::parse(&format!("{}, {}", key(1).text().reveal(), "zz")), None);
        assert_eq!(Keyring::parse(" \n"), None);
    }

    #[test]
    fn a_key_is_not_printed() {
        let printed = format!("{:?} {:?}", key(171), Keyring::new(vec![key(171)]));
        assert!(printed.contains(key(171).id()) && !printed.contains("abab") && !printed.contains("171"), "{printed}");
    }
}

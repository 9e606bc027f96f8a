//! What WeChat pushes to an app, and how an answer is sealed: AES-256-CBC, the IV being the key's first half.
//!
//! Inside: 16 random bytes, the message's length as four bytes, the message, the app's number. Padding is PKCS#7 by a
//! block of 32 bytes, twice that of the cipher.
//!
//! Rule: the signature over the sealed text is checked before the text is opened, and the app's number inside must be
//! ours: the signature alone does not say to whom a message was sent. A message names what changed and no more, so it is
//! followed by asking for the order.

use super::sign::signature;
use crate::platforms::sealed::{BLOCK, from_base64, open, seal, to_base64, unpadded};

/// Bytes the padding counts by.
const PADDING: usize = 32;
/// Random bytes in front.
const RANDOM: usize = 16;
/// Bytes of the length.
const LENGTH: usize = 4;

/// What an app and WeChat share for messages.
#[derive(Clone)]
pub struct PushKey {
    token: String,
    key: Vec<u8>,
    app_id: String,
}

impl PushKey {
    /// From the shop's console: its token, its key of 43 characters, and the app's number. The error is for a person.
    pub fn new(token: &str, encoding_aes_key: &str, app_id: &str) -> Result<Self, String> {
        let key = from_base64(encoding_aes_key).filter(|key| key.len() == 32);
        let key = key.ok_or("the message key is not 43 characters of base64")?;
        Ok(Self { token: token.to_owned(), key, app_id: app_id.to_owned() })
    }

    /// The signature of a check of our address, or of a message that is not sealed.
    pub fn sign(&self, timestamp: &str, nonce: &str) -> String {
        signature(&[&self.token, timestamp, nonce])
    }

    /// The signature of a sealed text.
    pub fn sign_sealed(&self, timestamp: &str, nonce: &str, sealed: &str) -> String {
        signature(&[&self.token, timestamp, nonce, sealed])
    }

    /// The message; `None`: it was not sealed with this key, or not for this app.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let bytes = unpadded(open(&self.key, &self.iv(), &from_base64(sealed)?)?, PADDING)?;
        let length = bytes.get(RANDOM..RANDOM + LENGTH)?.first_chunk::<LENGTH>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let rest = &bytes[RANDOM + LENGTH..];
        let (message, app_id) = rest.split_at_checked(length)?;
        (app_id == self.app_id.as_bytes()).then(|| String::from_utf8(message.to_vec()).ok())?
    }

    /// A message sealed, with 16 bytes nobody can foresee.
    pub fn seal(&self, message: &str, random: [u8; RANDOM]) -> String {
        let length = u32::try_from(message.len()).expect("messages are short");
        let mut bytes = [&random[..], &length.to_be_bytes(), message.as_bytes(), self.app_id.as_bytes()].concat();
        let missing = PADDING - bytes.len() % PADDING;
        bytes.extend(std::iter::repeat_n(u8::try_from(missing).expect("32 at most"), missing));
        to_base64(&seal(&self.key, &self.iv(), &bytes).expect("whole blocks under a key of 32 bytes"))
    }

    fn iv(&self) -> [u8; BLOCK] {
        *self.key.first_chunk().expect("a key of 32 bytes")
    }
}

impl std::fmt::Debug for PushKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushKey").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

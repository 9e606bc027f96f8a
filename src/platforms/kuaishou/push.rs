//! What Kuaishou pushes to an app: base64 of AES-CBC under the app's own message key, with an IV of zeros.
//!
//! There is no signature: that a message opens is its only proof. A message says which order changed and no more, so it
//! is followed by asking for the order.

use crate::platforms::sealed::{BLOCK, from_base64, open, unpadded};

/// The message; `None`: it was not sealed with this key.
pub fn message(private_key: &str, body: &str) -> Option<String> {
    let bytes = open(&from_base64(private_key)?, &[0; BLOCK], &from_base64(body)?)?;
    String::from_utf8(unpadded(bytes, BLOCK)?).ok()
}

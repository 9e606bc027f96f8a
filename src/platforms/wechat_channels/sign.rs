//! The signature of what WeChat pushes: SHA-1 over some texts in the order of their bytes.
//!
//! Requests we send are not signed. Rule: equal texts count twice: they are sorted as a list, never as a set.
//!
//! Held by `tests/it/sign_vectors`, whose values came from the platform's own pages and other people's programs.

use sha1::{Digest as _, Sha1};

/// The signature of texts given in any order: lower-case hex.
pub fn signature(texts: &[&str]) -> String {
    let mut texts = texts.to_vec();
    texts.sort_unstable();
    hex::encode(Sha1::digest(texts.concat()))
}

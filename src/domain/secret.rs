//! A text that must not be read over anybody's shoulder: app secrets, tokens, keys.
//!
//! Rule that must hold: it is never printed. `Debug` says that there is one, there is no `Display` and no `Serialize`, and
//! its memory is wiped when it goes. Whoever needs the text asks for it by name ([`Secret::reveal`]).

use std::fmt;
use zeroize::Zeroize;

/// A secret text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for signing, sending and sealing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_printed_however_it_is_wrapped() {
        let secret = Secret::new("hush-7".to_owned());
        let printed = format!("{secret:?} {:#?} {:?}", Some(&secret), vec![secret.clone()]);
        assert!(!printed.contains("hush"), "{printed}");
        assert_eq!(secret.reveal(), "hush-7");
    }
}

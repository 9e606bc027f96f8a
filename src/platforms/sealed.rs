//! AES in CBC mode, as platforms seal what they push to us.
//!
//! Rule: nothing here says why something would not open. Padding is checked by the caller, for one platform pads by its
//! own block; a key is 16, 24 or 32 bytes.
//!
//! Base64 is read leniently: keys are handed out whose last character carries bits that mean nothing, and some senders
//! leave out the padding or break lines.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use aes::{Aes128, Aes192, Aes256};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Bytes of a block of AES.
pub const BLOCK: usize = 16;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Standard base64, forgiving; `None` if it is not base64.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    LENIENT.decode(text).ok()
}

/// Standard base64, padded.
pub fn to_base64(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// The bytes under a seal, padding and all; `None`: not sealed with this key, or not whole blocks.
pub fn open(key: &[u8], iv: &[u8; BLOCK], sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut bytes = sealed.to_vec();
    let opened = match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(&mut bytes).is_ok(),
        24 => cbc::Decryptor::<Aes192>::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(&mut bytes).is_ok(),
        32 => cbc::Decryptor::<Aes256>::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(&mut bytes).is_ok(),
        _ => false,
    };
    opened.then_some(bytes)
}

/// Bytes that are whole blocks, sealed with a key of 32 bytes; `None` if they are not.
pub fn seal(key: &[u8], iv: &[u8; BLOCK], padded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = padded.to_vec();
    let length = bytes.len();
    cbc::Encryptor::<Aes256>::new_from_slices(key, iv).ok()?.encrypt_padded::<NoPadding>(&mut bytes, length).ok()?;
    Some(bytes)
}

/// Takes PKCS#7 padding off: `most` bytes at most, each saying how many there are.
pub fn unpadded(mut bytes: Vec<u8>, most: usize) -> Option<Vec<u8>> {
    let count = usize::from(*bytes.last()?);
    let start = bytes.len().checked_sub(count).filter(|_| (1..=most).contains(&count))?;
    bytes[start..].iter().all(|b| usize::from(*b) == count).then(|| {
        bytes.truncate(start);
        bytes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_blocks_or_has_no_such_key_does_not_open() {
        assert_eq!(open(&[1; 16], &[0; BLOCK], &[7; 15]), None);
        assert_eq!(open(&[1; 16], &[0; BLOCK], &[]), None);
        assert_eq!(open(&[1; 15], &[0; BLOCK], &[7; 16]), None);
        assert_eq!(seal(&[1; 32], &[0; BLOCK], &[7; 17]), None);
    }

    #[test]
    fn padding_is_taken_off_only_where_every_byte_of_it_agrees() {
        assert_eq!(unpadded(vec![9, 2, 2], 16), Some(vec![9]));
        assert_eq!(unpadded(vec![9, 1, 2], 16), None);
        assert_eq!(unpadded(vec![9, 0], 16), None);
        assert_eq!(unpadded(vec![3], 16), None);
        assert_eq!(unpadded(vec![17; 17], 16), None);
        assert_eq!(unpadded(vec![17; 17], 32), Some(vec![]));
    }

    #[test]
    fn base64_is_read_with_and_without_padding_and_with_stray_bits() {
        assert_eq!(from_base64("QQ=="), Some(vec![0x41]));
        assert_eq!(from_base64("QQ"), Some(vec![0x41]));
        assert_eq!(from_base64("QR=="), Some(vec![0x41]));
        assert_eq!(from_base64("Q\nQ=="), Some(vec![0x41]));
        assert_eq!(from_base64("Q*=="), None);
    }
}

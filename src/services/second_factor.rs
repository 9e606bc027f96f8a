//! The second factor: six digits of an authenticator app (TOTP, RFC 6238), thirty seconds each, one step of leeway.
//!
//! A code works once: the step it belongs to is used up with it, and earlier ones too. Not here: keeping the secret, which
//! is sealed like a platform's (`services::secrets`).

use crate::domain::calendar::Instant;
use anyhow::anyhow;
use rand::Rng;
use totp_rs::{Builder, Totp};

/// Bytes of a secret.
const SECRET_BYTES: usize = 20;
/// What authenticator apps call us.
const ISSUER: &str = "Red Anchor";

/// A new secret.
pub fn new_secret() -> Vec<u8> {
    let mut bytes = vec![0_u8; SECRET_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// The step a code belongs to; `None` for a wrong code.
pub fn step_of(secret: &[u8], code: &str, now: Instant) -> anyhow::Result<Option<i64>> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.timestamp())?;
    Ok(totp(secret, "account")?.check(&digits, seconds).map(i64::try_from).transpose()?)
}

/// The address an authenticator app reads from the QR code.
pub fn address(secret: &[u8], login_name: &str) -> anyhow::Result<String> {
    totp(secret, login_name)?.to_url().map_err(|e| anyhow!("totp: {e}"))
}

/// The secret as it is typed where there is no camera.
pub fn typed(secret: &[u8]) -> String {
    totp_rs::Secret::from(secret).to_base32()
}

/// Reads a secret as it was typed, or as the enrolment form carried it.
pub fn read_typed(text: &str) -> Option<Vec<u8>> {
    let secret = totp_rs::Secret::try_from_base32(text).ok()?;
    (secret.as_ref().len() == SECRET_BYTES).then(|| secret.as_ref().to_vec())
}

/// The code of an instant.
pub fn code_at(secret: &[u8], now: Instant) -> anyhow::Result<String> {
    Ok(totp(secret, "account")?.generate(u64::try_from(now.timestamp())?).to_string())
}

fn totp(secret: &[u8], login_name: &str) -> anyhow::Result<Totp> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(login_name)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| anyhow!("totp: {e}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    /// Appendix B of RFC 6238, cut to six digits.
    #[test]
    fn the_rfcs_codes_are_ours() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(secret, at(seconds)).unwrap(), code);
            assert_eq!(step_of(secret, code, at(seconds)).unwrap(), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_next_and_may_hold_blanks() {
        let secret = new_secret();
        let code = code_at(&secret, at(1_800_000_000)).unwrap();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(step_of(&secret, &spaced, at(1_800_000_030)).unwrap(), Some(60_000_000));
        assert_eq!(step_of(&secret, &code, at(1_800_000_090)).unwrap(), None);
    }

    #[test]
    fn what_is_typed_is_the_secret() {
        let secret = new_secret();
        assert_eq!(read_typed(&typed(&secret)), Some(secret.clone()));
        assert_eq!(read_typed("MFRGG"), None);
        assert!(address(&secret, "chen").unwrap().starts_with("otpauth://totp/"));
    }
}

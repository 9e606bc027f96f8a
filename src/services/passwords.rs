//! Passwords: what one must be, and argon2id.
//!
//! A hash costs 19 MiB and some tens of milliseconds on purpose. At most two are computed at once, so that people who
//! try many cannot take the machine's memory; where there is no account the same work is done against a hash nobody's
//! password fits, so that the time says nothing.
//! The four digits a slip asks for are guessed in seconds by whoever has the database, however they are hashed: they get
//! a cheap salted hash, so that importing a county stays quick. What protects them is the limit on guesses.

use crate::domain::problem::Problem;
use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Characters a password has at least.
pub const LEAST_CHARACTERS: usize = 10;
/// Bytes it has at most: more is no safer and slower to hash.
const MOST_BYTES: usize = 512;
/// Hashes computed at once.
const AT_ONCE: usize = 2;
/// Memory of the digits' hash, in KiB.
const DIGITS_KIB: u32 = 256;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
/// A hash of something nobody types.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash_with(&Argon2::default(), &super::codes::new()).expect("default parameters are valid"));

/// Refuses a password that is too short, too long, or the login name.
pub fn check(password: &str, login_name: &str) -> Result<(), Problem> {
    let long_enough = password.chars().count() >= LEAST_CHARACTERS && password.len() <= MOST_BYTES;
    if long_enough && !password.to_lowercase().contains(login_name) {
        Ok(())
    } else {
        Err(Problem::PasswordTooShort { least: LEAST_CHARACTERS })
    }
}

/// The hash to store.
pub async fn hash(password: &str) -> anyhow::Result<String> {
    let password = password.to_owned();
    in_turn(move || hash_with(&Argon2::default(), &password)).await?
}

/// True if a password fits a hash; without a hash the same work is done and it is false.
pub async fn fits(password: &str, hash: Option<&str>) -> anyhow::Result<bool> {
    let (password, known) = (password.to_owned(), hash.is_some());
    let hash = hash.map_or_else(|| NOBODYS.clone(), ToOwned::to_owned);
    in_turn(move || verify(&password, &hash)).await.map(|fits| fits && known)
}

/// The hash of a phone's last four digits.
pub fn hash_digits(digits: &str) -> anyhow::Result<String> {
    let params = Params::new(DIGITS_KIB, 1, 1, None).map_err(|e| anyhow!("argon2: {e}"))?;
    hash_with(&Argon2::new(Algorithm::Argon2id, Version::V0x13, params), digits)
}

/// True if digits fit their hash.
pub fn digits_fit(digits: &str, hash: &str) -> bool {
    verify(digits, hash)
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let _turn = TURNS.acquire().await?;
    Ok(tokio::task::spawn_blocking(work).await?)
}

fn hash_with(argon2: &Argon2<'_>, password: &str) -> anyhow::Result<String> {
    Ok(argon2.hash_password(password.as_bytes()).map_err(|e| anyhow!("argon2: {e}"))?.to_string())
}

/// The parameters are the stored hash's own.
fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_two_hashes_differ() {
        let first = hash("correct horse battery").await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, hash("correct horse battery").await.unwrap());
        assert!(fits("correct horse battery", Some(&first)).await.unwrap());
        assert!(!fits("correct horse batterz", Some(&first)).await.unwrap());
        assert!(!fits("correct horse battery", None).await.unwrap());
    }

    #[test]
    fn a_password_has_ten_characters_and_is_not_the_name() {
        assert!(check("支部的密码要够长才行", "chen").is_ok());
        assert!(check("too short", "chen").is_err());
        assert!(check("chenchenchen", "chen").is_err());
        assert!(check(&"x".repeat(MOST_BYTES + 1), "chen").is_err());
    }

    #[test]
    fn digits_fit_their_hash() {
        let hash = hash_digits("0042").unwrap();
        assert!(digits_fit("0042", &hash) && !digits_fit("0043", &hash));
    }
}

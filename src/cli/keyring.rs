//! Where the keys that seal stored secrets come from: an option, the environment, or a file beside the database.
//!
//! Rule that must hold: a file that anybody else may read is not used. `--key-file` beats the environment's
//! `RED_ANCHOR_KEY` (the keys themselves), which beats `RED_ANCHOR_KEY_FILE`, which beats the file beside a SQLite
//! database. A database on a server has no folder of its own, so there a key has to be named.

use super::context::Context;
use crate::domain::problem::Problem;
use crate::domain::sealing::Keyring;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Rights that nobody but the owner may have.
const OTHERS: u32 = 0o077;
/// A key file is a few lines.
const MOST_BYTES: u64 = 64 * 1024;

/// Where the keys stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Environment,
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

/// The keys of this run; `None` where no key is named and none lies beside the database.
pub fn load(context: &Context) -> Result<Option<(Keyring, Origin)>, Problem> {
    if context.key_file.is_none()
        && let Some(text) = read_environment("RED_ANCHOR_KEY").map(Zeroizing::new)
    {
        let bad = || Problem::KeyFileBad { path: "RED_ANCHOR_KEY".into() };
        return Ok(Some((Keyring::parse(&text).ok_or_else(bad)?, Origin::Environment)));
    }
    let named = context.key_file.clone().or_else(|| read_environment("RED_ANCHOR_KEY_FILE")).map(PathBuf::from);
    let is_named = named.is_some();
    match named.or_else(|| beside_database(context)) {
        Some(path) if is_named || path.exists() => Ok(Some((read(&path)?, Origin::File(path)))),
        _ => Ok(None),
    }
}

/// The keys of this run, which must be there.
pub fn needed(context: &Context) -> Result<(Keyring, Origin), Problem> {
    load(context)?.ok_or(Problem::NoSealingKey)
}

/// Where a new key file goes.
pub fn new_file(context: &Context) -> Result<PathBuf, Problem> {
    let named = context.key_file.clone().or_else(|| read_environment("RED_ANCHOR_KEY_FILE")).map(PathBuf::from);
    named.or_else(|| beside_database(context)).ok_or(Problem::NoSealingKey)
}

/// `county.db` has its keys in `county.db.key`.
fn beside_database(context: &Context) -> Option<PathBuf> {
    let database = context.database();
    let path = database.strip_prefix("sqlite://").unwrap_or(database);
    (!database.starts_with("postgres")).then(|| PathBuf::from(format!("{path}.key")))
}

fn read(path: &Path) -> Result<Keyring, Problem> {
    let shown = path.display().to_string();
    let unreadable = |e: std::io::Error| Problem::FileUnreadable { path: shown.clone(), why: e.to_string() };
    let file = File::open(path).map_err(unreadable)?;
    // of the file that is open, so that it cannot be changed for another in between
    let mode = file.metadata().map_err(unreadable)?.mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(Problem::KeyFileOpen { path: shown, mode: format!("{mode:o}") });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    Keyring::parse(&text).ok_or(Problem::KeyFileBad { path: shown })
}

/// Writes a file that is not there yet, readable by its owner only.
pub fn create(path: &Path, keyring: &Keyring) -> Result<(), Problem> {
    let shown = path.display().to_string();
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Problem::KeyFileExists { path: shown.clone() },
        _ => Problem::FileUnreadable { path: shown.clone(), why: e.to_string() },
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(keyring.text().reveal().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// Writes a file over the one that is there: whole, or not at all.
pub fn replace(path: &Path, keyring: &Keyring) -> Result<(), Problem> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    create(&beside, keyring)?;
    std::fs::rename(&beside, path)
        .map_err(|e| Problem::FileUnreadable { path: path.display().to_string(), why: e.to_string() })
}

#[allow(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn read_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

//! What a person may set for a test run; the one place tests read the environment.

use std::path::PathBuf;

/// The file or folder a variable names.
#[allow(
    clippy::disallowed_methods,
    reason = "tests are told by environment which vectors to read and whether to bless"
)]
pub fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from)
}

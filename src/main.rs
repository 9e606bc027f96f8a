//! The binary: everything is in the library.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Values are handed to the database one by one, each in memory of its own and often freed by another thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    red_anchor::cli::main()
}

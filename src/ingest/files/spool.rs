//! A file while it comes in over a connection.
//!
//! Workbooks and archives are read from their end, and every table twice, so the bytes have to stand somewhere; and they
//! may be many, so not in memory. They go to a file that has no name from its first byte on: nobody else can open it,
//! and it is gone with the last hand that holds it, also when the program is killed.

use super::Received;
use crate::domain::problem::Problem;
use std::io::{self, BufReader};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Bytes read at once.
const BUFFER: usize = 1 << 16;

/// A file that is still coming.
#[derive(Debug)]
pub struct Spool {
    name: String,
    file: File,
}

impl Spool {
    /// A place for a file; `name` is what its sender calls it.
    pub fn new(name: &str) -> Result<Self, Problem> {
        let file = tempfile::tempfile().map_err(|e| unwritable(name, &e))?;
        Ok(Self { name: name.to_owned(), file: File::from_std(file) })
    }

    /// The next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.file.write_all(bytes).await.map_err(|e| unwritable(&self.name, &e))
    }

    /// All of it has come.
    pub async fn finish(mut self) -> Result<Received, Problem> {
        self.file.flush().await.map_err(|e| unwritable(&self.name, &e))?;
        Ok(Received::new(self.name, BufReader::with_capacity(BUFFER, self.file.into_std().await)))
    }
}

fn unwritable(name: &str, why: &io::Error) -> Problem {
    Problem::FileUnreadable { path: name.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    #[tokio::test]
    async fn what_comes_in_pieces_is_read_whole_and_has_no_name() {
        let mut spool = Spool::new("订单.csv").unwrap();
        // the program's own handle is the only way to it
        let handle = format!("/proc/self/fd/{}", spool.file.as_raw_fd());
        assert!(std::fs::read_link(handle).unwrap().to_str().unwrap().ends_with("(deleted)"));
        for piece in [&b"abc"[..], b"", b"def"] {
            spool.write(piece).await.unwrap();
        }
        let mut received = spool.finish().await.unwrap();
        assert_eq!(received.name(), "订单.csv");
        assert_eq!(
            hex::encode(received.sha256().unwrap()),
            "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
        );
    }
}

//! Looking for marks in everything a run left behind: files as they are, texts of the program, blobs opened first.

use crate::program::Program;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeSet;

/// Beginning of marks in words; and of marks that look like mobile numbers.
pub const WORD: &str = "漏标";
pub const PHONE: &str = "1770000";

/// What was looked through and what was found there.
#[derive(Debug, Default)]
pub struct Found {
    pub files: usize,
    pub blobs: usize,
    /// The run kept what it wrote in the log beside the file as well.
    pub log_bytes: u64,
    /// Place and mark.
    pub marks: BTreeSet<(String, String)>,
}

/// Searches a program's folder, what it said, and every compressed blob of its database.
pub async fn everywhere(program: &Program) -> Found {
    let mut found = Found::default();
    for file in program.files() {
        // what was handed in by the test itself
        if file.extension().is_some_and(|e| e == "csv") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let place = file.file_name().unwrap().to_string_lossy().into_owned();
        if place.ends_with("-wal") {
            found.log_bytes = bytes.len() as u64;
        }
        found.files += 1;
        add(&mut found.marks, &place, &bytes);
    }
    add(&mut found.marks, "what was said", program.said().as_bytes());
    let mut db = SqliteConnectOptions::new().filename(program.database()).read_only(true).connect().await.unwrap();
    let blobs: Vec<Vec<u8>> = sqlx::query_scalar("select content from evidence_blob").fetch_all(&mut db).await.unwrap();
    db.close().await.unwrap();
    for blob in &blobs {
        found.blobs += 1;
        add(&mut found.marks, "evidence_blob", &zstd::decode_all(&blob[..]).unwrap());
    }
    found
}

fn add(marks: &mut BTreeSet<(String, String)>, place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (start, _) in text.match_indices(WORD) {
        let mark: String = text[start..].chars().take_while(|c| c.is_alphanumeric()).take(20).collect();
        marks.insert((place.to_owned(), mark));
    }
    for (start, _) in text.match_indices(PHONE) {
        // a longer number that happens to hold these digits is none
        let before = text[..start].chars().next_back();
        let number: String = text[start..].chars().take_while(char::is_ascii_digit).take(12).collect();
        if number.len() == 11 && !before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            marks.insert((place.to_owned(), number));
        }
    }
}

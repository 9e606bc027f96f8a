//! The program as people run it: its binary, in a folder of its own, with everything it said kept.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use tempfile::TempDir;

/// A folder with a database, a temporary folder, and what the program printed so far.
pub struct Program {
    folder: TempDir,
    /// Options of every call.
    today: String,
    said: Mutex<String>,
}

/// What one call did.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn on(today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder, today: today.to_owned(), said: Mutex::default() }
    }

    /// A file in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.file("county.db")
    }

    /// Writes a file and returns its path as an argument.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.file(name), content).unwrap();
        self.file(name).to_str().unwrap().to_owned()
    }

    /// Runs the program with as much logging as there is, in an environment that has only what is named here.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
        let output = Command::new(env!("CARGO_BIN_EXE_red-anchor"))
            .args(["--lang", "en", "--today", &self.today, "--database"])
            .arg(self.database())
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs([("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1")])
            .env("TMPDIR", self.file("tmp"))
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let done = Done { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) };
        let mut said = self.said.lock().unwrap();
        said.push_str(&done.out);
        said.push_str(&done.err);
        done
    }

    /// Runs a call that must do what it is asked.
    pub fn must(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
        let done = self.run(arguments, environment);
        let tail: String = done.err.lines().rev().take(20).collect::<Vec<_>>().join("\n");
        assert_eq!(done.code, 0, "{arguments:?}: {tail}");
        done
    }

    /// Everything said so far, logs included.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Every file in the folder and below it.
    pub fn files(&self) -> Vec<PathBuf> {
        files_below(self.folder.path())
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// True if bytes hold a text.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

//! The templates: those inside the program, and over them the files of a folder of the county's own.
//!
//! A folder is read once, when the program starts: a document never waits for a disk, and two documents of one run are set
//! from the same words. A file that is not in it is the program's own, so a county replaces only what it wants to say
//! otherwise: `words.typ` for the wording, `letterhead.typ` for name and logo.

use anyhow::{Context, ensure};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/reports");

/// Bytes of a folder's largest file: a logo, not a film.
const MOST_BYTES: u64 = 8 << 20;
/// Files of a folder.
const MOST_FILES: usize = 64;

/// What templates can be read.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    own: BTreeMap<String, Vec<u8>>,
}

impl Templates {
    /// The program's own, with the files of a folder over them.
    pub fn with_folder(folder: &Path) -> anyhow::Result<Self> {
        let mut own = BTreeMap::new();
        let entries = fs::read_dir(folder).with_context(|| format!("reading templates in {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let (path, about) = (entry.path(), entry.path().metadata()?);
            if !about.is_file() {
                continue;
            }
            ensure!(about.len() <= MOST_BYTES, "{} is larger than {MOST_BYTES} bytes", path.display());
            ensure!(own.len() < MOST_FILES, "{} holds more than {MOST_FILES} files", folder.display());
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            own.insert(entry.file_name().to_string_lossy().into_owned(), bytes);
        }
        Ok(Self { own })
    }

    /// A file by its name; fonts are no templates.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.own.get(name).map(Vec::as_slice).or_else(|| SHIPPED.get_file(name).map(include_dir::File::contents))
    }
}

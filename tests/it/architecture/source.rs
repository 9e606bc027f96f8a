//! The project's sources as the architecture's rules read them: files with their comments and strings blanked out.
//!
//! A word in a comment breaks no rule and a word in a string is not a call, so each file is kept in three readings of
//! the same length: a place found in one is a line in all. This is a reader of the Rust that stands in this project,
//! not of all Rust: it knows comments (nested too), strings, raw strings, characters and lifetimes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One source file.
pub struct Source {
    /// Path from the project's root, with `/`.
    pub path: String,
    /// As it is on disk.
    pub text: String,
    /// Without comments and without what stands in strings.
    pub code: String,
    /// Without comments; strings, and so SQL, are kept.
    pub spoken: String,
}

/// All `.rs` files under a folder of the project, sorted by path.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(&root, &root.join(folder), &mut found);
    assert!(!found.is_empty(), "no sources under {folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).expect("it lies under the root").to_string_lossy().replace('\\', "/");
            found.push(Source::new(name, fs::read_to_string(&path).expect("sources are UTF-8")));
        }
    }
}

impl Source {
    pub fn new(path: String, text: String) -> Self {
        let (code, spoken) = blank(&text);
        Self { path, text, code, spoken }
    }

    /// True for a file that lies in the folder or is it.
    pub fn is_in(&self, place: &str) -> bool {
        self.path == place || self.path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
    }

    /// `path:line` of a place in any of the three readings.
    pub fn at(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.code[..offset].matches('\n').count() + 1)
    }

    /// Where an identifier stands in the code, as a whole word.
    pub fn identifiers(&self, name: &str) -> Vec<usize> {
        words(&self.code).filter(|(_, word)| *word == name).map(|(offset, _)| offset).collect()
    }

    /// Every path that starts at the crate's root, groups spelt out: `use crate::a::{b, c::d}` is `a::b` and `a::c::d`.
    /// `super` chains that climb to the root count as well.
    pub fn crate_paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut paths = Vec::new();
        for offset in self.identifiers("crate") {
            if let Some(rest) = self.code[offset + "crate".len()..].strip_prefix("::") {
                paths.extend(expand(rest).0.into_iter().map(|path| (offset, path)));
            }
        }
        for offset in self.identifiers("super") {
            let climbs = self.code[offset..].split("::").take_while(|segment| *segment == "super").count();
            if !self.code[..offset].ends_with("::") && climbs >= self.depth_at(offset) {
                let rest = &self.code[offset + climbs * "super::".len()..];
                paths.extend(expand(rest).0.into_iter().map(|path| (offset, path)));
            }
        }
        paths
    }

    /// How many modules deep a place is; a file's own tests are one deeper.
    fn depth_at(&self, offset: usize) -> usize {
        let folders = self.path.trim_start_matches("src/").split('/').count();
        let own = usize::from(!self.path.ends_with("/mod.rs"));
        let tests = usize::from(self.code[..offset].contains("mod tests {"));
        folders - 1 + own + tests
    }
}

/// Identifiers, numbers and keywords with their places.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The paths a (rest of a) path or group stands for, and what follows it.
fn expand(text: &str) -> (Vec<Vec<String>>, &str) {
    let text = text.trim_start();
    if let Some(mut inside) = text.strip_prefix('{') {
        let mut paths = Vec::new();
        while !inside.trim_start().starts_with('}') && !inside.trim_start().is_empty() {
            let (some, rest) = expand(inside);
            paths.extend(some);
            inside = rest.find([',', '}']).map_or("", |end| rest[end..].trim_start_matches(','));
        }
        let inside = inside.trim_start();
        return (paths, inside.strip_prefix('}').unwrap_or(inside));
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (segment, rest) = text.split_at(end);
    if segment.is_empty() {
        return (vec![Vec::new()], rest);
    }
    let (mut paths, rest) = match rest.strip_prefix("::") {
        Some(deeper) => expand(deeper),
        None => (vec![Vec::new()], rest),
    };
    for path in &mut paths {
        path.insert(0, segment.to_owned());
    }
    (paths, rest)
}

/// What the reader is inside of.
enum Inside {
    Code,
    LineComment,
    BlockComment { depth: usize },
    Text { raw_hashes: Option<usize> },
}

/// The text with comments and strings blanked, and with comments alone blanked. Lengths and line ends stay.
fn blank(text: &str) -> (String, String) {
    let (mut code, mut spoken) = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let mut inside = Inside::Code;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (mut length, mut in_code, mut in_spoken) = (first.len_utf8(), true, true);
        match inside {
            Inside::Code => {
                if rest.starts_with("//") {
                    (inside, in_code, in_spoken) = (Inside::LineComment, false, false);
                } else if rest.starts_with("/*") {
                    (inside, in_code, in_spoken, length) = (Inside::BlockComment { depth: 1 }, false, false, 2);
                } else if let Some((opening, raw_hashes)) = string_opening(rest, &code) {
                    (inside, length) = (Inside::Text { raw_hashes }, opening);
                } else if let Some(character) = character_literal(rest) {
                    (length, in_code) = (character, false);
                }
            }
            Inside::LineComment => {
                (in_code, in_spoken) = (false, false);
                if first == '\n' {
                    inside = Inside::Code;
                }
            }
            Inside::BlockComment { depth } => {
                (in_code, in_spoken) = (false, false);
                if rest.starts_with("/*") {
                    (inside, length) = (Inside::BlockComment { depth: depth + 1 }, 2);
                } else if rest.starts_with("*/") {
                    length = 2;
                    inside = if depth == 1 { Inside::Code } else { Inside::BlockComment { depth: depth - 1 } };
                }
            }
            Inside::Text { raw_hashes } => {
                in_code = false;
                let closing = format!("\"{}", "#".repeat(raw_hashes.unwrap_or(0)));
                if raw_hashes.is_none() && first == '\\' {
                    length += rest.chars().nth(1).map_or(0, char::len_utf8);
                } else if rest.starts_with(&closing) {
                    (inside, length, in_code) = (Inside::Code, closing.len(), true);
                }
            }
        }
        let (piece, after) = rest.split_at(length);
        push(&mut code, piece, in_code);
        push(&mut spoken, piece, in_spoken);
        rest = after;
    }
    (code, spoken)
}

fn push(reading: &mut String, piece: &str, kept: bool) {
    if kept {
        reading.push_str(piece);
    } else {
        for byte in piece.bytes() {
            reading.push(if byte == b'\n' { '\n' } else { ' ' });
        }
    }
}

/// Length of what opens a string here, with the hashes of a raw one.
fn string_opening(rest: &str, before: &str) -> Option<(usize, Option<usize>)> {
    if rest.starts_with('"') {
        return Some((1, None));
    }
    let after_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let raw = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')).filter(|_| !after_word)?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    raw[hashes..].starts_with('"').then_some((rest.len() - raw.len() + hashes + 1, Some(hashes)))
}

/// Length of a character literal here; a lifetime is none.
fn character_literal(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if inner.starts_with('\\') {
        return inner[2..].find('\'').map(|end| end + 4);
    }
    let first = inner.chars().next()?;
    inner[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

/// Fails with every place where a rule is broken.
pub fn hold(rule: &str, broken: &[String]) {
    let mut message = String::new();
    for place in broken {
        writeln!(message, "  {place}").expect("writing to a string cannot fail");
    }
    assert!(broken.is_empty(), "{rule}:\n{message}");
}

mod tests {
    use super::Source;

    fn read(text: &str) -> Source {
        Source::new("src/web/pages/list.rs".into(), text.into())
    }

    fn paths(text: &str) -> Vec<String> {
        read(text).crate_paths().into_iter().map(|(_, path)| path.join("::")).collect()
    }

    #[test]
    fn comments_and_strings_hide_words_from_the_rules() {
        let source =
            read("let a = \"sqlx \\\" sqlx\"; // sqlx\n/* sqlx /* */ sqlx */ r#\"sqlx \" \"#; 'x'; '\"'; sqlx::query");
        assert_eq!(source.identifiers("sqlx").len(), 1);
        assert_eq!(source.at(source.identifiers("sqlx")[0]), "src/web/pages/list.rs:2");
        assert_eq!(source.spoken.matches("sqlx").count(), 4);
        assert_eq!((source.code.len(), source.spoken.len()), (source.text.len(), source.text.len()));
    }

    #[test]
    fn a_lifetime_opens_no_character() {
        assert_eq!(read("fn f<'a>(x: &'a str, y: char) { y == 'b'; sqlx }").identifiers("sqlx").len(), 1);
        assert_eq!(read(r"'\''; '\u{3000}'; sqlx").identifiers("sqlx").len(), 1);
    }

    #[test]
    fn groups_of_a_use_are_spelt_out() {
        assert_eq!(
            paths("use crate::{clock::Clock, store::{orders, refunds::{self, find}}, web::*};"),
            ["clock::Clock", "store::orders", "store::refunds::self", "store::refunds::find", "web"]
        );
        assert_eq!(paths("crate::money::at::<u8>(1)"), ["money::at"]);
    }

    #[test]
    fn climbing_to_the_root_by_super_is_seen() {
        assert_eq!(paths("use super::super::super::store::orders; use super::super::ui;"), ["store::orders"]);
        assert_eq!(paths("mod tests { use super::super::super::ui; }"), Vec::<String>::new());
    }
}

//! All that a template can reach: the templates, the facts it is given, two fonts. No other file, no package, and no day of
//! its own: whatever a document is dated by stands in its facts.

use super::fonts;
use super::templates::Templates;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    fonts::ALL
        .iter()
        .map(|&bytes| Font::new(Bytes::new(bytes), 0).expect("the fonts inside the program are whole"))
        .collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// One document's surroundings.
pub struct Surroundings<'a> {
    templates: &'a Templates,
    library: LazyHash<Library>,
    main: FileId,
}

impl<'a> Surroundings<'a> {
    /// A template that reads its facts as `sys.inputs`.
    pub fn new(templates: &'a Templates, template: &str, facts: Dict) -> anyhow::Result<Self> {
        let path = VirtualPath::new(template).map_err(|_| anyhow::anyhow!("{template} is no name of a template"))?;
        Ok(Self {
            templates,
            library: LazyHash::new(Library::builder().with_inputs(facts).build()),
            main: RootedPath::new(VirtualRoot::Project, path).intern(),
        })
    }

    fn bytes(&self, id: FileId) -> FileResult<&'a [u8]> {
        let name = id.vpath().get_without_slash();
        let known = matches!(id.root(), VirtualRoot::Project).then(|| self.templates.file(name)).flatten();
        known.ok_or_else(|| FileError::NotFound(name.into()))
    }
}

impl World for Surroundings<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let text = std::str::from_utf8(self.bytes(id)?).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        Ok(Bytes::new(self.bytes(id)?.to_vec()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

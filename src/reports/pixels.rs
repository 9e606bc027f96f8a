//! A picture in pixels, for slides and chats that take no SVG: twice as fine as it is laid out, in the program's own fonts.

use super::fonts;
use anyhow::Context;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use std::sync::{Arc, LazyLock};

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut known = Database::new();
    for bytes in fonts::ALL {
        known.load_font_source(Source::Binary(Arc::new(bytes)));
    }
    let family = known.faces().next().and_then(|face| Some(face.families.first()?.0.clone()));
    if let Some(family) = family {
        known.set_sans_serif_family(family);
    }
    Arc::new(known)
});

/// A picture of ours as PNG.
pub fn png(svg: &str) -> anyhow::Result<Vec<u8>> {
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(&fonts::writable(svg), &options).context("reading a picture")?;
    let size = tree.size().to_int_size().scale_by(2.0).context("a picture has a size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).context("a picture has a size")?;
    resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    pixels.encode_png().context("writing a picture")
}

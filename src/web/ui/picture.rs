//! A picture with its caption, the same numbers as a table one tap away, and its file.

use super::table::Table;
use crate::web::context::Ctx;
use maud::{Markup, PreEscaped, html};

/// A drawn chart and what stands around it.
#[derive(Debug, Clone)]
pub struct Picture {
    pub title: String,
    /// Unit and basis, under the title.
    pub caption: String,
    /// Source and 截至, under the picture.
    pub source: String,
    /// SVG text made by `charts`, which escapes what it writes.
    pub svg: String,
    /// Where the file of it is.
    pub svg_href: String,
    pub numbers: Table,
}

/// A card with the picture in it.
pub fn card(picture: &Picture, ctx: &Ctx) -> Markup {
    let c = &ctx.words.common;
    html! {
        section.card {
            h2 { (picture.title) }
            p.quiet { (picture.caption) }
            figure.picture {
                div.drawing { (PreEscaped(&picture.svg)) }
                figcaption.quiet {
                    (picture.source) " · "
                    a href=(picture.svg_href) download { (c.download_svg) }
                }
            }
            details {
                summary { (c.see_numbers) }
                (picture.numbers.render(ctx))
            }
        }
    }
}

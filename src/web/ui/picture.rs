//! A picture with its file, and the same numbers as a table one tap away.
//!
//! The picture is an image of its own address, laid out once for desks and once for phones; title, unit, source and
//! 截至 are drawn inside it, because pictures travel without their page.

use super::table::Table;
use crate::web::context::Ctx;
use maud::{Markup, html};

/// A drawn chart and what stands around it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it shows, for those who do not see it.
    pub title: String,
    /// Where its file is; `&width=phone` is the narrow one.
    pub href: String,
    /// Stands in a narrow card, so that the phone's layout is legible there too.
    pub narrow: bool,
    /// Why there is no file of it to take away; `None` where there is one.
    pub no_file: Option<&'static str>,
    pub numbers: Table,
}

/// A card with the picture in it.
pub fn card(picture: &Picture, ctx: &Ctx) -> Markup {
    html! {
        section.card.picture {
            (figure(picture, ctx))
            details {
                summary { (ctx.words.frame.see_numbers) }
                (picture.numbers.render(ctx))
            }
        }
    }
}

/// The picture alone, where its numbers stand beside it anyhow.
pub fn figure(picture: &Picture, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    let join = if picture.href.contains('?') { '&' } else { '?' };
    // The language stands in the address, so that a picture and its page agree whatever the cookie says.
    let desk = format!("{}{join}lang={}", picture.href, ctx.lang.key());
    let phone = format!("{desk}&width=phone");
    html! {
        figure {
            @if picture.narrow {
                img.narrow src=(phone) alt=(picture.title) loading="lazy";
            } @else {
                picture {
                    source media="(max-width: 700px)" srcset=(phone);
                    img src=(desk) alt=(picture.title) loading="lazy";
                }
            }
            figcaption.quiet {
                @match picture.no_file {
                    Some(why) => (why),
                    None => {
                        a href=(desk) download { (c.download_svg) } " / "
                        a href={ (desk) "&as=png" } download { (ctx.words.sharing.png) }
                    }
                }
            }
        }
    }
}

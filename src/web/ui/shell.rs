//! The frame around every page: demo banner, name, menu of the reader's role, language switch.
//!
//! Two frames: a desk's for officials, branch and anchors, and a phone's for farmers, which has one column, large type
//! and no menu.

use crate::domain::access::Role;
use crate::domain::lang::Lang;
use crate::web::assets;
use crate::web::context::Ctx;
use crate::web::names::role_name;
use crate::web::ui::menu::{menu, within};
use maud::{DOCTYPE, Markup, html};

pub use crate::web::ui::menu::Section;

/// A page at a desk.
pub fn page(title: &str, here: Option<Section>, body: &Markup, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    let frame = html! {
        header.top {
            a.brand href=(ctx.home()) { (c.product) }
            (menu(here, ctx))
            (search(ctx))
            (reader(ctx))
        }
        (within(here, ctx))
        main #main.desk { (body) }
    };
    document(title, "", &frame, ctx)
}

/// One input over everything, for who works with it.
fn search(ctx: &Ctx) -> Markup {
    let reads = matches!(ctx.role, Some(Role::BranchAdmin | Role::Branch))
        || (ctx.role == Some(Role::Auditor) && ctx.county_wide);
    html! {
        @if reads {
            form.search role="search" method="get" action="/branch/search" {
                input type="search" name="q" accesskey="/" aria-label=(ctx.words.search.title) placeholder=(ctx.words.search.title) maxlength="60";
            }
            script src=(assets::search_href()) defer {}
        }
    }
}

/// A page on a farmer's phone.
pub fn phone(title: &str, body: &Markup, ctx: &Ctx) -> Markup {
    document(title, "phone", &html! { main #main { (body) } footer.phone-foot { (reader(ctx)) } }, ctx)
}

/// A page without a menu, for a screen on a wall.
pub fn bare(title: &str, class: &str, body: &Markup, ctx: &Ctx) -> Markup {
    document(title, class, body, ctx)
}

fn reader(ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    let role = ctx.role.map(|role| role_name(role, ctx));
    html! {
        div.reader {
            @match role {
                Some(role) => {
                    span { (ctx.reader) " · " (role) }
                    @if ctx.device { a.own href="/farmer/device" { (ctx.words.access.device_other) } }
                    @else { a.own href="/me" { (ctx.words.access.mine) } }
                },
                None => a.own href="/sign-in" { (ctx.words.access.sign_in) },
            }
            (language(ctx))
            @if role.is_some() { form method="post" action="/leave" { button.plain type="submit" { (c.leave) } } }
        }
    }
}

/// The switch: written in the language it leads to.
fn language(ctx: &Ctx) -> Markup {
    let (other, name) = match ctx.lang {
        Lang::Zh => (Lang::En, "English"),
        Lang::En => (Lang::Zh, "中文"),
    };
    let join = if ctx.address.contains('?') { '&' } else { '?' };
    html! { a.language lang=(code(other)) hreflang=(code(other)) href={ (ctx.address) (join) "lang=" (other.key()) } { (name) } }
}

const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

fn document(title: &str, class: &str, frame: &Markup, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    html! {
        (DOCTYPE)
        html lang=(code(ctx.lang)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (c.product) }
                link rel="stylesheet" href=(assets::style_href());
                link rel="icon" type="image/svg+xml" href=(assets::icon_href());
            }
            body class=(class) {
                a.skip href="#main" { (c.skip) }
                @if ctx.demo { p.demo role="note" { (c.demo) } }
                (frame)
            }
        }
    }
}

//! The front page: what this is and how to get in; who is signed in goes straight to the own start.

use crate::web::context::{Ctx, Visit};
use crate::web::ui::shell;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /`
pub async fn show(visit: Visit) -> Response {
    match visit.ctx.role {
        Some(_) => Redirect::to(visit.ctx.home()).into_response(),
        None => render(&visit.ctx).into_response(),
    }
}

/// The page.
pub fn render(ctx: &Ctx) -> Markup {
    let p = &ctx.words.public;
    let body = html! {
        div.card.state {
            h1 { (p.title) }
            p { (p.lead) }
            h2 { (p.how_in) }
            p { (p.how_in_text) }
            p.actions {
                a.button.primary href="/sign-in" { (ctx.words.access.sign_in) }
                a.button href="/method" { (p.method) }
            }
        }
    };
    shell::page(ctx.words.frame.home, None, &body, ctx)
}

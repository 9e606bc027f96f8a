//! The front page: what this is and how to get in; who is signed in goes straight to the own start.

use crate::web::assets;
use crate::web::context::{Ctx, Visit};
use crate::web::ui::shell;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The key of the drafts of whoever signed out just now.
    left: String,
}

/// `GET /`
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    match visit.ctx.role {
        Some(_) => Redirect::to(visit.ctx.home()).into_response(),
        None => render(&asked.left, &visit.ctx).into_response(),
    }
}

/// The page; `left` is the key of drafts that this device is to forget, or nothing.
pub fn render(left: &str, ctx: &Ctx) -> Markup {
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
        @if !left.is_empty() { script #saved data-draft=(left) src=(assets::weighing_href()) defer {} }
    };
    shell::page(ctx.words.frame.home, None, &body, ctx)
}

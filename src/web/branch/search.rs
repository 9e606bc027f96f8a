//! 搜索: the county's things by what was typed, grouped by noun, each one tap from its page.
//!
//! Households are for who may open them; a line of an order leads to its stream, as the branch's own pages do.

use crate::domain::access::Role;
use crate::store::Session;
use crate::store::search::{self, Found, FoundLine, MOST, Noun};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session::family_name;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// Letters of what is searched for.
const MOST_LETTERS: usize = 60;

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub text: String,
    pub households: Vec<Found>,
    pub anchors: Vec<Found>,
    pub rooms: Vec<Found>,
    pub streams: Vec<Found>,
    pub listings: Vec<Found>,
    pub products: Vec<Found>,
    pub shops: Vec<Found>,
    pub lines: Vec<FoundLine>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.search;
    let plain = |found: &Found| format!("{} · {}", found.name, found.key);
    let to = |base: &'static str| move |found: &Found| format!("{base}/{}", found.id);
    let groups = [
        group(
            s.households,
            &page.households,
            |f| format!("{} · {}", family_name(&f.name), f.key),
            to("/branch/households"),
            ctx,
        ),
        group(s.anchors, &page.anchors, plain, to("/branch/anchors"), ctx),
        group(s.rooms, &page.rooms, plain, to("/branch/rooms"), ctx),
        group(
            s.streams,
            &page.streams,
            |f| if f.name.is_empty() { f.key.clone() } else { plain(f) },
            to("/branch/streams"),
            ctx,
        ),
        group(s.listings, &page.listings, plain, to("/branch/goods/listings"), ctx),
        group(s.products, &page.products, plain, to("/branch/goods/products"), ctx),
        group(s.shops, &page.shops, plain, to("/branch/shops"), ctx),
    ];
    let nothing = groups.iter().all(Option::is_none) && page.lines.is_empty();
    let body = html! {
        section.card {
            h1 { (s.title) }
            form.stacked method="get" action="/branch/search" {
                label.field { span.quiet { (s.note) } input type="search" name="q" value=(page.text) maxlength="60"; }
                button type="submit" { (s.button) }
            }
            @if nothing && !page.text.is_empty() { p.empty { (fill(s.none, &[&page.text])) } }
        }
        @for group in groups.iter().flatten() { (group) }
        @if !page.lines.is_empty() {
            section.card {
                h2 { (s.lines) }
                ul.todo { @for line in &page.lines { li {
                    span { (line.order_no) " · " (line.line_no) " · " (line.shop) }
                    @if line.stream_id != 0 { a href={ "/branch/streams/" (line.stream_id) } { (s.to_stream) } }
                    @else { span.quiet { (s.no_stream) } }
                } } }
            }
        }
    };
    shell::page(s.title, None, &body, ctx)
}

fn group(
    name: &str,
    found: &[Found],
    label: impl Fn(&Found) -> String,
    href: impl Fn(&Found) -> String,
    ctx: &Ctx,
) -> Option<Markup> {
    let cut = i64::try_from(found.len()).is_ok_and(|count| count >= MOST);
    (!found.is_empty()).then(|| {
        html! {
            section.card {
                h2 { (name) }
                ul.todo { @for one in found { li {
                    a href=(href(one)) { (label(one)) }
                } } }
                @if cut { p.quiet { (fill(ctx.words.search.cut, &[&MOST.to_string()])) } }
            }
        }
    })
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// `GET /branch/search?q=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let text: String = asked.q.trim().chars().take(MOST_LETTERS).collect();
    if text.is_empty() {
        return Ok(render(&Page::default(), &visit.ctx));
    }
    let scope = visit.scope()?;
    let opens_households = matches!(visit.reader()?.role, Role::BranchAdmin | Role::Branch);
    let find = async { load(&mut app.store.read(scope).await?, text, opens_households).await };
    Ok(render(&find.await?, &visit.ctx))
}

async fn load(session: &mut Session, text: String, opens_households: bool) -> anyhow::Result<Page> {
    Ok(Page {
        households: if opens_households { search::list_households(session, &text).await? } else { Vec::new() },
        anchors: search::list(session, Noun::Anchor, &text).await?,
        rooms: search::list(session, Noun::Room, &text).await?,
        streams: search::list_streams(session, &text).await?,
        listings: search::list(session, Noun::Listing, &text).await?,
        products: search::list(session, Noun::Product, &text).await?,
        shops: search::list(session, Noun::Shop, &text).await?,
        lines: search::list_lines(session, &text).await?,
        text,
    })
}

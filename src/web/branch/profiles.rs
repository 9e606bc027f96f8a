//! Profiles: how files are read. Those that were saved can be downloaded and handed on; one that was handed on is added.

use super::files::{kind, profile_title};
use crate::domain::problem::{Mistake, Problem};
use crate::services::import::{self, Namesake, Profile, Profiles};
use crate::store::profiles::{self, SavedProfile};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::platform;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::upload;
use crate::web::wording::fill;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

const PATH: &str = "/branch/files/profiles";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub all: Profiles,
    pub saved: Vec<SavedProfile>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let is_saved = |p: &Profile| page.saved.iter().any(|saved| saved.name == p.name);
    let (own, shipped): (Vec<&Profile>, Vec<&Profile>) =
        page.all.all().iter().map(AsRef::as_ref).partition(|p| is_saved(p));
    let unread: Vec<&str> =
        page.saved.iter().map(|p| p.name.as_str()).filter(|name| page.all.named(name).is_err()).collect();
    let may_change = ctx.may_change();
    let body = html! {
        section.card {
            h1 { (s.profiles_title) }
            p { (s.profiles_note) }
            (table(s.profiles_own, s.profiles_none, &own, ctx).render(ctx))
            @if !unread.is_empty() { p.warn { (fill(s.profiles_unread, &[&unread.join(", ")])) } }
            @if may_change {
                p { a.button href="/branch/files/columns" { (s.columns_title) } }
                form.stacked method="post" action="/branch/files/shared-profile" enctype="multipart/form-data" {
                    label.field.drop { span { (s.profile_shared) } input type="file" name="profile" required accept=".json"; }
                    button type="submit" { (s.profile_add) }
                }
            }
        }
        section.card {
            h2 { (s.profiles_shipped) }
            (table(s.profiles_shipped, "", &shipped, ctx).render(ctx))
        }
    };
    shell::page(s.profiles_title, Some(Section::Files), &body, ctx)
}

fn table(name: &str, empty: &str, rows: &[&Profile], ctx: &Ctx) -> Table {
    let (b, s) = (&ctx.words.branch, &ctx.words.sources);
    let columns = [
        (s.profile_shown_as, Align::Text),
        (s.columns_kind, Align::Whole),
        (b.col_platform, Align::Whole),
        (s.profile_name, Align::Whole),
    ];
    let mut table = Table::new(name, empty, &columns);
    for profile in rows {
        let of = profile.platform.as_deref().map_or(s.profile_any_platform, |key| platform(key, ctx));
        table.rows.push(vec![
            profile_title(profile, ctx).into(),
            kind(profile.kind, ctx).into(),
            of.into(),
            Cell::Link(format!("{}.json", profile.name), format!("{PATH}/{}", profile.name)),
        ]);
    }
    table
}

/// `GET /branch/files/profiles`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let all = import::list_profiles(session).await?;
        Ok::<_, anyhow::Error>(Page { all, saved: profiles::list(session).await? })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// `GET /branch/files/profiles/{name}`: the document, as the command line takes it.
pub async fn download(
    State(app): State<AppState>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let load = async { import::list_profiles(&mut app.store.read(scope).await?).await };
    let profile = load.await?.named(&name).map_err(|_| WebError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        // a profile's name is letters, digits and hyphens
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.json\"", profile.name)),
    ];
    Ok((headers, profile.json()).into_response())
}

/// `POST /branch/files/shared-profile`: adds one that somebody handed on.
pub async fn add(State(app): State<AppState>, visit: Visit, mut form: Multipart) -> Result<Response, WebError> {
    let mut document = None;
    while let Some(mut field) = form.next_field().await.map_err(upload::unreadable)? {
        let name = upload::name(&field);
        if field.name() == Some("profile") && !name.is_empty() {
            let mut bytes = Vec::new();
            // the route's own limit bounds it
            while let Some(piece) = field.chunk().await.map_err(upload::unreadable)? {
                bytes.extend_from_slice(&piece);
            }
            document = Some((name, bytes));
        }
    }
    let Some((name, bytes)) = document else {
        return refused(Problem::from(Mistake::NoFileChosen).into(), PATH, &visit.ctx);
    };
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let save = async {
        if app.demo {
            return Err(Problem::RealOnDemo.into());
        }
        let text = String::from_utf8(bytes).map_err(|_| Problem::NotText { path: name.clone() })?;
        let profile = Profile::parse(&name, text.trim_start_matches('\u{feff}'))?;
        import::save_profile(&app.store, county, &actor, &app.clock, &profile, Namesake::Stays).await
    };
    match save.await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => refused(error, PATH, &visit.ctx),
    }
}

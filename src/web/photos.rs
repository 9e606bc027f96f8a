//! Photos of goods on pages: sent from a form, shown small beside what they are of, and handed out to who may see them.
//!
//! Rule that must hold: an address names the photo's content by its hash, so that a browser may keep it; without the hash
//! nothing is kept. Not here: what is done to an uploaded one (`services::photo_drawing`).

use super::AppState;
use super::context::{Ctx, Visit};
use super::error::{WebError, refused};
use super::upload::unreadable;
use crate::domain::access::{Role, Scope};
use crate::domain::photos::Shows;
use crate::services::photos as service;
use crate::store::photos::{self, Photo};
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Digits of the hash in an address.
const HASH_DIGITS: usize = 16;

fn address(photo: &Photo, small: bool, ctx: &Ctx) -> String {
    let place = match ctx.role {
        Some(Role::Farmer) => "/farmer",
        Some(Role::Anchor) => "/anchor",
        _ => "/branch",
    };
    let size = if small { "&size=small" } else { "" };
    format!("{place}/goods/photos/{}?v={}{size}", photo.photo_id, hash(photo))
}

fn hash(photo: &Photo) -> &str {
    photo.sha256.get(..HASH_DIGITS).unwrap_or_default()
}

/// A photo as a thumb, which leads to the whole one.
pub fn thumb(photo: &Photo, alt: &str, ctx: &Ctx) -> Markup {
    // of the thumb's own shape, so that the page does not jump when it comes
    let longest = photo.width_px.max(photo.height_px).max(1);
    let (width, height) = if longest <= 240 {
        (photo.width_px, photo.height_px)
    } else {
        (photo.width_px * 240 / longest, photo.height_px * 240 / longest)
    };
    html! {
        a.photo href=(address(photo, false, ctx)) {
            img src=(address(photo, true, ctx)) alt=(alt) width=(width) height=(height) loading="lazy" decoding="async";
        }
    }
}

/// The form that sends one.
pub fn form(action: &str, has_one: bool, ctx: &Ctx) -> Markup {
    let s = &ctx.words.stock;
    html! {
        form.stacked method="post" action=(action) enctype="multipart/form-data" {
            label.field {
                span { (if has_one { s.photo_other } else { s.photo_choose }) }
                input type="file" name="photo" accept="image/jpeg,image/png,image/webp" required;
                span.quiet { (s.photo_note) }
            }
            button type="submit" { (s.photo_button) }
        }
    }
}

/// The photo of goods at the branch, with what can be done about it.
pub fn card(photo: Option<&Photo>, (action, name): (&str, &str), ctx: &Ctx) -> Markup {
    let s = &ctx.words.stock;
    html! {
        section.card {
            h2 { (s.photo_title) }
            @match photo {
                Some(photo) => (thumb(photo, name, ctx)),
                None => p.empty { (s.photo_none) },
            }
            @if ctx.may_change() {
                (form(action, photo.is_some(), ctx))
                @if let Some(photo) = photo {
                    form method="post" action={ "/branch/goods/photos/" (photo.photo_id) "/remove" } {
                        button type="submit" { (s.photo_remove) }
                    }
                }
            }
        }
    }
}

/// Which content, and how large.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    v: String,
    size: String,
}

/// `GET …/goods/photos/{id}?v=…&size=small`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(photo) = photos::find_shown(session, id).await? else { return anyhow::Ok(None) };
        let bytes = photos::find_bytes(session, id, asked.size == "small").await?;
        Ok(bytes.map(|bytes| (photo, bytes)))
    };
    let (photo, bytes) = load.await?.ok_or(WebError::NotFound)?;
    let keep = if asked.v == hash(&photo) { "private, max-age=31536000, immutable" } else { "private, no-store" };
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, keep)], bytes).into_response())
}

/// What the form sent: the file's bytes; its name is nobody's business.
async fn uploaded(form: Result<Multipart, MultipartRejection>) -> Result<Vec<u8>, WebError> {
    let mut form = form.map_err(|_| WebError::BadRequest)?;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("photo") {
            return field.bytes().await.map(Into::into).map_err(unreadable);
        }
    }
    Ok(Vec::new())
}

async fn add(
    app: &AppState,
    visit: &Visit,
    shows: Shows,
    form: Result<Multipart, MultipartRejection>,
    back: &str,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let is_there = async { anyhow::Ok(service::is_there(&mut app.store.read(scope).await?, shows).await?) };
    if !is_there.await? {
        return Err(WebError::NotFound);
    }
    let bytes = uploaded(form).await?;
    let actor = visit.actor()?;
    match service::add(&app.desk(visit, &actor)?, scope, shows, bytes).await {
        Ok(true) => Ok(Redirect::to(back).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, back, &visit.ctx),
    }
}

/// `POST /branch/goods/listings/{id}/photo`
pub async fn add_to_listing(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    add(&app, &visit, Shows::Listing(id), form, &format!("/branch/goods/listings/{id}")).await
}

/// `POST /branch/goods/products/{id}/photo`
pub async fn add_to_product(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    add(&app, &visit, Shows::Product(id), form, &format!("/branch/goods/products/{id}")).await
}

/// `POST /farmer/goods/{id}/photo`: of a proposal.
pub async fn add_to_proposal(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    if !matches!(visit.scope()?, Scope::Farmer { .. }) {
        return Err(WebError::Forbidden);
    }
    add(&app, &visit, Shows::Proposal(id), form, "/farmer/goods").await
}

/// `POST /branch/goods/photos/{id}/remove`
pub async fn remove(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let back = match service::remove(&app.desk(&visit, &actor)?, id).await? {
        Some(Shows::Product(id)) => format!("/branch/goods/products/{id}"),
        Some(Shows::Listing(id)) => format!("/branch/goods/listings/{id}"),
        Some(Shows::Proposal(id)) => format!("/branch/goods/proposals/{id}"),
        None => return Err(WebError::NotFound),
    };
    Ok(Redirect::to(&back).into_response())
}

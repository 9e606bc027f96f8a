//! A room's details: added and edited by form.

use crate::services::rooms::{self as service, Typed};
use crate::store::people::{self, Account, Room};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// The form; `None`: a new room.
pub fn render(room: Option<&Room>, accounts: &[Account], ctx: &Ctx) -> Markup {
    let (b, s, t) = (&ctx.words.branch, &ctx.words.scheme, &ctx.words.training);
    let title = if room.is_some() { s.room_edit } else { s.room_add };
    let action = room.map_or_else(|| "/branch/rooms".to_owned(), |r| format!("/branch/rooms/{}", r.room_id));
    let accounts: Vec<String> = accounts.iter().map(|a| format!("{} {}", a.platform, a.author_no)).collect();
    let opened = room.map(|r| r.opened_on.to_string()).unwrap_or_default();
    let closed = room.and_then(|r| r.closed_on).map(|day| day.to_string()).unwrap_or_default();
    let steps = [Step { label: b.rooms_title.into(), href: "/branch/rooms".into() }];
    let body = html! {
        (trail(&steps, room.map_or(title, |r| &r.name), ctx))
        section.card {
            h1 { (title) }
            form.stacked method="post" action=(action) {
                (form::field(&Field::text("name", s.room_name).value(room.map_or("", |r| &r.name))))
                (form::field(&Field::digits("village", s.room_village, 12).value(room.map_or("", |r| &r.village_code))))
                (form::field(&Field::day("opened_on", s.room_opened).value(&opened)))
                (form::field(&Field::day("closed_on", s.room_closed).value(&closed).optional()))
                (form::field(&Field::text("equipment", b.room_equipment).value(room.map_or("", |r| &r.equipment)).optional()))
                label.field { span { (t.accounts) }
                    textarea name="accounts" rows="3" { (accounts.join("\n")) }
                    span.quiet { (t.accounts_note) }
                }
                button.primary type="submit" { (t.save) }
            }
        }
    };
    shell::page(title, Some(Section::Places), &body, ctx)
}

/// `GET /branch/rooms/new`
pub async fn new(visit: Visit) -> Markup {
    render(None, &[], &visit.ctx)
}

async fn find(app: &AppState, visit: &Visit, room_id: i64) -> Result<(Room, Vec<Account>), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let rooms = people::list_rooms(session).await.map_err(anyhow::Error::from)?;
    let room = rooms.into_iter().find(|r| r.room_id == room_id).ok_or(WebError::NotFound)?;
    let accounts = people::list_room_accounts(session).await.map_err(anyhow::Error::from)?;
    Ok((room, accounts.into_iter().filter(|a| a.owner_id == room_id).collect()))
}

/// `GET /branch/rooms/{id}/edit`
pub async fn edit(State(app): State<AppState>, visit: Visit, Path(room_id): Path<i64>) -> Result<Markup, WebError> {
    let (room, accounts) = find(&app, &visit, room_id).await?;
    Ok(render(Some(&room), &accounts, &visit.ctx))
}

async fn save(app: &AppState, visit: &Visit, room_id: Option<i64>, fields: &Fields) -> Result<Response, WebError> {
    let back = room_id.map_or_else(|| "/branch/rooms/new".to_owned(), |id| format!("/branch/rooms/{id}/edit"));
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    let saved = async {
        let typed = Typed {
            name: fields.text("name").to_owned(),
            village: fields.text("village").to_owned(),
            opened_on: fields.day("opened_on")?,
            closed_on: fields.optional_day("closed_on")?,
            equipment: fields.text("equipment").to_owned(),
            accounts: fields.text("accounts").to_owned(),
        };
        Box::pin(service::save(&desk, room_id, &typed)).await
    };
    match saved.await {
        Ok(Some(id)) => Ok(Redirect::to(&format!("/branch/rooms/{id}")).into_response()),
        Ok(None) => Err(WebError::NotFound),
        Err(error) => refused(error, &back, &visit.ctx),
    }
}

/// `POST /branch/rooms`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    save(&app, &visit, None, &fields).await
}

/// `POST /branch/rooms/{id}`
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(room_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    find(&app, &visit, room_id).await?;
    save(&app, &visit, Some(room_id), &fields).await
}

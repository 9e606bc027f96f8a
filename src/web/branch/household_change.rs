//! One household's name, village, phone, categories and co-operative: what stands, and a form to correct it.
//!
//! What is left empty stays. A category is a dated version: earlier ones are never changed here.

use super::household::{self, address};
use super::new_household::{category_field, operator_field};
use crate::domain::roll::{Nameable, TypedHousehold};
use crate::services::roll as service;
use crate::store::people::{self, CategoryRow};
use crate::store::roll::{self as stored, Membership};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::form::{self, Field};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

/// What the cards show.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The newest first.
    pub categories: Vec<CategoryRow>,
    /// The latest first.
    pub memberships: Vec<Membership>,
    pub nameable: Nameable,
}

/// Reads what stands of a household.
pub async fn load(session: &mut Session, farmer_id: i64) -> Result<Standing, StoreError> {
    let mut categories = people::list_categories_of(session, &[farmer_id]).await?;
    categories.sort_by_key(|c| std::cmp::Reverse((c.valid_from, c.version_id)));
    let memberships = stored::list_memberships(session, &[farmer_id]).await?;
    Ok(Standing { categories, memberships, nameable: service::nameable(session).await? })
}

/// What stands, and the form.
pub fn cards(standing: &Standing, path: &str, ctx: &Ctx) -> Markup {
    let r = &ctx.words.roll;
    let operator = |id: i64| {
        standing.nameable.operators.iter().find(|(one, ..)| *one == id).map_or("", |(.., name)| name.as_str())
    };
    html! {
        section.card {
            h2 { (r.categories) }
            @if standing.categories.is_empty() { p.empty { (r.categories_none) } }
            ul.todo { @for c in &standing.categories { li { div {
                strong { (r.category_of(&c.category)) }
                p.quiet { @match c.valid_to {
                    Some(to) => (fill(r.category_span, &[&c.valid_from.to_string(), &to.to_string()])),
                    None => (fill(r.category_open, &[&c.valid_from.to_string()])),
                } }
            } } } }
            @if !standing.memberships.is_empty() {
                h2 { (r.members) }
                ul.todo { @for m in &standing.memberships {
                    li { (fill(r.member_since, &[operator(m.operator_id), &m.from_on.to_string()])) }
                } }
            }
        }
        section.card {
            details {
                summary { (r.edit_title) }
                p.quiet { (r.edit_note) }
                form.stacked method="post" action={ (path) "/change" } {
                    (form::field(&Field::text("name", r.edit_name).note(r.name_note).optional()))
                    (form::field(&Field::text("phone", r.edit_phone).note(r.phone_note).optional()))
                    (form::field(&Field::text("village", r.edit_village).note(r.village).optional()))
                    (form::field(&Field::text("town", r.town).optional()))
                    (category_field("", ctx))
                    (form::field(&Field::day("category_from", r.category_from).optional()))
                    (operator_field("", &standing.nameable, ctx))
                    button.primary type="submit" { (r.save_button) }
                }
            }
        }
    }
}

/// `POST /branch/households/{id}/change`
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    household::known(&app, &visit, id).await?;
    let mut typed = TypedHousehold::default();
    for (name, value) in &fields {
        typed.set(name, value);
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = Box::pin(service::correct(&desk, id, &typed)).await;
    went_on(done.map(|()| address(id)), &address(id), &visit.ctx)
}

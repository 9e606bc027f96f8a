//! Adding a shop: what the platform asks for comes first, and that files serve as well; then whose shop it is.

use crate::domain::problem::{Mistake, Problem};
use crate::services::connection::{self, Needs, Offered};
use crate::services::setup::{self, NewShop, Owner};
use crate::store::goods::{self, Operator};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::names::platform;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

const PATH: &str = "/branch/shops/new";
/// Characters of a key, and of a name.
const MOST_KEY: usize = 40;
const MOST_NAME: usize = 80;
/// Days from completion to settlement that make sense.
const MOST_DAYS: i64 = 365;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub offered: Vec<Offered>,
    /// The platform chosen; `None`: not yet.
    pub chosen: Option<Offered>,
    pub operators: Vec<Operator>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    let body = match page.chosen {
        None => html! {
            section.card {
                h1 { (s.new_first) }
                p { (s.new_note) }
                ul.todo { @for offered in &page.offered { li {
                    div { strong { (platform(offered.key, ctx)) } (asks(offered.needs, ctx)) }
                    a.button href={ (PATH) "?platform=" (offered.key) } { (s.choose_this) }
                } } }
            }
        },
        Some(offered) => html! {
            section.card {
                h1 { (fill(s.new_of, &[platform(offered.key, ctx)])) }
                (asks(offered.needs, ctx))
                (shop_form(offered, &page.operators, ctx))
            }
        },
    };
    shell::page(s.shop_add, Some(Section::Shops), &body, ctx)
}

fn shop_form(offered: Offered, operators: &[Operator], ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        form.stacked method="post" action="/branch/shops" {
            input type="hidden" name="platform" value=(offered.key);
            (form::field(&Field::text("shop_key", s.shop_key).note(s.shop_key_note)))
            (form::field(&Field::text("shop_name", s.shop_name)))
            @if offered.needs.is_some() {
                (form::field(&Field::text("number", s.shop_number).note(s.shop_number_note).optional()))
            }
            label.field {
                span { (s.operator) }
                select name="operator" {
                    option value="" { (s.operator_none) }
                    @for operator in operators { option value=(operator.operator_key) { (operator.name) } }
                }
                span.quiet { (s.operator_note) }
            }
            (form::field(&Field::text("operator_name", s.operator_new).note(s.operator_new_note).optional()))
            (form::field(&Field::text("operator_phone", s.operator_phone).optional()))
            (form::field(&Field::text("days", s.settled_after).note(s.settled_after_note).optional()))
            button.primary type="submit" { (s.shop_save) }
        }
    }
}

/// What a platform asks of a person.
pub fn asks(needs: Option<Needs>, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sources;
    html! {
        @match needs {
            None => p.quiet { (s.asks_nothing) },
            Some(needs) => {
                @let asked = [
                    Some(s.asks_key),
                    needs.sign_secret.then_some(s.asks_sign_secret),
                    needs.merchant_code.then_some(s.asks_code),
                    needs.listed_address.then_some(s.asks_address),
                ];
                p.quiet { (asked.into_iter().flatten().collect::<Vec<_>>().join(" · ")) }
            },
        }
    }
}

/// Which platform.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    platform: String,
}

/// `GET /branch/shops/new?platform=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let offered = connection::offered();
    let chosen = offered.iter().find(|one| one.key == asked.platform).copied();
    if chosen.is_none() && !asked.platform.is_empty() {
        return Err(WebError::BadRequest);
    }
    let load = async { goods::list_operators(&mut app.store.read(scope).await?).await };
    let operators = load.await.map_err(anyhow::Error::from)?;
    Ok(render(&Page { offered, chosen, operators }, &visit.ctx))
}

/// A shop as the form says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct New {
    platform: String,
    shop_key: String,
    shop_name: String,
    number: String,
    operator: String,
    operator_name: String,
    operator_phone: String,
    days: String,
}

impl New {
    fn read(&self) -> Result<(NewShop, Owner), Problem> {
        let (key, name) = (self.shop_key.trim(), self.shop_name.trim());
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let keyed = !key.is_empty() && key.len() <= MOST_KEY && key.chars().all(is_key);
        if !keyed || name.is_empty() || name.chars().count() > MOST_NAME {
            return Err(Problem::from(Mistake::BadShop));
        }
        let settled_after_days = match self.days.trim() {
            "" => None,
            text => {
                let days = text.parse::<i64>().ok().filter(|days| (0..=MOST_DAYS).contains(days));
                Some(days.ok_or_else(|| Mistake::BadDays { text: text.to_owned(), most: MOST_DAYS })?)
            }
        };
        let owner = match (self.operator.trim(), self.operator_name.trim()) {
            ("", "") => Owner::Unnamed,
            ("", name) => Owner::New { name: name.to_owned(), phone: self.operator_phone.trim().to_owned() },
            (key, "") => Owner::Known(key.to_owned()),
            _ => return Err(Mistake::TwoOperators.into()),
        };
        let shop = NewShop {
            key: key.to_owned(),
            platform: self.platform.clone(),
            platform_shop_id: self.number.trim().to_owned(),
            name: name.to_owned(),
            settled_after_days,
        };
        Ok((shop, owner))
    }
}

/// `POST /branch/shops`
pub async fn create(State(app): State<AppState>, visit: Visit, Form(new): Form<New>) -> Result<Response, WebError> {
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let back = format!(
        "{PATH}?platform={}",
        connection::offered().iter().find(|o| o.key == new.platform).map_or("", |o| o.key)
    );
    let make = async {
        if app.demo {
            return Err(Problem::RealOnDemo.into());
        }
        let (shop, owner) = new.read()?;
        setup::add_shop_of(&app.store, county, &actor, &app.clock, &shop, &owner).await
    };
    match make.await {
        Ok(shop_id) => Ok(Redirect::to(&format!("/branch/shops/{shop_id}")).into_response()),
        Err(error) => refused(error, &back, &visit.ctx),
    }
}

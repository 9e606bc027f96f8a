//! 我要卖的货: what a household proposes for sale, by a form in large type, and what became of each.
//!
//! Rules that must hold: a household sees its own proposals and nobody else's; what is wrong is said beside the form, and
//! nothing typed is lost. Not here: the branch's side (`branch::proposal`).

use super::money;
use crate::domain::access::Scope;
use crate::domain::calendar::{Day, day_of};
use crate::domain::problem::Problem;
use crate::domain::proposals::TypedProposal;
use crate::services::proposals as service;
use crate::store::photos::{self, Photo};
use crate::store::proposals::{self, Proposal, Standing};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::photos as pictures;
use crate::web::ui::number::weight;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

pub const PATH: &str = "/farmer/goods";
/// Proposals on the page.
const SHOWN: i64 = 20;

/// The list.
pub fn render(own: &[Proposal], photos: &[Photo], ctx: &Ctx) -> Markup {
    let p = &ctx.words.proposals;
    let body = html! {
        h1 { (p.mine_title) }
        p { (p.mine_note) }
        a.button.primary href={ (PATH) "/new" } { (p.new_button) }
        @if own.is_empty() { section.card { p { (p.mine_none) } } }
        @for proposal in own { (card(proposal, photos.iter().find(|f| f.of_id == proposal.proposal_id), ctx)) }
        a.button href="/farmer" { (p.home) }
    };
    shell::phone(p.mine_title, &body, ctx)
}

/// What the goods are called: as they are entered, else in the household's words.
pub fn goods_name<'a>(proposal: &'a Proposal, ctx: &Ctx) -> &'a str {
    let entered = ctx.name(&proposal.product, &proposal.product_en);
    if entered.is_empty() { &proposal.goods } else { entered }
}

fn card(proposal: &Proposal, photo: Option<&Photo>, ctx: &Ctx) -> Markup {
    let p = &ctx.words.proposals;
    let (state, note) = match proposal.standing() {
        Standing::Waiting => (p.state_waiting, String::new()),
        Standing::Drafted => (p.state_drafted, String::new()),
        Standing::Listed => (p.state_listed, p.listed_note.to_owned()),
        Standing::Returned => (p.state_returned, fill(p.why, &[&proposal.reason])),
    };
    let (pack, amount) = (weight(proposal.pack_g, ctx.lang), weight(proposal.amount_g, ctx.lang));
    html! {
        section.card {
            h2 { (state) }
            @if !note.is_empty() { p { strong { (note) } } }
            p { (fill(p.what, &[goods_name(proposal, ctx), &pack, &amount])) }
            p { (fill(p.when, &[&proposal.ready_from.to_string(), &proposal.ready_to.to_string()])) }
            p { (wish(proposal, ctx)) }
            @if !proposal.said.is_empty() { p { (fill(p.also_said, &[&proposal.said])) } }
            p.quiet { (fill(p.on_day, &[&day_of(proposal.proposed_at).to_string()])) }
            @if let Some(photo) = photo {
                (pictures::thumb(photo, &fill(ctx.words.stock.photo_of, &[goods_name(proposal, ctx)]), ctx))
            }
            @if proposal.standing() == Standing::Waiting {
                details {
                    summary { (ctx.words.stock.photo_title) }
                    (pictures::form(&format!("{PATH}/{}/photo", proposal.proposal_id), photo.is_some(), ctx))
                }
            }
        }
    }
}

/// The price a household would like.
pub fn wish(proposal: &Proposal, ctx: &Ctx) -> String {
    let p = &ctx.words.proposals;
    if proposal.price_fen == 0 { p.no_wish.into() } else { fill(p.wish, &[&money(proposal.price_fen)]) }
}

/// What the form shows.
#[derive(Debug, Clone)]
pub struct FormPage {
    /// Goods to choose from: number, name, English name.
    pub goods: Vec<(i64, String, String)>,
    pub typed: TypedProposal,
    pub fault: String,
    pub today: Day,
}

/// The form.
pub fn render_form(page: &FormPage, ctx: &Ctx) -> Markup {
    let p = &ctx.words.proposals;
    let t = &page.typed;
    let body = html! {
        h1 { (p.form_title) }
        @if !page.fault.is_empty() { p.warn.card role="alert" { strong { (page.fault) } } }
        section.card {
            form.stacked.large method="post" action=(PATH) {
                label.field { span { (p.goods) } select name="product" required {
                    option value="" selected[t.product.is_empty()] { (p.goods_choose) }
                    @for (id, name, name_en) in &page.goods {
                        option value=(id) selected[t.product == id.to_string()] { (ctx.name(name, name_en)) }
                    }
                    option value="0" selected[t.product == "0"] { (p.goods_other) }
                } }
                (text("goods", p.goods_name, &t.goods, 40))
                (number("pack", p.pack, &t.pack, true))
                (number("amount", p.amount, &t.amount, true))
                (day("from", p.from, &t.from, None))
                (day("to", p.to, &t.to, Some(page.today)))
                (number("price", p.price, &t.price, false))
                label.field { span { (p.said) } textarea name="said" rows="3" maxlength="300" { (t.said) } }
                button.primary type="submit" { (p.send) }
            }
            p.quiet { (p.send_note) }
        }
        a.button href=(PATH) { (p.back) }
    };
    shell::phone(p.form_title, &body, ctx)
}

fn text(name: &str, label: &str, value: &str, most: i64) -> Markup {
    html! { label.field { span { (label) } input type="text" name=(name) value=(value) maxlength=(most) autocomplete="off"; } }
}

fn number(name: &str, label: &str, value: &str, required: bool) -> Markup {
    html! { label.field { span { (label) }
        input type="text" inputmode="decimal" name=(name) value=(value) maxlength="12" autocomplete="off" required[required];
    } }
}

fn day(name: &str, label: &str, value: &str, least: Option<Day>) -> Markup {
    html! { label.field { span { (label) } input type="date" name=(name) value=(value) min=[least] required; } }
}

fn household(visit: &Visit) -> Result<i64, WebError> {
    match visit.scope()? {
        Scope::Farmer { farmer_id, .. } => Ok(farmer_id),
        _ => Err(WebError::Forbidden),
    }
}

/// `GET /farmer/goods`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let farmer_id = household(&visit)?;
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let own = proposals::list_of_farmer(session, farmer_id, SHOWN).await?;
        anyhow::Ok((own, photos::list(session, "proposal", None).await?))
    };
    let (own, photos) = load.await?;
    Ok(render(&own, &photos, &visit.ctx))
}

async fn form(app: &AppState, visit: &Visit, typed: TypedProposal, fault: String) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async { proposals::list_goods(&mut app.store.read(scope).await?).await };
    let goods = load.await.map_err(anyhow::Error::from)?;
    Ok(render_form(&FormPage { goods, typed, fault, today: app.clock.today() }, &visit.ctx))
}

/// `GET /farmer/goods/new`
pub async fn new(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    form(&app, &visit, TypedProposal::default(), String::new()).await
}

/// `POST /farmer/goods`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(typed): Form<TypedProposal>,
) -> Result<Response, WebError> {
    let (farmer_id, actor) = (household(&visit)?, visit.actor()?);
    match service::propose(&app.desk(&visit, &actor)?, farmer_id, &typed).await {
        Ok(_) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => {
            let Some(problem) = error.downcast_ref::<Problem>() else { return Err(error.into()) };
            let page = form(&app, &visit, typed, problem.text(visit.ctx.lang)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

//! A stream's plan, new or changed: a plain form that checks, adds rows, or saves; what is barred or unreadable is said
//! at its place, and nothing typed is lost.
//!
//! Not here: reading what was typed (`plan_form`), writing it (`services::plans`).

use super::plan_form::{Fault, ROWS, Typed, TypedOffer, window, window_text};
use super::stock;
use crate::domain::calendar::{Day, Instant, day_of, parse_day};
use crate::domain::money::yuan;
use crate::domain::phrases::{Hit, Phrases};
use crate::domain::problem::{Planning, Problem};
use crate::domain::stock::Shelves;
use crate::services::listings::list_on;
use crate::services::plans::{self as service, MOST_OFFERS, Meant};
use crate::services::shelf_check::Sources;
use crate::services::stock::on_shelves;
use crate::store::goods::{Listing, Shop};
use crate::store::people::{Account, Anchor, Room};
use crate::store::{Session, goods, people, plans, streams};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::platform;
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use maud::{Markup, html};

/// What may be chosen.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub shops: Vec<Shop>,
    pub rooms: Vec<Room>,
    pub anchors: Vec<Anchor>,
    pub accounts: Vec<Account>,
    pub listings: Vec<Listing>,
}

impl Choices {
    /// What is open, and the room that stands in the form though it was closed since.
    async fn load(session: &mut Session, room: &str, on: Day) -> anyhow::Result<Self> {
        let mut accounts = people::list_anchor_accounts(session).await?;
        accounts.extend(people::list_room_accounts(session).await?);
        accounts.sort_by(|a, b| (&a.platform, &a.author_no).cmp(&(&b.platform, &b.author_no)));
        let mut listings = list_on(session, on).await?;
        listings.sort_by(|a, b| a.listing_key.cmp(&b.listing_key));
        let rooms = people::list_rooms(session).await?;
        Ok(Self {
            shops: goods::list_shops(session).await?,
            rooms: rooms.into_iter().filter(|r| r.closed_on.is_none() || r.room_id.to_string() == room).collect(),
            anchors: people::list_anchors(session).await?,
            accounts,
            listings,
        })
    }

    fn price_fen(&self, listing_id: i64) -> i64 {
        self.listings.iter().find(|l| l.listing_id == listing_id).map_or(0, |l| l.price_fen)
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// `None`: a new one.
    pub stream_id: Option<i64>,
    pub typed: Typed,
    pub choices: Choices,
    pub phrases: Phrases,
    pub faults: Vec<Fault>,
    /// What was refused when it was to be saved.
    pub refused: String,
    /// A month is locked: it has to be said that the change is meant.
    pub locked: bool,
    /// What there is of each listing today, and what all shelves promise of it, this one as it is typed.
    pub shelves: Shelves,
}

fn path(stream_id: Option<i64>) -> String {
    stream_id.map_or_else(|| "/branch/streams/new".to_owned(), |id| format!("/branch/streams/{id}/plan"))
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    let title = if page.stream_id.is_some() { s.edit_title } else { s.new_title };
    let clean = page.typed.act == "check" && page.faults.is_empty() && hits(page).is_empty();
    let body = html! {
        section.card {
            h1 { (title) }
            p.quiet { (s.new_note) }
            @if !page.refused.is_empty() { p.warn role="alert" { (page.refused) } }
            @for fault in &page.faults { p.warn role="alert" { (fault_text(*fault, ctx)) } }
            @if clean { p.gain role="status" { (s.checked) } }
            form.weighing-form method="post" action=(path(page.stream_id)) {
                (head(page, ctx))
                h2 { (s.shelf) }
                p.quiet { (s.shelf_note) }
                (shelf(page, ctx))
                @if page.locked {
                    label { input type="checkbox" name="confirmed" value="yes" checked[page.typed.confirmed]; " " (s.locked_confirm) }
                    label.field { span { (s.locked_reason) } input type="text" name="reason" value=(page.typed.reason) maxlength="200"; }
                }
                div.actions {
                    // the first button is what Enter presses
                    button type="submit" name="act" value="check" { (s.check_button) }
                    button type="submit" name="act" value="more" { (s.more_button) }
                    button.primary type="submit" name="act" value="save" { (s.save_button) }
                }
            }
            p { a href="/branch/streams" { (ctx.words.branch.streams_title) } " · " a href="/branch/streams/words" { (s.words_button) } }
        }
    };
    shell::page(title, Some(Section::Broadcasts), &body, ctx)
}

fn head(page: &Page, ctx: &Ctx) -> Markup {
    let (s, typed, c) = (&ctx.words.streams, &page.typed, &page.choices);
    html! {
        label.field {
            span { (s.title) }
            input type="text" name="title" value=(typed.title) maxlength="60" autocomplete="off";
            @let found = page.phrases.check(&typed.title);
            @if found.is_empty() { span.quiet { (s.title_note) } } @else { (hit_list(&found, ctx)) }
        }
        div.pairs {
            label.field { span { (s.day) } input type="date" name="day" value=(typed.day) required; }
            label.field { span { (s.from) } input type="time" name="from" value=(typed.from) required; }
            label.field { span { (s.to) } input type="time" name="to" value=(typed.to) required; span.quiet { (s.to_note) } }
            label.field { span { (s.shop) } select name="shop" { @for shop in &c.shops {
                option value=(shop.shop_id) selected[typed.shop == shop.shop_id.to_string()] {
                    (shop.name) " · " (platform(&shop.platform, ctx))
                }
            } } }
            label.field { span { (s.anchor) } select name="anchor" { @for anchor in &c.anchors {
                option value=(anchor.anchor_id) selected[typed.anchor == anchor.anchor_id.to_string()] { (anchor.name) }
            } } }
            label.field { span { (s.room) } select name="room" {
                option value="0" { (ctx.words.branch.no_room) }
                @for room in &c.rooms {
                    option value=(room.room_id) selected[typed.room == room.room_id.to_string()] { (room.name) }
                }
            } }
            label.field { span { (s.account) } select name="account" {
                option value="" { (s.account_any) }
                @for account in &c.accounts {
                    option value=(account.author_no) selected[typed.account == account.author_no] {
                        (platform(&account.platform, ctx)) " " (account.author_no)
                    }
                }
            } }
        }
        @if c.anchors.len() > 1 {
            fieldset.picks {
                legend { (s.assistants) " " span.quiet { (s.assistants_note) } }
                @for anchor in &c.anchors {
                    @let id = anchor.anchor_id.to_string();
                    label { input type="checkbox" name="assistant" value=(id) checked[typed.assistants.contains(&id)]; " " (anchor.name) }
                }
            }
        }
    }
}

fn shelf(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(s.shelf) {
            table.weighing.shelf {
                thead { tr {
                    th.number scope="col" { (s.sheet_no) }
                    @for head in [s.col_listing, s.col_price, s.col_pieces, s.col_points] { th scope="col" { (head) } }
                } }
                tbody { @for (index, row) in page.typed.offers.iter().enumerate() {
                    @let number = (index + 1).to_string();
                    tr {
                        td.number { (number) }
                        td { select name="listing" aria-label={ (number) " " (s.col_listing) } {
                            option value="" { (s.choose) }
                            @for l in &page.choices.listings {
                                option value=(l.listing_id) selected[row.listing == l.listing_id.to_string()] {
                                    (l.name) " · " (yuan(l.price_fen))
                                }
                            }
                        } }
                        td data-label=(s.col_price) { input type="text" inputmode="decimal" name="price" value=(row.price) autocomplete="off" aria-label={ (number) " " (s.col_price) }; }
                        td data-label=(s.col_pieces) { input type="text" inputmode="numeric" name="pieces" value=(row.pieces) autocomplete="off" aria-label={ (number) " " (s.col_pieces) }; (in_stock(row, page, ctx)) }
                        td data-label=(s.col_points) {
                            input type="text" name="points" value=(row.points) maxlength="400" autocomplete="off" aria-label={ (number) " " (s.col_points) };
                            (hit_list(&page.phrases.check(&row.points), ctx))
                        }
                    }
                } }
            }
        }
    }
}

/// What there is of a row's listing, and a warning where all shelves together promise more.
fn in_stock(row: &TypedOffer, page: &Page, ctx: &Ctx) -> Markup {
    let Ok(listing_id) = row.listing.trim().parse() else { return html! {} };
    html! {
        @if let Some(parcels) = page.shelves.stock(listing_id).parcels() {
            span.quiet { (fill(ctx.words.stock.in_stock, &[&grouped(parcels)])) }
        }
        (stock::over(&page.shelves, listing_id, ctx))
    }
}

/// What is barred of a text, why, and what to say instead.
pub fn hit_list(found: &[Hit], ctx: &Ctx) -> Markup {
    let s = &ctx.words.streams;
    html! {
        @for hit in found {
            span.warn.hit role="alert" {
                @if hit.suggestion.is_empty() { (fill(s.hit, &[&hit.found, s.kind(hit.kind)])) }
                @else { (fill(s.hit_instead, &[&hit.found, s.kind(hit.kind), &hit.suggestion])) }
            }
        }
    }
}

fn hits(page: &Page) -> Vec<Hit> {
    let texts = std::iter::once(&page.typed.title).chain(page.typed.offers.iter().map(|row| &row.points));
    texts.flat_map(|text| page.phrases.check(text)).collect()
}

fn fault_text(fault: Fault, ctx: &Ctx) -> String {
    let s = &ctx.words.streams;
    match fault {
        Fault::Title => s.fault_title.to_owned(),
        Fault::Place => s.fault_place.to_owned(),
        Fault::Times => s.fault_times.to_owned(),
        Fault::Row(index) => fill(s.fault_row, &[&(index + 1).to_string()]),
        Fault::Twice(index) => fill(s.fault_twice, &[&(index + 1).to_string()]),
    }
}

async fn load(session: &mut Session, stream_id: Option<i64>, typed: Typed, now: Instant) -> anyhow::Result<Page> {
    let today = day_of(now);
    // names and prices are those of the day it is planned for
    let on = parse_day(typed.day.trim()).unwrap_or(today);
    let choices = Choices::load(session, &typed.room, on).await?;
    let sources = Sources::load(session, today).await?;
    let mut shelves = on_shelves(session, &sources, now).await?;
    // a shelf of what is over promises nothing any more
    let is_over = window(&typed.day, &typed.from, &typed.to).is_some_and(|(_, ends_at)| ends_at <= now);
    let promises = if is_over { Vec::new() } else { typed.promises() };
    shelves.replan(stream_id.unwrap_or(0), &promises);
    Ok(Page {
        stream_id,
        typed,
        choices,
        phrases: crate::services::phrases::load(session).await?,
        faults: Vec::new(),
        refused: String::new(),
        locked: false,
        shelves,
    })
}

/// What stands in the form of a stream that is there; `None` where there is none.
async fn stands(session: &mut Session, stream_id: i64) -> anyhow::Result<Option<Typed>> {
    let Some(stream) = streams::find(session, stream_id).await? else { return Ok(None) };
    let plan = plans::find(session, stream_id).await?;
    let offers = plans::list_offers(session, &[stream_id]).await?;
    let shelf = streams::list_shelves_of(session, &[stream_id]).await?;
    let (day, from, to) = window_text(stream.starts_at, stream.ends_at);
    let row = |listing_id: i64| {
        let offer = offers.iter().find(|o| o.listing_id == listing_id);
        let pieces = offer.filter(|o| o.promised_pieces > 0).map(|o| o.promised_pieces.to_string());
        TypedOffer {
            listing: listing_id.to_string(),
            price: offer.map(|o| yuan(o.price_fen)).unwrap_or_default(),
            pieces: pieces.unwrap_or_default(),
            points: offer.map(|o| o.points.clone()).unwrap_or_default(),
        }
    };
    let mut rows: Vec<TypedOffer> = shelf.iter().map(|place| row(place.listing_id)).collect();
    rows.push(TypedOffer::default());
    Ok(Some(Typed {
        title: plan.as_ref().map(|p| p.title.clone()).unwrap_or_default(),
        shop: stream.shop_id.to_string(),
        room: stream.room_id.to_string(),
        anchor: stream.anchor_id.to_string(),
        assistants: plans::list_assistants(session, stream_id).await?.iter().map(i64::to_string).collect(),
        account: plan.map(|p| p.author_no).unwrap_or_default(),
        day,
        from,
        to,
        offers: rows,
        ..Typed::default()
    }))
}

/// `GET /branch/streams/new`
pub async fn new(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let tomorrow: Instant = app.clock.now() + TimeDelta::days(1);
    let (day, ..) = window_text(tomorrow, tomorrow);
    let typed = Typed {
        day,
        from: "19:00".into(),
        to: "22:00".into(),
        offers: vec![TypedOffer::default(); ROWS],
        ..Typed::default()
    };
    let scope = visit.scope()?;
    let load = async { load(&mut app.store.read(scope).await?, None, typed, app.clock.now()).await };
    Ok(render(&load.await?, &visit.ctx))
}

/// `POST /branch/streams/new`: checks, adds rows, or saves.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    Box::pin(take(&app, &visit, None, Typed::read(fields))).await
}

/// `GET /branch/streams/{id}/plan`
pub async fn edit(State(app): State<AppState>, visit: Visit, Path(stream_id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(typed) = stands(session, stream_id).await? else { return Ok(None) };
        load(session, Some(stream_id), typed, app.clock.now()).await.map(Some)
    };
    let page: Option<Page> = load.await?;
    page.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `POST /branch/streams/{id}/plan`: checks, adds rows, or saves.
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(stream_id): Path<i64>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    let found = async { Ok::<_, anyhow::Error>(streams::find(&mut app.store.read(scope).await?, stream_id).await?) };
    if found.await?.is_none() {
        return Err(WebError::NotFound);
    }
    Box::pin(take(&app, &visit, Some(stream_id), Typed::read(fields))).await
}

async fn take(app: &AppState, visit: &Visit, stream_id: Option<i64>, mut typed: Typed) -> Result<Response, WebError> {
    if typed.act == "more" || typed.offers.is_empty() {
        let rows = (typed.offers.len() + ROWS).min(MOST_OFFERS);
        typed.offers.resize(rows, TypedOffer::default());
    }
    let scope = visit.scope()?;
    let loading = async { load(&mut app.store.read(scope).await?, stream_id, typed, app.clock.now()).await };
    let mut page = loading.await?;
    page.locked = page.typed.confirmed || !page.typed.reason.is_empty();
    let plan = match page.typed.plan(|id| page.choices.price_fen(id)) {
        Ok(plan) => Some(plan),
        Err(faults) => {
            page.faults = faults;
            None
        }
    };
    let Some(plan) = plan.filter(|_| page.typed.act == "save" && hits(&page).is_empty()) else {
        return Ok(render(&page, &visit.ctx).into_response());
    };
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    let meant = Meant { confirmed: page.typed.confirmed, reason: &page.typed.reason };
    let saved = match stream_id {
        None => service::plan(&desk, &plan, meant).await.map(Some),
        Some(id) => service::replan(&desk, id, &plan, meant).await.map(|found| found.then_some(id)),
    };
    match saved {
        Ok(Some(id)) => Ok(Redirect::to(&format!("/branch/streams/{id}")).into_response()),
        Ok(None) => Err(WebError::NotFound),
        Err(error) => match error.downcast::<Problem>() {
            // said on the form itself, so that nothing typed is lost
            Ok(problem) => {
                page.locked |= matches!(problem, Problem::Planning(Planning::MonthLocked { .. }));
                page.refused = problem.text(visit.ctx.lang);
                Ok(render(&page, &visit.ctx).into_response())
            }
            Err(error) => Err(error.into()),
        },
    }
}

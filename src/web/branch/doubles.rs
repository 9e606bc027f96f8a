//! 重复档案: what waits for a second person, records that look like doubles, what was decided; and one of them to decide.

use super::double::{self, PATH, label};
use super::household::address;
use crate::domain::access::Role;
use crate::domain::calendar::clock_text;
use crate::services::doubles::{self as service, Pair};
use crate::store::doubles::{self as stored, Act, Entry, Likely};
use crate::store::people::{self, Farmer};
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::names::Names;
use crate::web::ui::form::{self, Field, Why};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rustc_hash::FxHashMap;

/// Decisions on the page.
const MOST_DECIDED: i64 = 50;

/// What the list shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub waiting: Vec<Entry>,
    /// Each pair with the village of the first.
    pub likely: Vec<(Likely, String)>,
    pub decided: Vec<Entry>,
    /// Every record that is named.
    pub farmers: FxHashMap<i64, Farmer>,
}

impl Page {
    fn label(&self, farmer_id: i64) -> String {
        self.farmers.get(&farmer_id).map(label).unwrap_or_default()
    }
}

/// The list.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let d = &ctx.words.doubles;
    let body = html! {
        section.card {
            h1 { (d.title) }
            p.quiet { (d.note) }
            h2 { (d.waiting_title) }
            (entries(page, &page.waiting, d.waiting_none, ctx).render(ctx))
        }
        section.card {
            h2 { (d.likely_title) }
            p.quiet { (d.likely_note) }
            @if page.likely.is_empty() { p.empty { (d.likely_none) } }
            ul.todo { @for (pair, village) in &page.likely {
                @let (first, second) = (page.label(pair.first_id), page.label(pair.second_id));
                @let other = page.farmers.get(&pair.first_id).map_or("", |f| f.farmer_key.as_str());
                li {
                    div {
                        strong { (first) " · " (second) }
                        p.quiet { (if pair.same_phone { d.by_phone } else { d.by_name }) " · " (village) }
                    }
                    // the younger record is the likelier double
                    a.button href={ (address(pair.second_id)) "/double?kept=" (form::in_address(other)) } { (d.card_button) }
                }
            } }
        }
        section.card {
            h2 { (d.decided_title) }
            (entries(page, &page.decided, d.decided_none, ctx).render(ctx))
        }
    };
    shell::page(d.title, Some(Section::Households), &body, ctx)
}

fn entries(page: &Page, entries: &[Entry], none: &'static str, ctx: &Ctx) -> Table {
    let d = &ctx.words.doubles;
    let columns = [
        (d.col_act, Align::Whole),
        (d.col_double, Align::Whole),
        (d.col_kept, Align::Whole),
        (d.col_by, Align::Whole),
        (d.col_outcome, Align::Whole),
        (d.col_decided_by, Align::Whole),
        (d.col_why, Align::Text),
    ];
    let mut table = Table::new(d.title, none, &columns);
    for entry in entries {
        let act = d.act(entry.act() == Act::Merge).to_owned();
        table.rows.push(vec![
            Cell::Link(act, format!("{PATH}/{}", entry.entry_id)),
            Cell::Link(page.label(entry.double_id), address(entry.double_id)),
            Cell::Link(page.label(entry.into_id), address(entry.into_id)),
            entry.entered_by.clone().into(),
            d.outcome(&entry.outcome).into(),
            entry.decided_by.clone().into(),
            entry.reason.clone().into(),
        ]);
    }
    table
}

/// `GET /branch/doubles`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async { load(&mut app.store.read(scope).await?).await };
    Ok(render(&load.await.map_err(anyhow::Error::from)?, &visit.ctx))
}

async fn load(session: &mut Session) -> Result<Page, StoreError> {
    let names = Names::of_regions(session).await?;
    let (waiting, decided) = (stored::list_waiting(session).await?, stored::list_decided(session, MOST_DECIDED).await?);
    let likely = service::likely(session).await?;
    let farmers: FxHashMap<i64, Farmer> =
        people::list_farmers(session).await?.into_iter().map(|f| (f.farmer_id, f)).collect();
    let village = |pair: &Likely| farmers.get(&pair.first_id).map(|f| names.of(&f.village_code)).unwrap_or_default();
    let likely = likely.into_iter().map(|pair| (pair, village(&pair))).collect();
    Ok(Page { waiting, likely, decided, farmers })
}

/// What one entry's page shows.
#[derive(Debug, Clone)]
pub struct Shown {
    pub entry: Entry,
    pub pair: Pair,
    pub villages: [String; 2],
    /// The reader put it forward.
    pub own: bool,
    /// The reader decides nothing.
    pub reads_only: bool,
}

/// One entry.
pub fn render_one(shown: &Shown, ctx: &Ctx) -> Markup {
    let d = &ctx.words.doubles;
    let entry = &shown.entry;
    let names = [label(&shown.pair.double.farmer), label(&shown.pair.kept.farmer)];
    let title = fill(d.entry_title, &[d.act(entry.act() == Act::Merge), &names[0], &names[1]]);
    let path = format!("{PATH}/{}", entry.entry_id);
    let body = html! {
        section.card {
            h1 { (title) }
            p { (fill(d.entry_by, &[&entry.entered_by, &clock_text(entry.entered_at), &entry.reason])) }
            @if !entry.is_waiting() {
                p { strong { (fill(d.entry_decided, &[d.outcome(&entry.outcome), &entry.decided_by, &entry.answer])) } }
            }
            p.quiet { (if entry.act() == Act::Merge { d.note } else { d.part_note }) }
            p { a href=(PATH) { (d.title) } " · " a href=(address(entry.double_id)) { (names[0]) } " · "
                a href=(address(entry.into_id)) { (names[1]) } }
        }
        @if entry.is_waiting() && entry.act() == Act::Merge {
            (double::side_by_side(&shown.pair, &shown.villages, ctx))
        }
        @if entry.is_waiting() && !shown.reads_only { section.card {
            h2 { (d.decide_title) }
            @if shown.own {
                p.quiet { (d.decide_own) }
                form method="post" action={ (path) "/turn-down" } { button type="submit" { (d.withdraw_button) } }
            } @else {
                @if ctx.role == Some(Role::BranchAdmin) {
                    form method="post" action={ (path) "/approve" } {
                        button.primary type="submit" { (d.approve_button) }
                    }
                } @else { p.quiet { (d.decide_admin) } }
                form.stacked method="post" action={ (path) "/turn-down" } {
                    (form::field(&Field::text("reason", d.reject_reason).note(d.reason_note)))
                    button type="submit" { (d.reject_button) }
                }
            }
        } }
    };
    shell::page(&title, Some(Section::Households), &body, ctx)
}

/// `GET /branch/doubles/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let role = visit.ctx.role;
    let actor = visit.actor();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(entry) = stored::find_entry(session, id).await? else { return Ok(None) };
        let names = Names::of_regions(session).await?;
        let ids = (entry.double_id, entry.into_id);
        let Some((pair, villages)) = double::load_pair(session, ids, &names, app.clock.today()).await? else {
            return Ok(None);
        };
        let own = match &actor {
            Ok(actor) => !service::may_decide(&entry, actor)?,
            Err(_) => false,
        };
        let reads_only = !matches!(role, Some(Role::BranchAdmin | Role::Branch));
        Ok::<_, anyhow::Error>(Some(Shown { entry, pair, villages, own, reads_only }))
    };
    load.await?.map(|shown| render_one(&shown, &visit.ctx)).ok_or(WebError::NotFound)
}

/// Makes sure that there is such an entry.
async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<(), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let entry = stored::find_entry(session, id).await.map_err(anyhow::Error::from)?;
    entry.map(|_| ()).ok_or(WebError::NotFound)
}

/// `POST /branch/doubles/{id}/approve`
pub async fn approve(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let path = format!("{PATH}/{id}");
    let done = Box::pin(service::approve(&desk, id)).await;
    went_on(done.map(|()| path.clone()), &path, &visit.ctx)
}

/// `POST /branch/doubles/{id}/turn-down`
pub async fn turn_down(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(why): Form<Why>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let path = format!("{PATH}/{id}");
    let done = service::turn_down(&desk, id, &why.reason).await;
    went_on(done.map(|()| path.clone()), &path, &visit.ctx)
}

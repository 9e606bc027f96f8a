//! 诉求: what households ask, by how far it is: nobody sees to it yet, being seen to, answered.

use super::tables::{self, Kind};
use crate::domain::calendar::{Day, day_of};
use crate::domain::requests::State;
use crate::store::people::{self, Farmer};
use crate::store::requests::{self as stored, Request};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session::family_name;
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State as Shared};
use maud::{Markup, html};
use rustc_hash::FxHashMap;
use serde::Deserialize;

pub const PATH: &str = "/branch/requests";
/// Requests of each list; the oldest first, so that none is lost behind newer ones.
const SHOWN: i64 = 100;
/// Requests of a page of one state.
const SIZE: i64 = 50;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub open: Vec<Row>,
    pub assigned: Vec<Row>,
    pub answered: Vec<Row>,
    /// The page of one state, where one is chosen instead of those that wait.
    pub of_state: Option<(State, Vec<Row>)>,
    pub chosen: Chosen,
    pub paging: Paging,
    pub today: Day,
}

/// A request and its household as 陈*.
#[derive(Debug, Clone)]
pub struct Row {
    pub request: Request,
    pub label: String,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let r = &ctx.words.requests;
    let lists = [
        (r.open_title, r.open_none, &page.open),
        (r.assigned_title, r.assigned_none, &page.assigned),
        (r.answered_title, r.answered_none, &page.answered),
    ];
    let body = html! {
        section.card {
            h1 { (r.list_title) }
            p.quiet { (r.list_note) }
            (page.chosen.render(ctx))
            (tables::links_to(&[Kind::Requests], &page.chosen.query(), ctx))
        }
        @if let Some((state, rows)) = &page.of_state {
            section.card {
                h2 { (r.state(*state)) }
                (table(r.state(*state), ctx.words.lists.none_do, rows, page.today, ctx).render(ctx))
                (pager(page.paging, ctx, |number| page.chosen.address(number)))
            }
        } @else { @for (title, none, rows) in lists {
            section.card { h2 { (title) } (table(title, none, rows, page.today, ctx).render(ctx)) }
        } }
    };
    shell::page(r.nav, Some(Section::Requests), &body, ctx)
}

fn table(title: &str, none: &str, rows: &[Row], today: Day, ctx: &Ctx) -> Table {
    let (r, a) = (&ctx.words.requests, &ctx.words.access);
    let columns = [
        (r.col_request, Align::Whole),
        (a.col_household, Align::Whole),
        (r.col_about, Align::Text),
        (r.col_said, Align::Text),
        (r.col_asked, Align::Whole),
        (r.col_assignee, Align::Text),
        (r.col_due, Align::Whole),
    ];
    let mut table = Table::new(title, none, &columns);
    for Row { request, label } in rows {
        let due: Cell = match request.due_on {
            Some(day) if day < today && request.state.waits_for_branch() => {
                Cell::Warn(fill(r.late, &[&day.to_string()]))
            }
            Some(day) => day.to_string().into(),
            None => "–".into(),
        };
        table.rows.push(vec![
            Cell::Link(fill(r.number, &[&request.request_id.to_string()]), format!("{PATH}/{}", request.request_id)),
            label.as_str().into(),
            r.about(request.about).into(),
            request.said.as_str().into(),
            day_of(request.asked_at).to_string().into(),
            request.assignee.as_str().into(),
            due,
        ]);
    }
    table
}

/// What of the list, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    page: i64,
}

impl Asked {
    /// The one choice.
    pub fn chosen(&self, ctx: &Ctx) -> Choice {
        let states = State::ALL.map(|state| (state.key().to_owned(), ctx.words.requests.state(state).to_owned()));
        Choice::new("state", ctx.words.tables.col_rated, states.into(), &self.state)
    }
}

/// `GET /branch/requests`
pub async fn list(Shared(app): Shared<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let choice = asked.chosen(&visit.ctx);
    let (state, page) = (State::parse(choice.value()), Paging::asked(asked.page));
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let (mut open, mut assigned, mut answered) = (Vec::new(), Vec::new(), Vec::new());
        let (mut of_state, mut total) = (None, 0);
        match state {
            None => {
                open = stored::list_by_state(session, State::Open, SHOWN).await?;
                assigned = stored::list_by_state(session, State::Assigned, SHOWN).await?;
                answered = stored::list_by_state(session, State::Answered, SHOWN).await?;
            }
            Some(state) => {
                total = stored::count(session, state).await?;
                of_state = Some((state, stored::list_page(session, state, page, SIZE).await?));
            }
        }
        let farmers: FxHashMap<i64, Farmer> =
            people::list_farmers(session).await?.into_iter().map(|f| (f.farmer_id, f)).collect();
        let named = |requests: Vec<Request>| -> Vec<Row> {
            let label = |id: i64| farmers.get(&id).map(|farmer| family_name(&farmer.name)).unwrap_or_default();
            requests.into_iter().map(|request| Row { label: label(request.farmer_id), request }).collect()
        };
        Ok::<_, anyhow::Error>(Page {
            open: named(open),
            assigned: named(assigned),
            answered: named(answered),
            of_state: of_state.map(|(state, rows)| (state, named(rows))),
            chosen: Chosen { path: PATH, choices: vec![choice] },
            paging: Paging::of(page, total, SIZE),
            today: app.clock.today(),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

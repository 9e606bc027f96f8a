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
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::State as Shared;
use maud::{Markup, html};
use rustc_hash::FxHashMap;

pub const PATH: &str = "/branch/requests";
/// Requests of each list; the oldest first, so that none is lost behind newer ones.
const SHOWN: i64 = 100;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub open: Vec<Row>,
    pub assigned: Vec<Row>,
    pub answered: Vec<Row>,
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
            (tables::links(&[Kind::Requests], ctx))
        }
        @for (title, none, rows) in lists {
            section.card { h2 { (title) } (table(title, none, rows, page.today, ctx).render(ctx)) }
        }
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

/// `GET /branch/requests`
pub async fn list(Shared(app): Shared<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let open = stored::list_by_state(session, State::Open, SHOWN).await?;
        let assigned = stored::list_by_state(session, State::Assigned, SHOWN).await?;
        let answered = stored::list_by_state(session, State::Answered, SHOWN).await?;
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
            today: app.clock.today(),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

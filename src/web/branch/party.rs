//! 党员发展: who is where, the next step and its day. For the branch alone; off until an administrator switches it on.

use crate::domain::access::Role;
use crate::domain::calendar::Day;
use crate::domain::party::{Due, Stage, due};
use crate::services::party as service;
use crate::store::party::{self as stored, Step};
use crate::store::people;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use crate::web::ui::trail::{Step as Crumb, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

const PATH: &str = "/branch/party";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// `None` while the module is off.
    pub switch: Option<(Day, String)>,
    /// Name and last stage of everybody with one.
    pub people: Vec<(String, Stage, Step)>,
    /// Everybody: number and name.
    pub everyone: Vec<(i64, String)>,
    pub today: Day,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let steps = [Crumb { label: b.nav_training.into(), href: "/branch/training".into() }];
    let is_admin = ctx.role == Some(Role::BranchAdmin);
    let body = html! {
        (trail(&steps, s.party, ctx))
        section.card {
            h1 { (s.party) }
            p.quiet { (s.party_note) }
            @match &page.switch {
                None => p { (s.party_off) },
                Some((day, by)) => p.quiet { (fill(s.party_since, &[&day.to_string(), by])) },
            }
            @if is_admin { form method="post" action={ (PATH) "/switch" } {
                input type="hidden" name="on" value=(if page.switch.is_some() { "0" } else { "1" });
                button type="submit" { @if page.switch.is_some() { (s.party_off_button) } @else { (s.party_on_button) } }
            } }
        }
        @if page.switch.is_some() {
            section.card {
                h2 { (s.party_counts) }
                dl.facts { @for stage in Stage::ALL { div.fact {
                    dt { (s.party_stage(stage)) }
                    dd { (page.people.iter().filter(|(_, at, _)| *at == stage).count()) }
                } } }
                (table(page, ctx).render(ctx))
            }
            section.card { h2 { (s.party_add) } (new_form(page, ctx)) }
        }
    };
    shell::page(s.party, Some(Section::Training), &body, ctx)
}

fn table(page: &Page, ctx: &Ctx) -> Table {
    let s = &ctx.words.scheme;
    let columns = [
        (s.party_person, Align::Text),
        (s.party_stage, Align::Text),
        (s.party_since_col, Align::Whole),
        (s.party_document, Align::Text),
        (s.party_next, Align::Text),
    ];
    let mut table = Table::new(s.party, s.party_none, &columns);
    for (name, stage, step) in &page.people {
        let next = match due(*stage, step.from_on, page.today) {
            None => s.due_none.to_owned(),
            Some(Due::Review { on }) => fill(s.due_review, &[&on.to_string()]),
            Some(Due::Stage { stage, from }) => fill(s.due_stage, &[s.party_stage(stage), &from.to_string()]),
        };
        table.rows.push(vec![
            name.as_str().into(),
            s.party_stage(*stage).into(),
            step.from_on.to_string().into(),
            step.document_no.as_str().into(),
            next.into(),
        ]);
    }
    table
}

fn new_form(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scheme;
    let today = page.today.to_string();
    let stages = Stage::ALL.map(|stage| (stage.key(), s.party_stage(stage)));
    html! {
        form.stacked method="post" action=(PATH) {
            label.field { span { (s.party_person) } select name="who" {
                @for (id, name) in &page.everyone { option value=(id) { (name) } }
            } }
            (form::select("stage", s.party_stage, &stages))
            (form::field(&Field::day("on", s.party_since_col).value(&today)))
            (form::field(&Field::text("document", s.party_document)))
            button.primary type="submit" { (s.party_button) }
        }
    }
}

/// `GET /branch/party`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let switch = stored::find_switch(session).await?;
        let mut everyone: Vec<(i64, String)> =
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
        everyone.sort();
        let steps = if switch.is_some() { stored::list(session).await? } else { Vec::new() };
        let last = everyone.iter().filter_map(|(id, name)| {
            let step = steps.iter().rfind(|s| s.anchor_id == *id)?;
            Some((name.clone(), Stage::parse(&step.stage)?, step.clone()))
        });
        Ok::<_, anyhow::Error>(Page { people: last.collect(), switch, everyone, today: app.clock.today() })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// `POST /branch/party/switch`
pub async fn switch(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = service::switch(&desk, fields.text("on") == "1").await;
    went_on(done.map(|()| PATH.to_owned()), PATH, &visit.ctx)
}

/// `POST /branch/party`
pub async fn record(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let stage = fields.choice("stage", Stage::parse)?;
        service::record(&desk, fields.id("who"), stage, fields.day("on")?, fields.text("document")).await
    };
    match done.await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| PATH.to_owned()), PATH, &visit.ctx),
    }
}

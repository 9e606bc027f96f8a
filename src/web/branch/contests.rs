//! 技能比武: the contests, one with its ranking, and what anchors see of it once it is published.

use super::tables::{self, Kind};
use crate::domain::calendar::Day;
use crate::domain::contests::Indicator;
use crate::services::contests::{self as service, NewContest, Standing};
use crate::store::contests::{self as stored, Contest, Placed};
use crate::store::people;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::number::{grouped, percent_floor, yuan};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

pub const PATH: &str = "/branch/contests";

/// What the list shows.
#[derive(Debug, Clone)]
pub struct List {
    pub contests: Vec<Contest>,
    /// Who may take part: number and name.
    pub people: Vec<(i64, String)>,
    pub today: Day,
    pub may_change: bool,
}

/// What a contest's page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub contest: Contest,
    /// As it stands; empty once results are published.
    pub standings: Vec<Standing>,
    pub results: Vec<Placed>,
    pub today: Day,
    pub may_change: bool,
}

/// The list.
pub fn render_list(list: &List, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let steps = [Step { label: b.nav_training.into(), href: "/branch/training".into() }];
    let body = html! {
        (trail(&steps, s.contests, ctx))
        section.card {
            h1 { (s.contests) }
            p.quiet { (s.contests_note) }
            (table(&list.contests, PATH, ctx).render(ctx))
            (tables::links(&[Kind::Contests], ctx))
            @if list.may_change { details { summary { (s.contest_add) } (new_form(list, ctx)) } }
        }
    };
    shell::page(s.contests, Some(Section::Training), &body, ctx)
}

/// Contests, each leading to its page under `path`.
pub fn table(contests: &[Contest], path: &str, ctx: &Ctx) -> Table {
    let s = &ctx.words.scheme;
    let columns = [(s.contest_name, Align::Text), (s.contest_from, Align::Whole), (s.contest_results, Align::Text)];
    let mut table = Table::new(s.contests, s.contests_none, &columns);
    for contest in contests {
        table.rows.push(vec![
            Cell::Link(contest.title.clone(), format!("{path}/{}", contest.contest_id)),
            fill(s.contest_days, &[&contest.from_on.to_string(), &contest.to_on.to_string()]).into(),
            contest.published_on.map_or_else(
                || Cell::Text(s.contest_open.into()),
                |day| Cell::Tag(fill(s.contest_published, &[&day.to_string()])),
            ),
        ]);
    }
    table
}

fn new_form(list: &List, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scheme;
    let today = list.today.to_string();
    html! {
        form.stacked method="post" action=(PATH) {
            (form::field(&Field::text("title", s.contest_name)))
            (form::field(&Field::day("from", s.contest_from).value(&today)))
            (form::field(&Field::day("to", s.contest_to).value(&today)))
            fieldset.ticks { legend { (s.contest_counts) } @for one in Indicator::ALL {
                label { input type="checkbox" name="counts" value=(one.key()); " " (s.indicator(one)) }
            } }
            fieldset.ticks { legend { (s.contest_people) } @for (id, name) in &list.people {
                label { input type="checkbox" name="who" value=(id); " " (name) }
            } }
            button.primary type="submit" { (s.contest_button) }
        }
    }
}

/// A contest's page.
pub fn render(page: &Page, section: Section, ctx: &Ctx) -> Markup {
    let (b, s) = (&ctx.words.branch, &ctx.words.scheme);
    let contest = &page.contest;
    let days = fill(s.contest_days, &[&contest.from_on.to_string(), &contest.to_on.to_string()]);
    let published = contest.published_on.is_some();
    let steps = if section == Section::Training {
        vec![
            Step { label: b.nav_training.into(), href: "/branch/training".into() },
            Step { label: s.contests.into(), href: PATH.into() },
        ]
    } else {
        vec![Step { label: ctx.words.anchor.nav_mine.into(), href: section.href().into() }]
    };
    let body = html! {
        (trail(&steps, &contest.title, ctx))
        section.card {
            h1 { (contest.title) }
            p { (days) }
            p.quiet { @if published { (s.contest_fixed) } @else { (s.contest_computed) } }
            @if published { (results(page, ctx).render(ctx)) } @else { (standings(page, ctx).render(ctx)) }
            @if !published && page.may_change && contest.to_on < page.today {
                form method="post" action={ (PATH) "/" (contest.contest_id) "/publish" } {
                    button.primary type="submit" { (s.contest_publish) }
                }
            }
        }
    };
    shell::page(&contest.title, Some(section), &body, ctx)
}

fn columns(contest: &Contest, ctx: &Ctx) -> Vec<(&'static str, Align)> {
    let s = &ctx.words.scheme;
    let own = service::indicators(contest).into_iter().map(|i| (s.indicator(i), Align::Number));
    [(s.col_place, Align::Number), (s.col_name, Align::Text)].into_iter().chain(own).collect()
}

fn standings(page: &Page, ctx: &Ctx) -> Table {
    let s = &ctx.words.scheme;
    let indicators = service::indicators(&page.contest);
    let mut table = Table::new(s.contest_results, s.contests_none, &columns(&page.contest, ctx));
    for row in &page.standings {
        let mut cells: Vec<Cell> = vec![row.ranked.place.to_string().into(), row.name.as_str().into()];
        for ((indicator, value), place) in indicators.iter().zip(&row.values).zip(&row.ranked.places) {
            let text = value.map_or_else(|| ctx.words.frame.none.to_owned(), |value| value_text(*indicator, value));
            cells.push(fill(s.value_place, &[&text, &place.to_string()]).into());
        }
        table.rows.push(cells);
    }
    table
}

fn results(page: &Page, ctx: &Ctx) -> Table {
    let s = &ctx.words.scheme;
    let mut table = Table::new(s.contest_results, s.contests_none, &columns(&page.contest, ctx));
    for row in &page.results {
        let places = row.places.split_whitespace().map(|place| Cell::Text(fill(s.only_place, &[place])));
        let head = [Cell::Text(row.place.to_string()), Cell::Text(row.name.clone())];
        table.rows.push(head.into_iter().chain(places).collect());
    }
    table
}

fn value_text(indicator: Indicator, value: i64) -> String {
    match indicator {
        Indicator::Net | Indicator::NetAnHour | Indicator::Uplift => yuan(value),
        Indicator::RefundRate => percent_floor(value),
        Indicator::Streams | Indicator::ClassHours => grouped(value),
        Indicator::Score => format!("{}.{:02}", value / 100, value % 100),
    }
}

/// `GET /branch/contests`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut people: Vec<(i64, String)> =
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
        people.sort();
        Ok::<_, anyhow::Error>(List {
            contests: stored::list(session).await?,
            people,
            today: app.clock.today(),
            may_change: visit.ctx.may_change(),
        })
    };
    Ok(render_list(&load.await?, &visit.ctx))
}

async fn load(app: &AppState, visit: &Visit, contest_id: i64) -> Result<Option<Page>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let contests = stored::list(session).await?;
        let Some(contest) = contests.into_iter().find(|c| c.contest_id == contest_id) else { return Ok(None) };
        let (mut standings, mut results) = (Vec::new(), Vec::new());
        if contest.published_on.is_some() {
            results = stored::list_results(session, contest_id).await?;
        } else {
            standings = service::standings(session, &contest, app.clock.now()).await?;
        }
        let may_change = visit.ctx.may_change();
        Ok::<_, anyhow::Error>(Some(Page { contest, standings, results, today: app.clock.today(), may_change }))
    };
    Ok(load.await?)
}

/// `GET /branch/contests/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(contest_id): Path<i64>) -> Result<Markup, WebError> {
    let page = load(&app, &visit, contest_id).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, Section::Training, &visit.ctx))
}

/// `GET /anchor/contests/{id}`: a published one.
pub async fn show_to_anchor(
    State(app): State<AppState>,
    visit: Visit,
    Path(contest_id): Path<i64>,
) -> Result<Markup, WebError> {
    let page = load(&app, &visit, contest_id).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, Section::Mine, &visit.ctx))
}

/// `POST /branch/contests`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let new = NewContest {
            title: fields.text("title").to_owned(),
            from_on: fields.day("from")?,
            to_on: fields.day("to")?,
            indicators: fields.all("counts").filter_map(Indicator::parse).collect(),
            entrants: fields.all("who").filter_map(|id| id.parse().ok()).collect(),
        };
        let contest_id = service::create(&desk, &new).await?;
        anyhow::Ok(format!("{PATH}/{contest_id}"))
    };
    went_on(done.await, PATH, &visit.ctx)
}

/// `POST /branch/contests/{id}/publish`
pub async fn publish(
    State(app): State<AppState>,
    visit: Visit,
    Path(contest_id): Path<i64>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let here = format!("{PATH}/{contest_id}");
    match service::publish(&desk, contest_id).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}

//! The curriculum: modules, dated rules, classes held and planned.

use super::tables::{self, Kind};
use crate::domain::calendar::Day;
use crate::domain::ladder::Rule;
use crate::domain::training::{AssessedBy, Purpose};
use crate::services::curriculum::{self as service, MOST_HOURS, NewLesson, TypedModule};
use crate::services::typed;
use crate::store::people::{self, Module};
use crate::store::training::{self, Lesson};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::chosen::{Choice, Chosen};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Paging, Table, pager};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::{Datelike, TimeDelta};
use maud::{Markup, html};
use serde::Deserialize;

pub const PATH: &str = "/branch/training/curriculum";
/// Days of classes shown while no year is chosen, back and ahead.
const DAYS_BACK: i64 = 90;
const DAYS_AHEAD: i64 = 180;
/// Years of classes that can be looked at.
const YEARS_BACK: i32 = 6;
/// Classes of a page.
const SIZE: i64 = 50;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// Each with what the gate asks it for and how it is assessed.
    pub modules: Vec<(Module, Purpose, AssessedBy)>,
    pub rule: Rule,
    /// Of the page, the last first.
    pub lessons: Vec<Lesson>,
    pub chosen: Chosen,
    pub paging: Paging,
    /// Classes whose sign-in nobody has typed in.
    pub unsigned: Vec<i64>,
    /// Who can be planned: number and name.
    pub people: Vec<(i64, String)>,
    pub today: Day,
    /// To a reader who changes something.
    pub may_change: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let steps = [Step { label: b.nav_training.into(), href: "/branch/training".into() }];
    let body = html! {
        (trail(&steps, t.curriculum_title, ctx))
        section.card {
            h1 { (t.lessons_title) }
            p.quiet { (t.lessons_note) }
            (page.chosen.render(ctx))
            (lessons(page, ctx).render(ctx))
            (pager(page.paging, ctx, |number| page.chosen.address(number)))
            (tables::links_to(&[Kind::Attendance], &page.chosen.query(), ctx)) (tables::links(&[Kind::Assessments], ctx))
            @if page.may_change && !page.modules.is_empty() { details { summary { (t.lesson_plan) } (plan_form(page, ctx)) } }
        }
        section.card {
            h2 { (t.modules_title) }
            (modules(page, ctx))
        }
        section.card {
            h2 { (t.rule_title) }
            p.quiet { (t.rule_note) }
            p { (rule_now(&page.rule, ctx)) }
            @if page.may_change { details { summary { (t.rule_change) } (rule_form(page, ctx)) } }
        }
    };
    shell::page(t.curriculum_title, Some(Section::Training), &body, ctx)
}

fn rule_now(rule: &Rule, ctx: &Ctx) -> String {
    let numbers = [rule.supervised_streams, rule.certificate_months, rule.retrain_hours].map(|n| n.to_string());
    let hours = rule.reference_hours.map(|h| h.to_string()).join(" / ");
    fill(ctx.words.training.rule_now, &[&hours, &numbers[0], &numbers[1], &numbers[2]])
}

fn lessons(page: &Page, ctx: &Ctx) -> Table {
    let t = &ctx.words.training;
    let columns = [
        (t.lesson_day, Align::Whole),
        (t.module, Align::Text),
        (t.lesson_class, Align::Text),
        (t.lesson_hours, Align::Number),
        (t.lesson_teacher, Align::Text),
        (t.sign_title, Align::Text),
    ];
    let none = if page.chosen.is_whole() { t.lessons_none } else { ctx.words.lists.none_do };
    let mut table = Table::new(t.lessons_title, none, &columns);
    for lesson in &page.lessons {
        let name = page.modules.iter().find(|(m, ..)| m.module_id == lesson.module_id);
        let signed = if lesson.called_off_on.is_some() {
            Cell::Tag(ctx.words.classes.off.into())
        } else if lesson.held_on > page.today {
            Cell::Text(ctx.words.frame.none.into())
        } else if page.unsigned.contains(&lesson.lesson_id) {
            Cell::Warn(t.sign_unsigned.into())
        } else {
            Cell::Text(t.sign_done.into())
        };
        table.rows.push(vec![
            Cell::Link(lesson.held_on.to_string(), format!("/branch/training/lessons/{}", lesson.lesson_id)),
            name.map_or("", |(m, ..)| ctx.name(&m.name, &m.name_en)).into(),
            lesson.class_no.as_str().into(),
            lesson.class_hours.to_string().into(),
            lesson.teacher.as_str().into(),
            signed,
        ]);
    }
    table
}

fn module_choices<'a>(page: &'a Page, ctx: &'a Ctx) -> Vec<(String, &'a str)> {
    page.modules.iter().map(|(m, ..)| (m.module_id.to_string(), ctx.name(&m.name, &m.name_en))).collect()
}

fn plan_form(page: &Page, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = page.today.to_string();
    html! {
        form.stacked method="post" action={ (PATH) "/lessons" } {
            label.field { span { (t.module) } select name="module" {
                @for (id, name) in module_choices(page, ctx) { option value=(id) { (name) } }
            } }
            (form::field(&Field::text("class_no", t.lesson_class)))
            (form::field(&Field::day("held_on", t.lesson_day).value(&today)))
            (form::field(&Field::text("class_hours", t.lesson_hours)))
            (form::field(&Field::text("teacher", t.lesson_teacher)))
            (form::field(&Field::text("place", t.lesson_place)))
            fieldset.ticks { legend { (t.lesson_people) } @for (id, name) in &page.people {
                label { input type="checkbox" name="who" value=(id); " " (name) }
            } }
            button.primary type="submit" { (t.lesson_button) }
        }
    }
}

fn modules(page: &Page, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    html! {
        @if page.modules.is_empty() { p.empty { (t.modules_none) } }
        @for &(ref module, purpose, by) in &page.modules {
            @let name = ctx.name(&module.name, &module.name_en);
            @let said = format!("{name} · {} {} · {}", module.class_hours, t.lesson_hours, t.assessed(by));
            @if page.may_change {
                details { summary { (said) @if purpose != Purpose::None { " · " (t.purpose(purpose)) } }
                    (module_form(Some(module), purpose, by, ctx)) }
            } @else { p { (said) @if purpose != Purpose::None { " · " (t.purpose(purpose)) } } }
        }
        @if page.may_change {
            details { summary { (t.module_add) } (module_form(None, Purpose::None, AssessedBy::Quiz, ctx)) }
        }
    }
}

fn module_form(module: Option<&Module>, purpose: Purpose, by: AssessedBy, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let action = module.map_or_else(|| format!("{PATH}/modules"), |m| format!("{PATH}/modules/{}", m.module_id));
    let hours = module.map(|m| m.class_hours.to_string()).unwrap_or_default();
    html! {
        form.stacked method="post" action=(action) {
            (form::field(&Field::text("name", t.module).value(module.map_or("", |m| &m.name))))
            (form::field(&Field::text("name_en", t.module_name_en).value(module.map_or("", |m| &m.name_en)).optional()))
            (form::field(&Field::text("class_hours", t.module_hours).value(&hours)))
            label.field { span { (t.module_purpose) } select name="purpose" { @for one in Purpose::ALL {
                option value=(one.key()) selected[one == purpose] { (t.purpose(one)) }
            } } }
            label.field { span { (t.module_assessed) } select name="assessed_by" { @for one in AssessedBy::ALL {
                option value=(one.key()) selected[one == by] { (t.assessed(one)) }
            } } }
            button type="submit" { (t.save) }
        }
    }
}

fn rule_form(page: &Page, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let today = page.today.to_string();
    let hours = page.rule.reference_hours.map(|h| h.to_string()).join(" ");
    let numbers =
        [page.rule.supervised_streams, page.rule.certificate_months, page.rule.retrain_hours].map(|n| n.to_string());
    html! {
        form.stacked method="post" action={ (PATH) "/rules" } {
            (form::field(&Field::day("valid_from", t.rule_from).value(&today)))
            (form::field(&Field::text("hours", t.rule_hours).value(&hours)))
            (form::field(&Field::text("supervised_streams", t.rule_streams).value(&numbers[0])))
            (form::field(&Field::text("certificate_months", t.rule_months).value(&numbers[1])))
            (form::field(&Field::text("retrain_hours", t.rule_retrain).value(&numbers[2])))
            button type="submit" { (t.save) }
        }
    }
}

/// What of the classes, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    module: String,
    year: String,
    sign: String,
    page: i64,
}

impl Asked {
    pub fn chosen(&self, modules: &[Module], today: Day, ctx: &Ctx) -> Chosen {
        let (t, k) = (&ctx.words.training, &ctx.words.lists);
        let named = |m: &Module| (m.module_id.to_string(), ctx.name(&m.name, &m.name_en).to_owned());
        let years = (0..YEARS_BACK).map(|ago| (today.year() - ago).to_string()).map(|year| (year.clone(), year));
        let unsigned = vec![("unsigned".to_owned(), t.sign_unsigned.to_owned())];
        let choices = vec![
            Choice::new("module", t.module, modules.iter().map(named).collect(), &self.module),
            Choice::new("year", k.year, years.collect(), &self.year),
            Choice::new("sign", t.sign_title, unsigned, &self.sign),
        ];
        Chosen { path: PATH, choices }
    }
}

impl Asked {
    /// The module, 0 for all, and the first and last day of the year that are chosen.
    pub fn module_and_year(&self, modules: &[Module], today: Day, ctx: &Ctx) -> (i64, Option<(Day, Day)>) {
        let chosen = self.chosen(modules, today, ctx).choices;
        let of = |index: usize| chosen.get(index).map_or(0, Choice::id);
        let year = i32::try_from(of(1)).ok().filter(|year| *year != 0);
        (of(0), year.and_then(|year| Some((Day::from_ymd_opt(year, 1, 1)?, Day::from_ymd_opt(year, 12, 31)?))))
    }
}

/// `GET /branch/training/curriculum?module=…&year=…`
pub async fn show(State(app): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let today = app.clock.today();
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let teaching = training::list_teaching(session).await?;
        let mut modules = Vec::new();
        for module in people::list_modules(session).await? {
            let own = teaching.iter().find(|t| t.module_id == module.module_id);
            let own = own.ok_or_else(|| anyhow::anyhow!("module {} is not taught", module.module_id))?;
            modules.push((module, own.purpose()?, own.assessed_by()?));
        }
        let known: Vec<Module> =
            modules.iter().map(|(module, ..): &(Module, Purpose, AssessedBy)| module.clone()).collect();
        let (chosen, page) = (asked.chosen(&known, today, &visit.ctx), Paging::asked(asked.page));
        let [_, _, sign] = chosen.choices.as_slice() else { anyhow::bail!("three choices") };
        let (module_id, year) = asked.module_and_year(&known, today, &visit.ctx);
        let near = (today - TimeDelta::days(DAYS_BACK), today + TimeDelta::days(DAYS_AHEAD));
        let (from, to) = year.unwrap_or(near);
        let unsigned: Vec<Lesson> = training::list_unsigned(session, today).await?;
        let unsigned: Vec<i64> = unsigned.into_iter().map(|lesson| lesson.lesson_id).collect();
        let mut lessons = training::list_lessons(session, from, to).await?;
        lessons.retain(|lesson| {
            (module_id == 0 || lesson.module_id == module_id)
                && (sign.value().is_empty() || unsigned.contains(&lesson.lesson_id))
        });
        let paging = Paging::of(page, i64::try_from(lessons.len())?, SIZE);
        let lessons = lessons.into_iter().skip(usize::try_from((page - 1) * SIZE)?).take(usize::try_from(SIZE)?);
        let mut people: Vec<(i64, String)> =
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id, a.name)).collect();
        people.sort();
        Ok::<_, anyhow::Error>(Page {
            modules,
            rule: training::rule_on(session, today).await?,
            lessons: lessons.collect(),
            chosen,
            paging,
            unsigned,
            people,
            today,
            may_change: visit.ctx.may_change(),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

async fn write_module(app: &AppState, visit: &Visit, id: Option<i64>, fields: &Fields) -> Result<Response, WebError> {
    if let Some(id) = id {
        let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
        let known = people::list_modules(session).await.map_err(anyhow::Error::from)?;
        known.iter().find(|m| m.module_id == id).ok_or(WebError::NotFound)?;
    }
    let actor = visit.actor()?;
    let desk = app.desk(visit, &actor)?;
    let done = async {
        let typed = TypedModule {
            name: fields.text("name").to_owned(),
            name_en: fields.text("name_en").to_owned(),
            class_hours: fields.number("class_hours", 0, MOST_HOURS)?,
            purpose: fields.choice("purpose", Purpose::parse)?,
            assessed_by: fields.choice("assessed_by", AssessedBy::parse)?,
        };
        service::save_module(&desk, id, &typed).await?;
        anyhow::Ok(PATH.to_owned())
    };
    went_on(done.await, PATH, &visit.ctx)
}

/// `POST /branch/training/curriculum/modules`
pub async fn create_module(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    write_module(&app, &visit, None, &fields).await
}

/// `POST /branch/training/curriculum/modules/{id}`
pub async fn update_module(
    State(app): State<AppState>,
    visit: Visit,
    Path(module_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    write_module(&app, &visit, Some(module_id), &fields).await
}

/// `POST /branch/training/curriculum/rules`
pub async fn set_rule(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let mut hours = [0; 5];
        let mut typed = fields.text("hours").split_whitespace();
        for hour in &mut hours {
            *hour = typed::number(typed.next().unwrap_or_default(), 1, MOST_HOURS)?;
        }
        let rule = Rule {
            reference_hours: hours,
            supervised_streams: fields.number("supervised_streams", 0, 100)?,
            certificate_months: fields.number("certificate_months", 1, 120)?,
            retrain_hours: fields.number("retrain_hours", 0, MOST_HOURS)?,
        };
        service::set_rule(&desk, fields.day("valid_from")?, &rule).await?;
        anyhow::Ok(PATH.to_owned())
    };
    went_on(done.await, PATH, &visit.ctx)
}

/// `POST /branch/training/curriculum/lessons`
pub async fn plan(State(app): State<AppState>, visit: Visit, Form(fields): Form<Fields>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let lesson = NewLesson {
            class_no: fields.text("class_no").to_owned(),
            module_id: fields.id("module"),
            held_on: fields.day("held_on")?,
            class_hours: fields.number("class_hours", 1, MOST_HOURS)?,
            teacher: fields.text("teacher").to_owned(),
            place: fields.text("place").to_owned(),
            planned: fields.all("who").filter_map(|id| id.parse().ok()).collect(),
        };
        let lesson_id = service::plan(&desk, &[lesson]).await?;
        anyhow::Ok(format!("/branch/training/lessons/{lesson_id}"))
    };
    went_on(done.await, PATH, &visit.ctx)
}

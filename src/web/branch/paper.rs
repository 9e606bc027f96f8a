//! 聘书 and 培训证明 on paper: one A4 page each, with a code that anybody can check.
//!
//! It is the association's own paper: it says neither 国家 nor 全国 nor 职业资格, and bears no emblem.

use crate::domain::access::Scope;
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::calendar::Day;
use crate::reports::certificate::{self, Certificate};
use crate::services::exports;
use crate::services::ladder as service;
use crate::store::ladder::{self as stored, Paper};
use crate::store::{counties, people};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused, went_on};
use crate::web::months::paper::pdf as answer;
use crate::web::security::site;
use crate::web::ui::fields::Fields;
use crate::web::ui::qr;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub anchor_id: i64,
    pub name: String,
    /// `None`: the person has none of the association's.
    pub paper: Option<Paper>,
    pub county: String,
    /// Class hours attended and modules passed.
    pub hours: i64,
    pub passed: usize,
    /// Whether the training is certified, or the appointment.
    pub is_record: bool,
    /// The site's own address.
    pub site: String,
}

/// Which of the two a paper is, as addresses say it.
pub const LETTER: &str = "letter";
pub const RECORD: &str = "record";

impl Page {
    fn key(&self) -> &'static str {
        if self.is_record { RECORD } else { LETTER }
    }

    fn title(&self, ctx: &Ctx) -> &'static str {
        let t = &ctx.words.training;
        if self.is_record { t.paper_record } else { t.paper_letter }
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> anyhow::Result<Markup> {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let here = format!("/branch/anchors/{}", page.anchor_id);
    let steps = [
        Step { label: b.nav_training.into(), href: "/branch/training".into() },
        Step { label: page.name.clone(), href: here.clone() },
    ];
    let title = page.title(ctx);
    let body = html! {
        div.on-screen { (trail(&steps, title, ctx)) }
        @match &page.paper {
            None => section.card { h1 { (title) } p.empty { (t.paper_none) } },
            Some(paper) => {
                (controls(page, paper, &here, ctx))
                (sheet(page, paper, title, ctx)?)
            },
        }
    };
    Ok(shell::page(title, Some(Section::Training), &body, ctx))
}

fn controls(page: &Page, paper: &Paper, here: &str, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let number = crate::web::ui::form::in_address(&paper.certificate_no);
    let of = |kind: &str| format!("{here}/paper?no={number}&kind={kind}");
    html! {
        section.card.on-screen {
            p { (t.paper_screen) }
            p.filters {
                a.chip href=(of(LETTER)) aria-current=[(!page.is_record).then_some("page")] { (t.paper_letter) }
                a.chip href=(of(RECORD)) aria-current=[page.is_record.then_some("page")] { (t.paper_record) }
            }
            p { a href=(format!("{here}/paper.pdf?no={number}&kind={}&lang={}", page.key(), ctx.lang.key())) { (t.paper_pdf) } }
            @if paper.check_code.is_empty() { form method="post" action={ (here) "/paper" } {
                input type="hidden" name="number" value=(paper.certificate_no);
                button.primary type="submit" { (t.paper_code) }
            } }
        }
    }
}

/// What is on the paper.
struct Said {
    text: String,
    /// Number, class, day of issue.
    lines: Vec<String>,
    /// Where it is checked; '' before it has a code.
    address: String,
}

fn said(page: &Page, paper: &Paper, ctx: &Ctx) -> Said {
    let t = &ctx.words.training;
    // with points, since a line may break after a hyphen
    let day = |day: Day| day.format("%Y.%m.%d").to_string();
    let until = paper.expires_on.map_or_else(|| ctx.words.frame.none.to_owned(), day);
    let text = if page.is_record {
        fill(t.paper_record_text, &[&page.name, &page.hours.to_string(), &page.passed.to_string()])
    } else {
        fill(t.paper_letter_text, &[&page.name, &day(paper.issued_on), &until])
    };
    let class = (!paper.class_no.is_empty()).then(|| fill(t.paper_class, &[&paper.class_no]));
    let issued = format!("{} · {}", page.county, fill(t.paper_issued, &[&paper.issued_on.to_string()]));
    let lines = [Some(fill(t.paper_number, &[&paper.certificate_no])), class, Some(issued)];
    // both papers stand on one certificate and its code: the address says which of them it is printed on
    let address = match paper.check_code.as_str() {
        "" => String::new(),
        code => format!("{}/check/{code}?paper={}", page.site, page.key()),
    };
    Said { text, lines: lines.into_iter().flatten().collect(), address }
}

fn sheet(page: &Page, paper: &Paper, title: &str, ctx: &Ctx) -> anyhow::Result<Markup> {
    let t = &ctx.words.training;
    let Said { text, lines, address } = said(page, paper, ctx);
    let code = if address.is_empty() { None } else { Some(qr::code(&address, t.paper_scan)?) };
    Ok(html! {
        article.sheet.paper {
            p.paper-title { (title) }
            p.paper-text { (text) }
            @for line in &lines { p { (line) } }
            p.paper-sign { (t.paper_sign) }
            @if let Some(code) = &code { div.paper-code { (code) p.slip-foot { (t.paper_scan) } p.slip-link { (address) } } }
            @if ctx.demo { p.slip-foot { (ctx.words.frame.demo) } }
        }
    })
}

/// Which paper.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    no: Option<String>,
    kind: Option<String>,
}

/// `GET /branch/anchors/{id}/paper?no=…&kind=letter|record`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(anchor_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let page = load(&app, visit.scope()?, site(&app, &headers), anchor_id, &asked).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx)?)
}

/// `GET /branch/anchors/{id}/paper.pdf?no=…&kind=letter|record`: told in the trail as every file that leaves.
pub async fn pdf(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(anchor_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (scope, actor, ctx) = (visit.scope()?, visit.actor()?, &visit.ctx);
    let page = load(&app, scope, site(&app, &headers), anchor_id, &asked).await?.ok_or(WebError::NotFound)?;
    let here = format!("/branch/anchors/{anchor_id}/paper");
    // the page says that there is none
    let Some(paper) = &page.paper else { return Ok(Redirect::to(&here).into_response()) };
    let change = Change::new(Verb::Export, Noun::Certificate, &paper.certificate_no);
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, &here, ctx);
    }
    let (t, said) = (&ctx.words.training, said(&page, paper, ctx));
    let certificate = Certificate {
        county: &page.county,
        demo: ctx.demo,
        title: page.title(ctx),
        text: &said.text,
        lines: &said.lines,
        sign: t.paper_sign,
        scan: t.paper_scan,
        address: &said.address,
        issued_on: paper.issued_on,
    };
    let made = app.press.make(certificate::paper(&certificate, ctx.lang)?).await?;
    Ok(answer(&format!("red-anchor-certificate-{anchor_id}.pdf"), made))
}

async fn load(
    app: &AppState,
    scope: Scope,
    site: String,
    anchor_id: i64,
    asked: &Asked,
) -> anyhow::Result<Option<Page>> {
    let today = app.clock.today();
    let session = &mut app.store.read(scope).await?;
    let anchors = people::list_anchors(session).await?;
    let Some(anchor) = anchors.into_iter().find(|a| a.anchor_id == anchor_id) else { return Ok(None) };
    let papers = stored::list_papers(session).await?;
    let own = |p: &Paper| {
        p.anchor_id == anchor_id
            && p.kind == "association"
            && asked.no.as_ref().is_none_or(|no| *no == p.certificate_no)
    };
    let records = people::list_training(session).await?;
    let own_records = || records.iter().filter(|r| r.anchor_id == anchor_id && r.attended_on <= today);
    let mut passed: Vec<i64> = own_records().filter(|r| r.passed_on.is_some()).map(|r| r.module_id).collect();
    passed.sort_unstable();
    passed.dedup();
    Ok(Some(Page {
        anchor_id,
        name: anchor.name,
        paper: papers.into_iter().find(own),
        county: counties::get(session).await?.name,
        hours: own_records().map(|r| r.class_hours).sum(),
        passed: passed.len(),
        is_record: asked.kind.as_deref() == Some(RECORD),
        site,
    }))
}

/// `POST /branch/anchors/{id}/paper`: gives it the code that is printed.
pub async fn give_code(
    State(app): State<AppState>,
    visit: Visit,
    Path(anchor_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let number = fields.text("number").to_owned();
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let here = format!("/branch/anchors/{anchor_id}/paper?no={}", crate::web::ui::form::in_address(&number));
    match service::give_code(&desk, anchor_id, &number).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}

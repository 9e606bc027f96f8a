//! How the county's requests are seen to: counts and times by the month they were asked in, without names.
//!
//! They are the whole county's: a reader of a part of it is told so and shown nothing.

use crate::domain::calendar::{day_of, month_key, month_start, start_of};
use crate::domain::requests::{Month, Times};
use crate::store::requests as stored;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::number::grouped;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use axum::extract::State;
use chrono::Months;
use maud::{Markup, html};

/// Months on the page, this one among them.
const SHOWN: u32 = 12;

/// What the page shows, the newest month first; `None` to a reader of a part of the county.
#[derive(Debug, Clone)]
pub struct Page {
    pub months: Option<Vec<(String, Month)>>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let r = &ctx.words.requests;
    let columns = [
        (r.col_month, Align::Whole),
        (r.col_count, Align::Number),
        (r.col_answered, Align::Number),
        (r.col_median, Align::Number),
        (r.col_rated, Align::Number),
        (r.col_content, Align::Number),
        (r.col_again, Align::Number),
    ];
    let mut table = Table::new(r.county_title, r.county_none, &columns);
    for (key, month) in page.months.iter().flatten() {
        table.rows.push(vec![
            key.as_str().into(),
            grouped(month.asked).into(),
            grouped(month.answered).into(),
            month.median_hours.map_or_else(|| "–".to_owned(), grouped).into(),
            grouped(month.rated).into(),
            grouped(month.content).into(),
            grouped(month.reopened).into(),
        ]);
    }
    let body = html! {
        section.card {
            h1 { (r.county_title) }
            p.quiet { (r.county_note) }
            @if page.months.is_some() { (table.render(ctx)) } @else { p.empty { (r.county_elsewhere) } }
        }
    };
    shell::page(r.county_title, Some(Section::CountyRequests), &body, ctx)
}

/// `GET /official/requests`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let first = month_start(app.clock.today()) - Months::new(SHOWN - 1);
    let scope = visit.scope()?;
    if !scope.is_whole_county() {
        return Ok(render(&Page { months: None }, &visit.ctx));
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let times = stored::list_times(session, start_of(first)).await?;
        let month = |t: &Times| month_key(day_of(t.asked_at));
        // asked in the order of their times, so a month's stand together
        let mut months: Vec<(String, Month)> =
            times.chunk_by(|a, b| month(a) == month(b)).map(|of| (month(&of[0]), Month::of(of))).collect();
        months.reverse();
        Ok::<_, anyhow::Error>(Page { months: Some(months) })
    };
    Ok(render(&load.await?, &visit.ctx))
}

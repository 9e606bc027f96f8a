//! What the code on a certificate opens: whether it is valid, has run out or was revoked; which paper it is, name, number,
//! and who issued it when; nothing else.
//!
//! 聘书 and 培训证明 stand on one certificate: what is printed says in its address which of them it is. Papers printed before
//! addresses said so are of either kind, and so they are told.

use crate::domain::calendar::Day;
use crate::domain::ladder::{Standing, standing};
use crate::store::ladder::{self as stored, Checked};
use crate::web::AppState;
use crate::web::branch::paper::{LETTER, RECORD};
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// The page; `None` where no paper bears the code.
pub fn render(found: Option<&Checked>, asked: &Asked, today: Day, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let which = match asked.paper.as_str() {
        LETTER => t.paper_letter,
        RECORD => t.paper_record,
        _ => t.check_either,
    };
    let body = html! {
        section.card {
            h1 { (t.check_title) }
            @match found {
                None => { p.unrecorded { (t.check_unknown) } p { (t.check_unknown_do) } },
                Some(paper) => {
                    @let stands = standing(paper.issued_on, paper.expires_on, paper.revoked_on, today);
                    p.unrecorded.warn[stands != Standing::Valid] { (t.standing(stands)) }
                    h2 { (which) }
                    p { (paper.name) }
                    p { (fill(t.paper_number, &[&paper.certificate_no])) }
                    p { (fill(t.check_issuer, &[&paper.county, &paper.issued_on.to_string()])) }
                    @if let Some(until) = paper.expires_on { p.quiet { (fill(t.check_until, &[&until.to_string()])) } }
                },
            }
        }
    };
    shell::phone(t.check_title, &body, ctx)
}

/// Which of the two papers the code stands on; '' where it does not say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    paper: String,
}

/// `GET /check/{code}?paper=letter|record`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let found = stored::check(&app.store, &code).await.map_err(anyhow::Error::from)?;
    Ok(render(found.as_ref(), &asked, app.clock.today(), &visit.ctx))
}

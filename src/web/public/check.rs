//! What the code on a certificate opens: whether it is valid, has run out or was revoked; name and number, nothing else.

use crate::domain::calendar::Day;
use crate::domain::ladder::{Standing, standing};
use crate::store::ladder::{self as stored, Checked};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, State};
use maud::{Markup, html};

/// The page; `None` where no paper bears the code.
pub fn render(found: Option<&Checked>, today: Day, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let body = html! {
        section.card {
            h1 { (t.check_title) }
            @match found {
                None => { p.unrecorded { (t.check_unknown) } p { (t.check_unknown_do) } },
                Some(paper) => {
                    @let stands = standing(paper.issued_on, paper.expires_on, paper.revoked_on, today);
                    p.unrecorded.warn[stands != Standing::Valid] { (t.standing(stands)) }
                    p { (paper.name) }
                    p { (fill(t.paper_number, &[&paper.certificate_no])) }
                    @if let Some(until) = paper.expires_on { p.quiet { (fill(t.check_until, &[&until.to_string()])) } }
                },
            }
        }
    };
    shell::phone(t.check_title, &body, ctx)
}

/// `GET /check/{code}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(code): Path<String>) -> Result<Markup, WebError> {
    let found = stored::check(&app.store, &code).await.map_err(anyhow::Error::from)?;
    Ok(render(found.as_ref(), app.clock.today(), &visit.ctx))
}

//! The pictures of the overview as files: `GET /official/pictures/{name}.svg`.
//!
//! A picture is handed on without its page, so what it would say of fewer than five households is left out of it; the page
//! beside it, with the same numbers as a table, is for the one who is signed in.

use super::load::{self, Counted};
use super::range::{Asked, Range};
use super::series;
use crate::charts::{self, Frame, Width};
use crate::domain::disclosure::is_small;
use crate::store::figures;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::WebError;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Which screen the picture is for.
#[derive(Debug, Clone, Deserialize)]
pub struct Screen {
    width: Option<String>,
}

impl Screen {
    /// `phone` is the narrow one.
    pub fn width(&self) -> Width {
        if self.width.as_deref() == Some("phone") { Width::Phone } else { Width::Desktop }
    }
}

/// The pictures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Cumulative,
    Months,
    Flow,
}

impl Name {
    /// As it stands in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cumulative => "cumulative",
            Self::Months => "months",
            Self::Flow => "flow",
        }
    }

    fn parse(file: &str) -> Option<Self> {
        let key = file.strip_suffix(".svg")?;
        [Self::Cumulative, Self::Months, Self::Flow].into_iter().find(|name| name.key() == key)
    }

    /// Its address with a range.
    pub fn href(self, range: Range) -> String {
        range.link(&format!("/official/pictures/{}.svg", self.key()))
    }
}

/// A picture's answer.
pub fn svg(text: String) -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml; charset=utf-8")], text).into_response()
}

/// `GET /official/pictures/{file}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
    Query(screen): Query<Screen>,
) -> Result<Response, WebError> {
    let name = Name::parse(&file).ok_or(WebError::NotFound)?;
    Ok(svg(draw(&app, &visit, name, Range::parse(&asked)?, screen.width()).await?))
}

async fn draw(app: &AppState, visit: &Visit, name: Name, asked: Range, width: Width) -> Result<String, WebError> {
    let scope = visit.scope()?;
    let o = &visit.ctx.words.official;
    // two pictures of days that differ a little would be those days' sales
    let range = asked.whole_months();
    let headline =
        if range == asked { o.note_headline.to_owned() } else { format!("{} · {}", o.note_headline, o.whole_months) };
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let title = match name {
            Name::Cumulative => o.uplift_total,
            Name::Months => o.months_title,
            Name::Flow => o.waterfall_title,
        };
        let frame = |note| Frame { title, note, source: o.source, as_of, demo: app.demo, lang: visit.ctx.lang };
        let whole = series::behind(session, range, scope.region()).await?;
        // what is provisional stands in this picture alone
        if !series::stands_alone(&whole) || (name == Name::Flow && is_small(whole.waiting)) {
            return Ok(charts::withheld::svg(&frame(&headline), width));
        }
        if name == Name::Flow {
            let question =
                load::question(figures::Grouping::Total, range, scope.region(), Counted::Headline).without_households();
            let total = load::total(session, &question.without_counts()).await?;
            return Ok(charts::flow::svg(&series::flow(&total, &whole), &frame(&headline), width));
        }
        let rows = series::of_headline(session, range, scope.region()).await?;
        let held = series::held(session, range, scope.region(), (&rows, &whole)).await?;
        let withheld = format!("{headline} · {}", o.withheld_months);
        let frame = frame(if held.groups.contains(&true) { &withheld } else { &headline });
        let months = series::shown(&rows, &held);
        Ok::<_, anyhow::Error>(match name {
            Name::Cumulative => {
                charts::cumulative::svg(&series::shown_points(series::cumulative(&rows), &held), &frame, width)
            }
            _ if months.is_empty() && !rows.is_empty() => charts::withheld::svg(&frame, width),
            _ => charts::months::svg(&series::months(&months), &frame, width),
        })
    };
    Ok(load.await?)
}

//! The pictures of the overview as files: `GET /official/pictures/{name}.svg`.

use super::load::{self, Counted};
use super::range::{Asked, Range};
use super::series;
use crate::charts::{self, Frame, Width};
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
    let range = Range::parse(&asked)?;
    Ok(svg(draw(&app, &visit, name, range, screen.width()).await?))
}

async fn draw(app: &AppState, visit: &Visit, name: Name, range: Range, width: Width) -> Result<String, WebError> {
    let scope = visit.scope()?;
    let o = &visit.ctx.words.official;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let title = match name {
            Name::Cumulative => o.uplift_total,
            Name::Months => o.months_title,
            Name::Flow => o.waterfall_title,
        };
        let frame =
            Frame { title, note: o.note_headline, source: o.source, as_of, demo: app.demo, lang: visit.ctx.lang };
        Ok::<_, anyhow::Error>(match name {
            Name::Cumulative => {
                let rows = series::of_headline(session, range, scope.region()).await?;
                charts::cumulative::svg(&series::cumulative(&rows), &frame, width)
            }
            Name::Months => {
                let rows = series::of_headline(session, range, scope.region()).await?;
                charts::months::svg(&series::months(&rows), &frame, width)
            }
            Name::Flow => {
                let question = load::question(figures::Grouping::Total, range, scope.region(), Counted::Headline)
                    .without_households();
                charts::flow::svg(&series::flow(&load::total(session, &question).await?), &frame, width)
            }
        })
    };
    Ok(load.await?)
}

//! The pictures of the officials' pages as files: `GET /official/pictures/{name}.svg`, with `?as=png` in pixels.
//!
//! A picture is handed on without its page, so what it would say of fewer than five households is left out of it; the page
//! beside it, with the same numbers as a table, is for the one who is signed in.

use super::load::{self, Counted};
use super::range::{Asked, Range};
use super::{charts, series};
use crate::charts::{Frame, Width, cumulative, flow, months, withheld};
use crate::domain::disclosure::is_small;
use crate::reports::pixels;
use crate::store::figures;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::WebError;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::task::spawn_blocking;

/// Which screen the picture is for, and as what it is taken away.
#[derive(Debug, Clone, Deserialize)]
pub struct Screen {
    width: Option<String>,
    r#as: Option<String>,
}

impl Screen {
    /// `phone` is the narrow one.
    pub fn width(&self) -> Width {
        if self.width.as_deref() == Some("phone") { Width::Phone } else { Width::Desktop }
    }

    /// A picture's answer: as it is drawn, or in pixels under a name.
    pub async fn answer(&self, text: String, name: &str) -> Result<Response, WebError> {
        if self.r#as.as_deref() != Some("png") {
            return Ok(([(header::CONTENT_TYPE, "image/svg+xml; charset=utf-8")], text).into_response());
        }
        let drawn = spawn_blocking(move || pixels::png(&text)).await.map_err(anyhow::Error::from)??;
        let headers = [
            (header::CONTENT_TYPE, "image/png".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.png\"")),
        ];
        Ok((headers, drawn).into_response())
    }
}

/// The pictures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Cumulative,
    Months,
    Flow,
    Towns,
    Distribution,
    Ageing,
    /// Of a product.
    Season(i64),
}

impl Name {
    const FIXED: [Self; 6] =
        [Self::Cumulative, Self::Months, Self::Flow, Self::Towns, Self::Distribution, Self::Ageing];

    /// As it stands in addresses.
    pub fn key(self) -> String {
        match self {
            Self::Cumulative => "cumulative".into(),
            Self::Months => "months".into(),
            Self::Flow => "flow".into(),
            Self::Towns => "towns".into(),
            Self::Distribution => "distribution".into(),
            Self::Ageing => "ageing".into(),
            Self::Season(product_id) => format!("season-{product_id}"),
        }
    }

    fn parse(file: &str) -> Option<Self> {
        let key = file.strip_suffix(".svg")?;
        let fixed = Self::FIXED.into_iter().find(|name| name.key() == key);
        fixed.or_else(|| key.strip_prefix("season-")?.parse().ok().map(Self::Season))
    }

    /// Its address with a range.
    pub fn href(self, range: Range) -> String {
        range.link(&format!("/official/pictures/{}.svg", self.key()))
    }
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
    let (asked, width) = (Range::parse(&asked)?, screen.width());
    let drawn = match name {
        Name::Cumulative | Name::Months | Name::Flow => draw(&app, &visit, name, asked, width).await?,
        _ => charts::draw(&app, &visit, name, asked, width).await?.ok_or(WebError::NotFound)?,
    };
    screen.answer(drawn, &format!("red-anchor-{}", name.key())).await
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
            _ => o.waterfall_title,
        };
        let frame = |note| Frame { title, note, source: o.source, as_of, demo: app.demo, lang: visit.ctx.lang };
        let whole = series::behind(session, range, scope.region()).await?;
        // what is provisional stands in this picture alone
        if !series::stands_alone(&whole) || (name == Name::Flow && is_small(whole.waiting)) {
            return Ok(withheld::svg(&frame(&headline), width));
        }
        if name == Name::Flow {
            let question =
                load::question(figures::Grouping::Total, range, scope.region(), Counted::Headline).without_households();
            let total = load::total(session, &question.without_counts()).await?;
            return Ok(flow::svg(&series::flow(&total, &whole), &frame(&headline), width));
        }
        let rows = series::of_headline(session, range, scope.region()).await?;
        let held = series::held(session, range, scope.region(), (&rows, &whole)).await?;
        let without = format!("{headline} · {}", o.withheld_months);
        let frame = frame(if held.groups.contains(&true) { &without } else { &headline });
        let drawn = series::shown(&rows, &held);
        Ok::<_, anyhow::Error>(match name {
            Name::Cumulative => cumulative::svg(&series::shown_points(series::cumulative(&rows), &held), &frame, width),
            _ if drawn.is_empty() && !rows.is_empty() => withheld::svg(&frame, width),
            _ => months::svg(&series::months(&drawn), &frame, width),
        })
    };
    Ok(load.await?)
}

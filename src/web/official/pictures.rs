//! The pictures of the officials' pages: `GET /official/pictures/{name}.svg`, with `?as=png` in pixels.
//!
//! One address, two pictures. Where the browser says that it draws a page (`Sec-Fetch-Dest: image`), the picture is of what
//! is known now, for the one who is signed in. Everything else is a picture that is handed on without its page: followed as
//! a link, downloaded, in pixels, or asked for by a browser that does not say; it is drawn from the stored reports of locked
//! months ([`published`]) and is the same whenever it is taken, until another month is locked. Of what the reports do not
//! hold there is no such picture.

use super::load::{self, Counted};
use super::published::{self, Drawn, Part};
use super::range::{Asked, Range};
use super::{charts, series, spread};
use crate::charts::tiles::Tiles;
use crate::charts::{Frame, Width, cumulative, flow, months, tiles, withheld};
use crate::domain::disclosure::is_small;
use crate::domain::regions::RegionCode;
use crate::reports::pixels;
use crate::store::figures;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
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

    /// True if the browser draws it into a page of this site.
    pub fn is_in_page(&self, headers: &HeaderMap) -> bool {
        headers.get(FETCHED_FOR).is_some_and(|what| what == "image") && self.r#as.is_none()
    }

    /// The answer of an address that gives a page another picture than it gives anybody else.
    pub async fn answer_in_page(&self, text: String, name: &str) -> Result<Response, WebError> {
        let mut answer = self.answer(text, name).await?;
        answer.headers_mut().insert(header::VARY, HeaderValue::from_static(FETCHED_FOR));
        Ok(answer)
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

    /// Why a reader of a region gets no file of it; `None` where there is one.
    pub fn no_file(self, region: RegionCode, ctx: &Ctx) -> Option<&'static str> {
        let drawn = match (self, Part::of(region)) {
            (Self::Cumulative | Self::Months | Self::Flow, Some(_)) => true,
            (Self::Towns, Some(part)) => part == Part::County,
            _ => false,
        };
        (!drawn).then_some(ctx.words.official.no_picture)
    }

    /// What is written above it.
    fn title(self, ctx: &Ctx) -> &'static str {
        let (o, s) = (&ctx.words.official, &ctx.words.sharing);
        match self {
            Self::Cumulative => o.uplift_total,
            Self::Months => o.months_title,
            Self::Flow => o.waterfall_title,
            Self::Towns => s.towns_title,
            Self::Distribution => s.distribution_title,
            Self::Ageing => s.ageing_title,
            Self::Season(_) => s.season_title,
        }
    }

    /// Its address with a range.
    pub fn href(self, range: Range) -> String {
        range.link(&format!("/official/pictures/{}.svg", self.key()))
    }
}

/// By this a browser says what it asks for a thing for: no page or script can set it.
const FETCHED_FOR: &str = "sec-fetch-dest";

/// `GET /official/pictures/{file}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
    Query(screen): Query<Screen>,
) -> Result<Response, WebError> {
    let name = Name::parse(&file).ok_or(WebError::NotFound)?;
    let (asked, width) = (Range::parse(&asked)?, screen.width());
    let drawn = match (screen.is_in_page(&headers), name) {
        (false, _) => take(&app, &visit, name, asked, width).await?,
        (true, Name::Cumulative | Name::Months | Name::Flow) => draw(&app, &visit, name, asked, width).await?,
        (true, _) => charts::draw(&app, &visit, name, asked, width).await?.ok_or(WebError::NotFound)?,
    };
    screen.answer_in_page(drawn, &format!("red-anchor-{}", name.key())).await
}

/// The picture as it is handed on, from the stored reports.
async fn take(app: &AppState, visit: &Visit, name: Name, asked: Range, width: Width) -> Result<String, WebError> {
    let (scope, ctx, o) = (visit.scope()?, &visit.ctx, &visit.ctx.words.official);
    let (title, region) = (name.title(ctx), scope.region());
    let framed = |note: &str, as_of, draw: &dyn Fn(&Frame<'_>) -> String| {
        draw(&Frame { title, note, source: o.source_reports, as_of, demo: app.demo, lang: ctx.lang })
    };
    let Some(part) = Part::of(region).filter(|_| name.no_file(region, ctx).is_none()) else {
        return Ok(framed("", None, &|frame| withheld::on_page(frame, width)));
    };
    let of = published::load(&app.store, (scope, part), asked).await?;
    let counted = match part {
        Part::County if name != Name::Towns => o.note_headline.to_owned(),
        Part::County => format!("{} · {}", o.note_all, o.note_towns),
        Part::Town(_) => format!("{} · {}", ctx.reader, o.note_all),
    };
    let draw = |without: usize, draw: &dyn Fn(&Frame<'_>) -> String| {
        let mut note = format!("{counted} · {}", o.note_reports);
        if without > 0 {
            note = format!("{note} · {}", fill(o.without_months, &[&without.to_string()]));
        }
        let repeated = if part == Part::County && name != Name::Towns { of.repeated() } else { 0 };
        if repeated > 0 {
            note = format!("{note} · {}", fill(o.repeated_months, &[&repeated.to_string()]));
        }
        framed(&note, of.as_of(), draw)
    };
    let held = |frame: &Frame<'_>| withheld::svg(frame, width);
    if of.standing.is_empty() {
        return Ok(draw(of.absent.len(), &|frame| withheld::no_report(frame, width)));
    }
    Ok(match name {
        Name::Towns => {
            let load = async {
                let session = &mut app.store.read(scope).await?;
                Ok::<_, anyhow::Error>(spread::places(session, region).await?)
            };
            let towns = load.await?.ok_or(WebError::NotFound)?.into_iter();
            let tiles = towns.map(|town| {
                let shown = of.of_town(town.code);
                town.tile(shown)
            });
            let tiles = Tiles { tiles: tiles.collect() };
            draw(of.absent.len(), &|frame| tiles::svg(&tiles, frame, width))
        }
        Name::Months => {
            let Drawn { data, without } = of.months();
            let picture = |frame: &Frame<'_>| months::svg(&data, frame, width);
            draw(without, if data.months.is_empty() { &held } else { &picture })
        }
        Name::Flow => {
            let Drawn { data, without } = of.flow();
            draw(without, &|frame| data.map_or_else(|| held(frame), |data| flow::svg(&data, frame, width)))
        }
        _ => {
            let Drawn { data, without } = of.cumulative();
            let picture = |frame: &Frame<'_>| cumulative::svg(&data, frame, width);
            draw(without, if data.points.is_empty() { &held } else { &picture })
        }
    })
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
        let title = name.title(&visit.ctx);
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

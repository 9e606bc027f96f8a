//! 更多图: towns in their places, the spread over households, how provisional income settles, prices over the year; each a
//! picture and the same numbers as a table. Only towns stand in the months' reports, so only theirs can be taken away.

use super::load::Counted;
use super::overview::as_of;
use super::pictures::Name;
use super::range::{Asked, Range};
use super::spread::{self, Seasonal};
use super::{load, series};
use crate::charts::{Frame, Width, ageing, distribution, season, tiles, withheld};
use crate::domain::calendar::Instant;
use crate::domain::regions::RegionCode;
use crate::store::figures;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::screen;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::Table;
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/official/charts";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub place: String,
    pub region: RegionCode,
    pub range: Range,
    pub as_of: Option<Instant>,
    /// `None` where the county's towns have no places written down.
    pub towns: Option<Table>,
    pub distribution: Table,
    pub ageing: Table,
    /// The product whose season is shown, and the others there are.
    pub season: Option<(i64, String, Table)>,
    pub products: Vec<(i64, String)>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (o, s) = (&ctx.words.official, &ctx.words.sharing);
    let card = |name: Name, title: &str, numbers: &Table| {
        let (href, narrow) = (name.href(page.range), matches!(name, Name::Distribution | Name::Ageing));
        let (no_file, numbers) = (name.no_file(page.region, ctx), numbers.clone());
        picture::card(&Picture { title: title.to_owned(), href, narrow, no_file, numbers }, ctx)
    };
    let steps = [Step { label: o.nav_overview.to_owned(), href: page.range.link("/official") }];
    let body = html! {
        (trail(&steps, s.more_title, ctx))
        section.card { h1 { (s.more_title) } p.quiet { (s.more_note) " " (o.pictures_note) " " (as_of(page.as_of, ctx)) } }
        (page.range.form(PATH, &page.place, o.basis_settled, ctx))
        div.grid.lead {
            div.stack {
                @match &page.towns {
                    Some(table) => (card(Name::Towns, s.towns_title, table)),
                    None => section.card { h2 { (s.towns_title) } p.empty { (s.towns_none) " "
                        a href=(page.range.link("/official/by/town")) { (o.by_town) } } },
                }
                @match &page.season {
                    Some((id, name, table)) => {
                        @if page.products.len() > 1 { nav.filters aria-label=(s.season_title) {
                            @for (other, label) in &page.products {
                                a.chip href=(page.range.link(&format!("{PATH}?product={other}"))) aria-current=[(other == id).then_some("page")] { (label) }
                            }
                        } }
                        (card(Name::Season(*id), &fill(s.season_of, &[name]), table))
                    },
                    None => section.card { h2 { (s.season_title) } p.empty { (s.season_none) } },
                }
            }
            div.stack {
                (card(Name::Distribution, s.distribution_title, &page.distribution))
                (card(Name::Ageing, s.ageing_title, &page.ageing))
            }
        }
    };
    shell::page(s.more_title, Some(Section::Overview), &screen::only(&body, ctx), ctx)
}

/// Which product's season.
#[derive(Debug, Clone, Deserialize)]
pub struct Chosen {
    product: Option<i64>,
}

/// `GET /official/charts`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
    Query(chosen): Query<Chosen>,
) -> Result<Markup, WebError> {
    let page = Box::pin(load_page(&app, &visit, Range::parse(&asked)?, chosen.product)).await?;
    Ok(render(&page, &visit.ctx))
}

async fn load_page(app: &AppState, visit: &Visit, asked: Range, chosen: Option<i64>) -> anyhow::Result<Page> {
    let (Ok(scope), ctx) = (visit.scope(), &visit.ctx) else { anyhow::bail!("the page is open to nobody signed out") };
    // as in the pictures: days that differ a little would tell those days' sales
    let (range, region) = (asked.whole_months(), scope.region());
    // each picture reads by household what the others do not: two readers take half of them each
    let of_places = async {
        let session = &mut app.store.read(scope).await?;
        let whole = series::behind(session, range, region).await?;
        let towns = spread::towns(session, range, region, &whole).await?.filter(|_| series::stands_alone(&whole));
        let as_of = crate::services::figures::as_of(session).await?;
        Ok::<_, anyhow::Error>((towns, spread::distribution(session, range, region).await?, as_of))
    };
    let of_times = async {
        let session = &mut app.store.read(scope).await?;
        let ageing = spread::ageing(session, range, region).await?;
        Ok::<_, anyhow::Error>((ageing, spread::seasons(session, range, region, ctx).await?))
    };
    let ((towns, distribution, as_of), (ageing, seasons)) = tokio::try_join!(of_places, of_times)?;
    let of = |id: i64| seasons.iter().find(|of: &&Seasonal| of.product_id == id);
    let season = chosen.and_then(of).or(seasons.first());
    Ok(Page {
        place: ctx.reader.clone(),
        region,
        range: asked,
        as_of,
        towns: towns.map(|towns| spread::towns_table(&towns, ctx)),
        distribution: spread::distribution_table(&distribution, ctx),
        ageing: spread::ageing_table(&ageing, ctx),
        season: season.map(|of| (of.product_id, of.name.clone(), spread::season_table(&of.season, ctx))),
        products: seasons.iter().map(|of| (of.product_id, of.name.clone())).collect(),
    })
}

/// One of the pictures of this page; `None` where there is none of it.
pub async fn draw(
    app: &AppState,
    visit: &Visit,
    name: Name,
    asked: Range,
    width: Width,
) -> Result<Option<String>, WebError> {
    let (scope, ctx) = (visit.scope()?, &visit.ctx);
    let (range, region, s) = (asked.whole_months(), scope.region(), &ctx.words.sharing);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let as_of = crate::services::figures::as_of(session).await?;
        let o = &ctx.words.official;
        let frame = |title, note| Frame { title, note, source: o.source, as_of, demo: app.demo, lang: ctx.lang };
        Ok::<_, anyhow::Error>(match name {
            Name::Towns => {
                let whole = series::behind(session, range, region).await?;
                let data = spread::towns(session, range, region, &whole).await?;
                let (alone, frame) = (series::stands_alone(&whole), frame(s.towns_title, o.note_headline));
                data.map(|data| if alone { tiles::svg(&data, &frame, width) } else { withheld::svg(&frame, width) })
            }
            Name::Distribution => {
                let data = spread::distribution(session, range, region).await?;
                Some(distribution::svg(&data, &frame(s.distribution_title, o.note_headline), width))
            }
            Name::Ageing => {
                let data = spread::ageing(session, range, region).await?;
                let frame = frame(s.ageing_title, o.note_headline);
                let question = load::question(figures::Grouping::Total, range, region, Counted::Headline);
                let nothing = load::total(session, &question.without_households()).await?.is_empty();
                Some(if data.cohorts.is_empty() && !nothing {
                    withheld::svg(&frame, width)
                } else {
                    ageing::svg(&data, &frame, width)
                })
            }
            Name::Season(product_id) => {
                let all = spread::seasons(session, range, region, ctx).await?;
                all.into_iter().find(|of| of.product_id == product_id).map(|of| {
                    let title = fill(s.season_of, &[&of.name]);
                    let about = Frame { title: &title, ..frame("", s.by_pay_month) };
                    season::svg(&of.season, &about, width)
                })
            }
            Name::Cumulative | Name::Months | Name::Flow => None,
        })
    };
    Ok(load.await?)
}

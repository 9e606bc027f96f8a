//! What came of the training: when somebody certified first streamed, whether still after 90 days, and what an hour of
//! their streams sold before and after.
//!
//! Definitions: certified = the first day of the stage; first stream = of all; still streaming = a stream between the 60th
//! and the 120th day after, once 90 days are over; net sales per hour = GMV less refunds of the streams that started in
//! the 90 days before, or from that day on for 90 days, by their length. An hour is counted, not a mean of streams. What
//! was not over when the day began is not counted yet.

use crate::charts::before_after::{self, BeforeAfter, Person};
use crate::charts::{Frame, withheld};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::attribution::Stage;
use crate::domain::calendar::{Day, start_of};
use crate::store::ladder::{self, Held};
use crate::store::{Session, StoreError, broadcasts, people};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::official::pictures::Screen;
use crate::web::ui::number::yuan;
use crate::web::ui::picture::{self, Picture};
use crate::web::ui::table::{Align, Cell, Table};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};

/// Days looked at before and after certification.
const DAYS: i64 = 90;
/// Days around the ninetieth in which a stream says that somebody still streams.
const AROUND: i64 = 30;
/// People shown: those certified last.
const MOST: usize = 40;
const MINUTES: i64 = 60;

/// What came of the training of everybody certified.
#[derive(Debug, Clone, Default)]
pub struct Measures(pub Vec<Measure>);

/// What came of one person's.
#[derive(Debug, Clone)]
pub struct Measure {
    pub anchor_id: i64,
    pub name: String,
    pub certified_on: Day,
    pub first_stream_on: Option<Day>,
    /// `None` while 90 days are not over.
    pub still_streaming: Option<bool>,
    /// Fen an hour; `None` without a stream.
    pub before_fen: Option<i64>,
    pub after_fen: Option<i64>,
}

/// Reads them; the cost is that of the streams around each certification.
pub async fn load(session: &mut Session, today: Day) -> Result<Measures, StoreError> {
    let stages = people::list_stages(session).await?;
    let anchors = people::list_anchors(session).await?;
    let certified = |anchor_id: i64| {
        let own = stages.iter().filter(|s| s.anchor_id == anchor_id && s.from_on <= today);
        own.filter(|s| Stage::parse(&s.stage) >= Some(Stage::Certified)).map(|s| s.from_on).min()
    };
    let mut people: Vec<(i64, String, Day)> =
        anchors.into_iter().filter_map(|a| Some((a.anchor_id, a.name, certified(a.anchor_id)?))).collect();
    people.sort_by_key(|(id, _, on)| std::cmp::Reverse((*on, *id)));
    people.truncate(MOST);
    let days = TimeDelta::days;
    let spans: Vec<(i64, Day, Day)> =
        people.iter().map(|(id, _, on)| (*id, *on - days(DAYS), *on + days(DAYS + AROUND))).collect();
    let held = ladder::list_held(session, &spans, start_of(today)).await?;
    let ids: Vec<i64> = held.iter().map(|h| h.stream_id).collect();
    let sold = broadcasts::sum_sold(session, &ids).await?;
    let first = ladder::first_streams(session, start_of(today)).await?;
    let measure = |(anchor_id, name, on): (i64, String, Day)| {
        let within = |from: Day, to: Day| {
            let own =
                held.iter().filter(move |h| h.anchor_id == anchor_id && h.started_on >= from && h.started_on < to);
            own.collect::<Vec<&Held>>()
        };
        let an_hour = |streams: &[&Held]| {
            let minutes: i64 = streams.iter().map(|h| (h.ends_at - h.starts_at).num_minutes()).sum();
            let own = sold.iter().filter(|s| streams.iter().any(|h| h.stream_id == s.stream_id));
            let sums: Amounts = own.map(|s| s.position).sum();
            let net_fen = sums[Col::Gmv] - sums[Col::Refund];
            (minutes > 0).then(|| crate::domain::money::at_fraction(net_fen, MINUTES, minutes))
        };
        let over = on + days(DAYS) <= today;
        Measure {
            anchor_id,
            name,
            certified_on: on,
            first_stream_on: first.iter().find(|(id, _)| *id == anchor_id).map(|(_, day)| *day),
            still_streaming: over.then(|| !within(on + days(DAYS - AROUND), on + days(DAYS + AROUND)).is_empty()),
            before_fen: an_hour(&within(on - days(DAYS), on)),
            after_fen: an_hour(&within(on, on + days(DAYS))),
        }
    };
    Ok(Measures(people.into_iter().map(measure).collect()))
}

/// The picture with its table; who was certified last stands first. It stays on the page: beside a table of streams it
/// would tell what the few households of an anchor sold.
pub fn card(measures: &Measures, ctx: &Ctx) -> Markup {
    let t = &ctx.words.training;
    let picture = Picture {
        title: t.measure_title.into(),
        href: "/branch/training/measures.svg".into(),
        narrow: false,
        no_file: Some(t.measure_no_file),
        numbers: table(measures, ctx),
    };
    html! {
        section.card.picture {
            h2 { (t.measure_title) }
            p.quiet { (t.measure_note) }
            @if !measures.0.is_empty() { (picture::figure(&picture, ctx)) }
            (picture.numbers.render(ctx))
        }
    }
}

/// `GET /branch/training/measures.svg`: for the page alone.
pub async fn picture(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Query(screen): Query<Screen>,
) -> Result<Response, WebError> {
    let (t, b) = (&visit.ctx.words.training, &visit.ctx.words.branch);
    let as_of = Some(app.clock.now());
    let frame = Frame {
        title: t.measure_title,
        note: "",
        source: b.training_source,
        as_of,
        demo: app.demo,
        lang: visit.ctx.lang,
    };
    let drawn = if screen.is_in_page(&headers) {
        let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
        let measures = load(session, app.clock.today()).await.map_err(anyhow::Error::from)?;
        let person = |m: Measure| Person { name: m.name, before_fen: m.before_fen, after_fen: m.after_fen };
        let people = measures.0.into_iter().map(person).collect();
        before_after::svg(&BeforeAfter { people }, &frame, screen.width())
    } else {
        withheld::on_page(&frame, screen.width())
    };
    screen.answer_in_page(drawn, "red-anchor-training-measures").await
}

fn table(measures: &Measures, ctx: &Ctx) -> Table {
    let t = &ctx.words.training;
    let none = || ctx.words.frame.none.to_owned();
    let columns = [
        (t.col_person, Align::Text),
        (t.col_certified, Align::Whole),
        (t.col_first_stream, Align::Whole),
        (t.col_at_90, Align::Text),
        (t.col_before, Align::Number),
        (t.col_after, Align::Number),
    ];
    let mut table = Table::new(t.measure_title, t.measure_none, &columns);
    for m in &measures.0 {
        let still = match m.still_streaming {
            None => Cell::Text(t.under_way.into()),
            Some(true) => Cell::Text(t.still.into()),
            Some(false) => Cell::Warn(t.stopped.into()),
        };
        table.rows.push(vec![
            Cell::Link(m.name.clone(), format!("/branch/anchors/{}", m.anchor_id)),
            m.certified_on.to_string().into(),
            m.first_stream_on.map_or_else(none, |day| day.to_string()).into(),
            still,
            m.before_fen.map_or_else(none, yuan).into(),
            m.after_fen.map_or_else(none, yuan).into(),
        ]);
    }
    table
}

//! The branch's tables as files for a spreadsheet: one address for all of them, and the links that lead there.
//!
//! Rules that must hold: every file is counted and told in the trail before it is made, holds a limited number of rows,
//! and says nothing about the money of few. A file goes on to people nobody knows, so that what an amount follows from
//! stays behind: docs/PRIVACY.md says what each table leaves out.
//! Another table: a [`Kind`], its columns in one of the files beside this one, and [`links`] on its page.
//! Not here: tables of figures (`web::official::tables`), of lots and of streams, which have their own addresses.

mod desk;
mod goods;
mod people;

use super::audit::Filter;
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::calendar::Day;
use crate::services::exports::{self, MOST_AN_HOUR};
use crate::store::Session;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::official::range;
use crate::web::spreadsheet::{Cell, Format, Sheet};
use crate::web::wording::fill;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rows of one file.
const MOST: i64 = 5_000;
/// Rows that are read: with one more it is known that some are left out.
const READ: i64 = MOST + 1;

/// A table that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Progress,
    Attendance,
    Assessments,
    Certificates,
    Rooms,
    Contests,
    Products,
    Listings,
    Prices,
    Payouts,
    Requests,
    Unmatched,
    Shops,
    Pulls,
    Audit,
    /// To those alone who see the list; it has an address of its own.
    Households,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Progress,
        Self::Attendance,
        Self::Assessments,
        Self::Certificates,
        Self::Rooms,
        Self::Contests,
        Self::Products,
        Self::Listings,
        Self::Prices,
        Self::Payouts,
        Self::Requests,
        Self::Unmatched,
        Self::Shops,
        Self::Pulls,
        Self::Audit,
        Self::Households,
    ];

    /// In its address, in the file's name and in the trail.
    const fn key(self) -> &'static str {
        match self {
            Self::Progress => "training",
            Self::Attendance => "attendance",
            Self::Assessments => "assessments",
            Self::Certificates => "certificates",
            Self::Rooms => "rooms",
            Self::Contests => "contests",
            Self::Products => "products",
            Self::Listings => "listings",
            Self::Prices => "prices",
            Self::Payouts => "payouts",
            Self::Requests => "requests",
            Self::Unmatched => "unmatched",
            Self::Shops => "shops",
            Self::Pulls => "pulls",
            Self::Audit => "audit",
            Self::Households => "households",
        }
    }

    fn path(self) -> String {
        match self {
            Self::Households => "/branch/households/table".into(),
            kind => format!("/branch/tables/{}", kind.key()),
        }
    }

    /// Where it stands as a page.
    const fn page(self) -> &'static str {
        match self {
            Self::Progress | Self::Certificates => "/branch/training",
            Self::Attendance | Self::Assessments => super::curriculum::PATH,
            Self::Rooms => "/branch/rooms",
            Self::Contests => super::contests::PATH,
            Self::Products | Self::Listings => super::goods::PATH,
            Self::Prices => super::prices::PATH,
            Self::Payouts => super::payouts::PATH,
            Self::Requests => super::requests::PATH,
            Self::Unmatched => "/branch/unmatched",
            Self::Shops | Self::Pulls => "/branch/shops",
            Self::Audit => "/branch/audit",
            Self::Households => "/branch/slips",
        }
    }

    const fn name(self, ctx: &Ctx) -> &'static str {
        let t = &ctx.words.tables;
        match self {
            Self::Progress => t.progress,
            Self::Attendance => t.attendance,
            Self::Assessments => ctx.words.training.assess_list,
            Self::Certificates => t.certificates,
            Self::Rooms => ctx.words.branch.rooms_title,
            Self::Contests => t.contests,
            Self::Products => ctx.words.search.products,
            Self::Listings => ctx.words.search.listings,
            Self::Prices => t.prices,
            Self::Payouts => ctx.words.payouts.nav,
            Self::Requests => ctx.words.requests.nav,
            Self::Unmatched => t.unmatched,
            Self::Shops => ctx.words.branch.nav_shops,
            Self::Pulls => t.pulls,
            Self::Audit => t.audit,
            Self::Households => t.households,
        }
    }

    async fn columns(self, session: &mut Session, wanted: &Wanted, ctx: &Ctx) -> anyhow::Result<Columns> {
        let today = wanted.today;
        match self {
            Self::Progress => people::progress(session, today, ctx).await,
            Self::Attendance => people::attendance(session, today, &wanted.as_asked(), ctx).await,
            Self::Assessments => people::assessments(session, ctx).await,
            Self::Certificates => people::certificates(session, today, ctx).await,
            Self::Rooms => people::rooms(session, ctx).await,
            Self::Contests => people::contests(session, ctx).await,
            Self::Households => people::households(session, &wanted.as_asked(), ctx).await,
            Self::Products => goods::products(session, ctx).await,
            Self::Listings => goods::listings(session, today, &wanted.as_asked(), ctx).await,
            Self::Prices => goods::prices(session, today, ctx).await,
            Self::Unmatched => goods::unmatched(session, &wanted.as_asked(), ctx).await,
            Self::Payouts => desk::payouts(session, &wanted.as_asked(), ctx).await,
            Self::Requests => desk::requests(session, &wanted.as_asked(), ctx).await,
            Self::Shops => desk::shops(session, ctx).await,
            Self::Pulls => desk::pulls(session, ctx).await,
            Self::Audit => desk::audit(session, &wanted.sought, ctx).await,
        }
    }
}

/// What a file is made of.
struct Wanted {
    today: Day,
    /// Of the trail.
    sought: crate::store::audit::Sought,
    address: Uri,
}

impl Wanted {
    /// What a page's address chooses; what cannot be read chooses nothing, as on the page.
    fn as_asked<T: DeserializeOwned + Default>(&self) -> T {
        Query::try_from_uri(&self.address).map(|Query(asked)| asked).unwrap_or_default()
    }
}

/// Heads and rows, ready to be written.
struct Columns {
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Columns {
    fn new<const N: usize>(head: [&'static str; N], rows: impl IntoIterator<Item = [Cell; N]>) -> Self {
        Self { head: head.into(), rows: rows.into_iter().map(Vec::from).collect() }
    }
}

/// A cell of text.
fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

/// A day, blank where there is none.
fn day(on: Option<Day>) -> Cell {
    on.map_or(Cell::Blank, |on| Cell::Text(on.to_string()))
}

/// Which file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    format: String,
}

/// `GET /branch/tables/{name}?format=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    Query(days): Query<range::Asked>,
    Query(filter): Query<Filter>,
    address: Uri,
) -> Result<Response, WebError> {
    let open = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Households);
    let kind = open.into_iter().find(|kind| kind.key() == name).ok_or(WebError::NotFound)?;
    let sought = filter.sought(&range::Range::parse(&days)?)?;
    let wanted = Wanted { today: app.clock.today(), sought, address };
    answer(&app, &visit, kind, &asked, &wanted).await
}

/// `GET /branch/households/table?format=…`
pub async fn households(
    State(app): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
    address: Uri,
) -> Result<Response, WebError> {
    let wanted = Wanted { today: app.clock.today(), sought: crate::store::audit::Sought::default(), address };
    answer(&app, &visit, Kind::Households, &asked, &wanted).await
}

async fn answer(
    app: &AppState,
    visit: &Visit,
    kind: Kind,
    asked: &Asked,
    wanted: &Wanted,
) -> Result<Response, WebError> {
    let format = Format::ALL.into_iter().find(|f| f.key() == asked.format).unwrap_or(Format::Xlsx);
    let (scope, actor, ctx) = (visit.scope()?, visit.actor()?, &visit.ctx);
    let change = Change::new(Verb::Export, Noun::Figures, format!("{} {}", kind.key(), scope.region()));
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, kind.page(), ctx);
    }
    let load = async {
        let session = &mut app.store.read(scope).await?;
        kind.columns(session, wanted, ctx).await
    };
    let mut columns = load.await?;
    let most = usize::try_from(MOST).expect("a file is not negative");
    let mut notes = Vec::new();
    // every household is read anyway, and whoever hands out slips does so to all of them
    if kind != Kind::Households && columns.rows.len() > most {
        columns.rows.truncate(most);
        notes.push(vec![fill(ctx.words.tables.cut, &[&MOST.to_string()])]);
    }
    notes.extend(ctx.demo.then(|| vec![ctx.words.frame.demo.to_owned()]));
    let head = columns.head.into_iter().map(str::to_owned).collect();
    let sheet = Sheet { name: kind.name(ctx), head, rows: columns.rows, notes, at: app.clock.now() };
    Ok(sheet.answer(&format!("red-anchor-{}-{}", kind.key(), wanted.today), format)?)
}

/// The links to the files of a page's tables; `chosen` is what the page's address chooses, as `a=b&c=d`.
pub fn links_to(kinds: &[Kind], chosen: &str, ctx: &Ctx) -> Markup {
    let t = &ctx.words.tables;
    let end =
        |format: Format| if chosen.is_empty() { format.key().to_owned() } else { format!("{}&{chosen}", format.key()) };
    html! {
        p.quiet {
            (t.download) " "
            @for kind in kinds {
                (kind.name(ctx)) " "
                @for format in Format::ALL {
                    a href={ (kind.path()) "?format=" (end(format)) } download { (format.key().to_uppercase()) } " · "
                }
            }
            (fill(t.note, &[&MOST_AN_HOUR.to_string()]))
        }
    }
}

/// The same of tables of which all is taken.
pub fn links(kinds: &[Kind], ctx: &Ctx) -> Markup {
    links_to(kinds, "", ctx)
}

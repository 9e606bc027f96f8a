//! 过磅收货: a weighing list typed as it is called out, one row a household, for a phone or a desk.
//!
//! Rules that must hold: it is a plain form, and Enter checks and adds up, so that a list is never saved by accident;
//! what is wrong is said at its row, and whatever was typed stands there again. `static/weighing.js` adds the sum while
//! typing, moves Enter to the next field, and keeps a draft on the device for when the network is gone.
//!
//! Not here: reading rows (`domain::weighing`), writing the lot (`services::lots`).

use crate::domain::calendar::{Day, parse_day};
use crate::domain::doubles::Households;
use crate::domain::problem::Problem;
use crate::domain::weighing::{self, Named, RowFault, TypedRow, Unit, Weighed};
use crate::services::lots::{self as service, NewLot};
use crate::services::shelf_check::certified_on;
use crate::store::goods::{self, Product};
use crate::store::people::Farmer;
use crate::store::{Session, doubles, people};
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session::family_name;
use crate::web::ui::number::{grouped, kilograms};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use crate::web::{AppState, assets};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

const PATH: &str = "/branch/lots/new";
/// Rows of a new list: a morning's households.
const ROWS: usize = 30;
/// Rows added at once.
const MORE: usize = 10;
/// Rows of one list.
const MOST_ROWS: usize = 300;

/// A list as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub product: String,
    pub intake_on: String,
    pub certificate_no: String,
    pub unit: Unit,
    pub rows: Vec<TypedRow>,
    /// Which button was pressed.
    pub act: String,
}

impl Typed {
    /// From a form's fields in their order: a household begins a row.
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "product" => typed.product = value,
                "intake_on" => typed.intake_on = value,
                "certificate_no" => typed.certificate_no = value,
                "unit" => typed.unit = Unit::parse(&value).unwrap_or_default(),
                "act" => typed.act = value,
                "household" => typed.rows.push(TypedRow { household: value, ..TypedRow::default() }),
                _ => {
                    let Some(row) = typed.rows.last_mut() else { continue };
                    match name.as_str() {
                        "weight" => row.weight = value,
                        "grade" => row.grade = value,
                        "price" => row.price = value,
                        _ => {}
                    }
                }
            }
        }
        typed.rows.truncate(MOST_ROWS);
        typed
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub typed: Typed,
    pub products: Vec<Product>,
    /// Products of which a lot needs a certificate.
    pub certified: Vec<i64>,
    /// What became of each row.
    pub read: Vec<Option<Result<Weighed, RowFault>>>,
    /// 陈* of the households that were found, by row.
    pub found: Vec<String>,
    /// What is wrong beside the rows; empty before the first check.
    pub faults: Vec<String>,
    /// Under which key this reader's draft is kept on the device.
    pub draft: String,
    /// Nothing was sent yet: a draft on the device may take its place.
    pub fresh: bool,
}

impl Page {
    fn wrong_rows(&self) -> usize {
        self.read.iter().flatten().filter(|row| row.is_err()).count()
    }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    let typed = &page.typed;
    let wrong = page.wrong_rows();
    let body = html! {
        section.card {
            h1 { (l.new_title) }
            p #draft .on-screen hidden data-restored=(l.draft_restored) data-offline=(l.draft_offline) {
                span {} " " button.plain type="button" { (l.draft_drop) }
            }
            @if wrong > 0 { p.warn role="alert" { (fill(l.faults, &[&wrong.to_string()])) } }
            @for fault in &page.faults { p.warn role="alert" { (fault) } }
            form #weighing.weighing-form method="post" action=(PATH) data-fresh=[page.fresh.then_some("1")] data-draft=(page.draft) data-sum=(l.total) {
                div.pairs {
                    label.field {
                        span { (l.product) }
                        select name="product" { @for product in &page.products {
                            option value=(product.product_key) selected[product.product_key == typed.product] {
                                (ctx.name(&product.name, &product.name_en))
                            }
                        } }
                    }
                    label.field { span { (l.col_day) } input type="date" name="intake_on" value=(typed.intake_on); }
                    label.field {
                        span { (l.certificate) }
                        input type="text" name="certificate_no" value=(typed.certificate_no) autocomplete="off";
                        span.quiet { (certificate_note(page, ctx)) }
                    }
                    label.field {
                        span { (l.unit) }
                        select name="unit" { @for unit in Unit::ALL {
                            option value=(unit.key()) selected[unit == typed.unit] { (l.unit_name(unit)) }
                        } }
                    }
                }
                h2 { (l.rows_title) }
                p.quiet { (l.rows_note) " " (l.row_price_note) }
                (rows(page, ctx))
                p #sum { strong { (sum(page, ctx)) } }
                div.actions {
                    // the first button is what Enter presses
                    button type="submit" name="act" value="check" { (l.check_button) }
                    button type="submit" name="act" value="more" { (l.more_button) }
                    button.primary type="submit" name="act" value="save" { (l.save_button) }
                }
            }
            p { a href="/branch/lots" { (l.title) } " · " a href="/branch/lots/paper" { (l.paper_button) } }
        }
        script src=(assets::weighing_href()) defer {}
    };
    shell::page(l.new_title, Some(Section::Lots), &body, ctx)
}

/// Which goods need a certificate.
fn certificate_note(page: &Page, ctx: &Ctx) -> String {
    let l = &ctx.words.lots;
    let certified = page.products.iter().filter(|p| page.certified.contains(&p.product_id));
    let names: Vec<&str> = certified.map(|p| ctx.name(&p.name, &p.name_en)).collect();
    let separator = if ctx.lang == crate::domain::lang::Lang::Zh { "、" } else { ", " };
    if names.is_empty() {
        l.certificate_optional.to_owned()
    } else {
        fill(l.certificate_note, &[&names.join(separator)])
    }
}

fn rows(page: &Page, ctx: &Ctx) -> Markup {
    let l = &ctx.words.lots;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.rows_title) {
            table.weighing {
                thead { tr {
                    th.number scope="col" { (l.col_no) }
                    @for head in [l.row_household, l.row_weight, l.row_grade, l.row_price] { th scope="col" { (head) } }
                    th scope="col" {}
                } }
                tbody { @for (index, row) in page.typed.rows.iter().enumerate() {
                    @let number = fill(l.row, &[&(index + 1).to_string()]);
                    @let outcome = page.read.get(index).and_then(Option::as_ref);
                    tr {
                        td.number { (index + 1) }
                        td data-label=(l.row_household) { (cell("household", &row.household, &number, l.row_household, "text")) }
                        td data-label=(l.row_weight) { (cell("weight", &row.weight, &number, l.row_weight, "decimal")) }
                        td data-label=(l.row_grade) { (cell("grade", &row.grade, &number, l.row_grade, "text")) }
                        td data-label=(l.row_price) { (cell("price", &row.price, &number, l.row_price, "decimal")) }
                        td.whole { @match outcome {
                            Some(Err(fault)) => span.warn { (l.fault(fault)) },
                            Some(Ok(_)) => span.quiet { (page.found.get(index).map_or("", String::as_str)) },
                            None => {},
                        } }
                    }
                } }
            }
        }
    }
}

fn cell(name: &str, value: &str, row: &str, what: &str, mode: &str) -> Markup {
    html! { input type="text" name=(name) value=(value) inputmode=(mode) autocomplete="off" aria-label={ (row) " " (what) }; }
}

/// What the rows that were read weigh in all.
fn sum(page: &Page, ctx: &Ctx) -> String {
    let weighed = page.read.iter().flatten().flatten();
    let (count, grams) = weighed.fold((0, 0), |(count, grams), row| (count + 1, grams + row.weight_g));
    fill(ctx.words.lots.total, &[&grouped(count), &kilograms(grams), &kilograms(grams * 2)])
}

/// `GET /branch/lots/new`
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let typed =
        Typed { intake_on: app.clock.today().to_string(), rows: vec![TypedRow::default(); ROWS], ..Typed::default() };
    let scope = visit.scope()?;
    let draft = visit.reader()?.draft();
    let load = async { load(&mut app.store.read(scope).await?, typed, draft, true).await };
    Ok(render(&load.await?, &visit.ctx))
}

/// Reads what was typed against the county's households.
async fn load(session: &mut Session, typed: Typed, draft: String, fresh: bool) -> anyhow::Result<Page> {
    let farmers = people::list_farmers(session).await?;
    // a double is found by its number only, so that the household's name finds the record that is kept
    let doubles = Households::now(&doubles::list(session).await?);
    let name = |f: &Farmer| if doubles.is_double(f.farmer_id) { String::new() } else { f.name.clone() };
    let households: Vec<Named> =
        farmers.iter().map(|f| Named { farmer_id: f.farmer_id, key: f.farmer_key.clone(), name: name(f) }).collect();
    let read = weighing::read(&typed.rows, typed.unit, &households);
    let found = read
        .iter()
        .map(|row| match row {
            Some(Ok(row)) => farmers
                .iter()
                .find(|f| f.farmer_id == row.farmer_id)
                .map_or_else(String::new, |f| format!("{} {}", family_name(&f.name), f.farmer_key)),
            _ => String::new(),
        })
        .collect();
    let mut products = goods::list_products(session).await?;
    products.sort_by(|a, b| a.product_key.cmp(&b.product_key));
    let certified = match parse_day(&typed.intake_on) {
        Some(on) => certified_on(session, on).await?,
        None => Vec::new(),
    };
    Ok(Page { typed, products, certified, read, found, faults: Vec::new(), draft, fresh })
}

/// `POST /branch/lots/new`: checks, adds rows, or saves.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let mut typed = Typed::read(fields);
    if typed.act == "more" {
        let rows = (typed.rows.len() + MORE).min(MOST_ROWS);
        typed.rows.resize(rows, TypedRow::default());
    }
    let (scope, l) = (visit.scope()?, &visit.ctx.words.lots);
    let draft = visit.reader()?.draft();
    let loading = async { load(&mut app.store.read(scope).await?, typed, draft, false).await };
    let mut page = loading.await?;
    if page.typed.act != "save" {
        return Ok(render(&page, &visit.ctx).into_response());
    }
    let product = page.products.iter().find(|p| p.product_key == page.typed.product).map(|p| p.product_id);
    let intake_on: Option<Day> = parse_day(page.typed.intake_on.trim());
    let weighed: Vec<Weighed> = page.read.iter().flatten().filter_map(|row| row.clone().ok()).collect();
    let no_rows = weighed.is_empty() && page.wrong_rows() == 0;
    for (is_wrong, fault) in
        [(product.is_none(), l.fault_product), (intake_on.is_none(), l.fault_day), (no_rows, l.fault_rows)]
    {
        page.faults.extend(is_wrong.then(|| fault.to_owned()));
    }
    let (Some(product_id), Some(intake_on), true) =
        (product, intake_on, page.faults.is_empty() && page.wrong_rows() == 0)
    else {
        return Ok(render(&page, &visit.ctx).into_response());
    };
    let lot = NewLot { product_id, intake_on, certificate_no: page.typed.certificate_no.clone(), weighed };
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match Box::pin(service::take_in(&desk, &lot)).await {
        Ok(lot_id) => Ok(Redirect::to(&format!("/branch/lots/{lot_id}?saved=1")).into_response()),
        Err(error) => match error.downcast::<Problem>() {
            // said on the list itself, so that nothing typed is lost
            Ok(problem) => {
                page.faults.push(problem.text(visit.ctx.lang));
                Ok(render(&page, &visit.ctx).into_response())
            }
            Err(error) => Err(error.into()),
        },
    }
}

/// `GET /branch/lots/paper`: a blank list to be written on.
pub async fn paper(visit: Visit) -> Markup {
    let ctx = &visit.ctx;
    let l = &ctx.words.lots;
    let heads = [l.col_no, l.row_household, l.row_weight, l.row_grade, l.row_price, l.paper_sign];
    let body = html! {
        p.on-screen { (l.paper_print) " " a href="/branch/lots" { (l.title) } }
        section.sheet-list {
            h1 { (l.paper_title) }
            p { (l.paper_head) }
            table.blank {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for number in 1..=ROWS { tr { td { (number) } @for _ in 1..heads.len() { td {} } } } }
            }
            p.quiet { (l.paper_foot) }
        }
    };
    shell::page(l.paper_title, Some(Section::Lots), &body, ctx)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_household_begins_a_row_and_nothing_typed_is_lost() {
        let typed = Typed::read(fields(&[
            ("product", "kumquat"),
            ("unit", "kg"),
            ("household", "f1"),
            ("weight", "12"),
            ("grade", ""),
            ("price", "7.4"),
            ("household", ""),
            ("weight", "9"),
            ("act", "check"),
        ]));
        assert_eq!((typed.product.as_str(), typed.unit, typed.rows.len()), ("kumquat", Unit::Kilogram, 2));
        assert_eq!((typed.rows[0].price.as_str(), typed.rows[1].weight.as_str()), ("7.4", "9"));
    }
}

//! The households of the village that agreed to be read by its contact, each with its statement.

use crate::domain::doubles::Households;
use crate::store::{doubles, people};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Cell, Table};
use crate::web::wording::fill;
use axum::extract::State;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub village: String,
    /// Row id, key, family name.
    pub households: Vec<(i64, String, String)>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let title = fill(a.village_title, &[&page.village]);
    let columns = [(a.col_household, Align::Text), (a.col_key, Align::Whole), (a.village_open, Align::Text)];
    let mut table = Table::new(&title, a.village_none, &columns);
    for (id, key, label) in &page.households {
        let open = Cell::Link(a.village_open.into(), format!("/village/farmers/{id}"));
        table.rows.push(vec![label.as_str().into(), key.as_str().into(), open]);
    }
    let body = html! {
        section.card {
            h1 { (title) }
            p.quiet { (a.village_note) }
            (table.render(ctx))
        }
    };
    shell::page(&title, Some(Section::Village), &body, ctx)
}

/// `GET /village`
pub async fn list(State(app): State<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let mut farmers = people::list_farmers(session).await?;
        farmers.sort_by(|a, b| a.farmer_key.cmp(&b.farmer_key));
        // one statement for a household whose other record is here too
        let doubles = Households::now(&doubles::list(session).await?);
        let here: Vec<i64> = farmers.iter().map(|f| f.farmer_id).collect();
        farmers.retain(|f| !doubles.is_double(f.farmer_id) || !here.contains(&doubles.kept(f.farmer_id)));
        let village = Names::of_regions(session).await?.of(&scope.region().to_string());
        let households = farmers.into_iter().map(|f| (f.farmer_id, f.farmer_key, family_name(&f.name)));
        Ok::<_, anyhow::Error>(Page { village, households: households.collect() })
    };
    Ok(render(&load.await?, &visit.ctx))
}

//! 口径: how each figure is defined, in the county's own words, briefly; the exact rules are in docs/MONEY.md.

use crate::domain::access::Role;
use crate::web::context::{Ctx, Visit};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use maud::{Markup, html};

/// Who has the page with the county's own numbers.
const COUNTY_READERS: [Role; 4] = [Role::BranchAdmin, Role::Branch, Role::Official, Role::Auditor];

/// The part about GMV, net sales, income and uplift; the others are `headline`, `baseline`, `provisional`, `refunds`,
/// `households`, `locks` and `names`.
pub const FOUR: &str = "four";

/// Where a part of the page is: what a number's label leads to.
pub fn part(id: &str) -> String {
    format!("/method#{id}")
}

/// `GET /method`
pub async fn show(visit: Visit) -> Markup {
    render(&visit.ctx)
}

/// The page.
pub fn render(ctx: &Ctx) -> Markup {
    let m = &ctx.words.method;
    let columns = [(m.col_figure, Align::Text), (m.col_what, Align::Text), (m.col_day, Align::Text)];
    let mut four = Table::new(m.four, ctx.words.frame.empty, &columns);
    for (figure, what, day) in [
        (m.gmv, m.gmv_what, m.gmv_day),
        (m.net, m.net_what, m.net_day),
        (m.income, m.income_what, m.income_day),
        (m.uplift, m.uplift_what, m.uplift_day),
    ] {
        four.rows.push(vec![figure.into(), what.into(), day.into()]);
    }
    let parts = [
        ("headline", m.headline, m.headline_text),
        ("baseline", m.baseline, m.baseline_text),
        ("provisional", m.provisional, m.provisional_text),
        ("refunds", m.refunds, m.refunds_text),
        ("households", m.households, m.households_text),
        ("locks", m.locks, m.locks_text),
        ("names", m.names, m.names_text),
    ];
    let body = html! {
        section.card {
            h1 { (m.title) }
            p.lead-text { (m.lead) }
            @if ctx.role.is_some_and(|role| COUNTY_READERS.contains(&role)) {
                p { a href="/method/county" { (ctx.words.county_method.title) } }
            }
            h2 id=(FOUR) { (m.four) }
            (four.render(ctx))
        }
        section.card.prose { @for (id, title, text) in parts { h2 id=(id) { (title) } p { (text) } } }
    };
    shell::page(m.title, Some(Section::Method), &body, ctx)
}

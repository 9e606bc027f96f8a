//! 口径: how each figure is defined, in the county's own words, briefly; the exact rules are in docs/MONEY.md.

use crate::domain::access::Role;
use crate::web::context::{Ctx, Visit};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::table::{Align, Table};
use maud::{Markup, html};

/// Who has the page with the county's own numbers.
const COUNTY_READERS: [Role; 4] = [Role::BranchAdmin, Role::Branch, Role::Official, Role::Auditor];

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
        (m.headline, m.headline_text),
        (m.baseline, m.baseline_text),
        (m.provisional, m.provisional_text),
        (m.refunds, m.refunds_text),
        (m.locks, m.locks_text),
        (m.names, m.names_text),
    ];
    let body = html! {
        section.card {
            h1 { (m.title) }
            p.lead-text { (m.lead) }
            @if ctx.role.is_some_and(|role| COUNTY_READERS.contains(&role)) {
                p { a href="/method/county" { (ctx.words.county_method.title) } }
            }
            h2 { (m.four) }
            (four.render(ctx))
        }
        section.card.prose { @for (title, text) in parts { h2 { (title) } p { (text) } } }
    };
    shell::page(m.title, Some(Section::Method), &body, ctx)
}

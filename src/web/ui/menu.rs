//! The menu of a role: tabs, each of a section or of sections of one matter, which have a row of their own below while one
//! of them is open.

use crate::domain::access::Role;
use crate::web::context::Ctx;
use maud::{Markup, html};

/// A section of a role's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Questions,
    Towns,
    Products,
    Rooms,
    Anchors,
    Streams,
    Months,
    Today,
    Broadcasts,
    Training,
    Places,
    Lots,
    Goods,
    Prices,
    Unmatched,
    Shops,
    Reconcile,
    Files,
    Audit,
    Payouts,
    Requests,
    /// How requests are seen to, without names.
    CountyRequests,
    /// The big screen.
    Screen,
    /// All households, and their slips.
    Households,
    Accounts,
    Locks,
    Village,
    Mine,
    Method,
}

/// A tab: sections of one matter, of which the first is where it leads.
#[derive(Debug)]
struct Tab(Matter, &'static [Section]);

/// What the sections of a tab have in common.
#[derive(Debug, Clone, Copy)]
enum Matter {
    /// Named as the first of them.
    Itself,
    Live,
    Goods,
    Orders,
    MonthEnd,
    Office,
}

const OVERVIEW: Tab = Tab(Matter::Itself, &[Section::Overview, Section::Questions]);
const OVERVIEW_OF_COUNTY: Tab = Tab(Matter::Itself, &[Section::Overview, Section::Questions, Section::Screen]);
const TOWNS: Tab = Tab(Matter::Itself, &[Section::Towns]);
const PRODUCTS: Tab = Tab(Matter::Itself, &[Section::Products]);
const ROOMS: Tab = Tab(Matter::Itself, &[Section::Rooms, Section::Streams]);
const ANCHORS: Tab = Tab(Matter::Itself, &[Section::Anchors]);
const MONTHS: Tab = Tab(Matter::Itself, &[Section::Months]);
const MONTHS_OF_COUNTY: Tab = Tab(Matter::Itself, &[Section::Months, Section::Locks, Section::Reconcile]);
const COUNTY_REQUESTS: Tab = Tab(Matter::Itself, &[Section::CountyRequests]);
const METHOD: Tab = Tab(Matter::Itself, &[Section::Method]);

/// Everything officials have a tab for.
const FIGURES: Tab = Tab(
    Matter::Itself,
    &[
        Section::Overview,
        Section::Questions,
        Section::Towns,
        Section::Products,
        Section::Rooms,
        Section::Streams,
        Section::Anchors,
        Section::Months,
    ],
);

const TODAY: Tab = Tab(Matter::Itself, &[Section::Today]);
const LIVE: Tab = Tab(Matter::Live, &[Section::Broadcasts, Section::Places]);
const TRAINING: Tab = Tab(Matter::Itself, &[Section::Training]);
const HOUSEHOLDS: Tab = Tab(Matter::Itself, &[Section::Households]);
const GOODS: Tab = Tab(Matter::Goods, &[Section::Goods, Section::Prices, Section::Lots]);
const ORDERS: Tab = Tab(Matter::Orders, &[Section::Shops, Section::Files, Section::Unmatched, Section::Reconcile]);
/// Without files, which only those import who work with them.
const ORDERS_SEEN: Tab = Tab(Matter::Orders, &[Section::Shops, Section::Unmatched, Section::Reconcile]);
const MONTH_END: Tab = Tab(Matter::MonthEnd, &[Section::Locks, Section::Payouts]);
const OFFICE: Tab = Tab(Matter::Office, &[Section::Requests, Section::Audit]);
const OFFICE_OF_ADMIN: Tab = Tab(Matter::Office, &[Section::Requests, Section::Accounts, Section::Audit]);
const OFFICE_SEEN: Tab = Tab(Matter::Office, &[Section::Requests, Section::CountyRequests, Section::Audit]);

const OFFICIAL: &[Tab] = &[OVERVIEW, TOWNS, PRODUCTS, ROOMS, ANCHORS, MONTHS, METHOD];
/// What is asked of whole shops and months has no narrower answer than the county.
const OFFICIAL_OF_COUNTY: &[Tab] =
    &[OVERVIEW_OF_COUNTY, TOWNS, PRODUCTS, ROOMS, ANCHORS, MONTHS_OF_COUNTY, COUNTY_REQUESTS, METHOD];
const BRANCH: &[Tab] = &[TODAY, LIVE, TRAINING, HOUSEHOLDS, GOODS, ORDERS, MONTH_END, OFFICE, METHOD];
const BRANCH_ADMIN: &[Tab] = &[TODAY, LIVE, TRAINING, HOUSEHOLDS, GOODS, ORDERS, MONTH_END, OFFICE_OF_ADMIN, METHOD];
const AUDITOR: &[Tab] = &[FIGURES, TODAY, LIVE, TRAINING, GOODS, ORDERS_SEEN, MONTH_END, OFFICE_SEEN, METHOD];
const VILLAGE: &[Tab] = &[Tab(Matter::Itself, &[Section::Village]), METHOD];
const ANCHOR: &[Tab] = &[Tab(Matter::Itself, &[Section::Mine]), METHOD];

/// The tabs of a reader.
const fn tabs(ctx: &Ctx) -> &'static [Tab] {
    match ctx.role {
        // what the branch works with has no narrower answer than the county
        Some(Role::Auditor) if !ctx.county_wide => OFFICIAL,
        Some(Role::Official) if ctx.county_wide => OFFICIAL_OF_COUNTY,
        Some(Role::Official) => OFFICIAL,
        Some(Role::Auditor) => AUDITOR,
        Some(Role::BranchAdmin) => BRANCH_ADMIN,
        Some(Role::Branch) => BRANCH,
        Some(Role::VillageContact) => VILLAGE,
        Some(Role::Anchor) => ANCHOR,
        Some(Role::Farmer) | None => &[METHOD],
    }
}

/// The row of tabs.
pub fn menu(here: Option<Section>, ctx: &Ctx) -> Markup {
    html! {
        nav.sections aria-label=(ctx.words.frame.nav) {
            @for tab in tabs(ctx) {
                a href=(tab.1[0].href()) aria-current=[tab.current(here)] { (tab.label(ctx)) }
            }
        }
    }
}

/// The sections of the tab that is open, where there are several.
pub fn within(here: Option<Section>, ctx: &Ctx) -> Markup {
    let open = tabs(ctx).iter().find(|tab| tab.1.len() > 1 && tab.holds(here));
    html! {
        @if let Some(tab) = open {
            nav.sections.within aria-label=(tab.label(ctx)) {
                @for &section in tab.1 {
                    a href=(section.href()) aria-current=[(here == Some(section)).then_some("page")] { (section.label(ctx)) }
                }
            }
        }
    }
}

impl Tab {
    fn holds(&self, here: Option<Section>) -> bool {
        here.is_some_and(|here| self.1.contains(&here))
    }

    /// How it is marked: as the page that is open, or as holding it.
    fn current(&self, here: Option<Section>) -> Option<&'static str> {
        self.holds(here).then_some(if self.1.len() == 1 { "page" } else { "true" })
    }

    fn label(&self, ctx: &Ctx) -> &'static str {
        let c = &ctx.words.frame;
        match self.0 {
            Matter::Itself => self.1[0].label(ctx),
            Matter::Live => c.tab_live,
            Matter::Goods => c.tab_goods,
            Matter::Orders => c.tab_orders,
            Matter::MonthEnd => c.tab_month_end,
            Matter::Office => c.tab_office,
        }
    }
}

impl Section {
    /// Where it is.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Overview => "/official",
            Self::Questions => "/official/questions",
            Self::Towns => "/official/by/town",
            Self::Products => "/official/by/product",
            Self::Rooms => "/official/by/room",
            Self::Anchors => "/official/by/anchor",
            Self::Streams => "/official/by/stream",
            Self::Months => "/official/by/month",
            Self::Today => "/branch",
            Self::Broadcasts => "/branch/streams",
            Self::Training => "/branch/training",
            Self::Places => "/branch/rooms",
            Self::Lots => "/branch/lots",
            Self::Goods => "/branch/goods",
            Self::Prices => "/branch/prices",
            Self::Unmatched => "/branch/unmatched",
            Self::Shops => "/branch/shops",
            Self::Reconcile => "/reconcile",
            Self::Files => "/branch/files",
            Self::Audit => "/branch/audit",
            Self::Payouts => "/branch/payouts",
            Self::Requests => "/branch/requests",
            Self::CountyRequests => "/official/requests",
            Self::Screen => "/screen",
            Self::Households => "/branch/slips",
            Self::Accounts => "/branch/accounts",
            Self::Locks => "/months",
            Self::Village => "/village",
            Self::Mine => "/anchor",
            Self::Method => "/method",
        }
    }

    fn label(self, ctx: &Ctx) -> &'static str {
        let (o, b) = (&ctx.words.official, &ctx.words.branch);
        match self {
            Self::Overview => o.nav_overview,
            Self::Questions => ctx.words.questions.nav,
            Self::Towns => o.nav_towns,
            Self::Products => o.nav_products,
            Self::Rooms | Self::Places => o.nav_rooms,
            Self::Anchors => o.nav_anchors,
            Self::Streams | Self::Broadcasts => o.nav_streams,
            Self::Months => o.nav_months,
            Self::Today => b.nav_today,
            Self::Training => b.nav_training,
            Self::Lots => ctx.words.lots.nav,
            Self::Goods => ctx.words.goods.nav,
            Self::Prices => ctx.words.price_book.nav,
            Self::Unmatched => b.nav_unmatched,
            Self::Shops => b.nav_shops,
            Self::Reconcile => ctx.words.reconcile.nav,
            Self::Files => ctx.words.sources.nav_files,
            Self::Audit => ctx.words.audit.nav,
            Self::Payouts => ctx.words.payouts.nav,
            Self::Requests => ctx.words.requests.nav,
            Self::CountyRequests => ctx.words.requests.nav_county,
            Self::Screen => ctx.words.streams.screen_button,
            Self::Households => ctx.words.search.households,
            Self::Accounts => ctx.words.access.accounts,
            Self::Locks => ctx.words.months.nav,
            Self::Village => ctx.words.frame.role_farmer,
            Self::Mine => ctx.words.anchor.nav_mine,
            Self::Method => ctx.words.public.method,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_stands_in_one_tab_of_a_menu() {
        for menu in [OFFICIAL, OFFICIAL_OF_COUNTY, BRANCH, BRANCH_ADMIN, AUDITOR, VILLAGE, ANCHOR] {
            let mut addresses: Vec<&str> = menu.iter().flat_map(|tab| tab.1).map(|section| section.href()).collect();
            let sections = addresses.len();
            addresses.sort_unstable();
            addresses.dedup();
            assert_eq!(addresses.len(), sections, "{menu:?}");
        }
    }
}

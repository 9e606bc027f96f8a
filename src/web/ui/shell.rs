//! The frame around every page: demo banner, name, sections of the reader's role, language switch.
//!
//! Two frames: a desk's for officials, branch and anchors, and a phone's for farmers, which has one column, large type
//! and no menu.

use crate::domain::access::Role;
use crate::domain::lang::Lang;
use crate::web::assets;
use crate::web::context::Ctx;
use crate::web::names::role_name;
use maud::{DOCTYPE, Markup, html};

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

const OFFICIAL: [Section; 9] = [
    Section::Overview,
    Section::Questions,
    Section::Towns,
    Section::Products,
    Section::Rooms,
    Section::Anchors,
    Section::Streams,
    Section::Months,
    Section::Method,
];
/// What is asked of whole shops and months has no narrower answer than the county.
const OFFICIAL_OF_COUNTY: [Section; 13] = [
    Section::Overview,
    Section::Questions,
    Section::Towns,
    Section::Products,
    Section::Rooms,
    Section::Anchors,
    Section::Streams,
    Section::Months,
    Section::Locks,
    Section::Reconcile,
    Section::CountyRequests,
    Section::Screen,
    Section::Method,
];
const BRANCH: [Section; 17] = [
    Section::Today,
    Section::Broadcasts,
    Section::Training,
    Section::Places,
    Section::Households,
    Section::Lots,
    Section::Goods,
    Section::Prices,
    Section::Unmatched,
    Section::Shops,
    Section::Files,
    Section::Payouts,
    Section::Requests,
    Section::Locks,
    Section::Reconcile,
    Section::Audit,
    Section::Method,
];
const BRANCH_ADMIN: [Section; 18] = [
    Section::Today,
    Section::Broadcasts,
    Section::Training,
    Section::Places,
    Section::Households,
    Section::Lots,
    Section::Goods,
    Section::Prices,
    Section::Unmatched,
    Section::Shops,
    Section::Files,
    Section::Payouts,
    Section::Requests,
    Section::Locks,
    Section::Reconcile,
    Section::Accounts,
    Section::Audit,
    Section::Method,
];
const AUDITOR: [Section; 24] = [
    Section::Overview,
    Section::Questions,
    Section::Towns,
    Section::Products,
    Section::Rooms,
    Section::Anchors,
    Section::Streams,
    Section::Months,
    Section::Today,
    Section::Broadcasts,
    Section::Training,
    Section::Places,
    Section::Lots,
    Section::Goods,
    Section::Prices,
    Section::Unmatched,
    Section::Shops,
    Section::Payouts,
    Section::Requests,
    Section::CountyRequests,
    Section::Locks,
    Section::Reconcile,
    Section::Audit,
    Section::Method,
];
const VILLAGE: [Section; 2] = [Section::Village, Section::Method];
const ANCHOR: [Section; 2] = [Section::Mine, Section::Method];

impl Section {
    /// The sections of a reader.
    pub const fn of(ctx: &Ctx) -> &'static [Self] {
        match ctx.role {
            // what the branch works with has no narrower answer than the county
            Some(Role::Auditor) if !ctx.county_wide => &OFFICIAL,
            Some(Role::Official) if ctx.county_wide => &OFFICIAL_OF_COUNTY,
            Some(Role::Official) => &OFFICIAL,
            Some(Role::Auditor) => &AUDITOR,
            Some(Role::BranchAdmin) => &BRANCH_ADMIN,
            Some(Role::Branch) => &BRANCH,
            Some(Role::VillageContact) => &VILLAGE,
            Some(Role::Anchor) => &ANCHOR,
            Some(Role::Farmer) | None => &[Self::Method],
        }
    }

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

/// A page at a desk.
pub fn page(title: &str, here: Option<Section>, body: &Markup, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    let frame = html! {
        header.top {
            a.brand href=(ctx.home()) { (c.product) }
            nav.sections aria-label=(c.nav) {
                @for &section in Section::of(ctx) {
                    a href=(section.href()) aria-current=[(here == Some(section)).then_some("page")] { (section.label(ctx)) }
                }
            }
            (search(ctx))
            (reader(ctx))
        }
        main #main.desk { (body) }
    };
    document(title, "", &frame, ctx)
}

/// One input over everything, for who works with it.
fn search(ctx: &Ctx) -> Markup {
    let reads = matches!(ctx.role, Some(Role::BranchAdmin | Role::Branch))
        || (ctx.role == Some(Role::Auditor) && ctx.county_wide);
    html! {
        @if reads {
            form.search role="search" method="get" action="/branch/search" {
                input type="search" name="q" accesskey="/" aria-label=(ctx.words.search.title) placeholder=(ctx.words.search.title) maxlength="60";
            }
            script src=(assets::search_href()) defer {}
        }
    }
}

/// A page on a farmer's phone.
pub fn phone(title: &str, body: &Markup, ctx: &Ctx) -> Markup {
    document(title, "phone", &html! { main #main { (body) } footer.phone-foot { (reader(ctx)) } }, ctx)
}

/// A page without a menu, for a screen on a wall.
pub fn bare(title: &str, class: &str, body: &Markup, ctx: &Ctx) -> Markup {
    document(title, class, body, ctx)
}

fn reader(ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    let role = ctx.role.map(|role| role_name(role, ctx));
    html! {
        div.reader {
            @match role {
                Some(role) => {
                    span { (ctx.reader) " · " (role) }
                    @if ctx.device { a.own href="/farmer/device" { (ctx.words.access.device_other) } }
                    @else { a.own href="/me" { (ctx.words.access.mine) } }
                },
                None => a.own href="/sign-in" { (ctx.words.access.sign_in) },
            }
            (language(ctx))
            @if role.is_some() { form method="post" action="/leave" { button.plain type="submit" { (c.leave) } } }
        }
    }
}

/// The switch: written in the language it leads to.
fn language(ctx: &Ctx) -> Markup {
    let (other, name) = match ctx.lang {
        Lang::Zh => (Lang::En, "English"),
        Lang::En => (Lang::Zh, "中文"),
    };
    let join = if ctx.address.contains('?') { '&' } else { '?' };
    html! { a.language lang=(code(other)) hreflang=(code(other)) href={ (ctx.address) (join) "lang=" (other.key()) } { (name) } }
}

const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

fn document(title: &str, class: &str, frame: &Markup, ctx: &Ctx) -> Markup {
    let c = &ctx.words.frame;
    html! {
        (DOCTYPE)
        html lang=(code(ctx.lang)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (c.product) }
                link rel="stylesheet" href=(assets::style_href());
                link rel="icon" type="image/svg+xml" href=(assets::icon_href());
            }
            body class=(class) {
                a.skip href="#main" { (c.skip) }
                @if ctx.demo { p.demo role="note" { (c.demo) } }
                (frame)
            }
        }
    }
}

//! Tables of what the branch's desk sees to: payouts, requests, shops and their pulls, the audit trail.
//!
//! A payout has no amount here: beside a month's sums of an operator it would say what the households earned that it
//! leaves out. A request has neither its household nor its words, a row of the trail no values and nobody's address.

use super::{Columns, READ, day, text};
use crate::domain::access::Role;
use crate::domain::audit::{Noun, Verb};
use crate::domain::calendar::{clock_text, day_of};
use crate::domain::disclosure::LEAST_HOUSEHOLDS;
use crate::domain::requests::State;
use crate::store::audit::{self as stored_audit, Sought};
use crate::store::{Session, goods, payouts as stored_payouts, requests as stored_requests, schedules};
use crate::web::branch::audit::who;
use crate::web::branch::shops::operator_name;
use crate::web::context::Ctx;
use crate::web::names::{platform, role_name};
use crate::web::spreadsheet::Cell;

/// Payouts, the last first.
pub(super) async fn payouts(
    session: &mut Session,
    asked: &super::super::payouts::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let p = &ctx.words.payouts;
    let head = [
        ctx.words.tables.col_subject,
        p.col_payout,
        p.col_operator,
        p.col_up_to,
        p.col_households,
        p.col_state,
        p.col_paid_on,
        p.col_by,
    ];
    let operators = goods::list_operators(session).await?;
    let chosen = asked.chosen(&operators, ctx);
    let [operator, kind] = chosen.choices.as_slice() else { anyhow::bail!("two choices") };
    let found = stored_payouts::list_page(session, (operator.id(), kind.value()), 1, READ).await?;
    let rows = found.into_iter().map(|payout| {
        let households = payout.households;
        [
            Cell::Count(payout.payout_id),
            text(p.kind(payout.kind)),
            text(operator_name(&operators, payout.operator_id)),
            day(Some(payout.up_to_on)),
            if households < LEAST_HOUSEHOLDS { text(ctx.words.tables.few) } else { Cell::Count(households) },
            text(p.state(payout.kind, payout.state())),
            day(payout.paid_on),
            text(payout.proposed_by),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Requests by when they were asked and how far they are, the last first.
pub(super) async fn requests(
    session: &mut Session,
    asked: &super::super::requests::Asked,
    ctx: &Ctx,
) -> anyhow::Result<Columns> {
    let r = &ctx.words.requests;
    let head = [r.col_request, r.col_about, r.col_asked, ctx.words.tables.col_rated, r.col_assignee, r.col_due];
    let found = match State::parse(asked.chosen(ctx).value()) {
        None => stored_requests::list_latest(session, READ).await?,
        Some(state) => stored_requests::list_page(session, state, 1, READ).await?,
    };
    let rows = found.into_iter().map(|request| {
        [
            Cell::Count(request.request_id),
            text(r.about(request.about)),
            day(Some(day_of(request.asked_at))),
            text(r.state(request.state)),
            text(request.assignee),
            day(request.due_on),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Shops and how far each is known.
pub(super) async fn shops(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, s) = (&ctx.words.branch, &ctx.words.sources);
    let head = [b.col_shop, b.col_platform, s.number, s.col_operator, b.col_known_to];
    let operators = goods::list_operators(session).await?;
    let rows = goods::list_shops(session).await?.into_iter().map(|shop| {
        [
            text(shop.name),
            text(platform(&shop.platform, ctx)),
            text(shop.platform_shop_id),
            text(operator_name(&operators, shop.operator_id)),
            shop.known_to_at.map_or(Cell::Blank, |at| text(clock_text(at))),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// Tries to pull, of all shops, the last first.
pub(super) async fn pulls(session: &mut Session, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (b, s) = (&ctx.words.branch, &ctx.words.sources);
    let head = [b.col_shop, s.col_when, s.col_complete, s.col_seen, s.new, s.changed, s.rejected, s.col_window];
    let shops = goods::list_shops(session).await?;
    let rows = schedules::list_latest_pulls(session, READ).await?.into_iter().map(|row| {
        let shop = shops.iter().find(|shop| shop.shop_id == row.shop_id);
        let outcome = match (row.trouble.as_str(), row.complete) {
            ("", true) => s.pull_complete,
            ("", false) => s.pull_incomplete,
            (trouble, _) => s.of_trouble(trouble),
        };
        [
            text(shop.map_or("", |shop| &shop.name)),
            text(clock_text(row.started_at)),
            text(outcome),
            Cell::Count(row.seen),
            Cell::Count(row.added),
            Cell::Count(row.changed),
            Cell::Count(row.quarantined),
            text(format!("{} – {}", clock_text(row.from_at), clock_text(row.to_at))),
        ]
    });
    Ok(Columns::new(head, rows))
}

/// The trail as it was searched, the last first.
pub(super) async fn audit(session: &mut Session, sought: &Sought, ctx: &Ctx) -> anyhow::Result<Columns> {
    let (a, t) = (&ctx.words.audit, &ctx.words.tables);
    let head =
        [t.col_row, ctx.words.sources.col_when, a.actor, t.col_role, t.col_done, t.col_about, t.col_subject, a.hash];
    let rows = stored_audit::list_last(session, sought, READ).await?.into_iter().map(|row| {
        let role = Role::parse(&row.role).map_or(row.role.as_str(), |role| role_name(role, ctx)).to_owned();
        [
            Cell::Count(row.audit_no),
            text(clock_text(row.at)),
            text(who(&row.actor, ctx)),
            text(role),
            text(Verb::parse(&row.verb).map_or(row.verb.as_str(), |verb| a.of_verb(verb))),
            text(Noun::parse(&row.noun).map_or(row.noun.as_str(), |noun| a.of_noun(noun))),
            text(row.subject.as_str()),
            text(row.hash.as_str()),
        ]
    });
    Ok(Columns::new(head, rows))
}

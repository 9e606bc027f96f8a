//! 出库归户: which household's goods a sold line is, when they come from lots (供货批次).
//!
//! The open weight of a product's lots is one queue, first in, first out: by day of intake, lot, row of the weighing
//! list. Lines take from its head in the order they were paid. So a parcel is one household's, and two households' only
//! where it uses a ticket up; a ticket lighter than what a parcel still lacks is used up whole, and the parcel goes on to
//! the next.
//!
//! Rules that must hold: what is drawn stays drawn, a later draw only adds what was missing; nothing is drawn twice and
//! no ticket gives more than it took in; in whatever order lines arrive, each lot gives the same weight in all, because
//! the queue does not look at who takes. A day is no condition: goods are weighed in before the sale or, of a pre-sale,
//! after it.
//!
//! Goods that came back are not put into the queue again, and goods sent once more are taken from no ticket: both would
//! make a lot's totals depend on what was known first. They stand in what the lot is closed with.
//!
//! Not here: reading and writing (`store::lots`), when it happens (`services::draws`), a line's money
//! (`domain::ledger`).

use super::calendar::Instant;
use super::ledger::book::Terms;
use super::money::{BP, round_div, split};
use std::collections::BTreeMap;

/// What is left of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTicket {
    pub ticket_id: i64,
    pub product_id: i64,
    pub open_g: i64,
}

/// What a paid line still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    pub line_id: i64,
    pub product_id: i64,
    pub paid_at: Instant,
    pub missing_g: i64,
}

/// A part of a ticket that a line takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    pub line_id: i64,
    pub ticket_id: i64,
    pub drawn_g: i64,
}

/// A line for which the lots did not hold enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    pub line_id: i64,
    pub missing_g: i64,
}

/// What a line's pieces weigh as the household hands the goods over: shrinkage and conversion included, in grams.
pub fn needed_g(terms: &Terms, pieces: i64) -> i64 {
    raw_g(terms.pack_g, pieces, (terms.shrink_bp, terms.conversion_bp))
}

/// The same of a pack, its shrinkage and its conversion.
pub fn raw_g(pack_g: i64, pieces: i64, (shrink_bp, conversion_bp): (i64, i64)) -> i64 {
    let net_g = i128::from(pack_g) * i128::from(pieces);
    let raw = net_g * i128::from(BP + shrink_bp) * i128::from(conversion_bp);
    round_div(raw, i128::from(BP) * i128::from(BP))
}

/// Serves lines from tickets. Tickets stand first in, first out; what is taken is taken off them.
pub fn draw(tickets: &mut [OpenTicket], mut demands: Vec<Demand>) -> (Vec<Drawn>, Vec<Short>) {
    demands.sort_unstable_by_key(|d| (d.paid_at, d.line_id));
    let mut heads: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut drawn, mut short) = (Vec::new(), Vec::new());
    for demand in demands {
        let head = heads.entry(demand.product_id).or_default();
        let mut missing_g = demand.missing_g;
        while missing_g > 0
            && let Some(ticket) = tickets.get_mut(*head)
        {
            if ticket.product_id != demand.product_id || ticket.open_g <= 0 {
                *head += 1;
                continue;
            }
            let drawn_g = missing_g.min(ticket.open_g);
            ticket.open_g -= drawn_g;
            missing_g -= drawn_g;
            drawn.push(Drawn { line_id: demand.line_id, ticket_id: ticket.ticket_id, drawn_g });
        }
        if missing_g > 0 {
            short.push(Short { line_id: demand.line_id, missing_g });
        }
    }
    (drawn, short)
}

/// The loss of a lot that is closed, shared over its tickets by the weight each still has, largest remainder first; `None`
/// where more is said to be lost than is there.
pub fn shared_loss(lost_g: i64, open_g: &[i64], lot_id: i64) -> Option<Vec<i64>> {
    let open: i64 = open_g.iter().sum();
    (0..=open).contains(&lost_g).then(|| split(lost_g, open_g, lot_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};
    use chrono::TimeDelta;

    fn tickets(weights: &[i64]) -> Vec<OpenTicket> {
        (1..).zip(weights).map(|(ticket_id, &open_g)| OpenTicket { ticket_id, product_id: 1, open_g }).collect()
    }

    fn demand(line_id: i64, second: i64, missing_g: i64) -> Demand {
        let paid_at = start_of(parse_day("2026-01-10").expect("a day")) + TimeDelta::seconds(second);
        Demand { line_id, product_id: 1, paid_at, missing_g }
    }

    fn drawn(line_id: i64, ticket_id: i64, drawn_g: i64) -> Drawn {
        Drawn { line_id, ticket_id, drawn_g }
    }

    #[test]
    fn parcels_are_whole_but_at_a_tickets_edge_and_go_in_the_order_of_payment() {
        let mut open = tickets(&[6_000, 3_000]);
        let (got, short) = draw(&mut open, vec![demand(3, 9, 2_625), demand(2, 5, 2_625), demand(1, 7, 2_625)]);
        assert_eq!(got, [drawn(2, 1, 2_625), drawn(1, 1, 2_625), drawn(3, 1, 750), drawn(3, 2, 1_875)]);
        assert_eq!((short, open[1].open_g), (vec![], 1_125));
    }

    #[test]
    fn at_one_second_the_smaller_line_comes_first() {
        let (got, _) = draw(&mut tickets(&[100]), vec![demand(8, 5, 60), demand(7, 5, 60)]);
        assert_eq!(got, [drawn(7, 1, 60), drawn(8, 1, 40)]);
    }

    #[test]
    fn a_line_for_which_nothing_is_left_is_named() {
        let (got, short) = draw(&mut tickets(&[2_625]), vec![demand(1, 1, 2_625), demand(2, 2, 2_625)]);
        assert_eq!((got.len(), short), (1, vec![Short { line_id: 2, missing_g: 2_625 }]));
    }

    #[test]
    fn another_products_ticket_is_not_touched() {
        let mut open = tickets(&[500, 900]);
        open[0].product_id = 2;
        let (got, _) = draw(&mut open, vec![demand(1, 1, 600)]);
        assert_eq!((got, open[0].open_g), (vec![drawn(1, 2, 600)], 500));
    }

    #[test]
    fn a_loss_is_shared_by_what_each_has_left_and_is_never_more() {
        assert_eq!(shared_loss(10, &[0, 30, 60], 7), Some(vec![0, 3, 7]));
        assert_eq!(shared_loss(90, &[0, 30, 60], 7), Some(vec![0, 30, 60]));
        assert_eq!(shared_loss(91, &[0, 30, 60], 7), None);
        assert_eq!(shared_loss(-1, &[5], 7), None);
    }
}

//! A way to a platform on which something happens to the questions about orders; everything else goes straight through.
//! What is asked is noted.

use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::domain::calendar::Instant;
use red_anchor::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use red_anchor::platforms::connector::{Answer, IsKnown};
use red_anchor::platforms::{Ask, Connector, Cursor, Grant, Interface, Page, Token, Window};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// What happens.
#[derive(Debug, Clone)]
pub enum Way {
    /// Nothing.
    Plain,
    /// No answer comes after so many windows.
    SilentAfter(usize),
    /// The platform says that there are more orders than come.
    Short,
    /// So much time passes after each of the first windows.
    Slow { clock: Clock, passes: TimeDelta },
    /// The server is told to stop when so many windows have been asked for.
    StopAt { stopping: watch::Sender<bool>, windows: usize },
}

#[derive(Debug)]
pub struct Roundabout {
    pub straight: Box<dyn Connector>,
    pub way: Way,
    pub asked: Arc<Mutex<Asked>>,
}

/// What was asked, and what came.
#[derive(Debug, Default)]
pub struct Asked {
    /// Where windows of orders ended, in order.
    pub ends: Vec<Instant>,
    /// End of the window, order, when it was paid.
    pub came: Vec<(Instant, String, Option<Instant>)>,
    /// What statements were asked for.
    pub stated: Vec<Window>,
}

/// Windows that time passes after.
const SLOW_WINDOWS: usize = 2;

impl Connector for Roundabout {
    fn interface(&self) -> &'static Interface {
        self.straight.interface()
    }

    fn create_token<'a>(&'a self, grant: &'a Grant) -> Answer<'a, Token> {
        self.straight.create_token(grant)
    }

    fn refresh_token<'a>(&'a self, token: &'a Token) -> Answer<'a, Token> {
        self.straight.refresh_token(token)
    }

    fn orders<'a>(&'a self, ask: Ask<'a>) -> Answer<'a, Page<OrderRecord>> {
        Box::pin(async move {
            let to = ask.window.to;
            let windows = {
                let mut asked = self.asked.lock().unwrap();
                if asked.ends.last() != Some(&to) {
                    asked.ends.push(to);
                }
                asked.ends.len()
            };
            match &self.way {
                Way::SilentAfter(answered) if windows > *answered => std::future::pending().await,
                Way::StopAt { stopping, windows: last } if windows >= *last => drop(stopping.send_replace(true)),
                _ => {}
            }
            let mut page = self.straight.orders(ask).await?;
            let mut asked = self.asked.lock().unwrap();
            let came = page.records.iter().map(|r| (to, r.record.order_no.clone(), r.record.paid_at));
            asked.came.extend(came);
            match &self.way {
                Way::Short => page.total = Some(page.total.unwrap_or(page.received) + 1),
                Way::Slow { clock, passes } if page.next.is_none() && asked.ends.len() <= SLOW_WINDOWS => {
                    clock.advance_to(clock.now() + *passes);
                }
                _ => {}
            }
            Ok(page)
        })
    }

    fn refunds<'a>(&'a self, ask: Ask<'a>, is_known: IsKnown<'a>) -> Answer<'a, Page<RefundRecord>> {
        self.straight.refunds(ask, is_known)
    }

    fn settlements<'a>(&'a self, ask: Ask<'a>) -> Answer<'a, Page<SettlementRecord>> {
        if *ask.cursor == Cursor::START {
            self.asked.lock().unwrap().stated.push(ask.window);
        }
        self.straight.settlements(ask)
    }
}

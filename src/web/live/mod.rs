//! 直播驾驶舱 and 大屏: what is sold now, handed on to whoever watches.
//!
//! A page is rendered once and then its part that moves is sent again, as rendered here, whenever it changes; without
//! JavaScript the page says how to ask anew. One poller a county and server asks the database, however many watch
//! ([`hub`]).

pub mod cockpit;
pub mod events;
pub mod hub;
pub mod screen;

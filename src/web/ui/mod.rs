//! Pieces pages are put together from: the shell, numbers, tables, pictures, states.
//!
//! Rule: a piece is a pure function from data to [`maud::Markup`]; colours, sizes and spaces live in `static/app.css`
//! only, and nothing here writes a `style` attribute: the content security policy would drop it.

pub mod amount;
pub mod bars;
pub mod chosen;
pub mod fields;
pub mod form;
mod menu;
pub mod number;
pub mod picture;
pub mod qr;
pub mod refill;
pub mod screen;
pub mod shell;
pub mod state;
pub mod table;
pub mod trail;

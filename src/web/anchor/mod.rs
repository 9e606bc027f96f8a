//! 主播: own streams, training and results; nothing of anybody else.

pub mod class;
pub mod mine;

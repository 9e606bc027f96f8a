//! Pages anybody may open: the front page, the sign-in link, how things are counted.

pub mod enter;
pub mod home;
pub mod method;

//! The stand-in platform, asked over real HTTP by a caller that shares no code with it or with the client.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod caller;
mod documents;
mod earned;
mod faults;
mod limits;
mod windows;

//! The stand-in platform, asked over real HTTP by a caller that shares no code with it or with the client.

mod caller;
mod documents;
mod earned;
mod faults;
mod limits;
mod windows;

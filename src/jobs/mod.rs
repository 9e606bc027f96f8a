//! What runs by itself while the site is served: each shop that has a key is pulled on its own interval ([`scheduler`]).
//!
//! Rules that must hold: a shop is pulled by one worker at a time, however many servers share the database; a worker
//! whose turn was taken over writes nothing; one shop in trouble holds up no other; everything is safe to run twice.
//! Why there is no job library here: docs/decisions/0007-shops-take-turns.md.
//!
//! Not here: what a pull does (`ingest::pull`), when to try again (`domain::pulling`). The command line's `pull` takes
//! the same turns ([`turn`]), so that it and a server never ask for one shop together.

mod lease;
pub mod scheduler;
pub mod turn;

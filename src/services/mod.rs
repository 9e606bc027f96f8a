//! What happens: a verb a file, called by web, jobs and command line alike.

pub mod sign_in;

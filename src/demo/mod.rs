//! The believable county: what a county would have typed in by hand, made for the same world the sandbox sells from.
//!
//! Rule that must hold: the demo makes documents and nothing else. Orders, refunds and statements reach the store only
//! over HTTP and ingest; who supplies, who broadcasts and what goods are worth go in by the door every county uses
//! (`import county`). Everything here is invented and says so.

pub mod county;

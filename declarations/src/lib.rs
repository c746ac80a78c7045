//! Files that declare things, read with the place of everything in them.
//!
//! Plans, rules and procedures are folders of TOML that officials write by hand. Whoever reads one asks an [`Entry`]
//! for the keys it knows; what was not asked for is an error, and every error carries file, line and what to do.
//!
//! **Invariant:** reading never stops at the first error, and knows nothing of what is declared.

mod fault;
mod page;

pub use self::fault::{Fault, choices};
pub use self::page::{Entry, Page, Word, short};

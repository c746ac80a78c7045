//! Documents of a centre: signed, and checked again when someone brings one back.
//!
//! **Invariant:** bytes in, bytes out. The same document, keys and instant give the same bytes; nothing here
//! knows what a document is about.

pub mod code;
pub mod pdf;
pub mod signature;

pub use self::signature::{KeyError, Keys, SignError, Verdict, sign, verify};

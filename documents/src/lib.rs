//! Documents of a centre: set from templates, signed, and checked again when someone brings one back.
//!
//! **Invariant:** bytes in, bytes out; only the fonts are read from the machine. The same template, content, keys
//! and instant give the same bytes, and nothing here knows what a document is about.

pub mod code;
pub mod letter;
pub mod pdf;
pub mod signature;

pub use self::letter::{Fonts, Letter, LetterError, Template, render};
pub use self::signature::{KeyError, Keys, SignError, Verdict, sign, verify};
